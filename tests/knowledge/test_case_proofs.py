"""The proof of every case's verdict is accepted by the checker, which shares no code with the engine."""

from __future__ import annotations

import pytest
from gatewright.engine import proof
from knowledge_cases import CASES, judge

pytestmark = pytest.mark.no_cover  # other tests cover the same, case by case; to be measured takes these twice the time


def test_the_proof_of_every_case_is_accepted() -> None:
    for case in CASES:
        assert proof.replay(judge(case).verdict) > 0, case.id  # raises where it is rejected
