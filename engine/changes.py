"""Two Verdicts -> what changed from one to the other, and the facts that made the difference. Data, no formatting.

Better and worse are said of gates, by what is a gate's own: whether it passed, and which of its criteria hold (met,
assumed or waived). A gate got **worse** where something of that is lost, and **better** where something is gained; it
may be both. So from A to B a gate is worse exactly where it is better from B to A, and what is worse in no step of a
chain is not worse from its beginning to its end. Whether a gate that has not passed is blocked or waits is decided by
the gates before it, and is neither. An entry criterion that asks for earlier gates alone is theirs, too.

Facts are compared as `fact_changes` does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

from .errors import Problem
from .fact_changes import FactChange, base, facts_between
from .facts import Assumption, Fact, Sequence
from .pack import Criterion, Gate, Pack
from .pack_conditions import Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from .pack_tables import Row, Table
from .pack_walks import parts
from .verdict import CriterionStatus, CriterionVerdict, Decision, GateStatus, GateVerdict, Present, Verdict

_HOLD = ("met", "assumed", "waived", "reordered")
_MOST_HOWS = 3

Because = tuple[FactChange, ...]


@dataclass(frozen=True, slots=True)
class GateChange:
    """A gate with another status."""

    gate: Gate
    old: GateStatus
    new: GateStatus


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """A criterion with another status, the facts that made the difference and, where it does not hold, how to mend it."""

    gate: Gate
    criterion: Criterion
    old: CriterionStatus
    new: CriterionStatus
    because: Because
    how: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether it holds now."""
        return self.new in _HOLD

    @property
    def held(self) -> bool:
        """Whether it held before."""
        return self.old in _HOLD


@dataclass(frozen=True, slots=True)
class Advice:
    """What a decision table says: the row that leads, or those that still could; and what is declared instead of it."""

    row: Row | None
    undecided: tuple[Row, ...]
    declared: str
    deviates: bool
    rationale: str


@dataclass(frozen=True, slots=True)
class TableChange:
    """A decision table that says something else, or a deviation that came, went, or got or lost its rationale."""

    table: Table
    old: Advice
    new: Advice
    because: Because


@dataclass(frozen=True, slots=True)
class DecisionChange:
    """A table of outputs that says something else."""

    old: Decision
    new: Decision
    because: Because


@dataclass(frozen=True, slots=True)
class AntiPatternChange:
    """An anti-pattern that appeared or is gone."""

    kind: Literal["appeared", "gone"]
    found: Present
    because: Because


@dataclass(frozen=True, slots=True)
class AssumptionChange:
    """`confirmed` where the fact is stated now, `corrected` where with another value, `gone` where it is neither."""

    kind: Literal["new", "changed", "confirmed", "corrected", "gone"]
    fact: str
    old: Assumption | None
    new: Assumption | None


