"""What a pack asks, in words: each operator, and each condition as lines a person can read. Data of the pack, no markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from .pack_conditions import Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from .pack_walks import inner
from .vocabulary import Limit

Limits = Mapping[str, Limit]


class Operator(NamedTuple):
    """An operator of a condition: where it is met, and what its argument is."""

    met: str
    argument: str


OPERATORS: dict[str, Operator] = {
    "stated": Operator("it is stated (what a condition without an operator asks)", "true"),
    "measurable": Operator("each value is a threshold with a number", "true"),
    "named": Operator("each owner is somebody, none of `nobody` in pack.yaml", "true"),
    "pinned": Operator("no version is one of `moving` in pack.yaml", "true"),
    "is": Operator("each value is the choice", "a choice of the fact"),
    "at_least": Operator("each number reaches the limit", "a limit"),
    "at_most": Operator("no number is more than the limit", "a limit"),
    "some_from": Operator("at least one number reaches the limit", "a limit"),
    "found_in": Operator("each value occurs at the other path; of thresholds the metric is compared", "a fact"),
    "apart_from": Operator("no value occurs at the other path", "a fact"),
    "includes": Operator("all the choices occur", "choices of the fact"),
    "any_of": Operator("at least one of the choices occurs", "choices of the fact"),
    "none_of": Operator("none of the choices occurs", "choices of the fact"),
    "cell": Operator(
        "each value is in the cell, written as in a decision table", "a test such as `[1..5)`, or {test: ..., in: days}"
    ),
    "count": Operator("so many values reach `from`", "{from: LIMIT, at_least: LIMIT} or {from: LIMIT, at_most: LIMIT}"),
    "varies": Operator(
        "the coefficient of variation of some metric reaches `from`, over at least `over` runs",
        "{by: FACT, from: LIMIT, over: LIMIT}",
    ),
    "without": Operator(
        "the inner question is not known to be met, so absence counts; for anti-patterns only",
        "an operator, or {operator: argument}",
    ),
}

_OWN = {
    "stated": "is stated",
    "measurable": "is measurable",
    "named": "names somebody",
    "pinned": "is a version that does not move",
}
_PUT = {
    "is": "is `{}`",
    "found_in": "occurs in `{}`",
    "apart_from": "does not occur in `{}`",
    "includes": "includes {}",
    "any_of": "is one of {}",
    "none_of": "is none of {}",
    "cell": "is in `{}`",
}
_LIMITED = {"at_least": "is at least {}", "at_most": "is at most {}", "some_from": "reaches {} at least once"}
_MOST = 40  # levels of `all` and `any` that are told


def number(value: float) -> str:
    """A number in as few digits as say all of it."""
    return f"{value:.15g}"


def limit(name: Any, limits: Limits) -> str:
    """A limit with its value and unit: `psi-major` (0.25 population stability index)."""
    known = limits.get(name) if isinstance(name, str) else None
    return f"`{name}` ({amount(known)})" if known else f"`{name}`"


def amount(known: Limit) -> str:
    """The value of a limit with its unit: `0.25 population stability index`, `93 days`."""
    return known.span or f"{number(known.value)} {known.unit}"


def lines(asked: Statement | Condition, limits: Limits) -> Iterator[tuple[int, str]]:
    """What a statement or condition asks, one condition a line, each with its depth.

    A group below another has a line of its own, `all of:` or `any of:`. A statement of more than one condition begins with
    such a line where it is enough that any holds.
    """
    if isinstance(asked, Statement):
        kind, conditions = inner(asked)
        if kind == "any" and len(conditions) > 1:
            yield 0, "any of:"
        for part in conditions:
            yield from _lines(part, limits, 1 if kind == "any" and len(conditions) > 1 else 0)
    else:
        yield from _lines(asked, limits, 0)


def _lines(asked: Condition, limits: Limits, depth: int) -> Iterator[tuple[int, str]]:
    kind, conditions = inner(asked)
    if not kind:
        yield depth, condition(asked, limits)
    elif depth > _MOST:
        yield depth, "and more, which lies too deep to be told here"
    else:
        yield depth, f"{kind} of:"
        for part in conditions:
            yield from _lines(part, limits, depth + 1)


def inline(asked: Condition, limits: Limits, depth: int = 0) -> str:
    """A condition in one line, with those that it holds in brackets."""
    kind, conditions = inner(asked)
    if not kind:
        return condition(asked, limits)
    if depth > _MOST:
        return "and more, which lies too deep to be told here"
    return f"{kind} of (" + "; ".join(inline(part, limits, depth + 1) for part in conditions) + ")"


def condition(asked: Condition, limits: Limits) -> str:
    """A condition that holds no others, in words; of one that does, its kind alone."""
    if isinstance(asked, Leaf) and asked.operator == "without":
        inside = cast("dict[str, Any] | str", asked.argument)
        name, argument = next(iter(inside.items())) if isinstance(inside, dict) else (inside, True)
        return f"it is not known that `{asked.fact}` {question(name, argument, limits)}"
    if isinstance(asked, Leaf):
        return f"`{asked.fact}` {question(asked.operator, asked.argument, limits)}"
    if isinstance(asked, SignalIs):
        return f"the signal `{asked.signal}` {'holds' if asked.holds else 'does not hold'}"
    if isinstance(asked, CriterionHolds):
        return f"the criterion `{asked.criterion}` holds"
    if isinstance(asked, Passes):
        return f"every item of the checklist `{asked.passes}` holds"
    if isinstance(asked, FreeOf):
        return "no anti-pattern is there"
    if isinstance(asked, Follows):
        return f"what is declared follows the table `{asked.follows}`, or a rationale is stated"
    if isinstance(asked, Decides):
        output = f"the output `{asked.output}` of the table `{asked.table}`" if asked.output else f"the table `{asked.table}`"
        if asked.any_of:
            return f"{output} is {_names(asked.any_of)}"
        return f"{output} is at {'least' if asked.at_least else 'most'} {limit(asked.at_least or asked.at_most, limits)}"
    return f"{inner(asked)[0]} of:"


def question(operator: str, argument: Any, limits: Limits) -> str:
    """What an operator asks of a fact, to stand behind its name."""
    if operator in _OWN:
        return _OWN[operator]
    if operator in _LIMITED:
        return _LIMITED[operator].format(limit(argument, limits))
    found = _MANY.get(operator)
    if found and isinstance(argument, dict):
        return found(cast("dict[str, Any]", argument), limits)
    shown = _names(cast("tuple[Any, ...]", argument)) if isinstance(argument, (list, tuple)) else str(argument)
    return _PUT.get(operator, f"{operator} {{}}").format(shown)


def _count(argument: dict[str, Any], limits: Limits) -> str:
    least = "at_least" in argument
    times = limit(argument.get("at_least" if least else "at_most"), limits)
    return f"reaches {limit(argument.get('from'), limits)} in at {'least' if least else 'most'} {times}"


def _varies(argument: dict[str, Any], limits: Limits) -> str:
    by, start, over = (argument.get(key) for key in ("by", "from", "over"))
    return f"varies by {limit(start, limits)} or more, for some `{by}` with at least {limit(over, limits)}"


def _cell(argument: dict[str, Any], limits: Limits) -> str:
    return f"is in `{argument.get('test')}` {argument.get('in')}"


_MANY: dict[str, Callable[[dict[str, Any], Limits], str]] = {"count": _count, "varies": _varies, "cell": _cell}


def _names(names: tuple[Any, ...] | list[Any]) -> str:
    return ", ".join(f"`{name}`" for name in names)
