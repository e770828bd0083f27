"""Verdict -> why and why not, as a tree of steps. Data, no formatting.

What the pack asks gives the tree its shape; how each part of it stands is read from the derivations, and facts are its
leaves. Nothing is judged here: a step holds because a rule fired that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from .conditions import Look
from .explain_outputs import Outputs
from .pack import Pack
from .pack_conditions import Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from .pack_walks import inner, leaves
from .pack_walks import parts as parts_of
from .steps import Kind, Step, about, faults
from .verdict import CriterionVerdict, GateVerdict, Verdict

SUBJECTS = ("gate", "criterion", "recommendation", "signal", "antipattern", "fact")  # what can be explained
_KNOWN = ("stated", "assumed")
_HOLDING = ("met", "assumed", "waived", "reordered")
# Operators on all values together: where several facts are lacking, one of them may be enough.
_JOINT = frozenset(("includes", "any_of", "some_from", "count", "varies"))
_TWO_FACTS = frozenset(("found_in", "apart_from"))
_LIMITED = {
    "at_least": ("",),
    "at_most": ("",),
    "some_from": ("",),
    "count": ("from", "at_least", "at_most"),
    "varies": ("from", "over"),
}
_SIDES = {
    "signal": {"yes": "holds", "no": "does not hold", "open": "unknown"},
    "antipattern": {"yes": "present", "no": "absent", "open": "unknown"},
    "": {"yes": "met", "no": "unmet", "open": "unknown"},
}


def names(pack: Pack) -> dict[str, tuple[str, ...]]:
    """Everything that can be explained: the names of each kind in SUBJECTS. Gates go by their numbers too."""
    entries = (gate.entry.id for gate in pack.gates)
    rows = (f"{table.id}/{row.id}" for table in pack.tables for row in table.ranked)
    return {
        "gate": (*pack.order, *(str(gate.stage) for gate in pack.gates)),
        "criterion": (*pack.criteria, *entries),
        "recommendation": (*(table.id for table in (*pack.tables, *pack.output_tables)), *rows),
        "signal": tuple(signal.id for signal in pack.signals),
        "antipattern": tuple(pattern.id for pattern in pack.antipatterns),
        "fact": tuple(pack.facts),
    }


def explain(verdict: Verdict, kind: str, name: str) -> Step:
    """Why `name`, one of the `names` of its kind, stands as it does; of a gate that waits, down to the one that blocks.

    The step is `good` where it holds: the gate passed, the criterion or signal holds, the recommendation leads, the
    anti-pattern is absent, the fact is stated and nothing speaks against it.
    """
    return _Explaining(verdict).subject(kind, name)


class _Explaining:
    def __init__(self, verdict: Verdict) -> None:
        self.verdict, self.pack = verdict, verdict.pack
        self.held = {derivation.head for derivation in verdict.derivations}
        self.rank = {path: number for number, path in enumerate(verdict.pack.facts)}
        self.how = {(m.fact, m.within, m.place): m.how for m in verdict.missing}
        self.criteria = {c.criterion.id: c for gate in verdict.gates for c in gate.exit}
        self.entries = {gate.entry.criterion.id: gate.entry for gate in verdict.gates}
        self.tables = {table.id: table for table in self.pack.tables}
        self.outputs = Outputs(verdict, self.side, self.signal)
        self.signals = {signal.id: signal for signal in self.pack.signals}
        self.patterns = {pattern.id: pattern for pattern in self.pack.antipatterns}
        self.checklists = {checklist.id: checklist for checklist in self.pack.checklists}

    def subject(self, kind: str, name: str) -> Step:
        if kind == "gate":
            gate = self.pack.find_gate(name)
            return self.gate(self.verdict.gate(gate.id if gate else name))
        if kind == "criterion":
            return self.criterion(self.criteria[name]) if name in self.criteria else self.entry(self.entries[name])
        if kind == "recommendation":
            table, _, row = name.partition("/")
            if name in self.outputs.found:
                return self.outputs.decision(name)
            return self.row(table, row) if row else self.recommended(table)
        if kind == "fact":
            return self.fact(name)
        return self.signal(name, True) if kind == "signal" else self.antipattern(name, False)

    def side(self, node: str) -> str:
        return next((side for side in ("yes", "no") if f"{node} {side}" in self.held), "open")

    # --- gates and criteria

    def gate(self, found: GateVerdict) -> Step:
        title = f"Gate {found.gate.stage}, {found.gate.id}"
        if found.status == "waiting":
            order = self.verdict.program.order
            root = next(gate for gate in self.verdict.gates if gate.status == "blocked")
            between = order.index(found.gate.id) - order.index(root.gate.id) - 1
            says = f"for {root.gate.id}" + (f", through {between} gate{'s' if between > 1 else ''} between" if between else "")
            return Step("gate", found.gate.id, title, "waiting", says, children=(self.gate(root),))
        children = (self.entry(found.entry), *map(self.criterion, found.exit))
        return Step("gate", found.gate.id, title, found.status, good=found.status == "passed", children=children)

    def entry(self, found: CriterionVerdict) -> Step:
        turned = {needed for _, needed in self.verdict.turned_round}
        needs = [
            Step(
                "gate",
                needed,
                f"gate {needed}",
                "passed" if passed else "reordered" if needed in turned else "not passed",
                good=passed or needed in turned,
            )
            for needed, passed in found.gates
        ]
        good = found.status in _HOLDING
        node = f"entry:{found.criterion.id}"
        kind, conditions = inner(found.criterion)
        asked = [self.condition(part, f"{node}/{number}", True) for number, part in enumerate(conditions, 1)]
        side = self.side(f"{node}/any") if kind == "any" else "yes" if all(part.good for part in asked) else "open"
        group = self.join(kind or "all", asked, side, True)
        return Step(
            "entry",
            found.criterion.id,
            found.criterion.text,
            found.status,
            "set aside by the order that was asked for" if found.status == "reordered" else "",
            how="" if good else found.criterion.mend,
            good=good,
            children=(*needs, *self.flat([group], False)),
        )

    def criterion(self, found: CriterionVerdict) -> Step:
        good, waivable = found.status in _HOLDING, found.criterion.id in self.verdict.program.waived
        waivers = self.verdict.waivers.of(found.criterion.id) if found.status == "waived" else ()
        group = self.statement(f"{'judged' if waivable else 'criterion'}:{found.criterion.id}", found.criterion, True)
        return Step(
            "criterion",
            found.criterion.id,
            found.criterion.text,
            found.status,
            "; ".join(f"{one.approver} until {one.expires}: {one.reason}" for one in waivers),
            how="" if good else found.criterion.mend,
            good=good,
            either=group.either,
            children=group.children,
        )

    # --- conditions

    def statement(self, node: str, statement: Statement, wanted: bool) -> Step:
        kind, conditions = inner(statement)
        found = [self.condition(part, f"{node}/{number}", wanted) for number, part in enumerate(conditions, 1)]
        return self.join(kind, found, self.side(node), wanted)

    def condition(self, condition: Condition, node: str, wanted: bool) -> Step:
        if isinstance(condition, Leaf):
            return self.leaf(condition, wanted)
        if isinstance(condition, SignalIs):
            return self.signal(condition.signal, wanted == condition.holds)
        if isinstance(condition, CriterionHolds):
            found = self.criteria[condition.criterion]
            good = (found.status in _HOLDING) == wanted
            return Step("criterion", found.criterion.id, found.criterion.text, found.status, good=good)
        if isinstance(condition, Follows):
            return self.follows(condition.follows)
        if isinstance(condition, Decides):
            return self.outputs.decides(condition)
        if isinstance(condition, Passes):
            checklist = self.checklists[condition.passes]
            items = [self.named("item", f"{checklist.id}/{item.id}", item.text, item, wanted) for item in checklist.items]
            return self.join("all", items, self.side(f"checklist:{checklist.id}"), wanted)
        if isinstance(condition, FreeOf):
            patterns = [self.antipattern(name, not wanted) for name in self.patterns]
            return self.join("all", patterns, self.side("antipatterns"), wanted)
        return self.group(condition, node, wanted)

    def group(self, condition: Condition, node: str, wanted: bool) -> Step:
        kind, conditions = inner(condition)
        found = [self.condition(part, f"{node}.{number}", wanted) for number, part in enumerate(conditions, 1)]
        return self.join(kind, found, self.side(node), wanted)

    def join(self, kind: str, found: Sequence[Step], side: str, wanted: bool) -> Step:
        """The parts that decide: of an `all` that fails those that fail, of an `any` that holds those that hold."""
        good = side == ("yes" if wanted else "no")
        joined = (kind == "all") == wanted  # each part has to be as it is wanted; turned round, `all` and `any` change places
        if joined != good:
            found = [part for part in found if part.good == good]
        either = not joined and not good
        return Step("any" if either else "all", "", "", "", good=good, either=either, children=self.flat(found, either))

    def signal(self, name: str, wanted: bool) -> Step:
        return self.named("signal", name, self.signals[name].title, self.signals[name], wanted)

    def antipattern(self, name: str, wanted: bool) -> Step:
        found = self.named("antipattern", name, self.patterns[name].text, self.patterns[name], wanted)
        return found if found.good else replace(found, how=self.patterns[name].mend)

    def named(self, kind: Kind, name: str, title: str, statement: Statement, wanted: bool) -> Step:
        group = self.statement(f"{kind}:{name}", statement, wanted)
        said = _SIDES.get(kind, _SIDES[""])[self.side(f"{kind}:{name}")]
        return Step(kind, name, title, said, good=group.good, either=group.either, children=group.children)

    def flat(self, found: Iterable[Step], either: bool) -> tuple[Step, ...]:
        """Groups that need no words of their own resolved; each step once, facts first and in the order of the vocabulary."""
        seen: dict[tuple[object, ...], Step] = {}
        for part in found:
            plain = part.kind in ("any", "all") and (part.good or part.either == either or len(part.children) < 2)
            for step in part.children if plain else (part,):
                place = None if step.good else step.place
                key: tuple[object, ...] = (step.kind, step.id, step.within, step.value, place, step.says if step.fault else "")
                if step.kind in ("any", "all"):
                    key = (step.kind, step.children)
                if key not in seen or (step.children and not seen[key].children) or (step.fault and not seen[key].fault):
                    seen[key] = step
        return tuple(sorted(seen.values(), key=lambda s: (s.kind != "fact", self.rank.get(s.id, 0), s.within, s.value)))

    # --- decision tables

    def follows(self, name: str) -> Step:
        """Whether the declared choice is the recommended one, or has a rationale."""
        table, node = self.tables[name], f"table:{name}"
        good = self.side(node) == "yes"
        leads = next((row for row in table.ranked if f"row:{name}/{row.id} leads" in self.held), None)
        declared, rationale = (self.leaf(Leaf(fact=path), True) for path in (table.declared, table.rationale))
        rows = [self.row(name, leads.id)] if leads else self.open_rows(name)
        either = False
        if leads and good:
            deviates = f"{node} deviates" in self.held
            says = (
                "another choice than the recommended one is declared, and the rationale says why"
                if deviates
                else "the recommended choice is declared"
            )
            found = [declared, rationale] if deviates else [declared]
        elif leads and self.side(node) == "no":
            says, either = "another choice than the recommended one is declared, and no rationale says why", True
            found = [self.leaf(Leaf(fact=table.declared, operator="is", argument=leads.default.choice), True), rationale]
        elif leads:
            says, found = "no choice is declared", [declared]
        elif rows:
            says, either = "it is not known yet which choice is recommended", not good
            chosen = [part for part in (declared, rationale) if good or not part.good]
            settle = [signal for row in rows for signal in row.children if not signal.good]
            if good:
                says, found = says + ", and the rationale says why the declared one was chosen", chosen
            else:
                found, rows = [self.all_of(settle), self.all_of([step for part in chosen for step in part.children])], []
        else:
            says, found = "nothing is recommended, because no row holds", []
            rows = [self.row(name, row.id, False) for row in table.ranked]
        return Step(
            "table",
            name,
            table.title,
            _SIDES[""][self.side(node)],
            says,
            good=good,
            either=either,
            children=(*self.flat(found, either), *(replace(row, good=True) for row in rows)),
        )

    def all_of(self, steps: Sequence[Step]) -> Step:
        return Step("all", "", "", "", children=self.flat(steps, False))

    def open_rows(self, name: str) -> list[Step]:
        """The rows of an undecided table that would lead if their signals held."""
        found: list[Step] = []
        for row in self.tables[name].ranked:
            side = self.side(f"signal:{row.when}")
            if side == "yes":
                break
            if side == "open":
                found.append(self.row(name, row.id))
        return found if f"table:{name} undecided" in self.held else []

    def row(self, name: str, row_id: str, wanted: bool = True) -> Step:
        """Why a row leads, or does not: its signal, and the row above it that leads or may lead. Not `wanted` where it is
        right that it does not hold."""
        table = self.tables[name]
        row = next(row for row in table.ranked if row.id == row_id)
        leads = f"row:{name}/{row_id} leads" in self.held
        status = "leads" if leads else _SIDES["signal"][self.side(f"signal:{row.when}")]
        says, above = "", ()
        if status == "holds":
            over = next(one for one in table.ranked if self.side(f"signal:{one.when}") != "no")
            says = "ranks below" if f"row:{name}/{over.id} leads" in self.held else "leads only without"
            says, above = f"{says} {over.default.choice}", (self.row(name, over.id),)
        children = (self.signal(row.when, wanted), *above)
        title = row.default.text
        return Step("recommendation", f"{name}/{row_id}", title, status, says, row.default.choice, good=leads, children=children)

    def recommended(self, name: str) -> Step:
        """All rows of a table, highest rank first, and what is declared."""
        rows = tuple(self.row(name, row.id) for row in self.tables[name].ranked)
        leads = any(row.status == "leads" for row in rows)
        status = "leads" if leads else "unknown" if f"table:{name} undecided" in self.held else "does not hold"
        followed = self.follows(name)
        facts = tuple(step for step in followed.children if step.kind == "fact") if leads else ()
        return Step("table", name, followed.title, status, followed.says, good=leads, children=(*rows, *facts))

    # --- facts

    def leaf(self, leaf: Leaf, wanted: bool) -> Step:
        answer = self.verdict.answers[leaf.key]
        good = answer.status == ("met" if wanted else "unmet")
        # What makes something hold that should not is a reason; of its facts only those can be mended whose absence counts.
        mendable = not good and (
            wanted or leaf.operator == "without" or (answer.status == "unknown" and leaf.operator != "stated")
        )
        faulty = [look for look in answer.looked if look.against or look.state not in _KNOWN or look.says] or answer.looked
        found = (self.look(look, good, mendable and look in faulty, self.limits(leaf)) for look in answer.looked)
        facts = [replace(one, also=self.other(leaf)) if one.fault and one.status == "unmet" else one for one in found]
        either = not good and leaf.operator in _JOINT
        return Step("any" if either else "all", "", "", "", good=good, either=either, children=self.flat(facts, either))

    def limits(self, leaf: Leaf) -> tuple[str, ...]:
        """The names of the limits that a condition compares with."""
        argument: object = leaf.argument
        named = cast("dict[str, str]", argument if isinstance(argument, dict) else {"": argument})
        return tuple(named[key] for key in _LIMITED.get(leaf.operator, ()) if key in named)

    def other(self, leaf: Leaf) -> str:
        """The fact that a condition compares with: where the two don't fit, either may be the one to change."""
        operator, argument = leaf.operator, cast("object", leaf.argument)
        if operator == "without" and isinstance(argument, dict):
            operator, argument = next(iter(cast("dict[str, object]", argument).items()))
        return str(argument) if operator in _TWO_FACTS else ""

    def look(self, look: Look, good: bool, fault: bool, limits: tuple[str, ...] = ()) -> Step:
        return Step(
            "fact",
            look.fact,
            look.fact,
            look.state if look.state != "stated" else "unmet" if fault else "met",
            look.says,
            look.shown,
            look.within,
            look.place,
            self.how.get((look.fact, look.within, look.place), ""),
            good,
            fault=fault,
            limits=limits,
        )

    def fact(self, path: str) -> Step:
        """How a fact stands, every statement that asks for it, and what is wrong with it there."""
        pack = self.pack
        asking = [*self.entries.values(), *self.criteria.values()]
        found = [
            self.entry(c) if c in self.entries.values() else self.criterion(c) for c in asking if self.asks(c.criterion, path)
        ]
        found += [self.signal(signal.id, True) for signal in pack.signals if self.asks(signal, path)]
        found += [self.antipattern(pattern.id, False) for pattern in pack.antipatterns if self.asks(pattern, path)]
        found += [
            self.named("item", f"{checklist.id}/{item.id}", item.text, item, True)
            for checklist in pack.checklists
            for item in checklist.items
            if self.asks(item, path)
        ]
        below = [
            replace(step, children=tuple(one for one in faults(step) if about(one.id, path)), either=False, how="")
            for step in found
        ]
        below = [replace(step, good=step.kind == "signal" or not step.children) for step in below]
        facts = self.verdict.facts.at(path)
        states = {fact.state for fact in facts if not fact.known} or {facts[0].state}
        good = all(fact.known for fact in facts) and all(step.good for step in below)
        values = tuple(
            Step(
                "fact",
                fact.path,
                fact.path,
                fact.state,
                value=", ".join(item.shown for item in fact.items),
                within=fact.within,
                place=fact.place,
                good=fact.known,
            )
            for fact in facts
        )
        return Step("fact", path, path, "/".join(sorted(states)), good=good, children=(*values, *below))

    def asks(self, statement: Statement, path: str) -> bool:
        """Whether a statement looks at a fact itself, or at a field of its records."""
        asked = [leaf.fact for leaf in leaves(statement.condition)]
        for part in parts_of(statement.condition):
            if isinstance(part, Follows):
                asked += [self.tables[part.follows].declared, self.tables[part.follows].rationale]
            if isinstance(part, Decides):
                asked += [one.fact for one in self.outputs.found[part.table].table.inputs.values() if one.fact]
        return any(one == path or one.startswith(f"{path}[]") for one in asked)
