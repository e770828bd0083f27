"""YAML, JSON or TOML text -> values with line and column. Text from outside enters here and nowhere else."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from . import read_json, read_toml, read_yaml
from .errors import CannotJudge, Place, Problem
from .nodes import MAX_BYTES, Builder, Node, refuse

READERS = {"yaml": read_yaml.read, "json": read_json.read, "toml": read_toml.read}
ENDINGS = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}
# Line ends are "\n" by then. U+0080 to U+009F are control characters too, one of them a line end in YAML alone.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_WIDE = {"UTF-32": (b"\xff\xfe\0\0", b"\0\0\xfe\xff"), "UTF-16": (b"\xff\xfe", b"\xfe\xff")}  # by their byte order marks
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?= )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: its name, its text, the tree, and problems that did not stop the reading."""

    file: str
    text: str
    root: Node
    problems: tuple[Problem, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical content, as `sha256:<hex>`."""
        return digest(self.root.plain())


def digest(value: object) -> str:
    """SHA-256 over `value` as JSON with sorted keys and no spaces, as `sha256:<hex>`."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(canonical.encode("ascii")).hexdigest()


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, with or without a byte order mark, with any line ends."""
    if len(data) > MAX_BYTES:
        raise refuse("too-large", f"the file has {len(data)} bytes, and at most {MAX_BYTES} are read", help="split the file")
    for name, marks in _WIDE.items():
        if data.startswith(marks):
            raise refuse("encoding", f"the file is {name}, and UTF-8 is needed", help="save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the error counts from after the byte order mark, `data` from before it
        before = data.removeprefix(b"\xef\xbb\xbf")[: error.start].decode("utf-8", "replace")
        raise refuse("encoding", "the file is not UTF-8 text", _end(_lines(before)), "save it as UTF-8") from None
    text = _lines(text)
    control = _CONTROL.search(text)
    if control:
        raise refuse(
            "encoding",
            f"the file holds the control character U+{ord(control[0]):04X}, and a text file has none",
            _end(text[: control.start()]),
            "take it out, or save the file as UTF-8 text",
        )
    return text


def _conflict(text: str, error: CannotJudge) -> list[Problem]:
    """What is told of a file with a merge conflict, in place of what a parser makes of it."""
    mark = _CONFLICT.search(text)
    if mark is None or error.problems[-1].code != "syntax":
        return []
    place = Place(text.count("\n", 0, mark.start()) + 1, 1, len(mark[0]))
    mend = "keep what is right of both sides, and take out the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`"
    return [Problem("syntax", "a merge conflict stands here", place, mend)]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _end(text: str) -> Place:
    """The place just after `text`."""
    return Place(text.count("\n") + 1, len(text) - text.rfind("\n"))


def read(data: bytes, file: str = "<input>", format: str | None = None) -> Document:
    """Read `data`. `format` is yaml, json or toml; without it the ending of `file` decides, and YAML where it has none.

    Raises CannotJudge, with the text, where the data can't be read at all.
    """
    text, builder = "", Builder()
    try:
        text = decode(data)
        if not text.strip():
            raise refuse("empty", "the file is empty", help="begin with `delivery:`")
        ending = "." + file.rsplit(".", 1)[-1].lower() if "." in file else ""
        chosen = format or ENDINGS.get(ending) or ("json" if text.lstrip()[0] == "{" else "yaml")
        READERS[chosen](text, builder)
    except CannotJudge as error:
        raise CannotJudge((*builder.problems, *(_conflict(text, error) or error.problems)), text) from None
    root = builder.root
    if root is None or root.kind == "null":
        raise CannotJudge([Problem("empty", "the file holds no value", help="begin with `delivery:`")], text)
    return Document(file, text, root, tuple(builder.problems))
