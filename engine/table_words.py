"""What a table of outputs says, in words. Texts of the pack as they are, no markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import hits
from .cells import literal
from .pack_conditions import Decides
from .pack_tables import Output, OutputRow, OutputTable, Value
from .vocabulary import Limit

CONFLICTS = {"unique": "`unique` allows one row at a time", "any": "`any` allows only rows that say the same"}


@dataclass(frozen=True, slots=True)
class Case:
    """What a table would say if a row that is not known held, and no other of these did."""

    row: OutputRow
    says: str


def outputs(table: OutputTable, said: hits.Outputs) -> str:
    """Every output with its value: `Depth: board, Days: 5 days`."""
    return ", ".join(_output(table.outputs.get(name), value) for name, value in said.items())


def _output(known: Output | None, value: Value) -> str:
    if known is None:
        return f"{literal(value)} rows" if value != 1 else "1 row"
    shown = value if isinstance(value, str) else literal(value)
    return f"{known.title}: {shown}" + (f" {known.unit}" if known.unit else "")


def sure(table: OutputTable, found: hits.Answer) -> str:
    """The answer where it is definite; of a conditional one, what it is if no row that is open holds."""
    if found.status == "conflict":
        return f"a conflict: {names(found.rows)} hold together, and {CONFLICTS.get(table.hit, table.hit)}"
    listed = "; ".join(outputs(table, said) for said in found.outputs)
    if not listed:
        return "nothing, because no row holds"
    return listed + ("" if found.rows or table.aggregate == "count" else " (what holds otherwise, because no row does)")


def short(table: OutputTable, found: hits.Answer) -> str:
    """The answer in one line; of a conditional one, on what it depends."""
    if found.status != "conditional":
        return sure(table, found)
    return f"not decided yet, {bounds(table, found) or 'it depends on ' + names(found.open)}"


def cases(table: OutputTable, found: hits.Answer) -> tuple[Case, ...]:
    """What each row that is open would make of a conditional answer."""
    return tuple(Case(row, sure(table, _with(table, found, row))) for row in found.open)


def bounds(table: OutputTable, found: hits.Answer) -> str:
    """Between what an aggregate that is not known yet lies."""
    if found.bounds is None:
        return ""
    name = hits.COUNTED if table.aggregate == "count" else next(iter(table.outputs))
    low, high = (outputs(table, {name: end}) for end in found.bounds)
    label = f"{table.outputs[name].title}: " if name in table.outputs else ""
    between = f"{label}from {low.removeprefix(label)} to {high.removeprefix(label)}" if low != high else low
    return between + ("" if found.outputs else ", or nothing")


def question(asked: Decides, limits: Mapping[str, Limit]) -> str:
    """What a question asks for: `board or peer`, `at most 5`."""
    if asked.any_of:
        return " or ".join(f"`{value}`" for value in asked.any_of)
    name = asked.at_least or asked.at_most or ""
    return f"at {'least' if asked.at_least else 'most'} {literal(limits[name].value)} ({name})"


def names(rows: tuple[OutputRow, ...]) -> str:
    """The ids of rows."""
    listed = [f"`{row.id}`" for row in rows]
    if not listed:
        return "no row"
    return ("row " if len(rows) == 1 else "rows ") + (
        " and ".join([", ".join(listed[:-1]), listed[-1]]) if listed[1:] else listed[0]
    )


def _with(table: OutputTable, found: hits.Answer, row: OutputRow) -> hits.Answer:
    """The answer where `row` holds beside the rows that do."""
    holding = {one.id for one in (*found.rows, row)}
    return hits.answer(table, {one.id: "yes" if one.id in holding else "no" for one in table.rows})
