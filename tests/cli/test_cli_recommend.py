"""`recommend`: which row of a decision table holds and why, what the alternative costs, and what would change the answer."""

from __future__ import annotations

import re
from typing import Any

import pytest

# Every row of the workflow's two tables: the facts that fire it, what it recommends, the alternative, the tradeoff.
WINDOW = {"window": "w1", "quality_drop": "1%", "psi": 0.05, "feature_age": "1 day"}
HIGH, LOW = {"impact": "high", "factors": ["credit"]}, {"impact": "low", "factors": ["none"]}
ROWS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "promotion-policy/high-risk": (HIGH, "Strict promotion gates with approvals", "Auto-promote", "Safety/governance vs speed"),
    "promotion-policy/low-risk": (
        LOW,
        "Automated promotion with safeguards",
        "Manual approvals always",
        "Delivery speed vs oversight",
    ),
    "promotion-policy/unstable-evaluation": (
        {"stability": "unstable"},
        "Hold promotion and investigate",
        "Promote with exception",
        "Quality confidence vs release pressure",
    ),
    "drift-response/severe-quality-drift": (
        {"windows": [WINDOW | {"quality_drop": "30%"}]},
        "Trigger retraining and rollout controls",
        "Monitor-only",
        "Rapid correction vs resource cost",
    ),
    "drift-response/temporary-data-shift": (
        {"windows": [WINDOW | {"psi": 0.3}]},
        "Adaptive thresholds + watch window",
        "Immediate retrain",
        "Stability vs responsiveness",
    ),
    "drift-response/chronic-drift-stale-features": (
        {"windows": [WINDOW | {"window": f"w{n}", "psi": 0.2, "feature_age": "90 days"} for n in range(4)]},
        "Feature/data refresh + retrain",
        "Repeated retrain only",
        "Root-cause fix vs short-term patching",
    ),
}


