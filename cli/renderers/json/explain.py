"""The explanation as a tree, and where it is of a gate, criterion, signal or anti-pattern, its proof."""

from __future__ import annotations

from typing import Any

from ....engine.next_step import NextStep
from ....engine.steps import Step
from ....engine.verdict import Verdict
from . import parts


def explain(verdict: Verdict, step: Step, next_step: NextStep | None, left_out: int, whole: bool) -> str:
    """The whole explanation, whatever `whole` says: a program can leave out by itself what it does not need."""
    return parts.dump(
        {
            **parts.about(verdict),
            **parts.file(verdict),
            "holds": step.good,
            "next": todo(next_step),
            "explanation": _step(verdict, step),
            **_proof(verdict, step),
        }
    )


def todo(found: NextStep | None) -> dict[str, Any] | None:
    """What to do next."""
    if found is None:
        return None
    place = found.fact.place if found.fact else found.problem.place if found.problem else None
    return {
        "fact": found.fact.id if found.fact else None,
        "in": found.fact.within if found.fact else "",
        "how": found.how,
        "criteria": [criterion.id for criterion in found.criteria],
        **parts.place(place),
    }


def _proof(verdict: Verdict, step: Step) -> dict[str, Any]:
    if step.kind not in ("gate", "criterion", "entry", "signal", "antipattern"):
        return {}
    from ....engine import proof

    return {"proof": proof.of(verdict, f"{step.kind}:{step.id}")}


def _step(verdict: Verdict, step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": step.kind, "id": step.id, "title": step.title, "status": step.status, "holds": step.good}
    if step.kind == "fact":
        found |= {"in": step.within, "value": step.value, **parts.place(step.place)}
    found |= {key: value for key, value in (("says", step.says), ("how", step.how), ("also", step.also)) if value}
    if step.limits:
        limits = verdict.pack.limits
        found["limits"] = [{"id": name, **limits[name].model_dump()} for name in step.limits]
    if step.either:
        found["either"] = True
    if step.cut:
        found["cut"] = step.cut
    if step.children:
        found["because"] = [_step(verdict, child) for child in step.children]
    return found
