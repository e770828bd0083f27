"""An explanation ends at facts, and at exactly those that matter: put right they make it hold, and leaving one out does not."""

from __future__ import annotations

import copy
import itertools
import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
import random_packs
from gatewright.engine import document, evaluate, facts, pack_loader
from gatewright.engine.explain import explain, names
from gatewright.engine.steps import Key, Step, faults, key, mends, short, until, walk
from gatewright.engine.verdict import Verdict
from hypothesis import HealthCheck, given, settings
from waiving import waiving

ROOT = Path(__file__).parents[2]
PACK = pack_loader.load(ROOT / "knowledge" / "mlops")
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.yaml"))
by_example = pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)


def judged(data: bytes, name: str, **options: Any) -> Verdict:
    return evaluate.evaluate(facts.read(document.read(data, name), PACK), PACK, **options)


def of(delivery: Mapping[str, Any], **options: Any) -> Verdict:
    return judged(json.dumps(delivery).encode(), "a.json", **options)


def example(name: str) -> Verdict:
    file = ROOT / "docs" / "examples" / f"{name}.yaml"
    return judged(file.read_bytes(), file.name)


def changed(**parts: Any) -> dict[str, Any]:
    """The delivery that passes, with facts set (`a__b__c=value`) or, with None, taken away."""
    delivery = copy.deepcopy(PACK.example)
    for path, value in parts.items():
        put(delivery, path.replace("__", "."), value)
    return delivery


