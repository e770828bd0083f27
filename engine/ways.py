"""One part of what lacks: the ways to it, found by the search, and tried on the facts before they are told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from . import conditions, fixpoint
from .candidates import Candidates, Option
from .compiler import leaf_claims
from .cone import Cone
from .edits import MORE, WHOLE, Edit
from .errors import EngineFault, Place
from .facts import LISTS, Fact, Facts
from .pack_conditions import Leaf
from .pack_walks import leaves
from .search import Cost, Pick, Search
from .spots import Spot, Spots
from .verdict import Verdict
from .vocabulary import FactDef

_MOST_TRIED = 40  # facts of a way that are left out one by one
_MOST_FAULTS = 20  # answers of the search that the engine may refuse


@dataclass(frozen=True, slots=True)
class Change:
    """One fact to state, to change or to add, as one value that does. `may` lists the choices that do, where not all do.

    `now` is what is there, `asked` what the gate asks of it. `corrects` where nothing is wrong with it but what follows
    from it: it says what is so, and only a mistake in it is corrected.
    """

    known: FactDef
    edit: Edit
    now: Fact
    effort: int
    corrects: bool
    may: tuple[str, ...]
    asked: tuple[Leaf, ...]

    @property
    def place(self) -> Place:
        """Where it stands, or what it belongs below."""
        return self.now.items[0].place if len(self.now.items) == 1 else self.now.place

    @property
    def does(self) -> Literal["state", "change", "confirm", "add"]:
        """What is to be done. To confirm is to state again what is stale or was only assumed."""
        if self.edit.row == MORE:
            return "add"
        if (self.now.items and not self.now.known) or self.now.state == "stale":
            return "confirm"
        return "change" if self.now.known else "state"


@dataclass(frozen=True, slots=True)
class Way:
    """Facts that together are enough, and none of which can be left out. `otherwise` tells what else a situation asks for."""

    changes: tuple[Change, ...]
    otherwise: tuple[Otherwise, ...] = ()

    @property
    def effort(self) -> int:
        """How much work it is."""
        return sum(change.effort for change in self.changes)

    @property
    def corrects(self) -> bool:
        """Whether something in it changes what need not be wrong."""
        return any(change.corrects for change in self.changes)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What else is to be stated where a situation is another than the way takes it to be: each fact with its values."""

    where: tuple[tuple[str, tuple[str, ...]], ...]
    changes: tuple[Change, ...]


