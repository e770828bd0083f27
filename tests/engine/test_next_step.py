"""The next step is the fact that moves most: what it says of criteria is true, and its rule decides."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import document, evaluate, facts, pack_loader
from gatewright.engine.next_step import NextStep, best, next_step
from gatewright.engine.pack import Pack
from gatewright.engine.verdict import Verdict

ROOT = Path(__file__).parents[2]
PACK = pack_loader.load(ROOT / "knowledge" / "mlops")
SIMPLE: dict[str, dict[str, Any]] = {
    "s.a": {"type": "text", "example": "a"},
    "s.b": {"type": "text", "example": "b"},
    "s.c": {"type": "text", "example": "c"},
    "s.owner": {"type": "owner", "example": "ana"},
    "s.policy": {"type": "choice", "choices": ["go", "wait"], "example": "go"},
    "s.reason": {"type": "text", "example": "asked for", "optional": True},
}
ROW = {
    "id": "r", "signal": "S", "when": "s", "tradeoff": "T",
    "default": {"choice": "go", "text": "G"}, "alternative": {"choice": "wait", "text": "W"},
}  # fmt: skip
TABLE = {"id": "t", "title": "T", "declared": "s.policy", "rationale": "s.reason", "priority": ["r"], "rows": [ROW]}


def of(delivery: dict[str, Any], pack: Pack = PACK) -> Verdict:
    return evaluate.evaluate(facts.read(document.read(json.dumps(delivery).encode(), "a.json"), pack), pack)


def without(*paths: str) -> dict[str, Any]:
    delivery = copy.deepcopy(PACK.example)
    for path in paths:
        *above, last = path.split(".")
        level = delivery
        for part in above:
            level = level[part]
        del level[last]
    return delivery


def step(verdict: Verdict) -> NextStep:
    found = next_step(verdict)
    assert found is not None
    return found


def small(tmp_path: Path, *gates: list[list[str]], effort: dict[str, int] | None = None) -> Pack:
    """A pack with the given gates; each criterion asks for some of the facts a, b, c and owner."""
    said = {path: {"means": "M", "ask": "A?", **fact} for path, fact in SIMPLE.items()}
    for path, value in (effort or {}).items():
        said[f"s.{path}"]["effort"] = value
    files: dict[str, Any] = {
        "pack.yaml": {
            "id": "p", "version": "1", "title": "T", "source": "S", "placeholders": ["tbd"], "nobody": ["everyone"],
            "moving": ["latest"], "limits": {}, "gates": [f"g{n}" for n in range(len(gates))], "tables": ["t"],
        },
        "facts.yaml": {"sections": [{"id": "s", "gate": "g0", "title": "S", "facts": said}]},
        "bundle.yaml": {"checklists": []},
        "antipatterns.yaml": {"antipatterns": []},
        "decisions/t.yaml": {"table": TABLE, "signals": [{"id": "s", "title": "S", "all": [{"fact": "s.c"}]}]},
    }  # fmt: skip
    for n, criteria in enumerate(gates):
        files[f"gates/g{n}.yaml"] = {
            "id": f"g{n}", "stage": n + 1, "title": "G", "needs": [f"g{n - 1}"] if n else [],
            "entry": {"id": f"e{n}", "text": "E", "mend": "M"},
            "exit": [
                {"id": f"c{n}-{m}", "text": "C", "mend": "M", "all": [{"fact": f"s.{name}"} for name in asked]}
                for m, asked in enumerate(criteria)
            ],
        }  # fmt: skip
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(json.dumps(content))
    return pack_loader.load(tmp_path)


# --- the rule


def test_the_fact_that_alone_completes_most_criteria_comes_first(tmp_path: Path) -> None:
    pack = small(tmp_path, [["a", "b"], ["a", "c"], ["c"]])
    assert step(of({"s": {}}, pack)).fact.id == "s.c"  # type: ignore[union-attr]


def test_criteria_of_gates_that_wait_count_too(tmp_path: Path) -> None:
    pack = small(tmp_path, [["a"], ["b"]], [["b"]])
    found = step(of({"s": {}}, pack))
    assert found.fact is not None
    assert (found.fact.id, [criterion.id for criterion in found.criteria]) == ("s.b", ["c0-1", "c1-0"])


def test_a_fact_that_the_blocked_gate_does_not_need_is_not_next_however_much_waits_for_it(tmp_path: Path) -> None:
    pack = small(tmp_path, [["a", "b"]], [["c"], ["c", "owner"]])
    found = step(of({"s": {}}, pack))
    assert found.fact is not None
    assert found.fact.id == "s.a"


def test_where_no_fact_completes_a_criterion_the_one_that_most_criteria_need_comes_first(tmp_path: Path) -> None:
    pack = small(tmp_path, [["a", "c"], ["b", "c"]])
    found = step(of({"s": {}}, pack))
    assert found.fact is not None
    assert (found.fact.id, found.criteria, [one.id for one in found.others]) == ("s.c", (), ["c0-0", "c0-1"])


def test_of_equals_the_one_that_is_less_work_comes_first(tmp_path: Path) -> None:
    pack = small(tmp_path, [["a", "b"]], effort={"a": 5, "b": 2})
    found = step(of({"s": {}}, pack))
    assert found.fact is not None
    assert found.fact.id == "s.b"


def test_of_equals_in_work_too_the_first_of_the_vocabulary_comes_first(tmp_path: Path) -> None:
    found = step(of({"s": {}}, small(tmp_path, [["c", "b", "a"]])))
    assert found.fact is not None
    assert found.fact.id == "s.a"


# --- what it says is true


def test_nothing_is_next_where_everything_passed() -> None:
    assert next_step(of(PACK.example)) is None


def test_the_first_problem_of_the_file_is_next_where_it_has_some() -> None:
    found = step(of(without("delivery.model") | {"colour": "red", "size": "big"}))
    assert found.fact is None
    assert found.problem is not None
    assert "colour" in found.problem.what


def test_a_deviation_is_mended_by_the_declared_choice_before_the_rationale_which_is_more_work() -> None:
    file = ROOT / "docs" / "examples" / "demand-forecast.yaml"
    found = step(evaluate.evaluate(facts.read(document.read(file.read_bytes(), file.name), PACK), PACK))
    assert found.fact is not None
    assert found.fact.id == "retraining.drift.response"
    assert [criterion.id for criterion in found.criteria] == ["retraining-triggers", "bundle-complete"]


def test_of_an_empty_file_what_the_first_gate_begins_with_is_next() -> None:
    found = step(of({}))
    assert found.fact is not None
    assert (found.fact.id, [criterion.id for criterion in found.criteria]) == ("delivery.request", ["request-stated"])


def test_the_next_step_of_one_criterion_is_among_its_own_facts() -> None:
    verdict = of(without("serving.budgets.cost", "use_case.objective"))
    [budgets] = [one for gate in verdict.gates for one in gate.exit if one.criterion.id == "budgets"]
    found = best(verdict, [budgets])
    assert found is not None
    assert found.fact is not None
    assert found.fact.id == "serving.budgets.cost"


def test_a_fact_written_wrongly_in_two_of_its_values_is_still_one_fact() -> None:
    delivery = copy.deepcopy(PACK.example)
    delivery["serving"]["budgets"]["cost"] = ["cheap", "really cheap"]
    found = step(of(delivery))
    assert [criterion.id for criterion in found.criteria] == ["budgets", "bundle-complete"]


PATHS = sorted(path for path, known in PACK.facts.items() if "[]" not in path and not known.optional)


@pytest.mark.parametrize("seed", range(25))
def test_stating_the_next_fact_completes_exactly_the_criteria_that_need_nothing_else(seed: int) -> None:
    rng = random.Random(seed)
    delivery = without(*rng.sample(PATHS, rng.randint(1, 6)))
    verdict = of(delivery)
    found = step(verdict)
    assert found.fact is not None
    example: Any = PACK.example
    level = delivery
    *above, last = found.fact.id.split(".")
    for part in above:
        example, level = example[part], level[part]
    level[last] = example[last]

    def open_ones(verdict: Verdict) -> set[str]:
        return {c.criterion.id for gate in verdict.gates for c in gate.exit if c.status in ("unmet", "unknown")}

    completed = open_ones(verdict) - open_ones(of(delivery))
    assert completed == {criterion.id for criterion in found.criteria} - {gate.entry.id for gate in PACK.gates}


@pytest.mark.parametrize("seed", range(5))
def test_doing_the_next_step_again_and_again_ends_with_everything_passed(seed: int) -> None:
    delivery = without(*random.Random(seed).sample(PATHS, 12))
    for _ in range(14):
        found = next_step(of(delivery))
        if found is None:
            return
        assert found.fact is not None
        example: Any = PACK.example
        level = delivery
        *above, last = found.fact.id.split(".")
        for part in above:
            example, level = example[part], level[part]
        assert last not in level
        level[last] = example[last]
    pytest.fail("more steps than facts were taken away")
