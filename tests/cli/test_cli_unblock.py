"""The command `unblock`: exit codes, the first lines, and YAML that does what it says."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Run = Callable[..., Any]
Write = Callable[[str, object], str]


def test_a_delivery_that_passes_needs_nothing_and_ends_with_0(run: Run, write: Write, passing: dict[str, Any]):
    ended = run("unblock", write("d.json", passing), "all")
    assert ended.code == 0
    assert ended.out.startswith("The delivery passes as it is: nothing is to be stated.\n")


def test_a_gate_that_is_blocked_ends_with_1_and_begins_with_the_easiest_way(run: Run, examples: Path):
    ended = run("unblock", examples / "demand-forecast.yaml", "7")
    assert ended.code == 1
    assert ended.out.startswith(
        "Gate 7, retraining-rollback, passes with 1 fact. There are 3 ways, the easiest first:\n\n"
        "1. Change `retraining.drift.response` to `retrain-with-rollout-controls`  ("
    )
    assert "2. State `retraining.drift.rationale`  (belongs below " in ended.out
    assert "3. Correct `retraining.drift.observed` to `none` or `not-in-service`, but only if what it says is wrong" in ended.out


def test_a_waiting_gate_says_that_the_gates_before_it_are_included(run: Run, examples: Path):
    assert "passes with 1 fact, the gates before it included." in run("unblock", examples / "demand-forecast.yaml", "9").out


def test_a_gate_that_there_is_not_ends_with_2(run: Run, write: Write, passing: dict[str, Any]):
    ended = run("unblock", write("d.json", passing), "lineag")
    assert ended.code == 2
    assert "did you mean `lineage`?" in ended.err


def test_a_passing_gate_in_a_file_with_problems_ends_with_1_and_shows_them(run: Run, write: Write, passing: dict[str, Any]):
    passing["use_case"]["colour"] = "red"
    ended = run("unblock", write("d.json", passing), "use-case")
    assert ended.code == 1
    assert "The file has 1 problem, and a file with problems never passes:" in ended.out
    assert "error[unknown-fact]: no fact is called `use_case.colour`" in ended.out


def test_stale_evidence_is_to_be_renewed_with_its_value_kept(run: Run, write: Write, passing: dict[str, Any]):
    passing["use_case"]["owner"] = {"value": "ana", "evidence": {"url": "https://x.example/a", "date": "2020-01-01"}}
    ended = run("unblock", write("d.json", passing), "1", "--today", "2026-01-01")
    assert "Check `use_case.owner` again, and state it" in ended.out
    assert 'owner: {value: ana, evidence: {url: "https://x.example/a", date: <year-month-day>}}' in ended.out


def test_json_has_each_way_with_its_questions_places_and_yaml(run: Run, examples: Path):
    answer = run("unblock", examples / "demand-forecast.yaml", "7", "-f", "json").json
    (part,) = answer["parts"]
    first = part["ways"][0]["changes"][0]
    assert (answer["least"], answer["proven"], answer["possible"]) == (1, True, True)
    assert (first["fact"], first["do"], first["has_to_be"]) == (
        "retraining.drift.response",
        "change",
        ["retrain-with-rollout-controls"],
    )
    assert (first["line"], first["column"]) == (174, 15)
    assert yaml.safe_load(part["ways"][0]["snippet"]) == {"retraining": {"drift": {"response": "retrain-with-rollout-controls"}}}


def test_most_limits_the_ways(run: Run, examples: Path):
    ended = run("unblock", examples / "demand-forecast.yaml", "7", "--most", "1")
    assert "There are more ways than this, which is the easiest (--most N tells more):" in ended.out
    assert "2. " not in ended.out


def merged(old: Any, new: Any) -> Any:
    """What a person makes of a file and a snippet: groups together, facts in their place."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {key: merged(old[key], value) if key in old else value for key, value in new.items()}
    return new


