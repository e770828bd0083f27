"""No proof is accepted that is not the genuine one, and nothing given as a proof makes the checker fail."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from typing import Any

import hypothesis.strategies as st
import proof_cases
import proof_mutations
import pytest
from hypothesis import given, settings
from proof_cases import Proved

SHIPPED = proof_cases.shipped()
MUTATIONS = 10_000
DEEP = 100_000


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> list[Proved]:
    folder = tmp_path_factory.mktemp("packs")
    return [*SHIPPED, *(one for seed in range(3) for one in proof_cases.random_ones(seed, folder, 4))]


def test_ten_thousand_mutated_proofs_are_all_rejected(every: list[Proved]) -> None:
    rng = random.Random(4)
    kinds = list(proof_mutations.MUTATIONS)
    made: Counter[str] = Counter()
    accepted: list[str] = []
    while made.total() < MUTATIONS:
        one, other = rng.choice(every), rng.choice(every)
        kind = rng.choice(kinds)
        changed = proof_mutations.mutated(rng, rng.choice(one.proofs), rng.choice(other.proofs), kind)
        if changed is not None:
            made[kind] += 1
            if not one.checker.check(changed):
                accepted.append(f"{one.name}: {kind}")
    assert accepted == []
    assert min(made[kind] for kind in kinds) >= 20, made  # each kind of change was truly made
    assert all(one.checker.check(written) == [] for one in every for written in one.proofs)  # and nothing genuine was changed


def test_each_mutation_alone_is_told_from_the_genuine_proof_with_a_reason_that_names_it(every: list[Proved]) -> None:
    one = next(one for one in every if one.name == "demand-forecast")
    written = one.proof("retraining-rollback")
    nodes = written["nodes"]
    leaf = "leaf:retraining.drift.response is 'retrain-with-rollout-controls'"
    told: dict[str, Any] = {
        "the `status` of `gate:retraining-rollback` is `passed`, and it has to be `blocked`": (
            "gate:retraining-rollback",
            {"status": "passed"},
        ),
        "`gate:retraining-rollback` stands on `criterion:retraining-triggers` too, which it does not name": (
            "gate:retraining-rollback",
            {"because": ["gate:monitoring-drift"]},
        ),
        "`criterion:retraining-triggers` does not stand on `gate:lineage`": (
            "criterion:retraining-triggers",
            {"because": sorted([*nodes["criterion:retraining-triggers"]["because"], "gate:lineage"])},
        ),
        f"the facts of `{leaf}` are not those that decide it, with their record, state and value, sorted": (leaf, {"facts": []}),
        f"the node `{leaf}` has a key that means nothing: `note`": (leaf, {"note": ""}),
    }
    for reason, (name, change) in told.items():
        assert one.checker.check(written | {"nodes": nodes | {name: nodes[name] | change}}) == [reason]


def test_a_node_that_nothing_stands_on_is_superfluous() -> None:
    whole, part = SHIPPED[0].proof(), SHIPPED[0].proof("lineage")
    part["nodes"]["verdict"] = whole["nodes"]["verdict"]
    assert SHIPPED[0].checker.check(part) == ["`verdict` is no node that the subject stands on"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = ("subject", "pack", "facts", "order", "waived", "assumptions", "nodes")


@settings(max_examples=150, deadline=None)
@given(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)))
def test_whatever_is_given_as_a_proof_gets_reasons_and_no_exception(given_as_proof: object) -> None:
    reasons = SHIPPED[0].checker.check(given_as_proof)
    assert reasons
    assert all(isinstance(reason, str) for reason in reasons)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_genuine_proof_with_anything_in_any_place_is_rejected(data: st.DataObject) -> None:
    written = SHIPPED[0].proof("use-case")
    level, key = written, data.draw(st.sampled_from(sorted(written)))
    while isinstance(level[key], (dict, list)) and level[key] and data.draw(st.booleans()):
        level = level[key]
        key = data.draw(st.sampled_from(sorted(level) if isinstance(level, dict) else range(len(level))))
    before, after = level[key], data.draw(JSON)
    level[key] = after
    assert bool(SHIPPED[0].checker.check(written)) == (json.dumps(before) != json.dumps(after))


def test_huge_and_deep_proofs_are_answered_at_once() -> None:
    deep: Any = []
    for _ in range(DEEP):
        deep = [deep]
    written = SHIPPED[0].proof("use-case")
    gate = written["nodes"]["gate:use-case"]
    huge = {f"node {number}": {"status": "yes", "because": []} for number in range(DEEP)}
    begin = time.monotonic()
    for bad in (
        deep,
        written | {"subject": deep},
        written | {"order": deep},
        written | {"nodes": deep},
        written | {"nodes": huge},
        written | {"nodes": written["nodes"] | huge},
        written | {"nodes": written["nodes"] | {"gate:use-case": deep}},
        written | {"nodes": written["nodes"] | {"gate:use-case": gate | {"because": [f"x{n}" for n in range(DEEP)]}}},
        written | {"facts": "x" * 10_000_000},
        written | {"facts": 10**100_000},
    ):
        reasons = SHIPPED[0].checker.check(bad)
        assert 1 <= len(reasons) <= 20
        assert all(len(reason) < 600 for reason in reasons)
    assert time.monotonic() - begin < 10
