"""The pack carries the words of its source: gates, criteria, tables, anti-patterns, checklists and sections, in order.

The texts stand here as literals, copied from the source, so that neither side can change unnoticed.
"""

from __future__ import annotations

import itertools

import pytest
from gatewright.engine.pack_tables import Row
from knowledge_cases import PACK

GATES = [
    (
        "use-case",
        "Model Use Case and Success Criteria Gate",
        "User asks for model lifecycle, training/eval, serving, or drift/retraining planning.",
        ["Use case scope and model objective are explicit.", "Success metrics and business impact are explicit."],
    ),
    (
        "lineage",
        "Data and Feature Lineage Gate",
        "Use case and goals are defined.",
        [
            "Data and feature lineage are explicit.",
            "Dataset/feature versioning policy is explicit.",
            "Ownership and quality controls are explicit.",
        ],
    ),
    (
        "training-evaluation",
        "Training and Evaluation Pipeline Design Gate",
        "Lineage and data controls are known.",
        [
            "Training pipeline stages are explicit.",
            "Evaluation datasets and thresholds are explicit.",
            "Failure handling and rerun policy are explicit.",
        ],
    ),
    (
        "registry-promotion",
        "Model Registry and Promotion Governance Gate",
        "Training/eval pipeline is defined.",
        [
            "Registry versioning and metadata policy are explicit.",
            "Promotion criteria and approvals are explicit.",
            "Rejection and fallback policy is explicit.",
        ],
    ),
    (
        "serving-release",
        "Serving Strategy and Release Policy Gate",
        "Registry governance is defined.",
        [
            "Serving architecture and rollout path are explicit.",
            "Latency/cost/reliability budgets are explicit.",
            "Rollback triggers are explicit.",
        ],
    ),
    (
        "monitoring-drift",
        "Monitoring and Drift Detection Gate",
        "Serving policy is defined.",
        [
            "Model/data drift signals and thresholds are explicit.",
            "Quality/performance monitoring cadence is explicit.",
            "Alert ownership is explicit.",
        ],
    ),
    (
        "retraining-rollback",
        "Retraining and Rollback Policy Gate",
        "Drift monitoring is defined.",
        [
            "Retraining trigger policy is explicit.",
            "Retraining validation gates are explicit.",
            "Rollback and rollback-validation policy is explicit.",
        ],
    ),
    (
        "reproducibility-governance",
        "Reproducibility and Governance Gate",
        "Retraining policy exists.",
        [
            "Reproducibility controls are explicit.",
            "Compliance/governance requirements are explicit.",
            "Evidence and audit ownership are explicit.",
        ],
    ),
    (
        "operations-incident",
        "Operations Ownership and Incident Readiness Gate",
        "Governance controls are defined.",
        [
            "Operational ownership is explicit.",
            "Incident triage and escalation model is explicit.",
            "Corrective-action loop is explicit.",
        ],
    ),
    (
        "delivery-bundle",
        "Final MLOps Delivery Bundle",
        "Stages 1 through 9 are complete.",
        ["Final response includes all required sections from `templates.md` and passes `checklists.md`."],
    ),
]

TABLES = {
    "promotion-policy": (
        "Promotion Policy",
        [
            (
                "high-risk",
                "High-risk model impact",
                "Strict promotion gates with approvals",
                "Auto-promote",
                "Safety/governance vs speed",
            ),
            (
                "low-risk",
                "Low-risk model use case",
                "Automated promotion with safeguards",
                "Manual approvals always",
                "Delivery speed vs oversight",
            ),
            (
                "unstable-evaluation",
                "Unstable eval performance",
                "Hold promotion and investigate",
                "Promote with exception",
                "Quality confidence vs release pressure",
            ),
        ],
    ),
    "drift-response": (
        "Drift Response",
        [
            (
                "severe-quality-drift",
                "Severe quality drift",
                "Trigger retraining and rollout controls",
                "Monitor-only",
                "Rapid correction vs resource cost",
            ),
            (
                "temporary-data-shift",
                "Temporary data shift",
                "Adaptive thresholds + watch window",
                "Immediate retrain",
                "Stability vs responsiveness",
            ),
            (
                "chronic-drift-stale-features",
                "Chronic drift and stale features",
                "Feature/data refresh + retrain",
                "Repeated retrain only",
                "Root-cause fix vs short-term patching",
            ),
        ],
    ),
}

ANTIPATTERNS = [
    "promotion without evaluation thresholds",
    "lineage without owners or version controls",
    "drift monitoring without thresholds that lead to an action",
    "retraining without rollback validation",
    "rollout without stop/go triggers",
    "governance controls whose evidence nobody owns",
    "residual risks without an owner",
]

