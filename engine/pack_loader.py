"""A pack folder -> Pack, with the place of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from . import document
from .conditions import OPERATORS, argument_problem
from .document import Document
from .errors import BadPack, CannotJudge, Place, Problem
from .nodes import Node
from .pack import AnyOf, All, Condition, CriterionHolds, FactDef, Follows, FreeOf, Leaf, Pack, Passes, SignalIs, Statement

_PARTS = ("facts.yaml", "bundle.yaml", "antipatterns.yaml")


def load(folder: Path) -> Pack:
    """Read the pack in `folder`. Raises BadPack with every problem found."""
    if not (folder / "pack.yaml").is_file():
        raise BadPack([Problem("no-pack", f"there is no pack in `{folder}`: it holds no `pack.yaml`",
                               help="give the folder that holds `pack.yaml`")])
    main = _read(folder / "pack.yaml")
    files: dict[str, Document] = {"pack.yaml": main}
    for name in _PARTS:
        files[name] = _read(folder / name)
    written = _mapping(main)
    gates = [f"gates/{name}.yaml" for name in _names(main, "gates")]
    tables = [f"decisions/{name}.yaml" for name in _names(main, "tables")]
    for name in (*gates, *tables):
        files[name] = _read(folder / name)
    problems = [Problem(p.code, p.what, p.place, p.help, p.also, name) for name, doc in files.items() for p in doc.problems]
    if problems:
        raise BadPack(problems)
    facts, origin = _sections(files["facts.yaml"])
    content: dict[str, Any] = {key: value for key, value in written.items() if key != "tables"} | {
        "gates": [_mapping(files[name]) for name in gates],
        "tables": [_mapping(files[name]).get("table") for name in tables],
        "signals": [signal for name in tables for signal in _mapping(files[name]).get("signals", [])],
        "sections": facts,
        "antipatterns": _mapping(files["antipatterns.yaml"]).get("antipatterns"),
        "checklists": _mapping(files["bundle.yaml"]).get("checklists"),
        "digest": document.digest({name: doc.root.plain() for name, doc in sorted(files.items())}),
    }
    origin |= _origins(files, gates, tables)
    try:
        pack = Pack.model_validate(content)
    except ValidationError as error:
        raise BadPack([_located(found, origin) for found in error.errors()]) from None
    wrong = list(_wrong(pack))
    if wrong:
        raise BadPack(wrong)
    return pack


def _read(path: Path) -> Document:
    try:
        found = document.read(path.read_bytes(), str(path))
        if found.root.kind != "mapping":
            raise CannotJudge([Problem("bad-pack", "a pack file holds a mapping", found.root.place)])
        return found
    except OSError as error:
        raise BadPack([Problem("no-pack", f"`{path}` can't be read: {error.strerror}", file=str(path))]) from None
    except CannotJudge as error:
        raise BadPack([Problem(p.code, p.what, p.place, p.help, p.also, str(path)) for p in error.problems],
                      error.text) from None


def _mapping(doc: Document) -> dict[str, Any]:
    plain = doc.root.plain()
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _names(doc: Document, key: str) -> list[str]:
    entry = doc.root.entries.get(key)
    names = [item.raw for item in entry.value.items] if entry else []
    bad = [name for name in names if not name.replace("-", "").isalnum()]
    if bad or not names:
        place = entry.place if entry else doc.root.place
        raise BadPack([Problem("bad-pack", f"`{key}` lists the names of files, without folder or ending", place, file=doc.file)])
    return names


Origin = dict[tuple[str | int, ...], tuple[str, Node]]


def _sections(doc: Document) -> tuple[list[Any], Origin]:
    """The sections with path, section and gate written into each fact, and where each section stands."""
    sections: list[Any] = _mapping(doc).get("sections") or []
    for section in sections:
        for path, fact in (section.get("facts") or {}).items() if isinstance(section, dict) else ():  # pyright: ignore
            if isinstance(fact, dict):
                known = {"section": section.get("id"), "gate": section.get("gate")}  # pyright: ignore
                fact |= {"path": path} | known
                for name, inner in (fact.get("fields") or {}).items():  # pyright: ignore
                    if isinstance(inner, dict):
                        inner |= {"path": f"{path}[].{name}"} | known
    entry = doc.root.entries.get("sections")
    return sections, {("sections",): (doc.file, entry.value)} if entry else {}


def _origins(files: dict[str, Document], gates: list[str], tables: list[str]) -> Origin:
    origin: Origin = {(): (files["pack.yaml"].file, files["pack.yaml"].root)}
    for index, name in enumerate(gates):
        origin[("gates", index)] = (files[name].file, files[name].root)
    count = 0
    for index, name in enumerate(tables):
        entries = files[name].root.entries
        if "table" in entries:
            origin[("tables", index)] = (files[name].file, entries["table"].value)
        for signal in entries["signals"].value.items if "signals" in entries else ():
            origin[("signals", count)] = (files[name].file, signal)
            count += 1
    for key, name in (("antipatterns", "antipatterns.yaml"), ("checklists", "bundle.yaml")):
        if key in files[name].root.entries:
            origin[(key,)] = (files[name].file, files[name].root.entries[key].value)
    return origin


def _located(error: Any, origin: Origin) -> Problem:
    """A pydantic error with the place of what it speaks of: the deepest node along its location."""
    location: tuple[str | int, ...] = tuple(error["loc"])
    cut = next((length for length in range(len(location), -1, -1) if location[:length] in origin), 0)
    file, node = origin[location[:cut]]
    place, walked = node.place, list(location[:cut])
    for step in location[cut:]:
        if isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        elif isinstance(step, str) and step in node.entries:
            place, node = node.entries[step].place, node.entries[step].value
        else:
            continue
        walked.append(step)
    what = str(error["msg"]).removeprefix("Value error, ")
    return Problem("bad-pack", f"{'.'.join(map(str, walked)) or 'the pack'}: {what}", place, file=file)


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """Every leaf of a condition."""
    for part in parts(condition):
        if isinstance(part, Leaf):
            yield part


def parts(condition: Condition | None) -> Iterator[Condition]:
    """The condition and every condition in it, depth first."""
    if condition is None:
        return
    yield condition
    inner = condition.all if isinstance(condition, All) else condition.any if isinstance(condition, AnyOf) else ()
    for part in inner:
        yield from parts(part)


def statements(pack: Pack) -> Iterator[tuple[str, Statement]]:
    """Every statement of the pack, with its kind."""
    for gate in pack.gates:
        yield "entry", gate.entry
        yield from (("criterion", criterion) for criterion in gate.exit)
    yield from (("signal", signal) for signal in pack.signals)
    yield from (("antipattern", pattern) for pattern in pack.antipatterns)
    yield from (("item", item) for checklist in pack.checklists for item in checklist.items)


def _wrong(pack: Pack) -> Iterator[Problem]:
    """What types can't say: names that point nowhere, names given twice, an order that is none."""
    def bad(what: str, help: str = "") -> Problem:
        return Problem("bad-pack", what, help=help)

    named: dict[str, Iterable[str]] = {
        "gate": pack.order, "criterion": [c.id for gate in pack.gates for c in (gate.entry, *gate.exit)],
        "signal": [s.id for s in pack.signals], "table": [t.id for t in pack.tables],
        "anti-pattern": [a.id for a in pack.antipatterns], "checklist": [c.id for c in pack.checklists],
        "section": [s.id for s in pack.sections], "row": [f"{t.id}/{r.id}" for t in pack.tables for r in t.rows],
        "item": [f"{c.id}/{i.id}" for c in pack.checklists for i in c.items],
    }
    for kind, names in named.items():
        seen: set[str] = set()
        for name in names:
            if name in seen:
                yield bad(f"two {kind}s are called `{name}`")
            seen.add(name)
    for position, gate in enumerate(pack.gates):
        if gate.stage != position + 1:
            yield bad(f"gate `{gate.id}` says stage {gate.stage} and stands at {position + 1}")
        for needed in gate.needs:
            if needed not in pack.order[:position]:
                yield bad(f"gate `{gate.id}` needs `{needed}`, which is no earlier gate", "gates may need earlier gates only")
    for section in pack.sections:
        if section.gate not in pack.gates_by_id:
            yield bad(f"section `{section.id}` belongs to `{section.gate}`, which is no gate")
        for path in section.facts:
            if not path.startswith(section.id + "."):
                yield bad(f"`{path}` stands in the section `{section.id}`, so it has to begin with `{section.id}.`")
    for path, fact in pack.facts.items():
        if fact.to and fact.to not in pack.facts:
            yield bad(f"`{path}` refers to `{fact.to}`, which is no fact")
    for table in pack.tables:
        yield from _wrong_table(pack, table.id, table.priority, [r.id for r in table.rows], bad)
        choices = {choice.choice for row in table.rows for choice in (row.default, row.alternative)}
        declared = pack.facts.get(table.declared)
        if declared is None or table.rationale not in pack.facts:
            yield bad(f"table `{table.id}`: `declared` and `rationale` have to name facts")
        elif choices != set(declared.choices):
            yield bad(f"the choices of `{table.declared}` are not those of the rows of `{table.id}`",
                      "they have to be: " + ", ".join(sorted(choices)))
        for row in table.rows:
            if row.when not in named["signal"]:
                yield bad(f"row `{table.id}/{row.id}`: no signal is called `{row.when}`")
    for kind, statement in statements(pack):
        for part in parts(statement.condition):
            yield from (bad(f"{kind} `{statement.id}`: {what}") for what in _wrong_part(pack, part))


