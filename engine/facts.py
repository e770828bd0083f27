"""A document read against the vocabulary: the state and place of every fact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from . import assumptions as written
from . import document, evidence, sequence
from .assumptions import ASSUMPTIONS, Assumption, Written
from .document import Document
from .errors import Place, Problem, short
from .evidence import Today
from .keys import Keys
from .nodes import Entry, Node
from .pack import Pack
from .sequence import SEQUENCE, Sequence
from .values import LISTS, Evidence, Fact, Item, State, Values, kind, some
from .vocabulary import FactDef

__all__ = [
    "ASSUMPTIONS",
    "LISTS",
    "SEQUENCE",
    "Assumption",
    "Evidence",
    "Fact",
    "Facts",
    "Item",
    "Sequence",
    "State",
    "Today",
    "named",
    "read",
]
_UNDATED = Today()  # without a date, evidence does not age


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
    today: Today = _UNDATED

    @property
    def backed(self) -> tuple[Fact, ...]:
        """The facts that carry evidence; where a whole list of records carries it, the list alone."""
        plain = tuple(fact for fact in self.plain.values() if fact.evidence)
        whole = {fact.evidence for fact in plain}
        rows = (fact for rows in self.records.values() for row in rows for fact in row.values())
        return (*plain, *(fact for fact in rows if fact.evidence and fact.evidence not in whole))

    def at(self, path: str) -> tuple[Fact, ...]:
        """The facts at a path. `a.b[].c` gives field c of every record, or, where there are no records, fact a.b itself."""
        base, bracket, field = path.partition("[].")
        if not bracket:
            return (self.plain[base],)
        rows = self.records.get(base, ())
        return tuple(row[field] for row in rows) if rows else (self.plain[base],)


def named(facts: Facts, pack: Pack) -> list[str]:
    """What is delivered, by the first two facts of the vocabulary: the model and its version, as far as they are stated."""
    first = list(pack.sections[0].facts)[:2]
    return [item.shown for path in first for item in facts.plain[path].items[:1]]


def read(doc: Document, pack: Pack, *, assumptions: bool = True, today: Today = _UNDATED) -> Facts:
    """Read `doc` against the vocabulary of `pack`.

    Problems are collected, none is raised: a fact that can't be read is `invalid` and counts as not stated.
    With `assumptions=False` assumed values are kept and shown, and don't count. Evidence is judged by `today`;
    without a date it does not age, and without the digests of files none is compared.
    """
    return _Reading(doc, pack, assumptions, today).facts()


@lru_cache(maxsize=8)
def _tree(paths: tuple[str, ...]) -> dict[str, object]:
    """The vocabulary as nested mappings; a leaf is the fact's path."""
    root: dict[str, object] = {}
    for path in paths:
        *above, last = path.split(".")
        level = root
        for part in above:
            inner = level.setdefault(part, {})  # pyright: ignore
            assert isinstance(inner, dict), f"{path}: a fact can't stand inside another"
            level = inner  # pyright: ignore[reportUnknownVariableType]
        level[last] = path
    return root


