"""The files that a command is given: those named, and the fact files of folders."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..engine import document, spelling
from ..engine.document import ENDINGS, Document
from ..engine.errors import CannotJudge, Problem
from ..engine.facts import ASSUMPTIONS, SEQUENCE
from ..engine.nodes import MAX_BYTES, Node
from ..engine.pack import Pack
from .inputs import read_bytes

MAX_FILES = 1_000  # with the ending of a fact file, in one folder and those below it
_MAX_ENTRIES = 100_000  # files and folders of any kind
_NOT_OURS = frozenset(("node_modules", "__pycache__", "site-packages"))


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was given: what it holds and the document in it, or why there is none."""

    name: str
    argument: str
    data: bytes = b""
    format: str | None = None
    doc: Document | None = None
    error: CannotJudge | None = None


@dataclass(slots=True)
class Given:
    """The fact files that were given, each once, and the files of folders that are none."""

    sources: list[Source] = field(default_factory=list[Source])
    skipped: list[str] = field(default_factory=list[str])


def given(arguments: Sequence[str], format: str | None, pack: Pack) -> Given:
    """Read the files that `arguments` name, and the fact files of the folders among them. Problems are kept, not raised."""
    found = Given()
    seen: set[object] = set()
    for argument in arguments:
        if not os.path.isdir(argument):
            if _is_new(argument, seen):
                found.sources.append(read(argument, format))
            continue
        try:
            names, _ = walk(argument)
        except CannotJudge as error:
            found.sources.append(Source(argument, argument, error=error))
            continue
        sources = [(name, _fact_file(name, pack)) for name in names]
        found.skipped += [name for name, source in sources if source is None and name not in found.skipped]
        ours = [source for _, source in sources if source]
        found.sources += [source for source in ours if _is_new(source.name, seen)]
        if not ours:
            mend = "a fact file has a section such as `delivery:` with `model:` below it; a file named itself is always validated"
            problem = Problem("no-file", f"the folder `{argument}` holds no fact file", help=mend)
            found.sources.append(Source(argument, argument, error=CannotJudge([problem])))
    return found


def read(argument: str, format: str | None) -> Source:
    """The file that an argument names, or standard input for `-`."""
    name, data = "<stdin>" if argument == "-" else argument, b""
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if argument == "-" else read_bytes(argument)
        return Source(name, argument, data, format, document.read(data, name, format))
    except CannotJudge as error:
        return Source(name, argument, data, format, error=error)


def _fact_file(name: str, pack: Pack) -> Source | None:
    """A file of a folder, where it is a fact file, or may be one and can't be read."""
    try:
        data = read_bytes(name)
    except CannotJudge as error:
        return Source(name, name, error=error)
    if not _has_section(data, pack):
        return None
    try:
        doc = document.read(data, name)
    except CannotJudge as error:
        return Source(name, name, data, error=error) if looks_like_one(_text(data), pack) else None
    return Source(name, name, data, doc=doc) if is_fact_file(doc.root, pack) else None


def watched(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The files that `arguments` may mean, and the folders in which they and new ones are."""
    files: list[str] = []
    folders: list[str] = []
    for argument in arguments:
        try:
            below, around = walk(argument) if os.path.isdir(argument) else ([argument], [os.path.dirname(argument) or "."])
        except CannotJudge:
            below, around = [], [argument]
        files += below
        folders += around
    return files, folders


def _is_new(name: str, seen: set[object]) -> bool:
    try:
        found = os.stat(name)
        file: object = (found.st_dev, found.st_ino)
    except (OSError, ValueError):
        file = name
    new = file not in seen
    seen.add(file)
    return new


def walk(folder: str) -> tuple[list[str], list[str]]:
    """The regular files below `folder` that may be fact files by their ending, and all folders looked into, in order.

    Hidden folders, `node_modules`, virtual environments and links to folders are left out. Raises CannotJudge where
    there are too many files, or a folder can't be read.
    """
    files: list[str] = []
    folders: list[str] = []
    entries = 0

    def unreadable(error: OSError) -> None:
        raise CannotJudge([Problem("no-file", f"the folder `{error.filename}` can't be read: {error.strerror}")])

    for above, below, names in os.walk(folder, onerror=unreadable):  # which follows no links
        folders.append(above)
        below[:] = sorted(name for name in below if not _left_out(above, name))
        entries += len(below) + len(names)
        found = (os.path.normpath(os.path.join(above, name)) for name in sorted(names) if _ending(name) and name[0] != ".")
        files += [file for file in found if _is_regular(file)]
        if len(files) > MAX_FILES or entries > _MAX_ENTRIES:
            much = f"{MAX_FILES} YAML, JSON and TOML files" if len(files) > MAX_FILES else f"{_MAX_ENTRIES} files"
            raise CannotJudge(
                [Problem("too-many", f"`{folder}` holds more than {much}", help="name the folder in which the fact files are")]
            )
    return sorted(files), folders


def _ending(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in ENDINGS


def _left_out(above: str, name: str) -> bool:
    path = os.path.join(above, name)
    return (
        name.startswith(".")
        or name in _NOT_OURS
        or os.path.isfile(os.path.join(path, "pyvenv.cfg"))  # a virtual environment, whatever its name
    )


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False


def is_fact_file(root: Node, pack: Pack) -> bool:
    """Whether a file that was read has a section of the vocabulary with at least one of its keys, misspelt or not.

    A section alone does not make it one: many a configuration has `training:` or `monitoring:` too.
    """
    sections = _sections(tuple(pack.facts))
    return any(
        bool(keys := sections.get(key) or sections.get(spelling.meant(key, sections)))
        and any(inner in keys or spelling.meant(inner, keys) for inner in _keys(entry.value))
        for key, entry in root.entries.items()
    )


def _keys(node: Node) -> list[str]:
    """The keys of a mapping, or of the first record of a list."""
    first = node.items[0] if node.kind == "list" and node.items else node
    return list(first.entries)[:1_000]


def looks_like_one(text: str, pack: Pack) -> bool:
    """Whether a file that can't be read has a line that begins with a section of the vocabulary, as far as can be told."""
    braces = text.lstrip("\ufeff \t\r\n").startswith("{")
    begin = r"""[{,]\s*["']?""" if braces else r"""^\ufeff?(?:\[{1,2}[ \t]*)?["']?"""
    return bool(_section_key(tuple(_sections(tuple(pack.facts))), begin).search(text))


def _has_section(data: bytes, pack: Pack) -> bool:
    """Whether the name of a section stands anywhere as a key could: a quick look that saves reading large files of others."""
    return bool(_section_key(tuple(_sections(tuple(pack.facts))), r"\b").search(_text(data)))


def _text(data: bytes) -> str:
    wide = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(data[:2])
    return data.decode(wide or "utf-8", "replace")


@lru_cache(maxsize=8)
def _sections(paths: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The keys that may stand right below each key of the first level."""
    found: dict[str, set[str]] = {ASSUMPTIONS: {"fact"}, SEQUENCE: {"order"}}
    for path in paths:
        section, _, rest = path.partition(".")
        found.setdefault(section, set()).add(re.split(r"\[|\.", rest)[0])
    return {section: frozenset(keys) for section, keys in found.items()}


@lru_cache(maxsize=8)
def _section_key(sections: tuple[str, ...], begin: str) -> re.Pattern[str]:
    names = "|".join(re.escape(name).replace("_", "[-_ ]?") for name in sections)
    return re.compile(rf"""{begin}(?:{names})["']?[ \t]*[:=.\]]""", re.MULTILINE | re.IGNORECASE)
