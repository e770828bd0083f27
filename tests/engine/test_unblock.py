"""`unblock` on the pack that is shipped: it works, nothing of it can be left out, and nothing smaller does."""

from __future__ import annotations

import copy
import itertools
import json
import random
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fact_files import pack
from gatewright.engine import conditions, document, facts, fixpoint
from gatewright.engine.compiler import BEGIN, leaf_claims
from gatewright.engine.cone import Cone
from gatewright.engine.edits import MORE, WHOLE, Edit, apply
from gatewright.engine.evaluate import evaluate
from gatewright.engine.facts import Facts
from gatewright.engine.unblock import Unblock, unblock
from gatewright.engine.verdict import Verdict

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
read = partial(facts.read, pack=pack())
LAST = pack().order[-1]


def doc_of(said: dict[str, Any]) -> document.Document:
    return document.read(json.dumps(said).encode(), "delivery.json")


def judged(doc: document.Document, edits: list[Edit], before: Facts) -> Verdict:
    """The verdict on the edited document, written out and read again as any file is."""
    text = json.dumps(apply(doc, before, edits).root.plain())
    return evaluate(read(document.read(text.encode(), "delivery.json")), pack())


def ask(doc: document.Document, gate: str = LAST, most: int = 5) -> tuple[Unblock, Facts]:
    found = read(doc)
    return unblock(doc, evaluate(found, pack()), gate, read, most=most), found


def assert_right(doc: document.Document, gate: str = LAST) -> Unblock:
    """Every way makes the gate pass with the best ways of the other parts; with any fact of it left out it does not."""
    answer, found = ask(doc, gate)
    assert not answer.impossible
    assert answer.proven
    for number, part in enumerate(answer.parts):
        others = [c.edit for n, other in enumerate(answer.parts) if n != number for c in other.ways[0].changes]
        for way in part.ways:
            edits = [change.edit for change in way.changes]
            assert judged(doc, others + edits, found).gate(gate).status == "passed"
            for out in range(len(edits)):
                assert judged(doc, others + edits[:out] + edits[out + 1 :], found).gate(gate).status != "passed"
    return answer


def without(paths: list[str]) -> dict[str, Any]:
    """The whole delivery with some facts taken away."""
    said = copy.deepcopy(pack().example)
    for path in paths:
        *above, last = path.split(".")
        level = said
        for part in above:
            level = level[part]
        del level[last]
    return said


def paths_of(answer: Unblock) -> list[str]:
    return [change.known.path for change in answer.best]


def ways_of(answer: Unblock) -> list[set[str]]:
    (part,) = answer.parts
    return [{change.known.path for change in way.changes} for way in part.ways]


STATED = sorted(path for section in pack().sections for path, known in section.facts.items() if not known.optional)


def test_a_gate_that_passes_needs_nothing():
    answer, _ = ask(doc_of(pack().example))
    assert answer.parts == ()
    assert answer.least == 0


@pytest.mark.parametrize("gate", ["retraining-rollback", "operations-incident", LAST])
def test_the_drifting_example_passes_by_following_the_recommendation_or_saying_why_not(gate: str):
    answer = assert_right(document.read((EXAMPLES / "demand-forecast.yaml").read_bytes(), "d.yaml"), gate)
    assert ways_of(answer)[:2] == [{"retraining.drift.response"}, {"retraining.drift.rationale"}]
    assert answer.best[0].may == ("retrain-with-rollout-controls",)


def test_to_change_what_was_measured_comes_last_and_is_called_a_correction():
    answer, _ = ask(document.read((EXAMPLES / "demand-forecast.yaml").read_bytes(), "d.yaml"))
    (part,) = answer.parts
    assert [way.corrects for way in part.ways] == [False, False, True]
    assert part.ways[2].changes[0].may == ("none", "not-in-service")


def test_the_unfinished_example_passes_with_what_is_found():
    answer = assert_right(document.read((EXAMPLES / "made-with-ml.yaml").read_bytes(), "d.yaml"), "training-evaluation")
    assert answer.least == 12


def test_the_answer_for_an_empty_delivery_is_every_fact_that_is_needed():
    answer, _ = ask(doc_of({"delivery": {}}))
    assert sorted(paths_of(answer)) == STATED


@pytest.mark.parametrize("path", STATED)
def test_the_answer_for_one_fact_taken_away_is_that_fact(path: str):
    answer, _ = ask(doc_of(without([path])))
    assert paths_of(answer) == [path]
    assert answer.least == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_answer_for_twenty_facts_taken_away_is_those_twenty(seed: int):
    taken = random.Random(seed).sample(STATED, 20)
    answer, _ = ask(doc_of(without(taken)))
    assert sorted(paths_of(answer)) == sorted(taken)
    assert answer.least == 20


