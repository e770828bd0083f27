"""What stands on what in a pack, for the proof checker: the nodes of a proof before any fact is known.

It imports the models of the pack alone, see `proof_check.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .pack import Pack
from .pack_conditions import All, Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from .pack_tables import OutputTable, Row, Table


class Node(NamedTuple):
    """A node of the pack: its parts, each as it is or turned round. `loose` where what is open is named beside what is no."""

    kind: str
    parts: tuple[tuple[str, bool], ...]
    loose: bool = False


class Shape:
    """The nodes of a pack, and what each of them stands on. Nothing of a fact file is in it."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.nodes: dict[str, Node] = {}
        self.leaves: dict[str, Leaf] = {}
        self.decisions: dict[str, tuple[OutputTable, Decides | None]] = {}  # tables of outputs, and questions about them
        self.entries: dict[str, tuple[tuple[str, bool], ...]] = {}
        self.output_tables = {table.id: table for table in pack.output_tables}
        for name in self.output_tables:
            self._decision(name, name, None)
        for signal in pack.signals:
            self._statement(f"signal:{signal.id}", signal, False)
        for pattern in pack.antipatterns:
            self._statement(f"antipattern:{pattern.id}", pattern, False)
        self.nodes["antipatterns"] = Node("all", tuple((f"antipattern:{p.id}", True) for p in pack.antipatterns), True)
        for checklist in pack.checklists:
            for item in checklist.items:
                self._statement(f"item:{checklist.id}/{item.id}", item, True)
            items = tuple((f"item:{checklist.id}/{item.id}", False) for item in checklist.items)
            self.nodes[f"checklist:{checklist.id}"] = Node("all", items, True)
        for table in pack.tables:
            leaves = [self.leaf(leaf) for leaf in (*questions(table), *(chosen(table, row) for row in table.rows))]
            asked = [*(f"signal:{row.when}" for row in table.rows), *leaves]
            self.nodes[f"table:{table.id}"] = Node("table", tuple((name, False) for name in asked))
        for gate in pack.gates:
            for criterion in gate.exit:
                self._statement(f"criterion:{criterion.id}", criterion, True)
            self.entries[gate.id] = self._entry(f"entry:{gate.entry.id}", gate.entry)

    def _decision(self, name: str, table: str, asked: Decides | None) -> str:
        found = self.output_tables[table]
        self.decisions[f"decision:{name}"] = found, asked
        signals = sorted({f"signal:{row.when}" for row in found.rows if row.when})
        self.nodes[f"decision:{name}"] = Node("decision", tuple((signal, False) for signal in signals))
        return f"decision:{name}"

    def leaf(self, leaf: Leaf) -> str:
        self.leaves[f"leaf:{leaf.key}"] = leaf
        self.nodes[f"leaf:{leaf.key}"] = Node("leaf", ())
        return f"leaf:{leaf.key}"

    def _entry(self, name: str, entry: Statement) -> tuple[tuple[str, bool], ...]:
        if not entry.any:
            return self._parts(entry.all, f"{name}/")
        self.nodes[f"{name}/any"] = Node("any", self._parts(entry.any, f"{name}/"))
        return ((f"{name}/any", False),)

    def _statement(self, name: str, said: Statement, loose: bool) -> None:
        parts = self._parts(said.all or said.any, f"{name}/")
        self.nodes[name] = Node("all" if said.all else "any", parts, loose and bool(said.all))

    def _parts(self, conditions: Iterable[Condition], prefix: str) -> tuple[tuple[str, bool], ...]:
        return tuple(self._condition(one, f"{prefix}{number}") for number, one in enumerate(conditions, 1))

    def _condition(self, one: Condition, name: str) -> tuple[str, bool]:
        if isinstance(one, Leaf):
            return self.leaf(one), False
        if isinstance(one, SignalIs):
            return f"signal:{one.signal}", not one.holds
        if isinstance(one, CriterionHolds):
            return f"criterion:{one.criterion}", False
        if isinstance(one, Passes):
            return f"checklist:{one.passes}", False
        if isinstance(one, FreeOf):
            return "antipatterns", False
        if isinstance(one, Decides):
            return self._decision(one.key, one.table, one), False
        if isinstance(one, Follows):
            return f"table:{one.follows}", False
        inner = one.all if isinstance(one, All) else one.any
        self.nodes[name] = Node("all" if isinstance(one, All) else "any", self._parts(inner, f"{name}."))
        return name, False

    def downwards(self) -> list[str]:
        """Every node after those that it stands on."""
        done: dict[str, None] = {}
        for name in self.nodes:
            todo = [name]
            while todo:
                below = [part for part, _ in self.nodes[todo[-1]].parts if part not in done] if todo[-1] not in done else []
                if below:
                    todo += below
                else:
                    done[todo.pop()] = None
        return list(done)


def questions(table: Table) -> tuple[Leaf, Leaf]:
    """The questions whether a choice and a rationale are stated."""
    return Leaf(fact=table.declared), Leaf(fact=table.rationale)


def chosen(table: Table, row: Row) -> Leaf:
    """The question whether the default of a row is declared."""
    return Leaf(fact=table.declared, operator="is", argument=row.default.choice)
