"""Which pack is judged by where no option says so: the variable GATEWRIGHT_PACK, or `[tool.gatewright]` in pyproject.toml.

That file is looked for in the working folder and those above it, up to the top of the repository. The first that has a
section of ours counts. What it names is a folder from there on, or a shipped pack.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..engine import document
from ..engine.document import Document
from ..engine.errors import BadPack, CannotJudge, Place, Problem
from . import inputs

VARIABLE = "GATEWRIGHT_PACK"
FILE = "pyproject.toml"
DEFAULT = "mlops"
_KEY = re.compile(rb"gatewright[\"']?\s*[].=]")  # most files have no such key, and are not worth the time to read them


@dataclass(frozen=True, slots=True)
class Choice:
    """A pack by name or folder, and where it was chosen; nothing where it is the one that comes with Gatewright."""

    pack: str
    where: str = ""


def choice() -> Choice:
    """The pack that the environment or a pyproject.toml chooses, or `mlops`. Raises BadPack."""
    named = os.environ.get(VARIABLE)
    if named:
        if not _is_pack(named):
            raise BadPack([_no_pack(f"the variable {VARIABLE} names", named)])
        return Choice(named, f"by the variable {VARIABLE}")
    for path in _files(Path.cwd()):
        data = inputs.read_bytes(str(path))
        if not _KEY.search(data):
            continue
        shown = os.path.relpath(path)
        doc = _read(data, shown)
        if found := _named(doc, path.parent, shown):
            return found
    return Choice(DEFAULT)


def _files(folder: Path) -> Iterator[Path]:
    for here in (folder, *folder.parents):
        if os.path.isfile(here / FILE):
            yield here / FILE
        if os.path.exists(here / ".git"):
            return


def _read(data: bytes, shown: str) -> Document:
    try:
        return document.read(data, shown, "toml")
    except CannotJudge as error:
        what = f"`{shown}` may choose a pack, and can't be read: {error.problems[-1].what}"
        raise BadPack([Problem("no-pack", what, help="mend it, or name the pack with `--pack`")]) from None


def _named(doc: Document, folder: Path, shown: str) -> Choice | None:
    tools = doc.root.entries.get("tool")
    own = tools.value.entries.get("gatewright") if tools else None
    if own is None:
        return None
    for key, entry in own.value.entries.items():
        if key != "pack":
            raise _refuse(f"nothing reads `{key}` in `[tool.gatewright]`", entry.place, shown, "there is `pack` alone")
    if "pack" not in own.value.entries:
        raise _refuse("`[tool.gatewright]` names no pack", own.place, shown, 'write `pack = "FOLDER"`, or take it out')
    value = own.value.entries["pack"].value
    if value.kind != "text" or not value.raw:
        raise _refuse("`pack` has to be a text", value.place, shown, 'write `pack = "FOLDER"`, or the name of a shipped pack')
    name = value.raw if inputs.is_shipped(value.raw) else os.path.relpath(folder / value.raw)
    if not _is_pack(name):
        told = _no_pack(f"`pack` of `{shown}` names", value.raw)
        raise _refuse(told.what, value.place, shown, told.help)
    return Choice(name, f"in {shown}")


def _is_pack(name: str) -> bool:
    return os.path.isfile(inputs.pack_folder(name) / "pack.yaml")


def _no_pack(named: str, name: str) -> Problem:
    return Problem(
        "no-pack", f"{named} `{name}`, and there is no pack", help="name a shipped pack, or a folder with a `pack.yaml`"
    )


def _refuse(what: str, place: Place, file: str, help: str) -> BadPack:
    return BadPack([Problem("no-pack", what, place, help, file=file)])
