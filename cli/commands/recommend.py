"""The command `recommend`."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import completion
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
    one_of,
    with_problems,
)

SHORT = "Ask the decision tables which policy fits."


def run(
    file: File,
    table: Annotated[
        str | None,
        typer.Argument(metavar="[TABLE]", help="One decision table; without it, all.", autocompletion=completion.tables),
    ] = None,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
) -> tuple[str, int]:
    """Ask the decision tables: which policy fits, why, what the alternative costs.

    Ends with 1 where the file has problems or a declared choice differs from the recommended one without a rationale.
    """
    verdict, source = judge(file, pack, input, no_assumptions, today, project)
    tables = [known.id for known in (*verdict.pack.tables, *verdict.pack.output_tables)]
    if table is not None:
        one_of("decision table", table, tables)
        tables = [table]
    from ..renderers import render

    unreasoned = any(r.deviates and not r.rationale for r in verdict.recommendations if r.table.id in tables)
    text = render("recommend", str(format), verdict, tables)
    return with_problems(text, str(format), verdict, source), HOLDS_NOT if unreasoned or verdict.facts.problems else HOLDS
