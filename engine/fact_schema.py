"""The vocabulary as JSON Schema (draft 2020-12), for editors and other validators.

It accepts what the reader of facts accepts, save for what no schema can say: references between facts,
and durations or shares that only add up in the reader.

Three keywords are for editors alone; validators pass them over. `errorMessage` and `patternErrorMessage` tell a wrong
value in our words, and `defaultSnippets` is what completion writes: an open fact, for an example that nobody has looked
at would count as stated.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .facts import ASSUMPTIONS, LISTS, SEQUENCE
from .pack import Pack
from .values import write
from .vocabulary import FactDef

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLACEHOLDER = {"$ref": "#/$defs/placeholder"}
_EVIDENCE = {"$ref": "#/$defs/evidence"}

_SCALARS: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "number"]},
    "owner": {"type": ["string", "number"]},
    "reference": {"type": ["string", "number"]},
    "threshold": {"type": ["string", "number"]},
    "duration": {"type": ["string"]},
    "share": {"type": ["string", "number"]},
    "date": {"type": ["string"], "pattern": r"^\s*\d{4}-\d{2}-\d{2}\s*$"},
}


def schema(pack: Pack) -> dict[str, Any]:
    """The JSON Schema of the fact files that `pack` judges."""
    root: dict[str, Any] = _object({}, f"Facts of a delivery, for the pack {pack.id} {pack.version}. {pack.title}.")
    for section in pack.sections:
        for path, fact in section.facts.items():
            level = root
            *above, last = path.split(".")
            for depth, part in enumerate(above):
                title = f"{section.title} (gate {section.gate})" if depth == 0 else f"{section.title}: {part.replace('_', ' ')}"
                level = level["properties"].setdefault(part, _object({}, title, ".".join(above[: depth + 1])))
            level["properties"][last] = _fact(fact, _open(pack))
    root["properties"] |= {ASSUMPTIONS: _assumptions(pack), SEQUENCE: _sequence(pack)}
    _allow_placeholders(root)
    return {
        "$schema": DIALECT,
        "$id": f"urn:gatewright:{pack.id}:{pack.version}",
        "title": f"Gatewright facts ({pack.id})",
        **root,
        "$defs": {"placeholder": _placeholder(pack), "evidence": _evidence()},
    }


def _object(properties: dict[str, Any], description: str, title: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"title": title, "description": description}
    found = {key: says for key, says in found.items() if says}
    return found | {"type": "object", "additionalProperties": False, "properties": properties}


def _allow_placeholders(found: dict[str, Any]) -> None:
    """A group may be left empty (`lineage:` with nothing below it)."""
    for inner in found["properties"].values():
        if inner.get("type") == "object":
            _allow_placeholders(inner)
            inner["type"] = ["object", "null"]


def _open(pack: Pack) -> str:
    """What a person writes where nothing is stated yet, such as `TBD`."""
    return next((text.upper() for text in pack.placeholders if text.isalpha()), "")


def _fact(fact: FactDef, still_open: str) -> dict[str, Any]:
    described: dict[str, Any] = {"title": fact.path, "description": _description(fact)}
    if fact.type != "records":  # an editor can't write a list of records; each of their fields has an example
        described["examples"] = [fact.example]
    if fact.default is not None:
        described["default"] = fact.default.value
    described["defaultSnippets"] = _snippets(still_open, fact.label, tuple(fact.fields))
    # an editor tells the shapes of a value apart by their titles; those without one it takes for the same
    shapes = [{"title": fact.path, **shape} for shape in _shapes(fact, still_open)]
    backed = _object({"value": {"anyOf": [*shapes, _PLACEHOLDER]}, "evidence": _EVIDENCE}, "", "a value with its evidence")
    return described | {"anyOf": [*shapes, backed, _PLACEHOLDER]}


def _snippets(still_open: str, label: str = "", record: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What an editor offers to write: a fact still open, and of records one with all its fields, each still open.

    The record has to be the second of two: a single snippet would be written at once, and as a mapping.
    """
    snippets: list[dict[str, Any]] = [{"label": still_open, "description": "Not stated yet.", "body": f"${{1:{still_open}}}"}]
    if record:
        body = {name: f"${{{number}:{still_open}}}" for number, name in enumerate(record, 1)}
        snippets.append({"label": f"- {label}: ...", "description": "One record.", "type": "array", "body": body})
    return snippets if still_open else []


