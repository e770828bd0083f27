"""The explanation as a tree."""

from __future__ import annotations

from typing import Any

from ....engine.explain import Step
from ....engine.verdict import Verdict
from . import parts


def _step(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": step.kind, "id": step.id, "title": step.title, "status": step.status}
    if step.kind == "fact":
        found |= {"in": step.within, "value": step.value, **parts.place(step.place)}
    found |= {key: value for key, value in (("says", step.says), ("how", step.how)) if value}
    if step.children:
        found["because"] = [_step(child) for child in step.children]
    return found


def explain(verdict: Verdict, step: Step) -> str:
    """The explanation as a tree."""
    return parts.dump({**parts.about(verdict), **parts.file(verdict), "explanation": _step(step)})
