"""Every file with its problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import parts

if TYPE_CHECKING:
    from ...answers import Checked
    from ...fixes import Mended


def validate(files: Sequence[Checked], skipped: Sequence[str] = (), mended: Sequence[Mended] = (), written: bool = False) -> str:
    """Every file with its problems."""
    return parts.dump(
        {
            "valid": all(not found.problems for found in files),
            "files": [
                {
                    "file": found.file,
                    "valid": not found.problems,
                    "readable": not found.unreadable,
                    "facts": found.states,
                    "problems": [parts.problem(problem) for problem in found.problems],
                }
                for found in files
            ],
            "skipped": list(skipped),
            "mended": [
                {
                    "file": one.file,
                    "written": written,
                    "diff": one.diff(),
                    "lines": [{"line": number, "before": before, "after": after} for number, before, after in one.lines()],
                }
                for one in mended
            ],
        }
    )
