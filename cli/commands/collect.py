"""The command `collect`."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Annotated

import typer

from ..app import HOLDS, HOLDS_NOT, Color, ColorOption, Format, FormatOption, PackOption, one_of

if TYPE_CHECKING:
    from ..collecting import Collection

SHORT = "Read facts from where they already live: DVC, MLflow, model cards, ..."


def run(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The project folder.")],
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write a new fact file; it must not exist yet. - prints it."),
    ] = None,
    into: Annotated[
        str | None, typer.Option("--into", metavar="FILE", help="Add to this fact file what it does not state yet.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="Only these sources; as often as wanted, or with commas.")
    ] = None,
    include: Annotated[
        list[str] | None, typer.Option("--include", metavar="PATH", help="Look there too, though .gitignore leaves it out.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="For each source: what was looked for, found and not found.")
    ] = False,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    color: ColorOption = Color.auto,
) -> tuple[str | Callable[[str], str], int]:
    """Read facts from where they already live in a project, each with its file, line and field, for you to accept.

    Without --output or --into nothing is written. What a fact file states is never overwritten. Ends with 1 where
    sources contradict each other, or the fact file.
    """
    from ...engine import document, sources
    from ...engine.document import ENDINGS
    from ...engine.errors import CannotJudge, Problem
    from .. import fixes, inputs
    from ..collected import Answer, added_to, new_file
    from ..collecting import beside, put_together
    from ..collectors import COLLECTORS, found_by
    from ..collectors.tree import Tree
    from ..renderers import render

    if output is not None and into is not None:
        raise CannotJudge([Problem("usage", "`--output` and `--into` can't be used together", help="choose one of the two")])
    if not os.path.isdir(folder):
        raise CannotJudge([Problem("usage", f"there is no folder `{folder}`", help="give the folder of the project")])
    format_of_new = ENDINGS.get(os.path.splitext(output or "")[1].lower(), "yaml")
    if format_of_new == "toml":
        raise CannotJudge([Problem("usage", "a new file is written as YAML or JSON", help="name it `.yaml` or `.json`")])
    names = [name for given in only or () for name in given.split(",")] or list(COLLECTORS)
    for name in names:
        one_of("source", name, list(COLLECTORS))
    chosen = inputs.read_pack(pack)
    tables = sources.read(inputs.pack_folder(pack), chosen, names)
    old = _existing(into)
    with progress() as tell:
        tree = Tree(folder, include or (), tell)
        collection = put_together({name: found_by(COLLECTORS[name], tree, tables[name]) for name in names}, tables, chosen)
    doc = document.read(old, str(into)) if old is not None else None
    stated = inputs.read_facts(doc, chosen, today=inputs.today(None, folder)) if doc else None
    added, agree = beside(collection, stated) if stated else (collection.proposed, [])
    answer = Answer(chosen, folder, tree, tables, collection, added, agree, into or output or "")
    if output == "-":
        return new_file(chosen, tree, added), _code(collection)
    if output is not None:
        inputs.write_new(output, new_file(chosen, tree, added, format_of_new))
    elif doc is not None and old is not None and added:
        fixes.write(str(into), old, added_to(doc, old, chosen, tree, added))
    return lambda name: render("collect", name, answer, explain), _code(collection)


def _existing(into: str | None) -> bytes | None:
    from .. import inputs

    return inputs.read_bytes(into) if into is not None else None


def _code(collection: Collection) -> int:
    return HOLDS_NOT if collection.contradictions else HOLDS


@contextlib.contextmanager
def progress() -> Generator[Callable[[int], None] | None]:
    """What tells somebody at a terminal that a large folder is still being looked through."""
    if not sys.stderr.isatty():
        yield None
        return
    told: list[int] = []

    def tell(count: int) -> None:
        told.append(count)
        sys.stderr.write(f"\r{count} files and folders ...")
        sys.stderr.flush()

    try:
        yield tell
    finally:
        if told:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
