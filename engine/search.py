"""The search for the least that has to be stated so that a claim holds, by the solver clingo. Its only import.

The rules of a pack are Horn rules, and a logic program is made of the same: they are given to the solver as they are.
Before them stand the choices (which of its values a place in the file takes), and what each leaf answers to them. What
a leaf answers to one value is asked of `conditions`; here is only how the answers to single values make one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from . import conditions
from .candidates import Option
from .compiler import Rule
from .edits import MORE, WHOLE
from .errors import CannotJudge, Problem
from .facts import Fact, Facts
from .pack import Pack
from .pack_conditions import Leaf
from .spots import Spot

_MOST_TABLE = 600  # answers of one leaf that are asked for one by one
_MOST_CONFLICTS = 200_000  # steps of the solver before it gives the best that it has
Pick = dict[int, int]  # the number of a spot -> the number of the option that it takes
Cost = tuple[bool, int]  # of an option: whether it corrects what needs no change, and its effort
_If = tuple[int, ...]
_Slot = list[tuple[_If, Fact]]


class Found(NamedTuple):
    """One answer: the options taken, other than what is there now. `least` where nothing costs less."""

    picks: Pick
    least: bool


def needs_solver() -> Any:
    """The solver. Raises CannotJudge where it is not installed."""
    try:
        import clingo
    except ImportError:
        raise CannotJudge(
            [Problem("usage", "this needs the solver clingo, which is not installed", help="pip install 'gatewright[solve]'")]
        ) from None
    return clingo


class Search:
    """The choices below some bases, and the claims that have to hold. Finds answers, the best first."""

    def __init__(
        self,
        facts: Facts,
        pack: Pack,
        rules: Iterable[Rule],
        leaves: dict[str, Leaf],
        spots: Sequence[Spot],
        given: Iterable[str],
        goals: Iterable[str],
        cost: Sequence[Sequence[Cost]],
    ) -> None:
        clingo = needs_solver()
        self.facts, self.pack, self.spots = facts, pack, spots
        self.control: Any = clingo.Control(["--warn=none", "--opt-strategy=usc", f"--solve-limit={_MOST_CONFLICTS}"])
        self.wholes = {spot.path: number for number, spot in enumerate(spots) if spot.row == WHOLE}
        self.by_row: dict[tuple[str, int], dict[str, int]] = {}
        self.more: dict[str, list[int]] = {}
        for number, spot in enumerate(spots):
            base, _, field = spot.path.partition("[].")
            if spot.row >= 0:
                self.by_row.setdefault((base, spot.row), {})[field] = number
            elif spot.row == MORE:
                self.more.setdefault(base, []).append(number)
        self.claims: dict[str, int] = {}
        self.names: dict[str, tuple[dict[str, int], int]] = {}
        self.answers: dict[str, tuple[int, int]] = {}
        with self.control.backend() as self.to:
            self.picks = [[self.to.add_atom() for _ in spot.options] for spot in spots]
            self.used = [self.to.add_atom() for _ in spots]
            self.acts = [(self.to.add_atom(), self.to.add_atom()) for _ in spots]  # mended, or corrected
            for number, picks in enumerate(self.picks):
                self._choose(number, picks, cost[number])
            self._in_turn()
            for key, leaf in leaves.items():
                yes, no = self._leaf(leaf)
                for side, atom in (("yes", yes), ("no", no)):
                    self.to.add_rule([self._claim(f"leaf:{key} {side}")], [atom])
            for rule in rules:
                self.to.add_rule([self._claim(rule.head)], [self._claim(part) for part in rule.body])
            for claim in given:
                self.to.add_rule([self._claim(claim)], [])
            for goal in goals:
                self.to.add_rule([], [-self._claim(goal)])
            self._keep_references()

    def _claim(self, claim: str) -> int:
        if claim not in self.claims:
            self.claims[claim] = self.to.add_atom()
        return self.claims[claim]

    # --- choices

    def _choose(self, number: int, picks: list[int], cost: Sequence[Cost]) -> None:
        self.to.add_rule(picks, [], choice=True)
        self.to.add_rule([], [-pick for pick in picks])
        self.to.add_weight_rule([], 2, [(pick, 1) for pick in picks])
        for pick, (corrects, _) in list(zip(picks, cost, strict=True))[1:]:
            self.to.add_rule([self.used[number]], [pick])
            self.to.add_rule([self.acts[number][corrects]], [pick])
        for corrects, atom in enumerate(self.acts[number]):
            effort = max((effort for (wrong, effort) in cost[1:] if wrong is bool(corrects)), default=0)
            self.to.add_minimize(3, [(atom, corrects)])
            self.to.add_minimize(2, [(atom, effort)])
        self.to.add_minimize(1, [(pick, n) for n, pick in enumerate(picks) if n])

    def _in_turn(self) -> None:
        """Records are added one after the other, and a list is replaced or mended, not both."""
        for numbers in self.more.values():
            for first, second in itertools.pairwise(numbers):
                self.to.add_rule([], [self.used[second], -self.used[first]])
        for base, whole in self.wholes.items():
            inside = [n for (path, _), cells in self.by_row.items() if path == base for n in cells.values()]
            for number in (*inside, *self.more.get(base, ())):
                self.to.add_rule([], [self.used[whole], self.used[number]])

    # --- what stands where

    def _fact(self, number: int | None, now: Fact, also: _If = ()) -> _Slot:
        """The facts that a spot may be, each with the picks that make it so."""
        if number is None:
            return [(also, now)]
        return [
            ((self.picks[number][n], *also), option.fact) for n, option in enumerate(self.spots[number].options) if option.fact
        ]

    def _rows(self, base: str) -> Iterator[tuple[_If, dict[str, _Slot]]]:
        """Each record that is there or may be added, with the picks that make it so."""
        whole = self.wholes.get(base)
        now: _If = () if whole is None else (self.picks[whole][0],)
        for number, row in enumerate(self.facts.records.get(base, ())):
            cells = self.by_row.get((base, number), {})
            yield now, {name: self._fact(cells.get(name), fact, now) for name, fact in row.items()}
        for number in self.more.get(base, ()):
            yield from self._made(number)

    def _made(self, number: int) -> Iterator[tuple[_If, dict[str, _Slot]]]:
        for pick, option in list(zip(self.picks[number], self.spots[number].options, strict=True))[1:]:
            for row in option.rows:
                yield (pick,), {name: [((pick,), fact)] for name, fact in row.items()}

    def _slots(self, path: str) -> list[_Slot]:
        """Every fact that may stand at a path."""
        base, bracket, field = path.partition("[].")
        whole = self.wholes.get(base)
        if not bracket:
            return [self._fact(whole, self.facts.plain[base])]
        rows = list(self._rows(base))
        if whole is None:
            return [row[field] for _, row in rows] if rows else [[((), self.facts.plain[base])]]
        instead = [
            ((pick,), option.fact)
            for pick, option in zip(self.picks[whole], self.spots[whole].options, strict=True)
            if option.fact and not option.rows
        ]
        return [*(row[field] for _, row in (*rows, *self._made(whole))), instead]

    # --- leaves

    def _leaf(self, leaf: Leaf) -> tuple[int, int]:
        """The atoms that say that a leaf is met, and that it is unmet."""
        if leaf.key in self.answers:
            return self.answers[leaf.key]
        yes, no = self.to.add_atom(), self.to.add_atom()
        self.answers[leaf.key] = yes, no
        operator, argument = leaf.operator, leaf.argument
        if operator == "without":
            name, inner = next(iter(argument.items())) if isinstance(argument, dict) else (argument, True)  # pyright: ignore
            met, _ = self._leaf(Leaf(fact=leaf.fact, operator=str(name), argument=inner))  # pyright: ignore
            self.to.add_rule([no], [met])
            self.to.add_rule([yes], [-met])
        elif operator in ("found_in", "apart_from"):
            self._relation(leaf, yes, no)
        else:
            self._alone(leaf, yes, no)
        return yes, no

    def _alone(self, leaf: Leaf, yes: int, no: int) -> None:
        """A leaf on one path. For whole lists the answer is asked; for what is mended in part it is put together."""
        base, bracket, field = leaf.fact.partition("[].")
        now: _If = ()
        whole = self.wholes.get(base)
        there = self.facts.records.get(base, ())
        if whole is None and not (bracket and there):
            self._answered(leaf, base, Option(None, self.facts.plain[base], there), (), yes, no)
            return
        if whole is not None:
            for n, option in enumerate(self.spots[whole].options):
                if n or not (bracket and there):
                    self._answered(leaf, base, option, (self.picks[whole][n],), yes, no)
            if not (bracket and there):
                return
            now = (self.picks[whole][0],)
        rows = list(self._rows(base))
        if leaf.operator == "count":
            self._count(leaf, rows, now, yes, no)
        elif leaf.operator == "varies":
            self._table(leaf, base, now, yes, no)
        elif leaf.operator in ("includes", "any_of", "some_from"):
            self._together(leaf, [row[field] for _, row in rows], now, yes, no)
        else:
            self._each(leaf, [row[field] for _, row in rows], now, yes, no)

    def _asked(self, leaf: Leaf, base: str, option: Option) -> str:
        assert option.fact is not None
        records = {**self.facts.records, base: option.rows}
        return conditions.answer(
            leaf, replace(self.facts, plain={**self.facts.plain, base: option.fact}, records=records), self.pack
        ).status

    def _answered(self, leaf: Leaf, base: str, option: Option, given: _If, yes: int, no: int) -> None:
        status = self._asked(leaf, base, option)
        if status != "unknown":
            self.to.add_rule([yes if status == "met" else no], given)

    def _each(self, leaf: Leaf, slots: Iterable[_Slot], now: _If, yes: int, no: int) -> None:
        """Every fact has to pass: one that does not makes it unmet, one that is not known leaves it open."""
        unknown = self.to.add_atom()
        base = leaf.fact.partition("[]")[0]
        for slot in slots:
            for given, fact in slot:
                status = self._asked(leaf, base, Option(None, fact))
                if status != "met":
                    self.to.add_rule([no if status == "unmet" else unknown], given)
        self.to.add_rule([yes], [*now, -no, -unknown])

    def _together(self, leaf: Leaf, slots: Iterable[_Slot], now: _If, yes: int, no: int) -> None:
        """What is asked of all records at once: some of them has it."""
        wanted = list(leaf.argument) if leaf.operator == "includes" else [""]
        hits = {name: self.to.add_atom() for name in wanted}
        unknown = self.to.add_atom()
        base = leaf.fact.partition("[]")[0]
        for slot in slots:
            for given, fact in slot:
                if not fact.known:
                    self.to.add_rule([unknown], given)
                elif leaf.operator == "includes":
                    for item in fact.items:
                        if item.name in hits:
                            self.to.add_rule([hits[item.name]], given)
                elif self._asked(leaf, base, Option(None, fact)) == "met":
                    self.to.add_rule([hits[""]], given)
        self.to.add_rule([yes], [*now, *hits.values()])
        self.to.add_rule([no], [*now, -yes, -unknown])

    def _count(self, leaf: Leaf, rows: Iterable[tuple[_If, dict[str, _Slot]]], now: _If, yes: int, no: int) -> None:
        base, _, field = leaf.fact.partition("[].")
        label = self.pack.facts[base].label
        limits = self.pack.limits
        least = "at_least" in leaf.argument
        limit, bound = limits[leaf.argument["from"]].value, limits[leaf.argument["at_least" if least else "at_most"]].value
        reached: dict[str, int] = {}
        perhaps: dict[str, int] = {}
        nameless = self.to.add_atom()
        for _, row in rows:
            for given, name in row[label]:
                if not name.known:
                    self.to.add_rule([nameless], given)
                    continue
                for also, fact in row[field]:
                    key = name.items[0].name
                    high = any(isinstance(item.value, float) and item.value >= limit for item in fact.items)
                    if fact.known and not high:
                        continue
                    into = reached if fact.known else perhaps
                    if key not in into:
                        into[key] = self.to.add_atom()
                    self.to.add_rule([into[key]], [*given, *also])
        for key, atom in reached.items():
            perhaps.setdefault(key, self.to.add_atom())
            self.to.add_rule([perhaps[key]], [atom])
        if least:
            self.to.add_rule([yes], [*now, self._some(reached, math.ceil(bound))])
            self.to.add_rule([no], [*now, -nameless, -self._some(perhaps, math.ceil(bound))])
        else:
            self.to.add_rule([yes], [*now, -nameless, -self._some(perhaps, math.floor(bound) + 1)])
            self.to.add_rule([no], [*now, self._some(reached, math.floor(bound) + 1)])

    def _some(self, atoms: dict[str, int], count: int) -> int:
        """The atom that says that at least so many of these hold."""
        found = self.to.add_atom()
        self.to.add_weight_rule([found], max(0, count), [(atom, 1) for atom in atoms.values()])
        return found

    def _table(self, leaf: Leaf, base: str, now: _If, yes: int, no: int) -> None:
        """A question that can't be put together: asked for every combination, or, of too many, for what is there now."""
        label = self.pack.facts[base].label
        fields = [label, leaf.fact.partition("[].")[2], leaf.argument["by"].partition("[].")[2]]
        spots = [n for (path, _), cells in self.by_row.items() if path == base for name, n in cells.items() if name in fields]
        spots += self.more.get(base, ())
        total = math.prod(len(self.spots[number].options) for number in spots)
        for turn in range(total if total <= _MOST_TABLE else 1):
            picked: Pick = {}
            for number in spots:
                turn, picked[number] = divmod(turn, len(self.spots[number].options))
            made = [dict(row) for row in self.facts.records[base]]
            for number, pick in picked.items():
                spot, option = self.spots[number], self.spots[number].options[pick]
                made += option.rows if spot.row == MORE else ()
                if option.fact:
                    made[spot.row][spot.path.partition("[].")[2]] = option.fact
            given = (*now, *(self.picks[number][pick] for number, pick in picked.items()))
            self._answered(leaf, base, Option(None, self.facts.plain[base], tuple(made)), given, yes, no)

    # --- names

    def _named(self, path: str) -> tuple[dict[str, int], int]:
        """An atom for each name that may stand at a path, and one that says that not all is known there."""
        if path not in self.names:
            atoms: dict[str, int] = {}
            unknown = self.to.add_atom()
            for slot in self._slots(path):
                for given, fact in slot:
                    for item in fact.items if fact.known else ():
                        name = item.name.casefold()
                        if name not in atoms:
                            atoms[name] = self.to.add_atom()
                        self.to.add_rule([atoms[name]], given)
                    if not fact.known:
                        self.to.add_rule([unknown], given)
            self.names[path] = atoms, unknown
        return self.names[path]

    def _relation(self, leaf: Leaf, yes: int, no: int) -> None:
        names, incomplete = self._named(leaf.argument)
        unknown = self.to.add_atom()
        for slot in self._slots(leaf.fact):
            for given, fact in slot:
                if not fact.known:
                    self.to.add_rule([unknown], given)
                    continue
                for name in {item.name.casefold() for item in fact.items}:
                    there = names.get(name)
                    if leaf.operator == "apart_from":
                        if there is not None:
                            self.to.add_rule([no], [*given, there])
                        continue
                    lost = [*given] if there is None else [*given, -there]
                    self.to.add_rule([no], [*lost, -incomplete])
                    self.to.add_rule([unknown], [*lost, incomplete])
        if leaf.operator == "apart_from":
            self.to.add_rule([unknown], [incomplete])
        self.to.add_rule([yes], [-no, -unknown])

    def _keep_references(self) -> None:
        """A value that is stated anew refers to something that is there, where anything is; else it would be a new problem."""
        bases = {spot.path.partition("[]")[0] for spot in self.spots}
        as_is = {picks[0] for picks in self.picks}
        for path, known in self.pack.facts.items():
            if not known.to or not {path.partition("[]")[0], known.to.partition("[]")[0]} & bases:
                continue
            names, _ = self._named(known.to)
            there = {item.name.casefold() for fact in self.facts.at(known.to) for item in fact.items}
            lost = {item.name.casefold() for fact in self.facts.at(path) for item in fact.items} - there
            some = self._some(names, 1)
            for given, fact in (option for slot in self._slots(path) for option in slot):
                for name in {item.name.casefold() for item in fact.items} if fact.path == path else ():
                    if not (name in lost and as_is.issuperset(given)):
                        self.to.add_rule([], [*given, some, *([-names[name]] if name in names else [])])

    # --- answers

    def next(self, fixed: Pick | None = None) -> Found | None:
        """The best answer that is left (where `fixed` is taken); nothing where there is none."""
        best: Found | None = None
        given = [self.picks[number][n] for number, n in (fixed or {}).items()]
        with self.control.solve(assumptions=given, yield_=True) as answers:
            for model in answers:
                taken = (next(n for n, atom in enumerate(atoms) if model.is_true(atom)) for atoms in self.picks)
                best = Found({number: n for number, n in enumerate(taken) if n}, False)
            exhausted = bool(answers.get().exhausted)
        return Found(best.picks, exhausted) if best else None

    def forbid(self, picks: Pick, cost: Sequence[Sequence[Cost]]) -> None:
        """No answer may state and correct all of these again, whatever the values; nor correct what can be stated."""
        with self.control.backend() as self.to:
            self.to.add_rule([], [self.acts[one][1] if cost[one][n][0] else self.used[one] for one, n in picks.items()])

    def forbid_values(self, picks: Pick) -> None:
        """No answer may take exactly these options again."""
        with self.control.backend() as self.to:
            self.to.add_rule([], [atoms[picks.get(number, 0)] for number, atoms in enumerate(self.picks)])

    def would(self, picks: Pick) -> bool:
        """Whether exactly these options, and else what is there now, would be an answer."""
        given = [atoms[picks.get(number, 0)] for number, atoms in enumerate(self.picks)]
        return bool(self.control.solve(assumptions=given).satisfiable)
