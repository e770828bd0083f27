"""The command `explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..app import (
    HOLDS,
    HOLDS_NOT,
    File,
    Format,
    FormatOption,
    NoAssumptions,
    PackOption,
    ProjectOption,
    SyntaxOption,
    TodayOption,
    gate_named,
    judge,
    with_problems,
)

SHORT = "Tell why a gate is blocked, waits or passed."


def run(
    file: File,
    gate: Annotated[str, typer.Argument(metavar="GATE", help="A gate by name or number.")],
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
) -> tuple[str, int]:
    """Tell why a gate is blocked, waits or passed: criteria, facts with their places, what is missing and how to mend it.

    Ends with 0 where the gate passed, and with 1 where it did not.
    """
    from ...engine.explain import explain_gate
    from .. import inputs
    from ..renderers import render

    name = gate_named(inputs.read_pack(pack), gate)
    verdict, source = judge(file, pack, input, no_assumptions, today, project)
    text = render("explain", str(format), verdict, explain_gate(verdict, name))
    passed = verdict.gate(name).status == "passed" and not verdict.facts.problems
    return with_problems(text, str(format), verdict, source), HOLDS if passed else HOLDS_NOT
