"""The conditions that a pack writes, as frozen models: the questions they ask, and statements made of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import Discriminator, Field, Tag, model_validator

from . import cells
from .vocabulary import LENGTHS, FactPath, Identifier, Model, Text


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
