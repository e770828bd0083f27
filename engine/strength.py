"""Which of two packs asks for more, as far as that can be told from how their conditions are built.

Every condition has one of three values, unmet < unknown < met. `all` is the least of its parts and `any` the greatest, so
what is shown of the parts holds of the whole; `is: false`, `without` and `free_of` turn it round. Names are followed down
to facts, and two questions about one fact are compared by their operators and limits. Where one pack's value is never
above the other's, whatever is stated, that pack is the tighter: a delivery that it lets pass, the other lets pass too.
What can't be shown this way is not told at all.

Two things are left out, and told where facts are compared: what a file may state at all, and how long evidence counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from .pack import Gate, Pack
from .pack_conditions import Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from .pack_tables import OutputTable, Row, Table
from .pack_walks import inner
from .vocabulary import FactDef

Effect = Literal["none", "tighter", "looser", "unknown"]
_DEEPEST = 60  # levels that are followed; `pack lint` warns of more
MOST_STEPS = 2_000_000  # comparisons of one Strength, some seconds; then nothing more is told


@dataclass(frozen=True, slots=True)
class World:
    """What decides the verdicts of a pack, by name. `over` is looked up where something is not there."""

    gates: Mapping[str, Gate]
    signals: Mapping[str, Statement]
    checklists: Mapping[str, tuple[Statement, ...]]
    antipatterns: Mapping[str, Statement]
    tables: Mapping[str, Table]
    output_tables: Mapping[str, OutputTable]
    limits: Mapping[str, float]
    facts: Mapping[str, FactDef]
    nobody: frozenset[str]
    moving: frozenset[str]
    over: World | None = None

    def find(self, kind: str, name: str) -> Any:
        """What is called `name` here, or in `over`."""
        found = cast("Mapping[str, Any]", getattr(self, kind)).get(name)
        return self.over.find(kind, name) if found is None and self.over else found

    def criterion(self, name: str) -> Statement | None:
        """The exit criterion of that name, here or in `over`."""
        found = next((one for gate in self.gates.values() for one in gate.exit if one.id == name), None)
        return self.over.criterion(name) if found is None and self.over else found


def world(pack: Pack) -> World:
    """What decides the verdicts of `pack`."""
    return World(
        pack.gates_by_id,
        {signal.id: signal for signal in pack.signals},
        {checklist.id: checklist.items for checklist in pack.checklists},
        {pattern.id: pattern for pattern in pack.antipatterns},
        {table.id: table for table in pack.tables},
        {table.id: table for table in pack.output_tables},
        {name: limit.value for name, limit in pack.limits.items()},
        pack.facts,
        frozenset(name.casefold() for name in pack.nobody),
        frozenset(name.casefold() for name in pack.moving),
    )


def together(*effects: Effect) -> Effect:
    """The effect of several changes at once."""
    told: set[Effect] = {effect for effect in effects if effect != "none"}
    return "none" if not told else told.pop() if len(told) == 1 else "unknown"


class _TooMuch(Exception):
    """There is more to compare than is worth the time."""


class Strength:
    """Compares worlds. Conditions of all of them are numbered alike, so that equal ones are one."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Any, ...], int] = {}
        self.nodes: list[tuple[Any, ...]] = []
        self.depths: list[int] = []
        self.known: dict[tuple[int, int], bool] = {}
        self.steps = 0

    def effect(self, old: World, new: World) -> Effect:
        """What going from the one to the other does to the deliveries that pass."""
        try:
            before, after = _Asked(self, old).whole(), _Asked(self, new).whole()
            if before == after:
                return "none"
            tighter, looser = self.under(after, before), self.under(before, after)
        except _TooMuch:
            return "unknown"
        return "none" if tighter and looser else "tighter" if tighter else "looser" if looser else "unknown"

    def not_asked(self, old: World, new: World) -> list[str]:
        """The criteria of the one world of which it can't be shown that the other asks for as much."""
        try:
            whole, before = _Asked(self, new).whole(), _Asked(self, old)
            found = [(one.id, before.statement(one, 0)) for gate in old.gates.values() for one in (gate.entry, *gate.exit)]
            return [name for name, asked in found if not self.under(whole, asked)]
        except _TooMuch:
            return []

    def number(self, *node: Any) -> int:
        """The number of a condition."""
        self.step()
        found = self.numbers.get(node)
        if found is None:
            kind, *rest = node
            below = cast("list[int]", list(rest[0]) if kind in ("all", "any") else rest if kind in ("not", "without") else [])
            depth = 1 + max((self.depths[part] for part in below), default=0)
            if depth > _DEEPEST:
                return self.opaque()
            found = self.numbers[node] = len(self.nodes)
            self.nodes.append(node)
            self.depths.append(depth)
        return found

    def group(self, kind: str, parts: frozenset[int]) -> int:
        """The number of all or any of some conditions."""
        return next(iter(parts)) if len(parts) == 1 else self.number(kind, parts)

    def opaque(self) -> int:
        """A condition of which nothing is known, not even that it is itself."""
        return self.number("opaque", len(self.nodes))

    def step(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > MOST_STEPS:
            raise _TooMuch

    def under(self, one: int, other: int) -> bool:
        """Whether the value of `one` is never above that of `other`, as far as that can be shown."""
        if one == other:
            return True
        found = self.known.get((one, other))
        if found is None:
            self.step()
            found = self.known[one, other] = self._under(one, other)
        return found

    def _under(self, one: int, other: int) -> bool:
        a, b = self.nodes[one], self.nodes[other]
        if b[0] == "all":
            return all(self.under(one, part) for part in b[1])
        if a[0] == "any":
            return all(self.under(part, other) for part in a[1])
        if a[0] == "all" and (other in a[1] or any(self.under(part, other) for part in a[1])):
            return True
        if b[0] == "any" and (one in b[1] or any(self.under(one, part) for part in b[1])):
            return True
        if a[0] == b[0] == "not" or a[0] == b[0] == "without":
            return self.under(b[1], a[1])
        if a[0] == b[0] == "fact" and a[1] == b[1]:
            return _question_under(a[2], a[3], b[2], b[3])
        if a[0] == b[0] == "follows":
            return _follows_under(*a[1:], *b[1:])
        if a[0] == b[0] == "table" and a[1] == b[1] and a[2] == b[2]:
            return _WITHIN[a[2]](a[3], b[3])
        return False


class _Asked:
    """The conditions of one world, as numbers."""

    def __init__(self, strength: Strength, world: World) -> None:
        self.all, self.world = strength, world
        self.made: dict[tuple[str, str], int] = {}
        self.open: set[tuple[str, str]] = set()

    def whole(self) -> int:
        """What a delivery has to meet to pass every gate."""
        parts: list[int] = []
        for gate in self.world.gates.values():
            parts.append(self.statement(gate.entry, 0))
            parts += [self.named("criterion", one.id, one, 0) for one in gate.exit]
        return self.all.group("all", frozenset(parts))

    def statement(self, asked: Statement | Condition | None, depth: int) -> int:
        if asked is None or depth > _DEEPEST:
            return self.all.opaque()
        kind, conditions = inner(asked)
        if kind and (conditions or not isinstance(asked, Statement)):
            return self.all.group(kind, frozenset(self.statement(part, depth + 1) for part in conditions))
        if isinstance(asked, Statement):  # an entry criterion that asks for earlier gates alone
            return self.all.group("all", frozenset())
        return self.condition(asked, depth)

    def named(self, kind: str, name: str, asked: Statement | None, depth: int) -> int:
        """A statement by its name, numbered once. Where it stands on itself, between two packs, nothing is known of it."""
        key = kind, name
        if key in self.open:
            return self.all.opaque()
        if key not in self.made:
            self.open.add(key)
            found = self.statement(asked, depth + 1)
            self.open.discard(key)
            self.made[key] = found
        return self.made[key]

    def condition(self, asked: Condition, depth: int) -> int:
        if isinstance(asked, Leaf):
            return self.leaf(asked)
        if isinstance(asked, SignalIs):
            found = self.signal(asked.signal, depth)
            return found if asked.holds else self.all.number("not", found)
        if isinstance(asked, CriterionHolds):
            return self.named("criterion", asked.criterion, self.world.criterion(asked.criterion), depth)
        if isinstance(asked, Passes):
            items = cast("tuple[Statement, ...]", self.world.find("checklists", asked.passes) or ())
            return self.all.group("all", frozenset(self.statement(item, depth + 1) for item in items))
        if isinstance(asked, FreeOf):
            patterns = self.world.antipatterns.items()
            named = (self.named("antipattern", name, pattern, depth) for name, pattern in patterns)
            return self.all.group("all", frozenset(self.all.number("not", pattern) for pattern in named))
        if isinstance(asked, Follows):
            return self.policy(self.world.find("tables", asked.follows), depth)
        if isinstance(asked, Decides):
            return self.decided(asked, depth)
        return self.all.opaque()

    def signal(self, name: str, depth: int) -> int:
        return self.named("signal", name, self.world.find("signals", name), depth)

    def row(self, row: Any, depth: int) -> int:
        return self.signal(row.when, depth) if row.when else self.all.group("all", frozenset())

    def policy(self, table: Table | None, depth: int) -> int:
        if table is None:
            return self.all.opaque()
        by_id: dict[str, Row] = {row.id: row for row in table.rows}
        rows = tuple((self.row(by_id[name], depth), by_id[name].default.choice) for name in table.priority if name in by_id)
        facts = table.declared, self.meaning(table.declared), table.rationale, self.meaning(table.rationale)
        known = self.world.find("facts", table.declared)
        return self.all.number("follows", facts, rows, frozenset(known.choices if known else ()))

    def decided(self, asked: Decides, depth: int) -> int:
        table = cast("OutputTable | None", self.world.find("output_tables", asked.table))
        if table is None:
            return self.all.opaque()
        rows = tuple((self.row(row, depth), tuple(sorted(row.then.items()))) for row in table.rows)
        values = tuple((name, output.values) for name, output in sorted(table.outputs.items()))
        otherwise = tuple(sorted((table.otherwise or {}).items())), table.otherwise is None
        said = table.hit, table.aggregate, asked.output or next(iter(table.outputs)), values, rows, otherwise
        if asked.any_of:
            return self.all.number("table", said, "any_of", frozenset(asked.any_of))
        kind = "at_least" if asked.at_least else "at_most"
        return self.all.number("table", said, kind, self.limit(asked.at_least or asked.at_most))

    # --- questions about facts

    def leaf(self, asked: Leaf) -> int:
        self.all.step()
        fact = asked.fact, self.meaning(asked.fact)
        if asked.operator != "without":
            return self.all.number("fact", fact, asked.operator, self.argument(asked.operator, asked.argument))
        argument: Any = asked.argument
        name, more = next(iter(argument.items())) if isinstance(argument, dict) else (argument, True)  # pyright: ignore
        found = self.all.number("fact", fact, str(name), self.argument(str(name), more))  # pyright: ignore
        return self.all.number("without", found)

    def meaning(self, path: str) -> tuple[object, ...]:
        """What of a fact changes what is asked of it."""
        known = self.world.find("facts", path)
        above = self.world.find("facts", path.partition("[]")[0])
        return (known.type, known.to, above and above.label) if known else (path, id(self))

    def limit(self, name: Any) -> object:
        value = self.world.find("limits", name) if isinstance(name, str) else None
        return value if value is not None else (name, id(self))

    def argument(self, operator: str, argument: Any) -> object:
        """An argument with its limits as numbers, and its lists in no order."""
        if operator in ("at_least", "at_most", "some_from"):
            return self.limit(argument)
        if operator == "named":
            return self.world.nobody
        if operator == "pinned":
            return self.world.moving
        if operator in ("found_in", "apart_from"):
            return argument, self.meaning(str(argument))
        if isinstance(argument, dict):
            said = cast("dict[str, Any]", argument)
            if operator in ("count", "varies"):
                return tuple(sorted((key, value if key == "by" else self.limit(value)) for key, value in said.items()))
            return tuple(sorted((key, str(value)) for key, value in said.items()))
        if isinstance(argument, (list, tuple)):
            return frozenset(map(str, cast("list[Any]", argument)))
        return argument


# --- two tables


def _follows_under(facts: Any, rows: Any, choices: Any, old_facts: Any, old_rows: Any, old_choices: Any) -> bool:
    """Whether what follows the first table follows the second too, for any choice that the second knows.

    It does where the first has the rows of the second in their order, and between them only such as take nothing for
    right that a row of the second below does not: these recommend the same, or something that the second does not know.
    Of what does not follow it may be known in one table and not in the other; nothing that is turned round stands on that.
    """
    if facts != old_facts:
        return False
    left = list(old_rows)
    for row in rows:
        if left and row == left[0]:
            left.pop(0)
        elif row[1] in old_choices and any(choice != row[1] for _, choice in left):
            return False
    return not left


# --- two questions about one fact


def _count(one: Any, other: Any) -> bool:
    """Fewer records reach a higher number, and more reach a lower one."""
    a, b = dict(one), dict(other)
    for key, least in (("at_least", True), ("at_most", False)):
        if key in a and key in b:
            return _over(a["from"], b["from"], least) and _over(a[key], b[key], least)
    return False


def _over(one: Any, other: Any, least: bool) -> bool:
    if not isinstance(one, float) or not isinstance(other, float):
        return one == other
    return one >= other if least else one <= other


def _varies(one: Any, other: Any) -> bool:
    a, b = dict(one), dict(other)
    return a["by"] == b["by"] and a["over"] == b["over"] and _over(a["from"], b["from"], True)


def _least(one: Any, other: Any) -> bool:
    return _over(one, other, True)


def _more(one: Any, other: Any) -> bool:
    return one >= other


# Of two questions with the same operator: whether the first asks for as much as the second.
_WITHIN: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": _least,
    "some_from": _least,
    "at_most": lambda one, other: _over(one, other, False),
    "includes": _more,
    "none_of": _more,
    "named": _more,
    "pinned": _more,
    "any_of": lambda one, other: one <= other,
    "count": _count,
    "varies": _varies,
}
# What is met only where each value is known.
_OF_EACH = frozenset(("measurable", "named", "pinned", "is", "at_least", "at_most", "found_in", "apart_from", "none_of", "cell"))


def _question_under(one: str, said: Any, other: str, also: Any) -> bool:
    """Whether the first question is never answered above the second, about the same fact."""
    if one == other:
        return one in _WITHIN and _WITHIN[one](said, also)
    if other == "stated":
        return one in _OF_EACH
    if one == "is":
        return (other == "any_of" and said in also) or (other == "none_of" and said not in also)
    return one == "includes" and other == "any_of" and bool(said & also)
