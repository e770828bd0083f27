"""A folder as collectors may see it: regular files that stay inside, with limits, in one order, and nothing is ever run.

What can't be read is noted in `unreadable` with the reason, once a file, and a collector gets nothing of it.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise
from typing import Any

from ...engine import document
from ...engine.errors import CannotJudge
from ...engine.nodes import MAX_BYTES, Node
from ...engine.sources import Source
from .ignored import Ignored

# These guard the program, as the limits of the reader do (docs/fact-files.md); they are told in docs/collect.md.
MAX_ENTRIES = 200_000  # files and folders that are looked at
MAX_READS = 5_000  # files that are read
MAX_READ = 256 << 20  # bytes of all of them together
MAX_JSON = 8 << 20  # bytes of a JSON file that is read without places
MAX_DIGEST = 1 << 30  # bytes of one file whose digest is taken
MAX_HEADS = 5_000  # files of which only the beginning and the end are read, to see what they are
_HEAD = 16 << 10  # bytes of each of the two
_MAX_DOCUMENTS = 200  # in one YAML file
_EVERY = 2_000  # entries after which progress is told
_NEVER = frozenset((".git", "node_modules", "__pycache__", "site-packages", ".tox", ".nox", ".mypy_cache", ".ruff_cache"))
_BEGIN = re.compile(r"^---(?=\s|$)", re.MULTILINE)


class Tree:
    """The files below a folder. Paths are relative to it, with `/` between their parts."""

    def __init__(self, root: str, include: Collection[str] = (), progress: Callable[[int], None] | None = None) -> None:
        self.root = os.path.realpath(root)
        self.unreadable: dict[str, str] = {}
        self.ignored: list[str] = []  # files and folders that `.gitignore` leaves out, as far as they were come across
        self.entries = 0
        self.values = 0  # that were read from JSON files of tools
        self._include = tuple(os.path.normpath(path).replace(os.sep, "/") for path in include)
        self._progress = progress
        self._rules: dict[str, Ignored] = {}
        self._left_out: dict[str, bool] = {}
        self._digests: dict[str, str] = {}
        self._heads: dict[str, bytes] = {}
        self._reads = 0
        self._bytes = 0
        self._all = tuple(sorted(self._walk()))
        self._named: dict[tuple[str, ...], list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        for file in self._all:
            self._by_name.setdefault(file.rpartition("/")[2].lower(), []).append(file)

    # --- which files there are

    def named(self, *patterns: str) -> list[str]:
        """The files whose name matches one of the patterns, or whose path does where a pattern holds a `/`. In order.

        Small and capital letters are the same; `*` stands for any text.
        """
        if patterns not in self._named:
            found = [file for one in patterns for file in self._matching(one.lower())]
            self._named[patterns] = [file for file in sorted(set(found)) if self._offered(file)]
        return list(self._named[patterns])

    def _matching(self, pattern: str) -> Iterator[str]:
        """The files of one pattern. Most are found by their last part, without looking at every path."""
        folders, _, last = pattern.rpartition("/")
        if "*" not in last:
            found = self._by_name.get(last, ())
        else:
            name = re.compile(fnmatch.translate(last))
            found = (file for one, files in self._by_name.items() if name.match(one) for file in files)
        if not folders:
            yield from found
            return
        if last == "*":  # which stands for any text, folders too
            found = self._all
        path = re.compile(fnmatch.translate(pattern) + "|" + fnmatch.translate("*/" + pattern))
        yield from (file for file in found if path.match(file.lower()))

    def holding(self, word: str, *patterns: str) -> list[str]:
        """Of the files that match one of the patterns, those that hold a word in their first or last 16 KB.

        For sources that names don't tell apart. A file is looked at once, whoever asks.
        """
        found: list[str] = []
        for file in self.named(*patterns):
            if file not in self._heads:
                if len(self._heads) >= MAX_HEADS:
                    self.note(".", f"there are more than {MAX_HEADS} files that may be one of several kinds; the others were not")
                    break
                self._heads[file] = self._head(file)
            if word.encode() in self._heads[file]:
                found.append(file)
        return found

    def beside(self, file: str, name: str) -> bool:
        """Whether a file of that name stands in the same folder."""
        return os.path.isfile(os.path.join(os.path.dirname(self.real(file)), name))

    def of(self, table: Source) -> list[str]:
        """The files of a source: by their names, and by the words in them where its table has some."""
        if not table.holding:
            return self.named(*table.looks_for)
        found: set[str] = set()
        for words in table.holding:
            first, *others = (set(self.holding(word, *table.looks_for)) for word in words)
            found |= first.intersection(*others)
        return sorted(found)

    def _offered(self, file: str) -> bool:
        if self._is_ignored(file, folder=False):
            return False
        if not file.isprintable():
            self.note(file, "its name holds characters that can't be printed")
            return False
        return True

    def _walk(self) -> Iterator[str]:
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            below: list[str] = []
            try:
                with os.scandir(os.path.join(self.root, folder)) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except (OSError, ValueError) as error:
                self.note(folder or ".", _why(error))
                continue
            names = {entry.name for entry in found}
            if "pyvenv.cfg" in names:  # a virtual environment, whatever its name
                continue
            if ".gitignore" in names:
                self._read_rules(folder)
            for entry in found:
                self.entries += 1
                if self._progress and self.entries % _EVERY == 0:
                    self._progress(self.entries)
                if self.entries > MAX_ENTRIES:
                    self.note(".", f"more than {MAX_ENTRIES} files and folders; the others were not looked at")
                    return
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _NEVER and not self._is_ignored(path, folder=True):
                        below.append(path)
                elif self._is_inside(entry):
                    yield path
            waiting += reversed(below)

    def _is_inside(self, entry: os.DirEntry[str]) -> bool:
        """Whether it is a regular file, or a link to one that stays in the folder. Links to folders are not followed."""
        try:
            if not entry.is_symlink():
                return entry.is_file(follow_symlinks=False)
            real = os.path.realpath(entry.path, strict=True)
            return os.path.isfile(real) and os.path.commonpath((self.root, real)) == self.root
        except (OSError, ValueError):
            return False

    # --- what is left out

    def _read_rules(self, folder: str) -> None:
        file = f"{folder}/.gitignore" if folder else ".gitignore"
        text = self.text(file)
        if text is not None:
            self._rules[folder] = Ignored(text)

    def _is_ignored(self, path: str, *, folder: bool) -> bool:
        if any(path == one or path.startswith(one + "/") or (folder and one.startswith(path + "/")) for one in self._include):
            return False
        if path not in self._left_out:
            self._left_out[path] = self._ruled_out(path, folder)
            if self._left_out[path]:
                self.ignored.append(path)
        return self._left_out[path]

    def _ruled_out(self, path: str, folder: bool) -> bool:
        parts = path.split("/")
        for depth in reversed(range(len(parts))):  # the nearest file has the last word
            rules = self._rules.get("/".join(parts[:depth]))
            said = rules.says(parts[depth:], folder) if rules else None
            if said is not None:
                return said
        return False

    # --- what is in them

    def note(self, file: str, why: str) -> None:
        """Note why a file can't be read; the first reason stays."""
        self.unreadable.setdefault(file, why)

    def real(self, file: str) -> str:
        """The path of a file on this machine."""
        return os.path.join(self.root, file)

    def read(self, file: str, most: int = MAX_BYTES) -> bytes | None:
        """The content of a file of at most `most` bytes; nothing where it can't be read, which is noted."""
        try:
            # it may have become a pipe since: opening one would wait for ever
            handle = os.open(self.real(file), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with open(handle, "rb") as stream:
                found = os.fstat(handle)
                if not stat.S_ISREG(found.st_mode):
                    self.note(file, "it is no regular file")
                elif found.st_size > most:
                    self.note(file, f"it has {found.st_size} bytes, and at most {most} are read")
                elif self._reads >= MAX_READS or self._bytes + found.st_size > MAX_READ:
                    self.note(
                        ".", f"more than {MAX_READS} files or {MAX_READ >> 20} MB would have to be read; the others were not"
                    )
                else:
                    self._reads += 1
                    self._bytes += found.st_size
                    return stream.read(found.st_size)
        except (OSError, ValueError) as error:
            self.note(file, _why(error))
        return None

    def _head(self, file: str) -> bytes:
        try:
            handle = os.open(self.real(file), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with open(handle, "rb") as stream:
                found = os.fstat(handle)
                if not stat.S_ISREG(found.st_mode):
                    return b""
                begin = stream.read(_HEAD)
                stream.seek(max(len(begin), found.st_size - _HEAD))
                return begin + stream.read(_HEAD)
        except (OSError, ValueError):
            return b""

    def text(self, file: str) -> str | None:
        """The text of a UTF-8 file, its line ends as `\\n`; nothing where it is none, which is noted."""
        data = self.read(file)
        if data is None:
            return None
        try:
            return document.decode(data)
        except CannotJudge as error:
            self.note(file, _first(error))
            return None

    def documents(self, file: str, format: str = "") -> list[Node]:
        """The documents in a YAML, JSON or TOML file, as values with places; none where it can't be read, which is noted.

        `format` is yaml, json or toml, and else told by the name. A YAML file may hold several. They are read under the
        guards of fact files: no tags, no alias bombs, no key twice, limits on depth and number of values.
        """
        text = self.text(file)
        if text is None or not text.strip():
            return []
        chosen = format or document.ENDINGS.get(os.path.splitext(file)[1].lower(), "yaml")
        parts = _split(text) if chosen == "yaml" else [text]
        if len(parts) > _MAX_DOCUMENTS:
            self.note(file, f"it holds {len(parts)} documents, and at most {_MAX_DOCUMENTS} are read")
            return []
        found: list[Node] = []
        for part in parts:
            root = self.parse(file, part, chosen)
            if root is not None:
                found.append(root)
            elif file in self.unreadable:
                return []
        return found

    def parse(self, file: str, text: str, format: str) -> Node | None:
        """The value in a part of a file, under the same guards; nothing where it is empty or can't be read, which is noted."""
        try:
            doc = document.read(text.encode("utf-8"), file, format)
        except CannotJudge as error:
            if error.problems[0].code != "empty":
                self.note(file, _first(error))
            return None
        if doc.problems:  # a key that stands twice, of which each reader takes another
            self.note(file, _first(CannotJudge(doc.problems)))
            return None
        return doc.root

    def mapping(self, file: str, format: str = "") -> Node | None:
        """The one mapping that a YAML, JSON or TOML file holds; nothing, which is noted, where it holds something else."""
        found = self.documents(file, format)
        if len(found) == 1 and found[0].kind == "mapping":
            return found[0]
        if file not in self.unreadable:
            self.note(file, "it holds no mapping" if found else "it is empty")
        return None

    def plain_json(self, file: str) -> Any:
        """What a JSON file of up to 8 MB holds, as plain data without places; nothing where it can't be read, which is noted."""
        data = self.read(file, MAX_JSON)
        if data is None:
            return None
        try:
            return json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            self.note(file, "it is nested too deep" if isinstance(error, RecursionError) else f"it is no JSON: {error}")
            return None

    def digest(self, file: str) -> str:
        """The SHA-256 of a file, as `sha256:<hex>`; an empty text where it can't be taken."""
        if file not in self._digests:
            try:
                with open(self.real(file), "rb") as stream:
                    small = os.fstat(stream.fileno()).st_size <= MAX_DIGEST
                    self._digests[file] = f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}" if small else ""
            except (OSError, ValueError):
                self._digests[file] = ""
        return self._digests[file]


def _split(text: str) -> list[str]:
    """The documents of a YAML text, each with the empty lines before it that keep its places right."""
    starts = [0, *(found.start() for found in _BEGIN.finditer(text)), len(text)]
    parts = [(begin, text[begin:end]) for begin, end in pairwise(starts)]
    whole = [(begin, part) for begin, part in parts if part.strip() and part.strip() != "---"]
    if len(whole) > _MAX_DOCUMENTS:
        return [part for _, part in whole]
    return ["\n" * text.count("\n", 0, begin) + part for begin, part in whole]


def _first(error: CannotJudge) -> str:
    problem = error.problems[0]
    return f"{problem.what} (line {problem.place.line})" if problem.place else problem.what


def _why(error: OSError | ValueError) -> str:
    return f"it can't be read: {(error.strerror if isinstance(error, OSError) else None) or error}"
