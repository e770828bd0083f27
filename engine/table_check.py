"""Tables against themselves and the vocabulary: inputs and outputs that are not there, cells and values that don't fit.

That a cell fits the type of its fact is said where the signal of its row is checked, see `pack_check`.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import hits
from .cells import ANY
from .pack import Pack
from .pack_check import Wrong, one_of
from .pack_conditions import Decides
from .pack_tables import SINGLE_HIT, Input, OutputRow, OutputTable, Row, Table, Value
from .pack_walks import Location, below, placed
from .rows import rows


def wrong_tables(pack: Pack) -> Iterator[Wrong]:
    """What is wrong with the tables of a pack, beside what their types say."""
    for kind, tables in (("tables", pack.tables), ("output_tables", pack.output_tables)):
        for n, table in enumerate(tables):
            for name, known in table.inputs.items():
                yield from _wrong_input(pack, known, (kind, n, "inputs", name))
    for location, table, row in rows(pack):
        yield from _wrong_row(pack, table, row, location)
    for n, table in enumerate(pack.output_tables):
        yield from _wrong_outputs(table, ("output_tables", n))
        for m, row in enumerate(table.rows):
            yield from _wrong_values(table, row.then, ("output_tables", n, "rows", m, "then"), f"row `{row.id}`")
        if table.otherwise is not None:
            yield from _wrong_values(table, table.otherwise, ("output_tables", n, "otherwise"), "`otherwise`")
    for kind, statement, _, location in placed(pack):
        for part, where in below(statement, location):
            if isinstance(part, Decides):
                yield from ((where, f"{kind} `{statement.id}`: {what}", mend) for what, mend in _wrong_question(pack, part))


def _wrong_input(pack: Pack, known: Input, where: Location) -> Iterator[Wrong]:
    if known.signal:
        signals = {signal.id for signal in pack.signals}
        if known.signal not in signals:
            yield (*where, "signal"), f"no signal is called `{known.signal}`", one_of(signals, known.signal)
        if known.unit:
            yield (*where, "in"), "a signal has no unit", "take `in` out"
    elif known.fact not in pack.facts:
        yield (*where, "fact"), f"no fact is called `{known.fact}`", one_of(pack.facts, str(known.fact))
    elif (pack.facts[known.fact].type == "duration") != bool(known.unit):
        what = "is a duration, and `in` has to name its unit" if not known.unit else "is no duration, so it has no `in`"
        yield where, f"`{known.fact}` {what}", "write as in {fact: data.age, in: days}, with `in` for durations only"


def _wrong_row(pack: Pack, table: Table | OutputTable, row: Row | OutputRow, where: Location) -> Iterator[Wrong]:
    for name, cell in row.cells.items():
        here: Location = (*where, "if", name)
        if name not in table.inputs:
            yield here, f"row `{row.id}`: `{table.id}` has no input `{name}`", one_of(table.inputs, name)
        elif table.inputs[name].signal and cell not in ("true", "false", ANY):
            yield here, f"row `{row.id}`: `{name}` is a signal, and {cell} is no state of it", "write true, false or `-`"
    if isinstance(row, Row) and row.cells and set(row.cells.values()) == {ANY}:
        what = f"row `{row.id}` asks nothing: a row that always holds would hide what nobody has thought of"
        yield where, what, "say when it holds"


def _wrong_outputs(table: OutputTable, where: Location) -> Iterator[Wrong]:
    numbers = [name for name, output in table.outputs.items() if not output.values]
    if table.hit in ("priority", "output-order") and len(numbers) == len(table.outputs):
        what = f"`{table.hit}` ranks rows by their values, and no output of `{table.id}` lists any"
        yield (*where, "hit"), what, "give an output `values`, the highest priority first"
    for name, output in table.outputs.items():
        if len(set(output.values)) < len(output.values):
            yield (*where, "outputs", name, "values"), f"`{name}` lists a value twice", "keep one of the two"
    if table.aggregate is None:
        return
    if table.hit != "collect":
        yield (*where, "aggregate"), f"`aggregate` goes with `hit: collect`, and this is `{table.hit}`", "take it out"
    elif table.aggregate != "count" and (len(numbers) != 1 or len(table.outputs) != 1):
        what = f"`aggregate: {table.aggregate}` takes one output, which is a number"
        yield (*where, "aggregate"), what, "leave one output without `values`, or make one table for each"
    elif table.aggregate == "count" and table.otherwise is not None:
        yield (*where, "otherwise"), "no row counts as 0, so nothing holds otherwise", "take `otherwise` out"


def _wrong_values(table: OutputTable, said: dict[str, Value], where: Location, whose: str) -> Iterator[Wrong]:
    for name in table.outputs:
        if name not in said:
            yield where, f"{whose} gives no `{name}`", f"add `{name}:`"
    for name, value in said.items():
        known = table.outputs.get(name)
        here: Location = (*where, name)
        if known is None:
            yield here, f"{whose}: `{table.id}` has no output `{name}`", one_of(table.outputs, name)
        elif known.values and value not in known.values:
            yield here, f"{whose}: `{value}` is no value of `{name}`", one_of(known.values, str(value))
        elif not known.values and isinstance(value, str):
            what = f"{whose}: `{name}` is a number, and here is the text `{value}`"
            yield here, what, f"write a number, or list the values of `{name}` under `values`"


def _wrong_question(pack: Pack, asked: Decides) -> Iterator[tuple[str, str]]:
    """What is wrong with a question about a table of outputs."""
    tables = {table.id: table for table in pack.output_tables}
    table = tables.get(asked.table)
    if table is None:
        yield f"no table of outputs is called `{asked.table}`", one_of(tables, asked.table)
        return
    limit = asked.at_least or asked.at_most
    if limit and limit not in pack.limits:
        yield f"no limit is called `{limit}`", one_of(pack.limits, limit)
        return
    if table.aggregate == "count":
        if asked.output or not limit:
            yield f"`{table.id}` counts rows", "compare the number with `at_least` or `at_most`, without `output`"
            return
    elif asked.output is None and len(table.outputs) > 1:
        yield f"`{table.id}` has several outputs", "name one: " + ", ".join(table.outputs)
        return
    elif asked.output is not None and asked.output not in table.outputs:
        yield f"`{table.id}` has no output `{asked.output}`", one_of(table.outputs, asked.output)
        return
    else:
        output = table.outputs[asked.output or next(iter(table.outputs))]
        strange = [value for value in asked.any_of if value not in output.values]
        if output.values and limit:
            yield "the output is no number, so no limit applies to it", "ask for values with `any_of`"
            return
        if strange and not output.values:
            yield "the output is a number", "compare it with `at_least` or `at_most` and a limit"
            return
        if strange:
            yield f"`{strange[0]}` is no value of the output", one_of(output.values, strange[0])
            return
        if limit and table.hit not in SINGLE_HIT and not table.aggregate:
            yield f"`{table.id}` gives a list of numbers", "compare an aggregate of them, or one value of a single hit"
            return
    if not any(_wrong_outputs(table, ())) and hits.diagram(table, asked, pack.limits) is None:
        what = f"`{table.id}` can come out in too many ways to reason about"
        yield what, f"have fewer rows, or numbers with fewer different sums (at most {hits.MOST_STEPS} steps)"