class _Reading:
    def __init__(self, doc: Document, pack: Pack, use_assumptions: bool, today: Today) -> None:
        self.doc, self.pack, self.use_assumptions, self.today = doc, pack, use_assumptions, today
        self.top = {path: fact for section in pack.sections for path, fact in section.facts.items()}
        self.values = Values(pack)
        self.keys = Keys(pack, self.values)
        self._problem = self.values.problem
        self.plain: dict[str, Fact] = {}
        self.records: dict[str, tuple[dict[str, Fact], ...]] = {}

    def facts(self) -> Facts:
        root = self.doc.root
        if root.kind != "mapping":
            self._problem(
                "wrong-type",
                f"a fact file is a mapping of sections, and here is {kind(root)}",
                root.place,
                "begin with `delivery:` in the first line",
            )
        self._walk(root.entries, _tree(tuple(self.top)), "", (ASSUMPTIONS, SEQUENCE))
        for path, fact in self.top.items():
            if path not in self.plain:
                self.plain[path] = Fact(path, "missing", self._section_place(fact.path))
        assumed = self._assumptions(root.entries.get(ASSUMPTIONS))
        order = sequence.read(root.entries.get(SEQUENCE), self.pack, self.values, self.keys)
        self._check_references()
        # a value that an alias repeats has its problem once: it stands in one place
        every = dict.fromkeys((*self.doc.problems, *self.values.problems))
        problems = sorted(every, key=lambda p: (p.place.line, p.place.column, p.what) if p.place else (0, 0, p.what))
        return Facts(
            self.doc.file,
            document.digest(self._canonical(root, "")),
            self.plain,
            self.records,
            assumed,
            order,
            tuple(problems),
            self.today,
        )

    # --- keys

    def _walk(self, entries: dict[str, Entry], level: dict[str, object], above: str, besides: tuple[str, ...] = ()) -> None:
        for key, entry in entries.items():
            path = f"{above}.{key}" if above else key
            known = level.get(key)
            if isinstance(known, dict):
                if entry.value.kind == "mapping":
                    self._walk(entry.value.entries, known, path)  # pyright: ignore[reportUnknownArgumentType]
                elif not self.values.is_placeholder(entry.value):
                    here = f"`{path}` is a group of facts, and here is {kind(entry.value)}"
                    names = [str(name) for name in known]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
                    self._problem("wrong-type", here, entry.place, f"write its facts below it: {some(names)}")
            elif isinstance(known, str):
                self._read_fact(self.top[known], entry)
            elif key not in besides:
                self.keys.unknown(key, path, entry.place, [*level, *besides])

    def _section_place(self, path: str) -> Place:
        """Where the nearest thing around a fact stands that is written; at worst the first line."""
        place, entries = Place(1, 1), self.doc.root.entries
        for part in path.split("."):
            entry = entries.get(part)
            if entry is None:
                break
            place, entries = entry.place, entry.value.entries
        return place

    # --- facts and records

    def _read_fact(self, known: FactDef, entry: Entry) -> None:
        value, found = self._unwrap(known, entry)
        path = known.path
        if value is None:
            self.plain[path] = Fact(path, "missing", entry.place)
        elif known.type == "records" and not (known.choices and value.value.kind == "text"):
            self._read_records(known, value)
        else:
            self.plain[path] = self.values.value(known, value.value, entry.place)
        if found:
            self.plain[path] = self._weighed(self.plain[path], found)
            rows = self.records.get(path, ())
            self.records[path] = tuple(
                {name: fact if fact.evidence else self._weighed(fact, found) for name, fact in row.items()} for row in rows
            )

    def _unwrap(self, known: FactDef, entry: Entry) -> tuple[Entry | None, Evidence | None]:
        return evidence.unwrap(known, entry, self.values, self.keys, self.today)

    def _weighed(self, fact: Fact, found: Evidence) -> Fact:
        """The fact with its evidence, which may be stale."""
        why = evidence.stale(found, fact.path, self.pack, self.today)
        if why and fact.state == "stated":
            return replace(fact, evidence=found, state="stale", note=why)
        return replace(fact, evidence=found)

    def _read_records(self, known: FactDef, entry: Entry) -> None:
        path, node = known.path, entry.value
        if self.values.is_placeholder(node):
            self.plain[path] = Fact(path, "placeholder", entry.place)
            return
        listed = node.items
        wrong = (
            [node]
            if node.kind != "list"
            else [item for item in listed if item.kind != "mapping" and not self.values.is_placeholder(item)]
        )
        for item in wrong:
            takes = "a list of records" if item is node else "records"
            alternatives = f", or one of: {', '.join(known.choices)}" if known.choices else ""
            self._problem(
                "wrong-type",
                f"`{path}` takes {takes}, and here is {kind(item)}",
                entry.place if item is node else item.place,
                f"begin each record with `- {known.label}: ...`; its fields: {', '.join(known.fields)}{alternatives}",
            )
        rows: dict[str, dict[str, Fact]] = {}
        for item in listed:
            if item.kind == "mapping" or self.values.is_placeholder(item):
                rows.setdefault(json.dumps(self._canonical(item, path + "[]"), sort_keys=True), self._record(known, item))
        if wrong:
            self.plain[path] = Fact(path, "invalid", entry.place)
            return
        if all(fact.state in ("missing", "placeholder") for row in rows.values() for fact in row.values()):
            rows = {}  # records that state nothing; beside one that states something, they are unfinished records
        self.records[path] = tuple(rows[key] for key in sorted(rows))
        self.plain[path] = Fact(path, "stated" if rows else "placeholder", entry.place, measured=bool(known.choices and rows))

    def _record(self, known: FactDef, node: Node) -> dict[str, Fact]:
        row: dict[str, Fact] = {}
        label = node.entries.get(known.label)
        name = self._label(label.value) if label else ""
        for field, inner in known.fields.items():
            entry = node.entries.get(field)
            value, found = self._unwrap(inner, entry) if entry else (None, None)
            if entry is None or value is None:
                row[field] = Fact(inner.path, "missing", entry.place if entry else node.place, within=name)
                continue
            fact = self.values.value(inner, value.value, entry.place, name)
            row[field] = self._weighed(fact, found) if found else fact
        self.keys.check(node, f"a record of `{known.path}`", f"{known.path}[]", tuple(known.fields))
        return row

    def _label(self, node: Node) -> str:
        """What a record is called; the name may carry evidence of its own."""
        if node.kind == "mapping" and "value" in node.entries:
            node = node.entries["value"].value
        return "" if self.values.is_placeholder(node) else " ".join(node.raw.split())

    # --- assumptions

    def _assumptions(self, entry: Entry | None) -> tuple[Assumption, ...]:
        found: list[Assumption] = []
        seen: set[str] = set()
        for node in written.nodes(entry, self.values):
            content = json.dumps(self._canonical(node, ASSUMPTIONS + "[]"), sort_keys=True)
            if content not in seen:  # the same assumption twice is still one
                seen.add(content)
                for one in written.read(node, self.pack, self.values, self.keys):
                    found += self._assumption(one)
        position = {path: number for number, path in enumerate(self.top)}
        return tuple(sorted(found, key=lambda assumption: position[assumption.fact]))

    def _assumption(self, one: Written) -> Iterator[Assumption]:
        """The assumption, where it counts; its value becomes a fact."""
        path = one.known.path
        before = self.plain[path]
        if before.state not in ("missing", "placeholder") or before.note:
            what = f"`{path}` is assumed here, and stands in line {before.place.line} too"
            self._problem("stated-and-assumed", what, one.named, "keep one of the two")
            return
        self._read_fact(one.known, one.value)
        after = self.plain[path]
        if one.open or after.state == "placeholder":
            lacking = " and its ".join(one.open) or "value"
            self.records.pop(path, None)
            note = f"is assumed, and its {lacking} {'are' if len(one.open) > 1 else 'is'} still to be named"
            self.plain[path] = Fact(path, "placeholder", one.value.place, note=note)
        elif after.state in ("stated", "stale"):
            self.plain[path] = self._assumed(after)
            if path in self.records:
                self.records[path] = tuple({n: self._assumed(fact) for n, fact in row.items()} for row in self.records[path])
            items = self.plain[path].items  # without order and repetition, as for a stated fact
            records = json.dumps(self._canonical(one.value.value, path), sort_keys=True, ensure_ascii=False)
            yield Assumption(path, ", ".join(item.shown for item in items) or records, one.reason, one.owner, one.place)
        else:
            self.plain[path] = before

    def _assumed(self, fact: Fact) -> Fact:
        return replace(fact, state="assumed", counts=self.use_assumptions) if fact.state == "stated" else fact

    # --- across facts

    def _check_references(self) -> None:
        found = Facts("", "", self.plain, self.records, (), None, ())
        for path, known in self.pack.facts.items():
            if not known.to:
                continue
            targets = {item.name for fact in found.at(known.to) for item in fact.items}
            folded = {name.casefold() for name in targets}
            lost = [
                item for fact in found.at(path) if fact.path == path for item in fact.items if item.name.casefold() not in folded
            ]
            if not targets or not lost:
                continue
            names = sorted(targets)
            known_are = f"known are: {some(names)}"
            for item in lost:
                close = self.values.close(item.name, names)
                self._problem(
                    "bad-reference",
                    f"`{short(item.shown)}` in `{path}` is not declared in `{known.to}`",
                    item.place,
                    f"did you mean `{short(close)}`?" if close else known_are,
                )

    def _canonical(self, node: Node, path: str) -> object:
        """The content without what does not count: order and repetition in lists, the notation of numbers, white space."""
        if node.kind == "mapping":
            inner = {key: f"{path}.{key}" if path else key for key in node.entries}
            if path == ASSUMPTIONS + "[]" and "value" in inner:
                inner["value"] = self.keys.said(node, "fact")  # an assumed value reads as the fact would
            elif path in self.pack.facts and "value" in inner:
                inner["value"] = path  # and so does one with evidence
            return {key: self._canonical(entry.value, inner[key]) for key, entry in node.entries.items()}
        if node.kind == "list":
            items = [self._canonical(item, path if path.endswith("[]") else path + "[]") for item in node.items]
            if path == f"{SEQUENCE}.order":
                return items
            texts = {json.dumps(item, sort_keys=True): item for item in items}
            return [texts[key] for key in sorted(texts)]
        if node.kind == "number":
            known = self.pack.facts.get(path.removesuffix("[]"))
            return node.number if known and known.type in ("integer", "number", "share") else node.raw
        return node.boolean if node.kind == "boolean" else None if node.kind == "null" else " ".join(node.raw.split())
