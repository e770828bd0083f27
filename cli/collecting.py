"""What the collectors found, put together: facts that are proposed, and what contradicts each other or a fact file.

A fact is proposed only where all sources that speak of it agree. Nothing here reads a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..engine.edits import to_node
from ..engine.errors import Place
from ..engine.facts import LISTS, Fact, Facts
from ..engine.pack import Pack
from ..engine.sources import Source
from ..engine.values import Values
from ..engine.vocabulary import FactDef
from .collectors.found import At, Finding, Says, Shortfall

Row = dict[str, "Claim"]
Counts = dict[tuple[str, str], int]  # by field and fact
# What a template leaves to be filled in: `[More Information Needed]`, `{{ name }}`.
_OPEN = re.compile(r"\s*\[[^\[\]]*\]\s*|.*\{\{.*", re.DOTALL)
_LONGEST = 2_000  # characters of a text; a longer one is nothing that a person would accept as a fact
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")  # of git, by SHA-1 or SHA-256
_SHORT = re.compile(r"[0-9a-f]{7,63}")
_NOWHERE = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says of a fact or of a field of a record. `fact` is it as the vocabulary reads it."""

    source: str
    at: At
    value: Any
    fact: Fact
    hangs_on: str = ""  # the fact that says what this is about

    @property
    def names(self) -> frozenset[str]:
        """The value without order and repetition."""
        return frozenset(item.shown for item in self.fact.items)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A fact that is proposed: a claim, or records with a claim for each field, in order."""

    fact: str
    claim: Claim | None = None
    rows: tuple[Row, ...] = ()
    also: tuple[Claim, ...] = ()  # other sources that say the same, or a part of it
    assumed: bool = False  # it takes the place of an assumption

    @property
    def claims(self) -> list[Claim]:
        """Everything that it stands on."""
        return [self.claim, *self.also] if self.claim else [claim for row in self.rows for claim in row.values()]

    @property
    def value(self) -> Any:
        """The value as plain data."""
        if self.claim:
            return self.claim.value
        return [{name: claim.value for name, claim in row.items()} for row in self.rows]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A fact on which two places differ. Each side is a value and where it stands."""

    fact: str
    within: str
    sides: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Collection:
    """All that was collected. `found` counts, for each source, what was found of each field."""

    proposed: list[Proposed] = field(default_factory=list[Proposed])
    contradictions: list[Contradiction] = field(default_factory=list[Contradiction])
    shortfalls: list[Shortfall] = field(default_factory=list[Shortfall])
    found: dict[str, Counts] = field(default_factory=dict[str, Counts])


def put_together(findings: Mapping[str, Sequence[Finding]], tables: Mapping[str, Source], pack: Pack) -> Collection:
    """The facts that the findings of each source propose, in the order of the vocabulary."""
    reading = _Reading(tables, pack)
    for name, found in findings.items():
        reading.collection.found[name] = {}
        for finding in found:
            if isinstance(finding, Says):
                reading.says(name, finding)
            else:
                reading.collection.shortfalls.append(finding)
    reading.settle()
    return reading.collection


