"""A pack folder -> everything that is wrong with it: what names and types say, and then what only reasoning finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import BadPack
from .lint import cases, crosswalk, examples, limits, outputs, reach, redundant, size, tables, texts, unused
from .lint.subject import Finding, Subject, Witness
from .pack import Pack
from .pack_loader import examine

__all__ = ["CHECKS", "Finding", "Linted", "Witness", "lint"]

# That something of a pack below is not used or shown any more follows from what an overlay drops, with its reason, and nobody who
# writes the overlay can mend it there.
_OF_USE = ("unused-", "missing-case")

# One file a check. What comes later may rest on what was found before: `reach` notes what can't be met, and the checks
# after it tell no consequences of that.
CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    limits.check,
    reach.check,
    redundant.check,
    tables.check,
    outputs.check,
    unused.check,
    texts.check,
    examples.check,
    crosswalk.check,
    cases.check,
)


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in a pack; without the pack where its files are no pack at all. `texts` holds the files by name."""

    folder: str
    pack: Pack | None
    findings: tuple[Finding, ...]
    texts: dict[str, str]


def lint(folder: Path) -> Linted:
    """Examine the pack in `folder`. Raises BadPack where its files can't be read."""
    try:
        written = examine(folder)
    except BadPack as error:
        if any(problem.code != "bad-pack" for problem in error.problems):
            raise
        files = {problem.file for problem in error.problems}
        texts = dict.fromkeys(files, error.text) if len(files) == 1 else {}
        return Linted(str(folder), None, tuple(Finding(problem, {}) for problem in error.problems), texts)
    if written.problems:  # names that point nowhere: what rests on them can't be reasoned about
        return Linted(str(folder), written.pack, tuple(Finding(one, {}) for one in written.problems), written.texts)
    subject = Subject(written)
    # of what the engine does not bear nothing is asked
    found = list(size.check(subject)) or [one for check in CHECKS for one in check(subject)]
    found = [one for one in found if written.is_own(one.problem.file) or not one.problem.code.startswith(_OF_USE)]
    return Linted(str(folder), written.pack, tuple(found), written.texts | subject.texts)
