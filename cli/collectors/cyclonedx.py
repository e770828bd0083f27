"""CycloneDX ML-BOM: the model that a bill of materials describes, with its datasets, metrics and considerations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from . import json_files
from .found import At, Finding, Says, Shortfall
from .nodes import get, items, text, texts
from .tree import Tree

_VERSION = re.compile(r"1\.(\d{1,3})")
_FIRST = 5  # models are described from version 1.5 on
_MODEL = "machine-learning-model"
_MAX_COMPONENTS = 20_000
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?\s?%?")
# A dataset that is named so is kept for evaluation, and not what the model is made from.
_EVALUATION = re.compile(r"(?<![a-z])(?:test|testing|eval|evaluation|val|validation|holdout|hold-out|benchmark)(?![a-z])")
_HASHES = ("SHA-256", "SHA-512")
# The specification's own words for a field, left in as its value.
_PROMPTS = frozenset(
    (
        "the name of the risk",
        "strategy used to address this risk",
        "the groups or individuals at risk of being systematically disadvantaged by the model",
        "the type of performance metric",
    )
)


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """Everything that bills of materials say of the one model that each describes.

    What they say of two models would be mixed in one file of facts: of each only its name is said then.
    """
    said: dict[str, list[Finding]] = {}
    for file in tree.of(table):
        for root in json_files.read(tree, file, _MODEL):
            model = _described(tree, file, root) if text(get(root, "bomFormat")) == "CycloneDX" else None
            if isinstance(model, Shortfall):
                yield model
            elif model is not None:
                name = text(get(model, "name"))
                yield Says(_at(file, model), {"component.name": name or None})
                by_ref = {text(get(one, "bom-ref")): one for one in _components(root)}
                said.setdefault(name.casefold(), []).extend(_model(file, model, by_ref))
    telling = [found for found in said.values() if any(isinstance(one, Says) for one in found)]
    for found in said.values():
        mixed = len(telling) > 1
        yield from (one for one in found if isinstance(one, Shortfall) or not mixed)


def _described(tree: Tree, file: str, root: Node) -> Node | Shortfall | None:
    """The model that a bill of materials describes."""
    known = _VERSION.fullmatch(text(get(root, "specVersion")))
    named = get(root, "metadata", "component")
    models = [named] if named is not None and _is_model(named) else [one for one in _components(root) if _is_model(one)]
    if models and (known is None or int(known[1]) < _FIRST):
        tree.note(file, f"its `specVersion` is not one of 1.{_FIRST} and later ones of 1")
        return None
    if len(models) > 1:
        what = f"it describes {len(models)} models, and nothing says which is delivered"
        return Shortfall(At(file, models[0].place.line, "components"), what, "name the model in `metadata.component`")
    return models[0] if models else None


def _is_model(one: Node) -> bool:
    return text(get(one, "type")) == _MODEL


def _components(root: Node) -> Iterator[Node]:
    waiting = [*items(get(root, "components"))][::-1]
    waiting += items(get(root, "metadata", "component", "components"))
    for _ in range(_MAX_COMPONENTS):
        if not waiting:
            return
        one = waiting.pop()
        yield one
        waiting += reversed(items(get(one, "components")))


def _model(file: str, model: Node, by_ref: dict[str, Node]) -> Iterator[Finding]:
    at = _at(file, model)
    hashes = [text(get(one, "alg")) for one in items(get(model, "hashes")) if text(get(one, "content"))]
    integrity = next((one for one in _HASHES if one in hashes), None)
    version = text(get(model, "version"))
    if version or integrity:
        yield Says(at, {"component.version": version or None, "component.hashes": integrity})
    if not integrity:
        what = "the model has no SHA-256 or SHA-512 hash, so nobody can tell whether it was changed"
        yield Shortfall(At(file, at.line, "component.hashes"), what, "add `hashes` to the component")
    card = get(model, "modelCard")
    for one in items(get(card, "modelParameters", "datasets")):
        yield from _dataset(file, one, by_ref)
    yield from _metrics(file, get(card, "quantitativeAnalysis", "performanceMetrics"))
    yield from _considerations(file, get(card, "considerations"))


def _dataset(file: str, one: Node, by_ref: dict[str, Node]) -> Iterator[Finding]:
    place = At(file, one.place.line, "modelParameters.datasets")
    ref = text(get(one, "ref"))
    component = by_ref.get(ref) if ref else None
    if ref and component is None:
        yield Shortfall(place, f"the dataset `{ref}` is described nowhere in the file", "add the component that it refers to")
        return
    data = next(iter(items(get(component, "data"))), None) if component else one
    kind = text(get(data, "type")) if data else "dataset"
    name = text(get(component, "name")) or text(get(data, "name"))
    if kind != "dataset" or not name or _EVALUATION.search(name.lower()):
        return
    here = At(file, (component or one).place.line, f"data {name}")
    digest = next(
        (
            f"sha256:{text(get(found, 'content')).lower()}"
            for found in items(get(component, "hashes"))
            if text(get(found, "alg")) == "SHA-256" and text(get(found, "content"))
        ),
        "",
    )
    yield Says(
        here,
        {
            "datasets.name": name,
            "datasets.contents.url": text(get(data, "contents", "url")) or None,
            "datasets.version": text(get(component, "version")) or digest or None,
            "datasets.governance.owners": _owner(get(data, "governance", "owners")) or None,
        },
    )


def _owner(owners: Node | None) -> str:
    """The one owner: its address, else its name; nothing where there are several."""
    listed = items(owners)
    if len(listed) != 1:
        return ""
    one = listed[0]
    contacts = [get(one, "contact"), *items(get(one, "organization", "contact"))]
    found = [text(get(contact, key)) for key in ("email", "name") for contact in contacts]
    return next((name for name in [*found, text(get(one, "organization", "name"))] if name), "")


def _metrics(file: str, metrics: Node | None) -> Iterator[Finding]:
    for one in items(metrics):
        name, value = text(get(one, "type")), text(get(one, "value"))
        here = At(file, one.place.line, f"performanceMetrics {name}")
        if not name or _is_prompt(name):
            continue
        if not _NUMBER.fullmatch(value):
            if value:
                yield Shortfall(here, f"the value of the metric `{name}` is no number", "write the value that was measured")
            continue
        yield Says(here, {"performanceMetrics.type": name})
        interval = get(one, "confidenceInterval")
        bounds = [text(get(interval, bound)) for bound in ("lowerBound", "upperBound")]
        if all(_NUMBER.fullmatch(bound) and bound.endswith("%") == value.endswith("%") for bound in bounds):
            least, most = (_number(bound) for bound in bounds)
            if not least <= _number(value) <= most:
                what = f"the value of `{name}`, {value}, is not within its own confidence interval, {bounds[0]} to {bounds[1]}"
                yield Shortfall(here, what, "look up which of the three is wrong")


def _number(written: str) -> float:
    return float(written.rstrip("% "))


def _considerations(file: str, found: Node | None) -> Iterator[Finding]:
    for field in ("users", "useCases"):
        listed = get(found, field)
        if listed is None:
            continue
        here = At(file, listed.place.line, f"considerations.{field}")
        said = [one for one in texts(listed) if not _is_prompt(one)]
        if said:
            yield Says(here, {f"considerations.{field}": said})
        if len(said) < len(texts(listed)):
            yield Shortfall(here, f"`{field}` holds a question of the template and not its answer", "answer it, or take it out")
    groups = [text(get(one, "groupAtRisk")) for one in items(get(found, "fairnessAssessments"))]
    listed = get(found, "fairnessAssessments")
    if listed is not None:
        said = [one for one in groups if one and not _is_prompt(one)]
        here = At(file, listed.place.line, "considerations.fairnessAssessments")
        if said:
            yield Says(here, {"fairnessAssessments.groupAtRisk": said})
    for one in items(get(found, "ethicalConsiderations")):
        risk, action = text(get(one, "name")), text(get(one, "mitigationStrategy"))
        if risk and not _is_prompt(risk):
            here = At(file, one.place.line, "considerations.ethicalConsiderations")
            values = {"ethicalConsiderations.name": risk}
            yield Says(here, values | ({"ethicalConsiderations.mitigationStrategy": action} if not _is_prompt(action) else {}))


def _is_prompt(said: str) -> bool:
    """Whether a text asks for something in place of saying it."""
    return "?" in said or said.rstrip(".").casefold() in _PROMPTS


def _at(file: str, model: Node) -> At:
    return At(file, (get(model, "name") or model).place.line, "component")
