"""The command `explain`."""

from __future__ import annotations

import difflib
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from .. import completion
from ..app import (
    HOLDS,
    HOLDS_NOT,
    File,
    NoAssumptions,
    PackOption,
    ProjectOption,
    SyntaxOption,
    TodayOption,
    WaiversOption,
    judge,
    with_problems,
)

if TYPE_CHECKING:
    from ...engine.errors import CannotJudge
    from ...engine.pack import Pack

SHORT = "Tell why a gate, criterion, recommendation, signal or anti-pattern stands as it does."
_KINDS = "gate, criterion, recommendation, signal, antipattern or fact"


class Format(StrEnum):
    """How to print an explanation."""

    text = "text"
    json = "json"
    mermaid = "mermaid"
    dot = "dot"


def run(
    file: File,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="SUBJECT",
            help="A gate (name or number), criterion, recommendation (TABLE or TABLE/ROW), signal, anti-pattern or fact. "
            "Where a name has several meanings: gate:NAME, criterion:NAME and so on.",
            autocompletion=completion.subjects,
        ),
    ],
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print the answer.")] = Format.text,
    all: Annotated[bool, typer.Option("--all", help="Show what holds, too; JSON always does.")] = False,
    depth: Annotated[int | None, typer.Option("--depth", min=0, help="How many levels to go down; the rest is counted.")] = None,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    waivers: WaiversOption = None,
) -> tuple[str, int]:
    """Tell why: what to do next, the reasons that block with their facts and places, and on request all that holds.

    Ends with 0 where it holds (the gate passed, the criterion or signal holds, the recommendation leads, the anti-pattern
    is absent, the fact is stated and fits), and with 1 where it does not, or where the file has problems.
    """
    from ...engine import steps
    from ...engine.explain import explain
    from ...engine.next_step import best
    from .. import inputs
    from ..renderers import render

    kind, name = _subject(inputs.read_pack(pack), subject)
    verdict, source = judge(file, pack, input, no_assumptions, today, project, waivers)
    full = explain(verdict, kind, name)
    whole = all or format is Format.json
    shown = full if whole else steps.short(full)
    holding = {steps.key(one) for one in steps.walk(full) if one.kind == "fact" and not one.fault}
    left_out = len(holding - {steps.key(one) for one in steps.walk(shown)})
    shown = shown if depth is None else steps.until(shown, depth)
    criteria = {c.criterion.id: c for gate in verdict.gates for c in (gate.entry, *gate.exit)}
    asking = [criteria[one.id] for one in steps.walk(full) if one.id in criteria and one.kind in ("criterion", "entry")]
    todo = best(verdict, asking, name if kind == "fact" else "")
    text = render("explain", str(format), verdict, shown, todo, left_out, whole)
    holds = full.good and not verdict.facts.problems
    return with_problems(text, str(format), verdict, source), HOLDS if holds else HOLDS_NOT


def _subject(pack: Pack, said: str) -> tuple[str, str]:
    """The kind and name that `said` means. Raises CannotJudge where nothing or several things are called so."""
    from ...engine.explain import names

    known = names(pack)
    kind, colon, name = said.partition(":")
    asked = {kind: known[kind]} if colon and kind in known else known
    name = name if asked is not known else said
    found = [one for one, every in asked.items() if name in every]
    if not found:
        raise _usage(f"no gate is called `{said}`, nor anything else", _close(name, asked))
    if len(found) > 1:
        meanings = " and ".join(f"a {one}" for one in found)
        raise _usage(f"`{name}` is the name of {meanings}", "say " + " or ".join(f"`{one}:{name}`" for one in found))
    return found[0], name


def _close(name: str, asked: dict[str, tuple[str, ...]]) -> str:
    every = list(dict.fromkeys(one for names in asked.values() for one in names))
    inside = [one for one in every if name and name == one.partition("/")[2]]  # the row without its table
    close = inside or difflib.get_close_matches(name[:80], every, n=1)
    return f"did you mean `{close[0]}`?" if close else f"give the name of a {_KINDS}"


def _usage(what: str, help: str) -> CannotJudge:
    from ...engine.errors import CannotJudge, Problem

    return CannotJudge([Problem("usage", what, help=help)])
