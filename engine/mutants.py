"""A pack -> its mutants: each the same pack with one small thing in it changed, as a slip of the pen would change it.

A mutant has a name that says where and what (`criterion budgets: drop all/2`), the same in every run. Conditions are counted
from 1, along the way to them: `any/2/all/1` is the first part of the second alternative.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from .cells import ANY
from .pack import Pack
from .pack_conditions import All, AnyOf, Condition, Decides, Follows, Leaf, SignalIs, Statement
from .pack_tables import OutputRow, OutputTable, Row, Table
from .pack_walks import Location, below, inner, placed
from .rows import rows
from .table_mutants import of_cell, of_outputs, resolution
from .vocabulary import Limit

WORDS = {"placeholder": "placeholders", "nobody": "nobody", "moving": "moving"}
_FLIPS = {
    "at_least": "at_most",
    "at_most": "at_least",
    "some_from": "at_least",
    "any_of": "none_of",
    "none_of": "any_of",
    "includes": "any_of",
    "found_in": "apart_from",
    "apart_from": "found_in",
    "measurable": "stated",
    "named": "stated",
    "pinned": "stated",
}
_LENGTHS = (86400, 3600, 60, 1)  # seconds of a day, an hour, a minute
M = TypeVar("M", bound=BaseModel)
Change = tuple[str, Any]  # what is done, and what stands there then


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a pack: `value` in place of what stands `at` a location.

    `about` is what a case would name (`criterion budgets`, `limit psi-major`), `touches` what a case may expect (kind and name)
    that the change may turn round directly, and `location` where to look for it.
    """

    about: str
    does: str
    location: Location
    at: Location
    value: Any
    touches: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """What it is about, and what is done."""
        return f"{self.about}: {self.does}"

    def of(self, pack: Pack) -> Pack:
        """The mutated pack."""
        return replaced(pack, self.at, self.value)


def replaced(whole: Any, at: Location, value: Any) -> Any:
    """A copy of a model, mapping or tuple with something else at a location in it."""
    if not at:
        return value
    step, rest = at[0], at[1:]
    if isinstance(step, int):
        items = cast("tuple[Any, ...]", whole)
        return (*items[:step], replaced(items[step], rest, value), *items[step + 1 :])
    if isinstance(whole, dict):
        return {**cast("dict[str, Any]", whole), step: replaced(whole[step], rest, value)}
    return changed(whole, **{step: replaced(getattr(whole, step), rest, value)})


def changed(model: M, **values: Any) -> M:
    """A copy of a model with other values, and without what the model has worked out from the old ones."""
    copied = model.model_copy(update=values)
    held = cast("dict[str, Any]", copied.__dict__)
    for name in set(held) - set(type(copied).model_fields):
        del held[name]
    return copied


def mutants(pack: Pack) -> Iterator[Mutant]:
    """Every mutant of a pack, in the order of its files."""
    of_rows = {row.when: (f"row {table.id}/{row.id}", row) for _, table, row in rows(pack) if row.cells}
    for kind, statement, _, location in placed(pack):
        name = statement_name(pack, kind, statement, location)
        about, row = of_rows.get(name, ("", None)) if kind == "signal" else ("", None)
        for does, where, at, value in _of_statement(pack, kind, statement, location):
            does = _by_input(does, row) if row else does
            yield Mutant(about or f"{kind} {name}", does, where, at, value, _touched(pack, kind, name))
    for n, gate in enumerate(pack.gates):
        for m, need in enumerate(gate.needs):
            rest = (*gate.needs[:m], *gate.needs[m + 1 :])
            where: Location = ("gates", n, "needs")
            touched = (("entry", gate.entry.id), ("gate", gate.id))
            yield Mutant(f"gate {gate.id}", f"drop the need of {need}", (*where, m), where, rest, touched)
    for n, table in enumerate(pack.tables):
        yield from _of_table(pack, table, ("tables", n))
    for n, table in enumerate(pack.output_tables):
        for row, does, where, at, value in of_outputs(table):
            about = f"row {table.id}/{row}" if row else f"table {table.id}"
            here: Location = ("output_tables", n)
            yield Mutant(about, does, (*here, *where), (*here, *at), value, _shown_by(pack, table))
    for name, limit in pack.limits.items():
        yield from _of_limit(pack, name, limit)
    for kind, key in WORDS.items():
        words = cast("tuple[str, ...]", getattr(pack, key))
        for n, word in enumerate(words):
            yield Mutant(f"{kind} {word or '(empty)'}", "drop", (key, n), (key,), (*words[:n], *words[n + 1 :]), ())


