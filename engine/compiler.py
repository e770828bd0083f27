"""Pack -> Horn rules: all of these claims -> this claim. Plain data, no engine.

Every node (a condition, a criterion, a signal ...) has three claims, `yes`, `no` and `open`, of which the
rules derive what holds. Absence is never tested: `open` is a claim of its own.

Checklists and criteria derive `open` beside `no` where both kinds of fault are there, so that every missing
item is found in one run. Where a claim is turned round or chosen among (signals, anti-patterns, `any`, what is
nested), `no` and `open` exclude each other; that needs the two helper claims `not-yes` and `not-no`. Where such
a node asks for a checklist or criterion, it builds on `only-open`: open, and not `no`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from . import hits
from .pack import Gate, Pack
from .pack_conditions import All, Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from .pack_tables import Table

MOST_IN_BODY = 15  # durable-rules fails on rules with more than 16 antecedents
BEGIN = "begin"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """All of `body` -> `head`. Compared by identity, so that a program's rules are a cheap key of the caches."""

    id: str
    body: tuple[str, ...]
    head: str


@dataclass(frozen=True, slots=True)
class Program:
    """What a pack compiles to for one order of the gates: rules, and the questions whose answers are the claims."""

    rules: tuple[Rule, ...]
    leaves: dict[str, Leaf]
    order: tuple[str, ...]
    dropped: dict[str, tuple[str, ...]]
    waived: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Three:
    """The three claims of a node, and the two helpers."""

    yes: str
    no: str
    open: str
    not_yes: str
    not_no: str

    def turned(self) -> _Three:
        return _Three(self.no, self.yes, self.open, self.not_no, self.not_yes)


def _three(node: str) -> _Three:
    return _Three(f"{node} yes", f"{node} no", f"{node} open", f"{node} not-yes", f"{node} not-no")


_NEVER = "never"  # a claim that nothing makes
_CERTAIN = _Three(BEGIN, _NEVER, _NEVER, _NEVER, BEGIN)


def _node(condition: CriterionHolds | Passes | FreeOf) -> str:
    if isinstance(condition, CriterionHolds):
        return f"criterion:{condition.criterion}"
    return f"checklist:{condition.passes}" if isinstance(condition, Passes) else "antipatterns"


def _branch(own: Sequence[_Three], branch: hits.Branch) -> _Three:
    """The claims of a step, or of an answer."""
    if isinstance(branch, bool):
        return _CERTAIN if branch else _CERTAIN.turned()
    return own[branch]


@lru_cache(maxsize=8192)
def leaf_claims(key: str, status: str) -> tuple[str, ...]:
    """The claims that the answer to a leaf makes."""
    claims = _three(f"leaf:{key}")
    return {
        "met": (claims.yes, claims.not_no),
        "unmet": (claims.no, claims.not_yes),
        "unknown": (claims.open, claims.not_yes, claims.not_no),
    }[status]


def compile_pack(pack: Pack, order: Sequence[str] | None = None, waived: Iterable[str] = ()) -> Program:
    """Compile `pack` for `order` (its own where none is given), with the exit criteria in `waived` waived."""
    return _Compiler(pack, tuple(order or pack.order), frozenset(waived)).program()


