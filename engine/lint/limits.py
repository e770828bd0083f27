"""Limits that lie outside what they are compared with."""

from __future__ import annotations

from collections.abc import Iterator

from ..pack_conditions import Leaf
from ..pack_walks import Location, below
from .subject import Finding, Subject, shown
from .values import cuts_of, limits_of, plain, range_of


def check(subject: Subject) -> Iterator[Finding]:
    """Limits that no value of the fact can reach, and numbers of records that there can't be."""
    for _, statement, _, location in subject.placed:
        for part, where in below(statement, location):
            if isinstance(part, Leaf):
                yield from _leaf(subject, part, where)


def _leaf(subject: Subject, leaf: Leaf, where: Location) -> Iterator[Finding]:
    pack, asked = subject.pack, plain(leaf)
    compared = [(name, f"`{asked.fact}`", *range_of(pack.facts[asked.fact])) for name in limits_of(asked)]
    if asked.operator == "count":
        least = {"at_least": ("a number of records that has to occur", 1.0), "at_most": ("a number of records", 0.0)}
        compared += [(name, *least[key], None) for key, name in asked.argument.items() if key in least]
    if asked.operator == "varies":
        compared += [(asked.argument["over"], "a number of runs that can vary", 2.0, None)]
        compared += [(asked.argument["from"], "a coefficient of variation", 0.0, None)]
    low, high = range_of(pack.facts[asked.fact])
    for cut in cuts_of(asked):
        if (low is not None and cut < low) or (high is not None and cut > high):
            subject.told.add(where)
            what = f"{shown(asked)} compares with {cut:g}, and `{asked.fact}` {_span(low, high)}"
            yield subject.finding("limit-out-of-range", where, what)
            return
    for name, what, low, high in compared:
        value = pack.limits[name].value
        if (low is not None and value < low) or (high is not None and value > high):
            subject.told.add(where)
            what = f"the limit `{name}` is {value:g}, and {what} {_span(low, high)}"
            yield subject.finding("limit-out-of-range", where, what)


def _span(low: float | None, high: float | None) -> str:
    ends = f"is {low:g} to {high:g}" if low is not None and high is not None else ""
    return ends or (f"is at least {low:g}" if low is not None else f"is at most {high:g}")
