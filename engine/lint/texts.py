"""Texts that say nothing yet: a mend line, a source or a question that is still to be written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from ..edits import to_node
from ..pack_walks import Location
from ..values import Values
from .subject import Finding, Subject
from .values import NOWHERE

_TEXTS = {"title", "text", "mend", "means", "ask", "source", "unit", "because", "gaps", "tradeoff"}


def check(subject: Subject) -> Iterator[Finding]:
    """Texts of the pack that are placeholders by its own list."""
    values = Values(subject.pack)
    for location, text in _texts(subject.pack.model_dump(by_alias=True, exclude_unset=True), ()):
        if values.is_placeholder(to_node(text, NOWHERE)):
            what = f"`{location[-1]}` says nothing yet: `{text}`"
            yield subject.finding("placeholder-text", location, what)


def _texts(said: Any, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(said, dict):
        for key, value in cast("dict[str, Any]", said).items():
            if key in _TEXTS and isinstance(value, str):
                yield (*location, key), value
            else:
                yield from _texts(value, (*location, key))
    elif isinstance(said, (list, tuple)):
        for number, value in enumerate(cast("list[Any]", said)):
            yield from _texts(value, (*location, number))
