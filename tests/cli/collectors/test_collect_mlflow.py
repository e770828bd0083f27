"""MLflow's database and files. The tests with the real tool need the group `collect-test`; the others write its tables."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli.collectors import mlflow_store

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]
COMMIT = "4f1c2ab0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0"
# The tables of MLflow, less the columns that nobody asks for.
TABLES = """
CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT, lifecycle_stage TEXT);
CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, status TEXT, lifecycle_stage TEXT, experiment_id INTEGER);
CREATE TABLE latest_metrics (key TEXT, value FLOAT, is_nan BOOLEAN, run_uuid TEXT);
CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
CREATE TABLE datasets (dataset_uuid TEXT, name TEXT, digest TEXT);
CREATE TABLE inputs (input_uuid TEXT, source_type TEXT, source_id TEXT, destination_type TEXT, destination_id TEXT);
CREATE TABLE input_tags (input_uuid TEXT, name TEXT, value TEXT);
CREATE TABLE registered_models (name TEXT PRIMARY KEY);
CREATE TABLE model_versions (name TEXT, version INTEGER, run_id TEXT, current_stage TEXT);
CREATE TABLE registered_model_aliases (alias TEXT, version INTEGER, name TEXT);
CREATE TABLE model_version_tags (key TEXT, value TEXT, name TEXT, version INTEGER);
INSERT INTO experiments VALUES (1, 'churn', 'active');
"""
ONE_VERSION = "INSERT INTO registered_models VALUES ('churn'); INSERT INTO model_versions VALUES ('churn', 1, 'r1', 'None');"


def run(name: str, *, seed: int = 1, auc: float = 0.8, status: str = "FINISHED", rate: str = "0.1") -> str:
    """What makes a run in the database."""
    return f"""
INSERT INTO runs VALUES ('{name}', 'seed-{seed}', '{status}', 'active', 1);
INSERT INTO latest_metrics VALUES ('auc', {auc}, 0, '{name}'), ('system/cpu', 50, 0, '{name}'), ('broken', 0, 1, '{name}');
INSERT INTO params VALUES ('seed', '{seed}', '{name}'), ('rate', '{rate}', '{name}');
INSERT INTO tags VALUES ('mlflow.source.git.commit', '{COMMIT}', '{name}');
"""


@pytest.fixture
def stored(project: Project) -> Callable[[str], Path]:
    """A project with a database that holds what a script puts in."""

    def stored(script: str, tables: str = TABLES) -> Path:
        folder = project({})
        with sqlite3.connect(folder / "mlflow.db") as connection:
            connection.executescript(tables + script)
        connection.close()
        return folder

    return stored


def test_the_one_version_of_a_registered_model_is_delivered_with_the_commit_of_its_run(
    stored: Callable[[str], Path], collected: Collect
) -> None:
    facts = collected(stored(run("r1") + ONE_VERSION)).facts
    assert (facts["delivery.model"], facts["delivery.version"]) == ("churn", "1")
    assert facts["lineage.trace.code"] == facts["governance.reproducibility.code"] == COMMIT
    assert facts["lineage.trace.evaluation"] == "MLflow run r1"
    assert facts["training.evaluation.metrics"] == ["auc"]
    assert (facts["registry.tool"], facts["registry.versioning"]) == ("MLflow", "sequential")
    assert facts["registry.metadata"] == ["lineage", "evaluation"]
    assert facts["governance.reproducibility.seeds"] == "fixed"
    assert "training.evaluation.stability" not in facts, "one run has no spread"


def test_of_several_versions_the_candidate_is_delivered(stored: Callable[[str], Path], collected: Collect) -> None:
    second = ONE_VERSION + "INSERT INTO model_versions VALUES ('churn', 2, 'r2', 'None');"
    alias = "INSERT INTO registered_model_aliases VALUES ('champion', 1, 'churn'), ('challenger', 2, 'churn');"
    found = collected(stored(run("r1") + run("r2", seed=2) + second + alias))
    assert found.facts["delivery.version"] == "2"
    assert found.facts["lineage.trace.evaluation"] == "MLflow run r2"


def test_several_versions_without_a_candidate_say_nothing_of_the_delivery(
    stored: Callable[[str], Path], collected: Collect
) -> None:
    second = ONE_VERSION + "INSERT INTO model_versions VALUES ('churn', 2, 'r2', 'None');"
    found = collected(stored(run("r1") + run("r2", seed=2) + second))
    assert not {"delivery.version", "lineage.trace.code", "training.evaluation.metrics"} & found.facts.keys()
    assert found.facts["delivery.model"] == "churn"
    assert [one.partition(": ")[2][:38] for one in found.shortfalls] == ["`churn` has 2 versions, and nothing say"[:38]]


def test_two_registered_models_contradict_each_other(stored: Callable[[str], Path], collected: Collect) -> None:
    found = collected(stored(run("r1") + ONE_VERSION + "INSERT INTO registered_models VALUES ('fraud');"))
    assert "delivery.model" not in found.facts
    assert [value for value, _ in found.contradictions["delivery.model"]] == ["churn", "fraud"]
    assert found.code == 1


def test_runs_that_differ_in_their_seed_alone_show_how_far_results_vary(
    stored: Callable[[str], Path], collected: Collect
) -> None:
    runs = run("r1", auc=0.81) + run("r2", seed=2, auc=0.83) + run("r3", seed=3, auc=0.82) + run("r4", seed=4, rate="0.5")
    found = collected(stored(runs + run("r5", seed=5, status="FAILED") + ONE_VERSION))
    assert found.facts["training.evaluation.stability"] == [
        {"run": "seed-1", "metric": "auc", "value": 0.81},
        {"run": "seed-2", "metric": "auc", "value": 0.83},
        {"run": "seed-3", "metric": "auc", "value": 0.82},
    ]


def test_a_run_that_is_still_running_falls_short_and_proves_nothing(stored: Callable[[str], Path], collected: Collect) -> None:
    found = collected(stored(run("r1", status="RUNNING") + ONE_VERSION))
    assert sorted(one.partition(": ")[2] for one in found.shortfalls) == [
        "the run `seed-1` is still RUNNING, so its values are not final",
        "the run behind version 1 of `churn` is RUNNING",
    ]
    assert not {"lineage.trace.code", "lineage.trace.evaluation"} & found.facts.keys()


def test_datasets_are_those_that_the_run_used_for_training(stored: Callable[[str], Path], collected: Collect) -> None:
    data = """
