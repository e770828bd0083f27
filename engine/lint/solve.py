"""Whether some claims can hold together, by the compiled rules themselves.

The rules only ever add claims. So what they derive when every answer that is still possible is claimed at once is an upper
bound of what can come about: a goal that is not among it can't be reached. Choices are narrowed until each question has
one answer, and then the bound is exact.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .. import conditions
from ..compiler import BEGIN, Program, Rule, leaf_claims
from ..facts import Facts
from ..fixpoint import fired
from ..pack_conditions import Leaf
from .space import Space

Goal = tuple[str, ...]  # claims of which one has to hold
Domains = dict[str, tuple[int, ...]]
Claims = dict[str, tuple[str, ...]]  # of each question, by its key
_MOST_STEPS = 2_000
_STATUSES = ("met", "unmet", "unknown")


@dataclass(frozen=True, slots=True)
class _Part:
    """The rules and questions below some goals, the choices that the questions look at, and which looks at which."""

    rules: tuple[Rule, ...]
    leaves: tuple[Leaf, ...]
    places: tuple[str, ...]
    looking: Mapping[str, tuple[Leaf, ...]]


class Solver:
    """Searches the deliveries of a space for some in which all of the goals hold."""

    def __init__(self, space: Space, program: Program) -> None:
        self.space = space
        self._rules: dict[str, list[Rule]] = {}
        for rule in program.rules:
            self._rules.setdefault(rule.head, []).append(rule)
        self._asks = {
            claim: leaf for key, leaf in program.leaves.items() for status in _STATUSES for claim in leaf_claims(key, status)
        }
        self._whole = _Part(program.rules, tuple(program.leaves.values()), (), {})
        self._parts: dict[frozenset[str], _Part] = {}
        self._still: dict[tuple[str, tuple[tuple[int, ...], ...]], tuple[str, ...]] = {}
        self._signs: dict[tuple[str, int], dict[int, tuple[str, ...]]] = {}
        self._left = 0  # steps of a search

    def places(self, goals: Iterable[Goal]) -> tuple[str, ...]:
        """The choices that goals depend on."""
        return self._part(goals).places

    def derived(self, facts: Facts, goals: Iterable[Goal] | None = None) -> frozenset[str]:
        """The claims that hold of some facts; with goals, those that decide the goals."""
        part = self._whole if goals is None else self._part(goals)
        answers = {leaf.key: conditions.answer(leaf, facts, self.space.pack).status for leaf in part.leaves}
        claims = {BEGIN, *(claim for key, status in answers.items() for claim in leaf_claims(key, status))}
        return frozenset(claims | {rule.head for rule in fired(part.rules, claims)})

    def hold(self, goals: Sequence[Goal], facts: Facts) -> bool:
        """Whether goals hold of some facts."""
        derived = self.derived(facts, goals)
        return all(any(claim in derived for claim in goal) for goal in goals)

    def never(self, goals: Sequence[Goal]) -> bool:
        """Whether it is sure that the goals never hold together."""
        for some in self._apart(goals):
            enough = all(map(self.space.enough, self._part(some).leaves))
            if enough and next(self._solutions(some), None) is None and self._left > 0:
                return True
        return False

    def solutions(self, goals: Sequence[Goal]) -> Iterator[dict[str, int]]:
        """Choices by which all goals hold. After many steps the search ends, found or not."""
        searches = [self._solutions(some) for some in self._apart(goals)]
        firsts = [next(search, None) for search in searches]
        picks: dict[str, int] = {}
        for first in firsts:
            if first is None:
                return
            picks |= first
        yield picks
        for search in searches:
            yield from (picks | another for another in search)

    def _apart(self, goals: Sequence[Goal]) -> list[list[Goal]]:
        """The goals in lots that have no choice in common: each lot holds or not, whatever the others do."""
        lots: list[tuple[set[str], list[Goal]]] = []
        for goal in self._spelt_out(goals):
            places, together = set(self._part([goal]).places), [goal]
            for lot in [lot for lot in lots if not lot[0].isdisjoint(places)]:
                lots.remove(lot)
                places |= lot[0]
                together = [*lot[1], *together]
            lots.append((places, together))
        return [together for _, together in lots]

    def _spelt_out(self, goals: Sequence[Goal]) -> list[Goal]:
        """Goals that hold where the given ones do: a claim that one rule alone makes holds where all that it needs does."""
        found: dict[Goal, None] = {}
        todo = list(reversed(goals))
        seen: set[Goal] = set()
        while todo:
            goal = todo.pop()
            if goal in seen:
                continue
            seen.add(goal)
            rules = self._rules.get(goal[0], ()) if len(goal) == 1 else ()
            if len(rules) == 1:
                todo += [(claim,) for claim in reversed(rules[0].body)]
            else:
                found[goal] = None
        return list(found)

    def _solutions(self, goals: Sequence[Goal]) -> Iterator[dict[str, int]]:
        part = self._part(goals)
        self._left = 1
        if not all(map(self.space.table, part.leaves)):
            return
        domains: Domains = {place: tuple(range(len(self.space.choice(place).options))) for place in part.places}
        domains = self._merged(part, domains)
        claims = {leaf.key: self._claims(leaf, domains) for leaf in part.leaves}
        found = False
        self._left = 20 + 3 * len(part.places)  # mostly the next choice fits the last, and then this is all
        for picks in self._search(part, goals, domains, claims):
            found = True
            yield picks
        if found:
            return
        for place in part.places:
            left = tuple(n for n in domains[place] if self._narrowed(part, goals, domains, claims, place, n))
            if not left:
                self._left = 1  # that is sure
                return
            domains[place] = left
            claims |= {leaf.key: self._claims(leaf, domains) for leaf in part.looking[place]}
        self._left = _MOST_STEPS
        yield from self._search(part, goals, domains, claims)

    # --- one search

    def _search(self, part: _Part, goals: Sequence[Goal], domains: Domains, claims: Claims) -> Iterator[dict[str, int]]:
        open_ = [place for place in part.places if len(domains[place]) > 1]
        if not open_:
            if self._can(part, goals, claims):
                yield {place: numbers[0] for place, numbers in domains.items()}
            return
        place = min(open_, key=lambda one: len(domains[one]))
        for number in domains[place]:
            if self._left <= 0:
                return
            self._left -= 1
            narrowed = self._narrowed(part, goals, domains, claims, place, number)
            if narrowed:
                yield from self._search(part, goals, domains | {place: (number,)}, narrowed)

    def _narrowed(
        self, part: _Part, goals: Sequence[Goal], domains: Domains, claims: Claims, place: str, number: int
    ) -> Claims | None:
        """What can still be claimed once a choice is made; nothing where the goals can't hold then."""
        fewer = domains | {place: (number,)}
        narrowed = claims | {leaf.key: self._claims(leaf, fewer) for leaf in part.looking[place]}
        return narrowed if self._can(part, goals, narrowed) else None

    @staticmethod
    def _can(part: _Part, goals: Sequence[Goal], claims: Claims) -> bool:
        """Whether the goals can still hold: each of them, for all that is known before every choice is made."""
        known = {BEGIN}.union(*claims.values())
        known.update(rule.head for rule in fired(part.rules, known))
        return all(any(claim in known for claim in goal) for goal in goals)

    def _claims(self, leaf: Leaf, domains: Domains) -> tuple[str, ...]:
        """What may still be claimed of the answer to a question."""
        left = tuple(domains[place] for place in self.space.around(leaf))
        known = self._still.get((leaf.key, left))
        if known is None:
            table = self.space.table(leaf)
            found: set[str] = set()
            for picked in itertools.product(*left):
                found.add(table[picked])
                if len(found) == len(_STATUSES):
                    break
            known = tuple(claim for status in found for claim in leaf_claims(leaf.key, status))
            self._still[leaf.key, left] = known
        return known

    def _merged(self, part: _Part, domains: Domains) -> Domains:
        """Of options between which no question decides, the first."""
        kept: Domains = {}
        for place in part.places:
            seen: dict[tuple[object, ...], int] = {}
            looking = [(leaf, self.space.around(leaf)) for leaf in part.looking[place]]
            for number in domains[place]:
                sign = tuple(self._sign(leaf, around.index(place))[number] for leaf, around in looking)
                seen.setdefault(sign, number)
            kept[place] = tuple(seen.values())
        return kept

    def _sign(self, leaf: Leaf, position: int) -> dict[int, tuple[str, ...]]:
        """What each option of one choice answers to a question, whatever the others are."""
        if (leaf.key, position) not in self._signs:
            rows: dict[int, list[str]] = {}
            for picked, status in self.space.table(leaf).items():
                rows.setdefault(picked[position], []).append(status)
            self._signs[leaf.key, position] = {number: tuple(statuses) for number, statuses in rows.items()}
        return self._signs[leaf.key, position]

    def _part(self, goals: Iterable[Goal]) -> _Part:
        wanted = frozenset(itertools.chain.from_iterable(goals))
        if wanted not in self._parts:
            rules: dict[str, Rule] = {}
            leaves: dict[str, Leaf] = {}
            todo = sorted(wanted)
            seen = set(todo)
            while todo:
                claim = todo.pop()
                if claim in self._asks:
                    leaves[self._asks[claim].key] = self._asks[claim]
                for rule in self._rules.get(claim, ()):
                    rules[rule.id] = rule
                    news = [one for one in rule.body if one not in seen]
                    seen.update(news)
                    todo += news
            looking: dict[str, list[Leaf]] = {}
            for leaf in leaves.values():
                for place in self.space.around(leaf):
                    looking.setdefault(place, []).append(leaf)
            by_place = {place: tuple(found) for place, found in looking.items()}
            self._parts[wanted] = _Part(tuple(rules.values()), tuple(leaves.values()), tuple(by_place), by_place)
        return self._parts[wanted]
