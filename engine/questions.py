"""What to ask first: of the facts that nobody has stated, the one that unblocks most.

A *place* is what a fact bears on: an entry or exit criterion or a checklist item that does not hold, or a table row that is
undecided. At each place the unknown facts share one point between them, so the last unknown fact of a criterion
counts a whole one, and a fact that several places wait for counts at each. Facts are ranked by

1. the earliest gate, in the order of judging, with a place that waits for them: a later gate can't pass before it,
2. their points,
3. how little work they are to state, then their order in the vocabulary.

Each topic of the pack is asked about once, in its order, before any is asked about again. All this is read from the
pack and the verdict anew after each answer, so no question is asked whose answer would change nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .pack import Pack
from .pack_conditions import AnyOf, Condition, CriterionHolds, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from .pack_walks import parts
from .verdict import Verdict
from .vocabulary import Default, FactDef, Topic

_OPEN = ("missing", "placeholder")


@dataclass(frozen=True, slots=True)
class Place:
    """Something open that waits for facts: `unknown` are those. `gate` is empty where no gate asks for it itself."""

    kind: str
    id: str
    text: str
    gate: str
    unknown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for: its topic, the places that wait for it, the earliest first, and what is assumed if nobody answers."""

    fact: FactDef
    topic: Topic | None
    places: tuple[Place, ...]
    points: float
    assumed: Default | None


def ranked(verdict: Verdict, asked: Collection[str] = ()) -> list[Question]:
    """Every fact that is open and that something waits for, the one that unblocks most first; not those in `asked`."""
    pack = verdict.pack
    stage = {gate: number for number, gate in enumerate(verdict.program.order)}
    waiting: dict[str, list[Place]] = {}
    for place in places(verdict):
        for path in place.unknown:
            waiting.setdefault(path, []).append(place)
    found: list[tuple[tuple[float, ...], Question]] = []
    for number, (path, fact) in enumerate(pack.facts.items()):
        if path not in waiting or path in asked or verdict.facts.plain[path].state not in _OPEN:
            continue
        here = sorted(waiting[path], key=lambda place: (stage.get(place.gate, len(stage)), len(place.unknown)))
        points = sum(1 / len(place.unknown) for place in here)
        topic = next((one for one in pack.topics if fact.section in one.sections), None)
        rank = (stage.get(here[0].gate, len(stage)), -points, pack.effort_of(path), number)
        found.append((rank, Question(fact, topic, tuple(here), points, assumable(verdict, path))))
    return [question for _, question in sorted(found, key=lambda one: one[0])]


def following(verdict: Verdict, asked: Collection[str] = ()) -> Question | None:
    """The question to ask next, where those about the facts in `asked` have been asked already."""
    questions = ranked(verdict, asked)
    covered = {verdict.pack.facts[path].section for path in asked}
    for topic in verdict.pack.topics:
        if not covered & set(topic.sections):
            for question in questions:
                if question.topic == topic:
                    return question
    return questions[0] if questions else None


def assumable(verdict: Verdict, path: str) -> Default | None:
    """What may be assumed for a fact: the choice that its table recommends, where one row leads, else the pack's default."""
    for found in verdict.recommendations:
        if found.leads and found.table.declared == path:
            because = f"It is what the table {found.table.title} recommends: {found.row.signal}"
            return Default(value=found.row.default.choice, because=because)
    return verdict.pack.facts[path].default


def places(verdict: Verdict) -> Iterator[Place]:
    """Everything open that waits for facts."""
    pack = verdict.pack
    held = {derivation.head for derivation in verdict.derivations}
    for gate in verdict.gates:
        for found, kind in ((gate.entry, "entry"), *((one, "criterion") for one in gate.exit)):
            if found.status in ("unmet", "unknown"):
                yield from _place(verdict, kind, found.criterion, found.criterion.text, gate.gate.id)
    for checklist in pack.checklists:
        for item in checklist.items:
            if f"item:{checklist.id}/{item.id} yes" not in held:
                yield from _place(verdict, "item", item, item.text, "")
    signals = {signal.id: signal for signal in pack.signals}
    for undecided in verdict.undecided:
        yield from _place(verdict, "row", signals[undecided.row.when], undecided.row.signal, "")


def _place(verdict: Verdict, kind: str, statement: Statement, text: str, gate: str) -> Iterator[Place]:
    paths = [path for path in _read(statement.condition, verdict.pack) if not all(fact.known for fact in verdict.facts.at(path))]
    unknown = {path.partition("[]")[0] for path in paths}
    needed = {path for path in unknown if not verdict.pack.facts[path].optional}
    # an optional fact is asked for where nothing else lacks: a rationale, once the choice is known to need one
    named = {missing.fact for missing in verdict.missing if missing.criterion == statement.id}
    unknown = needed or unknown & named
    if unknown:
        yield Place(kind, statement.id, text, gate, frozenset(unknown))


def _read(condition: Condition | AnyOf | None, pack: Pack) -> Iterator[str]:
    """The paths that a condition reads, with those of the signals, criteria, checklists and tables that it asks for."""
    for part in parts(condition):
        if isinstance(part, Leaf):
            yield part.fact
            asked = list(part.argument.values()) if isinstance(part.argument, dict) else [part.argument]  # pyright: ignore
            yield from (one for one in asked if isinstance(one, str) and one in pack.facts)  # pyright: ignore
        elif isinstance(part, SignalIs):
            yield from _read(next(one for one in pack.signals if one.id == part.signal).condition, pack)
        elif isinstance(part, CriterionHolds):
            yield from _read(pack.criteria[part.criterion].condition, pack)
        elif isinstance(part, Passes):
            checklist = next(one for one in pack.checklists if one.id == part.passes)
            for item in checklist.items:
                yield from _read(item.condition, pack)
        elif isinstance(part, FreeOf):
            for pattern in pack.antipatterns:
                yield from _read(pattern.condition, pack)
        elif isinstance(part, Follows):
            table = next(one for one in pack.tables if one.id == part.follows)
            yield table.declared
            for row in table.rows:
                yield from _read(next(one for one in pack.signals if one.id == row.when).condition, pack)