class _Reading:
    def __init__(self, tables: Mapping[str, Source], pack: Pack) -> None:
        self.tables, self.pack = tables, pack
        self.values = Values(pack)
        self.collection = Collection()
        self.plain: dict[str, list[Claim]] = {}
        self.rows: dict[str, dict[tuple[str, ...], dict[str, list[Claim]]]] = {}

    def says(self, name: str, said: Says) -> None:
        """Take in what a source says, as claims on facts."""
        records: dict[str, dict[str, list[Claim]]] = {}
        counts = self.collection.found[name]
        for source_field, value in said.values.items():
            for one in self.tables[name].of(source_field):
                known = self.pack.facts.get(one.fact)
                told = one.says(value) if value not in (None, "", []) and known else None
                if known is None or told is None:
                    continue
                claim = self.claim(name, known, said.at, told, one.hangs_on or "")
                if claim is None:
                    continue
                counts[source_field, one.fact] = counts.get((source_field, one.fact), 0) + 1
                base, bracket, inner = one.fact.partition("[].")
                if bracket:
                    records.setdefault(base, {}).setdefault(inner, []).append(claim)
                else:
                    self.plain.setdefault(base, []).append(claim)
        for base, row in records.items():
            keys = self.tables[name].keys.get(base) or (self.pack.facts[base].label,)
            if all(key in row for key in keys):  # a record without its name can't be told from others
                key = tuple(row[one][0].fact.items[0].shown.casefold() for one in keys)
                merged = self.rows.setdefault(base, {}).setdefault(key, {})
                for inner, claims in row.items():
                    merged.setdefault(inner, []).extend(claims)

    def claim(self, name: str, known: FactDef, at: At, value: Any, hangs_on: str) -> Claim | None:
        """A claim, where the value is one of the fact; a placeholder says nothing, and what does not fit is told."""
        before = len(self.values.problems)
        fact = self.values.value(known, to_node(value, _NOWHERE), _NOWHERE)
        for problem in self.values.problems[before:]:
            self.collection.shortfalls.append(Shortfall(at, problem.what, problem.help))
        if any(_OPEN.fullmatch(item.shown) for item in fact.items):
            return None
        if any(len(item.shown) > _LONGEST for item in fact.items):
            self.collection.shortfalls.append(Shortfall(at, f"it says `{known.path}` in more than {_LONGEST} characters"))
            return None
        flaw = next((item.flaw for item in fact.items if item.flaw), "")
        if flaw:
            self.collection.shortfalls.append(Shortfall(at, f"`{known.path}` can't be measured so: it {flaw}"))
        return Claim(name, at, value, fact, hangs_on) if fact.state == "stated" and not flaw else None

    # --- what they agree on

    def settle(self) -> None:
        """Propose what all claims on a fact agree on, and tell where they don't."""
        self.drop_what_hangs_on_contradictions()
        for section in self.pack.sections:
            for path, known in section.facts.items():
                if path in self.rows:
                    self.propose_rows(path, known)
                elif path in self.plain:
                    claim, also = self.agreed(known, self.plain[path], "")
                    if claim:
                        self.collection.proposed.append(Proposed(path, claim, also=also))
        self.drop_lost_references()

    def drop_what_hangs_on_contradictions(self) -> None:
        """Leave out claims on what nobody can name, as the version of a model where sources differ on which model it is."""
        differing = {path for path, claims in self.plain.items() if _differing(self.pack.facts[path], claims)}
        if not differing:
            return
        for path, claims in list(self.plain.items()):
            self.plain[path] = [one for one in claims if one.hangs_on not in differing]
            if not self.plain[path]:
                del self.plain[path]
        for path, rows in list(self.rows.items()):
            label = self.pack.facts[path].label
            for key, row in list(rows.items()):
                kept = {
                    name: left for name, claims in row.items() if (left := [c for c in claims if c.hangs_on not in differing])
                }
                if kept and (label in kept or label not in row):
                    rows[key] = kept
                else:
                    del rows[key]
            if not rows:
                del self.rows[path]

    def propose_rows(self, path: str, known: FactDef) -> None:
        rows: list[Row] = []
        for claimed in self.rows[path].values():
            label = claimed[known.label][0].fact.items[0].shown if known.label in claimed else ""
            row: Row = {}
            for name, inner in known.fields.items():
                claim, _ = self.agreed(inner, claimed.get(name, []), label)
                if claim:
                    row[name] = claim
            rows.append(row)
        both = self.plain.get(path, [])
        if both:  # stated as one of its choices by one source, and measured by another
            sides = [_side(both[0]), (f"{len(rows)} records", str(next(iter(rows[0].values())).at))]
            self.collection.contradictions.append(Contradiction(path, "", tuple(sides)))
        else:
            self.collection.proposed.append(Proposed(path, rows=tuple(rows)))

    def agreed(self, known: FactDef, claims: list[Claim], within: str) -> tuple[Claim | None, tuple[Claim, ...]]:
        """The claim that says what all say; none where two differ, which is told.

        Lists of one source are put together; of several sources, the one that holds all that the others say.
        """
        if known.type in LISTS:
            claims = _by_source(claims)
        if not claims:
            return None, ()
        most = _most(claims)
        if _differing(known, claims):
            sides = {_side(one)[0]: _side(one) for one in reversed((claims[0], *claims[1:]))}
            self.collection.contradictions.append(Contradiction(known.path, within, tuple(reversed(sides.values()))))
            return None, ()
        return most, tuple(one for one in claims if one is not most)

    def drop_lost_references(self) -> None:
        """Leave out references to what is not proposed: nobody knows whether it is there."""
        for number, one in enumerate(self.collection.proposed):
            known = self.pack.facts[one.fact]
            if known.to and one.claim and not one.claim.names <= self.names_at(known.to):
                self.collection.proposed[number] = Proposed(one.fact)
            for name, inner in known.fields.items():
                for row in one.rows if inner.to else ():
                    if name in row and not row[name].names <= self.names_at(inner.to or ""):
                        del row[name]
        self.collection.proposed = [one for one in self.collection.proposed if one.claim or one.rows]

    def names_at(self, path: str) -> frozenset[str]:
        base, _, inner = path.partition("[].")
        rows = [row for one in self.collection.proposed if one.fact == base for row in one.rows]
        return frozenset(name for row in rows if inner in row for name in row[inner].names)


