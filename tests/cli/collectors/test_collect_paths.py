"""Paths that a source names lead nowhere outside the folder."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

SECRET = "secret-from-outside"


@pytest.mark.parametrize(
    "up", ["../secret.json", "../../project/../secret.json", "{outside}", "~/secret.json", "a/../../secret.json"]
)
def test_metrics_and_parameters_that_a_source_names_outside_the_folder_are_not_read(
    up: str, project: Project, collected: Collect, here: Path
) -> None:
    outside = here / "secret.json"
    outside.write_text(json.dumps({SECRET: 0.9, "seed": 42}))
    named = up.replace("{outside}", str(outside))
    stage = {"cmd": "python train.py", "deps": [named], "params": [{named: ["seed"]}], "metrics": [{named: {"cache": False}}]}
    lock = {"cmd": "python train.py", "params": {named: {SECRET + "-not": 1}}, "deps": [{"path": named, "md5": "0" * 32}]}
    folder = project(
        {
            "dvc.yaml": json.dumps({"stages": {"train": stage}, "metrics": [named], "params": [named]}),
            "dvc.lock": json.dumps({"schema": "2.0", "stages": {"train": lock}}),
            "data.dvc": json.dumps({"outs": [{"md5": "0" * 32, "path": named}]}),
            "a/keep.txt": "",
        }
    )
    found = collected(folder)
    assert "training.evaluation.metrics" not in found.facts
    assert all(
        str(one["file"]) in ("dvc.yaml", "dvc.lock", "data.dvc") for fact in found.answer["facts"] for one in fact["sources"]
    )
    assert SECRET not in json.dumps(found.answer["facts"])


WATCHED = """
import os, sys
here = sys.argv.pop(1)
sys.argv[0] = "gatewright"
def watch(event, args):
    if event in ("open", "sqlite3.connect", "os.listdir", "os.scandir") and args and isinstance(args[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(args[0]).removeprefix("file:").partition("?")[0])
        if path.startswith(here + os.sep):
            os.write(2, f"OPENED {os.path.relpath(path, here)}\\n".encode())
from gatewright.cli.main import main
sys.addaudithook(watch)
main()
"""


def _naming(named: str) -> dict[str, str | bytes]:
    """An artefact of each source that may name a file, and names this one."""
    sha = "0" * 64
    described = {
        "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "loans",
        "distribution": [{"@type": "cr:FileObject", "@id": named, "name": named, "contentUrl": named, "sha256": sha}],
    }
    model = {"type": "machine-learning-model", "name": "m", "externalReferences": [{"type": "documentation", "url": named}]}
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [model]}
    event = {
        "eventType": "COMPLETE",
        "eventTime": "2026-09-30T10:00:00Z",
        "run": {"runId": "r"},
        "job": {"namespace": "n", "name": "j", "facets": {"sourceCodeLocation": {"type": "git", "url": named}}},
        "inputs": [{"namespace": "file", "name": named, "facets": {}}],
    }
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": named, "digest": {"sha256": sha}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {"buildDefinition": {"resolvedDependencies": [{"name": named, "uri": named, "digest": {"sha256": sha}}]}},
    }
    report = {"version": "0.4.40", "metrics": [{"metric": "DataDriftTable", "result": {"drift_by_columns": {named: {}}}}]}
    checked = {"suite_name": named, "success": True, "results": [], "meta": {"great_expectations_version": "1.3.0"}}
    checked["meta"] = {"great_expectations_version": "1.3.0", "active_batch_definition": {"data_asset_name": named}}
    run, experiment = f"run_id: r\nartifact_uri: {named}\nstatus: 3\n", f"experiment_id: '1'\nartifact_location: {named}\n"
    feast = f'from feast import FeatureService, FeatureView, FileSource\nf = FileSource(name="f", path="{named}")\n'
    service = f"{{predictor: {{model: {{modelFormat: {{name: onnx}}, storageUri: '{named}'}}}}}}"
    return {
        "dvc.yaml": json.dumps({"stages": {"t": {"cmd": "x", "metrics": [named]}}, "plots": [named], "params": [named]}),
        "requirements.txt": f"-r {named}\n-c {named}\n-e {named}\nsix @ file://{named}\n",
        "Dockerfile": f"FROM python:3.11\nCOPY {named} /\n",
        ".github/workflows/a.yml": json.dumps({"on": "push", "jobs": {"a": {"uses": named}}}),
        "CODEOWNERS": f"{named} @a\n",
        "mlruns/1/meta.yaml": experiment,
        "mlruns/1/r/meta.yaml": run,
        "mlruns/models/m/version-1/meta.yaml": f"name: m\nversion: '1'\nrun_id: r\nsource: {named}\nstorage_location: {named}\n",
        "model/MLmodel": f"artifact_path: {named}\nmodel_uuid: a\nflavors: {{pyfunc: {{data: {named}}}}}\n",
        "README.md": f"---\nlicense: other\nlicense_link: {named}\nbase_model: {named}\n---\n# Model Card\n![a]({named})\n",
        "metadata.json": json.dumps(described),
        "bom.json": json.dumps(bill),
        "events.ndjson": json.dumps(event) + "\n",
        "provenance.json": json.dumps(statement),
        "report.json": json.dumps(report),
        "validation.json": json.dumps(checked),
        "rules.yaml": f"rule_files: ['{named}']\ngroups:\n- name: g\n  rules:\n  - {{alert: Down, expr: up == 0}}\n",
        "isvc.yaml": f"apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {{name: m}}\nspec: {service}\n",
        "catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: m}\n"
        f"spec: {{type: ml-model, owner: {{$text: '{named}'}}, definition: {{$text: '{named}'}}}}\n",
        "feature_store.yaml": f"project: p\nregistry: {named}\nprovider: local\n",
        "features.py": feast,
    }


@pytest.mark.parametrize("up", ["../outside/secret.json", "{outside}/secret.json", "file://{outside}/secret.json", "link"])
def test_no_source_has_a_file_outside_the_folder_opened(up: str, project: Project, here: Path) -> None:
    outside = here / "outside"
    outside.mkdir()
    (outside / "secret.json").write_text(json.dumps({SECRET: 0.9}))
    named = up.replace("{outside}", str(outside))
    folder = project(_naming(named))
    (folder / "link").symlink_to(outside / "secret.json")
    (folder / "data").symlink_to(outside, target_is_directory=True)
    ended = subprocess.run(
        [sys.executable, "-c", WATCHED, str(here), "collect", str(folder), "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    opened = {line.removeprefix("OPENED ") for line in ended.stderr.splitlines() if line.startswith("OPENED ")}
    assert {path for path in opened if not path.startswith("project")} == set()
    assert {f"project/{file}" for file in _naming(named)} <= opened  # each was read, and had the chance
    assert SECRET not in ended.stdout
