"""What may be stated in place of what a file says: for each fact a few values that answer every question about it.

The values are those of the vocabulary (examples, choices), numbers and dates on both sides of each limit and of the ends
of each cell, and the names that cells and other facts use. Each is read as a value of a file would be, so a value that
could not be written is none.
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from . import cells, conditions
from .edits import as_written, to_node
from .errors import Place
from .facts import LISTS, Fact, Facts
from .pack import Pack
from .pack_conditions import Leaf
from .values import Values
from .vocabulary import LENGTHS, FactDef

Row = dict[str, Fact]
_RELATING = ("found_in", "apart_from")
_TOGETHER = ("includes", "any_of", "some_from", "count", "varies")  # asked of all records together
_NUMERIC = ("integer", "number", "share", "duration")
_MOST_CHOICES = 6  # kinds of choices of which every selection is tried
_MOST_NAMES = 6  # names of other facts that are tried in one place
_LAST_DAY = datetime.date.max.toordinal()
_NOWHERE = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Option:
    """One value for a place in a file: as plain data, and as facts. A place is one fact or, in `rows`, whole records."""

    value: Any
    fact: Fact | None
    rows: tuple[Row, ...] = ()


class Candidates:
    """The places that can be edited below one base (a plain fact, or a list of records), asked by `leaves`."""

    def __init__(self, facts: Facts, pack: Pack, leaves: Sequence[Leaf]) -> None:
        self.facts, self.pack = facts, pack
        self.values = Values(pack)
        self.asked: dict[str, list[Leaf]] = {}
        self.partners: dict[str, list[tuple[str, str]]] = {}
        for leaf in leaves:
            self._note(leaf)
        for path, known in pack.facts.items():
            if known.to:
                self._relate(path, "in", known.to)

    def _note(self, leaf: Leaf) -> None:
        operator, argument = leaf.operator, leaf.argument
        if operator == "without":
            operator, argument = next(iter(argument.items())) if isinstance(argument, dict) else (argument, True)  # pyright: ignore
            self._note(Leaf(fact=leaf.fact, operator=str(operator), argument=argument))  # pyright: ignore
            return
        self.asked.setdefault(leaf.fact, []).append(leaf)
        if operator in ("found_in", "apart_from"):
            self._relate(leaf.fact, "in" if operator == "found_in" else "apart", argument)

    def _relate(self, path: str, how: str, other: str) -> None:
        for here, relation in ((path, (how, other)), (other, ("apart" if how == "apart" else "around", path))):
            known = self.partners.setdefault(here, [])
            if relation not in known:
                known.append(relation)

    # --- single values

    def options(self, known: FactDef, now: Fact, path: str) -> Iterator[Option]:
        """The other values that a fact may have, each once."""
        seen = {self._sign(now, path)} if now.known else set[Any]()
        for value in self._pool(known, now, path):
            fact = self.read(known, value, now)
            if fact is not None and (sign := self._sign(fact, path)) not in seen:
                seen.add(sign)
                yield Option(value, fact)

    def read(self, known: FactDef, value: Any, now: Fact) -> Fact | None:
        self.values.problems.clear()
        fact = self.values.value(known, to_node(value, now.place), now.place, now.within)
        return fact if fact.state == "stated" and not self.values.problems else None

    def _sign(self, fact: Fact, path: str) -> tuple[Any, ...]:
        """By what two values differ: what is answered to each question, what others may name, and each single choice."""
        known = self.pack.facts[path]
        named = path in self.partners or any(leaf.operator in _TOGETHER for leaf in self.asked.get(path, ()))
        names = tuple(item.name for item in fact.items) if named or known.choices else ()
        alone = replace(self.facts, plain={path.partition("[]")[0]: fact}, records={})
        asked = [leaf for leaf in self.asked.get(path, ()) if leaf.operator not in _RELATING]
        numbers = tuple(item.value for item in fact.items) if named and known.type in _NUMERIC else ()
        return names, numbers, tuple(conditions.answer(leaf, alone, self.pack).status for leaf in asked)

    def _pool(self, known: FactDef, now: Fact, path: str) -> Iterator[Any]:
        """Values to try, the most plausible first."""
        many = known.type in LISTS
        if now.items and not now.known:  # stale, or an assumption that does not count
            yield as_written(now)
        if known.choices:
            yield from self._choices(known, now, path)
        elif known.type in _NUMERIC:
            yield known.example
            yield from self._numbers(known, path)
        else:
            names = self._names(known, now, path)
            yield from (list(value) for value in self._sets(known, now, path)) if many else iter(names)

    def _choices(self, known: FactDef, now: Fact, path: str) -> Iterator[Any]:
        if known.type != "choices":
            yield known.example
            yield from known.choices
            return
        yield known.example
        kinds: dict[tuple[Any, ...], list[str]] = {}
        stated = [item.shown for item in now.items]
        for choice in known.choices:
            asked = [leaf for leaf in self.asked.get(path, ()) if isinstance(leaf.argument, (list, tuple))]
            sign = tuple(choice in leaf.argument for leaf in asked)
            alone = any(leaf.operator == "includes" and choice in leaf.argument for leaf in asked)
            kinds.setdefault((sign, choice if alone else ""), []).append(choice)
        groups = list(kinds.values())
        for size in range(len(groups), 0, -1) if len(groups) <= _MOST_CHOICES else (len(groups), 1):
            for picked in itertools.combinations(groups, size):
                yield [one for group in picked for one in ([c for c in group if c in stated] or group[:1])]
        yield from ([choice] for choice in known.choices)

    def _numbers(self, known: FactDef, path: str) -> Iterator[Any]:
        """Each limit that the fact is compared with, and a number on either side and between."""
        limits = {self.pack.limits[name].value for leaf in self.asked.get(path, ()) for name in self._limits(leaf)}
        ends = {end * size for cell, size in self._cells(path) for end in cell.cuts() if isinstance(end, float)}
        cuts = sorted(limits | ends)
        middle = [(one + other) / 2 for one, other in itertools.pairwise(cuts)]
        outside = (
            [cuts[0] / 2 if cuts[0] > 0 else cuts[0] - 1, cuts[0] - 1, cuts[-1] * 2 if cuts[-1] > 0 else 1, cuts[-1] + 1]
            if cuts
            else []
        )
        for number in sorted({*cuts, *middle, *outside}):
            whole = sorted({math.floor(number), math.ceil(number)}) if known.type == "integer" else [number]
            for value in whole:
                yield f"{value:.6f} seconds" if known.type == "duration" else f"{value:.12f}" if known.type == "share" else value

    @staticmethod
    def _limits(leaf: Leaf) -> list[str]:
        if leaf.operator in ("count", "varies"):
            return [leaf.argument["from"]]
        return [leaf.argument] if leaf.operator in ("at_least", "at_most", "some_from") else []

    def _cells(self, path: str) -> Iterator[tuple[cells.Cell, int]]:
        """The cells that a fact is compared with; of durations the seconds in which their numbers are too."""
        for leaf in self.asked.get(path, ()):
            if leaf.operator == "cell":
                text, unit = cells.asked(leaf.argument)
                yield cells.parse(text), LENGTHS[unit] if unit else 1

    def _in_cells(self, path: str) -> Iterator[Any]:
        """The texts of cells, and the days at which they change their answer, with the days around."""
        for cell, _ in self._cells(path):
            yield from cell.texts
            days = [day.toordinal() + n for day in cell.cuts() if isinstance(day, datetime.date) for n in (0, 1, -1)]
            yield from (datetime.date.fromordinal(day).isoformat() for day in days if 1 <= day <= _LAST_DAY)

    def _names(self, known: FactDef, now: Fact, path: str) -> Iterator[Any]:
        """Texts for a fact that holds one: the example, what cells and other facts name, and a text of its own."""
        yield known.example
        yield from self._in_cells(path)
        for _, other in self.partners.get(path, ()):
            yield from self.written(known, [*self.there(other), *self.examples(other)][:_MOST_NAMES])
        yield from self._fresh(known)

    def _sets(self, known: FactDef, now: Fact, path: str) -> Iterator[list[Any]]:
        """Lists of texts: what is there or the example, made to fit what other facts name."""
        related = self.partners.get(path, ())
        inside = [other for how, other in related if how == "in"]
        around = [other for how, other in related if how == "around"]
        apart = [other for how, other in related if how == "apart"]
        example = _listed(known.example)
        fresh = list(self._fresh(known))
        needed = [value for other in around for value in self.written(known, self.there(other))]
        if needed and not now.items:
            yield list(dict.fromkeys(needed))
        seeds = [[item.shown for item in now.items]] if now.items else []
        seeds += [example, *([text] for text in self._in_cells(path))]
        seeds += [[one] for other in inside for one in (*self.there(other)[:_MOST_NAMES], *self.examples(other)[:2])]
        seeds += [self.there(other) for other in inside]
        seeds += [[one] for other in (*apart, *around) for one in self.examples(other)[:2]]
        seeds += [fresh]
        for seed in seeds:
            for more in (
                [],
                *(self.written(known, self.there(o)) for o in around),
                *(self.written(known, self.examples(o)) for o in around),
            ):
                whole = [*seed, *(one for one in more if self._name(known, one) not in {self._name(known, s) for s in seed})]
                for kept in (
                    whole,
                    *(self._only(known, whole, self.there(o), True) for o in inside),
                    *(self._only(known, whole, self.there(o), False) for o in apart),
                ):
                    if kept:
                        yield kept

    def _only(self, known: FactDef, values: Iterable[Any], names: Iterable[str], wanted: bool) -> list[Any]:
        folded = {name.casefold() for name in names}
        return [value for value in values if (self._name(known, value).casefold() in folded) is wanted]

    def _name(self, known: FactDef, value: Any) -> str:
        fact = self.read(known, [value] if known.type in LISTS else value, Fact(known.path, "missing", _NOWHERE))
        return fact.items[0].name if fact and fact.items else str(value)

    def written(self, known: FactDef, names: Iterable[str]) -> list[Any]:
        """Names as values of a fact: a threshold compares the name with a number."""
        return [f"{name} >= 1" if known.type == "thresholds" else name for name in names]

    def there(self, path: str) -> list[str]:
        return list(
            dict.fromkeys(item.name for fact in self.facts.at(path) if fact.known and fact.path == path for item in fact.items)
        )

    def examples(self, path: str) -> list[str]:
        known = self.pack.facts[path]
        if known.type == "records":
            return list(known.choices)
        fact = self.read(known, known.example, Fact(path, "missing", _NOWHERE))
        return [item.name for item in fact.items] if fact else []

    def _fresh(self, known: FactDef) -> Iterator[Any]:
        """A text that nothing else names."""
        if known.type == "thresholds":
            yield "measured_value >= 1"
        elif known.type != "date":
            yield f"{known.path.rpartition('.')[2]}-1.0.1"

    def row(self, known: FactDef, value: dict[str, Any], now: Fact) -> Row | None:
        within = str(value.get(known.label, ""))
        if len(value) < len(known.fields):
            return None
        row = {
            name: self.read(inner, value[name], replace(now, path=inner.path, within=within))
            for name, inner in known.fields.items()
        }
        return {name: fact for name, fact in row.items() if fact} if all(row.values()) else None


def _listed(value: Any) -> list[Any]:
    return list(cast("list[Any]", value)) if isinstance(value, list | tuple) else [value]