def brute_force(doc: document.Document, gate: str, values: dict[str, list[Any]]) -> int:
    """The smallest number of facts that make the gate pass, found by trying every selection of values."""
    found = read(doc)
    program = evaluate(found, pack()).program
    cone = Cone(program, f"gate:{gate} passed")
    stated = {(p, n): read(apply(doc, found, [Edit(p, WHOLE, v)])).plain[p] for p in values for n, v in enumerate(values[p], 1)}
    looks = {key: [n for n, path in enumerate(values) if path in key] for key in program.leaves}
    firm = {BEGIN}
    answers: dict[str, dict[tuple[int, ...], tuple[str, ...]]] = {}
    for key, mine in looks.items():
        of = answers.setdefault(key, {}) if mine else {}
        for taken in itertools.product(*(range(len(values[path]) + 1) for n, path in enumerate(values) if n in mine)):
            paths = [path for n, path in enumerate(values) if n in mine]
            plain = {path: stated[path, n] for path, n in zip(paths, taken, strict=True) if n}
            status = conditions.answer(program.leaves[key], replace(found, plain=found.plain | plain), pack()).status
            of[taken] = leaf_claims(key, status)
        firm.update(*of.values() if not mine else ())
    rules, best = tuple(cone.rules), len(values) + 1
    for taken in itertools.product(*(range(len(values[path]) + 1) for path in values)):
        if sum(map(bool, taken)) < best:
            claims = firm.union(*(of[tuple(taken[n] for n in looks[key])] for key, of in answers.items()))
            if cone.goal in {rule.head for rule in fixpoint.fired(rules, claims)}:
                best = sum(map(bool, taken))
    return best


def test_brute_force_over_fifteen_facts_finds_nothing_smaller():
    taken = ["delivery.model", "use_case.owner", "use_case.users", "use_case.business.cost_of_error", "use_case.out_of_scope"]
    said = without(taken)
    del said["registry"]["promotion"]["policy"], said["registry"]["fallback"]["version"]
    said["training"]["evaluation"]["stability"] = "unstable"
    doc = doc_of(said)
    answer = assert_right(doc, "registry-promotion")
    values: dict[str, list[Any]] = {path: [pack().facts[path].example] for path in taken}
    values |= {
        "registry.promotion.policy": ["strict-approvals", "promote-with-exception"],
        "registry.promotion.rationale": ["agreed"],
        "registry.fallback.version": ["2.2.1"],
        "training.evaluation.stability": ["stable"],
        "use_case.risk.impact": ["low"],
        "use_case.risk.factors": [["none"]],
        "use_case.constraints": [["others"]],
        "use_case.in_scope": [["others"]],
        "registry.tool": ["others"],
        "registry.versioning": ["sequential"],
    }
    assert len(values) == 15
    assert answer.least == brute_force(doc, "registry-promotion", values) == 8


# --- where there is a choice


def test_an_unstable_evaluation_is_promoted_as_an_exception_with_a_reason():
    said = copy.deepcopy(pack().example)
    said["training"]["evaluation"]["stability"] = "unstable"
    answer = assert_right(doc_of(said), "registry-promotion")
    assert ways_of(answer)[0] == {"registry.promotion.policy", "registry.promotion.rationale"}
    assert answer.least == 1  # by saying that it is stable
    assert answer.parts[0].ways[1].corrects


def test_a_situation_that_is_not_stated_yet_tells_what_else_it_would_ask_for():
    answer, _ = ask(doc_of(without(["retraining.drift.observed"])))
    (way,) = answer.parts[0].ways
    assert {values: [c.may for c in other.changes] for other in way.otherwise for _, values in other.where} == {
        ("severe-quality-drift",): [("retrain-with-rollout-controls",)],
        ("temporary-data-shift",): [("adaptive-thresholds",)],
        ("chronic-drift-stale-features",): [("refresh-and-retrain",)],
    }


def test_two_situations_that_only_together_ask_for_something_else_are_told_together():
    taken = ["use_case.risk.impact", "use_case.risk.factors", "registry.promotion.policy"]
    answer, _ = ask(doc_of(without(taken)))
    (other,) = answer.parts[0].ways[0].otherwise
    assert other.where == (("use_case.risk.impact", ("low",)), ("use_case.risk.factors", ("none",)))
    assert other.changes[0].may == ("automated-safeguards",)


def test_a_reference_to_nothing_is_changed_or_declared():
    said = copy.deepcopy(pack().example)
    said["lineage"]["features"][0]["derives_from"] = ["elsewhere"]
    answer = assert_right(doc_of(said), "lineage")
    assert ways_of(answer)[:2] == [{"lineage.features[].derives_from"}, {"lineage.datasets"}]
    added = answer.parts[0].ways[1].changes[0]
    assert added.does == "add"
    assert added.edit.value["name"] == "elsewhere"


