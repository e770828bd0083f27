"""Whether another value of a limit makes a pack stricter: told from how the limit is used, or not told at all."""

from __future__ import annotations

from typing import Any, Literal, cast

from .pack import CriterionHolds, Decides, Leaf, Pack
from .pack_walks import below, placed

Way = Literal["up", "down", "unclear"]
# Where a condition asks for something, a larger limit asks for more, or for less.
_WAYS: dict[str, Way] = {"at_least": "up", "some_from": "up", "at_most": "down"}


def is_tighter(pack: Pack, limit: str, before: float, after: float) -> bool:
    """Whether every use of `limit` in `pack` asks for at least as much with the value `after` as with `before`."""
    ways = _ways(pack, limit)
    return before == after or not ways or ways == ({"up"} if after > before else {"down"})


def _ways(pack: Pack, limit: str) -> set[Way]:
    """In which direction each use of a limit gets stricter."""
    found: set[Way] = {"down" for fact in pack.facts.values() if (fact.fresh_for or pack.fresh_for) == limit}
    for kind, statement, _, location in placed(pack):
        asks = kind not in ("signal", "antipattern")  # these may hold for the worse
        for part, _ in below(statement, location):
            if isinstance(part, CriterionHolds) and not asks:
                return {"unclear"}
            used = _uses(part, limit) if isinstance(part, (Leaf, Decides)) else set[Way]()
            found |= used if asks or not used else {"unclear"}
    return found


def _uses(part: Leaf | Decides, limit: str) -> set[Way]:
    if isinstance(part, Decides):
        asked: tuple[tuple[Way, str | None], ...] = (("up", part.at_least), ("down", part.at_most))
        return {way for way, name in asked if name == limit}
    argument: Any = part.argument
    if not isinstance(argument, dict):
        return {_WAYS[part.operator]} if argument == limit and part.operator in _WAYS else set()
    given = cast("dict[str, Any]", argument)
    if limit not in given.values():
        return set()
    if part.operator != "count":
        return {"unclear"}
    most = "at_most" in given  # so many may reach `from`: the larger that is, the fewer do
    return {"down" if most else "up"}
