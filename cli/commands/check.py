"""The command `check`."""

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
    judge,
)

SHORT = "Judge a delivery against the ten gates."


def run(
    file: File,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    prove: Annotated[
        bool, typer.Option("--prove", help="Have a second, independent program replay the proof of the whole verdict.")
    ] = False,
    crosswalk: Annotated[
        str | None,
        typer.Option(metavar="STANDARD", help="Show beside it what holds towards each clause of a standard, such as eu-ai-act."),
    ] = None,
) -> tuple[str, int]:
    """Judge a delivery: which gates pass, what blocks the next one, what is missing, which policies are recommended."""
    standard = None
    if crosswalk is not None:
        from ...engine import standards
        from .. import inputs

        standard = standards.read(inputs.pack_folder(pack), crosswalk, inputs.read_pack(pack))
    verdict, source = judge(file, pack, input, no_assumptions, today, project)
    from ..renderers import render

    answer = render("check", str(format), verdict, source)
    if prove:
        from ...engine import proof

        answer = _proved(answer, str(format), proof.replay(verdict))
    if standard is not None:
        from ...engine.crosswalk import coverage

        beside = render("crosswalk", str(format), coverage(verdict, standard))
        answer = f"{answer}\n{beside}" if format == "text" else _with(answer, beside)
    return answer, HOLDS if verdict.passed else HOLDS_NOT


def _proved(answer: str, format: str, nodes: int) -> str:
    """The answer, which says last that its proof was replayed; without `--prove` it stays as it is, byte for byte."""
    if format == "text":
        return answer.removesuffix("\n") + f", proof of {nodes} steps replayed\n"
    import json

    return _with(answer, json.dumps({"proof": {"checked": True, "nodes": nodes}}, indent=2) + "\n")


def _with(answer: str, added: str) -> str:
    """A JSON answer with the keys of another at its end."""
    return answer.removesuffix("\n}\n") + "," + added.removeprefix("{")
