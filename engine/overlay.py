"""An organisation's pack over another: what its files add to those of the base, as trees with their places.

An overlay adds, and tightens what is there: a known criterion gets more conditions under `all`, a limit another value. What
drops or loosens stands in `departures`, with a reason. Everything here works on single files; `pack_loader.py` reads them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from .document import Document
from .errors import Place, Problem
from .nodes import Entry, Node

OWN = ("id", "version", "title", "source")
_LISTS = ("gates", "tables", "crosswalk", "placeholders", "nobody", "moving")
_REASONS = ("drop", "limit", "priority")
_DROPPED = {
    "criterion": "gates/",
    "antipattern": "antipatterns.yaml",
    "item": "bundle.yaml",
    "row": "decisions/",
    "signal": "decisions/",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A limit that an overlay gives another value, which has to make the pack stricter."""

    limit: str
    before: object
    file: str
    place: Place


@dataclass
class Overlay:
    """The files of an overlay by name, what they change of their base, and what is wrong with that."""

    files: Mapping[str, Document]
    problems: list[Problem] = field(default_factory=list[Problem])
    were: dict[str, str] = field(default_factory=dict[str, str])  # the limits that are loosened, as they were
    changed: list[Changed] = field(default_factory=list["Changed"])

    def over(self, base: Mapping[str, Document]) -> dict[str, Document]:
        """The files of the base, amended by those of the overlay."""
        found = {name: replace(doc, root=copy.deepcopy(doc.root)) for name, doc in base.items()}
        for doc in found.values():
            doc.root.file = doc.root.file or doc.file
        self._depart(found)
        for name, top in self.files.items():
            if name not in found:
                top.root.file = top.file
                found[name] = top
            else:
                self._amend(name, found[name].root, top)
        self._place_gates(found)
        return found

    def bad(self, what: str, place: Place, file: str, help: str) -> None:
        self.problems.append(Problem("bad-pack", what, place, help, file=file))

    # --- what drops or loosens

    @property
    def departures(self) -> list[Node]:
        """The departures that are written as they have to be."""
        entry = self.files["pack.yaml"].root.entries.get("departures")
        found: list[Node] = []
        for node in entry.value.items if entry else ():
            kinds = [key for key in node.entries if key in _REASONS]
            wanted = {*kinds, "because", *(["value"] if kinds == ["limit"] else [])}
            reason = node.entries.get("because")
            if len(kinds) == 1 and set(node.entries) == wanted and reason and reason.value.raw.strip():
                found.append(node)
        return found

    @property
    def dropped(self) -> list[str]:
        """What is dropped: the kind and the name of each."""
        return [node.entries["drop"].value.raw for node in self.departures if "drop" in node.entries]

    def told(self) -> list[dict[str, str]]:
        """What is dropped or loosened, in words, and why."""
        words: list[dict[str, str]] = []
        for node in self.departures:
            texts = {key: entry.value.raw for key, entry in node.entries.items()}
            if "drop" in texts:
                what = f"{texts['drop']} is dropped"
            elif "limit" in texts:
                what = f"limit {texts['limit']} is {texts['value']}"
                what += f", not {self.were[texts['limit']]}" if texts["limit"] in self.were else ""
            else:
                what = f"the rows of {texts['priority']} are ranked anew"
            words.append({"what": what, "because": texts["because"]})
        return words

    def _depart(self, found: dict[str, Document]) -> None:
        main = self.files["pack.yaml"]
        entry = main.root.entries.get("departures")
        told = self.departures
        for node in entry.value.items if entry else ():
            if not any(node is one for one in told):
                self.bad(
                    "a departure says what it drops or loosens, and `because`",
                    node.place,
                    main.file,
                    'write `{drop: "criterion NAME", because: ...}`, `{limit: NAME, value: NUMBER, because: ...}` or '
                    "`{priority: TABLE, because: ...}`",
                )
        for node in told:
            if "drop" in node.entries:
                self._drop(node.entries["drop"].value, found)
            elif "limit" in node.entries:
                self._loosen(node, found)

    def _drop(self, node: Node, found: dict[str, Document]) -> None:
        kind, _, name = node.raw.partition(" ")
        files = [doc for path, doc in found.items() if path.startswith(_DROPPED.get(kind, "\0"))]
        taken = [_take(kind, name, doc.root) for doc in files]
        if not any(taken):
            kinds = ", ".join(_DROPPED)
            what = f"there is no `{node.raw}` in the pack below, so it can't be dropped"
            self.bad(
                what,
                node.place,
                self.files["pack.yaml"].file,
                f"name a {kinds}, as in `criterion ID`; items and rows as in `item LIST/ID`",
            )
        elif kind == "criterion":
            _forget(name, found["bundle.yaml"].root)

    def _loosen(self, node: Node, found: dict[str, Document]) -> None:
        name = node.entries["limit"].value.raw
        limits = found["pack.yaml"].root.entries["limits"].value.entries
        if name not in limits:
            self.bad(f"the pack below has no limit `{name}`", node.place, self.files["pack.yaml"].file, "name one that it has")
        else:
            self.were[name] = limits[name].value.entries["value"].value.raw
            self._set(limits[name].value, "value", node.entries["value"])

    def _set(self, node: Node, key: str, entry: Entry, file: str = "") -> None:
        entry.value.file = file or self.files["pack.yaml"].file
        node.entries[key] = Entry(key, entry.place, entry.value)

    # --- what adds and tightens

    def _amend(self, name: str, base: Node, top: Document) -> None:
        amend: dict[str, Callable[[Node, Document], None]] = {
            "pack.yaml": self._main,
            "facts.yaml": self._facts,
            "antipatterns.yaml": lambda node, doc: self._keyed(node, doc.root, "antipatterns", doc.file, ("any",)),
            "bundle.yaml": self._bundle,
        }
        folder = name.partition("/")[0]
        (amend.get(name) or {"gates": self._gate, "decisions": self._table}[folder])(base, top)

    def _main(self, base: Node, top: Document) -> None:
        for key, entry in top.root.entries.items():
            if key in OWN:
                self._set(base, key, entry)
            elif key in _LISTS:
                self._append(base, key, entry.value, top.file)
            elif key == "limits":
                self._limits(base, entry.value, top.file)
            elif key == "topics":
                self._keyed(base, top.root, "topics", top.file, ("sections",))
            elif key not in ("extends", "departures"):
                self.bad(f"an overlay can't change `{key}`", entry.place, top.file, "take it out, or make a pack of its own")

    def _limits(self, base: Node, limits: Node, file: str) -> None:
        known = base.entries["limits"].value.entries
        for name, entry in limits.entries.items():
            if name not in known:
                entry.value.file = file
                known[name] = entry
                continue
            before = known[name].value.entries["value"].value.plain()
            for key, inner in entry.value.entries.items():
                if key not in ("value", "source"):
                    self.bad(
                        f"of the limit `{name}` an overlay changes its `value`, with a `source`", inner.place, file, "take it out"
                    )
                else:
                    self._set(known[name].value, key, inner, file)
            self.changed.append(Changed(name, before, file, entry.place))

    def _facts(self, base: Node, top: Document) -> None:
        for section in self._new(base, top.root, "sections", top.file):
            known, added = section
            self._only(added, ("id", "facts"), "a section of the pack below", top.file)
            facts = known.entries["facts"].value
            for path, entry in added.entries["facts"].value.entries.items() if "facts" in added.entries else ():
                if path not in facts.entries:
                    entry.value.file = top.file
                    facts.entries[path] = entry
                    continue
                self._only(entry.value, ("choices", "fields"), "a fact of the pack below", top.file)
                fact = facts.entries[path].value
                if "choices" in entry.value.entries:
                    self._append(fact, "choices", entry.value.entries["choices"].value, top.file)
                if "fields" in entry.value.entries:
                    self._merge(fact, "fields", entry.value.entries["fields"].value, top.file)

    def _gate(self, base: Node, top: Document) -> None:
        self._only(top.root, ("id", "needs", "entry", "exit"), "a gate of the pack below", top.file)
        if "needs" in top.root.entries:
            self._append(base, "needs", top.root.entries["needs"].value, top.file)
        if "entry" in top.root.entries:
            entry = top.root.entries["entry"].value
            self._only(entry, ("id", "all"), "an entry criterion of the pack below", top.file)
            if "all" in entry.entries:
                self._append(base.entries["entry"].value, "all", entry.entries["all"].value, top.file)
        self._keyed(base, top.root, "exit", top.file, ("all",))

    def _table(self, base: Node, top: Document) -> None:
        for _, signal in self._new(base, top.root, "signals", top.file):
            self.bad(
                "a signal of the pack below can't be changed", signal.place, top.file, "drop it in `departures`, and say why"
            )
        if "table" not in top.root.entries:
            return
        table, added = base.entries["table"].value, top.root.entries["table"].value
        self._only(added, ("id", "inputs", "rows", "priority", "gaps"), "a table of the pack below", top.file)
        for _, row in self._new(table, added, "rows", top.file):
            self.bad("a row of the pack below can't be changed", row.place, top.file, "drop it in `departures`, and say why")
        if "inputs" in added.entries:
            self._merge(table, "inputs", added.entries["inputs"].value, top.file)
        if "gaps" in added.entries:
            self._set(table, "gaps", added.entries["gaps"], top.file)
        if "priority" in added.entries:
            self._rank(table, added.entries["priority"], top.file)

    def _rank(self, table: Node, entry: Entry, file: str) -> None:
        before = [item.raw for item in table.entries["priority"].value.items] if "priority" in table.entries else []
        after = [item.raw for item in entry.value.items if item.raw in before]
        name = table.entries["id"].value.raw
        reasons = [node.entries["priority"].value.raw for node in self.departures if "priority" in node.entries]
        if after != before and name not in reasons:
            mend = f"keep their order, or say why in `departures`: `{{priority: {name}, because: ...}}`"
            self.bad(f"the rows that `{name}` had are ranked anew", entry.place, file, mend)
        self._set(table, "priority", entry, file)

    def _bundle(self, base: Node, top: Document) -> None:
        for known, added in self._new(base, top.root, "checklists", top.file):
            self._only(added, ("id", "items"), "a checklist of the pack below", top.file)
            self._keyed(known, added, "items", top.file, ("all", "facts"))

    # --- lists and mappings

    def _new(self, base: Node, top: Node, key: str, file: str) -> list[tuple[Node, Node]]:
        """Add to a list what has a new id; the pairs of what is known already, and what the overlay has for it."""
        if key not in top.entries:
            return []
        if key not in base.entries:
            top.entries[key].value.file = file
            base.entries[key] = top.entries[key]
            return []
        known = {_id(node): node for node in base.entries[key].value.items}
        pairs: list[tuple[Node, Node]] = []
        for node in top.entries[key].value.items:
            if _id(node) in known:
                pairs.append((known[_id(node)], node))
            else:
                node.file = file
                base.entries[key].value.items.append(node)
        return pairs

    def _keyed(self, base: Node, top: Node, key: str, file: str, grows: tuple[str, ...]) -> None:
        """Add what has a new id; of what is known the lists under `grows` grow, and nothing else changes."""
        for known, added in self._new(base, top, key, file):
            self._only(added, ("id", *grows), f"`{_id(known)}` of the pack below", file)
            for name in grows:
                if name not in added.entries:
                    continue
                if name not in known.entries:
                    what = f"`{_id(known)}` of the pack below has no `{name}` that could grow"
                    self.bad(
                        what, added.entries[name].place, file, "add a criterion of your own, or drop this one in `departures`"
                    )
                else:
                    self._append(known, name, added.entries[name].value, file)

    def _append(self, base: Node, key: str, items: Node, file: str) -> None:
        if key not in base.entries:
            items.file = file
            base.entries[key] = Entry(key, items.place, items)
            return
        there = [node.plain() for node in base.entries[key].value.items]
        for node in items.items:
            if node.plain() not in there:
                node.file = file
                base.entries[key].value.items.append(node)

    def _merge(self, base: Node, key: str, mapping: Node, file: str) -> None:
        if key not in base.entries:
            mapping.file = file
            base.entries[key] = Entry(key, mapping.place, mapping)
            return
        known = base.entries[key].value.entries
        for name, entry in mapping.entries.items():
            if name in known:
                self.bad(
                    f"`{name}` is there already, and an overlay can't change it", entry.place, file, "give yours another name"
                )
            else:
                entry.value.file = file
                known[name] = entry

    def _only(self, node: Node, keys: Iterable[str], of: str, file: str) -> None:
        for key, entry in node.entries.items():
            if key not in keys:
                what = f"an overlay can't change `{key}` of {of}"
                self.bad(what, entry.place, file, f"it can have: {', '.join(keys)}; what loosens stands in `departures`")

    # --- the order of the gates

    def _place_gates(self, found: dict[str, Document]) -> None:
        """Put each added gate behind the one that it names, number the stages anew, and let the last gate need it."""
        listed = found["pack.yaml"].root.entries["gates"].value
        added = [f"gates/{item.raw}.yaml" for item in listed.items if f"gates/{item.raw}.yaml" in self.files]
        new = [name for name in added if name in found and found[name] is self.files[name]]
        base = [item for item in listed.items if f"gates/{item.raw}.yaml" not in new]
        last = found.get(f"gates/{base[-1].raw}.yaml") if base else None
        needs_all = last is not None and len(_needs(last)) == len(base) - 1
        order = base
        for name in new:
            item = next(one for one in listed.items if f"gates/{one.raw}.yaml" == name)
            root, file = found[name].root, found[name].file
            after = root.entries.pop("after", None)
            names = [one.raw for one in order]
            if after is None or after.value.raw not in names:
                self.bad(
                    "an added gate says `after` which gate it comes",
                    after.place if after else root.place,
                    file,
                    f"one of: {', '.join(names)}",
                )
                continue
            if "stage" in root.entries:
                self.bad("the stage of an added gate follows from `after`", root.entries["stage"].place, file, "take it out")
            at = names.index(after.value.raw) + 1
            order = [*order[:at], item, *order[at:]]
            if needs_all and last is not None and item is not order[-1]:
                last.root.entries["needs"].value.items.append(item)
        listed.items[:] = order
        for number, item in enumerate(order, 1):
            doc = found.get(f"gates/{item.raw}.yaml")
            if doc is not None:
                there = doc.root.entries.get("stage")
                place = there.place if there else doc.root.place
                doc.root.entries["stage"] = Entry("stage", place, Node("number", place, raw=str(number), number=number))


def _id(node: Node) -> str:
    return node.entries["id"].value.raw if "id" in node.entries else ""


def _needs(doc: Document) -> list[str]:
    entry = doc.root.entries.get("needs")
    return [item.raw for item in entry.value.items] if entry else []


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
        lists = [one.entries["items"].value for one in every if _id(one) == owner and "items" in one.entries]
    elif kind == "row" and "table" in root.entries and _id(root.entries["table"].value) == owner:
        table = root.entries["table"].value
        lists = [table.entries[key].value for key in ("rows", "priority") if key in table.entries]
    wanted = inner if kind in ("item", "row") else name
    before = sum(len(one.items) for one in lists)
    for one in lists:
        one.items[:] = [item for item in one.items if (_id(item) or item.raw) != wanted]
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
