"""The command `gatewright`: every command, in the order in which the help names them."""

from __future__ import annotations

import gc
import os
import sys

from .app import CANNOT_JUDGE, answering, app
from .commands import (
    bundle,
    check,
    collect,
    diff,
    explain,
    graph,
    init,
    interview,
    pack,
    prove,
    recommend,
    record,
    schema,
    unblock,
    validate,
    verify,
    what_if,
)

_JUDGING = (check, validate, recommend, explain, unblock, what_if, diff, bundle, prove, record, verify, graph)
for _command in (init, interview, collect, schema, *_JUDGING):
    app.command(_command.__name__.rpartition(".")[2].replace("_", "-"), short_help=_command.SHORT)(answering(_command.run))
app.add_typer(pack.group, name="pack", short_help=pack.SHORT)


def main() -> None:
    """The command `gatewright`."""
    gc.disable()  # the process ends before collecting cycles would pay: it costs a fifth of the time of `check`
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else pydantic searches every installed package for them
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller, who wants the exit code alone
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
    _leave_out_what_is_not_asked_for()
    try:
        app()
    except OSError as error:  # a full disk, say; else Python would try again on its way out, and complain
        sys.stderr.write(f"gatewright: the answer can't be written: {error.strerror}\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(CANNOT_JUDGE)


def _leave_out_what_is_not_asked_for() -> None:
    """typer makes every command ready before it runs one, which takes as long as judging a delivery."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if commands := [one for one in app.registered_commands if one.name == asked]:
        app.registered_commands, app.registered_groups = commands, []
