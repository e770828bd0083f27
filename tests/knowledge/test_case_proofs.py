"""The proof of every case's verdict is accepted by the checker, which shares no code with the engine."""

from __future__ import annotations

from gatewright.engine import proof
from knowledge_cases import CASES, judge


def test_the_proof_of_every_case_is_accepted() -> None:
    for case in CASES:
        assert proof.replay(judge(case).verdict) > 0, case.id  # raises where it is rejected
