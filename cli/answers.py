"""The answers that commands hand to the renderers, beside the Verdict of the engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..engine.errors import Problem
from ..engine.facts import Facts
from ..engine.pack import Pack


@dataclass(frozen=True, slots=True)
class Checked:
    """What `validate` found in one file. `unreadable` where it could not be read as a fact file at all."""

    file: str
    text: str
    problems: tuple[Problem, ...]
    unreadable: bool
    states: dict[str, int]


@dataclass(frozen=True, slots=True)
class StageGraph:
    """The gates in order, the edges of the picture, and, where a fact file was given, the status of each gate."""

    pack: Pack
    order: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    turned_round: tuple[tuple[str, str], ...]
    statuses: dict[str, str]


def count_states(facts: Facts) -> dict[str, int]:
    """How many facts are stated, assumed, placeholders, missing and invalid; fields count one for each record."""
    states: Counter[str] = Counter()
    for path, fact in facts.plain.items():
        rows = facts.records.get(path, ())
        if rows:
            states.update(field.state for row in rows for field in row.values())
        else:
            states[fact.state] += 1
    return {state: states[state] for state in ("stated", "assumed", "placeholder", "missing", "invalid")}
