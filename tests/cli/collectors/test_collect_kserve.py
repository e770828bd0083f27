"""KServe: what an InferenceService says of serving, and what several of them leave open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]


def _service(name: str, predictor: str) -> str:
    return (
        "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\n"
        f"metadata: {{name: {name}}}\nspec:\n  predictor:\n{predictor}"
    )


SERVED = {"serving.platform": "KServe", "serving.architecture": "online"}


def test_a_canary_is_a_strategy_and_a_step(project: Project, collected: Collect) -> None:
    found = collected(project({"k.yaml": _service("churn", "    canaryTrafficPercent: 10\n")}))
    assert found.facts == SERVED | {
        "serving.strategy": "canary",
        "serving.rollout.steps": [{"name": "canary-10", "traffic": "10%"}],
    }
    assert found.places["serving.strategy"] == {"k.yaml:6"}


@pytest.mark.parametrize("percent", ["0", "100", "ten", "-5", "'{{ share }}'"])
def test_what_is_rolled_back_promoted_or_no_share_is_no_canary(percent: str, project: Project, collected: Collect) -> None:
    assert collected(project({"k.yaml": _service("a", f"    canaryTrafficPercent: {percent}\n")})).facts == SERVED


def test_several_services_do_not_say_which_one_is_delivered(project: Project, collected: Collect) -> None:
    both = _service("a", "    canaryTrafficPercent: 10\n") + "---\n" + _service("b", "    minReplicas: 1\n")
    assert collected(project({"k.yaml": both})).facts == SERVED


def test_only_an_image_without_a_digest_falls_short(project: Project, collected: Collect) -> None:
    containers = "    containers:\n    - {image: 'a/b:1'}\n    - {image: 'a/c@sha256:" + "0" * 64 + "'}\n"
    found = collected(project({"k.yaml": _service("a", containers)}))
    assert found.shortfalls == [
        "k.yaml:7: the image `a/b:1` is named by its tag and not by its digest, so what is served may change"
    ]


def test_another_kind_that_names_kserve_says_nothing(project: Project, collected: Collect) -> None:
    other = "kind: ClusterRole\nrules: [{apiGroups: [serving.kserve.io], resources: [InferenceService]}]\n"
    assert not collected(project({"k.yaml": other})).facts


def test_the_samples_of_kserve_say_what_a_careful_person_finds(real_projects: Path, collected: Collect) -> None:
    found = collected(real_projects / "kserve+kserve", "--only", "kserve")
    assert found.facts == SERVED
    assert len(found.shortfalls) == 2  # `my-transformer:latest` and `my-ray-model-server:latest`
    assert not found.unreadable
    assert not found.contradictions
