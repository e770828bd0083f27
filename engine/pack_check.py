"""A pack against itself: names that point nowhere, questions that don't fit their facts, circles.

Among what is refused are conditions by which a gate could pass because a fact was taken away. Operators answer
nothing on what is not known, and `all`, `any` and `is: false` keep it so. There are two exceptions: `without`
answers on absence, so only anti-patterns ask it; and `follows` says no where a rationale is lacking. What stands
on them (`free_of` and `follows`) may not be turned round, so no signal and no anti-pattern may stand on it.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, cast

from . import cells
from .conditions import OPERATORS
from .facts import ASSUMPTIONS, SEQUENCE
from .pack import Pack
from .pack_conditions import Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs
from .pack_walks import Location, below, placed
from .rows import rows
from .vocabulary import LENGTHS, FactDef

_NUMERIC = ("integer", "number", "share", "duration")
_KEYS = {"count": ({"from", "at_least"}, {"from", "at_most"}), "varies": ({"by", "from", "over"},)}
Wrong = tuple[Location, str, str]  # where, what, how to mend
Edges = dict[str, list[tuple[str, Location]]]


def wrong(pack: Pack) -> Iterator[Wrong]:
    """Names that point nowhere, names given twice, an order that is none, references in circles."""
    yield from _wrong_names(pack)
    for n, gate in enumerate(pack.gates):
        if gate.stage != n + 1:
            yield ("gates", n, "stage"), f"gate `{gate.id}` says stage {gate.stage} and stands at {n + 1}", "let the two agree"
        for needed in gate.needs:
            if needed not in pack.order[:n]:
                yield ("gates", n, "needs"), f"`{gate.id}` needs `{needed}`, which is no earlier gate", "name earlier gates only"
    yield from _wrong_facts(pack)
    yield from _wrong_freshness(pack)
    yield from _wrong_topics(pack)
    yield from _wrong_bundle(pack)
    yield from _wrong_tables(pack)
    edges: Edges = {"anti-patterns": []}
    for n, table in enumerate(pack.tables):
        edges[f"table `{table.id}`"] = [(f"signal `{row.when}`", ("tables", n, "rows", m)) for m, row in enumerate(table.rows)]
    for n, table in enumerate(pack.output_tables):
        edges[f"table of outputs `{table.id}`"] = [
            (f"signal `{row.when}`", ("output_tables", n, "rows", m)) for m, row in enumerate(table.rows) if row.when
        ]
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
        *(("table", table.id, ("output_tables", n, "id")) for n, table in enumerate(pack.output_tables)),
        *(("row", f"{table.id}/{row.id}", location) for location, table, row in rows(pack)),
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
            yield ("sections", n, "gate"), f"no gate is called `{section.gate}`", one_of(pack.gates_by_id, section.gate)
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


def _wrong_freshness(pack: Pack) -> Iterator[Wrong]:
    named: list[tuple[Location, str | None]] = [(("fresh_for",), pack.fresh_for)]
    for n, section in enumerate(pack.sections):
        for path, fact in section.facts.items():
            named += [(("sections", n, "facts", path), one.fresh_for) for one in (fact, *fact.fields.values())]
    for location, name in named:
        if name and name not in pack.limits:
            yield location, f"`fresh_for` names no limit: `{name}`", one_of(pack.limits, name)
        elif name and not pack.limits[name].unit.startswith("days"):
            yield location, f"`fresh_for` needs a limit in days, and the unit of `{name}` is another", "give its unit in days"


def _wrong_topics(pack: Pack) -> Iterator[Wrong]:
    sections = [section.id for section in pack.sections]
    seen: set[str] = set()
    for n, topic in enumerate(pack.topics):
        for section in topic.sections:
            if section not in sections:
                yield ("topics", n), f"topic `{topic.id}`: no section is called `{section}`", one_of(sections, section)
            elif section in seen:
                yield ("topics", n), f"the section `{section}` belongs to two topics", "keep it in one of them"
            seen.add(section)


def _wrong_bundle(pack: Pack) -> Iterator[Wrong]:
    """What is wrong with the sections of the bundle: each fact belongs to one of them."""
    lists = [(n, checklist) for n, checklist in enumerate(pack.checklists) if checklist.of_bundle]
    written: dict[str, str] = {}
    for n, checklist in lists:
        if n != lists[0][0]:
            yield ("checklists", n), "the items of two checklists name `facts`", "let one of them be the sections of the bundle"
        for path in checklist.signed_by:
            known = pack.facts.get(path)
            if known is None or known.type not in ("owner", "owners") or "[" in path:
                what = f"`signed_by` names `{path}`, which is no fact of the type owner or owners"
                yield ("checklists", n, "signed_by"), what, one_of(pack.facts, path)
        for m, item in enumerate(checklist.items):
            here: Location = ("checklists", n, "items", m)
            for name in item.facts:
                if not pack.under(name):
                    what = f"section `{item.id}` of the bundle: there is no fact or section `{name}`"
                    yield (*here, "facts"), what, one_of([*(one.id for one in pack.sections), *pack.facts], name)
                for path in pack.under(name):
                    if path in written:
                        what = f"`{path}` is written in the section `{written[path]}` of the bundle and in `{item.id}`"
                        yield (*here, "facts"), what, "keep it in one of them"
                    written[path] = item.id
            for shown in item.shows:
                if any(shown in other.shows for other in checklist.items[:m]):
                    yield (*here, "shows"), f"two sections of the bundle show `{shown}`", "keep it in one of them"
    for n, section in enumerate(pack.sections) if lists else ():
        for path in section.facts:
            if path not in written:
                here = ("sections", n, "facts", path)
                yield here, f"no section of the bundle states `{path}`", "name it, or its section, in the `facts` of an item"


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
            if row.when and row.when not in signals:
                yield ("tables", n, "rows", m, "when"), f"no signal is called `{row.when}`", one_of(signals, row.when)


def one_of(names: Collection[str], meant: str = "") -> str:
    close = difflib.get_close_matches(meant, names, n=1)
    return f"did you mean `{close[0]}`?" if close else "known are: " + (", ".join(sorted(names)[:20]) or "none")


def _wrong_part(pack: Pack, part: Condition, kind: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, Leaf):
        known = pack.facts.get(part.fact)
        if known is None:
            yield f"no fact is called `{part.fact}`", one_of(pack.facts, part.fact)
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
            yield f"no {({'passes': 'checklist', 'follows': 'table'}).get(key, key)} is called `{name}`", one_of(names, name)
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
    if isinstance(part, Decides):
        return f"table of outputs `{part.table}`"
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
                what = "turned round, a gate could pass because a fact was taken away"
                if end.startswith("table of outputs"):
                    what = "tables stand on signals, and not the other way round"
                on = "`free_of`" if end == "anti-patterns" else end if end.startswith("table of") else f"`follows` of {end}"
                yield where, f"{name} stands on {on}: {what}", "stand on facts and signals here"


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


def argument_problem(leaf: Leaf, known: FactDef, pack: Pack) -> str:
    """What is wrong with the operator and argument of a condition in a pack, or nothing."""
    if leaf.operator not in OPERATORS:
        return f"no operator is called `{leaf.operator}`; there are {', '.join(sorted(OPERATORS))}"
    says = _argument_problem(leaf, known, pack)
    return f"`{leaf.fact}`, operator `{leaf.operator}`: {says}" if says else ""


def _argument_problem(leaf: Leaf, known: FactDef, pack: Pack) -> str:
    operator, argument = leaf.operator, leaf.argument
    if operator in ("stated", "measurable", "named", "pinned"):
        if argument is not True:
            return "it takes `true`"
        return "the fact has to be of the type thresholds" if operator == "measurable" and known.type != "thresholds" else ""
    if operator in ("is", "includes", "any_of", "none_of"):
        return _choice_problem(operator, argument, known)
    if operator == "cell":
        return _cell_problem(argument, known)
    if operator in ("found_in", "apart_from"):
        if argument == leaf.fact:
            return "it compares the fact with itself"
        return "" if _names(argument, pack.facts) else f"no fact is called `{argument}`"
    if operator == "without":
        if isinstance(argument, dict) and len(argument) != 1:  # pyright: ignore[reportUnknownArgumentType]
            return "it takes one operator"
        name, inner = next(iter(argument.items())) if isinstance(argument, dict) else (argument, True)  # pyright: ignore
        if name == "without" or not _names(name, OPERATORS):
            return f"no operator is called `{name}` here"
        return argument_problem(Leaf(fact=leaf.fact, operator=str(name), argument=inner), known, pack)  # pyright: ignore
    if known.type not in _NUMERIC:
        return "the fact has to be a number, a share or a duration"
    if operator not in _KEYS:
        return "" if _names(argument, pack.limits) else f"no limit is called `{argument}`"
    base, bracket, _ = leaf.fact.partition("[].")
    if not bracket:
        return "the fact has to be a field of records"
    if not isinstance(argument, dict) or set(argument) not in _KEYS[operator]:  # pyright: ignore
        return "it takes " + ", or ".join(" and ".join(f"`{name}`" for name in sorted(names)) for names in _KEYS[operator])
    for key, value in argument.items():  # pyright: ignore
        if key != "by" and not _names(value, pack.limits):
            return f"`{key}` names no limit: `{value}`"
        if key == "by" and not (_names(value, pack.facts) and value.partition("[].")[:2] == (base, bracket)):  # pyright: ignore
            return f"`by` names no field of the same records: `{value}`"
    return ""


def _cell_problem(argument: Any, known: FactDef) -> str:
    given = cast("dict[str, Any]", argument if isinstance(argument, dict) else {"test": argument})
    text, unit = given.get("test"), given.get("in")
    if not isinstance(text, str) or given.keys() - {"test", "in"} or ("in" in given and not _names(unit, LENGTHS)):
        return f"it takes a test, or `test` and `in`, which is one of {', '.join(LENGTHS)}"
    try:
        cell = cells.parse(text)
    except ValueError as error:
        return str(error)
    if known.type in ("thresholds", "records") and not known.choices:
        return f"values of the type {known.type} are not compared"
    wanted = "number" if known.type in _NUMERIC else "date" if known.type == "date" else "text"
    if (known.type == "duration") != bool(unit):
        return 'a duration is compared as in `{test: "> 30", in: days}`' if not unit else "only a duration has `in`"
    if cell.kinds - {wanted}:
        return f"{cell.text} holds a {' and a '.join(sorted(cell.kinds - {wanted}))}, and the fact is a {known.type}"
    strange = [name for name in cell.texts if name not in known.choices] if known.choices else []
    return f"{', '.join(strange)} is no choice of the fact ({one_of(known.choices, strange[0])})" if strange else ""


def _names(value: Any, among: Collection[str]) -> bool:
    return isinstance(value, str) and value in among


def _choice_problem(operator: str, argument: Any, known: FactDef) -> str:
    if operator == "is" and not isinstance(argument, str):
        return "it takes one choice"
    if operator != "is" and not (isinstance(argument, (list, tuple)) and argument):
        return "it takes a list of choices"
    names = cast("list[Any]", [argument] if operator == "is" else argument)
    strange = [str(name) for name in names if name not in known.choices]
    return f"{', '.join(strange)} is no choice of the fact" if strange else ""
