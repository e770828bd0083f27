"""Files, standard input and packs, read with their limits."""

from __future__ import annotations

import os
import stat
import sys
from functools import lru_cache
from pathlib import Path

from .. import knowledge
from ..engine import document, facts, pack_loader
from ..engine.document import Document
from ..engine.errors import BadPack, CannotJudge, Problem
from ..engine.facts import Facts
from ..engine.nodes import MAX_BYTES
from ..engine.pack import Pack


def read_file(name: str, format: str | None = None) -> Document:
    """The document in a file, or on standard input for `-`. Raises CannotJudge."""
    if name == "-":
        return document.read(sys.stdin.buffer.read(MAX_BYTES + 1), "<stdin>", format)
    return document.read(_bytes(name), name, format)


def _bytes(name: str) -> bytes:
    """The content of a regular file; anything else could hang or never end."""
    try:
        found = os.stat(name)
        if stat.S_ISDIR(found.st_mode):
            raise CannotJudge([Problem("no-file", f"`{name}` is a folder", help="give a fact file")])
        if not stat.S_ISREG(found.st_mode):
            raise CannotJudge(
                [Problem("no-file", f"`{name}` is no regular file", help="give a fact file, or `-` for standard input")]
            )
        with open(name, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise CannotJudge(
            [Problem("no-file", f"there is no file `{name}`", help="check the path; `-` reads standard input")]
        ) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotJudge([Problem("no-file", f"`{name}` can't be read: {why}")]) from None


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


@lru_cache(maxsize=4)
def read_pack(name: str) -> Pack:
    """The pack in a folder, or a shipped one by its name. Raises BadPack."""
    shipped = Path(str(knowledge.__file__)).parent / name
    try:
        return pack_loader.load(shipped if name.isidentifier() and shipped.is_dir() else Path(name))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise BadPack([Problem("no-pack", f"the pack `{name}` can't be read: {why}")]) from None


def read_facts(doc: Document, pack: Pack, *, assumptions: bool = True) -> Facts:
    """The facts of a document that can be judged. Raises CannotJudge where a key stands twice."""
    found = facts.read(doc, pack, assumptions=assumptions)
    if doc.problems:
        raise CannotJudge(found.problems, doc.text)  # all of them, not only the keys that stand twice
    return found
