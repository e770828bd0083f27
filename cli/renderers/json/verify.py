"""Whether a decision record is true."""

from __future__ import annotations

from dataclasses import asdict

from ....engine.verdict import Verdict
from ...answers import Verified
from . import parts


def _still(now: Verdict | None) -> dict[str, str | None] | None:
    if now is None:
        return None
    day = now.facts.today.date
    return {"today": day.isoformat() if day else None, "verdict": "passed" if now.passed else "blocked"}


def verify(found: Verified) -> str:
    """True or not, with every reason."""
    return parts.dump(
        {
            "true": found.true,
            "verdict": "passed" if found.verdict.passed else "blocked",
            "record": found.record,
            "signed": found.signed,
            "today": found.today,
            "still": _still(found.now),
            **parts.about(found.verdict),
            "faults": list(found.faults),
            "differences": [asdict(one) for one in found.differences],
            "versions": [asdict(one) for one in found.versions],
        }
    )
