"""What changed between two verdicts, in sentences that text and Markdown share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...engine import table_words
from ...engine.errors import Place, short
from ...engine.fact_changes import FactChange, base
from ...engine.facts import Evidence, Fact
from ...engine.verdict import Verdict
from .text import words
from .text.problems import where

if TYPE_CHECKING:  # every command loads every renderer, and only two compare
    from ...engine.changes import Advice, AssumptionChange, Changes, CriterionChange, DecisionChange, TableChange

MOST_FACTS = 30  # facts that are shown before the rest is only counted
_MOST_REASONS = 4
_MOST_FIELDS = 6
SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True, slots=True)
class Tell:
    """How a format writes: `quote` a value, `prose` a text of the pack, `spot` a place behind a sentence.

    `files` are the names of both files, where places in them can be looked up.
    """

    quote: Callable[[str], str]
    prose: Callable[[str], str]
    spot: Callable[[str], str]
    files: tuple[str, str] | None

    def value(self, text: str) -> str:
        """A value of the user's, cut where it is long."""
        return self.quote(short(text))

    def place(self, side: int, place: Place) -> str:
        """A place in the old file (0) or the new one (1)."""
        return self.spot(where(self.files[side], place)) if self.files else ""

    def fact(self, change: FactChange) -> str:
        """One fact before and after, with the place that it has, or had where it is gone."""
        old, new = self._stated(change.old), self._stated(change.new)
        name = f"`{change.path}`" + (f" of {self.value(change.within)}" if change.within else "")
        if change.kind == "removed":
            return f"{name} is gone; it was {old}" + self.place(0, change.old.place)
        if change.kind == "added":
            text = f"{name} is {new}"
        elif old == new:
            text = (
                f"{name} is {new}, with {self._evidence(change.new.evidence)} in place of {self._evidence(change.old.evidence)}"
            )
        else:
            text = f"{name} is {new}; it was {old}"
        return text + self.place(1, change.new.place)

    def record(self, changes: Sequence[FactChange]) -> str:
        """A record that came or went, field by field; or one fact."""
        first = changes[0]
        if len(changes) == 1:
            return self.fact(first)
        gone = first.kind == "removed"
        fields = [(one.path.rpartition(".")[2], one.old if gone else one.new) for one in changes]
        shown = ", ".join(f"{self.prose(name)} {self._stated(fact)}" for name, fact in fields[:_MOST_FIELDS])
        more = f" and {words.plural(len(fields) - _MOST_FIELDS, 'field')} more" if len(fields) > _MOST_FIELDS else ""
        name = f"`{base(first.path)}[]`" + (f" of {self.value(first.within)}" if first.within else "")
        place = self.place(0, first.old.place) if gone else self.place(1, first.new.place)
        return f"{name} {'is gone; it had' if gone else 'is new:'} {shown}{more}{place}"

    def because(self, found: Sequence[FactChange]) -> Iterator[tuple[str, str]]:
        """The facts that made a difference, each with its sign."""
        for change in found[:_MOST_REASONS]:
            yield SIGNS[change.kind], self.fact(change)
        if len(found) > _MOST_REASONS:
            yield " ", f"and {words.plural(len(found) - _MOST_REASONS, 'fact')} more"

    def _stated(self, fact: Fact) -> str:
        if fact.state == "placeholder":
            return "a placeholder"
        if fact.state == "invalid":
            return "not readable"
        shown = self.value(", ".join(item.shown for item in fact.items)) if fact.items else "a list of records"
        return shown + (f" ({fact.state})" if fact.state in ("assumed", "stale") else "")

    def _evidence(self, found: Evidence | None) -> str:
        if found is None:
            return "no evidence"
        parts = [self.value(found.url or found.path), f"of {found.date}" if found.date else "", found.digest[:15]]
        return "evidence " + " ".join(part for part in parts if part)

    def advice(self, found: Advice) -> str:
        """What a table says."""
        if found.row:
            return self.prose(found.row.default.text)
        if found.undecided:
            signals = " or ".join(f'"{self.prose(row.signal)}"' for row in found.undecided)
            return f"not decided, for it is not known whether {signals} holds"
        return "nothing, because no row holds"

    def decision(self, found: DecisionChange) -> str:
        """What a table of outputs says, and what it said before."""
        new, old = (self.prose(table_words.short(one.table, one.answer)) for one in (found.new, found.old))
        return f"{found.new.table.id}: {new}" + (f"; before: {old}" if old != new else "; by other rows than before")

    def deviation(self, found: TableChange) -> str:
        """Where a deviation came, went, or got or lost its rationale."""
        new = found.new
        if not new.deviates:
            return "the declared choice is no deviation any longer" if found.old.deviates else ""
        declared = f"DEVIATION: {self.value(new.declared)} is declared instead"
        if new.rationale:
            return f"{declared}, with the rationale {self.value(new.rationale)}"
        return f"{declared}, and `{found.table.rationale}` does not say why"

    def assumption(self, found: AssumptionChange) -> str:
        """What became of an assumption."""
        new = found.new
        if new:
            said = f"{found.kind}: `{found.fact}` is assumed to be {self.value(new.value)} by {self.value(new.owner)}"
            return f"{said}, because: {self.value(new.reason)}" + self.place(1, new.place)
        stated = {"confirmed": "stated now", "corrected": "stated now, and otherwise than assumed"}
        now = stated.get(found.kind, "neither assumed nor stated any longer")
        return f"{found.kind}: `{found.fact}` is {now}"

    def order(self, changes: Changes) -> list[str]:
        """What became of the order that was asked for."""
        new = changes.new.facts.sequence
        if changes.sequence is None:
            return []
        if new is None:
            return ["the gates are judged in their own order again"]
        return [
            f"asked for by {self.value(new.requested_by)}, because: {self.value(new.reason)}" + self.place(1, new.place),
            ", ".join(new.order),
            *(f"{gate} comes before {needed}, which it needs" for gate, needed in changes.new.turned_round),
        ]


