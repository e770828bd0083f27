"""The command `graph`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..app import (
    HOLDS,
    HOLDS_NOT,
    GraphFormat,
    NoAssumptions,
    PackOption,
    ProjectOption,
    SyntaxOption,
    TodayOption,
    WaiversOption,
    judge,
    with_problems,
)

SHORT = "Show how the stages depend on each other."


def run(
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="A fact file, to show the status of each gate.")] = None,
    format: Annotated[GraphFormat, typer.Option("--format", "-f", help="How to print the graph.")] = GraphFormat.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    waivers: WaiversOption = None,
) -> tuple[str, int]:
    """Show how the stages depend on each other, and with a fact file where it stands."""
    from ...engine import stages
    from .. import inputs
    from ..answers import StageGraph
    from ..renderers import render

    chosen = inputs.read_pack(pack)
    edges = tuple(stages.shortest(stages.of_pack(chosen)))
    if file is not None:
        verdict, source = judge(file, pack, input, no_assumptions, today, project, waivers)
        answer = StageGraph(chosen, edges, verdict)
        text = with_problems(render("graph", str(format), answer), str(format), verdict, source)
        return text, HOLDS if verdict.passed else HOLDS_NOT
    return render("graph", str(format), StageGraph(chosen, edges, None)), HOLDS
