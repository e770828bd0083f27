"""Backstage: a model that is a component of the software catalog, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from .found import At, Finding, Says, Shortfall
from .manifests import is_a, named, objects
from .nodes import get, items, text
from .tree import Tree

_MODELS = frozenset(("ml-model", "model", "machine-learning-model"))
_NOBODY = frozenset(("guest", "guests", "unknown", "nobody"))


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """What the catalog says of the only model in it; components of other types are not what is delivered."""
    models = [
        (file, root)
        for file, root in objects(tree, table)
        if is_a(root, "Component", "backstage.io") and text(get(root, "spec", "type")).lower() in _MODELS
    ]
    if len(models) == 1:
        yield from _model(*models[0])


def _model(file: str, root: Node) -> Iterator[Finding]:
    here = At(file, root.place.line, named(root))
    owner, running = text(get(root, "spec", "owner")), text(get(root, "spec", "lifecycle")).lower() == "production"
    somebody = bool(owner) and owner.rpartition("/")[2].rpartition(":")[2].lower() not in _NOBODY
    runbooks = [text(get(one, "url")) for one in items(get(root, "metadata", "links")) if text(get(one, "type")) == "runbook"]
    yield Says(
        here,
        {
            "metadata.name": named(root) or None,
            "spec.owner": owner if somebody and running else None,
            "metadata.links.url": runbooks[0] if len(runbooks) == 1 and runbooks[0] else None,
        },
    )
    if not somebody:
        yield Shortfall(here, f"nobody answers for the model `{named(root)}`", "name a group or a user as `spec.owner`")
