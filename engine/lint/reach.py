"""What can never be met: a condition, conditions together, and a gate together with the gates before it."""

from __future__ import annotations

from collections.abc import Iterator

from ..pack import Gate
from ..pack_conditions import Condition, Statement
from ..pack_walks import Location, inner
from .subject import Asked, Finding, Piece, Subject, shown


def check(subject: Subject) -> Iterator[Finding]:
    """Conditions, statements and gates that no delivery can meet. Only the cause is told, not what stands on it."""
    seen: set[int] = set()
    for kind, statement, _, _ in subject.placed:
        if kind not in ("entry", "criterion"):
            yield from _statement(subject, statement, seen)
    before: list[Piece] = []
    passable = True
    for gate in subject.pack.gates:
        for statement in (gate.entry, *gate.exit):
            yield from _statement(subject, statement, seen)
            passable = passable and id(statement) not in subject.broken
        own = _asked_by(subject, gate)
        if passable and not subject.can(*(piece.goal for piece in (*before, *own))):
            yield _unreachable(subject, gate, [*before, *own])
            return  # those after it can't pass either, and what they ask for may clash for the same reason
        before += own


def _statement(subject: Subject, statement: Statement, seen: set[int]) -> Iterator[Finding]:
    """What is wrong with a statement, after what is wrong with those that it stands on."""
    if id(statement) in seen:
        return
    seen.add(id(statement))
    for below in subject.stands_on(statement):
        yield from _statement(subject, below, seen)
    if not (statement.all or statement.any):
        return
    kind, name, location = next((k, n, where) for k, one, n, where in subject.placed if one is statement)
    yield from _group(subject, statement, location, name if kind != "item" else f"item `{statement.id}` of {name}")
    if not subject.can(*(piece.goal for piece in _pieces(subject, statement, location))):
        subject.broken.add(id(statement))


def _group(subject: Subject, condition: Condition | Statement, location: Location, name: str) -> Iterator[Finding]:
    kind, parts = subject.parts(condition, location)
    found: list[Finding] = []
    for part in parts:
        if inner(part.condition)[0]:
            found += _group(subject, part.condition, part.location, name)
        elif not subject.can((part.yes,)) and not subject.stands_on_broken(part.condition):
            if subject.is_told(part.location):
                continue
            subject.told.add(part.location)
            what = f"{name}: {shown(part.condition)} can never be met"
            found.append(subject.finding("never-met", part.location, what, subject.witness((part.no,))))
    yield from found
    if kind == "all" and not found and all(subject.can((part.yes,)) for part in parts):
        yield from _together(subject, parts, name)


def _together(subject: Subject, parts: tuple[Asked, ...], name: str) -> Iterator[Finding]:
    whole = [Piece(shown(part.condition), part.location, (part.yes,)) for part in parts]
    if subject.can(*(piece.goal for piece in whole)):
        return
    conflict = subject.conflict(whole)
    yield subject.finding(
        "contradiction",
        conflict[-1].location,
        f"{name} can never be met: {_against(subject, conflict)}",
        subject.witness(*(piece.goal for piece in conflict[:-1])),
    )


def _against(subject: Subject, conflict: list[Piece]) -> str:
    named = [f"{piece.words} {subject.at(piece.location)}" for piece in conflict[:-1]]
    *others, last = named
    together = f"{', '.join(others)} and {last} taken together" if others else last
    return f"{conflict[-1].words} contradicts {together}"


def _pieces(subject: Subject, statement: Statement, location: Location) -> list[Piece]:
    """What has to hold so that a statement does."""
    kind, parts = subject.parts(statement, location)
    if kind == "all":
        return [Piece(shown(part.condition), part.location, (part.yes,)) for part in parts]
    return [Piece(f"`{statement.id}`", location, tuple(part.yes for part in parts))] if parts else []


def _unreachable(subject: Subject, gate: Gate, pieces: list[Piece]) -> Finding:
    conflict = subject.conflict(pieces)
    subject.broken.add(id(gate))
    return subject.finding(
        "unreachable-gate",
        conflict[-1].location,
        f"gate `{gate.id}` can never pass: {_against(subject, conflict)}",
        subject.witness(*(piece.goal for piece in conflict[:-1])),
    )


def _asked_by(subject: Subject, gate: Gate) -> list[Piece]:
    n = subject.pack.order.index(gate.id)
    placed = [(gate.entry, ("gates", n, "entry")), *((one, ("gates", n, "exit", m)) for m, one in enumerate(gate.exit))]
    return [piece for statement, location in placed for piece in _pieces(subject, statement, location)]
