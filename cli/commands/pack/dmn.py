"""The commands `pack dmn export` and `pack dmn import`."""

from __future__ import annotations

from typing import Annotated

import typer

from ...app import HOLDS, PackOption, answering, one_of

SHORT = "Exchange decision tables with modellers, as DMN XML."

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=SHORT)

OutputFile = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The file to write; without it, it is printed.")]


def export(
    table: Annotated[str | None, typer.Argument(metavar="[TABLE]", help="One decision table; without it, all.")] = None,
    pack: PackOption = "mlops",
    out: OutputFile = "-",
) -> tuple[str, int]:
    """Write the decision tables of a pack as DMN 1.3, which modellers open and other engines run."""
    from ....engine import dmn_export
    from ... import inputs

    chosen = inputs.read_pack(pack)
    tables = [*chosen.tables, *chosen.output_tables]
    if table is not None:
        one_of("decision table", table, [known.id for known in tables])
        tables = [known for known in tables if known.id == table]
    text = dmn_export.export(chosen, tables)
    return _written(out, text, f"{len(tables)} decision {'table' if len(tables) == 1 else 'tables'}"), HOLDS


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A DMN file (1.1 to 1.5); - is standard input.")],
    decision: Annotated[
        str | None, typer.Argument(metavar="[DECISION]", help="The decision to take, where the file has several tables.")
    ] = None,
    pack: PackOption = "mlops",
    mapped: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="NAME=FACT",
            help="What an input is, by label or expression: NAME=FACT, 'NAME=FACT in days' for a duration, or NAME=signal:ID.",
        ),
    ] = None,
    out: OutputFile = "-",
) -> tuple[str, int]:
    """Turn a decision table of a DMN file into the table of a pack. What is outside of values, lists, ranges, comparisons and
    not(...) is refused, all of it at once, with line and column.
    """
    from ....engine import dmn_import
    from ....engine.errors import CannotJudge, Problem
    from ... import inputs
    from ...renderers import render

    given = [one.partition("=") for one in mapped or ()]
    wrong = [one for one in mapped or () if "=" not in one]
    if wrong:
        raise CannotJudge(
            [Problem("usage", f"`--input {one}` is no NAME=FACT", help="write as in --input age=data.age") for one in wrong]
        )
    data = inputs.read_bytes(file)
    name = "standard input" if file == "-" else file.replace("\\", "/").rpartition("/")[2]
    try:
        found = dmn_import.imported(data, inputs.read_pack(pack), {key: value for key, _, value in given}, decision or "", name)
    except CannotJudge as error:
        error.text = data.decode("utf-8", "replace")
        raise
    next_steps = f"table `{found['id']}`; list it in `tables` of pack.yaml, and ask `gatewright pack lint` what is left to do"
    return _written(out, render("table", "text", found), next_steps), HOLDS


def _written(name: str, text: str, what: str) -> str:
    """The text, or that it was written."""
    from ... import inputs, safe

    if name == "-":
        return text
    inputs.write_new(name, text)
    return f"wrote {safe.terminal(name)}: {what}\n"


group.command("export", short_help="Write decision tables as DMN XML.")(answering(export))
group.command("import", short_help="Read a decision table from DMN XML.")(answering(import_))
