"""Whether a decision record is true."""

from __future__ import annotations

from dataclasses import asdict

from ...answers import Verified
from . import parts


def verify(found: Verified) -> str:
    """True or not, with every reason."""
    return parts.dump(
        {
            "true": found.true,
            "verdict": "passed" if found.verdict.passed else "blocked",
            "record": found.record,
            "signed": found.signed,
            "today": found.today,
            **parts.about(found.verdict),
            "faults": list(found.faults),
            "differences": [asdict(one) for one in found.differences],
            "versions": [asdict(one) for one in found.versions],
        }
    )
