"""Two readings of Facts -> the facts that changed.

Facts are compared as they were read, so places, order, repetition and the notation of numbers don't count. Records of
the same label are the same record; a record that stands on one side alone is told by its fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from .errors import Place
from .facts import Facts
from .pack import Pack
from .values import Evidence, Fact


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact before and after. A field of a record that stands on one side alone is `missing` on the other."""

    old: Fact
    new: Fact

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """`added` where it was not written, `removed` where it no longer is."""
        return "added" if self.old.state == "missing" else "removed" if self.new.state == "missing" else "changed"

    @property
    def path(self) -> str:
        """The path of the fact in the vocabulary."""
        return self.new.path

    @property
    def within(self) -> str:
        """The label of the record it stands in."""
        return self.new.within


def facts_between(old: Facts, new: Facts, pack: Pack) -> Iterator[FactChange]:
    """Every fact that is not the same in both, in the order of the vocabulary."""
    for section in pack.sections:
        for path in section.facts:
            before, after = old.plain[path], new.plain[path]
            if _whole(before, bool(old.records.get(path))) != _whole(after, bool(new.records.get(path))):
                yield FactChange(before, after)
            yield from _fields(before, after, old.records.get(path, ()), new.records.get(path, ()))


Record = dict[str, Fact]


def _fields(old: Fact, new: Fact, before: Iterable[Record], after: Iterable[Record]) -> Iterator[FactChange]:
    """The fields that changed, record by record; records of the same label are the same one."""
    for one, other in _pairs([(row, _record(row, old)) for row in before], [(row, _record(row, new)) for row in after]):
        for name, fact in (one or other or {}).items():
            was = one[name] if one else _absent(fact, old.place)
            now = other[name] if other else _absent(fact, new.place)
            if _fact(was, old.evidence) != _fact(now, new.evidence):
                yield FactChange(was, now)


def _pairs(
    old: list[tuple[Record, object]], new: list[tuple[Record, object]]
) -> list[tuple[Record, None] | tuple[None, Record] | tuple[Record, Record]]:
    """The records that are not equal, two by two, by label."""
    by_label: dict[str, tuple[list[Record], list[Record]]] = {}
    for mine, others, side in ((old, new, 0), (new, old, 1)):
        equal = Counter(key for _, key in others)
        for row, key in mine:
            if equal[key] > 0:
                equal[key] -= 1
            else:
                label = next(iter(row.values())).within
                by_label.setdefault(label, ([], []))[side].append(row)
    found: list[tuple[Record, None] | tuple[None, Record] | tuple[Record, Record]] = []
    for label in sorted(by_label):
        one, other = by_label[label]
        both = min(len(one), len(other))
        found += zip(one[:both], other[:both], strict=True)
        found += [(row, None) for row in one[both:]]
        found += [(None, row) for row in other[both:]]
    return found


def _absent(fact: Fact, place: Place) -> Fact:
    return Fact(fact.path, "missing", place, within=fact.within)


def _fact(fact: Fact, above: Evidence | None = None) -> tuple[object, ...]:
    """What counts of a fact when it is compared. Evidence of the whole list is compared there."""
    items = frozenset(item.value if isinstance(item.value, float) else item.shown for item in fact.items)
    evidence = fact.evidence if fact.evidence != above else None
    return fact.state, items, fact.note, evidence and (evidence.url, evidence.path, evidence.date, evidence.digest)


def _record(row: Record, whole: Fact) -> tuple[object, ...]:
    return tuple(_fact(fact, whole.evidence) for fact in row.values())


def _whole(fact: Fact, has_records: bool) -> tuple[object, ...]:
    """What counts of a fact as a whole. That records came or went is told by their fields."""
    state, items, note, evidence = _fact(fact)
    if has_records or fact.state == "missing":
        return "", evidence
    return state, items, note, evidence


def base(path: str) -> str:
    """The fact that a field belongs to; of any other fact, itself."""
    return path.partition("[]")[0]
