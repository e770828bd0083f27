"""Problems with place, reason and mend; and the faults that are ours, apart from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """Where something stands: line and column count from 1, in characters; length is that of the caret line."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and how to mend it.

    `code` is a stable short name, `what` one sentence, `help` how to mend, `also` a second place
    (the first of two equal keys, say), `file` the file where it is not the one being read. `fix` is what may stand at
    `place` instead, where only one thing can have been meant.
    """

    code: str
    what: str
    place: Place | None = None
    help: str = ""
    also: Place | None = None
    file: str = ""
    fix: str = ""


def short(text: str, most: int = 80) -> str:
    """`text` as it may stand in a message: on one line, and cut where it is long."""
    text = " ".join(text[: most * 4].split())
    return text if len(text) <= most else text[:most] + "…"


class CannotJudge(Exception):
    """The input is no fact file or no pack that could be judged: exit 2. Carries every problem found.

    `text` is that of the file, and `file` its name where it is not the fact file.
    """

    def __init__(self, problems: tuple[Problem, ...] | list[Problem], text: str = "", file: str = "") -> None:
        super().__init__("; ".join(problem.what for problem in problems))
        self.problems = tuple(problems)
        self.text = text
        self.file = file


class BadPack(CannotJudge):
    """The pack is not usable: exit 2."""


class EngineFault(Exception):
    """Our own fault (the two engines differ, an invariant is broken): exit 3, and never a pass."""
