"""The command `pack show`."""

from __future__ import annotations

from typing import Annotated

import typer

from ...app import HOLDS, Format, FormatOption, PackOption

SHORT = "Tell in words what a pack asks for: the whole of it, or one thing by name."


def run(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="A gate, criterion, table, signal, fact ..., as in psi-major or limit psi-major."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Tell everything, with every condition.")] = False,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
) -> tuple[str, int]:
    """Tell in words what a pack asks for. Without NAME it is an overview; with it, what that one thing says and asks."""
    import difflib

    from ....engine import pack_items
    from ....engine.errors import CannotJudge, Problem
    from ... import inputs
    from ...renderers import render

    found = inputs.read_pack(pack)
    named = pack_items.items(found)
    name = " ".join(words or ())
    if not name:
        return render("pack-show", str(format), found, named, every, ""), HOLDS
    shown = pack_items.find(named, name)
    if not shown:
        near = difflib.get_close_matches(name, [*(one.name for one in named), *(one.key for one in named)], 1)
        mend = f"did you mean `{near[0]}`?" if near else "`gatewright pack show --all` names everything"
        raise CannotJudge([Problem("usage", f"nothing in the pack `{found.id}` is called `{name}`", help=mend)])
    return render("pack-show", str(format), found, tuple(dict.fromkeys(shown)), True, name), HOLDS
