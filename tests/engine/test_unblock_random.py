"""`unblock` on random packs and random fact files, against brute force."""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import random_packs
from gatewright.engine import conditions, document, facts, fixpoint
from gatewright.engine.compiler import BEGIN, Program, leaf_claims
from gatewright.engine.cone import Cone
from gatewright.engine.edits import MORE, WHOLE, Edit, apply
from gatewright.engine.evaluate import evaluate
from gatewright.engine.facts import Facts
from gatewright.engine.pack import Pack
from gatewright.engine.unblock import Unblock, unblock
from gatewright.engine.ways import Piece
from hypothesis import HealthCheck, Phase, given, settings

pytestmark = pytest.mark.no_cover  # other tests cover the same, case by case; to be measured takes these twice the time

# Other values than those that `unblock` tries: what they can't do in fewer facts, nothing can. None is bad by its kind
# (an owner who is nobody, a version that moves, a threshold without a number): that is never proposed.
VALUES: dict[str, list[Any]] = {
    "s.text": ["one", "w1", "other"],
    "s.texts": [["w1"], ["one"], ["two"], ["one", "w1"], ["strange"], ["w1", "w2"]],
    "s.owner": ["ana"],
    "s.choice": ["low", "mid", "high"],
    "s.choices": [["a"], ["b"], ["c"], ["a", "b"], ["a", "c"], ["b", "c"], ["a", "b", "c"]],
    "s.number": [0, 1, 1.2, 1.5, 2, 3],
    "s.age": ["1 day", "7 days", "8 days", "14 days", "3 weeks"],
    "s.day": ["2025-01-01", "2026-01-01", "2026-01-02"],
    "s.targets": [["auc >= 0.8"]],
    "s.policy": ["wait", "go"],
    "s.reason": ["agreed"],
}
ROW: dict[str, list[Any]] = {"name": ["w1", "w9", "one"], "group": ["auc", "recall"], "value": [0.5, 1, 1.5, 2], "owner": ["ana"]}


def lists(rng: random.Random, count: int) -> list[Any]:
    """Choices in place of records, and lists of records."""
    found: list[Any] = ["calm", "rough"]
    for _ in range(count):
        values = [rng.choice([0.5, 0.8, 1, 1.2, 1.5, 2, 5]), rng.choice([0.5, 1, 2])]
        names = rng.choice([["w1", "w2", "w3", "w4", "w5"], ["one", "two", "w1", "w2", "w3"], ["w1", "w1", "w2", "w3", "w4"]])
        rows = range(rng.randint(1, 5))
        found.append([{"name": names[n], "group": "auc", "value": rng.choice(values), "owner": "ana"} for n in rows])
    return found


def passes(found: Facts, pack: Pack, program: Program, gate: str) -> bool:
    """The same as evaluate, without the verdict and the second engine."""
    answers = ((key, conditions.answer(leaf, found, pack).status) for key, leaf in program.leaves.items())
    claims = {claim for key, status in answers for claim in leaf_claims(key, status)} | {BEGIN}
    return any(rule.head == f"gate:{gate} passed" for rule in fixpoint.fired(program.rules, claims))


def smaller(found: Facts, size: int, rng: random.Random) -> Iterator[list[Edit]]:
    """Edits of fewer facts than `size`: every single one, and of pairs a sample."""
    units = {(path, WHOLE): [Edit(path, WHOLE, value) for value in values] for path, values in VALUES.items()}
    units["s.rows", WHOLE] = [Edit("s.rows", WHOLE, value) for value in lists(rng, 25)]
    for number, row in enumerate(found.records.get("s.rows", ())):
        units |= {(f"s.rows[].{name}", number): [Edit(f"s.rows[].{name}", number, v) for v in ROW[name]] for name in row}
    singles = [[edit] for edits in units.values() for edit in edits]
    yield from singles if size > 1 else ()
    for _ in range(150 if size > 2 else 0):
        one, other = rng.choice(singles), rng.choice(singles)
        if one[0].path.partition("[]")[0] != other[0].path.partition("[]")[0] or (
            one[0].row != other[0].row and WHOLE not in (one[0].row, other[0].row)
        ):
            yield one + other


