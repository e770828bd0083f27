"""What changed between two verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ....engine.facts import Assumption, Fact, Sequence
from ....engine.verdict import Verdict
from . import parts
from .check import check

if TYPE_CHECKING:  # every command loads every renderer, and only two compare
    from ....engine.changes import Advice, AssumptionChange, Changes, TableChange
    from ....engine.fact_changes import FactChange


def diff(changes: Changes, source: str = "") -> str:
    """What changed from the old verdict to the new one."""
    return parts.dump(_changes(changes))


def what_if(changes: Changes, source: str) -> str:
    """What changed, and the whole verdict on the edited facts as `check` prints it."""
    return parts.dump({"changes": _changes(changes), "verdict": json.loads(check(changes.new, source))})


def _changes(found: Changes) -> dict[str, Any]:
    about = parts.about(found.new)
    return {
        "pack": about["pack"],
        "engine": about["engine"],
        "waivers": about["waivers"],
        "waivers_file": about["waivers_file"],
        "old": _side(found.old),
        "new": _side(found.new),
        "worse": list(found.worse),
        "better": list(found.better),
        "gates": [
            {"id": one.gate.id, "stage": one.gate.stage, "title": one.gate.title, "old": one.old, "new": one.new}
            for one in found.gates
        ],
        "criteria": [
            {
                "id": one.criterion.id,
                "text": one.criterion.text,
                "gate": one.gate.id,
                "old": one.old,
                "new": one.new,
                "because": _facts(one.because),
                "how": list(one.how),
            }
            for one in found.criteria
        ],
        "recommendations": [_table(one) for one in found.tables],
        "decisions": [
            {
                "table": one.new.table.id,
                "old": parts.decision(one.old),
                "new": parts.decision(one.new),
                "because": _facts(one.because),
            }
            for one in found.decisions
        ],
        "antipatterns": [
            {
                "id": one.found.pattern.id,
                "text": one.found.pattern.text,
                "change": one.kind,
                "mend": one.found.pattern.mend,
                "because": _facts(one.because),
            }
            for one in found.antipatterns
        ],
        "assumptions": [_assumption(one) for one in found.assumptions],
        "problems": [{"change": one.kind, **parts.problem(one.problem)} for one in found.problems],
        "sequence": None if found.sequence is None else {"old": _order(found.sequence[0]), "new": _order(found.sequence[1])},
        "facts": _facts(found.facts),
    }


def _side(verdict: Verdict) -> dict[str, Any]:
    blocked = next((gate.gate.id for gate in verdict.gates if gate.status == "blocked"), None)
    return {
        "verdict": "passed" if verdict.passed else "blocked",
        "gate": blocked,
        "missing": len(verdict.missing),
        "facts": parts.about(verdict)["facts"],
    }


def _facts(found: Iterable[FactChange]) -> list[dict[str, Any]]:
    return [
        {"change": one.kind, "fact": one.path, "in": one.within, "old": _fact(one.old), "new": _fact(one.new)} for one in found
    ]


def _fact(fact: Fact) -> dict[str, Any]:
    evidence = fact.evidence
    return {
        "state": fact.state,
        "value": ", ".join(item.shown for item in fact.items),
        "evidence": evidence
        and {"url": evidence.url, "path": evidence.path, "date": evidence.date or None, "digest": evidence.digest or None},
        **parts.place(fact.place),
    }


def _table(found: TableChange) -> dict[str, Any]:
    return {
        "table": found.table.id,
        "old": _advice(found.old),
        "new": _advice(found.new),
        "because": _facts(found.because),
    }


def _advice(found: Advice) -> dict[str, Any]:
    return {
        "row": found.row.id if found.row else None,
        "default": found.row.default.text if found.row else None,
        "undecided": [row.id for row in found.undecided],
        "declared": found.declared or None,
        "deviates": found.deviates,
        "rationale": found.rationale or None,
    }


def _assumption(found: AssumptionChange) -> dict[str, Any]:
    return {"fact": found.fact, "change": found.kind, "old": _assumed(found.old), "new": _assumed(found.new)}


def _assumed(found: Assumption | None) -> dict[str, Any] | None:
    return found and {"value": found.value, "reason": found.reason, "owner": found.owner, **parts.place(found.place)}


def _order(found: Sequence | None) -> dict[str, Any] | None:
    return found and {"order": list(found.order), "requested_by": found.requested_by, "reason": found.reason}
