"""The recommendations of the tables asked for."""

from __future__ import annotations

from collections.abc import Sequence

from ....engine.verdict import Verdict
from . import parts


def recommend(verdict: Verdict, tables: Sequence[str]) -> str:
    """The recommendations of the tables asked for."""
    return parts.dump(
        {
            **parts.about(verdict),
            **parts.file(verdict),
            "tables": list(tables),
            "recommendations": [parts.recommendation(r) for r in verdict.recommendations if r.table.id in tables],
            "undecided": [parts.undecided(u) for u in verdict.undecided if u.table.id in tables],
            "decisions": [parts.decision(found) for found in verdict.decisions if found.table.id in tables],
        }
    )
