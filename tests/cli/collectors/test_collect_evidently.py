"""Evidently's reports, in the forms of 0.4.40, 0.7.0 and 0.7.23, as these versions wrote them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

WHEN = "2026-11-28 04:50:40.282071"
DATASET = "dataset drift (share_of_drifted_columns >= 0.5)"


def _old(columns: dict[str, tuple[str, float, float]], share: float = 0.25, **more: Any) -> str:
    """A report of 0.4: the method, the threshold and the score of each column."""
    table = {
        name: {
            "column_name": name,
            "column_type": "num",
            "stattest_name": method,
            "stattest_threshold": threshold,
            "drift_score": score,
            "drift_detected": score >= threshold,
            "current": {"small_distribution": {"x": [0.0, 1.0], "y": [1.0]}},
        }
        for name, (method, threshold, score) in columns.items()
    }
    whole = {"number_of_columns": 4, "number_of_drifted_columns": int(4 * share), "share_of_drifted_columns": share}
    metrics = [
        {"metric": "DatasetDriftMetric", "result": {"drift_share": 0.5, **whole, "dataset_drift": share >= 0.5}},
        {"metric": "DataDriftTable", "result": {**whole, "dataset_drift": share >= 0.5, "drift_by_columns": table}},
    ]
    return json.dumps({"version": "0.4.40", "metrics": metrics, "timestamp": WHEN} | more, indent=1)


def _new(columns: dict[str, tuple[str, float, float]], share: float = 0.25) -> str:
    """The same in the form of 0.7."""
    begin = {"type": "evidently:metric_v2:DriftedColumnsCount", "drift_share": 0.5}
    metrics: list[Any] = [
        {"id": "0", "metric_name": "DriftedColumnsCount", "config": begin, "value": {"count": 4 * share, "share": share}}
    ]
    for name, (method, threshold, score) in columns.items():
        config = {"type": "evidently:metric_v2:ValueDrift", "column": name, "method": method, "threshold": threshold}
        metrics.append({"id": name, "metric_name": f"ValueDrift(column={name})", "config": config, "value": score})
    return json.dumps({"metrics": metrics, "tests": []}, indent=1)


def _between(columns: dict[str, tuple[str, float, float]], share: float = 0.25) -> str:
    """The same in the form of the first versions of 0.7."""
    count = {"metric_id": "DriftedColumnsCount(drift_share=0.5)", "value": {"count": 4 * share, "share": share}}
    drifts = [
        {"metric_id": f"ValueDrift(column={name},method={method},threshold={threshold})", "value": score}
        for name, (method, threshold, score) in columns.items()
    ]
    return json.dumps({"metrics": [count, *drifts], "tests": []}, indent=1)


@pytest.mark.parametrize("write", [_old, _between, _new])
def test_a_report_says_from_which_value_drift_counts(write: Callable[..., str], project: Project, collected: Collect) -> None:
    report = write({"income": ("K-S p_value", 0.05, 0.5), "age": ("K-S p_value", 0.05, 0.6), "city": ("psi", 0.2, 0.01)})
    found = collected(project({"drift.json": report}))
    assert found.rows("monitoring.drift.signals") == {
        "column drift (K-S p_value < 0.05)": {
            "name": "column drift (K-S p_value < 0.05)",
            "watches": "feature",
            "threshold": "K-S p_value < 0.05",
        },
        "column drift (psi >= 0.2)": {"name": "column drift (psi >= 0.2)", "watches": "feature", "threshold": "psi >= 0.2"},
        DATASET: {"name": DATASET, "watches": "data", "threshold": "share_of_drifted_columns >= 0.5"},
    }
    assert not found.shortfalls


@pytest.mark.parametrize("write", [_old, _between, _new])
def test_a_dataset_that_drifted_falls_short(write: Callable[..., str], project: Project, collected: Collect) -> None:
    found = collected(project({"drift.json": write({}, share=0.5)}))
    assert [one.partition(": ")[2] for one in found.shortfalls] == [
        "drift is found in a share of 0.5 of the columns (2 of them), and from 0.5 on it counts"
    ]


def test_a_dated_report_by_psi_is_a_window_of_monitoring_with_the_greatest_shift(project: Project, collected: Collect) -> None:
    columns = {"income": ("PSI", 0.1, 0.05), "age": ("PSI", 0.1, 0.31), "target": ("PSI", 0.1, 0.9), "city": ("ks", 0.05, 2.0)}
    found = collected(project({"drift.json": _old(columns)}))
    assert found.facts["retraining.drift.observed"] == [{"window": "2026-11-28 04:50:40", "psi": 0.31}]
    undated = collected(project({"drift.json": _old(columns, timestamp=None)}))
    assert "retraining.drift.observed" not in undated.facts


def test_the_target_and_the_prediction_are_no_features(project: Project, collected: Collect) -> None:
    found = collected(project({"drift.json": _old({"target": ("psi", 0.1, 0.0)})}))
    assert "watches" not in found.rows("monitoring.drift.signals")["column drift (psi >= 0.1)"]
    assert "retraining.drift.observed" not in found.facts


def test_a_method_of_which_nobody_knows_where_drift_is_says_no_threshold(project: Project, collected: Collect) -> None:
    found = collected(project({"drift.json": _new({"text": ("our own method", 0.1, 0.3)})}))
    assert list(found.rows("monitoring.drift.signals")) == [DATASET]


def test_a_score_that_is_no_number_is_none_and_the_rest_is_read(project: Project, collected: Collect) -> None:
    report = _old({"empty": ("psi", 0.1, float("nan")), "age": ("psi", 0.1, 0.2)})
    assert "NaN" in report
    found = collected(project({"drift.json": report}))
    assert found.facts["retraining.drift.observed"][0]["psi"] == 0.2
    assert not found.unreadable


def test_a_test_that_failed_falls_short_with_what_evidently_says_of_it(project: Project, collected: Collect) -> None:
    parameters = {"stattest": "K-S p_value", "score": 0.0, "threshold": 0.05, "detected": True, "column_name": "income"}
    failed = {"name": "Drift per Column", "description": "Too much.", "status": "FAIL", "group": "data_drift"}
    suite = {"version": "0.4.40", "tests": [failed | {"parameters": parameters}, failed | {"status": "SUCCESS"}]}
    found = collected(project({"tests.json": json.dumps(suite)}))
    assert list(found.rows("monitoring.drift.signals")) == ["column drift (K-S p_value < 0.05)"]
    assert found.shortfalls == ["tests.json:1: the test `Drift per Column` of `income` failed"]


def test_metrics_of_another_tool_say_nothing(project: Project, collected: Collect) -> None:
    other = {"metrics": [{"metric": "auc", "result": {"drift_share": 0.5}}], "tests": [{"status": "FAIL"}]}
    found = collected(project({"metrics.json": json.dumps(other)}))
    assert not found.facts
    assert not found.shortfalls
