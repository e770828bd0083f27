"""`check` ends with the one thing to do next."""

from __future__ import annotations

import json
from typing import Any


def ending(out: str) -> tuple[str, str]:
    """The next step, and the command that tells more."""
    lines = out.rstrip("\n").split("\n")
    return lines[-3], lines[-2].strip()


def test_a_missing_fact_is_to_be_stated_with_its_question_and_what_it_completes(
    passing: dict[str, Any], write: Any, run: Any
) -> None:
    del passing["serving"]["budgets"]["cost"]
    said, more = ending(run("check", write("a.json", passing)).out)
    assert said == (
        "Next: state `serving.budgets.cost` (What may it cost?); "
        'it is all that "Latency/cost/reliability budgets are explicit." and 1 criterion more still need'
    )
    assert more == "gatewright explain a.json serving-release"


def test_a_fact_that_is_needed_among_others_is_said_to_be(passing: dict[str, Any], write: Any, run: Any) -> None:
    del passing["serving"]["budgets"]
    said, _ = ending(run("check", write("a.json", passing)).out)
    assert said.endswith('"Latency/cost/reliability budgets are explicit." still needs it, among other things')


def test_a_contradiction_is_to_be_corrected_with_what_is_wrong(passing: dict[str, Any], write: Any, run: Any) -> None:
    passing["serving"]["budgets"]["cost"] = ["cheap"]
    said, _ = ending(run("check", write("a.json", passing)).out)
    assert said.startswith("Next: correct `serving.budgets.cost`: `cheap` is not measurable: it has no number;")


def test_a_fact_whose_evidence_is_stale_is_to_be_checked_again(passing: dict[str, Any], write: Any, run: Any) -> None:
    evidence = {"path": "load.json", "date": "2020-01-01"}
    passing["serving"]["budgets"]["latency"] = {"value": ["p95_latency <= 120 ms"], "evidence": evidence}
    out = run("check", write("a.json", passing)).out
    assert "\nNext: check `serving.budgets.latency` again: it rests on evidence of 2020-01-01 that counts for " in out


def test_a_problem_of_the_file_comes_before_everything_else(passing: dict[str, Any], write: Any, run: Any) -> None:
    del passing["serving"]["budgets"]["cost"]
    passing["servng"] = {}
    said, more = ending(run("check", write("a.json", passing)).out)
    assert said.startswith("Next: mend line ")
    assert said.endswith("no fact is called `servng` (did you mean `serving`?)")
    assert more == "gatewright validate a.json"


def test_nothing_is_next_where_everything_passed(passing: dict[str, Any], write: Any, run: Any) -> None:
    name = write("a.json", passing)
    assert "Next:" not in run("check", name).out
    assert run("check", name, "-f", "json").json["next"] is None


def test_of_standard_input_the_command_that_tells_more_reads_it_too(run: Any) -> None:
    assert ending(run("check", "-", stdin="{}").out)[1] == "gatewright explain - use-case"


def test_json_names_fact_place_mend_and_criteria(passing: dict[str, Any], write: Any, here: Any, run: Any) -> None:
    passing["serving"]["budgets"]["cost"] = ["cheap"]
    name = write("a.json", passing)
    found = run("check", name, "-f", "json").json["next"]
    line = next(n for n, text in enumerate((here / name).read_text().split("\n"), 1) if "cheap" in text)
    assert set(found) == {"fact", "in", "how", "criteria", "line", "column"}
    assert (found["fact"], found["in"], found["line"]) == ("serving.budgets.cost", "", line)
    assert found["criteria"] == ["budgets", "bundle-complete"]


def test_json_names_the_place_of_a_problem_that_comes_first(passing: dict[str, Any], write: Any, run: Any) -> None:
    found = run("check", write("a.json", passing | {"colour": "red"}), "-f", "json").json
    assert found["next"]["fact"] is None
    assert found["next"]["line"] == found["problems"][0]["line"]
    assert "colour" in found["next"]["how"]


def test_check_and_explain_say_the_same_next_step(run: Any, examples: Any) -> None:
    for example in ("demand-forecast", "made-with-ml"):
        file = examples / f"{example}.yaml"
        of_check = run("check", file, "-f", "json").json["next"]
        assert run("explain", file, "10", "-f", "json").json["next"] == of_check
        assert json.dumps(of_check)
