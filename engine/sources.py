"""What collectors look for, and which field of a source says which fact: the files in `sources/` of a pack.

They decide no verdict, so that they are read only where somebody collects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from . import document
from .errors import BadPack, CannotJudge, Problem
from .pack import Pack
from .pack_check import one_of
from .pack_loader import SHIPPED
from .pack_places import located, of_error
from .pack_walks import Location
from .vocabulary import FactDef, Identifier, Model, Text

FOLDER = "sources"


class SourceField(Model):
    """A field of a source and the fact that it says.

    `values` turns what the source says into a choice, and what is not listed there says nothing. `value` is what it says
    wherever it is there at all. `hangs_on` names a fact without which it says nothing: where sources contradict each other on
    that, nobody knows which of them this is about.
    """

    field: Text
    fact: str
    values: dict[str, Text] = Field(default_factory=dict[str, Text])
    value: Text | None = None
    hangs_on: str | None = None
    note: Text | None = None

    def says(self, value: object) -> object:
        """What a value in the source says as a value of the fact; nothing where it says none."""
        if self.value is not None:
            return self.value
        if self.values:
            return self.values.get(" ".join(str(value).split()).casefold())
        return value


class Source(Model):
    """One kind of source: its files, its fields, and what is told where they fall short.

    `looks_for` are names of files, or paths where they hold a `/`; `*` stands for any text. Where names don't tell the files
    apart, `holding` are words in the first or last part of a file: all of one of the groups. `keys` names the fields that
    tell records of a fact apart, where its label alone does not.
    """

    id: Identifier
    title: Text
    looks_for: tuple[Text, ...] = Field(min_length=1)
    holding: tuple[tuple[Text, ...], ...] = ()
    fields: tuple[SourceField, ...] = Field(min_length=1)
    keys: dict[str, tuple[Text, ...]] = Field(default_factory=dict[str, tuple[Text, ...]])
    falls_short: tuple[Text, ...] = ()

    @property
    def words(self) -> str:
        """The words of `holding`, to be read."""
        return " or ".join(" and ".join(words) for words in self.holding)

    def of(self, field: str) -> tuple[SourceField, ...]:
        """What a field says. Raises KeyError where the table has none of that name, which is a fault of a collector."""
        found = tuple(one for one in self.fields if one.field == field)
        if not found:
            raise KeyError(f"{self.id}: {field}")
        return found


def read(folder: Path, pack: Pack, names: Collection[str]) -> dict[str, Source]:
    """The table of each source in `names`, for the pack in `folder`. Raises BadPack with every problem of the files.

    A pack without tables of its own takes those that are shipped; what they say of facts that it has not is passed over.
    """
    own = (folder / FOLDER).is_dir()
    found: dict[str, Source] = {}
    problems: list[Problem] = []
    for name in names:
        path = (folder if own else SHIPPED / "mlops") / FOLDER / f"{name}.yaml"
        try:
            found[name] = _read(path, name, pack if own else None)
        except BadPack as error:
            problems += error.problems
    if problems:
        raise BadPack(problems)
    return found


def _read(path: Path, name: str, pack: Pack | None) -> Source:
    try:
        doc = document.read(path.read_bytes(), str(path), "yaml")
    except OSError as error:
        mend = f"write one table for each source, or leave the folder `{FOLDER}` out"
        raise BadPack([Problem("no-pack", f"`{path}` can't be read: {error.strerror}", file=str(path), help=mend)]) from None
    except CannotJudge as error:
        raise BadPack([_in(str(path), problem) for problem in error.problems], error.text) from None
    origin = {(): (doc.file, doc.root)}
    problems = [_in(doc.file, problem) for problem in doc.problems]
    try:
        table = Source.model_validate(doc.root.plain())
    except ValidationError as error:
        raise BadPack([*problems, *(of_error(found, origin) for found in error.errors())], doc.text) from None
    problems += [located(*found, origin) for found in _wrong(table, name, pack)]
    if problems:
        raise BadPack(problems, doc.text)
    return table


def _in(file: str, problem: Problem) -> Problem:
    return Problem(problem.code, problem.what, problem.place, problem.help, problem.also, file)


def _wrong(table: Source, name: str, pack: Pack | None) -> Iterator[tuple[Location, str, str]]:
    """What names no fact or no choice, stands twice, or is in the wrong file."""
    if table.id != name:
        yield ("id",), f"the source `{table.id}` is in the file of `{name}`", "let the two agree"
    seen: set[tuple[str, str]] = set()
    for number, one in enumerate(table.fields):
        where = ("fields", number)
        if (one.field, one.fact) in seen:
            yield where, f"`{one.field}` says `{one.fact}` twice", "keep one of the two"
        seen.add((one.field, one.fact))
        if one.value is not None and one.values:
            yield where, f"`{one.field}` has both `value` and `values`", "keep one of the two"
        if pack is None:
            continue
        known = pack.facts.get(one.fact)
        if known is None:
            yield (*where, "fact"), f"no fact is called `{one.fact}`", one_of(pack.facts, one.fact)
            continue
        if one.hangs_on is not None and one.hangs_on not in pack.facts:
            yield (*where, "hangs_on"), f"no fact is called `{one.hangs_on}`", one_of(pack.facts, one.hangs_on)
        yield from _wrong_choices(one, known, where)
    for fact, fields in table.keys.items() if pack else ():
        known = pack.facts.get(fact) if pack else None
        if known is None or any(field not in known.fields for field in fields):
            yield ("keys", fact), f"`{fact}` has no such fields", "name fields of a fact of the type `records`"


def _wrong_choices(one: SourceField, known: FactDef, where: Location) -> Iterator[tuple[Location, str, str]]:
    for said in (*one.values.values(), *([one.value] if one.value is not None else ())):
        if known.choices and said not in known.choices:
            yield where, f"`{said}` is no choice of `{one.fact}`", one_of(known.choices, said)
    for key in one.values:
        if key != " ".join(key.split()).casefold():
            yield (
                where,
                f"`{key}` is never found, for what a source says is compared in small letters",
                "write it in small letters",
            )
