"""Random decision tables: what lint says of them is what trying every delivery says.

Here deliveries are tried one by one, from values that are close to each other and chosen without regard to the limits, each
read as a fact file; of those by which no question is answered otherwise one is kept. Nothing of the search is shared.
"""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import pytest
import random_packs
from gatewright.engine import compiler, conditions, fixpoint, pack_loader
from gatewright.engine.compiler import leaf_claims
from gatewright.engine.lint.subject import Subject, read
from gatewright.engine.pack import Pack

pytestmark = pytest.mark.no_cover  # other tests cover the same, case by case; to be measured takes these twice the time

SAID = random_packs.SAID
FACTS: dict[str, dict[str, Any]] = {
    "s.level": {"type": "choice", "choices": ["low", "mid", "high"], "example": "low"},
    "s.tags": {"type": "choices", "choices": ["a", "b", "c"], "example": ["a"]},
    "s.score": {"type": "number", "least": 0, "most": 3, "example": 1},
    "s.rows": {
        "type": "records",
        "label": "name",
        "choices": ["calm", "rough"],
        "fields": {
            "name": {"type": "text", "example": "w1", **SAID},
            "value": {"type": "number", "least": 0, "example": 1, **SAID},
        },
    },
}
LIMITS = {"half": 0.5, "one": 1, "two": 2, "none": 0, "three": 3}
GRID = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3]
ROWS = [
    list(row)
    for count in (1, 2, 3, 4)
    for row in itertools.combinations_with_replacement([None, 0.25, 0.5, 1, 1.5, 2, 2.5], count)
]
VALUES: dict[str, list[Any]] = {
    "s.level": [None, "low", "mid", "high"],
    "s.tags": [None, *(list(some) for n in (1, 2, 3) for some in itertools.combinations("abc", n))],
    "s.score": [None, *GRID],
    "s.rows": [
        None,
        "calm",
        "rough",
        *([{"name": f"w{n}"} | ({"value": v} if v is not None else {}) for n, v in enumerate(row)] for row in ROWS),
    ],
}


def leaf(rng: random.Random) -> dict[str, Any]:
    limit = rng.choice(["half", "one", "two"])
    return rng.choice(
        [
            {"fact": "s.level", "is": rng.choice(["low", "mid", "high"])},
            {"fact": "s.level", "none_of": rng.sample(["low", "mid", "high"], k=rng.randint(1, 2))},
            {"fact": "s.tags", rng.choice(["any_of", "none_of", "includes"]): rng.sample("abc", k=rng.randint(1, 2))},
            {"fact": "s.score", rng.choice(["at_least", "at_most"]): limit},
            {"fact": "s.rows", "is": rng.choice(["calm", "rough"])},
            {"fact": "s.rows[].value", "some_from": limit},
            {"fact": "s.rows[].value", "at_most": limit},
            {
                "fact": "s.rows[].value",
                "count": {"from": limit, rng.choice(["at_least", "at_most"]): rng.choice(["none", "one", "two"])},
            },
        ]
    )


def condition(rng: random.Random, known: list[str], depth: int = 2) -> dict[str, Any]:
    kind = rng.random()
    if kind < 0.3 and depth:
        return {rng.choice(["all", "any"]): [condition(rng, known, depth - 1) for _ in range(rng.randint(1, 3))]}
    if kind < 0.4 and known:
        return {"signal": rng.choice(known), "is": rng.random() < 0.5}
    return leaf(rng)


def table(seed: int, folder: Path) -> Pack:
    """A pack around a random table of three rows."""
    rng = random.Random(seed)
    signals: list[dict[str, Any]] = []
    for n in range(4):
        under = [condition(rng, [one["id"] for one in signals]) for _ in range(rng.randint(1, 3))]
        signals.append({"id": f"signal-{n}", "title": "S", rng.choice(["all", "any"]): under})
    said = random_packs.content(rng) | {"signals": signals, "antipatterns": [], "checklists": [], "output_tables": []}
    policy = {path: random_packs.FACTS[path] for path in ("s.policy", "s.reason")}
    said["sections"][0]["facts"] = {path: {**SAID, **fact} for path, fact in (FACTS | policy).items()}
    said["limits"] = {name: {"value": value, "unit": "ones", "means": "M", "source": "S"} for name, value in LIMITS.items()}
    criterion = {"id": "criterion", "text": "C", "mend": "M", "all": [{"follows": "table"}]}
    entry = {"id": "entry", "text": "E", "mend": "M"}
    said["gates"] = [{"id": "gate-0", "stage": 1, "title": "G", "needs": [], "entry": entry, "exit": [criterion]}]
    return pack_loader.load(random_packs.write(said, folder))


def everything(pack: Pack) -> list[frozenset[str]]:
    """What the rules derive of every delivery: facts are read one by one, as no question here is about two of them."""
    program = compiler.compile_pack(pack)
    by_fact: list[set[frozenset[str]]] = []
    for path, values in VALUES.items():
        asked = [leaf for leaf in program.leaves.values() if leaf.fact.partition("[]")[0] == path]
        by_fact.append(set())
        for value in values if asked else [None]:
            found = read(pack, {} if value is None else {path: value})
            answers = ((leaf.key, conditions.answer(leaf, found, pack).status) for leaf in asked)
            by_fact[-1].add(frozenset(claim for key, status in answers for claim in leaf_claims(key, status)))
    derived: list[frozenset[str]] = []
    for some in itertools.product(*by_fact):
        claims = frozenset(("begin",)).union(*some)
        derived.append(claims | {rule.head for rule in fixpoint.fired(program.rules, claims)})
    return derived


@pytest.mark.parametrize("seed", range(25))
def test_rows_lead_and_gaps_are_there_where_trying_every_delivery_says_so(seed: int, tmp_path: Path):
    pack = table(seed, tmp_path)
    tried = everything(pack)
    subject = Subject(pack_loader.examine(tmp_path))
    (found,) = pack.tables
    for claim in (
        *(f"row:table/{row.id} leads" for row in found.rows),
        *(f"signal:{signal.id} {side}" for signal in pack.signals for side in ("yes", "no", "open")),
    ):
        assert subject.can((claim,)) == any(claim in derived for derived in tried), claim
    nothing = [f"signal:{row.when} no" for row in found.rows]
    gap = any(all(claim in derived for claim in nothing) for derived in tried)
    assert subject.can(*((claim,) for claim in nothing)) == gap
    witness = subject.witness(*((claim,) for claim in nothing))
    assert (witness is not None) == gap
    if witness is not None:
        stated = {path: value for path, value in witness.items() if value is not None}
        assert set(nothing) <= subject.solver.derived(read(pack, stated))
