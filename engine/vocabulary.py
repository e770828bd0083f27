"""The vocabulary of a pack, as frozen models: its facts and their types, the limits that they are compared with."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

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
Length = Literal["seconds", "minutes", "hours", "days", "weeks"]
LENGTHS: dict[Length, int] = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}


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
