"""What the decision tables recommend."""

from __future__ import annotations

from collections.abc import Sequence

from ....engine.verdict import Verdict
from . import words
from .decisions import decision
from .problems import where

_MOST_NAMED = 12  # facts that are listed before the rest is only counted


def recommend(verdict: Verdict, tables: Sequence[str]) -> str:
    """Each table: what it recommends, why, the alternative with its tradeoff, and what would change the answer."""
    lines = [f"{words.delivery(verdict)}", ""]
    for table in verdict.pack.tables:
        if table.id in tables:
            lines += [f"{table.title} ({table.id})", *_table(verdict, table.id), ""]
    for found in verdict.decisions:
        if found.table.id in tables:
            lines += [*decision(verdict, found), ""]
    return "\n".join([*lines, *words.engine(verdict)]) + "\n"


def _table(verdict: Verdict, table: str) -> list[str]:
    file = verdict.facts.file
    undecided = [u for u in verdict.undecided if u.table.id == table]
    rows = [r for r in verdict.recommendations if r.table.id == table]
    lines: list[str] = []
    for found in undecided:
        lines += [
            "",
            f'  If "{found.row.signal}" holds: {found.row.default.text}',
            *_choice(found.row.alternative.text, found.row.tradeoff),
        ]
    for number, found in enumerate(rows):
        if number:
            head = f"  Also holds, with lower rank: {found.row.default.text}"
        else:
            head = f"  {'Otherwise: ' if undecided else ''}{found.row.default.text}"
        lines += [
            "",
            head,
            f"    because: {found.row.signal}",
            *(f"      {words.look(look)}  ({where(file, look.place)})" for look in found.because[:_MOST_NAMED]),
            *_choice(found.row.alternative.text, found.row.tradeoff),
        ]
        lines += words.deviation(found)
    if not rows:
        lines += ["", f"  {'Otherwise nothing' if undecided else 'Nothing'}: no row holds."]
    if undecided:
        lines += ["", "  To decide it, state:"]
    for look in dict.fromkeys(look for found in undecided for look in found.needs):
        lines += [
            f"    {words.fact(look.fact, look.within, look.shown, look.says)}  ({where(file, look.place)})",
            f"      {verdict.pack.facts[look.fact].ask}",
        ]
    return lines


def _choice(alternative: str, tradeoff: str) -> list[str]:
    return [f"    alternative: {alternative}", f"    tradeoff: {tradeoff}"]
