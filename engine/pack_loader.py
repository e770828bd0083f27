"""A pack folder -> Pack, with the place of everything that is wrong with it.

Among what is refused are conditions by which a gate could pass because a fact was taken away. Operators answer
nothing on what is not known, and `all`, `any` and `is: false` keep it so. There are two exceptions: `without`
answers on absence, so only anti-patterns ask it; and `follows` says no where a rationale is lacking. What stands
on them (`free_of` and `follows`) may not be turned round, so no signal and no anti-pattern may stand on it.
"""

from __future__ import annotations

import difflib
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from . import document
from .conditions import argument_problem
from .document import Document
from .errors import BadPack, CannotJudge, Place, Problem
from .facts import ASSUMPTIONS, SEQUENCE
from .nodes import Node
from .pack import Condition, CriterionHolds, Follows, FreeOf, Leaf, Location, Pack, Passes, SignalIs

# isort: split
from .pack import below, leaves, parts, placed, statements

__all__ = ["leaves", "load", "parts", "statements"]

_PARTS = {"facts.yaml": "sections", "bundle.yaml": "checklists", "antipatterns.yaml": "antipatterns"}
_MAIN = ("id", "version", "title", "source", "gates", "tables", "placeholders", "nobody", "moving", "limits")
_GIVEN = ("path", "section", "gate")  # what the loader writes into each fact
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MENDS = {
    "extra_forbidden": "take it out, or correct its name",
    "too_short": "add at least one",
    "no_condition": "begin with one of them",
    "string_pattern_mismatch": "ids hold small letters, digits and hyphens; paths of facts small letters, digits, `_` and dots",
}

Origin = dict[Location, tuple[str, Node]]
Wrong = tuple[Location, str, str]  # where, what, how to mend
Edges = dict[str, list[tuple[str, Location]]]


def load(folder: Path) -> Pack:
    """Read the pack in `folder`. Raises BadPack with every problem found."""
    if not os.path.isfile(folder / "pack.yaml"):  # unlike Path.is_file it bears every name
        raise BadPack(
            [
                Problem(
                    "no-pack",
                    f"there is no pack in `{folder}`: it holds no `pack.yaml`",
                    help="give the folder that holds `pack.yaml`",
                )
            ]
        )
    reading = _Reading(folder)
    content, origin = reading.content()
    try:
        pack = Pack.model_validate(content)
    except ValidationError as error:
        reading.problems += [_of_error(found, origin) for found in error.errors()]
        raise reading.refusal() from None
    reading.problems += [_located(*wrong, origin) for wrong in _wrong(pack)]
    if reading.problems:
        raise reading.refusal()
    return pack


