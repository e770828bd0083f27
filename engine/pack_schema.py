"""The files of a pack as JSON Schema (draft 2020-12), for editors and other validators.

Made from the models that the loader reads packs with, so both ask for the same keys and types. What no schema can say
stays with the loader: that names point somewhere, that an operator fits its fact. The schema is stricter in one thing: a
number or `true` in quotes is a text to it, and the loader takes it for the number.

Names of the pack (facts, limits, signals and so on) stand in it as examples, which editors offer and validators pass over,
so that a file may name what is still to be written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from . import wording
from .case_files import EXPLAINED, KEYS, OUTCOMES, STARTS, STATES
from .overlay_schema import NAME, loosen
from .pack import Pack
from .pack_keys import MEANS
from .sources import Source
from .standards import Standard
from .vocabulary import LENGTHS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

# Each kind of file: what tells it apart from the others, its definition, and where it stands.
KINDS: dict[str, tuple[str, str, str]] = {
    "pack": ("gates", "Pack", "pack.yaml"),
    "facts": ("sections", "Facts", "facts.yaml"),
    "gate": ("stage", "Gate", "gates/NAME.yaml"),
    "table": ("table", "Decision", "decisions/NAME.yaml"),
    "antipatterns": ("antipatterns", "Antipatterns", "antipatterns.yaml"),
    "bundle": ("checklists", "Bundle", "bundle.yaml"),
    "crosswalk": ("clauses", "Standard", "crosswalk/NAME.yaml"),
    "source": ("looks_for", "Source", "sources/NAME.yaml"),
    "cases": ("cases", "Cases", "NAME.cases.yaml"),
}
# Of a pack, and not in a `pack.yaml` that stands on its own.
_FILES = ("digest", "extends", "departures", "sections", "signals", "output_tables", "antipatterns", "checklists")
_GIVEN = ("path", "section", "gate")  # what the loader writes into each fact
_STATEMENTS = {"Criterion": "condition", "Item": "condition", "Signal": "of-signal", "AntiPattern": "of-antipattern"}
_MAY_BE_EMPTY = ("Criterion",)  # an entry criterion may ask for earlier gates alone


def schema(pack: Pack, kind: str = "", *, overlay: bool = False) -> Schema:
    """The JSON Schema of one of the KINDS of files, or without one of them all, told apart by their keys.

    With `overlay` it is that of a pack over another: what is there already takes its id and what is added to it alone.
    """
    chosen: Schema
    if kind:
        chosen = {"$ref": f"#/$defs/{KINDS[kind][1]}"}
    else:
        told = {key: name for key, name, _ in KINDS.values()}
        if overlay:  # a gate has no stage there, and a `pack.yaml` may add no gates
            del told["stage"], told["gates"]
            told |= {"extends": "Pack", "exit": "Gate", "entry": "Gate", "needs": "Gate", "after": "Gate"}
        chosen = {
            "type": "object",
            "allOf": [{"if": {"required": [key]}, "then": {"$ref": f"#/$defs/{name}"}} for key, name in told.items()],
            "anyOf": [{"required": [key]} for key in told],
        }
    where = KINDS[kind][2] if kind else "a file of a pack"
    definitions = _definitions(pack)
    if overlay:
        loosen(definitions)
    return {
        "$schema": DIALECT,
        "$id": "urn:gatewright:" + ("overlay" if overlay else "pack") + (f":{kind}" if kind else ""),
        "title": f"Gatewright: {where}" + (" over another" if overlay else ""),
        **chosen,
        "$defs": dict(sorted(definitions.items())),
    }


def _definitions(pack: Pack) -> Schema:
    made = Pack.model_json_schema(by_alias=True)
    crosswalk, source = (one.model_json_schema(by_alias=True) for one in (Standard, Source))
    shared = {**made.pop("$defs"), **crosswalk.pop("$defs"), **source.pop("$defs")}
    found: Schema = {**shared, "Pack": made, "Standard": crosswalk, "Source": source}
    for name in ("Leaf", "All", "AnyOf"):  # a pack writes them in its own way
        del found[name]
    for name, one in found.items():
        found[name] = _told(name, _tidy(one))
    _of_pack(found["Pack"])
    _of_facts(found)
    _of_tables(found)
    for name, kind in _STATEMENTS.items():
        _of_statement(found[name], kind, name in _MAY_BE_EMPTY)
    found["exit"] = {**found["Criterion"], "anyOf": _ASKS}
    found["Gate"]["properties"]["exit"]["items"] = {"$ref": "#/$defs/exit"}
    del found["Standard"]["properties"]["digest"]
    found["Mapping"] |= {"oneOf": [{"required": ["none"], "properties": dict.fromkeys(_LEVELS, _EMPTY)}, _SOME_LEVEL]}
    found |= _conditions()
    found["Antipatterns"] = _closed("Antipatterns", {"antipatterns": {"type": "array", "items": _ref("AntiPattern")}})
    found["Bundle"] = _closed("Bundle", {"checklists": {"type": "array", "items": _ref("Checklist")}})
    found |= _cases()
    _offer(found, pack)
    return found


# --- what pydantic says, as an editor needs it


def _tidy(found: Any) -> Any:
    """Without titles that only repeat the key and defaults that an editor would write, and closed where keys have a pattern."""
    if isinstance(found, list):
        return [_tidy(one) for one in cast("list[Any]", found)]
    if not isinstance(found, dict):
        return found
    given = cast("Schema", found)
    kept: Schema = {}
    for key, value in given.items():
        if key == "properties":
            kept[key] = {name: _tidy(one) for name, one in value.items()}
        elif key not in ("title", "default"):
            kept[key] = _tidy(value)
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    return kept


def _told(name: str, found: Schema) -> Schema:
    """With the meaning of each key."""
    for key, one in found.get("properties", {}).items():
        if f"{name}.{key}" in MEANS:
            found["properties"][key] = {"description": MEANS[f"{name}.{key}"], **one}
    return found


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _closed(name: str, properties: Schema, required: Iterable[str] = ()) -> Schema:
    """A mapping of these keys and no others; without `required` it needs them all."""
    needed = list(required or properties)
    return _told(name, {"type": "object", "additionalProperties": False, "required": needed, "properties": properties})


_EMPTY = {"maxItems": 0}
_LEVELS = ("high", "medium", "low")
_SOME_LEVEL = {
    "anyOf": [{"required": [level], "properties": {level: {"minItems": 1}}} for level in _LEVELS],
    "properties": {"none": {"type": "null"}},
}
_ASKS = [{"required": [kind], "properties": {kind: {"minItems": 1}}} for kind in ("all", "any")]


def _of_pack(found: Schema) -> None:
    for name in _FILES:
        found["properties"].pop(name)
    found["required"] = [name for name in found["required"] if name not in _FILES]
    for name in ("gates", "tables"):
        said = found["properties"][name]["description"]
        # the loader reads the names of files in any length, unlike ids
        file = {"type": "string", "pattern": NAME["pattern"]}
        found["properties"][name] = {"description": said, "type": "array", "items": file, "minItems": 1, "uniqueItems": True}


def _of_facts(found: Schema) -> None:
    fact = found["FactDef"]
    for name in _GIVEN:
        del fact["properties"][name]
    fact["description"] = "One fact of the vocabulary."
    fact["properties"]["fields"] |= {
        "patternProperties": {"^[a-z0-9_]+$": _ref("field")},
        "additionalProperties": False,
    }
    fact["properties"]["example"] |= {"not": {"type": "null"}}
    records, choices = {"const": "records"}, {"enum": ["choice", "choices"]}
    fact["allOf"] = [
        {
            "if": {"properties": {"type": records}, "required": ["type"]},
            "then": {
                "required": ["fields", "label"],
                "properties": {"fields": {"minProperties": 1}, "label": {"minLength": 1}, "example": True},
            },
            "else": {"required": ["example"], "properties": {"fields": {"maxProperties": 0}}},
        },
        {
            "if": {"properties": {"type": choices}, "required": ["type"]},
            "then": {"required": ["choices"], "properties": {"choices": {"minItems": 1}}},
        },
        {
            "if": {"properties": {"type": {"enum": ["reference", "references"]}}, "required": ["type"]},
            "then": {"required": ["to"], "properties": {"to": {"type": "string"}}},
        },
    ]
    found["field"] = {"allOf": [_ref("FactDef"), {"properties": {"type": {"not": records}}}]}
    found["Section"]["properties"]["facts"] = {
        "description": MEANS["Section.facts"],
        "type": "object",
        "patternProperties": {r"^[a-z0-9_]+(\.[a-z0-9_]+)+$": _ref("FactDef")},
        "propertyNames": {"maxLength": 120},
        "additionalProperties": False,
    }
    found["Facts"] = _closed("Facts", {"sections": {"type": "array", "items": _ref("Section")}})


def _of_tables(found: Schema) -> None:
    cell = {"type": ["string", "number", "boolean", "array"], "items": {"type": ["string", "number", "boolean"]}}
    for name in ("Row", "OutputRow"):
        row = found[name]
        row["properties"]["if"] |= {"patternProperties": {NAME["pattern"]: _ref("cell")}}
        row["properties"].pop("when") if name == "OutputRow" else None
    found["cell"] = cell | {
        "description": "A cell: `-`, a value, a list, a comparison as in `< 5`, a range as in `[1..5)`, or not(...)."
    }
    found["Row"]["properties"]["when"] = {"description": MEANS["Row.when"], **NAME}
    found["Row"]["oneOf"] = [{"required": ["when"]}, {"required": ["if"], "properties": {"if": {"minProperties": 1}}}]
    found["OutputRow"]["description"] = "One row of a table of outputs. It holds when all its cells do."
    one_of = [{"required": [key], "properties": {key: {"type": "string"}}} for key in ("fact", "signal")]
    found["Input"]["oneOf"] = one_of
    asks = [{"required": ["any_of"], "properties": {"any_of": {"minItems": 1}}}]
    asks += [{"required": [key], "properties": {key: {"type": "string"}}} for key in ("at_least", "at_most")]
    found["Decides"]["oneOf"] = asks
    parts: Schema = {
        "signals": {"type": "array", "items": _ref("Signal")},
        "table": {"if": {"required": ["outputs"]}, "then": _ref("OutputTable"), "else": _ref("Table")},
    }
    found["Decision"] = _closed("Decision", parts, ["table"])


def _of_statement(found: Schema, kind: str, may_be_empty: bool) -> None:
    for key in ("all", "any"):
        found["properties"][key] |= {"items": _ref(kind)}
    found["not"] = {"allOf": _ASKS}
    if not may_be_empty:
        found["anyOf"] = _ASKS


# --- conditions


def _conditions() -> Schema:
    """Conditions as a pack writes them: of gates and checklists, of signals, and of anti-patterns, which alone ask `without`.

    Neither signals nor anti-patterns may stand on `follows` or `free_of`.
    """
    plain = ("SignalIs", "CriterionHolds", "Passes", "Decides")
    found: Schema = {"leaf": _leaf(without=False), "leaf-of-antipattern": _leaf(without=True)}
    for kind, others, leaf in (
        ("condition", (*plain, "FreeOf", "Follows"), "leaf"),
        ("of-signal", plain, "leaf"),
        ("of-antipattern", plain, "leaf-of-antipattern"),
    ):
        groups = [
            {
                "type": "object",
                "additionalProperties": False,
                "required": [key],
                "properties": {key: {"description": MEANS[says], "type": "array", "minItems": 1, "items": _ref(kind)}},
            }
            for key, says in (("all", "All.all"), ("any", "AnyOf.any"))
        ]
        found[kind] = {"anyOf": [_ref(leaf), *map(_ref, others), *groups]}
    return found


def _leaf(*, without: bool) -> Schema:
    """A question about a fact: one operator, or none."""
    asked = {name: _argument(name) for name in wording.OPERATORS if name != "without" or without}
    mend = {"description": MEANS["Leaf.mend"], "type": "string"}
    return {
        "description": "A question about a fact. Without an operator: it is stated.",
        "type": "object",
        "additionalProperties": False,
        "required": ["fact"],
        "properties": {"fact": _path("Leaf.fact"), **asked, "mend": mend},
        "if": {"required": ["mend"]},
        "then": {"maxProperties": 3},
        "else": {"maxProperties": 2},
    }


def _path(says: str = "") -> Schema:
    pattern = r"^[a-z0-9_]+(\.[a-z0-9_]+)*(\[\](\.[a-z0-9_]+)?)?$"
    return ({"description": MEANS[says]} if says else {}) | {"type": "string", "pattern": pattern, "maxLength": 120}


def _object(*keys: str, **properties: Schema) -> Schema:
    known = {key: properties.get(key, _ref("limit")) for key in keys}
    return {"type": "object", "additionalProperties": False, "required": list(keys), "properties": known}


_CHOICES: Schema = {"type": "array", "minItems": 1, "items": {"type": "string"}}
_TIMED = _object("test", "in", test=_ref("cell"), **{"in": {"enum": list(LENGTHS)}})
_ARGUMENTS: dict[str, Schema] = {
    **{name: {"const": True} for name in ("stated", "measurable", "named", "pinned")},
    **{name: _ref("limit") for name in ("at_least", "at_most", "some_from")},
    **{name: _ref("path") for name in ("found_in", "apart_from")},
    **dict.fromkeys(("includes", "any_of", "none_of"), _CHOICES),
    "is": {"type": "string"},
    "cell": {"anyOf": [_ref("cell"), _TIMED]},
    "count": {"anyOf": [_object("from", "at_least"), _object("from", "at_most")]},
    "varies": _object("by", "from", "over", by=_ref("path")),
}


def _argument(name: str) -> Schema:
    says = wording.OPERATORS[name]
    if name == "without":
        inner = {operator: _argument(operator) for operator in _ARGUMENTS}
        one = {"type": "object", "additionalProperties": False, "minProperties": 1, "maxProperties": 1, "properties": inner}
        takes_true = [operator for operator, argument in _ARGUMENTS.items() if argument == {"const": True}]
        return {"description": f"Met where {says.met}.", "anyOf": [{"enum": takes_true}, one]}
    return {"description": f"Met where {says.met}. Takes {says.argument}.", **_ARGUMENTS[name]}


# --- cases


def _cases() -> Schema:
    """Files of cases, from the words in which `case_files` reads them."""
    names = {"type": "array", "items": {"type": "string"}}
    states = {rf"^{kind} \S+$": {"enum": [one for state in known for one in _as_yaml(state)]} for kind, known in STATES.items()}
    values = {"type": "object", "minProperties": 1, "additionalProperties": {"type": ["string", "number"]}}
    states[r"^table \S+$"] = {"anyOf": [{"enum": list(OUTCOMES)}, values, {"type": "array", "minItems": 1, "items": values}]}
    parts: Schema = {
        "name": {"type": "string", "pattern": r"\S"},
        "from": {"enum": list(STARTS)},
        "with": {"type": ["object", "null"]},
        "without": {**names, "type": ["array", "null"]},
        "assume": {"type": ["array", "null"], "items": {"type": "object"}},
        "order": {**names, "type": ["array", "null"]},
        "today": {"type": "string", "pattern": r"^\s*\d{4}-\d{2}-\d{2}\s*$"},
        "problems": {**names, "type": ["array", "null"]},
        "expect": {"type": "object", "minProperties": 1, "patternProperties": states, "additionalProperties": False},
    }
    lists = {
        key: {"type": "array", "minItems": 1, "items": _ref(name)}
        for key, name in (("cases", "Case"), ("explained", "Explained"))
    }
    return {
        "Cases": _closed("Cases", lists, ["cases"]),
        "Case": _closed("Case", {key: parts[key] for key in KEYS}, ["name", "expect"]),
        "Explained": _closed("Explained", {key: {"type": "string", "pattern": r"\S"} for key in EXPLAINED}),
    }


def _as_yaml(state: str) -> list[Any]:
    """A state as readers of YAML have it: `yes` and `no` are true and false to some."""
    return [state, *({"yes": [True], "no": [False]}.get(state, []))]


# --- names of the pack, as examples


def _offer(found: Schema, pack: Pack) -> None:
    """Let an editor offer the names of the pack where one is asked for."""
    plain = [path for path in pack.facts if "[]" not in path]
    found["limit"] = {"type": "string", "examples": list(pack.limits)}
    found["path"] = _path() | {"examples": list(pack.facts)}
    names: dict[str, Callable[[], list[str]]] = {
        "leaf.fact": lambda: list(pack.facts),
        "leaf-of-antipattern.fact": lambda: list(pack.facts),
        "SignalIs.signal": lambda: _signals(pack),
        "Row.when": lambda: _signals(pack),
        "Input.signal": lambda: _signals(pack),
        "Input.fact": lambda: list(pack.facts),
        "CriterionHolds.criterion": lambda: list(pack.criteria),
        "Passes.passes": lambda: [one.id for one in pack.checklists],
        "Follows.follows": lambda: [one.id for one in pack.tables],
        "Decides.table": lambda: [one.id for one in pack.output_tables],
        "Decides.at_least": lambda: list(pack.limits),
        "Decides.at_most": lambda: list(pack.limits),
        "FactDef.to": lambda: list(pack.facts),
        "FactDef.fresh_for": lambda: list(pack.limits),
        "Pack.fresh_for": lambda: list(pack.limits),
        "Section.gate": lambda: list(pack.order),
        "Table.declared": lambda: plain,
        "Table.rationale": lambda: plain,
    }
    for where, known in names.items():
        name, _, key = where.partition(".")
        if examples := known():
            found[name]["properties"][key]["examples"] = examples


def _signals(pack: Pack) -> list[str]:
    return [signal.id for signal in pack.signals if signal.id not in pack.implied]
