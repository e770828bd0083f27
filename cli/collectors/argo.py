"""Argo Rollouts: the strategy, the steps of a canary, and the measured values that let it go on or stop it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from .found import At, Finding, Says, Shortfall
from .manifests import images_by_tag, is_a, named, objects, share
from .nodes import get, items, text
from .tree import Tree

_GROUP = "argoproj.io"
_CONDITION = re.compile(r"result(?:\[0\])?\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)")
_METRIC = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_DURATION = re.compile(r"(\d+)([smh]?)")
_UNITS = {"": "seconds", "s": "seconds", "m": "minutes", "h": "hours"}
Templates = dict[str, list[Node]]  # by kind and name


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """Everything that Rollouts say. Of several, only what falls short: nothing tells which one is delivered."""
    rollouts: list[tuple[str, Node]] = []
    templates: Templates = {}
    for file, root in objects(tree, table):
        if is_a(root, "Rollout", _GROUP):
            rollouts.append((file, root))
        for kind in ("AnalysisTemplate", "ClusterAnalysisTemplate"):
            if is_a(root, kind, _GROUP):
                templates.setdefault(f"{kind} {named(root)}", []).append(root)
    for file, root in rollouts:
        yield from images_by_tag(file, get(root, "spec", "template", "spec", "containers"), "spec.template.spec.containers")
        yield from _templates_missing(file, root, templates)
    if len(rollouts) == 1:
        yield from _rollout(*rollouts[0], templates)


def _rollout(file: str, root: Node, templates: Templates) -> Iterator[Finding]:
    canary, blue_green = get(root, "spec", "strategy", "canary"), get(root, "spec", "strategy", "blueGreen")
    if blue_green is not None and canary is None:
        yield Says(At(file, blue_green.place.line, "spec.strategy"), {"spec.strategy.blueGreen": named(root)})
    if canary is None or blue_green is not None:
        return
    steps = items(get(canary, "steps"))
    weights = [share(get(step, "setWeight")) for step in steps]
    if any(weights):  # without them it is a rolling update
        yield Says(At(file, canary.place.line, "spec.strategy"), {"spec.strategy.canary": named(root)})
    given = [one for one in weights if one]
    if len(given) == len(set(given)):
        yield from _steps(file, steps, weights, templates)
    asked = [get(canary, "analysis"), *(get(step, "analysis") for step in steps)]
    stops = [said for one in asked for said in _conditions(one, templates, "failureCondition")]
    if stops:
        yield Says(At(file, canary.place.line, "spec.strategy.canary"), {"analysis failureCondition": list(dict.fromkeys(stops))})


def _steps(file: str, steps: list[Node], weights: list[int | None], templates: Templates) -> Iterator[Finding]:
    for number, (step, weight) in enumerate(zip(steps, weights, strict=True)):
        if not weight:
            continue
        after = steps[number + 1] if number + 1 < len(steps) else None
        until = next((later for later in range(number + 1, len(steps)) if get(steps[later], "setWeight")), len(steps))
        passed = [
            said for one in steps[number + 1 : until] for said in _conditions(get(one, "analysis"), templates, "successCondition")
        ]
        yield Says(
            At(file, step.place.line, f"spec.strategy.canary.steps.{number}"),
            {
                "steps.setWeight (name)": f"canary-{weight}",
                "steps.setWeight": f"{weight}%",
                "steps.pause.duration": _duration(text(get(after, "pause", "duration"))),
                "steps.analysis successCondition": list(dict.fromkeys(passed)) or None,
            },
        )


def _duration(written: str) -> str | None:
    found = _DURATION.fullmatch(written)
    return f"{found[1]} {_UNITS[found[2]]}" if found else None


def _asked(analysis: Node | None) -> Iterator[tuple[Node, str]]:
    for one in items(get(analysis, "templates")):
        kind = (
            "ClusterAnalysisTemplate"
            if text(get(one, "clusterScope")) or _is_true(get(one, "clusterScope"))
            else "AnalysisTemplate"
        )
        name = text(get(one, "templateName"))
        if name and "{{" not in name:
            yield one, f"{kind} {name}"


def _is_true(node: Node | None) -> bool:
    return node is not None and node.raw.strip().lower() == "true"


def _conditions(analysis: Node | None, templates: Templates, condition: str) -> Iterator[str]:
    """The conditions that compare one result with a number, as thresholds of the metric.

    Not where failures are tolerated (`failureLimit`): one value on the wrong side decides nothing then.
    """
    for _, key in _asked(analysis):
        known = templates.get(key, [])
        for metric in items(get(known[0], "spec", "metrics")) if len(known) == 1 else []:
            found = _CONDITION.fullmatch(text(get(metric, condition)))
            name = text(get(metric, "name"))
            strict = text(get(metric, "failureLimit")) in ("", "0")
            if found and strict and _METRIC.fullmatch(name):
                yield f"{name} {found[1]} {found[2]}"


def _templates_missing(file: str, root: Node, templates: Templates) -> Iterator[Finding]:
    canary = get(root, "spec", "strategy", "canary")
    for analysis in (get(canary, "analysis"), *(get(step, "analysis") for step in items(get(canary, "steps")))):
        for node, key in _asked(analysis):
            if key not in templates:
                what = f"the rollout asks the {key.replace(' ', ' `')}`, which is not in this folder"
                yield Shortfall(At(file, node.place.line, "analysis.templates"), what, "keep the template beside the rollout")
