"""Pack -> everything in it that has a name, told in words. Data, no formatting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from . import wording
from .pack import Checklist, Criterion, Gate, Pack
from .pack_conditions import Statement
from .pack_tables import OutputTable, Table
from .vocabulary import FactDef
from .wording import Limits

Kind = Literal[
    "gate",
    "entry",
    "criterion",
    "table",
    "row",
    "signal",
    "antipattern",
    "checklist",
    "item",
    "fact",
    "limit",
    "words",
    "departure",
]
Says = tuple[tuple[str, str], ...]
_WORDS = {
    "placeholders": "texts that count as not stated",
    "nobody": "owners who are nobody",
    "moving": "versions that move",
}


@dataclass(frozen=True, slots=True)
class Named:
    """Something in a pack that has a name: what it says, each with a label, and what it asks, one condition a line with its
    depth. `within` is the kind and name of what it is a part of.
    """

    kind: Kind
    name: str
    title: str
    within: str = ""
    says: Says = ()
    asks: tuple[tuple[int, str], ...] = ()

    @property
    def key(self) -> str:
        """Kind and name, by which it is asked for."""
        return f"{self.kind} {self.name}"


def items(pack: Pack, *, amounts: bool = True) -> tuple[Named, ...]:
    """Everything in a pack that has a name, in the order of the pack; parts stand behind what they are parts of.

    Without `amounts` conditions name their limits alone, so that they are the same whatever the limits are.
    """
    return tuple(_items(pack, pack.limits if amounts else {}))


def find(named: tuple[Named, ...], asked: str) -> list[Named]:
    """What is called so, by kind and name or by the name alone, each with its parts behind it; gates by their number too."""
    asked = asked.strip()
    found = [one for one in named if asked in (one.key, one.name) or (one.kind == "gate" and ("number", asked) in one.says)]
    return [part for one in found for part in (one, *(other for other in named if other.within == one.key))]


def _items(pack: Pack, limits: Limits) -> Iterator[Named]:
    for gate in pack.gates:
        yield from _gate(gate, limits)
    for table in pack.tables:
        yield from _table(table, pack)
    for table in pack.output_tables:
        yield from _output_table(table)
    for signal in pack.signals:
        if signal.id not in pack.implied:
            yield Named("signal", signal.id, signal.title, asks=_asks(signal, limits))
    for pattern in pack.antipatterns:
        yield Named("antipattern", pattern.id, pattern.text, says=(("mend", pattern.mend),), asks=_asks(pattern, limits))
    for checklist in pack.checklists:
        yield from _checklist(checklist, limits)
    for path, fact in ((path, fact) for section in pack.sections for path, fact in section.facts.items()):
        yield Named("fact", path, fact.means, says=_fact(fact))
        yield from (Named("fact", f"{path}[].{name}", one.means, f"fact {path}", _fact(one)) for name, one in fact.fields.items())
    for name, limit in pack.limits.items():
        said = (("value", wording.amount(limit)), ("source", limit.source))
        yield Named("limit", name, limit.means, says=said)
    for name, title in _WORDS.items():
        yield Named("words", name, title, says=(("words", _listed(getattr(pack, name))),))
    for departure in pack.departures:
        yield Named("departure", departure.what, departure.because)


def _asks(statement: Statement, limits: Limits) -> tuple[tuple[int, str], ...]:
    return tuple(wording.lines(statement, limits))


def _gate(gate: Gate, limits: Limits) -> Iterator[Named]:
    says = (("number", str(gate.stage)), ("needs", _listed(gate.needs) or "nothing before it"))
    yield Named("gate", gate.id, gate.title, says=says)
    yield _criterion("entry", gate.entry, gate, limits)
    yield from (_criterion("criterion", one, gate, limits) for one in gate.exit)


def _criterion(kind: Kind, one: Criterion, gate: Gate, limits: Limits) -> Named:
    return Named(kind, one.id, one.text, f"gate {gate.id}", (("mend", one.mend),), _asks(one, limits))


def _table(table: Table, pack: Pack) -> Iterator[Named]:
    says = [("declared in", table.declared), ("rationale in", table.rationale), ("rank", _listed(table.priority))]
    says += [("gaps", table.gaps)] if table.gaps else []
    yield Named("table", table.id, table.title, says=tuple(says))
    titles = {signal.id: signal.title for signal in pack.signals}
    for row in table.rows:
        holds = _cells(row.cells) if row.cells else f"{row.when} ({titles[row.when]})"
        said = (
            ("where", holds),
            ("default", f"{row.default.text} ({row.default.choice})"),
            ("alternative", f"{row.alternative.text} ({row.alternative.choice})"),
            ("tradeoff", row.tradeoff),
        )
        yield Named("row", f"{table.id}/{row.id}", row.signal, f"table {table.id}", said)


def _output_table(table: OutputTable) -> Iterator[Named]:
    says = [("source", table.source), ("hit policy", f"{table.hit} {table.aggregate or ''}".strip())]
    says += [(f"input {name}", one.fact or f"signal {one.signal}") for name, one in table.inputs.items()]
    says += [(f"output {name}", _listed(one.values) or one.unit or "a number") for name, one in table.outputs.items()]
    says += [("otherwise", _cells(table.otherwise))] if table.otherwise else []
    says += [("gaps", table.gaps)] if table.gaps else []
    yield Named("table", table.id, table.title, says=tuple(says))
    for row in table.rows:
        said = [("where", _cells(row.cells) or "always"), ("gives", _cells(row.then))]
        said += [("note", row.note)] if row.note else []
        yield Named("row", f"{table.id}/{row.id}", _cells(row.then), f"table {table.id}", tuple(said))


def _checklist(checklist: Checklist, limits: Limits) -> Iterator[Named]:
    signed = (("signed by", _listed(checklist.signed_by)),) if checklist.signed_by else ()
    yield Named("checklist", checklist.id, checklist.title, says=signed)
    for item in checklist.items:
        says = [("states", _listed(item.facts))] if item.facts else []
        says += [("lists", _listed(item.shows))] if item.shows else []
        yield Named("item", f"{checklist.id}/{item.id}", item.text, f"checklist {checklist.id}", tuple(says), _asks(item, limits))


def _fact(fact: FactDef) -> Says:
    said = [
        ("type", fact.type),
        ("choices", _listed(fact.choices)),
        ("to", fact.to or ""),
        ("unit", fact.unit),
        ("least", "" if fact.least is None else wording.number(fact.least)),
        ("most", "" if fact.most is None else wording.number(fact.most)),
        ("told apart by", fact.label),
        ("optional", "no gate needs it" if fact.optional else ""),
        ("ask", fact.ask),
        ("example", "" if fact.example is None else _shown(fact.example)),
        (
            "assumed where nobody states it",
            f"{_shown(fact.default.value)}, because {fact.default.because}" if fact.default else "",
        ),
        ("evidence is fresh for", fact.fresh_for or ""),
    ]
    return tuple((label, text) for label, text in said if text)


def _shown(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_shown, value)) + "]"  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(one)}" for key, one in value.items()) + "}"  # pyright: ignore
    return wording.number(value) if isinstance(value, float) else str(value)


def _cells(cells: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {_shown(cell)}" for name, cell in cells.items())


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)