class _Reading:
    """The files of a pack as one content, and where each part of it stands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}

    def refusal(self) -> BadPack:
        problems = list(dict.fromkeys(self.problems))
        named = {problem.file for problem in problems}
        return BadPack(problems, self.texts.get(named.pop(), "") if len(named) == 1 else "")

    def content(self) -> tuple[dict[str, Any], Origin]:
        main = self.read("pack.yaml")
        gates = [f"gates/{name}.yaml" for name in self.names(main, "gates")]
        tables = [f"decisions/{name}.yaml" for name in self.names(main, "tables")]
        read = {"pack.yaml": main} | {name: self.read(name) for name in (*_PARTS, *gates, *tables)}
        files = {name: doc for name, doc in read.items() if doc}
        for name in [name for name in files if name not in gates]:
            needed = {"pack.yaml": ()}.get(name, (_PARTS.get(name, "table"),))
            self.check_keys(files[name], needed, (*needed, "signals") if name in tables else needed or _MAIN)
        if main is None or len(files) < len(read) or not gates or not tables:
            raise self.refusal()
        content: dict[str, Any] = {key: entry.value.plain() for key, entry in main.root.entries.items() if key in _MAIN} | {
            "gates": [files[name].root.plain() for name in gates],
            "tables": [entry.value.plain() for name in tables if (entry := files[name].root.entries.get("table"))],
            "signals": [signal for name in tables for signal in self.signals(files[name])],
            "digest": document.digest({name: doc.root.plain() for name, doc in sorted(files.items())}),
        }
        for name, key in _PARTS.items():
            if key in files[name].root.entries:
                content[key] = files[name].root.entries[key].value.plain()
        self.complete(content.get("sections"), files["facts.yaml"])
        return content, _origins(files, gates, tables)

    def read(self, name: str) -> Document | None:
        path = str(self.folder / name)
        try:
            doc = document.read((self.folder / name).read_bytes(), path, "yaml")
        except OSError as error:
            self.problems.append(
                Problem(
                    "no-pack",
                    f"`{path}` can't be read: {error.strerror}",
                    file=path,
                    help="`pack.yaml` lists the files of a pack, beside " + ", ".join(_PARTS),
                )
            )
            return None
        except CannotJudge as error:
            self.texts[path] = error.text
            self.problems += [Problem(p.code, p.what, p.place, p.help, p.also, path) for p in error.problems]
            return None
        self.texts[path] = doc.text
        self.problems += [Problem(p.code, p.what, p.place, p.help, p.also, path) for p in doc.problems]
        if doc.root.kind == "mapping":
            return doc
        self.bad("a pack file holds a mapping", doc.root.place, path, "begin with a key and a colon")
        return None

    def bad(self, what: str, place: Place, file: str, help: str) -> None:
        self.problems.append(Problem("bad-pack", what, place, help, file=file))

    def names(self, doc: Document | None, key: str) -> list[str]:
        """The names of files that `pack.yaml` lists under a key."""
        if doc is None:
            return []
        entry = doc.root.entries.get(key)
        if entry is None or not entry.value.items:
            self.bad(
                f"`{key}` has to list the names of files",
                entry.place if entry else doc.root.place,
                doc.file,
                f"add `{key}:` with a list of names, without folder or ending",
            )
            return []
        found: list[str] = []
        for item in entry.value.items:
            if not _NAME.fullmatch(item.raw):
                self.bad(
                    f"`{key}` lists names of files, and `{item.raw or item.kind}` is none",
                    item.place,
                    doc.file,
                    "small letters, digits and hyphens, without folder or ending",
                )
            elif item.raw in found:
                self.bad(f"`{key}` lists `{item.raw}` twice", item.place, doc.file, "keep one of the two")
            else:
                found.append(item.raw)
        return found

    def check_keys(self, doc: Document, needed: Iterable[str], known: Collection[str]) -> None:
        for key, entry in doc.root.entries.items():
            if key not in known:
                self.bad(f"nothing reads the key `{key}`", entry.place, doc.file, _one_of(known, key))
        for key in needed:
            if key not in doc.root.entries:
                self.bad(f"`{key}` is missing", doc.root.place, doc.file, f"add `{key}:`")

    def signals(self, doc: Document) -> list[Any]:
        entry = doc.root.entries.get("signals")
        if entry and entry.value.kind != "list":
            self.bad("`signals` has to be a list", entry.place, doc.file, "begin each signal with `- id: ...`")
        return [item.plain() for item in entry.value.items] if entry else []

    def complete(self, sections: Any, doc: Document) -> None:
        """Write path, section and gate into each fact."""
        for section in _dicts(sections):
            for path, fact in _items(section.get("facts")):
                known = {"section": section.get("id"), "gate": section.get("gate")}
                fields = _items(fact.get("fields"))
                for one in (fact, *(inner for _, inner in fields)):
                    for key in [key for key in _GIVEN if key in one]:
                        self.bad(
                            f"`{path}`: a fact does not say its `{key}`",
                            doc.root.entries["sections"].place,
                            doc.file,
                            "take it out: its section says it",
                        )
                fact |= {"path": path} | known
                for name, inner in fields:
                    inner |= {"path": f"{path}[].{name}"} | known


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [value for value in cast("list[Any]", values) if isinstance(value, dict)] if isinstance(values, list) else []


def _items(values: Any) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(values, dict):
        return []
    return [(key, value) for key, value in cast("dict[str, Any]", values).items() if isinstance(value, dict)]


# --- where things stand


def _origins(files: dict[str, Document], gates: list[str], tables: list[str]) -> Origin:
    def under(name: str, key: str) -> list[tuple[str, Node]]:
        entry = files[name].root.entries.get(key)
        return [(files[name].file, entry.value)] if entry else []

    written = [one for name in tables for one in under(name, "table")]
    signals = [(file, item) for name in tables for file, node in under(name, "signals") for item in node.items]
    origin: Origin = {(): (files["pack.yaml"].file, files["pack.yaml"].root)}
    origin |= {("gates", index): (files[name].file, files[name].root) for index, name in enumerate(gates)}
    origin |= {("tables", index): one for index, one in enumerate(written)}
    origin |= {("signals", index): one for index, one in enumerate(signals)}
    return origin | {(key,): one for name, key in _PARTS.items() for one in under(name, key)}


def _located(location: Location, what: str, help: str, origin: Origin) -> Problem:
    """A problem at the deepest place along a location, and the way there."""
    cut = next(length for length in range(len(location), -1, -1) if location[:length] in origin)
    file, node = origin[location[:cut]]
    place = node.place
    for step in location[cut:]:
        if isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        elif isinstance(step, str) and step in node.entries:
            place, node = node.entries[step].place, node.entries[step].value
    return Problem("bad-pack", what, place, help, file=file)


def _of_error(error: Any, origin: Origin) -> Problem:
    """What pydantic says, in our words."""
    location: Location = tuple(error["loc"])
    names = [str(step) for before, step in pairwise(("", *location)) if step not in ("[key]", before)]
    kind, last = error["type"], names[-1] if names else "the pack"
    if kind == "missing":
        return _located(location, f"`{'.'.join(names)}` is missing", f"add `{last}:`", origin)
    if kind == "extra_forbidden":
        return _located(location, f"nothing reads the key `{last}` (`{'.'.join(names)}`)", _MENDS[kind], origin)
    says = str(error["msg"]).removeprefix("Value error, ")
    return _located(location, f"`{'.'.join(names)}`: {says}", _MENDS.get(kind, "write it as the other packs do"), origin)


# --- what types can't say


def _wrong(pack: Pack) -> Iterator[Wrong]:
    """Names that point nowhere, names given twice, an order that is none, references in circles."""
    yield from _wrong_names(pack)
    for n, gate in enumerate(pack.gates):
        if gate.stage != n + 1:
            yield ("gates", n, "stage"), f"gate `{gate.id}` says stage {gate.stage} and stands at {n + 1}", "let the two agree"
        for needed in gate.needs:
            if needed not in pack.order[:n]:
                yield ("gates", n, "needs"), f"`{gate.id}` needs `{needed}`, which is no earlier gate", "name earlier gates only"
    yield from _wrong_facts(pack)
    yield from _wrong_tables(pack)
    edges: Edges = {"anti-patterns": []}
    for n, table in enumerate(pack.tables):
        edges[f"table `{table.id}`"] = [(f"signal `{row.when}`", ("tables", n, "rows", m)) for m, row in enumerate(table.rows)]
    for kind, statement, name, location in placed(pack):
        if kind == "antipattern":
            edges["anti-patterns"].append((name, location))
        if kind != "entry" and not (statement.all or statement.any):
            yield location, f"{kind} `{statement.id}` asks nothing", "give it conditions under `all` or `any`"
        for part, where in below(statement, location):
            yield from ((where, f"{kind} `{statement.id}`: {what}", mend) for what, mend in _wrong_part(pack, part, kind))
            edges.setdefault(name, []).extend([(target, where)] if (target := _target(part)) else [])
    yield from _wrong_references(pack, edges)


def _wrong_names(pack: Pack) -> Iterator[Wrong]:
    named: list[tuple[str, str, Location]] = [
        *(("gate", gate.id, ("gates", n, "id")) for n, gate in enumerate(pack.gates)),
        *(("table", table.id, ("tables", n, "id")) for n, table in enumerate(pack.tables)),
        *(
            ("row", f"{table.id}/{row.id}", ("tables", n, "rows", m))
            for n, table in enumerate(pack.tables)
            for m, row in enumerate(table.rows)
        ),
        *(("checklist", checklist.id, ("checklists", n, "id")) for n, checklist in enumerate(pack.checklists)),
        *(("section", section.id, ("sections", n, "id")) for n, section in enumerate(pack.sections)),
    ]
    for kind, statement, name, location in placed(pack):
        shown = f"{name.split('`')[1]}/{statement.id}" if kind == "item" else statement.id
        named.append(({"entry": "criterion", "antipattern": "anti-pattern"}.get(kind, kind), shown, location))
    seen: set[tuple[str, str]] = set()
    for kind, name, location in named:
        if (kind, name) in seen:
            yield location, f"the {kind} `{name}` is there twice", "give one of them another id"
        seen.add((kind, name))


def _wrong_facts(pack: Pack) -> Iterator[Wrong]:
    counts = Counter(path for section in pack.sections for path in section.facts)
    for n, section in enumerate(pack.sections):
        if section.gate not in pack.gates_by_id:
            yield ("sections", n, "gate"), f"no gate is called `{section.gate}`", _one_of(pack.gates_by_id, section.gate)
        for path, fact in section.facts.items():
            here: Location = ("sections", n, "facts", path)
            start, *rest = path.split(".")
            around = [outer for m in range(len(rest)) if (outer := ".".join([start, *rest[:m]])) in pack.facts]
            if start in (ASSUMPTIONS, SEQUENCE):
                yield here, f"`{path}`: `{start}` is a part of every fact file, and no section", "begin it otherwise"
            if not path.startswith(section.id + ".") or "[" in path:
                yield here, f"`{path}` stands in the section `{section.id}`", f"write it as `{section.id}.name`, without brackets"
            if counts[path] > 1:
                yield here, f"two facts are called `{path}`", "give one of them another name"
            for outer in around:
                yield here, f"`{path}` lies inside the fact `{outer}`", "make one of them a sibling of the other"
            for inner in (fact, *fact.fields.values()):
                if inner.to and inner.to not in pack.facts:
                    yield here, f"`{inner.path}` refers to `{inner.to}`, which is no fact", "name a fact of the vocabulary"


def _wrong_tables(pack: Pack) -> Iterator[Wrong]:
    signals = {signal.id for signal in pack.signals}
    plain = {path for section in pack.sections for path in section.facts}
    for n, table in enumerate(pack.tables):
        rows = [row.id for row in table.rows]
        if sorted(table.priority) != sorted(rows):
            yield ("tables", n, "priority"), "`priority` has to name each row once", f"the rows are: {', '.join(rows)}"
        choices = {choice.choice for row in table.rows for choice in (row.default, row.alternative)}
        if table.declared not in plain or table.rationale not in plain:
            yield ("tables", n), "`declared` and `rationale` have to name facts", "a field of records is none"
        elif choices != set(pack.facts[table.declared].choices):
            yield (
                ("tables", n, "declared"),
                f"the choices of `{table.declared}` are not those of the rows of `{table.id}`",
                "they have to be: " + ", ".join(sorted(choices)),
            )
        for m, row in enumerate(table.rows):
            if row.when not in signals:
                yield ("tables", n, "rows", m, "when"), f"no signal is called `{row.when}`", _one_of(signals, row.when)


def _one_of(names: Collection[str], meant: str = "") -> str:
    close = difflib.get_close_matches(meant, names, n=1)
    return f"did you mean `{close[0]}`?" if close else "known are: " + (", ".join(sorted(names)[:20]) or "none")


def _wrong_part(pack: Pack, part: Condition, kind: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, Leaf):
        known = pack.facts.get(part.fact)
        if known is None:
            yield f"no fact is called `{part.fact}`", _one_of(pack.facts, part.fact)
        elif what := argument_problem(part, known, pack):
            yield what, "see the reference of the operators"
        if part.operator == "without" and kind != "antipattern":
            yield (
                "only anti-patterns may ask `without`: elsewhere a gate could pass because a fact was taken away",
                "ask what has to be there",
            )
        return
    named: dict[type[Any], tuple[str, Collection[str]]] = {
        SignalIs: ("signal", [s.id for s in pack.signals]),
        CriterionHolds: ("criterion", pack.criteria),
        Passes: ("passes", [c.id for c in pack.checklists]),
        Follows: ("follows", [t.id for t in pack.tables]),
    }
    if type(part) in named:
        key, names = named[type(part)]
        name = getattr(part, key)
        if name not in names:
            yield f"no {({'passes': 'checklist', 'follows': 'table'}).get(key, key)} is called `{name}`", _one_of(names, name)
    elif isinstance(part, FreeOf) and not pack.antipatterns:
        yield "there are no anti-patterns", "take the condition out, or say in `antipatterns.yaml` what must not be"


# --- references among statements


def _target(part: Condition) -> str:
    if isinstance(part, SignalIs):
        return f"signal `{part.signal}`"
    if isinstance(part, CriterionHolds):
        return f"criterion `{part.criterion}`"
    if isinstance(part, Passes):
        return f"checklist `{part.passes}`"
    if isinstance(part, Follows):
        return f"table `{part.follows}`"
    return "anti-patterns" if isinstance(part, FreeOf) else ""


def _wrong_references(pack: Pack, edges: Edges) -> Iterator[Wrong]:
    yield from _circles(edges)
    stage = {f"criterion `{c.id}`": n for n, gate in enumerate(pack.gates) for c in gate.exit}
    for n, gate in enumerate(pack.gates):
        for name, latest in ((f"entry `{gate.entry.id}`", n - 1), *((f"criterion `{c.id}`", n) for c in gate.exit)):
            for target, where in edges.get(name, ()):
                for late in sorted(found for found in _reach(target, edges, stage) if stage.get(found, -1) > latest):
                    whose = "its own gate" if stage[late] == n else f"the later gate `{pack.gates[stage[late]].id}`"
                    yield where, f"{name} stands on {late} of {whose}", "gates pass in their order: stand on what comes before"
    for name, found in edges.items():
        for target, where in found if name.startswith(("signal", "anti-pattern `")) else ():
            for end in sorted(end for end in _reach(target, edges) if end == "anti-patterns" or end.startswith("table")):
                yield (
                    where,
                    f"{name} stands on {'`free_of`' if end == 'anti-patterns' else f'`follows` of {end}'}: "
                    "turned round, a gate could pass because a fact was taken away",
                    "stand on facts and signals here",
                )


def _reach(start: str, edges: Edges, ends: Collection[str] = ()) -> set[str]:
    """What `start` stands on, itself included; what is in `ends` is not entered."""
    found, todo = {start}, [start]
    while todo:
        here = todo.pop()
        new = {target for target, _ in edges.get(here, ())} - found if here not in ends else set[str]()
        found |= new
        todo += new
    return found


def _circles(edges: Edges) -> Iterator[Wrong]:
    """Every reference that closes a circle, found depth first."""
    done: set[str] = set()
    for start in edges:
        way = [] if start in done else [(start, iter(edges[start]))]
        while way:
            here, ahead = way[-1]
            target, where = next(ahead, ("", ()))
            names = [name for name, _ in way]
            if not target:
                done.add(here)
                way.pop()
            elif target in names:
                circle = " -> ".join([*names[names.index(target) :], target])
                yield where, f"{target} stands on itself: {circle}", "take one of these references out"
            elif target not in done and target in edges:
                way.append((target, iter(edges[target])))
