"""The cases of the shipped pack, read and judged by the product, each once; and deliveries that are changed by hand."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from gatewright.engine import case_files, document, evaluate, facts, pack_cases, pack_loader
from gatewright.engine.case_files import Case, put
from gatewright.engine.facts import Facts
from gatewright.engine.pack import Pack
from gatewright.engine.pack_cases import Judged
from gatewright.engine.verdict import Verdict

__all__ = ["CASES", "FOLDER", "PACK", "WRITTEN", "evaluated", "judge", "put", "take"]

FOLDER = Path(__file__).resolve().parents[2] / "knowledge" / "mlops"
WRITTEN = pack_loader.examine(FOLDER)
PACK = WRITTEN.pack
CASES = case_files.read(WRITTEN)


def take(built: dict[str, Any], path: str, *, first_only: bool = False) -> None:
    """Take a fact or a group of facts away; of a field, from the first record only where that is asked for."""
    base, _, field = path.partition("[].")
    if not (field and first_only):
        return case_files.take(built, path)
    level: Any = built
    for part in base.split("."):
        level = level[part]
    del level[0][field]


def evaluated(built: dict[str, Any], pack: Pack = PACK) -> tuple[Facts, Verdict]:
    """A delivery through the whole straight line: as a file, read and judged."""
    found = facts.read(document.read(json.dumps(built).encode(), "delivery.json"), pack)
    return found, evaluate.evaluate(found, pack)


@cache
def judge(case: Case) -> Judged:
    """Judge a case, once."""
    return pack_cases.judge(case, PACK)
