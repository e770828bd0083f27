"""KServe: what is served by an InferenceService, and with which share of the traffic."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from .found import At, Finding, Says
from .manifests import image_by_tag, images_by_tag, is_a, named, objects, share
from .nodes import get, pairs
from .tree import Tree

_PARTS = ("predictor", "transformer", "explainer")


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """Everything that InferenceServices say. Of several, only what holds for each: nothing tells which one is delivered."""
    found = [(file, root) for file, root in objects(tree, table) if is_a(root, "InferenceService", "serving.kserve.io")]
    for file, root in found:
        here = At(file, root.place.line, named(root))
        yield Says(here, {"kind": "InferenceService"})
        yield from _images(file, root)
    if len(found) == 1:
        yield from _rollout(*found[0])


def _rollout(file: str, root: Node) -> Iterator[Finding]:
    node = get(root, "spec", "predictor", "canaryTrafficPercent")
    percent = share(node)
    if node is not None and percent is not None and 0 < percent < 100:  # 0 is rolled back, 100 is promoted
        here = At(file, node.place.line, "spec.predictor.canaryTrafficPercent")
        share_of = {"spec.predictor.canaryTrafficPercent": f"{percent}%"}
        yield Says(here, {**share_of, "spec.predictor.canaryTrafficPercent (name)": f"canary-{percent}"})


def _images(file: str, root: Node) -> Iterator[Finding]:
    for part in _PARTS:
        where = get(root, "spec", part)
        yield from images_by_tag(file, get(where, "containers"), f"spec.{part}.containers")
        for name, one, _ in pairs(where):
            if one.kind == "mapping":
                yield from image_by_tag(file, one, f"spec.{part}.{name}")
                yield from image_by_tag(file, get(one, "container"), f"spec.{part}.{name}.container")
