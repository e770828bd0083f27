"""Verdict -> the one thing to do next.

Where the file has problems, the first of them. Else, of the facts that keep the first blocked gate from passing, the one

1. that is all that most criteria still need, in this gate and in those that wait for it,
2. then the one that most open criteria need besides others,
3. then the one that is the least work, by the pack,
4. then the one that comes first in the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .errors import Problem
from .explain import explain
from .pack import Criterion
from .steps import Key, Step, about, faults, key, mends
from .verdict import CriterionVerdict, Verdict

_OPEN = ("unmet", "unknown")


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next: state or correct a fact, or mend a problem of the file, or, where no fact explains why a criterion
    does not hold, what the criterion says. `criteria` need nothing else; `others` need it among other things.
    """

    fact: Step | None
    problem: Problem | None
    how: str
    criteria: tuple[Criterion, ...] = ()
    others: tuple[Criterion, ...] = ()


def next_step(verdict: Verdict) -> NextStep | None:
    """The one thing to do next; nothing where everything passed."""
    if verdict.facts.problems:
        problem = verdict.facts.problems[0]
        return NextStep(None, problem, f"{problem.what}: {problem.help}" if problem.help else problem.what)
    blocked = next((gate for gate in verdict.gates if gate.status == "blocked"), None)
    return best(verdict, (blocked.entry, *blocked.exit)) if blocked else None


def best(verdict: Verdict, among: Iterable[CriterionVerdict], path: str = "") -> NextStep | None:
    """The same for the facts that keep the criteria in `among` from holding; nothing where all of them hold.

    With `path` only what is about that fact, and nothing where it is not in the way.
    """
    wanted = [found for found in among if found.status in _OPEN]
    if not wanted:
        return None
    gates = (found for gate in verdict.gates for found in (gate.entry, *gate.exit))
    criteria = {found.criterion.id: found.criterion for found in (*wanted, *gates) if found.status in _OPEN}
    trees = {name: explain(verdict, "criterion", name) for name in criteria}
    found = {key(fact): fact for one in wanted for fact in faults(trees[one.criterion.id]) if not path or about(fact.id, path)}
    if not found and path:
        return None
    if not found:
        return NextStep(None, None, wanted[0].criterion.mend, others=(wanted[0].criterion,))
    bearing = {name: {key(fact) for fact in faults(tree)} for name, tree in trees.items()}
    position = {path: number for number, path in enumerate(verdict.pack.facts)}

    def weigh(one: Key) -> tuple[tuple[object, ...], NextStep]:
        ends = {name for name, tree in trees.items() if mends(tree, {one}, trees)}
        alone = tuple(criterion for name, criterion in criteria.items() if name in ends)
        others = tuple(criterion for name, criterion in criteria.items() if name not in ends and one in bearing[name])
        fact = found[one]
        rank = (-len(alone), -len(others), verdict.pack.effort_of(fact.id), position[fact.id], fact.within, fact.place or ())
        return rank, NextStep(fact, None, fact.how, alone, others)

    return min(map(weigh, found), key=lambda weighed: weighed[0])[1]
