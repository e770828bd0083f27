"""Replays a proof: from the facts, the pack and nothing else, says whether every step of it is right.

This is a second opinion on the whole engine, so it shares no code with it: conditions, three-valued logic, tables and
gates are written here again, in another way, from what the documents say. Only the models of the pack are common.
A proof is plain data, as `explain --format json` prints it:

    {subject, pack, facts, order, waived, assumptions, nodes: {id: node}}

`pack` and `facts` are digests; `order`, `waived` and `assumptions` (whether they count) are what was given. A node has
a `status`, and in `because` the ids of the nodes that it stands on. There is one right proof of each subject, to the
last character: `because` and `facts` are sorted, without repetition, and name all that decided and nothing else.

- leaf: yes, no or open. `asks` repeats the condition; `facts` are those that decided: {fact, in, state, value}, `in` being
  the record, with `against: true` where one contradicts. Which ones decide is said at each operator below.
- signal, antipattern, item, checklist, antipatterns (all of them: yes where none is there) and the nested conditions
  `<node>/<number>`: yes, no or open, by Kleene's logic. The yes of an `all` stands on every part, its no on each part
  that is no, its open on each part that is open; an `any` the other way round. Items, checklists, criteria and
  `antipatterns` name beside what contradicts what is open too.
- criterion: met, unmet, unknown in the same way; `assumed` where it is met, and would not be if assumptions did not
  count; `waived` where it is not met and waived, with what it would be in `judged`.
- row: leads (it holds, and no row above it may), holds, undecided (it would lead if it held), silent (its signal does
  not hold) or open. It stands on its signal, and unless it is silent on those of the rows above it.
- table: yes where the declared choice is that of the leading row, where no row holds, or where choice and rationale are
  stated; no where it is another without rationale; else open. It stands on its rows and on the questions that decided;
  `deviates` where the choice is not that of the leading row.
- decision: what a table of outputs says: decided, conditional, nothing or conflict, with the `rows` that make it so, those
  that are `open` and may change it, `outputs` (where none of these holds) and the `bounds` of an aggregate; or, with a
  question behind its name, yes, no or open. It stands on the signals of all rows.
- entry: met, assumed, unmet, unknown as a criterion is, and `reordered` where it is met and the order set needed gates
  aside (`aside`). It stands on the gate before it, the gates it needs and its conditions; where it is not met on those
  of them that fail, and it is unknown only where nothing contradicts and a condition is open.
- gate: waiting for the one before it; passed on that, its entry and all its criteria; blocked on those that fail.
- verdict: passed where every gate is and the file has no problems. It stands on everything that a verdict says.

Whatever `check` is given as a proof, it answers, and in a time that grows no faster than what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, cast

from . import proof_hits
from .pack import Gate, Pack
from .pack_tables import OutputTable, Row, Table
from .proof_facts import Answers, FactSheet, Used
from .proof_pack import Node, Shape, chosen, questions

MOST_REASONS = 20
_FLIP = {"yes": "no", "no": "yes", "open": "open"}
_WORD = {"yes": "met", "no": "unmet", "open": "unknown"}


def check(proof: object, facts: FactSheet, pack: Pack) -> list[str]:
    """Why `proof` is not the proof of its subject; nothing where it is. Never raises, whatever `proof` is."""
    return Checker(facts, pack).check(proof)


class _Run:
    """Every node answered once, below before above. `waived` criteria hold for what stands on them."""

    def __init__(self, shape: Shape, answers: Answers, waived: Iterable[str]) -> None:
        self.shape = shape
        self.used: dict[str, set[Used]] = {}
        self.status: dict[str, str] = {}
        self.judged: dict[str, str] = {}
        self.tables = {f"table:{table.id}": table for table in shape.pack.tables}
        holds = {f"criterion:{name}" for name in waived}
        for name in shape.downwards():
            leaf = shape.leaves.get(name)
            if leaf:
                self.status[name], self.used[name] = answers.answer(leaf.fact, leaf.operator, leaf.argument)
            elif name in self.tables:
                self.status[name] = self._table(self.tables[name])
            elif name in shape.decisions:
                table, asked = shape.decisions[name]
                if asked:
                    self.status[name] = proof_hits.question(table, asked, shape.pack, self.sides(table))
            else:
                self.judged[name] = self._kleene(shape.nodes[name])
                self.status[name] = "yes" if name in holds else self.judged[name]

    def part(self, part: tuple[str, bool]) -> str:
        """The status of a part, as its node takes it."""
        name, turned = part
        return _FLIP[self.status[name]] if turned else self.status[name]

    def _kleene(self, node: Node) -> str:
        found = {self.part(part) for part in node.parts}
        decides, otherwise = ("no", "yes") if node.kind == "all" else ("yes", "no")
        return decides if decides in found else "open" if "open" in found else otherwise

    def reasons(self, name: str) -> set[str]:
        """The parts on which a node other than a table or leaf stands."""
        node, status = self.shape.nodes[name], self.judged[name]
        if status == ("yes" if node.kind == "all" else "no"):
            return {part for part, _ in node.parts}
        wanted = {status, "open"} if node.loose and status == "no" else {status}
        return {part[0] for part in node.parts if self.part(part) in wanted}

    def sides(self, table: OutputTable) -> dict[str, str]:
        """How the rows of a table of outputs stand; one without a signal always holds."""
        return {row.id: self.status[f"signal:{row.when}"] if row.when else "yes" for row in table.rows}

    def decision(self, name: str) -> dict[str, Any]:
        """The node of a table of outputs, or of a question about one."""
        table, asked = self.shape.decisions[name]
        said = {"status": self.status[name]} if asked else proof_hits.decision(table, self.sides(table))
        return said | {"because": sorted(part for part, _ in self.shape.nodes[name].parts)}

    def first(self, table: Table) -> tuple[Row | None, bool]:
        """The first row that holds or may, and whether it does."""
        for row in table.ranked:
            if self.status[f"signal:{row.when}"] != "no":
                return row, self.status[f"signal:{row.when}"] == "yes"
        return None, False

    def _table(self, table: Table) -> str:
        row, leads = self.first(table)
        declared, rationale = (self.status[f"leaf:{leaf.key}"] for leaf in questions(table))
        if row is None or declared == rationale == "yes":
            return "yes"
        choice = self.status[f"leaf:{chosen(table, row).key}"] if leads else "open"
        return "no" if choice == "no" and rationale == "open" else choice

    def table(self, name: str) -> dict[str, Any]:
        """The node of a table."""
        table = self.tables[name]
        row, leads = self.first(table)
        choice = f"leaf:{chosen(table, row).key}" if row and leads else ""
        stated = [f"leaf:{leaf.key}" for leaf in questions(table)]
        because = {f"row:{table.id}/{one.id}" for one in table.rows} | ({choice} if choice else set[str]())
        if all(self.status[leaf] == "yes" for leaf in stated):
            because |= set(stated)
        elif row and not leads:
            because |= {leaf for leaf in stated if self.status[leaf] == "open"}
        elif self.status[name] == "no":
            because.add(stated[1])
        deviates = bool(choice) and self.status[choice] == "no"
        return {"status": self.status[name], "deviates": deviates, "because": sorted(because)}

    def rows(self, table: Table) -> Iterator[tuple[str, dict[str, Any]]]:
        """The nodes of the rows of a table."""
        above: list[str] = []
        for row in table.ranked:
            signal = f"signal:{row.when}"
            before = {self.status[name] for name in above}
            words = {"no": "silent", "yes": "holds" if before & {"yes", "open"} else "leads"}
            status = words.get(self.status[signal], "open" if "yes" in before else "undecided")
            yield f"row:{table.id}/{row.id}", _node(status, {signal} if status == "silent" else {signal, *above})
            above.append(signal)


def _node(status: str, because: Iterable[str], **more: Any) -> dict[str, Any]:
    return {"status": status, **more, "because": sorted(because)}


class Checker:
    """Checks proofs about one sheet and one pack. What every node has to be is worked out once."""

    def __init__(self, facts: FactSheet, pack: Pack) -> None:
        shape = Shape(pack)
        order = facts["order"] or list(pack.order)
        waived = [name for name in facts["waived"] if name in pack.criteria]
        self._run = _Run(shape, Answers(facts, pack, facts["assumptions"]), waived)
        # what is met by assumption is what is not met when assumptions don't count
        self._firm = _Run(shape, Answers(facts, pack, False), waived) if _assumes(facts) else self._run
        self._given: dict[str, Any] = {
            "pack": pack.digest,
            "facts": facts["digest"],
            "order": order,
            "waived": sorted(facts["waived"]),
            "assumptions": facts["assumptions"],
        }
        self._nodes: dict[str, dict[str, Any]] = {}
        for name in shape.nodes:
            self._nodes[name] = self._plain(name)
        for table in pack.tables:
            self._nodes |= self._run.rows(table)
        for name in pack.criteria:
            self._nodes[f"criterion:{name}"] = self._criterion(f"criterion:{name}", name in waived)
        for position, gate in enumerate(order):
            self._gate(pack.gates_by_id[gate], order[:position], shape.entries[gate])
        self._nodes["verdict"] = self._verdict(pack, facts["problems"])
        self._below: dict[str, frozenset[str]] = {}

    def _plain(self, name: str) -> dict[str, Any]:
        run, leaf = self._run, self._run.shape.leaves.get(name)
        if leaf:
            asks = {"fact": leaf.fact, "operator": leaf.operator, "argument": leaf.argument}
            return {"status": run.status[name], "asks": asks, "facts": [one.plain() for one in sorted(run.used[name])]}
        if name in run.shape.decisions:
            return run.decision(name)
        return run.table(name) if name in run.tables else _node(run.status[name], run.reasons(name))

    def _criterion(self, name: str, waived: bool) -> dict[str, Any]:
        run, judged = self._run, _WORD[self._run.judged[name]]
        if waived and judged != "met":
            return _node("waived", run.reasons(name), judged=judged)
        return _node("assumed" if judged == "met" and self._firm.judged[name] != "yes" else judged, run.reasons(name))

    def _gate(self, gate: Gate, earlier: Sequence[str], asked: Sequence[tuple[str, bool]]) -> None:
        """Adds a gate and its entry; those before it are there already."""
        passed = {name for name in earlier if self._nodes[f"gate:{name}"]["status"] == "passed"}
        before = earlier[-1:]
        needed = [*before, *(name for name in gate.needs if name in earlier)]
        aside = sorted(f"gate:{name}" for name in gate.needs if name not in earlier)
        entry, answers = f"entry:{gate.entry.id}", [self._run.part(part) for part in asked]
        if passed.issuperset(needed) and all(answer == "yes" for answer in answers):
            firm = all(self._firm.part(part) == "yes" for part in asked)
            status = "reordered" if aside else "met" if firm else "assumed"
            because = {f"gate:{name}" for name in needed} | {name for name, _ in asked}
        else:
            status = "unknown" if "open" in answers and "no" not in answers else "unmet"
            failing = {part[0] for part, answer in zip(asked, answers, strict=True) if answer != "yes"}
            because = {f"gate:{name}" for name in needed if name not in passed} | failing
        self._nodes[entry] = _node(status, because, aside=aside)
        ways = {f"gate:{name}" for name in before}
        if not passed.issuperset(before):
            self._nodes[f"gate:{gate.id}"] = _node("waiting", ways)
            return
        own = [entry, *(f"criterion:{criterion.id}" for criterion in gate.exit)]
        failing = {name for name in own if self._nodes[name]["status"] in ("unmet", "unknown")}
        self._nodes[f"gate:{gate.id}"] = _node("blocked" if failing else "passed", ways | (failing or set(own)))

    def _verdict(self, pack: Pack, problems: int) -> dict[str, Any]:
        kinds = ("gate:", "entry:", "criterion:", "table:", "decision:", "antipattern:")
        named = {name for name in self._nodes if name.startswith(kinds) and "/" not in name}
        passed = not problems and all(self._nodes[f"gate:{gate.id}"]["status"] == "passed" for gate in pack.gates)
        return _node("passed" if passed else "blocked", named, problems=problems)

    def check(self, proof: object) -> list[str]:
        """Why `proof` is not the proof of its subject; nothing where it is."""
        return list(islice(self._faults(proof), MOST_REASONS))

    def _faults(self, proof: object) -> Iterator[str]:
        if type(proof) is not dict:
            yield f"a proof is a mapping, and here is {_said(proof)}"
            return
        found = cast("dict[object, object]", proof)
        yield from _wrong_keys("the proof", found, {*self._given, "subject", "nodes"})
        others = [key for key, value in self._given.items() if not _same(found.get(key), value)]
        for key in others:
            yield f"`{key}` is {_said(found.get(key))}, and that of the facts and the pack given is {_said(self._given[key])}"
        subject, nodes = found.get("subject"), found.get("nodes")
        if type(subject) is not str or subject not in self._nodes:
            yield f"it has no subject that the pack knows: {_said(subject)}"
        elif type(nodes) is not dict:
            yield f"`nodes` is a mapping, and here is {_said(nodes)}"
        elif not others:  # a proof about something else would be wrong all over
            yield from self._wrong_nodes(subject, cast("dict[object, object]", nodes))

    def _wrong_nodes(self, subject: str, nodes: dict[object, object]) -> Iterator[str]:
        needed = self._closure(subject)
        for name in sorted(needed):
            if name not in nodes:
                yield f"the node `{name}` is missing"
            elif not _same(nodes[name], self._nodes[name]):
                yield from _wrong_node(name, nodes[name], self._nodes[name])
        for name in nodes:
            if name not in needed:
                what = "is no node that the subject stands on" if name in self._nodes else "is no node"
                yield f"{_said(name)} {what}"

    def _closure(self, subject: str) -> frozenset[str]:
        """The subject and all that it stands on."""
        if subject not in self._below:
            found, todo = {subject}, [subject]
            while todo:
                new = set(self._nodes[todo.pop()].get("because", ())) - found
                found |= new
                todo += new
            self._below[subject] = frozenset(found)
        return self._below[subject]


def _assumes(facts: FactSheet) -> bool:
    """Whether a fact is assumed, and counts."""
    rows = (fact for rows in facts["records"].values() for row in rows for fact in row.values())
    return facts["assumptions"] and any(fact["state"] == "assumed" for fact in chain(facts["plain"].values(), rows))


def _same(found: object, right: object) -> bool:
    """Whether two pieces of data are equal, types included. It goes no deeper than `right`."""
    if type(found) is not type(right):
        return False
    if isinstance(found, dict) and isinstance(right, dict):
        one, other = cast("dict[object, object]", found), cast("dict[object, object]", right)
        return len(one) == len(other) and all(key in one and _same(one[key], value) for key, value in other.items())
    if isinstance(found, list) and isinstance(right, list):
        items, others = cast("list[object]", found), cast("list[object]", right)
        return len(items) == len(others) and all(map(_same, items, others))
    return found == right


def _said(value: object) -> str:
    """A value for a message: short, and of lists and mappings only what they are."""
    if type(value) is str:
        return f"`{value[:80]}`"
    if value is None or type(value) is bool or type(value) is float:
        return f"`{value}`"
    return {dict: "a mapping", list: "a list", int: "a number"}.get(cast("type[int]", type(value)), "something else")


def _wrong_keys(what: str, found: dict[object, object], known: set[str]) -> Iterator[str]:
    yield from (f"{what} lacks `{key}`" for key in sorted(known) if key not in found)
    yield from (f"{what} has a key that means nothing: {_said(key)}" for key in found if key not in known)


def _wrong_node(name: str, found: object, right: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a node; at least one thing, for it is not as it has to be."""
    if type(found) is not dict:
        yield f"the node `{name}` is a mapping, and here is {_said(found)}"
        return
    node = cast("dict[object, object]", found)
    yield from _wrong_keys(f"the node `{name}`", node, set(right))
    for key, value in right.items():
        if key not in node or _same(node[key], value):
            continue
        if key == "because":
            yield from _wrong_reasons(name, node[key], value)
        elif key == "facts":
            yield f"the facts of `{name}` are not those that decide it, with their record, state and value, sorted"
        else:
            yield f"the `{key}` of `{name}` is {_said(node[key])}, and it has to be {_said(value)}"


def _wrong_reasons(name: str, found: object, right: list[str]) -> Iterator[str]:
    given = cast("list[object]", found) if type(found) is list else []
    named = {one for one in given if type(one) is str}
    yield from (f"`{name}` stands on `{one}` too, which it does not name" for one in right if one not in named)
    yield from (f"`{name}` does not stand on {_said(one)}" for one in sorted(named - set(right)))
    if named == set(right):
        yield f"`because` of `{name}` is a list of ids, sorted, each once"
