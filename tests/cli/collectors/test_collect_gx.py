"""Suites and validations of Great Expectations, in the forms of 0.18 and 1.x."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

NOT_NULL = ("expect_column_values_to_not_be_null", {"column": "income", "mostly": 0.995})
ROWS = ("expect_table_row_count_to_be_between", {"min_value": 1000, "max_value": None})
AGE = ("expect_column_values_to_be_between", {"column": "age", "min_value": 18, "max_value": 120, "strict_max": True})
Asked = tuple[str, dict[str, Any]]


def _config(asked: Asked, form: str) -> dict[str, Any]:
    return {"expectation_type" if form == "0.18.22" else "type": asked[0], "kwargs": asked[1], "meta": {}}


def _suite(name: str, *asked: Asked, form: str = "1.3.0") -> str:
    found = {"expectations": [_config(one, form) for one in asked], "meta": {"great_expectations_version": form}}
    return json.dumps(found | {"expectation_suite_name" if form == "0.18.22" else "name": name}, indent=2, sort_keys=True)


def _validation(
    *asked: Asked, form: str = "1.3.0", failed: tuple[int, ...] = (), run: str = "2026-11-02", asset: str = "loans"
) -> str:
    meta: dict[str, Any] = {
        "great_expectations_version": form,
        "run_id": {"run_name": None, "run_time": f"{run}T08:00:00+00:00"},
        "active_batch_definition": {"datasource_name": "warehouse", "data_asset_name": asset, "batch_identifiers": {}},
    }
    results = [
        {"success": number not in failed, "expectation_config": _config(one, form), "result": {}, "meta": {}}
        for number, one in enumerate(asked)
    ]
    if form == "0.18.22":
        whole: dict[str, Any] = {"evaluation_parameters": {}, "meta": meta | {"expectation_suite_name": "loans.critical"}}
    else:
        whole = {"suite_name": "loans.critical", "suite_parameters": {}, "meta": meta}
    return json.dumps(whole | {"results": results, "success": not failed, "statistics": {}}, indent=2, sort_keys=True)


@pytest.mark.parametrize("form", ["0.18.22", "1.3.0"])
def test_a_validation_says_what_was_checked_and_by_which_measurable_rules(
    form: str, project: Project, collected: Collect
) -> None:
    named = ("expect_column_values_to_be_in_set", {"column": "region", "value_set": ["n", "s"]})
    files: dict[str, str | bytes] = {
        "gx/expectations/loans.json": _suite("loans.critical", NOT_NULL, ROWS, AGE, named, form=form),
        "gx/validations/1.json": _validation(NOT_NULL, ROWS, AGE, named, form=form),
    }
    found = collected(project(files))
    rules = ["income_null_rate <= 0.5 %", "row_count >= 1000", "age >= 18", "age < 120"]
    assert found.facts == {"lineage.quality_checks": [{"boundary": "loans", "rule": rules}]}
    assert found.shortfalls == []


def test_what_a_later_validation_no_longer_asks_is_no_rule(project: Project, collected: Collect) -> None:
    files: dict[str, str | bytes] = {
        "a.json": _validation(AGE, run="2026-11-09"),
        "b.json": _validation(ROWS, failed=(0,), run="2026-11-02"),
    }
    found = collected(project(files))
    assert found.facts["lineage.quality_checks"] == [{"boundary": "loans", "rule": ["age >= 18", "age < 120"]}]
    assert found.shortfalls == []


def test_expectations_that_failed_fall_short(project: Project, collected: Collect) -> None:
    found = collected(project({"a.json": _validation(ROWS, AGE, failed=(1,))}))
    (told,) = found.shortfalls
    assert "`expect_column_values_to_be_between` for the column `age` failed in the validation of `loans`" in told


def test_a_suite_names_no_data_and_says_nothing_by_itself(project: Project, collected: Collect) -> None:
    found = collected(project({"a.json": _suite("loans", AGE), "b.json": _suite("empty")}))
    assert found.facts == {}
    assert [one.partition(": ")[2] for one in found.shortfalls] == [
        "no validation by the suite `loans` is here, so nothing says which data it is for",
        "the suite `empty` expects nothing",
    ]


@pytest.mark.parametrize(
    "asked",
    [
        (AGE[0], AGE[1] | {"mostly": 0.9}),
        (AGE[0], AGE[1] | {"row_condition": "region=='n'", "condition_parser": "pandas"}),
        (AGE[0], AGE[1] | {"min_value": {"$PARAMETER": "low"}, "max_value": "2026-01-01"}),
        (AGE[0], AGE[1] | {"column": "age of the applicant"}),
        (NOT_NULL[0], NOT_NULL[1] | {"mostly": 95}),
    ],
)
def test_an_expectation_that_is_no_plain_comparison_is_no_rule(asked: Asked, project: Project, collected: Collect) -> None:
    found = collected(project({"a.json": _validation(asked)}))
    assert found.facts["lineage.quality_checks"] == [{"boundary": "loans"}]
