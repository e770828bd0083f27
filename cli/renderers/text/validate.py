"""What is wrong with fact files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ... import safe
from . import words
from .problems import problems

if TYPE_CHECKING:
    from ...answers import Checked
    from ...fixes import Mended

_STATES = {
    "stated": "stated",
    "assumed": "assumed",
    "placeholder": "left open with a placeholder",
    "missing": "not written",
    "invalid": "that can't be read",
    "stale": "with stale evidence",
}

_MOST_NAMES = 5  # of files that were skipped, before the rest is only counted


def validate(files: Sequence[Checked], skipped: Sequence[str] = (), mended: Sequence[Mended] = (), written: bool = False) -> str:
    """Every problem of every file, and a line a file in the end."""
    parts: list[str] = []
    for found in files:
        if found.problems:
            parts.append(problems(found.file, found.text, found.problems))
    summary = [_summary(found) for found in files]
    if skipped:
        rest = len(skipped) - _MOST_NAMES
        names = ", ".join(map(safe.terminal, skipped[:_MOST_NAMES])) + (f" and {rest} more" if rest > 0 else "")
        summary.append(f"skipped, as {'it is no fact file' if len(skipped) == 1 else 'they are no fact files'}: {names}")
    if mended:
        count = words.plural(sum(len(one.lines()) for one in mended), "line")
        summary.append(
            f"mended: {count}" if written else f"nothing is written; to mend {count} as shown, run it again with --yes"
        )
    return "\n".join([*parts, *summary]) + "\n"


def mends(mended: Sequence[Mended]) -> str:
    """What would change, as unified diffs."""
    return "\n".join(one.diff().replace("\t", "    ") for one in mended) + "\n"


def _summary(found: Checked) -> str:
    file = safe.terminal(found.file)
    if found.unreadable:
        return f"{file}: can't be judged"
    states = found.states
    shown = [f"{states[state]} {word}" for state, word in _STATES.items() if states.get(state)]
    verdict = f"{words.plural(len(found.problems), 'problem')}" if found.problems else "valid"
    return f"{file}: {verdict}; facts: {', '.join(shown)}"
