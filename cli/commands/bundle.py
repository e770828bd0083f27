"""The command `bundle`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ..app import (
    HOLDS,
    HOLDS_NOT,
    BundleFormat,
    File,
    NoAssumptions,
    OutputOption,
    PackOption,
    ProjectOption,
    ReportsOption,
    SyntaxOption,
    TodayOption,
    WaiversOption,
    judge,
    present,
)
from ..reports import STDOUT

if TYPE_CHECKING:
    from ...engine.verdict import Verdict

SHORT = "Write the delivery bundle: the delivery as a document, once all gates pass."


def run(
    file: File,
    format: Annotated[
        BundleFormat | None,
        typer.Option(
            "--format",
            "-f",
            help="How to write it; without this as the name of --output ends (.md, .html, .json), else text, which is Markdown.",
        ),
    ] = None,
    output: OutputOption = None,
    report: ReportsOption = None,
    draft: Annotated[
        bool,
        typer.Option("--draft", help="Write it while gates are blocked too, with every gap marked and DRAFT on each section."),
    ] = False,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    waivers: WaiversOption = None,
) -> tuple[Callable[[str], str], int]:
    """Write the delivery bundle: everything the fact file states, in the sections of the bundle, with places and evidence.

    It is refused, with the reasons, while a gate is blocked or the file has problems. Ends as `check` does: with 0 where the
    delivery passes, and with 1 where it is blocked, be a draft written or not.
    """
    verdict, source = judge(file, pack, input, no_assumptions, today, project, waivers)
    code = HOLDS if verdict.passed else HOLDS_NOT
    if verdict.passed or draft:
        return partial(_written, verdict, draft), code
    if STDOUT not in (output or STDOUT, *(one.partition("=")[2] for one in report or ())):
        # nobody would look into the file to see that it is no bundle
        from ..renderers import render

        present(sys.stderr, render("refused", "text", verdict, source), "text", "auto")
    return partial(_refused, verdict, source), code


def _written(verdict: Verdict, draft: bool, format: str) -> str:
    from ...engine import bundle, stages
    from ..answers import StageGraph
    from ..renderers import render

    graph = StageGraph(verdict.pack, tuple(stages.shortest(stages.of_pack(verdict.pack))), verdict)
    return render("bundle", format, bundle.write(verdict, draft=draft), graph)


def _refused(verdict: Verdict, source: str, format: str) -> str:
    from ..renderers import render

    return render("refused", format, verdict, source)
