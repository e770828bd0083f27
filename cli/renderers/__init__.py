"""One package a format; each answer of a command is a function in it that returns text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import safe
from . import dot, markdown, mermaid
from .json import changes as json_changes
from .json import check as json_check
from .json import crosswalk as json_crosswalk
from .json import explain as json_explain
from .json import graph as json_graph
from .json import pack_lint as json_pack_lint
from .json import pack_test as json_pack_test
from .json import problems as json_problems
from .json import prove as json_prove
from .json import recommend as json_recommend
from .json import unblock as json_unblock
from .json import validate as json_validate
from .text import changes as text_changes
from .text import check as text_check
from .text import crosswalk as text_crosswalk
from .text import explain as text_explain
from .text import graph as text_graph
from .text import pack_lint as text_pack_lint
from .text import pack_test as text_pack_test
from .text import problems as text_problems
from .text import prove as text_prove
from .text import recommend as text_recommend
from .text import unblock as text_unblock
from .text import validate as text_validate

Renderer = Callable[..., str]


def _later(module: str, name: str) -> Renderer:
    """A renderer that is imported when it is used, so that text and JSON don't wait for it."""

    def render(*answer: Any) -> str:
        from importlib import import_module

        return getattr(import_module(f".{module}", __package__), name)(*answer)

    return render


_REPORTS = ("sarif", "junit", "github", "summary", "gitlab")  # of each, a module of this name


def _reports(name: str) -> dict[str, Renderer]:
    return {module: _later(module, name) for module in _REPORTS} | {"html": _later(f"html.{name}", name)}


RENDERERS: dict[str, dict[str, Renderer]] = {
    "check": {"text": text_check.check, "json": json_check.check, **_reports("check")},
    "collect": {"text": _later("text.collect", "collect"), "json": _later("json.collect", "collect")},
    "bundle": {
        "markdown": _later("bundle_markdown", "bundle"),
        "text": _later("bundle_markdown", "bundle"),
        "html": _later("html.bundle", "bundle"),
        "json": _later("json.bundle", "bundle"),
    },
    "refused": {
        "markdown": _later("bundle_markdown", "refused"),
        "text": _later("text.bundle", "refused"),
        "html": _later("html.bundle", "refused"),
        "json": _later("json.bundle", "refused"),
    },
    "crosswalk": {"text": text_crosswalk.crosswalk, "json": json_crosswalk.crosswalk},
    "validate": {"text": text_validate.validate, "json": json_validate.validate, **_reports("validate")},
    "mends": {"text": text_validate.mends},
    "recommend": {"text": text_recommend.recommend, "json": json_recommend.recommend},
    "explain": {
        "text": text_explain.explain,
        "json": json_explain.explain,
        "mermaid": mermaid.explain,
        "dot": dot.explain,
    },
    "prove": {"text": text_prove.prove, "json": json_prove.prove},
    "graph": {"text": text_graph.graph, "json": json_graph.graph, "mermaid": mermaid.graph},
    "diff": {"text": text_changes.diff, "json": json_changes.diff, "markdown": markdown.diff},
    "what-if": {"text": text_changes.what_if, "json": json_changes.what_if, "markdown": markdown.what_if},
    "unblock": {"text": text_unblock.unblock, "json": json_unblock.unblock},
    "table": {"text": _later("text.table", "table")},
    "pack-show": {"text": _later("text.pack_show", "pack_show"), "json": _later("json.pack_show", "pack_show")},
    "pack-diff": {
        "text": _later("text.pack_diff", "pack_diff"),
        "json": _later("json.pack_diff", "pack_diff"),
        "markdown": _later("pack_diff_markdown", "pack_diff"),
    },
    "pack-lint": {"text": text_pack_lint.pack_lint, "json": json_pack_lint.pack_lint},
    "pack-mutate": {"text": _later("text.pack_mutate", "pack_mutate"), "json": _later("json.pack_mutate", "pack_mutate")},
    "pack-test": {"text": text_pack_test.pack_test, "json": json_pack_test.pack_test},
    "verify": {"text": _later("text.verify", "verify"), "json": _later("json.verify", "verify")},
    "problems": {
        "text": text_problems.problems,
        "json": json_problems.problems,
        "mermaid": text_problems.problems,
        "dot": text_problems.problems,
        "markdown": _later("summary", "problems"),
        **_reports("problems"),
    },
}


def render(command: str, format: str, *answer: Any) -> str:
    """The answer of a command as text in a format."""
    found = RENDERERS[command][format](*answer)
    if format == "github":  # its commands are meant as commands, and the rest of it is harmless already
        return found
    return safe.json(found) if format in ("json", "sarif", "gitlab") else safe.page(found)
