"""Edits of single facts in a document: the same document with some facts stated, changed or added.

Nothing is changed in place: nodes on the way to an edit are copied, because an alias may share them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from .document import Document
from .errors import Place
from .facts import ASSUMPTIONS, Fact, Facts
from .nodes import Entry, Node

WHOLE, MORE = -1, -2  # in place of the number of a record: the fact as a whole, and one record more


@dataclass(frozen=True, slots=True)
class Edit:
    """A value for one fact: of a plain fact or a whole list (`row` is WHOLE), of a field of the record numbered `row` in
    `Facts.records`, or one record more (MORE). `value` is what a document would hold, as plain data."""

    path: str
    row: int
    value: Any


def apply(doc: Document, facts: Facts, edits: Iterable[Edit]) -> Document:
    """The document with `edits` made. `facts` is what was read from `doc`.

    Stating a fact takes it out of the assumptions: a fact is one or the other.
    """
    root = _mapping(doc.root)
    by_base: dict[str, list[Edit]] = {}
    for edit in edits:
        by_base.setdefault(edit.path.partition("[]")[0], []).append(edit)
    for base, made in by_base.items():
        whole = next((edit for edit in made if edit.row == WHOLE), None)
        if whole is not None:
            while (where := _assumed_at(root, base)) is not None:
                _leave_out(root, where)
            _put(root, base, to_node(whole.value, facts.plain[base].place))
            continue
        assumed = _assumed_at(root, base)
        holder = _step(root, ASSUMPTIONS).items[assumed] if assumed is not None else None
        old = holder.entries["value"].value if holder is not None else _find(root, base)
        rows = [dict(row) for row in _rows(old, facts.records.get(base, ()))]
        for edit in made:
            field = edit.path.partition("[].")[2]
            if edit.row == MORE:
                rows.append({name: _entry(name, value, facts.plain[base].place) for name, value in edit.value.items()})
            else:
                rows[edit.row][field] = _entry(field, edit.value, facts.records[base][edit.row][field].place)
        new = Node("list", facts.plain[base].place, items=[Node("mapping", facts.plain[base].place, entries=row) for row in rows])
        new = _with_evidence(old, new)
        if holder is None:
            _put(root, base, new)
        else:
            copied = _mapping(holder)
            copied.entries["value"] = replace(copied.entries["value"], value=new)
            _replace_item(root, cast(int, assumed), copied)
    return replace(doc, root=root)


def as_written(fact: Fact) -> Any:
    """What a fact states, as plain data; nothing where it states nothing."""
    values = [item.value if isinstance(item.value, float) and _plain_number(item.shown) else item.shown for item in fact.items]
    return values[0] if len(values) == 1 else values or None


def _plain_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).replace("e+", "").replace("e-", "").isdigit()


def to_node(value: Any, place: Place) -> Node:
    """Plain data as a node; all of it stands at `place`."""
    if isinstance(value, dict):
        return Node(
            "mapping", place, entries={key: _entry(key, one, place) for key, one in cast("dict[str, Any]", value).items()}
        )
    if isinstance(value, (list, tuple)):
        return Node("list", place, items=[to_node(one, place) for one in cast("list[Any]", value)])
    if isinstance(value, (int, float)):
        return Node("number", place, f"{value:.15g}", number=int(value) if value == int(value) else value)
    return Node("text", place, str(value))


def _entry(key: str, value: Any, place: Place) -> Entry:
    return Entry(key, place, to_node(value, place))


def _mapping(node: Node) -> Node:
    """A copy of a mapping that can be changed; of anything else, an empty one in its place."""
    return Node("mapping", node.place, entries=dict(node.entries))


def _step(node: Node, key: str) -> Node:
    return node.entries[key].value


def _find(root: Node, path: str) -> Node | None:
    node: Node | None = root
    for part in path.split("."):
        entry = node.entries.get(part) if node is not None else None
        node = entry.value if entry else None
    return node


def _put(root: Node, path: str, value: Node) -> None:
    *above, last = path.split(".")
    node = root
    for part in above:
        entry = node.entries.get(part) or Entry(part, value.place, Node("mapping", value.place))
        inner = _mapping(entry.value)
        node.entries[part] = replace(entry, value=inner)
        node = inner
    entry = node.entries.get(last) or Entry(last, value.place, value)
    node.entries[last] = replace(entry, value=value)


# --- records


def _unwrapped(node: Node | None) -> Node | None:
    """The list under `{value: ..., evidence: ...}`."""
    return node.entries["value"].value if node is not None and "value" in node.entries else node


def _with_evidence(old: Node | None, new: Node) -> Node:
    if old is None or old.kind != "mapping" or "value" not in old.entries:
        return new
    wrapped = _mapping(old)
    wrapped.entries["value"] = replace(wrapped.entries["value"], value=new)
    return wrapped


def _rows(node: Node | None, rows: tuple[dict[str, Fact], ...]) -> Iterator[dict[str, Entry]]:
    """The entries of each record, in the order of `rows`. Records that say the same are one."""
    written = _unwrapped(node)
    at = {place: item for item in (written.items if written is not None else ()) for place in _places(item)}
    for row in rows:
        found = next((at[fact.place] for fact in row.values() if fact.place in at), None)
        yield found.entries if found else dict[str, Entry]()


def _places(item: Node) -> list[Place]:
    """Where the fields of a record stand; of an empty one, where it stands itself."""
    return [entry.place for entry in item.entries.values()] or [item.place]


# --- assumptions


def _assumed_at(root: Node, base: str) -> int | None:
    """The number of the assumption that is about a fact."""
    entry = root.entries.get(ASSUMPTIONS)
    for number, item in enumerate(entry.value.items if entry else ()):
        fact = item.entries.get("fact")
        if fact is not None and fact.value.raw.strip() == base and "value" in item.entries:
            return number
    return None


def _leave_out(root: Node, number: int) -> None:
    entry = root.entries[ASSUMPTIONS]
    items = [item for n, item in enumerate(entry.value.items) if n != number]
    root.entries[ASSUMPTIONS] = replace(entry, value=replace(entry.value, items=items))


def _replace_item(root: Node, number: int, new: Node) -> None:
    entry = root.entries[ASSUMPTIONS]
    items = [new if n == number else item for n, item in enumerate(entry.value.items)]
    root.entries[ASSUMPTIONS] = replace(entry, value=replace(entry.value, items=items))
