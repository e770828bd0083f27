"""What is to be stated, as YAML to be filled in: `<...>` where any value does, the value itself where it has to be that one.

Every `<...>` counts as not stated, or as no measurable value, so that nothing passes because of what nobody has filled in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from ..engine.edits import MORE, WHOLE, Edit
from ..engine.facts import LISTS, Facts

if TYPE_CHECKING:
    from ..engine.pack import Pack
    from ..engine.pack_conditions import Leaf
    from ..engine.unblock import Change
    from ..engine.vocabulary import FactDef

_MOST_CHOICES = 6  # choices that are named in a line
_PLAIN = " ._@/+-|()',;%[]"  # signs that a plain text of YAML may hold
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off"))
_KINDS = {
    "text": "text",
    "integer": "whole number",
    "number": "number",
    "share": "share such as 5%",
    "duration": "duration such as 30 days",
    "date": "year-month-day",
    "owner": "person or role",
    "reference": "name",
    "threshold": "metric >= number",
}


def snippet(changes: Sequence[Change], facts: Facts, pack: Pack, *, questions: bool = False) -> str:
    """The YAML for some changes, in the order of the vocabulary; with the question to each in a comment, if wanted."""
    return "\n".join(_Writing(facts, pack, questions).lines(changes))


class _Writing:
    def __init__(self, facts: Facts, pack: Pack, questions: bool) -> None:
        self.facts, self.pack, self.questions = facts, pack, questions
        self.rank = {path: number for number, path in enumerate(pack.facts)}
        self.edits: list[Edit] = []

    def lines(self, changes: Sequence[Change]) -> Iterator[str]:
        self.edits = [change.edit for change in changes if change.does != "confirm"]
        by_base: dict[str, list[Change]] = {}
        for change in sorted(changes, key=lambda c: (self.rank[c.known.path.partition("[]")[0]], c.edit.row == MORE, c.edit.row)):
            by_base.setdefault(change.known.path.partition("[]")[0], []).append(change)
        open_: list[str] = []
        for base, made in by_base.items():
            *above, last = base.split(".")
            shared = next((n for n, (a, b) in enumerate(zip(above, open_, strict=False)) if a != b), min(len(above), len(open_)))
            for depth in range(shared, len(above)):
                yield "  " * depth + f"{above[depth]}:"
            open_ = above
            yield from self._fact(last, made, "  " * len(above))

    def _fact(self, name: str, made: list[Change], indent: str) -> Iterator[str]:
        first = made[0]
        if first.edit.row == WHOLE and first.does == "confirm":
            yield from self._again(name, first, indent)
            return
        records = first.edit.value if first.edit.row == WHOLE and first.known.type == "records" else None
        if first.edit.row == WHOLE and not isinstance(records, list):
            yield self._noted(f"{indent}{name}: {self._value(first, first.known, first.edit.value)}", first)
            return
        yield self._noted(f"{indent}{name}:", first) if isinstance(records, list) else f"{indent}{name}:"
        for record in cast("list[dict[str, Any]]", records or []):
            yield from self._record(first, record, indent)
        rows: dict[int, list[Change]] = {}
        for change in made:
            rows.setdefault(change.edit.row, []).append(change)
        for row, cells in rows.items():
            if row >= 0:
                yield from self._cells(cells, indent)
            for change in cells if row == MORE else ():
                yield from self._record(change, change.edit.value, indent, note="  # one more")

    def _again(self, name: str, change: Change, indent: str) -> Iterator[str]:
        """What is there, to be checked: with evidence of the day where it has some."""
        value = _flow(change.edit.value)
        evidence = change.now.evidence
        if evidence:
            where = f"url: {_scalar(evidence.url, flow=True)}" if evidence.url else f"path: {_scalar(evidence.path, flow=True)}"
            value = f"{{value: {value}, evidence: {{{where}, date: <year-month-day>}}}}"
        yield self._noted(f"{indent}{name}: {value}", change)

    def _cells(self, cells: list[Change], indent: str) -> Iterator[str]:
        """Fields of a record that is there: its label first, to find it by."""
        base = cells[0].known.path.partition("[]")[0]
        label, named = self.pack.facts[base].label, cells[0].now.within
        row = self.facts.records[base][cells[0].edit.row]
        line = min(fact.place.line for fact in row.values())
        lead = f"{indent}  - "
        if named and not any(cell.known.path.endswith(f".{label}") for cell in cells):
            yield f"{lead}{label}: {_scalar(named)}  # the record in line {line}"
            lead = f"{indent}    "
        for cell in cells:
            field = cell.known.path.rpartition(".")[2]
            yield self._noted(f"{lead}{field}: {self._value(cell, cell.known, cell.edit.value)}", cell)
            lead = f"{indent}    "

    def _record(self, change: Change, record: dict[str, Any], indent: str, note: str = "") -> Iterator[str]:
        lead = f"{indent}  - "
        for name, value in record.items():
            inner = change.known.fields[name]
            line = f"{lead}{name}: {self._value(change, inner, value)}{note}"
            yield f"{line}  # {inner.ask}" if self.questions and not note else line
            lead, note = f"{indent}    ", ""

    def _noted(self, line: str, change: Change) -> str:
        if not self.questions:
            return line
        where = f" (in line {change.now.place.line})" if change.does in ("change", "confirm") else ""
        return f"{line}  # {change.known.ask}{where}"

    # --- one value

    def _value(self, change: Change, known: FactDef, value: Any, flow: bool = False) -> str:
        asked = [leaf for leaf in change.asked if leaf.fact == known.path]
        if known.choices:
            return self._choice(change, known, value, asked)
        many = known.type in LISTS
        kind = LISTS.get(known.type, known.type)
        needed = self._needed(change, known)
        if needed and many:
            return _flow([f"{name} >= <number>" if kind == "threshold" else name for name in needed])
        if str(value) in needed:  # of records, each has one of the names
            return _scalar(str(value))
        blank = self._inside(known, value, asked) or _KINDS.get(kind, "text") + self._bounds(change, known, asked)
        if not blank.startswith("<"):
            return blank if blank.startswith("[") else _scalar(f"<{blank}>") if not many else _flow([f"<{blank}>"])
        return blank

    def _inside(self, known: FactDef, value: Any, asked: Iterable[Leaf]) -> str:
        """Of a fact whose values other facts name: which they are, where they are stated."""
        many = known.type in LISTS
        for leaf in asked:
            if leaf.operator != "found_in":
                continue
            if self._changes(leaf.argument):
                return f"{'names' if many else 'a name'} from {leaf.argument}"
            names = list(dict.fromkeys(item.name for fact in self.facts.at(leaf.argument) if fact.known for item in fact.items))
            if len(names) == 1:
                return _flow(names) if many else names[0]
            if names and len(names) <= _MOST_CHOICES:
                return f"one {'or more ' if many else ''}of: {', '.join(names)}"
            if names or known.to:
                return f"{'names' if many else 'a name'} from {leaf.argument}"
        return ""

    def _changes(self, path: str) -> bool:
        """Whether a fact is itself about to be another, so that what it names now is no help."""
        return any(edit.row != MORE and path in (edit.path, f"{edit.path}[]{path.partition('[]')[2]}") for edit in self.edits)

    def _choice(self, change: Change, known: FactDef, value: Any, asked: Iterable[Leaf]) -> str:
        whole = known is change.known
        certain = any(leaf.operator in ("is", "includes", "any_of", "none_of") for leaf in asked)
        may = (change.may if whole else (str(value),) if certain else ()) or known.choices
        if known.type == "choices":
            if any(leaf.operator == "includes" for leaf in asked):  # several of them together
                return _flow(value)
            return _flow(may) if len(may) == 1 else _flow([_one_of(may, "one or more")])
        return _scalar(may[0] if len(may) == 1 else _one_of(may))

    def _needed(self, change: Change, known: FactDef) -> list[str]:
        """The names that other facts of the file use, and that have to be here."""
        users = [leaf.fact for leaf in change.asked if leaf.operator == "found_in" and leaf.argument == known.path]
        there = {item.name.casefold() for fact in self.facts.at(known.path) for item in fact.items if fact.path == known.path}
        users = [path for path in users if not self._changes(path)]
        found = [fact for path in users for fact in self.facts.at(path) if fact.known and fact.path == path]
        return list(dict.fromkeys(i.name for fact in found for i in fact.items if i.name.casefold() not in there))

    def _bounds(self, change: Change, known: FactDef, asked: Iterable[Leaf]) -> str:
        said: list[str] = []
        for leaf in asked:
            if leaf.operator in ("at_least", "at_most"):
                said.append(f"{leaf.operator.replace('_', ' ')} {_amount(self.pack, leaf.argument, known)}")
            elif leaf.operator == "some_from":
                said.append(f"in one of them {_amount(self.pack, leaf.argument, known)}")
            elif leaf.operator == "apart_from":
                said.append(f"other than in {leaf.argument}")
            elif leaf.operator == "pinned":
                said.append("one that can't move")
        for leaf in change.asked:
            if leaf.operator == "found_in" and leaf.argument == known.path and not self.pack.facts[leaf.fact].to:
                said.append(f"for each of {leaf.fact}")
        return "".join(f"; {one}" for one in dict.fromkeys(said))


def _amount(pack: Pack, name: str, known: FactDef) -> str:
    limit = pack.limits[name]
    if limit.span:
        return limit.span
    return f"{limit.value * 100:g}%" if known.type == "share" else f"{limit.value:g}"


def _one_of(choices: Sequence[str], how: str = "one") -> str:
    if len(choices) > _MOST_CHOICES:
        return f"<{how} of the {len(choices)} choices>"
    return f"<{' | '.join(choices) if how == 'one' else f'{how} of: ' + ', '.join(choices)}>"


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, cast("list[Any]", value))) + "]"
    return f"{value:g}" if isinstance(value, float) else _scalar(str(value), flow=True)


def _scalar(text: str, *, flow: bool = False) -> str:
    """A text as YAML: plain where it can't be misread, else in quotes."""
    inner = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    plain = inner and inner[0].isalpha() and all(c.isascii() and (c.isalnum() or c in _PLAIN) for c in inner)
    if plain and inner == inner.strip() and inner.casefold() not in _WORDS and not (flow and set(inner) & set(",[]")):
        return text
    return json.dumps(text, ensure_ascii=False)
