"""What a folder may hold to trip its reader up: each is reported or passed over, and the rest is read."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli.collectors import tree as limits
from gatewright.cli.collectors.tree import Tree

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]
LOCK = "governance.reproducibility.environment"
GOOD: dict[str, str | bytes] = {"uv.lock": "[[package]]\n"}  # what has to be found whatever else is there
STAGE = "stages:\n  train:\n    cmd: python train.py\n"


def test_links_out_of_the_folder_and_links_in_a_circle_are_not_followed(project: Project, collected: Collect) -> None:
    folder = project(GOOD)
    (folder.parent / "outside").mkdir()
    (folder.parent / "outside" / "dvc.yaml").write_text(STAGE)
    (folder / "linked").symlink_to(folder.parent / "outside")
    (folder / "dvc.yaml").symlink_to(folder.parent / "outside" / "dvc.yaml")
    (folder / "circle").symlink_to(folder)
    (folder / "itself").symlink_to("itself")
    assert list(collected(folder).facts) == [LOCK]


def test_a_link_to_a_file_inside_is_followed(project: Project, collected: Collect) -> None:
    folder = project(GOOD | {"pipelines/main.yaml": STAGE})
    (folder / "dvc.yaml").symlink_to("pipelines/main.yaml")
    assert collected(folder).facts["training.orchestrator"] == "DVC"


def test_pipes_and_sockets_are_passed_over(project: Project, collected: Collect) -> None:
    folder = project(GOOD)
    os.mkfifo(folder / "dvc.yaml")
    os.mkfifo(folder / ".gitignore")
    answer: list[Any] = []
    thread = threading.Thread(target=lambda: answer.append(collected(folder)), daemon=True)
    thread.start()
    thread.join(20)
    assert answer, "it waits for somebody to write into a pipe"
    assert list(answer[0].facts) == [LOCK]


BOMB = "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join(['*' + a] * 8)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (BOMB, "values"),
        ("stages: " + "[" * 5000, "nested"),
        ("stages: {a: 1, a: 2}\n", "twice"),
        ("stages: !!python/object/apply:os.system ['touch hacked']\n", "tags"),
        ("stages:\n  {{ name }}:\n    cmd: x\n", "a key is a single text"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"stages: \x00", "control character"),
        ("stages: " + "x" * 3_000_000, "bytes"),
        ("- a list\n", "no mapping"),
        ("a: 1\n---\nb: 2\n", "no mapping"),
        ("---\n" * 300 + "a: 1\n" + "---\nb: 2\n" * 300, "documents"),
    ],
    ids=["bomb", "deep", "twice", "tag", "template", "utf-16", "null", "huge", "list", "two", "many"],
)
def test_a_file_that_cannot_be_read_is_reported_with_the_reason_and_the_others_are_read(
    content: str | bytes, why: str, project: Project, collected: Collect
) -> None:
    folder = project(GOOD | {"dvc.yaml": content})
    found = collected(folder)
    assert why in found.unreadable["dvc.yaml"]
    assert list(found.facts) == [LOCK]
    assert not Path("hacked").exists()


def test_names_that_steer_or_lead_out_are_harmless_in_what_is_printed_and_written(project: Project, collected: Collect) -> None:
    dataset = "outs:\n- {md5: a304afb96060aad90176268345e10355, path: x.csv}\n"
    names = [
        "data/\x1b[2J.csv.dvc",
        "data/a\nb.csv.dvc",
        "data/\u202egnp.csv.dvc",
        "data/..%2f..%2fx.csv.dvc",
        "data/a\\..\\b.csv.dvc",
    ]
    found = collected(project(GOOD | dict.fromkeys(names, dataset)))
    assert sum("can't be printed" in why for why in found.unreadable.values()) == 3
    assert LOCK in found.facts


def test_text_of_strangers_stays_text(project: Project, collected: Collect) -> None:
    name = '"x: !!python/name:os\\e[2J ##[error] *a &b {c: d} # no comment"'
    found = collected(project({"dvc.yaml": f"stages:\n  {name}:\n    cmd: '::error::yes'\n"}))
    assert found.facts["training.stages"] == [] or "##[error]" in found.facts["training.stages"][0]["name"]


def test_more_files_than_are_read_are_told_and_the_first_count(
    project: Project, collected: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_READS", 1)
    found = collected(project(GOOD | {"dvc.yaml": STAGE}))
    assert "more than 1 files" in found.unreadable["."]
    assert list(found.facts) == ["training.stages", "training.orchestrator"]


def test_more_entries_than_are_looked_at_are_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ENTRIES", 10)
    folder = project({f"d{n}/x": "" for n in range(20)})
    assert "more than 10" in Tree(str(folder)).unreadable["."]


def test_the_order_of_files_is_that_of_their_names_and_progress_is_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_EVERY", 2)
    folder = project(dict.fromkeys(("b/x", "a/y", "a.txt", "B", "a/x"), ""))
    told: list[int] = []
    assert Tree(str(folder), progress=told.append).named("*") == ["B", "a.txt", "a/x", "a/y", "b/x"]
    assert told == [2, 4, 6]


def test_a_file_that_is_kinds_of_is_looked_at_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = Tree(
        str(project({"a.yaml": "kind: Service\n", "b.yaml": "other: 1\n", "c.yaml": "x" * 20_000 + "kind:" + "x" * 20_000}))
    )
    assert tree.holding("kind:", "*.yaml") == ["a.yaml"]
    monkeypatch.setattr(tree, "_head", lambda file: pytest.fail(file))
    assert tree.holding("other", "*.yaml") == ["b.yaml"]


def test_several_documents_keep_their_lines(project: Project) -> None:
    tree = Tree(str(project({"k.yaml": "# first\na: 1\n---\nb: 2\n---\n\n--- # third\nc:\n  - 3\n"})))
    assert [next(iter(root.entries.values())).place.line for root in tree.documents("k.yaml")] == [2, 4, 8]
    assert tree.unreadable == {}


def test_what_gitignore_leaves_out_is_told_and_can_be_included(project: Project, run: Callable[..., Any]) -> None:
    folder = project({".gitignore": "/left/\n*.lock\n", "left/dvc.yaml": STAGE, "uv.lock": "[[package]]\n"})
    told = run("collect", folder, "--explain").out
    assert "left out by .gitignore: `left`, `uv.lock`" in told
    assert "No facts were found" in told
    assert "training.orchestrator: `DVC`" in run("collect", folder, "--include", "left").out
    assert f"{LOCK}: `lock-file`" in run("collect", folder, "--include", "uv.lock").out
