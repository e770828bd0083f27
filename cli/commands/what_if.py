"""The command `what-if`."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import completion
from ..app import HOLDS, HOLDS_NOT, File, NoAssumptions, PackOption, ProjectOption, SyntaxOption, TodayOption, WaiversOption
from .diff import ChangesFormat, ChangesFormatOption, refused

SHORT = "Judge a delivery as if some facts were others."


def run(
    file: File,
    set: Annotated[
        list[str],
        typer.Option("--set", metavar="PATH=VALUE", help="A fact that is other; PATH[LABEL].FIELD in a record, PATH[] one more."),
    ] = [],  # noqa: B006
    unset: Annotated[
        list[str],
        typer.Option(
            "--unset", metavar="PATH", help="A fact that is not stated; PATH[LABEL] a record.", autocompletion=completion.facts
        ),
    ] = [],  # noqa: B006
    format: ChangesFormatOption = ChangesFormat.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    waivers: WaiversOption = None,
) -> tuple[str, int]:
    """Judge a delivery as if some facts were others, and tell what that changes. Nothing is written.

    Values are written as in a fact file: serving.strategy=canary, 'training.evaluation.thresholds=["auc >= 0.9"]',
    'monitoring.alerts[latency].owner=ana'. Ends with 0 where the edited delivery passes.
    """
    from ...engine import waivers as waiving
    from ...engine.changes import compare
    from ...engine.evaluate import evaluate
    from .. import inputs
    from ..renderers import render
    from ..supposed import BadArgument, supposed

    chosen, day = inputs.read_pack(pack), inputs.today(today, project)
    doc = inputs.read_file(file, str(input) if input else None)
    waived = inputs.read_waivers(waivers, file)
    found = inputs.read_facts(doc, chosen, assumptions=not no_assumptions, today=day)
    try:
        edited = supposed(doc, str(input) if input else None, chosen, set, unset, day)
    except BadArgument as error:
        return refused(str(format), error.name, error.text, error.problems)
    after = inputs.read_facts(edited, chosen, assumptions=not no_assumptions, today=day)
    changes = compare(*(evaluate(one, chosen, waiving.read(waived, one, chosen)) for one in (found, after)))
    return render("what-if", str(format), changes, edited.text), HOLDS if changes.new.passed else HOLDS_NOT
