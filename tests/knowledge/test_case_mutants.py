"""Every mutant of the shipped pack is killed by a case, proved to change nothing, or explained: `gatewright pack mutate`."""

from __future__ import annotations

import pytest
from gatewright.engine import case_files, mutants, mutation
from knowledge_cases import CASES, PACK, WRITTEN

pytestmark = pytest.mark.no_cover  # other tests cover the same, case by case; to be measured takes these twice the time


def test_no_mutant_of_the_shipped_pack_survives_and_no_explanation_is_out_of_date() -> None:
    every = [*mutants.mutants(PACK)]
    found = mutation.run(WRITTEN, mutation.Cases.of(PACK, CASES), every, case_files.explained(WRITTEN))
    assert len(found.outcomes) == len(every) > 600
    assert [one.mutant.name for one in found.outcomes if one.fate == "survived"] == []
    assert [problem.what for problem in found.stale] == []
