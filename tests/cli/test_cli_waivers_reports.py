"""Waivers and departures of the pack in every report: told as what they are, and as texts only."""

from __future__ import annotations

import html
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from gatewright.cli import safe
from gatewright.cli.reports import ReportFormat
from junitparser import JUnitXml
from test_cli_github import commands
from test_cli_gitlab import SCHEMA as GITLAB
from test_cli_html import assert_whole, parsed, text
from test_cli_junit import SCHEMA as JUNIT
from test_cli_junit import outcome
from test_cli_parsed_back import AUTOLINKS, MARKDOWN, STRUCTURE, WORDS, parts
from test_cli_safe_output import INJECTIONS
from test_cli_sarif import SCHEMA as SARIF
from test_cli_sarif import region

FORMATS = [str(one) for one in ReportFormat]
GOOD = {
    "criterion": "operational-ownership",
    "reason": "the runbook is written in December",
    "approver": "cro@bank.example",
    "expires": "2026-12-31",
}
TOLD = "aived by cro@bank.example until 2026-12-31: the runbook is written in December"
BAD = GOOD | {"criterion": "budgets", "approver": "everyone"}
UNNEEDED = GOOD | {"criterion": "scope-objective"}
ELSEWHERE = GOOD | {"delivery": "another"}


@pytest.fixture
def report(run: Any, write: Any, passing: dict[str, Any]) -> Any:
    """The report on a delivery that lacks its runbook, with these waivers."""
    del passing["operations"]["runbook"]
    name = write("a.json", passing)

    def report(format: str, *given: Any, code: int = 0) -> str:
        waivers = write("waivers.json", {"waivers": list(given)})
        ended = run("check", name, "--waivers", waivers, "--today", "2026-11-28", "--format", format)
        assert ended.code == code
        return ended.out

    return report


@pytest.mark.parametrize("format", [one for one in FORMATS if one != "json"])
def test_every_report_names_who_waived_until_when_and_why_and_where_that_stands(format: str, report: Any) -> None:
    answer = " ".join(html.unescape(report(format, GOOD)).replace("`", "").split())
    assert TOLD in answer
    assert "waivers.json" in answer
    for fault in ('"level": "error", "message"', "<failure", "::error", '"blocker"', "What blocks"):
        assert fault not in answer


@pytest.mark.parametrize("format", FORMATS)
def test_every_report_is_the_same_in_two_runs_and_another_on_the_day_after_the_waiver(format: str, report: Any, run: Any) -> None:
    first = report(format, GOOD, BAD)
    assert report(format, GOOD, BAD) == first
    after = run("check", "a.json", "--waivers", "waivers.json", "--today", "2027-01-01", "--format", format)
    assert after.code == 1
    assert after.out != first


@pytest.mark.parametrize("format", [one for one in FORMATS if one != "json"])
def test_every_report_tells_a_waiver_that_counts_for_nothing(format: str, report: Any) -> None:
    answer = html.unescape(report(format, GOOD, BAD))
    assert "a waiver is approved by a person or a role, and" in answer
    assert "everyone" in answer


def test_sarif_suppresses_what_is_waived_with_its_reason_and_the_place_of_the_waiver(report: Any, here: Path) -> None:
    answer = json.loads(report("sarif", BAD, GOOD, UNNEEDED))
    SARIF.validate(answer)
    (found,) = answer["runs"]
    (waived,) = [one for one in found["results"] if "suppressions" in one]
    assert (waived["ruleId"], waived["level"]) == ("operations-incident.operational-ownership", "note")
    (suppression,) = waived["suppressions"]
    assert TOLD in suppression["justification"]
    at = suppression["location"]["physicalLocation"]
    assert at["artifactLocation"]["uri"] == "waivers.json"
    assert (here / "waivers.json").read_text().split("\n")[at["region"]["startLine"] - 1].strip().startswith("{")
    (void,) = [one for one in found["results"] if one["ruleId"] == "waivers.bad-waiver"]
    assert void["level"] == "warning"
    assert region(void, (here / "waivers.json").read_text()) == '"everyone"'
    assert [one["ruleId"] for one in found["results"] if one["ruleId"].startswith("waivers.")][1:] == ["waivers.not-needed"]
    assert [one["location"]["uri"] for one in found["artifacts"]] == ["a.json", "waivers.json"]


