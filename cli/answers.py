"""The answers that commands hand to the renderers, beside the Verdict of the engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..engine.errors import Problem
from ..engine.facts import Facts
from ..engine.pack import Pack
from ..engine.verdict import Verdict

if TYPE_CHECKING:
    from ..engine.record import Difference


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
    """The edges of the picture, (needed, gate), and, where a fact file was given, its verdict."""

    pack: Pack
    edges: tuple[tuple[str, str], ...]
    verdict: Verdict | None

    @property
    def order(self) -> tuple[str, ...]:
        """The gates in the order they are judged in."""
        return self.verdict.program.order if self.verdict else self.pack.order

    @property
    def turned_round(self) -> tuple[tuple[str, str], ...]:
        """Each (gate, needed gate) that another order puts the wrong way round."""
        return self.verdict.turned_round if self.verdict else ()

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each gate."""
        return {found.gate.id: str(found.status) for found in self.verdict.gates} if self.verdict else {}


def count_states(facts: Facts) -> dict[str, int]:
    """How many facts are stated, assumed, placeholders, missing, invalid and stale; fields count one for each record."""
    states: Counter[str] = Counter()
    for path, fact in facts.plain.items():
        rows = facts.records.get(path, ())
        if rows:
            states.update(field.state for row in rows for field in row.values())
        else:
            states[fact.state] += 1
    return {state: states[state] for state in ("stated", "assumed", "placeholder", "missing", "invalid", "stale")}


@dataclass(frozen=True, slots=True)
class Verified:
    """What `verify` found of a record: faults of the record itself, differences to judging again, and other versions.

    `now` is the verdict by another day, where that was asked for.
    """

    record: str
    verdict: Verdict
    signed: bool
    today: str
    now: Verdict | None
    faults: tuple[str, ...]
    differences: tuple[Difference, ...]
    versions: tuple[Difference, ...]

    @property
    def true(self) -> bool:
        """Whether the record says what is so."""
        return not self.faults and not self.differences
