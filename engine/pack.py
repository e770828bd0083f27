"""What a pack says, as frozen models. Texts and numbers come from the pack's files, never from code."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from . import cells

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
CellText = Annotated[str, BeforeValidator(lambda written: cells.parse(written).text)]  # as FEEL writes it
Length = Literal["seconds", "minutes", "hours", "days", "weeks"]
LENGTHS: dict[Length, int] = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
HitPolicy = Literal["unique", "any", "priority", "first", "rule-order", "output-order", "collect"]
SINGLE_HIT: tuple[HitPolicy, ...] = ("unique", "any", "priority", "first")
Aggregate = Literal["sum", "min", "max", "count"]


def _no_truth_value(written: Any) -> Any:
    if isinstance(written, bool):
        raise ValueError("an output is a text or a number; put a text such as `true` or `yes` in quotes")
    return written


_Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]  # as large as a number that stays exact


Value = Annotated[Text | _Number, BeforeValidator(_no_truth_value)]


class Model(BaseModel):
    """Frozen, and closed: a key that nothing reads is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(Model):
    """A number that conditions compare with, with unit, meaning and source."""

    value: float = Field(allow_inf_nan=False)
    unit: Text
    means: Text
    source: Text

    @property
    def span(self) -> str:
        """Of seconds what they come to, as in `93 days`; of any other unit nothing.

        Counted from the value and not taken from the unit (`seconds (93 days)`): a pack that extends this one may have
        another value.
        """
        if not self.unit.startswith("seconds"):
            return ""
        for length, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
            if self.value % length == 0 and self.value >= length:
                return f"{self.value / length:.15g} {name}{'' if self.value == length else 's'}"
        return f"{self.value:.15g} seconds"


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
        argument = _cell(written["cell"]) if asked == ["cell"] else written[asked[0]]
        return parts | {"operator": asked[0], "argument": argument}

    @property
    def key(self) -> str:
        """Equal questions have equal keys."""
        return f"{self.fact} {self.operator} {self.argument!r}"


def _cell(written: Any) -> Any:
    """The argument of `cell` in its one form: the text, or with a unit of time `{test: text, in: unit}`."""
    if not isinstance(written, dict):
        return cells.parse(written).text
    given = cast("dict[str, Any]", written)
    if set(given) != {"test", "in"} or given["in"] not in LENGTHS:
        raise ValueError(f"`cell` takes a test, or `test` and `in`, which is one of {', '.join(LENGTHS)}")
    return {"test": cells.parse(given["test"]).text, "in": given["in"]}


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


class Decides(Model):
    """Whether what a table of outputs says of one output is one of these values, or within a limit."""

    table: Identifier
    output: Identifier | None = None
    any_of: tuple[Text, ...] = ()
    at_least: Identifier | None = None
    at_most: Identifier | None = None
    mend: str = ""

    @model_validator(mode="after")
    def _asks_one(self) -> Decides:
        if sum(map(bool, (self.any_of, self.at_least, self.at_most))) != 1:
            raise ValueError("a question about a table has one of `any_of`, `at_least` and `at_most`")
        return self

    @property
    def key(self) -> str:
        """Equal questions have equal keys."""
        asks = f"any_of {list(self.any_of)!r}" if self.any_of else f"at_{'least' if self.at_least else 'most'} "
        return f"{self.table}/{self.output or ''} {asks}{self.at_least or self.at_most or ''}"


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
    "table": Decides,
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
    | Annotated[Decides, Tag("table")]
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


class Input(Model):
    """What the cells of a column ask about: a fact, or whether a signal holds. Durations are compared in the unit `in`."""

    fact: FactPath | None = None
    signal: Identifier | None = None
    title: Text | None = None
    unit: Length | None = Field(default=None, alias="in")

    @model_validator(mode="after")
    def _of_one(self) -> Input:
        if bool(self.fact) == bool(self.signal):
            raise ValueError("an input is a `fact` or a `signal`")
        return self


class Row(Model):
    """One row of a policy table. It holds when its signal does; where it has cells the loader makes a signal of them."""

    id: Identifier
    signal: Text
    when: Identifier | Literal[""] = ""
    cells: dict[Identifier, CellText] = Field(default_factory=dict[Identifier, CellText], alias="if")
    default: Choice
    alternative: Choice
    tradeoff: Text

    @model_validator(mode="after")
    def _asks(self) -> Row:
        if bool(self.when) == bool(self.cells):
            raise ValueError("a row has `when`, a signal, or cells under `if`")
        return self


class Table(Model):
    """A policy table. `priority` ranks its rows: of those that hold the first leads.

    `gaps` is why it is right that in some deliveries no row holds.
    """

    id: Identifier
    title: Text
    declared: FactPath
    rationale: FactPath
    priority: tuple[Identifier, ...]
    gaps: Text | None = None
    inputs: dict[Identifier, Input] = Field(default_factory=dict[Identifier, Input])
    rows: tuple[Row, ...] = Field(min_length=1)

    @cached_property
    def ranked(self) -> tuple[Row, ...]:
        """The rows, highest priority first."""
        by_id = {row.id: row for row in self.rows}
        return tuple(by_id[name] for name in self.priority)


class Output(Model):
    """A column that rows give a value for: one of `values`, the highest priority first, or without these a number."""

    title: Text
    values: tuple[Text, ...] = ()
    unit: Text | None = None


class OutputRow(Model):
    """One row of a table of outputs. It holds when all its cells do; one without cells always holds.

    `when` is the signal that the loader makes of the cells; a pack does not write it.
    """

    id: Identifier
    when: Literal[""] | Identifier = ""
    cells: dict[Identifier, CellText] = Field(default_factory=dict[Identifier, CellText], alias="if")
    then: dict[Identifier, Value]
    note: Text | None = None

    @model_validator(mode="after")
    def _has_cells(self) -> OutputRow:
        if self.when:
            raise ValueError("a row of a table with `outputs` has cells under `if` and no `when`; make the signal an input")
        return self


class OutputTable(Model):
    """A decision table that gives values for outputs, by one of the hit policies of DMN.

    `otherwise` is what holds where no row does; `gaps` is why it is right that in some deliveries nothing holds.
    """

    id: Identifier
    title: Text
    source: Text
    hit: HitPolicy
    aggregate: Aggregate | None = None
    inputs: dict[Identifier, Input] = Field(min_length=1)
    outputs: dict[Identifier, Output] = Field(min_length=1)
    rows: tuple[OutputRow, ...] = Field(min_length=1)
    otherwise: dict[Identifier, Value] | None = None
    gaps: Text | None = None


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