def outcome(changes: Changes) -> str:
    """The whole in a word or two."""
    if changes.got_worse:
        return "WORSE, and in part better" if changes.got_better else "WORSE"
    if changes.got_better:
        return "better"
    return "nothing changed" if changes.empty else "no gate is better or worse"


def standing(verdict: Verdict) -> str:
    """How a delivery stands, in one line."""
    total = len(verdict.gates)
    blocked = next((gate for gate in verdict.gates if gate.status == "blocked"), None)
    if verdict.passed:
        return f"PASSED, all {total} gates{words.by_waiver(verdict)}"
    if blocked is None:
        return f"BLOCKED, all {total} gates pass but the file has problems"
    passed = sum(gate.status == "passed" for gate in verdict.gates)
    missing = words.plural(len(verdict.missing), "fact")
    return (
        f"BLOCKED at gate {blocked.gate.stage}, {blocked.gate.id} "
        f"({passed} of {total} gates passed, {missing} missing or contradicted)"
    )


def direction(changes: Changes, gate: str) -> str:
    """Whether a gate got better or worse, or both."""
    return " and ".join(name for name, gates in (("worse", changes.worse), ("better", changes.better)) if gate in gates)


def groups(changes: Changes) -> Iterator[tuple[str, list[CriterionChange]]]:
    """The criteria under the headings that tell them best."""
    for heading, held, holds in (
        ("What no longer holds", True, False),
        ("What holds now", False, True),
        ("What still does not hold, in another way", False, False),
        ("What still holds, in another way", True, True),
    ):
        found = [one for one in changes.criteria if (one.held, one.holds) == (held, holds)]
        if found:
            yield heading, found


def by_record(facts: Iterable[FactChange]) -> list[list[FactChange]]:
    """The changes one by one, but together the fields of a record that came or went."""
    found: list[list[FactChange]] = []
    for change in facts:
        last = found[-1][-1] if found else None
        if (
            last
            and change.kind != "changed"
            and "[]" in last.path
            and (last.kind, base(last.path), last.within) == (change.kind, base(change.path), change.within)
            and all(one.path != change.path for one in found[-1])
        ):
            found[-1].append(change)
        else:
            found.append([change])
    return found


def count(facts: Sequence[FactChange]) -> str:
    """How many facts came, went and changed."""
    kinds = [(sum(one.kind == kind for one in facts), kind) for kind in SIGNS]
    return ", ".join(f"{number} {kind}" for number, kind in kinds if number)
