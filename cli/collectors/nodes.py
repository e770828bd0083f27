"""Small questions to values with places, each with an answer for what is not there: nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.errors import Place
from ...engine.nodes import Node


def get(node: Node | None, *keys: str) -> Node | None:
    """The value below keys; nothing where one is not there."""
    for key in keys:
        entry = node.entries.get(key) if node is not None else None
        node = entry.value if entry else None
    return node


def pairs(node: Node | None) -> Iterator[tuple[str, Node, Place]]:
    """The keys of a mapping with their values and where each key stands."""
    for entry in node.entries.values() if node is not None else ():
        yield entry.key, entry.value, entry.place


def items(node: Node | None) -> list[Node]:
    """The items of a list."""
    return node.items if node is not None else []


def text(node: Node | None) -> str:
    """A text, or a number as it is written; nothing of any other value."""
    return " ".join(node.raw.split()) if node is not None and node.kind in ("text", "number") else ""


def texts(node: Node | None) -> list[str]:
    """The texts of a list, or the one text that stands in place of a list of one."""
    found = [text(one) for one in items(node)] if node is not None and node.kind == "list" else [text(node)]
    return [one for one in found if one]


def leaves(node: Node | None, above: str = "") -> Iterator[tuple[str, Node]]:
    """The single values in nested mappings, each with its dotted path; lists are passed over."""
    for key, value, _ in pairs(node):
        path = f"{above}.{key}" if above else key
        if value.kind == "mapping":
            yield from leaves(value, path)
        elif value.kind != "list":
            yield path, value
