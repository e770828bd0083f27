"""Feast: the features of the one feature service, and the sources of their views. Definitions are parsed and never run."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from ...engine.sources import Source
from .found import At, Finding, Says
from .tree import Tree

_MAX_TEXT = 200_000  # characters of a file of definitions
_SOURCES = {"FileSource": "path", "BigQuerySource": "table", "RedshiftSource": "table", "SnowflakeSource": "table"}


@dataclass(frozen=True, slots=True)
class _Made:
    """A call whose result gets a name at the top of a module."""

    file: str
    call: ast.Call

    @property
    def kind(self) -> str:
        return self.call.func.id if isinstance(self.call.func, ast.Name) else ""

    def given(self, name: str) -> ast.expr | None:
        return next((one.value for one in self.call.keywords if one.arg == name), None)

    def text(self, name: str) -> str | None:
        return _text(self.given(name))


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """What the definitions beside a `feature_store.yaml` say; of several feature services nothing tells which one is used."""
    for file in tree.named("feature_store.yaml"):
        made = _definitions(tree, posixpath.dirname(file))
        services = [one for several in made.values() for one in several if one.kind == "FeatureService"]
        if len(services) == 1:
            yield from _service(services[0], {name: several[0] for name, several in made.items() if len(several) == 1})


def _definitions(tree: Tree, folder: str) -> dict[str, list[_Made]]:
    found: dict[str, list[_Made]] = {}
    for file in tree.holding("feast", "*.py"):
        if folder and not file.startswith(folder + "/"):
            continue
        text = tree.text(file)
        if text is None:
            continue
        if len(text) > _MAX_TEXT:
            tree.note(file, f"it has {len(text)} characters, and definitions of at most {_MAX_TEXT} are read")
            continue
        try:
            module = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            tree.note(file, "it is no Python that can be read")
            continue
        for one in module.body:
            if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call):
                for target in one.targets:
                    if isinstance(target, ast.Name):
                        found.setdefault(target.id, []).append(_Made(file, one.value))
    return found


def _service(service: _Made, made: dict[str, _Made]) -> Iterator[Finding]:
    asked = service.given("features")
    chosen: list[tuple[_Made, str]] = []
    for one in asked.elts if isinstance(asked, ast.List) else []:
        name, only = _view(one)
        view = made.get(name)
        if view is not None and view.kind == "FeatureView":
            chosen += [(view, field) for field in _fields(view) if only is None or field in only]
    names = [field for _, field in chosen]
    for view, field in chosen:
        if names.count(field) > 1:  # of two views: which one is meant is for a person to say
            continue
        used = view.given("source")
        source = made.get(used.id) if isinstance(used, ast.Name) else None
        dataset = source.text("name") if source is not None and source.kind in _SOURCES else None
        here = At(view.file, view.call.lineno, f"FeatureView {field}")
        values = {"FeatureView.schema": field, "FeatureView.source": [dataset] if dataset else None}
        yield Says(here, {**values, "FeatureView.owner": view.text("owner") or None})
        if source is not None and dataset:
            place = At(source.file, source.call.lineno, source.kind)
            yield Says(place, {"source.name": dataset, "source.path": source.text(_SOURCES[source.kind]) or None})


def _view(node: ast.expr) -> tuple[str, list[str] | None]:
    """The name of a view, and the features that are taken of it where it is not all of them."""
    if isinstance(node, ast.Name):
        return node.id, None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and isinstance(node.slice, ast.List):
        return node.value.id, [text for text in map(_text, node.slice.elts) if text]
    return "", None


def _fields(view: _Made) -> list[str]:
    schema = view.given("schema")
    calls = [one for one in schema.elts if isinstance(one, ast.Call)] if isinstance(schema, ast.List) else []
    return [text for one in calls if (text := _Made(view.file, one).text("name"))]


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