def check(rng: random.Random, folder: Path) -> list[Unblock]:
    """Whatever is answered works, nothing of it can be left out, and nothing smaller does."""
    pack = random_packs.pack(rng, folder)
    answers: list[Unblock] = []
    doc = document.read(json.dumps(random_packs.delivery(rng)).encode(), "delivery.json")
    read = partial(facts.read, pack=pack)
    verdict = evaluate(read(doc), pack)
    for gate in pack.order[:2]:
        answer = unblock(doc, verdict, gate, read, most=3)
        answers.append(answer)

        def made(edits: list[Edit]) -> Facts:
            return read(apply(doc, verdict.facts, edits))

        best = [change.edit for change in answer.best]
        if best:
            text = json.dumps(apply(doc, verdict.facts, best).root.plain()).encode()
            assert evaluate(read(document.read(text, "delivery.json")), pack).gate(gate).status == "passed"
        for part in answer.parts:
            others = [c.edit for other in answer.parts if other is not part for c in other.ways[0].changes]
            for way in part.ways:
                edits = [change.edit for change in way.changes]
                assert passes(made(others + edits), pack, verdict.program, gate)
                for out in range(len(edits)):
                    assert not passes(made(others + edits[:out] + edits[out + 1 :]), pack, verdict.program, gate)
        for edits in smaller(verdict.facts, answer.least, rng):
            assert not passes(made(edits), pack, verdict.program, gate), edits
        for _ in range(30 if answer.impossible else 0):
            edits = [Edit(path, WHOLE, rng.choice(values)) for path, values in VALUES.items()]
            edits.append(Edit("s.rows", WHOLE, rng.choice(lists(rng, 5))))
            assert not passes(made(edits), pack, verdict.program, gate), edits
    return answers


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(rng=random_packs.randoms)
def test_in_a_random_pack_each_way_works_and_nothing_less_does(rng: random.Random, tmp_path: Path):
    check(rng, tmp_path)


def test_in_many_seeded_packs_each_way_works_and_nothing_less_does(tmp_path: Path):
    found = [answer for seed in range(25) for answer in check(random.Random(seed), tmp_path)]
    sizes = {answer.least for answer in found if answer.parts}
    assert {1, 2, 3} <= sizes  # not all of one kind
    assert any(answer.impossible for answer in found)
    assert any(len(part.ways) > 1 for answer in found for part in answer.parts)


def pieces(rng: random.Random, folder: Path) -> Iterator[Piece]:
    """The parts of what a random delivery lacks, each of so few values that all can be tried."""
    pack = random_packs.pack(rng, folder)
    verdict = evaluate(random_packs.read(random_packs.delivery(rng), pack), pack)
    cone = Cone(verdict.program, f"gate:{pack.order[0]} passed")
    for goal in cone.necessary():
        piece = Piece(verdict, cone, [goal], sorted(cone.bases(goal)))
        if 1 < math.prod(len(spot.options) for spot in piece.spots) <= 4000 and not piece.follows({}):
            yield piece


def sensible(piece: Piece, picks: dict[int, int]) -> bool:
    """A list is replaced or mended, not both, and records are added one after the other."""
    spots = [piece.spots[number] for number in picks]
    replaced = {spot.path for spot in spots if spot.row == WHOLE}
    inside = {spot.path.partition("[]")[0] for spot in spots if spot.row != WHOLE}
    added = [spot.rank for spot in spots if spot.row == MORE]
    return not replaced & inside and added == list(range(len(added)))


def test_the_ways_are_all_the_smallest_sets_that_brute_force_finds_among_the_same_values(tmp_path: Path):
    sizes: set[int] = set()
    for seed in range(40):
        for piece in pieces(random.Random(seed), tmp_path):
            working: set[frozenset[tuple[int, bool]]] = set()
            for taken in itertools.product(*(range(len(spot.options)) for spot in piece.spots)):
                picks = {number: n for number, n in enumerate(taken) if n}
                if sensible(piece, picks) and piece.follows(picks):
                    working.add(frozenset((number, piece.cost[number][n][0]) for number, n in picks.items()))
            piece.search_ways(most=100)
            assert piece.faults == 0  # the engine refused no answer of the search
            found = {frozenset((number, piece.cost[number][n][0]) for number, n in picks.items()) for picks in piece.picks}
            assert found == {one for one in working if not any(other < one for other in working)}
            sizes |= {len(one) for one in found}
    assert {1, 2} <= sizes
