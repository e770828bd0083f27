"""The command `diff`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ..app import (
    CANNOT_JUDGE,
    HOLDS,
    HOLDS_NOT,
    NoAssumptions,
    PackOption,
    ProjectOption,
    Syntax,
    SyntaxOption,
    TodayOption,
    WaiversOption,
    read,
)

if TYPE_CHECKING:
    from ...engine.errors import Problem
    from ...engine.verdict import Verdict

SHORT = "Tell what a change of a fact file does to the verdict."


class ChangesFormat(StrEnum):
    """How to print what changed."""

    text = "text"
    json = "json"
    markdown = "markdown"


class FailOn(StrEnum):
    """What ends with 1."""

    worse = "worse"
    blocked = "blocked"


ChangesFormatOption = Annotated[
    ChangesFormat, typer.Option("--format", "-f", help="How to print the answer; Markdown is for a comment on a pull request.")
]


def run(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The fact file before the change, or - for standard input.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The fact file after it, or - for standard input.")],
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="End with 1 where a gate got worse, or where the new file is blocked at all.")
    ] = FailOn.worse,
    format: ChangesFormatOption = ChangesFormat.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    waivers: WaiversOption = None,
) -> tuple[str, int]:
    """Tell what a change of a fact file does to the verdict: gates, criteria, policies, and the facts that made the difference.

    A gate got worse where it passed and does not any longer, or where one of its criteria no longer holds. The old file
    may come from git: git show main:delivery.yaml | gatewright diff - delivery.yaml
    """
    from ...engine import waivers as waiving
    from ...engine.changes import compare
    from ...engine.errors import BadPack, CannotJudge, Problem
    from ...engine.evaluate import evaluate
    from .. import inputs
    from ..renderers import render

    if old == new == "-":
        raise CannotJudge([Problem("usage", "only one of the two files can come from standard input", help="name the other one")])
    waived = inputs.read_waivers(waivers, old, new)
    verdicts: list[tuple[Verdict, str]] = []
    for name, other in ((old, new), (new, old)):
        try:
            found, source, chosen = read(name, pack, _syntax(name, other, input), no_assumptions, today, project)
            verdicts.append((evaluate(found, chosen, waiving.read(waived, found, chosen)), source))
        except BadPack:
            raise
        except CannotJudge as error:
            if error.problems[0].code == "usage":
                raise
            return refused(str(format), "<stdin>" if name == "-" else name, error.text, error.problems)
    (before, _), (after, source) = verdicts
    changes = compare(before, after)
    failed = changes.got_worse if fail_on is FailOn.worse else not after.passed
    return render("diff", str(format), changes, source), HOLDS_NOT if failed else HOLDS


def _syntax(name: str, other: str, given: Syntax | None) -> Syntax | None:
    """How a file is written where its name does not say: as was said, or else as the other one."""
    from ...engine.document import ENDINGS

    said = [ENDINGS.get("." + one.rpartition(".")[2].lower()) for one in (name, other)]
    if said[0]:
        return None
    return given or (Syntax(said[1]) if said[1] else None)


def refused(format: str, name: str, source: str, problems: Sequence[Problem]) -> tuple[str, int]:
    """The answer where one of several inputs can't be judged: its problems, under its own name."""
    from ..renderers import render

    text = render("problems", "json" if format == "json" else "text", name, source, problems)
    if format == "json":
        return text, CANNOT_JUDGE
    sys.stderr.write(text)
    return "", CANNOT_JUDGE
