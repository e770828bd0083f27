"""The examples do what their first lines say, and every needed fact of the complete one is needed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from gatewright.engine import document, evaluate, facts, pack_loader
from gatewright.engine.facts import Facts
from gatewright.engine.pack_conditions import Condition, CriterionHolds, Follows, FreeOf, Leaf, Passes, SignalIs, Statement
from gatewright.engine.verdict import Missing, Verdict
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

ROOT = Path(__file__).parents[2]
PACK = pack_loader.load(ROOT / "knowledge" / "mlops")
COMPLETE = "credit-default"
NEEDED = [path for path, known in PACK.facts.items() if not known.optional]
REFERRED_TO = {known.to for known in PACK.facts.values()}  # without one of these a reference leads nowhere, a problem too


def source(name: str) -> str:
    return (ROOT / "docs" / "examples" / f"{name}.yaml").read_text("utf-8")


def read(text: str, *, assumptions: bool = True) -> Facts:
    return facts.read(document.read(text.encode(), "delivery.yaml"), PACK, assumptions=assumptions)


def judge(text: str, *, assumptions: bool = True) -> Verdict:
    return evaluate.evaluate(read(text, assumptions=assumptions), PACK)


@cache
def verdict_on(name: str, *, assumptions: bool = True) -> Verdict:
    return judge(source(name), assumptions=assumptions)


def statuses(verdict: Verdict) -> dict[str, str]:
    return {gate.gate.id: gate.status for gate in verdict.gates}


def blocked_at(name: str) -> dict[str, str]:
    """The statuses of a run that ends at the gate `name`: passed before it, waiting after it."""
    position = PACK.order.index(name)
    return {gate: "passed" if n < position else "blocked" if n == position else "waiting" for n, gate in enumerate(PACK.order)}


def criteria(verdict: Verdict, status: str) -> list[str]:
    return [found.criterion.id for gate in verdict.gates for found in gate.exit if found.status == status]


def missing_at(verdict: Verdict, gate: str) -> dict[str, Missing]:
    return {found.fact: found for found in verdict.missing if found.gate == gate}


# --- what the first lines of each example say


@pytest.mark.parametrize("name", ["credit-default", "ticket-routing", "made-with-ml", "demand-forecast"])
def test_an_example_is_read_without_a_problem(name: str) -> None:
    assert [str(problem) for problem in read(source(name)).problems] == []


@pytest.mark.parametrize("name", ["credit-default", "ticket-routing", "made-with-ml", "demand-forecast"])
def test_an_example_begins_with_the_commands_to_try(name: str) -> None:
    head = source(name).split("\n\ndelivery:")[0]
    commands = {line.split()[2] for line in head.splitlines() if line.startswith("#   gatewright")}
    assert commands >= {"check", "recommend", "explain", "validate"}
    assert all(f"docs/examples/{name}.yaml" in line for line in head.splitlines() if line.startswith("#   gatewright"))


@pytest.mark.parametrize("name", ["credit-default", "ticket-routing"])
def test_a_complete_example_passes_all_ten_gates(name: str) -> None:
    verdict = verdict_on(name)
    assert verdict.passed
    assert statuses(verdict) == dict.fromkeys(PACK.order, "passed")
    assert verdict.missing == ()


def test_the_credit_example_follows_the_table_for_a_high_risk() -> None:
    held = [(found.row.id, found.leads, found.deviates) for found in verdict_on("credit-default").recommendations]
    assert held == [("high-risk", True, False)]


def test_the_credit_example_builds_on_no_assumption() -> None:
    assert verdict_on("credit-default", assumptions=False).passed


def test_the_ticket_example_follows_the_table_for_a_low_risk() -> None:
    held = [(found.row.id, found.leads, found.deviates) for found in verdict_on("ticket-routing").recommendations]
    assert held == [("low-risk", True, False)]


def test_the_ticket_example_shows_the_criterion_on_its_assumption_and_the_bundle_as_assumed() -> None:
    verdict = verdict_on("ticket-routing")
    assert [assumed.fact for assumed in verdict.assumptions] == ["serving.budgets.cost"]
    assert criteria(verdict, "assumed") == ["budgets", "bundle-complete"]


def test_the_ticket_example_is_blocked_at_its_assumption_where_assumptions_do_not_count() -> None:
    verdict = verdict_on("ticket-routing", assumptions=False)
    assert statuses(verdict) == blocked_at("serving-release")
    assert set(missing_at(verdict, "serving-release")) == {"serving.budgets.cost"}


def test_the_public_project_is_blocked_at_training_and_evaluation() -> None:
    assert statuses(verdict_on("made-with-ml")) == blocked_at("training-evaluation")


def test_the_public_project_lets_a_model_through_on_words_that_cannot_be_measured() -> None:
    missing = missing_at(verdict_on("made-with-ml"), "training-evaluation")
    found = missing["training.evaluation.stages[].accept_if"]
    assert (found.state, found.shown) == ("stated", "if we like the results")
    assert "not measurable" in found.says
    assert missing["training.evaluation.thresholds"].state == "missing"


def test_the_public_project_is_blocked_at_the_first_gate_where_assumptions_do_not_count() -> None:
    verdict = verdict_on("made-with-ml", assumptions=False)
    assert statuses(verdict) == blocked_at("use-case")
    assert {"use_case.users", "use_case.success_metrics"} <= set(missing_at(verdict, "use-case"))


def test_the_public_project_assumes_nothing_beyond_the_first_two_gates() -> None:
    assert {PACK.facts[assumed.fact].gate for assumed in verdict_on("made-with-ml").assumptions} == {"use-case", "lineage"}


def test_the_forecast_is_blocked_by_its_deviation_alone() -> None:
    verdict = verdict_on("demand-forecast")
    assert statuses(verdict) == blocked_at("retraining-rollback")
    found = missing_at(verdict, "retraining-rollback")
    assert set(found) == {"retraining.drift.response", "retraining.drift.rationale"}
    assert found["retraining.drift.response"].shown == "monitor-only"
    assert set(criteria(verdict, "unmet")) == {"retraining-triggers", "bundle-complete"}
    assert criteria(verdict, "unknown") == []


def test_in_the_forecast_severe_drift_leads_and_chronic_drift_holds_too() -> None:
    drift = [found for found in verdict_on("demand-forecast").recommendations if found.table.id == "drift-response"]
    assert [(found.row.id, found.leads, found.deviates) for found in drift] == [
        ("severe-quality-drift", True, True),
        ("chronic-drift-stale-features", False, False),
    ]


@pytest.mark.parametrize(
    "mended",
    [
        ("response: monitor-only", "response: retrain-with-rollout-controls"),
        ("response: monitor-only", "response: monitor-only\n    rationale: The shops close in two weeks"),
    ],
    ids=["recommendation", "rationale"],
)
def test_the_forecast_passes_once_it_follows_the_recommendation_or_says_why_not(mended: tuple[str, str]) -> None:
    assert judge(source("demand-forecast").replace(*mended)).passed


# --- every needed fact is needed


def test_the_complete_example_states_every_fact_that_is_not_optional() -> None:
    found = read(source(COMPLETE))
    assert [path for path in NEEDED if not all(fact.state == "stated" for fact in found.at(path))] == []


@pytest.mark.parametrize("path", NEEDED)
def test_without_a_needed_fact_the_first_gate_that_reads_it_is_blocked_at_its_section(path: str) -> None:
    gate = next((name for name in PACK.order if path in reads(name)), None)
    assert gate, f"no gate reads `{path}`: it belongs into a criterion, or is optional"
    assert PACK.order.index(gate) >= PACK.order.index(gate_of_section(path))
    text, line = without(path)
    verdict = judge(text)
    assert {problem.code for problem in verdict.facts.problems} <= ({"bad-reference"} if path in REFERRED_TO else set())
    assert not verdict.passed
    assert statuses(verdict) == blocked_at(gate)
    named = [found.place.line for found in verdict.missing if (found.fact, found.gate, found.state) == (path, gate, "missing")]
    assert named == [line]


def gate_of_section(path: str) -> str:
    return next(section.gate for section in PACK.sections if path.partition("[]")[0] in section.facts)


@cache
def reads(gate: str) -> frozenset[str]:
    """Every fact that a criterion of `gate` reads, itself or through signals, tables and checklists."""
    found = PACK.gates_by_id[gate]
    return frozenset(path for criterion in (found.entry, *found.exit) for path in of_statement(criterion))


def of_statement(statement: Statement) -> Iterator[str]:
    for condition in (*statement.all, *statement.any):
        yield from of_condition(condition)


def of_condition(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Leaf):
        yield from of_leaf(condition.fact, condition.argument)
    elif isinstance(condition, SignalIs):
        yield from of_statement(next(signal for signal in PACK.signals if signal.id == condition.signal))
    elif isinstance(condition, CriterionHolds):
        yield from of_statement(PACK.criteria[condition.criterion])
    elif isinstance(condition, Passes):
        for item in next(checklist for checklist in PACK.checklists if checklist.id == condition.passes).items:
            yield from of_statement(item)
    elif isinstance(condition, FreeOf):
        for pattern in PACK.antipatterns:
            yield from of_statement(pattern)
    elif isinstance(condition, Follows):
        table = next(table for table in PACK.tables if table.id == condition.follows)
        yield table.declared
        for row in table.rows:
            yield from of_condition(SignalIs(signal=row.when))
    else:
        for inner in getattr(condition, "all", ()) or getattr(condition, "any", ()):
            yield from of_condition(inner)


def of_leaf(fact: str, argument: object) -> Iterator[str]:
    """The fact asked about, its list of records where it is a field, and what the argument names."""
    yield from (fact, fact.partition("[]")[0])
    named = list(argument.values()) if isinstance(argument, dict) else [argument]
    for name in named:
        if isinstance(name, str) and name in PACK.facts:
            yield from (name, name.partition("[]")[0])


# --- cutting a fact out of the text, so that all before it keeps its place


@cache
def tree() -> MappingNode:
    found = yaml.compose(source(COMPLETE), Loader=yaml.SafeLoader)
    assert isinstance(found, MappingNode)
    return found


def without(path: str) -> tuple[str, int]:
    """The complete example without one fact (of records: without the field in the first), and where it is then missed."""
    base, _, field = path.partition("[].")
    node: Node = tree()
    line = 1
    *above, last = base.split(".")
    for part in above:
        key, node = entry(node, part)
        line = key.start_mark.line + 1
    if field:
        assert isinstance(node, MappingNode)
        records = entry(node, last)[1]
        assert isinstance(records, SequenceNode)
        node, last = records.value[0], field
        line = node.start_mark.line + 1
    start, end = cut_of(node, last)
    text = source(COMPLETE)
    return text[:start] + text[end:], line


def entry(node: Node, name: str) -> tuple[ScalarNode, Node]:
    assert isinstance(node, MappingNode)
    return next((key, value) for key, value in node.value if key.value == name)


def cut_of(node: Node, name: str) -> tuple[int, int]:
    """From the key to the next key, or, of the last one, to the end of its value."""
    assert isinstance(node, MappingNode)
    position = next(n for n, (key, _) in enumerate(node.value) if key.value == name)
    key, value = node.value[position]
    following = node.value[position + 1 :]
    return key.start_mark.index, following[0][0].start_mark.index if following else end_of(value)


def end_of(node: Node) -> int:
    """Where a value really ends; the mark of a block stands at what comes after it."""
    if isinstance(node, MappingNode) and not node.flow_style:
        return end_of(node.value[-1][1])
    if isinstance(node, SequenceNode) and not node.flow_style:
        return end_of(node.value[-1])
    return node.end_mark.index


def test_cutting_a_fact_out_takes_that_fact_and_nothing_else() -> None:
    before = document.read(source(COMPLETE).encode(), "delivery.yaml").root.plain()
    for path in NEEDED:
        after = document.read(without(path)[0].encode(), "delivery.yaml").root.plain()
        assert after == trimmed(before, path), path


def trimmed(whole: object, path: str) -> object:
    """The same cut on plain data. A group that loses its only fact is left empty."""
    base, _, field = path.partition("[].")
    head, _, rest = base.partition(".")
    assert isinstance(whole, dict)
    if rest:
        return whole | {head: trimmed(whole[head], f"{rest}[].{field}" if field else rest) or None}
    if field:
        first, *others = whole[head]
        return whole | {head: [{key: value for key, value in first.items() if key != field}, *others]}
    return {key: value for key, value in whole.items() if key != head}
