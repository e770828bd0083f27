"""TOML text -> nodes. The standard library says what is TOML and what it means; a scan of our own says where."""

from __future__ import annotations

import datetime
import re
import tomllib

from .errors import CannotJudge, Place, Problem, short
from .nodes import MAX_DEPTH, MAX_DIGITS, MAX_NODES, Builder, Node, not_finite, number_of, refuse, too_many

Path = tuple[str | int, ...]
_AT = re.compile(r"(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_BLANK = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_INLINE = re.compile(r"[ \t]*+")
_KEY_PART = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
_STRING = re.compile(
    r'"""(?:[^\\"]++|\\.|"(?!""))*+"{3,5}|\'\'\'(?:[^\']++|\'(?!\'\'))*+\'{3,5}|"(?:[^"\\\n]++|\\.)*+"|\'[^\'\n]*+\'', re.DOTALL
)
_BARE = re.compile(r"[^,\]}\n#]++")
_LONG_NUMBER = re.compile(r"[-+]?[0-9][0-9A-Za-z_.+-]*+")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


class _Float(float):
    raw: str

    def __new__(cls, raw: str) -> _Float:
        self = super().__new__(cls, raw.replace("_", ""))
        self.raw = raw.replace("_", "")
        return self


def read(text: str, builder: Builder) -> None:
    """Feed the values of `text` to `builder`; raises CannotJudge where the text is not TOML."""
    scan = _Scan(text)
    scan.run()  # first: it bounds depth, dotted keys and numbers before the library sees them
    try:
        value = tomllib.loads(text, parse_float=_Float)
    except tomllib.TOMLDecodeError as error:
        raise CannotJudge(_explained(str(error), scan)) from None
    except (RecursionError, ValueError):  # what the scan bounds can't get here; should it, this is still no traceback
        raise refuse("syntax", "this is not TOML that can be read here") from None
    if value:
        _feed(value, (), scan, Place(1, 1), builder)


def _explained(message: str, scan: _Scan) -> list[Problem]:
    """The library stops at the first fault; where that is a name given twice, say so of every such name."""
    match = _AT.fullmatch(message)
    what = match[1] if match else message
    lines = scan.text.split("\n")
    place = Place(int(match[2]), int(match[3])) if match and match[2] else Place(len(lines), len(lines[-1]) + 1)
    twice = what.startswith(("Cannot ", "Duplicate "))
    if twice and scan.twice:
        return scan.twice
    if twice:
        what = "what is written here has been given a value or closed before"
    mend = "write each table and key once" if twice else "look at the quotes, brackets and equals signs of this line"
    return [*scan.twice, Problem("syntax", f"this is not TOML: {what[0].lower()}{what[1:]}", place, mend)]


def _feed(value: object, path: Path, scan: _Scan, around: Place, builder: Builder) -> None:
    place = scan.values.get(path, around)
    if isinstance(value, dict):
        builder.start("mapping", place)
        for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            below = (*path, str(key))  # pyright: ignore[reportUnknownArgumentType]
            builder.key(below[-1], scan.keys.get(below, place))
            _feed(inner, below, scan, place, builder)  # pyright: ignore[reportUnknownArgumentType]
        builder.end()
    elif isinstance(value, list):
        builder.start("list", place)
        for index, inner in enumerate(value):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            _feed(inner, (*path, index), scan, place, builder)  # pyright: ignore[reportUnknownArgumentType]
        builder.end()
    elif isinstance(value, bool):
        builder.scalar(Node("boolean", place, str(value).lower(), boolean=value))
    elif isinstance(value, (int, float)):
        raw = value.raw if isinstance(value, _Float) else str(value)
        if raw.lstrip("+-") in ("inf", "nan"):
            raise not_finite(raw, place)
        builder.scalar(Node("number", place, raw, number=number_of(raw, place)))
    elif isinstance(value, (datetime.date, datetime.time)):  # a datetime is a date
        builder.scalar(Node("text", place, value.isoformat()))
    else:
        builder.scalar(Node("text", place, str(value)))


class _Scan:
    """Finds where each key and value stands. It trusts the text to be TOML; where it is not, it stops, and the library says why.

    `keys` and `values` hold the places by path; `twice` the keys and tables that are written a second time.
    """

    def __init__(self, text: str) -> None:
        self.text, self.position = text, 0
        self.line, self.start, self.seen = 1, 0, 0
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.twice: list[Problem] = []
        self._defined: dict[Path, Place] = {}
        self._counts: dict[Path, int] = {}
        self._written = 0

    def run(self) -> None:
        """Scan the whole text, or as far as it is TOML."""
        table: Path = ()
        while True:
            self._skip(_BLANK)
            if self.position >= len(self.text):
                return
            if not self.text.startswith("[", self.position):
                if not self._pair(table, 0):
                    return
                continue
            brackets = 2 if self.text.startswith("[[", self.position) else 1
            self.position += brackets
            keys = self._keys()
            if not keys or not self.text.startswith("]" * brackets, self.position):
                return
            self.position += brackets
            names = tuple(key for key, _ in keys)
            table = self._resolve(names, brackets == 2)
            self._define(table, names, keys[-1][1])
            self._note((), keys, table)

    def _pair(self, table: Path, depth: int) -> bool:
        keys = self._keys()
        if not keys or not self.text.startswith("=", self.position):
            return False
        self.position += 1
        self._skip(_INLINE)
        names = tuple(key for key, _ in keys)
        path = (*table, *names)
        self._define(path, names, keys[-1][1])
        self._note(table, keys, path)
        return self._value(path, depth)

    def _value(self, path: Path, depth: int) -> bool:
        begin = self.position
        if depth >= MAX_DEPTH:
            raise refuse("too-deep", f"values are nested deeper than {MAX_DEPTH} levels", self._at(begin), "flatten the file")
        self._count(begin)
        string = _STRING.match(self.text, begin)
        if string:
            self.values[path] = self._at(begin, len(string[0]) if "\n" not in string[0] else 1)
            self.position = string.end()
            return True
        opener = self.text[begin : begin + 1]
        if opener in ("[", "{"):
            self.values[path] = self._at(begin)
            self.position += 1
            return self._inner(path, depth + 1, opener)
        bare = _BARE.match(self.text, begin)
        if not bare:
            return False
        written = bare[0].rstrip()
        self.values[path] = self._at(begin, len(written))
        if len(written) > MAX_DIGITS and _LONG_NUMBER.fullmatch(written):
            number_of(written, self.values[path])  # refuses it, before the library converts it
        self.position = bare.end()
        return True

    def _inner(self, path: Path, depth: int, opener: str) -> bool:
        """What stands in an array or an inline table, up to its closing bracket."""
        closer, index = ("]" if opener == "[" else "}"), 0
        while True:
            self._skip(_BLANK)
            if self.text.startswith(closer, self.position):
                self.position += 1
                return True
            if not (self._value((*path, index), depth) if opener == "[" else self._pair(path, depth)):
                return False
            index += 1
            self._skip(_BLANK)
            if self.text.startswith(",", self.position):
                self.position += 1

    def _keys(self) -> list[tuple[str, Place]]:
        """The parts of a key and the blanks after it; nothing where no key stands."""
        keys: list[tuple[str, Place]] = []
        while True:
            self._skip(_INLINE)
            part = _KEY_PART.match(self.text, self.position)
            if not part:
                return []
            if len(keys) >= MAX_DEPTH:
                what = f"a dotted key has at most {MAX_DEPTH} parts here"
                raise refuse("too-deep", what, self._at(self.position), "flatten the file")
            raw = part[0]
            name = _unescaped(raw[1:-1]) if raw[0] == '"' else raw[1:-1] if raw[0] == "'" else raw
            self._count(part.start())
            keys.append((name, self._at(part.start(), len(raw))))
            self.position = part.end()
            self._skip(_INLINE)
            if not self.text.startswith(".", self.position):
                return keys
            self.position += 1

    def _count(self, offset: int) -> None:
        """Every key, part of a key, table name and value counts here, so a file of headers alone has an end too."""
        self._written += 1
        if self._written > 2 * MAX_NODES:
            raise too_many(self._at(offset))

    def _resolve(self, header: tuple[str, ...], array: bool) -> Path:
        """The path of a `[table]` header: a name that is an array of tables stands for its last element."""
        path: Path = ()
        for number, key in enumerate(header):
            path = (*path, key)
            if array and number == len(header) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        return path

    def _define(self, path: Path, names: tuple[str, ...], place: Place) -> None:
        first = self._defined.setdefault(path, place)
        if first is not place:
            self.twice.append(
                Problem(
                    "duplicate-key",
                    f"the key `{short('.'.join(names))}` stands twice",
                    place,
                    f"keep one of the two; the first is in line {first.line}",
                    first,
                )
            )

    def _note(self, table: Path, keys: list[tuple[str, Place]], path: Path) -> None:
        """Note the places of the tables that a key or header passes, each where it is named first."""
        walked, written = table, iter(keys)
        place = Place(1, 1)
        for part in path[len(table) :]:
            walked = (*walked, part)
            if isinstance(part, str):
                _, place = next(written)
                self.keys.setdefault(walked, place)
            self.values.setdefault(walked, place)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.position)
        assert match  # both patterns match nothing, too
        self.position = match.end()

    def _at(self, offset: int, length: int = 1) -> Place:
        count = self.text.count("\n", self.seen, offset)
        if count:
            self.line += count
            self.start = self.text.rfind("\n", 0, offset) + 1
        self.seen = offset
        return Place(self.line, offset - self.start + 1, max(1, length))


def _unescaped(text: str) -> str:
    """A quoted key as the library reads it; an escape that it does not know ends the reading there."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(min(int(m[1] or m[2], 16), 0x10FFFF)) if m[1] or m[2] else _ESCAPES.get(m[3], m[0]), text)
