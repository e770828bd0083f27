"""Kubernetes: what a Deployment of a model server says, and that other Deployments say nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]
WHOLE = "resources: {limits: {memory: 4Gi, cpu: '2'}}, readinessProbe: {httpGet: {path: /v2/health/ready, port: 8000}}"
PINNED = "@sha256:" + "0" * 64


def _deployment(image: str, more: str = WHOLE, strategy: str = "", kind: str = "Deployment", name: str = "a") -> str:
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n{strategy}  template:\n    spec:\n"
        f"      containers:\n      - {{name: server, image: '{image}', {more}}}\n"
    )


@pytest.mark.parametrize(
    ("image", "platform"),
    [
        (f"tensorflow/serving:2.16.1{PINNED}", "TensorFlow Serving"),
        (f"docker.io/pytorch/torchserve{PINNED}", "TorchServe"),
        (f"nvcr.io/nvidia/tritonserver:24.05-py3{PINNED}", "Triton Inference Server"),
    ],
)
def test_the_image_of_a_model_server_says_the_platform(image: str, platform: str, project: Project, collected: Collect) -> None:
    found = collected(project({"k.yaml": _deployment(image)}))
    assert found.facts == {"serving.platform": platform, "serving.architecture": "online"}
    assert found.places["serving.platform"] == {"k.yaml:8"}
    assert not found.shortfalls


@pytest.mark.parametrize(
    "image", ["nginx:1.27", "example.org/tensorflow/serving:1", "tensorflow/serving-tools:1", "{{ .Values.image }}"]
)
def test_what_is_no_model_server_says_nothing_and_falls_short_of_nothing(
    image: str, project: Project, collected: Collect
) -> None:
    comment = "# beside tensorflow/serving\n"
    found = collected(project({"k.yaml": comment + _deployment(image, "tty: true")}), "--only", "kubernetes")
    assert not found.facts
    assert not found.shortfalls


@pytest.mark.parametrize(("kind", "says"), [("RollingUpdate", "rolling"), ("Recreate", "all-at-once"), ("OnDelete", None)])
def test_a_strategy_that_is_written_is_the_strategy(kind: str, says: str | None, project: Project, collected: Collect) -> None:
    text = _deployment(f"vllm/vllm-openai{PINNED}", strategy=f"  strategy: {{type: {kind}}}\n")
    assert collected(project({"k.yaml": text})).facts.get("serving.strategy") == says


def test_two_deployments_do_not_say_which_strategy_is_that_of_the_delivery(project: Project, collected: Collect) -> None:
    strategy = "  strategy: {type: Recreate}\n"
    both = [_deployment(f"vllm/vllm-openai{PINNED}", strategy=strategy, name=name) for name in "ab"]
    assert "serving.strategy" not in collected(project({"k.yaml": "---\n".join(both)})).facts


def test_a_tag_no_limits_and_no_probe_fall_short(project: Project, collected: Collect) -> None:
    found = collected(project({"k.yaml": _deployment("tensorflow/serving:latest", "tty: true", kind="StatefulSet")}))
    assert [line.split(": ", 1)[1] for line in found.shortfalls] == [
        "the image `tensorflow/serving:latest` is named by its tag and not by its digest, so what is served may change",
        "the model server `server` has no limit on memory and cpu",
        "nothing says when the model server `server` is ready",
    ]


def test_a_template_of_helm_says_nothing(project: Project, collected: Collect) -> None:
    text = _deployment(f"tensorflow/serving{PINNED}") + "{{- if .Values.more }}\n{{- end }}\n"
    assert not collected(project({"k.yaml": text})).facts


def test_broken_yaml_is_reported_and_skipped(project: Project, collected: Collect) -> None:
    found = collected(project({"k.yaml": "apiVersion: apps/v1\nimage: [tensorflow/serving\n"}))
    assert list(found.unreadable) == ["k.yaml"]
