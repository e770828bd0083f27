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
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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
        raise refuse("too-large", f"the file has {len(data)} bytes, and {MAX_BYTES} is the most that is read")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse("encoding", "the file is UTF-16, and UTF-8 is needed", help="save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse("encoding", f"the file is not UTF-8 text (byte {error.start}, line {line})", Place(line, 1),
                     "save it as UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    control = _CONTROL.search(text)
    if control:
        number = control.start()
        raise refuse("encoding", f"the file holds the control character {ord(control[0]):#04x}, so it is no text file",
                     Place(text.count("\n", 0, number) + 1, number - text.rfind("\n", 0, number)))
    return text


def read(data: bytes, file: str = "<input>", format: str | None = None) -> Document:
    """Read `data`. `format` is yaml, json or toml; without it the ending of `file` decides, and YAML where it has none.

    Raises CannotJudge, with the text, where the data can't be read at all.
    """
    text = ""
    try:
        text = decode(data)
        if not text.strip():
            raise refuse("empty", "the file is empty", help="begin with `delivery:`")
        ending = "." + file.rsplit(".", 1)[-1].lower() if "." in file else ""
        chosen = format or ENDINGS.get(ending) or ("json" if text.lstrip()[0] == "{" else "yaml")
        builder = Builder()
        READERS[chosen](text, builder)
    except CannotJudge as error:
        raise type(error)(error.problems, text) from None
    root = builder.root
    if root is None or root.kind == "null":
        raise CannotJudge([Problem("empty", "the file holds no value", help="begin with `delivery:`")], text)
    return Document(file, text, root, tuple(builder.problems))
