"""Tables of outputs answered for the proof checker, by what they may come to. It shares nothing with `hits.py`.

Rows are walked through once, with every outcome that is possible so far; a question is definite where all of them agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .pack import Pack
from .pack_conditions import Decides
from .pack_tables import OutputRow, OutputTable, Value

Sides = Mapping[str, str]  # of each row: yes, no or open
_CLASH = "clash"


def question(table: OutputTable, asked: Decides, pack: Pack, sides: Sides) -> str:
    """yes, no or open."""
    name = asked.output or next(iter(table.outputs))

    def fits(value: Value | Fraction) -> bool:
        if isinstance(value, str):
            return value in asked.any_of
        number = Fraction(repr(value)) if isinstance(value, float) else value
        if asked.at_least:
            return number >= Fraction(repr(pack.limits[asked.at_least].value))
        return asked.at_most is not None and number <= Fraction(repr(pack.limits[asked.at_most].value))

    if table.aggregate:
        found = {value is not None and fits(value) for value in _totals(table, sides)}
    elif table.hit in ("rule-order", "output-order", "collect"):
        found = _lists({row.id: fits(row.then[name]) for row in table.rows}, table, name, fits, sides)
    else:
        found = {isinstance(said, dict) and fits(said[name]) for said in _singles(table, sides)}
    return "open" if len(found) == 2 else "yes" if True in found else "no"


def _lists(inside: Mapping[str, bool], table: OutputTable, name: str, fits: Any, sides: Sides) -> set[bool]:
    """Whether a row with such a value is in the list. `None` stands for the empty list."""
    ways: set[bool | None] = {None}
    for row in table.rows:
        taken: set[bool | None] = {bool(way) or inside[row.id] for way in ways}
        ways = taken if sides[row.id] == "yes" else ways | taken if sides[row.id] == "open" else ways
    empty = table.otherwise is not None and fits(table.otherwise[name])
    return {empty if way is None else way for way in ways}


def _order(table: OutputTable) -> list[OutputRow]:
    rows = list(table.rows)
    if table.hit in ("priority", "output-order"):
        for name, output in reversed(table.outputs.items()):  # sorting keeps the order of equals
            if output.values:
                rows.sort(key=lambda row: output.values.index(str(row.then[name])))
    return rows


def _singles(table: OutputTable, sides: Sides) -> list[dict[str, Value] | str | None]:
    """What a single hit may come to: outputs, a clash, or nothing."""
    ways: dict[tuple[str, bool], OutputRow | None] = {("", False): None}  # the row that is hit, and whether another clashes
    for row in _order(table):
        if sides[row.id] == "no":
            continue
        after = {} if sides[row.id] == "yes" else dict(ways)
        for (_, clash), hit in ways.items():
            if hit is None:
                after[row.id, False] = row
            elif table.hit in ("first", "priority"):
                after[hit.id, False] = hit
            else:
                after[hit.id, clash or table.hit == "unique" or hit.then != row.then] = hit
        ways = after
    found: list[dict[str, Value] | str | None] = []
    for (_, clash), hit in ways.items():
        said = _CLASH if clash else table.otherwise if hit is None else hit.then
        if said not in found:
            found.append(said)
    return found


def _totals(table: OutputTable, sides: Sides) -> set[Fraction | None]:
    """What an aggregate may come to; nothing where no row holds."""
    empty = Fraction(0) if table.aggregate == "count" else _only(table.otherwise)
    ways: set[Fraction | None] = {None}
    for row in table.rows:
        amount = Fraction(1) if table.aggregate == "count" else _only(row.then)
        taken = {_joined(table, way, amount) for way in ways}
        ways = taken if sides[row.id] == "yes" else ways | taken if sides[row.id] == "open" else ways
    return {empty if way is None else way for way in ways}


def _only(said: Mapping[str, Value] | None) -> Fraction | None:
    return None if said is None else Fraction(repr(next(iter(said.values()))))


def _joined(table: OutputTable, one: Fraction | None, other: Fraction | None) -> Fraction | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other) if table.aggregate == "min" else max(one, other) if table.aggregate == "max" else one + other


# --- what a table says


def decision(table: OutputTable, sides: Sides) -> dict[str, Any]:
    """The node of a table: how it stands, the rows that make it so, those that may change it, outputs and bounds."""
    rows = _order(table)
    hit = [row for row in rows if sides[row.id] == "yes"]
    may = [row for row in rows if sides[row.id] == "open"]
    if table.aggregate:
        return _aggregated(table, hit, may)
    if table.hit in ("rule-order", "output-order", "collect"):
        outputs = [row.then for row in hit] or ([] if table.otherwise is None else [table.otherwise])
        changes = [] if not hit and [row.then for row in may] == outputs else may
        return _node("conditional" if changes else "decided" if outputs else "nothing", hit, changes, outputs)
    ways = _singles(table, sides)
    if ways == [_CLASH]:
        return _node("conflict", hit, (), ())
    if table.hit in ("first", "priority"):
        may = [row for row in may if not hit or rows.index(row) < rows.index(hit[0])]
        hit = hit[:1]
    elif table.hit == "any" and hit:
        may = [row for row in may if row.then != hit[0].then]
    said = hit[0].then if hit else table.otherwise
    status = "conditional" if len(ways) > 1 else "nothing" if said is None else "decided"
    return _node(status, hit, may if len(ways) > 1 else (), [] if said is None else [said])


def _aggregated(table: OutputTable, hit: Sequence[OutputRow], may: Sequence[OutputRow]) -> dict[str, Any]:
    name = "count" if table.aggregate == "count" else next(iter(table.outputs))
    least, most, nothing = _ends(table, {row.id: "yes" for row in hit} | {row.id: "open" for row in may})
    _, alone, empty = _ends(table, {row.id: "yes" for row in hit})
    outputs = [] if empty or alone is None else [{name: float(alone)}]
    if least is None or most is None:
        return _node("nothing", hit, (), outputs)
    if least == most and not nothing:
        return _node("decided", hit, (), outputs)
    return _node("conditional", hit, may, outputs) | {"bounds": [float(least), float(most)]}


def _ends(table: OutputTable, sides: Sides) -> tuple[Fraction | None, Fraction | None, bool]:
    """The least and the most that an aggregate may come to, and whether it may be nothing."""
    empty = Fraction(0) if table.aggregate == "count" else _only(table.otherwise)
    least: Fraction | None = None
    most: Fraction | None = None
    none = True  # whether it may be that no row holds so far
    for row in table.rows:
        side = sides.get(row.id, "no")
        if side == "no":
            continue
        amount = Fraction(1) if table.aggregate == "count" else _only(row.then)
        low = [_joined(table, least, amount)] + ([amount] if none else []) + ([least] if side == "open" else [])
        high = [_joined(table, most, amount)] + ([amount] if none else []) + ([most] if side == "open" else [])
        least, most = min(_known(low)), max(_known(high))
        none = none and side == "open"
    if none and empty is not None:
        return min(_known([least, empty])), max(_known([most, empty])), False
    return least, most, none


def _known(values: Iterable[Fraction | None]) -> list[Fraction]:
    return [value for value in values if value is not None]


def _node(status: str, hit: Sequence[OutputRow], may: Sequence[OutputRow], outputs: Sequence[Any]) -> dict[str, Any]:
    return {
        "status": status,
        "rows": [row.id for row in hit],
        "open": [row.id for row in may],
        "outputs": [dict(said) for said in outputs],
    }
