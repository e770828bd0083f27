"""The small changes of cells and of tables of outputs, from which mutants are made."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from .cells import Cell, Test, Value, parse
from .pack_tables import OutputTable
from .pack_walks import Location

_HITS = {  # another policy that gives as many rows
    "unique": "first",
    "any": "first",
    "priority": "first",
    "first": "unique",
    "rule-order": "output-order",
    "output-order": "rule-order",
}
_AGGREGATES = {"sum": "max", "max": "min", "min": "max", "count": "sum"}
_BY_ORDER = ("first", "rule-order")


def resolution(value: Decimal) -> Decimal:
    """One of the last digit that a number is written with, of at least two."""
    return Decimal(1).scaleb(min(cast(int, value.normalize().as_tuple().exponent), value.adjusted() - 1))


def of_cell(argument: Any) -> Iterator[tuple[str, Any]]:
    """Other cells in place of one, given as the argument of `cell`: what is done, and the argument then."""
    text = str(argument["test"] if isinstance(argument, dict) else argument)  # pyright: ignore[reportUnknownArgumentType]
    cell = parse(text)
    if not cell.tests:
        return
    found: dict[str, None] = {replace(cell, negated=not cell.negated).text: None}
    for number, test in enumerate(cell.tests):
        before, after = cell.tests[:number], cell.tests[number + 1 :]
        others = [(*before, one, *after) for one in _moved(test)]
        others += [(*before, *after)] if before or after else []
        found |= dict.fromkeys(replace(cell, tests=tests).text for tests in others if _is_cell(replace(cell, tests=tests)))
    for other in found:
        if other != cell.text:
            yield f"cell {cell.text} -> {other}", {**argument, "test": other} if isinstance(argument, dict) else other


def _is_cell(cell: Cell) -> bool:
    try:
        return parse(cell.text) == cell
    except ValueError:  # a range that ends before it begins
        return False


def _moved(test: Test) -> Iterator[Test]:
    """The test with an end one step further up or down, and with an end that counts where it did not, or the reverse."""
    if test.kind not in ("number", "date"):
        return
    if test.low == test.high:
        yield from (replace(test, low=end, high=end) for end in _beside(cast(Value, test.low)))
        return
    if test.low is not None:
        yield from (replace(test, low=end) for end in _beside(test.low))
        yield replace(test, low_closed=not test.low_closed)
    if test.high is not None:
        yield from (replace(test, high=end) for end in _beside(test.high))
        yield replace(test, high_closed=not test.high_closed)


def _beside(end: Value) -> tuple[Value, ...]:
    if isinstance(end, datetime.date):
        day = datetime.timedelta(days=1)
        return tuple(end + way for way in (day, -day) if datetime.date.min + day < end < datetime.date.max - day)
    exact = Decimal(repr(end))
    step = Decimal(1) if exact == exact.to_integral_value() else resolution(exact)
    return float(exact + step), float(exact - step)


def of_outputs(table: OutputTable) -> Iterator[tuple[str, str, Location, Location, Any]]:
    """Changes of a table of outputs: the row it is about or nothing, what is done, where to look, and what stands where then.

    Locations begin at the table.
    """
    if table.hit in _HITS:
        other = _HITS[table.hit]
        yield "", f"hit {table.hit} -> {other}", ("hit",), ("hit",), other
    if table.aggregate:
        other = _AGGREGATES[table.aggregate]
        yield "", f"aggregate {table.aggregate} -> {other}", ("aggregate",), ("aggregate",), other
    if table.hit in _BY_ORDER:
        for n in range(len(table.rows) - 1):
            one, other = table.rows[n : n + 2]
            rows = (*table.rows[:n], other, one, *table.rows[n + 2 :])
            yield "", f"swap the rows {one.id} and {other.id}", ("rows", n), ("rows",), rows
    if table.hit in ("priority", "output-order"):
        for name, output in table.outputs.items():
            for n in range(len(output.values) - 1):
                one, other = output.values[n : n + 2]
                values = (*output.values[:n], other, one, *output.values[n + 2 :])
                at: Location = ("outputs", name, "values")
                yield "", f"swap the ranks of {name} {one} and {other}", (*at, n), at, values
    givers = [(row.id, ("rows", n, "then"), row.then) for n, row in enumerate(table.rows)]
    givers += [("", ("otherwise",), table.otherwise)] if table.otherwise else []
    for row, at, then in givers:
        for name, value in then.items():
            for other in _others(table, name, value):
                shown = f"{_shown(value)} -> {_shown(other)}"
                yield row, f"{name} {shown}" if row else f"otherwise {name} {shown}", (*at, name), (*at, name), other
    if table.otherwise:
        yield "", "drop otherwise", ("otherwise",), ("otherwise",), None


def _others(table: OutputTable, name: str, value: Any) -> Iterator[Any]:
    """Other values of an output: the next of those that are allowed, or a number one step up and down."""
    values = table.outputs[name].values
    if len(values) > 1 and value in values:
        yield values[(values.index(value) + 1) % len(values)]
    elif isinstance(value, (int, float)):
        yield from _beside(float(value))


def _shown(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)
