"""The vocabulary as JSON Schema (draft 2020-12), for editors and other validators.

It accepts what the reader of facts accepts, save for what no schema can say: references between facts,
and durations or shares that only add up in the reader.
"""

from __future__ import annotations

import re
from typing import Any

from .facts import ASSUMPTIONS, LISTS, SEQUENCE
from .pack import FactDef, Pack

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLACEHOLDER = {"$ref": "#/$defs/placeholder"}
_EVIDENCE = {"$ref": "#/$defs/evidence"}

_SCALARS: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "number"]},
    "owner": {"type": ["string", "number"]},
    "reference": {"type": ["string", "number"]},
    "threshold": {"type": ["string", "number"]},
    "duration": {"type": "string"},
    "share": {"type": ["string", "number"]},
    "date": {"type": "string", "pattern": r"^\s*\d{4}-\d{2}-\d{2}\s*$"},
}


def schema(pack: Pack) -> dict[str, Any]:
    """The JSON Schema of the fact files that `pack` judges."""
    root: dict[str, Any] = _object({}, f"Facts of a delivery, for the pack {pack.id} {pack.version}. {pack.title}.")
    for section in pack.sections:
        for path, fact in section.facts.items():
            level = root
            *above, last = path.split(".")
            for depth, part in enumerate(above):
                title = f"{section.title} (gate {section.gate})" if depth == 0 else ""
                level = level["properties"].setdefault(part, _object({}, title))
            level["properties"][last] = _fact(fact)
    root["properties"] |= {ASSUMPTIONS: _assumptions(pack), SEQUENCE: _sequence(pack)}
    _allow_placeholders(root)
    return {
        "$schema": DIALECT,
        "$id": f"urn:gatewright:{pack.id}:{pack.version}",
        "title": f"Gatewright facts ({pack.id})",
        **root,
        "$defs": {"placeholder": _placeholder(pack), "evidence": _evidence()},
    }


def _object(properties: dict[str, Any], description: str) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    return {"description": description, **found} if description else found


def _allow_placeholders(found: dict[str, Any]) -> None:
    """A group may be left empty (`lineage:` with nothing below it)."""
    for inner in found["properties"].values():
        if inner.get("type") == "object":
            _allow_placeholders(inner)
            inner["type"] = ["object", "null"]


def _fact(fact: FactDef) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": f"{fact.means[0].upper()}{fact.means[1:]}. {fact.ask}" + (f" Unit: {fact.unit}." if fact.unit else ""),
    }
    if fact.example is not None:
        described["examples"] = [fact.example]
    shapes = _shapes(fact)
    backed = _object(
        {"value": {"anyOf": [*shapes, _PLACEHOLDER]}, "evidence": _EVIDENCE}, "The value, and where it can be checked."
    )
    return described | {"anyOf": [*shapes, backed, _PLACEHOLDER]}


def _shapes(fact: FactDef) -> list[dict[str, Any]]:
    if fact.type == "records":
        record = _object({name: _fact(inner) for name, inner in fact.fields.items()}, "")
        shapes: list[dict[str, Any]] = [{"type": "array", "items": {"anyOf": [record, _PLACEHOLDER]}}]
        return [{"enum": list(fact.choices)}, *shapes] if fact.choices else shapes
    one = _scalar(fact, LISTS.get(fact.type, fact.type))
    return [one, {"type": "array", "items": {"anyOf": [one, _PLACEHOLDER]}}] if fact.type in LISTS else [one]


def _scalar(fact: FactDef, kind: str) -> dict[str, Any]:
    if kind == "choice":
        return {"enum": list(fact.choices)}
    if kind in ("integer", "number"):
        bounds = {key: value for key, value in (("minimum", fact.least), ("maximum", fact.most)) if value is not None}
        return {"type": kind, **bounds}
    return dict(_SCALARS[kind])


def _placeholder(pack: Pack) -> dict[str, Any]:
    """Nothing, or a text that counts as nothing, in any case of its letters."""
    texts = sorted({_any_case(text) for text in pack.placeholders})
    return {
        "description": "Not stated yet.",
        "anyOf": [
            {"type": "null"},
            {"type": "array", "maxItems": 0},
            {"type": "object", "maxProperties": 0},
            {"type": "string", "pattern": rf"^\s*(?:{'|'.join(texts)})[.!]*\s*$"},
        ],
    }


_URL = r"^\s*[hH][tT][tT][pP][sS]?://[^\s/?#]+\S*\s*$"
_BELOW = r"^(?!\s*(?:[A-Za-z]:|[\\/~]|(?:.*[\\/])?\.\.(?:[\\/]|\s*$)))[\s\S]*\S[\s\S]*$"
_DIGEST = r"^\s*sha256:[0-9a-f]{64}\s*$"


def _evidence() -> dict[str, Any]:
    means = {
        "url": ("The address where it can be checked.", _URL),
        "path": ("The file of the project in which it can be checked.", _BELOW),
        "date": ("The day on which it was made.", _SCALARS["date"]["pattern"]),
        "digest": ("The SHA-256 digest of its content.", _DIGEST),
    }
    found = _object(
        {
            key: {"description": says, "anyOf": [{"type": "string", "pattern": pattern}, _PLACEHOLDER]}
            for key, (says, pattern) in means.items()
        },
        "",
    )
    found["oneOf"] = [{"required": ["url"]}, {"required": ["path"]}]
    return {"description": "Where the fact can be checked: an address, or a path in the project.", "anyOf": [found, _PLACEHOLDER]}


def _any_case(text: str) -> str:
    parts: list[str] = []
    for char in text:
        if char == "*":
            parts.append(r"[\s\S]*")
        elif char.isalpha() and char.lower() != char.upper():
            parts.append(f"[{char.lower()}{char.upper()}]")
        else:
            parts.append(re.escape(char) if char in r".^$*+?{}[]\|()/" else char)
    return "".join(parts)


def _assumptions(pack: Pack) -> dict[str, Any]:
    paths = [path for section in pack.sections for path in section.facts]
    record = _object(
        {
            "fact": {"description": "The fact that is assumed.", "enum": paths},
            "value": {"description": "The value, written as for the fact itself."},
            "reason": {"description": "Why this is assumed.", "type": ["string", "number"]},
            "owner": {"description": "Who answers for the assumption.", "type": ["string", "number"]},
        },
        "",
    )
    record["required"] = ["fact", "value", "reason", "owner"]
    return {
        "description": "Values that nobody has stated, each with a reason and an owner. They count and are always shown.",
        "anyOf": [{"type": "array", "items": record}, _PLACEHOLDER],
    }


def _sequence(pack: Pack) -> dict[str, Any]:
    names: list[str | int] = [*pack.order, *range(1, len(pack.order) + 1)]
    found = _object(
        {
            "order": {
                "description": "Every gate once, the last one last.",
                "type": "array",
                "items": {"enum": names},
                "uniqueItems": True,
            },
            "requested_by": {"description": "Who asked for this order.", "type": ["string", "number"]},
            "reason": {"description": "Why.", "type": ["string", "number"]},
        },
        "",
    )
    return {"description": "Another order of the gates, where somebody asked for one.", "anyOf": [found, _PLACEHOLDER]}
