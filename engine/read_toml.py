"""TOML text -> nodes. The standard library says what is TOML and what it means; a scan of our own says where."""

from __future__ import annotations

import datetime
import re
import tomllib

from .errors import Place
from .nodes import MAX_DEPTH, Builder, Node, number_of, refuse

Path = tuple[str | int, ...]
_AT = re.compile(r"(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_INLINE = re.compile(r"[ \t]*")
_KEY_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_BARE = re.compile(r"[^,\]}\n#]+")


class _Float(float):
    raw: str

    def __new__(cls, raw: str) -> _Float:
        self = super().__new__(cls, raw.replace("_", ""))
        self.raw = raw.replace("_", "")
        return self


def read(text: str, builder: Builder) -> None:
    """Feed the values of `text` to `builder`; raises CannotJudge at the first syntax error."""
    places = _Scan(text).places()  # first: it bounds depth and dotted keys before the library sees them
    try:
        value = tomllib.loads(text, parse_float=_Float)
    except tomllib.TOMLDecodeError as error:
        match = _AT.fullmatch(str(error))
        what = match[1] if match else str(error)
        place = Place(int(match[2]), int(match[3])) if match and match[2] else None
        raise refuse("syntax", f"this is not TOML: {what[0].lower()}{what[1:]}", place) from None
    except RecursionError:
        raise refuse("too-deep", f"values are nested deeper than {MAX_DEPTH} levels") from None
    except ValueError as error:
        raise refuse("number-range", f"this is not a number that can be read here: {error}") from None
    _feed(value, (), places, Place(1, 1), builder)


def _feed(value: object, path: Path, places: dict[Path, Place], around: Place, builder: Builder) -> None:
    place = places.get(path, around)
    if isinstance(value, dict):
        builder.start("mapping", place)
        for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            name = str(key)  # pyright: ignore[reportUnknownArgumentType]
            builder.key(name, places.get((*path, name, "#key"), place))
            _feed(inner, (*path, name), places, place, builder)  # pyright: ignore[reportUnknownArgumentType]
        builder.end()
    elif isinstance(value, list):
        builder.start("list", place)
        for index, inner in enumerate(value):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            _feed(inner, (*path, index), places, place, builder)  # pyright: ignore[reportUnknownArgumentType]
        builder.end()
    elif isinstance(value, bool):
        builder.scalar(Node("boolean", place, str(value).lower(), boolean=value))
    elif isinstance(value, (int, float)):
        raw = value.raw if isinstance(value, _Float) else str(value)
        if raw.lstrip("+-").lower() in ("inf", "nan"):
            raise refuse("number-range", f"`{raw}` is not a number that can be compared", place)
        builder.scalar(Node("number", place, raw, number=number_of(raw, place)))
    elif isinstance(value, (datetime.date, datetime.time)):  # a datetime is a date
        builder.scalar(Node("text", place, value.isoformat()))
    else:
        builder.scalar(Node("text", place, str(value)))


class _Scan:
    """Finds where each key and value stands. It trusts the text to be TOML: where it is not, it stops and the library says why."""

    def __init__(self, text: str) -> None:
        self.text, self.position = text, 0
        self.line, self.start, self.seen = 1, 0, 0
        self.found: dict[Path, Place] = {}
        self.counts: dict[Path, int] = {}

    def places(self) -> dict[Path, Place]:
        table: Path = ()
        while True:
            self._skip(_BLANK)
            if self.position >= len(self.text):
                return self.found
            if self.text.startswith("[", self.position):
                array = self.text.startswith("[[", self.position)
                self.position += 2 if array else 1
                keys = self._keys()
                if not keys:
                    return self.found
                table = self._resolve(tuple(key for key, _ in keys), array)
                self._note((), keys, table)
                self.position = self.text.find("]", self.position) + (2 if array else 1)
            elif not self._pair(table, 0):
                return self.found

    def _pair(self, table: Path, depth: int) -> bool:
        keys = self._keys()
        self._skip(_INLINE)
        if not keys or not self.text.startswith("=", self.position):
            return False
        self.position += 1
        self._skip(_INLINE)
        path = (*table, *(key for key, _ in keys))
        self._note(table, keys, path)
        return self._value(path, depth)

    def _value(self, path: Path, depth: int) -> bool:
        begin = self.position
        if depth >= MAX_DEPTH:
            raise refuse("too-deep", f"values are nested deeper than {MAX_DEPTH} levels", self._at(begin))
        string = _STRING.match(self.text, begin)
        if string:
            self.found[path] = self._at(begin, len(string[0]) if "\n" not in string[0] else 1)
            self.position = string.end()
            return True
        opener = self.text[begin:begin + 1]
        if opener in ("[", "{") and opener:
            self.found[path] = self._at(begin)
            self.position += 1
            closer, index = ("]" if opener == "[" else "}"), 0
            while True:
                self._skip(_BLANK)
                if self.text.startswith(closer, self.position):
                    self.position += 1
                    return True
                good = self._value((*path, index), depth + 1) if opener == "[" else self._pair(path, depth + 1)
                if not good:
                    return False
                index += 1
                self._skip(_BLANK)
                if self.text.startswith(",", self.position):
                    self.position += 1
        bare = _BARE.match(self.text, begin)
        if not bare:
            return False
        self.found[path] = self._at(begin, len(bare[0].rstrip()))
        self.position = bare.end()
        return True

    def _keys(self) -> list[tuple[str, Place]]:
        keys: list[tuple[str, Place]] = []
        while True:
            self._skip(_INLINE)
            part = _KEY_PART.match(self.text, self.position)
            if not part:
                return []
            if len(keys) >= MAX_DEPTH:
                raise refuse("too-deep", f"a dotted key has at most {MAX_DEPTH} parts here", self._at(self.position))
            raw = part[0]
            name = raw
            if raw[0] == "'":
                name = raw[1:-1]
            elif raw[0] == '"':
                try:
                    name = str(tomllib.loads(f"k = {raw}")["k"])
                except ValueError:
                    return []
            keys.append((name, self._at(part.start(), len(raw))))
            self.position = part.end()
            self._skip(_INLINE)
            if not self.text.startswith(".", self.position):
                return keys
            self.position += 1

    def _resolve(self, header: tuple[str, ...], array: bool) -> Path:
        """The path of a `[table]` header: a name that is an array of tables stands for its last element."""
        path: Path = ()
        for number, key in enumerate(header):
            path = (*path, key)
            if array and number == len(header) - 1:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
        return path

    def _note(self, table: Path, keys: list[tuple[str, Place]], path: Path) -> None:
        named = [part for part in path[len(table):] if isinstance(part, str)]
        walked = table
        rest = iter(path[len(table):])
        for name, (_, place) in zip(named, keys, strict=True):
            for part in rest:
                walked = (*walked, part)
                if part == name and isinstance(part, str):
                    break
            self.found.setdefault((*walked, "#key"), place)
            self.found.setdefault(walked, place)
        self.found.setdefault(path, keys[-1][1])

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.position)
        if match:
            self.position = match.end()

    def _at(self, offset: int, length: int = 1) -> Place:
        count = self.text.count("\n", self.seen, offset)
        if count:
            self.line += count
            self.start = self.text.rfind("\n", 0, offset) + 1
        self.seen = max(self.seen, offset)
        return Place(self.line, offset - self.start + 1, max(1, length))
