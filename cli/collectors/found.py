"""What collectors find: facts that a source says, and what is there and falls short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Said = str | int | float | Sequence[str]


@dataclass(frozen=True, slots=True)
class At:
    """A place in a source: the file below the folder, the line where there are lines, and the field as the source calls it."""

    file: str
    line: int = 0
    field: str = ""

    def __str__(self) -> str:
        return (f"{self.file}:{self.line}" if self.line else self.file) + (f" {self.field}" if self.field else "")


@dataclass(frozen=True, slots=True)
class Says:
    """A source says so, plainly: values by the fields of its mapping table.

    Fields that the table gives to the same list of records make one record.
    """

    at: At
    values: Mapping[str, Said | None]  # nothing is a field that is not there


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Something is there and falls short of what a fact needs: told as that, and never a fact."""

    at: At
    what: str
    help: str = ""


Finding = Says | Shortfall
