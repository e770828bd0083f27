"""The stage graph."""

from __future__ import annotations

from ...answers import StageGraph
from . import parts


def graph(found: StageGraph) -> str:
    """The stage graph."""
    return parts.dump(
        {
            "pack": {"id": found.pack.id, "version": found.pack.version, "digest": found.pack.digest},
            "order": list(found.order),
            "gates": [
                {
                    "id": gate.id,
                    "stage": gate.stage,
                    "title": gate.title,
                    "needs": list(gate.needs),
                    "status": found.statuses.get(gate.id),
                }
                for gate in found.pack.gates
            ],
            **({} if found.verdict is None else parts.file(found.verdict)),
        }
    )
