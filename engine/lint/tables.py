"""Decision tables: rows that never lead, and deliveries for which no row holds."""

from __future__ import annotations

from collections.abc import Iterator

from ..pack_tables import Row, Table
from ..pack_walks import Location
from .solve import Goal
from .subject import Finding, Piece, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Dead rows, gaps, and rows that offer no alternative."""
    for n, table in enumerate(subject.pack.tables):
        for m, row in enumerate(table.rows):
            where: Location = ("tables", n, "rows", m)
            if row.default.choice == row.alternative.choice:
                what = f"row `{row.id}` offers `{row.default.choice}` as its default and as its alternative"
                yield subject.finding("same-choice", (*where, "alternative"), what)
            yield from _dead(subject, table, row, where)
        yield from _gaps(subject, table, ("tables", n))


def _yes(row: Row) -> Goal:
    return (f"signal:{row.when} yes",)


def _no(row: Row) -> Goal:
    return (f"signal:{row.when} no",)


def _dead(subject: Subject, table: Table, row: Row, where: Location) -> Iterator[Finding]:
    above = table.ranked[: table.ranked.index(row)]
    signals = {signal.id: signal for signal in subject.pack.signals}
    if id(signals[row.when]) in subject.broken or subject.can((f"row:{table.id}/{row.id} leads",)):
        return
    pieces = [Piece(row.id, where, _yes(row)), *(Piece(one.id, where, _no(one)) for one in above)]
    higher = [f"`{piece.words}`" for piece in subject.conflict(pieces) if piece.words != row.id]
    what = f"row `{row.id}` of `{table.id}` never leads: where its signal holds, that of {' or '.join(higher)} is not ruled out"
    yield subject.finding("dead-row", where, what, subject.witness(_yes(row)))


def _gaps(subject: Subject, table: Table, where: Location) -> Iterator[Finding]:
    signals = {signal.id: signal for signal in subject.pack.signals}
    numbers = {signal.id: number for number, signal in enumerate(subject.pack.signals)}
    for row in table.rows:
        if id(signals[row.when]) in subject.broken or subject.is_told(("signals", numbers[row.when])):
            return  # mended, its row covers more
    goals = [_no(row) for row in table.rows]
    is_there = subject.can(*goals)
    if table.gaps and not is_there:
        what = f"`{table.id}` says why it has gaps, and it has none: some row holds, or may hold, in every delivery"
        yield subject.finding("no-gap", (*where, "gaps"), what)
    if table.gaps or not is_there:
        return
    witness = subject.witness(*goals)
    if witness is not None:
        what = f"no row of `{table.id}` holds, and none is undecided, in some deliveries"
        yield subject.finding("table-gap", where, what, witness)