@dataclass(frozen=True, slots=True)
class ProblemChange:
    """A problem of the file that is new or mended; its place is in the file that has it."""

    kind: Literal["new", "mended"]
    problem: Problem


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed. `worse` and `better` name gates, see above; `sequence` is there where another order is asked for."""

    old: Verdict
    new: Verdict
    worse: tuple[str, ...]
    better: tuple[str, ...]
    gates: tuple[GateChange, ...]
    criteria: tuple[CriterionChange, ...]
    tables: tuple[TableChange, ...]
    decisions: tuple[DecisionChange, ...]
    antipatterns: tuple[AntiPatternChange, ...]
    assumptions: tuple[AssumptionChange, ...]
    problems: tuple[ProblemChange, ...]
    sequence: tuple[Sequence | None, Sequence | None] | None
    facts: tuple[FactChange, ...]

    @property
    def got_worse(self) -> bool:
        """Whether a gate got worse, or the delivery passed and does not any longer."""
        return bool(self.worse) or (self.old.passed and not self.new.passed)

    @property
    def got_better(self) -> bool:
        """Whether a gate got better, or the delivery did not pass and does now."""
        return bool(self.better) or (self.new.passed and not self.old.passed)

    @property
    def empty(self) -> bool:
        """Whether nothing changed at all."""
        return not (self.facts or self.changes_verdict)

    @property
    def changes_verdict(self) -> bool:
        """Whether anything but facts changed."""
        return bool(
            self.worse
            or self.better
            or self.gates
            or self.criteria
            or self.tables
            or self.decisions
            or self.antipatterns
            or self.assumptions
            or self.problems
            or self.sequence
        )


def compare(old: Verdict, new: Verdict) -> Changes:
    """What changed from `old` to `new`, two verdicts by the same pack."""
    return _Comparing(old, new).changes()


class _Comparing:
    def __init__(self, old: Verdict, new: Verdict) -> None:
        self.old, self.new, self.pack = old, new, new.pack
        self.facts = tuple(facts_between(old.facts, new.facts, new.pack))
        self.at: dict[str, list[int]] = {}  # the changes of each fact; of a list, those of its fields too
        for number, change in enumerate(self.facts):
            for path in dict.fromkeys((change.path, base(change.path))):
                self.at.setdefault(path, []).append(number)

    def changes(self) -> Changes:
        pairs = [(self.old.gate(found.gate.id), found) for found in self.new.gates]
        return Changes(
            self.old,
            self.new,
            worse=tuple(new.gate.id for old, new in pairs if _achieved(old) - _achieved(new)),
            better=tuple(new.gate.id for old, new in pairs if _achieved(new) - _achieved(old)),
            gates=tuple(GateChange(new.gate, old.status, new.status) for old, new in pairs if old.status != new.status),
            criteria=tuple(change for old, new in pairs for change in self._criteria(old, new)),
            tables=tuple(self._tables()),
            decisions=tuple(self._decisions()),
            antipatterns=tuple(self._antipatterns()),
            assumptions=tuple(self._assumptions()),
            problems=tuple(self._problems()),
            sequence=self._sequence(),
            facts=self.facts,
        )

    def _criteria(self, old: GateVerdict, new: GateVerdict) -> Iterator[CriterionChange]:
        for before, after in zip(_own(old), _own(new), strict=True):
            if before.status != after.status:
                criterion = after.criterion
                how = () if after.status in _HOLD else self._how(criterion)
                yield CriterionChange(new.gate, criterion, before.status, after.status, self._because([criterion]), how)

    def _how(self, criterion: Criterion) -> tuple[str, ...]:
        own = dict.fromkeys(missing.how for missing in self.new.missing if missing.criterion == criterion.id)
        return tuple(own)[:_MOST_HOWS] or (criterion.mend,)

    def _tables(self) -> Iterator[TableChange]:
        for table in self.pack.tables:
            old, new = _advice(self.old, table), _advice(self.new, table)
            if _weight(old) != _weight(new):
                yield TableChange(table, old, new, self._because([Follows(follows=table.id)]))

    def _decisions(self) -> Iterator[DecisionChange]:
        for old, new in zip(self.old.decisions, self.new.decisions, strict=True):
            if old.answer != new.answer:
                yield DecisionChange(old, new, self._because(_behind(self.pack, Decides.model_construct(table=new.table.id))))

    def _antipatterns(self) -> Iterator[AntiPatternChange]:
        old = {found.pattern.id: found for found in self.old.antipatterns}
        new = {found.pattern.id: found for found in self.new.antipatterns}
        for pattern in self.pack.antipatterns:
            if (pattern.id in old) != (pattern.id in new):
                kind = "appeared" if pattern.id in new else "gone"
                yield AntiPatternChange(kind, (new if kind == "appeared" else old)[pattern.id], self._because([pattern]))

    def _assumptions(self) -> Iterator[AssumptionChange]:
        old = {found.fact: found for found in self.old.assumptions}
        new = {found.fact: found for found in self.new.assumptions}
        for path in self.pack.facts:
            before, after = old.get(path), new.get(path)
            if before and not after:
                stated = self.new.facts.plain[path].state in ("stated", "stale")
                same = _said(self.old, path) == _said(self.new, path)
                yield AssumptionChange("gone" if not stated else "confirmed" if same else "corrected", path, before, None)
            elif after and not before:
                yield AssumptionChange("new", path, None, after)
            elif before and after and _told(before) != _told(after):
                yield AssumptionChange("changed", path, before, after)

    def _problems(self) -> Iterator[ProblemChange]:
        old, new = ({_same(problem): problem for problem in verdict.facts.problems} for verdict in (self.old, self.new))
        yield from (ProblemChange("new", problem) for same, problem in new.items() if same not in old)
        yield from (ProblemChange("mended", problem) for same, problem in old.items() if same not in new)

    def _sequence(self) -> tuple[Sequence | None, Sequence | None] | None:
        old, new = self.old.facts.sequence, self.new.facts.sequence
        told = [one and (one.order, one.requested_by, one.reason) for one in (old, new)]
        return None if told[0] == told[1] else (old, new)

    # --- the facts that made the difference

    def _because(self, conditions: Iterable[Condition | Statement]) -> Because:
        """The changed facts that the answers to these conditions turned on."""
        asked = _leaves(self.pack, conditions)
        turned = {number for leaf in asked if self._turned(leaf) for number in self._blamed(leaf)}
        found = turned or {number for leaf in asked for number in self._touching(leaf)}
        return tuple(self.facts[number] for number in sorted(found))

    def _blamed(self, leaf: Leaf) -> set[int]:
        """Of the changed facts that a leaf asks about, those that an answer found fault with; all where it is none of them."""
        looks = (look for verdict in (self.old, self.new) for look in verdict.answers[leaf.key].looked if look.says)
        blamed = {(look.fact, look.within) for look in looks}
        touched = self._touching(leaf)
        return {n for n in touched if (self.facts[n].path, self.facts[n].within) in blamed} or touched

    def _turned(self, leaf: Leaf) -> bool:
        old, new = self.old.answers[leaf.key], self.new.answers[leaf.key]
        return (old.status, old.assumed) != (new.status, new.assumed)

    def _touching(self, leaf: Leaf) -> set[int]:
        """The changed facts that a leaf asks about; where it asks about a field, the list as a whole too."""
        found: set[int] = set()
        for path in _paths(leaf, self.pack):
            found |= set(self.at.get(path, ()))
            found |= {number for number in self.at.get(base(path), ()) if self.facts[number].path == base(path)}
        return found


def _own(found: GateVerdict) -> tuple[CriterionVerdict, ...]:
    """The criteria that are a gate's own, and not those of the gates that it needs."""
    return found.exit if found.gate.needs else (found.entry, *found.exit)