INSERT INTO datasets VALUES ('d1', 'loans', 'abc123'), ('d2', 'holdout', 'def456');
INSERT INTO inputs VALUES ('i1', 'DATASET', 'd1', 'RUN', 'r1'), ('i2', 'DATASET', 'd2', 'RUN', 'r1');
INSERT INTO input_tags VALUES ('i1', 'mlflow.data.context', 'training'), ('i2', 'mlflow.data.context', 'eval');
"""
    facts = collected(stored(run("r1") + ONE_VERSION + data)).facts
    assert facts["lineage.datasets"] == [{"name": "loans", "version": "abc123"}]
    assert facts["training.evaluation.datasets"] == [{"name": "holdout", "version": "def456"}]
    assert facts["lineage.trace.data"] == ["abc123"]


def test_an_approval_counts_as_recorded_only_where_every_version_has_it(
    stored: Callable[[str], Path], collected: Collect
) -> None:
    second = ONE_VERSION + "INSERT INTO model_versions VALUES ('churn', 2, 'r1', 'Production');"
    tag = "INSERT INTO model_version_tags VALUES ('approval_ticket', 'T-1', 'churn', {});"
    some = collected(stored(run("r1") + second + tag.format(1))).facts
    assert "registry.promotion.decision_log" not in some
    assert some["registry.promotion.stages"] == [{"name": "Production"}]
    (Path("project") / "mlflow.db").unlink()
    every = collected(stored(run("r1") + second + tag.format(1) + tag.format(2))).facts
    assert every["registry.promotion.decision_log"] == "registry tag approval_ticket"
    assert "approval" in every["registry.metadata"]


def test_the_features_are_the_inputs_of_the_one_model_by_its_signature(project: Project, collected: Collect) -> None:
    model = """\
run_id: r1
signature:
  inputs: '[{"type": "double", "name": "income", "required": true}, {"type": "long", "name": "age"}]'
  outputs: '[{"type": "double", "required": true}]'
