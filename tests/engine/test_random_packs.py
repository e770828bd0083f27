"""Random packs with random fact files: the engines agree, and nothing passes because something was taken away."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import pytest
import random_packs
from gatewright.engine import compiler, evaluate
from gatewright.engine.pack import Pack
from gatewright.engine.verdict import Verdict
from hypothesis import HealthCheck, Phase, given, settings

pytestmark = pytest.mark.no_cover  # other tests cover the same, case by case; to be measured takes these twice the time

FAST = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def judge(said: dict[str, Any], pack: Pack) -> Verdict:
    return evaluate.evaluate(random_packs.read(said, pack), pack)  # raises where the engines differ


def holding(verdict: Verdict) -> set[str]:
    """The gates that pass and the criteria that hold."""
    gates = {gate.gate.id for gate in verdict.gates if gate.status == "passed"}
    return gates | {
        found.criterion.id for gate in verdict.gates for found in gate.exit if found.status in ("met", "assumed", "waived")
    }


def less(said: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The same with one fact, or one of several fields of a record, taken away."""
    found = copy.deepcopy(said)
    key = rng.choice(sorted(found["s"]))
    rows = [row for row in found["s"][key] if isinstance(row, dict) and len(row) > 1] if isinstance(found["s"][key], list) else []
    if rows and rng.random() < 0.8:
        row = rng.choice(rows)
        del row[rng.choice(sorted(row))]
    else:
        del found["s"][key]
    return found


def check(rng: random.Random, folder: Path) -> None:
    pack = random_packs.pack(rng, folder)
    for _ in range(3):
        said = random_packs.delivery(rng)
        before = holding(judge(said, pack))
        for _ in range(5):
            if not said["s"]:
                break
            said = less(said, rng)
            after = holding(judge(said, pack))
            assert after <= before, (after - before, said)
            before = after


@FAST
@given(rng=random_packs.randoms)
def test_in_a_random_pack_nothing_holds_because_a_fact_was_taken_away(rng: random.Random, tmp_path: Path):
    check(rng, tmp_path)


def test_in_many_seeded_packs_nothing_holds_because_a_fact_was_taken_away(tmp_path: Path):
    for seed in range(25):
        check(random.Random(seed), tmp_path)


def test_the_seeded_packs_are_not_all_of_one_kind(tmp_path: Path):
    statuses: set[str] = set()
    for seed in range(40):
        rng = random.Random(seed)
        pack = random_packs.pack(rng, tmp_path)
        for _ in range(6):
            verdict = judge(random_packs.delivery(rng), pack)
            statuses |= {gate.status for gate in verdict.gates} | {one.status for gate in verdict.gates for one in gate.exit}
    assert statuses == {"passed", "blocked", "waiting", "met", "unmet", "unknown"}


def test_a_pack_gives_the_same_rules_each_time(tmp_path: Path):
    said = random_packs.content(random.Random(6))
    first, second = (random_packs.write(said, tmp_path / name) for name in ("a", "b"))
    rules = [
        [(rule.id, rule.body, rule.head) for rule in compiler.compile_pack(random_packs.pack_loader.load(folder)).rules]
        for folder in (first, second)
    ]
    assert rules[0] == rules[1]