def test_junit_passes_what_is_waived_and_skips_the_waivers_that_do_not_count(report: Any) -> None:
    answer = report("junit", GOOD, BAD, UNNEEDED, ELSEWHERE)
    JUNIT.validate(answer)
    suites = {suite.name: list(suite) for suite in JUnitXml.fromfile(io.StringIO(answer))}
    assert [outcome(case) for case in suites["waivers waivers.json"]] == ["passed", "skipped", "passed", "skipped"]
    assert {outcome(case) for case in suites["gate 9 operations-incident"]} == {"passed"}
    (told,) = [case.system_out for case in suites["gate 9 operations-incident"] if case.system_out]
    assert told.startswith("waived, not met")
    assert TOLD in told


def test_github_has_a_notice_for_what_is_waived_and_a_warning_for_a_waiver_that_does_not_count(report: Any) -> None:
    found = {properties["file"]: (level, message) for level, properties, message in commands(report("github", GOOD, BAD))}
    assert found["a.json"][0] == "notice"
    assert TOLD in found["a.json"][1]
    assert found["waivers.json"][0] == "warning"


def test_gitlab_calls_what_is_waived_info(report: Any) -> None:
    answer = json.loads(report("gitlab", GOOD, BAD))
    jsonschema.validate(answer, GITLAB)
    assert [(one["severity"], one["location"]["path"]) for one in answer] == [("major", "waivers.json"), ("info", "a.json")]


def test_the_page_has_a_section_for_each_and_is_whole(report: Any) -> None:
    tree = parsed(report("html", GOOD, BAD, UNNEEDED))
    assert_whole(tree)
    sections = {text(found): text(one) for one in tree.iter("section") for found in one.iter("h2")}
    assert TOLD in sections["Waived"]
    assert "scope-objective" in sections["Waived"]
    assert "everyone" in sections["Waivers that count for nothing"]


# --- texts of others


def hostile() -> Iterator[dict[str, Any]]:
    for one in INJECTIONS.values():
        yield GOOD | {"reason": f"a {one}", "approver": f"b {one}"}
        yield GOOD | {"criterion": one, one: one}
        yield {"gate": one, "expires": one, "delivery": one, "pack": one, "reason": one, "approver": one}


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_waivers_stay_texts(format: str, report: Any, assert_harmless: Any) -> None:
    answer = report(format, *hostile())
    if format != "github":
        assert_harmless(answer)
    if format == "sarif":
        SARIF.validate(json.loads(answer))
    elif format == "gitlab":
        jsonschema.validate(json.loads(answer), GITLAB)
    elif format == "github":
        assert {level for level, _, _ in commands(answer)} == {"warning", "notice"}
    elif format == "html":
        assert_whole(parsed(answer))
    elif format == "summary":
        found = parts(MARKDOWN.parse(answer))
        assert {token.type.removesuffix("_open").removesuffix("_close") for token in found} <= STRUCTURE | WORDS
        assert not [token.content for token in found if token.type == "text" and AUTOLINKS.search(token.content)]
    elif format == "junit":
        JUNIT.validate(answer)
        said = " ".join(part for one in ElementTree.fromstring(answer).iter() for part in (*one.attrib.values(), one.text or ""))
        short = [f"a {one}" for one in INJECTIONS.values() if len(one) < 40]
        shown = {one: " ".join(html.unescape(safe.markup(" ".join(one.split()))).split()) for one in short}
        assert not [one for one, as_shown in shown.items() if as_shown not in " ".join(said.split())]
    elif format == "json":
        assert [one["status"] for one in json.loads(answer)["waivers"]].count("counts") == len(INJECTIONS)


# --- departures of the pack


@pytest.mark.parametrize("format", [one for one in FORMATS if one not in ("text", "json")])
def test_every_report_tells_what_the_pack_drops_or_loosens_and_why(format: str, passing: dict[str, Any]) -> None:
    from gatewright.cli.inputs import read_pack
    from gatewright.cli.renderers import render
    from gatewright.engine import document, facts
    from gatewright.engine.evaluate import evaluate
    from gatewright.engine.pack import Departure

    said = Departure(what="the criterion `budgets` is dropped", because="[we](x) have <b>no</b> ::error::meter yet")
    pack = read_pack("mlops").model_copy(update={"departures": (said,)})
    doc = document.read(json.dumps(passing).encode(), "a.json")
    answer = render("check", format, evaluate(facts.read(doc, pack), pack), doc.text)
    shown = " ".join(html.unescape(answer).replace("`", "").split())
    assert "is dropped" in shown
    assert "meter yet" in shown
    if format == "html":
        assert_whole(parsed(answer))
    if format == "sarif":
        SARIF.validate(json.loads(answer))
    if format == "junit":
        JUNIT.validate(answer)
