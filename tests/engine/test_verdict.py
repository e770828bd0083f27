"""A verdict is only said where the derivations are one consistent answer."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from gatewright.engine import document, evaluate, facts, pack_loader, verdict
from gatewright.engine.errors import EngineFault
from gatewright.engine.inference import Derivation
from gatewright.engine.verdict import Verdict
from waiving import waiving

PACK = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")
Change = Callable[[list[Derivation]], list[Derivation]]


@pytest.fixture(scope="module")
def passed() -> Verdict:
    found = facts.read(document.read(json.dumps(PACK.example).encode(), "a.json"), PACK)
    return evaluate.evaluate(found, PACK)


def judge(delivery: dict[str, object]) -> Verdict:
    return evaluate.evaluate(facts.read(document.read(json.dumps(delivery).encode(), "a.json"), PACK), PACK)


def concluded(from_: Verdict, derivations: list[Derivation]) -> Verdict:
    return verdict.conclude(PACK, from_.facts, from_.program, from_.answers, tuple(derivations), from_.engine)


def without(head: str) -> Change:
    return lambda derivations: [one for one in derivations if one.head != head]


def beside(head: str) -> Change:
    return lambda derivations: [*derivations, Derivation("by hand", ("begin",), head)]


def test_the_derivations_as_they_are_pass(passed: Verdict) -> None:
    assert concluded(passed, list(passed.derivations)).passed


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (without("gate:lineage passed"), "gate `lineage` is nothing at all"),
        (beside("gate:lineage blocked"), "gate `lineage` is passed and blocked"),
        (beside("criterion:budgets no"), "criterion `budgets` both holds and does not"),
        (beside("criterion:budgets open"), "criterion `budgets` both holds and does not"),
        (without("criterion:budgets yes"), "criterion `budgets` was not answered"),
    ],
    ids=["a gate without a status", "two statuses", "yes and no", "yes and open", "no answer"],
)
def test_derivations_that_are_no_consistent_answer_are_our_fault(passed: Verdict, change: Change, says: str) -> None:
    with pytest.raises(EngineFault, match=says):
        concluded(passed, change(list(passed.derivations)))


def test_a_waived_criterion_is_shown_as_waived_with_what_is_wrong_with_it() -> None:
    delivery = json.loads(json.dumps(PACK.example))
    del delivery["serving"]["budgets"]["cost"]
    found = facts.read(document.read(json.dumps(delivery).encode(), "a.json"), PACK)
    assert not evaluate.evaluate(found, PACK).passed
    judged = evaluate.evaluate(found, PACK, waiving("budgets"))
    assert judged.passed
    criterion = next(one for one in judged.gate("serving-release").exit if one.criterion.id == "budgets")
    assert criterion.status == "waived"
    assert [look.fact for look in criterion.because] == ["serving.budgets.cost"]


def test_how_to_mend_is_told_by_the_condition_that_fails_and_not_by_another_on_the_same_fact() -> None:
    delivery = copy.deepcopy(PACK.example)
    delivery["registry"]["promotion"]["policy"] = "automated-safeguards"  # not recommended, and not the one on hold either
    found = [missing for missing in judge(delivery).missing if missing.fact == "registry.promotion.policy"]
    assert found
    assert all("recommended" in missing.how and "on hold" not in missing.how for missing in found)


def test_what_a_row_was_measured_by_is_a_reason_and_nothing_to_mend() -> None:
    delivery = copy.deepcopy(PACK.example)
    window = {"quality_drop": "1%", "psi": 0.15, "feature_age": "40 days"}
    delivery["retraining"]["drift"] = {"observed": [{"window": f"w{n}"} | window for n in range(4)], "response": "monitor-only"}
    missing = [m.fact for m in judge(delivery).missing if m.gate == "retraining-rollback"]
    assert missing == ["retraining.drift.response", "retraining.drift.rationale"]


def test_a_criterion_names_what_contradicts_it_in_a_nested_condition_too() -> None:
    delivery = copy.deepcopy(PACK.example)
    delivery["training"]["evaluation"]["stability"] = "unstable"
    delivery["registry"]["promotion"]["rationale"] = "because so"
    (found,) = [c for c in judge(delivery).gate("registry-promotion").exit if c.status == "unmet"]
    assert [look.fact for look in found.because if look.against] == ["registry.promotion.policy"]