def test_a_fact_that_can_be_changed_without_correcting_it_is_not_told_as_a_correction_too():
    said = copy.deepcopy(pack().example)
    said["training"]["evaluation"]["metrics"] = ["good"]
    answer = assert_right(doc_of(said), "training-evaluation")
    assert ways_of(answer) == [{"training.evaluation.metrics"}, {"training.evaluation.thresholds"}]


def test_a_list_that_lacks_a_kind_gets_a_record_more_for_each():
    said = copy.deepcopy(pack().example)
    said["training"]["stages"] = said["training"]["stages"][:2]
    answer = assert_right(doc_of(said), "training-evaluation")
    assert [(c.edit.row, c.edit.value["kind"]) for c in answer.best] == [(MORE, "training"), (MORE, "evaluation")]


def test_too_few_runs_are_added_to():
    said = copy.deepcopy(pack().example)
    said["training"]["evaluation"]["stability"] = [{"run": f"s{n}", "metric": "auc", "value": 0.8} for n in range(2)]
    answer = assert_right(doc_of(said), "registry-promotion")
    assert [change.does for change in answer.best] == ["add"]


def test_what_the_whole_delivery_shares_is_not_stated_twice():
    answer = assert_right(doc_of(without(["lineage.datasets", "lineage.trace.data", "governance.reproducibility.data"])))
    assert answer.least == 3


# --- what stands in the file besides


def test_a_stated_fact_leaves_the_assumptions():
    said = without(["use_case.owner"])
    said["assumptions"] = [{"fact": "use_case.owner", "value": "ana", "reason": "asked", "owner": "TBD"}]
    answer = assert_right(doc_of(said), "use-case")
    assert paths_of(answer) == ["use_case.owner"]
    assert answer.left == ()


def test_an_assumption_that_does_not_count_is_confirmed():
    said = without(["use_case.owner"])
    said["assumptions"] = [{"fact": "use_case.owner", "value": "mia", "reason": "asked", "owner": "bea"}]
    doc, strict = doc_of(said), partial(read, assumptions=False)
    answer = unblock(doc, evaluate(strict(doc), pack()), "use-case", strict)
    assert [(change.does, change.edit.value) for change in answer.best] == [("confirm", "mia")]


def test_a_field_of_an_assumed_record_is_mended_in_the_assumption():
    said = copy.deepcopy(pack().example)
    alerts = said["monitoring"].pop("alerts")
    del alerts[0]["owner"]
    said["assumptions"] = [{"fact": "monitoring.alerts", "value": alerts, "reason": "asked", "owner": "bea"}]
    answer = assert_right(doc_of(said), "monitoring-drift")
    assert paths_of(answer) == ["monitoring.alerts[].owner"]
    assert answer.left == ()


def test_problems_that_nothing_stated_would_mend_are_left():
    said = without(["use_case.owner"])
    said["use_case"]["colour"] = "red"
    said["use_case"]["risk"]["impact"] = "medium"
    answer, _ = ask(doc_of(said), "use-case")
    assert sorted(paths_of(answer)) == ["use_case.owner", "use_case.risk.impact"]
    assert [problem.code for problem in answer.left] == ["unknown-fact"]


def test_another_order_of_the_gates_is_kept():
    order = list(pack().order)
    said = without(["serving.platform", "training.orchestrator"])
    turned = [*order[:2], "serving-release", *order[2:4], *order[5:]]
    said["sequence"] = {"order": turned, "requested_by": "ana", "reason": "audit first"}
    answer = assert_right(doc_of(said), "serving-release")
    assert paths_of(answer) == ["serving.platform"]


def test_no_more_ways_are_told_than_asked_for_and_that_there_are_more_is_said():
    doc = document.read((EXAMPLES / "demand-forecast.yaml").read_bytes(), "d.yaml")
    answer, _ = ask(doc, most=2)
    assert [len(part.ways) for part in answer.parts] == [2]
    assert answer.parts[0].more


def test_the_same_file_gets_the_same_answer():
    said = without(["registry.promotion.policy", "use_case.risk.impact", "lineage.features"])
    again = dict(reversed(said.items()))
    first, second = ask(doc_of(said))[0], ask(doc_of(again))[0]
    assert [c.edit for c in first.best] == [c.edit for c in second.best]


def test_a_list_of_a_thousand_unfinished_records_is_answered():
    said = copy.deepcopy(pack().example)
    feature = said["lineage"]["features"][0]
    said["lineage"]["features"] = [feature | {"name": f"f{n}", "owner": "TBD"} for n in range(1000)]
    answer, _ = ask(doc_of(said), "lineage")
    assert answer.least == 1000
