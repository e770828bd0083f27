"""Model cards that the Model Card Toolkit writes as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from .found import At, Finding, Says
from .nodes import get, items, text
from .tree import Tree


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """What the cards of models that have a name say."""
    for file in tree.of(table):
        root = tree.mapping(file)
        if root is not None and get(root, "model_details", "name") is not None:
            yield from _toolkit(file, root)


def _toolkit(file: str, root: Node) -> Iterator[Finding]:
    def here(node: Node, field: str) -> At:
        return At(file, node.place.line, field)

    for keys in (("model_details", "name"), ("model_details", "version", "name")):
        node = get(root, *keys)
        if node is not None:
            yield Says(here(node, ".".join(keys)), {".".join(keys): text(node) or None})
    for field in ("users", "use_cases"):
        node = get(root, "considerations", field)
        said = [one for item in items(node) if (one := text(item) or text(get(item, "description")))]
        if node is not None and said:
            yield Says(here(node, f"considerations.{field}"), {f"considerations.{field}": said})
    for risk in items(get(root, "considerations", "ethical_considerations")):
        field = "considerations.ethical_considerations"
        named, action = text(get(risk, "name")), text(get(risk, "mitigation_strategy"))
        yield Says(here(risk, field), {f"{field}.name": named or None, f"{field}.mitigation_strategy": action or None})
    metrics = get(root, "quantitative_analysis", "performance_metrics")
    kinds = list(dict.fromkeys(kind for one in items(metrics) if (kind := text(get(one, "type")))))
    if metrics is not None and kinds:
        field = "quantitative_analysis.performance_metrics.type"
        yield Says(here(metrics, field), {field: kinds})
    for one in items(get(root, "model_parameters", "data")):
        yield Says(here(one, "model_parameters.data"), {"model_parameters.data.name": text(get(one, "name")) or None})
