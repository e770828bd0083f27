"""What `pack lint` found, in plain text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ... import safe
from .problems import problems
from .words import plural

if TYPE_CHECKING:
    from ....engine.pack_lint import Finding, Linted, Witness


def pack_lint(found: Linted) -> str:
    """Each finding with its line, a delivery that shows it, and how to mend it."""
    about = f"{found.pack.id} {found.pack.version}" if found.pack else safe.terminal(found.folder)
    if not found.findings:
        return f"{about}: no findings\n"
    shown = [_finding(one, found.texts) for one in found.findings]
    return "\n".join([*shown, f"{about}: {plural(len(found.findings), 'finding')}\n"])


def _finding(found: Finding, texts: dict[str, str]) -> str:
    problem = found.problem
    told = problems(problem.file, texts.get(problem.file, ""), [replace(problem, file="", help="")])
    lines = [f"  witness: {line}" if not n else f"           {line}" for n, line in enumerate(witness(found.witness))]
    mend = [f"  help: {safe.terminal(problem.help)}"] if problem.help else []
    return told + "".join(f"{line}\n" for line in [*lines, *mend])


def witness(found: Witness) -> list[str]:
    """What the delivery states, one fact a line, as a fact file would say it."""
    return [f"{path}: {_value(value)}" if value is not None else f"{path} is not stated" for path, value in found.items()]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(one)}" for key, one in value.items()) + "}"  # pyright: ignore
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"  # pyright: ignore[reportUnknownArgumentType]
    return safe.terminal(f"{value:g}" if isinstance(value, float) else str(value))
