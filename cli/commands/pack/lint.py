"""The command `pack lint`."""

from __future__ import annotations

from typing import Annotated

import typer

from ...app import HOLDS, HOLDS_NOT, Format, FormatOption, PackOption

SHORT = "Find what is wrong with a pack: contradictions, gaps, dead rows, what nothing uses or shows."


def run(
    folder: Annotated[
        str | None, typer.Argument(metavar="DIR", help="The folder of a pack, or the name of a shipped one.")
    ] = None,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
) -> tuple[str, int]:
    """Find what is wrong with a pack: conditions that can never be met or that add nothing, gates that can't pass, gaps and
    dead rows of decision tables, what nothing uses, what no case shows. Each finding has a place, a mend and, where there is
    one, a delivery that shows it.
    """
    from ....engine import pack_lint
    from ... import inputs
    from ...renderers import render

    found = pack_lint.lint(inputs.pack_folder(folder or pack))
    return render("pack-lint", str(format), found), HOLDS_NOT if found.findings else HOLDS
