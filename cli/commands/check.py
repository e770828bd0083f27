"""The command `check`."""

from __future__ import annotations

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
) -> tuple[str, int]:
    """Judge a delivery: which gates pass, what blocks the next one, what is missing, which policies are recommended."""
    verdict, source = judge(file, pack, input, no_assumptions, today, project)
    from ..renderers import render

    return render("check", str(format), verdict, source), HOLDS if verdict.passed else HOLDS_NOT
