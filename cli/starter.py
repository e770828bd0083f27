"""A fact file to begin with: every fact with its question, its choices and an example, still to be filled in.

It is YAML text written from the vocabulary, so that the comments stand where a person needs them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from ..engine.facts import ASSUMPTIONS
from ..engine.nodes import Node
from ..engine.pack import Pack
from ..engine.questions import assumable
from ..engine.values import Values
from ..engine.verdict import Verdict
from ..engine.vocabulary import FactDef, Section
from . import written

SCHEMA = "gatewright.schema.json"  # where an editor finds the schema, beside the fact file
_WIDE = 100
_OPEN = "TBD"
_OURS = "Only the team can know this"


def starter(pack: Pack, *, minimal: bool = False, gate: str = "", old: Node | None = None) -> str:
    """The text of a starter file.

    `minimal` leaves out the comments, `gate` keeps the sections of one gate only, and `old` takes over what
    another file states.
    """
    lines = _head(pack)
    if not minimal:
        lines += [
            "# What is empty or TBD counts as not stated; delete what does not apply to you.",
            "# Write each threshold as metric, comparison, number: auc >= 0.85",
        ]
    assumed = _assumed(old)
    for section in pack.sections:
        if not gate or section.gate == gate:
            # what is assumed comes with the assumptions of the older file
            facts = {path: fact for path, fact in section.facts.items() if path not in assumed}
            lines += ["", *([] if minimal else [_title(section)]), *_facts(facts, minimal, old)]
    if old is not None:
        lines += _rest(pack, old, gate)
    return "\n".join(lines) + "\n"


def one_shot(verdict: Verdict, *, owner: str = "", minimal: bool = False, gate: str = "", old: Node | None = None) -> str:
    """The text of a fact file in which every fact that is not stated is an assumption, in the name of `owner`.

    `verdict` is that on `old`, or on nothing. Where nothing can be assumed the value stays open, with the question above it.
    """
    pack, values = verdict.pack, Values(verdict.pack)
    chosen = [section for section in pack.sections if not gate or section.gate == gate]
    assumed = _assumed(old)
    stated = {
        path
        for section in chosen
        for path in section.facts
        if path not in assumed and (known := _find(old, path)) is not None and not _is_blank(known, values)
    }
    lines = _head(pack)
    lines += [
        "# ASSUMED, NOT STATED: what nobody has stated yet stands under `assumptions`, at the end of this file.",
        "# Confirm or correct each one: write its value into the section of the fact, and take the assumption out.",
        "# TBD is still open: it counts for nothing until somebody fills it in.",
    ]
    for section in chosen:
        facts = {path: fact for path, fact in section.facts.items() if path in stated}
        if facts:
            lines += ["", *([] if minimal else [_title(section)]), *_facts(facts, minimal, old)]
    lines += [
        "",
        "# --- Assumptions. None of these is stated: each stands until its owner confirms or corrects it.",
        f"{ASSUMPTIONS}:",
    ]
    before = _find(old, ASSUMPTIONS)
    for node in before.items if before and before.kind == "list" and not gate else ():
        lines += _item(_content(node, pack.facts.get(_fact_of(node))))
    for section in chosen:
        lacking = [fact for path, fact in section.facts.items() if path not in stated and path not in assumed]
        if lacking and not minimal:
            lines += ["", f"  # {section.title} (gate {section.gate})"]
        for fact in lacking:
            default = assumable(verdict, fact.path)
            if not minimal:
                lines += _wrapped(fact.ask, "  ") if default else _comments(fact, "  ", whole=True)
            lines += _item(
                {
                    "fact": fact.path,
                    "value": default.value if default else _OPEN,
                    "reason": default.because if default else _OURS,
                    "owner": owner or _OPEN,
                }
            )
    if old is not None:
        lines += _rest(pack, old, gate, besides=ASSUMPTIONS)
    return "\n".join(lines) + "\n"


def _head(pack: Pack) -> list[str]:
    return [
        f"# yaml-language-server: $schema={SCHEMA}",
        f"# Facts of one delivery, for `gatewright check`. Pack: {pack.id} {pack.version}.",
    ]


def _title(section: Section) -> str:
    return f"# --- {section.title} (gate {section.gate})"


def _item(value: object) -> list[str]:
    return ["  " + line if number == 0 else line for number, line in enumerate(written.item(value, 2, narrow=True))]


def _facts(facts: Mapping[str, FactDef], minimal: bool, old: Node | None) -> Iterator[str]:
    stack: list[str] = []
    for path, fact in facts.items():
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
            yield from _keyed(indent, last, _content(known, fact))
            continue
        if not minimal:
            yield from _comments(fact, indent)
        yield f"{indent}{last}:" + (f" {_OPEN}" if not fact.fields else "")
        if fact.fields:
            yield from _record(fact, indent, minimal)


def _comments(fact: FactDef, indent: str, *, whole: bool = False) -> Iterator[str]:
    yield from _wrapped(f"{fact.ask}{_optional(fact)}", indent)
    if fact.choices:
        several = " one or more of" if fact.type == "choices" else ""
        yield from _wrapped(f"{several or ' one of'}: {', '.join(fact.choices)}".strip(), indent)
    if fact.unit:
        yield from _wrapped(f"unit: {fact.unit}", indent)
    if not fact.fields and fact.example is not None:
        yield f"{indent}# e.g. {written.flow(fact.example)}"
    elif whole:
        yield f"{indent}# e.g. {written.flow(fact.sample)}"


def _optional(fact: FactDef) -> str:
    return " (optional)" if fact.optional else ""


def _wrapped(text: str, indent: str) -> Iterator[str]:
    for line in textwrap.wrap(text, max(40, _WIDE - len(indent))):
        yield f"{indent}# {line}"


def _record(fact: FactDef, indent: str, minimal: bool) -> Iterator[str]:
    """One empty record to fill in, and to copy for each further one."""
    for number, (name, inner) in enumerate(fact.fields.items()):
        lead = "- " if number == 0 else "  "
        hint = ""
        if not minimal:
            hint = "  # " + (" | ".join(inner.choices) if inner.choices else f"{inner.means}, e.g. {written.flow(inner.example)}")
        yield f"{indent}  {lead}{name}: {_OPEN}{hint}"


def _rest(pack: Pack, old: Node, gate: str, besides: str = "") -> Iterator[str]:
    """What an older file states besides the vocabulary: assumptions, another order, and keys that nothing reads."""
    sections = {section.id for section in pack.sections}
    for key, entry in old.entries.items():
        if key == ASSUMPTIONS and key != besides and entry.value.kind == "list" and not gate:
            yield ""
            content = [_content(node, pack.facts.get(_fact_of(node))) for node in entry.value.items]
            yield from _keyed("", key, content)
        elif key not in sections and key != besides and not gate:
            yield ""
            yield from _keyed("", key, _content(entry.value, None))


def _fact_of(assumption: Node) -> str:
    found = _find(assumption, "fact")
    return found.raw if found else ""


def _is_blank(node: Node, values: Values) -> bool:
    """Whether nothing is stated there: a placeholder, or records of nothing else."""
    inner = [entry.value for entry in node.entries.values()] or node.items
    return values.is_placeholder(node) or (bool(inner) and all(_is_blank(one, values) for one in inner))


def _content(node: Node, known: FactDef | None) -> Any:
    """What a node holds. A number that is meant as text, such as the version 1.10, keeps its digits."""
    if node.kind == "mapping":
        fields = known.fields if known else {}
        return {key: _content(entry.value, fields.get(key, known)) for key, entry in node.entries.items()}
    if node.kind == "list":
        return [_content(item, known) for item in node.items]
    if node.kind == "number" and known is not None and known.type not in ("integer", "number"):
        return node.raw
    return node.plain()


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


def _keyed(indent: str, key: str, value: Any) -> list[str]:
    return [indent + line if number == 0 else line for number, line in enumerate(written.entry(key, value, len(indent)))]
