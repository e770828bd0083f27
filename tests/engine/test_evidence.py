"""Evidence that a fact carries: how it is written, and when it no longer counts."""

from __future__ import annotations

import copy
import datetime
import json
from typing import Any

import pytest
from fact_files import holder, only, pack, read, whole
from gatewright.engine import document, evaluate, facts
from gatewright.engine.errors import CannotJudge
from gatewright.engine.evidence import Today
from gatewright.engine.facts import Facts
from gatewright.engine.measures import Flaw
from gatewright.engine.verdict import Verdict

DIGEST, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64
EVERY = sorted(pack().facts)


def on(day: str, digests: dict[str, str] | None = None) -> Today:
    """A day, and the files of the project by their digests."""
    missing = Flaw("is not in the project folder")
    look_up = None if digests is None else lambda path: digests.get(path, missing)
    return Today(datetime.date.fromisoformat(day), look_up)


def judged(content: dict[str, Any], today: Today) -> Verdict:
    found = facts.read(document.read(json.dumps(content).encode(), "a.json"), pack(), today=today)
    return evaluate.evaluate(found, pack())


def given(text: str, today: Today) -> Facts:
    return facts.read(document.read(text.encode(), "a.yaml"), pack(), today=today)


def backed(path: str, passing: bool = False, **evidence: str) -> dict[str, Any]:
    """The whole example, or the one that passes, with evidence for one fact."""
    content = copy.deepcopy(pack().example) if passing else whole()
    level, key = holder(content, path)
    level[key] = {"value": level[key], "evidence": evidence}
    return content


@pytest.mark.parametrize("path", EVERY)
def test_every_fact_may_carry_evidence_and_states_the_same(path: str) -> None:
    before = facts.read(document.read(json.dumps(whole()).encode(), "a.json"), pack())
    after = facts.read(
        document.read(json.dumps(backed(path, url="https://wiki.example/page", date="2026-09-30")).encode(), "a.json"), pack()
    )
    assert after.problems == before.problems
    for known, other in zip(before.at(path), after.at(path), strict=True):
        assert (known.state, [item.shown for item in known.items]) == (other.state, [item.shown for item in other.items])
    assert [fact.path for fact in after.backed] == [path]


@pytest.mark.parametrize("path", EVERY)
def test_every_fact_with_stale_evidence_is_unknown(path: str) -> None:
    content = json.dumps(backed(path, url="https://wiki.example/page", date="2024-01-01")).encode()
    found = facts.read(document.read(content, "a.json"), pack(), today=on("2026-11-23"))
    assert {(fact.state, fact.known) for fact in found.at(path)} == {("stale", False)}
    assert found.problems == ()


def test_evidence_on_a_list_of_records_speaks_of_each_field() -> None:
    found = given(
        "lineage: {datasets: {value: [{name: a, owner: ana}], evidence: {path: a.dvc, date: 2020-01-01}}}", on("2026-11-23")
    )
    assert found.at("lineage.datasets[].owner")[0].state == "stale"
    assert found.at("lineage.datasets[].version")[0].state == "missing"


def test_a_field_with_evidence_of_its_own_goes_by_that() -> None:
    found = given(
        "lineage: {datasets: {value: [{name: {value: a, evidence: {url: 'https://x.example', date: 2026-11-01}}, owner: ana}],"
        " evidence: {path: a.dvc, date: 2020-01-01}}}",
        on("2026-11-23"),
    )
    (row,) = found.records["lineage.datasets"]
    assert (row["name"].state, row["owner"].state) == ("stated", "stale")
    assert row["owner"].within == "a"


@pytest.mark.parametrize(("day", "state"), [("2027-10-01", "stated"), ("2027-10-02", "stale")])
def test_evidence_counts_through_the_last_day_of_its_limit(day: str, state: str) -> None:
    content = backed("serving.budgets.latency", url="https://x.example", date="2026-09-30")  # 366 days
    found = facts.read(document.read(json.dumps(content).encode(), "a.json"), pack(), today=on(day))
    assert found.plain["serving.budgets.latency"].state == state


def test_a_measurement_goes_stale_earlier_where_the_pack_says_so() -> None:
    limit, usual = pack().freshness("retraining.drift.observed"), pack().freshness("use_case.owner")
    assert limit is not None
    assert usual is not None
    assert limit.value < usual.value


def test_stale_evidence_blocks_its_gate_and_says_since_when() -> None:
    content = backed("serving.budgets.latency", passing=True, url="https://x.example", date="2025-01-31")
    verdict = judged(content, on("2026-11-23"))
    (missing,) = [found for found in verdict.missing if found.fact == "serving.budgets.latency"]
    assert verdict.gate("serving-release").status == "blocked"
    assert missing.state == "stale"
    assert missing.says == "rests on evidence of 2025-01-31 that counts for 366 days: stale since 2026-02-02"
    assert "evidence" in missing.how


def test_without_a_day_evidence_does_not_age() -> None:
    verdict = judged(backed("serving.budgets.latency", passing=True, url="https://x.example", date="1999-01-31"), Today())
    assert verdict.passed


def test_evidence_that_was_never_dated_does_not_age() -> None:
    found = given(f"use_case: {{owner: {{value: ana, evidence: {{path: a.txt, digest: '{DIGEST}'}}}}}}", on("2099-01-01"))
    assert found.plain["use_case.owner"].state == "stated"


