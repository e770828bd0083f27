"""The command `record`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..app import HOLDS, HOLDS_NOT, NoAssumptions, PackOption, ProjectOption, SyntaxOption, TodayOption, WaiversOption

if TYPE_CHECKING:
    from ...engine.verdict import Verdict

SHORT = "Write a decision record: what was judged, by what, with which answer; signed where a key is given."
VERSIONS = ("gatewright", "durable-rules", "networkx", "pydantic")


def run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A fact file (YAML, JSON or TOML), or - for standard input.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="RECORD", help="Where to write it; - prints it.")] = "-",
    sign: Annotated[str | None, typer.Option(metavar="KEY", help="Sign it with the Ed25519 key in this PEM file.")] = None,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    waivers: WaiversOption = None,
) -> tuple[str, int]:
    """Judge a delivery and write the decision down as an in-toto Statement, which `gatewright verify` replays.

    Ends as `check` does: with 0 where the delivery passes, with 1 where it is blocked. The record is written in both cases.
    """
    from ...engine import record
    from .. import reports

    _, statement = judged(file, pack, input, no_assumptions, today, project, waivers)
    text = record.canonical(statement).decode("utf-8") + "\n"
    if sign is not None:
        from .. import envelope

        text = envelope.seal(record.canonical(statement), sign)
    code = HOLDS if statement["predicate"]["verificationResult"] == "PASSED" else HOLDS_NOT
    if output == "-":
        return text, code
    reports.write(output, text)
    return "", code


def judged(
    file: str, pack: str, syntax: Any, no_assumptions: bool, today: str | None, project: str | None, waivers: str | None
) -> tuple[Verdict, dict[str, Any]]:
    """The verdict on a file, and the Statement about it. Raises CannotJudge and EngineFault."""
    import datetime

    from ...engine import document, record
    from ...engine import waivers as waiving
    from ...engine.evaluate import evaluate
    from .. import inputs

    chosen, day = inputs.read_pack(pack), inputs.today(today, project)
    data, name = inputs.read_bytes(file), "<stdin>" if file == "-" else file
    doc = document.read(data, name, str(syntax) if syntax else None)
    found = inputs.read_facts(doc, chosen, assumptions=not no_assumptions, today=day)
    waived, given = (None, None) if waivers is None else inputs.waivers_of(waivers, file)
    verdict = evaluate(found, chosen, waiving.read(waived, found, chosen))
    files = inputs.pack_files(pack)
    asked = record.Judged(day.date or datetime.date.min, not no_assumptions, project is not None, files, given)
    return verdict, record.statement(verdict, os.path.basename(name), data, asked, _versions())


def _versions() -> dict[str, str]:
    from importlib import metadata

    found: dict[str, str] = {}
    for name in VERSIONS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # durable-rules, where there is none for this Python
            continue
    return found
