"""The whole verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....engine.next_step import next_step
from ....engine.verdict import CriterionVerdict, GateVerdict, Missing, Verdict
from . import parts
from .explain import todo

if TYPE_CHECKING:
    from ...fail_on import Ending


def _criterion(found: CriterionVerdict) -> dict[str, Any]:
    gates = [{"gate": gate, "passed": passed} for gate, passed in found.gates]
    because: list[dict[str, Any]] = [*gates, *parts.looks(found.because)]
    return {"id": found.criterion.id, "text": found.criterion.text, "status": found.status, "because": because}


def _gate(found: GateVerdict) -> dict[str, Any]:
    return {
        "id": found.gate.id,
        "stage": found.gate.stage,
        "title": found.gate.title,
        "status": found.status,
        "waiting_for": list(found.waiting_for),
        "entry": [_criterion(found.entry)],
        "exit": [_criterion(criterion) for criterion in found.exit],
    }


def _missing(found: Missing) -> dict[str, Any]:
    return {
        "fact": found.fact,
        "in": found.within,
        "gate": found.gate,
        "criterion": found.criterion,
        "state": found.state,
        "says": found.says,
        "value": found.shown,
        "how": found.how,
        **parts.place(found.place),
    }


def check(verdict: Verdict, source: str = "", ending: Ending | None = None) -> str:
    """The whole verdict."""
    return parts.dump(
        {
            "verdict": "passed" if verdict.passed else "blocked",
            **parts.about(verdict),
            **parts.file(verdict),
            "gates": [_gate(gate) for gate in verdict.gates],
            "missing": [_missing(found) for found in verdict.missing],
            "recommendations": [parts.recommendation(found) for found in verdict.recommendations],
            "undecided": [parts.undecided(found) for found in verdict.undecided],
            "decisions": [parts.decision(found) for found in verdict.decisions],
            "antipatterns": [
                {
                    "id": found.pattern.id,
                    "text": found.pattern.text,
                    "mend": found.pattern.mend,
                    "because": parts.looks(found.because),
                }
                for found in verdict.antipatterns
            ],
            "assumptions": [
                {"fact": a.fact, "value": a.value, "reason": a.reason, "owner": a.owner, **parts.place(a.place)}
                for a in verdict.assumptions
            ],
            "next": todo(next_step(verdict)),
            **({"fail_on": {"asked": list(ending.asked), "red": list(ending.red)}} if ending else {}),
        }
    )
