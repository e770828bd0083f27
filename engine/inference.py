"""Rules + claims -> derivations, by durable-rules, checked by the plain fixpoint. The only import of durable.

durable-rules is used within a subset that was measured to be right: Horn rules over interned claims, no
`none()`, no values of a user's, a host without threads, one short session an evaluation under a lock.
Claims that stand in no rule's body are not asserted, so that every fact the engine sees has a rule that
handles it; what such rules derive is in the trace all the same.

A network that grows too large hangs or crashes, so the rules are laid out in as many networks as they need.
What one network derives is told to the others, until none has anything new.
"""

from __future__ import annotations

import itertools
import math
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from . import fixpoint
from .compiler import BEGIN, MOST_IN_BODY, Rule
from .errors import EngineFault

try:
    from durable import engine as _durable  # pyright: ignore[reportMissingTypeStubs]
except ImportError:  # CPython 3.13 and later: the extension builds and does not import
    _durable = None

_GROUP = 24  # siblings under one node of the network: it hangs from 512, and looks each up in 32 slots
_MOST_RULES = 2000  # rules of one network: 4,096 are the most it takes, and each costs memory in every session
_MOST_ON_ONE = 250  # rules of one network that stand on one claim: from 256 it reads beyond its list
_NAME, _SESSION = "gatewright", "s"


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
        return derivations, Engine(
            "fixpoint",
            "",
            "durable-rules can't be imported on this Python, so the plain fixpoint derived alone, without a second opinion",
        )
    try:
        first = _networks(rules).run(given)
    except BaseException:
        _networks.cache_clear()  # a session may be left half way: the next run starts with new networks
        raise
    if first != frozenset(rule.id for rule in second):
        one_sided = sorted(first ^ {rule.id for rule in second})
        named = ", ".join(f"`{name}`" for name in one_sided[:5])
        raise EngineFault(f"durable-rules and the fixpoint differ on {len(one_sided)} of the rules fired, among them {named}")
    return derivations, Engine("durable-rules", "fixpoint", "")


@lru_cache(maxsize=64)
def _networks(rules: tuple[Rule, ...]) -> _Networks:
    return _Networks(rules)


def _portions(rules: Iterable[Rule]) -> Iterator[list[Rule]]:
    """The rules in portions that one network bears."""
    portion: list[Rule] = []
    counts: dict[str, int] = {}
    for rule in rules:
        if not 1 <= len(set(rule.body)) <= MOST_IN_BODY:
            raise EngineFault(f"rule `{rule.id}` stands on {len(set(rule.body))} claims, and 1 to {MOST_IN_BODY} are possible")
        if len(portion) == _MOST_RULES or any(counts.get(claim, 0) == _MOST_ON_ONE for claim in rule.body):
            yield portion
            portion, counts = [], {}
        portion.append(rule)
        for claim in set(rule.body):
            counts[claim] = counts.get(claim, 0) + 1
    yield portion


def _hash(text: str) -> int:
    """FNV-1a, by which the engine tells ids and keys apart: two with equal hashes would count as one."""
    value = 2166136261
    for byte in text.encode("ascii"):
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def _codes(prefix: str, taken: set[int]) -> Iterator[str]:
    """Short ASCII names whose hashes differ from all in `taken` and from each other."""
    for number in itertools.count():
        code = f"{prefix}{number}"
        if _hash(code) not in taken:
            taken.add(_hash(code))
            yield code


class _Networks:
    """The rules, registered once; each run is a session of its own that is deleted in the end."""

    _lock = threading.Lock()

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        with self._lock:
            self._parts = [_Network(portion) for portion in _portions(rules)]

    def run(self, claims: frozenset[str]) -> frozenset[str]:
        """The ids of the rules that fire on `claims`."""
        with self._lock:
            todo = [
                (part, told) for part in self._parts for told in ([BEGIN], sorted(claim for claim in claims if part.knows(claim)))
            ]
            try:
                for part, told in todo:  # grows while it is walked
                    heads = part.tell(told)
                    for other in self._parts if heads else ():
                        news = [head for head in heads if other is not part and other.knows(head)]
                        if news:
                            todo.append((other, news))
            finally:
                fired = [name for part in self._parts for name in part.end()]
        unique = frozenset(fired)
        if len(unique) != len(fired):
            raise EngineFault("durable-rules fired a rule twice")
        return unique