CHECKLISTS = {
    "completeness": [
        "objective, scope and success metrics",
        "data and feature lineage, with ownership",
        "versioning policy for datasets, features and models",
        "training and evaluation gates",
        "registry and promotion governance",
        "serving rollout and rollback strategy",
        "monitoring and drift thresholds",
        "retraining trigger policy",
        "reproducibility and governance controls",
        "operations ownership and incident workflow",
        "residual risks and follow-up actions",
    ],
    "readiness": [
        "the model quality policy is measurable",
        "promotion governance can be enforced",
        "serving and rollback policies can be acted on",
        "the drift and retraining loop has an owner and can be tested",
        "reproducibility and audit controls are stated",
    ],
    "sections": [
        "Model goals, scope and constraints",
        "Assumptions and context",
        "Data/feature lineage and versioning model",
        "Training and evaluation pipeline design",
        "Registry and promotion governance",
        "Serving rollout and rollback policy",
        "Drift monitoring and retraining strategy",
        "Reproducibility and governance controls",
        "Operations ownership and incident readiness",
        "Residual risks and follow-up actions",
    ],
}


def test_the_ten_gates_have_their_names_titles_and_order() -> None:
    assert [(gate.stage, gate.id, gate.title) for gate in PACK.gates] == [
        (stage, name, title) for stage, (name, title, _, _) in enumerate(GATES, 1)
    ]


def test_the_ten_entry_criteria_are_worded_as_in_the_source() -> None:
    assert [gate.entry.text for gate in PACK.gates] == [entry for _, _, entry, _ in GATES]


@pytest.mark.parametrize(("name", "texts"), [(name, texts) for name, _, _, texts in GATES], ids=[name for name, *_ in GATES])
def test_the_exit_criteria_of_a_gate_are_worded_and_ordered_as_in_the_source(name: str, texts: list[str]) -> None:
    assert [criterion.text for criterion in PACK.gates_by_id[name].exit] == texts


def test_there_are_27_exit_criteria_in_the_known_numbers() -> None:
    counts = [len(gate.exit) for gate in PACK.gates]
    assert counts == [2, 3, 3, 3, 3, 3, 3, 3, 3, 1]
    assert sum(counts) == len(PACK.criteria) == 27


def test_each_gate_needs_the_one_before_it_and_the_last_needs_all() -> None:
    order = [name for name, *_ in GATES]
    wanted = {name: [before] for before, name in itertools.pairwise(order)} | {order[0]: [], order[-1]: order[:-1]}
    assert {gate.id: sorted(gate.needs) for gate in PACK.gates} == {name: sorted(needs) for name, needs in wanted.items()}


def test_both_tables_carry_every_row_in_the_words_of_the_source() -> None:
    def words(row: Row) -> tuple[str, ...]:
        return row.id, row.signal, row.default.text, row.alternative.text, row.tradeoff

    assert {table.id: (table.title, [words(row) for row in table.rows]) for table in PACK.tables} == TABLES


def test_the_title_of_a_signal_is_what_its_row_says() -> None:
    titles = {signal.id: signal.title for signal in PACK.signals}
    assert [titles[row.when] for table in PACK.tables for row in table.rows] == [
        signal for _, rows in TABLES.values() for _, signal, *_ in rows
    ]


def test_hold_ranks_before_strict_before_automated() -> None:
    table = next(table for table in PACK.tables if table.id == "promotion-policy")
    assert [row.default.choice for row in table.ranked] == ["hold-investigate", "strict-approvals", "automated-safeguards"]


def test_severe_drift_ranks_before_chronic_before_temporary() -> None:
    table = next(table for table in PACK.tables if table.id == "drift-response")
    assert table.priority == ("severe-quality-drift", "chronic-drift-stale-features", "temporary-data-shift")


def test_the_choices_that_a_fact_file_may_declare_stand_in_the_rows_they_belong_to() -> None:
    assert {row.id: (row.default.choice, row.alternative.choice) for table in PACK.tables for row in table.rows} == {
        "high-risk": ("strict-approvals", "auto-promote"),
        "low-risk": ("automated-safeguards", "manual-approvals"),
        "unstable-evaluation": ("hold-investigate", "promote-with-exception"),
        "severe-quality-drift": ("retrain-with-rollout-controls", "monitor-only"),
        "temporary-data-shift": ("adaptive-thresholds", "immediate-retrain"),
        "chronic-drift-stale-features": ("refresh-and-retrain", "repeated-retrain"),
    }


def test_the_seven_antipatterns_are_there_in_order() -> None:
    assert [pattern.text for pattern in PACK.antipatterns] == ANTIPATTERNS


@pytest.mark.parametrize(("name", "count"), [("completeness", 11), ("readiness", 5), ("sections", 10)])
def test_a_checklist_has_its_items_in_order(name: str, count: int) -> None:
    found = [item.text for checklist in PACK.checklists if checklist.id == name for item in checklist.items]
    assert found == CHECKLISTS[name]
    assert len(found) == count


def test_the_last_gate_asks_for_every_checklist_and_for_no_antipattern() -> None:
    asked = PACK.criteria["bundle-complete"].all
    assert {part.passes for part in asked if hasattr(part, "passes")} == set(CHECKLISTS)
    assert [part.free_of for part in asked if hasattr(part, "free_of")] == ["antipatterns"]


def test_every_criterion_and_antipattern_says_how_to_mend_it_in_one_line() -> None:
    spoken = [criterion for gate in PACK.gates for criterion in (gate.entry, *gate.exit)] + list(PACK.antipatterns)
    assert [one.id for one in spoken if not one.mend.strip() or "\n" in one.mend.strip() or not one.mend.endswith(".")] == []
