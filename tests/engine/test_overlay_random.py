"""A second opinion on what an overlay may do without a reason: what it lets pass, the pack below lets pass too.

Random overlays over a small pack, tried on every delivery of a small set, instead of reasoning about conditions.
"""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import overlay_packs
import pytest
import random_packs
from gatewright.engine import loosening, pack_loader
from gatewright.engine.errors import BadPack
from gatewright.engine.trials import Judge

TRIED = 40
VALUES: dict[str, list[Any]] = {
    "text": ["one"],
    "owner": ["ana"],
    "number": [0.5, 1, 1.2, 2.5],
    "choice": ["low", "high"],
    "policy": ["wait", "go"],
    "reason": [None, "agreed"],
    "rows": [[{"name": "w1", "value": 1}], [{"name": "w1", "value": 2}]],
}
DELIVERIES = [
    {"s": {key: value for key, value in zip(VALUES, values, strict=True) if value is not None}}
    for values in itertools.product(*VALUES.values())
]


def change(rng: random.Random) -> dict[str, Any]:
    """One thing that an overlay may try, of which some loosen."""
    kind = rng.choice(["limit", "limit", "limit", "condition", "antipattern", "words", "row", "row", "row"])
    leaf = rng.choice([{"fact": "s.choice", "is": "low"}, {"fact": "s.owner", "named": True}, {"fact": "s.reason"}])
    if kind == "limit":
        return {"pack": {"limits": {rng.choice(["some", "many", "two"]): {"value": rng.choice([0.5, 1.1, 3])}}}}
    if kind == "condition":
        name = rng.choice(["first", "second", "numbers", "owned", "checked", "calm"])
        return {"gates_one": {"exit": [{"id": name, "all": [leaf]}]}}
    if kind == "antipattern":
        return {"antipatterns": {"antipatterns": [{"id": "added", **overlay_packs.TEXTS, "any": [leaf]}]}}
    if kind == "words":
        return {"pack": {rng.choice(["nobody", "moving"]): [rng.choice(["ana", "one"])]}}
    added = overlay_packs.row("added", rng.choice(["on", "always", "shaky"]), rng.choice(["go", "wait"]))
    ranked = rng.choice([["added", "row"], ["row", "added"]])
    return {"decisions_table": {"table": {"id": "table", "rows": [added], "priority": ranked}}}


def passing(judge: Judge) -> list[dict[str, Any]]:
    """Those of the deliveries that pass."""
    last = f"gate:{judge.pack.order[-1]} passed"
    return [one for one in DELIVERIES if last in judge.derive(random_packs.read(one, judge.pack)).heads]


def loosen(tmp_path: Path) -> tuple[int, int]:
    """How many random overlays were refused, and how many of the others pass what the pack below does not."""
    below = Judge(pack_loader.load(overlay_packs.base(tmp_path / "base")))
    fine = passing(below)
    refused = looser = 0
    for seed in range(TRIED):
        rng = random.Random(seed)
        try:
            own = Judge(pack_loader.load(overlay_packs.overlay(tmp_path / f"own-{seed}", **change(rng))))
        except BadPack:
            refused += 1
            continue
        looser += any(one not in fine for one in passing(own))
    return refused, looser


def test_what_passes_an_overlay_without_departures_passes_the_pack_below(tmp_path: Path):
    refused, looser = loosen(tmp_path)
    assert 5 < refused < TRIED - 5
    assert looser == 0


def test_without_the_check_some_of_these_overlays_would_loosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loosening, "_SHOWN", ("none", "tighter", "looser", "unknown"))
    refused, looser = loosen(tmp_path)
    assert refused == 0
    assert looser > 3
