"""DVC's files, as DVC writes them."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PIPELINE = """\
stages:
  prepare:
    cmd: python prepare.py
    deps: [data/raw.csv, prepare.py]
    outs: [data/prepared]
  train:
    cmd: python train.py
    metrics: [metrics.json: {cache: false}]
"""
PREPARE = """\
schema: '2.0'
stages:
  prepare:
    cmd: python prepare.py
    deps:
    - {path: data/raw.csv, hash: md5, md5: 22a1a2931c8370d3aeedd7183606fd7f, size: 14445097}
    - {path: prepare.py, hash: md5, md5: f09ea0c15980b43010257ccb9f0055e2, size: 1576}
    outs:
    - {path: data/prepared, hash: md5, md5: 153aad06d376b6595932470e459ef42a.dir, size: 8437363, nfiles: 2}
"""
TRAIN = """\
  train:
    cmd: python train.py
    params:
      params.yaml: {train.seed: 20170428}
    outs:
    - {path: metrics.json, hash: md5, md5: 2cc9fd35ec9ba6dbdf0d6a2e35a8d8e6, size: 40}
"""
RAW = "md5:22a1a2931c8370d3aeedd7183606fd7f"
Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]


def test_the_stages_of_a_pipeline_become_its_steps_with_their_commands(project: Project, collected: Collect) -> None:
    found = collected(project({"dvc.yaml": PIPELINE, "dvc.lock": PREPARE + TRAIN}))
    assert found.facts["training.stages"] == [
        {"name": "prepare", "kind": "data-preparation", "runs": "python prepare.py"},
        {"name": "train", "kind": "training", "runs": "python train.py"},
    ]
    assert found.places["training.stages"] == {"dvc.yaml:2", "dvc.yaml:6"}
    assert found.facts["training.orchestrator"] == "DVC"
    assert not found.shortfalls


def test_data_that_no_stage_makes_is_a_dataset_and_code_and_intermediate_data_are_none(
    project: Project, collected: Collect
) -> None:
    found = collected(project({"dvc.yaml": PIPELINE, "dvc.lock": PREPARE + TRAIN}))
    assert found.facts["lineage.datasets"] == [{"name": "data/raw.csv", "version": RAW}]
    assert found.facts["lineage.trace.data"] == found.facts["governance.reproducibility.data"] == [RAW]
    assert found.facts["lineage.versioning.datasets"] == "content-hash"


def test_a_stage_that_is_not_locked_falls_short_and_nothing_says_what_the_model_was_made_from(
    project: Project, collected: Collect
) -> None:
    found = collected(project({"dvc.yaml": PIPELINE, "dvc.lock": PREPARE}))
    assert found.shortfalls == ["dvc.yaml:6: the stage `train` is not in `dvc.lock`, so nothing says what it used and made"]
    assert "lineage.trace.data" not in found.facts
    assert found.facts["lineage.datasets"] == [{"name": "data/raw.csv", "version": RAW}]


def test_a_stage_that_was_locked_with_another_command_falls_short(project: Project, collected: Collect) -> None:
    locked = (PREPARE + TRAIN).replace("python train.py", "python train.py --fast")
    found = collected(project({"dvc.yaml": PIPELINE, "dvc.lock": locked}))
    assert found.shortfalls == ["dvc.yaml:6: the stage `train` runs another command than the one in `dvc.lock`"]


def test_metrics_are_the_numbers_in_the_files_that_the_pipeline_names(project: Project, collected: Collect) -> None:
    metrics = '{"auc": 0.91, "test": {"loss": 0.3}, "note": "first try", "curve": [0.1, 0.2]}'
    found = collected(
        project({"dvc.yaml": PIPELINE, "dvc.lock": PREPARE + TRAIN, "metrics.json": metrics, "other.json": '{"f1": 1}'})
    )
    assert found.facts["training.evaluation.metrics"] == ["auc", "test.loss"]
    assert found.facts["lineage.trace.evaluation"] == "metrics.json@md5:2cc9fd35ec9ba6dbdf0d6a2e35a8d8e6"


def test_a_seed_that_a_stage_takes_is_a_fixed_one(project: Project, collected: Collect) -> None:
    found = collected(project({"dvc.yaml": PIPELINE, "dvc.lock": PREPARE + TRAIN}))
    assert found.facts["governance.reproducibility.seeds"] == "fixed"
    assert "governance.reproducibility.seeds" not in collected(project({"dvc.lock": PREPARE})).facts


def test_templates_say_no_command(project: Project, collected: Collect) -> None:
    template = """\
