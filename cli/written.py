"""Values as text of YAML and JSON: on one line where it is short, quoted where it could be misread."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from ..engine.facts import ASSUMPTIONS

WIDE = 100  # columns, from which a value takes several lines
# Plain text, wherever it stands; and as the value of a key on a line of its own, where commas and the like do no harm.
_PLAIN = re.compile(r"[^\W_](?:[\w ./@+-]*[\w/@+])?")
_PLAIN_LINE = re.compile(r"""[^\W_](?:[\w ./@+,;()%'"=<>*&!?$€-]|:(?=[\w/]))*""")
# What is a number, a date or a truth value to some reader of YAML, old or new.
_MISREAD = re.compile(
    r"true|false|null|yes|no|on|off|y|n|0[0-9xo].*|[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?|[0-9]+(?::[0-9]+)+(?:\.[0-9]*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9].*",
    re.IGNORECASE,
)
_INDENT = 2


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether it is a record or a group of facts."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether it is a list; a text is none."""
    return isinstance(value, (list, tuple))


def quoted(text: str, *, pairs: bool) -> str:
    """`text` in double quotes. What does not print is escaped; `pairs` writes high characters as JSON does, in two halves."""
    shown = json.dumps(text, ensure_ascii=False)
    if shown.isprintable():
        return shown
    return "".join(char if char.isprintable() or char in "\u200c\u200d" else _escape(char, pairs) for char in shown)


def _escape(char: str, pairs: bool) -> str:
    if ord(char) < 0x10000:
        return f"\\u{ord(char):04x}"
    return json.dumps(char)[1:-1] if pairs else f"\\U{ord(char):08x}"


def scalar(value: object, *, line: bool = False) -> str:
    """A single value in YAML. `line` where it is the value of a key on a line of its own."""
    if isinstance(value, str):
        plain = (_PLAIN_LINE if line else _PLAIN).fullmatch(value)
        if plain and value == value.strip() and value.isprintable() and not _MISREAD.fullmatch(value):
            return value
        return quoted(value, pairs=False)
    return json.dumps(value)


def flow(value: object) -> str:
    """A value in YAML on one line."""
    if is_mapping(value):
        return "{" + ", ".join(f"{scalar(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if is_list(value):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return scalar(value)


def entry(key: str, value: object, indent: int) -> list[str]:
    """The lines of a key with its value, at `indent`; all but the first carry their indentation."""
    name = scalar(key)
    if not is_mapping(value) and not is_list(value):
        return [f"{name}: {scalar(value, line=True)}"]
    short = flow(value)
    fits = is_list(value) and not any(map(is_mapping, value)) and indent + len(name) + len(short) + 2 <= WIDE
    if not value or fits:
        return [f"{name}: {short}"]
    return [f"{name}:", *below(value, indent + _INDENT, narrow=key == ASSUMPTIONS)]


def below(value: object, indent: int, *, narrow: bool = False) -> list[str]:
    """The lines of a mapping or list that stands below its key, each with its indentation."""
    space = " " * indent
    if is_mapping(value):
        inner = (entry(key, one, indent) for key, one in value.items())
    else:
        assert is_list(value)
        inner = (item(one, indent, narrow=narrow) for one in value)
    return [line for first, *rest in inner for line in (space + first, *rest)]


def item(value: object, indent: int, *, narrow: bool = False) -> list[str]:
    """The lines of one item of a list, its dash included; all but the first carry their indentation.

    A record stands on one line where that is short enough; `narrow` gives each of its fields a line.
    """
    if not is_mapping(value) or not value:
        return [f"- {flow(value)}"]
    short = flow(value)
    deep = any(is_mapping(one) or (is_list(one) and any(map(is_mapping, one))) for one in value.values())
    if not narrow and not deep and indent + 2 + len(short) <= WIDE:
        return [f"- {short}"]
    (first, *rest), *others = (entry(key, one, indent + _INDENT) for key, one in value.items())
    space = " " * (indent + _INDENT)
    return [f"- {first}", *rest, *(line for head, *more in others for line in (space + head, *more))]


def as_json(value: object, step: str, indent: str = "") -> str:
    """A value in JSON. With a `step` mappings and lists of them take several lines, else all stands on one."""
    if is_mapping(value):
        return _joined([f"{quoted(key, pairs=True)}: {as_json(one, step, indent + step)}" for key, one in value.items()],
                       "{}", step, indent)  # fmt: skip
    if is_list(value):
        nested = step if any(is_mapping(one) or is_list(one) for one in value) else ""
        return _joined([as_json(one, step, indent + step) for one in value], "[]", nested, indent)
    return quoted(value, pairs=True) if isinstance(value, str) else json.dumps(value)


def _joined(parts: list[str], brackets: str, step: str, indent: str) -> str:
    if not parts or not step:
        return brackets[0] + ", ".join(parts) + brackets[1]
    inner = f",\n{indent}{step}".join(parts)
    return f"{brackets[0]}\n{indent}{step}{inner}\n{indent}{brackets[1]}"
