"""Lock files, requirements and Dockerfiles: what fixes an environment, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FIXED = "governance.reproducibility.environment"
HASH = " --hash=sha256:" + "0" * 64
DIGEST = "@sha256:" + "0" * 64
Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("uv.lock", 'version = 1\n[[package]]\nname = "numpy"\n'),
        ("poetry.lock", '[[package]]\nname = "numpy"\n'),
        ("pylock.toml", '[[packages]]\nname = "numpy"\n'),
        ("Pipfile.lock", '{"default": {"numpy": {"hashes": ["sha256:0"]}}}'),
        ("conda-lock.yml", "package:\n- hash: {sha256: 0}\n".replace("sha256: 0", '"sha256:": 0')),
        ("requirements.txt", f"numpy==2.3.1 \\\n   {HASH}\n"),
    ],
)
def test_a_lock_file_in_the_top_folder_fixes_the_environment(
    name: str, content: str, project: Project, collected: Collect
) -> None:
    assert collected(project({name: content})).facts == {FIXED: "lock-file"}


def test_a_lock_file_further_down_may_be_of_something_else(project: Project, collected: Collect) -> None:
    assert collected(project({"docs/uv.lock": "[[package]]\n"})).facts == {}


@pytest.mark.parametrize("empty", ["", "version = 1\n"])
def test_a_lock_file_that_locks_nothing_fixes_nothing(empty: str, project: Project, collected: Collect) -> None:
    assert collected(project({"uv.lock": empty})).facts == {}


@pytest.mark.parametrize(
    "line",
    [
        "numpy",
        "numpy>=1.2",
        "numpy==1.*",
        "numpy==1.2,<3",
        "numpy~=1.2",
        "git+https://host/numpy  # numpy",
        "numpy @ git+https://h/n@main",
    ],
)
def test_a_requirement_that_is_not_pinned_falls_short_with_its_line(line: str, project: Project, collected: Collect) -> None:
    found = collected(project({"requirements.txt": f"# what we need\npandas==2.0.1\n{line}\n"}))
    name = line.split("+")[0] if line.startswith("git") else "numpy"
    assert found.shortfalls == [f"requirements.txt:3: `{name}` is not pinned to one version"]
    assert found.facts == {}


@pytest.mark.parametrize(
    "line",
    [
        "numpy==1.2.3",
        "numpy[extra] == 1.2.3 ; python_version < '3.12'  # why",
        "numpy===1.2.3",
        f"numpy @ git+https://host/numpy@{'a' * 40}",
    ],
)
def test_requirements_that_are_pinned_without_hashes_fall_short_of_a_lock_file(
    line: str, project: Project, collected: Collect
) -> None:
    found = collected(project({"requirements.txt": f"-r other.txt\n--index-url https://host/simple\n{line}\n"}))
    assert [one.partition(": ")[2][:27] for one in found.shortfalls] == ["every requirement is pinned"]
    assert found.facts == {}


def test_an_image_with_a_digest_fixes_more_only_beside_a_lock_file(project: Project, collected: Collect) -> None:
    docker = f"FROM --platform=linux/amd64 python:3.12{DIGEST} AS build\nRUN pip install .\nFROM build\n"
    assert collected(project({"Dockerfile": docker})).facts == {}
    assert collected(project({"uv.lock": "[[package]]\n"})).facts == {FIXED: "lock-file-and-container-digest"}


def test_an_image_with_a_tag_falls_short_and_the_lock_file_still_counts(project: Project, collected: Collect) -> None:
    docker = f"FROM python:3.12{DIGEST} AS build\nFROM gcr.io/tfx-oss-public/tfx:1.2.0\nFROM ${{BASE}}\nFROM scratch\n"
    found = collected(project({"uv.lock": "[[package]]\n", "Dockerfile": docker}))
    assert found.facts == {FIXED: "lock-file"}
    assert [one[:58] for one in found.shortfalls] == ["Dockerfile:2: the image `gcr.io/tfx-oss-public/tfx:1.2.0` i"[:58]]
