"""Verdict -> proof: what was concluded and on what, as plain data that `proof_check.py` can replay.

The proof is read from the answers and the derivations, so it tells what the engine did. What it looks like, and what a
right one is, stands in `proof_check.py`, which shares nothing with the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from . import proof_check
from .conditions import Answer
from .errors import EngineFault
from .facts import Fact, Facts, Item
from .measures import Threshold
from .pack_conditions import Leaf
from .pack_tables import Table
from .proof_facts import FactData, FactSheet, ItemData
from .verdict import CriterionVerdict, GateVerdict, Proof, Verdict

_SIDES = ("yes", "no", "open")
_SIDE = {"met": "yes", "unmet": "no", "unknown": "open"}
_JUDGED = {side: word for word, side in _SIDE.items()}


def of(verdict: Verdict, subject: str | None = None) -> dict[str, Any]:
    """The proof of the whole verdict, of a gate by its id, or of any node by its name (`signal:high-risk-impact`).

    Raises LookupError where the verdict says nothing of `subject`.
    """
    gate = subject in verdict.pack.gates_by_id
    return _Writing(verdict).proof("verdict" if subject is None else f"gate:{subject}" if gate else subject)


def replay(verdict: Verdict) -> int:
    """Have the proof of the whole verdict checked; how many nodes it has. Raises EngineFault where it is rejected."""
    try:
        written = of(verdict)
    except LookupError as error:
        raise EngineFault(f"the verdict can't be proved: {error}") from error
    faults = proof_check.check(written, sheet(verdict.facts, verdict.program.waived), verdict.pack)
    if faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise EngineFault(f"the proof checker rejects the verdict: {faults[0]}{more}")
    return len(written["nodes"])


# --- facts as plain data


def sheet(facts: Facts, waived: Iterable[str] = ()) -> FactSheet:
    """All that a verdict stands on beside the pack, as plain data."""
    return {
        "digest": facts.digest,
        "problems": len(facts.problems),
        "assumptions": _assumptions_count(facts),
        "order": list(facts.sequence.order) if facts.sequence else None,
        "waived": sorted(waived),
        "plain": {path: _fact(fact) for path, fact in facts.plain.items()},
        "records": {
            path: [{field: _fact(fact) for field, fact in row.items()} for row in rows] for path, rows in facts.records.items()
        },
    }


def _assumptions_count(facts: Facts) -> bool:
    rows = (fact for rows in facts.records.values() for row in rows for fact in row.values())
    return all(fact.counts for fact in (*facts.plain.values(), *rows))


def _fact(fact: Fact) -> FactData:
    return {"within": fact.within, "state": fact.state, "measured": fact.measured, "items": [_item(item) for item in fact.items]}


def _item(item: Item) -> ItemData:
    if item.flaw:
        return {"value": None, "shown": item.shown, "flaw": item.flaw}
    if isinstance(item.value, Threshold):
        return {"value": item.value.value, "shown": item.shown, "metric": item.value.metric}
    return {"value": item.value, "shown": item.shown}


# --- the verdict as a graph


class _Writing:
    def __init__(self, verdict: Verdict) -> None:
        self.verdict, self.program, self.pack = verdict, verdict.program, verdict.pack
        self.by_head = Proof(verdict.derivations, verdict.answers).by_head
        self.gates = {f"gate:{found.gate.id}": found for found in verdict.gates}
        self.entries = {f"entry:{found.entry.criterion.id}": found for found in verdict.gates}
        self.criteria = {f"criterion:{one.criterion.id}": one for found in verdict.gates for one in found.exit}
        self.tables = {f"table:{table.id}": table for table in self.pack.tables}
        self.rows = dict(self._rows())
        self.decisions = {f"decision:{found.table.id}": found for found in verdict.decisions}

    def proof(self, subject: str) -> dict[str, Any]:
        nodes: dict[str, dict[str, Any]] = {}
        todo = [subject]
        while todo:
            name = todo.pop()
            if name not in nodes:
                nodes[name] = self._node(name)
                todo += nodes[name].get("because", ())
        return {
            "subject": subject,
            "pack": self.pack.digest,
            "facts": self.verdict.facts.digest,
            "order": list(self.program.order),
            "waived": sorted(self.program.waived),
            "assumptions": _assumptions_count(self.verdict.facts),
            "nodes": {name: nodes[name] for name in sorted(nodes)},
        }

    def _node(self, name: str) -> dict[str, Any]:
        if name == "verdict":
            return self._verdict()
        if name in self.gates:
            return self._gate(name, self.gates[name])
        if name in self.entries:
            return self._entry(name, self.entries[name])
        if name in self.criteria:
            return self._criterion(name, self.criteria[name])
        if name in self.tables:
            return self._table(name, self.tables[name])
        if name in self.rows:
            return self.rows[name]
        if name.startswith("decision:"):
            return self._decision(name)
        key = name.removeprefix("leaf:")
        if key != name and key in self.program.leaves:
            return _leaf(self.program.leaves[key], self.verdict.answers[key])
        claim = self._claim(name)
        status = self._status(claim)
        if not status:
            raise LookupError(f"the verdict says nothing of `{name}`")
        return _stands(status, self._reasons(f"{claim} {side}" for side in _SIDES))

    def _claim(self, name: str) -> str:
        """The node of the rules that a node of the proof is: what is below a waived criterion is judged under another name."""
        kind, _, rest = name.partition(":")
        return f"judged:{rest}" if kind == "criterion" and rest.partition("/")[0] in self.program.waived else name

    def _status(self, claim: str) -> str:
        """The side that was derived; with `no` there may be `open` too, and any other pair would be a fault."""
        held = [side for side in _SIDES if f"{claim} {side}" in self.by_head]
        return "no" if held == ["no", "open"] else " and ".join(held)

    def _reasons(self, claims: Iterable[str]) -> set[str]:
        """The nodes on which claims were derived; claims that stand for a part of a long rule are walked through."""
        found: set[str] = set()
        todo = [part for claim in claims for derivation in self.by_head.get(claim, ()) for part in derivation.body]
        while todo:
            claim = todo.pop()
            name, _, side = claim.rpartition(" ")
            if side == "turn" or side.startswith("part-"):
                todo += [part for derivation in self.by_head.get(claim, ()) for part in derivation.body]
            elif name and side not in ("not-yes", "not-no"):
                kind, _, rest = name.partition(":")
                found.add(f"criterion:{rest}" if kind == "judged" else name)
        return found

    def _verdict(self) -> dict[str, Any]:
        patterns = [f"antipattern:{pattern.id}" for pattern in self.pack.antipatterns]
        because = {*self.gates, *self.entries, *self.criteria, *self.tables, *self.decisions, *patterns}
        status = "passed" if self.verdict.passed else "blocked"
        return _stands(status, because, problems=len(self.verdict.facts.problems))

    def _gate(self, name: str, found: GateVerdict) -> dict[str, Any]:
        """What stops a gate is derived from the conditions of its entry; here it is the entry that stands on them."""
        entry = f"entry:{found.entry.criterion.id}"
        own = {f"criterion:{criterion.id}" for criterion in found.gate.exit}
        reasons = self._reasons([f"{name} {found.status}"])
        return _stands(found.status, {part if part in own or part in self.gates else entry for part in reasons})

    def _entry(self, name: str, found: GateVerdict) -> dict[str, Any]:
        aside = self.program.dropped[found.gate.id]
        if f"{name} yes" in self.by_head:
            because = self._reasons([f"{name} yes"])
        else:
            because = self._reasons([f"{name} no", f"{name} open"])
            because |= {f"gate:{needed}" for needed, passed in found.entry.gates if not passed and needed not in aside}
            because |= self._reasons([f"gate:{found.gate.id} waiting"])
        return _stands(found.entry.status, because, aside=sorted(f"gate:{needed}" for needed in aside))

    def _criterion(self, name: str, found: CriterionVerdict) -> dict[str, Any]:
        claim = self._claim(name)
        because = self._reasons(f"{claim} {side}" for side in _SIDES)
        if found.status != "waived":
            return _stands(found.status, because)
        return _stands(found.status, because, judged=_JUDGED.get(self._status(claim), ""))

    def _table(self, name: str, table: Table) -> dict[str, Any]:
        claims = [*(f"{name} {side}" for side in _SIDES), f"{name} deviates"]
        asked = {part for part in self._reasons(claims) if part.startswith("leaf:")}
        rows = {f"row:{table.id}/{row.id}" for row in table.rows}
        return _stands(self._status(name), rows | asked, deviates=f"{name} deviates" in self.by_head)

    def _decision(self, name: str) -> dict[str, Any]:
        """What a table of outputs says, or the answer to a question about it."""
        tables = {table.id: table for table in self.pack.output_tables}
        table = tables.get(name.removeprefix("decision:").partition("/")[0])
        if table is None or not (name in self.decisions or self._status(name)):
            raise LookupError(f"the verdict says nothing of `{name}`")
        signals = {f"signal:{row.when}" for row in table.rows if row.when}
        if name not in self.decisions:
            return _stands(self._status(name), signals)
        found = self.decisions[name].answer
        bounds = {"bounds": list(found.bounds)} if found.bounds else {}
        return _stands(
            found.status,
            signals,
            rows=[row.id for row in found.rows],
            open=[row.id for row in found.open],
            outputs=[dict(said) for said in found.outputs],
            **bounds,
        )

    def _rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        said = {(r.table.id, r.row.id): "leads" if r.leads else "holds" for r in self.verdict.recommendations}
        said |= {(u.table.id, u.row.id): "undecided" for u in self.verdict.undecided}
        for table in self.pack.tables:
            above: set[str] = set()
            for row in table.ranked:
                signal = f"signal:{row.when}"
                unsaid = "silent" if f"{signal} no" in self.by_head else "open"
                status = said.get((table.id, row.id), unsaid)
                yield f"row:{table.id}/{row.id}", _stands(status, {signal} if status == "silent" else {signal, *above})
                above.add(signal)


def _stands(status: str, because: Iterable[str], **more: Any) -> dict[str, Any]:
    return {"status": status, **more, "because": sorted(because)}


def _leaf(leaf: Leaf, answer: Answer) -> dict[str, Any]:
    used = sorted({(look.fact, look.within, look.state, look.shown, look.against) for look in answer.looked})
    return {
        "status": _SIDE[answer.status],
        "asks": {"fact": leaf.fact, "operator": leaf.operator, "argument": leaf.argument},
        "facts": [
            {"fact": fact, "in": within, "state": state, "value": shown} | ({"against": True} if against else {})
            for fact, within, state, shown, against in used
        ],
    }
