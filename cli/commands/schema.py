"""The command `schema`."""

from __future__ import annotations

from ..app import HOLDS, PackOption

SHORT = "Print the JSON Schema of fact files, for editors."


def run(pack: PackOption = "mlops") -> tuple[str, int]:
    """Print the JSON Schema (2020-12) of fact files: completion, hover and checks in an editor."""
    import json

    from ...engine.fact_schema import schema as schema_of
    from .. import inputs

    return json.dumps(schema_of(inputs.read_pack(pack)), indent=2) + "\n", HOLDS
