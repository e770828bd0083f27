"""What a pack says, as frozen models. Texts and numbers come from the pack's files, never from code."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
FactPath = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*(\[\](\.[a-z0-9_]+)?)?$", max_length=120)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
FactType = Literal[
    "text", "texts", "choice", "choices", "integer", "number", "share", "duration", "date",
    "owner", "owners", "thresholds", "reference", "references", "records",
]


class Model(BaseModel):
    """Frozen, and closed: a key that nothing reads is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(Model):
    """A number that conditions compare with, with unit, meaning and source."""

    value: float
    unit: Text
    means: Text
    source: Text


class FactDef(Model):
    """One entry of the vocabulary. `path` is set by the loader, `fields` only where the type is records."""

    path: FactPath = "x"
    section: str = ""
    gate: str = ""
    type: FactType
    means: Text
    ask: Text
    example: Any = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    to: FactPath | None = None
    least: float | None = None
    most: float | None = None
    optional: bool = False
    label: str = ""
    fields: dict[str, FactDef] = Field(default_factory=dict[str, "FactDef"])

    @model_validator(mode="after")
    def _fits_type(self) -> FactDef:
        if (self.type == "records") != bool(self.fields):
            raise ValueError("`fields` belongs to the type `records`, and to it alone")
        if self.type == "records" and self.label not in self.fields:
            raise ValueError("`label` has to name the field that tells records apart")
        if self.type in ("choice", "choices") and not self.choices:
            raise ValueError(f"the type `{self.type}` needs `choices`")
        if self.type in ("reference", "references") and not self.to:
            raise ValueError(f"the type `{self.type}` needs `to`, the fact that it refers to")
        if self.type != "records" and self.example is None:
            raise ValueError("an example is missing")
        return self


    @property
    def sample(self) -> Any:
        """The example of the fact; of records without one of their own, one record from the examples of its fields."""
        if self.example is None:
            return [{name: inner.example for name, inner in self.fields.items()}]
        return self.example


class Section(Model):
    """A part of the fact file; it belongs to one gate."""

    id: str
    gate: str
    title: Text
    facts: dict[FactPath, FactDef]


class Leaf(Model):
    """One question about one fact: an operator of `conditions.py` and its argument."""

    fact: FactPath
    operator: str = "stated"
    argument: Any = True
    mend: str = ""

    @property
    def key(self) -> str:
        """Equal questions have equal keys."""
        return f"{self.fact} {self.operator} {self.argument!r}"


class SignalIs(Model):
    """Whether a signal holds (or, with `is: false`, does not)."""

    signal: Identifier
    holds: bool = Field(default=True, alias="is")


class CriterionHolds(Model):
    """Whether an exit criterion holds."""

    criterion: Identifier


class Passes(Model):
    """Whether every item of a checklist holds."""

    passes: Identifier


class FreeOf(Model):
    """Whether no anti-pattern is there."""

    free_of: Literal["antipatterns"]


class Follows(Model):
    """Whether the declared choice follows the table's recommendation, or has a rationale."""

    follows: Identifier
    mend: str = ""


class All(Model):
    """All of these."""

    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(Model):
    """Any of these."""

    any: tuple[Condition, ...] = Field(min_length=1)


_KINDS: dict[str, type[Model]] = {
    "signal": SignalIs, "criterion": CriterionHolds, "passes": Passes, "free_of": FreeOf, "follows": Follows,
    "all": All, "any": AnyOf,
}
_LEAF_KEYS = frozenset(("fact", "mend", "operator", "argument"))


def _condition(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    written: dict[str, Any] = value
    if "fact" not in written:
        kind = next((_KINDS[key] for key in written if key in _KINDS), None)
        if kind is None:
            raise ValueError("a condition has one of: fact, " + ", ".join(_KINDS))
        return kind.model_validate(written)
    asked = [key for key in written if key not in _LEAF_KEYS]
    if len(asked) > 1:
        raise ValueError(f"one condition asks one question; here are {len(asked)}: {', '.join(asked)}")
    parts: dict[str, Any] = {key: written[key] for key in written if key in _LEAF_KEYS}
    if asked:
        parts |= {"operator": asked[0], "argument": written[asked[0]]}
    return Leaf.model_validate(parts)


Condition = Annotated[
    Leaf | SignalIs | CriterionHolds | Passes | FreeOf | Follows | All | AnyOf, BeforeValidator(_condition)
]


class Statement(Model):
    """Something that is met, unmet or unknown: conditions under `all` or `any`."""

    id: Identifier
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _one_of(self) -> Statement:
        if bool(self.all) and bool(self.any):
            raise ValueError("a statement has `all` or `any`, not both")
        return self

    @property
    def condition(self) -> All | AnyOf | None:
        """Its condition as one."""
        if self.all:
            return All.model_construct(all=self.all)
        return AnyOf.model_construct(any=self.any) if self.any else None


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


class Choice(Model):
    """What a row recommends: the id that a fact file declares, and the words of the table."""

    choice: Identifier
    text: Text


class Row(Model):
    """One row of a decision table; it holds when its signal does."""

    id: Identifier
    signal: Text
    when: Identifier
    default: Choice
    alternative: Choice
    tradeoff: Text


class Table(Model):
    """A decision table. `priority` ranks its rows: of those that hold the first leads."""

    id: Identifier
    title: Text
    declared: FactPath
    rationale: FactPath
    priority: tuple[Identifier, ...]
    rows: tuple[Row, ...] = Field(min_length=1)

    @cached_property
    def ranked(self) -> tuple[Row, ...]:
        """The rows, highest priority first."""
        by_id = {row.id: row for row in self.rows}
        return tuple(by_id[name] for name in self.priority)


class AntiPattern(Statement):
    """What must not be."""

    text: Text
    mend: Text


class Item(Statement):
    """A line of a checklist."""

    text: Text


class Checklist(Model):
    """Items that all have to hold."""

    id: Identifier
    title: Text
    items: tuple[Item, ...] = Field(min_length=1)


class Pack(Model):
    """A folder of knowledge, whole."""

    id: Identifier
    version: str
    title: Text
    source: Text
    digest: str = ""
    placeholders: tuple[str, ...]
    nobody: tuple[str, ...]
    moving: tuple[str, ...]
    limits: dict[str, Limit]
    sections: tuple[Section, ...]
    gates: tuple[Gate, ...]
    signals: tuple[Signal, ...]
    tables: tuple[Table, ...]
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
