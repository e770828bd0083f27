"""A conversation in a terminal or a pipe: says lines, asks for answers, and turns what is typed into values of facts."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

from ..engine.values import LISTS
from ..engine.vocabulary import FactDef
from . import safe

_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")


class Ended(Exception):
    """Whoever was asked has had enough: `q`, Ctrl-C, or the end of the input."""


def say(text: str = "") -> None:
    """Print lines, each harmless."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(safe.page(text).encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.stdout.flush()


def ask(prompt: str) -> str:
    """One line that was typed, without spaces around it. Raises Ended."""
    sys.stdout.write(safe.terminal(prompt))
    sys.stdout.flush()
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        say()
        raise Ended from None
    except UnicodeDecodeError:
        say()
        say("  That is not UTF-8 text. Please type it again.")
        return ask(prompt)
    if not line:
        say()
        raise Ended
    answer = line.strip()
    if not sys.stdin.isatty():  # a terminal shows what is typed; a log of piped answers should show them too
        say(answer)
    if answer == "q":
        raise Ended
    return answer


def choices_of(known: FactDef, declared: Sequence[str]) -> list[str]:
    """What can be chosen from by number: the choices of a fact, or the names that it may refer to."""
    return list(known.choices) or (list(declared) if known.to else [])


def value_of(known: FactDef, typed: str, choices: Sequence[str]) -> Any:
    """What a fact file would hold for what was typed; whether it is right is for the reader to say."""
    one = LISTS.get(known.type, known.type)
    if known.type in LISTS:
        signs = "[;,]" if one in ("choice", "reference", "owner") else ";"
        parts = [part.strip() for part in re.split(signs, typed)]
        return [_chosen(part, choices) for part in parts if part]
    if known.type in ("integer", "number") and _NUMBER.fullmatch(typed):
        return float(typed) if "." in typed else int(typed)
    return _chosen(typed, choices)


def _chosen(typed: str, choices: Sequence[str]) -> str:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    return choices[number - 1] if 0 < number <= len(choices) and typed not in choices else typed


def shown(value: Any) -> str:
    """A value as it would be typed."""
    return "; ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)  # pyright: ignore
