"""A fact file to begin with: every fact with its question, its choices and an example, still to be filled in.

It is YAML text written from the vocabulary, so that the comments stand where a person needs them.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from ..engine.facts import ASSUMPTIONS
from ..engine.nodes import Node
from ..engine.pack import FactDef, Pack, Section

SCHEMA = "gatewright.schema.json"  # where an editor finds the schema, beside the fact file
_WIDE = 100


def starter(pack: Pack, *, minimal: bool = False, gate: str = "", old: Node | None = None) -> str:
    """The text of a starter file.

    `minimal` leaves out the comments, `gate` keeps the sections of one gate only, and `old` takes over what
    another file states.
    """
    lines: list[str] = [
        f"# yaml-language-server: $schema={SCHEMA}",
        f"# Facts of one delivery, for `gatewright check`. Pack: {pack.id} {pack.version}.",
    ]
    if not minimal:
        lines += [
            "# What is empty or TBD counts as not stated; delete what does not apply to you.",
            "# Write each threshold as metric, comparison, number: auc >= 0.85",
        ]
    for section in pack.sections:
        if not gate or section.gate == gate:
            lines += ["", *_section(section, minimal, old)]
    if old is not None:
        lines += _rest(pack, old, gate)
    return "\n".join(lines) + "\n"


def _section(section: Section, minimal: bool, old: Node | None) -> Iterator[str]:
    if not minimal:
        yield f"# --- {section.title} (gate {section.gate})"
    stack: list[str] = []
    assumed = _assumed(old)
    for path, fact in section.facts.items():
        if path in assumed:
            continue  # it comes with the assumptions of the older file
        *above, last = path.split(".")
        shared = 0
        while shared < len(above) and shared < len(stack) and above[shared] == stack[shared]:
            shared += 1
        for depth in range(shared, len(above)):
            yield "  " * depth + f"{above[depth]}:"
        stack = above
        indent = "  " * len(above)
        known = _find(old, path)
        if known is not None:
            yield from _keyed(indent, last, known.plain())
            continue
        if not minimal:
            yield from _comments(fact, indent)
        yield f"{indent}{last}:" + (" TBD" if not fact.fields else "")
        if fact.fields:
            yield from _record(fact, indent, minimal)


def _comments(fact: FactDef, indent: str) -> Iterator[str]:
    note = " (optional)" if fact.optional else ""
    yield from _wrapped(f"{fact.ask}{note}", indent)
    if fact.choices:
        several = " one or more of" if fact.type == "choices" else ""
        yield from _wrapped(f"{several or ' one of'}: {', '.join(fact.choices)}".strip(), indent)
    if fact.unit:
        yield from _wrapped(f"unit: {fact.unit}", indent)
    if not fact.fields and fact.example is not None:
        yield f"{indent}# e.g. {_flow(fact.example)}"


def _wrapped(text: str, indent: str) -> Iterator[str]:
    for line in textwrap.wrap(text, max(40, _WIDE - len(indent))):
        yield f"{indent}# {line}"


def _record(fact: FactDef, indent: str, minimal: bool) -> Iterator[str]:
    """One empty record to fill in, and to copy for each further one."""
    for number, (name, inner) in enumerate(fact.fields.items()):
        lead = "- " if number == 0 else "  "
        hint = ""
        if not minimal:
            hint = "  # " + (" | ".join(inner.choices) if inner.choices else f"{inner.means}, e.g. {_flow(inner.example)}")
        yield f"{indent}  {lead}{name}: TBD{hint}"


def _rest(pack: Pack, old: Node, gate: str) -> Iterator[str]:
    """What an older file states besides the vocabulary: assumptions, another order, and keys that nothing reads."""
    sections = {section.id for section in pack.sections}
    for key, entry in old.entries.items():
        if key not in sections and not gate:
            yield ""
            yield from _keyed("", key, entry.value.plain())


def _assumed(old: Node | None) -> set[str]:
    found = _find(old, ASSUMPTIONS)
    return {node.entries["fact"].value.raw for node in (found.items if found else ()) if "fact" in node.entries}


def _find(old: Node | None, path: str) -> Node | None:
    node = old
    for part in path.split("."):
        entry = node.entries.get(part) if node is not None else None
        if entry is None:
            return None
        node = entry.value
    return node


def _keyed(indent: str, key: str, value: Any) -> Iterator[str]:
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):  # pyright: ignore[reportUnknownVariableType]
        yield f"{indent}{key}:"
        for one in value:  # pyright: ignore[reportUnknownVariableType]
            yield f"{indent}  - {_flow(one)}"
    else:
        yield f"{indent}{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    """A value on one line, in YAML that is JSON where plain text could be misread."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(one) for one in value) + "]"  # pyright: ignore[reportUnknownVariableType]
    text = str(value)
    if isinstance(value, str) and not (
        text
        and text[0].isalpha()
        and all(c.isalnum() or c in " _./@+-" for c in text)
        and text.strip() == text
        and text.lower() not in ("true", "false", "null")
    ):
        return json.dumps(text, ensure_ascii=False)
    return "null" if value is None else text.lower() if isinstance(value, bool) else text
