"""The spots below a fact that an edit can be made at: the fact itself, the fields of its records, and records to be added."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .candidates import Candidates, Option, Row
from .edits import MORE, WHOLE, as_written
from .errors import Place
from .facts import LISTS, Fact
from .vocabulary import FactDef

_MOST_LISTS = 160  # lists of records that are tried in one place
_MOST_ROWS = 6  # records that are added to one list
_MANY_ROWS = 40  # records that are mended where they are wrong, and else left alone
_NOWHERE = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that one edit states: `options[0]` is what is there now, the others what may be there."""

    path: str
    row: int
    options: tuple[Option, ...]
    rank: int = 0  # of records to be added to one list, which


class Spots:
    """The spots of a file, with what `of` would have stated there. `against` is where facts contradict something."""

    def __init__(self, of: Candidates, against: Collection[tuple[str, Place]]) -> None:
        self.of, self.against = of, against

    def wrong(self, fact: Fact) -> bool:
        """Whether a fact contradicts something by itself."""
        return any((fact.path, place) in self.against for place in (fact.place, *(item.place for item in fact.items)))

    def below(self, base: str) -> list[Spot]:
        """Every spot at or below `base`."""
        known, fact = self.of.pack.facts[base], self.of.facts.plain[base]
        if known.type != "records":
            now = Option(as_written(fact), fact)
            return [Spot(base, WHOLE, (now, *self.of.options(known, fact, known.path)))]
        rows = self.of.facts.records.get(base, ())
        found: list[Spot] = []
        if not rows or known.choices or not fact.known:
            now = Option(None, fact, rows)
            found.append(Spot(base, WHOLE, (now, *self._wholes(known, fact, rows))))
        if rows and fact.known:
            for number, row in enumerate(rows):
                found += self._cells(known, number, row, len(rows) > _MANY_ROWS)
            found += self._repeats(known, rows) if known.choices else self._more(known, rows)
        return found

    def _cells(self, known: FactDef, number: int, row: Row, many: bool) -> Iterator[Spot]:
        """The fields of a record. What a measured record states is corrected as a whole, and not here; and of very many
        records only what lacks or contradicts."""
        for name, inner in known.fields.items():
            now = row[name]
            if not now.known or not (known.choices or (many and not self.wrong(now))):
                options = [*self.of.options(inner, now, inner.path)]
                if name == known.label:
                    options += self._distinct(inner, now, options)
                yield Spot(inner.path, number, (Option(as_written(now), now), *options))

    def _distinct(self, inner: FactDef, now: Fact, known: Sequence[Option]) -> Iterator[Option]:
        """A label that no other record has."""
        for number in range(2, _MOST_ROWS):
            fact = self.of.read(inner, f"{inner.example}-{number}", now)
            if fact:
                yield Option(f"{inner.example}-{number}", fact)
                return

    def _more(self, known: FactDef, rows: tuple[Row, ...]) -> Iterator[Spot]:
        """Records to be added: as many as questions about all of them together may need."""
        lacking = 0
        for name in known.fields:
            path = f"{known.path}[].{name}"
            for leaf in self.of.asked.get(path, ()):
                if leaf.operator == "includes":
                    lacking = max(lacking, len(set(leaf.argument) - set(self.of.there(path))))
                elif leaf.operator in ("some_from", "any_of"):
                    lacking = max(lacking, 1)
                elif leaf.operator == "count":
                    lacking = max(
                        lacking, math.ceil(max(self.of.pack.limits[v].value for k, v in leaf.argument.items() if k != "from"))
                    )
            for how, other in self.of.partners.get(path, ()):
                if how == "around":
                    here = {one.casefold() for one in self.of.there(path)}
                    lacking = max(lacking, len([one for one in self.of.there(other) if one.casefold() not in here]) or 1)
        taken = {fact.items[0].shown for row in rows for name, fact in row.items() if name == known.label and fact.items}
        for rank in range(min(lacking, _MOST_ROWS)):
            none = Option(None, None)
            options = [Option(value, None, (row,)) for value, row in self._new_rows(known, rank, taken)]
            if options:
                yield Spot(known.path, MORE, (none, *options), rank)

    def _repeats(self, known: FactDef, rows: tuple[Row, ...]) -> Iterator[Spot]:
        """Measurements to be added to those that are there, where there are too few of them to say anything."""
        lacking = 0
        for leaf in (leaf for name in known.fields for leaf in self.of.asked.get(f"{known.path}[].{name}", ())):
            if leaf.operator == "varies":
                group = leaf.argument["by"].partition("[].")[2]
                counts = Counter(item.name for row in rows for item in row[group].items)
                runs = math.ceil(self.of.pack.limits[leaf.argument["over"]].value)
                lacking = max([lacking, *(runs - count for count in counts.values())])
        for rank in range(min(lacking, _MOST_ROWS)):
            made: dict[str, Option] = {}
            for row in rows:
                value = {name: as_written(fact) for name, fact in row.items() if fact.known}
                value[known.label] = f"{known.fields[known.label].example}-{rank + 2}"
                new = self.of.row(known, value, Fact(known.path, "missing", self.of.facts.plain[known.path].place))
                if new:
                    made.setdefault(repr(value), Option(value, None, (new,)))
            if made:
                yield Spot(known.path, MORE, (Option(None, None), *list(made.values())[:_MOST_ROWS]), rank)

    def _new_rows(self, known: FactDef, rank: int, taken: set[str]) -> Iterator[tuple[dict[str, Any], Row]]:
        """Records that could be added: examples, varied in one or two fields that something is asked about."""
        empty = Fact(known.path, "missing", self.of.facts.plain[known.path].place)
        pools: dict[str, list[Any]] = {}
        for name, inner in known.fields.items():
            now = replace(empty, path=inner.path)
            pools[name] = [option.value for option in self.of.options(inner, now, inner.path)][:12]
            if name == known.label:
                fresh = [f"{inner.example}-{rank + 2}"]
                pools[name] = [*([] if rank else [value for value in pools[name] if str(value) not in taken]), *fresh]
        first = {name: pool[0] for name, pool in pools.items() if pool}
        if len(first) < len(known.fields):
            return
        varied = [{}, *({name: value} for name, pool in pools.items() for value in pool[1:])]
        pairs = [{**one, **other} for one, other in itertools.combinations(varied[1:], 2) if one.keys() != other.keys()]
        for changed in (*varied, *pairs)[:_MOST_LISTS]:
            value = {**first, **changed}
            row = self.of.row(known, value, empty)
            if row:
                yield value, row

    def _wholes(self, known: FactDef, fact: Fact, rows: tuple[Row, ...]) -> Iterator[Option]:
        """A choice in place of records, and whole lists."""
        if not fact.known and (rows or fact.items):  # stale, or an assumption that does not count: the same again
            value = [{name: as_written(cell) for name, cell in row.items() if cell.items} for row in rows] or as_written(fact)
            option = self._list(known, value, fact) if rows else None
            if option:
                yield option
        stated = {item.shown for item in fact.items} if fact.known else set[str]()
        for choice in dict.fromkeys((*([known.example] if isinstance(known.example, str) else ()), *known.choices)):
            read = self.of.read(known, choice, fact)
            if read and choice not in stated:
                yield Option(choice, read)
        for value in itertools.islice(self._lists(known, rows), _MOST_LISTS):
            option = self._list(known, value, fact)
            if option:
                yield option

    def _list(self, known: FactDef, value: list[dict[str, Any]], now: Fact) -> Option | None:
        empty = Fact(known.path, "missing", now.place)
        rows = [self.of.row(known, one, empty) for one in value]
        if not rows or not all(rows):
            return None
        return Option(
            value, Fact(known.path, "stated", now.place, measured=bool(known.choices)), tuple(row for row in rows if row)
        )

    def _lists(self, known: FactDef, rows: tuple[Row, ...]) -> Iterator[list[dict[str, Any]]]:
        """Lists of records: the example, and columns of values that answer what is asked about all records together."""
        whole: list[dict[str, Any]] = [] if isinstance(known.sample, str) else list(known.sample)
        sample = whole or [{name: inner.example for name, inner in known.fields.items()}]
        yield sample
        for count in sorted({1, self._count(known), len(sample)}, reverse=True):
            columns = {name: list(self._columns(known, name, count)) for name in known.fields}
            order = sorted(columns, key=lambda name: -len(columns[name]))
            for picked in itertools.product(*(columns[name] for name in order)):
                yield [{name: column[number] for name, column in zip(order, picked, strict=True)} for number in range(count)]

    def _count(self, known: FactDef) -> int:
        """How many records the questions about all of them need."""
        most = 1
        for name in known.fields:
            path = f"{known.path}[].{name}"
            for leaf in self.of.asked.get(path, ()):
                if leaf.operator == "includes":
                    most = max(most, len(leaf.argument))
                elif leaf.operator in ("count", "varies"):
                    bounds = [
                        self.of.pack.limits[limit].value for key, limit in leaf.argument.items() if key not in ("from", "by")
                    ]
                    most = max(most, *(math.floor(bound) + 1 for bound in bounds))
            most = max(most, *(len(self.of.there(other)) for how, other in self.of.partners.get(path, ()) if how == "around"), 1)
        return min(most, _MOST_ROWS)

    def _columns(self, known: FactDef, name: str, count: int) -> Iterator[list[Any]]:
        """What a field may hold in `count` records."""
        inner = known.fields[name]
        empty = Fact(inner.path, "missing", _NOWHERE)
        pool = [option.value for option in self.of.options(inner, empty, inner.path)]
        if name == known.label:
            names = [
                one
                for how, other in self.of.partners.get(inner.path, ())
                if how == "around"
                for one in (*self.of.there(other), *self.of.examples(other))
            ]
            named = list(dict.fromkeys([*names, *map(str, pool)]))
            yield [*named, *(f"{inner.example}-{number + 2}" for number in range(count))][:count]
            return
        asked = self.of.asked.get(inner.path, ())
        related = [
            self.of.written(inner, self.of.there(other)) for how, other in self.of.partners.get(inner.path, ()) if how == "around"
        ]
        for names in related:
            if names:
                yield [names[number % len(names)] if inner.type not in LISTS else names for number in range(count)]
        for leaf in asked:
            if leaf.operator == "includes":
                yield [leaf.argument[number % len(leaf.argument)] for number in range(count)]
        for value in pool:
            yield [value] * count
        if any(leaf.operator in ("count", "varies") for leaf in asked):
            for high, low in itertools.permutations(pool, 2):
                for number in range(1, count):
                    yield [high] * number + [low] * (count - number)
