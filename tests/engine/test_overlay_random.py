"""A second opinion on what an overlay may do without a reason: what it lets pass, the pack below lets pass too.

Random overlays over random packs, tried on random deliveries, instead of reasoning about conditions.
"""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import overlay_packs
import random_packs
from gatewright.engine import pack_loader
from gatewright.engine.errors import BadPack
from gatewright.engine.trials import Judge

TRIED, DELIVERIES = 60, 25


def change(rng: random.Random, said: dict[str, Any]) -> dict[str, Any]:
    """One thing that an overlay may try, of which some loosen."""
    kind = rng.choice(["limit", "limit", "condition", "condition", "antipattern", "nobody", "moving", "row", "row", "row", "item"])
    leaf = copy.deepcopy(rng.choice(random_packs.LEAVES))
    if kind == "limit":
        return {"pack": {"limits": {rng.choice(list(said["limits"])): {"value": rng.choice([0.05, 0.5, 1, 2, 5])}}}}
    if kind == "condition":
        gate = rng.choice(said["gates"])
        criterion = rng.choice([one for one in gate["exit"] if "all" in one] or [{"id": "added", **overlay_packs.TEXTS}])
        own = {key: criterion[key] for key in (("id",) if "all" in criterion else criterion)}
        return {f"gates_{gate['id']}": {"exit": [{**own, "all": [leaf]}]}}
    if kind == "antipattern":
        return {"antipatterns": {"antipatterns": [{"id": "added", **overlay_packs.TEXTS, "any": [leaf]}]}}
    if kind in ("nobody", "moving"):
        return {"pack": {kind: [rng.choice(["ana", "one", "w1"])]}}
    if kind == "item":
        lists = [one["id"] for one in said["checklists"]]
        item = {"id": "added", "text": "I", "all": [leaf]}
        return {"bundle": {"checklists": [{"id": rng.choice(lists), "items": [item]}]}} if lists else {}
    table = rng.choice(said["tables"])
    added = overlay_packs.row("added", rng.choice(said["signals"])["id"], rng.choice(["go", "wait"]))
    rows = list(table["priority"])
    rows.insert(rng.randint(0, len(rows)), "added")
    return {f"decisions_{table['id']}": {"table": {"id": table["id"], "rows": [added], "priority": rows}}}


def passes(judge: Judge, delivery: dict[str, Any]) -> bool:
    return f"gate:{judge.pack.order[-1]} passed" in judge.derive(random_packs.read(delivery, judge.pack)).heads


def test_what_passes_an_overlay_without_departures_passes_the_pack_below(tmp_path: Path):
    taken = refused = passed = 0
    for seed in range(TRIED):
        rng = random.Random(seed)
        said = random_packs.content(rng, gates=1)
        folder = tmp_path / str(seed)
        below = Judge(pack_loader.load(random_packs.write(said, folder / "base")))
        try:
            own = Judge(pack_loader.load(overlay_packs.overlay(folder / "own", **change(rng, said))))
        except BadPack:
            refused += 1
            continue
        taken += 1
        for _ in range(DELIVERIES):
            delivery = random_packs.delivery(rng)
            if passes(own, delivery):
                passed += 1
                assert passes(below, delivery), (seed, delivery)
    assert min(taken, refused, passed) > 3, (taken, refused, passed)
