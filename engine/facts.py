"""A document read against the vocabulary: the state and place of every fact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from . import document
from .document import Document
from .errors import Place, Problem, short
from .nodes import Entry, Node
from .pack import FactDef, Pack
from .values import LISTS, Fact, Item, State, Values, kind, some

__all__ = ["ASSUMPTIONS", "LISTS", "SEQUENCE", "Assumption", "Fact", "Facts", "Item", "Sequence", "State", "read"]
ASSUMPTIONS, SEQUENCE = "assumptions", "sequence"  # the two parts of a fact file that no pack defines
_ASSUMPTION_KEYS = ("fact", "value", "reason", "owner")
_SEQUENCE_KEYS = ("order", "requested_by", "reason")


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
            inner = level.setdefault(part, {})  # pyright: ignore
            assert isinstance(inner, dict), f"{path}: a fact can't stand inside another"
            level = inner  # pyright: ignore[reportUnknownVariableType]
        level[last] = path
    return root


@lru_cache(maxsize=8)
def _by_last_name(paths: tuple[str, ...]) -> dict[str, list[str]]:
    """Where a name stands in the vocabulary: for a key that is right, and in the wrong place."""
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(path.rsplit(".", 1)[-1], []).append(path)
    return found


class _Reading:
    def __init__(self, doc: Document, pack: Pack, use_assumptions: bool) -> None:
        self.doc, self.pack, self.use_assumptions = doc, pack, use_assumptions
        self.top = {path: fact for section in pack.sections for path, fact in section.facts.items()}
        self.values = Values(pack)
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
        sequence = self._sequence(root.entries.get(SEQUENCE))
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
            sequence,
            tuple(problems),
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
                self._unknown(key, path, entry.place, [*level, *besides])

    def _unknown(self, key: str, path: str, place: Place, siblings: list[str], what: str = "") -> None:
        close = self.values.close(key.lower().replace("-", "_").replace(" ", "_"), siblings)
        elsewhere = _by_last_name(tuple(self.pack.facts)).get(key, [])[:3]
        if path in self.top and "." in key:
            what = f"`{short(key)}` is written as one key"
            mend = "write it as nested keys: " + " ".join(f"`{part}:`" for part in key.split("."))
        elif key == "<<":
            mend = "merge keys are not read here; write the keys out"
        elif close:
            mend = f"did you mean `{close}`?"
        elif elsewhere:
            mend = "the fact of this name is " + " or ".join(f"`{p}`" for p in elsewhere)
        else:
            mend = "here are known: " + some(siblings)
        self._problem("unknown-fact", what or f"no fact is called `{short(path)}`", place, mend)

    def _check_keys(self, node: Node, owner: str, path: str, keys: tuple[str, ...]) -> None:
        for key, entry in node.entries.items():
            if key not in keys:
                self._unknown(key, f"{path}.{key}", entry.place, list(keys), f"{owner} has no key `{short(key)}`")

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
        if known.type == "records" and not (known.choices and entry.value.kind == "text"):
            self._read_records(known, entry)
            return
        self.plain[known.path] = self.values.value(known, entry.value, entry.place)

    def _read_records(self, known: FactDef, entry: Entry) -> None:
        path, node = known.path, entry.value
        if self.values.is_placeholder(node):
            self.plain[path] = Fact(path, "placeholder", entry.place)
            return
        written = node.items
        wrong = (
            [node]
            if node.kind != "list"
            else [item for item in written if item.kind != "mapping" and not self.values.is_placeholder(item)]
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
        for item in written:
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
        name = self._said(node, known.label)
        for field, inner in known.fields.items():
            entry = node.entries.get(field)
            if entry is None:
                row[field] = Fact(inner.path, "missing", node.place, within=name)
            else:
                row[field] = self.values.value(inner, entry.value, entry.place, name)
        self._check_keys(node, f"a record of `{known.path}`", f"{known.path}[]", tuple(known.fields))
        return row

    def _said(self, node: Node, key: str) -> str:
        entry = node.entries.get(key)
        if entry is None or self.values.is_placeholder(entry.value):
            return ""
        return " ".join(entry.value.raw.split())

    # --- the two parts that no pack defines

    def _assumptions(self, entry: Entry | None) -> tuple[Assumption, ...]:
        if entry is None or self.values.is_placeholder(entry.value):
            return ()
        if entry.value.kind != "list":
            self._problem(
                "wrong-type",
                f"`{ASSUMPTIONS}` is a list of records, and here is {kind(entry.value)}",
                entry.place,
                "begin each with `- fact: ...`",
            )
        found: list[Assumption] = []
        seen: set[str] = set()
        for node in entry.value.items:
            content = json.dumps(self._canonical(node, ASSUMPTIONS + "[]"), sort_keys=True)
            if content not in seen:  # the same assumption twice is still one
                seen.add(content)
                found += self._assumption(node)
        position = {path: number for number, path in enumerate(self.top)}
        return tuple(sorted(found, key=lambda assumption: position[assumption.fact]))

    def _assumption(self, node: Node) -> Iterator[Assumption]:
        """The assumption in `node`, where it counts; its value becomes a fact."""
        self._check_keys(node, "an assumption", ASSUMPTIONS, _ASSUMPTION_KEYS)
        path, reason, owner = (self._said(node, key) for key in ("fact", "reason", "owner"))
        value = node.entries.get("value")
        lacking = [key for key, said in (("fact", path), ("reason", reason), ("owner", owner)) if not said]
        if value is None or self.values.is_placeholder(value.value):
            lacking.insert(1 if "fact" in lacking else 0, "value")
        if lacking or value is None:
            what = f"an assumption has a fact, a value, a reason and an owner, and this one lacks: {', '.join(lacking)}"
            self._problem("bad-assumption", what, node.place, "fill in all four; until then it does not count")
            return
        known, place = self.top.get(path), node.entries["fact"].value.place
        if self.values.is_nobody(owner):
            self._problem(
                "bad-assumption",
                f"the owner of an assumption is a person or a role, and `{short(owner)}` is neither",
                node.entries["owner"].value.place,
                "name who answers for it; until then it does not count",
            )
        elif known is None and path in self.pack.facts:
            self._problem(
                "bad-assumption",
                f"`{path}` is a field of records, and records are assumed as a whole",
                place,
                f"assume `{path.partition('[]')[0]}`; until then it does not count",
            )
        elif known is None:
            self._unknown(path, path, place, list(self.top))
        elif self.plain[path].state in ("stated", "invalid", "assumed"):
            self._problem(
                "stated-and-assumed",
                f"`{path}` is assumed here, and stands in line {self.plain[path].place.line} too",
                place,
                "keep one of the two",
            )
        elif self._assume(known, value):
            items = self.plain[path].items  # without order and repetition, as for a stated fact
            records = json.dumps(self._canonical(value.value, path), sort_keys=True, ensure_ascii=False)
            shown = ", ".join(item.shown for item in items) or records
            yield Assumption(path, shown, reason, owner, node.place)

    def _assume(self, known: FactDef, value: Entry) -> bool:
        path = known.path
        before = self.plain[path]
        self._read_fact(known, value)
        after = self.plain[path]
        if after.state != "stated":
            self.plain[path] = before
            if after.state == "placeholder":
                self._problem(
                    "bad-assumption",
                    f"the value assumed for `{path}` is a placeholder or holds one",
                    value.place,
                    "assume a value; until then it does not count",
                )
            return False
        self.plain[path] = self._assumed(after)
        if path in self.records:
            self.records[path] = tuple({name: self._assumed(fact) for name, fact in row.items()} for row in self.records[path])
        return True

    def _assumed(self, fact: Fact) -> Fact:
        return replace(fact, state="assumed", counts=self.use_assumptions) if fact.state == "stated" else fact

    def _sequence(self, entry: Entry | None) -> Sequence | None:
        if entry is None or self.values.is_placeholder(entry.value):
            return None
        node, kept = entry.value, "until then the gates stay in their order"
        if node.kind != "mapping":
            self._problem(
                "wrong-type",
                f"`{SEQUENCE}` takes {some(_SEQUENCE_KEYS)}, and here is {kind(node)}",
                entry.place,
                f"write them below it; {kept}",
            )
            return None
        self._check_keys(node, f"`{SEQUENCE}`", SEQUENCE, _SEQUENCE_KEYS)
        order = node.entries.get("order")
        by, reason = self._said(node, "requested_by"), self._said(node, "reason")
        gates: list[str] = []
        default = self.pack.order
        for item in order.value.items if order else ():
            gate = self.pack.find_gate(item.raw)
            gates.append(gate.id if gate else "")
            if gate is None:
                close = self.values.close(item.raw.lower(), default)
                self._problem(
                    "bad-sequence",
                    f"no gate is called `{short(item.raw)}`",
                    item.place,
                    f"did you mean `{close}`?" if close else f"the gates are: {', '.join(default)}",
                )
        if sorted(gates) != sorted(default) or gates[-1] != default[-1]:
            lacking = [gate for gate in default if gate not in gates]
            twice = sorted({gate for gate in gates if gate and gates.count(gate) > 1}) if len(gates) <= 2 * len(default) else []
            here = (f"; missing: {', '.join(lacking)}" if lacking else "") + (f"; twice: {', '.join(twice)}" if twice else "")
            self._problem(
                "bad-sequence",
                f"another order names every gate once, and `{default[-1]}` stays last{here}",
                order.place if order else entry.place,
                f"the gates are: {', '.join(default)}; {kept}",
            )
        elif not by or not reason:
            self._problem(
                "bad-sequence",
                "another order needs `requested_by` and `reason`",
                entry.place,
                f"say who asked for it and why; {kept}",
            )
        else:
            return Sequence(tuple(gates), by, reason, entry.place)
        return None

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
                inner["value"] = self._said(node, "fact")  # an assumed value reads as the fact would
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
