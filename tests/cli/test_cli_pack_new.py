"""`pack new`: what it makes stands at once, and is never written over anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

KINDS = ("over", "alone")


@pytest.fixture(params=KINDS)
def made(request: pytest.FixtureRequest, run: Any, here: Path) -> Path:
    folder = here / f"made-{request.param}-{request.node.name[:20]}"
    ended = run("pack", "new", folder, *(["--standalone"] if request.param == "alone" else []))
    assert ended.code == 0
    assert all(f"  {file.relative_to(folder)}\n" in ended.out for file in folder.rglob("*") if file.is_file())
    return folder


def test_the_examples_of_its_facts_are_a_delivery_that_passes_it(made: Path, run: Any):
    from gatewright.cli.inputs import read_pack

    delivery = made.with_suffix(".json")
    delivery.write_text(json.dumps(read_pack(str(made)).example, default=str))
    assert run("check", delivery, "--pack", made).code == 0


def test_what_it_says_to_do_next_can_be_done_and_finds_nothing_wrong_and_all_covered(made: Path, run: Any):
    lines = [line.partition("#")[0].split() for line in (made / "README.md").read_text().splitlines()]
    told = {words[2]: words[3:] for words in lines if words[:2] == ["gatewright", "pack"]}
    assert {"lint", "test"} <= set(told)
    ended = {
        name: run("pack", name, *(str(made) if word == "." else word for word in words), *(["-f", "json"] * (name == "test")))
        for name, words in told.items()
    }
    assert {name: one.code for name, one in ended.items()} == dict.fromkeys(told, 0)
    assert ended["lint"].out.endswith("no findings\n")
    percents = {line["name"]: line["percent"] for line in ended["test"].json["coverage"]}
    assert {name: percent for name, percent in percents.items() if percent < 100} in ({}, {"conditions that decide": 98})


def test_a_pack_over_a_folder_names_the_way_there(run: Any, here: Path):
    run("pack", "new", here / "one" / "first-layer")
    ended = run("pack", "new", here / "two" / "second-layer", "--pack", here / "one" / "first-layer", "--gate", "second-look")
    assert ended.code == 0
    assert "extends: ../../one/first-layer\n" in (here / "two" / "second-layer" / "pack.yaml").read_text()
    shown = run("pack", "show", "--pack", here / "two" / "second-layer").out
    assert ", review: " in shown
    assert ", second-look: " in shown


def test_nothing_is_written_where_something_is(run: Any, here: Path):
    (here / "full").mkdir()
    (here / "full" / "mine.txt").write_text("mine")
    ended = run("pack", "new", "full")
    assert ended.code == 2
    assert "is there already" in ended.err
    assert [file.name for file in (here / "full").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("bad!name",), "can't be called `bad!name`"),
        (("good", "--gate", "No"), "can't be called `No`"),
        (("good", "--gate", "lineage"), "a pack or gate `lineage` already"),
        (("mlops",), "a pack or gate `mlops` already"),
    ],
)
def test_a_name_that_would_not_do_is_refused_before_anything_is_written(run: Any, here: Path, args: tuple[str, ...], says: str):
    ended = run("pack", "new", *args)
    assert ended.code == 2
    assert says in ended.err
    assert list(here.iterdir()) == []
