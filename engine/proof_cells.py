"""Cells answered for the proof checker, from their text as FEEL writes it. It shares nothing with `cells.py`."""

from __future__ import annotations

import json
import re
from functools import lru_cache

_LITERAL = r'"(?:[^"\\]|\\.)*"|date\("[\d-]+"\)|-?\d+(?:\.\d+)?|true|false'
_TEST = re.compile(
    rf"(?P<left>[\[(])(?P<low>{_LITERAL})\.\.(?P<high>{_LITERAL})(?P<right>[\])])"
    rf"|(?P<sign><=|>=|<|>) (?P<end>{_LITERAL})|(?P<value>{_LITERAL})",
    re.DOTALL,
)


@lru_cache(maxsize=256)
def _tests(text: str) -> tuple[re.Match[str], ...]:
    found: list[re.Match[str]] = []
    position = 0
    while match := _TEST.match(text, position):
        found.append(match)
        position = match.end() + len(", ")
    return tuple(found)


def holds(text: str, number: float | None, name: str) -> bool:
    """Whether a value is in a cell: a number, or of everything else what it is called (of a date, year-month-day)."""
    if text == "-":
        return True
    negated = text.startswith("not(")
    return any(_passes(test, number, name) for test in _tests(text[4:-1] if negated else text)) != negated


def _passes(test: re.Match[str], number: float | None, name: str) -> bool:
    literal = test["value"] or test["end"] or test["low"]
    if literal.startswith('"'):
        return number is None and json.loads(literal) == name
    if literal in ("true", "false"):
        return False
    value = name if literal.startswith("date") else number
    if value is None or (number is not None and literal.startswith("date")):
        return False
    if test["value"]:
        return _compare(value, literal) == 0
    if test["sign"]:
        order = _compare(value, literal)
        return order == 0 if test["sign"].endswith("=") and order == 0 else order == (-1 if "<" in test["sign"] else 1)
    low, high = _compare(value, test["low"]), _compare(value, test["high"])
    return (low == 1 or (low == 0 and test["left"] == "[")) and (high == -1 or (high == 0 and test["right"] == "]"))


def _compare(value: float | str, literal: str) -> int:
    """-1, 0 or 1; dates compare as their texts do."""
    if isinstance(value, str):
        end = literal[len('date("') : -len('")')]
        return (value > end) - (value < end)
    return (value > float(literal)) - (value < float(literal))
