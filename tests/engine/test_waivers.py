"""Waivers: which count, for what, and what is told of those that do not."""

from __future__ import annotations

import copy
import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import document, evaluate, facts, pack_loader, waivers
from gatewright.engine.evidence import Today
from gatewright.engine.verdict import Verdict
from gatewright.engine.waivers import Waivers

PACK = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")
DAY = datetime.date(2026, 11, 28)
GOOD = {"criterion": "budgets", "reason": "the meter comes in May", "approver": "cro@bank.example", "expires": "2026-12-31"}


def lacking_budget(**delivery: Any) -> facts.Facts:
    """A delivery that passes, but for a criterion of gate 5."""
    said = copy.deepcopy(PACK.example)
    del said["serving"]["budgets"]["cost"]
    said["delivery"] |= delivery
    return facts.read(document.read(json.dumps(said).encode(), "delivery.json"), PACK, today=Today(DAY))


def read(*given: Any, by: datetime.date = DAY, **delivery: Any) -> Waivers:
    found = facts.read(document.read(json.dumps(PACK.example).encode()), PACK, today=Today(by))
    found = lacking_budget(**delivery) if delivery else found
    return waivers.read(document.read(json.dumps({"waivers": list(given)}).encode(), "waivers.json"), found, PACK)


def judged(*given: Any) -> Verdict:
    found = lacking_budget()
    doc = document.read(json.dumps({"waivers": list(given)}).encode(), "waivers.json")
    return evaluate.evaluate(found, PACK, waivers.read(doc, found, PACK))


# --- those that count


@pytest.mark.parametrize(
    "named",
    [
        {"criterion": "budgets"},
        {"criterion": PACK.criteria["budgets"].text},
        {"gate": "serving-release", "criterion": None},
        {"gate": "5", "criterion": None},
        {"gate": 5, "criterion": None},
    ],
    ids=str,
)
def test_a_criterion_or_gate_is_waived_by_its_name_number_or_words(named: dict[str, Any]) -> None:
    waiver = {key: value for key, value in (GOOD | named).items() if value is not None}
    verdict = judged(waiver)
    assert verdict.passed
    assert verdict.waived == ("budgets",)
    assert verdict.waives(verdict.waivers.given[0]) == ("budgets",)


def test_a_waived_gate_lets_pass_what_does_not_hold_and_all_else_in_it_is_met() -> None:
    verdict = judged({key: value for key, value in (GOOD | {"gate": "serving-release"}).items() if key != "criterion"})
    statuses = {one.criterion.id: one.status for one in verdict.gate("serving-release").exit}
    assert statuses.pop("budgets") == "waived"
    assert set(statuses.values()) == {"met"}


def test_a_waiver_counts_up_to_and_including_its_day() -> None:
    assert read(GOOD | {"expires": "2026-11-28"}).given[0].state == "counts"
    assert read(GOOD | {"expires": "2026-11-27"}).given[0].state == "void"


def test_without_a_day_no_waiver_counts() -> None:
    found = facts.read(document.read(json.dumps(PACK.example).encode()), PACK)
    assert waivers.read(document.read(json.dumps({"waivers": [GOOD]}).encode()), found, PACK).given[0].state == "void"


def test_a_waiver_for_this_state_of_the_pack_counts() -> None:
    assert read(GOOD | {"pack": PACK.digest}).given[0].state == "counts"


@pytest.mark.parametrize(
    ("name", "state"),
    [("churn", "counts"), ("churn 2.0", "counts"), ("churn 2.1", "elsewhere"), ("chur", "elsewhere"), ("CHURN", "elsewhere")],
)
def test_a_waiver_for_a_delivery_counts_for_no_other(name: str, state: str) -> None:
    found = read(GOOD | {"delivery": name}, model="churn", version="2.0")
    assert (found.given[0].state, found.every_problem) == (state, ())


def test_of_two_waivers_of_the_same_one_that_counts_is_enough() -> None:
    verdict = judged(GOOD | {"expires": "2026-01-31"}, GOOD)
    assert verdict.passed
    assert [verdict.waives(one) for one in verdict.waivers.given] == [(), ("budgets",)]


