"""GitLab's code quality report: one entry for each thing to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ...engine.errors import Problem
from ...engine.verdict import Verdict
from . import findings
from .findings import Finding
from .json import parts

if TYPE_CHECKING:
    from ..answers import Checked
    from ..fail_on import Ending

_SEVERITY = {"error": "blocker", "warning": "major", "note": "info"}


def check(verdict: Verdict, source: str, ending: Ending | None = None) -> str:
    """The findings of a delivery."""
    return _report(findings.of_verdict(verdict))


def validate(files: Sequence[Checked], *_: object) -> str:
    """The problems of all files."""
    return _report(findings.of_files(files))


def problems(file: str, text: str, found: Sequence[Problem]) -> str:
    """Why nothing could be judged. Where no file is known it stands at the top folder, for GitLab drops what has no path."""
    return _report(findings.of_problems(file or ".", found))


def _report(found: Iterable[Finding]) -> str:
    return parts.dump([_entry(one) for one in found])


def _entry(one: Finding) -> dict[str, Any]:
    line = one.place.line if one.place else 1
    return {
        "description": f"{'Waived: ' if one.waived else ''}{' | '.join(filter(None, (one.says, one.mend, one.waived)))}",
        "check_name": f"gatewright/{one.rule}",
        "fingerprint": one.identity,
        "severity": _SEVERITY[one.level],
        "location": {"path": findings.path(one.file), "lines": {"begin": line, "end": line}},
    }
