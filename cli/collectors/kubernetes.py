"""Kubernetes: Deployments and StatefulSets that run a model server, known by the image of a container.

Which images are model servers is in the mapping table. What else a cluster runs says nothing of the delivery.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from .found import At, Finding, Says, Shortfall
from .manifests import image_by_tag, is_a, named, objects
from .nodes import get, items, text
from .tree import Tree

_KINDS = ("Deployment", "StatefulSet")
_CONTAINERS = "spec.template.spec.containers"
_LIMITS = ("memory", "cpu")


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """Everything that Deployments and StatefulSets of model servers say."""
    servers = frozenset(image for field in table.of("image") for image in field.values)
    found: list[tuple[str, Node]] = []
    for file, root in objects(tree, table):
        if not any(is_a(root, kind, "apps") for kind in _KINDS):
            continue
        serving = [one for one in items(get(root, *_CONTAINERS.split("."))) if _repository(one) in servers]
        for one in serving:
            yield Says(At(file, one.place.line, f"{named(root)} {_CONTAINERS}"), {"image": _repository(one)})
            yield from image_by_tag(file, one, _CONTAINERS)
            yield from _lacking(file, one)
        if serving:
            found.append((file, root))
    if len(found) == 1:
        yield from _strategy(*found[0])


def _repository(container: Node) -> str:
    """The image without tag, digest and the registry that is taken where none is named."""
    image = text(get(container, "image")).partition("@")[0]
    folder, slash, name = image.rpartition("/")
    return f"{folder}{slash}{name.partition(':')[0]}".removeprefix("docker.io/")


def _lacking(file: str, container: Node) -> Iterator[Finding]:
    here = At(file, container.place.line, _CONTAINERS)
    name = text(get(container, "name")) or text(get(container, "image"))
    limits = [one for one in _LIMITS if get(container, "resources", "limits", one) is None]
    if limits:
        mend = "add `resources.limits`, so that a model can't take what others need"
        yield Shortfall(here, f"the model server `{name}` has no limit on {' and '.join(limits)}", mend)
    if get(container, "readinessProbe") is None:
        mend = "add `readinessProbe`, or traffic comes before the model is loaded"
        yield Shortfall(here, f"nothing says when the model server `{name}` is ready", mend)


def _strategy(file: str, root: Node) -> Iterator[Finding]:
    node = get(root, "spec", "strategy", "type")
    if node is not None and text(node):
        yield Says(At(file, node.place.line, "spec.strategy.type"), {"strategy.type": text(node)})
