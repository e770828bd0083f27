"""Where each part of a pack stands in its files, and problems told there."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from . import rows
from .document import Document
from .errors import Problem
from .nodes import Node
from .pack_walks import Location

PARTS = {"facts.yaml": "sections", "bundle.yaml": "checklists", "antipatterns.yaml": "antipatterns"}
Origin = dict[Location, tuple[str, Node]]
_MENDS = {
    "extra_forbidden": "take it out, or correct its name",
    "too_short": "add at least one",
    "no_condition": "begin with one of them",
    "string_pattern_mismatch": "ids hold small letters, digits and hyphens; paths of facts small letters, digits, `_` and dots",
}


def origins(files: dict[str, Document], gates: list[str], tables: list[str]) -> Origin:
    """Where the parts of a pack stand, from its files by name."""

    def under(name: str, key: str) -> list[tuple[str, Node]]:
        entry = files[name].root.entries.get(key)
        return [(files[name].file, entry.value)] if entry else []

    both = {
        key: [(files[name].file, node) for name in tables for node in rows.written(files[name], key == "output_tables")]
        for key in ("tables", "output_tables")
    }
    signals = [(file, item) for name in tables for file, node in under(name, "signals") for item in node.items]
    origin: Origin = {(): (files["pack.yaml"].file, files["pack.yaml"].root)}
    origin |= {("gates", index): (files[name].file, files[name].root) for index, name in enumerate(gates)}
    origin |= {(key, index): one for key, found in both.items() for index, one in enumerate(found)}
    origin |= {("signals", index): one for index, one in enumerate(signals)}
    return origin | {(key,): one for name, key in PARTS.items() for one in under(name, key)}


def located(location: Location, what: str, help: str, origin: Origin, code: str = "bad-pack") -> Problem:
    """A problem at the deepest place along a location, and the way there."""
    cut = next(length for length in range(len(location), -1, -1) if location[:length] in origin)
    file, node = origin[location[:cut]]
    file, place = node.file or file, node.place
    for step in location[cut:]:
        if isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        elif isinstance(step, str) and step in node.entries:
            place, node = node.entries[step].place, node.entries[step].value
        file = node.file or file
    return Problem(code, what, place, help, file=file)


def of_error(error: Any, origin: Origin) -> Problem:
    """What pydantic says, in our words."""
    location: Location = tuple(error["loc"])
    names = [str(step) for before, step in pairwise(("", *location)) if step not in ("[key]", before)]
    kind, last = error["type"], names[-1] if names else "the pack"
    if kind == "missing":
        return located(location, f"`{'.'.join(names)}` is missing", f"add `{last}:`", origin)
    if kind == "extra_forbidden":
        return located(location, f"nothing reads the key `{last}` (`{'.'.join(names)}`)", _MENDS[kind], origin)
    says = str(error["msg"]).removeprefix("Value error, ")
    return located(location, f"`{'.'.join(names)}`: {says}", _MENDS.get(kind, "write it as the other packs do"), origin)
