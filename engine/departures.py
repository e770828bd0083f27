"""What a pack drops or loosens of the one that it extends: `departures` in its `pack.yaml`, each with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .document import Document
from .errors import Problem
from .nodes import Entry, Node

_KINDS = ("drop", "limit", "table", "choices")
DROPPED = {
    "criterion": "gates/",
    "antipattern": "antipatterns.yaml",
    "item": "bundle.yaml",
    "row": "decisions/",
    "signal": "decisions/",
}
_WRITE = (
    'write `{drop: "criterion NAME", because: ...}`, `{limit: NAME, value: NUMBER, because: ...}`, '
    "`{table: NAME, because: ...}` or `{choices: FACT, because: ...}`"
)


@dataclass
class Departures:
    """The departures of the overlay whose `pack.yaml` is `main`, and what is wrong with them."""

    main: Document
    problems: list[Problem] = field(default_factory=list[Problem])
    were: dict[str, str] = field(default_factory=dict[str, str])  # the limits that are given another value, as they were

    def __post_init__(self) -> None:
        self.nodes: list[Node] = []
        entry = self.main.root.entries.get("departures")
        for node in entry.value.items if entry else ():
            kinds = [key for key in node.entries if key in _KINDS]
            wanted = {*kinds, "because", *(["value"] if kinds == ["limit"] else [])}
            reason = node.entries.get("because")
            if len(kinds) == 1 and set(node.entries) == wanted and reason and _text(reason.value):
                self.nodes.append(node)
            else:
                self.bad("a departure says what it drops or loosens, and `because`", node, _WRITE)
        if entry and not entry.value.items:
            self.bad("`departures` has to list what is dropped or loosened", entry.value, _WRITE)

    def bad(self, what: str, node: Node, help: str) -> None:
        self.problems.append(Problem("bad-pack", what, node.place, help, file=self.main.file))

    def named(self, kind: str) -> dict[str, Node]:
        """The departures of one kind by what they name."""
        return {node.entries[kind].value.raw: node for node in self.nodes if kind in node.entries}

    def told(self) -> list[dict[str, str]]:
        """What is dropped or loosened, in words, and why."""
        found: list[dict[str, str]] = []
        for node in self.nodes:
            said = {key: entry.value.raw for key, entry in node.entries.items()}
            if "drop" in said:
                what = f"{said['drop']} is dropped"
            elif "limit" in said:
                what = f"limit {said['limit']} is {said['value']}, not {self.were.get(said['limit'], '')}"
            elif "table" in said:
                what = f"table {said['table']} decides otherwise"
            else:
                what = f"{said['choices']} has more choices"
            found.append({"what": what, "because": said["because"]})
        return found

    def leave(self, found: Mapping[str, Document]) -> None:
        """Drop and loosen in the files of the base what is said to be."""
        for kind_and_name, node in self.named("drop").items():
            self._drop(kind_and_name, node, found)
        for name, node in self.named("limit").items():
            self._loosen(name, node, found)

    def _drop(self, kind_and_name: str, node: Node, found: Mapping[str, Document]) -> None:
        kind, _, name = kind_and_name.partition(" ")
        files = [doc for path, doc in found.items() if path.startswith(DROPPED.get(kind, "\0"))]
        taken = [_take(kind, name, doc.root) for doc in files]
        if not any(taken):
            what = f"there is no `{kind_and_name}` in the pack below, so it can't be dropped"
            kinds = ", ".join(DROPPED)
            self.bad(what, node, f"name a {kinds}, as in `criterion ID`; items and rows as in `item LIST/ID`")
        elif kind == "criterion":
            _forget(name, found["bundle.yaml"].root)

    def _loosen(self, name: str, node: Node, found: Mapping[str, Document]) -> None:
        limits = found["pack.yaml"].root.entries["limits"].value.entries
        if name not in limits:
            return self.bad(f"the pack below has no limit `{name}`", node, "name one that it has")
        limit, value = limits[name].value, node.entries["value"]
        self.were[name] = limit.entries["value"].value.raw
        if limit.entries["value"].value.plain() == value.value.plain():
            self.bad(f"the limit `{name}` is {value.value.raw} in the pack below too", node, "take the departure out")
        value.value.file = self.main.file
        limit.entries["value"] = Entry("value", value.place, value.value)


def _text(node: Node) -> bool:
    return node.kind == "text" and bool(node.raw.strip())


def name_of(node: Node) -> str:
    """The id of a mapping, where it has one."""
    return node.entries["id"].value.raw if "id" in node.entries else ""


def _take(kind: str, name: str, root: Node) -> bool:
    """Take what is called so out of a file; whether it was there."""
    owner, _, inner = name.partition("/")
    lists: list[Node] = []
    if kind == "criterion":
        lists = [root.entries["exit"].value] if "exit" in root.entries else []
    elif kind in ("antipattern", "signal"):
        key = f"{kind}s"
        lists = [root.entries[key].value] if key in root.entries else []
    elif kind == "item":
        every = root.entries["checklists"].value.items if "checklists" in root.entries else []
        lists = [one.entries["items"].value for one in every if name_of(one) == owner and "items" in one.entries]
    elif kind == "row" and "table" in root.entries and name_of(root.entries["table"].value) == owner:
        table = root.entries["table"].value
        lists = [table.entries[key].value for key in ("rows", "priority") if key in table.entries]
    wanted = inner if kind in ("item", "row") else name
    before = sum(len(one.items) for one in lists)
    for one in lists:
        one.items[:] = [item for item in one.items if (name_of(item) or item.raw) != wanted]
    return sum(len(one.items) for one in lists) < before


def _forget(criterion: str, bundle: Node) -> None:
    """Take a dropped criterion out of the checklists that ask for it, and an item that asked for nothing else with it."""
    for checklist in bundle.entries["checklists"].value.items if "checklists" in bundle.entries else ():
        items = checklist.entries["items"].value if "items" in checklist.entries else None
        for item in list(items.items) if items else ():
            asked = item.entries.get("all")
            if asked is None or items is None:
                continue
            left = [one for one in asked.value.items if one.plain() != {"criterion": criterion}]
            if not left and "facts" not in item.entries:
                items.items[:] = [one for one in items.items if one is not item]
            elif left:
                asked.value.items[:] = left
