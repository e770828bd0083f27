"""YAML text -> nodes. Scalars as in the YAML 1.2 core schema, so `NO`, `010`, `22:30` and dates stay text."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

import yaml

from .errors import Place, short
from .nodes import Builder, Node, not_finite, number_of, refuse

# libyaml's parser where PyYAML was built with it; both hand out the same events, without recursion.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*+)(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]++)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))
# libyaml compares each %TAG line with every one before it, so thousands of them would never end.
_TAG_LINE = re.compile(r"^%TAG", re.MULTILINE)
_TAGS = ("tag", "tags (`!...`) are not read here")


class _Marks:
    """Turns the parser's marks into places. YAML 1.1 parsers end a line at U+2028 too, and editors don't."""

    def __init__(self, text: str) -> None:
        self.starts = [0]
        if "\u2028" in text or "\u2029" in text:
            self.starts += [found.end() for found in re.finditer("\n", text)]
            self.plain = False
        else:
            self.plain = True

    def of(self, event: Any) -> Place:
        """Where an event begins; its length where it ends in the same line."""
        start, end = event.start_mark, event.end_mark
        return self.at(start, max(1, end.index - start.index) if end.line == start.line else 1)

    def at(self, mark: Any, length: int = 1) -> Place:
        """The place of a mark."""
        if self.plain:
            return Place(mark.line + 1, mark.column + 1, length)
        line = bisect_right(self.starts, mark.index)
        return Place(line, mark.index - self.starts[line - 1] + 1, length)


def read(text: str, builder: Builder) -> None:
    """Feed the events of `text` to `builder`; raises CannotJudge at the first syntax error."""
    marks = _Marks(text)
    tag_line = _TAG_LINE.search(text)
    if tag_line:
        raise refuse(*_TAGS, Place(text.count("\n", 0, tag_line.start()) + 1, 1), "take the `%TAG` line out")
    anchors: dict[str, Node | None] = {}
    opened: list[str | None] = []
    documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            place = marks.of(event)
            if isinstance(event, yaml.ScalarEvent):
                _refuse_tag(event.tag, place)
                value = str(event.value)
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
                if builder.expects_key():
                    raise refuse("bad-key", "a key is a single text, and here is an alias", place, "write the key itself")
                known = anchors.get(str(event.anchor))
                if known is None:
                    what = f"the alias `*{short(str(event.anchor))}` names no value that stands complete before it"
                    raise refuse("bad-alias", what, place, "write the value itself")
                builder.alias(known, place)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise refuse(
                        "many-documents", "a file holds one document, and here a second begins", place, "split the file at `---`"
                    )
    except yaml.MarkedYAMLError as error:
        what, place, mend = _told(text, error, marks)
        raise refuse("syntax", f"this is not YAML: {what}", place, mend) from None
    except yaml.YAMLError as error:
        raise refuse("syntax", f"this is not YAML: {str(error).splitlines()[0]}") from None


# What the parser says, in the words of somebody who writes YAML and not of one who writes its parser; how to mend it;
# and whether it is the beginning of the thing that is at fault, and not the place where the parser gave up.
_LOOK = "look at the quotes, brackets and indentation of this line and the one before"
_WORDS = (
    (
        "could not find expected ':'",
        "this line has no `: ` after its key",
        "write `key: value`, or look at the quotes before it",
        True,
    ),
    ("unexpected end of stream", "the text that begins here has no closing quote", "close the quotes", True),
    ("unexpected document indicator", "the text that begins here has no closing quote", "close the quotes", True),
    (
        "mapping values are not allowed",
        "this `:` stands where no key can",
        "put a text that holds `: ` in quotes, or indent the line",
        False,
    ),
    (
        "block sequence entries",
        "a list can't begin in the line of its key",
        "begin it in the next line: `- ` and the first value",
        False,
    ),
    ("expected ',' or ']'", "here has to be `,` or `]`, for the `[` of line {line} is still open", _LOOK, False),
    ("expected ',' or '}'", "here has to be `,` or `}}`, for the `{{` of line {line} is still open", _LOOK, False),
    ("expected '-' indicator", "here has to be `- `, as in the list before it", _LOOK, False),
    ("did not find expected key", "here has to be a key, in the column of those before it", _LOOK, False),
    ("expected node content", "a value is missing here", _LOOK, False),
    ("<document start>", "this stands outside of everything before it", _LOOK, False),
    ("unknown escape", "no escape is written like this", "write `\\\\` for a backslash, or use single quotes", False),
    (
        "invalid Unicode character escape",
        "this escape is no character",
        "write the character itself, without quotes or in them",
        False,
    ),
)


def _told(text: str, error: yaml.MarkedYAMLError, marks: _Marks) -> tuple[str, Place | None, str]:
    """What is wrong, where, and what most often mends it."""
    said = ": ".join(str(part) for part in (error.context, error.problem) if part)
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return said, None, _LOOK
    place, lines = marks.at(mark), text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    before, found = line[: place.column - 1], line[place.column - 1 : place.column]
    if "\t" in before + found:
        return "a tab stands here", place, "indent with spaces: YAML allows no tabs there"
    if found and found in "@`%":
        name = "a backtick" if found == "`" else f"`{found}`"
        return f"no text begins with {name}", place, "put a text that begins with this character in quotes"
    if "did not find expected key" in said and before.strip(" -"):
        return "a value ends before this, and nothing may follow it", place, "look at the quotes and brackets before it"
    if (
        "mapping values" in said
        and place.line > 1
        and not _is_pair(above := lines[place.line - 2])
        and _begins_like(above, before)
    ):
        key = Place(place.line - 1, len(above) - len(above.lstrip()) + 1, len(above.strip()))
        return "this line has no `: ` after its key", key, "write `key: value`, with a space after the colon"
    for fragment, what, mend, from_begin in _WORDS:
        if fragment in said:
            opened = error.context_mark or mark
            return what.format(line=opened.line + 1), marks.at(opened) if from_begin else place, mend
    return said, place, _LOOK


def _is_pair(line: str) -> bool:
    """Whether a line has a key, or nothing that lacks one."""
    return not line.strip() or ": " in line or line.rstrip().endswith(":") or line.lstrip().startswith(("#", "-"))


def _begins_like(above: str, before: str) -> bool:
    """Whether a line begins in the same column as the first key of the line below it, which ends in `before`."""
    return len(above) - len(above.lstrip()) == len(before) - len(before.lstrip()) and ":" not in before


def _refuse_tag(tag: str | None, place: Place) -> None:
    if tag is not None:
        raise refuse(*_TAGS, place, "write the plain value")


def _scalar(value: str, plain: bool, place: Place) -> Node:
    if not plain:
        return Node("text", place, value)
    if value in _NULL:
        return Node("null", place, value)
    if value in _TRUE or value in _FALSE:
        return Node("boolean", place, value, boolean=value in _TRUE)
    if _NUMBER.fullmatch(value) and not _is_commit(value):
        return Node("number", place, value, number=number_of(value, place))
    if _NOT_FINITE.fullmatch(value):
        raise not_finite(value, place)
    return Node("text", place, value)


def _is_commit(value: str) -> bool:
    """Whether digits with one `e` are a short commit such as `91e4502` and no number that anybody means."""
    digits = re.fullmatch(r"[0-9]+[eE]([0-9]+)", value)
    return digits is not None and (len(digits[1]) > 2 or int(digits[1]) > 15)
