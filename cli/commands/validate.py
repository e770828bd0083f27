"""The command `validate`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..app import CANNOT_JUDGE, HOLDS, HOLDS_NOT, Format, FormatOption, PackOption, SyntaxOption

SHORT = "Find everything that is wrong with fact files."


def run(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Fact files, or - for standard input.")],
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
) -> tuple[str, int]:
    """Find everything that is wrong with fact files: unknown keys, wrong types and choices, references to nothing."""
    from ...engine import facts
    from ...engine.errors import CannotJudge
    from .. import inputs
    from ..answers import Checked, count_states
    from ..renderers import render

    chosen = inputs.read_pack(pack)
    found: list[Checked] = []
    for file in files:
        name = "<stdin>" if file == "-" else file
        try:
            doc = inputs.read_file(file, str(input) if input else None)
        except CannotJudge as error:
            found.append(Checked(name, error.text, error.problems, True, {}))
            continue
        read = facts.read(doc, chosen)
        found.append(Checked(name, doc.text, read.problems, bool(doc.problems), count_states(read)))
    code = HOLDS_NOT if any(one.problems for one in found) else HOLDS
    if any(one.unreadable for one in found):
        code = CANNOT_JUDGE
    return render("validate", str(format), found), code
