"""How text looks to a person at a terminal: in colour, and no wider than the screen. Elsewhere it stays as it is.

Colour only repeats what a word says. It is added to the finished answer, line by line, so that no renderer knows of it,
and after everything that steers has been escaped.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from typing import Any

from . import safe

NARROWEST, WIDEST = 60, 100  # columns; a narrower terminal breaks lines by itself, and longer lines are hard to read

_BOLD, _DIM, _RED, _GREEN, _YELLOW, _CYAN = "1", "2", "31", "32", "33", "36"
_WORDS = {
    "PASSED": f"{_BOLD};{_GREEN}",
    "BLOCKED": f"{_BOLD};{_RED}",
    "passed": _GREEN,
    "waiting": _DIM,
    "unmet": _RED,
    "unknown": _YELLOW,
    "waived": _YELLOW,
    "valid": _GREEN,
}
# Each pattern has what stays in its first group, and what is coloured in its second.
_STYLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^()(error\[[a-z-]+\])"), f"{_BOLD};{_RED}"),
    (re.compile(r"^( +\| *)(\^+)$"), f"{_BOLD};{_RED}"),
    (re.compile(r"^( *)(-->)(?= )"), _DIM),
    (re.compile(r"^( *)(help:|how to mend:)"), _CYAN),
    (re.compile(r"^(    )(DEVIATION:)"), _YELLOW),
    (re.compile(r"^()(Next:)"), _BOLD),
    (
        re.compile(r"^()(Recommended policies|Anti-patterns that are there.*|Assumptions, each .*|The file has \d+ problems?:)$"),
        _BOLD,
    ),
    (re.compile(r"^()(Gate \d+, .* is blocked:)$"), _BOLD),
    (re.compile(r"^(.*: )(PASSED|BLOCKED)(?=, all \d+ gates| at gate )"), ""),
    (re.compile(r"^( *\d+  [a-z0-9-]+ +)(passed|BLOCKED|waiting)(?= |$)"), ""),
    (re.compile(r"^(  )(unmet|unknown|waived)(?= +\S)"), ""),
    (re.compile(r"^(.*: )(valid)(?=; facts: )"), ""),
    (re.compile(r"^(.*: )(\d+ problems?(?=; facts: )|can't be judged$)"), _RED),
)
_FRAME = re.compile(r"^ *\d* \| ")  # a line of the file, or the carets below it
_HANGING = re.compile(r" *(?:(?:unmet|unknown|waived|assumed) +|help: |how to mend: |because |assumed by |DEVIATION: |Next: +)?")


def dress(text: str, stream: Any, color: str = "auto", environment: Mapping[str, str] = os.environ) -> str:
    """`text` as it is to be written to `stream`. `color` is auto, always or never."""
    seated = bool(stream.isatty()) and not environment.get("CI")
    if seated:
        columns = shutil.get_terminal_size((80, 24)).columns
        text = fold(text, min(max(columns, NARROWEST), WIDEST))
    return paint(text) if coloured(color, seated, environment) else text


def coloured(color: str, seated: bool, environment: Mapping[str, str]) -> bool:
    """Whether to use colour: what is asked for, then the variables that are agreed on, then whether somebody sits there."""
    if color != "auto":
        return color == "always"
    if environment.get("NO_COLOR"):
        return False
    forced = environment.get("FORCE_COLOR") or environment.get("CLICOLOR_FORCE")
    if forced:
        return forced != "0"
    return seated and environment.get("CLICOLOR") != "0" and environment.get("TERM") != "dumb"


def paint(text: str) -> str:
    """`text` with its statuses, headings and hints in colours that are readable on light and dark."""
    return "\n".join(map(_painted, text.split("\n")))


def _painted(line: str) -> str:
    for pattern, style in _STYLES:
        found = pattern.match(line)
        if found:
            begin, end = found.span(2)
            return f"{line[:begin]}\x1b[{style or _WORDS[found[2]]}m{line[begin:end]}\x1b[0m{line[end:]}"
    return line


def fold(text: str, columns: int) -> str:
    """`text` with its long lines broken at spaces, indented further; lines of the file stay whole."""
    return "\n".join(part for line in text.split("\n") for part in _folded(line, columns))


def _folded(line: str, columns: int) -> list[str]:
    if len(line) * 2 <= columns or safe.width(line) <= columns or _FRAME.match(line):
        return [line]
    found = _HANGING.match(line)
    begin = found[0] if found else ""
    # below a label stands its text; a sentence goes on a little further in
    indent = " " * (len(begin) if begin.strip() else len(begin) + 2)
    lines = [""]
    for word in re.findall(r" *[^ ]+", line):
        if lines[-1].strip() and safe.width(lines[-1]) + safe.width(word) > columns:
            lines.append(indent + word.lstrip())
        else:
            lines[-1] += word
    return lines
