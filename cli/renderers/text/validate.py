"""What is wrong with fact files."""

from __future__ import annotations

from collections.abc import Sequence

from ... import safe
from ...answers import Checked
from . import words
from .problems import problems

_STATES = {
    "stated": "stated",
    "assumed": "assumed",
    "placeholder": "left open with a placeholder",
    "missing": "not written",
    "invalid": "that can't be read",
}


def validate(files: Sequence[Checked]) -> str:
    """Every problem of every file, and a line a file in the end."""
    parts: list[str] = []
    for found in files:
        if found.problems:
            parts.append(problems(found.file, found.text, found.problems))
    summary = [_summary(found) for found in files]
    return "\n".join([*parts, *summary]) + "\n"


def _summary(found: Checked) -> str:
    file = safe.terminal(found.file)
    if found.unreadable:
        return f"{file}: can't be judged"
    states = found.states
    shown = [f"{states[state]} {word}" for state, word in _STATES.items() if states.get(state)]
    verdict = f"{words.plural(len(found.problems), 'problem')}" if found.problems else "valid"
    return f"{file}: {verdict}; facts: {', '.join(shown)}"
