"""What `.gitignore` leaves out, read as git reads it.

Written here and not taken from a library: a pattern comes from a stranger, and as one regular expression
`*a*a*a*a*a*a*b` takes minutes against a name of 255 characters. Each part of a path is matched by itself here, with the
expressions of `fnmatch`, which don't try again.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_PATTERNS = 2_000  # of one file; more are not read
_MAX_LINE = 1_000
_ANY = None  # stands for `**`


@dataclass(frozen=True, slots=True)
class _Pattern:
    parts: tuple[re.Pattern[str] | None, ...]
    negated: bool
    folders_only: bool


class Ignored:
    """The patterns of one `.gitignore`."""

    def __init__(self, text: str) -> None:
        self._names: set[str] = set()  # plain names, which most patterns are
        self._patterns: list[_Pattern] = []
        for line in text.splitlines()[:MAX_PATTERNS]:
            if len(line) <= _MAX_LINE:
                self._add(line)

    def _add(self, line: str) -> None:
        line = re.sub(r"(?<!\\) +$", "", line.rstrip("\r"))
        if not line or line.startswith("#"):
            return
        negated = line.startswith("!")
        line = line[1:] if negated else line
        folders_only = line.endswith("/")
        line = line[:-1] if folders_only else line
        anchored = "/" in line
        parts = line.removeprefix("/").split("/")
        if "" in parts:
            return
        compiled = [_ANY if part == "**" else re.compile(fnmatch.translate(_plain(part))) for part in parts]
        if not anchored:
            compiled = [_ANY, *compiled]
        if compiled[-1] is _ANY:  # `a/**` is what stands in `a`, and not `a`
            compiled.append(re.compile(r".+", re.DOTALL))
        self._patterns.append(_Pattern(tuple(compiled), negated, folders_only))

    def says(self, parts: Sequence[str], folder: bool) -> bool | None:
        """Whether a path below its folder is left out (True), taken in again (False), or not spoken of."""
        for pattern in reversed(self._patterns):
            if (folder or not pattern.folders_only) and _matches(pattern.parts, parts):
                return not pattern.negated
        return None


def _plain(part: str) -> str:
    """A part of a pattern as `fnmatch` writes it: `[!` for `[^`, and a bracket in place of a backslash."""
    part = re.sub(r"\\(.)", lambda found: f"[{found[1]}]" if found[1] in "*?[" else found[1], part)
    return part.replace("[^", "[!")


def _matches(pattern: Sequence[re.Pattern[str] | None], parts: Sequence[str]) -> bool:
    """Whether the parts of a path match, `**` standing for any number of them; it never goes further back than one `**`."""
    at = here = 0
    again: tuple[int, int] | None = None
    while here < len(parts):
        if at < len(pattern) and pattern[at] is _ANY:
            again = (at, here)
            at += 1
        elif at < len(pattern) and (one := pattern[at]) is not None and one.match(parts[here]):
            at, here = at + 1, here + 1
        elif again is not None:
            again = (again[0], again[1] + 1)
            at, here = again[0] + 1, again[1]
        else:
            return False
    return all(one is _ANY for one in pattern[at:])
