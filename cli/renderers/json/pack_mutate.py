"""What became of the mutants of a pack, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import parts

if TYPE_CHECKING:
    from ....engine.mutation import Mutated, Outcome
    from ....engine.pack_loader import Written


def pack_mutate(written: Written, folder: str, found: Mutated, fail_under: int) -> str:
    """Every mutant, with what became of it."""
    pack = written.pack
    fates = ("killed", "refused", "equivalent", "explained", "survived")
    return parts.dump(
        {
            "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest},
            "folder": folder,
            **{fate: found.count(fate) for fate in fates},
            "percent": found.percent,
            "fail_under": fail_under,
            "mutants": list(map(_outcome, found.outcomes)),
            "stale": [parts.problem(one) for one in found.stale],
        }
    )


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "mutant": one.mutant.name,
        "fate": one.fate,
        "why": one.why,
        "case": one.case.name if one.case else None,
        "proposal": {"file": one.proposal.file, "case": one.proposal.text} if one.proposal else None,
        "witness": one.witness,
        "file": one.problem.file,
        **parts.place(one.problem.place),
    }
