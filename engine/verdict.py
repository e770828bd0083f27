"""Derivations -> Verdict: what the engine concluded, said of gates, criteria, tables and anti-patterns.

Statuses come from derived claims alone; facts come in only as what the claims stood on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from . import evidence, hits
from .compiler import BEGIN, Program
from .conditions import Answer, Look
from .errors import EngineFault, Place
from .facts import Assumption, Facts
from .inference import Derivation, Engine
from .pack import AntiPattern, Criterion, Gate, Pack
from .pack_conditions import Decides, Follows, Leaf
from .pack_tables import OutputRow, OutputTable, Row, Table
from .pack_walks import parts
from .waivers import NONE, Waiver, Waivers

GateStatus = Literal["passed", "blocked", "waiting"]
CriterionStatus = Literal["met", "assumed", "waived", "unmet", "unknown", "reordered"]


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """A criterion, its status, and the facts that decided it."""

    criterion: Criterion
    status: CriterionStatus
    because: tuple[Look, ...]
    gates: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """A gate, its status, and of what it waits for the gate that truly blocks."""

    gate: Gate
    status: GateStatus
    waiting_for: tuple[str, ...]
    entry: CriterionVerdict
    exit: tuple[CriterionVerdict, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that a criterion needs and does not have, or that contradicts it."""

    fact: str
    within: str
    gate: str
    criterion: str
    state: str
    says: str
    shown: str
    how: str
    place: Place


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A row that holds. `leads` where it is the first of them and no row above is undecided."""

    table: Table
    row: Row
    because: tuple[Look, ...]
    leads: bool
    declared: str
    deviates: bool
    rationale: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """A row that would lead if its signal held, and the facts that would settle it."""

    table: Table
    row: Row
    needs: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table of outputs says, the facts by which its rows hold, and those that would settle what is open."""

    table: OutputTable
    answer: hits.Answer
    because: tuple[Look, ...]
    needs: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Present:
    """An anti-pattern that is there."""

    pattern: AntiPattern
    because: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer."""

    pack: Pack
    facts: Facts
    engine: Engine
    program: Program
    passed: bool
    gates: tuple[GateVerdict, ...]
    missing: tuple[Missing, ...]
    recommendations: tuple[Recommendation, ...]
    undecided: tuple[Undecided, ...]
    decisions: tuple[Decision, ...]
    antipatterns: tuple[Present, ...]
    assumptions: tuple[Assumption, ...]
    turned_round: tuple[tuple[str, str], ...]
    derivations: tuple[Derivation, ...]
    answers: Mapping[str, Answer]
    waivers: Waivers

    def gate(self, name: str) -> GateVerdict:
        """The verdict on a gate by its id."""
        return next(found for found in self.gates if found.gate.id == name)

    @property
    def waived(self) -> tuple[str, ...]:
        """The exit criteria that hold by a waiver alone."""
        return tuple(one.criterion.id for gate in self.gates for one in gate.exit if one.status == "waived")

    def waives(self, waiver: Waiver) -> tuple[str, ...]:
        """The criteria that a waiver is needed for."""
        return tuple(name for name in self.waived if waiver.state == "counts" and name in waiver.criteria)


def conclude(
    pack: Pack,
    facts: Facts,
    program: Program,
    answers: Mapping[str, Answer],
    derivations: tuple[Derivation, ...],
    engine: Engine,
    turned_round: Iterable[tuple[str, str]] = (),
    waivers: Waivers = NONE,
) -> Verdict:
    """Say what `derivations` mean. Raises EngineFault where they are no consistent answer."""
    return _Concluding(pack, facts, program, answers, derivations, engine, tuple(turned_round), waivers).verdict()


class Proof:
    """The derivations as a graph: what each claim stands on."""

    def __init__(self, derivations: Iterable[Derivation], answers: Mapping[str, Answer]) -> None:
        self.answers = answers
        self.by_head: dict[str, list[Derivation]] = {}
        for derivation in derivations:
            self.by_head.setdefault(derivation.head, []).append(derivation)

    def leaves(self, claim: str, stop: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
        """Each (leaf, yes | no | open) below a claim; claims that begin with `stop` are not entered, but for its own parts."""
        seen: set[str] = set()
        own = f"{claim.rpartition(' ')[0]}/"
        stack = [claim]
        while stack:
            here = stack.pop()
            if here in seen:
                continue
            seen.add(here)
            if here.startswith("leaf:"):
                key, _, side = here[5:].rpartition(" ")
                if side in ("yes", "no", "open"):
                    yield key, side
            elif here == claim or here.startswith(own) or not here.startswith(stop or ("\0",)):
                stack += reversed([part for derivation in self.by_head.get(here, ()) for part in derivation.body])

    def looks(self, claim: str, sides: tuple[str, ...], stop: tuple[str, ...] = ()) -> tuple[Look, ...]:
        """The facts below a claim, of leaves on the given sides, each once."""
        found: dict[Look, None] = {}
        for key, side in self.leaves(claim, stop):
            if side in sides:
                found |= dict.fromkeys(self.answers[key].looked)
        return tuple(found)


class _Concluding:
    def __init__(
        self,
        pack: Pack,
        facts: Facts,
        program: Program,
        answers: Mapping[str, Answer],
        derivations: tuple[Derivation, ...],
        engine: Engine,
        turned_round: tuple[tuple[str, str], ...],
        waivers: Waivers,
    ) -> None:
        self.pack, self.facts, self.program, self.answers = pack, facts, program, answers
        self.derivations, self.engine, self.turned, self.waivers = derivations, engine, turned_round, waivers
        self.held = {derivation.head for derivation in derivations}
        self.proof = Proof(derivations, answers)
        self.firm = self._firm()
        self.rank = {path: number for number, path in enumerate(pack.facts)}

    def _firm(self) -> set[str]:
        """What holds without any assumption."""
        firm = {BEGIN} | {f"waived:{name}" for name in self.program.waived}
        firm |= {claim for claim in self.held if claim.startswith("gate:")}  # its own criteria show what a gate stands on
        before = -1
        while len(firm) > before:  # a claim may be derived by assumption first, and without it after what stands on it
            before = len(firm)
            for derivation in self.derivations:
                if all(part in firm or self._is_firm_leaf(part) for part in derivation.body):
                    firm.add(derivation.head)
        return firm

    def _is_firm_leaf(self, claim: str) -> bool:
        return claim.startswith("leaf:") and not self.answers[claim[5:].rpartition(" ")[0]].assumed

    def verdict(self) -> Verdict:
        gates = tuple(self._gate(self.pack.gates_by_id[name]) for name in self.program.order)
        recommendations = tuple(self._recommendations())
        return Verdict(
            self.pack,
            self.facts,
            self.engine,
            self.program,
            passed=all(gate.status == "passed" for gate in gates) and not self.facts.problems,
            gates=gates,
            missing=tuple(self._missing(gates)),
            recommendations=recommendations,
            undecided=tuple(self._undecided()),
            decisions=tuple(map(self._decision, self.pack.output_tables)),
            antipatterns=tuple(self._antipatterns()),
            assumptions=self.facts.assumptions,
            turned_round=self.turned,
            derivations=self.derivations,
            answers=self.answers,
            waivers=self.waivers,
        )

    def _gate(self, gate: Gate) -> GateVerdict:
        statuses: list[GateStatus] = [s for s in ("passed", "blocked", "waiting") if f"gate:{gate.id} {s}" in self.held]
        if len(statuses) != 1:
            raise EngineFault(f"gate `{gate.id}` is {' and '.join(statuses) or 'nothing at all'}")
        waiting: tuple[str, ...] = ()
        if statuses[0] == "waiting":
            waiting = tuple(name for name in self.program.order if f"gate:{name} blocked" in self.held)
        return GateVerdict(gate, statuses[0], waiting, self._entry(gate), tuple(map(self._criterion, gate.exit)))

    def _entry(self, gate: Gate) -> CriterionVerdict:
        node = f"entry:{gate.entry.id}"
        dropped = self.program.dropped[gate.id]
        gates = tuple((needed, f"gate:{needed} passed" in self.held) for needed in gate.needs)
        if f"{node} yes" in self.held:
            looks = self.proof.looks(f"{node} yes", ("yes",), ("gate:",))
            firm = f"{node} yes" in self.firm
            status: CriterionStatus = "reordered" if dropped else "met" if firm else "assumed"
            return CriterionVerdict(gate.entry, status, looks, gates)
        failing = [side for side in ("no", "open") if f"{node} {side}" in self.held]
        looks = tuple(look for side in failing for look in self.proof.looks(f"{node} {side}", (side,), _STOPS[side]))
        faults = self._faults(gate.entry, looks)
        return CriterionVerdict(gate.entry, "unknown" if failing == ["open"] else "unmet", faults, gates)

    def _criterion(self, criterion: Criterion) -> CriterionVerdict:
        waived = criterion.id in self.program.waived
        node = f"{'judged' if waived else 'criterion'}:{criterion.id}"
        yes, no, unknown = f"{node} yes", f"{node} no", f"{node} open"
        if yes in self.held:
            if no in self.held or unknown in self.held:
                raise EngineFault(f"criterion `{criterion.id}` both holds and does not")
            return CriterionVerdict(
                criterion, "met" if yes in self.firm else "assumed", self._sorted(self.proof.looks(yes, ("yes", "no"), _NODES))
            )
        if no not in self.held and unknown not in self.held:
            raise EngineFault(f"criterion `{criterion.id}` was not answered")
        looks = (*self.proof.looks(no, ("no", "open"), _REASONS), *self.proof.looks(unknown, ("open",), _NODES))
        status: CriterionStatus = "waived" if waived else "unmet" if no in self.held else "unknown"
        return CriterionVerdict(criterion, status, self._sorted(self._faults(criterion, looks)))

    def _faults(self, criterion: Criterion, looks: tuple[Look, ...]) -> tuple[Look, ...]:
        """What is wrong in what a criterion looked at, and the facts by which a table says something else than it asks for."""
        found = list(_faulty(looks))
        for part in parts(criterion.condition):
            if isinstance(part, Decides) and f"decision:{part.key} no" in self.held:
                says = f"is why `{part.table}` says something else than is asked for"
                deciding = self.proof.looks(f"decision:{part.key} no", ("yes", "no"))
                found += [look._replace(says=says, against=True) for look in deciding]
        return tuple(found)

    def _sorted(self, looks: Iterable[Look]) -> tuple[Look, ...]:
        unique = dict.fromkeys(looks)
        return tuple(sorted(unique, key=lambda k: (self.rank.get(k.fact, -1), k.within, k.shown, k.says, k.place.line)))

    def _missing(self, gates: tuple[GateVerdict, ...]) -> Iterator[Missing]:
        seen: set[tuple[str, str, Place]] = set()
        for gate in gates:
            for found in (gate.entry, *gate.exit):
                if found.status in ("met", "assumed", "reordered"):
                    continue
                for look in found.because:
                    if (look.fact, look.within, look.place) not in seen:
                        seen.add((look.fact, look.within, look.place))
                        yield Missing(
                            look.fact,
                            look.within,
                            gate.gate.id,
                            found.criterion.id,
                            look.state,
                            look.says,
                            look.shown,
                            self._how(look, found.criterion),
                            look.place,
                        )

    def _how(self, look: Look, criterion: Criterion) -> str:
        """How to mend: what the condition says, else what the criterion says, or the question and example of the fact."""
        if look.state == "stale":
            return evidence.HOW
        for part in parts(criterion.condition):
            holds = isinstance(part, Leaf) and self.answers[part.key].status == "met"
            if isinstance(part, (Leaf, Follows, Decides)) and part.mend and not holds and look.fact in self._asked(part):
                return part.mend
        if look.against:
            return criterion.mend
        known = self.pack.facts[look.fact]
        if known.type == "records":
            choices = f"Write {' or '.join(known.choices)}, or" if known.choices else "Write"
            return f"{known.ask} {choices} one record each, with {', '.join(known.fields)}."
        return f"{known.ask} For example `{look.fact.rsplit('.', 1)[-1]}: {_written(known.example)}`."

    def _asked(self, part: Leaf | Follows | Decides) -> tuple[str, ...]:
        """The facts that a condition asks for."""
        if isinstance(part, Leaf):
            return (part.fact,)
        if isinstance(part, Decides):
            sides = [f"decision:{part.key} {side}" for side in ("no", "open")]
            return tuple(look.fact for side in sides for look in self.proof.looks(side, ("yes", "no", "open")))
        return next((table.declared, table.rationale) for table in self.pack.tables if table.id == part.follows)

    def _recommendations(self) -> Iterator[Recommendation]:
        for table in self.pack.tables:
            declared = ", ".join(item.shown for item in self.facts.plain[table.declared].items)
            rationale = ", ".join(item.shown for item in self.facts.plain[table.rationale].items)
            for row in table.ranked:
                if f"signal:{row.when} yes" in self.held:
                    leads = f"row:{table.id}/{row.id} leads" in self.held
                    deviates = leads and f"table:{table.id} deviates" in self.held
                    looks = self._sorted(self.proof.looks(f"signal:{row.when} yes", ("yes",)))
                    yield Recommendation(table, row, looks, leads, declared, deviates, rationale)

    def _undecided(self) -> Iterator[Undecided]:
        for table in self.pack.tables:
            if f"table:{table.id} undecided" not in self.held:
                continue
            for row in table.ranked:
                if f"signal:{row.when} yes" in self.held:
                    break
                if f"signal:{row.when} open" in self.held:
                    looks = self.proof.looks(f"signal:{row.when} open", ("open",))
                    yield Undecided(table, row, self._sorted(_faulty(looks)))

    def _decision(self, table: OutputTable) -> Decision:
        sides: dict[str, hits.Side] = {row.id: self._side(row) for row in table.rows}
        answer = hits.answer(table, sides)
        because = [look for row in answer.rows for look in self.proof.looks(f"signal:{row.when} yes", ("yes", "no"))]
        needs = [look for row in answer.open for look in _faulty(self.proof.looks(f"signal:{row.when} open", ("open",)))]
        return Decision(table, answer, self._sorted(because), self._sorted(needs))

    def _side(self, row: OutputRow) -> hits.Side:
        sides: tuple[hits.Side, ...] = ("yes", "no", "open")
        held: list[hits.Side] = [one for one in sides if f"signal:{row.when} {one}" in self.held] if row.when else ["yes"]
        if len(held) != 1:
            raise EngineFault(f"row `{row.id}` is {' and '.join(held) or 'nothing at all'}")
        return held[0]

    def _antipatterns(self) -> Iterator[Present]:
        for pattern in self.pack.antipatterns:
            claim = f"antipattern:{pattern.id} yes"
            if claim in self.held:
                yield Present(pattern, self._sorted(_faulty(self.proof.looks(claim, ("yes",)))))


_NODES = ("criterion:", "gate:")  # a criterion's own reasons end where another criterion or gate begins
_REASONS = (*_NODES, "row:", "decision:")  # which row holds is a reason for a contradiction, and nothing to mend
_STOPS = {"no": ("gate:", "decision:"), "open": ("gate:",)}


def _faulty(looks: Iterable[Look]) -> tuple[Look, ...]:
    """Those that are not known or contradict; all of them where none is."""
    found = tuple(looks)
    return tuple(look for look in found if look.against or look.state not in ("stated", "assumed") or look.says) or found


def _written(example: object) -> str:
    """An example as it is written in YAML."""
    if isinstance(example, (list, tuple)):
        return "[" + ", ".join(map(str, example)) + "]"  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return str(example)
