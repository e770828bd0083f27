"""YAML text -> nodes. Scalars as in the YAML 1.2 core schema, so `NO`, `010`, `22:30` and dates stay text."""

from __future__ import annotations

import re
from typing import Any

import yaml

from .errors import Place
from .nodes import Builder, Node, number_of, refuse

# libyaml's parser where PyYAML was built with it; both hand out the same events, without recursion.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?|[-+]?\.[0-9]+([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))


def read(text: str, builder: Builder) -> None:
    """Feed the events of `text` to `builder`; raises CannotJudge at the first syntax error."""
    anchors: dict[str, Node | None] = {}
    opened: list[str | None] = []
    documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):  # pyright: ignore[reportUnknownMemberType]
            mark: Any = event.start_mark
            place = Place(mark.line + 1, mark.column + 1)
            if isinstance(event, yaml.ScalarEvent):
                _refuse_tag(event.tag, place)
                value = str(event.value)
                end: Any = event.end_mark
                length = end.column - mark.column if end.line == mark.line else 1
                place = Place(place.line, place.column, max(1, length))
                if builder.expects_key():
                    builder.key(value, place)
                    continue
                node = _scalar(value, event.style in (None, ""), place)
                builder.scalar(node)
                if event.anchor:
                    anchors[event.anchor] = node
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                _refuse_tag(event.tag, place)
                builder.start("mapping" if isinstance(event, yaml.MappingStartEvent) else "list", place)
                opened.append(event.anchor)
                if event.anchor:
                    anchors[event.anchor] = None
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                node = builder.end()
                anchor = opened.pop()
                if anchor:
                    anchors[anchor] = node
            elif isinstance(event, yaml.AliasEvent):
                known = anchors.get(event.anchor)
                if known is None or builder.expects_key():
                    raise refuse("bad-alias", "an alias has to name a value that stands complete before it", place)
                builder.alias(known)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise refuse("many-documents", "a file holds one document", place, "split the file at `---`")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ": ".join(str(part) for part in (error.context, error.problem) if part)
        place = Place(mark.line + 1, mark.column + 1) if mark else None
        raise refuse("syntax", f"this is not YAML: {what}", place) from None
    except yaml.YAMLError as error:
        raise refuse("syntax", f"this is not YAML: {str(error).splitlines()[0]}") from None


def _refuse_tag(tag: str | None, place: Place) -> None:
    if tag is not None:
        raise refuse("tag", "tags (`!...`) are not read here", place, "write the plain value")


def _scalar(value: str, plain: bool, place: Place) -> Node:
    if not plain:
        return Node("text", place, value)
    if value in _NULL:
        return Node("null", place, value)
    if value in _TRUE or value in _FALSE:
        return Node("boolean", place, value, boolean=value in _TRUE)
    if _NUMBER.fullmatch(value):
        return Node("number", place, value, number=number_of(value, place))
    if _NOT_FINITE.fullmatch(value):
        raise refuse("number-range", f"`{value}` is not a number that can be compared", place)
    return Node("text", place, value)