def _achieved(found: GateVerdict) -> frozenset[str]:
    """What a gate has: the criteria of its own that hold, and whether it passed."""
    holding = {criterion.criterion.id for criterion in _own(found) if criterion.status in _HOLD}
    return frozenset(holding | {""} if found.status == "passed" else holding)


def _advice(verdict: Verdict, table: Table) -> Advice:
    leading = next((found for found in verdict.recommendations if found.table.id == table.id and found.leads), None)
    undecided = tuple(found.row for found in verdict.undecided if found.table.id == table.id)
    declared, rationale = (_declared(verdict, path) for path in (table.declared, table.rationale))
    return Advice(leading.row if leading else None, undecided, declared, bool(leading and leading.deviates), rationale)


def _declared(verdict: Verdict, path: str) -> str:
    return ", ".join(item.shown for item in verdict.facts.plain[path].items)


def _weight(advice: Advice) -> tuple[object, ...]:
    """What counts as a change of an advice: other words of a declaration or rationale alone don't."""
    row = advice.row.id if advice.row else ""
    return row, tuple(one.id for one in advice.undecided), advice.deviates, advice.deviates and bool(advice.rationale)


def _said(verdict: Verdict, path: str) -> tuple[frozenset[object], frozenset[object]]:
    """What a fact says, however it is known; order and repetition don't count."""

    def values(fact: Fact) -> frozenset[object]:
        return frozenset(item.value if isinstance(item.value, float) else item.shown for item in fact.items)

    rows = verdict.facts.records.get(path, ())
    return values(verdict.facts.plain[path]), frozenset(tuple(map(values, row.values())) for row in rows)


def _told(assumption: Assumption) -> tuple[str, str, str]:
    return assumption.value, assumption.reason, assumption.owner


def _same(problem: Problem) -> tuple[str, str]:
    """Equal for the same problem, however often and in whichever line: `what` may name a line."""
    return problem.code, re.sub(r"\bline \d+\b", "line", problem.what)


# --- which facts a condition asks about


def _leaves(pack: Pack, conditions: Iterable[Condition | Statement]) -> list[Leaf]:
    """Every leaf that these conditions come down to, through signals, tables, checklists and other criteria."""
    found: dict[str, Leaf] = {}
    seen: set[str] = set()
    todo: list[Condition | Statement] = list(conditions)
    while todo:
        here = todo.pop(0)
        for part in parts(here.condition) if isinstance(here, Statement) else [here]:
            if isinstance(part, Leaf):
                found[part.key] = part
            elif (name := repr(part)) not in seen:
                seen.add(name)
                todo += _behind(pack, part)
    return list(found.values())


def _behind(pack: Pack, part: Condition) -> list[Condition | Statement]:
    """What a condition that names something else stands for."""
    if isinstance(part, SignalIs):
        return [signal for signal in pack.signals if signal.id == part.signal]
    if isinstance(part, CriterionHolds):
        return [pack.criteria[part.criterion]]
    if isinstance(part, Passes):
        return [item for checklist in pack.checklists if checklist.id == part.passes for item in checklist.items]
    if isinstance(part, FreeOf):
        return list(pack.antipatterns)
    if isinstance(part, Decides):
        tables = (table for table in pack.output_tables if table.id == part.table)
        return [SignalIs(signal=row.when) for table in tables for row in table.rows if row.when]
    if isinstance(part, Follows):
        table = next(table for table in pack.tables if table.id == part.follows)
        chosen = [Leaf(fact=table.declared, operator="is", argument=row.default.choice) for row in table.rows]
        return [
            *(SignalIs(signal=row.when) for row in table.rows),
            *chosen,
            Leaf(fact=table.declared),
            Leaf(fact=table.rationale),
        ]
    return []


def _paths(leaf: Leaf, pack: Pack) -> Iterator[str]:
    """The facts that a leaf asks about: its own, and those that its argument names."""
    yield leaf.fact
    todo: list[object] = [leaf.argument]
    while todo:
        here = todo.pop()
        if isinstance(here, dict):
            todo += cast("dict[str, object]", here).values()
        elif isinstance(here, str) and here in pack.facts:
            yield here
