"""What a pack asks for, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import parts

if TYPE_CHECKING:
    from ....engine.pack import Pack
    from ....engine.pack_items import Named


def pack_show(pack: Pack, named: Sequence[Named], whole: bool, asked: str) -> str:
    """Everything that has a name; `asks` are conditions in words, with how deep each lies."""
    return parts.dump({"pack": {**parts.pack(pack), "title": pack.title, "source": pack.source}, "items": list(map(item, named))})


def item(one: Named) -> dict[str, Any]:
    """One thing of a pack."""
    asks = [{"depth": depth, "text": text} for depth, text in one.asks]
    return {"kind": one.kind, "name": one.name, "title": one.title, "in": one.within, "says": dict(one.says), "asks": asks}
