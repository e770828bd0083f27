"""Tables of outputs: rows that hold together where one may, that never count or change nothing; and where no row holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..hits import is_single, ranked
from ..pack_tables import OutputRow, OutputTable
from ..pack_walks import Location
from .solve import Goal
from .subject import Finding, Piece, Subject, Witness

_SIDES: dict[str, tuple[str, ...]] = {"yes": ("yes",), "no": ("no",), "not yes": ("no", "open"), "not no": ("yes", "open")}
_Wanted = tuple[OutputRow, str]


def check(subject: Subject) -> Iterator[Finding]:
    """What is wrong with the rows of each table of outputs, by its hit policy."""
    for n, table in enumerate(subject.pack.output_tables):
        yield from _Table(subject, table, ("output_tables", n)).findings()


class _Table:
    def __init__(self, subject: Subject, table: OutputTable, at: Location) -> None:
        self.subject, self.table, self.at = subject, table, at
        signals = {signal.id: (signal, ("signals", n)) for n, signal in enumerate(subject.pack.signals)}
        self.broken = {row.id for row in table.rows if row.when and id(signals[row.when][0]) in subject.broken}
        self.told = {row.id for row in table.rows if row.when and subject.is_told(signals[row.when][1])}
        self.rows = [row for row in ranked(table) if row.id not in self.broken]

    def findings(self) -> Iterator[Finding]:
        if self.table.hit in ("unique", "any"):
            yield from self.overlaps()
        if self.table.hit in ("first", "priority"):
            for found, row in list(self.hidden()):
                self.rows.remove(row)
                yield found
        yield from self.idle()
        yield from self.gaps()
        yield from self.unused()

    # --- rows against each other

    def overlaps(self) -> Iterator[Finding]:
        """One finding for each row that may hold beside earlier ones."""
        unique = self.table.hit == "unique"
        for n, row in enumerate(self.rows):
            clashing = [one for one in self.rows[:n] if unique or one.then != row.then]
            clashing = [one for one in clashing if self.can((one, "yes"), (row, "yes"))]
            if clashing:
                names = " and ".join(f"`{one.id}`" for one in clashing)
                why = "and `unique` lets only one" if unique else "and they give different outputs, which `any` does not allow"
                what = (
                    f"row `{row.id}` of `{self.table.id}` may hold where {names} {'do' if len(clashing) > 1 else 'does'}, {why}"
                )
                yield self.finding("table-overlap", row, what, self.witness((clashing[0], "yes"), (row, "yes")))

    def hidden(self) -> Iterator[tuple[Finding, OutputRow]]:
        """Rows that are never the first that holds."""
        for n, row in enumerate(self.rows):
            above = self.rows[:n]
            if self.can((row, "yes"), *self.passed_over(row, above)):
                continue
            names = " or ".join(f"`{one.id}`" for one in self.hiding(row, above))
            what = f"row `{row.id}` of `{self.table.id}` never counts: wherever it holds, {names} comes first"
            mend = "move it up, narrow the rows above it, or take it out"
            if self.table.hit == "priority":
                what = f"row `{row.id}` of `{self.table.id}` never counts: wherever it holds, {names} ranks higher"
                mend = "narrow the rows that rank higher, or take it out"
            yield self.finding("dead-row", row, what, self.witness((row, "yes")), mend), row

    def hiding(self, row: OutputRow, above: Sequence[OutputRow]) -> list[OutputRow]:
        """Of the rows above some that together hide a row."""
        always = [one for one in above if not one.when]
        if always:
            return always[:1]
        wanted = [(row, "yes"), *self.passed_over(row, above)]
        pieces = [Piece(one.id, self.at, goal) for one, side in wanted for goal in _goals([(one, side)]) or ()]
        named = {piece.words for piece in self.subject.conflict(pieces)}
        return [one for one in above if one.id in named] or list(above)

    def passed_over(self, row: OutputRow, above: Iterable[OutputRow]) -> list[_Wanted]:
        """How the rows above have to turn out so that a row counts: those that give the same need not be ruled out."""
        return [(one, "not yes" if one.then == row.then else "no") for one in above]

    def idle(self) -> Iterator[Finding]:
        """Rows without which the table would say the same in every delivery."""
        for row in reversed(list(self.rows)):
            others = [one for one in self.rows if one is not row]
            alike = self.standing_in(row, others)
            if alike and not self.matters(row, alike):
                self.rows.remove(row)
                alone = [one for one in alike if not self.can((row, "yes"), (one, "not yes"))]
                names = " or ".join(f"`{one.id}`" for one in alone[:1] or alike)
                what = f"row `{row.id}` of `{self.table.id}` changes nothing: wherever it holds, {names} says as much"
                yield self.finding("subsumed-row", row, what, self.witness((row, "yes")))

    def standing_in(self, row: OutputRow, others: Sequence[OutputRow]) -> list[OutputRow]:
        """The rows that may make a row superfluous."""
        if self.table.hit == "any":
            return [one for one in others if one.then == row.then]
        if self.table.hit in ("first", "priority"):
            return [one for one in self.rows[self.rows.index(row) + 1 :] if one.then == row.then]
        if self.table.aggregate in ("min", "max"):
            sign = 1 if self.table.aggregate == "max" else -1
            return [one for one in others if sign * self.amount(one) >= sign * self.amount(row)]
        return []

    def matters(self, row: OutputRow, alike: Sequence[OutputRow]) -> bool:
        if self.table.hit not in ("first", "priority"):
            return self.can((row, "yes"), *((one, "not yes") for one in alike))
        place = self.rows.index(row)
        counts: list[_Wanted] = [(row, "yes"), *self.passed_over(row, self.rows[:place])]
        for one in self.rows[place + 1 :]:  # the next that would count in its place has to give something else
            if one.then != row.then and self.can(*counts, (one, "not no")):
                return True
            counts += [(one, "not yes")] if one.then == row.then else []
        return self.can(*counts)

    def amount(self, row: OutputRow) -> float:
        return float(row.then[next(iter(self.table.outputs))])

    # --- the whole table

    def gaps(self) -> Iterator[Finding]:
        """Deliveries in which no row holds and none is undecided, and what is said of them in vain."""
        table = self.table
        nothing: list[_Wanted] = [(row, "no") for row in table.rows]
        if self.broken or self.told:
            return  # mended, these rows cover more
        is_there = self.can(*nothing)
        if table.otherwise is not None and not is_there:
            what = f"`otherwise` of `{table.id}` never counts: some row holds, or may hold, in every delivery"
            yield self.subject.finding("idle-otherwise", (*self.at, "otherwise"), what)
        needed = table.otherwise is None and is_single(table) and table.aggregate != "count"
        if table.gaps and not (needed and is_there):
            why = "some row holds, or may hold, in every delivery" if not is_there else "it says something where no row holds"
            what = f"`{table.id}` says why it has gaps, and it has none: {why}"
            yield self.subject.finding("no-gap", (*self.at, "gaps"), what)
        if table.gaps or not (needed and is_there):
            return
        witness = self.witness(*nothing)
        if witness is not None:
            what = f"no row of `{table.id}` holds, and none is undecided, in some deliveries"
            mend = "add a row or `otherwise`, or say in `gaps:` of the table why no row has to hold there"
            yield self.subject.finding("table-gap", self.at, what, witness, mend)

    def unused(self) -> Iterator[Finding]:
        """Values of outputs that no row gives."""
        given = [row.then for row in self.table.rows] + ([self.table.otherwise] if self.table.otherwise else [])
        for name, output in self.table.outputs.items():
            for n, value in enumerate(output.values):
                if not any(then[name] == value for then in given):
                    what = f"no row of `{self.table.id}` gives `{value}` as `{name}`"
                    yield self.subject.finding("unused-value", (*self.at, "outputs", name, "values", n), what)

    # --- questions

    def can(self, *wanted: _Wanted) -> bool:
        goals = _goals(wanted)
        return goals is not None and self.subject.can(*goals)

    def witness(self, *wanted: _Wanted) -> Witness | None:
        goals = _goals(wanted)
        return self.subject.witness(*goals) if goals else None

    def finding(self, code: str, row: OutputRow, what: str, witness: Witness | None, help: str = "") -> Finding:
        location = (*self.at, "rows", self.table.rows.index(row))
        return self.subject.finding(code, location, what, witness, help)


def _goals(wanted: Iterable[_Wanted]) -> list[Goal] | None:
    """What has to be derived so that rows turn out so; nothing where one that always holds should not."""
    found: list[Goal] = []
    for row, side in wanted:
        if row.when:
            found.append(tuple(f"signal:{row.when} {one}" for one in _SIDES[side]))
        elif "yes" not in _SIDES[side]:
            return None
    return found
