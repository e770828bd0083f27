"""GitLab's code quality report, checked against what its documentation asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from test_cli_safe_output import INJECTIONS, all_at_once, as_value

# As documented: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
LINE = {"type": "integer", "minimum": 1}
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)."},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": LINE, "end": LINE}},
                },
            },
        },
    },
}


@pytest.fixture
def gitlab(run: Any) -> Any:
    def gitlab(*arguments: object, stdin: str | None = None) -> Any:
        answer = run(*arguments, "--format", "gitlab", stdin=stdin).json
        jsonschema.validate(answer, SCHEMA)
        prints = [one["fingerprint"] for one in answer]
        assert len(set(prints)) == len(prints)
        return answer

    return gitlab


def test_what_blocks_now_is_a_blocker_and_what_blocks_later_is_not(examples: Path, gitlab: Any, run: Any) -> None:
    file = examples / "made-with-ml.yaml"
    found, verdict = gitlab("check", file), run("check", file, "--format", "json").json
    now = {
        (one["line"], f"gatewright/{one['gate']}.{one['criterion']}")
        for one in verdict["missing"]
        if one["gate"] == "training-evaluation"
    }
    blockers = {(one["location"]["lines"]["begin"], one["check_name"]) for one in found if one["severity"] == "blocker"}
    assert blockers == now
    assert {one["severity"] for one in found} == {"blocker", "major", "info"}


def test_the_same_problem_in_two_files_and_twice_in_one_is_told_each_time(write: Any, gitlab: Any, here: Path) -> None:
    wrong = "lineage:\n  datasets:\n    - {name: a, ownr: b}\n    - {name: b, ownr: b}\n"
    found = gitlab("validate", write("a.yaml", wrong), f"./{write('b.yaml', wrong)}")
    assert [(one["location"]["path"], one["location"]["lines"]["begin"]) for one in found] == [
        ("a.yaml", 3),
        ("a.yaml", 4),
        ("b.yaml", 3),
        ("b.yaml", 4),
    ]


def test_a_delivery_that_passes_has_an_empty_report(passing: dict[str, Any], write: Any, gitlab: Any) -> None:
    assert gitlab("check", write("a.json", passing)) == []


@pytest.mark.parametrize("options", ["-", "no.yaml", "- --pack nope", "- --today x"])
def test_what_cannot_be_judged_is_a_blocker(options: str, gitlab: Any, here: Path) -> None:
    assert [one["severity"] for one in gitlab("check", *options.split(), stdin="a: [")] == ["blocker"]


def test_hostile_texts_stay_texts(passing: dict[str, Any], write: Any, run: Any, gitlab: Any, assert_harmless: Any) -> None:
    name = write("a.json", all_at_once(as_value, passing))
    assert_harmless(run("check", name, "--format", "gitlab").out)
    told = " ".join(one["description"] for one in gitlab("check", name))
    assert_harmless(told)
    assert INJECTIONS["HTML"] in told
