"""Whether a proof was accepted, and if not why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ....engine.facts import Facts
from ....engine.pack import Pack
from . import parts


def prove(name: str, proof: Mapping[str, Any], faults: Sequence[str], facts: Facts, pack: Pack) -> str:
    """Accepted or not, with what it proves or the reasons."""
    return parts.dump(
        {
            "accepted": not faults,
            "explanation": name,
            "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest},
            "facts": {"file": facts.file, "digest": facts.digest},
            "subject": None if faults else proof["subject"],
            "nodes": None if faults else len(proof["nodes"]),
            "reasons": list(faults),
        }
    )