def filled(snippet: Any, known: Any) -> Any:
    """A snippet with every `<...>` filled in from a delivery that passes."""
    if isinstance(snippet, dict):
        return {key: filled(value, known[key] if isinstance(known, dict) else None) for key, value in snippet.items()}
    if isinstance(snippet, list) and snippet and isinstance(snippet[0], dict):
        return [filled(one, known[min(n, len(known) - 1)]) for n, one in enumerate(snippet)]
    return known if "<" in str(snippet) else snippet


def test_the_yaml_for_an_empty_delivery_passes_when_filled_in(run: Run, write: Write, passing: dict[str, Any]):
    snippet = yaml.safe_load(run("unblock", write("empty.json", {"delivery": {}}), "all", "-f", "json").json["snippet"])
    assert run("check", write("d.json", filled(snippet, passing))).code == 0


def test_the_yaml_counts_as_not_stated_until_it_is_filled_in(run: Run, write: Write):
    snippet = yaml.safe_load(run("unblock", write("empty.json", {"delivery": {}}), "all", "-f", "json").json["snippet"])
    ended = run("check", write("d.json", snippet), "-f", "json")
    assert [gate["id"] for gate in ended.json["gates"] if gate["status"] == "passed"] == []


@pytest.mark.parametrize("path", ["use_case.owner", "serving.strategy", "training.evaluation.thresholds", "lineage.features"])
def test_the_yaml_of_one_fact_does_when_filled_in_and_put_into_the_file(
    run: Run, write: Write, passing: dict[str, Any], path: str
):
    said = copy.deepcopy(passing)
    *above, last = path.split(".")
    level = said
    for part in above:
        level = level[part]
    del level[last]
    snippet = yaml.safe_load(run("unblock", write("a.json", said), "all", "-f", "json").json["snippet"])
    assert run("check", write("b.json", merged(said, filled(snippet, passing)))).code == 0


def test_records_that_other_facts_name_are_asked_for_by_their_names(run: Run, write: Write, passing: dict[str, Any]):
    del passing["monitoring"]["responses"]
    for signal, action in zip(passing["monitoring"]["drift"]["signals"], ("look", "call", "stop"), strict=True):
        signal["action"] = [action]
    answer = run("unblock", write("a.json", passing), "all", "-f", "json").json
    records = yaml.safe_load(answer["snippet"])["monitoring"]["responses"]
    assert sorted(record["name"] for record in records) == ["call", "look", "stop"]


def test_a_name_that_is_to_be_changed_itself_is_not_proposed(run: Run, write: Write, passing: dict[str, Any]):
    passing["lineage"]["datasets"][0]["version"] = "main"
    del passing["lineage"]["trace"]["data"]
    out = run("unblock", write("d.json", passing), "lineage").out
    assert 'data: ["<names from lineage.datasets[].version>"]' in out


def test_what_the_file_says_steers_no_terminal_and_no_ci(run: Run, write: Write, passing: dict[str, Any], assert_harmless: Any):
    hostile = "\x1b[31m::error::\n##[error]x"
    passing["lineage"]["datasets"][0] |= {"name": hostile, "owner": "TBD"}
    passing["training"]["evaluation"]["metrics"] = [hostile]
    for written in ("text", "json"):
        assert_harmless(run("unblock", write("d.json", passing), "all", "-f", written).out)


def test_without_the_solver_it_says_how_to_get_it(tmp_path: Path, examples: Path):
    code = "import sys; sys.modules['clingo'] = None; from gatewright.cli.main import main; main()"
    command = [sys.executable, "-c", code, "unblock", str(examples / "demand-forecast.yaml"), "7"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert re.search(r"this needs the solver clingo.*\n.*pip install 'gatewright\[solve\]'", ended.stderr)
    assert "Traceback" not in ended.stderr


def test_check_does_not_load_the_solver(examples: Path):
    code = (
        "import sys; from gatewright.cli.main import app\n"
        f"try: app(['check', {str(examples / 'demand-forecast.yaml')!r}])\n"
        "except SystemExit: pass\n"
        "sys.exit('clingo' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False).returncode == 0
