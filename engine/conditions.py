"""Condition x Facts -> met, unmet or unknown, with the facts that were looked at.

An operator is one function in OPERATORS. It never answers `met` or `unmet` on what is not known, so
that taking a fact away can only turn an answer into `unknown` (`without` is the one exception: there
absence counts, and only anti-patterns may ask it).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from .errors import Place
from .facts import Fact, Facts, Item, State
from .pack import FactDef, Leaf, Pack

Status = Literal["met", "unmet", "unknown"]


@dataclass(frozen=True, slots=True)
class Look:
    """One fact that a condition looked at, and what it found. `against` where it contradicts the condition."""

    fact: str
    within: str
    state: State
    shown: str
    says: str
    place: Place
    against: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one condition."""

    status: Status
    looked: tuple[Look, ...]
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    facts: Facts
    pack: Pack


Judge = Callable[[Item, Any, _Context], str]
Operator = Callable[[tuple[Fact, ...], Any, _Context], Answer]


def answer(leaf: Leaf, facts: Facts, pack: Pack) -> Answer:
    """Answer one condition."""
    return OPERATORS[leaf.operator](facts.at(leaf.fact), leaf.argument, _Context(facts, pack))


# --- helpers

_UNKNOWN: dict[State, str] = {
    "missing": "is not stated", "placeholder": "is a placeholder, which counts as not stated",
    "invalid": "can't be read, see the problems of the file", "assumed": "is an assumption, and assumptions don't count here",
}


def _look(fact: Fact, says: str = "", against: bool = False, item: Item | None = None) -> Look:
    if item:
        return Look(fact.path, fact.within, fact.state, item.shown, says, item.place, against)
    shown = ", ".join([i.shown for i in fact.items]) or ("(measured)" if fact.measured else "")
    return Look(fact.path, fact.within, fact.state, shown, says or ("" if fact.known else _UNKNOWN[fact.state]), fact.place, against)


def _answer(looks: Iterable[Look], known: bool, met: bool | None = None) -> Answer:
    """`met` decides where given; else one look against makes it unmet, and one unknown fact makes it unknown."""
    looked = tuple(looks)
    assumed = any(look.state == "assumed" for look in looked)
    if met is not None:
        return Answer("met" if met else "unmet", looked, assumed)
    if any(look.against for look in looked):
        return Answer("unmet", looked, assumed)
    return Answer("met" if known else "unknown", looked, assumed)


