"""What the cases of a pack show, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import parts

if TYPE_CHECKING:
    from ....engine.case_files import Case
    from ....engine.pack import Pack
    from ....engine.pack_cases import Difference
    from ....engine.pack_coverage import Gap, Line
    from ....engine.proposals import Proposal


def pack_test(
    pack: Pack,
    folder: str,
    cases: Sequence[Case],
    wrong: Sequence[Difference],
    lines: Sequence[Line],
    below: Sequence[Line],
    fail_under: int,
    offer: tuple[Sequence[Proposal], Sequence[Gap]] | None = None,
    added: Sequence[str] = (),
) -> str:
    """The cases that fail, and the coverage with every gap; the cases that are proposed, where that was asked for."""
    proposals = offer[0] if offer else ()
    return parts.dump(
        {
            "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest},
            "folder": folder,
            "cases": len(cases),
            "differences": list(map(_difference, wrong)),
            "coverage": [
                {
                    "name": line.name,
                    "sides": {side: {"covered": one, "possible": of} for side, (one, of) in line.sides.items()} or None,
                    "covered": line.covered,
                    "possible": line.possible,
                    "percent": line.percent,
                    "gaps": [parts.problem(gap) for gap in line.gaps],
                }
                for line in lines
            ],
            "fail_under": fail_under,
            "below": [line.name for line in below],
            **(
                {"proposals": [{"file": one.file, "case": one.text} for one in proposals], "written": list(added)}
                if offer is not None
                else {}
            ),
        }
    )


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "case": found.case.name,
        "what": found.what,
        "expected": found.expected,
        "found": found.found,
        "because": list(found.because),
        "file": found.case.file,
        **parts.place(found.place),
    }
