"""An explanation ends at facts, and at the right ones."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import document, evaluate, facts, pack_loader
from gatewright.engine.explain import Step, explain_gate
from gatewright.engine.verdict import Verdict

ROOT = Path(__file__).parents[2]
PACK = pack_loader.load(ROOT / "knowledge" / "mlops")
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.yaml"))


def judged(data: bytes, name: str, **options: Any) -> Verdict:
    return evaluate.evaluate(facts.read(document.read(data, name), PACK), PACK, **options)


def steps(step: Step) -> Iterator[Step]:
    yield step
    for child in step.children:
        yield from steps(child)


def faults(step: Step) -> set[tuple[str, str]]:
    return {(one.id, one.within) for one in steps(step) if one.kind == "fact" and one.status not in ("met", "assumed")}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_what_an_explanation_finds_wrong_with_a_blocked_gate_is_what_is_missing_there(file: Path) -> None:
    found = judged(file.read_bytes(), file.name)
    for gate in found.gates:
        if gate.status == "blocked":
            missing = {(one.fact, one.within) for one in found.missing if one.gate == gate.gate.id}
            assert faults(explain_gate(found, gate.gate.id)) == missing


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_waiting_gate_is_explained_by_the_one_that_truly_blocks(file: Path) -> None:
    found = judged(file.read_bytes(), file.name)
    for gate in found.gates:
        if gate.status == "waiting":
            (root,) = explain_gate(found, gate.gate.id).children
            assert root.status == "blocked"
            assert (root.id,) == gate.waiting_for


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_fact_of_an_explanation_stands_where_it_says(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").split("\n")
    found = judged(file.read_bytes(), file.name)
    for gate in found.gates:
        for step in steps(explain_gate(found, gate.gate.id)):
            if step.kind == "fact" and step.status in ("met", "unmet"):
                assert step.place is not None
                name = step.id.rsplit(".", 1)[-1]
                first = step.value.split(",")[0].split(" ")[0]
                rest = lines[step.place.line - 1][step.place.column - 1 :]
                whole = step.id.partition("[]")[0].rsplit(".", 1)[-1]  # what a list lacks is told of the list
                assert rest.startswith((name, whole)) or first in rest, (step, rest)


def test_a_passed_gate_is_explained_by_facts_that_all_speak_for_it() -> None:
    found = judged(json.dumps(PACK.example).encode(), "a.json")
    for gate in found.gates:
        explained = explain_gate(found, gate.gate.id)
        assert explained.status == "passed"
        assert faults(explained) == set()
        assert all(step.children for step in steps(explained) if step.kind == "criterion" and step in explained.children)


def test_a_waived_criterion_is_explained_by_what_it_lacks() -> None:
    delivery = copy.deepcopy(PACK.example)
    del delivery["serving"]["budgets"]["cost"]
    found = judged(json.dumps(delivery).encode(), "a.json", waived=["budgets"])
    explained = explain_gate(found, "serving-release")
    budgets = next(step for step in explained.children if step.id == "budgets")
    assert (explained.status, budgets.status) == ("passed", "waived")
    assert faults(budgets) == {("serving.budgets.cost", "")}
