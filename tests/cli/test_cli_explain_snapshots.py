"""Whole answers of `explain` that read well aloud, kept as text.

Write them anew with `GATEWRIGHT_RENEW=1 python -m pytest tests/cli/test_cli_explain_snapshots.py`, and read the diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

SNAPSHOTS = Path(__file__).parent / "snapshots_explain"
DIGESTS = re.compile(r"\(([0-9a-f]{12})\), facts ([0-9a-f]{12})")  # those of pack and facts change with every word of them
ANSWERS = {
    "waiting": ("demand-forecast.yaml", "9"),
    "blocked": ("made-with-ml.yaml", "3"),
    "blocked-all": ("demand-forecast.yaml", "7", "--all"),
    "passed": ("credit-default.yaml", "4"),
    "criterion": ("made-with-ml.yaml", "promotion-approvals"),
    "table": ("demand-forecast.yaml", "drift-response"),
    "row-not-given": ("demand-forecast.yaml", "drift-response/temporary-data-shift"),
    "signal": ("credit-default.yaml", "unstable-evaluation"),
    "fact": ("demand-forecast.yaml", "retraining.drift.response"),
    "waiting-dot": ("demand-forecast.yaml", "9", "--format", "dot"),
    "waiting-mermaid": ("demand-forecast.yaml", "9", "--format", "mermaid"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_explanation_reads_as_it_was_last_agreed(name: str, here: Path, examples: Path, run: Any) -> None:
    for file in examples.glob("*.yaml"):
        (here / file.name).write_bytes(file.read_bytes())
    answer = DIGESTS.sub("(...), facts ...", run("explain", *ANSWERS[name]).both)
    kept = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("GATEWRIGHT_RENEW"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(answer, encoding="utf-8")
    assert answer == kept.read_text(encoding="utf-8")


def test_every_snapshot_belongs_to_a_test() -> None:
    assert {kept.stem for kept in SNAPSHOTS.glob("*")} == set(ANSWERS)
