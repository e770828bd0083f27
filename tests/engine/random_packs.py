"""Random packs, fact files, answers and programs, and the hypothesis strategies over them.

Everything is drawn from one `random.Random`, so the same code serves hypothesis and seeded bulk loops.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import random_tables
import yaml
from gatewright.engine import document, facts, pack_loader
from gatewright.engine.compiler import BEGIN, Rule
from gatewright.engine.facts import Facts
from gatewright.engine.pack import Pack
from gatewright.engine.pack_tables import OutputTable

SAID = {"means": "what it is", "ask": "What is it?"}
FACTS: dict[str, dict[str, Any]] = {
    "s.text": {"type": "text", "example": "one"},
    "s.texts": {"type": "texts", "example": ["one", "two"]},
    "s.owner": {"type": "owner", "example": "ana"},
    "s.choice": {"type": "choice", "choices": ["low", "mid", "high"], "example": "low"},
    "s.choices": {"type": "choices", "choices": ["a", "b", "c"], "example": ["a"]},
    "s.number": {"type": "number", "example": 1},
    "s.age": {"type": "duration", "example": "8 days"},
    "s.day": {"type": "date", "example": "2026-02-01"},
    "s.targets": {"type": "thresholds", "example": ["auc >= 0.8"]},
    "s.policy": {"type": "choice", "choices": ["wait", "go"], "example": "wait"},
    "s.reason": {"type": "text", "example": "agreed"},
    "s.rows": {
        "type": "records",
        "label": "name",
        "choices": ["calm", "rough"],
        "fields": {
            "name": {"type": "text", "example": "w1", **SAID},
            "group": {"type": "text", "example": "auc", **SAID},
            "value": {"type": "number", "example": 1, **SAID},
            "owner": {"type": "owner", "example": "ana", **SAID},
        },
    },
}
LEAVES: list[dict[str, Any]] = [
    {"fact": "s.text"},
    {"fact": "s.text", "pinned": True},
    {"fact": "s.texts", "found_in": "s.rows[].name"},
    {"fact": "s.texts", "apart_from": "s.text"},
    {"fact": "s.owner", "named": True},
    {"fact": "s.choice", "is": "high"},
    {"fact": "s.choices", "includes": ["a", "b"]},
    {"fact": "s.choices", "any_of": ["a", "c"]},
    {"fact": "s.choices", "none_of": ["c"]},
    {"fact": "s.number", "at_least": "some"},
    {"fact": "s.number", "at_most": "some"},
    {"fact": "s.targets", "measurable": True},
    {"fact": "s.choice", "cell": "not(low)"},
    {"fact": "s.number", "cell": "< 1, [1.5..2)"},
    {"fact": "s.number", "cell": 1},
    {"fact": "s.age", "cell": {"test": "[1..2]", "in": "weeks"}},
    {"fact": "s.day", "cell": '> date("2026-01-01")'},
    {"fact": "s.rows[].value", "cell": "<= 1"},
    {"fact": "s.rows"},
    {"fact": "s.rows", "is": "rough"},
    {"fact": "s.rows[].value"},
    {"fact": "s.rows[].owner", "named": True},
    {"fact": "s.rows[].value", "some_from": "some"},
    {"fact": "s.rows[].value", "at_most": "many"},
    {"fact": "s.rows[].value", "count": {"from": "some", "at_least": "two"}},
    {"fact": "s.rows[].value", "count": {"from": "some", "at_most": "two"}},
    {"fact": "s.rows[].value", "varies": {"by": "s.rows[].group", "from": "tenth", "over": "three"}},
]
WITHOUT: list[dict[str, Any]] = [
    {"fact": "s.text", "without": "stated"},
    {"fact": "s.owner", "without": "named"},
    {"fact": "s.targets", "without": "measurable"},
    {"fact": "s.rows[].owner", "without": "named"},
    {"fact": "s.texts", "without": {"found_in": "s.rows[].name"}},
]
VALUES: dict[str, list[Any]] = {
    "s.text": ["one", "latest"],
    "s.texts": [["w1"], ["one", "w1"], ["w9"]],
    "s.owner": ["ana", "everyone"],
    "s.choice": ["low", "mid", "high"],
    "s.choices": [["a"], ["a", "b"], ["c"]],
    "s.number": [0, 1, 2],
    "s.age": ["8 days", "3 hours", "2 weeks"],
    "s.day": ["2026-01-01", "2026-02-01"],
    "s.targets": [["auc >= 0.8"], ["good accuracy"]],
    "s.policy": ["wait", "go"],
    "s.reason": ["agreed"],
}
ROW: dict[str, list[Any]] = {
    "name": ["w1", "w2", "w3", "w4"],
    "group": ["auc", "recall"],
    "value": [0.7, 0.8, 1, 2],
    "owner": ["ana", "nobody"],
}
LIMITS = {"one": 1, "some": 1, "many": 1.5, "two": 2, "three": 3, "tenth": 0.1}


def _conditions(
    rng: random.Random, leaves: list[dict[str, Any]], refs: list[dict[str, Any]], depth: int = 2
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for _ in range(rng.randint(1, 3)):
        kind = rng.random()
        if kind < 0.2 and depth:
            found.append({rng.choice(["all", "any"]): _conditions(rng, leaves, refs, depth - 1)})
        elif kind < 0.5 and refs:
            found.append(dict(rng.choice(refs)))
        else:
            found.append(dict(rng.choice(leaves)))
    return found


def _statement(rng: random.Random, leaves: list[dict[str, Any]], refs: list[dict[str, Any]]) -> dict[str, Any]:
    return {rng.choice(["all", "all", "any"]): _conditions(rng, leaves, refs)}


def content(rng: random.Random, gates: int = 4) -> dict[str, Any]:
    """What a random pack says, by its rules: references go backwards, and only where the loader allows them."""
    signals: list[dict[str, Any]] = []
    plain: list[dict[str, Any]] = []  # what signals and anti-patterns may stand on
    early: list[dict[str, Any]] = []
    review = random_tables.said(rng, *rng.choice(random_tables.KINDS))
    for number in range(4):
        signals.append({"id": f"signal-{number}", "title": "S", **_statement(rng, LEAVES, plain)})
        plain += [{"signal": f"signal-{number}"}, {"signal": f"signal-{number}", "is": False}]
        if number == 1:
            early = list(plain)  # the entry of the first gate comes before every criterion
            plain += [{"criterion": "criterion-first"}, {"passes": "list-first"}]
    patterns = [
        {"id": f"pattern-{number}", "text": "P", "mend": "M", **_statement(rng, LEAVES + WITHOUT * 3, plain)}
        for number in range(rng.randint(1, 3))
    ]
    refs = [*plain, {"free_of": "antipatterns"}, {"follows": "table"}, *random_tables.asked(OutputTable.model_validate(review))]
    made: list[dict[str, Any]] = []
    checklists: list[dict[str, Any]] = []
    for stage in range(gates):
        entry: dict[str, Any] = {"id": f"entry-{stage}", "text": "E", "mend": "M"}
        if rng.random() < 0.4:
            entry |= _statement(rng, LEAVES, refs if stage else early)
        exits: list[dict[str, Any]] = []
        if stage == 0:
            first = {"all": _conditions(rng, LEAVES, []) + _conditions(rng, LEAVES, [])}
            exits.append({"id": "criterion-first", "text": "C", "mend": "M", **first})
            items = [{"id": f"item-{n}", "text": "I", "all": _conditions(rng, LEAVES, [])} for n in range(2)]
            checklists.append({"id": "list-first", "title": "L", "items": items})
        for number in range(rng.randint(1, 3)):
            exits.append({"id": f"criterion-{stage}-{number}", "text": "C", "mend": "M", **_statement(rng, LEAVES, refs)})
            refs = [*refs, {"criterion": f"criterion-{stage}-{number}"}]
        needs = [f"gate-{other}" for other in range(stage) if rng.random() < 0.5]
        made.append({"id": f"gate-{stage}", "stage": stage + 1, "title": "G", "needs": needs, "entry": entry, "exit": exits})
        items = [{"id": f"item-{n}", "text": "I", **_statement(rng, LEAVES, refs)} for n in range(rng.randint(1, 3))]
        checklists.append({"id": f"list-{stage}", "title": "L", "items": items})
        refs = [*refs, {"passes": f"list-{stage}"}]
    choice = {"wait": {"choice": "wait", "text": "W"}, "go": {"choice": "go", "text": "G"}}
    rows = [
        {
            "id": f"row-{n}",
            "signal": "S",
            "when": f"signal-{rng.randrange(4)}",
            "default": choice[one],
            "alternative": choice[other],
            "tradeoff": "T",
        }
        for n, (one, other) in enumerate([("wait", "go"), ("go", "wait"), ("wait", "go")])
    ]
    order = [row["id"] for row in rows]
    rng.shuffle(order)
    return base() | {
        "gates": made,
        "signals": signals,
        "antipatterns": patterns,
        "checklists": checklists,
        "tables": [
            {"id": "table", "title": "T", "declared": "s.policy", "rationale": "s.reason", "priority": order, "rows": rows}
        ],
        "output_tables": [review],
    }


def base() -> dict[str, Any]:
    """What every pack here has in common."""
    return {
        "id": "random",
        "version": "1",
        "title": "Random",
        "source": "a test",
        "placeholders": ["", "tbd"],
        "nobody": ["everyone", "nobody"],
        "moving": ["latest"],
        "limits": {name: {"value": value, "unit": "ones", "means": "M", "source": "S"} for name, value in LIMITS.items()},
        "sections": [
            {"id": "s", "gate": "gate-0", "title": "S", "facts": {path: {**SAID, **fact} for path, fact in FACTS.items()}}
        ],
    }


def write(said: dict[str, Any], folder: Path) -> Path:
    """Write what a pack says as its files."""
    tables = [*said["tables"], *said.get("output_tables", ())]
    files: dict[str, Any] = {
        "pack.yaml": {
            key: said[key] for key in ("id", "version", "title", "source", "placeholders", "nobody", "moving", "limits")
        }
        | {"gates": [gate["id"] for gate in said["gates"]], "tables": [table["id"] for table in tables]},
        "facts.yaml": {"sections": said["sections"]},
        "bundle.yaml": {"checklists": said["checklists"]},
        "antipatterns.yaml": {"antipatterns": said["antipatterns"]},
        **{f"gates/{gate['id']}.yaml": gate for gate in said["gates"]},
        **{
            f"decisions/{table['id']}.yaml": {"table": table, "signals": [] if n else said["signals"]}
            for n, table in enumerate(tables)
        },
    }
    for name, value in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.dump(value, sort_keys=False, Dumper=_Plain), encoding="utf-8")
    return folder


class _Plain(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def pack(rng: random.Random, folder: Path, gates: int = 4) -> Pack:
    """A random pack, loaded as every pack is."""
    return pack_loader.load(write(content(rng, gates), folder))


def delivery(rng: random.Random) -> dict[str, Any]:
    """A random fact file for these packs: paths and values, some missing, some placeholders, some bad."""
    found: dict[str, Any] = {}
    for path, values in VALUES.items():
        if rng.random() < 0.8:
            found[path.removeprefix("s.")] = "tbd" if rng.random() < 0.05 else rng.choice(values)
    kind = rng.random()
    if kind < 0.2:
        found["rows"] = rng.choice(["calm", "rough"])
    elif kind < 0.9:
        found["rows"] = [
            {name: rng.choice(values) for name, values in ROW.items() if rng.random() < 0.9} | {"name": f"w{number}"}
            for number in range(rng.randint(1, 8))
        ]
    return {"s": found}


def read(said: dict[str, Any], of: Pack) -> Facts:
    """The facts of a fact file that is given as values."""
    return facts.read(document.read(json.dumps(said).encode(), "delivery.json"), of)


def program(rng: random.Random, most: int = 40) -> tuple[tuple[Rule, ...], frozenset[str]]:
    """Random Horn rules, circles and repetitions included, and the claims to begin with."""
    atoms = [f"atom {number}" for number in range(rng.randint(1, 25))] + [BEGIN]
    rules = tuple(
        Rule(f"rule-{number}", tuple(rng.choices(atoms, k=rng.randint(1, min(15, len(atoms))))), rng.choice(atoms))
        for number in range(rng.randint(1, most))
    )
    return rules, frozenset(rng.sample(atoms, k=rng.randint(0, len(atoms))))


randoms = st.randoms(use_true_random=False)
programs = st.builds(program, randoms)
deliveries = st.builds(delivery, randoms)
