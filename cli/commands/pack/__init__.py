"""The commands that begin with `pack`, in the order in which the help names them."""

from __future__ import annotations

import typer

from ...app import answering
from . import diff, dmn, lint, mutate, new, schema, show, test

SHORT = "Show, examine and compare packs of knowledge."

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=SHORT)

for _command in (show, new, lint, test, mutate, diff, schema):
    group.command(_command.__name__.rpartition(".")[2].replace("_", "-"), short_help=_command.SHORT)(answering(_command.run))
group.add_typer(dmn.group, name="dmn", short_help=dmn.SHORT)
