"""The schema of pack files, loosened to that of a pack over another: what is there already takes no more than what is added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .departures import DROPPED

Schema = dict[str, Any]
NAME: Schema = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 60}
_NAMED_AGAIN = {  # what may be named again with no more than what is added to it, and the keys that tell it
    "Gate": ("id",),
    "exit": ("id",),
    "Criterion": ("id",),
    "Section": ("id",),
    "Topic": ("id",),
    "Table": ("id",),
    "OutputTable": ("id",),
    "Checklist": ("id",),
    "Item": ("id",),
    "AntiPattern": ("id",),
    "Limit": ("value",),
    "FactDef": (),
}
_BECAUSE: Schema = {"type": "string", "pattern": r"\S", "description": "Why: it is shown wherever the verdict is."}


def loosen(found: Schema) -> None:
    """Loosen the definitions of a schema of pack files."""
    for name, keys in _NAMED_AGAIN.items():
        one = found[name]
        one["required"] = list(keys)
        for key in ("anyOf", "oneOf", "allOf", "if", "then", "else"):
            one.pop(key, None)
    for key in ("exit", "rows", "items"):  # an empty list would add nothing, and that is no fault
        for name in ("Gate", "Table", "OutputTable", "Checklist"):
            found[name]["properties"].get(key, {}).pop("minItems", None)
    del found["Gate"]["properties"]["stage"]
    found["Gate"]["properties"]["after"] = {**NAME, "description": "Of a gate of its own: the gate that it comes after."}
    pack = found["Pack"]
    for key in ("gates", "tables"):
        pack["properties"][key].pop("minItems")
    pack["required"] = ["id", "version", "title", "source", "extends"]
    for key in ("fresh_for", "effort"):
        pack["properties"].pop(key)
    pack["properties"]["extends"] = {
        "type": "string", "minLength": 1, "description": "The pack below: a shipped one by name, or a folder from here on.",
    }  # fmt: skip
    kinds: Mapping[str, Schema] = {
        "drop": {"type": "string", "pattern": rf"^({'|'.join(DROPPED)}) \S+$", "description": "As in `criterion budgets`."},
        "limit": {"$ref": "#/$defs/limit"},
        "table": NAME,
        "choices": {"$ref": "#/$defs/path"},
    }
    shapes = [_departure(key, one) for key, one in kinds.items()]
    says = "What is dropped or loosened of the pack below, each with a reason."
    pack["properties"]["departures"] = {"type": "array", "minItems": 1, "description": says, "items": {"anyOf": shapes}}


def _departure(key: str, of: Schema) -> Schema:
    properties = {key: of, "because": _BECAUSE} | ({"value": {"type": "number"}} if key == "limit" else {})
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}
