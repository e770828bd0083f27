"""The command `init`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ..app import HOLDS, PackOption, gate_named

if TYPE_CHECKING:
    from ...engine.document import Document
    from ...engine.pack import Pack

SHORT = "Write a fact file to begin with."


def run(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="The file to write; it must not exist yet. - prints it.")
    ] = "delivery.yaml",
    gate: Annotated[str | None, typer.Option("--gate", help="Only the facts of one gate, by name or number.")] = None,
    minimal: Annotated[bool, typer.Option("--minimal", help="Without questions and examples.")] = False,
    old: Annotated[str | None, typer.Option("--from", help="Take over what this fact file states.")] = None,
    one_shot: Annotated[
        bool, typer.Option("--one-shot", help="Write everything that is not stated as an assumption, to be confirmed.")
    ] = False,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help="With --one-shot: who answers for what is assumed.")
    ] = None,
    pack: PackOption = "mlops",
) -> tuple[str, int]:
    """Write a fact file to begin with: every fact with its question, its choices and an example, to be filled in.

    With --one-shot every fact that is not stated is written as an assumption: with the pack's default and the reason for
    it where there is one, else open (TBD), with the question.
    """
    from ...engine.document import ENDINGS
    from ...engine.errors import CannotJudge
    from .. import inputs, safe
    from ..starter import SCHEMA, starter
    from .diff import refused

    chosen = inputs.read_pack(pack)
    only = "" if gate is None else gate_named(chosen, gate)
    if ENDINGS.get(os.path.splitext(file)[1].lower(), "yaml") != "yaml":
        raise _usage(
            f"`init` writes YAML, and `{file}` would not be read as that", f"begin it with `gatewright interview {file}`"
        )
    try:
        taken = inputs.read_file(old) if old else None
        problems = inputs.read_facts(taken, chosen).problems if taken else ()
    except CannotJudge as error:
        return refused("text", "<stdin>" if old == "-" else str(old), error.text, error.problems)
    if one_shot:
        text = _one_shot(chosen, taken, only, minimal, owner)
    elif owner is not None:
        raise _usage("`--owner` belongs to `--one-shot`", "add `--one-shot`, or leave it out")
    else:
        text = starter(chosen, minimal=minimal, gate=only, old=taken.root if taken else None)
    if file == "-":
        return text, HOLDS
    inputs.write_new(file, text)
    name = safe.terminal(file)
    if problems:
        sys.stderr.write(
            f"What can't be read in {safe.terminal(str(old))} may not be taken over: gatewright validate says what.\n"
        )
    if one_shot:
        return (
            f"Wrote {name}. What nobody has stated is assumed there, each to be confirmed or corrected.\n"
            f"State what only the team can know: gatewright interview {name}\n"
            f"See where the delivery stands: gatewright check {name}\n"
        ), HOLDS
    return (
        f"Wrote {name}. Fill it in, or answer the questions that matter most: gatewright interview {name}\n"
        f"Then run: gatewright check {name}\n"
        f"For completion in your editor: gatewright schema > {SCHEMA}\n"
    ), HOLDS


def _one_shot(pack: Pack, old: Document | None, gate: str, minimal: bool, owner: str | None) -> str:
    from ...engine import document
    from ...engine.evaluate import evaluate
    from ...engine.values import Values
    from .. import inputs
    from ..starter import one_shot

    if owner is not None and (not owner.strip() or Values(pack).is_nobody(owner.strip())):
        raise _usage(f"`--owner {owner}` names nobody who could be called", "name a person or a role")
    doc = old or document.read(b"{}", format="yaml")
    verdict = evaluate(inputs.read_facts(doc, pack, today=inputs.today(None, None)), pack)
    return one_shot(verdict, owner=owner or "", minimal=minimal, gate=gate, old=old.root if old else None)


def _usage(what: str, help: str) -> Exception:
    from ...engine.errors import CannotJudge, Problem

    return CannotJudge([Problem("usage", what, help=help)])
