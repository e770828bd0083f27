"""The JSON Schema says of a fact file what the reader says, judged by a validator that is not ours."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import document, facts, pack_loader
from gatewright.engine.fact_schema import schema
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
PACK = pack_loader.load(ROOT / "knowledge" / "mlops")
VALIDATOR = Draft202012Validator(schema(PACK))
EXAMPLES = ROOT / "docs" / "examples"
OTHER_PACKS = {"bank-credit": EXAMPLES / "bank-pack"}  # the examples that are not for the shipped one
TOP = [path for path in PACK.facts if "[]" not in path]
BAD_REFERENCE = "bad-reference"  # a schema can't look at another part of the file


def accepted_by_reader(delivery: dict[str, Any]) -> bool:
    found = facts.read(document.read(json.dumps(delivery).encode(), "a.json"), PACK)
    return all(problem.code == BAD_REFERENCE for problem in found.problems)


def with_fact(path: str, value: Any) -> dict[str, Any]:
    delivery = copy.deepcopy(PACK.example)
    *above, last = path.split(".")
    level = delivery
    for part in above:
        level = level.setdefault(part, {})
    level[last] = value
    return delivery


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema(PACK))


def test_the_schema_accepts_the_examples_of_the_vocabulary() -> None:
    assert list(VALIDATOR.iter_errors(PACK.example)) == []


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_schema_of_its_pack_accepts_every_example_file(file: Path) -> None:
    other = OTHER_PACKS.get(file.stem)
    validator = Draft202012Validator(schema(pack_loader.load(other))) if other else VALIDATOR
    assert list(validator.iter_errors(document.read(file.read_bytes(), file.name).root.plain())) == []


def test_the_shipped_schema_does_not_know_the_facts_of_an_overlay() -> None:
    file = EXAMPLES / "bank-credit.yaml"
    refused = list(VALIDATOR.iter_errors(document.read(file.read_bytes(), file.name).root.plain()))
    assert ["model_risk" in one.message for one in refused] == [True]


@pytest.mark.parametrize("path", TOP)
def test_schema_and_reader_agree_on_every_fact(path: str) -> None:
    values = [
        True,
        {"strange": 1},
        [[1]],
        [{"strange": 1}],
        "TBD",
        "tbd",
        None,
        [],
        "?",
        "<owner>",
        "not-a-choice",
        [None, "TBD"],
    ]
    for value in values:
        delivery = with_fact(path, value)
        if PACK.facts[path].type in ("share", "duration") and value == "not-a-choice":
            continue  # a schema that could add up durations would be no help to a reader
        assert VALIDATOR.is_valid(delivery) == accepted_by_reader(delivery), (path, value)


@pytest.mark.parametrize("path", TOP)
def test_schema_and_reader_refuse_a_misspelt_key(path: str) -> None:
    delivery = with_fact(path + "x", "anything")
    assert not VALIDATOR.is_valid(delivery)
    assert not accepted_by_reader(delivery)


DIGEST = "sha256:" + "0f" * 32


@pytest.mark.parametrize(
    "evidence",
    [
        None,
        {},
        "TBD",
        "a text",
        5,
        [],
        ["a"],
        {"path": "reports/eval.json"},
        {"path": "a..b/c.json"},
        {"path": "../a"},
        {"path": "a/.."},
        {"path": "/a"},
        {"path": "~a"},
        {"path": "C:/a"},
        {"path": 5},
        {"path": "TBD"},
        {"url": "https://wiki.example/page"},
        {"url": "ftp://wiki.example/page"},
        {"url": "https://"},
        {"url": "https://x.example", "path": "a"},
        {"url": "https://x.example", "path": "TBD"},
        {"date": "2026-01-01"},
        {"path": "a", "date": "2026-01-01", "digest": DIGEST},
        {"path": "a", "date": "TBD", "digest": None},
        {"path": "a", "date": "soon"},
        {"path": "a", "date": True},
        {"path": "a", "digest": DIGEST.upper()},
        {"path": "a", "digest": "md5:00"},
        {"path": "a", "line": 4},
    ],
    ids=repr,
)
@pytest.mark.parametrize("path", ["use_case.owner", "lineage.datasets", "serving.budgets.latency"])
def test_schema_and_reader_agree_on_evidence(path: str, evidence: Any) -> None:
    delivery = with_fact(path, {"value": PACK.facts[path].sample, "evidence": evidence})
    assert VALIDATOR.is_valid(delivery) == accepted_by_reader(delivery)
