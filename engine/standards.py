"""A standard of others, and what the exit criteria of a pack say towards its clauses: the files in `crosswalk/` of a pack.

They decide no verdict, so that they are read only where somebody asks for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, ValidationError, model_validator

from . import document
from .errors import BadPack, CannotJudge, Problem
from .pack import Pack
from .pack_check import one_of
from .pack_loader import file_of
from .pack_places import located, of_error
from .pack_walks import Location
from .vocabulary import Identifier, Model, Text

Confidence = Literal["high", "medium", "low"]
LEVELS: tuple[Confidence, ...] = get_args(Confidence)


class Mapping(Model):
    """The clauses that one criterion speaks to, by how sure the pack is of it; or, in `none`, why there are none."""

    high: tuple[str, ...] = ()
    medium: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    because: Text | None = None
    none: Text | None = None

    @model_validator(mode="after")
    def _some_or_none(self) -> Mapping:
        if bool(self.none) == bool(self.high or self.medium or self.low):
            raise ValueError("say which clauses under `high`, `medium` or `low`, or in `none` why there are none")
        return self

    @property
    def clauses(self) -> Iterator[tuple[Confidence, int, str]]:
        """Every clause with its confidence and its number there."""
        for level in LEVELS:
            for number, clause in enumerate(getattr(self, level)):
                yield level, number, clause


class Standard(Model):
    """A standard with all its clauses in their order, in words of the pack's own, and a mapping for every exit criterion."""

    id: Identifier
    title: Text
    version: Text
    source: Text
    note: Text | None = None
    digest: str = ""
    clauses: dict[str, Text] = Field(min_length=1)
    criteria: dict[str, Mapping]


def read(folder: Path, name: str, pack: Pack) -> Standard:
    """The standard `name` of the pack in `folder`.

    Raises CannotJudge where the pack has none of that name, and BadPack with every problem of its file.
    """
    if name not in pack.crosswalk:
        raise CannotJudge([_unknown(name, pack)])
    path = file_of(folder, f"crosswalk/{name}.yaml")
    try:
        doc = document.read(path.read_bytes(), str(path), "yaml")
    except OSError as error:
        what = f"`{path}` can't be read: {error.strerror}"
        mend = "`pack.yaml` lists the files in the folder `crosswalk`"
        raise BadPack([Problem("no-pack", what, file=str(path), help=mend)]) from None
    except CannotJudge as error:
        raise BadPack([_in(str(path), problem) for problem in error.problems], error.text) from None
    origin = {(): (doc.file, doc.root)}
    problems = [_in(doc.file, problem) for problem in doc.problems]
    content = doc.root.plain()
    try:
        standard = Standard.model_validate(content)
    except ValidationError as error:
        raise BadPack([*problems, *(of_error(found, origin) for found in error.errors())], doc.text) from None
    if path.parent.parent != folder:  # of a pack below, which knows nothing of what is added or dropped
        standard = standard.model_copy(update={"criteria": _of_pack(standard, pack)})
    problems += [located(*found, origin) for found in _wrong(standard, name, pack)]
    if problems:
        raise BadPack(problems, doc.text)
    return standard.model_copy(update={"digest": document.digest(content)})


def _of_pack(standard: Standard, pack: Pack) -> dict[str, Mapping]:
    silent = Mapping(none=f"a criterion that `{pack.id}` has, and not the pack that this crosswalk is of")
    return {name: standard.criteria.get(name, silent) for name in pack.criteria}


def _in(file: str, problem: Problem) -> Problem:
    return Problem(problem.code, problem.what, problem.place, problem.help, problem.also, file)


def _unknown(name: str, pack: Pack) -> Problem:
    if not pack.crosswalk:
        return Problem("usage", f"the pack `{pack.id}` has no crosswalk", help="list standards under `crosswalk` in `pack.yaml`")
    close, every = one_of(pack.crosswalk, name), f"the pack `{pack.id}` has: {', '.join(pack.crosswalk)}"
    mend = f"{close} {every}" if close.startswith("did you mean") else every
    return Problem("usage", f"no standard is called `{name}`", help=mend)


def _wrong(standard: Standard, name: str, pack: Pack) -> Iterator[tuple[Location, str, str]]:
    """What names something that is not there, or twice; and criteria that say nothing."""
    if standard.id != name:
        yield ("id",), f"the standard `{standard.id}` is in the file of `{name}`", "let the two agree"
    for criterion, mapping in standard.criteria.items():
        where = ("criteria", criterion)
        if criterion not in pack.criteria:
            yield where, f"no exit criterion is called `{criterion}`", one_of(pack.criteria, criterion)
        seen: set[str] = set()
        for level, number, clause in mapping.clauses:
            if clause not in standard.clauses:
                yield (
                    (*where, level, number),
                    f"`{criterion}`: `{name}` has no clause `{clause}`",
                    one_of(standard.clauses, clause),
                )
            elif clause in seen:
                yield (*where, level, number), f"`{criterion}` speaks to `{clause}` twice", "keep one of the two"
            seen.add(clause)
    for criterion in pack.criteria:
        if criterion not in standard.criteria:
            yield (
                ("criteria",),
                f"the exit criterion `{criterion}` is not there",
                "say which clauses it speaks to, or `none` and why",
            )