class Piece:
    """A part while it is searched: the claims that are lacking, and what can be stated below the facts they stand on."""

    def __init__(self, verdict: Verdict, cone: Cone, goals: list[str], bases: list[str]) -> None:
        self.facts, self.pack, self.goals = verdict.facts, verdict.pack, goals
        inside = cone.below(goals)
        self.asked = {key: leaf for key, leaf in cone.leaves.items() if {f"leaf:{key} yes", f"leaf:{key} no"} & inside}
        self.wanted = {key for key in self.asked if f"leaf:{key} yes" in inside}
        self.rules = tuple(rule for rule in cone.rules if rule.head in inside)
        self.given = cone.given
        self.situation = {leaf.fact.partition("[]")[0] for signal in self.pack.signals for leaf in leaves(signal.condition)}
        looks = (look for key in self.wanted for look in verdict.answers[key].looked if look.against)
        candidates = Candidates(self.facts, self.pack, tuple(self.asked.values()))
        self.made = Spots(candidates, {(look.fact, look.place) for look in looks})
        self.spots = tuple(spot for base in bases for spot in self.made.below(base) if len(spot.options) > 1)
        self.cost = [[self._cost(spot, option) for option in spot.options] for spot in self.spots]
        self.search = Search(self.facts, self.pack, self.rules, self.asked, self.spots, self.given, goals, self.cost)
        self.picks: list[Pick] = []
        self.ways: list[Way] = []
        self.least, self.proven, self.more, self.faults = 0, True, False, 0

    def _cost(self, spot: Spot, option: Option) -> Cost:
        known = self.pack.facts[spot.path]
        stated = known.type == "records" and bool(known.choices)
        return self._corrects(spot, option), self.pack.effort.get("choice", 1) if stated else self.pack.effort_of(spot.path)

    def _corrects(self, spot: Spot, option: Option) -> bool:
        """Whether a value would stand in place of one that nothing is wrong with: a situation is what it is."""
        now = spot.options[0].fact
        if spot.row == MORE or now is None or not now.known:
            return False
        if spot.path.partition("[]")[0] in self.situation:
            return True
        if self.made.wrong(now):
            return False
        many = self.pack.facts[spot.path].type in LISTS
        kept = {item.shown for item in option.fact.items} if option.fact else set[str]()
        return not (many and kept.issuperset(item.shown for item in now.items))

    # --- searching

    def search_ways(self, most: int) -> None:
        """Find the ways, the easiest first, and whether there are more than `most`."""
        while len(self.picks) <= most:
            found = self.search.next()
            if found is None:
                break
            if not self._holds(found.picks):
                self.faults += 1
                if self.faults > _MOST_FAULTS:
                    raise EngineFault("the search takes for an answer what the engine does not")
                self.search.forbid_values(found.picks)
                continue
            self.proven = self.proven and found.least
            if len(self.picks) == most:
                self.more = True
                break
            self.picks.append(found.picks)
            self.ways.append(self._way(found.picks, best=len(self.picks) == 1))
            self.search.forbid(found.picks, self.cost)
        self.least = min(map(len, self.picks), default=0)
        if self.more and self.least > 1:
            self.least = min(self.least, self._fewest())

    def _fewest(self) -> int:
        """The smallest number of facts, where not every way is told."""
        alike = [[(False, 1)] * len(costs) for costs in self.cost]
        found = Search(self.facts, self.pack, self.rules, self.asked, self.spots, self.given, self.goals, alike).next()
        self.proven = self.proven and found is not None and found.least
        return len(found.picks) if found else self.least

    def _holds(self, picks: Pick) -> bool:
        """Whether it is so: the goals follow once all is stated, and no longer where one of it is left out."""
        few = 1 < len(picks) <= _MOST_TRIED  # of one alone it is known; of very many the search has to be believed
        less = ({n: o for n, o in picks.items() if n != out} for out in picks) if few else ()
        return self.follows(picks) and not any(map(self.follows, less))

    def follows(self, picks: Pick) -> bool:
        """Whether the claims that are lacking are derived once these options are taken."""
        facts = self._stated(picks)
        answers = ((key, conditions.answer(leaf, facts, self.pack).status) for key, leaf in self.asked.items())
        claims = {claim for key, status in answers for claim in leaf_claims(key, status)} | self.given
        held = claims | {rule.head for rule in fixpoint.fired(self.rules, claims)}
        return held.issuperset(self.goals)

    def _stated(self, picks: Pick) -> Facts:
        """The facts as they would be."""
        plain = dict(self.facts.plain)
        records = {base: [dict(row) for row in rows] for base, rows in self.facts.records.items()}
        for number, n in picks.items():
            spot, option = self.spots[number], self.spots[number].options[n]
            base, _, field = spot.path.partition("[].")
            if spot.row == MORE:
                records[base] += option.rows
            elif option.fact and spot.row == WHOLE:
                plain[base], records[base] = option.fact, list(option.rows)
            elif option.fact:
                records[base][spot.row][field] = option.fact
        return replace(self.facts, plain=plain, records={base: tuple(rows) for base, rows in records.items()})

    # --- what was found, as facts

    def edits(self, picks: Pick) -> list[Edit]:
        """What an answer of the search would have a person do."""
        chosen = ((self.spots[number], n) for number, n in picks.items())
        return [Edit(spot.path, spot.row, spot.options[n].value) for spot, n in chosen]

    def _way(self, picks: Pick, *, best: bool = False) -> Way:
        return Way(tuple(self._change(picks, number) for number in picks), tuple(self._otherwise(picks)) if best else ())

    def _change(self, picks: Pick, number: int) -> Change:
        spot = self.spots[number]
        known = self.pack.facts[spot.path]
        option = spot.options[picks[number]]
        now = spot.options[0].fact or self.facts.plain[spot.path]
        does = [choice for n, choice in self._single(number) if n == picks[number] or self.search.would(picks | {number: n})]
        corrects, effort = self.cost[number][picks[number]]
        asked = tuple(leaf for key, leaf in self.asked.items() if key in self.wanted and _about(leaf, spot.path))
        may = tuple(does) if len(does) < len(known.choices) and not option.rows else ()
        return Change(known, Edit(spot.path, spot.row, option.value), now, effort, corrects, may, asked)

    def _single(self, number: int) -> list[tuple[int, str]]:
        """The options of a spot that are one choice each."""
        spot = self.spots[number]
        if not self.pack.facts[spot.path].choices or spot.row == MORE:
            return []
        facts = [(n, option.fact) for n, option in enumerate(spot.options) if n and not option.rows]
        return [(n, fact.items[0].shown) for n, fact in facts if fact and len(fact.items) == 1]

    def _otherwise(self, picks: Pick) -> Iterator[Otherwise]:
        """What the way lacks where one situation that is not stated yet, or two together, are others than it takes them to be."""
        free: list[tuple[int, list[tuple[int, str]]]] = []
        for number in picks:
            now = self.spots[number].options[0].fact
            if self.spots[number].path in self.situation and now and not now.known:
                free += [(number, group) for group in self._alike(number) if picks[number] not in [n for n, _ in group]]
        fits: list[tuple[int, list[tuple[int, str]]]] = []
        for one in free:
            if self.search.would(picks | {one[0]: one[1][0][0]}):
                fits.append(one)
            else:
                yield from self._lacking(picks, [one])
        for one, other in itertools.combinations(fits, 2):
            taken = {one[0]: one[1][0][0], other[0]: other[1][0][0]}
            if len(taken) == 2 and not self.search.would(picks | taken):
                yield from self._lacking(picks, [one, other])

    def _alike(self, number: int) -> list[list[tuple[int, str]]]:
        """The choices for a spot, those together that make no difference to any question."""
        groups: dict[tuple[str, ...], list[tuple[int, str]]] = {}
        path = self.spots[number].path
        about = [leaf for leaf in self.asked.values() if leaf.fact.partition("[]")[0] == path]
        for n, choice in self._single(number):
            fact = self.spots[number].options[n].fact
            assert fact is not None
            alone = replace(self.facts, plain={**self.facts.plain, path: fact}, records={})
            sign = tuple(conditions.answer(leaf, alone, self.pack).status for leaf in about)
            groups.setdefault(sign, []).append((n, choice))
        return list(groups.values())

    def _lacking(self, picks: Pick, other: list[tuple[int, list[tuple[int, str]]]]) -> Iterator[Otherwise]:
        fixed = {number: group[0][0] for number, group in other}
        found = self.search.next(fixed)
        if found and self.follows(found.picks):
            more = [spot for spot, n in found.picks.items() if picks.get(spot) != n and spot not in fixed]
            where = tuple((self.spots[number].path, tuple(choice for _, choice in group)) for number, group in other)
            yield Otherwise(where, tuple(self._change(found.picks, spot) for spot in more))


def _about(leaf: Leaf, path: str) -> bool:
    """Whether a leaf asks something of a fact, or of a field of its records."""
    named = (leaf.fact, leaf.argument) if leaf.operator == "found_in" else (leaf.fact,)
    return any(name == path or name.startswith(f"{path}[]") for name in named)
