"""The command `pack schema`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ...app import HOLDS, PackOption

SHORT = "Print the JSON Schema of the files of a pack, for editors."


class Kind(StrEnum):
    """A kind of file."""

    pack = "pack"
    facts = "facts"
    gate = "gate"
    table = "table"
    antipatterns = "antipatterns"
    bundle = "bundle"
    crosswalk = "crosswalk"
    source = "source"
    cases = "cases"


def run(
    kind: Annotated[
        Kind | None, typer.Argument(help="Of one kind of file alone; without it one schema tells them apart by their keys.")
    ] = None,
    overlay: Annotated[bool, typer.Option("--overlay", help="Of a pack that extends another one.")] = False,
    pack: PackOption = "mlops",
) -> tuple[str, int]:
    """Print the JSON Schema (2020-12) of the files of a pack: completion, hover and checks in an editor. The names that it
    offers for facts, limits and signals are those of --pack.
    """
    import json

    from ....engine.pack_schema import schema as schema_of
    from ... import inputs

    return json.dumps(schema_of(inputs.read_pack(pack), str(kind or ""), overlay=overlay), indent=2) + "\n", HOLDS
