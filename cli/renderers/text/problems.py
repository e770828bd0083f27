"""Problems in plain text: where, the line with a caret, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from ....engine.errors import Place, Problem
from ... import safe

_WIDEST = 100  # columns of a source line that are shown
_MOST_PROBLEMS = 100  # problems that are shown before the rest is only counted


def where(file: str, place: Place | None) -> str:
    """A place as editors and CI logs make it clickable: file, line and column."""
    return f"{safe.terminal(file)}:{place.line}:{place.column}" if place else safe.terminal(file)


def problems(file: str, source: str, found: Sequence[Problem]) -> str:
    """Each problem with the line it is about and a caret below."""
    lines = source.split("\n")
    shown = [_problem(file, lines, problem) for problem in found[:_MOST_PROBLEMS]]
    if len(found) > _MOST_PROBLEMS:
        shown.append(f"... and {len(found) - _MOST_PROBLEMS} problems more; --format json gives all of them\n")
    return "\n".join(shown)


def _problem(file: str, text: Sequence[str], problem: Problem) -> str:
    lines = [f"error[{problem.code}]: {safe.terminal(problem.what)}"]
    name = problem.file or file
    place = problem.place
    if name:
        lines.append(f" --> {where(name, place)}")
    if place and not problem.file and 0 < place.line <= len(text) and text[place.line - 1].strip():
        lines += _frame(text[place.line - 1], place)
    if problem.help:
        lines.append(f"  help: {safe.terminal(problem.help)}")
    return "\n".join(lines) + "\n"


def _frame(source: str, place: Place) -> list[str]:
    """The line and a caret line below it; of a long line, the part around the place."""
    start = max(0, place.column - 1 - _WIDEST // 2) if len(source) > _WIDEST else 0
    before, after = source[start : place.column - 1], source[place.column - 1 : start + _WIDEST]
    marked = after[: max(1, min(place.length, len(after)))]
    before, marked, after = (safe.terminal(part.replace("\t", " ")) for part in (before, marked, after))
    gutter = " " * len(str(place.line))
    return [f"{place.line} | {before}{after}", f"{gutter} | {' ' * safe.width(before)}{'^' * max(1, safe.width(marked))}"]
