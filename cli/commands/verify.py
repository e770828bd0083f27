"""The command `verify`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ..app import HOLDS, HOLDS_NOT, Format, FormatOption, PackOption, ProjectOption, SyntaxOption, TodayOption, WaiversOption

SHORT = "Check a decision record: its signature, and that judging the same file again gives the same answer."


def run(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="What `gatewright record` wrote.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="The fact file that it is about.")],
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="The public key (PEM) that has to have signed it; of several, one has to."),
    ] = None,
    any_verdict: Annotated[
        bool, typer.Option("--any-verdict", help="End with 0 for a true record of a blocked delivery too.")
    ] = False,
    still: Annotated[
        bool, typer.Option("--still", help="Ask too whether the delivery still passes today: evidence and waivers expire.")
    ] = False,
    today: TodayOption = None,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    project: ProjectOption = None,
    waivers: WaiversOption = None,
) -> tuple[str, int]:
    """Check the signature of a decision record, and judge its fact file again, by the day in the record.

    Ends with 0 where the record is true and the delivery passes, with 1 where anything differs or the delivery is blocked.
    """
    from ...engine.record import OWN, differences, is_whole
    from .. import envelope
    from ..answers import Verified
    from ..renderers import render
    from .record import judged

    read = envelope.read(record)
    faults: list[str] = []
    if key and read.envelope is None:
        faults.append("it is not signed, and a key was given")
    elif key and read.envelope is not None:
        faults += [wrong] if (wrong := envelope.signed_by(read.envelope, key)) else []
    elif read.envelope is not None:
        raise _unusable(f"`{record}` is signed, and no key says by whom", "give the public key with `--key KEY`")
    if not read.canonical or not is_whole(read.statement):
        faults.append("it was changed after it was written")
    own: dict[str, Any] = read.statement["predicate"][OWN]
    day, assumptions, compared = own.get("today"), own.get("assumptions_count"), own.get("evidence_compared")
    if not isinstance(day, str) or not isinstance(assumptions, bool):
        raise _unusable(f"`{record}` does not say by which day it was judged", "give a record as `gatewright record` wrote it")
    if compared and project is None:
        raise _unusable(
            "the record was made with the files of the project, and none are given", "give their folder with `--project DIR`"
        )
    if own.get("waivers") and waivers is None:
        raise _unusable("the record was made with waivers, and none are given", "give the same file with `--waivers FILE`")
    if waivers is not None and not own.get("waivers"):
        raise _unusable("the record was made without waivers, and some are given", "leave `--waivers` out")
    if today is not None and not still:
        raise _unusable("a record is judged by the day in it", "to ask for another day too, add `--still`")
    verdict, found = judged(file, pack, input, not assumptions, day, project if compared else None, waivers)
    now = judged(file, pack, input, not assumptions, today, project if compared else None, waivers)[0] if still else None
    wrong, versions = differences(read.statement, found)
    answer = Verified(record, verdict, key is not None and not faults, day, now, tuple(faults), tuple(wrong), tuple(versions))
    holds = answer.true and all(one.passed or any_verdict for one in (verdict, now) if one)
    return render("verify", str(format), answer), HOLDS if holds else HOLDS_NOT


def _unusable(what: str, help: str) -> Exception:
    from ...engine.errors import CannotJudge, Problem

    return CannotJudge([Problem("usage", what, help=help)])
