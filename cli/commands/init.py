"""The command `init`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..app import HOLDS, PackOption, gate_named

SHORT = "Write a fact file to begin with."


def run(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="The file to write; it must not exist yet. - prints it.")
    ] = "delivery.yaml",
    gate: Annotated[str | None, typer.Option("--gate", help="Only the facts of one gate, by name or number.")] = None,
    minimal: Annotated[bool, typer.Option("--minimal", help="Without questions and examples.")] = False,
    old: Annotated[str | None, typer.Option("--from", help="Take over what this fact file states.")] = None,
    pack: PackOption = "mlops",
) -> tuple[str, int]:
    """Write a fact file to begin with: every fact with its question, its choices and an example, to be filled in."""
    from .. import inputs
    from ..starter import SCHEMA, starter

    chosen = inputs.read_pack(pack)
    only = "" if gate is None else gate_named(chosen, gate)
    text = starter(chosen, minimal=minimal, gate=only, old=inputs.read_file(old).root if old else None)
    if file == "-":
        return text, HOLDS
    inputs.write_new(file, text)
    return (
        f"Wrote {file}. Fill it in, then run: gatewright check {file}\n"
        f"For completion in your editor: gatewright schema > {SCHEMA}\n"
    ), HOLDS
