"""What the cases of a pack exercise, and which conditions they show to matter.

Each statement, leaf and row has up to three sides: met, unmet and unknown. A side is covered where some case comes out so,
whether it expects that or not. Sides that can't be are not counted: that a fact is stated is never contradicted.

A condition *decides* where two cases show that it alone changes the answer of its statement: they answer this condition
differently and every other condition of the statement alike, and the statement comes out differently. That is modified
condition/decision coverage (unique cause) with three answers in place of two. Conditions are the innermost ones: leaves, and
what asks for a signal, a criterion, a checklist, a table or the anti-patterns; equal ones in a statement count once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .errors import Problem
from .lint.subject import shown
from .pack import Pack
from .pack_cases import Judged, answer, state
from .pack_conditions import All, AnyOf, Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from .pack_loader import Written
from .pack_walks import Location, below, inner, placed
from .rows import rows

SIDES: tuple[str, ...] = ("met", "unmet", "unknown")
_EVERY = frozenset(SIDES)
_NEVER = {"stated": "unmet", "without": "unknown"}  # what an operator never answers
_TURNED = {"met": "unmet", "unmet": "met"}
_ROW = {"leads": "met", "holds": "unmet", "silent": "unmet", "undecided": "unknown", "open": "unknown"}
_OUTPUT_ROW = {"holds": "met", "silent": "unmet", "open": "unknown"}
_STATES = {  # the word of the cases for each side
    "signal": {"met": "yes", "unmet": "no"},
    "antipattern": {"met": "present", "unmet": "absent"},
    "row": {"met": "leads", "unmet": "silent", "unknown": "undecided"},
    "output row": {"met": "holds", "unmet": "silent", "unknown": "open"},
}


@dataclass(frozen=True, slots=True)
class Gap:
    """What no case shows: `side` of something that a case can expect (`kind` and `name`), or of a condition of it. Without a
    side it is that the condition decides."""

    problem: Problem
    kind: str
    name: str
    side: str
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class Line:
    """How much of one kind is covered: of each side (covered, possible), and in all. `lacking` is the rest."""

    name: str
    sides: dict[str, tuple[int, int]]
    covered: int
    possible: int
    lacking: tuple[Gap, ...]

    @property
    def gaps(self) -> tuple[Problem, ...]:
        """What is lacking, with its places."""
        return tuple(gap.problem for gap in self.lacking)

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 is all of it."""
        return 100 * self.covered // self.possible if self.possible else 100


@dataclass(frozen=True, slots=True)
class _Thing:
    """What can be covered, the sides that it may have, and those that the cases show."""

    says: str
    location: Location
    possible: frozenset[str]
    seen: set[str]
    words: dict[str, str]
    kind: str
    name: str
    condition: Condition | None = None


def measure(written: Written, judged: Sequence[Judged]) -> tuple[Line, ...]:
    """A line for each kind of thing in the pack, and the last for the conditions that decide."""
    pack = written.pack
    statements = [(kind, _name(kind, one, location, pack), one, location) for kind, one, _, location in placed(pack)]
    statements = [found for found in statements if inner(found[2])[0]]  # an entry may rest on gates alone
    possible = _Possible(pack)
    things: dict[str, list[_Thing]] = {}
    for label, kinds in (
        ("criteria", ("entry", "criterion")),
        ("signals", ("signal",)),
        ("anti-patterns", ("antipattern",)),
        ("checklist items", ("item",)),
    ):
        things[label] = [
            _Thing(
                f"{kind} `{name}`",
                location,
                possible.of(statement),
                {one.says(f"{kind}:{name}") for one in judged},
                _STATES.get(kind, {}),
                kind,
                name,
            )
            for kind, name, statement, location in statements
            if kind in kinds and name not in pack.implied
        ]
    things["rows"] = []
    for location, table, row in rows(pack):
        name, of_outputs = f"{table.id}/{row.id}", location[0] == "output_tables"
        sides, words = (_OUTPUT_ROW, _STATES["output row"]) if of_outputs else (_ROW, _STATES["row"])
        seen = {sides[state(one, "row", name)] for one in judged}
        can = _EVERY if row.when else frozenset(["met"])  # without cells it always holds
        things["rows"].append(_Thing(f"row `{name}`", location, can, seen, words, "row", name))
    named = {row.when: ("row", f"{table.id}/{row.id}") for _, table, row in rows(pack) if row.cells}
    things["conditions"] = []
    for kind, name, statement, location in statements:
        whose, called = named.get(name, (kind, name)) if kind == "signal" else (kind, name)
        for part, where in below(statement, location):
            if isinstance(part, Leaf):
                says = f"the answer to {shown(part)} ({whose} `{called}`)"
                seen = {answer(one, part) for one in judged}
                things["conditions"].append(_Thing(says, where, possible.of(part), seen, {}, whose, called, part))
    order = ("criteria", "conditions", "rows", "signals", "anti-patterns", "checklist items")
    lines = [_line(written, label, things[label]) for label in order if things[label]]
    return (*lines, _deciding(written, statements, named, judged))


