"""The hit policies of DMN, with rows that are not known: what a table of outputs says.

Each row holds (`yes`), does not (`no`) or may (`open`). The answer is what is the same however the open rows turn out, so
it can only become more definite when more is stated. Source: OMG DMN 1.3, clause 8.2.8 (hit policies).

- unique: the row that holds; two are a conflict. any: what the rows that hold say; different outputs are a conflict.
- first: the first row that holds. priority: the one whose values rank highest, first output first; numbers don't rank, and
  of equal ones the earlier row counts.
- rule-order, collect: every row that holds, in the order of the table; output-order: highest values first.
- collect with an aggregate: the sum, the least, the most or the number of what the rows that hold say.

Where no row holds `otherwise` does, in a list as its only member; without it there is nothing, and 0 is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from .pack_conditions import Decides
from .pack_tables import SINGLE_HIT, OutputRow, OutputTable, Value
from .vocabulary import Limit

MOST_STEPS = 1_000  # of one question: each makes up to eight rules
COUNTED = "count"  # the name under which a number of rows is given

Side = Literal["yes", "no", "open"]
Status = Literal["decided", "conditional", "nothing", "conflict"]
Outputs = Mapping[str, Value]
Branch = bool | int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a table says.

    `outputs` is the answer, and of a conditional one what it is if none of the rows in `open` holds; single hits and
    aggregates have one member at most. It comes from `rows`, or without these from `otherwise`. In a conflict `rows` are
    those that contradict each other. `bounds` are the least and the most that an aggregate can be; where `outputs` is empty
    beside them, it can also be nothing.
    """

    status: Status
    rows: tuple[OutputRow, ...]
    open: tuple[OutputRow, ...] = ()
    outputs: tuple[Outputs, ...] = ()
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Diagram:
    """How the answer to a question about a table depends on its rows: a binary decision diagram.

    A step names a row and where to go if it holds and if it does not: to an answer, or to an earlier step by its number.
    Each row is asked once at most on every way, so the answer is definite exactly where all the ways that are left agree.
    """

    steps: tuple[tuple[OutputRow, Branch, Branch], ...]
    root: Branch


def ranked(table: OutputTable) -> tuple[OutputRow, ...]:
    """The rows in the order in which they win, or are listed."""
    if table.hit not in ("priority", "output-order"):
        return table.rows
    ranking = [(name, output.values) for name, output in table.outputs.items() if output.values]
    return tuple(sorted(table.rows, key=lambda row: [values.index(str(row.then[name])) for name, values in ranking]))


def answer(table: OutputTable, sides: Mapping[str, Side]) -> Answer:
    """What `table` says where its rows, by their ids, hold or not."""
    rows = ranked(table)
    holding = tuple(row for row in rows if sides[row.id] == "yes")
    perhaps = tuple(row for row in rows if sides[row.id] == "open")
    if table.aggregate:
        return _aggregate(table, holding, perhaps)
    if table.hit in ("first", "priority"):
        perhaps = tuple(row for row in perhaps if not holding or rows.index(row) < rows.index(holding[0]))
        return _single(table, holding[:1], perhaps)
    if table.hit == "any":
        perhaps = tuple(row for row in perhaps if not holding or row.then != holding[0].then)
    if table.hit in ("any", "unique"):
        if len(holding) > 1 and (table.hit == "unique" or any(row.then != holding[0].then for row in holding)):
            return Answer("conflict", holding)
        return _single(table, holding, perhaps)
    outputs = tuple(row.then for row in holding) or _otherwise(table)
    same = len(perhaps) == 1 and not holding and (perhaps[0].then,) == outputs
    return _answer(holding, () if same else perhaps, outputs)


def _otherwise(table: OutputTable) -> tuple[Outputs, ...]:
    return () if table.otherwise is None else (table.otherwise,)


def _answer(holding: tuple[OutputRow, ...], perhaps: tuple[OutputRow, ...], outputs: tuple[Outputs, ...]) -> Answer:
    status: Status = "conditional" if perhaps else "decided" if outputs else "nothing"
    return Answer(status, holding, perhaps, outputs)


def _single(table: OutputTable, holding: tuple[OutputRow, ...], perhaps: tuple[OutputRow, ...]) -> Answer:
    """The answer of a single hit, where rows in `perhaps` may hold in place of `holding`, or beside it."""
    outputs = tuple(row.then for row in holding[:1]) or _otherwise(table)
    alike = all((row.then,) == outputs for row in perhaps)
    if table.hit == "unique":  # two rows contradict each other, whatever they say
        alike = alike and len(holding) + len(perhaps) < 2
    return _answer(holding, () if alike else perhaps, outputs)


