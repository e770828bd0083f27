"""Argo Rollouts: the steps of a canary and what stops it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

ROLLOUT = """apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: churn}
spec:
  strategy:
    canary:
      analysis: {templates: [{templateName: errors}]}
      steps:
      - setWeight: 5
      - pause: {duration: 24h}
      - setWeight: 50
      - pause: {}
"""
TEMPLATE = """apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: errors}
spec:
  metrics:
  - {name: error_rate, failureCondition: "result[0] > 0.05"}
  - {name: odd, failureCondition: "len(result) > 3"}
  - {name: filled_in, failureCondition: "result[0] > {{args.limit}}"}
"""


def test_a_canary_says_its_steps_and_what_stops_it(project: Project, collected: Collect) -> None:
    found = collected(project({"r.yaml": ROLLOUT, "t.yaml": TEMPLATE}))
    assert found.facts == {
        "serving.strategy": "canary",
        "serving.rollout.steps": [
            {"name": "canary-5", "traffic": "5%", "hold": "24 hours"},
            {"name": "canary-50", "traffic": "50%"},
        ],
        "serving.rollout.stop_if": ["error_rate > 0.05"],
    }
    assert found.places["serving.rollout.steps"] == {"r.yaml:9", "r.yaml:11"}
    assert not found.shortfalls


def test_a_template_that_is_not_there_falls_short(project: Project, collected: Collect) -> None:
    found = collected(project({"r.yaml": ROLLOUT}))
    assert "serving.rollout.stop_if" not in found.facts
    assert found.shortfalls == ["r.yaml:7: the rollout asks the AnalysisTemplate `errors`, which is not in this folder"]


def test_a_template_that_no_rollout_names_stops_nothing(project: Project, collected: Collect) -> None:
    other = TEMPLATE.replace("name: errors", "name: others")
    assert "serving.rollout.stop_if" not in collected(project({"r.yaml": ROLLOUT, "t.yaml": other})).facts


def test_blue_green_is_a_strategy(project: Project, collected: Collect) -> None:
    spec = "spec:\n  strategy:\n    blueGreen: {activeService: a}\n"
    assert collected(project({"r.yaml": ROLLOUT.partition("spec:")[0] + spec})).facts == {"serving.strategy": "blue-green"}


def test_several_rollouts_do_not_say_which_one_is_delivered(project: Project, collected: Collect) -> None:
    assert not collected(project({"a.yaml": ROLLOUT, "b.yaml": ROLLOUT.replace("churn", "other")})).facts


def test_a_chart_says_nothing(project: Project, collected: Collect) -> None:
    found = collected(project({"r.yaml": ROLLOUT.replace("churn", "{{ .Values.name }}")}))
    assert not found.facts
    assert not found.shortfalls
    assert not found.unreadable


def test_the_examples_of_argo_say_what_a_careful_person_finds(real_projects: Path, collected: Collect) -> None:
    folder = real_projects / "argoproj+argo-rollouts"
    found = collected(folder, "--only", "argo")
    assert not found.facts
    assert not found.unreadable
    assert not found.contradictions
    assert len(found.shortfalls) == 4  # an image by its tag in each, and the template `always-pass`


def test_one_example_of_argo_alone_says_its_steps(real_projects: Path, project: Project, collected: Collect) -> None:
    example = (real_projects / "argoproj+argo-rollouts" / "examples" / "rollout-canary.yaml").read_bytes()
    found = collected(project({"r.yaml": example}))
    assert found.facts == {
        "serving.strategy": "canary",
        "serving.rollout.steps": [
            {"name": "canary-20", "traffic": "20%"},
            {"name": "canary-40", "traffic": "40%", "hold": "40 seconds"},
            {"name": "canary-60", "traffic": "60%", "hold": "20 seconds"},
            {"name": "canary-80", "traffic": "80%", "hold": "20 seconds"},
        ],
    }


STEPS = ROLLOUT.replace("      analysis: {templates: [{templateName: errors}]}\n", "").replace(
    "      - setWeight: 50\n", "      - analysis: {templates: [{templateName: errors}]}\n      - setWeight: 50\n"
)
SUCCESS = TEMPLATE.replace('failureCondition: "result[0] > 0.05"', 'successCondition: "result[0] <= 0.01"')


def test_what_an_analysis_between_two_weights_asks_lets_the_first_go_on(project: Project, collected: Collect) -> None:
    found = collected(project({"r.yaml": STEPS, "t.yaml": SUCCESS}))
    assert found.facts["serving.rollout.steps"] == [
        {"name": "canary-5", "traffic": "5%", "hold": "24 hours", "continue_if": ["error_rate <= 0.01"]},
        {"name": "canary-50", "traffic": "50%"},
    ]
    assert "serving.rollout.stop_if" not in found.facts


def test_a_condition_whose_failures_are_tolerated_neither_stops_nor_lets_go_on(project: Project, collected: Collect) -> None:
    for rollout, template in ((ROLLOUT, TEMPLATE), (STEPS, SUCCESS)):
        found = collected(project({"r.yaml": rollout, "t.yaml": template.replace("error_rate,", "error_rate, failureLimit: 3,")}))
        assert "serving.rollout.stop_if" not in found.facts
        assert all("continue_if" not in step for step in found.facts["serving.rollout.steps"])


def test_of_three_canaries_none_is_said(project: Project, collected: Collect) -> None:
    three: dict[str, str | bytes] = {f"{n}.yaml": ROLLOUT.replace("churn", f"churn-{n}") for n in range(3)}
    assert not collected(project(three | {"t.yaml": TEMPLATE})).facts
