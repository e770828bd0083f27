"""JSON: the same bytes for the same answer. Keys are a contract, see docs/json.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from ...engine.conditions import Look
from ...engine.errors import Place, Problem
from ...engine.explain import Step
from ...engine.verdict import CriterionVerdict, GateVerdict, Missing, Recommendation, Undecided, Verdict
from ..answers import Checked, StageGraph


def _dump(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"  # ASCII: nothing in it can steer a terminal


def _place(place: Place | None) -> dict[str, int | None]:
    return {"line": place.line if place else None, "column": place.column if place else None}


def _look(look: Look) -> dict[str, Any]:
    return {
        "fact": look.fact,
        "in": look.within,
        "state": look.state,
        "value": look.shown,
        "says": look.says,
        **_place(look.place),
    }


def _looks(looks: Iterable[Look]) -> list[dict[str, Any]]:
    return [_look(look) for look in looks]


def _criterion(found: CriterionVerdict) -> dict[str, Any]:
    gates = [{"gate": gate, "passed": passed} for gate, passed in found.gates]
    because: list[dict[str, Any]] = [*gates, *_looks(found.because)]
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
        **_place(found.place),
    }


def _row(found: Recommendation | Undecided) -> dict[str, Any]:
    return {
        "table": found.table.id,
        "row": found.row.id,
        "signal": found.row.signal,
        "default": found.row.default.text,
        "alternative": found.row.alternative.text,
        "tradeoff": found.row.tradeoff,
    }


def _recommendation(found: Recommendation) -> dict[str, Any]:
    return {
        **_row(found),
        "because": _looks(found.because),
        "leads": found.leads,
        "declared": found.declared or None,
        "deviates": found.deviates,
        "rationale": found.rationale or None,
    }


def _undecided(found: Undecided) -> dict[str, Any]:
    return {**_row(found), "if": found.row.signal, "needs": _looks(found.needs)}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "what": problem.what,
        "help": problem.help,
        "file": problem.file or None,
        **_place(problem.place),
    }


def _about(verdict: Verdict) -> dict[str, Any]:
    pack = verdict.pack
    return {
        "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest},
        "facts": {"file": verdict.facts.file, "digest": verdict.facts.digest},
        "engine": asdict(verdict.engine),
    }


def _file(verdict: Verdict) -> dict[str, Any]:
    """What a file says beside its facts: its problems, and another order."""
    sequence = verdict.facts.sequence
    return {
        "problems": [_problem(problem) for problem in verdict.facts.problems],
        "sequence": None
        if sequence is None
        else {
            "order": list(sequence.order),
            "requested_by": sequence.requested_by,
            "reason": sequence.reason,
            "turned_round": [{"gate": gate, "needs": needed} for gate, needed in verdict.turned_round],
            **_place(sequence.place),
        },
    }


def check(verdict: Verdict, texts: str = "") -> str:
    """The whole verdict."""
    return _dump(
        {
            "verdict": "passed" if verdict.passed else "blocked",
            **_about(verdict),
            **_file(verdict),
            "gates": [_gate(gate) for gate in verdict.gates],
            "missing": [_missing(found) for found in verdict.missing],
            "recommendations": [_recommendation(found) for found in verdict.recommendations],
            "undecided": [_undecided(found) for found in verdict.undecided],
            "antipatterns": [
                {"id": found.pattern.id, "text": found.pattern.text, "mend": found.pattern.mend, "because": _looks(found.because)}
                for found in verdict.antipatterns
            ],
            "assumptions": [
                {"fact": a.fact, "value": a.value, "reason": a.reason, "owner": a.owner, **_place(a.place)}
                for a in verdict.assumptions
            ],
            "waivers": sorted(verdict.program.waived),
        }
    )


def validate(files: Sequence[Checked]) -> str:
    """Every file with its problems."""
    return _dump(
        {
            "valid": all(not found.problems for found in files),
            "files": [
                {
                    "file": found.file,
                    "valid": not found.problems,
                    "readable": not found.unreadable,
                    "facts": found.states,
                    "problems": [_problem(problem) for problem in found.problems],
                }
                for found in files
            ],
        }
    )


def recommend(verdict: Verdict, tables: Sequence[str]) -> str:
    """The recommendations of the tables asked for."""
    return _dump(
        {
            **_about(verdict),
            **_file(verdict),
            "tables": list(tables),
            "recommendations": [_recommendation(r) for r in verdict.recommendations if r.table.id in tables],
            "undecided": [_undecided(u) for u in verdict.undecided if u.table.id in tables],
        }
    )


def _step(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": step.kind, "id": step.id, "title": step.title, "status": step.status}
    if step.kind == "fact":
        found |= {"in": step.within, "value": step.value, **_place(step.place)}
    found |= {key: value for key, value in (("says", step.says), ("how", step.how)) if value}
    if step.children:
        found["because"] = [_step(child) for child in step.children]
    return found


def explain(verdict: Verdict, step: Step) -> str:
    """The explanation as a tree."""
    return _dump({**_about(verdict), **_file(verdict), "explanation": _step(step)})


def graph(found: StageGraph) -> str:
    """The stage graph."""
    return _dump(
        {
            "pack": {"id": found.pack.id, "version": found.pack.version, "digest": found.pack.digest},
            "order": list(found.order),
            "gates": [
                {
                    "id": gate.id,
                    "stage": gate.stage,
                    "title": gate.title,
                    "needs": list(gate.needs),
                    "status": found.statuses.get(gate.id),
                }
                for gate in found.pack.gates
            ],
            **({} if found.verdict is None else _file(found.verdict)),
        }
    )


def problems(file: str, text: str, found: Sequence[Problem]) -> str:
    """Why nothing could be judged."""
    return _dump({"verdict": None, "file": file or None, "problems": [_problem(problem) for problem in found]})