def put(delivery: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    level = delivery
    for part in above:
        level = level.setdefault(part, {})
    if value is None:
        level.pop(last, None)
    else:
        level[last] = value


def wrong(step: Step) -> set[tuple[str, str]]:
    return {(one.id, one.within) for one in faults(step)}


# --- gates


@by_example
def test_what_an_explanation_finds_wrong_with_a_blocked_gate_is_what_is_missing_there(file: Path) -> None:
    found = judged(file.read_bytes(), file.name)
    for gate in found.gates:
        if gate.status == "blocked":
            missing = {(one.fact, one.within) for one in found.missing if one.gate == gate.gate.id}
            assert wrong(explain(found, "gate", gate.gate.id)) == missing


@by_example
def test_a_waiting_gate_is_explained_by_the_one_that_truly_blocks(file: Path) -> None:
    found = judged(file.read_bytes(), file.name)
    for gate in found.gates:
        if gate.status == "waiting":
            (root,) = explain(found, "gate", gate.gate.id).children
            assert root.status == "blocked"
            assert (root.id,) == gate.waiting_for


@by_example
def test_every_fact_of_an_explanation_stands_where_it_says(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").split("\n")
    found = judged(file.read_bytes(), file.name)
    for gate in found.gates:
        for step in walk(explain(found, "gate", gate.gate.id)):
            if step.kind == "fact" and step.status in ("met", "unmet"):
                assert step.place is not None
                name = step.id.rsplit(".", 1)[-1]
                first = step.value.split(",")[0].split(" ")[0]
                rest = lines[step.place.line - 1][step.place.column - 1 :]
                whole = step.id.partition("[]")[0].rsplit(".", 1)[-1]  # what a list lacks is told of the list
                assert rest.startswith((name, whole)) or first in rest, (step, rest)


def test_a_passed_gate_is_explained_by_facts_that_all_speak_for_it() -> None:
    found = of(PACK.example)
    for gate in found.gates:
        explained = explain(found, "gate", gate.gate.id)
        assert explained.status == "passed"
        assert wrong(explained) == set()
        assert all(step.good for step in walk(explained))
        assert all(step.children for step in explained.children if step.kind == "criterion")


def test_a_waived_criterion_is_explained_by_what_it_lacks() -> None:
    found = of(changed(serving__budgets__cost=None), waivers=waiving("budgets"))
    explained = explain(found, "gate", "serving-release")
    budgets = next(step for step in explained.children if step.id == "budgets")
    assert (explained.status, budgets.status) == ("passed", "waived")
    assert {(one.id, one.within) for one in walk(budgets) if one.fault} == {("serving.budgets.cost", "")}


def test_an_entry_criterion_that_lacks_a_fact_is_explained_by_that_fact() -> None:
    found = of(changed(delivery__request=None))
    assert found.gate("use-case").status == "blocked"
    assert wrong(explain(found, "gate", "1")) == {("delivery.request", "")}
    assert wrong(explain(found, "criterion", "request-stated")) == {("delivery.request", "")}


# --- tables, signals, anti-patterns, facts: why, and why not


def test_a_leading_row_is_explained_by_its_signal_and_what_was_measured() -> None:
    row = explain(example("demand-forecast"), "recommendation", "drift-response/severe-quality-drift")
    assert (row.good, row.status) == (True, "leads")
    (signal,) = row.children
    assert signal.status == "holds"
    assert [(one.value, one.within) for one in signal.children] == [("12.5%", "2026-W38"), ("17.3%", "2026-W39")]
    assert {name for one in signal.children for name in one.limits} == {"quality-drop-severe", "severe-windows"}


def test_a_row_whose_signal_does_not_hold_is_explained_by_what_was_measured_against_which_limit() -> None:
    row = explain(example("demand-forecast"), "recommendation", "drift-response/temporary-data-shift")
    assert (row.good, row.status) == (False, "does not hold")
    measured = {(one.id, name) for one in walk(row) for name in one.limits}
    assert ("retraining.drift.observed[].psi", "psi-major") in measured
    assert ("retraining.drift.observed[].quality_drop", "quality-drop-severe") in measured


def test_a_row_that_holds_below_another_is_explained_by_the_one_that_leads() -> None:
    row = explain(example("demand-forecast"), "recommendation", "drift-response/chronic-drift-stale-features")
    assert (row.good, row.status) == (False, "holds")
    own, over = row.children
    assert own.status == "holds"
    assert (over.id, over.status) == ("drift-response/severe-quality-drift", "leads")


def test_a_row_that_holds_while_one_above_is_open_is_explained_by_what_would_settle_that() -> None:
    row = explain(example("made-with-ml"), "recommendation", "promotion-policy/low-risk")
    assert (row.good, row.status) == (False, "holds")
    assert [one.status for one in row.children] == ["holds", "unknown"]
    assert wrong(row) == {("training.evaluation.stability", "")}


def test_a_table_is_explained_by_all_its_rows_in_the_order_of_their_rank() -> None:
    table = explain(example("demand-forecast"), "recommendation", "drift-response")
    assert table.good
    rows = [(one.id.partition("/")[2], one.status) for one in table.children if one.kind == "recommendation"]
    assert rows == [
        ("severe-quality-drift", "leads"),
        ("chronic-drift-stale-features", "holds"),
        ("temporary-data-shift", "does not hold"),
    ]
    assert not explain(example("ticket-routing"), "recommendation", "drift-response").good


def test_a_gate_blocked_by_a_deviation_does_not_ask_to_mend_what_was_measured_for_other_rows() -> None:
    windows = [{"window": f"w{n}", "quality_drop": "1%", "psi": 0.15, "feature_age": "40 days"} for n in range(4)]
    found = of(changed(retraining__drift__observed=windows, retraining__drift__response="monitor-only"))
    assert wrong(explain(found, "gate", "7")) == {("retraining.drift.response", ""), ("retraining.drift.rationale", "")}


def test_a_signal_that_holds_is_explained_by_the_alternative_that_holds_alone() -> None:
    signal = explain(of(changed(use_case__risk__factors=["none"])), "signal", "high-risk-impact")
    assert signal.good
    assert [one.id for one in signal.children] == ["use_case.risk.impact"]


def test_a_signal_that_does_not_hold_is_explained_by_every_alternative_of_which_one_would_do() -> None:
    low = of(changed(use_case__risk__factors=["none"], use_case__risk__impact="low"))
    signal = explain(low, "signal", "high-risk-impact")
    assert (signal.good, signal.either, signal.status) == (False, True, "does not hold")
    assert wrong(signal) == {("use_case.risk.impact", ""), ("use_case.risk.factors", "")}


def test_a_signal_that_is_not_known_is_explained_by_what_would_settle_it() -> None:
    signal = explain(of(changed(training__evaluation__stability=None)), "signal", "unstable-evaluation")
    assert (signal.good, signal.status) == (False, "unknown")
    assert wrong(signal) == {("training.evaluation.stability", "")}


def test_an_antipattern_that_is_there_is_explained_by_all_that_makes_it_one_and_blames_what_can_be_mended() -> None:
    found = explain(of(changed(training__evaluation__thresholds=None)), "antipattern", "promotion-without-thresholds")
    assert (found.good, found.status) == (False, "present")
    assert {one.id for one in found.children} == {"registry.promotion.policy", "training.evaluation.thresholds"}
    assert wrong(found) == {("training.evaluation.thresholds", "")}


def test_an_antipattern_that_is_absent_is_explained_by_the_facts_that_speak_against_it() -> None:
    found = explain(of(PACK.example), "antipattern", "promotion-without-thresholds")
    assert (found.good, found.status) == (True, "absent")
    assert [one.id for one in found.children] == ["training.evaluation.thresholds"]


def test_a_fact_is_explained_by_the_criteria_that_ask_for_it_and_what_they_find_wrong() -> None:
    found = explain(example("demand-forecast"), "fact", "retraining.drift.response")
    assert not found.good
    [criterion] = [one for one in found.children if one.kind == "criterion"]
    assert (criterion.id, [one.id for one in criterion.children]) == ("retraining-triggers", ["retraining.drift.response"])


def test_a_fact_that_is_stated_and_fits_holds() -> None:
    assert explain(of(PACK.example), "fact", "serving.budgets.cost").good
    assert explain(of(PACK.example), "fact", "training.stages").good


def test_every_name_can_be_explained_in_every_example() -> None:
    for verdict in (*(judged(file.read_bytes(), file.name) for file in EXAMPLES), of({}), of(PACK.example)):
        for kind, known in names(PACK).items():
            for name in known:
                step = explain(verdict, kind, name)
                assert step.good or step.children or step.kind == "gate", (kind, name)


# --- exactly the facts that matter


def corrected(delivery: dict[str, Any], keys: set[Key]) -> dict[str, Any]:
    """The delivery with these facts as in the example, or, where that has none, as their definition shows them."""
    delivery = copy.deepcopy(delivery)
    for path, within, _ in keys:
        base, bracket, field = path.partition("[].")
        value: Any = PACK.example
        for part in base.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is None:
            value = PACK.facts[base].sample
        if not bracket:
            put(delivery, base, value)
            continue
        level: Any = delivery
        for part in base.split("."):
            level = level[part]
        label = PACK.facts[base].label
        source = {row[label]: row for row in value}
        for row in level:
            if row.get(label, "") == within:
                row[field] = source[within][field]
    return delivery


def fields(delivery: Any, path: str = "") -> Iterator[tuple[str, int, str]]:
    """Every fact of a delivery: path, and for a field of a record its number and name."""
    for name, value in delivery.items():
        here = f"{path}.{name}" if path else name
        if here not in PACK.facts:
            yield from fields(value, here)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield here, -1, ""
            label = PACK.facts[here].label
            yield from ((here, number, field) for number, row in enumerate(value) for field in row if field != label)
        else:
            yield here, -1, ""


EVERY = sorted(fields(PACK.example))
SPOILT = {"thresholds": ["good accuracy"], "owner": "everyone", "owners": ["the team"]}


def without(places: list[tuple[str, int, str]], spoil: bool) -> dict[str, Any]:
    """The delivery that passes, with these facts taken away, or spoilt where that is possible."""
    delivery = copy.deepcopy(PACK.example)
    for path, number, field in sorted(places, reverse=True):
        *above, last = path.split(".")
        level: Any = delivery
        for part in above:
            level = level[part]
        if number >= 0:
            level, last, path = level[last][number], field, f"{path}[].{field}"
        bad = SPOILT.get(PACK.facts[path].type)
        if spoil and bad is not None:
            level[last] = bad
        else:
            del level[last]
    return delivery


def check_exactly_what_matters(delivery: dict[str, Any], rng: random.Random, most: int = 10) -> None:
    """For any part of the facts listed: putting that part right mends a criterion exactly if its explanation says so."""
    found = of(delivery)
    broken = [one.criterion.id for gate in found.gates for one in gate.exit if one.status in ("unmet", "unknown")]
    trees = {name: explain(found, "criterion", name) for name in broken}
    for name in rng.sample(broken, min(3, len(broken))):
        listed = {key(one) for one in faults(trees[name])} | {
            key(one) for step in walk(trees[name]) if step.id in trees for one in faults(trees[step.id])
        }
        movable = sorted((one for one in listed if corrected(delivery, {one}) != delivery), key=str)
        assert movable, name
        parts = [set(movable), *({*movable} - {one} for one in movable)]
        if len(movable) < 4:
            parts = [set(part) for size in range(len(movable) + 1) for part in itertools.combinations(movable, size)]
        for part in parts if len(parts) <= most else [parts[0], *rng.sample(parts[1:], most)]:
            after = of(corrected(delivery, part))
            holds = next(o for gate in after.gates for o in gate.exit if o.criterion.id == name).status == "met"
            assert holds == mends(trees[name], part, trees), (name, sorted(map(str, part)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(places=st.lists(st.sampled_from(EVERY), min_size=1, max_size=5, unique=True), spoil=st.booleans(), seed=st.integers(0, 99))
def test_putting_right_a_part_of_the_facts_listed_mends_a_criterion_exactly_if_the_explanation_says_so(
    places: list[tuple[str, int, str]], spoil: bool, seed: int
) -> None:
    whole = {path for path, number, _ in places if number < 0}
    check_exactly_what_matters(without([p for p in places if p[1] < 0 or p[0] not in whole], spoil), random.Random(seed))


TOGETHER = {  # where a criterion has alternatives, or looks at several facts through a signal or table
    "an undecided table, no choice": ["training.evaluation.stability", "registry.promotion.policy"],
    "an undecided table": ["training.evaluation.stability"],
    "risk not stated": ["use_case.risk.impact", "use_case.risk.factors"],
    "risk and stability": ["use_case.risk.impact", "use_case.risk.factors", "training.evaluation.stability"],
    "drift not stated": ["retraining.drift.observed"],
    "drift and response not stated": ["retraining.drift.observed", "retraining.drift.response"],
    "two facts that refer to each other": [
        "use_case.risk.areas",
        "training.evaluation.thresholds",
        "training.evaluation.metrics",
    ],
    "the last gate": ["bundle.context", "bundle.risks"],
}


@pytest.mark.parametrize("paths", TOGETHER.values(), ids=TOGETHER)
def test_alternatives_are_told_exactly(paths: list[str]) -> None:
    delivery = copy.deepcopy(PACK.example)
    for path in paths:
        put(delivery, path, None)
    check_exactly_what_matters(delivery, random.Random(0), 64)


def test_gate_9_of_the_blocked_example_ends_at_gate_7_and_lists_exactly_what_a_brute_force_search_finds() -> None:
    """Every fact of the file is set to each value it may have; what was measured stays as it is. One change is enough."""
    file = ROOT / "docs" / "examples" / "demand-forecast.yaml"
    delivery: Any = document.read(file.read_bytes(), file.name).root.plain()
    step = explain(judged(file.read_bytes(), file.name), "gate", "9")
    assert [one.id for one in walk(step) if one.kind == "gate"][:2] == ["operations-incident", "retraining-rollback"]
    enough: set[str] = set()
    for path, known in PACK.facts.items():
        if "[]" in path or path == "retraining.drift.observed":
            continue
        many = known.type in ("choices",)
        for value in [known.sample, *([one] if many else one for one in known.choices)]:
            tried = copy.deepcopy(delivery)
            put(tried, path, value)
            if of(tried).gate("retraining-rollback").status == "passed":
                enough.add(path)
    assert enough == {"retraining.drift.response", "retraining.drift.rationale"}
    assert {one.id for one in faults(step)} == enough


# --- shorter forms


def test_the_short_form_of_a_blocked_gate_has_its_faults_and_counts_what_holds() -> None:
    full = explain(example("made-with-ml"), "gate", "3")
    shown = short(full)
    assert wrong(shown) == wrong(full)
    assert [one for one in walk(shown) if one.kind == "fact" and not one.fault] == []
    assert shown.held == sum(one.good for one in full.children)


@pytest.mark.parametrize("name", ["demand-forecast", "made-with-ml"])
def test_what_the_short_form_leaves_out_is_mended_with_what_it_keeps(name: str) -> None:
    found = example(name)
    for gate in found.gates:
        for criterion in gate.exit:
            if criterion.status in ("unmet", "unknown"):
                full = explain(found, "criterion", criterion.criterion.id)
                if any(one.kind == "criterion" and one is not full for one in walk(full)):
                    continue
                assert mends(full, {key(one) for one in faults(short(full))}, {})


@pytest.mark.parametrize("depth", range(6))
def test_a_depth_cuts_below_it_and_counts_the_facts(depth: int) -> None:
    full = explain(example("made-with-ml"), "gate", "10")
    cut = until(full, depth)

    def levels(step: Step) -> int:
        return 1 + max(map(levels, step.children), default=-1)

    assert levels(cut) <= depth
    total = sum(one.kind == "fact" for one in walk(full))
    assert sum(one.cut + (one.kind == "fact") for one in walk(cut)) == total


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_of_any_pack_and_file_each_name_is_explained_as_the_verdict_has_it(seed: int, tmp_path_factory: Any) -> None:
    rng = random.Random(seed)
    pack = random_packs.pack(rng, tmp_path_factory.mktemp("pack"))
    found = evaluate.evaluate(random_packs.read(random_packs.delivery(rng), pack), pack)
    held = {derivation.head for derivation in found.derivations}
    for gate in found.gates:
        assert explain(found, "gate", gate.gate.id).good == (gate.status == "passed")
        for one in (gate.entry, *gate.exit):
            step = explain(found, "criterion", one.criterion.id)
            assert (step.good, step.status) == (one.status in ("met", "assumed", "reordered"), one.status)
    for kind, side in (("signal", "yes"), ("antipattern", "no")):
        for name in names(pack)[kind]:
            assert explain(found, kind, name).good == (f"{kind}:{name} {side}" in held)
    for kind, known in names(pack).items():
        for name in known:
            for step in walk(short(explain(found, kind, name))):
                assert not (step.fault and step.good)
                assert step.kind != "fact" or step.id in pack.facts
