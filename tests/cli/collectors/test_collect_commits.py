"""A commit by its first digits is the commit that they begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from gatewright.cli.collecting import put_together
from gatewright.cli.collectors.found import At, Finding, Says
from gatewright.cli.inputs import read_pack
from gatewright.engine import sources

FULL = "4f1c2ab0" * 5


def _collect(shipped_pack: Path, one: str, other: str) -> tuple[list[str], list[str]]:
    """What is proposed for the commit, and on which facts two sources differ."""
    pack = read_pack("mlops")
    tables = sources.read(shipped_pack, pack, ["mlflow", "openlineage"])
    findings: dict[str, list[Finding]] = {
        "mlflow": [Says(At("mlflow.db"), {"tags.mlflow.source.git.commit": one})],
        "openlineage": [Says(At("events.json", 3), {"sourceCodeLocation.version": other})],
    }
    found = put_together(findings, tables, pack)
    return [str(p.value) for p in found.proposed if p.fact == "lineage.trace.code"], [c.fact for c in found.contradictions]


@pytest.mark.parametrize(("one", "other"), [("4f1c2ab", FULL), (FULL, "4f1c2ab0"), (FULL, FULL)])
def test_a_short_and_a_full_hash_of_one_commit_agree_and_the_full_one_is_proposed(
    one: str, other: str, shipped_pack: Path
) -> None:
    assert _collect(shipped_pack, one, other) == ([FULL], [])


@pytest.mark.parametrize(("one", "other"), [("4f1c2a", FULL), ("4f1c2ac", FULL), ("4f1c2ab", "4f1c2ab01"), ("v1", "v1.2")])
def test_what_is_not_the_beginning_of_a_full_hash_contradicts_it(one: str, other: str, shipped_pack: Path) -> None:
    proposed, differing = _collect(shipped_pack, one, other)
    assert proposed == []
    assert "lineage.trace.code" in differing