"""
    found = collected(project({"model/MLmodel": model}))
    assert found.facts["lineage.features"] == [{"name": "income"}, {"name": "age"}]
    assert found.places["lineage.features"] == {"model/MLmodel:3"}
    assert collected(project({"other/MLmodel": model})).facts == {}, "of two models nobody knows which"


# --- what strangers may send


def test_a_database_of_another_program_says_nothing(stored: Callable[..., Path], collected: Collect) -> None:
    found = collected(stored("", tables="CREATE TABLE runs (id INTEGER);"))
    assert (found.facts, found.unreadable) == ({}, {})


def test_a_database_with_a_bad_page_is_reported_and_says_nothing(stored: Callable[[str], Path], collected: Collect) -> None:
    folder = stored("".join(run(f"r{n}", seed=n) for n in range(1, 200)) + ONE_VERSION)
    data = bytearray((folder / "mlflow.db").read_bytes())
    data[4096 * 3 : -4096] = b"\xff" * (len(data) - 4096 * 4)
    (folder / "mlflow.db").write_bytes(data)
    found = collected(folder)
    assert found.facts == {}
    assert "malformed" in found.unreadable["mlflow.db"]


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0", b"no database at all", os.urandom(5000)])
def test_what_is_no_database_never_stops_the_others(data: bytes, project: Project, collected: Collect) -> None:
    found = collected(project({"mlflow.db": data, "uv.lock": "[[package]]\n"}))
    assert list(found.facts) == ["governance.reproducibility.environment"]


def test_a_table_that_is_a_view_without_an_end_is_not_asked(stored: Callable[..., Path], collected: Collect) -> None:
    endless = "CREATE VIEW runs AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n AS run_uuid FROM t;"
    begin = time.monotonic()
    collected(stored("", tables=TABLES.replace("CREATE TABLE runs (", "CREATE TABLE old_runs (") + endless))
    assert time.monotonic() - begin < 5


def test_a_database_that_answers_too_slowly_is_left(
    stored: Callable[[str], Path], collected: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mlflow_store, "MAX_SECONDS", 0.0)
    monkeypatch.setattr(mlflow_store, "_STEPS", 1)
    found = collected(stored(run("r1") + ONE_VERSION))
    assert (found.facts, found.unreadable) == ({}, {"mlflow.db": "its answers take longer than 0 seconds"})


def test_nothing_is_written_beside_a_database(stored: Callable[[str], Path], collected: Collect) -> None:
    folder = stored(run("r1") + ONE_VERSION)
    with sqlite3.connect(folder / "mlflow.db") as connection:  # opened as usual, such a one has two files beside it
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    before = (folder / "mlflow.db").read_bytes()
    collected(folder)
    assert [path.name for path in folder.iterdir()] == ["mlflow.db"]
    assert (folder / "mlflow.db").read_bytes() == before


def test_a_journal_that_was_not_written_back_falls_short(stored: Callable[[str], Path], collected: Collect) -> None:
    folder = stored(run("r1") + ONE_VERSION)
    (folder / "mlflow.db-wal").write_bytes(b"something")
    assert "what is still in its journal is not read" in collected(folder).shortfalls[0]


# --- the real tool

SCRIPT = """
import mlflow, sys, json
from mlflow import MlflowClient
mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("churn")
client = MlflowClient()
for seed in (1, 2, 3):
    with mlflow.start_run(run_name=f"seed-{seed}") as run:
        mlflow.log_params({"seed": seed, "rate": 0.1})
        mlflow.log_metric("auc", 0.8 + seed / 100)
        for step, loss in enumerate((0.5, 0.3, 0.2)):
            mlflow.log_metric("val/loss", loss, step=step)
        mlflow.set_tag("mlflow.source.git.commit", "4f1c2ab0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0")
client.create_run(client.get_experiment_by_name("churn").experiment_id)
client.create_registered_model("churn-model")
for run_id in (run.info.run_id, run.info.run_id):
    client.create_model_version("churn-model", run.info.artifact_uri + "/model", run_id, tags={"approval_ticket": "T-1"})
client.set_registered_model_alias("churn-model", "champion", "1")
client.set_registered_model_alias("churn-model", "candidate", "2")
model = client.get_registered_model("churn-model")
version = client.get_model_version_by_alias("churn-model", "candidate")
found = client.get_run(version.run_id)
runs = client.search_runs([found.info.experiment_id], "attributes.status = 'FINISHED'")
print(json.dumps({
    "model": model.name, "version": str(version.version), "commit": found.data.tags["mlflow.source.git.commit"],
    "metrics": sorted(found.data.metrics), "run": found.info.run_id,
    "values": sorted([r.info.run_name, name, value] for r in runs for name, value in r.data.metrics.items()),
}))
"""


@pytest.mark.parametrize("uri", ["sqlite:///mlflow.db", "file:./mlruns"])
def test_what_is_read_is_what_mlflow_itself_says(uri: str, project: Project, collected: Collect) -> None:
    pytest.importorskip("mlflow")
    import json

    folder = project({})
    environment = os.environ | {"MLFLOW_ALLOW_FILE_STORE": "true", "GIT_PYTHON_REFRESH": "quiet"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, uri],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    api = json.loads(done.stdout.splitlines()[-1])
    found = collected(folder)
    assert found.facts["delivery.model"] == api["model"]
    assert found.facts["delivery.version"] == api["version"] == "2"
    assert found.facts["lineage.trace.code"] == api["commit"]
    assert found.facts["lineage.trace.evaluation"] == f"MLflow run {api['run']}"
    assert found.facts["training.evaluation.metrics"] == api["metrics"] == ["auc", "val/loss"]
    stability = sorted([one["run"], one["metric"], one["value"]] for one in found.facts["training.evaluation.stability"])
    assert stability == api["values"]
    assert len(stability) == 6
    assert found.facts["registry.promotion.decision_log"] == "registry tag approval_ticket"
    assert any("still RUNNING" in one for one in found.shortfalls)
    assert found.unreadable == {}
