"""Which name a misspelt word must have meant. Stricter than a did-you-mean: the answer may be written into a file."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SEPARATORS = re.compile(r"[\s._-]+")
_LONGEST = 120
_SHORTEST = 5  # letters; in a shorter word another letter makes another word, as in `date` and `data`


def meant(word: str, names: Iterable[str]) -> str:
    """The one of `names` that `word` must mean, or nothing.

    That is the only one that differs by capitals, blanks, `-`, `_` and `.` alone; or else the only one that differs
    by one slip in a part of it: a letter dropped, doubled, mistyped or swapped inside a part, or the `s` of a plural.
    """
    if len(word) > _LONGEST:
        return ""
    parts = _parts(word)
    split = [(name, _parts(name)) for name in names]
    found = [name for name, theirs in split if "".join(theirs) == "".join(parts)]
    if not found:
        found = [name for name, theirs in split if len(theirs) == len(parts) and all(map(_same, parts, theirs))]
    return found[0] if len(found) == 1 else ""


def _parts(word: str) -> list[str]:
    return [part for part in _SEPARATORS.split(word.casefold()) if part]


def _same(one: str, other: str) -> bool:
    """Whether two words are one but for a slip. Beginnings and endings carry meaning (`unstable`, `approved`), so they agree."""
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORTEST or one[0] != other[0]:
        return False
    if one + "s" == other or other + "s" == one:
        return True
    if one[-1] != other[-1]:
        return False
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if any(char.isdecimal() for char in one + other):
        return False
    return max(len(one), len(other)) == 1 or (len(one) == 2 and one == other[::-1])