stages:
  fetch:
    cmd: python fetch.py ${source}
  train:
    foreach: [us, uk]
    do:
      cmd: python train.py ${item}
"""
    found = collected(project({"dvc.yaml": template, "dvc.lock": "schema: '2.0'\nstages: {}\n"}))
    assert found.facts["training.stages"] == [{"name": "fetch"}, {"name": "train", "kind": "training"}]


def test_a_file_under_version_control_is_a_dataset_where_it_is_data_and_a_model_is_none(
    project: Project, collected: Collect
) -> None:
    tracked = "outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 37891850\n  hash: md5\n  path: {}\n"
    found = collected(project({"data/loans.csv.dvc": tracked.format("loans.csv"), "model.pt.dvc": tracked.format("model.pt")}))
    assert found.facts["lineage.datasets"] == [{"name": "data/loans.csv", "version": "md5:a304afb96060aad90176268345e10355"}]


def test_imported_data_says_where_it_comes_from(project: Project, collected: Collect) -> None:
    imported = """\
frozen: true
deps:
- path: get-started/data.xml
  repo: {url: "https://github.com/iterative/dataset-registry", rev_lock: f31f5c4cdae787b4bdeb97a717687d44667d9e62}
outs:
- {md5: a304afb96060aad90176268345e10355, path: data.csv}
"""
    found = collected(project({"data.csv.dvc": imported}))
    assert found.rows("lineage.datasets")["data.csv"]["source"] == (
        "https://github.com/iterative/dataset-registry get-started/data.xml"
    )


def test_what_is_read_is_what_dvc_itself_says(project: Project, collected: Collect) -> None:
    pytest.importorskip("dvc")
    folder = project(
        {
            "data/raw.csv": "a,b\n1,2\n",
            "prepare.py": "import shutil; shutil.copy('data/raw.csv', 'data/clean.csv')",
            "train.py": "import json; json.dump({'auc': 0.9, 'test': {'loss': 0.1}}, open('metrics.json', 'w'))",
            "params.yaml": "train: {seed: 7, rate: 0.1}\n",
        }
    )

    def dvc(*args: str) -> str:
        command = [sys.executable, "-m", "dvc", *args]
        environment = os.environ | {"DVC_NO_ANALYTICS": "1"}
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout

    dvc("init", "--no-scm", "-q")
    dvc("add", "-q", "data/raw.csv")
    python = shlex.quote(sys.executable)
    dvc(
        "stage",
        "add",
        "-q",
        "-n",
        "prepare",
        "-d",
        "data/raw.csv",
        "-d",
        "prepare.py",
        "-o",
        "data/clean.csv",
        f"{python} prepare.py",
    )
    dvc(
        "stage",
        "add",
        "-q",
        "-n",
        "train",
        "-d",
        "data/clean.csv",
        "-p",
        "train.seed",
        "-M",
        "metrics.json",
        f"{python} train.py",
    )
    assert len(collected(folder).shortfalls) == 2, "nothing has been run yet"
    dvc("repro", "-q")
    found = collected(folder)
    assert found.shortfalls == []
    assert found.unreadable == {}
    stages = dvc("stage", "list", "--name-only").split()
    assert set(stages) == {row["name"] for row in found.facts["training.stages"]}
    assert dvc("status").strip() == "Data and pipelines are up to date."
    content = hashlib.md5((folder / "data" / "raw.csv").read_bytes(), usedforsecurity=False).hexdigest()
    assert found.facts["lineage.datasets"] == [{"name": "data/raw.csv", "version": f"md5:{content}"}]
    metrics = json.loads(dvc("metrics", "show", "--json"))
    said = next(iter(metrics.values()))["data"]["metrics.json"]["data"]
    assert found.facts["training.evaluation.metrics"] == ["auc", "test.loss"]
    assert said == {"auc": 0.9, "test": {"loss": 0.1}}
    assert found.facts["governance.reproducibility.seeds"] == "fixed"
    assert found.facts["lineage.trace.evaluation"].startswith("metrics.json@md5:")
