"""What a pack says, as frozen models. Texts and numbers come from the pack's files, never from code."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
FactPath = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*(\[\](\.[a-z0-9_]+)?)?$", max_length=120)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
FactType = Literal[
    "text",
    "texts",
    "choice",
    "choices",
    "integer",
    "number",
    "share",
    "duration",
    "date",
    "owner",
    "owners",
    "thresholds",
    "reference",
    "references",
    "records",
]


class Model(BaseModel):
    """Frozen, and closed: a key that nothing reads is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(Model):
    """A number that conditions compare with, with unit, meaning and source."""

    value: float = Field(allow_inf_nan=False)
    unit: Text
    means: Text
    source: Text


class Default(Model):
    """What is assumed where nobody states a fact: a value that holds for most deliveries, and why."""

    value: Any
    because: Text


class FactDef(Model):
    """One entry of the vocabulary. `path` is set by the loader, `fields` only where the type is records.

    `default` is what an assumption may begin with; a fact that only the team can know has none. `fresh_for` names the
    limit after which evidence for it is stale, `effort` how much work it is to state, where it differs from its type.
    """

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
    default: Default | None = None
    fresh_for: Identifier | None = None
    effort: int | None = Field(default=None, ge=1, le=100)
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
        nested = [name for name, inner in self.fields.items() if inner.type == "records"]
        if nested:
            raise ValueError(f"a record holds single facts, and `{nested[0]}` is of the type records")
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


class Topic(Model):
    """Sections that one question of an interview can be about."""

    id: Identifier
    title: Text
    sections: tuple[str, ...] = Field(min_length=1)


class Leaf(Model):
    """One question about one fact: an operator of `conditions.py` and its argument."""

    fact: FactPath
    operator: str = "stated"
    argument: Any = True
    mend: str = ""

    @model_validator(mode="before")
    @classmethod
    def _asks(cls, value: Any) -> Any:
        """In a pack the operator is the key of its argument: `at_most: monitoring-cadence`."""
        if not isinstance(value, dict):
            return value
        written = cast("dict[str, Any]", value)
        asked = [key for key in written if key not in ("fact", "mend", "operator", "argument")]
        if len(asked) > 1:
            raise ValueError(f"one condition asks one question; here are {len(asked)}: {', '.join(map(str, asked))}")
        if not asked:
            return written
        parts = {key: written[key] for key in written if key in ("fact", "mend")}
        return parts | {"operator": asked[0], "argument": written[asked[0]]}

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
    "fact": Leaf,
    "signal": SignalIs,
    "criterion": CriterionHolds,
    "passes": Passes,
    "free_of": FreeOf,
    "follows": Follows,
    "all": All,
    "any": AnyOf,
}


def _kind(value: Any) -> str | None:
    """The key by which a condition is told: its first that names a kind."""
    if isinstance(value, dict):
        return next((kind for kind in _KINDS if kind in value), None)
    return next((kind for kind, model in _KINDS.items() if isinstance(value, model)), None)


Condition = Annotated[
    Annotated[Leaf, Tag("fact")]
    | Annotated[SignalIs, Tag("signal")]
    | Annotated[CriterionHolds, Tag("criterion")]
    | Annotated[Passes, Tag("passes")]
    | Annotated[FreeOf, Tag("free_of")]
    | Annotated[Follows, Tag("follows")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")],
    Discriminator(_kind, custom_error_type="no_condition", custom_error_message="a condition has one of: " + ", ".join(_KINDS)),
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
    """A decision table. `priority` ranks its rows: of those that hold the first leads.

    `gaps` is why it is right that in some deliveries no row holds.
    """

    id: Identifier
    title: Text
    declared: FactPath
    rationale: FactPath
    priority: tuple[Identifier, ...]
    gaps: Text | None = None
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
    fresh_for: Identifier | None = None
    effort: dict[FactType, Annotated[int, Field(ge=1, le=100)]] = Field(default_factory=dict[FactType, int])
    topics: tuple[Topic, ...] = ()
    crosswalk: tuple[Identifier, ...] = ()
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
