"""A document read against the vocabulary: the state and place of every fact."""

from __future__ import annotations

import difflib
import fnmatch
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from . import document, measures
from .document import Document
from .errors import Place, Problem
from .measures import Flaw, Threshold
from .nodes import Entry, Node
from .pack import FactDef, Pack

State = Literal["stated", "assumed", "placeholder", "missing", "invalid"]
LISTS = {"texts": "text", "choices": "choice", "owners": "owner", "thresholds": "threshold", "references": "reference"}
ASSUMPTIONS, SEQUENCE = "assumptions", "sequence"  # the two parts of a fact file that no pack defines


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a fact. `flaw` says why a threshold is not measurable; `name` is what references compare."""

    value: str | float | Threshold | None
    shown: str
    place: Place
    flaw: str = ""

    @property
    def name(self) -> str:
        """The text that other facts refer to it by; of a threshold, its metric."""
        return self.value.metric if isinstance(self.value, Threshold) else self.shown


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that nobody has stated, with the reason for it and who answers for it."""

    fact: str
    value: str
    reason: str
    owner: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    """Another order of the gates, asked for by name."""

    order: tuple[str, ...]
    requested_by: str
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `within` names the record it stands in; `measured` is true where records stand in place of a choice.

    `place` is its own, or, where it is not written, that of the nearest section around it.
    """

    path: str
    state: State
    place: Place
    items: tuple[Item, ...] = ()
    within: str = ""
    measured: bool = False
    counts: bool = True

    @property
    def known(self) -> bool:
        """Whether a condition may build on it."""
        return self.counts and self.state in ("stated", "assumed")


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one file. `plain` holds those outside records, `records` the fields of each record."""

    file: str
    digest: str
    plain: dict[str, Fact]
    records: dict[str, tuple[dict[str, Fact], ...]]
    assumptions: tuple[Assumption, ...]
    sequence: Sequence | None
    problems: tuple[Problem, ...]

    def at(self, path: str) -> tuple[Fact, ...]:
        """The facts at a path. `a.b[].c` gives field c of every record, or, where there are no records, fact a.b itself."""
        base, bracket, field = path.partition("[].")
        if not bracket:
            return (self.plain[base],)
        rows = self.records.get(base, ())
        return tuple(row[field] for row in rows) if rows else (self.plain[base],)


def read(doc: Document, pack: Pack, *, assumptions: bool = True) -> Facts:
    """Read `doc` against the vocabulary of `pack`.

    Problems are collected, none is raised: a fact that can't be read is `invalid` and counts as not stated.
    With `assumptions=False` assumed values are kept and shown, and don't count.
    """
    return _Reading(doc, pack, assumptions).facts()


@lru_cache(maxsize=8)
def _tree(paths: tuple[str, ...]) -> dict[str, object]:
    """The vocabulary as nested mappings; a leaf is the fact's path."""
    root: dict[str, object] = {}
    for path in paths:
        *above, last = path.split(".")
        level = root
        for part in above:
            inner = level.setdefault(part, {})
            assert isinstance(inner, dict), f"{path}: a fact can't stand inside another"
            level = inner  # pyright: ignore[reportUnknownVariableType]
        level[last] = path
    return root


