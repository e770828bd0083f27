"""What the tables of outputs say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ....engine import table_words
from ....engine.conditions import Look
from ....engine.verdict import Decision, Verdict
from ... import safe
from . import words
from .problems import where

_MOST_NAMED = 12  # facts that are listed before the rest is only counted


def decisions(verdict: Verdict) -> list[str]:
    """Each table in a line or two, for the whole verdict."""
    lines = ["", "Decision tables", ""] if verdict.decisions else []
    for found in verdict.decisions:
        lines.append(f"  {found.table.id}: {safe.terminal(short(found))}")
        lines += [f"    because {look}" for look in _looks(verdict, found.because, 1)]
        lines += [f"    to decide it: {look}" for look in _looks(verdict, found.needs, 1)]
    return lines


def short(found: Decision) -> str:
    """What a table says, in one line."""
    return table_words.short(found.table, found.answer)


def _looks(verdict: Verdict, looks: Iterable[Look], most: int) -> Iterator[str]:
    every = list(dict.fromkeys(looks))
    for number, look in enumerate(every[:most], 1):
        more = len(every) - most
        rest = f" and {words.plural(more, 'fact')} more" if number == most and more > 0 else ""
        yield f"{words.look(look)}  ({words.spot(verdict, look)}){rest}"


def decision(verdict: Verdict, found: Decision) -> list[str]:
    """A table in full: what it says by which rows, what it would say if others held, and what would settle it."""
    table, answer = found.table, found.answer
    policy = f"{table.hit} {table.aggregate}" if table.aggregate else table.hit
    lines = [f"{safe.terminal(table.title)} ({table.id}, hit policy {policy})"]
    for case in table_words.cases(table, answer):
        lines += ["", safe.terminal(f"  If row `{case.row.id}` holds ({_when(verdict, case.row.when)}): {case.says}")]
    between = table_words.bounds(table, answer)
    lines += ["", f"  {safe.terminal(between[:1].upper() + between[1:])}"] if between else []
    says = table_words.sure(table, answer)
    says = f"Otherwise: {says}" if answer.status == "conditional" else says[:1].upper() + says[1:]
    lines += ["", f"  {safe.terminal(says)}"]
    lines += [safe.terminal(f"    because row `{row.id}` holds: {_when(verdict, row.when)}") for row in answer.rows]
    lines += [f"      {look}" for look in _looks(verdict, found.because, _MOST_NAMED)]
    if found.needs:
        lines += ["", "  To decide it, state:"]
    for look in dict.fromkeys(found.needs):
        lines += [
            f"    {words.fact(look.fact, look.within, look.shown, look.says)}  ({where(verdict.facts.file, look.place)})",
            f"      {safe.terminal(verdict.pack.facts[look.fact].ask)}",
        ]
    return lines


def _when(verdict: Verdict, signal: str) -> str:
    return next((one.title for one in verdict.pack.signals if one.id == signal), "always")