def _name(kind: str, statement: Statement, location: Location, pack: Pack) -> str:
    return f"{pack.checklists[int(location[1])].id}/{statement.id}" if kind == "item" else statement.id


def _line(written: Written, label: str, things: Sequence[_Thing]) -> Line:
    sides: dict[str, tuple[int, int]] = {}
    for side in SIDES:
        having = [thing for thing in things if side in thing.possible | thing.seen]
        sides[side] = (sum(side in thing.seen for thing in having), len(having))
    gaps = tuple(_gap(written, thing, side) for thing in things for side in SIDES if side in thing.possible - thing.seen)
    return Line(label, sides, sum(one for one, _ in sides.values()), sum(of for _, of in sides.values()), gaps)


def _gap(written: Written, thing: _Thing, side: str) -> Gap:
    word = thing.words.get(side, side)
    expects = f"add a case that expects `{thing.kind} {thing.name}: {word}`"
    mend = f"add a case in which it is {word}" if thing.condition else expects
    problem = written.problem("not-covered", thing.location, f"in no case is {thing.says} {word}", mend)
    return Gap(problem, thing.kind, thing.name, word, thing.condition)


def _deciding(
    written: Written,
    statements: Iterable[tuple[str, str, Statement, Location]],
    named: Mapping[str, tuple[str, str]],
    judged: Sequence[Judged],
) -> Line:
    gaps: list[Gap] = []
    total = 0
    for kind, name, statement, location in statements:
        ways = Ways(f"{kind}:{name}", statement, judged)
        whose, called = named.get(name, (kind, name)) if kind == "signal" else (kind, name)
        places = {question(part): where for part, where in reversed(list(below(statement, location)))}
        total += len(ways.parts)
        for key, part in ways.parts.items():
            if not ways.decides(key):
                what = f"no two cases show that {shown(part)} alone changes {whose} `{called}`"
                mend = "add a case that differs from another in the answer to this condition only"
                gaps.append(Gap(written.problem("not-deciding", places[key], what, mend), whose, called, "", part))
    return Line("conditions that decide", {}, total - len(gaps), total, tuple(gaps))


def question(part: Condition) -> str:
    """By what equal conditions are equal."""
    return part.key if isinstance(part, Leaf) else repr(part)


class Ways:
    """Each way in which the conditions of a statement were answered, and how the statement came out then."""

    def __init__(self, node: str, statement: Statement, judged: Iterable[Judged]) -> None:
        self.node = node
        self.parts = {question(part): part for part, _ in below(statement) if not isinstance(part, (All, AnyOf))}
        self.seen = {way for one in judged if (way := self.way(one))[1]}

    def way(self, one: Judged) -> tuple[tuple[str, ...], str]:
        """The answers of one case, and how the statement came out; nothing where its gates alone decide that."""
        return tuple(answer(one, part) for part in self.parts.values()), one.says(self.node)

    def decides(self, key: str, more: Iterable[tuple[tuple[str, ...], str]] = ()) -> bool:
        """Whether two ways, those in `more` included, show that a condition alone changes the statement."""
        number = list(self.parts).index(key)
        others: dict[tuple[str, ...], set[str]] = {}
        for answers, came_out in (*self.seen, *more):
            others.setdefault(answers[:number] + answers[number + 1 :], set()).add(came_out)
        return any(len(outcomes) > 1 for outcomes in others.values())


class _Possible:
    """The sides that a condition or statement may have, as far as its operators say."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.signals = {signal.id: signal for signal in pack.signals}
        self.known: dict[int, frozenset[str]] = {}

    def of(self, part: Condition | Statement) -> frozenset[str]:
        """The possible sides."""
        if id(part) not in self.known:
            self.known[id(part)] = self._of(part)
        return self.known[id(part)]

    def _of(self, part: Condition | Statement) -> frozenset[str]:
        if isinstance(part, Leaf):
            return _EVERY - {_NEVER.get(part.operator, "")}
        if isinstance(part, SignalIs):
            found = self.of(self.signals[part.signal])
            return found if part.holds else _turned(found)
        if isinstance(part, CriterionHolds):
            return self.of(self.pack.criteria[part.criterion])
        if isinstance(part, Passes):
            return _all(self.of(item) for one in self.pack.checklists if one.id == part.passes for item in one.items)
        if isinstance(part, FreeOf):
            return _all(_turned(self.of(pattern)) for pattern in self.pack.antipatterns)
        if isinstance(part, (Follows, Decides)):
            return _EVERY
        kind, conditions = inner(part)
        if kind == "any":
            return _turned(_all(_turned(self.of(one)) for one in conditions))
        return _all(map(self.of, conditions))


def _turned(sides: frozenset[str]) -> frozenset[str]:
    return frozenset(_TURNED.get(side, side) for side in sides)


def _all(parts: Iterable[frozenset[str]]) -> frozenset[str]:
    found = list(parts)
    some = frozenset(side for one in found for side in one)
    return some if all("met" in one for one in found) else some - {"met"}
