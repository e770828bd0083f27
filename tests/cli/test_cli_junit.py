"""JUnit XML: read by the schema of Jenkins, and by a parser that others use."""

from __future__ import annotations

import html
import io
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from gatewright.cli import safe
from junitparser import Error, Failure, JUnitXml, Skipped
from test_cli_safe_output import INJECTIONS, all_at_once, as_key, as_value

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "schemas" / "junit-10.xsd")


@pytest.fixture
def junit(run: Any) -> Any:
    """The suites of a JUnit answer that its schema takes, by name."""

    def junit(*arguments: object, stdin: str | None = None) -> dict[str, Any]:
        answer = run(*arguments, "--format", "junit", stdin=stdin).out
        SCHEMA.validate(answer)
        found = JUnitXml.fromfile(io.StringIO(answer))
        told = found.tests, found.failures, found.errors
        found.update_statistics()
        assert told == (found.tests, found.failures, found.errors)
        return {suite.name: suite for suite in found}

    return junit


def outcome(case: Any) -> str:
    kinds = {Failure: "failure", Error: "error", Skipped: "skipped"}
    return kinds[type(case.result[0])] if case.result else "passed"


def test_a_gate_is_a_suite_and_a_criterion_is_a_case(examples: Path, junit: Any, run: Any) -> None:
    file = examples / "made-with-ml.yaml"
    suites, verdict = junit("check", file), run("check", file, "--format", "json").json
    for gate in verdict["gates"]:
        suite = suites[f"gate {gate['stage']} {gate['id']}"]
        fails = "skipped" if gate["status"] == "waiting" else "failure"
        expected = [
            (one["text"], "passed" if one["status"] in ("met", "assumed") else fails) for one in (*gate["entry"], *gate["exit"])
        ]
        assert [(case.name, outcome(case)) for case in suite] == expected
    assert {outcome(case) for suite in suites.values() for case in suite} == {"passed", "failure", "skipped"}


def test_a_failure_says_what_is_so_where_and_how_to_mend_it(examples: Path, junit: Any) -> None:
    suite = junit("check", examples / "demand-forecast.yaml")["gate 7 retraining-rollback"]
    [failed] = [case for case in suite if outcome(case) == "failure"]
    assert failed.result[0].type == "unmet"
    assert failed.result[0].message.startswith("`retraining.drift.response` is `monitor-only`")
    assert "demand-forecast.yaml:174:15" in failed.result[0].text
    assert "how to mend: Choose the recommended response" in failed.result[0].text


def test_what_holds_by_assumption_passes_and_says_so(examples: Path, junit: Any) -> None:
    suite = junit("check", examples / "made-with-ml.yaml")["gate 1 use-case"]
    told = [case.system_out for case in suite if case.system_out]
    assert len(told) == 2
    assert all(text.startswith("assumed, not met") and "(assumed)" in text for text in told)


def test_a_delivery_that_passes_has_no_case_that_does_not(passing: dict[str, Any], write: Any, junit: Any) -> None:
    suites = junit("check", write("a.json", passing))
    assert {outcome(case) for suite in suites.values() for case in suite} == {"passed"}
    assert sum(len(suite) for suite in suites.values()) == 1 + 10 + 27


def test_validate_has_a_suite_a_file_and_errors_where_a_file_cannot_be_judged(
    passing: dict[str, Any], write: Any, junit: Any
) -> None:
    suites = junit("validate", write("a.yaml", "use_case: {objectiv: a}\n"), write("b.json", passing), write("c.yaml", "a: ["))
    found = {name: [outcome(case) for case in suite] for name, suite in suites.items()}
    assert found == {"a.yaml": ["failure"], "b.json": ["passed"], "c.yaml": ["error"]}


@pytest.mark.parametrize("options", ["-", "no.yaml", "- --pack nope", "- --today x"])
def test_what_cannot_be_judged_is_an_error_and_no_failure(options: str, junit: Any, here: Path) -> None:
    [suite] = junit("check", *options.split(), stdin="a: [").values()
    assert [outcome(case) for case in suite] == ["error"]


@pytest.mark.parametrize("place", [as_value, as_key])
def test_hostile_texts_stay_texts(place: Any, passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any) -> None:
    content = all_at_once(place, passing)
    if place is as_value:
        content["serving"]["rollback"]["to"] = "latest"  # so that a case fails, and tells its facts
    answer = run("check", write("a.json", content), "--format", "junit").out
    assert_harmless(answer)
    SCHEMA.validate(answer)
    tree = ElementTree.fromstring(answer)
    texts = " ".join(text for element in tree.iter() for text in (*element.attrib.values(), element.text or ""))
    short = [text for text in INJECTIONS.values() if len(text) < 40]
    shown = {text: " ".join(html.unescape(safe.markup(" ".join(text.split()))).split()) for text in short}
    lost = [text for text, as_shown in shown.items() if as_shown not in texts]
    assert not lost
