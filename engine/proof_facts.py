"""Conditions answered for the proof checker: on a fact sheet, which is plain data, with the facts that decided.

A second implementation, from the reference of the operators in docs/pack-format.md; it shares nothing with
`conditions.py` and imports the models of the pack alone, see `proof_check.py`. An answer is `yes`, `no` or `open`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from . import proof_cells
from .pack import Pack
from .vocabulary import LENGTHS


class ItemData(TypedDict):
    """One value of a fact: a number, a text, or of a threshold its metric."""

    value: float | str | None
    shown: str
    metric: NotRequired[str]
    flaw: NotRequired[str]


class FactData(TypedDict):
    """One fact. `within` names its record; `measured` where records stand in place of a choice."""

    within: str
    state: str
    measured: bool
    items: list[ItemData]


class FactSheet(TypedDict):
    """All that a verdict stands on beside the pack. `assumptions`: whether they count; `problems`: how many the file has."""

    digest: str
    problems: int
    assumptions: bool
    order: list[str] | None
    waived: list[str]
    plain: dict[str, FactData]
    records: dict[str, list[dict[str, FactData]]]


class _Item(NamedTuple):
    shown: str
    name: str
    number: float | None
    measurable: bool


class _Fact(NamedTuple):
    path: str
    within: str
    state: str
    known: bool
    measured: bool
    items: tuple[_Item, ...]


class Used(NamedTuple):
    """A fact that decided, as a leaf names it."""

    fact: str
    within: str
    state: str
    value: str
    against: bool = False

    def plain(self) -> dict[str, Any]:
        said: dict[str, Any] = {"fact": self.fact, "in": self.within, "state": self.state, "value": self.value}
        return said | {"against": True} if self.against else said


Answer = tuple[str, set[Used]]


def _whole(fact: _Fact, against: bool = False) -> Used:
    shown = ", ".join(item.shown for item in fact.items) or ("(measured)" if fact.measured else "")
    return Used(fact.path, fact.within, fact.state, shown, against)


def _part(fact: _Fact, item: _Item, against: bool = False) -> Used:
    return Used(fact.path, fact.within, fact.state, item.shown, against)


def _unknown(facts: Iterable[_Fact]) -> set[Used]:
    return {_whole(fact) for fact in facts if not fact.known}


def _every(found: Sequence[_Fact], wrong: Callable[[_Item], bool], *, measured: bool = False) -> Answer:
    """Yes where no value is wrong. A fact with wrong values is named by these, every other one whole.

    Records in place of a choice are wrong as a whole, unless the question is one that they may answer (`measured`).
    """
    used: set[Used] = set()
    for fact in found:
        bad = {_part(fact, item, True) for item in fact.items if wrong(item)} if fact.known else set[Used]()
        if fact.known and fact.measured and not measured:
            bad = {_whole(fact, True)}
        used |= bad or {_whole(fact)}
    if any(one.against for one in used):
        return "no", used
    return ("yes" if all(fact.known for fact in found) else "open"), used


def _some(found: Sequence[_Fact], right: Callable[[_Item], bool]) -> Answer:
    """Yes where a value is right, and on these; no where all is known and none is; else open on what is not known."""
    hits = {_part(fact, item) for fact in found if fact.known for item in fact.items if right(item)}
    if hits:
        return "yes", hits
    unknown = _unknown(found)
    return ("open", unknown) if unknown else ("no", {_whole(fact, True) for fact in found})


def _like(text: str, pattern: str) -> bool:
    """Whether `text` is `pattern`, in which `*` stands for any text."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    position, last = len(first), rest.pop()
    if not text.startswith(first):
        return False
    for part in rest:
        position = text.find(part, position) + len(part)
        if position < len(part):
            return False
    return text.endswith(last) and len(text) - len(last) >= position