# --- those that count for nothing


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"expires": "2026-11-27"}, "expired-waiver", "up to and including 2026-11-27, and the day is 2026-11-28"),
        ({"expires": "31.12.2026"}, "bad-waiver", "no date"),
        ({"expires": "2026-02-30"}, "bad-waiver", "no date"),
        ({"expires": "never"}, "bad-waiver", "no date"),
        ({"expires": None}, "bad-waiver", "`expires` of this waiver is a placeholder"),
        ({"criterion": "budget"}, "bad-waiver", "no exit criterion is called `budget`"),
        ({"criterion": "serving-release"}, "bad-waiver", "no exit criterion is called `serving-release`"),
        ({"criterion": "stages-complete"}, "bad-waiver", "entry criterion"),
        ({"criterion": "Stages 1 through 9 are complete."}, "bad-waiver", "entry criterion"),
        ({"criterion": ["budgets", "rollout"]}, "bad-waiver", "`criterion` of a waiver is a text, and here is a list"),
        ({"gate": "serving-release"}, "bad-waiver", "a gate or a criterion, and this one both"),
        ({"approver": "everyone"}, "bad-waiver", "`everyone` is neither"),
        ({"approver": "TBD"}, "bad-waiver", "`approver` of this waiver is a placeholder"),
        ({"reason": "?"}, "bad-waiver", "`reason` of this waiver is a placeholder"),
        ({"reason": []}, "bad-waiver", "`reason` of this waiver is a placeholder"),
        ({"delivery": "TBD"}, "bad-waiver", "`delivery` of this waiver is a placeholder"),
        ({"pack": "sha256:" + "0" * 64}, "other-pack", PACK.digest),
        ({"pack": "mlops"}, "bad-waiver", "which is no digest"),
        ({"pcak": PACK.digest}, "unknown-key", "a waiver has no key `pcak`, so it counts for nothing"),
    ],
    ids=str,
)
def test_a_waiver_that_is_not_as_it_has_to_be_counts_for_nothing_and_is_told(change: Any, code: str, says: str) -> None:
    verdict = judged(GOOD | change)
    assert not verdict.passed
    assert verdict.waived == ()
    (problem,) = verdict.waivers.every_problem
    assert (problem.code, says in problem.what) == (code, True)
    assert problem.place is not None
    assert problem.help


@pytest.mark.parametrize("key", sorted(GOOD))
def test_a_waiver_that_lacks_something_counts_for_nothing(key: str) -> None:
    verdict = judged({name: value for name, value in GOOD.items() if name != key})
    assert not verdict.passed
    assert f"lacks: {'gate or criterion' if key == 'criterion' else key}" in verdict.waivers.every_problem[0].what


@pytest.mark.parametrize(
    "content",
    ["- criterion: budgets", "waivers: budgets", "waiver: []", "waivers: [budgets]", "waivers: {budgets: x}", "budgets"],
)
def test_a_file_of_another_shape_waives_nothing_and_says_so(content: str) -> None:
    found = lacking_budget()
    read = waivers.read(document.read(content.encode(), "waivers.yaml"), found, PACK)
    assert read.criteria == frozenset()
    assert len(read.every_problem) == 1


@pytest.mark.parametrize("content", ["waivers:", "waivers: []", "waivers: TBD"])
def test_a_file_without_waivers_is_fine(content: str) -> None:
    read = waivers.read(document.read(content.encode(), "waivers.yaml"), lacking_budget(), PACK)
    assert (read.given, read.every_problem) == ((), ())


def test_one_bad_waiver_takes_nothing_from_the_others() -> None:
    verdict = judged(GOOD | {"approver": "all"}, GOOD)
    assert verdict.passed
    assert len(verdict.waivers.every_problem) == 1


# --- what no waiver does


def test_what_holds_by_itself_is_not_told_as_waived() -> None:
    verdict = judged(GOOD, GOOD | {"criterion": "scope-objective"})
    assert verdict.waived == ("budgets",)
    assert [verdict.waives(one) for one in verdict.waivers.given] == [("budgets",), ()]


def test_a_waiver_of_the_last_gate_lets_no_earlier_one_pass() -> None:
    last = {key: value for key, value in (GOOD | {"gate": "delivery-bundle"}).items() if key != "criterion"}
    verdict = judged(last)
    assert not verdict.passed
    assert verdict.gate("serving-release").status == "blocked"


def test_no_waiver_makes_a_file_with_problems_pass() -> None:
    said = copy.deepcopy(PACK.example) | {"wiavers": []}
    found = facts.read(document.read(json.dumps(said).encode()), PACK, today=Today(DAY))
    every = [{key: value for key, value in (GOOD | {"gate": gate}).items() if key != "criterion"} for gate in PACK.order]
    doc = document.read(json.dumps({"waivers": every}).encode())
    assert not evaluate.evaluate(found, PACK, waivers.read(doc, found, PACK)).passed


def test_waivers_in_the_fact_file_waive_nothing_and_are_told_where_they_belong() -> None:
    said = copy.deepcopy(PACK.example) | {"waivers": [GOOD]}
    found = facts.read(document.read(json.dumps(said).encode()), PACK, today=Today(DAY))
    assert "--waivers FILE" in found.problems[0].help
