"""Pack -> Horn rules: all of these claims -> this claim. Plain data, no engine.

Every node (a condition, a criterion, a signal ...) has three claims, `yes`, `no` and `open`, of which the
rules derive what holds. Absence is never tested: `open` is a claim of its own.

Checklists and criteria derive `open` beside `no` where both kinds of fault are there, so that every missing
item is found in one run. Where a claim is turned round or chosen among (signals, anti-patterns, `any`),
`no` and `open` exclude each other; that needs the two helper claims `not-yes` and `not-no`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .pack import All, AnyOf, Condition, CriterionHolds, Follows, FreeOf, Gate, Leaf, Pack, Passes, SignalIs, Statement, Table

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
        self.dropped: dict[str, tuple[str, ...]] = {}

    def program(self) -> Program:
        for signal in self.pack.signals:
            self._statement(f"signal:{signal.id}", signal, strict=True)
        for table in self.pack.tables:
            self._table(table)
        for pattern in self.pack.antipatterns:
            self._statement(f"antipattern:{pattern.id}", pattern, strict=True)
        if self.pack.antipatterns:
            self._all("antipatterns", [_three(f"antipattern:{p.id}").turned() for p in self.pack.antipatterns], strict=False)
        for checklist in self.pack.checklists:
            items = [f"item:{checklist.id}/{item.id}" for item in checklist.items]
            for node, item in zip(items, checklist.items, strict=True):
                self._statement(node, item, strict=False)
            self._all(f"checklist:{checklist.id}", [_three(node) for node in items], strict=False)
        for position, name in enumerate(self.order):
            self._gate(self.pack.gates_by_id[name], position)
        return Program(tuple(self.rules.values()), self.leaves, self.order, self.dropped, self.waived)

    def _rule(self, body: Sequence[str], head: str) -> None:
        body = tuple(dict.fromkeys(body))
        part = 0
        while len(body) > MOST_IN_BODY:  # a long body becomes a chain of rules
            part += 1
            link = f"{head} part-{len(self.rules)}.{part}"
            self._rule(body[:MOST_IN_BODY], link)
            body = (link, *body[MOST_IN_BODY:])
        if (body, head) not in self.rules:
            self.rules[(body, head)] = Rule(f"{head} #{len(self.rules)}", body, head)

    def _help(self, three: _Three) -> None:
        """Rules for `not-yes` and `not-no` of a node; the answers to leaves claim them directly."""
        if three.yes.startswith("leaf:") or three.not_yes in self.helped:
            return
        self.helped |= {three.not_yes, three.not_no}
        self._rule([three.no], three.not_yes)
        self._rule([three.open], three.not_yes)
        self._rule([three.yes], three.not_no)
        self._rule([three.open], three.not_no)

    def _all(self, node: str, parts: Sequence[_Three], *, strict: bool) -> _Three:
        own = _three(node)
        self._rule([part.yes for part in parts], own.yes)
        for part in parts:
            self._rule([part.no], own.no)
        if not strict:
            for part in parts:
                self._rule([part.open], own.open)
            return own
        self._open(own, parts, [part.not_no for part in parts])
        return own

    def _any(self, node: str, parts: Sequence[_Three]) -> _Three:
        own = _three(node)
        for part in parts:
            self._rule([part.yes], own.yes)
        self._rule([part.no for part in parts], own.no)
        self._open(own, parts, [part.not_yes for part in parts])
        return own

    def _open(self, own: _Three, parts: Sequence[_Three], undecided: list[str]) -> None:
        """Open where one part is and no part decides."""
        for part in parts:
            self._help(part)
        for part in parts:
            self._rule([part.open, *undecided], own.open)

    def _statement(self, node: str, statement: Statement, *, strict: bool) -> _Three:
        parts = [self._condition(part, f"{node}/{n}") for n, part in enumerate(statement.all or statement.any, 1)]
        return self._all(node, parts, strict=strict) if statement.all else self._any(node, parts)

    def _condition(self, condition: Condition, node: str) -> _Three:
        if isinstance(condition, Leaf):
            return self._leaf(condition)
        if isinstance(condition, SignalIs):
            three = _three(f"signal:{condition.signal}")
            return three if condition.holds else three.turned()
        if isinstance(condition, CriterionHolds):
            return _three(f"criterion:{condition.criterion}")
        if isinstance(condition, Passes):
            return _three(f"checklist:{condition.passes}")
        if isinstance(condition, FreeOf):
            return _three("antipatterns")
        if isinstance(condition, Follows):
            return _three(f"table:{condition.follows}")
        inner = condition.all if isinstance(condition, All) else condition.any
        parts = [self._condition(part, f"{node}.{n}") for n, part in enumerate(inner, 1)]
        return self._all(node, parts, strict=True) if isinstance(condition, All) else self._any(node, parts)

    def _leaf(self, leaf: Leaf) -> _Three:
        self.leaves.setdefault(leaf.key, leaf)
        return _three(f"leaf:{leaf.key}")

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
        asked = [self._condition(part, f"{entry}/{n}") for n, part in enumerate(gate.entry.all or gate.entry.any, 1)]
        if gate.entry.any:
            asked = [self._any(f"{entry}/any", asked)]
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
