"""The crosswalk of the pack: the lists of the standards are whole, and every criterion says what it says towards each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gatewright.engine import standards
from gatewright.engine.standards import Standard
from knowledge_cases import PACK

FOLDER = Path(__file__).parents[2] / "knowledge" / "mlops"
NAMES = ("ml-test-score", "nist-ai-rmf", "eu-ai-act", "iso-42001")
# How far the numbers go in each part of a standard, as its text has it.
ML = {"Data": 7, "Model": 7, "Infra": 7, "Monitor": 7}
NIST = {
    "GOVERN": (7, 3, 2, 3, 2, 2),
    "MAP": (6, 3, 5, 2, 2),
    "MEASURE": (3, 13, 3, 3),
    "MANAGE": (4, 4, 2, 3),
}
ISO = {"A.2": 4, "A.3": 3, "A.4": 6, "A.5": 5, "A.6.1": 3, "A.6.2": 8, "A.7": 6, "A.8": 5, "A.9": 4, "A.10": 4}  # each from 2

CLAUSES = {
    "ml-test-score": [f"{part} {n}" for part, last in ML.items() for n in range(1, last + 1)],
    "nist-ai-rmf": [
        f"{part} {category}.{n}"
        for part, lasts in NIST.items()
        for category, last in enumerate(lasts, 1)
        for n in range(1, last + 1)
    ],
    "eu-ai-act": [f"{point}({letter})" for point in (1, 2) for letter in "abcdefgh"] + [str(point) for point in range(3, 10)],
    "iso-42001": [f"{part}.{n}" for part, last in ISO.items() for n in range(2, last + 1)],
}


@pytest.fixture(params=NAMES)
def standard(request: pytest.FixtureRequest) -> Standard:
    return standards.read(FOLDER, request.param, PACK)


def test_the_pack_has_the_four_standards_and_no_file_beside_them() -> None:
    assert PACK.crosswalk == NAMES
    assert sorted(path.name for path in (FOLDER / "crosswalk").glob("*.yaml")) == sorted(f"{name}.yaml" for name in NAMES)


@pytest.mark.parametrize(("name", "count"), [("ml-test-score", 28), ("nist-ai-rmf", 72), ("eu-ai-act", 23), ("iso-42001", 38)])
def test_a_standard_has_as_many_clauses_as_its_text(name: str, count: int) -> None:
    assert len(CLAUSES[name]) == count
    assert len(standards.read(FOLDER, name, PACK).clauses) == count


def test_the_nist_framework_has_its_19_categories() -> None:
    assert len({clause.rpartition(".")[0] for clause in standards.read(FOLDER, "nist-ai-rmf", PACK).clauses}) == 19


def test_the_clauses_are_those_of_the_standard_in_its_order(standard: Standard) -> None:
    assert list(standard.clauses) == CLAUSES[standard.id]


def test_every_exit_criterion_is_mapped_or_said_to_have_none(standard: Standard) -> None:
    assert list(standard.criteria) == list(PACK.criteria)


def test_no_two_clauses_have_the_same_name(standard: Standard) -> None:
    assert len({name.casefold() for name in standard.clauses.values()}) == len(standard.clauses)


def test_names_of_clauses_are_short_words_of_our_own(standard: Standard) -> None:
    assert [name for name in standard.clauses.values() if len(name) > 85 or re.search(r"\bshall\b|\.$", name)] == []


def test_a_legal_text_has_a_clause_to_which_the_pack_says_nothing() -> None:
    """A declaration of conformity is signed; no fact file holds one."""
    mapped = {clause for found in standards.read(FOLDER, "eu-ai-act", PACK).criteria.values() for _, _, clause in found.clauses}
    assert "8" not in mapped


def test_the_ml_test_score_says_why_there_is_no_score() -> None:
    assert "No score is given" in (standards.read(FOLDER, "ml-test-score", PACK).note or "")
