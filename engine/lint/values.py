"""For each fact of a vocabulary the few values by which the questions of a pack can tell deliveries apart.

Choices and sets of choices, a number at each limit and on either side of it, names that other facts use and names that
they don't, and a value of each kind that an operator complains of. Each is read as a fact file would be.
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from ..cells import Cell, parse
from ..edits import to_node
from ..errors import Place
from ..facts import LISTS
from ..pack import Pack
from ..pack_conditions import Leaf
from ..values import Fact, Values
from ..vocabulary import LENGTHS, FactDef, Length

NOWHERE = Place(1, 1)
RELATING = ("found_in", "apart_from")
NUMERIC = ("integer", "number", "share", "duration")
_MOST_KINDS = 6  # kinds of choices of which every selection is tried
_LAST_DAY = datetime.date.max.toordinal()
_MOST_NAMES = 6  # names that are tried where facts are compared
_LENGTHS = (("days", 86400), ("hours", 3600), ("minutes", 60))


def plain(leaf: Leaf) -> Leaf:
    """The question that `without` turns round, or the leaf itself."""
    if leaf.operator != "without":
        return leaf
    argument = leaf.argument
    name, inner = next(iter(argument.items())) if isinstance(argument, dict) else (argument, True)  # pyright: ignore
    return Leaf(fact=leaf.fact, operator=str(name), argument=inner)  # pyright: ignore


def cell_of(leaf: Leaf) -> Cell | None:
    """The cell that a question of this operator compares with."""
    return parse(written_cell(leaf)[0]) if leaf.operator == "cell" else None


def written_cell(leaf: Leaf) -> tuple[str, Length | None]:
    """The text of a cell, and the unit of time that its numbers are in."""
    argument = leaf.argument
    if isinstance(argument, dict):
        given = cast("dict[str, Any]", argument)
        return given["test"], given["in"]
    return cast("str", argument), None


def missing(path: str) -> Fact:
    """A fact that is not stated."""
    return Fact(path, "missing", NOWHERE)


class Reader:
    """Reads values as a fact file would be read."""

    def __init__(self, pack: Pack) -> None:
        self.pack, self._values = pack, Values(pack)

    def read(self, known: FactDef, value: Any, within: str = "") -> Fact | None:
        """The fact that states `value`; nothing where it can't be stated."""
        self._values.problems.clear()
        fact = self._values.value(known, to_node(value, NOWHERE), NOWHERE, within)
        return fact if fact.state == "stated" and not self._values.problems else None

    def options(self, known: FactDef, asked: Sequence[Leaf], names: Sequence[str]) -> tuple[list[Fact], bool]:
        """What a fact may state, each once, and whether that is enough to decide every question. The first is the simplest."""
        found: dict[tuple[Any, ...], Fact] = {}
        values, enough = self._pool(known, asked, names)
        for value in values:
            fact = self.read(known, value)
            if fact is not None:
                found.setdefault(tuple((item.shown, item.flaw) for item in fact.items), fact)
        return list(found.values()), enough

    def _pool(self, known: FactDef, asked: Sequence[Leaf], names: Sequence[str]) -> tuple[Iterable[Any], bool]:
        if known.type in ("choice", "records"):
            return known.choices, True
        if known.type == "choices":
            return self._selections(known, asked, names)
        if known.type in NUMERIC:
            return [*([known.example] if names or not asked else []), *self._numbers(known, asked), *names], True
        operators = {leaf.operator for leaf in asked}
        wrong = self.faults(operators)
        cells = [cell for leaf in asked if (cell := cell_of(leaf))]
        texts = [f"{name} >= 1" if known.type == "thresholds" else name for name in names]
        if not names:  # the example may itself be one that an operator complains of
            another = {"thresholds": "measured_value >= 1", "date": "2026-01-01"}.get(known.type, "one-more")
            texts = [str(_first(known.example)), another]
        texts += [*_days(cells)] if known.type == "date" else [text for cell in cells for text in cell.texts]
        if known.type == "thresholds" and "measurable" in operators:
            wrong.append("good enough")
        texts += wrong
        if known.type not in LISTS:
            return texts, True
        pairs = itertools.combinations(texts, 2)
        return [*([one] for one in texts), *(list(pair) for pair in pairs), list(texts)], True

    def faults(self, operators: Iterable[str]) -> list[str]:
        """A version that moves and an owner who is nobody, where something asks for that."""
        found = [self.pack.moving[:1]] if "pinned" in operators else []
        found += [self.pack.nobody[:1]] if "named" in operators else []
        return [text.replace("*", "1") for texts in found for text in texts]

    @staticmethod
    def _selections(known: FactDef, asked: Sequence[Leaf], names: Sequence[str]) -> tuple[list[list[str]], bool]:
        """Sets of choices: of those that no question tells apart, one stands for all."""
        kinds: dict[tuple[Any, ...], list[str]] = {}
        for choice in known.choices:
            lists = [leaf for leaf in asked if isinstance(leaf.argument, (list, tuple))]
            inside = [cell.holds(choice) for leaf in asked if (cell := cell_of(leaf))]
            alone = any(leaf.operator == "includes" and choice in leaf.argument for leaf in lists)
            isolated = any(leaf.operator == "is" and leaf.argument == choice for leaf in asked)
            own = choice if alone or isolated or choice in names else ""
            kinds.setdefault((own, *inside, *(choice in leaf.argument for leaf in lists)), []).append(choice)
        firsts = [group[0] for group in kinds.values()]
        every = len(firsts) <= _MOST_KINDS
        sizes = range(1, len(firsts) + 1) if every else sorted({1, 2, len(firsts) - 1, len(firsts)})
        return [list(picked) for size in sizes for picked in itertools.combinations(firsts, size)], every

    def _numbers(self, known: FactDef, asked: Sequence[Leaf]) -> Iterator[Any]:
        """A number in each interval that limits cut the range into, and the limits."""
        cuts = {self.pack.limits[name].value for leaf in asked for name in limits_of(leaf)}
        cuts |= {cut for leaf in asked for cut in cuts_of(leaf)}
        low, high = range_of(known)
        cuts |= {end for end in (low, high) if end is not None}
        if any(leaf.operator == "varies" for leaf in asked):
            yield from (_written(known, number) for number in (1, 1000) if not cuts)
        ordered = sorted(cuts)
        middle = [(one + other) / 2 for one, other in itertools.pairwise(ordered)]
        outside = [ordered[0] - 1, ordered[-1] + 1, ordered[-1] * 2] if ordered else []
        if ordered and ordered[0] > 0:
            outside.append(ordered[0] / 2)
        for number in sorted({*ordered, *middle, *outside}):
            for value in sorted({math.floor(number), math.ceil(number)}) if known.type == "integer" else [number]:
                yield _written(known, value)