def _description(fact: FactDef) -> str:
    """The question of a fact, what it means where that says more, and what may be assumed."""
    lines = [fact.ask]
    if fact.means.casefold() != fact.ask.rstrip("?").casefold():
        lines.append(f"{fact.means[0].upper()}{fact.means[1:]}.")
    if fact.unit:
        lines.append(f"Unit: {fact.unit}.")
    if fact.optional:
        lines.append("No gate needs it.")
    if fact.default is not None:
        value = fact.default.value
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        lines.append(f"Where nobody knows it may be assumed: `{shown}`. {fact.default.because}.")
    return "\n".join(lines)


def _shapes(fact: FactDef, still_open: str) -> list[dict[str, Any]]:
    if fact.type == "records":
        record = _object({name: _fact(inner, still_open) for name, inner in fact.fields.items()}, "", f"a record of {fact.path}")
        wrong = f"`{fact.path}` takes records; begin each with `- {fact.label}: ...`, its fields: {', '.join(fact.fields)}"
        items = {"anyOf": [record, _PLACEHOLDER]}
        shapes: list[dict[str, Any]] = [{"type": ["array"], "errorMessage": wrong, "items": items}]
        return [{"enum": list(fact.choices)}, *shapes] if fact.choices else shapes
    one = _scalar(fact, LISTS.get(fact.type, fact.type))
    return [one, {"type": "array", "items": {"anyOf": [one, _PLACEHOLDER]}}] if fact.type in LISTS else [one]


def _scalar(fact: FactDef, kind: str) -> dict[str, Any]:
    if kind == "choice":
        return {"enum": list(fact.choices)}
    wrong = f"no value of `{fact.path}`; {write(fact)}"
    if kind in ("integer", "number"):
        bounds = {key: value for key, value in (("minimum", fact.least), ("maximum", fact.most)) if value is not None}
        return {"type": [kind], "errorMessage": wrong, **bounds}
    found = _SCALARS[kind] | {"errorMessage": wrong}
    return found | {"patternErrorMessage": wrong} if "pattern" in found else found


def _placeholder(pack: Pack) -> dict[str, Any]:
    """Nothing, or a text that counts as nothing, in any case of its letters."""
    texts = sorted({_any_case(text) for text in pack.placeholders})
    return {  # no type is named: an editor would offer `null`
        "not": {"title": "something else", "type": ["number", "boolean"]},
        "maxItems": 0,
        "maxProperties": 0,
        "pattern": rf"^\s*(?:{'|'.join(texts)})[.!]*\s*$",
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
            "value": {
                "description": "The value, written as for the fact itself.",
                "type": ["string", "number", "boolean", "array", "object", "null"],
            },
            "reason": {"description": "Why this is assumed.", "anyOf": [_SCALARS["text"], _PLACEHOLDER]},
            "owner": {"description": "Who answers for the assumption.", "anyOf": [_SCALARS["owner"], _PLACEHOLDER]},
        },
        "",
        "an assumption",
    )
    record["required"] = ["fact", "value", "reason", "owner"]
    return {
        "title": ASSUMPTIONS,
        "description": "Values that nobody has stated, each with a reason and an owner. They count and are always shown.",
        "defaultSnippets": _snippets(_open(pack), "fact", tuple(record["properties"])),
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
    return {
        "title": SEQUENCE,
        "description": "Another order of the gates, where somebody asked for one.",
        "anyOf": [found, _PLACEHOLDER],
    }
