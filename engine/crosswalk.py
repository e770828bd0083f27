"""A verdict beside a standard: what the exit criteria say towards each clause. It reads the verdict and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from .standards import Confidence, Standard
from .verdict import CriterionVerdict, Verdict

ClauseStatus = Literal["met", "partly", "not met", "no evidence"]
STATUSES: tuple[ClauseStatus, ...] = get_args(ClauseStatus)
_HOLDS = ("met", "assumed", "waived")
JUDGEMENT = (
    "Which criterion speaks to which clause, and how surely (high, medium, low), is a judgement of this pack. "
    "That criteria hold does not show that a clause is complied with. This is no legal advice."
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A criterion that speaks to a clause, with the confidence of the pack in that, and why it is no more."""

    gate: str
    found: CriterionVerdict
    confidence: Confidence
    because: str

    @property
    def holds(self) -> bool:
        return self.found.status in _HOLDS


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause, and the criteria that speak to it in the order of the gates."""

    id: str
    name: str
    criteria: tuple[Spoken, ...]

    @property
    def status(self) -> ClauseStatus:
        """`met` where every criterion holds, `partly` where some do, `not met` where none does and one is contradicted.

        Else `no evidence`: no criterion speaks to it, or what those ask for is not stated.
        """
        holding = sum(one.holds for one in self.criteria)
        if holding:
            return "met" if holding == len(self.criteria) else "partly"
        return "not met" if any(one.found.status == "unmet" for one in self.criteria) else "no evidence"

    @property
    def given(self) -> bool:
        """Whether it is met, and not without an assumption or a waiver."""
        return self.status == "met" and any(one.found.status != "met" for one in self.criteria)

    @property
    def weak(self) -> bool:
        """Whether it is met, and the pack is not sure of any of the criteria."""
        return self.status == "met" and all(one.confidence == "low" for one in self.criteria)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every clause of a standard in its order, and the criteria that say nothing towards it, each with why."""

    standard: Standard
    clauses: tuple[Clause, ...]
    silent: tuple[tuple[str, str], ...]
    judgement: str = JUDGEMENT

    @property
    def counts(self) -> dict[ClauseStatus, int]:
        """How many clauses there are of each status."""
        return {status: sum(clause.status == status for clause in self.clauses) for status in STATUSES}


def coverage(verdict: Verdict, standard: Standard) -> Coverage:
    """What the exit criteria of `verdict` say towards the clauses of `standard`, which is one of the same pack."""
    spoken: dict[str, list[Spoken]] = {clause: [] for clause in standard.clauses}
    silent: list[tuple[str, str]] = []
    for gate in sorted(verdict.gates, key=lambda found: found.gate.stage):
        for found in gate.exit:
            mapping = standard.criteria[found.criterion.id]
            for level, _, clause in mapping.clauses:
                spoken[clause].append(Spoken(gate.gate.id, found, level, mapping.because or ""))
            if mapping.none:
                silent.append((found.criterion.id, mapping.none))
    clauses = tuple(Clause(clause, name, tuple(spoken[clause])) for clause, name in standard.clauses.items())
    return Coverage(standard, clauses, tuple(silent))
