"""Kubernetes manifests: the objects of one kind, and whether an image is named by its digest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from .found import At, Finding, Shortfall
from .nodes import get, items, text
from .tree import Tree

# What Helm would fill in. Argo's `{{args.x}}` and Prometheus' `{{ $labels.x }}` stand in texts and are no templates of the file.
_HELM = re.compile(r"\{\{-|-\}\}|\{\{\s*(\.(Values|Release|Chart|Files)\b|(include|if|range|with|end|template|define)\b)")


def objects(tree: Tree, table: Source) -> Iterator[tuple[str, Node]]:
    """Each mapping in the files of a source, those in a `List` too; files that are templates are passed over."""
    for file in tree.of(table):
        written = tree.text(file)
        if written is None or _HELM.search(written):
            continue
        for root in tree.documents(file):
            for one in items(get(root, "items")) if text(get(root, "kind")) == "List" else [root]:
                if one.kind == "mapping":
                    yield file, one


def is_a(root: Node, kind: str, group: str) -> bool:
    """Whether it is an object of this kind, in any version of its API group."""
    return text(get(root, "kind")) == kind and text(get(root, "apiVersion")).partition("/")[0] == group


def named(root: Node) -> str:
    """The name of an object."""
    return text(get(root, "metadata", "name"))


def share(node: Node | None) -> int | None:
    """A whole number from 0 to 100; nothing of anything else."""
    written = text(node)
    return int(written) if re.fullmatch(r"\d{1,3}", written) and int(written) <= 100 else None


def images_by_tag(file: str, containers: Node | None, field: str) -> Iterator[Finding]:
    """What falls short of containers whose image is not named by its digest."""
    for one in items(containers):
        yield from image_by_tag(file, one, field)


def image_by_tag(file: str, container: Node | None, field: str) -> Iterator[Finding]:
    """What falls short of one container whose image is not named by its digest."""
    node = get(container, "image")
    name = text(node)
    if node is not None and name and "@sha256:" not in name and "$" not in name and "{{" not in name:
        what = f"the image `{name}` is named by its tag and not by its digest, so what is served may change"
        yield Shortfall(At(file, node.place.line, field), what, "add the digest: `@sha256:...`")