def _aggregate(table: OutputTable, holding: tuple[OutputRow, ...], perhaps: tuple[OutputRow, ...]) -> Answer:
    name = next(iter(table.outputs)) if table.aggregate != "count" else COUNTED
    sure, may = ([_amount(table, row) for row in rows] for rows in (holding, perhaps))
    empty = [Fraction(0)] if table.aggregate == "count" else [_exact(one[name]) for one in _otherwise(table)]
    so_far = [_total(table, sure)] if sure else empty
    outputs = tuple({name: float(one)} for one in so_far)
    ends = [*_ends(table, sure, may), *([] if sure else empty)]
    if not may or (so_far and min(ends) == max(ends)):
        return _answer(holding, (), outputs)
    return Answer("conditional", holding, perhaps, outputs, (float(min(ends)), float(max(ends))))


def _ends(table: OutputTable, sure: list[Fraction], may: list[Fraction]) -> list[Fraction]:
    """Totals among which are the least and the most that can be, where some row holds."""
    if table.aggregate in ("min", "max"):
        return [_total(table, [*sure, one]) for one in may] + ([_total(table, sure)] if sure else [])
    less, more = [one for one in may if one < 0], [one for one in may if one > 0]
    if sure:
        return [_total(table, [*sure, *less]), _total(table, [*sure, *more])]
    return [_total(table, less or [min(may)]), _total(table, more or [max(may)])] if may else []


def _exact(value: Value) -> Fraction:
    """A number as it is written, so that a sum does not depend on the order of the rows."""
    return Fraction(repr(value))


def _amount(table: OutputTable, row: OutputRow) -> Fraction:
    return Fraction(1) if table.aggregate == "count" else _exact(row.then[next(iter(table.outputs))])


def _total(table: OutputTable, amounts: list[Fraction]) -> Fraction:
    return min(amounts) if table.aggregate == "min" else max(amounts) if table.aggregate == "max" else sum(amounts, Fraction(0))


# --- questions


def diagram(table: OutputTable, asked: Decides, limits: Mapping[str, Limit]) -> Diagram | None:
    """How the answer to a question depends on the rows; nothing where that takes too many steps."""
    step, final = _walk(table, asked, limits)
    layers: list[dict[Hashable, None]] = [{None: None}]
    asking = ranked(table)
    for row in asking:
        after = dict.fromkeys(
            way for state in layers[-1] for way in ((step(state, row), state) if row.when else (step(state, row),))
        )
        layers.append(after)
        if sum(map(len, layers)) > MOST_STEPS:
            return None
    branches: dict[Hashable, Branch] = {state: final(state) for state in layers.pop()}
    steps: dict[tuple[str, str, str], tuple[OutputRow, Branch, Branch]] = {}
    numbers: dict[tuple[str, str, str], int] = {}
    for row, states in zip(reversed(asking), reversed(layers), strict=True):
        above: dict[Hashable, Branch] = {}
        for state in states:
            hit = branches[step(state, row)]
            miss = branches[state] if row.when else hit
            if repr(hit) == repr(miss):  # `True` and step 1 are equal, and not the same
                above[state] = hit
                continue
            sign = (row.id, repr(hit), repr(miss))
            steps.setdefault(sign, (row, hit, miss))
            above[state] = numbers.setdefault(sign, len(numbers))
        branches = above
    return Diagram(tuple(steps.values()), branches[None])


def _walk(
    table: OutputTable, asked: Decides, limits: Mapping[str, Limit]
) -> tuple[Callable[[Any, OutputRow], Hashable], Callable[[Any], bool]]:
    """What is remembered of the rows that hold (nothing at first), row by row, and the answer at the end."""
    name = asked.output or next(iter(table.outputs))

    def fits(value: Value | Fraction) -> bool:
        if isinstance(value, str):
            return value in asked.any_of
        exact = value if isinstance(value, Fraction) else _exact(value)
        if asked.at_least:
            return exact >= _exact(limits[asked.at_least].value)
        return exact <= _exact(limits[asked.at_most or ""].value)

    otherwise = table.otherwise is not None and fits(table.otherwise[name])
    if table.aggregate:
        empty = fits(Fraction(0)) if table.aggregate == "count" else otherwise

        def total(state: Fraction | None, row: OutputRow) -> Fraction:
            return _total(table, [*([] if state is None else [state]), _amount(table, row)])

        return total, lambda state: empty if state is None else fits(state)
    inside = {row.id: fits(row.then[name]) for row in table.rows}

    def lists(state: bool | None, row: OutputRow) -> bool:
        return bool(state) or inside[row.id]

    def first(state: bool | None, row: OutputRow) -> bool:
        return inside[row.id] if state is None else state

    def unique(state: bool | None, row: OutputRow) -> bool:
        return inside[row.id] if state is None else False

    def alike(state: str | bool | None, row: OutputRow) -> str | bool:
        said = repr(sorted(row.then.items()))
        return (said if inside[row.id] else False) if state is None else state if state == said else False

    step = {"first": first, "priority": first, "unique": unique, "any": alike}.get(table.hit, lists)
    return step, lambda state: otherwise if state is None else bool(state)


def is_single(table: OutputTable) -> bool:
    """Whether the table gives one answer: a single hit or an aggregate."""
    return table.hit in SINGLE_HIT or table.aggregate is not None
