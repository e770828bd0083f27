"""The command `pack test`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...app import HOLDS, HOLDS_NOT, Format, FormatOption, PackOption

SHORT = "Run the cases beside a pack, and show what they cover."


def run(
    folder: Annotated[
        str | None, typer.Argument(metavar="DIR", help="The folder of a pack, or the name of a shipped one.")
    ] = None,
    fail_under: Annotated[
        int, typer.Option("--fail-under", min=0, max=100, metavar="PERCENT", help="Fail where a line of the coverage is below.")
    ] = 0,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
) -> tuple[str, int]:
    """Run the cases beside a pack: judge the delivery of each, and say what comes out otherwise than it expects. Then say
    which criteria, conditions, rows, signals, anti-patterns and checklist items the cases show met, unmet and unknown, and
    which conditions they show to change an answer alone.
    """
    from ....engine import case_files, pack_cases, pack_coverage, pack_loader
    from ....engine.errors import BadPack
    from ... import inputs
    from ...renderers import render

    place = inputs.pack_folder(folder or pack)
    written = pack_loader.examine(place)
    if written.problems:
        raise BadPack(written.problems)
    cases = case_files.read(written)
    _refuse_unread(place, {case.file for case in cases})
    judged = [pack_cases.judge(case, written.pack) for case in cases]
    wrong = [found for one in judged for found in pack_cases.differences(one)]
    lines = pack_coverage.measure(written, judged)
    below = [line for line in lines if line.percent < fail_under]
    text = render("pack-test", str(format), written.pack, str(place), cases, wrong, lines, below, fail_under)
    return text, HOLDS_NOT if wrong or below else HOLDS


def _refuse_unread(folder: Path, read: set[str]) -> None:
    """A case file beside nothing is not read, and its cases would seem to pass."""
    from ....engine.errors import BadPack, Problem

    strays = sorted(str(path) for path in folder.glob("**/*.cases.yaml") if str(path) not in read)
    mend = "name it after a file that `pack.yaml` lists, and put it beside that file"
    if strays:
        raise BadPack([Problem("bad-case", "nothing reads this file of cases", help=mend, file=file) for file in strays])
