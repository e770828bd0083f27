"""Condition x Facts -> met, unmet or unknown, with the facts that were looked at.

An operator is one function in OPERATORS. It never answers `met` or `unmet` on what is not known, so
that taking a fact away can only turn an answer into `unknown` (`without` is the one exception: there
absence counts, and only anti-patterns may ask it).
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple

from . import cells
from .errors import Place
from .facts import Fact, Facts, Item, State
from .measures import Threshold
from .pack import Pack
from .pack_conditions import Leaf
from .vocabulary import LENGTHS

Status = Literal["met", "unmet", "unknown"]


class Look(NamedTuple):  # hundreds are made and compared in one evaluation, and tuples are the quickest for both
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
    "missing": "is not stated",
    "placeholder": "is a placeholder or holds one, so it counts as not stated",
    "invalid": "can't be read, see the problems of the file",
    "assumed": "is an assumption, and assumptions don't count here",
}


def _look(fact: Fact, says: str = "", against: bool = False, item: Item | None = None) -> Look:
    if item:
        return Look(fact.path, fact.within, fact.state, item.shown, says, item.place, against)
    if not fact.known and not says:
        says = fact.note or _UNKNOWN.get(fact.state, "")
    shown = ", ".join([i.shown for i in fact.items]) or ("(measured)" if fact.measured else "")
    return Look(fact.path, fact.within, fact.state, shown, says, fact.place, against)


def _answer(looks: Iterable[Look], known: bool, met: bool | None = None) -> Answer:
    """`met` decides where given; else one look against makes it unmet, and one unknown fact makes it unknown."""
    looked = tuple(looks)
    assumed = any(look.state == "assumed" for look in looked)
    if met is not None:
        return Answer("met" if met else "unmet", looked, assumed)
    if any(look.against for look in looked):
        return Answer("unmet", looked, assumed)
    return Answer("met" if known else "unknown", looked, assumed)


def _resting_on(judged: Answer, facts: Iterable[Fact]) -> Answer:
    """The answer, which rests on these facts too, though it need not name them: on an assumption where one of them is."""
    return replace(judged, assumed=True) if any(fact.state == "assumed" for fact in facts) else judged


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


def _stated_names(found: Iterable[Fact]) -> set[str]:
    return {item.name for fact in found if fact.known for item in fact.items}


@lru_cache(maxsize=64)
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


@lru_cache(maxsize=64)
def _patterns(texts: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """`*` in a text of the pack stands for any text."""
    plain = "|".join(re.escape(text.casefold()) for text in texts if "*" not in text)
    starred = (".*".join(map(re.escape, text.casefold().split("*"))) for text in texts if "*" in text)
    return tuple(re.compile(pattern, re.DOTALL) for pattern in (plain, *starred))


def _limit(name: str, context: _Context) -> float:
    return context.pack.limits[name].value


def _amount(name: str, context: _Context) -> str:
    limit = context.pack.limits[name]
    return limit.span or f"{limit.value:g}"


# --- operators on each value


def _stated(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    return _answer([_look(fact) for fact in found], all(fact.known for fact in found))


def _measurable(item: Item, argument: Any, context: _Context) -> str:
    if item.flaw:
        return f"is not measurable: it {item.flaw}"
    return "" if isinstance(item.value, Threshold) else "is stated, not measured"


def _named(item: Item, argument: Any, context: _Context) -> str:
    if item.shown.casefold().rstrip(".") in _folded(context.pack.nobody):
        return "names nobody who could be called"
    return ""


def _pinned(item: Item, argument: Any, context: _Context) -> str:
    text = item.shown.casefold()
    tail = text.replace("@", ":").rsplit(":", 1)[-1].rsplit("/", 1)[-1]
    moves = any(pattern.fullmatch(part) for pattern in _patterns(context.pack.moving) for part in (text, tail))
    return "moves: tomorrow it is another version" if moves else ""


def _is(item: Item, argument: Any, context: _Context) -> str:
    return "" if item.shown == argument else f"is not `{argument}`"


_read_cell = lru_cache(maxsize=256)(cells.parse)


def _in_cell(item: Item, argument: Any, context: _Context) -> str:
    """Whether a value is in a cell: numbers, durations in the unit given, dates, and what anything else is called."""
    text, unit = cells.asked(argument)
    cell = _read_cell(text)
    value: float | str | datetime.date = item.value if isinstance(item.value, float) else item.name
    if isinstance(value, float):
        value = float(f"{value / LENGTHS[unit]:.15g}") if unit else value  # as it was written, in whichever unit
    elif "date" in cell.kinds:
        value = datetime.date.fromisoformat(item.name)
    return "" if cell.holds(value) else f"is not in {cell.text}" + (f" {unit}" if unit else "")


def _bounded(item: Item, argument: Any, context: _Context, least: bool) -> str:
    limit = _limit(argument, context)
    if not isinstance(item.value, float):  # a choice, stated in place of the records that hold the number
        return "is stated, not measured"
    if item.value >= limit if least else item.value <= limit:
        return ""
    return f"is {'less' if least else 'more'} than {_amount(argument, context)}"


# --- operators on two facts


def _found_in(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """Every value occurs among those at another path."""
    others = context.facts.at(argument)
    names, complete = {name.casefold() for name in _stated_names(others)}, all(fact.known for fact in others)
    looks: list[Look] = []
    known = True
    for fact in found:
        lost = [item for item in fact.items if item.name.casefold() not in names] if fact.known else []
        if lost and complete:
            looks += [_look(fact, f"is not declared in `{argument}`", True, item) for item in lost]
        else:
            looks.append(_look(fact))
            known = known and fact.known and not lost
    if not known:
        looks += [_look(fact) for fact in others if not fact.known]
    return _resting_on(_answer(looks, known), others)


def _apart_from(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    """No value occurs among those at another path."""
    others = context.facts.at(argument)
    names = {name.casefold() for name in _stated_names(others)}
    looks: list[Look] = []
    for fact in found:
        both = [item for item in fact.items if item.name.casefold() in names] if fact.known else []
        looks += [_look(fact, f"stands in `{argument}` too", True, item) for item in both] or [_look(fact)]
    looks += [_look(fact) for fact in others]
    return _answer(looks, all(fact.known for fact in (*found, *others)))


# --- operators on all values together


def _includes(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    names = _stated_names(found)
    lacking = [name for name in argument if name not in names]
    known = all(fact.known for fact in found)
    if not lacking:
        return _answer([_look(fact) for fact in found if fact.known], True)
    if known:
        whole = context.facts.plain[found[0].path.partition("[]")[0]]  # of records it is their list that lacks something
        look = Look(found[0].path, "", whole.state, ", ".join(sorted(names)), f"lacks {', '.join(lacking)}", whole.place, True)
        return _answer([look], True)
    return _answer([_look(fact) for fact in found if not fact.known], False)


def _any_of(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    hits = [(fact, item) for fact in found if fact.known for item in fact.items if item.name in argument]
    if hits:
        return _answer([_look(fact, item=item) for fact, item in hits], True)
    if all(fact.known for fact in found):
        return _answer([_look(fact, "names none of: " + ", ".join(argument), True) for fact in found], True)
    return _answer([_look(fact) for fact in found if not fact.known], False)


def _none_of(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    looks: list[Look] = []
    for fact in found:
        hits = [item for item in fact.items if item.name in argument] if fact.known else []
        looks += [_look(fact, "is one of those that may not occur", True, item) for item in hits] or [_look(fact)]
    return _answer(looks, all(fact.known for fact in found))


def _numbers(found: Iterable[Fact]) -> list[tuple[Fact, Item, float]]:
    return [(fact, item, item.value) for fact in found if fact.known for item in fact.items if isinstance(item.value, float)]


def _some_from(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
    limit = _limit(argument, context)
    hits = [(fact, item) for fact, item, value in _numbers(found) if value >= limit]
    if hits:
        return _answer([_look(fact, item=item) for fact, item in hits], True)
    if all(fact.known for fact in found):
        return _answer([_look(fact, f"is less than {_amount(argument, context)}", True) for fact in found], True)
    return _answer([_look(fact) for fact in found if not fact.known], False)


def _over_records(judge: Callable[[list[tuple[Fact, Fact]], Any, _Context], Answer]) -> Operator:
    """An operator on a field of all records together: `judge` gets each field with the label of its record.

    Records are told apart by their labels alone. Equal records count once, so without its label a record
    could fall together with another, and taking the label away would change a count.
    """

    def operator(found: tuple[Fact, ...], argument: Any, context: _Context) -> Answer:
        base, bracket, _ = found[0].path.partition("[].")
        if not bracket:  # there are no records, so either nothing is known or a choice is stated in place of them
            known = found[0].known
            return _answer([_look(fact, "is stated, not measured" if known else "", known) for fact in found], False)
        labels = context.facts.at(f"{base}[].{context.pack.facts[base].label}")
        return _resting_on(judge(list(zip(found, labels, strict=True)), argument, context), (*found, *labels))

    return operator


def _unknown(facts: Iterable[Fact]) -> tuple[Look, ...]:
    return tuple(dict.fromkeys(_look(fact) for fact in facts if not fact.known))


def _count(rows: list[tuple[Fact, Fact]], argument: Any, context: _Context) -> Answer:
    """How many records reach `from`: at least `at_least`, or at most `at_most`, of them."""
    limit = _limit(argument["from"], context)
    least = "at_least" in argument
    bound = _limit(argument["at_least" if least else "at_most"], context)
    named = [(fact, label.items[0].name) for fact, label in rows if label.known]
    reach = {name for fact, name in named for _, _, value in _numbers([fact]) if value >= limit}
    low = len(reach)
    high = len(reach | {name for fact, name in named if not fact.known}) if len(named) == len(rows) else math.inf
    numbers = _numbers(fact for fact, _ in rows)
    hits = [_look(fact, item=item) for fact, item, value in numbers if (value >= limit) == least]
    if (low >= bound) if least else (high <= bound):
        return _answer(hits or [_look(fact) for fact, _ in rows if fact.known], True, True)
    if (high < bound) if least else (low > bound):
        says = f"{low} of {len({name for _, name in named}) or len(rows)} reach {_amount(argument['from'], context)}"
        return _answer([_look(fact, says, True, item) for fact, item, _ in numbers], True, False)
    return Answer("unknown", _unknown(fact for row in rows for fact in row))


def _varies(rows: list[tuple[Fact, Fact]], argument: Any, context: _Context) -> Answer:
    """Some metric's coefficient of variation over its runs reaches `from`; fewer runs than `over` say nothing.

    A metric counts once all its values are known: of some of them the variation can be larger than of all.
    """
    whole = [(*row, group) for row, group in zip(rows, context.facts.at(argument["by"]), strict=True)]
    lacking = {group.items[0].name for *row, group in whole if group.known and not all(fact.known for fact in row)}
    series: dict[str, dict[tuple[str, float], tuple[Fact, Item]]] = {}
    for fact, label, group in whole if all(group.known for *_, group in whole) else ():
        for _, item, value in _numbers([fact]) if group.items[0].name not in lacking else ():
            series.setdefault(group.items[0].name, {})[(label.items[0].name, value)] = fact, item
    runs, limit = max(2, _limit(argument["over"], context)), _limit(argument["from"], context)
    calm: list[Look] = []
    short: list[Look] = []
    for name, entries in sorted(series.items()):
        if len(entries) < runs:
            says = f"`{name}` has {len(entries)} of the {runs:g} runs that are needed"
            short += [Look(f.path, f.within, "missing", i.shown, says, i.place) for f, i in entries.values()]
            continue
        spread = variation([value for _, value in entries])
        says = f"`{name}` varies by {spread:.3f} over {len(entries)} runs, from {limit:g} it counts as unstable"
        looks = [_look(f, says, True, i) for f, i in entries.values()]
        if spread >= limit:
            return _answer(looks, True, True)
        calm += looks
    unknown = _unknown(fact for row in whole for fact in row) or tuple(short)
    return Answer("unknown", unknown) if unknown else _answer(calm, True, False)


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
    "cell": _each(_in_cell),
    "at_least": _each(partial(_bounded, least=True)),
    "at_most": _each(partial(_bounded, least=False)),
    "found_in": _found_in,
    "apart_from": _apart_from,
    "includes": _includes,
    "any_of": _any_of,
    "none_of": _none_of,
    "some_from": _some_from,
    "count": _over_records(_count),
    "varies": _over_records(_varies),
    "without": _without,
}
