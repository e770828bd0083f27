"""Values with places, and the one builder that every format feeds. The guards on size and shape are here."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from .errors import CannotJudge, Place, Problem, short

# These guard the program before any pack is read, so they cannot live in a pack. A fact file of 20,000 lines
# has about 1 MB and 30,000 values; what these let through is read well within two seconds in every format.
MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_SCALAR = 20_000
_PER_VALUE = 64  # characters; a longer text counts as several values, so that repeating one by alias has an end
MAX_DIGITS = 40
MAX_MAGNITUDE = 1e15

Kind = Literal["mapping", "list", "text", "number", "boolean", "null"]


@dataclass(slots=True)
class Node:
    """A value and its place. `raw` is the text it was written as, for scalars.

    `size` counts the values in it, itself included, and `height` their levels; both matter where an alias repeats it.
    `file` is set where the tree is put together from several files: the file of this value and of those in it.
    """

    kind: Kind
    place: Place
    raw: str = ""
    number: float | int = 0
    boolean: bool = False
    entries: dict[str, Entry] = field(default_factory=dict[str, "Entry"])
    items: list[Node] = field(default_factory=list["Node"])
    size: int = 1
    height: int = 1
    file: str = ""

    def plain(self) -> object:
        """The value without places: dict, list, str, int, float, bool or None."""
        if self.kind == "mapping":
            return {key: entry.value.plain() for key, entry in self.entries.items()}
        if self.kind == "list":
            return [item.plain() for item in self.items]
        if self.kind == "number":
            return self.number
        if self.kind == "boolean":
            return self.boolean
        return None if self.kind == "null" else self.raw


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping, where the key stands, and its value."""

    key: str
    place: Place
    value: Node


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a builder takes. `lenient` is for what tools write: a value that can't be compared (NaN, a number of
    300 digits, half of a character pair) is then nothing, where it else ends the reading."""

    depth: int = MAX_DEPTH
    nodes: int = MAX_NODES
    scalar: int = MAX_SCALAR
    lenient: bool = False


FACT_FILE = Limits()


def refuse(code: str, what: str, place: Place | None = None, help: str = "") -> CannotJudge:
    """The exception for one problem that ends the reading."""
    return CannotJudge([Problem(code, what, place, help)])


def too_many(place: Place, most: int = MAX_NODES) -> CannotJudge:
    """The refusal of a file with too many values."""
    return refuse(
        "too-many",
        f"a file holds at most {most} values, long texts and repetitions by alias counted in full",
        place,
        "split the file",
    )


def not_finite(raw: str, place: Place) -> CannotJudge:
    """The refusal of `nan` and `inf`, however a format spells them."""
    return refuse("number-range", f"`{raw}` is not a number that can be compared", place, "write a number, or leave it out")


def number_of(raw: str, place: Place) -> int | float:
    """The number that `raw` writes, or a refusal where it is too long or too large."""
    if len(raw) > MAX_DIGITS:
        raise refuse(
            "number-range", f"a number has at most {MAX_DIGITS} characters here", place, "put it in quotes if it is meant as text"
        )
    value = float(raw)
    if abs(value) > MAX_MAGNITUDE:
        most = f"{MAX_MAGNITUDE:g}".replace("+", "")
        raise refuse(
            "number-range",
            f"`{raw}` is no number that is read here; they go from -{most} to {most}",
            place,
            "put it in quotes if it is meant as text",
        )
    if value == int(value):
        return int(value)
    return value


def _is_torn(text: str) -> bool:
    """Whether a text holds half of a character pair."""
    return not text.isascii() and any(unicodedata.category(char) == "Cs" for char in text)


class Builder:
    """Builds one tree of nodes from a stream of calls, without recursion, under the limits above."""

    def __init__(self, limits: Limits = FACT_FILE) -> None:
        self.limits = limits
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[tuple[Node, tuple[str, Place] | None]] = []
        self._key: tuple[str, Place] | None = None
        self._nodes = 0

    def expects_key(self) -> bool:
        """Whether the next scalar is a key."""
        return bool(self._open) and self._open[-1][0].kind == "mapping" and self._key is None

    def start(self, kind: Literal["mapping", "list"], place: Place) -> None:
        """A mapping or list begins."""
        if self.expects_key():
            raise refuse("bad-key", "a key is a single text, and here is a list or a mapping", place, "write the key as one text")
        self._check_depth(1, place)
        self._open.append((Node(kind, place), self._key))
        self._key = None

    def end(self) -> Node:
        """The innermost mapping or list ends."""
        node, key = self._open.pop()
        self._key = key
        self._put(node, 1)  # its content has been counted already
        return node

    def key(self, text: str, place: Place) -> None:
        """A key of the innermost mapping."""
        self._check_text(text, place)
        self._key = (text, place)

    def number(self, raw: str, place: Place) -> None:
        """A number, as it is written; also one that is none, such as `NaN`."""
        try:
            if not raw.lstrip("-")[0].isdigit():
                raise not_finite(raw, place)
            self.scalar(Node("number", place, raw, number=number_of(raw, place)))
        except CannotJudge:
            if not self.limits.lenient:
                raise
            self.scalar(Node("null", place))

    def scalar(self, node: Node) -> None:
        """A single value."""
        if self.limits.lenient and _is_torn(node.raw):
            node = Node("null", node.place)
        self._check_text(node.raw, node.place)
        node.size = 1 + len(node.raw) // _PER_VALUE
        self._put(node, node.size)

    def alias(self, node: Node, place: Place | None = None) -> None:
        """A value that stands elsewhere too, repeated at `place`; it counts with its full size and height."""
        self._check_depth(node.height, place or node.place)
        self._put(node, node.size, place)

    def _check_depth(self, more: int, place: Place) -> None:
        most = self.limits.depth
        if len(self._open) + more > most:
            raise refuse("too-deep", f"values are nested deeper than {most} levels", place, "flatten the file")

    @property
    def count(self) -> int:
        """The values so far, long texts counted in full."""
        return self._nodes

    def _check_text(self, text: str, place: Place) -> None:
        if len(text) > self.limits.scalar:
            raise refuse("too-long", f"a text has at most {self.limits.scalar} characters here", place)
        if _is_torn(text):
            raise refuse(
                "bad-text", "a text holds half of a character pair (a lone surrogate)", place, "write the character itself"
            )

    def _put(self, node: Node, added: int, place: Place | None = None) -> None:
        key_weight = len(self._key[0]) // _PER_VALUE if self._key else 0
        self._nodes += added + key_weight
        if self._nodes > self.limits.nodes:
            raise too_many(place or node.place, self.limits.nodes)
        if not self._open:
            self.root = node
            return
        parent = self._open[-1][0]
        parent.size += node.size + key_weight
        parent.height = max(parent.height, node.height + 1)
        if parent.kind == "list":
            parent.items.append(node)
            return
        assert self._key is not None
        text, place = self._key
        self._key = None
        first = parent.entries.get(text)
        if first is None:
            parent.entries[text] = Entry(text, place, node)
        else:
            same = first.place.line == place.line
            where = f"column {first.place.column} of this line" if same else f"line {first.place.line}"
            self.problems.append(
                Problem(
                    "duplicate-key",
                    f"the key `{short(text)}` stands twice",
                    place,
                    f"keep one of the two; the first is in {where}",
                    first.place,
                )
            )
