"""JSON text -> nodes. The standard library's scanner for strings, with places, without recursion."""

from __future__ import annotations

import json
import json.decoder
import re

from .errors import Place
from .nodes import Builder, Node, refuse

_SPACE = re.compile(r"[ \t\r\n]*+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")
_WORD = re.compile(r"-?[A-Za-z]++")
_STRING_ERRORS = (
    ("Unterminated", "the text that begins here has no closing quote"),
    ("Invalid control", "a line break or tab stands inside a text; it is written `\\n` or `\\t`"),
    ("Invalid \\u", "`\\u` needs four hexadecimal digits after it"),
    ("Invalid \\e", "no escape is written like this; a backslash itself is written `\\\\`"),
)


class _Lines:
    """Turns offsets that only grow into places."""

    def __init__(self, text: str, line: int) -> None:
        self.text, self.line, self.start, self.seen = text, line, 0, 0

    def at(self, offset: int, length: int = 1) -> Place:
        count = self.text.count("\n", self.seen, offset)
        if count:
            self.line += count
            self.start = self.text.rfind("\n", 0, offset) + 1
        self.seen = offset
        return Place(self.line, offset - self.start + 1, length)


def read(text: str, builder: Builder, line: int = 1) -> None:
    """Feed the values of `text`, which begins in `line`, to `builder`; raises CannotJudge at the first syntax error."""
    lines = _Lines(text, line)
    closers: list[str] = []
    position = 0
    want = "value"  # value, value-or-end, key, key-or-end, next, done
    while True:
        position = _space(text, position)
        if want == "done":
            if position < len(text):
                raise _syntax("something follows after the value", lines.at(position), "a file holds one value")
            return
        if position >= len(text):
            lacking = f"`{closers[-1]}` is still open" if closers else "a value is missing"
            raise _syntax(f"the text ends too early, {lacking}", lines.at(position))
        char = text[position]
        if closers and char == closers[-1] and want in ("next", "value-or-end", "key-or-end"):
            closers.pop()
            builder.end()
            position += 1
            want = "next" if closers else "done"
        elif char in "/#":
            raise _syntax("comments are not part of it", lines.at(position), "take the comment out, or write the file as YAML")
        elif want == "next":
            if char != ",":
                raise _syntax(f"here has to be `,` or `{closers[-1]}`", lines.at(position))
            comma = lines.at(position)
            position = _space(text, position + 1)
            if text[position : position + 1] == closers[-1]:
                raise _syntax(f"no comma may stand before `{closers[-1]}`", comma, "take the comma out")
            want = "key" if closers[-1] == "}" else "value"
        elif want in ("key", "key-or-end"):
            if char != '"':
                raise _syntax("a key stands in double quotes", lines.at(position))
            key, end = _string(text, position, lines)
            builder.key(key, lines.at(position, end - position))
            position = _space(text, end)
            if text[position : position + 1] != ":":
                raise _syntax("after a key has to be `:`", lines.at(position))
            position += 1
            want = "value"
        elif char in "{[":
            builder.start("mapping" if char == "{" else "list", lines.at(position))
            closers.append("}" if char == "{" else "]")
            want = "key-or-end" if char == "{" else "value-or-end"
            position += 1
        else:
            position = _scalar(text, position, lines, builder)
            want = "next" if closers else "done"


def _scalar(text: str, position: int, lines: _Lines, builder: Builder) -> int:
    char = text[position]
    if char == '"':
        value, end = _string(text, position, lines)
        builder.scalar(Node("text", lines.at(position, end - position), value))
        return end
    number = _NUMBER.match(text, position)
    if number:
        place = lines.at(position, len(number[0]))
        builder.number(number[0], place)
        return number.end()
    word = _WORD.match(text, position)
    found = word[0] if word else char
    place = lines.at(position, len(found))
    if found in ("true", "false"):
        builder.scalar(Node("boolean", place, found, boolean=found == "true"))
    elif found == "null":
        builder.scalar(Node("null", place, found))
    elif found in ("NaN", "Infinity", "-Infinity"):
        builder.number(found, place)
    elif char == "'" or char.isalpha():
        raise _syntax(f"no value begins with `{found[:20]}`", place, "put a text in double quotes")
    else:
        raise _syntax(f"no value begins with `{found[:20]}`", place)
    return position + len(found)


def _space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _string(text: str, position: int, lines: _Lines) -> tuple[str, int]:
    try:
        return json.decoder.scanstring(text, position + 1, True)  # type: ignore[attr-defined, no-any-return]
    except json.JSONDecodeError as error:
        what = next((ours for theirs, ours in _STRING_ERRORS if error.msg.startswith(theirs)), error.msg)
        raise _syntax(what, lines.at(error.pos)) from None


def _syntax(what: str, place: Place, help: str = "look at the quotes, brackets and commas here and just before") -> Exception:
    return refuse("syntax", f"this is not JSON: {what}", place, help)
