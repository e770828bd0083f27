"""Every file with its problems."""

from __future__ import annotations

from collections.abc import Sequence

from ...answers import Checked
from . import parts


def validate(files: Sequence[Checked]) -> str:
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
        }
    )
