"""The example of a pack with the least changes by which something comes out as it does in no case yet.

Each change is of the kind that a case can write: a fact stated otherwise or taken away, a field of every record, or one
record more. The values are those between which the questions of the pack can tell (`lint/values.py`).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from . import document, facts
from .case_files import put, take
from .edits import as_written
from .facts import LISTS, Facts
from .lint.values import RELATING, Reader, names_for, plain
from .pack import Pack
from .pack_conditions import Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from .pack_walks import parts
from .trials import Derived, Judge
from .vocabulary import FactDef

_MOST_JUDGED = 5_000  # deliveries of one run: some twenty seconds
_MOST_PAIRS = 300  # pairs of changes that are tried for one statement
_MOST_CHANGES = 60  # changes of which pairs are made


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the example: a fact -> the value stated, or facts taken away; and the same in words."""

    words: str
    sets: tuple[tuple[str, Any], ...] = ()
    takes: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """The fact that it changes."""
        return next(iter((*(path for path, _ in self.sets), *self.takes))).partition("[].")[0]


Changes = tuple[Change, ...]


class Deliveries:
    """Changed examples of a pack, and what the pack derives of them. Each is judged once, and not more than some thousands."""

    def __init__(self, pack: Pack) -> None:
        self.pack, self.judge = pack, Judge(pack)
        self._text = json.dumps(pack.example)
        self._derived: dict[str, Derived | None] = {}
        self._left = _MOST_JUDGED

    def delivery(self, changes: Changes) -> dict[str, Any] | None:
        """The example with some changes, as plain data; nothing where they can't be made together."""
        built: dict[str, Any] = json.loads(self._text)
        try:
            for change in changes:
                for path, value in change.sets:
                    put(built, path, json.loads(json.dumps(value)))
            for change in changes:
                for path in change.takes:
                    take(built, path)
        except LookupError:
            return None
        return built

    def read(self, changes: Changes, pack: Pack) -> Facts:
        """The facts of a changed example that can be made, by the words of another pack."""
        return facts.read(document.read(json.dumps(self.delivery(changes)).encode(), "delivery.json"), pack)

    def derived(self, changes: Changes) -> Derived | None:
        """What follows from a changed example; nothing where it can't be made, or is a file with problems."""
        key = repr(changes)  # values are lists and mappings too
        if key not in self._derived and self._left > 0:
            self._left -= 1
            found = self.read(changes, self.pack) if self.delivery(changes) else None
            self._derived[key] = self.judge.derive(found) if found and not found.problems else None
        return self._derived.get(key)

    def tries(self, changes: Sequence[Change]) -> Iterator[tuple[Changes, Derived]]:
        """The example as it is, with one of the changes, and with two of different facts; the simplest first."""
        single: list[Changes] = [(), *((one,) for one in changes)]
        pairs = (pair for pair in itertools.combinations(changes[:_MOST_CHANGES], 2) if pair[0].base != pair[1].base)
        for made in (*single, *itertools.islice(pairs, _MOST_PAIRS)):
            derived = self.derived(made)
            if derived is not None:
                yield made, derived

    def changes(self, statement: Statement, pack: Pack) -> list[Change]:
        """The changes that the questions below a statement of a pack, this one or a mutant of it, can tell."""
        asked: dict[str, list[Leaf]] = {}
        for leaf in map(plain, _below(statement, pack)):
            asked.setdefault(leaf.fact, []).append(leaf)
            if leaf.operator in RELATING:
                asked.setdefault(str(leaf.argument), [])
        found: dict[str, Change] = {}
        for path, leaves in asked.items():
            for change in _of_fact(path, leaves, pack):
                found.setdefault(change.words, change)
        return list(found.values())


def _below(statement: Statement, pack: Pack) -> Iterator[Leaf]:
    """Every question that a statement stands on, those of what it asks for included, its own first."""
    todo: list[Statement] = [statement]
    seen: set[int] = set()
    while todo:
        here = todo.pop(0)
        if id(here) not in seen:
            seen.add(id(here))
            for part in parts(here.condition):
                if isinstance(part, Leaf):
                    yield part
                else:
                    todo += _asked_for(part, pack)
                    yield from _declared(part, pack)


def _asked_for(part: Condition, pack: Pack) -> Iterable[Statement]:
    if isinstance(part, SignalIs):
        return [one for one in pack.signals if one.id == part.signal]
    if isinstance(part, CriterionHolds):
        return [pack.criteria[part.criterion]]
    if isinstance(part, Passes):
        return [item for one in pack.checklists if one.id == part.passes for item in one.items]
    if isinstance(part, (Follows, Decides)):
        asked = part.follows if isinstance(part, Follows) else part.table
        names = {row.when for table in (*pack.tables, *pack.output_tables) if table.id == asked for row in table.rows}
        return [one for one in pack.signals if one.id in names]
    return pack.antipatterns if isinstance(part, FreeOf) else ()


def _declared(part: Condition, pack: Pack) -> Iterator[Leaf]:
    for table in pack.tables:
        if isinstance(part, Follows) and table.id == part.follows:
            yield Leaf(fact=table.declared)
            yield Leaf(fact=table.rationale)


def _of_fact(path: str, asked: Sequence[Leaf], pack: Pack) -> Iterator[Change]:
    base, bracket, field = path.partition("[].")
    known = pack.facts[path]
    values = list(_values(path, asked, pack))
    if known.optional:
        yield from (Change(f"{path} is {_said(value)}", sets=((path, value),)) for value in values)
        return
    yield Change(f"no {path} is stated", takes=(path,))
    if known.type != "records":
        yield from (Change(f"{path} is {_said(value)}", sets=((path, value),)) for value in values)
    else:
        yield from (Change(f"{path} is {choice}", sets=((path, choice),)) for choice in known.choices)
    if bracket:
        yield from _one_more(pack.facts[base], field, values)


def _one_more(known: FactDef, field: str, values: Iterable[Any]) -> Iterator[Change]:
    """One record more than the example has, that states no `field` or another value; the first, where a choice stands there."""
    sample: Any = known.sample
    rows = cast("list[dict[str, Any]]", sample if isinstance(sample, list) else [])
    more = dict(rows[0]) if rows else {name: inner.example for name, inner in known.fields.items()}
    if field != known.label and rows:
        more[known.label] = f"another {more.get(known.label, known.label)}"
    which = f"one more of {known.path}" if rows else f"a record of {known.path}"
    without = {key: value for key, value in more.items() if key != field}
    yield Change(f"{which} states no {field}", sets=((known.path, [*rows, without]),))
    for value in values if field != known.label else ():
        yield Change(f"{field} of {which} is {_said(value)}", sets=((known.path, [*rows, more | {field: value}]),))


def _values(path: str, asked: Sequence[Leaf], pack: Pack) -> Iterator[Any]:
    known = pack.facts[path]
    if known.type == "records":
        return
    related = [str(leaf.argument) for leaf in asked if leaf.operator in RELATING]
    names = names_for(pack, [path, *related], [leaf.operator for leaf in asked]) if related else ()
    found, _ = Reader(pack).options(known, asked, names)
    for fact in found:
        value = as_written(fact)
        value = int(value) if isinstance(value, float) and value.is_integer() else value
        yield [value] if known.type in LISTS and not isinstance(value, list) else value


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_said, value))  # pyright: ignore[reportUnknownArgumentType]
    return f"{value:g}" if isinstance(value, float) else str(value)
