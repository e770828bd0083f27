"""What a pack asks for, in plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from ... import safe
from . import words
from .words import plural

if TYPE_CHECKING:
    from ....engine.pack import Pack
    from ....engine.pack_items import Named

KINDS = {
    "gate": ("gate", "gates"),
    "entry": ("entry criterion", "entry criteria"),
    "criterion": ("exit criterion", "exit criteria"),
    "table": ("decision table", "decision tables"),
    "row": ("row", "rows"),
    "signal": ("signal", "signals"),
    "antipattern": ("anti-pattern", "anti-patterns"),
    "checklist": ("checklist", "checklists"),
    "item": ("checklist item", "checklist items"),
    "fact": ("fact", "facts"),
    "limit": ("limit", "limits"),
    "words": ("list of words", "lists of words"),
    "departure": ("departure", "departures"),
}
_LISTED = ("gate", "criterion", "table", "row", "signal", "antipattern", "checklist")  # in an overview; the others are counted
_NESTED = ("criterion", "row")


def pack_show(pack: Pack, named: Sequence[Named], whole: bool, asked: str) -> str:
    """An overview, or with `whole` each thing with what it says and asks."""
    head = "" if asked else "\n".join(_head(pack)) + "\n\n"
    return head + "\n".join(_whole(named) if whole else _overview(named)).strip("\n") + "\n"


def _head(pack: Pack) -> list[str]:
    title = f"{pack.id} {pack.version} ({pack.digest[7:19]}): {safe.terminal(pack.title)}"
    return [title, f"Source: {safe.terminal(pack.source)}", *words.departures(pack)]


def _overview(named: Sequence[Named]) -> Iterator[str]:
    for kind, found in groupby((one for one in named if one.kind in _LISTED), lambda one: one.kind in _NESTED or one.kind):
        some = list(found)
        if kind is not True and some[0].kind not in ("gate", "table"):
            yield f"\n{KINDS[some[0].kind][1].capitalize()}"
        for one in some:
            yield _line(one)
    counts = [(kind, sum(one.kind == kind for one in named)) for kind in ("item", "fact", "limit")]
    told = ", ".join(plural(count, *KINDS[kind]) for kind, count in counts if count)
    yield f"\nand {told}. `gatewright pack show NAME` tells what one of them asks, --all everything."


def _line(one: Named) -> str:
    if one.kind == "gate":
        return f"\nGate {dict(one.says)['number']}, {one.name}: {safe.terminal(one.title)}"
    if one.kind == "table":
        return f"\nDecision table {one.name}: {safe.terminal(one.title)}"
    said = dict(one.says)
    gives = f"{said['default']}" if "default" in said else said.get("gives", "")
    return f"  {one.name.rpartition('/')[2]}: {safe.terminal(one.title)}" + (f" -> {safe.terminal(gives)}" if gives else "")


def _whole(named: Iterable[Named]) -> Iterator[str]:
    for one in named:
        within = f" of {one.within}" if one.within else ""
        yield f"{KINDS[one.kind][0].capitalize()} `{safe.terminal(one.name)}`{within}: {safe.terminal(one.title)}"
        for label, text in one.says:
            yield f"  {label}: {safe.terminal(text)}"
        if one.asks:
            yield "  asks:"
        for depth, text in one.asks:
            yield f"  {'  ' * depth}- {safe.terminal(text)}"
        yield ""
