"""Verdict -> Bundle: the delivery as a document. Data, no formatting.

Which facts a section states is said in the pack; every fact that is stated stands in one section, with its place and
its evidence, and every gap stands where the fact belongs. Nothing is added that the fact file or the verdict does not say.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from . import evidence as ageing
from .errors import Place
from .facts import Assumption, Evidence, Fact, State
from .pack import Pack, Shown
from .pack_tables import Table
from .verdict import Missing, Recommendation, Undecided, Verdict
from .vocabulary import FactDef

Freshness = Literal["fresh", "stale", "undated"]
_SHOWN: tuple[Shown, ...] = ("assumptions", "waivers", "deviations")


@dataclass(frozen=True, slots=True)
class Backing:
    """Evidence with a number of its own. `until` is the last day on which it counts, where it ages; `why` it is stale."""

    number: int
    evidence: Evidence
    status: Freshness
    until: str
    why: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What a criterion needs and does not find; `waived` where the criterion holds all the same."""

    missing: Missing
    waived: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact as it is stated or assumed, or, with gaps, as it should be. Values stand in the order of the file."""

    fact: FactDef
    state: State
    values: tuple[str, ...]
    place: Place
    note: str = ""
    counts: bool = True
    backing: Backing | None = None
    assumption: Assumption | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a list, its fields in the order of the vocabulary, and the lines that it stands in."""

    cells: tuple[Statement, ...]
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of records: what is said of the list as a whole, and its records in the order of the file."""

    whole: Statement
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a section of the bundle states out of one section of the vocabulary. `unstated` is what nothing asks for."""

    title: str
    entries: tuple[Statement | Listing, ...]
    unstated: tuple[FactDef, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a decision table recommends, the first row leading, and what is declared."""

    table: Table
    rows: tuple[Recommendation, ...]
    undecided: tuple[Undecided, ...]
    declared: Fact
    rationale: Fact


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the bundle; numbers begin with 1."""

    number: int
    id: str
    title: str
    parts: tuple[Part, ...]
    policies: tuple[Policy, ...]
    shows: tuple[Shown, ...]

    @property
    def statements(self) -> Iterator[Statement]:
        """Every statement of the section; of a list the whole, and each field of each record."""
        for part in self.parts:
            for entry in part.entries:
                if isinstance(entry, Statement):
                    yield entry
                else:
                    yield entry.whole
                    yield from (cell for record in entry.records for cell in record.cells)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing or contradicted in the section, waived or not."""
        return tuple(gap for statement in self.statements for gap in statement.gaps)


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs, and where the file names them."""

    name: str
    fact: FactDef
    place: Place


@dataclass(frozen=True, slots=True)
class Bundle:
    """The document. `shows` is what no section lists, so that it stands beside the verdict."""

    verdict: Verdict
    draft: bool
    title: str
    sections: tuple[Section, ...]
    shows: tuple[Shown, ...]
    backings: tuple[Backing, ...]
    signers: tuple[Signer, ...]

    @property
    def policies(self) -> tuple[Policy, ...]:
        """What every table recommends."""
        return tuple(policy for section in self.sections for policy in section.policies)

    @property
    def deviations(self) -> tuple[Policy, ...]:
        """The tables from whose recommendation the declared choice differs."""
        return tuple(policy for policy in self.policies if any(row.deviates for row in policy.rows))


def write(verdict: Verdict, *, draft: bool = False) -> Bundle:
    """The bundle of a delivery. It is final only where the delivery passes, which is for the caller to see to."""
    return _Writing(verdict).bundle(draft)


class _Writing:
    def __init__(self, verdict: Verdict) -> None:
        self.verdict, self.pack, self.facts = verdict, verdict.pack, verdict.facts
        self.assumed = {assumption.fact: assumption for assumption in verdict.assumptions}
        self.backings: dict[tuple[Evidence, Freshness, str], Backing] = {}
        waived = {found.criterion.id for gate in verdict.gates for found in gate.exit if found.status == "waived"}
        self.gaps: dict[str, list[Gap]] = {}
        for missing in verdict.missing:
            base = missing.fact.partition("[]")[0]
            self.gaps.setdefault(base, []).append(Gap(missing, missing.criterion in waived))

    def bundle(self, draft: bool) -> Bundle:
        listed = next((checklist for checklist in self.pack.checklists if checklist.of_bundle), None)
        sections = tuple(
            Section(number, name, title, tuple(self._parts(paths)), tuple(self._policies(paths)), shows)
            for number, (name, title, paths, shows) in enumerate(_sections(self.pack), 1)
        )
        shown = {one for section in sections for one in section.shows}
        return Bundle(
            self.verdict,
            draft,
            self.pack.gates[-1].title,
            sections,
            tuple(one for one in _SHOWN if one not in shown),
            tuple(self.backings.values()),
            tuple(self._signers(listed.signed_by if listed else ())),
        )

    def _parts(self, paths: tuple[str, ...]) -> Iterator[Part]:
        titles = {section.id: section.title for section in self.pack.sections}
        for section, group in groupby(paths, lambda path: self.pack.facts[path].section):
            entries: list[Statement | Listing] = []
            unstated: list[FactDef] = []
            for path in group:
                fact, gaps = self.facts.plain[path], self.gaps.get(path, [])
                if fact.state in ("missing", "placeholder") and not gaps:
                    unstated.append(self.pack.facts[path])
                elif self.facts.records.get(path):
                    entries.append(self._listing(fact, gaps))
                else:
                    entries.append(self._statement(fact, gaps))
            yield Part(titles[section], tuple(entries), tuple(unstated))

    def _listing(self, fact: Fact, gaps: list[Gap]) -> Listing:
        rows = sorted(self.facts.records[fact.path], key=lambda row: min(cell.place for cell in row.values()))
        told: set[int] = set()
        records: list[Record] = []
        for row in rows:
            cells: list[Statement] = []
            for cell in row.values():
                places = {cell.place, *(item.place for item in cell.items)}
                own = [gap for gap in gaps if gap.missing.fact == cell.path and gap.missing.place in places]
                told |= {id(gap) for gap in own if gap.missing.within == cell.within}
                cells.append(self._statement(cell, [gap for gap in own if gap.missing.within == cell.within]))
            lines = [place.line for cell in row.values() for place in (cell.place, *(item.place for item in cell.items))]
            records.append(Record(tuple(cells), (min(lines), max(lines))))
        return Listing(self._statement(fact, [gap for gap in gaps if id(gap) not in told]), tuple(records))

    def _statement(self, fact: Fact, gaps: list[Gap]) -> Statement:
        return Statement(
            self.pack.facts[fact.path],
            fact.state,
            tuple(item.shown for item in sorted(fact.items, key=lambda item: item.place)),
            fact.place,
            fact.note,
            fact.counts,
            self._backing(fact),
            self.assumed.get(fact.path),
            tuple(gaps),
        )

    def _backing(self, fact: Fact) -> Backing | None:
        found = fact.evidence
        if found is None:
            return None
        limit = self.pack.freshness(fact.path)
        until = ""
        if found.date and limit:
            last = datetime.date.fromisoformat(found.date).toordinal() + int(limit.value)
            until = datetime.date.fromordinal(min(last, datetime.date.max.toordinal())).isoformat()
        why = ageing.stale(found, fact.path, self.pack, self.facts.today)
        status: Freshness = "stale" if why else "fresh" if found.date else "undated"
        return self.backings.setdefault((found, status, until), Backing(len(self.backings) + 1, found, status, until, why))

    def _policies(self, paths: tuple[str, ...]) -> Iterator[Policy]:
        for table in self.pack.tables:
            if table.declared in paths:
                yield Policy(
                    table,
                    tuple(row for row in self.verdict.recommendations if row.table.id == table.id),
                    tuple(row for row in self.verdict.undecided if row.table.id == table.id),
                    self.facts.plain[table.declared],
                    self.facts.plain[table.rationale],
                )

    def _signers(self, paths: tuple[str, ...]) -> Iterator[Signer]:
        seen: set[str] = set()
        for path in paths:
            fact = self.facts.plain[path]
            for item in sorted(fact.items, key=lambda item: item.place):
                if item.shown not in seen:
                    seen.add(item.shown)
                    yield Signer(item.shown, self.pack.facts[path], item.place)


def _sections(pack: Pack) -> Iterator[tuple[str, str, tuple[str, ...], tuple[Shown, ...]]]:
    """Id, title, facts and what else is shown, of each section: those of the pack, or without any those of its vocabulary."""
    listed = next((checklist for checklist in pack.checklists if checklist.of_bundle), None)
    if listed is None:
        for section in pack.sections:
            yield section.id, section.title, tuple(section.facts), ()
        return
    for item in listed.items:
        if item.facts or item.shows:
            yield item.id, item.text, tuple(path for name in item.facts for path in pack.under(name)), item.shows
