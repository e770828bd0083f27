"""What differs between two packs, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import parts
from .pack_show import item

if TYPE_CHECKING:
    from ....engine.pack_changes import Change, PackChanges


def pack_diff(found: PackChanges) -> str:
    """Both packs, what all changes together do, and each as it was and is."""
    packs = {"old": parts.pack(found.old), "new": parts.pack(found.new)}
    return parts.dump({**packs, "effect": found.effect, "changes": list(map(_change, found.changes))})


def _change(one: Change) -> dict[str, Any]:
    return {
        "kind": one.named.kind,
        "name": one.named.name,
        "what": one.what,
        "effect": one.effect,
        "before": item(one.before) if one.before else None,
        "after": item(one.after) if one.after else None,
        "parts": list(map(item, one.parts)),
    }
