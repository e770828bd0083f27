"""The command `pack new`."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from ...app import HOLDS, PackOption

SHORT = "Begin a pack: one that extends another, or one of its own."
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def run(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder to make; it must not be there yet, or be empty.")],
    gate: Annotated[str, typer.Option("--gate", metavar="NAME", help="The name of its gate.")] = "review",
    standalone: Annotated[bool, typer.Option("--standalone", help="A pack of its own, which extends no other.")] = False,
    pack: PackOption = "mlops",
) -> tuple[str, int]:
    """Begin a pack that extends --pack, with one gate, the facts that it asks for, cases that prove it and a page about it.
    It is called as its folder is.
    """
    from ... import inputs, skeleton

    place = Path(folder)
    name = place.resolve().name.lower().replace("_", "-").replace(" ", "-")
    base = None if standalone else inputs.read_pack(pack)
    _refuse(place, name, gate, [] if base is None else [base.id, *base.order])
    files = skeleton.alone(name, gate) if base is None else skeleton.over(base, name, gate, _extends(pack, place))
    for file, text in files.items():
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        inputs.write_new(str(place / file), text)
    made = "".join(f"  {file}\n" for file in files)
    on = f" over {base.id} {base.version}" if base else ""
    return (
        f"The pack {name}{on}, in {folder}:\n{made}\nNext:\n"
        f"  gatewright pack lint {folder}\n  gatewright pack test {folder}\n"
        f"  gatewright pack show {gate} --pack {folder}\n"
    ), HOLDS


def _extends(pack: str, place: Path) -> str:
    """How the new pack names the one below: a shipped one by its name, a folder by the way there."""
    from ....engine import pack_loader

    return pack if pack_loader.shipped(pack) else Path(os.path.relpath(pack, place)).as_posix()


def _refuse(place: Path, name: str, gate: str, taken: list[str]) -> None:
    from ....engine.errors import CannotJudge, Problem

    problems: list[Problem] = []
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        problems.append(Problem("usage", f"`{place}` is there already", help="name a folder that is not there yet, or is empty"))
    for what, said in (("the folder, which names the pack,", name), ("the gate", gate)):
        if not _NAME.fullmatch(said):
            problems.append(Problem("usage", f"{what} can't be called `{said}`", help="use small letters, digits and hyphens"))
        elif said in taken:
            problems.append(Problem("usage", f"there is a pack or gate `{said}` already", help="choose another name"))
    if len(taken) == 2:  # the pack and its only gate
        problems.append(Problem("usage", f"the pack `{taken[0]}` has one gate, and a new one would have no place before it"))
    if problems:
        raise CannotJudge(problems)
