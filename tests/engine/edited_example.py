"""What the tests of changes have in common: the example of the shipped pack with facts taken away and replaced."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import random_packs
from fact_files import pack
from gatewright.engine import evaluate
from gatewright.engine.changes import Changes, compare
from gatewright.engine.verdict import Verdict

PACK = pack()
Said = dict[str, Any]


def put(said: Said, path: str, value: Any = None) -> Said:
    """With `value` at a path, or at a field of every record; without a value, taken away."""
    found = copy.deepcopy(said)
    base, bracket, field = path.partition("[].")
    *above, last = base.split(".")
    level = found
    for part in above:
        level = level.setdefault(part, {})
    rows = level.get(last)
    for mapping in [level] if not bracket else [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []:
        key = field or last
        mapping[key] = value
        if value is None:
            del mapping[key]
    return found


def at(said: Said, path: str) -> Any:
    level: Any = said
    for part in path.partition("[]")[0].split("."):
        level = level.get(part) if isinstance(level, dict) else None
    return copy.deepcopy(level)


def judge(said: Said) -> Verdict:
    return evaluate.evaluate(random_packs.read(said, PACK), PACK)


@cache
def example() -> Verdict:
    return judge(PACK.example)


def between(old: Said, new: Said) -> Changes:
    return compare(judge(old), judge(new))


def after(path: str, value: Any = None) -> Changes:
    """What changes where one fact of the example is other."""
    return compare(example(), judge(put(PACK.example, path, value)))


def told(changes: Changes) -> list[tuple[str, str, str, str, str]]:
    """Each changed fact: how, which, in which record, and what it said before and after."""
    return [
        (c.kind, c.path, c.within, ", ".join(i.shown for i in c.old.items), ", ".join(i.shown for i in c.new.items))
        for c in changes.facts
    ]
