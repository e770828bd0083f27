"""A few whole answers, kept as text so that a change of wording or layout is seen in review.

Write them anew with `GATEWRIGHT_RENEW=1 python -m pytest tests/cli/test_cli_snapshots.py`, and read the diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

SNAPSHOTS = Path(__file__).parent / "snapshots"
DIGESTS = re.compile(r"\(([0-9a-f]{12})\), facts ([0-9a-f]{12})")  # those of pack and facts change with every word of them
PROBLEMS = (
    "use_case:\n  objectiv: a\n  risk: {impact: hihg}\nmonitoring:\n  quality: {cadence: often}\n"
    "registry: {promotion: {aprovers: [ana]}}\n"
)
ANSWERS = {
    "check-passed": ("check", "ticket-routing.yaml"),
    "check-blocked": ("check", "demand-forecast.yaml"),
    "recommend-conditional": ("recommend", "made-with-ml.yaml"),
    "validate-problems": ("validate", "problems.yaml"),
    "graph-mermaid": ("graph", "demand-forecast.yaml", "--format", "mermaid"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_reads_as_it_was_last_agreed(name: str, here: Path, examples: Path, run: Any) -> None:
    for file in examples.glob("*.yaml"):
        (here / file.name).write_bytes(file.read_bytes())
    (here / "problems.yaml").write_text(PROBLEMS)
    answer = DIGESTS.sub("(...), facts ...", run(*ANSWERS[name]).both)
    kept = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("GATEWRIGHT_RENEW"):
        kept.write_text(answer, encoding="utf-8")
    assert answer == kept.read_text(encoding="utf-8")


def test_every_snapshot_belongs_to_a_test() -> None:
    assert {kept.stem for kept in SNAPSHOTS.glob("*")} == set(ANSWERS)
