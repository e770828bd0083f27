"""The deliveries that the questions of a pack can tell apart, as choices that are made one by one.

A choice is made for each fact outside records, for each list of records (absent, stated as a choice, or given), and for
each field of records (one column of values). Every question looks at a few choices, and what it answers to each of their
combinations is asked of `conditions`, so no question has a second meaning here.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import conditions
from ..edits import as_written
from ..facts import Fact, Facts
from ..pack import Pack
from ..pack_conditions import Leaf
from .values import RELATING, Reader, missing, names_for, plain

Option = Fact | tuple[Fact, ...]
Picks = Mapping[str, int]
_MOST_ROWS = 200
_MOST_COLUMNS = 1_000  # columns of one field that are tried
_MOST_TABLE = 60_000  # combinations of choices that one question is asked for


@dataclass(frozen=True, slots=True)
class Choice:
    """What may stand in one place, and whether that is all that matters there."""

    options: tuple[Option, ...]
    enough: bool


class Space:
    """The choices that `leaves` look at."""

    def __init__(self, pack: Pack, leaves: Iterable[Leaf]) -> None:
        self.pack, self.reader = pack, Reader(pack)
        self.asked: dict[str, list[Leaf]] = {}
        self._joined: dict[str, set[str]] = {}
        for leaf in map(plain, leaves):
            self.asked.setdefault(leaf.fact, []).append(leaf)
            if leaf.operator in RELATING:
                both = self._joined.get(leaf.fact, {leaf.fact}) | self._joined.get(leaf.argument, {leaf.argument})
                self._joined |= dict.fromkeys(both, both)
        self._around: dict[str, tuple[str, ...]] = {}
        self._choices: dict[str, Choice] = {}
        self._tables: dict[str, dict[tuple[int, ...], str]] = {}

    # --- what a question looks at

    def around(self, leaf: Leaf) -> tuple[str, ...]:
        """The choices that a question looks at."""
        if leaf.key not in self._around:
            self._around[leaf.key] = self._looks_at(plain(leaf))
        return self._around[leaf.key]

    def _looks_at(self, leaf: Leaf) -> tuple[str, ...]:
        paths = [leaf.fact]
        if leaf.operator in RELATING:
            paths.append(leaf.argument)
        if leaf.operator in ("count", "varies"):
            base = leaf.fact.partition("[].")[0]
            paths += [f"{base}[].{self.pack.facts[base].label}"] + ([leaf.argument["by"]] if leaf.operator == "varies" else [])
        return tuple(dict.fromkeys(place for path in paths for place in (path.partition("[].")[0], path)))

    def table(self, leaf: Leaf) -> dict[tuple[int, ...], str]:
        """The answer to a question for every combination of the choices that it looks at; nothing where they are too many."""
        if leaf.key not in self._tables:
            around = self.around(leaf)
            sizes = [len(self.choice(place).options) for place in around]
            every = itertools.product(*map(range, sizes)) if math.prod(sizes) <= _MOST_TABLE else ()
            self._tables[leaf.key] = {
                picked: conditions.answer(leaf, self.facts(dict(zip(around, picked, strict=True))), self.pack).status
                for picked in every
            }
        return self._tables[leaf.key]

    def enough(self, leaf: Leaf) -> bool:
        """Whether what is tried decides what the answers to a question can be."""
        return bool(self.table(leaf)) and all(self.choice(place).enough for place in self.around(leaf))

    # --- choices

    def choice(self, place: str) -> Choice:
        """The options for one place."""
        if place not in self._choices:
            base, bracket, _ = place.partition("[].")
            made = self._column(place) if bracket else self._records(base) if self._is_list(base) else self._single(base)
            self._choices[place] = made
        return self._choices[place]

    def _is_list(self, path: str) -> bool:
        return self.pack.facts[path].type == "records"

    def _names(self, path: str) -> tuple[str, ...]:
        """The names that are tried at a path; none where it is not compared with another."""
        if path not in self._joined:
            return (_text(self.pack.facts[path].example), "one-more") if self._groups(path) else ()
        paths = sorted(self._joined[path])
        return names_for(self.pack, paths, [leaf.operator for one in paths for leaf in self.asked.get(one, ())])

    def _values(self, path: str) -> tuple[list[Fact], bool]:
        return self.reader.options(self.pack.facts[path], self.asked.get(path, ()), self._names(path))

    def _single(self, path: str) -> Choice:
        found, enough = self._values(path)
        return Choice((*found, missing(path)), enough)

    def _records(self, base: str) -> Choice:
        """A choice in place of the records, the records, or nothing."""
        choices, _ = self._values(base)
        given = Fact(base, "stated", missing(base).place, measured=bool(choices))
        return Choice((*choices, given, missing(base)), self._rows(base) <= _MOST_ROWS)

    def _rows(self, base: str) -> int:
        """How many records it takes to tell apart what is asked about all of them."""
        most = 2
        for name in self.pack.facts[base].fields:
            for leaf in self.asked.get(f"{base}[].{name}", ()):
                if leaf.operator == "includes":
                    most = max(most, len(leaf.argument) + 1)  # and one that is not finished
                if leaf.operator == "varies":  # of n values the largest variation is the root of n
                    most = max(most, math.ceil(self.pack.limits[leaf.argument["from"]].value ** 2) + 1)
                most = max([most, *(math.floor(bound) + 1 for bound in self._bounds(leaf))])
        return most

    def _bounds(self, leaf: Leaf) -> list[float]:
        if leaf.operator not in ("count", "varies"):
            return []
        return [self.pack.limits[name].value for key, name in leaf.argument.items() if key in ("at_least", "at_most", "over")]

    def _column(self, path: str) -> Choice:
        """The values of a field in all records, of which those that no question tells apart are tried once."""
        base, _, field = path.partition("[].")
        rows = min(self._rows(base), _MOST_ROWS)
        if field == self.pack.facts[base].label:
            return self._labels(path, rows)
        values, enough = self._values(path)
        columns, every = self._columns(path, [*values, missing(path)], rows)
        unique: dict[tuple[Any, ...], tuple[Fact, ...]] = {}
        for column in columns:
            unique.setdefault(self._sign(path, column), column)
        return Choice(tuple(unique.values()), enough and every)

    def _labels(self, path: str, rows: int) -> Choice:
        """Names that differ, with those that other facts may use among them; and names that are not stated."""
        known = self.pack.facts[path]
        values, enough = self._values(path)
        others = [fact for n in range(rows + 1) if (fact := self.reader.read(known, f"{_text(known.example)}-{n + 2}"))]
        named = [(value,) for value in values] + [pair for pair in itertools.combinations(values, 2) if rows > 1]
        empty = [missing(path)] * rows
        columns = [(*some, *others, *empty)[:rows] for some in (*named, ())]
        columns += [(*some, *empty)[:rows] for some in named[: len(values)]]
        columns += [(missing(path), *others, *empty)[:rows], tuple(empty)]
        return Choice(tuple(dict.fromkeys(columns)), enough and len(others) > rows)

    def _columns(self, path: str, values: Sequence[Fact], rows: int) -> tuple[Iterable[tuple[Fact, ...]], bool]:
        asked = self.asked.get(path, ())
        found: list[tuple[Fact, ...]] = [(value,) * rows for value in values]
        for leaf in asked:
            if leaf.operator == "includes":
                found += self._covering(path, leaf.argument, rows)
        together = any(leaf.operator in ("count", "varies") for leaf in asked)
        every = math.comb(len(values) + rows - 1, rows) <= _MOST_COLUMNS
        if together and every:
            return [*found, *itertools.combinations_with_replacement(values, rows)], True
        bounds = [math.ceil(bound) for leaf in asked for bound in self._bounds(leaf)]
        splits = sorted({1, rows - 1, *(bound + n for bound in bounds for n in (-1, 0, 1))})
        for one, other in itertools.combinations(values, 2):
            some = splits if together else (1, rows - 1) if self._groups(path) else (1,)
            found += [(one,) * n + (other,) * (rows - n) for n in some if 0 < n < rows]
        return found, not together

    def _covering(self, path: str, argument: Sequence[str], rows: int) -> Iterable[tuple[Fact, ...]]:
        """All of the choices that have to occur, all but one, and all where not every record is finished."""
        known = self.pack.facts[path]
        read = [self.reader.read(known, [name] if known.type == "choices" else name) for name in argument]
        whole = [fact for fact in read if fact]
        for kept in (whole, *(whole[:n] + whole[n + 1 :] for n in range(len(whole)))):
            if kept:
                yield tuple(kept[n % len(kept)] for n in range(rows))
                yield (*kept, *[missing(path)] * rows)[:rows]

    def _sign(self, path: str, column: tuple[Fact, ...]) -> tuple[Any, ...]:
        """By what two columns differ: the answers to each question of its own, and the names that others may look for."""
        base, _, field = path.partition("[].")
        known = self.pack.facts[base]
        asked = self.asked.get(path, ())
        if any(leaf.operator == "varies" for leaf in asked) or self._groups(path):
            return (tuple(column),)  # which value belongs to which run matters
        names = frozenset(item.name.casefold() for fact in column if fact.known for item in fact.items)
        labels = [self.reader.read(known.fields[known.label], f"r{n}") or missing(base) for n in range(len(column))]
        given = Fact(base, "stated", missing(base).place, measured=bool(known.choices))
        rows = tuple({known.label: label, field: fact} for label, fact in zip(labels, column, strict=True))
        facts = Facts("", "", {base: given}, {base: rows}, (), None, ())
        answers = (conditions.answer(leaf, facts, self.pack).status for leaf in asked if leaf.operator not in RELATING)
        return (names if path in self._joined else (), all(fact.known for fact in column), *answers)

    def _groups(self, path: str) -> bool:
        """Whether a field tells groups of records apart."""
        return any(leaf.operator == "varies" and leaf.argument["by"] == path for found in self.asked.values() for leaf in found)

    # --- deliveries

    def facts(self, picks: Picks) -> Facts:
        """The facts that some choices make; where none is made, the first option."""
        plains: dict[str, Fact] = {}
        records: dict[str, tuple[dict[str, Fact], ...]] = {}
        for base in dict.fromkeys(place.partition("[].")[0] for place in picks):
            fact = self._picked(base, picks)
            assert isinstance(fact, Fact)
            plains[base] = fact
            if fact.state == "stated" and not fact.items:
                fields = [name for name in self.pack.facts[base].fields if f"{base}[].{name}" in picks]
                columns = {name: self._picked(f"{base}[].{name}", picks) for name in fields}
                rows = zip(*columns.values(), strict=True)  # pyright: ignore[reportArgumentType]
                records[base] = tuple(dict(zip(columns, row, strict=True)) for row in rows)
        return Facts("", "", plains, records, (), None, ())

    def _picked(self, place: str, picks: Picks) -> Option:
        return self.choice(place).options[picks.get(place, 0)]

    def written(self, picks: Picks) -> dict[str, Any]:
        """The same as a fact file would say it: path -> value, and nothing of what is not stated."""
        facts = self.facts(picks)
        found: dict[str, Any] = {}
        for base, fact in facts.plain.items():
            rows = facts.records.get(base, ())
            if rows:
                found[base] = [{name: as_written(cell) for name, cell in row.items() if cell.items} for row in rows]
            elif fact.items:
                found[base] = as_written(fact)
            elif fact.known:  # records of which no field is asked about
                known = self.pack.facts[base].fields
                found[base] = [{name: inner.example for name, inner in known.items()}]
        return found


def _text(value: Any) -> str:
    return str(value if not isinstance(value, (list, tuple)) else value[0])  # pyright: ignore[reportUnknownArgumentType]
