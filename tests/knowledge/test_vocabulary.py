"""The vocabulary: every fact is described, has an example that reads, is used by some condition, and is needed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from gatewright.engine.pack_conditions import Condition, CriterionHolds, Follows, FreeOf, Leaf, Passes, SignalIs
from gatewright.engine.pack_walks import leaves, parts, statements
from gatewright.engine.vocabulary import FactDef
from knowledge_cases import PACK, evaluated, put, take

TOP = {path: fact for section in PACK.sections for path, fact in section.facts.items()}
SIGNALS = {signal.id: signal for signal in PACK.signals}
TABLES = {table.id: table for table in PACK.tables}

# Facts that stand as a choice in the example may be measured instead; then each field of the records is needed too.
MEASURED = {
    "training.evaluation.stability": [{"run": f"seed-{n}", "metric": "auc", "value": 0.82 + n / 100} for n in range(3)],
    "retraining.drift.observed": [
        {"window": f"2026-W{n}", "quality_drop": "2%", "psi": 0.15, "feature_age": "1 day"} for n in (38, 39, 40)
    ],
}
MEASURED_FIELDS = [f"{path}[].{field}" for path in MEASURED for field in TOP[path].fields]
NEEDED = [
    path
    for path, fact in PACK.facts.items()
    if not fact.optional and path not in MEASURED_FIELDS and path.partition("[]")[0] in TOP
]


def read_paths(condition: Condition | None) -> Iterator[str]:
    """The facts that a condition reads, with those that its signals and tables stand on."""
    for part in parts(condition):
        if isinstance(part, Leaf):
            yield part.fact
            argument: Any = (
                part.argument
                if part.operator != "without"
                else next(iter(part.argument.values()), "")
                if isinstance(part.argument, dict)
                else ""
            )
            if isinstance(argument, dict):
                yield argument.get("by", part.fact)
            elif isinstance(argument, str) and argument in PACK.facts:
                yield argument
        elif isinstance(part, SignalIs):
            yield from read_paths(SIGNALS[part.signal].condition)
        elif isinstance(part, Follows):
            table = TABLES[part.follows]
            yield from (table.declared, table.rationale)
            for row in table.rows:
                yield from read_paths(SIGNALS[row.when].condition)
        elif isinstance(part, CriterionHolds):
            yield from read_paths(PACK.criteria[part.criterion].condition)
        elif isinstance(part, Passes):
            for item in next(known.items for known in PACK.checklists if known.id == part.passes):
                yield from read_paths(item.condition)
        elif isinstance(part, FreeOf):
            for pattern in PACK.antipatterns:
                yield from read_paths(pattern.condition)


READ_BY_GATE = {
    gate.id: {path for criterion in (gate.entry, *gate.exit) for path in read_paths(criterion.condition)} for gate in PACK.gates
}


def is_read(path: str, paths: set[str]) -> bool:
    """A fact is read by its path; records are read by any of their fields."""
    return path in paths or any(other.startswith(f"{path}[].") for other in paths)


# --- described


def test_there_are_80_to_120_facts() -> None:
    assert 80 <= len(TOP) <= 120


@pytest.mark.parametrize("path", PACK.facts)
def test_a_fact_has_a_meaning_a_question_and_an_example(path: str) -> None:
    fact = PACK.facts[path]
    assert fact.means.strip()
    assert fact.ask.strip().endswith(("?", ")?"))
    assert fact.sample not in (None, "", [])


def test_no_two_facts_ask_the_same_question_at_top_level() -> None:
    asked = [fact.ask for fact in TOP.values()]
    assert sorted({ask for ask in asked if asked.count(ask) > 1}) == []


def test_a_number_says_its_unit() -> None:
    assert [path for path, fact in PACK.facts.items() if fact.type == "integer" and not fact.unit] == []


@pytest.mark.parametrize("path", list(TOP))
def test_the_example_of_a_fact_is_read_without_a_problem(path: str) -> None:
    built: dict[str, Any] = copy.deepcopy(PACK.example)
    put(built, path, TOP[path].sample)
    found, _ = evaluated(built)
    assert found.problems == ()
    assert found.plain[path].state == "stated"


@pytest.mark.parametrize("path", [path for path, fact in PACK.facts.items() if "[]" in path and fact.example is not None])
def test_the_example_of_a_field_is_read_without_a_problem(path: str) -> None:
    base, _, field = path.partition("[].")
    built: dict[str, Any] = copy.deepcopy(PACK.example)
    put(built, base, [{name: inner.example for name, inner in TOP[base].fields.items()}])
    found, _ = evaluated(built)
    assert [problem for problem in found.problems if problem.code != "bad-reference"] == []
    assert found.at(path)[0].state == "stated"
    assert found.at(path)[0].path == f"{base}[].{field}"


def test_the_whole_example_passes_all_ten_gates() -> None:
    found, verdict = evaluated(copy.deepcopy(PACK.example))
    assert found.problems == ()
    assert [gate.status for gate in verdict.gates] == ["passed"] * 10
    assert verdict.passed
    assert verdict.missing == ()


def test_the_example_passes_with_measurements_in_place_of_statements_too() -> None:
    built: dict[str, Any] = copy.deepcopy(PACK.example)
    for path, records in MEASURED.items():
        put(built, path, records)
    found, verdict = evaluated(built)
    assert found.problems == ()
    assert verdict.passed


# --- used


def test_every_fact_is_read_by_some_condition_or_belongs_to_a_table() -> None:
    paths = {path for _, statement in statements(PACK) for path in read_paths(statement.condition)}
    paths |= {path for table in PACK.tables for path in (table.declared, table.rationale)}
    assert [path for path in PACK.facts if not is_read(path, paths)] == []


def test_every_limit_has_a_unit_and_a_source_and_is_used() -> None:
    used: set[str] = set()
    for _, statement in statements(PACK):
        for leaf in leaves(statement.condition):
            given = leaf.argument.values() if isinstance(leaf.argument, dict) else [leaf.argument]
            used |= {name for name in given if isinstance(name, str)}
    used |= {name for name in (PACK.fresh_for, *(fact.fresh_for for fact in PACK.facts.values())) if name}
    assert [name for name, limit in PACK.limits.items() if not limit.unit.strip() or not limit.source.strip()] == []
    assert sorted(set(PACK.limits) - used) == []


def test_every_choice_of_a_fact_is_written_in_lower_case_with_hyphens() -> None:
    choices = {choice for fact in PACK.facts.values() for choice in fact.choices}
    assert [choice for choice in sorted(choices) if choice != choice.lower() or " " in choice or "_" in choice] == []


# --- needed


def first_reader(path: str) -> str:
    """The gate that asks for a fact first."""
    return next(gate for gate in PACK.order if is_read(path, READ_BY_GATE[gate]))


def check_that_it_is_missed(path: str, example: dict[str, Any]) -> None:
    built = copy.deepcopy(example)
    take(built, path, first_only=True)
    _, verdict = evaluated(built)
    gate = first_reader(path)
    position = PACK.order.index(gate)
    assert [found.status for found in verdict.gates] == ["passed"] * position + ["blocked"] + ["waiting"] * (9 - position)
    assert not verdict.passed
    named = {found.fact for found in verdict.missing if found.gate == gate}
    assert is_read(path, named), f"`{path}` is taken away and {sorted(named)} are named as missing"
    assert all(found.how and found.place.line >= 1 for found in verdict.missing)


@pytest.mark.parametrize("path", NEEDED)
def test_without_a_fact_the_gate_that_asks_for_it_is_blocked_and_names_it(path: str) -> None:
    check_that_it_is_missed(path, PACK.example)


@pytest.mark.parametrize("path", MEASURED_FIELDS)
def test_without_a_measurement_the_gate_that_asks_for_it_is_blocked_and_names_it(path: str) -> None:
    built: dict[str, Any] = copy.deepcopy(PACK.example)
    base = path.partition("[]")[0]
    put(built, base, MEASURED[base])
    check_that_it_is_missed(path, built)


def test_a_fact_is_asked_for_by_the_gate_of_its_section_or_by_a_later_one() -> None:
    def early(fact: FactDef) -> bool:
        return PACK.order.index(first_reader(fact.path)) < PACK.order.index(fact.gate)

    assert [path for path in NEEDED if early(PACK.facts[path])] == []


def test_every_section_belongs_to_one_topic_of_the_interview() -> None:
    assert sorted(name for topic in PACK.topics for name in topic.sections) == sorted(section.id for section in PACK.sections)


def test_an_interview_has_the_seven_topics_of_the_guides() -> None:
    assert [topic.id for topic in PACK.topics] == [
        "objective",
        "lineage",
        "training",
        "promotion",
        "serving",
        "drift",
        "compliance",
    ]


def test_every_type_of_fact_in_use_has_an_effort() -> None:
    assert sorted({fact.type for fact in PACK.facts.values()} - set(PACK.effort)) == []
