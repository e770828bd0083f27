"""Files of real projects, where they are: what a careful person finds in them, and nothing that they don't say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Collect = Callable[..., Any]
# By folder: the facts that dvc, environment, github, mlflow, modelcard and mct find, and how many things fall short.
FOUND: dict[str, tuple[dict[str, Any], int]] = {
    "openai+whisper": (
        {
            "delivery.model": "Whisper",
            "use_case.users": [
                "AI researchers studying the robustness, generalization, capabilities, biases, and constraints of the "
                "current model"
            ],
            "use_case.in_scope": ["transcribe and translate speech"],
            "use_case.out_of_scope": ["high-risk domains like decision-making contexts"],
        },
        0,
    ),
    "GokuMohandas+Made-With-ML": ({}, 1),  # `ipywidgets>=8`
    "GoogleCloudPlatform+mlops-with-vertex-ai": ({}, 3),  # `pytest`, and an image by its tag twice
    "feast-dev+feast-aws-credit-scoring-tutorial": ({}, 1),  # `pandas>=1.0.0`
    "aws-samples+mlops-sagemaker-github-actions": ({}, 0),  # its workflows are those of a template
    "aws-samples+mlops-sagemaker-github-actions/seedcode": ({"registry.promotion.stages": [{"name": "production"}]}, 0),
    "tensorflow+model-card-toolkit": (
        {
            "delivery.model": "Fine-tuned MobileNetV2 Model for Cat vs. Dogs",
            "delivery.version": "v1.0",
            "use_case.users": ["Fans of dogs and cats."],
            "use_case.in_scope": ["This model classifies images of cats and dogs."],
            "training.evaluation.metrics": ["accuracy"],
        },
        0,
    ),
    "mlcommons+croissant": ({}, 0),  # who owns everything, and no rule that asks them
    "kserve+kserve": ({}, 0),
    "argoproj+argo-rollouts": ({}, 0),
    "CycloneDX+specification": ({}, 0),
    "OpenLineage+OpenLineage": ({}, 0),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_a_careful_person_finds_is_found_and_nothing_else(name: str, real_projects: Path, collected: Collect) -> None:
    facts, shortfalls = FOUND[name]
    found = collected(real_projects / name, "--only", "dvc,environment,github,mlflow,modelcard,mct")
    assert {path: value for path, value in found.facts.items() if path != "bundle.risks"} == facts
    assert len(found.shortfalls) == shortfalls
    assert found.unreadable == {}
    assert found.contradictions == {}
