"""Assumptions as they are written: values that nobody has stated, with a reason and an owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .errors import Place, short
from .keys import Keys
from .nodes import Entry, Node
from .pack import Pack
from .values import Values, kind
from .vocabulary import FactDef

ASSUMPTIONS = "assumptions"
_KEYS = ("fact", "value", "reason", "owner")


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that nobody has stated, with the reason for it and who answers for it."""

    fact: str
    value: str
    reason: str
    owner: str
    place: Place


@dataclass(frozen=True, slots=True)
class Written:
    """An assumption as it is written. `open` names what is still a placeholder in it; until then it does not count."""

    known: FactDef
    value: Entry
    reason: str
    owner: str
    place: Place
    named: Place
    open: tuple[str, ...]


def nodes(entry: Entry | None, values: Values) -> list[Node]:
    """The records under `assumptions`; anything else than a list is noted as a problem."""
    if entry is None or values.is_placeholder(entry.value):
        return []
    if entry.value.kind != "list":
        values.problem(
            "wrong-type",
            f"`{ASSUMPTIONS}` is a list of records, and here is {kind(entry.value)}",
            entry.place,
            "begin each with `- fact: ...`",
        )
    return entry.value.items


def read(node: Node, pack: Pack, values: Values, keys: Keys) -> Iterator[Written]:
    """The assumption that `node` states; what makes it none is noted as a problem."""
    keys.check(node, "an assumption", ASSUMPTIONS, _KEYS)
    lacking = [key for key in _KEYS if key not in node.entries]
    path, reason, owner = (keys.said(node, key) for key in ("fact", "reason", "owner"))
    if lacking or not path:
        what = f"an assumption has a fact, a value, a reason and an owner, and this one lacks: {', '.join(lacking or ['fact'])}"
        values.problem("bad-assumption", what, node.place, "fill in all four; until then it does not count")
        return
    known = next((section.facts[path] for section in pack.sections if path in section.facts), None)
    place = node.entries["fact"].value.place
    if values.is_nobody(owner):
        values.problem(
            "bad-assumption",
            f"the owner of an assumption is a person or a role, and `{short(owner)}` is neither",
            node.entries["owner"].value.place,
            "name who answers for it; until then it does not count",
        )
    elif known is None and path in pack.facts:
        values.problem(
            "bad-assumption",
            f"`{path}` is a field of records, and records are assumed as a whole",
            place,
            f"assume `{path.partition('[]')[0]}`; until then it does not count",
        )
    elif known is None:
        keys.unknown(path, path, place, [top for section in pack.sections for top in section.facts])
    else:
        value = node.entries["value"]
        still = [key for key in _KEYS if values.is_placeholder(node.entries[key].value)]
        yield Written(known, value, reason, owner, node.place, place, tuple(still))
