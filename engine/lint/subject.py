"""A pack to be examined: its rules with a name for every condition, what can be asked of them, and findings about it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from .. import facts
from ..compiler import compile_pack, leaf_claims
from ..document import Document
from ..edits import to_node
from ..errors import Problem
from ..facts import Facts
from ..nodes import Entry, Node
from ..pack import Pack, Signal
from ..pack_conditions import Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from ..pack_loader import Written
from ..pack_walks import Location, below, inner, placed
from ..rows import rows
from .kinds import KINDS
from .solve import Goal, Solver
from .space import Space
from .values import NOWHERE, written_cell

Witness = Mapping[str, Any]  # fact -> what is stated, or None where it is not stated
_MOST_TRIED = 20  # deliveries that are read as a fact file before one is given up


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where, how to mend it, and a delivery that shows it."""

    problem: Problem
    witness: Witness

    @property
    def code(self) -> str:
        """The kind of finding."""
        return self.problem.code


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition, where it stands, and the claims that say how it is answered."""

    condition: Condition
    location: Location
    yes: str
    no: str
    open: str

    @property
    def not_yes(self) -> Goal:
        return (self.no, self.open)

    @property
    def not_no(self) -> Goal:
        return (self.yes, self.open)


class Piece(NamedTuple):
    """Something that has to hold, in words and where it stands."""

    words: str
    location: Location
    goal: Goal


class Subject:
    """A pack whose names and types are right."""

    def __init__(self, written: Written) -> None:
        self.written, self.pack = written, written.pack
        names = {row.when: f"row `{row.id}` of `{table.id}`" for _, table, row in rows(self.pack) if row.cells}
        self.placed = tuple(
            (k, one, names.get(one.id, n) if k == "signal" else n, where) for k, one, n, where in placed(self.pack)
        )
        self.broken: set[int] = set()  # statements and gates that were found never to hold, so that what follows is not told too
        self.told: set[Location] = set()  # the conditions that something was found wrong with
        self.texts: dict[str, str] = {}  # of files that only a check reads
        self._stands_on: dict[int, list[Statement]] = {}
        self._asked: dict[Location, Asked] = {}
        asks = list(self._name_conditions())
        self.program = compile_pack(self.pack.model_copy(update={"signals": (*self.pack.signals, *asks)}))
        self.space = Space(self.pack, self.program.leaves.values())
        self.solver = Solver(self.space, self.program)

    def _name_conditions(self) -> Iterator[Signal]:
        """A signal for each condition that is no leaf, by which its answer can be asked for."""
        number = itertools.count()
        for _, statement, _, location in self.placed:
            for part, where in below(statement, location):
                if isinstance(part, Leaf):
                    self._asked[where] = Asked(part, where, *(leaf_claims(part.key, s)[0] for s in ("met", "unmet", "unknown")))
                    continue
                name = f"?{next(number)}"  # no id of a pack begins so
                self._asked[where] = Asked(part, where, *(f"signal:{name} {side}" for side in ("yes", "no", "open")))
                yield Signal.model_construct(id=name, title=name, all=(part,), any=())

    # --- walks

    def asked(self, location: Location) -> Asked:
        """The condition at a location."""
        return self._asked[location]

    def parts(self, condition: Condition | Statement, location: Location) -> tuple[str, tuple[Asked, ...]]:
        """`all` or `any`, and the conditions directly under it."""
        kind = "all" if getattr(condition, "all", ()) else "any"
        under: tuple[Condition, ...] = getattr(condition, kind, ())
        return kind, tuple(self._asked[*location, kind, number] for number in range(len(under)))

    def groups(self) -> Iterator[tuple[str, tuple[Asked, ...]]]:
        """Every `all` and `any`, those of statements included, but not of what is broken."""
        for _, statement, _, location in self.placed:
            if id(statement) in self.broken:
                continue
            every = [(statement, location), *below(statement, location)]
            yield from (self.parts(one, where) for one, where in every if inner(one)[0])

    def is_told(self, location: Location) -> bool:
        """Whether something was found wrong with a condition, or with one below it."""
        return any(told[: len(location)] == location for told in self.told)

    def stands_on(self, condition: Condition | Statement) -> list[Statement]:
        """The statements that a condition asks for directly."""
        if id(condition) not in self._stands_on:
            every = [condition, *(part for part, _ in below(condition))]
            unique = {id(target): target for part in every for target in self._targets(part)}
            self._stands_on[id(condition)] = list(unique.values())
        return self._stands_on[id(condition)]

    def stands_on_broken(self, condition: Condition | Statement) -> bool:
        """Whether a statement below a condition was found never to hold."""
        found, todo = set[int](), [condition]
        while self.broken and todo:
            for target in self.stands_on(todo.pop()):
                if id(target) in self.broken:
                    return True
                if id(target) not in found:
                    found.add(id(target))
                    todo.append(target)
        return False

    def _targets(self, part: Condition | Statement) -> Iterable[Statement]:
        pack = self.pack
        if isinstance(part, SignalIs):
            return [signal for signal in pack.signals if signal.id == part.signal]
        if isinstance(part, CriterionHolds):
            return [pack.criteria[part.criterion]]
        if isinstance(part, Passes):
            return [item for checklist in pack.checklists if checklist.id == part.passes for item in checklist.items]
        if isinstance(part, Follows):
            names = {row.when for table in pack.tables if table.id == part.follows for row in table.rows}
            return [signal for signal in pack.signals if signal.id in names]
        if isinstance(part, Decides):
            names = {row.when for table in pack.output_tables if table.id == part.table for row in table.rows}
            return [signal for signal in pack.signals if signal.id in names]
        return pack.antipatterns if isinstance(part, FreeOf) else ()

    # --- questions

    def can(self, *goals: Goal) -> bool:
        """Whether goals may hold together; only where it is sure that they can't is the answer no."""
        if all(any(claim in self.example_claims for claim in goal) for goal in goals):
            return True
        return not self.solver.never(goals)

    def conflict(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Of pieces that can't all hold, some of which none can be left out."""
        direct = [piece for piece in pieces if piece.goal[0].startswith("leaf:")]
        kept = direct if self.solver.never([piece.goal for piece in direct]) else list(pieces)
        size = len(kept) // 2
        while size:  # whole pieces first, so that of many goals few questions find the few that matter
            for start in reversed(range(0, len(kept), size)):
                fewer = kept[:start] + kept[start + size :]
                if fewer and self.solver.never([piece.goal for piece in fewer]):
                    kept = fewer
                    break
            else:
                size //= 2
        return kept

    def witness(self, *goals: Goal) -> Witness | None:
        """The least that a fact file has to state so that goals hold, read and judged as every fact file is."""
        for picks in itertools.islice(self.solver.solutions(goals), _MOST_TRIED):
            stated = self.space.written(picks)
            if self._shows(stated, goals):
                stated = self._least(stated, goals)
                bases = dict.fromkeys(place.partition("[]")[0] for place in self.solver.places(goals))
                return {base: stated.get(base) for base in sorted(bases, key=list(self.pack.facts).index)}
        return None

    def _least(self, stated: dict[str, Any], goals: Sequence[Goal]) -> dict[str, Any]:
        """The same without facts, records and fields that make no difference."""
        for base in list(stated):
            fewer = {path: value for path, value in stated.items() if path != base}
            if self._shows(fewer, goals):
                stated = fewer
                continue
            rows = stated[base]
            if self.pack.facts[base].type != "records" or not isinstance(rows, list):
                continue
            for number in reversed(range(len(rows))):  # pyright: ignore[reportUnknownArgumentType]
                fewer = stated | {base: stated[base][:number] + stated[base][number + 1 :]}
                if len(stated[base]) > 1 and self._shows(fewer, goals):
                    stated = fewer
            for name in self.pack.facts[base].fields:
                fewer = stated | {base: [{key: row[key] for key in row if key != name} for row in stated[base]]}
                if self._shows(fewer, goals):
                    stated = fewer
        return stated

    def _shows(self, stated: Mapping[str, Any], goals: Sequence[Goal]) -> bool:
        return self.solver.hold(goals, read(self.pack, stated))

    @cached_property
    def example(self) -> Facts:
        """The delivery that the examples of the vocabulary make."""
        every = {path: known for section in self.pack.sections for path, known in section.facts.items()}
        return read(self.pack, {path: known.sample for path, known in every.items() if not known.optional})

    @cached_property
    def example_claims(self) -> frozenset[str]:
        """What the rules derive from it."""
        return self.solver.derived(self.example)

    # --- findings

    def finding(self, code: str, location: Location, what: str, witness: Witness | None = None, help: str = "") -> Finding:
        """A finding about what stands at a location; how to mend it is what mends its kind, where nothing else is said."""
        return Finding(self.written.problem(code, location, what, help or KINDS[code].mend), witness or {})

    def at(self, location: Location) -> str:
        """Where something stands, in brackets behind its name."""
        problem = self.written.problem("", location, "", "")
        return f"({problem.file}:{problem.place.line})" if problem.place else ""


def read(pack: Pack, stated: Mapping[str, Any]) -> Facts:
    """The facts of a fact file that states this; the places in it count the facts."""
    root = Node("mapping", NOWHERE)
    for number, (path, value) in enumerate(stated.items(), 1):
        place = NOWHERE._replace(line=number)
        level = root
        *above, last = path.split(".")
        for part in above:
            level = level.entries.setdefault(part, Entry(part, place, Node("mapping", place))).value
        level.entries[last] = Entry(last, place, to_node(value, place))
    return facts.read(Document("", "", root, ()), pack)


def shown(condition: Condition) -> str:
    """A condition in words."""
    if isinstance(condition, Leaf):
        if condition.argument is True:
            return f"`{condition.fact}` {condition.operator}"
        argument = condition.argument
        if condition.operator == "cell":
            text, unit = written_cell(condition)
            return f"`{condition.fact}` in `{text}`{f' {unit}' if unit else ''}"
        if isinstance(argument, dict):
            argument = ", ".join(f"{key} {value}" for key, value in argument.items())  # pyright: ignore
        elif isinstance(argument, (list, tuple)):
            argument = ", ".join(map(str, argument))  # pyright: ignore[reportUnknownArgumentType]
        return f"`{condition.fact}` {condition.operator} `{argument}`"
    if isinstance(condition, SignalIs):
        return f"signal `{condition.signal}`" + ("" if condition.holds else " not holding")
    if isinstance(condition, Decides):
        asks = f"any_of `{', '.join(condition.any_of)}`" if condition.any_of else ""
        asks = asks or (f"at_least `{condition.at_least}`" if condition.at_least else f"at_most `{condition.at_most}`")
        return f"table `{condition.table}`{f' {condition.output}' if condition.output else ''} {asks}"
    if isinstance(condition, (CriterionHolds, Passes, Follows)):
        kind, name = next(iter(condition.model_dump().items()))
        return f"`{kind}: {name}`"
    return "`free_of: antipatterns`" if isinstance(condition, FreeOf) else f"`{'all' if hasattr(condition, 'all') else 'any'}`"
