"""Workflow commands, read as the runner of GitHub reads them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli import safe
from test_cli_safe_output import INJECTIONS, all_at_once, as_key, as_value

COMMAND = re.compile(r"::([a-z]+) ([^:]*)::(.*)")


def decoded(text: str, signs: str = "\r\n") -> str:
    for sign in signs:
        text = text.replace(f"%{ord(sign):02X}", sign)
    return text.replace("%25", "%")


def commands(answer: str) -> list[tuple[str, dict[str, str], str]]:
    """Each command with its properties and message. Whatever else the runner would take for one is a fault."""
    found: list[tuple[str, dict[str, str], str]] = []
    for line in answer.split("\n"):
        assert "##[" not in line
        if not line.lstrip().startswith("::"):
            continue
        match = COMMAND.fullmatch(line)
        assert match, line
        parts = (part.partition("=") for part in match[2].split(","))
        found.append((match[1], {name: decoded(value, "\r\n:,") for name, _, value in parts}, decoded(match[3])))
    return found


def test_what_blocks_is_an_error_at_its_place_below_the_verdict(examples: Path, run: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(examples)
    ended = run("check", "demand-forecast.yaml", "--format", "github")
    assert ended.code == 1
    assert ended.out.startswith("Gatewright: demand-forecast 5.1.0: BLOCKED at gate 7")
    first, second = commands(ended.out)
    place = {"file": "demand-forecast.yaml", "line": "174", "endLine": "174", "col": "15", "endColumn": "27"}
    assert first[:2] == (
        "error",
        place | {"title": "Gate 7, retraining-rollback: Retraining trigger policy is explicit."},
    )
    assert first[2].startswith("`retraining.drift.response` is `monitor-only`, which is not")
    assert first[2].split("\n")[1].startswith("Choose the recommended response")
    assert second[0] == "error"


def test_of_each_level_as_many_are_told_as_github_shows_and_the_last_counts_the_rest(examples: Path, run: Any) -> None:
    file = examples / "made-with-ml.yaml"
    found = commands(run("check", file, "--format", "github").out)
    levels = [level for level, _, _ in found]
    verdict = run("check", file, "--format", "json").json
    later = [one for one in verdict["missing"] if one["gate"] != "training-evaluation"]
    assert levels.count("warning") == 10
    last = [properties["title"] for level, properties, _ in found if level == "warning"][-1]
    told = re.fullmatch(r"Gatewright: (\d+) findings more", last)
    assert told
    assert int(told[1]) + 9 == len(later) + len(verdict["antipatterns"])
    assert levels.count("notice") == 10


def test_problems_of_many_files_are_errors_in_each(write: Any, run: Any, passing: dict[str, Any]) -> None:
    ended = run("validate", write("a, b.yaml", "use_case: {objectiv: a}\n"), write("b.json", passing), "--format", "github")
    assert ended.code == 1
    assert "1 of 2 fact files with problems" in ended.out
    [(level, properties, message)] = commands(ended.out)
    assert (level, properties["file"], properties["line"]) == ("error", "a, b.yaml", "1")
    assert message == "no fact is called `use_case.objectiv`\nDid you mean `objective`?"


def test_a_delivery_that_passes_has_no_annotation(passing: dict[str, Any], write: Any, run: Any) -> None:
    ended = run("check", write("a.json", passing), "--format", "github")
    assert ended.code == 0
    assert "PASSED, all 10 gates" in ended.out
    assert not commands(ended.out)


@pytest.mark.parametrize("options", ["-", "no.yaml", "- --pack nope", "- --today x"])
def test_what_cannot_be_judged_is_an_error(options: str, run: Any, here: Path) -> None:
    ended = run("check", *options.split(), "--format", "github", stdin="a: [")
    assert ended.code == 2
    assert [level for level, _, _ in commands(ended.out)] == ["error"]


@pytest.mark.parametrize("place", [as_value, as_key])
def test_hostile_texts_make_no_command_and_come_back(
    place: Any, passing: dict[str, Any], write: Any, run: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("gatewright.cli.renderers.github._MOST", 1_000)
    found = commands(run("check", write("a.json", all_at_once(place, passing)), "--format", "github").out)
    assert {level for level, _, _ in found} <= {"error", "warning", "notice"}
    assert {name for _, properties, _ in found for name in properties} <= {"file", "line", "endLine", "col", "endColumn", "title"}
    assert {properties["file"] for _, properties, _ in found} == {"a.json"}
    messages = " ".join(" ".join(message.split()) for _, _, message in found)
    short = [text for text in INJECTIONS.values() if len(text) < 40]
    lost = [text for text in short if " ".join(safe.terminal(" ".join(text.split())).split()) not in messages]
    assert not lost


def test_the_name_of_a_file_makes_no_command(write: Any, run: Any) -> None:
    name = write("a,line=1::%0A::error::b%2C.yaml", "use_case: {objectiv: a}\n")
    [(_, properties, _)] = commands(run("validate", name, "--format", "github").out)
    assert properties["file"] == name
