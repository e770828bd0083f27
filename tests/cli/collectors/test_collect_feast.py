"""Feast: the features of a model and what they are made from, read from definitions that are never run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

STORE = "project: churn\nregistry: data/registry.db\nprovider: local\n"
DEFINITIONS = """from feast import FeatureService, FeatureView, Field, FileSource
from feast.types import Float32

calls = FileSource(name="calls", path="data/calls.parquet")
usage = FeatureView(
    name="usage",
    schema=[Field(name="minutes", dtype=Float32), Field(name="calls_7d", dtype=Float32)],
    source=calls,
    owner="data@bank.example",
)
churn_v1 = FeatureService(name="churn_v1", features=[usage[["minutes"]]])
"""


def test_a_feature_service_says_its_features_and_their_source(project: Project, collected: Collect) -> None:
    found = collected(project({"repo/feature_store.yaml": STORE, "repo/features.py": DEFINITIONS}))
    assert found.facts == {
        "lineage.features": [{"name": "minutes", "derives_from": ["calls"], "owner": "data@bank.example"}],
        "lineage.datasets": [{"name": "calls", "source": "data/calls.parquet"}],
    }
    assert found.places["lineage.features"] == {"repo/features.py:5"}


def test_several_services_do_not_say_which_features_the_model_reads(project: Project, collected: Collect) -> None:
    both = DEFINITIONS + 'churn_v2 = FeatureService(name="churn_v2", features=[usage])\n'
    assert not collected(project({"feature_store.yaml": STORE, "features.py": both})).facts


def test_a_definition_is_never_run(project: Project, collected: Collect, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    folder = project({"feature_store.yaml": STORE, "features.py": f"open({str(trap)!r}, 'w')\n{DEFINITIONS}"})
    assert "lineage.features" in collected(folder).facts
    assert not trap.exists()


@pytest.mark.parametrize("broken", ["def feast(:", "feast = " + "(" * 5000, "feast = " + "-" * 50_000 + "1", "feast\0"])
def test_a_file_that_is_no_python_is_reported(broken: str, project: Project, collected: Collect) -> None:
    found = collected(project({"feature_store.yaml": STORE, "features.py": DEFINITIONS, "broken.py": broken}))
    assert set(found.unreadable) == {"broken.py"}
    assert "lineage.features" in found.facts


def test_the_tutorial_of_feast_says_what_a_careful_person_finds(real_projects: Path, collected: Collect) -> None:
    found = collected(real_projects / "feast-dev+feast-aws-credit-scoring-tutorial", "--only", "feast")
    assert not found.facts
    assert not found.unreadable
