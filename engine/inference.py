"""Rules + claims -> derivations, by durable-rules, checked by the plain fixpoint. The only import of durable.

durable-rules is used within a subset that was measured to be right: Horn rules over interned claims, no
`none()`, no values of a user's, a host without threads, one short session an evaluation under a lock.
Claims that stand in no rule's body are not asserted, so that every fact the engine sees has a rule that
handles it; what such rules derive is in the trace all the same.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from . import fixpoint
from .compiler import BEGIN, Rule
from .errors import EngineFault

try:
    from durable import engine as _durable  # pyright: ignore[reportMissingTypeStubs]
except ImportError:  # CPython 3.13 and later: the extension builds and does not import
    _durable = None

_GROUP = 20  # sibling conditions under one node of the network: from 512 the engine hangs, and few are fastest
_MOST_RULES = 250  # rules that one claim may stand in; from 256 the engine hangs


@dataclass(frozen=True, slots=True)
class Derivation:
    """One firing of a rule: what it concluded, and what it stood on."""

    rule: str
    body: tuple[str, ...]
    head: str


@dataclass(frozen=True, slots=True)
class Engine:
    """Which engine derived, and whether a second one agreed."""

    name: str
    checked_by: str
    note: str


def derive(rules: tuple[Rule, ...], claims: Iterable[str]) -> tuple[tuple[Derivation, ...], Engine]:
    """Every derivation from `claims`. Raises EngineFault where the two engines differ."""
    given = frozenset(claims) | {BEGIN}
    second = fixpoint.fired(rules, given)
    derivations = tuple(Derivation(rule.id, rule.body, rule.head) for rule in second)
    if _durable is None:
        return derivations, Engine("fixpoint", "", "durable-rules can't be imported on this Python, so the plain fixpoint "
                                   "derived alone, without a second opinion")
    first = _network(rules).run(given)
    if first != frozenset(rule.id for rule in second):
        one_sided = sorted(first ^ {rule.id for rule in second})
        raise EngineFault(f"durable-rules and the fixpoint differ on {len(one_sided)} rules: {', '.join(one_sided[:5])}")
    return derivations, Engine("durable-rules", "fixpoint", "")


@lru_cache(maxsize=64)
def _network(rules: tuple[Rule, ...]) -> _Network:
    return _Network(rules)


class _Network:
    """The rules, registered once; each run is a session of its own that is deleted in the end."""

    _sessions = itertools.count()
    _lock = threading.Lock()

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        assert _durable is not None
        used = sorted({claim for rule in rules for claim in rule.body})
        self._code = {claim: (f"g{number // _GROUP}", f"c{number}") for number, claim in enumerate(used)}
        counts: dict[str, int] = {}
        for rule in rules:
            for claim in rule.body:
                counts[claim] = counts.get(claim, 0) + 1
        crowded = [claim for claim, count in counts.items() if count > _MOST_RULES]
        if crowded:
            raise EngineFault(f"more than {_MOST_RULES} rules stand on `{crowded[0]}`, and durable-rules bears no more")
        self._fired: list[str] = []
        self._asserted: set[str] = set()
        self._session = ""
        self._errors: list[BaseException] = []
        ruleset: dict[str, Any] = {
            f"r{number}": {"all": [{f"m{n}": self._pattern(claim)} for n, claim in enumerate(rule.body)],
                           "run": self._action(rule)}
            for number, rule in enumerate(rules)
        }
        durable: Any = _durable

        class Host(durable.Host):  # the default host starts two threads that never end
            def _run(self) -> None: ...

        with self._lock:
            self._host: Any = Host()
            self._host.register_rulesets({"gatewright": ruleset})

    def _pattern(self, claim: str) -> dict[str, Any]:
        group, code = self._code[claim]
        return {"$and": [{"g": group}, {"c": code}]}

    def _fact(self, claim: str) -> dict[str, str]:
        group, code = self._code[claim]
        return {"id": code, "sid": self._session, "g": group, "c": code}

    def _action(self, rule: Rule) -> Callable[[Any], None]:
        def act(context: Any) -> None:  # one parameter: with two the engine runs it asynchronously
            try:
                self._fired.append(rule.id)
                if rule.head in self._code and rule.head not in self._asserted:
                    self._asserted.add(rule.head)
                    context.assert_fact(self._fact(rule.head))
            except BaseException as error:  # the engine would swallow it
                self._errors.append(error)
        return act

    def run(self, claims: frozenset[str]) -> frozenset[str]:
        """The ids of the rules that fire on `claims`."""
        with self._lock:
            self._session = f"s{next(self._sessions)}"
            self._fired, self._errors = [], []
            given = [claim for claim in sorted(claims) if claim in self._code]
            self._asserted = set(given)
            try:
                self._host.assert_facts("gatewright", [self._fact(claim) for claim in given])
            except Exception as error:
                raise EngineFault(f"durable-rules failed: {error}") from error
            finally:
                if self._fired:  # a session in which no rule has fired is none
                    self._host.delete_state("gatewright", self._session)
            if self._errors:
                raise EngineFault(f"durable-rules failed in an action: {self._errors[0]}") from self._errors[0]
            fired = frozenset(self._fired)
            if len(fired) != len(self._fired):
                raise EngineFault("durable-rules fired a rule twice")
            return fired
