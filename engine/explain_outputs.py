"""Why a table of outputs says what it says, as steps of an explanation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from . import table_words
from .pack_conditions import Decides
from .pack_tables import OutputRow, OutputTable
from .steps import Step
from .verdict import Verdict

_ROW = {"yes": "holds", "no": "does not hold", "open": "unknown"}
_ASKED = {"yes": "met", "no": "unmet", "open": "unknown"}


class Outputs:
    """The tables of outputs of a verdict. `side` is yes, no or open for a node; `signal` explains one that is wanted or not."""

    def __init__(self, verdict: Verdict, side: Callable[[str], str], signal: Callable[[str, bool], Step]) -> None:
        self.pack, self.side, self.signal = verdict.pack, side, signal
        self.found = {found.table.id: found for found in verdict.decisions}

    def decision(self, name: str) -> Step:
        """What a table says, and how each of its rows stands."""
        table, answer = self.found[name].table, self.found[name].answer
        says = table_words.sure(table, answer)
        if answer.status == "conditional":
            says = f"it depends on what is not known yet; if none of these rows holds, {says}"
        wanted = {"conflict": False, "nothing": True}
        rows = tuple(self._row(table, row, wanted.get(answer.status, self._side(row) != "no")) for row in table.rows)
        return Step("table", name, table.title, answer.status, says, good=answer.status == "decided", children=rows)

    def decides(self, asked: Decides) -> Step:
        """Whether a table says what is asked for: the rows by which it does or does not, or those that are not known."""
        table, answer = self.found[asked.table].table, self.found[asked.table].answer
        side, asks = self.side(f"decision:{asked.key}"), table_words.question(asked, self.pack.limits)
        shown = answer.open if side == "open" else answer.rows or [row for row in table.rows if self._side(row) == "no"]
        rows = tuple(self._row(table, row, side == "yes" or self._side(row) != "yes") for row in shown)
        if side == "no":  # what the table has to say instead is for the pack to say: another row may be in the way
            rows = tuple(map(_without_faults, rows))
        says = f"`{table.id}` says {table_words.sure(table, answer)}"
        if side == "no":
            says += f"; asked for is {asks}"
        elif side == "open":
            says = f"it is not known yet whether `{table.id}` says {asks}"
        return Step("table", table.id, table.title, _ASKED[side], says, good=side == "yes", children=rows)

    def _row(self, table: OutputTable, row: OutputRow, wanted: bool) -> Step:
        group = self.signal(row.when, wanted) if row.when else Step("row", "", "", "", good=wanted)
        title = table_words.outputs(table, row.then)
        return replace(group, kind="row", id=f"{table.id}/{row.id}", title=title, status=_ROW[self._side(row)])

    def _side(self, row: OutputRow) -> str:
        return self.side(f"signal:{row.when}") if row.when else "yes"


def _without_faults(step: Step) -> Step:
    return replace(step, fault=False, either=False, children=tuple(map(_without_faults, step.children)))
