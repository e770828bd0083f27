"""What the cases of a pack show, in plain text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from ....engine.errors import Problem
from ... import safe
from .problems import problems, where
from .words import plural

if TYPE_CHECKING:
    from ....engine.case_files import Case
    from ....engine.pack import Pack
    from ....engine.pack_cases import Difference
    from ....engine.pack_coverage import Gap, Line
    from ....engine.proposals import Proposal

    Offer = tuple[Sequence[Proposal], Sequence[Gap]]

_MOST_FACTS = 8  # facts that are shown below a difference
_MOST_GAPS = 10  # gaps that are shown below a line of the coverage


def pack_test(
    pack: Pack,
    folder: str,
    cases: Sequence[Case],
    wrong: Sequence[Difference],
    lines: Sequence[Line],
    below: Sequence[Line],
    fail_under: int,
    offer: Offer | None = None,
    added: Sequence[str] = (),
) -> str:
    """What is not as expected, the coverage as a table, what is not covered, and the cases that are proposed for it."""
    failing = len({id(found.case) for found in wrong})
    says = f"{failing} not as expected" if failing else "all as expected"
    shown = [
        *(_difference(one, folder) for one in wrong),
        f"{pack.id} {pack.version}: {plural(len(cases), 'case')}, {says}\n",
        _table(lines),
    ]
    shown += [_gaps(line, folder) for line in lines if line.gaps]
    if below:
        names = ", ".join(f"{line.name} {line.percent} %" for line in below)
        shown.append(f"below --fail-under {fail_under}: {names}\n")
    if offer is not None:
        shown += _offer(*offer, added)
    return "\n".join(shown)


def _offer(proposals: Sequence[Proposal], unfilled: Sequence[Gap], added: Sequence[str]) -> list[str]:
    """The proposals by file, as YAML to be taken over, or the files that they were written to."""
    shown: list[str] = []
    if added:
        shown += [
            f"wrote {plural(sum(one.file == file for one in proposals), 'case')} to {safe.terminal(file)}\n" for file in added
        ]
        shown = ["".join(shown)]
    for file in dict.fromkeys(one.file for one in proposals) if not added else ():
        cases = [f"  {safe.terminal(line)}\n" for one in proposals if one.file == file for line in one.text.splitlines()]
        shown.append(f"# proposed for {safe.terminal(file)}\n" + "".join(cases))
    if proposals:
        shown.append("What they expect is what the engine answers: keep a case only if you agree that it is right.\n")
    if unfilled:
        shown.append(f"no case was found for {plural(len(unfilled), 'gap')}; two changes of the examples at most were tried\n")
    return shown


def _difference(found: Difference, folder: str) -> str:
    what = f"{found.what} should be {found.expected}, and is {found.found} (case: {found.case.name})"
    told = problems(found.case.file, found.case.text, [Problem("case-fails", what, found.place)])
    head, _, rest = told.partition("\n")
    head += f"\n --> {where(found.case.file, found.place)}" if " --> " not in rest else ""
    lines = [f"  because {safe.terminal(line)}" for line in found.because[:_MOST_FACTS]]
    if len(found.because) > _MOST_FACTS:
        lines.append(f"  ... and {len(found.because) - _MOST_FACTS} more; --format json names all")
    if not PurePath(found.case.file).is_relative_to(folder):
        own = PurePath(found.case.file).name
        lines.append(
            f"  help: the case is of a pack below; one of the same name in {safe.terminal(own)} of this pack takes its place"
        )
    return "".join(f"{line}\n" for line in (head, rest.rstrip("\n"), *lines) if line)


def _table(lines: Sequence[Line]) -> str:
    from ....engine.pack_coverage import SIDES  # with what it needs, so that other commands need not load it

    rows = [("coverage", *SIDES, "covered")]
    for line in lines:
        counts = [line.sides.get(side) for side in SIDES]
        whole = f"{line.covered}/{line.possible} = " if not line.sides else ""
        rows.append((line.name, *(f"{one[0]}/{one[1]}" if one else "" for one in counts), f"{whole}{line.percent} %"))
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "".join(
        "  ".join(cell.rjust(width) if n else cell.ljust(width) for n, (cell, width) in enumerate(zip(row, widths, strict=True)))
        + "\n"
        for row in rows
    )


def _gaps(line: Line, folder: str) -> str:
    """What is not covered of the pack itself; what is lacking of packs below is theirs to show, and counted alone."""
    own = [gap for gap in line.gaps if PurePath(gap.file).is_relative_to(folder)]
    shown = [f"not covered, {line.name}:"]
    shown += [f"  {where(gap.file, gap.place)}: {safe.terminal(gap.what)}" for gap in own[:_MOST_GAPS]]
    if len(own) > _MOST_GAPS:
        shown.append(f"  ... and {len(own) - _MOST_GAPS} more; --format json names all")
    if len(own) < len(line.gaps):
        shown.append(f"  {len(line.gaps) - len(own)} of packs below; --format json names all")
    return "".join(f"{one}\n" for one in shown)
