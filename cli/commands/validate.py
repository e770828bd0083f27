"""The command `validate`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ..app import (
    CANNOT_JUDGE,
    HOLDS,
    HOLDS_NOT,
    Color,
    ColorOption,
    OutputOption,
    PackOption,
    ProjectOption,
    ReportFormatOption,
    ReportsOption,
    SyntaxOption,
    TodayOption,
    present,
    show,
)
from ..reports import ReportFormat

if TYPE_CHECKING:
    from ...engine.facts import Today
    from ...engine.pack import Pack
    from ..fixes import Mended
    from ..folders import Given

    Answer = Callable[..., tuple[Callable[[str], str], int]]

SHORT = "Find everything that is wrong with fact files."


def run(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Fact files, folders with fact files, or - for standard input.")
    ],
    format: ReportFormatOption = ReportFormat.text,
    output: OutputOption = None,
    report: ReportsOption = None,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Show as a diff what can be mended safely, and ask whether to write it.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --fix: write without asking.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Validate again whenever a file changes, until Ctrl-C.")] = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    color: ColorOption = Color.auto,
) -> tuple[Callable[[str], str] | str, int]:
    """Find everything that is wrong with fact files: unknown keys, wrong types and choices, references to nothing."""
    from .. import folders, inputs

    _refuse_together(files, format, fix, yes, watch, bool(report or output))
    chosen, syntax = inputs.read_pack(pack), str(input) if input else None
    answer = partial(_answer, chosen, partial(inputs.today, today, project))
    if watch:
        again = partial(folders.given, files, syntax, chosen)
        return _watch(again, partial(folders.watched, files), answer, partial(_present, format, color))
    given = folders.given(files, syntax, chosen)
    if fix:
        return _fix(given, format, chosen, yes, answer)
    return answer(given)


def _present(format: ReportFormat, color: Color, answer: Callable[[str], str], before: str) -> None:
    text = answer(str(format))
    present(sys.stdout, f"{before}{text}" if format == ReportFormat.text else text, str(format), str(color))


def _refuse_together(files: Sequence[str], format: ReportFormat, fix: bool, yes: bool, watch: bool, reports: bool) -> None:
    from ...engine.errors import CannotJudge, Problem

    wrong = {
        "`--yes` belongs to `--fix`": yes and not fix,
        "`--fix` and `--watch` can't be used together": fix and watch,
        "`--output` and `--report` can't be used with `--fix` or `--watch`": reports and (fix or watch),
        "standard input can't be watched": watch and "-" in files,
        "`--fix` prints what it reads from standard input, so `-` stands alone": fix and "-" in files and len(set(files)) > 1,
        "`--fix -` prints the mended text, and no JSON or other report": fix and "-" in files and format != ReportFormat.text,
    }
    for what in (what for what, is_so in wrong.items() if is_so):
        raise CannotJudge([Problem("usage", what, help="see `gatewright validate --help`")])


def _answer(
    pack: Pack, day: Callable[[], Today], given: Given, mended: Sequence[Mended] = (), written: bool = False
) -> tuple[Callable[[str], str], int]:
    from ...engine import facts
    from ..answers import Checked, count_states
    from ..renderers import render

    found: list[Checked] = []
    today = day()
    for source in given.sources:
        if source.doc is None:
            error = source.error
            found.append(Checked(source.name, error.text if error else "", error.problems if error else (), True, {}))
        else:
            read = facts.read(source.doc, pack, today=today)
            found.append(Checked(source.name, source.doc.text, read.problems, bool(source.doc.problems), count_states(read)))
    code = HOLDS_NOT if any(one.problems for one in found) or (mended and not written) else HOLDS
    if any(one.unreadable for one in found):
        code = CANNOT_JUDGE
    return lambda name: render("validate", name, found, given.skipped, mended, written), code


def _fix(given: Given, format: ReportFormat, pack: Pack, yes: bool, answer: Answer) -> tuple[Callable[[str], str] | str, int]:
    """Show the diff, write what was agreed to, and validate the files as they are then."""
    from ...engine.errors import CannotJudge
    from .. import fixes, folders
    from ..renderers import render

    readable = [(number, source) for number, source in enumerate(given.sources) if source.doc]
    found = {number: fixes.mend(source.data, source.name, source.format, pack) for number, source in readable}
    changes = {number: mended for number, mended in found.items() if mended.data != given.sources[number].data}
    mended = list(changes.values())
    from_input = any(source.argument == "-" for source in given.sources)
    if mended and format == ReportFormat.text:
        show(sys.stderr if from_input else sys.stdout, render("mends", "text", mended))
    write = bool(mended) and (from_input or yes or (format == ReportFormat.text and _asked()))
    for number, change in changes.items() if write else ():
        source = given.sources[number]
        try:
            if not from_input:
                fixes.write(source.argument, source.data, change.data)
        except CannotJudge as error:
            given.sources[number] = folders.Source(source.name, source.argument, error=error)
            continue
        doc = fixes.document.read(change.data, source.name, source.format)
        given.sources[number] = replace(source, data=change.data, doc=doc)
    told, code = answer(given, mended, write)
    if not from_input:
        return told, code
    for source in given.sources:
        if source.doc:
            sys.stdout.buffer.write(source.data)
            sys.stdout.buffer.flush()
    show(sys.stderr, told(str(format)))
    return "", code


def _asked() -> bool:
    """Whether somebody sits there and agrees."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        return typer.confirm("Apply?", default=False)
    except typer.Abort:  # Ctrl-C, or the end of the input
        show(sys.stdout, "\n")
        return False


def _watch(
    given: Callable[[], Given],
    watched: Callable[[], tuple[list[str], list[str]]],
    answer: Answer,
    shown: Callable[[Callable[[str], str], str], None],
) -> tuple[str, int]:
    """Print the answer, and again after each change; the code is that of the last one."""
    from .. import watch

    codes: list[int] = []

    def again() -> None:
        told, code = answer(given())
        if not codes:
            show(sys.stderr, "Watching; Ctrl-C ends.\n")
        before = "\n" if codes else ""
        codes.append(code)  # before it is shown, for Ctrl-C may come at any moment
        shown(told, before)

    watch.each_change(watched, again)
    return "", codes[-1] if codes else CANNOT_JUDGE
