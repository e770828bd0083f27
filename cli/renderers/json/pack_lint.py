"""What `pack lint` found, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import parts

if TYPE_CHECKING:
    from ....engine.pack_lint import Linted


def pack_lint(found: Linted) -> str:
    """The findings; `witness` holds the facts of a delivery that shows one, null where a fact is not stated."""
    pack = found.pack
    return parts.dump(
        {
            "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest} if pack else None,
            "folder": found.folder,
            "findings": [parts.problem(one.problem) | {"witness": dict(one.witness) or None} for one in found.findings],
        }
    )