class _Reading:
    def __init__(self, doc: Document, pack: Pack, use_assumptions: bool) -> None:
        self.doc, self.pack, self.use_assumptions = doc, pack, use_assumptions
        self.top = {path: fact for section in pack.sections for path, fact in section.facts.items()}
        self.problems: list[Problem] = []
        self.plain: dict[str, Fact] = {}
        self.records: dict[str, tuple[dict[str, Fact], ...]] = {}
        self.placeholders = frozenset(text.casefold() for text in pack.placeholders if "*" not in text)
        self.patterns = tuple(text.casefold() for text in pack.placeholders if "*" in text)
        self.nobody = frozenset(text.casefold() for text in pack.nobody)

    def facts(self) -> Facts:
        root = self.doc.root
        if root.kind != "mapping":
            self._problem("wrong-type", "a fact file is a mapping of sections", root.place,
                          "begin with `delivery:` in the first line")
        self._walk(root.entries, _tree(tuple(self.top)), "", (ASSUMPTIONS, SEQUENCE))
        for path, fact in self.top.items():
            if path not in self.plain:
                self.plain[path] = Fact(path, "missing", self._section_place(fact.path))
        assumed = self._assumptions(root.entries.get(ASSUMPTIONS))
        sequence = self._sequence(root.entries.get(SEQUENCE))
        self._check_references()
        problems = sorted(self.problems, key=lambda p: (p.place.line, p.place.column, p.what) if p.place else (0, 0, p.what))
        return Facts(self.doc.file, document.digest(self._canonical(root, "")), self.plain, self.records,
                     assumed, sequence, (*self.doc.problems, *problems))

    def _problem(self, code: str, what: str, place: Place | None, help: str = "") -> None:
        self.problems.append(Problem(code, what, place, help))

    # --- keys

    def _walk(self, entries: dict[str, Entry], level: dict[str, object], above: str, besides: tuple[str, ...] = ()) -> None:
        for key, entry in entries.items():
            path = f"{above}.{key}" if above else key
            known = level.get(key)
            if isinstance(known, dict):
                if entry.value.kind == "mapping":
                    self._walk(entry.value.entries, known, path)  # pyright: ignore[reportUnknownArgumentType]
                elif not self._is_placeholder(entry.value):
                    self._problem("wrong-type", f"`{path}` is a group of facts, and here is {_kind(entry.value)}", entry.place,
                                  f"write its facts below it: {_some(known)}")  # pyright: ignore[reportUnknownArgumentType]
            elif isinstance(known, str):
                self._read_fact(self.top[known], entry)
            elif key not in besides:
                self._unknown(key, path, entry.place, [*level, *besides])

    def _unknown(self, key: str, path: str, place: Place, siblings: list[str]) -> None:
        close = difflib.get_close_matches(key, siblings, n=1, cutoff=0.6)
        elsewhere = [p for p in self.pack.facts if p.rsplit(".", 1)[-1] == key][:3]
        if close:
            help = f"did you mean `{close[0]}`?"
        elif elsewhere:
            help = "the fact of this name is " + " or ".join(f"`{p}`" for p in elsewhere)
        else:
            help = "here are known: " + _some(dict.fromkeys(siblings))
        self._problem("unknown-fact", f"no fact is called `{path}`", place, help)

    def _section_place(self, path: str) -> Place:
        """Where the nearest thing around a fact stands that is written; at worst the first line."""
        place, entries = Place(1, 1), self.doc.root.entries
        for part in path.split("."):
            entry = entries.get(part)
            if entry is None:
                break
            place, entries = entry.place, entry.value.entries
        return place

    # --- values

    def _read_fact(self, known: FactDef, entry: Entry) -> None:
        path, node = known.path, entry.value
        if known.type == "records" and not (known.choices and node.kind == "text"):
            self._read_records(known, entry)
            return
        self.plain[path] = self._value(known, node, entry.place)

    def _value(self, known: FactDef, node: Node, key_place: Place, within: str = "") -> Fact:
        many = known.type in LISTS
        if node.kind == "list" and many:
            nodes = node.items
        elif node.kind in ("list", "mapping") and not self._is_placeholder(node):
            wanted = "a list of single values" if many else "a single value"
            self._problem("wrong-type", f"`{known.path}` takes {wanted}, and here is {_kind(node)}", key_place, _write(known))
            return Fact(known.path, "invalid", key_place, within=within)
        else:
            nodes = [node]
        items: list[Item] = []
        bad = False
        for one in nodes:
            if self._is_placeholder(one):
                continue
            item = self._item(known, one)
            if item is None:
                bad = True
            else:
                items.append(item)
        if bad:
            return Fact(known.path, "invalid", key_place, within=within)
        unique = {(item.shown, repr(item.value)): item for item in reversed(items)}
        ordered = tuple(unique[key] for key in sorted(unique))
        return Fact(known.path, "stated" if ordered else "placeholder", key_place, ordered, within)

    def _item(self, known: FactDef, node: Node) -> Item | None:
        kind = LISTS.get(known.type, "choice" if known.type == "records" else known.type)
        if node.kind in ("list", "mapping", "boolean"):
            hint = f" (put it in quotes if it is meant as text: \"{node.raw}\")" if node.kind == "boolean" else ""
            self._problem("wrong-type", f"`{known.path}` takes {_WANTED[kind]}, and here is {_kind(node)}", node.place,
                          _write(known) + hint)
            return None
        shown = " ".join(node.raw.split())
        if kind == "choice":
            return self._choice(known, node, shown)
        if kind in ("integer", "number"):
            return self._number(known, node, kind)
        value: str | float | Flaw = shown
        if kind == "threshold":
            read = measures.threshold(shown)
            if isinstance(read, Flaw):
                return Item(None, shown, node.place, read.says)
            return Item(read, shown, node.place)
        if kind == "share":
            value = measures.share(shown)
        elif kind == "duration":
            value = measures.duration(shown)
        elif kind == "date":
            value = measures.date(shown)
        if isinstance(value, Flaw):
            self._problem("wrong-value", f"`{known.path}` is `{shown}`, which {value.says}", node.place, _write(known))
            return None
        return Item(value, shown, node.place)

    def _choice(self, known: FactDef, node: Node, shown: str) -> Item | None:
        if shown in known.choices:
            return Item(shown, shown, node.place)
        close = difflib.get_close_matches(shown.lower().replace(" ", "-").replace("_", "-"), known.choices, n=1, cutoff=0.6)
        help = f"did you mean `{close[0]}`? " if close else ""
        self._problem("wrong-choice", f"`{shown}` is no choice of `{known.path}`", node.place,
                      f"{help}choose from: {', '.join(known.choices)}")
        return None

    def _number(self, known: FactDef, node: Node, kind: str) -> Item | None:
        if node.kind != "number" or (kind == "integer" and not isinstance(node.number, int)):
            self._problem("wrong-type", f"`{known.path}` takes {_WANTED[kind]}, and here is {_kind(node)}", node.place, _write(known))
            return None
        low, high = known.least, known.most
        if (low is not None and node.number < low) or (high is not None and node.number > high):
            span = f"at least {low:g}" if low is not None and node.number < low else f"at most {high:g}"
            self._problem("wrong-value", f"`{known.path}` is {node.number:g}, and it has to be {span}", node.place, _write(known))
            return None
        return Item(float(node.number), f"{node.number:.15g}", node.place)

    def _read_records(self, known: FactDef, entry: Entry) -> None:
        path, node = known.path, entry.value
        if self._is_placeholder(node):
            self.plain[path] = Fact(path, "placeholder", entry.place)
            return
        if node.kind != "list" or any(item.kind != "mapping" and not self._is_placeholder(item) for item in node.items):
            wrong = next((item for item in node.items if item.kind != "mapping"), node)
            place = wrong.place if node.kind == "list" else entry.place
            alternatives = f" or one of: {', '.join(known.choices)}" if known.choices else ""
            self._problem("wrong-type", f"`{path}` takes a list of records{alternatives}, and here is {_kind(wrong)}", place,
                          f"begin each record with `- {known.label}: ...`; its fields: {', '.join(known.fields)}")
            self.plain[path] = Fact(path, "invalid", entry.place)
            return
        rows: dict[str, dict[str, Fact]] = {}
        for item in node.items:
            if not self._is_placeholder(item):
                rows.setdefault(json.dumps(self._canonical(item, path + "[]"), sort_keys=True), self._record(known, item))
        self.records[path] = tuple(rows[key] for key in sorted(rows))
        state: State = "stated" if rows else "placeholder"
        self.plain[path] = Fact(path, state, entry.place, measured=bool(known.choices and rows))

    def _record(self, known: FactDef, node: Node) -> dict[str, Fact]:
        row: dict[str, Fact] = {}
        label = node.entries.get(known.label)
        name = " ".join(label.value.raw.split()) if label and not self._is_placeholder(label.value) else ""
        for field, inner in known.fields.items():
            entry = node.entries.get(field)
            if entry is None:
                row[field] = Fact(inner.path, "missing", node.place, within=name)
            else:
                row[field] = self._value(inner, entry.value, entry.place, name)
        for key, entry in node.entries.items():
            if key not in known.fields:
                self._unknown(key, f"{known.path}[].{key}", entry.place, list(known.fields))
        return row

    def _is_placeholder(self, node: Node) -> bool:
        if node.kind == "null":
            return True
        if node.kind == "list":
            return not node.items
        if node.kind == "mapping":
            return not node.entries
        return node.kind == "text" and self._stands_for_nothing(node.raw)

    def _stands_for_nothing(self, text: str) -> bool:
        text = text.strip().casefold()
        return text in self.placeholders or text.rstrip(".!") in self.placeholders \
            or any(fnmatch.fnmatchcase(text, pattern) for pattern in self.patterns)

    # --- the two parts that no pack defines

    def _assumptions(self, entry: Entry | None) -> tuple[Assumption, ...]:
        found: list[Assumption] = []
        for node in self._part(entry, ASSUMPTIONS, ("fact", "value", "reason", "owner")):
            texts = {key: self._said(node, key) for key in ("fact", "reason", "owner")}
            value = node.entries.get("value")
            if not all(texts.values()) or value is None or self._is_placeholder(value.value):
                self._problem("bad-assumption", "an assumption has a fact, a value, a reason and an owner", node.place,
                              "fill in all four; until then it does not count")
                continue
            path = texts["fact"]
            known = self.top.get(path)
            if texts["owner"].casefold() in self.nobody:
                self._problem("bad-assumption", f"the owner of an assumption is a person or a role, and `{texts['owner']}` is neither",
                              node.entries["owner"].value.place, "name who answers for it; until then it does not count")
            elif known is None:
                self._unknown(path.rsplit(".", 1)[-1], path, node.entries["fact"].value.place, list(self.top))
            elif self.plain[path].state in ("stated", "invalid", "assumed"):
                self._problem("stated-and-assumed", f"`{path}` is assumed here and stands in line {self.plain[path].place.line} too",
                              node.place, "keep one of the two")
            else:
                self._assume(known, value, path)
                if self.plain[path].state == "assumed":
                    shown = " ".join(str(value.value.raw).split()) or json.dumps(value.value.plain(), ensure_ascii=False)
                    found.append(Assumption(path, shown, texts["reason"], texts["owner"], node.place))
        return tuple(sorted(found, key=lambda a: (list(self.top).index(a.fact), a.value)))

    def _assume(self, known: FactDef, value: Entry, path: str) -> None:
        before = self.plain[path]
        self._read_fact(known, value)
        after = self.plain[path]
        if after.state != "stated":
            self.plain[path] = before
            self.records.pop(path, None)
            return
        self.plain[path] = replace(after, state="assumed", counts=self.use_assumptions)
        if path in self.records:
            self.records[path] = tuple(
                {name: replace(f, state="assumed", counts=self.use_assumptions) if f.state == "stated" else f for name, f in row.items()}
                for row in self.records[path])

    def _sequence(self, entry: Entry | None) -> Sequence | None:
        if entry is None or self._is_placeholder(entry.value):
            return None
        node, keys = entry.value, ("order", "requested_by", "reason")
        self._check_keys(node, SEQUENCE, keys)
        order = node.entries.get("order")
        by, reason = self._said(node, "requested_by"), self._said(node, "reason")
        gates: list[str] = []
        for item in order.value.items if order else ():
            gate = self.pack.find_gate(item.raw)
            gates.append(gate.id if gate else item.raw)
        default = self.pack.order
        if sorted(gates) != sorted(default) or gates[-1] != default[-1]:
            self._problem("bad-sequence", "another order names every gate once, and the last one stays last", entry.place,
                          f"the gates are: {', '.join(default)}; until then they stay in this order")
        elif not by or not reason:
            self._problem("bad-sequence", "another order needs `requested_by` and `reason`", entry.place,
                          "say who asked for it and why; until then the gates stay in their order")
        else:
            return Sequence(tuple(gates), by, reason, entry.place)
        return None

    def _part(self, entry: Entry | None, name: str, keys: tuple[str, ...]) -> Iterator[Node]:
        if entry is None or self._is_placeholder(entry.value):
            return
        if entry.value.kind != "list":
            self._problem("wrong-type", f"`{name}` is a list of records, and here is {_kind(entry.value)}", entry.place,
                          f"begin each with `- {keys[0]}: ...`")
        for node in entry.value.items:
            self._check_keys(node, name, keys)
            yield node

    def _check_keys(self, node: Node, name: str, keys: tuple[str, ...]) -> None:
        for key, entry in node.entries.items():
            if key not in keys:
                self._unknown(key, f"{name}.{key}", entry.place, list(keys))

    def _said(self, node: Node, key: str) -> str:
        entry = node.entries.get(key)
        if entry is None or self._is_placeholder(entry.value):
            return ""
        return " ".join(entry.value.raw.split())

    # --- across facts

    def _check_references(self) -> None:
        found = Facts("", "", self.plain, self.records, (), None, ())
        for path, known in self.pack.facts.items():
            if not known.to or (path.partition("[]")[0] not in self.plain):
                continue
            targets = {item.name for fact in found.at(known.to) for item in fact.items}
            if not targets:
                continue
            for fact in found.at(path):
                for item in fact.items:
                    if fact.path == path and item.name not in targets:
                        close = difflib.get_close_matches(item.name, sorted(targets), n=1, cutoff=0.6)
                        hint = f"did you mean `{close[0]}`?" if close else f"known are: {_some(dict.fromkeys(sorted(targets)))}"
                        self._problem("bad-reference", f"`{item.shown}` in `{path}` is not declared in `{known.to}`", item.place, hint)

    def _canonical(self, node: Node, path: str) -> object:
        """The content without what does not count: order and repetition in lists, the notation of numbers."""
        if node.kind == "mapping":
            return {key: self._canonical(entry.value, f"{path}.{key}" if path else key) for key, entry in node.entries.items()}
        if node.kind == "list":
            inner = [self._canonical(item, path if path.endswith("[]") else path + "[]") for item in node.items]
            if path == f"{SEQUENCE}.order":
                return inner
            texts = {json.dumps(value, sort_keys=True): value for value in inner}
            return [texts[key] for key in sorted(texts)]
        if node.kind == "number":
            known = self.pack.facts.get(path.removesuffix("[]"))
            return node.number if known and known.type in ("integer", "number", "share") else node.raw
        return node.boolean if node.kind == "boolean" else None if node.kind == "null" else node.raw


_WANTED = {
    "text": "a text", "choice": "one of its choices", "integer": "a whole number", "number": "a number",
    "share": "a share such as `5%`", "duration": "a duration such as `30 days`", "date": "a date such as `2026-09-30`",
    "owner": "a person or role", "threshold": "a threshold such as `auc >= 0.85`", "reference": "a name declared elsewhere",
}


def _write(known: FactDef) -> str:
    """How to write a fact, from its example."""
    name = known.path.rsplit(".", 1)[-1]
    example = known.example if known.example is not None else [f"{known.label}: ..."]
    shown = json.dumps(example, ensure_ascii=False) if isinstance(example, list) else str(example)  # pyright: ignore
    return f"write for example `{name}: {shown}`"


def _some(names: dict[str, object]) -> str:
    shown = [f"`{name}`" for name in list(names)[:12]]
    return ", ".join(shown) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def _kind(node: Node) -> str:
    return {"mapping": "a mapping", "list": "a list", "text": "a text", "number": "a number",
            "boolean": f"`{node.raw}`", "null": "nothing"}[node.kind]
