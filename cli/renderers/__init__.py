"""One module a format; each answer of a command is a function in it that returns text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import safe
from . import json, mermaid, text, text_problems

Renderer = Callable[..., str]

RENDERERS: dict[str, dict[str, Renderer]] = {
    "check": {"text": text.check, "json": json.check},
    "validate": {"text": text.validate, "json": json.validate},
    "recommend": {"text": text.recommend, "json": json.recommend},
    "explain": {"text": text.explain, "json": json.explain},
    "graph": {"text": text.graph, "json": json.graph, "mermaid": mermaid.graph},
    "problems": {"text": text_problems.problems, "json": json.problems, "mermaid": text_problems.problems},
}


def render(command: str, format: str, *answer: Any) -> str:
    """The answer of a command as text in a format."""
    found = RENDERERS[command][format](*answer)
    return safe.json(found) if format == "json" else safe.page(found)