def _each(judge: Judge) -> Operator:
    """An operator that every value has to pass: `judge` says what is wrong with one, or nothing."""
    def operator(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
        looks: list[Look] = []
        for fact in found:
            if not fact.known:
                looks.append(_look(fact))
            elif fact.measured:
                looks.append(_look(fact, "is measured, not stated", True))
            else:
                wrong = [(item, judge(item, argument, context)) for item in fact.items]
                against = [_look(fact, says, True, item) for item, says in wrong if says]
                looks += against or [_look(fact)]
        return _answer(looks, all(fact.known for fact in found))
    return operator


def _names(found: Iterable[Fact]) -> set[str]:
    return {item.name for fact in found if fact.known for item in fact.items}


@lru_cache(maxsize=64)
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _limit(name: str, context: _Context) -> float:
    return context.pack.limits[name].value


def _amount(name: str, context: _Context) -> str:
    limit = context.pack.limits[name]
    return limit.unit.partition("(")[2].rstrip(")") if limit.unit.startswith("seconds") else f"{limit.value:g}"


# --- operators on each value

def _stated(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    return _answer([_look(fact) for fact in found], all(fact.known for fact in found))


def _measurable(item: Item, argument: Any, context: _Context) -> str:
    return f"is not measurable: it {item.flaw}" if item.flaw else ""


def _named(item: Item, argument: Any, context: _Context) -> str:
    if item.shown.casefold().rstrip(".") in _folded(context.pack.nobody):
        return "names nobody who could be called"
    return ""


def _pinned(item: Item, argument: Any, context: _Context) -> str:
    text = item.shown.casefold()
    tail = text.replace("@", ":").rsplit(":", 1)[-1].rsplit("/", 1)[-1]
    moving = _folded(context.pack.moving)
    return "moves: tomorrow it is another version" if text in moving or tail in moving else ""


def _is(item: Item, argument: Any, context: _Context) -> str:
    return "" if item.shown == argument else f"is not `{argument}`"


def _at_least(item: Item, argument: Any, context: _Context) -> str:
    assert isinstance(item.value, float)
    return "" if item.value >= _limit(argument, context) else f"is less than {_amount(argument, context)}"


def _at_most(item: Item, argument: Any, context: _Context) -> str:
    assert isinstance(item.value, float)
    return "" if item.value <= _limit(argument, context) else f"is more than {_amount(argument, context)}"


# --- operators on two facts

def _found_in(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """Every value occurs among those at another path."""
    others = context.facts.at(argument)
    names, complete = _names(others), all(fact.known for fact in others)
    looks: list[Look] = []
    known = True
    for fact in found:
        lost = [item for item in fact.items if item.name not in names] if fact.known else []
        if lost and complete:
            looks += [_look(fact, f"is not declared in `{argument}`", True, item) for item in lost]
        else:
            looks.append(_look(fact))
            known = known and fact.known and not lost
    if not known:
        looks += [_look(fact) for fact in others if not fact.known]
    return _answer(looks, known)


def _apart_from(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """No value occurs among those at another path."""
    others = context.facts.at(argument)
    names = {name.casefold() for name in _names(others)}
    looks: list[Look] = []
    for fact in found:
        both = [item for item in fact.items if item.name.casefold() in names] if fact.known else []
        looks += [_look(fact, f"stands in `{argument}` too", True, item) for item in both] or [_look(fact)]
    looks += [_look(fact) for fact in others]
    return _answer(looks, all(fact.known for fact in (*found, *others)))


# --- operators on all values together

def _includes(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """All of the argument's values occur."""
    lacking = [name for name in argument if name not in _names(found)]
    known = all(fact.known for fact in found)
    if not lacking:
        return _answer([_look(fact) for fact in found if fact.known], True)
    if known:
        return _answer([_look(fact, f"lacks {', '.join(lacking)}", True) for fact in found[:1]], True)
    return _answer([_look(fact) for fact in found if not fact.known], False)


def _any_of(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """At least one of the argument's values occurs."""
    hits = [(fact, item) for fact in found if fact.known for item in fact.items if item.name in argument]
    if hits:
        return _answer([_look(fact, item=item) for fact, item in hits], True)
    if all(fact.known for fact in found):
        return _answer([_look(fact, "names none of: " + ", ".join(argument), True) for fact in found], True)
    return _answer([_look(fact) for fact in found if not fact.known], False)


def _none_of(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """None of the argument's values occurs."""
    looks: list[Look] = []
    for fact in found:
        hits = [item for item in fact.items if item.name in argument] if fact.known else []
        looks += [_look(fact, "is one of those that may not occur", True, item) for item in hits] or [_look(fact)]
    return _answer(looks, all(fact.known for fact in found))


def _numbers(found: Iterable[Fact]) -> list[tuple[Fact, Item, float]]:
    return [(fact, item, item.value) for fact in found if fact.known for item in fact.items if isinstance(item.value, float)]


def _is_choice(found: tuple[Fact, ...]) -> bool:
    """Whether a choice was stated where this question is about measurements."""
    return any(fact.known and item.value is not None and not isinstance(item.value, float)
               for fact in found for item in fact.items)


def _some_from(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """At least one number reaches the limit."""
    limit = _limit(argument, context)
    hits = [(fact, item) for fact, item, value in _numbers(found) if value >= limit]
    if hits:
        return _answer([_look(fact, item=item) for fact, item in hits], True)
    if all(fact.known for fact in found):
        return _answer([_look(fact, f"is less than {_amount(argument, context)}", True) for fact in found], True)
    return _answer([_look(fact) for fact in found if not fact.known], False)


def _count(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """How many numbers reach `from`: at least `at_least`, or at most `at_most`, of them."""
    if _is_choice(found):
        return _answer([_look(fact, "is stated, not measured", True) for fact in found], True)
    limit = _limit(argument["from"], context)
    numbers = _numbers(found)
    low = sum(value >= limit for _, _, value in numbers)
    high = low + sum(not fact.known for fact in found)
    least = "at_least" in argument
    bound = _limit(argument["at_least" if least else "at_most"], context)
    says = f"{low} of {len(found)} reach {_amount(argument['from'], context)}"
    unknown = [_look(fact) for fact in found if not fact.known]
    hits = [_look(fact, item=item) for fact, item, value in numbers if (value >= limit) == least]
    if (low >= bound) if least else (high <= bound):
        return _answer(hits or [_look(fact) for fact in found if fact.known], True, True)
    if (high < bound) if least else (low > bound):
        return _answer([_look(fact, says, True, item) for fact, item, _ in numbers], True, False)
    return _answer(unknown, False)


def _varies(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """Some metric's coefficient of variation over its runs reaches `from`; fewer runs than `over` say nothing."""
    if _is_choice(found):
        return _answer([_look(fact, "is stated, not measured", True) for fact in found], True)
    groups = context.facts.at(argument["by"])
    series: dict[str, list[tuple[Fact, Item, float]]] = {}
    known = all(fact.known for fact in (*found, *groups))
    if len(groups) == len(found):
        for fact, group in zip(found, groups, strict=True):
            for entry in _numbers([fact]) if group.known else ():
                series.setdefault(group.items[0].name, []).append(entry)
    runs, limit = _limit(argument["over"], context), _limit(argument["from"], context)
    calm: list[Look] = []
    for name, entries in sorted(series.items()):
        if len(entries) < runs:
            known = False
            calm += [Look(f.path, f.within, "missing", i.shown, f"`{name}` has {len(entries)} of the {runs:g} runs that are needed",
                          i.place) for f, i, _ in entries]
            continue
        spread = variation([value for _, _, value in entries])
        says = f"`{name}` varies by {spread:.3f} over {len(entries)} runs"
        looks = [_look(fact, f"{says}, from {limit:g} it counts as unstable", True, item) for fact, item, _ in entries]
        if spread >= limit:
            return _answer(looks, True, True)
        calm += looks
    if known and series:
        return _answer(calm, True, False)
    unknown = [_look(fact) for fact in (*found, *groups) if not fact.known]
    return Answer("unknown", tuple(unknown) or tuple(look for look in calm if look.state == "missing"))


def variation(values: list[float]) -> float:
    """Coefficient of variation: sample standard deviation over the absolute mean; infinite where the mean is 0."""
    mean = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
    if deviation == 0:
        return 0.0
    return deviation / abs(mean) if mean else math.inf


def _without(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """The inner question is not known to be met: absence counts."""
    name, inner = next(iter(argument.items())) if isinstance(argument, dict) else (argument, True)  # pyright: ignore
    judged = OPERATORS[name](found, inner, context)
    return Answer("unmet" if judged.status == "met" else "met", judged.looked, judged.assumed)


OPERATORS: dict[str, Operator] = {
    "stated": _stated,
    "measurable": _each(_measurable),
    "named": _each(_named),
    "pinned": _each(_pinned),
    "is": _each(_is),
    "at_least": _each(_at_least),
    "at_most": _each(_at_most),
    "found_in": _found_in,
    "apart_from": _apart_from,
    "includes": _includes,
    "any_of": _any_of,
    "none_of": _none_of,
    "some_from": _some_from,
    "count": _count,
    "varies": _varies,
    "without": _without,
}

_NUMERIC = ("integer", "number", "share", "duration")


def argument_problem(leaf: Leaf, known: FactDef, pack: Pack) -> str:
    """What is wrong with the argument of a condition in a pack, or nothing."""
    operator, argument = leaf.operator, leaf.argument
    where = f"`{leaf.fact}`, operator `{operator}`"
    if operator in ("stated", "measurable", "named", "pinned"):
        if argument is not True:
            return f"{where}: it takes `true`"
        if operator == "measurable" and known.type != "thresholds":
            return f"{where}: the fact has to be of the type thresholds"
    elif operator in ("is", "includes", "any_of", "none_of"):
        names = argument if isinstance(argument, (list, tuple)) else [argument]  # pyright: ignore[reportUnknownVariableType]
        strange = [str(name) for name in names if name not in known.choices]  # pyright: ignore
        if strange:
            return f"{where}: {', '.join(strange)} is no choice of the fact"
    elif operator in ("found_in", "apart_from"):
        if argument not in pack.facts:
            return f"{where}: no fact is called `{argument}`"
    elif operator in ("at_least", "at_most", "some_from"):
        if known.type not in _NUMERIC:
            return f"{where}: the fact has to be a number, a share or a duration"
        if argument not in pack.limits:
            return f"{where}: no limit is called `{argument}`"
    elif operator == "without":
        name, inner = next(iter(argument.items())) if isinstance(argument, dict) else (argument, True)  # pyright: ignore
        if name not in OPERATORS or name == "without":
            return f"{where}: no operator is called `{name}`"
        return argument_problem(Leaf(fact=leaf.fact, operator=str(name), argument=inner), known, pack)  # pyright: ignore
    else:
        keys = {"count": ({"from", "at_least"}, {"from", "at_most"}), "varies": ({"by", "from", "over"},)}[operator]
        if not isinstance(argument, dict) or set(argument) not in keys:  # pyright: ignore
            return f"{where}: it takes " + " or ".join(", ".join(sorted(names)) for names in keys)
        if known.type not in _NUMERIC:
            return f"{where}: the fact has to be a number, a share or a duration"
        for key, value in argument.items():  # pyright: ignore
            if (value not in pack.facts) if key == "by" else (value not in pack.limits):
                return f"{where}: `{key}` names no {'fact' if key == 'by' else 'limit'}: `{value}`"
    return ""

