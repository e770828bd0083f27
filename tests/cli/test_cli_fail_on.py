"""`check --fail-on`: what turns a build red is chosen; the verdict stays, and what is no verdict is never green."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gatewright.cli.reports import ReportFormat

DAY = ("--today", "2026-11-28")
WINDOW = {"window": "w1", "quality_drop": "30%", "psi": 0.3, "feature_age": "1 day"}
Delivery = dict[str, Any]


def as_it_is(delivery: Delivery) -> None:
    """It passes, with nothing to be known."""


def blocked_at_9(delivery: Delivery) -> None:
    del delivery["operations"]["runbook"]


def assumed(delivery: Delivery) -> None:
    blocked_at_9(delivery)
    delivery["assumptions"] = [{"fact": "operations.runbook", "value": "a", "reason": "b", "owner": "ana"}]


def deviating(delivery: Delivery) -> None:
    delivery["retraining"]["drift"] |= {"observed": [WINDOW], "response": "monitor-only", "rationale": "GPUs are booked"}


def undecided(delivery: Delivery) -> None:
    del delivery["training"]["evaluation"]["stability"]


def with_a_problem(delivery: Delivery) -> None:
    delivery["colour"] = "red"


@pytest.fixture
def code(run: Any, write: Any, passing: Delivery) -> Any:
    """The exit code for a delivery that was made other, with these words."""

    def code(change: Callable[[Delivery], None], *words: str, more: tuple[str, ...] = ()) -> int:
        change(passing)
        options = [part for word in words for part in ("--fail-on", word)]
        ended = run("check", write("a.json", passing), *DAY, *options, *more)
        assert f"Exit code {ended.code}" in ended.out or not words or ended.code == 2
        return ended.code

    return code


# --- stricter


@pytest.mark.parametrize(
    ("change", "word", "expected"),
    [
        (as_it_is, "assumed", 0),
        (as_it_is, "waived", 0),
        (as_it_is, "deviation", 0),
        (as_it_is, "undecided", 0),
        (as_it_is, "antipattern", 0),
        (as_it_is, "void-waiver", 0),
        (assumed, "assumed", 1),
        (assumed, "waived", 0),
        (deviating, "deviation", 1),
        (deviating, "assumed", 0),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_delivery_that_passes_is_red_for_what_is_so_of_what_is_named(
    change: Callable[[Delivery], None], word: str, expected: int, code: Any
) -> None:
    assert code(change, word) == expected
    assert code(as_it_is) == 0


def test_what_holds_by_waiver_and_a_bad_waiver_can_turn_it_red(code: Any, write: Any) -> None:
    good = {"criterion": "operational-ownership", "reason": "r", "approver": "ana", "expires": "2026-12-31"}
    waivers = ("--waivers", write("w.json", {"waivers": [good]}))
    assert code(blocked_at_9, more=waivers) == 0
    assert code(as_it_is, "void-waiver", more=waivers) == 0
    assert code(as_it_is, "waived", more=waivers) == 1
    write("w.json", {"waivers": [good, good | {"expires": "2026-01-01"}]})
    assert code(as_it_is, "void-waiver", more=waivers) == 1
    assert code(as_it_is, more=waivers) == 0


@pytest.mark.parametrize("word", ["blocked", "assumed", "waived", "deviation", "undecided", "antipattern", "void-waiver"])
def test_without_a_gate_a_blocked_delivery_is_always_red(word: str, code: Any) -> None:
    assert code(blocked_at_9, word) == 1


# --- up to a gate


@pytest.mark.parametrize(("gate", "expected"), [("1", 0), ("8", 0), ("operations-incident", 1), ("9", 1), ("10", 1)])
def test_a_gate_is_red_until_it_and_those_before_it_have_passed(gate: str, expected: int, code: Any) -> None:
    assert code(blocked_at_9, f"gate:{gate}") == expected


def test_the_verdict_is_still_blocked_and_the_answer_says_so(write: Any, run: Any, passing: Delivery) -> None:
    blocked_at_9(passing)
    name = write("a.json", passing)
    ended = run("check", name, "--fail-on", "gate:8")
    assert ended.code == 0
    assert "BLOCKED at gate 9" in ended.out.split("\n")[0]
    assert "and the delivery is BLOCKED all the same." in ended.out
    answer = run("check", name, "--fail-on", "gate:8", "--format", "json").json
    assert (answer["verdict"], answer["fail_on"]) == ("blocked", {"asked": ["gate:reproducibility-governance"], "red": []})


def test_with_a_gate_and_blocked_a_blocked_delivery_is_red(code: Any) -> None:
    assert code(blocked_at_9, "gate:8", "blocked") == 1


def test_with_a_gate_what_else_is_named_is_looked_at_everywhere(code: Any) -> None:
    assert code(undecided, "gate:2") == 0
    assert code(as_it_is, "gate:2", "undecided") == 1


# --- never green


def test_a_file_with_problems_is_red_whatever_is_named(code: Any) -> None:
    assert code(with_a_problem, "gate:1") == 1


@pytest.mark.parametrize("options", ["no.yaml", "- --pack nope", "- --today x", "-"])
def test_what_can_not_be_judged_stays_so_whatever_is_named(options: str, run: Any, here: Any) -> None:
    assert run("check", *options.split(), "--fail-on", "gate:1", stdin="a: [").code == 2


@pytest.mark.parametrize("word", ["never", "gate:", "gate:11", "gate:nope", "", "Blocked", "assume"])
def test_a_word_that_means_nothing_judges_nothing(word: str, run: Any, write: Any, passing: Delivery) -> None:
    ended = run("check", write("a.json", passing), "--fail-on", word)
    assert (ended.code, "means nothing" in ended.err) == (2, True)


@pytest.mark.parametrize("format", [str(one) for one in ReportFormat if one != "gitlab"])
def test_every_report_that_has_a_place_for_it_says_what_was_asked(format: str, run: Any, write: Any, passing: Delivery) -> None:
    assumed(passing)
    name = write("a.json", passing)
    ended = run("check", name, "--fail-on", "assumed", "--format", format)
    assert ended.code == 1
    assert "2 criteria hold by assumption alone" in ended.out
    assert "by assumption alone" not in run("check", name, "--format", format).out
