"""`init` writes a fact file to begin with; `schema` prints what editors need for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gatewright.cli import inputs

PACK = inputs.read_pack("mlops")


@pytest.mark.parametrize("options", [(), ("--minimal",), ("--gate", "lineage"), ("--gate", "10")])
def test_a_starter_file_is_valid_and_states_nothing(options: tuple[str, ...], here: Path, run: Any) -> None:
    assert run("init", "new.yaml", *options).code == 0
    found = run("validate", "new.yaml", "--format", "json")
    assert found.code == 0
    assert found.json["files"][0]["facts"]["stated"] == 0


def test_a_starter_file_names_every_fact_with_its_question(run: Any) -> None:
    text = " ".join(run("init", "-").out.replace("#", " ").split())
    for path, fact in PACK.facts.items():
        assert f" {path.rsplit('.', 1)[-1]}: " in text, path
        if "[]" not in path:
            assert fact.ask in text, path


def test_a_starter_file_of_one_gate_has_the_sections_of_that_gate_alone(run: Any) -> None:
    keys = [line.partition(":")[0] for line in run("init", "-", "--gate", "4").out.split("\n") if line[:1].isalpha()]
    assert keys == ["registry"]


@pytest.mark.parametrize("name", ["credit-default.yaml", "ticket-routing.yaml", "demand-forecast.yaml", "made-with-ml.yaml"])
@pytest.mark.parametrize("options", [(), ("--minimal",)])
def test_a_starter_made_from_a_file_is_judged_as_that_file(
    name: str, options: tuple[str, ...], here: Path, examples: Path, run: Any
) -> None:
    assert run("init", "new.yaml", "--from", examples / name, *options).code == 0
    old, new = (run("check", file, "--format", "json").json for file in (examples / name, "new.yaml"))
    assert new["problems"] == []
    assert judged(new) == judged(old)


def judged(answer: Any) -> Any:
    """What was concluded; places differ, and what was missing is a placeholder now."""
    gates = [(gate["id"], gate["status"], [one["status"] for one in (*gate["entry"], *gate["exit"])]) for gate in answer["gates"]]
    rows = [(row["table"], row["row"], row["leads"], row["deviates"]) for row in answer["recommendations"]]
    return (
        answer["verdict"],
        gates,
        rows,
        [row["row"] for row in answer["undecided"]],
        [pattern["id"] for pattern in answer["antipatterns"]],
        answer["sequence"],
    )


def test_nothing_is_written_over_a_file_that_exists(here: Path, run: Any) -> None:
    (here / "mine.yaml").write_text("delivery: {model: mine}\n")
    ended = run("init", "mine.yaml")
    assert ended.code == 2
    assert "exists" in ended.err
    assert (here / "mine.yaml").read_text() == "delivery: {model: mine}\n"


def test_a_gate_that_is_none_is_refused(run: Any) -> None:
    ended = run("init", "-", "--gate", "lineag")
    assert ended.code == 2
    assert "did you mean `lineage`?" in ended.err


def test_the_schema_is_json_schema_and_names_every_section(run: Any) -> None:
    ended = run("schema")
    assert ended.code == 0
    assert ended.json["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(ended.json["properties"]) == {s.id for s in PACK.sections} | {"assumptions", "sequence"}
