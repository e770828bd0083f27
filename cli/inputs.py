"""Files, standard input and packs, read with their limits."""

from __future__ import annotations

import datetime
import hashlib
import os
import stat
import sys
from functools import lru_cache
from pathlib import Path

from ..engine import document, facts, measures, pack_loader
from ..engine.document import Document
from ..engine.errors import BadPack, CannotJudge, Problem
from ..engine.facts import Facts, Today
from ..engine.nodes import MAX_BYTES
from ..engine.pack import Pack

MAX_EVIDENCE = 1 << 30  # bytes of evidence that are read for their digests: a second or two


def read_file(name: str, format: str | None = None) -> Document:
    """The document in a file, or on standard input for `-`. Raises CannotJudge."""
    return document.read(read_bytes(name), "<stdin>" if name == "-" else name, format)


def read_bytes(name: str) -> bytes:
    """The content of a regular file, or of standard input for `-`; anything else could hang or never end."""
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        found = os.stat(name)
        if stat.S_ISDIR(found.st_mode):
            raise CannotJudge([Problem("no-file", f"`{name}` is a folder", help="give a fact file")])
        if not stat.S_ISREG(found.st_mode):
            raise CannotJudge(
                [Problem("no-file", f"`{name}` is no regular file", help="give a fact file, or `-` for standard input")]
            )
        with open(name, "rb") as file:
            # no more than its size: some files of the system are regular, have none, and never end
            return file.read(min(found.st_size, MAX_BYTES + 1))
    except FileNotFoundError:
        raise CannotJudge(
            [Problem("no-file", f"there is no file `{name}`", help="check the path; `-` reads standard input")]
        ) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotJudge([Problem("no-file", f"`{name}` can't be read: {why}")]) from None


def read_waivers(name: str | None, *fact_files: str) -> Document | None:
    """The document in a waivers file; nothing where none is named. Raises CannotJudge."""
    return None if name is None else waivers_of(name, *fact_files)[0]


def waivers_of(name: str, *fact_files: str) -> tuple[Document, bytes]:
    """The document in a waivers file, which is no fact file, and its bytes. Raises CannotJudge."""
    if any(_same(name, file) for file in fact_files):
        what = f"`{name}` is the fact file itself, and a change can't waive itself"
        what = "standard input can't be both the fact file and the waivers" if name == "-" else what
        raise CannotJudge([Problem("usage", what, help="keep the waivers in a file of their own")])
    shown = "<stdin>" if name == "-" else name
    try:
        data = read_bytes(name)
        found = document.read(data, shown)
    except CannotJudge as error:
        raise CannotJudge(error.problems, error.text, shown) from None
    if found.problems:
        raise CannotJudge(found.problems, found.text, shown)
    return found, data


def _same(one: str, other: str) -> bool:
    try:
        return one == other or os.path.samefile(one, other)
    except (OSError, ValueError):
        return False


def write_new(name: str, text: str) -> None:
    """Write a file that does not exist yet. Raises CannotJudge."""
    try:
        with open(name, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CannotJudge(
            [
                Problem(
                    "file-exists",
                    f"`{name}` exists, and nothing is written over it",
                    help="name another file, or `-` to print it",
                )
            ]
        ) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotJudge([Problem("no-file", f"`{name}` can't be written: {why}")]) from None


def shipped_packs() -> list[str]:
    """The names of the packs that are shipped."""
    return sorted(found.parent.name for found in pack_loader.SHIPPED.glob("*/pack.yaml"))


def is_shipped(name: str) -> bool:
    """Whether a pack of this name comes with Gatewright."""
    return pack_loader.shipped(name) is not None


def pack_folder(name: str) -> Path:
    """The folder of a shipped pack by its name, or the folder that is named."""
    return pack_loader.shipped(name) or Path(name)


@lru_cache(maxsize=4)
def read_pack(name: str) -> Pack:
    """The pack in a folder, or a shipped one by its name. Raises BadPack."""
    try:
        return pack_loader.load(pack_folder(name))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise BadPack([Problem("no-pack", f"the pack `{name}` can't be read: {why}")]) from None


def pack_files(name: str) -> str:
    """A digest over the bytes of every file that a pack is read from, comments and all. Raises BadPack."""
    written = pack_loader.examine(pack_folder(name))
    digests: dict[str, str] = {}
    for file in written.texts:
        layer = max((one for one in written.folders if file.startswith(one + os.sep)), key=len)
        place = f"{written.folders.index(layer)}/{os.path.relpath(file, layer)}"
        digests[place] = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    return document.digest(digests)


def today(day: str | None, project: str | None) -> Today:
    """The day to judge by, the clock's where none is given, and the files of the project folder. Raises CannotJudge."""
    if day is None:
        chosen = datetime.datetime.now(datetime.UTC).date()
    else:
        read = measures.date(day)
        if isinstance(read, measures.Flaw):
            raise CannotJudge([Problem("usage", f"`--today {day}` {read.says}", help="write it as in `--today 2026-09-30`")])
        chosen = datetime.date.fromisoformat(read)
    if project is not None and not os.path.isdir(project):
        raise CannotJudge(
            [Problem("usage", f"there is no folder `{project}`", help="give the folder that evidence paths begin in")]
        )
    return Today(chosen, None if project is None else _Digests(project).of)


class _Digests:
    """The digests of the files of a project, each read once, and nothing outside it."""

    def __init__(self, project: str) -> None:
        self._root = os.path.realpath(project)
        self._known: dict[str, str | measures.Flaw] = {}
        self._left = MAX_EVIDENCE

    def of(self, path: str) -> str | measures.Flaw:
        """The digest of the file at `path` below the project folder, or why there is none."""
        if path not in self._known:
            self._known[path] = self._digest(path)
        return self._known[path]

    def _digest(self, path: str) -> str | measures.Flaw:
        try:
            real = os.path.realpath(os.path.join(self._root, path), strict=True)
            if os.path.commonpath((self._root, real)) != self._root:
                return measures.Flaw("leads out of the project folder")
            found = os.stat(real)
            if not stat.S_ISREG(found.st_mode):
                return measures.Flaw("is no regular file")
            if found.st_size > self._left:
                return measures.Flaw(f"is too large to be compared: of all evidence at most {MAX_EVIDENCE >> 20} MB are read")
            self._left -= found.st_size
            with open(real, "rb") as file:
                return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        except (OSError, ValueError):
            return measures.Flaw("is not in the project folder")


def read_facts(doc: Document, pack: Pack, *, assumptions: bool = True, today: Today | None = None) -> Facts:
    """The facts of a document that can be judged. Raises CannotJudge where a key stands twice."""
    found = facts.read(doc, pack, assumptions=assumptions, today=today or Today())
    if doc.problems:
        raise CannotJudge(found.problems, doc.text)  # all of them, not only the keys that stand twice
    return found