def _by_input(does: str, row: Row | OutputRow) -> str:
    """What is done to a row, with its cells by their inputs in place of the conditions that are made of them."""
    names = [name for name, cell in row.cells.items() if cell != ANY]
    return re.sub(r"\ball/(\d+)", lambda found: f"if/{names[int(found[1]) - 1]}", does, count=1)


def statement_name(pack: Pack, kind: str, statement: Statement, location: Location) -> str:
    """The name by which a case expects something of a statement."""
    return f"{pack.checklists[int(location[1])].id}/{statement.id}" if kind == "item" else statement.id


def _shown_by(pack: Pack, table: OutputTable) -> tuple[tuple[str, str], ...]:
    """What shows the answer of a table of outputs: itself, and the statements that ask for it."""
    asking = (
        (kind, statement_name(pack, kind, one, where))
        for kind, one, _, where in placed(pack)
        if any(isinstance(part, Decides) and part.table == table.id for part, _ in below(one, where))
    )
    return (("table", table.id), *asking)


def _touched(pack: Pack, kind: str, name: str) -> tuple[tuple[str, str], ...]:
    """What a statement is expected as: a signal also as its alternatives, and as the rows that it makes hold."""
    if kind != "signal":
        return ((kind, name),)
    signal = next(one for one in pack.signals if one.id == name)
    rules = (("rule", f"{name}/{number}") for number in range(1, len(signal.any) + 1))
    shown = [("row", f"{table.id}/{row.id}") for _, table, row in rows(pack) if row.when == name]
    outputs = [table for table in pack.output_tables if any(row.when == name for row in table.rows)]
    own = (*shown, (kind, name), *rules) if name in pack.implied else ((kind, name), *rules, *shown)  # rows by their own names
    return (*own, *(touched for table in outputs for touched in _shown_by(pack, table)))


# --- statements


def _of_statement(
    pack: Pack, kind: str, statement: Statement, location: Location
) -> Iterator[tuple[str, Location, Location, Any]]:
    groups = [(statement, location), *(found for found in below(statement, location) if inner(found[0])[0])]
    for group, where in groups:
        key, parts = inner(group)
        at = _counted(where[len(location) :])
        if len(parts) > 1:
            other = "any" if key == "all" else "all"
            if isinstance(group, Statement):
                value: Any = changed(group, **{key: (), other: parts})
            else:
                value = All.model_construct(all=parts) if other == "all" else AnyOf.model_construct(any=parts)
            yield f"{at} {key} -> {other}".strip(), where, where, value
        for number, part in enumerate(parts):
            here: Location = (*where, key, number)
            if len(parts) > 1 or kind == "entry":
                rest = (*parts[:number], *parts[number + 1 :])
                yield f"drop {_counted(here[len(location) :])}", here, (*where, key), rest
            for does, changed_part in _of_condition(pack, part):
                yield f"{_counted(here[len(location) :])} {does}", here, here, changed_part


def _counted(way: Location) -> str:
    return "/".join(str(step + 1) if isinstance(step, int) else step for step in way)


def _of_condition(pack: Pack, part: Condition) -> Iterator[Change]:
    if isinstance(part, SignalIs):
        yield f"is {str(part.holds).lower()} -> is {str(not part.holds).lower()}", changed(part, holds=not part.holds)
    if isinstance(part, Leaf):
        for does, operator, argument in _of_question(pack, part.fact, part.operator, part.argument):
            yield does, changed(part, operator=operator, argument=argument)


def _of_question(pack: Pack, fact: str, operator: str, argument: Any) -> Iterator[tuple[str, str, Any]]:
    """Other questions about the same fact: what is done, the operator, its argument."""
    if operator in _FLIPS and not (operator == "includes" and len(argument) == 1):  # of one choice they ask the same
        other = _FLIPS[operator]
        yield f"{operator} -> {other}", other, True if other == "stated" else argument
    if operator == "is":
        choices = pack.facts[fact].choices
        following = choices[(choices.index(argument) + 1) % len(choices)]
        yield f"is {argument} -> is not {argument}", "none_of", [argument]
        if following != argument:
            yield f"is {argument} -> is {following}", "is", following
    if operator in ("includes", "any_of", "none_of") and len(argument) > 1:
        for name in argument:
            yield f"{operator} without {name}", operator, [one for one in argument if one != name]
    if operator == "cell":
        yield from ((does, operator, other) for does, other in of_cell(argument))
    if operator == "count":
        one, other = ("at_least", "at_most") if "at_least" in argument else ("at_most", "at_least")
        yield f"count {one} -> {other}", operator, {other if key == one else key: value for key, value in argument.items()}
    if operator == "without":
        name, asked = next(iter(argument.items())) if isinstance(argument, dict) else (argument, True)  # pyright: ignore
        yield f"without {name} -> {name}", str(name), asked  # pyright: ignore[reportUnknownArgumentType]
        if name != "stated":
            yield f"without {name} -> without stated", operator, "stated"


