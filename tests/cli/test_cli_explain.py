"""`explain` in text: what to do next, then the reasons, one line each; all of it on request."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

FACT = re.compile(
    r"^ *(?P<mark>[-+?] )?`(?P<path>[a-z_.\[\]]+)`(?: of `(?P<within>[^`]*)`)? is (?P<said>.*?)"
    r"  \((?:belongs below )?(?P<place>\S+:\d+:\d+)(?: and \d+ more)?\)$",
    re.MULTILINE,
)


@pytest.fixture
def half(passing: dict[str, Any], write: Any) -> str:
    """Blocked at gate 3 by a fact that is missing and one that contradicts."""
    passing["training"]["evaluation"]["max_regression"] = ["not much"]
    del passing["training"]["failure"]["alert"]
    return write("half.yaml", yaml.safe_dump(passing, sort_keys=False))


def line_of(here: Any, name: str, text: str) -> int:
    return next(n for n, line in enumerate((here / name).read_text().split("\n"), 1) if text in line)


# --- gates, in short


def test_a_blocked_gate_is_told_with_how_many_criteria_fail_and_what_to_do_next(half: str, run: Any) -> None:
    lines = run("explain", half, "3").out.split("\n")
    assert lines[0] == (
        "Gate 3, training-evaluation, is blocked, because 1 of its 3 exit criteria does not hold and 1 cannot be judged yet."
    )
    assert lines[2].startswith("Do this next: state `training.failure.alert` (Who is alerted when a run fails?)")


def test_only_the_criteria_that_fail_are_told_in_their_words_and_the_others_counted(half: str, run: Any) -> None:
    out = run("explain", half, "training-evaluation").out
    assert out.count('"Evaluation datasets and thresholds are explicit." does not hold:') == 1
    assert out.count('"Failure handling and rerun policy are explicit." cannot be judged yet:') == 1
    assert "Training pipeline stages are explicit." not in out
    assert "2 criteria of this gate hold; --all shows why." in out


def test_a_contradicting_fact_is_told_with_value_reason_and_place(half: str, run: Any, here: Any) -> None:
    [found] = list(FACT.finditer(run("explain", half, "3").out))[:1]
    assert found["path"] == "training.evaluation.max_regression"
    assert found["said"] == "`not much`, which is not measurable: it has no number"
    assert found["place"].startswith(f"half.yaml:{line_of(here, half, 'not much')}:")


def test_a_missing_fact_is_told_with_the_question_to_answer_and_the_section_where_it_belongs(
    half: str, run: Any, here: Any
) -> None:
    [found] = [one for one in FACT.finditer(run("explain", half, "3").out) if one["path"] == "training.failure.alert"]
    assert found["said"] == "not stated: Who is alerted when a run fails?"
    assert found["place"] == f"half.yaml:{line_of(here, half, '  failure:')}:3"


def test_a_waiting_gate_is_told_by_the_gate_that_truly_blocks(half: str, run: Any) -> None:
    out = run("explain", half, "operations-incident").out
    assert out.split("\n")[0] == (
        "Gate 9, operations-incident, waits for gate 3, training-evaluation (gates 4, 5, 6, 7 and 8 wait too)."
    )
    assert "Gate 3, training-evaluation, is blocked" in out
    assert "training.failure.alert" in out
    assert "`operations." not in out
    assert run("explain", half, "4").out.startswith("Gate 4, registry-promotion, waits for gate 3, training-evaluation.\n")


def test_a_passed_gate_is_told_by_its_criteria_with_how_many_facts_they_stand_on(
    passing: dict[str, Any], write: Any, run: Any
) -> None:
    out = run("explain", write("a.json", passing), "serving-release").out
    assert out.startswith("Gate 5, serving-release, passed: its entry criterion and all 3 exit criteria hold.\n")
    assert '"Latency/cost/reliability budgets are explicit." holds  ... 3 facts below' in out
    assert "Do this next" not in out
    assert FACT.search(out) is None


def test_the_reason_for_a_recommendation_is_told_below_the_choice_that_deviates_from_it(run: Any, examples: Any) -> None:
    out = run("explain", examples / "demand-forecast.yaml", "9").out
    assert "Do this next: choose the recommended response in `retraining.drift.response`, or say in" in out
    assert '`retrain-with-rollout-controls` is recommended, because "Severe quality drift" holds:' in out
    assert "`12.5%` in `2026-W38`, `17.3%` in `2026-W39`" in out


# --- all, and depth


def test_all_tells_every_criterion_with_every_fact_it_stands_on(passing: dict[str, Any], write: Any, run: Any) -> None:
    out = run("explain", write("a.json", passing), "serving-release", "--all").out
    facts = {found["path"]: found["said"] for found in FACT.finditer(out)}
    assert facts["serving.budgets.latency"] == "`p95_latency <= 120 ms`"
    assert {"serving.strategy", "serving.rollback.to", "serving.rollback.triggers", "serving.rollout.steps[].hold"} <= set(facts)
    assert "How to mend" not in out


def test_all_tells_how_to_mend_a_criterion_and_an_example_of_what_is_missing(half: str, run: Any) -> None:
    out = run("explain", half, "3", "--all").out
    assert "How to mend: Give each mandatory metric a threshold with a number" in out
    assert "Who is alerted when a run fails? For example `alert: ml-oncall@bank.example`." in out
    assert out.count("Training pipeline stages are explicit.") == 1


@pytest.mark.parametrize("gate", [str(number) for number in range(1, 11)])
def test_nothing_in_a_passed_gate_is_marked_as_wrong_or_open(gate: str, passing: dict[str, Any], write: Any, run: Any) -> None:
    lines = run("explain", write("a.json", passing), gate, "--all").out.split("\n")
    assert [line for line in lines if line.lstrip().startswith(("? ", "- "))] == []


def test_a_fact_that_is_right_is_not_marked_because_another_one_is_lacking(run: Any, examples: Any) -> None:
    out = run("explain", examples / "made-with-ml.yaml", "3", "--all").out
    [metrics] = [one for one in FACT.finditer(out) if one["path"] == "training.evaluation.metrics"]
    assert metrics["mark"] == "+ "


def test_an_assumed_fact_and_the_criterion_that_stands_on_it_are_told_as_assumed(run: Any, examples: Any) -> None:
    out = run("explain", examples / "ticket-routing.yaml", "serving-release", "--all").out
    [line] = [line for line in out.split("\n") if "serving.budgets.cost" in line]
    assert "(assumed)" in line
    assert '"Latency/cost/reliability budgets are explicit." holds by assumption' in out


def test_every_place_points_at_the_fact_its_value_or_its_section(run: Any, examples: Any) -> None:
    for example in ("credit-default", "made-with-ml"):
        source = (examples / f"{example}.yaml").read_text().split("\n")
        for gate in ("1", "3", "4", "7"):
            found = list(FACT.finditer(run("explain", examples / f"{example}.yaml", gate, "--all").out))
            assert found
            for fact in found:
                line, column = map(int, fact["place"].rsplit(":", 2)[1:])
                there = source[line - 1][column - 1 :].lstrip("'\"[")
                parts = [re.sub(r"\W", "", part) for part in fact["path"].split(".")]
                said = fact["said"]
                values = [value.strip() for value in said.strip("`").split(", ")] + [said.split("`")[1]] if "`" in said else []
                if there.startswith("value:"):  # an assumption
                    continue
                assert there.startswith((*(f"{part}:" for part in parts), *values)) or f"{fact['within']}" in there, fact[0]


def test_a_depth_counts_the_facts_that_it_cuts(half: str, run: Any) -> None:
    assert "... 2 facts below" in run("explain", half, "3", "--depth", "0").out
    one = run("explain", half, "3", "--depth", "1").out
    assert one.count("... 1 fact below") == 2
    assert FACT.search(one) is None
    assert run("explain", half, "3", "--depth", "9").out == run("explain", half, "3").out


# --- subjects


SUBJECTS = {  # of every kind one that holds and one that does not, with what its answer begins with
    "gate, passed": ("demand-forecast", "6", 0, "Gate 6, monitoring-drift, passed: "),
    "gate, blocked": ("demand-forecast", "gate:retraining-rollback", 1, "Gate 7, retraining-rollback, is blocked, because 1 of "),
    "criterion, met": ("demand-forecast", "budgets", 0, '"Latency/cost/reliability budgets are explicit." holds (gate 5, '),
    "criterion, unmet": ("demand-forecast", "retraining-triggers", 1, '"Retraining trigger policy is explicit." does not hold '),
    "criterion, unknown": ("made-with-ml", "failure-rerun", 1, '"Failure handling and rerun policy are explicit." cannot be '),
    "entry criterion": ("demand-forecast", "drift-monitoring-defined", 0, '"Drift monitoring is defined." holds (gate 7, '),
    "row, leads": (
        "demand-forecast",
        "drift-response/severe-quality-drift",
        0,
        'Drift Response: `retrain-with-rollout-controls` is recommended, because "Severe quality drift" holds.',
    ),
    "row, ranks below": (
        "demand-forecast",
        "drift-response/chronic-drift-stale-features",
        1,
        'Drift Response: `refresh-and-retrain` fits, because "Chronic drift and stale features" holds, but ranks below '
        "`retrain-with-rollout-controls`.",
    ),
    "row, does not hold": (
        "demand-forecast",
        "recommendation:drift-response/temporary-data-shift",
        1,
        'Drift Response: `adaptive-thresholds` is not recommended, because "Temporary data shift" does not hold.',
    ),
    "row, open": ("made-with-ml", "promotion-policy/unstable-evaluation", 1, "Promotion Policy: Whether to recommend `hold-inv"),
    "table, followed": ("credit-default", "promotion-policy", 0, "Promotion Policy: the recommended choice is declared."),
    "table, no row": ("ticket-routing", "drift-response", 1, "Drift Response: nothing is recommended, because no row holds."),
    "table, undecided": ("made-with-ml", "promotion-policy", 1, "Promotion Policy: it is not known yet which choice is recom"),
    "signal, holds": ("credit-default", "high-risk-impact", 0, '"High-risk model impact" holds.'),
    "signal, does not hold": ("demand-forecast", "signal:temporary-data-shift", 1, '"Temporary data shift" does not hold; any '),
    "signal, not known": ("made-with-ml", "unstable-evaluation", 1, '"Unstable eval performance" is not known yet.'),
    "anti-pattern, absent": ("demand-forecast", "rollout-without-triggers", 0, 'The anti-pattern "rollout without stop/go '),
    "anti-pattern, there": ("made-with-ml", "antipattern:risks-without-owner", 1, 'The anti-pattern "residual risks without'),
    "fact, stated": ("demand-forecast", "serving.budgets.cost", 0, "`serving.budgets.cost` is stated."),
    "fact, contradicts": (
        "demand-forecast",
        "fact:retraining.drift.response",
        1,
        "`retraining.drift.response` is stated, but does not fit.",
    ),
    "fact, missing": ("made-with-ml", "training.failure.alert", 1, "`training.failure.alert` is not stated."),
    "fact, assumed": ("made-with-ml", "use_case.risk.areas", 0, "`use_case.risk.areas` is assumed."),
}


@pytest.mark.parametrize("case", SUBJECTS.values(), ids=SUBJECTS)
def test_a_subject_is_answered_in_its_first_sentence_and_by_the_exit_code(
    case: tuple[str, str, int, str], run: Any, examples: Any
) -> None:
    example, subject, code, begins = case
    ended = run("explain", examples / f"{example}.yaml", subject)
    assert ended.out.startswith(begins)
    assert ended.code == code
    assert all(
        run("explain", examples / f"{example}.yaml", subject, "-f", one).code == code for one in ("json", "mermaid", "dot")
    )


def test_a_recommendation_that_is_not_given_is_told_with_what_was_measured_against_which_limit(run: Any, examples: Any) -> None:
    out = run("explain", examples / "demand-forecast.yaml", "drift-response/temporary-data-shift").out
    assert "`retraining.drift.observed[].psi`: 0 of 5 reach 0.25, with `0.07` in `2026-W35`" in out
    assert "limit psi-major: 0.25 population stability index; from it a shift counts as major" in out


def test_a_fact_is_told_with_the_criteria_that_ask_for_it(run: Any, examples: Any) -> None:
    out = run("explain", examples / "demand-forecast.yaml", "retraining.drift.response").out
    assert '"Retraining trigger policy is explicit." does not hold:' in out
    assert "which is not `retrain-with-rollout-controls`" in out


def test_what_to_do_next_about_a_fact_is_about_that_fact(run: Any, examples: Any) -> None:
    out = run("explain", examples / "made-with-ml.yaml", "training.checks.reproducibility").out
    assert "Do this next: state `training.checks.reproducibility` (" in out
    out = run("explain", examples / "made-with-ml.yaml", "training.evaluation.datasets[].version").out
    assert "Do this next: correct `training.evaluation.datasets[].version` of `holdout.csv`" in out
    assert "represents" not in out


def test_a_fact_that_cannot_be_read_is_to_be_corrected(passing: dict[str, Any], write: Any, run: Any) -> None:
    passing["serving"]["strategy"] = "carefully"
    out = run("explain", write("facts.yaml", yaml.safe_dump(passing)), "5").out
    assert "Do this next: correct `serving.strategy`, which can't be read, see the problems of the file" in out


def test_about_a_fact_that_fits_nothing_is_to_be_done(run: Any, examples: Any) -> None:
    ended = run("explain", examples / "demand-forecast.yaml", "retraining.drift.observed")
    assert (ended.code, "Do this next" in ended.out) == (0, False)


def test_a_field_that_some_records_lack_is_told_as_not_stated_in_every_record(
    passing: dict[str, Any], write: Any, run: Any
) -> None:
    first = passing["monitoring"]["alerts"][0]
    passing["monitoring"]["alerts"] = [first, {**first, "name": "b", "owner": "TBD"}, {"name": "c", "when": first["when"]}]
    out = run("explain", write("facts.yaml", yaml.safe_dump(passing)), "monitoring.alerts[].owner").out
    assert out.startswith("`monitoring.alerts[].owner` is not stated in every record.")


@pytest.mark.parametrize("format", ["text", "json", "mermaid", "dot"])
def test_a_gate_is_named_by_number_or_by_name(format: str, half: str, run: Any, gates: Any) -> None:
    for number, name in ((1, gates[0]), (3, gates[2]), (10, gates[9])):
        assert run("explain", half, name, "--format", format) == run("explain", half, number, "--format", format)


@pytest.mark.parametrize(
    ("said", "meant"),
    {
        "servng-release": "serving-release",
        "budgtes": "budgets",
        "promotion-polcy": "promotion-policy",
        "drift-response/chronic-drift-stale": "drift-response/chronic-drift-stale-features",
        "low-risk": "promotion-policy/low-risk",
        "high-risk-impct": "high-risk-impact",
        "lineage-without-owner": "lineage-without-owners",
        "serving.budgets.costs": "serving.budgets.cost",
        "gate:retraining-rolback": "retraining-rollback",
    }.items(),
)
def test_an_unknown_name_is_answered_with_the_one_that_was_meant(said: str, meant: str, half: str, run: Any) -> None:
    ended = run("explain", half, said)
    assert (ended.code, ended.out) == (2, "")
    assert f"`{said}`" in ended.err
    assert f"did you mean `{meant}`?" in ended.err


def test_a_name_of_two_things_is_asked_back_and_answered_with_its_kind(
    passing: dict[str, Any], write: Any, run: Any, here: Any, shipped_pack: Any
) -> None:
    import shutil

    shutil.copytree(shipped_pack, here / "house")
    for file in (here / "house").rglob("*.yaml"):
        file.write_text(file.read_text().replace("severe-quality-drift", "budgets").replace("quality-drop-budgets", "drop"))
    name = write("a.json", passing)
    ended = run("explain", name, "budgets", "--pack", here / "house")
    assert ended.code == 2
    assert "`budgets` is the name of a criterion and a signal" in ended.err
    assert "say `criterion:budgets` or `signal:budgets`" in ended.err
    assert run("explain", name, "criterion:budgets", "--pack", here / "house").code == 0
    assert '"Severe quality drift" does not hold' in run("explain", name, "signal:budgets", "--pack", here / "house").out


# --- beside the explanation


def test_problems_of_the_file_follow_the_explanation_and_nothing_holds_with_them(
    passing: dict[str, Any], write: Any, run: Any
) -> None:
    passing["colour"] = "red"
    ended = run("explain", write("a.json", passing), "1")
    assert ended.code == 1
    assert ended.out.index("use-case, passed") < ended.out.index("error[unknown-fact]: no fact is called `colour`")


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
