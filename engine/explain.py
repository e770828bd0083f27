"""Verdict -> why and why not, as a tree of steps. Data, no formatting.

The tree is read from the derivations: what a claim stood on becomes its children. Facts are its leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from .conditions import Look
from .errors import Place
from .verdict import CriterionVerdict, GateVerdict, Proof, Verdict

Kind = Literal["gate", "entry", "criterion", "table", "signal", "antipattern", "item", "fact"]
_STATUS = {"yes": "met", "no": "unmet", "open": "unknown"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: what it is about, how it stands, and what it stands on.

    `good` where it is as a criterion that holds needs it (there a signal may well *not* hold).
    Of a fact, `within` names its record, `value` what is written and `place` where; `how` says how to mend.
    """

    kind: Kind
    id: str
    title: str
    status: str
    says: str = ""
    value: str = ""
    within: str = ""
    place: Place | None = None
    how: str = ""
    good: bool = False
    children: tuple[Step, ...] = ()


def explain_gate(verdict: Verdict, gate: str) -> Step:
    """Why a gate passed, is blocked, or waits; of a waiting gate, down to the one that truly blocks."""
    return _Explaining(verdict).gate(verdict.gate(gate))


class _Explaining:
    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.proof = Proof(verdict.derivations, verdict.answers)
        self.rank = {path: number for number, path in enumerate(verdict.pack.facts)}
        self.how = {(m.fact, m.within, m.place): m.how for m in verdict.missing}
        pack = verdict.pack
        self.titles: dict[str, tuple[Kind, str]] = {f"signal:{s.id}": ("signal", s.title) for s in pack.signals}
        self.titles |= {
            f"table:{t.id}": ("table", f"{t.title}: the declared choice follows the recommendation, or has a rationale")
            for t in pack.tables
        }
        self.titles |= {f"antipattern:{a.id}": ("antipattern", a.text) for a in pack.antipatterns}
        self.titles |= {f"item:{c.id}/{i.id}": ("item", i.text) for c in pack.checklists for i in c.items}
        self.titles |= {f"criterion:{c.id}": ("criterion", c.text) for c in pack.criteria.values()}

    def gate(self, found: GateVerdict) -> Step:
        title = f"Gate {found.gate.stage}, {found.gate.id}"
        if found.status == "waiting":
            chain = self._chain(found.gate.id)
            root = self.verdict.gate(chain[-1])
            between = len(chain) - 1
            says = f"for {chain[-1]}" + (f", through {between} gate{'s' if between > 1 else ''} between" if between else "")
            return Step("gate", found.gate.id, title, "waiting", says, children=(self.gate(root),))
        criteria = [self._criterion(criterion) for criterion in found.exit]
        return Step("gate", found.gate.id, title, found.status, children=(self._entry(found.entry), *criteria))

    def _chain(self, gate: str) -> list[str]:
        """The gates that a waiting gate waits for, nearest first; the last one is blocked."""
        chain: list[str] = []
        claim = f"gate:{gate} waiting"
        while claim.endswith(" waiting"):
            claim = self.proof.by_head[claim][0].body[0]
            chain.append(claim.removeprefix("gate:").rpartition(" ")[0])
        return chain

    def _entry(self, found: CriterionVerdict) -> Step:
        turned = {needed for _, needed in self.verdict.turned_round}
        children = [
            Step("gate", needed, f"gate {needed}", "passed" if passed else "reordered" if needed in turned else "not passed")
            for needed, passed in found.gates
        ]
        good = found.status in ("met", "assumed", "reordered")
        facts = [self._fact(look, good) for look in found.because]
        says = "set aside by the order that was asked for" if found.status == "reordered" else ""
        return Step(
            "entry",
            found.criterion.id,
            found.criterion.text,
            found.status,
            says,
            how="" if good else found.criterion.mend,
            good=good,
            children=(*children, *facts),
        )

    def _criterion(self, found: CriterionVerdict) -> Step:
        node = f"criterion:{found.criterion.id}"
        holds = found.status in ("met", "assumed", "waived")
        sides = ("yes",) if holds else ("no", "open")
        if found.status == "waived":
            node, sides = f"judged:{found.criterion.id}", ("yes", "no", "open")
        children = self._unique(
            step for side in sides for step in self._below(f"{node} {side}", holds and found.status != "waived")
        )
        return Step(
            "criterion",
            found.criterion.id,
            found.criterion.text,
            found.status,
            how="" if holds else found.criterion.mend,
            good=holds,
            children=children,
        )

    def _below(self, claim: str, good: bool) -> Iterator[Step]:
        """What a claim stood on, every way it was derived; helper claims between are walked through."""
        for derivation in self.proof.by_head.get(claim, ()):
            for part in derivation.body:
                yield from self._step(part, good)

    def _step(self, claim: str, good: bool) -> Iterator[Step]:
        node, _, side = claim.rpartition(" ")
        if side in ("not-yes", "not-no"):
            return  # they only say that nothing else decides
        if node.startswith("leaf:"):
            for look in self.verdict.answers[node[5:]].looked:
                yield self._fact(look, good)
        elif node in self.titles and side in _STATUS:
            kind, title = self.titles[node]
            below = () if kind == "criterion" else self._unique(self._below(claim, good))
            yield Step(kind, node.partition(":")[2], title, self._said(kind, side), good=good, children=below)
        elif node.startswith("row:"):
            table, _, row = node[4:].partition("/")
            signal = next(r.when for t in self.verdict.pack.tables if t.id == table for r in t.rows if r.id == row)
            yield from self._step(f"signal:{signal} yes", good)
        else:
            yield from self._below(claim, good)

    def _said(self, kind: str, side: str) -> str:
        if kind == "signal":
            return {"yes": "holds", "no": "does not hold", "open": "unknown"}[side]
        if kind == "antipattern":
            return {"yes": "present", "no": "absent", "open": "unknown"}[side]
        return _STATUS[side]

    def _fact(self, look: Look, good: bool) -> Step:
        status: str = look.state
        if look.state == "stated":
            status = "unmet" if look.against and not good else "met"
        return Step(
            "fact",
            look.fact,
            look.fact,
            status,
            look.says,
            look.shown,
            look.within,
            look.place,
            self.how.get((look.fact, look.within, look.place), ""),
            good,
        )

    def _unique(self, steps: Iterable[Step]) -> tuple[Step, ...]:
        """Each step once, facts first and in the order of the vocabulary."""
        seen: dict[tuple[str, str, str, str, Place | None], Step] = {}
        for step in steps:
            key = (step.kind, step.id, step.within, step.value, None if step.good else step.place)
            if key not in seen or (step.children and not seen[key].children):
                seen[key] = step
        return tuple(sorted(seen.values(), key=lambda s: (s.kind != "fact", self.rank.get(s.id, 0), s.within, s.value)))
