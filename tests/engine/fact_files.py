"""What the tests of facts have in common: the real pack, and deliveries with one fault in them."""

from __future__ import annotations

import copy
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from gatewright.engine import document, facts, pack_loader
from gatewright.engine.errors import Place, Problem
from gatewright.engine.facts import Facts
from gatewright.engine.pack import Pack


@lru_cache
def pack() -> Pack:
    return pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")


def read(text: str, format: str = "yaml", assumptions: bool = True) -> Facts:
    return facts.read(document.read(text.encode(), f"delivery.{format}"), pack(), assumptions=assumptions)


def only(text: str) -> Problem:
    """The one problem of a text."""
    (problem,) = read(text).problems
    return problem


def at(place: Place | None) -> tuple[int, int]:
    assert place is not None
    return place.line, place.column


def whole() -> dict[str, Any]:
    """A delivery with every fact of the vocabulary, optional ones too, and one record each."""
    found: dict[str, Any] = {}
    for section in pack().sections:
        for path, known in section.facts.items():
            level = found
            *above, last = path.split(".")
            for part in above:
                level = level.setdefault(part, {})
            one = {name: inner.example for name, inner in known.fields.items()}
            level[last] = [one] if known.type == "records" else copy.deepcopy(known.sample)
    return found


def holder(content: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The mapping that a fact stands in, and its key there."""
    base, _, field = path.partition("[].")
    level: Any = content
    *above, last = base.split(".")
    for part in above:
        level = level[part]
    return (level[last][0], field) if field else (level, last)


def with_fault(path: str, value: object) -> tuple[str, Problem]:
    """The whole delivery with `value` at `path`, as a text of one key a line, and its one problem."""
    content = whole()
    mapping, key = holder(content, path)
    mapping[key] = value
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (problem,) = read(text, "json").problems
    return text, problem


def under(text: str, place: Place | None) -> str:
    assert place is not None
    return text.split("\n")[place.line - 1][place.column - 1 :][: place.length]


ORDER = list(pack().order)
TURNED = [ORDER[1], ORDER[0], *ORDER[2:]]


def sequenced(**changed: object) -> Facts:
    """A delivery that asks for another order of the gates."""
    return read(json.dumps({"sequence": {"order": TURNED, "requested_by": "ana", "reason": "audit first"} | changed}), "json")
