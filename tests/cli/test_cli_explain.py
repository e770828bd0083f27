"""`explain`: a tree of gate, criteria and facts with their places, what is missing and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

FACT = re.compile(
    r"^ *[-+?] `(?P<path>[a-z_.\[\]]+)`(?: of `(?P<within>[^`]*)`)? is (?P<said>.*?)"
    r"  \(?(?:belongs below )?(?P<place>\S+:\d+:\d+)\)?$",
    re.MULTILINE,
)


@pytest.fixture
def half(passing: dict[str, Any], write: Any) -> str:
    """Blocked at gate 3 by a fact that is missing and one that contradicts."""
    passing["training"]["evaluation"]["thresholds"] = ["good accuracy"]
    del passing["training"]["failure"]["alert"]
    return write("half.yaml", yaml.safe_dump(passing, sort_keys=False))


def steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step
    for below in step.get("because", []):
        yield from steps(below)


def test_a_blocked_gate_is_explained_with_its_criteria_in_their_words(half: str, run: Any) -> None:
    out = run("explain", half, "training-evaluation").out
    assert "training-evaluation: BLOCKED" in out.split("\n")[0]
    for words in (
        "Lineage and data controls are known.",
        "Training pipeline stages are explicit.",
        "Evaluation datasets and thresholds are explicit.",
        "Failure handling and rerun policy are explicit.",
    ):
        assert out.count(words) == 1


def test_each_criterion_says_whether_it_is_met_unmet_or_unknown(half: str, run: Any) -> None:
    lines = run("explain", half, "3").out.split("\n")
    said = {
        name: line
        for line in lines
        for name in ("pipeline-stages", "evaluation-thresholds", "failure-rerun")
        if f" {name}:" in line
    }
    assert re.search(r"\bmet\b", said["pipeline-stages"])
    assert re.search(r"\bunmet\b", said["evaluation-thresholds"])
    assert re.search(r"\bunknown\b", said["failure-rerun"])


def test_a_contradicting_fact_is_shown_with_value_reason_place_and_mend(half: str, run: Any, here: Any) -> None:
    out = run("explain", half, "3").out
    [found] = [m for m in FACT.finditer(out) if m["path"] == "training.evaluation.thresholds"]
    assert "`good accuracy`" in found["said"]
    assert "has no number" in found["said"]
    line = next(n for n, text in enumerate((here / half).read_text().split("\n"), 1) if "good accuracy" in text)
    assert found["place"].startswith(f"half.yaml:{line}:")
    assert "how to mend: Give each mandatory metric a threshold with a number" in out


def test_a_missing_fact_is_shown_as_not_stated_with_its_section_and_the_question_to_ask(half: str, run: Any, here: Any) -> None:
    out = run("explain", half, "3").out
    [found] = [m for m in FACT.finditer(out) if m["path"] == "training.failure.alert"]
    assert "not stated" in found["said"]
    line = next(n for n, text in enumerate((here / half).read_text().split("\n"), 1) if text == "  failure:")
    assert found["place"] == f"half.yaml:{line}:3"
    assert "Who is alerted when a run fails?" in out[found.end() :].split("\n")[1]


def test_every_place_in_an_explanation_points_at_the_fact_its_value_or_its_section(run: Any, examples: Any) -> None:
    for example in ("credit-default", "made-with-ml"):
        source = (examples / f"{example}.yaml").read_text().split("\n")
        for gate in ("1", "3", "4", "7"):
            found = list(FACT.finditer(run("explain", examples / f"{example}.yaml", gate).out))
            assert found
            for fact in found:
                line, column = map(int, fact["place"].rsplit(":", 2)[1:])
                there = source[line - 1][column - 1 :].lstrip("'\"[")
                parts = [re.sub(r"\W", "", part) for part in fact["path"].split(".")]
                values = (
                    [value.strip() for value in fact["said"].strip("`").split(", ")] + [fact["said"].split("`")[1]]
                    if "`" in fact["said"]
                    else []
                )
                if there.startswith("value:"):  # an assumption
                    continue
                assert there.startswith((*(f"{part}:" for part in parts), *values)) or f"{fact['within']}" in there, fact[0]


def test_a_waiting_gate_is_explained_by_the_gate_that_truly_blocks(half: str, run: Any) -> None:
    out = run("explain", half, "operations-incident").out
    assert "operations-incident: waiting" in out.split("\n")[0]
    blocks, below = out.split("training-evaluation: BLOCKED")
    assert "criterion" not in blocks
    assert "training.failure.alert" in below
    assert "Registry" not in out
    assert "operations." not in below


def test_a_waiting_gate_is_explained_by_the_gate_that_truly_blocks_in_json_too(half: str, run: Any) -> None:
    tree = run("explain", half, "10", "--format", "json").json["explanation"]
    gates = [(step["id"], step["status"]) for step in steps(tree) if step["kind"] == "gate"]
    assert gates[:2] == [("delivery-bundle", "waiting"), ("training-evaluation", "blocked")]


def test_a_passed_gate_is_explained_by_every_criterion_and_the_facts_it_stands_on(
    passing: dict[str, Any], write: Any, run: Any
) -> None:
    out = run("explain", write("a.json", passing), "serving-release").out
    assert "serving-release: passed" in out.split("\n")[0]
    facts = {found["path"]: found["said"] for found in FACT.finditer(out)}
    assert facts["serving.budgets.latency"] == "`p95_latency <= 120 ms`"
    assert {"serving.strategy", "serving.rollback.to", "serving.rollback.triggers", "serving.rollout.steps[].hold"} <= set(facts)
    assert "how to mend" not in out


@pytest.mark.parametrize("gate", [str(number) for number in range(1, 11)])
def test_nothing_in_a_passed_gate_is_marked_as_open(gate: str, passing: dict[str, Any], write: Any, run: Any) -> None:
    lines = run("explain", write("a.json", passing), gate).out.split("\n")
    assert [line for line in lines if line.lstrip().startswith("? ")] == []


def test_a_fact_that_is_stated_and_right_is_not_marked_as_open_because_another_one_is_lacking(run: Any, examples: Any) -> None:
    lines = run("explain", examples / "made-with-ml.yaml", "3").out.split("\n")
    [metrics] = [line for line in lines if "`training.evaluation.metrics` is `f1, precision, recall`  " in line]
    assert not metrics.lstrip().startswith("?")


def test_an_assumed_fact_is_shown_as_assumed(run: Any, examples: Any) -> None:
    out = run("explain", examples / "ticket-routing.yaml", "serving-release").out
    [line] = [line for line in out.split("\n") if "serving.budgets.cost" in line]
    assert "(assumed)" in line
    assert re.search(r"assumed, exit criterion budgets", out)


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_gate_is_named_by_number_or_by_name(format: str, half: str, run: Any, gates: Any) -> None:
    for number, name in ((1, gates[0]), (3, gates[2]), (10, gates[9])):
        assert run("explain", half, name, "--format", format) == run("explain", half, number, "--format", format)


def test_the_rows_behind_a_deviation_are_in_the_explanation_of_its_gate(run: Any, examples: Any) -> None:
    out = run("explain", examples / "demand-forecast.yaml", "retraining-rollback").out
    assert "`monitor-only`, which is not `retrain-with-rollout-controls`" in out
    assert "Severe quality drift" in out
    assert "12.5%" in out


def test_problems_of_the_file_follow_the_explanation(passing: dict[str, Any], write: Any, run: Any) -> None:
    passing["colour"] = "red"
    ended = run("explain", write("a.json", passing), "1")
    assert ended.code == 1
    assert ended.out.index("use-case: passed") < ended.out.index("error[unknown-fact]: no fact is called `colour`")


@pytest.mark.parametrize("command", [["check"], ["explain", "3"], ["explain", "5"], ["explain", "10"], ["graph"]], ids=" ".join)
def test_another_order_is_told_with_every_dependency_that_it_turns_round(
    command: list[str],
    reordered: dict[str, Any],
    write: Any,
    run: Any,
    turned_round: Any,
) -> None:
    lines = run(command[0], write("a.json", reordered), *command[1:]).out.split("\n")
    for gate, needed in turned_round:
        assert [line for line in lines if gate in line and needed in line and "before" in line], (gate, needed)


@pytest.mark.parametrize("command", [["check"], ["explain", "5"], ["graph"]], ids=" ".join)
def test_another_order_is_told_with_who_asked_for_it_and_why(
    command: list[str],
    reordered: dict[str, Any],
    write: Any,
    run: Any,
) -> None:
    out = run(command[0], write("a.json", reordered), *command[1:]).out
    assert "mei.tanaka" in out
    assert "the cluster is booked" in out


@pytest.mark.parametrize("command", [["explain", "5"], ["graph"]], ids=" ".join)
def test_another_order_is_told_in_json_with_every_dependency_that_it_turns_round(
    command: list[str],
    reordered: dict[str, Any],
    write: Any,
    run: Any,
    turned_round: Any,
) -> None:
    answer = run(command[0], write("a.json", reordered), *command[1:], "--format", "json").json
    told = answer.get("turned_round") or (answer.get("sequence") or {}).get("turned_round") or []
    assert [(turned["gate"], turned["needs"]) for turned in told] == list(turned_round)
