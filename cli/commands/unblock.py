"""The command `unblock`."""

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
    WaiversOption,
    gate_named,
    read_waivers,
)

SHORT = "Tell the least that has to be stated so that a gate passes."
ALL = "all"


def run(
    file: File,
    gate: Annotated[
        str,
        typer.Argument(
            metavar="GATE", help="A gate by name or number, or all for the whole delivery.", autocompletion=completion.gates
        ),
    ],
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    waivers: WaiversOption = None,
    most: Annotated[int, typer.Option("--most", min=1, max=100, help="How many ways to tell where there is a choice.")] = 5,
) -> tuple[str, int]:
    """Tell the least that has to be stated or changed so that a gate passes, and the gates before it: every way, the
    easiest first, each with its questions and YAML to fill in.

    Ends with 0 where the gate passes as it is, and with 1 where something has to be done. Needs the extra `solve`.
    """
    from functools import partial

    from ...engine import facts
    from ...engine.evaluate import evaluate
    from ...engine.unblock import unblock
    from .. import inputs
    from ..renderers import render

    chosen, day = inputs.read_pack(pack), inputs.today(today, project)
    name = chosen.order[-1] if gate == ALL else gate_named(chosen, gate)
    doc = inputs.read_file(file, str(input) if input else None)
    found = inputs.read_facts(doc, chosen, assumptions=not no_assumptions, today=day)
    verdict = evaluate(found, chosen, read_waivers(waivers, file, found, chosen))
    wanted = verdict.program.order[-1] if gate == ALL else name
    reread = partial(facts.read, pack=chosen, assumptions=not no_assumptions, today=day)
    answer = unblock(doc, verdict, wanted, reread, most=most)
    done = verdict.gate(wanted).status == "passed" and not found.problems
    return render("unblock", str(format), verdict, answer, doc.text, gate == ALL), HOLDS if done else HOLDS_NOT
