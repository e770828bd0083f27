"""What must hold of every verdict, over the whole example of the shipped pack with facts removed and replaced."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import random_packs
from gatewright.engine import evaluate, pack_loader, pack_walks
from gatewright.engine.pack_conditions import CriterionHolds, Passes
from gatewright.engine.verdict import Verdict
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from waiving import waiving

pytestmark = pytest.mark.no_cover  # other tests cover the same, case by case; to be measured takes these twice the time

PACK = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")
PATHS = sorted(path for section in PACK.sections for path, fact in section.facts.items() if not fact.optional)
FIELDS = sorted(
    f"{path}[].{name}"
    for section in PACK.sections
    for path, fact in section.facts.items()
    for name in fact.fields
    if isinstance(fact.sample, list)
)

BAD: list[Any] = [
    "tbd",
    "",
    None,
    "everyone",
    "latest",
    "good",
    "none",
    ["good"],
    [],
    10**9,
    {"x": 1},
    [{}],
    "low",
    "high",
    "unstable",
]
HOLD = ("met", "assumed", "waived")
RESTING = {  # criteria that ask whether others hold
    name
    for name, criterion in PACK.criteria.items()
    if any(isinstance(asked, CriterionHolds | Passes) for asked, _ in pack_walks.below(criterion))
}
QUICK = settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


def put(said: dict[str, Any], path: str, change: Callable[[dict[str, Any], str], Any]) -> None:
    """Change what stands at a path, or at a field of every record."""
    base, bracket, field = path.partition("[].")
    *above, last = base.split(".")
    level: Any = said
    for part in above:
        level = level.get(part, {})
    if not bracket:
        change(level, last)
    for row in level.get(last, []) if bracket and isinstance(level.get(last), list) else ():
        if isinstance(row, dict):
            change(row, field)


def without(said: dict[str, Any], *paths: str) -> dict[str, Any]:
    found = copy.deepcopy(said)
    for path in paths:
        put(found, path, lambda level, key: level.pop(key, None))
    return found


def replaced(said: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    found = copy.deepcopy(said)
    put(found, path, lambda level, key: level.__setitem__(key, value))
    return found


def judge(said: dict[str, Any], *waived: str) -> Verdict:
    return evaluate.evaluate(random_packs.read(said, PACK), PACK, waiving(*waived))


def passed(verdict: Verdict) -> set[str]:
    return {gate.gate.id for gate in verdict.gates if gate.status == "passed"}


@st.composite
def deliveries(draw: st.DrawFn) -> dict[str, Any]:
    """The example with some facts removed and some replaced."""
    said = without(PACK.example, *draw(st.lists(st.sampled_from(PATHS + FIELDS), max_size=4)))
    for path in draw(st.lists(st.sampled_from(PATHS + FIELDS), max_size=3)):
        said = replaced(said, path, draw(st.sampled_from(BAD)))
    return said


def orders() -> st.SearchStrategy[list[str]]:
    return st.permutations(PACK.order[:-1]).map(lambda gates: [*gates, PACK.order[-1]])


def asking(order: list[str]) -> dict[str, Any]:
    return {"sequence": {"order": order, "requested_by": "ana", "reason": "a pilot"}}


# --- every verdict


def check(verdict: Verdict) -> None:
    statuses = [gate.status for gate in verdict.gates]
    count = statuses.count("passed")
    ended = [] if count == len(statuses) else ["blocked"] + ["waiting"] * (len(statuses) - count - 1)
    assert statuses == ["passed"] * count + ended  # the first that does not pass blocks, and all after it wait
    for gate in verdict.gates:
        criteria = [found.status for found in gate.exit]
        if gate.status == "passed":
            assert gate.entry.status in (*HOLD, "reordered")
            assert set(criteria) <= set(HOLD)
        elif gate.status == "waiting":
            assert gate.waiting_for == (verdict.gates[count].gate.id,)
        else:
            assert {gate.entry.status, *criteria} & {"unmet", "unknown"}
    assert verdict.passed == (count == len(statuses) and not verdict.facts.problems)


@QUICK
@given(said=deliveries(), order=st.none() | orders())
def test_gates_pass_in_their_order_until_one_blocks_and_the_rest_wait(said: dict[str, Any], order: list[str] | None):
    check(judge(said | (asking(order) if order else {})))


@QUICK
@given(said=deliveries())
def test_an_unknown_criterion_passes_no_gate(said: dict[str, Any]):
    verdict = judge(said)
    for gate in verdict.gates:
        if any(found.status == "unknown" for found in (gate.entry, *gate.exit)):
            assert gate.status != "passed"


@QUICK
@given(said=deliveries(), path=st.sampled_from(PATHS + FIELDS), order=st.none() | orders())
def test_taking_a_fact_away_makes_no_gate_pass(said: dict[str, Any], path: str, order: list[str] | None):
    said = said | (asking(order) if order else {})
    assert passed(judge(without(said, path))) <= passed(judge(said))


@QUICK
@given(said=deliveries(), criteria=st.sets(st.sampled_from(sorted(PACK.criteria)), max_size=3))
def test_a_waived_criterion_holds_and_what_does_not_hold_without_it_is_still_told(said: dict[str, Any], criteria: set[str]):
    plain, verdict = judge(said), judge(said, *criteria)
    check(verdict)
    assert len(RESTING) < len(PACK.criteria) / 4
    held = {found.criterion.id for gate in plain.gates for found in gate.exit if found.status in HOLD}
    assert set(verdict.waived) <= criteria - held  # what holds by itself is not told as waived
    holds = {found.criterion.id for gate in verdict.gates for found in gate.exit if found.status in HOLD}
    assert criteria | held <= holds
    if not criteria - held:
        assert holds == held
    assert holds - criteria - held <= RESTING  # these hold because one that is waived does
    assert passed(plain) <= passed(verdict)
    for before, after in zip(plain.gates, verdict.gates, strict=True):
        for one, other in zip(before.exit, after.exit, strict=True):
            if other.status == "waived" and one.status in ("unmet", "unknown"):
                assert set(one.because) <= set(other.because)


# --- windows and runs: taking labels and values away


@pytest.mark.parametrize("seed", range(6))
def test_taking_measurements_away_one_after_the_other_makes_no_gate_pass(seed: int):
    rng = random.Random(seed)
    said = copy.deepcopy(PACK.example)
    said["retraining"]["drift"] |= {
        "observed": [
            {"window": f"w{n}", "quality_drop": "1%", "psi": rng.choice([0.05, 0.3, 0.3]), "feature_age": "1 day"}
            for n in range(4)
        ],
        "response": "adaptive-thresholds",
    }
    said["training"]["evaluation"]["stability"] = [
        {"run": f"r{n}", "metric": "auc", "value": rng.choice([0.8, 0.8, 0.5])} for n in range(5)
    ]
    before = passed(judge(said))
    rows = [
        row for where in (said["retraining"]["drift"]["observed"], said["training"]["evaluation"]["stability"]) for row in where
    ]
    while any(len(row) > 1 for row in rows):
        row = rng.choice([row for row in rows if len(row) > 1])
        del row[rng.choice(sorted(row))]
        after = passed(judge(said))
        assert after <= before, said
        before = after


# --- single facts


@pytest.mark.parametrize("path", PATHS)
def test_without_one_fact_the_verdict_is_no_pass_and_names_it(path: str):
    verdict = judge(without(PACK.example, path))
    needed = [found for found in verdict.missing if found.fact.partition("[]")[0] == path]
    assert verdict.passed is False
    assert needed


# --- another order


@QUICK
@given(order=orders())
def test_every_dependency_that_an_order_turns_round_is_told(order: list[str]):
    verdict = judge(PACK.example | asking(order))
    needs = {gate.id: set(gate.needs) for gate in PACK.gates}

    def above(gate: str) -> set[str]:
        return set().union(*({needed} | above(needed) for needed in needs[gate]))

    assert set(verdict.turned_round) == {
        (gate, needed) for n, gate in enumerate(order) for needed in above(gate) if needed in order[n:]
    }
    assert [gate.gate.id for gate in verdict.gates] == order


def test_in_another_order_a_later_gate_waits_for_the_one_that_blocks():
    second, first, *rest = PACK.order
    verdict = judge(without(PACK.example, "delivery.model") | asking([first, second, *rest]))
    assert {gate.gate.id: gate.status for gate in verdict.gates} == {first: "passed", second: "blocked"} | dict.fromkeys(
        rest, "waiting"
    )
    assert {gate.waiting_for for gate in verdict.gates[2:]} == {(second,)}


def test_an_order_that_no_one_asked_for_by_name_changes_nothing():
    second, first, *rest = PACK.order
    asked = asking([first, second, *rest])
    del asked["sequence"]["requested_by"]
    verdict = judge(PACK.example | asked)
    assert tuple(gate.gate.id for gate in verdict.gates) == PACK.order
    assert not verdict.passed
