"""Why a gate stands as it does, as an indented tree."""

from __future__ import annotations

from ....engine.explain import Step
from ....engine.verdict import Verdict
from ... import safe
from . import words
from .problems import where


def explain(verdict: Verdict, step: Step) -> str:
    """The tree: gate, criteria, facts with place and value, what is missing and how to mend it."""
    lines = words.sequence(verdict)
    _tree(step, verdict.facts.file, "", lines)
    return "\n".join([*lines, "", *words.engine(verdict)]) + "\n"


def _tree(step: Step, file: str, indent: str, lines: list[str]) -> None:
    if step.kind == "fact":
        lines.append(
            f"{indent}{_mark(step)} {words.fact(step.title, step.within, step.value, step.says)}"
            + (" (assumed)" if step.status == "assumed" else "")
            + f"  ({'belongs below ' if step.status == 'missing' else ''}{where(file, step.place)})"
        )
        if step.how and step.status != "unmet":
            lines.append(f"{indent}    {safe.terminal(step.how)}")
        return
    if step.kind == "gate" and not step.children:
        lines.append(f"{indent}{_mark(step)} {step.title} {step.status}")
        return
    if step.kind == "gate":
        status = "BLOCKED" if step.status == "blocked" else step.status
        lines.append(f"{indent}{step.title}: {status} {step.says}".rstrip())
    else:
        name = {"entry": "entry criterion", "criterion": "exit criterion"}.get(step.kind, step.kind)
        lines.append(
            f"{indent}{_mark(step)} {step.status}, {name} {step.id}: {step.title}" + (f" ({step.says})" if step.says else "")
        )
    for child in step.children:
        if step.kind == "gate" and child.kind != "gate":
            lines.append("")
        _tree(child, file, indent + "    ", lines)
    if step.how:
        lines.append(f"{indent}    how to mend: {step.how}")


def _mark(step: Step) -> str:
    if step.good or step.status in ("met", "assumed", "waived", "absent", "holds", "reordered", "passed"):
        return "+"
    return "-" if step.status in ("unmet", "present", "not passed", "invalid", "does not hold") else "?"
