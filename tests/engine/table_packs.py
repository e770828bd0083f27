"""Small packs with one table of outputs, loaded from files as every pack is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import random_packs
from gatewright.engine import evaluate, pack_loader
from gatewright.engine.pack import Pack
from gatewright.engine.verdict import Decision, Verdict

FACTS: dict[str, Any] = {
    "s.level": {"type": "choice", "choices": ["low", "mid", "high"], "example": "low"},
    "s.score": {"type": "number", "least": 0, "most": 10, "example": 1},
    "s.age": {"type": "duration", "example": "3 days"},
    "s.day": {"type": "date", "example": "2026-09-30"},
    "s.name": {"type": "text", "example": "one"},
}
INPUTS = {
    "level": {"fact": "s.level"},
    "score": {"fact": "s.score"},
    "age": {"fact": "s.age", "in": "days"},
    "day": {"fact": "s.day"},
    "old": {"signal": "old"},
}
DEPTH = {"depth": {"title": "Depth", "values": ["board", "peer", "none"]}}
DAYS = {"days": {"title": "Days", "unit": "days"}}
POLICIES = (
    ("unique", None),
    ("any", None),
    ("priority", None),
    ("first", None),
    ("rule-order", None),
    ("output-order", None),
    ("collect", None),
    ("collect", "sum"),
    ("collect", "min"),
    ("collect", "max"),
    ("collect", "count"),
)


def table(hit: str, aggregate: str | None = None, **more: Any) -> dict[str, Any]:
    """Rows that overlap: `top` and `high` say different things, `high` and `again` the same, `none` ranks lowest."""
    numbers = aggregate in ("sum", "min", "max")
    then = {"top": "board", "high": "peer", "again": "peer", "none": "none"}
    days = {"top": 5, "high": 2.5, "again": 2.5, "none": -1}
    cells = {"high": {"level": "high"}, "again": {"level": "mid, high", "score": "< 5"}, "top": {"score": "[5..9]"}}
    cells["none"] = {"level": "not(low)", "score": "[8..9]"}
    found: dict[str, Any] = {
        "id": "review",
        "title": "Review",
        "source": "a test",
        "hit": hit,
        "inputs": INPUTS,
        "outputs": DAYS if numbers else DEPTH,
        "rows": [
            {"id": name, "if": asked, "then": {"days": days[name]} if numbers else {"depth": then[name]}}
            for name, asked in cells.items()
        ],
    }
    return found | ({"aggregate": aggregate} if aggregate else {}) | more


def load(folder: Path, of: dict[str, Any], asks: list[dict[str, Any]] | None = None) -> Pack:
    """A pack of one gate, whose criterion asks `asks` of the table."""
    return pack_loader.load(write(folder, of, asks))


def write(folder: Path, of: dict[str, Any], asks: list[dict[str, Any]] | None = None) -> Path:
    """The files of such a pack."""
    said = random_packs.base()
    said["sections"][0]["facts"] = {path: {**random_packs.SAID, **fact} for path, fact in FACTS.items()}
    criterion = {"id": "asked", "text": "C", "mend": "M", "all": [*(asks or [{"fact": "s.name"}])]}
    entry = {"id": "entry", "text": "E", "mend": "M"}
    old = {"id": "old", "title": "It is old", "all": [{"fact": "s.age", "cell": {"test": "> 30", "in": "days"}}]}
    gate = {"id": "gate-0", "stage": 1, "title": "G", "needs": [], "entry": entry, "exit": [criterion]}
    said |= {"gates": [gate], "signals": [old], "tables": [], "output_tables": [of], "checklists": [], "antipatterns": []}
    return random_packs.write(said, folder)


def judged(pack: Pack, **said: Any) -> Verdict:
    return evaluate.evaluate(random_packs.read({"s": said}, pack), pack)


def decided(pack: Pack, **said: Any) -> Decision:
    """What the table says where the facts of the section `s` are these."""
    return judged(pack, **said).decisions[0]