def limits_of(leaf: Leaf) -> tuple[str, ...]:
    """The limits that values of the fact are compared with."""
    if leaf.operator in ("at_least", "at_most", "some_from"):
        return (leaf.argument,)
    return (leaf.argument["from"],) if leaf.operator == "count" else ()


def cuts_of(leaf: Leaf) -> tuple[float, ...]:
    """The numbers that the cell of a question compares with, in the unit of the fact: durations in seconds."""
    cell = cell_of(leaf)
    if cell is None:
        return ()
    unit = written_cell(leaf)[1]
    size = LENGTHS[unit] if unit else 1
    return tuple(cut * size for cut in cell.cuts() if isinstance(cut, float))


def _days(cells: Iterable[Cell]) -> Iterator[str]:
    """The days at which cells change their answer, and those before and after."""
    for cell in cells:
        for cut in cell.cuts():
            if isinstance(cut, datetime.date):
                around = (cut.toordinal() + n for n in (-1, 0, 1))
                yield from (datetime.date.fromordinal(day).isoformat() for day in around if 1 <= day <= _LAST_DAY)


def range_of(known: FactDef) -> tuple[float | None, float | None]:
    """The least and the most that a number can be."""
    if known.type == "share":
        return 0.0, 1.0
    if known.type == "duration":
        return 0.0, None
    return (known.least, known.most) if known.type in ("integer", "number") else (None, None)


def names_for(pack: Pack, paths: Sequence[str], operators: Sequence[str]) -> tuple[str, ...]:
    """Names for facts that are compared with each other: some that they have in common, some that they don't."""
    reader = Reader(pack)
    found: list[str] = []
    for path in paths:
        known = pack.facts[path]
        fact = None if known.choices else reader.read(known, known.example)
        found += known.choices[:3] if known.choices else [item.name for item in fact.items] if fact else []
    dates = ["2026-01-01", "2026-01-02"] if any(pack.facts[path].type == "date" for path in paths) else []
    fresh = ["one-more", "another", "a-third"][: 1 + operators.count("apart_from")]
    return tuple(dict.fromkeys([*list(dict.fromkeys(found))[: _MOST_NAMES - 2], *dates, *fresh, *reader.faults(operators)]))


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, (list, tuple)) else value  # pyright: ignore[reportUnknownVariableType]


def _written(known: FactDef, number: float) -> Any:
    if known.type == "share":
        return f"{number * 100:.10f}".rstrip("0").rstrip(".") + "%"
    if known.type == "duration":
        unit, size = next(((unit, size) for unit, size in _LENGTHS if number and number % size == 0), ("seconds", 1))
        return f"{number / size:.6f}".rstrip("0").rstrip(".") + f" {unit}"
    return number
