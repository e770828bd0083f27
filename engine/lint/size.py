"""What the engine bears: how deep statements stand on each other, and how many rules there are."""

from __future__ import annotations

from collections.abc import Iterator

from ..compiler import compile_pack
from ..pack_conditions import Statement
from .subject import Finding, Subject

# Measured: an explanation follows some 300 levels before Python ends it, and one evaluation of 10,000 rules takes about
# a second. Both leave room, and no pack that people can read comes near.
MOST_LEVELS = 60
MOST_RULES = 10_000


def check(subject: Subject) -> Iterator[Finding]:
    """Statements that stand on each other too deep, and too many rules."""
    levels: dict[int, int] = {}
    for _, statement, name, location in subject.placed:
        if _level(subject, statement, levels) == MOST_LEVELS + 1:
            what = f"{name} stands on {MOST_LEVELS} levels of signals, criteria or checklists, more than can be explained"
            yield subject.finding("too-deep", location, what)
    rules = len(compile_pack(subject.pack).rules)
    if rules > MOST_RULES:
        what = f"the pack makes {rules} rules, and from {MOST_RULES} a check takes longer than a second"
        yield subject.finding("too-many-rules", (), what)


def _level(subject: Subject, statement: Statement, levels: dict[int, int]) -> int:
    """How many levels a statement has, itself included. Without recursion, for it is what is too deep."""
    todo = [statement]
    while todo:
        one = todo[-1]
        below = subject.stands_on(one)
        open_ = [each for each in below if id(each) not in levels]
        if open_ and id(one) not in levels:
            todo.append(open_[0])
            continue
        levels[id(one)] = 1 + max((levels[id(each)] for each in below), default=0)
        todo.pop()
    return levels[id(statement)]
