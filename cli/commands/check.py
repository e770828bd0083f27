"""The command `check`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ..app import (
    HOLDS,
    HOLDS_NOT,
    Color,
    ColorOption,
    File,
    NoAssumptions,
    OutputOption,
    PackOption,
    ProjectOption,
    ReportFormatOption,
    ReportsOption,
    SyntaxOption,
    TodayOption,
    WaiversOption,
    judge,
)
from ..reports import ReportFormat

if TYPE_CHECKING:
    from ...engine.crosswalk import Coverage
    from ...engine.verdict import Verdict
    from ..fail_on import Ending

SHORT = "Judge a delivery against the ten gates."


def run(
    file: File,
    format: ReportFormatOption = ReportFormat.text,
    output: OutputOption = None,
    report: ReportsOption = None,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    waivers: WaiversOption = None,
    prove: Annotated[
        bool, typer.Option("--prove", help="Have a second, independent program replay the proof of the whole verdict.")
    ] = False,
    crosswalk: Annotated[
        str | None,
        typer.Option(metavar="STANDARD", help="Show beside it what holds towards each clause of a standard, such as eu-ai-act."),
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT",
            help="What ends with 1: blocked (always, unless a gate is named), gate:NAME (it and those before it), assumed, "
            "waived, void-waiver, deviation, undecided, antipattern; as often as wanted.",
        ),
    ] = None,
    color: ColorOption = Color.auto,
) -> tuple[Callable[[str], str], int]:
    """Judge a delivery: which gates pass, what blocks the next one, what is missing, which policies are recommended."""
    asked, standard = None, None
    if fail_on:
        from .. import fail_on as failing
        from .. import inputs

        asked = failing.read(fail_on, inputs.read_pack(pack))
    if crosswalk is not None:
        from ...engine import standards
        from .. import inputs

        standard = standards.read(inputs.pack_folder(pack), crosswalk, inputs.read_pack(pack))
    verdict, source = judge(file, pack, input, no_assumptions, today, project, waivers)
    nodes, beside = None, None
    if prove:
        from ...engine import proof

        nodes = proof.replay(verdict)
    if standard is not None:
        from ...engine.crosswalk import coverage

        beside = coverage(verdict, standard)
    if asked is None:
        return partial(_answer, verdict, source, None, nodes, beside), HOLDS if verdict.passed else HOLDS_NOT
    from .. import fail_on as failing

    ending = failing.ending(asked, verdict)
    return partial(_answer, verdict, source, ending, nodes, beside), HOLDS_NOT if ending.red else HOLDS


def _answer(verdict: Verdict, source: str, ending: Ending | None, nodes: int | None, beside: Coverage | None, format: str) -> str:
    """The verdict in a format; the proof and the standard that were asked for besides are told in text and JSON."""
    from ..renderers import render

    answer = render("check", format, verdict, source, ending)
    if format not in ("text", "json"):
        return answer
    if nodes is not None:
        answer = _proved(answer, format, nodes)
    if beside is not None:
        table = render("crosswalk", format, beside)
        answer = f"{answer}\n{table}" if format == "text" else _with(answer, table)
    return answer


def _proved(answer: str, format: str, nodes: int) -> str:
    """The answer, which says last that its proof was replayed; without `--prove` it stays as it is, byte for byte."""
    if format == "text":
        return answer.removesuffix("\n") + f", proof of {nodes} steps replayed\n"
    import json

    return _with(answer, json.dumps({"proof": {"checked": True, "nodes": nodes}}, indent=2) + "\n")


def _with(answer: str, added: str) -> str:
    """A JSON answer with the keys of another at its end."""
    return answer.removesuffix("\n}\n") + "," + added.removeprefix("{")