def _most(claims: list[Claim]) -> Claim:
    """The claim that says most; of a commit, the one that gives all of it."""
    return max(claims, key=lambda one: (len(one.names), any(_COMMIT.fullmatch(name) for name in one.names)))


def _differing(known: FactDef, claims: list[Claim]) -> bool:
    """Whether claims say what the one that says most does not; of a list, each may say a part of it."""
    if known.type in LISTS:
        claims = _by_source(claims)
        most = _most(claims)
        return any(not one.names <= most.names for one in claims)
    return any(not _alike_values(one.names, _most(claims).names) for one in claims)


def _alike_values(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two values are the same. A commit and the first seven or more of its digits are."""
    if some == others:
        return True
    if len(some) != 1 or len(others) != 1:
        return False
    short, full = sorted((*some, *others), key=len)
    return bool(_SHORT.fullmatch(short) and _COMMIT.fullmatch(full)) and full.startswith(short)


def _by_source(claims: list[Claim]) -> list[Claim]:
    """The lists of each source as one, at the place of the longest."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.source, []).append(claim)
    return [_union(one) for one in found.values()]


def _union(claims: list[Claim]) -> Claim:
    most = max(claims, key=lambda one: len(one.names))
    names = {item.shown: item for claim in claims for item in claim.fact.items}
    if len(names) == len(most.names):
        return most
    fact = Fact(most.fact.path, "stated", _NOWHERE, tuple(names[name] for name in sorted(names)))
    return Claim(most.source, most.at, list(names), fact, most.hangs_on)


def _side(claim: Claim) -> tuple[str, str]:
    return ", ".join(sorted(claim.names)), str(claim.at)


# --- beside a fact file


def beside(collection: Collection, stated: Facts) -> tuple[list[Proposed], list[str]]:
    """What may be added to a fact file: the proposals for facts that it does not state, and those that agree with it.

    Those that differ from what is stated become contradictions; a stated fact is never proposed. Returns the additions
    and the paths of facts that are stated alike.
    """
    added: list[Proposed] = []
    agree: list[str] = []
    for one in collection.proposed:
        known = stated.plain[one.fact]
        if known.state in ("missing", "placeholder", "assumed"):
            added.append(replace(one, assumed=known.state == "assumed"))
            continue
        found = list(_differences(one, stated))
        collection.contradictions += found
        if not found and known.state == "stale":
            added.append(one)  # the value is the same, and its evidence is new
        elif not found:
            agree.append(one.fact)
    differing = {one.fact for one in collection.contradictions}
    return [one for one in added if not any(claim.hangs_on in differing for claim in one.claims)], agree


def _differences(one: Proposed, stated: Facts) -> Iterator[Contradiction]:
    known = stated.plain[one.fact]
    if one.claim:
        if known.state == "invalid" or known.measured or not _alike_values(_names(known), one.claim.names):
            yield Contradiction(one.fact, "", (_stated(known, stated), _side(one.claim)))
        return
    rows = stated.records.get(one.fact, ())
    if not rows:
        yield Contradiction(one.fact, "", (_stated(known, stated), (f"{len(one.rows)} records", str(one.claims[0].at))))
    for row in one.rows if rows else ():
        same = [other for other in rows if _alike(row, other) >= 1]
        within = next(iter(row.values())).fact.items[0].shown
        if not same:
            yield Contradiction(
                one.fact, within, (("not listed", _place(known, stated)), (within, str(next(iter(row.values())).at)))
            )
            continue
        best = max(same, key=lambda other: _alike(row, other))
        for name, claim in row.items():
            other = best[name]
            if other.state in ("stated", "stale", "assumed") and not _alike_values(_names(other), claim.names):
                yield Contradiction(claim.fact.path, within, (_stated(other, stated), _side(claim)))


def _names(fact: Fact) -> frozenset[str]:
    return frozenset(item.shown for item in fact.items)


def _alike(row: Row, other: Mapping[str, Fact]) -> int:
    """In how many of its first fields a record says the same, the first of which is its name."""
    count = 0
    for name, claim in row.items():
        shown = {item.shown.casefold() for item in other[name].items}
        if shown != {one.casefold() for one in claim.names}:
            break
        count += 1
    return count


def _stated(fact: Fact, stated: Facts) -> tuple[str, str]:
    shown = ", ".join(item.shown for item in fact.items) or "something that can't be read"
    if not fact.items and fact.path in stated.records:
        shown = f"{len(stated.records[fact.path])} records"
    return shown, _place(fact, stated)


def _place(fact: Fact, stated: Facts) -> str:
    return f"{stated.file}:{fact.place.line}"
