"""SARIF: read by the schema of the standard, and by what a code scanner does with it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from gatewright.cli import safe
from jsonschema import Draft202012Validator
from test_cli_safe_output import INJECTIONS, all_at_once, as_key, as_value

SCHEMA = Draft202012Validator(json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text()))
WRONG = "use_case:\n  objectiv: a\n  risk: {impact: hihg}\n"


@pytest.fixture
def sarif(run: Any) -> Any:
    """The run of a SARIF answer that its schema takes."""

    def sarif(*arguments: object, stdin: str | None = None) -> Any:
        answer = run(*arguments, "--format", "sarif", stdin=stdin).json
        SCHEMA.validate(answer)
        return answer["runs"][0]

    return sarif


def region(result: dict[str, Any], text: str) -> str:
    """What the region of a result covers."""
    found = result["locations"][0]["physicalLocation"]["region"]
    assert found["startLine"] == found["endLine"]
    return text.split("\n")[found["startLine"] - 1][found["startColumn"] - 1 : found["endColumn"] - 1]


def said(message: dict[str, str]) -> str:
    """A message as a viewer shows it: no links, no placeholders, and doubled braces are braces."""
    text = message["text"]
    assert not re.search(r"\[[^\]]*\]\(", text)
    assert not re.sub(r"\{\{|\}\}", "", text).count("{")
    return text.replace("{{", "{").replace("}}", "}")


@pytest.mark.parametrize("example", ["ticket-routing", "demand-forecast", "made-with-ml"])
def test_each_thing_missing_is_a_result_at_its_place_below_its_criterion(
    example: str, examples: Path, sarif: Any, run: Any
) -> None:
    file = examples / f"{example}.yaml"
    found, verdict = sarif("check", file), run("check", file, "--format", "json").json
    places = [(f"{one['gate']}.{one['criterion']}", one["line"], one["column"]) for one in verdict["missing"]]
    results = [one for one in found["results"] if one["level"] != "note"]
    regions = [one["locations"][0]["physicalLocation"]["region"] for one in results]
    reported = [(one["ruleId"], at["startLine"], at["startColumn"]) for one, at in zip(results, regions, strict=True)]
    assert set(places) <= set(reported)
    assert any(one["level"] == "error" for one in results) == (verdict["verdict"] == "blocked")
    assert len([one for one in found["results"] if one["ruleId"] == "delivery.assumption"]) == len(verdict["assumptions"])
    assert [(one["id"], one["status"]) for one in found["properties"]["gates"]] == [
        (one["id"], one["status"]) for one in verdict["gates"]
    ]


def test_a_contradiction_is_marked_from_its_first_character_to_its_last(examples: Path, sarif: Any) -> None:
    file = examples / "demand-forecast.yaml"
    [first, *_] = sarif("check", file)["results"]
    assert region(first, file.read_text()) == "monitor-only"


def test_a_problem_is_marked_in_characters_and_not_in_bytes(write: Any, sarif: Any) -> None:
    text = 'use_case: {"東京😀": 1}\n'
    [found] = sarif("validate", write("a.yaml", text))["results"]
    assert region(found, text) == '"東京😀"'


def test_every_criterion_is_a_rule_with_help_that_belongs_to_its_gate(examples: Path, sarif: Any, run: Any, gates: Any) -> None:
    file = examples / "made-with-ml.yaml"
    found = sarif("check", file)
    rules, [taxonomy] = found["tool"]["driver"]["rules"], found["taxonomies"]
    assert [one["id"] for one in taxonomy["taxa"]] == list(gates)
    by_gate = {
        one["id"]: taxonomy["taxa"][one["relationships"][0]["target"]["index"]]["id"] for one in rules if "relationships" in one
    }
    verdict = run("check", file, "--format", "json").json
    assert by_gate == {
        f"{gate['id']}.{one['id']}": gate["id"] for gate in verdict["gates"] for one in (*gate["entry"], *gate["exit"])
    }
    assert all("How to mend: " in one["help"]["text"] and one["help"]["markdown"] for one in rules if one["id"] in by_gate)
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in found["results"])


def test_fingerprints_differ_and_stay_when_lines_move_and_values_change(examples: Path, write: Any, sarif: Any) -> None:
    text = (examples / "made-with-ml.yaml").read_text()
    moved = "# a line\n\n" + text.replace("if we like the results", "when we like the results")
    before, after = (
        [one["partialFingerprints"]["primaryLocationLineHash"] for one in sarif("check", write("a.yaml", now))["results"]]
        for now in (text, moved)
    )
    assert before == after
    assert len(set(before)) == len(before) > 50


def test_problems_of_many_files_are_one_run(write: Any, sarif: Any, passing: dict[str, Any]) -> None:
    found = sarif("validate", write("a.yaml", WRONG), write("b.json", passing), write("c.yaml", "a: ["))
    names = [one["location"]["uri"] for one in found["artifacts"]]
    assert names == ["a.yaml", "b.json", "c.yaml"]
    at = [(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], one["ruleId"]) for one in found["results"]]
    assert at == [("a.yaml", "file.unknown-fact"), ("a.yaml", "file.wrong-choice"), ("c.yaml", "file.syntax")]
    [invocation] = found["invocations"]
    assert not invocation["executionSuccessful"]
    assert "c.yaml can't be judged" in invocation["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize(
    ("options", "results"),
    [("-", 1), ("no.yaml", 1), ("- --pack nope", 0), ("- --today x", 0)],
    ids=["syntax", "file", "pack", "usage"],
)
def test_what_cannot_be_judged_did_not_succeed_and_says_why(options: str, results: int, sarif: Any, here: Path) -> None:
    found = sarif("check", *options.split(), stdin="a: [")
    [invocation] = found["invocations"]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert len(found["results"]) == results


def test_names_are_relative_to_the_working_directory_and_encoded(write: Any, sarif: Any, here: Path) -> None:
    name = write("a b%20#ü.yaml", WRONG)
    for given in (name, here / name, f"./{name}"):
        found = sarif("validate", given)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        assert unquote(found["uri"]) == name
        assert found["uriBaseId"] == "%SRCROOT%"
    (here / "below").mkdir()
    (here / "c.yaml").write_text(WRONG)
    outside = sarif("validate", "/dev/null")["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert outside == {"uri": "file:///dev/null"}


@pytest.mark.parametrize("place", [as_value, as_key])
def test_hostile_texts_stay_texts(place: Any, passing: dict[str, Any], write: Any, sarif: Any, assert_harmless: Any) -> None:
    content = all_at_once(place, passing)
    if place is as_value:
        content["use_case"]["users"] = []
        content["assumptions"] = [{"fact": "use_case.users", "value": list(INJECTIONS.values()), "reason": "a", "owner": "b"}]
        del content["use_case"]["users"]
    found = sarif("check", write("a.json", content))
    messages = " ".join(said(one["message"]) for one in found["results"])
    assert_harmless(messages)
    short = [text for text in INJECTIONS.values() if len(text) < 40]
    lost = [
        text for text in short if " ".join(safe.terminal(" ".join(text.split())).replace("](", "]\\x28").split()) not in messages
    ]
    assert not lost
