"""Why nothing could be judged."""

from __future__ import annotations

from collections.abc import Sequence

from ....engine.errors import Problem
from . import parts


def problems(file: str, text: str, found: Sequence[Problem]) -> str:
    """Why nothing could be judged."""
    return parts.dump({"verdict": None, "file": file or None, "problems": [parts.problem(problem) for problem in found]})
