"""The same rules read naively: the second opinion on every run, and the only one where durable-rules can't be had."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from .compiler import Rule


@lru_cache(maxsize=64)
def _index(rules: tuple[Rule, ...]) -> tuple[tuple[int, ...], dict[str, tuple[int, ...]]]:
    """How many claims each rule needs, and which rules need each claim."""
    wanted: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        for claim in set(rule.body):
            wanted.setdefault(claim, []).append(number)
    return tuple(len(set(rule.body)) for rule in rules), {claim: tuple(numbers) for claim, numbers in wanted.items()}


def fired(rules: tuple[Rule, ...], claims: Iterable[str]) -> tuple[Rule, ...]:
    """Every rule whose body holds in the least fixpoint over `claims`, each after the rules that it stands on."""
    needs, wanted = _index(rules)
    lacking = list(needs)
    known = set(claims)
    todo = sorted(known)
    found: list[Rule] = []
    for claim in todo:
        for number in wanted.get(claim, ()):
            lacking[number] -= 1
            if lacking[number] == 0:
                rule = rules[number]
                found.append(rule)
                if rule.head not in known:
                    known.add(rule.head)
                    todo.append(rule.head)
    return tuple(found)
