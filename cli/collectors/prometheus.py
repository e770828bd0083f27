"""Prometheus: alerting rules, in files of rules or as PrometheusRule objects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from .found import At, Finding, Says, Shortfall
from .manifests import is_a, objects
from .nodes import get, items, text
from .tree import Tree

_MEASURED = re.compile(r"([a-zA-Z_][a-zA-Z0-9_]*)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)")
_DURATION = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """Everything that alerting rules say. Of several alerts of one name, such as one for each severity, none says when."""
    found: list[tuple[str, Node]] = []
    for file, root in objects(tree, table):
        groups = get(root, "spec", "groups") if is_a(root, "PrometheusRule", "monitoring.coreos.com") else get(root, "groups")
        found += [(file, rule) for group in items(groups) for rule in items(get(group, "rules")) if _name(rule)]
    times = Counter(_name(rule) for _, rule in found)
    for file, rule in found:
        yield from _alert(file, rule, alone=times[_name(rule)] == 1)


def _name(rule: Node) -> str:
    """The name of an alert; nothing of a recording rule, or of a template."""
    name = text(get(rule, "alert"))
    return name if text(get(rule, "expr")) and "{{" not in name else ""


def _alert(file: str, rule: Node, *, alone: bool) -> Iterator[Finding]:
    name = _name(rule)
    here = At(file, rule.place.line, f"alert {name}")
    owner = text(get(rule, "labels", "owner"))
    said = owner if alone and owner and "{{" not in owner else None
    when = _measured(text(get(rule, "expr")), text(get(rule, "for"))) if alone else None
    yield Says(here, {"alert": name, "expr": when, "labels.owner": said})
    if not owner and not text(get(rule, "labels", "team")):  # a team may be called, or only be the one whose series it is
        yield Shortfall(here, f"the alert `{name}` names nobody who is called", "add the label `owner` or `team`")
    if not text(get(rule, "annotations", "runbook_url")):
        yield Shortfall(here, f"the alert `{name}` has no runbook", "add the annotation `runbook_url`")


def _measured(expression: str, held: str) -> list[str] | None:
    """A comparison of one plain series with a number, and for how long it has to hold; nothing of any other query."""
    found, time = _MEASURED.fullmatch(expression), _DURATION.fullmatch(held)
    if not found or (held and not time):
        return None
    return [f"{found[1]} {found[2]} {found[3]}" + (f" over {time[1]} {_UNITS[time[2]]}" if time and int(time[1]) else "")]
