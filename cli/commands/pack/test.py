"""The command `pack test`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...app import HOLDS, HOLDS_NOT, Format, FormatOption, PackOption

if TYPE_CHECKING:
    from ....engine.pack_loader import Written
    from ....engine.proposals import Proposal

SHORT = "Run the cases beside a pack, and show what they cover."


def run(
    folder: Annotated[
        str | None, typer.Argument(metavar="DIR", help="The folder of a pack, or the name of a shipped one.")
    ] = None,
    fail_under: Annotated[
        int, typer.Option("--fail-under", min=0, max=100, metavar="PERCENT", help="Fail where a line of the coverage is below.")
    ] = 0,
    propose: Annotated[bool, typer.Option("--propose", help="Propose a case for each thing that is not covered.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Propose cases, and write them at the end of the files they belong to.")
    ] = False,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
) -> tuple[str, int]:
    """Run the cases beside a pack: judge the delivery of each, and say what comes out otherwise than it expects. Then say
    which criteria, conditions, rows, signals, anti-patterns and checklist items the cases show met, unmet and unknown, and
    which conditions they show to change an answer alone.

    With --propose it proposes cases for the rest: the examples of the pack with the least changes, and what the engine
    answers. That is what the pack says; whether it is right a person has to decide.
    """
    from ....engine import case_files, pack_cases, pack_coverage, pack_loader
    from ....engine.errors import BadPack
    from ... import inputs
    from ...renderers import render

    place = inputs.pack_folder(folder or pack)
    written = pack_loader.examine(place)
    if written.problems:
        raise BadPack(written.problems)
    cases = case_files.read(written)
    _refuse_unread(place, {case.file for case in cases})
    judged = [pack_cases.judge(case, written.pack) for case in cases]
    wrong = [found for one in judged for found in pack_cases.differences(one)]
    lines = pack_coverage.measure(written, judged)
    below = [line for line in lines if line.percent < fail_under]
    offer = None
    if propose or write:
        from ....engine import proposals

        offer = proposals.propose(written.pack, lines, judged)
    added = _write(written, offer[0]) if write and offer else ()
    text = render("pack-test", str(format), written.pack, str(place), cases, wrong, lines, below, fail_under, offer, added)
    return text, HOLDS_NOT if wrong or below else HOLDS


def _refuse_unread(folder: Path, read: set[str]) -> None:
    """A case file beside nothing is not read, and its cases would seem to pass."""
    from ....engine.errors import BadPack, Problem

    strays = sorted(str(path) for path in folder.glob("**/*.cases.yaml") if str(path) not in read)
    mend = "name it after a file that `pack.yaml` lists, and put it beside that file"
    if strays:
        raise BadPack([Problem("bad-case", "nothing reads this file of cases", help=mend, file=file) for file in strays])


def _write(written: Written, proposals: Sequence[Proposal]) -> tuple[str, ...]:
    """Write proposals at the end of the cases of their files, and name those. Nothing that is there is changed."""
    from ....engine.errors import CannotJudge, Problem
    from ....engine.proposals import written as with_proposals
    from ... import fixes, inputs

    texts: list[tuple[str, bytes | None, bytes]] = []
    for file in dict.fromkeys(one.file for one in proposals):
        own = [one for one in proposals if one.file == file]
        old = inputs.read_bytes(file) if Path(file).exists() else None
        new = with_proposals((old or b"").decode("utf-8", "surrogateescape"), own).encode("utf-8", "surrogateescape")
        if not _adds(old or b"cases: []", new, len(own)):
            mend = "let `cases` be its last key, or the last before `explained`; `--propose` prints the cases"
            raise CannotJudge([Problem("usage", f"cases can't be added at the end of `{file}`", help=mend)])
        texts.append((file, old, new))
    for file, old, new in texts:
        if old is None:
            inputs.write_new(file, new.decode())
        else:
            fixes.write(file, old, new)
    return tuple(file for file, _, _ in texts)


def _adds(old: bytes, new: bytes, count: int) -> bool:
    """Whether a text has so many cases more than before, and is read as before but for them."""
    from ....engine import document
    from ....engine.errors import CannotJudge

    try:
        before: Any = document.read(old, format="yaml").root.plain()
        after: Any = document.read(new, format="yaml").root.plain()
    except CannotJudge:
        return False
    return len(after["cases"]) == len(before["cases"]) + count and after | {"cases": after["cases"][:-count]} == before
