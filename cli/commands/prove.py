"""The command `prove`."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any, cast

import typer

from ..app import (
    HOLDS,
    HOLDS_NOT,
    File,
    Format,
    FormatOption,
    NoAssumptions,
    PackOption,
    ProjectOption,
    SyntaxOption,
    TodayOption,
    WaiversOption,
    read,
    read_waivers,
)

SHORT = "Replay an explanation from the facts and the pack alone."
_MOST = 32 * 1024 * 1024  # bytes of an explanation


def run(
    explanation: Annotated[
        str,
        typer.Argument(metavar="EXPLANATION", help="What `gatewright explain --format json` printed, or - for standard input."),
    ],
    file: File,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
    today: TodayOption = None,
    project: ProjectOption = None,
    waivers: WaiversOption = None,
) -> tuple[str, int]:
    """Replay an explanation from the facts and the pack alone, by a program that shares no code with the rules engine.

    It accepts the one right proof of each conclusion and no other. The options are to be those of the explanation.
    Ends with 0 where the proof is accepted, and with 1 where it is not.
    """
    from ...engine import proof_check
    from ...engine.proof import sheet
    from ..renderers import render

    if explanation == file == "-":
        raise _unusable("both come from standard input", "give at least one of them as a file")
    written = _proof(explanation)
    facts, _, chosen = read(file, pack, input, no_assumptions, today, project)
    waived = read_waivers(waivers, file, facts, chosen).criteria
    faults = proof_check.check(written, sheet(facts, waived), chosen)
    name = "<stdin>" if explanation == "-" else explanation
    return render("prove", str(format), name, written, faults, facts, chosen), HOLDS_NOT if faults else HOLDS


def _proof(name: str) -> dict[str, Any]:
    """The proof in an explanation, or one that stands alone. Raises CannotJudge."""
    import json

    try:
        found: Any = json.loads(_bytes(name), object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise _unusable(f"`{name}` is no JSON: {why}", "give what `gatewright explain --format json` printed") from None
    whole = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    proof = whole.get("proof", whole)
    if not isinstance(proof, dict) or "nodes" not in proof:
        raise _unusable(f"`{name}` holds no proof", "give what `gatewright explain --format json` printed")
    return cast("dict[str, Any]", proof)


def _bytes(name: str) -> bytes:
    """The content of a regular file or of standard input, if it is not too long. Raises CannotJudge."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(_MOST + 1)
        elif not os.path.isfile(name):
            raise _unusable(f"`{name}` is no file", "check the path; `-` reads standard input")
        else:
            with open(name, "rb") as file:
                data = file.read(_MOST + 1)
    except OSError as error:
        raise _unusable(f"`{name}` can't be read: {error.strerror}", "check the path") from None
    if len(data) > _MOST:
        raise _unusable(f"`{name}` is longer than {_MOST} bytes", "explain a single gate or criterion")
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one mapping")
    return found


def _refused(name: str) -> None:
    raise ValueError(f"`{name}` is no number of JSON")


def _unusable(what: str, help: str) -> Exception:
    from ...engine.errors import CannotJudge, Problem

    return CannotJudge([Problem("usage", what, help=help)])
