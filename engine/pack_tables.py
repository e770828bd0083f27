"""The decision tables of a pack, as frozen models: policy tables, and tables of outputs with the hit policies of DMN."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from . import cells
from .vocabulary import FactPath, Identifier, Length, Model, Text

CellText = Annotated[str, BeforeValidator(lambda written: cells.parse(written).text)]  # as FEEL writes it
HitPolicy = Literal["unique", "any", "priority", "first", "rule-order", "output-order", "collect"]
SINGLE_HIT: tuple[HitPolicy, ...] = ("unique", "any", "priority", "first")
Aggregate = Literal["sum", "min", "max", "count"]


def _no_truth_value(written: Any) -> Any:
    if isinstance(written, bool):
        raise ValueError("an output is a text or a number; put a text such as `true` or `yes` in quotes")
    return written


_Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]  # as large as a number that stays exact


Value = Annotated[Text | _Number, BeforeValidator(_no_truth_value)]


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
