"""Random tables of outputs, and what they say by trying every way in which rows that are not known may turn out."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from gatewright.engine.pack_conditions import Decides
from gatewright.engine.pack_tables import OutputTable
from gatewright.engine.vocabulary import Limit

HITS = ("unique", "any", "priority", "first", "rule-order", "output-order", "collect")
AGGREGATES = ("sum", "min", "max", "count")
KINDS = [(hit, None) for hit in HITS] + [("collect", aggregate) for aggregate in AGGREGATES]
LIMITS = {name: Limit(value=value, unit="ones", means="M", source="S") for name, value in {"one": 1, "two": 2.5}.items()}
INPUTS = {"level": {"fact": "s.choice"}, "score": {"fact": "s.number"}, "loud": {"signal": "signal-0"}}
CELLS: dict[str, list[Any]] = {
    "level": ["low", "mid, high", "not(low)", "-", ["low", "high"]],
    "score": ["< 1", "[1..2)", ">= 2", "not([1..2])", "-", 1, "> 0.5, < 0.25"],
    "loud": [True, False, "-"],
}


def said(rng: random.Random, hit: str, aggregate: str | None, rows: int = 4) -> dict[str, Any]:
    """What a random table says, as its file does. Its inputs are of the random packs."""
    numbers = [-1, 0, 0.1, 0.2, 1, 2, 2.5]
    outputs: dict[str, Any] = {"depth": {"title": "D", "values": ["board", "peer", "none"]}, "days": {"title": "N"}}
    if aggregate in ("sum", "min", "max"):
        del outputs["depth"]
    elif rng.random() < 0.4:
        del outputs["days"]

    def then() -> dict[str, Any]:
        return {name: rng.choice(output.get("values", numbers)) for name, output in outputs.items()}

    found: dict[str, Any] = {
        "id": "review",
        "title": "T",
        "source": "S",
        "hit": hit,
        "inputs": INPUTS,
        "outputs": outputs,
        "rows": [
            {
                "id": f"r{n}",
                "if": {name: rng.choice(cells) for name, cells in CELLS.items() if rng.random() < 0.6},
                "then": then(),
            }
            for n in range(rng.randint(1, rows))
        ],
    }
    if rng.random() < 0.5 and aggregate != "count":
        found["otherwise"] = then()
    return found | ({"aggregate": aggregate} if aggregate else {})


def table(rng: random.Random, hit: str, aggregate: str | None) -> OutputTable:
    """A random table whose rows all have a signal, as the loader makes one of their cells."""
    found = OutputTable.model_validate(said(rng, hit, aggregate))
    return found.model_copy(update={"rows": tuple(row.model_copy(update={"when": row.id}) for row in found.rows)})


def sides(rng: random.Random, of: OutputTable) -> dict[str, str]:
    return {row.id: rng.choice(["yes", "no", "open"]) for row in of.rows}


def worlds(sides: Mapping[str, str]) -> Iterator[list[str]]:
    """Every way in which rows that are not known may turn out, as the rows that hold."""
    for picked in itertools.product(
        *([True] if side == "yes" else [False] if side == "no" else [False, True] for side in sides.values())
    ):
        yield [row for row, holds in zip(sides, picked, strict=True) if holds]


def outcome(of: OutputTable, holding: list[str]) -> Any:
    """What a table says where exactly these rows hold, read from the standard: outputs, a list of them, a number,
    None for nothing, or `conflict`."""
    rows = [row for row in of.rows if row.id in holding]
    ranks = {name: output.values for name, output in of.outputs.items() if output.values}
    by_value = sorted(rows, key=lambda row: [values.index(row.then[name]) for name, values in ranks.items()])
    if of.aggregate == "count":
        return len(rows)
    if of.aggregate:
        amounts = [Fraction(repr(next(iter(row.then.values())))) for row in rows]
        total = {"sum": sum, "min": min, "max": max}[of.aggregate]
        return float(total(amounts)) if rows else next(iter(of.otherwise.values())) if of.otherwise else None
    if of.hit in ("rule-order", "collect", "output-order"):
        listed = by_value if of.hit == "output-order" else rows
        return [row.then for row in listed] or ([of.otherwise] if of.otherwise else None)
    if not rows:
        return of.otherwise
    if of.hit == "unique":
        return "conflict" if len(rows) > 1 else rows[0].then
    if of.hit == "any":
        return rows[0].then if all(row.then == rows[0].then for row in rows) else "conflict"
    return (by_value if of.hit == "priority" else rows)[0].then


def questions(of: OutputTable) -> list[Decides]:
    """Some questions that can be asked of a table."""
    return [Decides.model_validate(one) for one in asked(of)]


def asked(of: OutputTable) -> list[dict[str, Any]]:
    """The questions as a pack writes them."""
    found: list[dict[str, Any]] = []
    if of.aggregate:
        output = {} if of.aggregate == "count" else {"output": "days"}
        found += [{**output, "at_least": "one"}, {**output, "at_most": "two"}]
    else:
        if "depth" in of.outputs:
            found += [{"output": "depth", "any_of": some} for some in (["board"], ["peer", "none"], ["none", "board", "peer"])]
        if "days" in of.outputs and of.hit in ("unique", "any", "first", "priority"):
            found += [{"output": "days", "at_least": "one"}, {"output": "days", "at_most": "two"}]
    return [{"table": "review", **one} for one in found]


def fits(asked: Decides, came: Any, limits: Mapping[str, Limit] = LIMITS) -> bool:
    """Whether an outcome is what a question asks for."""
    if isinstance(came, list):
        return any(fits(asked, one, limits) for one in came)
    value = came[asked.output] if isinstance(came, dict) and asked.output else came
    if value is None or value == "conflict":
        return False
    if asked.any_of:
        return value in asked.any_of
    return value >= limits[asked.at_least].value if asked.at_least else value <= limits[asked.at_most or ""].value
