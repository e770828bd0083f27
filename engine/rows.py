"""Rows with cells -> signals: what a row asks under `if` becomes a signal of its own, so that nothing else has to know of cells.

The signal of row `r` of table `t` is called `t-r`. It holds where all cells of the row do. A row without cells, or with
nothing but `-`, has no signal: it always holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .cells import ANY, parse
from .document import Document
from .nodes import Node
from .pack import Pack, Signal
from .pack_conditions import Condition, Leaf, SignalIs
from .pack_tables import Input, OutputRow, OutputTable, Row, Table
from .pack_walks import Location

Origin = dict[Location, tuple[str, Node]]


def spelt_out(pack: Pack) -> Pack:
    """The pack with a signal for each row that has cells, behind the signals that are written in it."""
    signals: list[Signal] = []
    tables = tuple(_spelt_out(pack, table, signals) for table in pack.tables)
    output_tables = tuple(_spelt_out(pack, table, signals) for table in pack.output_tables)
    if not signals and tables == pack.tables and output_tables == pack.output_tables:
        return pack
    return pack.model_copy(update={"signals": (*pack.signals, *signals), "tables": tables, "output_tables": output_tables})


def written(doc: Document, outputs: bool) -> list[Node]:
    """The table of a file, where it is one of outputs (or, without `outputs`, a policy table)."""
    table = doc.root.entries.get("table")
    return [table.value] if table and ("outputs" in table.value.entries) == outputs else []


def origins(pack: Pack, origin: Origin) -> Origin:
    """Where the signals of rows stand: at their rows, and what they ask at the cells."""
    found: Origin = {}
    numbers = {
        signal.id: number for number, signal in enumerate(pack.signals)
    }  # of two of one name the later, which is the row's
    for location, table, row in rows(pack):
        number = numbers.get(row.when)
        if number is None or not row.cells or location[:2] not in origin:
            continue
        file, node = origin[location[:2]]
        at = _at(node, location[2:])
        found["signals", number] = file, at
        for part, name in enumerate(_asking(pack, table, row)):
            found["signals", number, "all", part] = file, _at(at, ("if", name))
    return found


def rows(pack: Pack) -> Iterator[tuple[Location, Table | OutputTable, Row | OutputRow]]:
    """Every row of both kinds of table, with its table and where it stands."""
    for kind, tables in (("tables", pack.tables), ("output_tables", pack.output_tables)):
        for n, table in enumerate(tables):
            yield from (((kind, n, "rows", m), table, row) for m, row in enumerate(table.rows))


def _spelt_out(pack: Pack, table: Any, signals: list[Signal]) -> Any:
    made: list[Row | OutputRow] = []
    for row in table.rows:
        asking = _asking(pack, table, row)
        if asking:
            signal = Signal.model_construct(
                id=f"{table.id}-{row.id}", title=_title(table, row, asking), all=tuple(asking.values()), any=()
            )
            signals.append(signal)
            made.append(row.model_copy(update={"when": signal.id}))
        else:
            made.append(row)
    return table.model_copy(update={"rows": tuple(made)})


def _asking(pack: Pack, table: Table | OutputTable, row: Row | OutputRow) -> dict[str, Condition]:
    """What the cells of a row ask, by input; what names nothing is left to the checks of the pack."""
    found: dict[str, Condition] = {}
    for name, cell in row.cells.items():
        known = table.inputs.get(name)
        condition = _condition(pack, known, cell) if known and cell != ANY else None
        if condition is not None:
            found[name] = condition
    return found


def _condition(pack: Pack, known: Input, cell: str) -> Condition | None:
    if known.signal:
        there = any(signal.id == known.signal for signal in pack.signals)
        return (
            SignalIs.model_construct(signal=known.signal, holds=cell == "true") if there and cell in ("true", "false") else None
        )
    if known.fact not in pack.facts:
        return None
    argument = {"test": cell, "in": known.unit} if known.unit else cell
    return Leaf.model_construct(fact=known.fact, operator="cell", argument=argument)


def _title(table: Table | OutputTable, row: Row | OutputRow, asking: dict[str, Condition]) -> str:
    """The words of a policy row; of a row of outputs its cells in words."""
    if isinstance(row, Row):
        return row.signal
    return ", ".join(_words(name, table.inputs[name], row.cells[name]) for name in asking)


def _words(name: str, known: Input, text: str) -> str:
    """A cell in words: `impact is high`, `age > 30 days`, `unstable` (which is a signal)."""
    title, cell = known.title or name, parse(text)
    if known.signal:
        return title if text == "true" else f"not {title}"
    unit = f" {known.unit}" if known.unit else ""
    told = " or ".join(str(one.low) if one.kind == "text" else one.text for one in cell.tests)
    compared = not cell.negated and len(cell.tests) == 1 and told.startswith((">", "<"))
    return f"{title} {'' if compared else 'is not ' if cell.negated else 'is '}{told}{unit}"


def _at(node: Node, location: Location) -> Node:
    """The node along a location, as deep as it goes."""
    for step in location:
        if isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        elif isinstance(step, str) and step in node.entries:
            node = node.entries[step].value
    return node
