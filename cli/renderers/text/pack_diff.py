"""What differs between two packs, in plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ... import safe
from .pack_show import KINDS

if TYPE_CHECKING:
    from ....engine.pack import Pack
    from ....engine.pack_changes import Change, PackChanges

EFFECTS = {
    "none": "asks for the same: whatever passes one, passes the other",
    "tighter": "asks for more: whatever passes now, passed before",
    "looser": "asks for less: what passed before still passes, and more may",
    "unknown": "can't be shown to ask for as much as before",
}
_MARKS = {"none": "", "tighter": "tighter", "looser": "LOOSER", "unknown": "OPEN"}


def pack_diff(found: PackChanges) -> str:
    """What all changes together do, and each with what it says otherwise."""
    lines = [headline(found), ""]
    for change in found.changes:
        lines += [f"{mark(change):8} {title(change)}", *(f"           {line}" for line in details(change)), ""]
    if any(change.effect == "unknown" for change in found.changes):
        lines += ["OPEN: neither that it asks for more nor that it asks for less can be shown; a person has to look.", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def headline(found: PackChanges) -> str:
    """Both packs, and what going from one to the other does."""
    if not found.changes:
        return f"{_pack(found.old)} and {_pack(found.new)}: no difference"
    return f"{_pack(found.old)} -> {_pack(found.new)}: {EFFECTS[found.effect]}"


def _pack(pack: Pack) -> str:
    return f"{pack.id} {safe.terminal(pack.version)} ({pack.digest[7:19]})"


def mark(change: Change) -> str:
    """What a change does, in a word; nothing where it is words alone."""
    if change.effect != "none":
        return _MARKS[change.effect]
    return "words" if change.what == "changed" and change.asked == ((), ()) else "same"


def title(change: Change) -> str:
    """What it is about."""
    one = change.named
    within = f" of {one.within}" if one.within else ""
    return f"{change.what}: {KINDS[one.kind][0]} `{safe.terminal(one.name)}`{within}: {safe.terminal(one.title)}"


def details(change: Change) -> Iterator[str]:
    """What is said and asked otherwise; of what is gone nothing more."""
    if change.what == "changed":
        for label, before, after in change.said:
            yield f"{label}: {safe.terminal(before) or 'nothing'} -> {safe.terminal(after) or 'nothing'}"
    if change.what != "dropped":
        gone, new = change.asked
        yield from (f"- {safe.terminal(line)}" for line in gone)
        yield from (f"+ {safe.terminal(line)}" for line in new)
        for part in change.parts:
            yield f"+ {KINDS[part.kind][0]} `{safe.terminal(part.name)}`: {safe.terminal(part.title)}"
            yield from (f"  + {safe.terminal(line)}" for _, line in part.asks)