def situation(delivery: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    for key in ("impact", "factors"):
        if key in parts:
            delivery["use_case"]["risk"][key] = parts[key]
    if "stability" in parts:
        delivery["training"]["evaluation"]["stability"] = parts["stability"]
    if "windows" in parts:
        delivery["retraining"]["drift"]["observed"] = parts["windows"]
    return delivery


@pytest.mark.parametrize("row", ROWS)
def test_a_row_that_leads_shows_its_default_its_alternative_and_its_tradeoff(
    row: str, passing: Any, write: Any, run: Any
) -> None:
    parts, default, alternative, tradeoff = ROWS[row]
    out = run("recommend", write("a.json", situation(passing, parts)), row.split("/")[0]).out
    lead, *rest = re.split(r"^  Also holds", out, flags=re.MULTILINE)
    assert default in lead
    assert f"alternative: {alternative}\n" in lead
    assert f"tradeoff: {tradeoff}\n" in lead
    assert not [part for part in rest if default in part]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_that_leads_is_told_in_json_with_the_facts_that_matched(row: str, passing: Any, write: Any, run: Any) -> None:
    parts, default, alternative, tradeoff = ROWS[row]
    table, _, name = row.partition("/")
    found = run("recommend", write("a.json", situation(passing, parts)), table, "--format", "json").json["recommendations"][0]
    assert (found["row"], found["default"], found["alternative"], found["tradeoff"]) == (name, default, alternative, tradeoff)
    assert found["leads"] is True
    assert found["because"]
    facts = {look["fact"].split("[]")[0] for look in found["because"]}
    assert facts <= {
        "use_case.risk.impact",
        "use_case.risk.factors",
        "training.evaluation.stability",
        "retraining.drift.observed",
    }


def test_the_facts_that_matched_are_shown_with_record_value_and_place(passing: Any, write: Any, run: Any, here: Any) -> None:
    name = write("a.json", situation(passing, {"windows": [WINDOW, WINDOW | {"window": "w2", "quality_drop": "30%"}]}))
    out = run("recommend", name, "drift-response").out
    line = next(n for n, text in enumerate((here / name).read_text().split("\n"), 1) if '"30%"' in text)
    [shown] = [text for text in out.split("\n") if "quality_drop" in text]
    assert "`w2`" in shown
    assert "`30%`" in shown
    assert f"a.json:{line}:" in shown


def test_of_rows_that_hold_together_the_ranked_first_leads_and_the_others_follow(passing: Any, write: Any, run: Any) -> None:
    name = write("a.json", situation(passing, HIGH | {"stability": "unstable"}))
    rows = run("recommend", name, "promotion-policy", "--format", "json").json["recommendations"]
    assert [(row["row"], row["leads"]) for row in rows] == [("unstable-evaluation", True), ("high-risk", False)]
    out = run("recommend", name, "promotion-policy").out
    assert out.index("Hold promotion and investigate") < out.index("lower rank") < out.index("Strict promotion gates")


def test_where_a_signal_is_unknown_the_answer_depends_on_it_and_says_what_to_state(passing: Any, write: Any, run: Any) -> None:
    del passing["use_case"]["risk"]["impact"]
    del passing["use_case"]["risk"]["factors"]
    name = write("a.json", passing)
    out = run("recommend", name, "promotion-policy").out
    assert re.search(r'if "High-risk model impact" holds: Strict promotion gates with approvals', out, re.IGNORECASE)
    assert re.search(r'if "Low-risk model use case" holds: Automated promotion with safeguards', out, re.IGNORECASE)
    settle = out.split("state:")[1]
    assert "use_case.risk.impact" in settle
    assert "Is the impact of errors on people high or low?" in settle
    answer = run("recommend", name, "promotion-policy", "--format", "json").json
    assert answer["recommendations"] == []
    assert [row["row"] for row in answer["undecided"]] == ["high-risk", "low-risk"]
    assert {look["fact"] for row in answer["undecided"] for look in row["needs"]} >= {"use_case.risk.impact"}


def test_where_an_unknown_signal_would_outrank_a_row_that_holds_the_row_is_told_as_what_holds_otherwise(
    passing: Any,
    write: Any,
    run: Any,
) -> None:
    del passing["training"]["evaluation"]["stability"]
    name = write("a.json", passing)
    out = run("recommend", name, "promotion-policy").out
    assert re.search(r"Otherwise: Strict promotion gates with approvals", out)
    answer = run("recommend", name, "promotion-policy", "--format", "json").json
    assert [(row["row"], row["leads"]) for row in answer["recommendations"]] == [("high-risk", False)]
    assert [row["row"] for row in answer["undecided"]] == ["unstable-evaluation"]


def test_a_declared_choice_other_than_the_recommended_one_is_a_deviation(passing: Any, write: Any, run: Any) -> None:
    passing["registry"]["promotion"]["policy"] = "auto-promote"
    name = write("a.json", passing)
    ended = run("recommend", name, "promotion-policy")
    assert ended.code == 1
    [line] = [line for line in ended.out.split("\n") if "DEVIATION" in line]
    assert "auto-promote" in line
    assert "registry.promotion.rationale" in line
    assert "DEVIATION" in run("check", name).out
    [row] = run("recommend", name, "promotion-policy", "--format", "json").json["recommendations"]
    assert (row["declared"], row["deviates"], row["rationale"]) == ("auto-promote", True, None)


def test_a_deviation_with_a_rationale_holds_and_is_still_shown(passing: Any, write: Any, run: Any) -> None:
    passing["registry"]["promotion"] |= {"policy": "auto-promote", "rationale": "asked for by the board until March"}
    name = write("a.json", passing)
    ended = run("recommend", name, "promotion-policy")
    assert ended.code == 0
    [line] = [line for line in ended.out.split("\n") if "DEVIATION" in line]
    assert "asked for by the board until March" in line
    [row] = run("recommend", name, "--format", "json").json["recommendations"]
    assert (row["deviates"], row["rationale"]) == (True, "asked for by the board until March")


def test_without_drift_no_response_is_recommended_and_that_is_said(passing: Any, write: Any, run: Any) -> None:
    out = run("recommend", write("a.json", passing), "drift-response").out
    assert "no row holds" in out
    assert "alternative" not in out


def test_all_tables_are_answered_unless_one_is_named(passing: Any, write: Any, run: Any) -> None:
    name = write("a.json", passing)
    both, one = run("recommend", name).out, run("recommend", name, "drift-response").out
    assert "(promotion-policy)" in both
    assert "(drift-response)" in both
    assert "(drift-response)" in one
    assert "promotion-policy" not in one


def test_an_assumed_fact_behind_a_recommendation_is_shown_as_assumed(run: Any, examples: Any) -> None:
    out = run("recommend", examples / "made-with-ml.yaml", "promotion-policy").out
    [line] = [line for line in out.split("\n") if "`use_case.risk.impact`" in line]
    assert "(assumed)" in line
