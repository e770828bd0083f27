"""What the tests of proofs share: verdicts of many kinds, each with its checker."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import random_packs
from gatewright.engine import document, evaluate, facts, pack_loader, proof
from gatewright.engine.pack import Pack
from gatewright.engine.proof_check import Checker
from gatewright.engine.verdict import Verdict
from waiving import waiving

ROOT = Path(__file__).parents[2]
PACK = pack_loader.load(ROOT / "knowledge" / "mlops")
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.yaml"))
# Serving before training: two needed gates are turned round, so two entries are set aside.
ANOTHER_ORDER = [PACK.order[n] for n in (0, 1, 4, 2, 3, 5, 6, 7, 8, 9)]
SEQUENCE = {"order": ANOTHER_ORDER, "requested_by": "mei.tanaka", "reason": "the cluster is booked"}


@dataclass(frozen=True, eq=False)
class Proved:
    """A verdict, the checker of its facts, and proofs of it as they are read from a file."""

    name: str
    verdict: Verdict

    @cached_property
    def checker(self) -> Checker:
        sheet = proof.sheet(self.verdict.facts, self.verdict.program.waived)
        return Checker(json.loads(json.dumps(sheet)), self.verdict.pack)  # plain data, and so it survives being written

    def proof(self, subject: str | None = None) -> dict[str, Any]:
        return json.loads(json.dumps(proof.of(self.verdict, subject)))

    @cached_property
    def proofs(self) -> list[dict[str, Any]]:
        """Of the whole verdict, and of each gate."""
        return [self.proof(), *(self.proof(gate) for gate in self.verdict.pack.order)]


def judged(said: dict[str, Any], pack: Pack = PACK, waived: Iterable[str] = (), **more: Any) -> Verdict:
    found = facts.read(document.read(json.dumps(said).encode(), "delivery.json"), pack, **more)
    return evaluate.evaluate(found, pack, waiving(*waived))


def example(path: Path, **more: Any) -> Verdict:
    return evaluate.evaluate(facts.read(document.read(path.read_bytes(), path.name), PACK, **more), PACK)


def without(path: str) -> dict[str, Any]:
    """The whole example without one fact, or without one field in every record."""
    said = copy.deepcopy(PACK.example)
    base, _, field = path.partition("[].")
    *above, last = base.split(".")
    level = said
    for part in above:
        level = level.get(part, {})
    if field:
        for record in level.get(last, ()):
            if isinstance(record, dict):  # what may be measured is stated in the example
                record.pop(field, None)
    else:
        level.pop(last, None)
    return said


def shipped() -> list[Proved]:
    """Verdicts of the shipped pack: the examples, another order, waivers, assumptions that do not count."""
    found = [Proved(path.stem, example(path)) for path in EXAMPLES]
    lacking = without("serving.budgets.cost")
    found.append(Proved("another order", judged({**lacking, "sequence": SEQUENCE})))
    found.append(Proved("waived", judged(lacking, waived=["budgets", "scope-objective"])))
    found.append(Proved("no assumptions", example(ROOT / "docs" / "examples" / "made-with-ml.yaml", assumptions=False)))
    return found


def random_ones(seed: int, folder: Path, deliveries: int) -> list[Proved]:
    """Verdicts of a random pack, some with waivers and another order."""
    rng = random.Random(seed)
    pack = random_packs.pack(rng, folder)
    found: list[Proved] = []
    for number in range(deliveries):
        said = random_packs.delivery(rng)
        if rng.random() < 0.4:
            first = rng.sample(pack.order[:-1], len(pack.order) - 1)
            said["sequence"] = {"order": [*first, pack.order[-1]], "requested_by": "ana", "reason": "agreed"}
        waived = rng.sample(sorted(pack.criteria), 2) if rng.random() < 0.4 else []
        found.append(Proved(f"pack {seed}, delivery {number}", judged(said, pack, waived)))
    return found
