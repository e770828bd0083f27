"""What the criteria say towards each clause of a standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import parts

if TYPE_CHECKING:  # only who asks for a crosswalk pays for it
    from ....engine.crosswalk import Clause, Coverage


def _clause(found: Clause) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "status": found.status,
        "criteria": [
            {
                "id": one.found.criterion.id,
                "gate": one.gate,
                "status": one.found.status,
                "confidence": one.confidence,
                "because": one.because,
            }
            for one in found.criteria
        ],
    }


def crosswalk(found: Coverage) -> str:
    """The coverage under the key `crosswalk`."""
    standard = found.standard
    return parts.dump(
        {
            "crosswalk": {
                "standard": standard.id,
                "title": standard.title,
                "version": standard.version,
                "source": standard.source,
                "digest": standard.digest,
                "note": standard.note or "",
                "counts": found.counts,
                "clauses": [_clause(clause) for clause in found.clauses],
                "silent": [{"criterion": criterion, "because": why} for criterion, why in found.silent],
                "judgement": found.judgement,
            }
        }
    )
