"""What the proof of a claim may stand on, and what every proof of it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .compiler import BEGIN, Program, Rule
from .pack_conditions import Leaf


class Cone:
    """The rules that may take part in a proof of a claim."""

    def __init__(self, program: Program, goal: str) -> None:
        self.leaves, self.goal = program.leaves, goal
        self.given = frozenset((BEGIN, *(f"waived:{name}" for name in program.waived)))
        self.by_head: dict[str, list[Rule]] = {}
        for rule in program.rules:
            self.by_head.setdefault(rule.head, []).append(rule)
        self._possible: dict[str, bool] = {}
        self._needs: dict[str, frozenset[str]] = {}
        self.rules = [rule for head in self.below([goal]) for rule in self.by_head.get(head, ()) if self._live(rule)]

    def _live(self, rule: Rule) -> bool:
        return all(self.possible(part) for part in rule.body)

    def possible(self, claim: str) -> bool:
        """Whether a claim could be derived from some answers to its leaves."""
        if claim not in self._possible:
            self._possible[claim] = False  # claims in a circle prove nothing
            if claim.startswith("leaf:"):
                key, _, side = claim[5:].rpartition(" ")
                self._possible[claim] = side == "yes" or self.leaves[key].operator != "stated"
            else:
                self._possible[claim] = claim in self.given or any(self._live(rule) for rule in self.by_head.get(claim, ()))
        return self._possible[claim]

    def below(self, claims: Iterable[str]) -> set[str]:
        """Every claim that a proof of these may stand on."""
        found = set[str]()
        todo = list(claims)
        while todo:
            claim = todo.pop()
            if claim not in found:
                found.add(claim)
                todo += [part for rule in self.by_head.get(claim, ()) if self._live(rule) for part in rule.body]
        return found

    def _needed(self, claim: str) -> frozenset[str]:
        """The claims that every proof of a claim stands on."""
        if claim not in self._needs:
            self._needs[claim] = frozenset((claim,))
            ways = [
                frozenset[str]().union(*(self._needed(part) for part in rule.body))
                for rule in self.by_head.get(claim, ())
                if self._live(rule)
            ]
            self._needs[claim] = frozenset((claim,)) | (ways[0].intersection(*ways[1:]) if ways else frozenset[str]())
        return self._needs[claim]

    def necessary(self) -> list[str]:
        """What has to hold: leaves, and claims with more than one way to prove them."""
        return [
            claim
            for claim in sorted(self._needed(self.goal))
            if claim.startswith("leaf:") or not self.possible(claim) or sum(map(self._live, self.by_head.get(claim, ()))) > 1
        ]

    def bases(self, claim: str) -> set[str]:
        """The plain facts and lists that a claim stands on."""
        found = set[str]()
        for below in self.below([claim]):
            if below.startswith("leaf:"):
                found |= set(_asks(self.leaves[below[5:].rpartition(" ")[0]]))
        return found


def _asks(leaf: Leaf) -> Iterator[str]:
    """The plain facts and lists that a leaf looks at."""
    yield leaf.fact.partition("[]")[0]
    operator, argument = leaf.operator, leaf.argument
    if operator == "without" and isinstance(argument, dict):
        operator, argument = next(iter(argument.items()))  # pyright: ignore
    if operator in ("found_in", "apart_from"):
        yield str(argument).partition("[]")[0]  # pyright: ignore
