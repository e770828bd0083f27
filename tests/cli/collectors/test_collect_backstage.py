"""Backstage: the model in the software catalog, and who answers for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

MODEL = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: churn
  links: [{type: runbook, url: "https://wiki.example/churn"}]
spec: {type: ml-model, lifecycle: production, owner: "group:default/ml-platform"}
"""


def test_a_model_says_its_name_its_owner_and_its_runbook(project: Project, collected: Collect) -> None:
    assert collected(project({"catalog-info.yaml": MODEL})).facts == {
        "delivery.model": "churn",
        "operations.owner": "group:default/ml-platform",
        "operations.runbook": "https://wiki.example/churn",
    }


def test_a_component_that_is_no_model_says_nothing(project: Project, collected: Collect) -> None:
    assert not collected(project({"catalog-info.yaml": MODEL.replace("ml-model", "service")})).facts


def test_several_models_do_not_say_which_one_is_delivered(project: Project, collected: Collect) -> None:
    found = collected(project({"catalog-info.yaml": MODEL + "---\n" + MODEL.replace("name: churn", "name: other")}))
    assert not found.facts
    assert not found.contradictions


def test_the_owner_of_an_experiment_does_not_answer_for_a_running_model(project: Project, collected: Collect) -> None:
    found = collected(project({"catalog-info.yaml": MODEL.replace("production", "experimental")}))
    assert "operations.owner" not in found.facts
    assert not found.shortfalls


@pytest.mark.parametrize("owner", ["''", "guests", "user:default/guest", "unknown"])
def test_a_model_of_nobody_falls_short(owner: str, project: Project, collected: Collect) -> None:
    found = collected(project({"catalog-info.yaml": MODEL.replace('"group:default/ml-platform"', owner)}))
    assert "operations.owner" not in found.facts
    assert found.shortfalls == ["catalog-info.yaml:1: nobody answers for the model `churn`"]
