"""An organisation's pack over another: what its files add to those of the base, as trees with their places.

An overlay adds, and tightens what is there: a known criterion gets more conditions under `all`, a limit another value. What
drops or loosens stands in `departures.py`, with a reason; that nothing else does is seen to in `loosening.py`. Everything
here works on single files; `pack_loader.py` reads them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from .departures import Departures, name_of
from .document import Document
from .errors import Place, Problem
from .nodes import Entry, Node

OWN = ("id", "version", "title", "source")
_LISTS = ("gates", "tables", "crosswalk", "placeholders", "nobody", "moving")


@dataclass
class Overlay:
    """The files of an overlay by name, what they change of their base, and what is wrong with that.

    `limits` holds each limit that it gives another value, with its file and place, `tables` and `lists` likewise the tables
    and lists of the base that it adds to.
    """

    files: Mapping[str, Document]
    problems: list[Problem] = field(default_factory=list[Problem])
    limits: dict[str, tuple[str, Place]] = field(default_factory=dict[str, tuple[str, Place]])
    tables: dict[str, tuple[str, Place]] = field(default_factory=dict[str, tuple[str, Place]])
    lists: dict[str, tuple[str, Place]] = field(default_factory=dict[str, tuple[str, Place]])
    choices: dict[str, tuple[str, Place]] = field(default_factory=dict[str, tuple[str, Place]])

    def __post_init__(self) -> None:
        self.departures = Departures(self.files["pack.yaml"], self.problems)

    def left(self, base: Mapping[str, Document]) -> dict[str, Document]:
        """A copy of the files of the base without what the overlay drops, and with the limits that it loosens."""
        found = _copied(base)
        self.departures.leave(found)
        return found

    def over(self, left: Mapping[str, Document]) -> dict[str, Document]:
        """What is left of the files of the base, amended by those of the overlay."""
        found = _copied(left)
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

    def _set(self, node: Node, key: str, entry: Entry, file: str) -> None:
        entry.value.file = file
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
                self._set(base, key, entry, top.file)
            elif key in _LISTS:
                self.lists[key] = top.file, entry.place
                self._append(base, key, entry.value, top.file)
            elif key == "limits":
                self._limits(base, entry.value, top.file)
            elif key == "topics":
                self._keyed(base, top.root, "topics", top.file, ("sections",))
            elif key not in ("extends", "departures"):
                self.bad(f"an overlay can't change `{key}`", entry.place, top.file, "take it out, or make a pack of its own")

    def _limits(self, base: Node, limits: Node, file: str) -> None:
        known = base.entries["limits"].value.entries
        for name, entry in self._mapping(limits, file).items():
            if name not in known:
                entry.value.file = file
                known[name] = entry
                continue
            for key, inner in entry.value.entries.items():
                if key not in ("value", "source"):
                    self.bad(
                        f"of the limit `{name}` an overlay changes its `value`, with a `source`", inner.place, file, "take it out"
                    )
                else:
                    self._set(known[name].value, key, inner, file)
            self.limits[name] = file, entry.place

    def _facts(self, base: Node, top: Document) -> None:
        for section in self._new(base, top.root, "sections", top.file):
            known, added = section
            self._only(added, ("id", "facts"), "a section of the pack below", top.file)
            facts = known.entries["facts"].value
            for path, entry in self._mapping(added.entries["facts"].value, top.file).items() if "facts" in added.entries else ():
                if path not in facts.entries:
                    entry.value.file = top.file
                    facts.entries[path] = entry
                    continue
                self._only(entry.value, ("choices", "fields"), "a fact of the pack below", top.file)
                fact = facts.entries[path].value
                if "choices" in entry.value.entries:
                    self.choices[path] = top.file, entry.value.entries["choices"].place
                    self._append(fact, "choices", entry.value.entries["choices"].value, top.file)
                if "fields" in entry.value.entries:
                    self._merge(fact, "fields", entry.value.entries["fields"].value, top.file)

    def _gate(self, base: Node, top: Document) -> None:
        self._only(top.root, ("id", "needs", "entry", "exit"), "a gate of the pack below", top.file)
        self._same(base, top.root, top.file)
        if "needs" in top.root.entries:
            self._append(base, "needs", top.root.entries["needs"].value, top.file)
        if "entry" in top.root.entries:
            entry = top.root.entries["entry"].value
            self._only(entry, ("id", "all"), "an entry criterion of the pack below", top.file)
            self._same(base.entries["entry"].value, entry, top.file)
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
        self._same(table, added, top.file)
        self.tables[name_of(table)] = top.file, top.root.entries["table"].place
        for _, row in self._new(table, added, "rows", top.file):
            self.bad("a row of the pack below can't be changed", row.place, top.file, "drop it in `departures`, and say why")
        if "inputs" in added.entries:
            self._merge(table, "inputs", added.entries["inputs"].value, top.file)
        if "gaps" in added.entries:
            self._set(table, "gaps", added.entries["gaps"], top.file)
        if "priority" in added.entries:
            self._set(table, "priority", added.entries["priority"], top.file)

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
        known = {name_of(node): node for node in base.entries[key].value.items}
        pairs: list[tuple[Node, Node]] = []
        for node in self._list(top.entries[key].value, file):
            if name_of(node) in known:
                pairs.append((known[name_of(node)], node))
            else:
                node.file = file
                base.entries[key].value.items.append(node)
        return pairs

    def _keyed(self, base: Node, top: Node, key: str, file: str, grows: tuple[str, ...]) -> None:
        """Add what has a new id; of what is known the lists under `grows` grow, and nothing else changes."""
        for known, added in self._new(base, top, key, file):
            self._only(added, ("id", *grows), f"`{name_of(known)}` of the pack below", file)
            for name in grows:
                if name not in added.entries:
                    continue
                if name not in known.entries:
                    what = f"`{name_of(known)}` of the pack below has no `{name}` that could grow"
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
        for node in self._list(items, file):
            if node.plain() not in there:
                node.file = file
                base.entries[key].value.items.append(node)

    def _merge(self, base: Node, key: str, mapping: Node, file: str) -> None:
        if key not in base.entries:
            mapping.file = file
            base.entries[key] = Entry(key, mapping.place, mapping)
            return
        known = base.entries[key].value.entries
        for name, entry in self._mapping(mapping, file).items():
            if name in known:
                self.bad(
                    f"`{name}` is there already, and an overlay can't change it", entry.place, file, "give yours another name"
                )
            else:
                entry.value.file = file
                known[name] = entry

    def _list(self, node: Node, file: str) -> list[Node]:
        if node.kind != "list":
            self.bad("a list is needed here", node.place, file, "begin each item with `- `, or write them as in `[one, other]`")
        return node.items

    def _mapping(self, node: Node, file: str) -> dict[str, Entry]:
        if node.kind != "mapping":
            self.bad("a mapping is needed here", node.place, file, "write keys and values as in `key: value`")
        return node.entries

    def _only(self, node: Node, keys: Iterable[str], of: str, file: str) -> None:
        for key, entry in self._mapping(node, file).items():
            if key not in keys:
                what = f"an overlay can't change `{key}` of {of}"
                self.bad(what, entry.place, file, f"it can have: {', '.join(keys)}; what loosens stands in `departures`")

    def _same(self, base: Node, top: Node, file: str) -> None:
        """Of what an overlay amends the id stays."""
        if "id" in top.entries and name_of(top) != name_of(base):
            what = f"here `{name_of(base)}` of the pack below is amended, and not `{name_of(top)}`"
            self.bad(what, top.entries["id"].place, file, "correct the id, or give the file another name")

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
            ids = [name_of(found[f"gates/{one.raw}.yaml"].root) for one in order]
            if after is None or after.value.raw not in ids[:-1]:
                what = "an added gate says `after` which gate it comes, and the last gate stays the last"
                self.bad(what, after.value.place if after else root.place, file, f"one of: {', '.join(ids[:-1])}")
                continue
            if "stage" in root.entries:
                self.bad("the stage of an added gate follows from `after`", root.entries["stage"].place, file, "take it out")
            at = ids.index(after.value.raw) + 1
            order = [*order[:at], item, *order[at:]]
            if needs_all and last is not None and "id" in root.entries:
                last.root.entries["needs"].value.items.append(root.entries["id"].value)
        listed.items[:] = order
        for number, item in enumerate(order, 1):
            doc = found.get(f"gates/{item.raw}.yaml")
            if doc is not None:
                there = doc.root.entries.get("stage")
                place = there.place if there else doc.root.place
                doc.root.entries["stage"] = Entry("stage", place, Node("number", place, raw=str(number), number=number))


def _copied(files: Mapping[str, Document]) -> dict[str, Document]:
    found = {name: replace(doc, root=copy.deepcopy(doc.root)) for name, doc in files.items()}
    for doc in found.values():
        doc.root.file = doc.root.file or doc.file
    return found


def _needs(doc: Document) -> list[str]:
    entry = doc.root.entries.get("needs")
    return [item.raw for item in entry.value.items] if entry else []