class _Network:
    """A portion of the rules, and its one session."""

    def __init__(self, rules: list[Rule]) -> None:
        durable = cast(Any, _durable)
        taken = {_hash("id"), _hash("sid")}
        used = sorted({BEGIN} | {claim for rule in rules for claim in rule.body})
        size = max(_GROUP, math.isqrt(len(used)))
        groups = list(itertools.islice(_codes("g", taken), len(used) // size + 1))
        self._code = {
            claim: (groups[number // size], code)
            for number, (claim, code) in enumerate(zip(used, _codes("c", taken), strict=False))
        }
        self._fired: list[str] = []
        self._heads: list[str] = []
        self._asserted: set[str] = set()
        self._errors: list[BaseException] = []
        ruleset: dict[str, Any] = {
            f"r{number}": {
                "all": [{f"m{n}": self._pattern(claim)} for n, claim in enumerate(dict.fromkeys(rule.body))],
                "run": self._action(rule),
            }
            for number, rule in enumerate(rules)
        }
        self._begun = False

        def begin(context: Any) -> None:
            self._begun = True

        # to delete a session in which no action has run crashes, so one runs before anything can be refused
        ruleset["begin"] = {"all": [{"m": self._pattern(BEGIN)}], "run": begin}

        class Host(durable.Host):  # the default host starts two threads that never end
            def _run(self) -> None: ...

        self._host: Any = Host()
        self._host.register_rulesets({_NAME: ruleset})
        # the engine's own memory for a network is given back only when it is asked to
        weakref.finalize(self, durable.durable_rules_engine.delete_ruleset, self._host.get_ruleset(_NAME)._handle).atexit = False

    def knows(self, claim: str) -> bool:
        """Whether a rule here stands on `claim`."""
        return claim in self._code

    def _pattern(self, claim: str) -> dict[str, Any]:
        group, code = self._code[claim]
        return {"$and": [{group: 1}, {code: 1}]}

    def _fact(self, claim: str) -> dict[str, Any]:
        group, code = self._code[claim]
        return {"id": code, "sid": _SESSION, group: 1, code: 1}

    def _action(self, rule: Rule) -> Callable[[Any], None]:
        def act(context: Any) -> None:  # one parameter: with two the engine runs it asynchronously
            try:
                self._fired.append(rule.id)
                self._heads.append(rule.head)
                if rule.head in self._code and rule.head not in self._asserted:
                    self._asserted.add(rule.head)
                    context.assert_fact(self._fact(rule.head))
            except BaseException as error:  # the engine would swallow it
                self._errors.append(error)

        return act

    def tell(self, claims: Iterable[str]) -> list[str]:
        """Assert those of `claims` that are new, and return the heads of the rules that fire."""
        new = [claim for claim in dict.fromkeys(claims) if claim not in self._asserted]
        self._asserted.update(new)
        self._heads = []
        if new:
            try:
                self._host.assert_facts(_NAME, [self._fact(claim) for claim in new])
            except Exception as error:
                raise EngineFault(f"durable-rules failed: {getattr(error, 'message', error)}") from error
        for error in self._errors:
            if not isinstance(error, Exception):  # an interrupt is no fault of the engine
                raise error
            raise EngineFault(f"durable-rules failed in an action: {error or type(error).__name__}") from error
        return self._heads

    def end(self) -> list[str]:
        """Delete the session, and return the ids of the rules that have fired in it."""
        fired = self._fired
        begun = self._begun
        self._begun, self._fired, self._heads, self._asserted, self._errors = False, [], [], set(), []
        if begun:
            try:
                self._host.delete_state(_NAME, _SESSION)
            except Exception as error:
                raise EngineFault(f"durable-rules can't end a session: {error}") from error
        return fired
