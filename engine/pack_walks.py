"""Walks through a pack: every statement, every condition in it, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator

from .pack import Pack
from .pack_conditions import All, AnyOf, Condition, Leaf, Statement

Location = tuple[str | int, ...]


def inner(condition: Condition | Statement) -> tuple[str, tuple[Condition, ...]]:
    """`all` or `any`, and the conditions under it."""
    if isinstance(condition, (All, Statement)) and condition.all:
        return "all", condition.all
    return ("any", condition.any) if isinstance(condition, (AnyOf, Statement)) else ("", ())


def below(condition: Condition | Statement, location: Location = ()) -> Iterator[tuple[Condition, Location]]:
    """Every condition in it, depth first, and where it stands."""
    kind, conditions = inner(condition)
    for number, part in enumerate(conditions):
        yield part, (*location, kind, number)
        yield from below(part, (*location, kind, number))


def parts(condition: Condition | None) -> Iterator[Condition]:
    """The condition and every condition in it, depth first."""
    if condition is not None:
        yield condition
        yield from (part for part, _ in below(condition))


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """Every leaf of a condition."""
    return (part for part in parts(condition) if isinstance(part, Leaf))


def statements(pack: Pack) -> Iterator[tuple[str, Statement]]:
    """Every statement of the pack, with its kind."""
    return ((kind, statement) for kind, statement, _, _ in placed(pack))


def placed(pack: Pack) -> Iterator[tuple[str, Statement, str, Location]]:
    """Every statement with its kind, the name of what it belongs to, and where it stands."""
    for n, gate in enumerate(pack.gates):
        yield "entry", gate.entry, f"entry `{gate.entry.id}`", ("gates", n, "entry")
        yield from (("criterion", c, f"criterion `{c.id}`", ("gates", n, "exit", m)) for m, c in enumerate(gate.exit))
    yield from (("signal", s, f"signal `{s.id}`", ("signals", n)) for n, s in enumerate(pack.signals))
    yield from (("antipattern", a, f"anti-pattern `{a.id}`", ("antipatterns", n)) for n, a in enumerate(pack.antipatterns))
    for n, checklist in enumerate(pack.checklists):
        for m, item in enumerate(checklist.items):
            yield "item", item, f"checklist `{checklist.id}`", ("checklists", n, "items", m)
