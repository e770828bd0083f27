"""Where everything stands in the text of a YAML or JSON file, down to the character, so that a part of it can be changed.

Only for text that `engine.document` has read without a problem: nothing is guarded here.
"""

from __future__ import annotations

import json.decoder
import re
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPACE = re.compile(r"\s*")
_BARE = re.compile(r"[^\s,\]}]+")


@dataclass(slots=True)
class Span:
    """A value in the text: from `start` to `end`. `keys` are those of a mapping, with where each starts and ends."""

    kind: Literal["mapping", "list", "scalar", "alias"]
    start: int
    end: int
    flow: bool = True
    keys: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])
    values: list[Span] = field(default_factory=list["Span"])
    header: bool = False  # a text that begins with `|` or `>`

    def find(self, key: str | int) -> int | None:
        """The number of the entry or item, where there is one."""
        if isinstance(key, int):
            return key if self.kind == "list" and key < len(self.values) else None
        return next((n for n, (name, _, _) in enumerate(self.keys) if name == key), None)

    def texts(self) -> list[Span]:
        """Every key and single value in it, in their order; between them stand only signs and comments."""
        found: list[Span] = []
        stack: list[Span] = [self]
        while stack:
            span = stack.pop()
            if span.kind in ("scalar", "alias"):
                found.append(span)
            inner: list[Span] = []
            for number, value in enumerate(span.values):
                if span.keys:
                    inner.append(Span("scalar", *span.keys[number][1:]))
                inner.append(value)
            stack.extend(reversed(inner))
        return found


def of_yaml(text: str) -> Span:
    """The spans of a YAML text."""
    open_: list[Span] = []
    key: list[tuple[str, int, int] | None] = []
    root = Span("scalar", 0, 0)
    events: Any = yaml.parse(text, Loader=_LOADER)  # pyright: ignore[reportUnknownMemberType]
    for event in events:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
            open_.append(Span(kind, start, end, bool(event.flow_style)))
            key.append(None)
            continue
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            span = open_.pop()
            key.pop()
            span.end = end if span.flow else max([span.start, *(value.end for value in span.values)])
        elif isinstance(event, yaml.ScalarEvent):
            header = event.style in ("|", ">")
            span = Span("scalar", start, start + len(text[start:end].rstrip()) if header else end, header=header)
            if open_ and open_[-1].kind == "mapping" and key[-1] is None:
                key[-1] = (str(event.value), start, end)
                continue
        elif isinstance(event, yaml.AliasEvent):
            span = Span("alias", start, end)
        else:
            continue
        if not open_:
            root = span
            continue
        around, name = open_[-1], key[-1]
        if name is not None:
            around.keys.append(name)
            key[-1] = None
        around.values.append(span)
    return root


def of_json(text: str, position: int = 0) -> Span:
    """The spans of a JSON text."""
    position = _after_space(text, position)
    opener = text[position]
    if opener == '"':
        return Span("scalar", position, _string(text, position)[1])
    if opener not in "{[":
        bare = _BARE.match(text, position)
        assert bare
        return Span("scalar", position, bare.end())
    span = Span("mapping" if opener == "{" else "list", position, position)
    position = _after_space(text, position + 1)
    while text[position] not in "}]":
        if opener == "{":
            name, end = _string(text, position)
            span.keys.append((name, position, end))
            position = _after_space(text, end) + 1
        span.values.append(of_json(text, position))
        position = _after_space(text, span.values[-1].end)
        if text[position] == ",":
            position = _after_space(text, position + 1)
    span.end = position + 1
    return span


def _after_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    assert match
    return match.end()


def _string(text: str, position: int) -> tuple[str, int]:
    return json.decoder.scanstring(text, position + 1, True)  # type: ignore[attr-defined, no-any-return]
