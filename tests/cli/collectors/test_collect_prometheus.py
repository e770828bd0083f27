"""Prometheus: alerts, when they are raised and who is called, and the ones that leave it open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

FINE = """groups:
- name: churn
  rules:
  - record: job:errors:rate5m
    expr: sum(rate(errors[5m]))
  - alert: LatencyHigh
    expr: p95_latency_seconds > 0.2
    for: 10m
    labels: {severity: page, owner: ml-oncall@bank.example}
    annotations: {runbook_url: "https://wiki.example/latency", summary: "{{ $labels.job }} is slow"}
"""


def test_an_alert_says_its_name_its_threshold_and_who_is_called(project: Project, collected: Collect) -> None:
    found = collected(project({"alerts.yml": FINE}))
    assert found.facts == {
        "monitoring.alerts": [
            {"name": "LatencyHigh", "when": ["p95_latency_seconds > 0.2 over 10 minutes"], "owner": "ml-oncall@bank.example"}
        ]
    }
    assert found.places == {"monitoring.alerts": {"alerts.yml:6"}}
    assert not found.shortfalls
    assert not found.unreadable


def test_a_prometheus_rule_object_says_the_same(project: Project, collected: Collect) -> None:
    inner = "".join(f"  {line}\n" for line in FINE.splitlines())
    head = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: churn}\nspec:\n"
    assert set(collected(project({"rule.yaml": head + inner})).rows("monitoring.alerts")) == {"LatencyHigh"}


def test_an_alert_without_runbook_and_owner_falls_short(project: Project, collected: Collect) -> None:
    found = collected(project({"a.yaml": "groups:\n- name: g\n  rules:\n  - {alert: Down, expr: up == 0}\n"}))
    assert found.facts == {"monitoring.alerts": [{"name": "Down"}]}
    assert found.shortfalls == [
        "a.yaml:4: the alert `Down` names nobody who is called",
        "a.yaml:4: the alert `Down` has no runbook",
    ]


@pytest.mark.parametrize(
    "query", ['errors{job="a"} > 1', "rate(errors[5m]) > 1", "errors > 1 and up > 0", "errors > bool 1", "errors > other"]
)
def test_a_query_that_is_more_than_a_comparison_is_no_threshold(query: str, project: Project, collected: Collect) -> None:
    content = f"groups:\n- name: g\n  rules:\n  - alert: A\n    expr: '{query}'\n"
    assert collected(project({"a.yaml": content})).facts == {"monitoring.alerts": [{"name": "A"}]}


def test_two_severities_of_one_alert_do_not_contradict_each_other(project: Project, collected: Collect) -> None:
    rules = "".join(f"  - {{alert: Slow, expr: latency > {limit}, labels: {{team: ml}}}}\n" for limit in (1, 2))
    found = collected(project({"a.yaml": "groups:\n- name: g\n  rules:\n" + rules}))
    assert found.facts == {"monitoring.alerts": [{"name": "Slow"}]}
    assert found.contradictions == {}


def test_a_template_of_a_chart_says_nothing(project: Project, collected: Collect) -> None:
    found = collected(project({"chart/a.yaml": "{{- if .Values.on }}\n" + FINE + "{{- end }}\n"}))
    assert not found.facts
    assert not found.shortfalls
    assert not found.unreadable


def test_a_broken_file_of_rules_is_reported_and_the_others_are_read(project: Project, collected: Collect) -> None:
    found = collected(project({"a.yaml": FINE, "b.yaml": "groups: [\n  alert: }\n"}))
    assert set(found.facts) == {"monitoring.alerts"}
    assert set(found.unreadable) == {"b.yaml"}


def test_a_team_is_not_plainly_who_is_called_and_nothing_is_missing_either(project: Project, collected: Collect) -> None:
    found = collected(project({"a.yml": FINE.replace("owner: ml-oncall@bank.example", "team: churn")}))
    assert "owner" not in found.rows("monitoring.alerts")["LatencyHigh"]
    assert found.shortfalls == []
