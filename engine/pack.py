"""What a pack says, as frozen models. Texts and numbers come from the pack's files, never from code."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from .pack_conditions import Statement
from .pack_tables import OutputTable, Table
from .vocabulary import FactDef, FactPath, FactType, Identifier, Limit, Model, Section, Text, Topic


class Criterion(Statement):
    """An entry or exit criterion, in the words of its source."""

    text: Text
    mend: Text


class Gate(Model):
    """A stage of the delivery."""

    id: Identifier
    stage: int = Field(ge=1)
    title: Text
    needs: tuple[Identifier, ...]
    entry: Criterion
    exit: tuple[Criterion, ...] = Field(min_length=1)


class Signal(Statement):
    """A situation, stated or derived from measurements."""

    title: Text


class AntiPattern(Statement):
    """What must not be."""

    text: Text
    mend: Text


Shown = Literal["assumptions", "waivers", "deviations"]


class Item(Statement):
    """A line of a checklist; with `facts` it is a section of the bundle.

    `facts` are the facts that the section states: sections or groups of the vocabulary, or single facts. `shows` is what
    else it lists.
    """

    text: Text
    facts: tuple[FactPath, ...] = ()
    shows: tuple[Shown, ...] = ()


class Checklist(Model):
    """Items that all have to hold. `signed_by`: where they are the sections of the bundle, the facts that name who signs it."""

    id: Identifier
    title: Text
    signed_by: tuple[FactPath, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1)

    @property
    def of_bundle(self) -> bool:
        """Whether its items are the sections of the bundle."""
        return any(item.facts for item in self.items)


class Base(Model):
    """A pack that another one extends."""

    id: Identifier
    version: str
    digest: str


class Departure(Model):
    """What a pack drops or loosens of the one that it extends, and why."""

    what: Text
    because: Text


class Pack(Model):
    """A folder of knowledge, whole. `extends` names the packs below it, the next one first."""

    id: Identifier
    version: str
    title: Text
    source: Text
    digest: str = ""
    extends: tuple[Base, ...] = ()
    departures: tuple[Departure, ...] = ()
    placeholders: tuple[str, ...]
    nobody: tuple[str, ...]
    moving: tuple[str, ...]
    limits: dict[str, Limit]
    fresh_for: Identifier | None = None
    effort: dict[FactType, Annotated[int, Field(ge=1, le=100)]] = Field(default_factory=dict[FactType, int])
    topics: tuple[Topic, ...] = ()
    crosswalk: tuple[Identifier, ...] = ()
    sections: tuple[Section, ...]
    gates: tuple[Gate, ...]
    signals: tuple[Signal, ...]
    tables: tuple[Table, ...]
    output_tables: tuple[OutputTable, ...] = ()
    antipatterns: tuple[AntiPattern, ...]
    checklists: tuple[Checklist, ...]

    @cached_property
    def facts(self) -> dict[str, FactDef]:
        """The vocabulary by path; a field of records as `path[].field`."""
        found: dict[str, FactDef] = {}
        for section in self.sections:
            for path, fact in section.facts.items():
                found[path] = fact
                found |= {f"{path}[].{name}": inner for name, inner in fact.fields.items()}
        return found

    @cached_property
    def example(self) -> dict[str, Any]:
        """A whole delivery put together from the examples of the vocabulary, optional facts left out."""
        found: dict[str, Any] = {}
        for section in self.sections:
            for path, fact in section.facts.items():
                if fact.optional:
                    continue
                level = found
                *above, last = path.split(".")
                for part in above:
                    level = level.setdefault(part, {})
                level[last] = fact.sample
        return found

    def under(self, name: str) -> tuple[str, ...]:
        """The facts of a section or group of the vocabulary, or the one fact of that name; a list of records is one fact."""
        paths = (path for section in self.sections for path in section.facts)
        return tuple(path for path in paths if path == name or path.startswith(name + "."))

    def effort_of(self, path: str) -> int:
        """How much work it is to state a fact; 1 is choosing from a list. Of records, one record with all its fields."""
        known = self.facts[path]
        if known.effort is not None:
            return known.effort
        return self.effort.get(known.type, 1) + sum(self.effort_of(inner.path) for inner in known.fields.values())

    def freshness(self, path: str) -> Limit | None:
        """How long evidence for a fact counts; nothing where it does not age."""
        name = self.facts[path].fresh_for or self.fresh_for
        return self.limits[name] if name else None

    @cached_property
    def implied(self) -> frozenset[str]:
        """The signals that the loader has made of rows with cells."""
        rows = (row for table in (*self.tables, *self.output_tables) for row in table.rows if row.cells)
        return frozenset(row.when for row in rows if row.when)

    @cached_property
    def gates_by_id(self) -> dict[str, Gate]:
        """The gates by id."""
        return {gate.id: gate for gate in self.gates}

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """Every exit criterion by id."""
        return {criterion.id: criterion for gate in self.gates for criterion in gate.exit}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The gates in their default order."""
        return tuple(gate.id for gate in self.gates)

    def find_gate(self, name: str) -> Gate | None:
        """The gate with this id or stage number."""
        return next((gate for gate in self.gates if name in (gate.id, str(gate.stage))), None)
