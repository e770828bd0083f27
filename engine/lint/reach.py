"""What can never be met: a condition, conditions together, and a gate together with the gates before it."""

from __future__ import annotations

from collections.abc import Iterator

from ..pack import Condition, Gate, Location, Statement, inner
from .subject import Asked, Finding, Piece, Subject, shown


def check(subject: Subject) -> Iterator[Finding]:
    """Conditions, statements and gates that no delivery can meet. Only the cause is told, not what stands on it."""
    seen: set[int] = set()
    for _, statement, _, _ in subject.placed:
        yield from _statement(subject, statement, seen)
    yield from _gates(subject)


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
    if not subject.can(*(piece.goal for piece in pieces(subject, statement, location))):
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
            mend = "ask something that a delivery can state, or take the condition out"
            found.append(subject.finding("never-met", part.location, what, mend, subject.witness((part.no,))))
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
        "take one of them out, or put them under `any`",
        subject.witness(*(piece.goal for piece in conflict[:-1])),
    )


def _against(subject: Subject, conflict: list[Piece]) -> str:
    named = [f"{piece.words} {subject.at(piece.location)}" for piece in conflict[:-1]]
    return f"{conflict[-1].words} contradicts {' with '.join(named)}"


def pieces(subject: Subject, statement: Statement, location: Location) -> list[Piece]:
    """What has to hold so that a statement does."""
    kind, parts = subject.parts(statement, location)
    if kind == "all":
        return [Piece(shown(part.condition), part.location, (part.yes,)) for part in parts]
    return [Piece(f"`{statement.id}`", location, tuple(part.yes for part in parts))] if parts else []


def _gates(subject: Subject) -> Iterator[Finding]:
    """The first gate that can't pass; those after it can't either."""
    before: list[Piece] = []
    for gate in subject.pack.gates:
        own = _asked_by(subject, gate)
        if any(id(statement) in subject.broken for statement in (gate.entry, *gate.exit)):
            return
        if not subject.can(*(piece.goal for piece in (*before, *own))):
            conflict = subject.conflict([*before, *own])
            subject.broken.add(id(gate))
            yield subject.finding(
                "unreachable-gate",
                conflict[-1].location,
                f"gate `{gate.id}` can never pass: {_against(subject, conflict)}",
                "a gate passes only where those before it do: let the two agree",
                subject.witness(*(piece.goal for piece in conflict[:-1])),
            )
            return
        before += own


def _asked_by(subject: Subject, gate: Gate) -> list[Piece]:
    n = subject.pack.order.index(gate.id)
    placed = [(gate.entry, ("gates", n, "entry")), *((one, ("gates", n, "exit", m)) for m, one in enumerate(gate.exit))]
    return [piece for statement, location in placed for piece in pieces(subject, statement, location)]
