"""A criterion is `assumed` where it is met, and would not be if assumptions did not count: in the engine as in the checker."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import proof_cases
import random_packs
from proof_cases import PACK, Proved, judged


def assume(said: dict[str, Any], path: str) -> dict[str, Any]:
    """The same delivery with one stated fact assumed instead."""
    found = copy.deepcopy(said)
    *above, last = path.split(".")
    level = found
    for part in above:
        level = level[part]
    record = {"fact": path, "value": level.pop(last), "reason": "not settled yet", "owner": "head of support"}
    found["assumptions"] = [*found.get("assumptions", []), record]
    return found


def statuses(one: Proved) -> dict[str, str]:
    return {found.criterion.id: found.status for gate in one.verdict.gates for found in (gate.entry, *gate.exit)}


def test_what_is_found_among_assumed_names_is_met_by_assumption() -> None:
    one = Proved("", judged(assume(PACK.example, "training.evaluation.datasets")))
    assert statuses(one)["retraining-validation"] == "assumed"
    assert one.checker.check(one.proof()) == []


def test_an_assumption_in_one_gate_does_not_make_the_entry_of_a_later_one_assumed() -> None:
    order = [PACK.order[n] for n in (1, 0, 2, 3, 4, 5, 6, 7, 8, 9)]
    said = assume(PACK.example, "lineage.datasets") | {"sequence": proof_cases.SEQUENCE | {"order": order}}
    one = Proved("", judged(said))
    assert one.verdict.passed
    assert statuses(one)["request-stated"] == "met"
    assert one.checker.check(one.proof()) == []


def test_an_entry_that_asks_for_what_is_assumed_is_assumed() -> None:
    one = Proved("", judged(assume(PACK.example, "delivery.request")))
    assert statuses(one)["request-stated"] == "assumed"
    assert one.checker.check(one.proof()) == []


def test_the_proofs_of_random_deliveries_with_assumptions_are_accepted(tmp_path: Path) -> None:
    for seed in range(12):
        rng = random.Random(seed)
        pack = random_packs.pack(rng, tmp_path)
        for _ in range(8):
            said = random_packs.delivery(rng)
            for key, value in list(said["s"].items()):
                if rng.random() < 0.3 and value != "tbd":
                    said = assume(said, f"s.{key}")
            one = Proved(str(seed), judged(said, pack, rng.sample(sorted(pack.criteria), 1), assumptions=rng.random() < 0.8))
            assert one.checker.check(one.proof()) == [], seed
