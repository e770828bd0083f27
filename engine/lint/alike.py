"""Whether a mutant judges every delivery as its pack does: proved by the solver, or by the order of the gates.

For that a pack is made that holds what is changed twice, before and after, and the solver looks for a delivery that the two
answer differently.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from ..compiler import compile_pack
from ..mutants import Mutant, changed, limits_in, replaced, statement_name
from ..pack import Pack, Signal
from ..pack_conditions import All, AnyOf, Condition, Decides, Leaf, Statement
from ..pack_loader import Written
from ..pack_walks import Location, below, placed
from .subject import Subject, Witness

_BEFORE, _AFTER = "?before", "?after"  # no id of a pack begins so
_SIDES = ("yes", "no", "open")
_MOVED = "?moved"
Pair = tuple[Statement, Statement]


class Alike:
    """Proofs and witnesses about the mutants of a pack."""

    def __init__(self, written: Written) -> None:
        self.written, self.pack = written, written.pack
        self._subjects: dict[tuple[str, int], Subject] = {}

    def proof(self, mutant: Mutant) -> str:
        """Why the mutant judges every delivery alike; nothing where that is not proved."""
        if mutant.about.startswith("gate "):
            return self._of_need(mutant)
        if mutant.at[0] == "tables":
            return self._of_ranks(mutant) if mutant.at[2] == "priority" else ""
        pairs = self._pairs(mutant)
        if pairs and all(self._differ(mutant, n) is None for n in range(len(pairs))):
            return "the solver finds no delivery that it judges otherwise"
        return ""

    def witness(self, mutant: Mutant) -> Witness | None:
        """A delivery that the mutant judges otherwise, where the solver gives one."""
        for number in range(len(self._pairs(mutant))):
            for goals in self._differ(mutant, number) or ():
                found = self._subject(mutant, number).witness(*((goal,) for goal in goals))
                if found is not None:
                    return found
        return None

    def _of_need(self, mutant: Mutant) -> str:
        """The last gate is last in every order, so its turn never comes before all others have passed."""
        gate = self.pack.gates[int(mutant.at[1])]
        if gate.id != self.pack.order[-1]:
            return ""
        needed = self.pack.gates[int(mutant.at[1])].needs[int(mutant.location[-1])]
        rules: dict[str, list[tuple[str, ...]]] = {}
        for rule in compile_pack(mutant.of(self.pack)).rules:
            rules.setdefault(rule.head, []).append(rule.body)
        todo, sure = [f"gate:{gate.id} turn"], set[str]()
        while todo:
            claim = todo.pop()
            if claim not in sure:
                sure.add(claim)
                todo += rules[claim][0] if len(rules.get(claim, ())) == 1 else ()  # what one rule alone derives needs its body
        return "its turn never comes before all other gates have passed" if f"gate:{needed} passed" in sure else ""

    def _of_ranks(self, mutant: Mutant) -> str:
        """Two rows next to each other lead alike in either order where neither holds while the other may."""
        table = self.pack.tables[int(mutant.at[1])]
        n = int(mutant.location[-1])
        one, other = (row.when for row in table.ranked[n : n + 2])
        for holds, may in ((one, other), (other, one)):
            if self._whole.can((f"signal:{holds} yes",), (f"signal:{may} yes", f"signal:{may} open")):
                return ""
        return "the signals of the two rows exclude each other"

    @cached_property
    def _whole(self) -> Subject:
        return Subject(self.written)

    def _pairs(self, mutant: Mutant) -> list[Pair]:
        """The statements that are changed, before and after; of a limit, all that name it."""
        kind, _, name = mutant.about.partition(" ")
        statements = [(k, statement_name(self.pack, k, one, where), one, where) for k, one, _, where in placed(self.pack)]
        if kind == "limit" and any(isinstance(part, Decides) and name in limits_in(part) for part in self._parts()):
            return []  # what a table of outputs gives is not compared here
        if kind == "limit":
            return [(one, self._moved(one, where, name)) for k, named, one, where in statements if (k, named) in mutant.touches]
        return [
            (one, replaced(one, mutant.at[len(where) :], mutant.value))
            for _, _, one, where in statements
            if mutant.at[: len(where)] == where
        ]

    def _parts(self) -> Iterator[Condition]:
        return (part for _, one, _, where in placed(self.pack) for part, _ in below(one, where))

    @staticmethod
    def _moved(statement: Statement, where: Location, name: str) -> Statement:
        """The statement with another limit in place of the one that is moved."""
        for part, at in list(below(statement, where)):
            if name in limits_in(part) and isinstance(part, Leaf):
                argument = part.argument
                if isinstance(argument, dict):
                    argument = {key: _MOVED if value == name else value for key, value in argument.items()}  # pyright: ignore
                else:
                    argument = _MOVED
                statement = replaced(statement, at[len(where) :], changed(part, argument=argument))
        return statement

    def _subject(self, mutant: Mutant, number: int) -> Subject:
        key = (mutant.name, number)
        if key not in self._subjects:
            self._subjects = {key: self._both(mutant, *self._pairs(mutant)[number])}  # one at a time: they are large
        return self._subjects[key]

    def _both(self, mutant: Mutant, before: Statement, after: Statement) -> Subject:
        pack: Pack = self.pack
        if mutant.about.startswith("limit "):
            name = mutant.about.partition(" ")[2]
            pack = changed(pack, limits=pack.limits | {_MOVED: changed(pack.limits[name], value=mutant.value)})
        signals = [_signal(_BEFORE, before), _signal(_AFTER, after)]
        return Subject(replace(self.written, pack=changed(pack, signals=(*pack.signals, *signals)), problems=()))

    def _differ(self, mutant: Mutant, number: int) -> list[tuple[str, str]] | None:
        """The answers that the two may give at once and that differ; nothing where it is sure that there are none."""
        subject = self._subject(mutant, number)
        found = [
            (f"signal:{_BEFORE} {one}", f"signal:{_AFTER} {other}")
            for one, other in itertools.permutations(_SIDES, 2)
            if subject.can((f"signal:{_BEFORE} {one}",), (f"signal:{_AFTER} {other}",))
        ]
        return found or None


def _signal(name: str, statement: Statement) -> Signal:
    condition = statement.condition
    parts = (condition,) if isinstance(condition, (All, AnyOf)) else ()
    return Signal.model_construct(id=name, title=name, all=parts, any=())