# --- tables


def _of_table(pack: Pack, table: Table, at: Location) -> Iterator[Mutant]:
    followed = [
        (kind, statement_name(pack, kind, one, where))
        for kind, one, _, where in placed(pack)
        if any(isinstance(part, Follows) and part.follows == table.id for part, _ in below(one, where))
    ]
    touched = (*followed, *(("row", f"{table.id}/{row.id}") for row in table.rows))
    for n in range(len(table.priority) - 1):
        one, other = table.priority[n : n + 2]
        value = (*table.priority[:n], other, one, *table.priority[n + 2 :])
        yield Mutant(
            f"table {table.id}", f"swap the ranks of {one} and {other}", (*at, "priority", n), (*at, "priority"), value, touched
        )
    for n, row in enumerate(table.rows):
        swapped: Row = changed(row, default=row.alternative, alternative=row.default)
        where: Location = (*at, "rows", n)
        yield Mutant(f"row {table.id}/{row.id}", "swap default and alternative", (*where, "default"), where, swapped, touched)


# --- limits


def _of_limit(pack: Pack, name: str, limit: Limit) -> Iterator[Mutant]:
    users = tuple(
        touched
        for kind, statement, _, location in placed(pack)
        if any(name in limits_in(part) for part, _ in below(statement, location))
        for touched in _touched(pack, kind, statement_name(pack, kind, statement, location))
    )
    exact = Decimal(repr(limit.value))
    step = _step(exact, _measures(pack, name))
    for moved in (exact + step, exact - step):
        where: Location = ("limits", name, "value")
        yield Mutant(f"limit {name}", f"{_plain(exact)} -> {_plain(moved)}", where, where, float(moved), users)


def limits_in(part: Condition) -> tuple[str, ...]:
    """The limits that a condition names."""
    if isinstance(part, Decides):
        return tuple(name for name in (part.at_least, part.at_most) if name)
    if not isinstance(part, Leaf):
        return ()
    argument = part.argument
    if part.operator == "without" and isinstance(argument, dict):
        operator, argument = next(iter(argument.items()))  # pyright: ignore
    else:
        operator = part.operator
    if operator in ("at_least", "at_most", "some_from"):
        return (str(argument),)  # pyright: ignore[reportUnknownArgumentType]
    if operator in ("count", "varies"):
        return tuple(value for key, value in argument.items() if key != "by")  # pyright: ignore
    return ()


def _measures(pack: Pack, name: str) -> str:
    """What a limit is a limit of: `whole` numbers, or the type of the fact."""
    leaves = [part for _, one, _, where in placed(pack) for part, _ in below(one, where) if isinstance(part, Leaf)]
    leaves = [leaf for leaf in leaves if name in limits_in(leaf)]
    counts = [key for leaf in leaves if isinstance(leaf.argument, dict) for key, value in leaf.argument.items() if value == name]
    if any(key in ("at_least", "at_most", "over") for key in counts):
        return "whole"  # so many records
    if not leaves:  # what a table of outputs gives; or days after which evidence is stale
        return "whole" if pack.limits[name].value.is_integer() else "ratio"
    kind = pack.facts[leaves[0].fact].type
    return "ratio" if "varies" in {leaf.operator for leaf in leaves} else "whole" if kind == "integer" else kind


def _step(value: Decimal, measures: str) -> Decimal:
    """The resolution of a number: its last digit but one of at least two, a percent of a share, a whole unit of a length."""
    if measures == "whole":
        return Decimal(1)
    if measures == "duration":
        return Decimal(next(size for size in _LENGTHS if size == 1 or (value % size == 0 and abs(value) >= 2 * size)))
    step = resolution(value)
    return min(step, Decimal("0.01")) if measures == "share" else step


def _plain(value: Decimal) -> str:
    return f"{float(value):.12g}"


def chosen(found: Iterable[Mutant], names: Sequence[str], file_of: Any) -> tuple[list[Mutant], list[str]]:
    """The mutants that any of `names` means, and the names that mean none: a file of the pack with or without its ending,
    a thing (`criterion budgets` or `budgets`), or a mutant."""
    kept: list[Mutant] = []
    used: set[str] = set()
    for mutant in found:
        file = str(file_of(mutant)).removesuffix(".yaml")
        means = {mutant.name, mutant.about, mutant.about.partition(" ")[2]}
        hits = [name for name in names if name in means or f"/{file}".endswith(f"/{name.removesuffix('.yaml')}")]
        used.update(hits)
        if hits or not names:
            kept.append(mutant)
    return kept, [name for name in names if name not in used]