class _Compiler:
    def __init__(self, pack: Pack, order: tuple[str, ...], waived: frozenset[str]) -> None:
        self.pack, self.order, self.waived = pack, order, waived
        self.rules: dict[tuple[tuple[str, ...], str], Rule] = {}
        self.leaves: dict[str, Leaf] = {}
        self.helped: set[str] = set()
        self.settled: dict[str, _Three] = {}
        self.decided: set[str] = set()
        self.dropped: dict[str, tuple[str, ...]] = {}

    def program(self) -> Program:
        for signal in self.pack.signals:
            self._statement(f"signal:{signal.id}", signal, strict=True)
        for table in self.pack.tables:
            self._table(table)
        for pattern in self.pack.antipatterns:
            self._statement(f"antipattern:{pattern.id}", pattern, strict=True)
        if self.pack.antipatterns:
            absent = [_three(f"antipattern:{pattern.id}").turned() for pattern in self.pack.antipatterns]
            self._all(_three("antipatterns"), absent, strict=False)
        for checklist in self.pack.checklists:
            items = [f"item:{checklist.id}/{item.id}" for item in checklist.items]
            for node, item in zip(items, checklist.items, strict=True):
                self._statement(node, item, strict=False)
            self._all(_three(f"checklist:{checklist.id}"), [_three(node) for node in items], strict=False)
        for position, name in enumerate(self.order):
            self._gate(self.pack.gates_by_id[name], position)
        return Program(tuple(self.rules.values()), self.leaves, self.order, self.dropped, self.waived)

    def _rule(self, body: Sequence[str], head: str) -> None:
        body = tuple(dict.fromkeys(body))
        if (body, head) in self.rules:
            return
        whole, part = body, 0
        while len(body) > MOST_IN_BODY:  # a long body becomes a chain of rules
            part += 1
            link = f"{head} part-{len(self.rules)}.{part}"
            self._rule(body[:MOST_IN_BODY], link)
            body = (link, *body[MOST_IN_BODY:])
        self.rules[(whole, head)] = Rule(f"{head} #{len(self.rules)}", body, head)

    def _help(self, claim: str, sources: tuple[str, str]) -> None:
        """Rules for one of the helper claims of a node; the answers to leaves claim them directly."""
        if not claim.startswith("leaf:") and claim not in self.helped:
            self.helped.add(claim)
            for source in sources:
                self._rule([source], claim)

    def _all(self, own: _Three, parts: Sequence[_Three], *, strict: bool) -> _Three:
        self._rule([part.yes for part in parts], own.yes)
        for part in parts:
            self._rule([part.no], own.no)
        if strict:
            self._open_all(own, parts)
        else:
            for part in parts:
                self._rule([part.open], own.open)
        return own

    def _any(self, own: _Three, parts: Sequence[_Three]) -> _Three:
        """The same as `all`, with everything turned round."""
        self._all(own.turned(), [part.turned() for part in parts], strict=True)
        return own

    def _open_all(self, own: _Three, parts: Sequence[_Three]) -> None:
        """Open where one part is and none is `no`."""
        if len(parts) > 1:
            for part in parts:
                self._help(part.not_no, (part.yes, part.open))
            self._rule([part.not_no for part in parts], own.not_no)
            self.helped.add(own.not_no)
        for part in parts:
            self._rule([part.open, own.not_no] if len(parts) > 1 else [part.open], own.open)

    def _statement(self, node: str, statement: Statement, *, strict: bool) -> _Three:
        parts = self._parts(statement.all or statement.any, node + "/", strict=strict or not statement.all)
        return self._all(_three(node), parts, strict=strict) if statement.all else self._any(_three(node), parts)

    def _parts(self, conditions: Iterable[Condition], prefix: str, *, strict: bool) -> list[_Three]:
        return [self._condition(part, f"{prefix}{n}", strict=strict) for n, part in enumerate(conditions, 1)]

    def _condition(self, condition: Condition, node: str, *, strict: bool) -> _Three:
        if isinstance(condition, Leaf):
            return self._leaf(condition)
        if isinstance(condition, SignalIs):
            three = _three(f"signal:{condition.signal}")
            return three if condition.holds else three.turned()
        if isinstance(condition, Follows):
            return _three(f"table:{condition.follows}")
        if isinstance(condition, Decides):
            return self._decides(condition)
        if isinstance(condition, (CriterionHolds, Passes, FreeOf)):
            return self._settled(condition) if strict else _three(_node(condition))
        inner = condition.all if isinstance(condition, All) else condition.any
        parts = self._parts(inner, node + ".", strict=True)
        return self._all(_three(node), parts, strict=True) if isinstance(condition, All) else self._any(_three(node), parts)

    def _settled(self, condition: CriterionHolds | Passes | FreeOf) -> _Three:
        """A checklist, criterion or all anti-patterns as a part of something strict: never both `no` and open."""
        node = _node(condition)
        if node not in self.settled:
            own = _three(node)
            if isinstance(condition, CriterionHolds):
                asked = self.pack.criteria[condition.criterion]
                if asked.any or asked.id in self.waived:
                    return self.settled.setdefault(node, own)
                parts = self._parts(asked.all, node + "/", strict=True)
            elif isinstance(condition, Passes):
                checklist = next(one for one in self.pack.checklists if one.id == condition.passes)
                parts = [self._settled_item(f"item:{checklist.id}/{item.id}", item) for item in checklist.items]
            else:
                parts = [_three(f"antipattern:{pattern.id}").turned() for pattern in self.pack.antipatterns]
            self.settled[node] = self._only_open(own, parts)
        return self.settled[node]

    def _settled_item(self, node: str, item: Statement) -> _Three:
        if item.any:
            return _three(node)
        return self._only_open(_three(node), self._parts(item.all, node + "/", strict=True))

    def _only_open(self, own: _Three, parts: Sequence[_Three]) -> _Three:
        settled = replace(own, open=own.open.removesuffix("open") + "only-open")
        self._open_all(settled, parts)
        return settled

    def _leaf(self, leaf: Leaf) -> _Three:
        self.leaves.setdefault(leaf.key, leaf)
        return _three(f"leaf:{leaf.key}")

    def _decides(self, asked: Decides) -> _Three:
        """A question about a table of outputs, by its diagram: definite where every way that is left leads to the same."""
        node = f"decision:{asked.key}"
        if node in self.decided:
            return _three(node)
        self.decided.add(node)
        table = next(one for one in self.pack.output_tables if one.id == asked.table)
        diagram = hits.diagram(table, asked, self.pack.limits)
        if diagram is None:
            raise ValueError(f"the question `{asked.key}` has too many steps")
        own = [_three(f"{node} step-{number}") for number in range(len(diagram.steps))]
        for here, (row, hit, miss) in zip(own, diagram.steps, strict=True):
            signal = _three(f"signal:{row.when}")
            ways = [(signal, _branch(own, hit)), (signal.turned(), _branch(own, miss))]
            for end in ("yes", "no", "not_yes", "not_no"):
                for side, after in ways:  # one way is taken; a side that is not known may take either
                    self._both(side.not_no if end.startswith("not") else side.yes, getattr(after, end), getattr(here, end))
            self._help(signal.not_yes, (signal.no, signal.open))
            self._help(signal.not_no, (signal.yes, signal.open))
            self._both(_branch(own, hit).yes, _branch(own, miss).yes, here.yes)
            self._both(_branch(own, hit).no, _branch(own, miss).no, here.no)
            self._rule([here.not_yes, here.not_no], here.open)
        root = _branch(own, diagram.root)
        for end in ("yes", "no", "open"):
            self._both(BEGIN, getattr(root, end), getattr(_three(node), end))
        return _three(node)

    def _both(self, one: str, other: str, head: str) -> None:
        """A rule on two claims, one of which may be what always holds, or what never does."""
        if _NEVER not in (one, other):
            self._rule([claim for claim in (one, other) if claim != BEGIN] or [BEGIN], head)

    def _table(self, table: Table) -> None:
        """`leads` for the first row that holds, `undecided` where a row above is open, and whether the choice follows."""
        own = _three(f"table:{table.id}")
        declared = self._leaf(Leaf(fact=table.declared))
        rationale = self._leaf(Leaf(fact=table.rationale))
        above: list[str] = []
        for row in table.ranked:
            signal = _three(f"signal:{row.when}")
            leads = f"row:{table.id}/{row.id} leads"
            chosen = self._leaf(Leaf(fact=table.declared, operator="is", argument=row.default.choice))
            self._rule([signal.yes, *above], leads)
            self._rule([signal.open, *above], f"table:{table.id} undecided")
            self._rule([leads, chosen.yes], own.yes)
            self._rule([leads, chosen.no], f"table:{table.id} deviates")
            self._rule([leads, chosen.no, rationale.open], own.no)
            self._rule([leads, chosen.open], own.open)
            above.append(signal.no)
        self._rule(above, own.yes)
        self._rule([declared.yes, rationale.yes], own.yes)
        self._rule([f"table:{table.id} undecided", rationale.open], own.open)
        self._rule([f"table:{table.id} undecided", declared.open], own.open)

    def _gate(self, gate: Gate, position: int) -> None:
        name = f"gate:{gate.id}"
        turn, passed, blocked = f"{name} turn", f"{name} passed", f"{name} blocked"
        if position == 0:
            self._rule([BEGIN], turn)
        else:
            before = f"gate:{self.order[position - 1]}"
            self._rule([f"{before} passed"], turn)
            self._rule([f"{before} blocked"], f"{name} waiting")
            self._rule([f"{before} waiting"], f"{name} waiting")
        earlier = self.order[:position]
        kept = [needed for needed in gate.needs if needed in earlier]
        self.dropped[gate.id] = tuple(needed for needed in gate.needs if needed not in earlier)
        entry = f"entry:{gate.entry.id}"
        asked = self._parts(gate.entry.all or gate.entry.any, entry + "/", strict=bool(gate.entry.any))
        if gate.entry.any:
            asked = [self._any(_three(f"{entry}/any"), asked)]
        self._rule([*(f"gate:{needed} passed" for needed in kept), *(part.yes for part in asked), turn], f"{entry} yes")
        for part in asked:
            self._rule([part.no], f"{entry} no")
            self._rule([part.open], f"{entry} open")
            self._rule([turn, part.no], blocked)
            self._rule([turn, part.open], blocked)
        for criterion in gate.exit:
            node = f"criterion:{criterion.id}"
            if criterion.id in self.waived:
                self._rule([f"waived:{criterion.id}"], f"{node} yes")
                self._statement(f"judged:{criterion.id}", criterion, strict=False)
            else:
                self._statement(node, criterion, strict=False)
            self._rule([turn, f"{node} no"], blocked)
            self._rule([turn, f"{node} open"], blocked)
        self._rule([turn, f"{entry} yes", *(f"criterion:{criterion.id} yes" for criterion in gate.exit)], passed)