def _wrong_table(pack: Pack, table: str, priority: Iterable[str], rows: list[str], bad: Any) -> Iterator[Problem]:
    if sorted(priority) != sorted(rows):
        yield bad(f"table `{table}`: `priority` has to name each row once: {', '.join(rows)}")


def _wrong_part(pack: Pack, part: Condition) -> Iterator[str]:
    if isinstance(part, Leaf):
        known: FactDef | None = pack.facts.get(part.fact)
        if known is None:
            yield f"no fact is called `{part.fact}`"
        elif part.operator not in OPERATORS:
            yield f"no operator is called `{part.operator}`; there are {', '.join(sorted(OPERATORS))}"
        else:
            what = argument_problem(part, known, pack)
            if what:
                yield what
    elif isinstance(part, SignalIs) and part.signal not in {s.id for s in pack.signals}:
        yield f"no signal is called `{part.signal}`"
    elif isinstance(part, CriterionHolds) and part.criterion not in pack.criteria:
        yield f"no criterion is called `{part.criterion}`"
    elif isinstance(part, Passes) and part.passes not in {c.id for c in pack.checklists}:
        yield f"no checklist is called `{part.passes}`"
    elif isinstance(part, Follows) and part.follows not in {t.id for t in pack.tables}:
        yield f"no table is called `{part.follows}`"
    elif isinstance(part, FreeOf) and not pack.antipatterns:
        yield "there are no anti-patterns"
