"""Paths that a source names lead nowhere outside the folder."""

from __future__ import annotations

import json
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
