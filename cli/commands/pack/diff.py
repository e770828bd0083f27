"""The command `pack diff`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ...app import HOLDS, HOLDS_NOT
from ..diff import ChangesFormat, ChangesFormatOption

SHORT = "Tell what differs between two packs, and whether that asks for more or less."


class FailOn(StrEnum):
    """What ends with 1."""

    looser = "looser"
    changed = "changed"


def run(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The pack before, a shipped one by name or a folder.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The pack after.")],
    fail_on: Annotated[
        FailOn,
        typer.Option("--fail-on", help="End with 1 where it can't be shown to ask for as much as before, or for any change."),
    ] = FailOn.looser,
    format: ChangesFormatOption = ChangesFormat.text,
) -> tuple[str, int]:
    """Tell what differs between two packs: what was added, dropped and changed, and what each change does to the deliveries
    that pass. A change is tighter where whatever passes now passed before, looser where it is the other way round, and open
    where neither can be shown.
    """
    from ....engine.pack_changes import compare
    from ... import inputs
    from ...renderers import render

    found = compare(inputs.read_pack(old), inputs.read_pack(new))
    fails = bool(found.changes) if fail_on is FailOn.changed else found.effect in ("looser", "unknown")
    return render("pack-diff", str(format), found), HOLDS_NOT if fails else HOLDS