class Answers:
    """Answers conditions on one sheet. `counts` says whether assumptions do."""

    def __init__(self, sheet: FactSheet, pack: Pack, counts: bool) -> None:
        self.pack, self.sheet = pack, sheet
        self.known = ("stated", "assumed") if counts else ("stated",)
        self.nobody = {name.casefold() for name in pack.nobody}
        self.moving = [text.casefold() for text in pack.moving]
        self.found: dict[str, list[_Fact]] = {}

    def at(self, path: str) -> list[_Fact]:
        """The facts at a path: of `list[].field` the field of each record, or the list itself where it has none."""
        if path not in self.found:
            base, _, field = path.partition("[].")
            rows = self.sheet["records"].get(base) if field else None
            data = [(path, row[field]) for row in rows] if rows else [(base, self.sheet["plain"][base])]
            self.found[path] = [self._fact(name, one) for name, one in data]
        return self.found[path]

    def _fact(self, path: str, data: FactData) -> _Fact:
        items = tuple(self._item(item) for item in data["items"])
        return _Fact(path, data["within"], data["state"], data["state"] in self.known, data["measured"], items)

    def _item(self, data: ItemData) -> _Item:
        value, metric = data["value"], data.get("metric")
        number = float(value) if metric is None and isinstance(value, (int, float)) else None
        return _Item(data["shown"], metric or data["shown"], number, metric is not None and not data.get("flaw"))

    def answer(self, path: str, operator: str, argument: Any) -> Answer:
        """The answer to one condition, and the facts that decided it."""
        found = self.at(path)
        if operator == "without":  # absence counts: yes unless the inner answer is yes
            inner = cast("dict[str, Any]", argument if isinstance(argument, dict) else {argument: True})
            [(name, value)] = inner.items()
            status, used = self.answer(path, name, value)
            return ("no" if status == "yes" else "yes"), used
        if operator == "stated":
            return _every(found, lambda item: False, measured=True)
        if operator == "measurable":
            return _every(found, lambda item: not item.measurable)
        if operator == "named":
            return _every(found, lambda item: item.shown.casefold().rstrip(".") in self.nobody)
        if operator == "pinned":
            return _every(found, self._moves)
        if operator == "is":
            return _every(found, lambda item: item.shown != argument)
        if operator == "cell":
            return _every(found, lambda item: not self._in_cell(item, argument))
        if operator == "at_least":
            return _every(found, lambda item: item.number is None or item.number < self.limit(argument))
        if operator == "at_most":
            return _every(found, lambda item: item.number is None or item.number > self.limit(argument))
        if operator == "none_of":
            return _every(found, lambda item: item.name in argument, measured=True)
        if operator == "any_of":
            return _some(found, lambda item: item.name in argument)
        if operator == "some_from":
            return _some(found, lambda item: item.number is not None and item.number >= self.limit(argument))
        if operator == "includes":
            return self._includes(found, argument)
        if operator == "found_in":
            return self._found_in(found, self.at(argument))
        if operator == "apart_from":
            return self._apart_from(found, self.at(argument))
        base, records, _ = path.partition("[].")
        if not records or found[0].path == base:  # nothing to count: nothing is known, or a choice is stated
            return _every(found, lambda item: True)
        labels = self.at(f"{base}[].{self.pack.facts[base].label}")
        return self._count(found, labels, argument) if operator == "count" else self._varies(found, labels, argument)

    def _in_cell(self, item: _Item, argument: Any) -> bool:
        """Whether a value is in a cell; durations are compared in the unit that it names."""
        if isinstance(argument, dict):
            asked = cast("dict[str, Any]", argument)
            number = None if item.number is None else float(format(item.number / LENGTHS[asked["in"]], ".15g"))
            return proof_cells.holds(asked["test"], number, item.name)
        return proof_cells.holds(argument, item.number, item.name)

    def limit(self, name: str) -> float:
        return self.pack.limits[name].value

    def _moves(self, item: _Item) -> bool:
        """Whether a version is one that moves: the whole of it, or what stands after its last `/`, `:` or `@`."""
        text = item.shown.casefold()
        tail = text.rpartition("@")[2].rpartition(":")[2].rpartition("/")[2]
        return any(_like(one, pattern) for one in (text, tail) for pattern in self.moving)

    def _includes(self, found: list[_Fact], wanted: Sequence[str]) -> Answer:
        """Yes on the facts that are known, open on those that are not; no on all values, said of the list as a whole."""
        names = {item.name for fact in found if fact.known for item in fact.items}
        if names.issuperset(wanted):
            return "yes", {_whole(fact) for fact in found if fact.known}
        unknown = _unknown(found)
        if unknown:
            return "open", unknown
        state = self.sheet["plain"][found[0].path.partition("[]")[0]]["state"]
        return "no", {Used(found[0].path, "", state, ", ".join(sorted(names)), True)}

    def _found_in(self, found: list[_Fact], others: list[_Fact]) -> Answer:
        """What can't be found is wrong once the others are all known; until then it is open, on those that are not."""
        names = {item.name.casefold() for fact in others if fact.known for item in fact.items}
        status, used = _every(found, lambda item: item.name.casefold() not in names, measured=True)
        unknown = _unknown(others)
        if unknown and status == "no":
            status, used = "open", {_whole(fact) for fact in found}
        return status, used | unknown if status == "open" else used

    def _apart_from(self, found: list[_Fact], others: list[_Fact]) -> Answer:
        """It stands on the facts of both sides, those that stand in both against it."""
        names = {item.name.casefold() for fact in others if fact.known for item in fact.items}
        status, used = _every(found, lambda item: item.name.casefold() in names, measured=True)
        if status == "yes" and _unknown(others):
            status = "open"
        return status, used | {_whole(fact) for fact in others}

    def _count(self, found: list[_Fact], labels: list[_Fact], argument: dict[str, str]) -> Answer:
        """How many records, told apart by their labels, reach `from`; where one has no label, nothing is the most there can be.

        Yes on the numbers of the side that counts (where there are none, on all that is known), no on all numbers against it.
        """
        limit, least = self.limit(argument["from"]), "at_least" in argument
        bound = self.limit(argument["at_least"] if least else argument["at_most"])
        reach: set[str] = set()
        may: set[str] = set()
        for fact, label in zip(found, labels, strict=True):
            if label.known and any(item.number is not None and item.number >= limit for item in fact.items if fact.known):
                reach.add(label.items[0].name)
            elif label.known and not fact.known:
                may.add(label.items[0].name)
        low = len(reach)
        high = len(reach | may) if all(label.known for label in labels) else math.inf
        numbers = [(fact, item) for fact in found if fact.known for item in fact.items if item.number is not None]
        if low >= bound if least else high <= bound:
            hits = {_part(fact, item) for fact, item in numbers if (cast(float, item.number) >= limit) == least}
            return "yes", hits or {_whole(fact) for fact in found if fact.known}
        if high < bound if least else low > bound:
            return "no", {_part(fact, item, True) for fact, item in numbers}
        return "open", _unknown([*found, *labels])

    def _varies(self, found: list[_Fact], labels: list[_Fact], argument: dict[str, str]) -> Answer:
        """Whether a metric, all of whose values are known, has as many different runs as it takes and varies enough.

        Yes on the first such metric by name, no on all of them. Else open on what is not known; where everything is known,
        on the runs of the metrics that have too few: what is `missing` are more of them.
        """
        groups = self.at(argument["by"])
        rows = list(zip(found, labels, groups, strict=True))
        runs: dict[str, dict[tuple[str, float], Used]] = {}
        for fact, label, group in rows if all(group.known for group in groups) else ():
            points = runs.setdefault(group.items[0].name, {})
            if not fact.known or not label.known:
                points[("", math.nan)] = _whole(fact)  # a hole: the metric does not count
            for item in fact.items if fact.known and label.known else ():
                if item.number is not None:
                    points[(label.items[0].name, item.number)] = _part(fact, item, True)
        whole = {name: points for name, points in sorted(runs.items()) if all(one.against for one in points.values())}
        calm: set[Used] = set()
        short: set[Used] = set()
        for points in whole.values():
            if len(points) < max(2, self.limit(argument["over"])):
                short |= {one._replace(state="missing", against=False) for one in points.values()}
            elif _variation([value for _, value in points]) >= self.limit(argument["from"]):
                return "yes", set(points.values())
            else:
                calm |= set(points.values())
        unknown = _unknown(fact for row in rows for fact in row) or short
        return ("open", unknown) if unknown else ("no", calm)


def _variation(values: list[float]) -> float:
    """The sample standard deviation over the absolute mean."""
    mean = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return deviation / abs(mean) if deviation and mean else math.inf if deviation else 0.0