@pytest.mark.parametrize(
    ("files", "state", "says"),
    [
        ({"a.txt": DIGEST}, "stated", ""),
        ({"a.txt": OTHER}, "stale", "has changed since: sha256:aaaaaaaa... is stated and sha256:bbbbbbbb... is there"),
        ({}, "stale", "rests on evidence in `a.txt`, which is not in the project folder"),
        (None, "stated", ""),
    ],
)
def test_a_file_that_changed_or_went_makes_the_fact_stale_where_files_are_compared(
    files: dict[str, str] | None, state: str, says: str
) -> None:
    found = given(
        f"use_case: {{owner: {{value: ana, evidence: {{path: a.txt, digest: '{DIGEST}'}}}}}}", on("2026-11-23", files)
    ).plain["use_case.owner"]
    assert found.state == state
    assert found.note.endswith(says)


def test_an_assumption_may_carry_evidence_too_and_goes_stale() -> None:
    text = (
        "assumptions: [{fact: use_case.owner, value: {value: ana, evidence: {url: 'https://x.example', date: 2020-01-01}},"
        " reason: r, owner: o}]"
    )
    found = given(text, on("2026-11-23"))
    assert (found.problems, found.plain["use_case.owner"].state) == ((), "stale")


def test_evidence_still_to_be_named_says_nothing() -> None:
    found = read("use_case: {owner: {value: ana, evidence: TBD}}").plain["use_case.owner"]
    assert (found.state, found.evidence) == ("stated", None)


@pytest.mark.parametrize("text", ["{evidence: {path: a.txt}}", "{value: TBD, evidence: {path: a.txt, date: 2020-01-01}}"])
def test_evidence_without_a_value_states_nothing(text: str) -> None:
    assert not given(f"use_case: {{owner: {text}}}", on("2026-11-23")).plain["use_case.owner"].known


@pytest.mark.parametrize(
    ("evidence", "code", "says"),
    [
        ("{}", "", ""),
        ("{date: 2026-01-01}", "bad-evidence", "neither a `url` nor a `path`"),
        ("{url: 'https://x.example', path: a.txt}", "bad-evidence", "both a `url` and a `path`"),
        ("yes please", "bad-evidence", "here is a text"),
        ("[a]", "bad-evidence", "here is a list"),
        ("{path: /etc/passwd}", "bad-evidence", "leads out of the project"),
        ("{path: ../a}", "bad-evidence", "leads out of the project"),
        ("{path: a/../../b}", "bad-evidence", "leads out of the project"),
        ("{path: 'a\\..\\b'}", "bad-evidence", "leads out of the project"),
        ("{path: 'C:\\a'}", "bad-evidence", "leads out of the project"),
        ("{path: ~/a}", "bad-evidence", "leads out of the project"),
        ('{path: "a\\u0000b"}', "control-character", ""),
        ("{path: 5}", "bad-evidence", "as its `path`"),
        ("{path: [a]}", "bad-evidence", "has a list as its `path`"),
        ("{url: 'file:///etc/passwd'}", "bad-evidence", "has the address"),
        ("{url: 'javascript:alert(1)'}", "bad-evidence", "has the address"),
        ("{url: 'https://x.example', date: soon}", "bad-evidence", "which is no date"),
        ("{url: 'https://x.example', date: 2026-12-24}", "bad-evidence", "lies after today, 2026-11-23"),
        ("{path: a.txt, digest: abc}", "bad-evidence", "has the digest `abc`"),
        ("{path: a.txt, digest: 'sha256:XYZ'}", "bad-evidence", "has the digest"),
        ("{paht: a.txt}", "unknown-fact", "has no key `paht`"),
    ],
)
def test_evidence_that_cannot_be_checked_is_told(evidence: str, code: str, says: str) -> None:
    text = f"use_case: {{owner: {{value: ana, evidence: {evidence}}}}}"
    try:
        problems = given(text, on("2026-11-23")).problems
    except CannotJudge as refused:  # what no text file may hold is refused before any fact is read
        problems = refused.problems
    assert bool(problems) == bool(code or says)
    if says:
        (told,) = [problem for problem in problems if problem.code == code]
        assert says in told.what
        assert told.help


def test_a_key_beside_value_and_evidence_is_told() -> None:
    problem = only("use_case: {owner: {value: ana, evidence: {path: a.txt}, note: x}}")
    assert (problem.code, "no key `note`" in problem.what) == ("unknown-fact", True)


def test_evidence_that_does_not_stand_around_a_value_is_told_where_it_belongs() -> None:
    assert "stands around its value" in only("registry: {evidence: {path: a.txt}}").help
    found = read("assumptions: [{fact: use_case.owner, value: ana, evidence: {path: a.txt}, reason: new, owner: ben}]").problems
    assert ["stands around its value" in problem.help for problem in found] == [True]


@pytest.mark.parametrize(
    "record", ["governance: {controls: {name: a, evidence: b}}", "training: {evaluation: {stability: {run: a, value: 1}}}"]
)
def test_a_record_without_its_dash_is_not_taken_for_a_value_with_evidence(record: str) -> None:
    problem = only(record)
    assert (problem.code, "list of records" in problem.what) == ("wrong-type", True)


def test_the_order_of_its_keys_changes_no_digest_and_the_evidence_does() -> None:
    one = read("use_case: {owner: {value: ana, evidence: {path: a.txt, date: 2026-01-01}}}").digest
    assert read("use_case: {owner: {evidence: {date: 2026-01-01, path: a.txt}, value: ana}}").digest == one
    assert read("use_case: {owner: {value: ana, evidence: {path: b.txt, date: 2026-01-01}}}").digest != one


def test_staleness_never_makes_a_gate_pass() -> None:
    content = backed("retraining.drift.observed", passing=True, url="https://x.example", date="2026-01-01")
    fresh, late = judged(content, on("2026-01-02")), judged(content, on("2029-01-02"))
    for before, after in zip(fresh.gates, late.gates, strict=True):
        assert before.status == "passed" or after.status != "passed"
