"""The two parts of a fact file that no pack defines: assumptions, and another order of the gates."""

from __future__ import annotations

import json

import pytest
from fact_files import ORDER, TURNED, at, only, read, sequenced

# --- assumptions

ASSUMED = (
    "use_case: {objective: x}\n"
    "assumptions:\n  - fact: use_case.owner\n    value: ana\n    reason: she led the last one\n    owner: model risk\n"
)


def test_an_assumption_counts_and_is_kept_apart() -> None:
    found = read(ASSUMED)
    assert found.problems == ()
    fact = found.plain["use_case.owner"]
    assert (fact.state, fact.known, fact.items[0].shown, at(fact.place)) == ("assumed", True, "ana", (4, 5))
    (assumption,) = found.assumptions
    assert (assumption.fact, assumption.value, assumption.reason, assumption.owner, at(assumption.place)) == (
        "use_case.owner",
        "ana",
        "she led the last one",
        "model risk",
        (3, 5),
    )


def test_without_assumptions_an_assumed_fact_is_shown_and_does_not_count() -> None:
    found = read(ASSUMED, assumptions=False)
    assert (found.plain["use_case.owner"].state, found.plain["use_case.owner"].known, len(found.assumptions)) == (
        "assumed",
        False,
        1,
    )


def test_a_placeholder_may_be_assumed() -> None:
    assert read("use_case: {owner: TBD}\n" + ASSUMED.partition("\n")[2]).plain["use_case.owner"].state == "assumed"


@pytest.mark.parametrize("counts", [True, False])
def test_records_are_assumed_with_every_field_they_state(counts: bool) -> None:
    found = read(
        "assumptions:\n- {fact: lineage.datasets, value: [{name: loans, owner: TBD}], reason: r, owner: o}", assumptions=counts
    )
    (row,) = found.records["lineage.datasets"]
    assert (row["name"].state, row["name"].known) == ("assumed", counts)
    assert (row["owner"].state, row["source"].state) == ("placeholder", "missing")
    assert found.assumptions[0].value == '[{"name": "loans", "owner": "TBD"}]'


@pytest.mark.parametrize("lacks", ["fact", "value", "reason", "owner"])
def test_an_assumption_without_one_of_its_parts_is_told_and_does_not_count(lacks: str) -> None:
    parts = {"fact": "use_case.owner", "value": "ana", "reason": "r", "owner": "o"}
    found = read(json.dumps({"assumptions": [{key: value for key, value in parts.items() if key != lacks}]}), "json")
    (problem,) = found.problems
    assert (problem.code, found.assumptions, found.plain["use_case.owner"].state) == ("bad-assumption", (), "missing")
    assert problem.what.endswith(f"and this one lacks: {lacks}")


@pytest.mark.parametrize("lacks", ["value", "reason", "owner"])
@pytest.mark.parametrize("open", ["TBD", None, "<who>"])
def test_an_assumption_with_a_part_still_open_leaves_its_fact_open_without_a_problem(lacks: str, open: str | None) -> None:
    parts = {"fact": "use_case.owner", "value": "ana", "reason": "r", "owner": "o"} | {lacks: open}
    found = read(json.dumps({"assumptions": [parts]}), "json")
    fact = found.plain["use_case.owner"]
    assert (found.problems, found.assumptions) == ((), ())
    assert (fact.state, fact.known) == ("placeholder", False)
    assert fact.note == f"is assumed, and its {lacks} is still to be named"


def test_an_assumed_list_that_holds_a_placeholder_is_still_open() -> None:
    found = read("assumptions: [{fact: use_case.users, value: [ana, TBD], reason: r, owner: o}]")
    assert (found.problems, found.plain["use_case.users"].state) == ((), "placeholder")


def test_assumed_records_with_an_open_owner_do_not_count_either() -> None:
    found = read("assumptions: [{fact: lineage.datasets, value: [{name: a, owner: o}], reason: r, owner: TBD}]")
    assert [fact.state for fact in found.at("lineage.datasets[].name")] == ["placeholder"]


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"owner": "Everyone"}, "bad-assumption", "`Everyone` is neither"),
        ({"owner": "the team."}, "bad-assumption", "is neither"),
        ({"fact": "use_case.ownr"}, "unknown-fact", "no fact is called `use_case.ownr`"),
        ({"fact": "use_case"}, "unknown-fact", "no fact is called"),
        ({"fact": "lineage.datasets[].owner"}, "bad-assumption", "records are assumed as a whole"),
        ({"fact": "use_case.objective"}, "stated-and-assumed", "line 1"),
        ({"fact": "use_case.risk.impact"}, "wrong-choice", "`ana` is not among"),
        ({"value": ["a", "b"]}, "wrong-type", "takes a single value"),
        ({"fact": ["use_case.owner"]}, "bad-assumption", "lacks: fact"),
        ({"value": {"a": 1}}, "wrong-type", "here is a mapping"),
    ],
)
def test_an_assumption_that_cannot_hold_is_told_and_does_not_count(changed: dict[str, object], code: str, says: str) -> None:
    parts = {"fact": "use_case.owner", "value": "ana", "reason": "r", "owner": "o"} | changed
    found = read(json.dumps({"use_case": {"objective": "x"}, "assumptions": [parts]}), "json")
    (problem,) = found.problems
    assert problem.code == code
    assert says in problem.what
    assert problem.help
    assert found.assumptions == ()
    assert found.plain["use_case.owner"].state == "missing"
    assert found.plain["use_case.objective"].state == "stated"


def test_an_assumed_fact_with_a_misspelt_path_is_told_the_whole_path() -> None:
    text = "assumptions: [{fact: use_case.ownr, value: a, reason: r, owner: o}]"
    assert only(text).help == "did you mean `use_case.owner`?"


def test_an_invalid_fact_is_not_made_good_by_an_assumption() -> None:
    found = read("use_case: {owner: [a]}\n" + ASSUMED.partition("\n")[2])
    assert [problem.code for problem in found.problems] == ["wrong-type", "stated-and-assumed"]
    assert found.plain["use_case.owner"].state == "invalid"


def test_two_assumptions_of_one_fact_are_a_problem_and_the_same_one_twice_is_not() -> None:
    one = "{fact: use_case.owner, value: ana, reason: r, owner: o}"
    assert len(read(f"assumptions: [{one}, {one}]").assumptions) == 1
    assert read(f"assumptions: [{one}, {one}]").problems == ()
    assert only(f"assumptions: [{one}, {one.replace('ana', 'bo')}]").code == "stated-and-assumed"


def test_assumptions_come_in_the_order_of_the_vocabulary() -> None:
    entries = [
        {"fact": fact, "value": "x y", "reason": "r", "owner": "o"}
        for fact in ("operations.runbook", "delivery.model", "use_case.owner")
    ]
    found = read(json.dumps({"assumptions": entries}), "json")
    assert [assumption.fact for assumption in found.assumptions] == ["delivery.model", "use_case.owner", "operations.runbook"]


def test_what_is_no_record_among_the_assumptions_is_told() -> None:
    assert only("assumptions: [x]").code == "bad-assumption"
    assert read("assumptions: []").problems == read("assumptions: TBD").problems == ()


# --- another order of the gates


def test_another_order_is_asked_for_by_names_or_by_numbers() -> None:
    by_name, by_number = sequenced(), sequenced(order=[2, 1, 3, "4", 5, 6, 7, 8, 9, 10])
    for found in (by_name, by_number):
        assert found.problems == ()
        assert found.sequence is not None
        assert (list(found.sequence.order), found.sequence.requested_by, found.sequence.reason) == (TURNED, "ana", "audit first")
        assert at(found.sequence.place) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"order": TURNED[:-1]}, "missing: delivery-bundle"),
        ({"order": [*TURNED, "use-case"]}, "twice: use-case"),
        ({"order": [ORDER[-1], *ORDER[:-1]]}, "stays last"),
        ({"order": []}, "missing: use-case"),
        ({"order": "1 to 10"}, "names every gate once"),
        ({"order": None}, "names every gate once"),
        ({"order": [[1], 2]}, "no gate"),
        ({"order": ["use-cas", *TURNED[:1], *TURNED[2:]]}, "no gate is called `use-cas`"),
        ({"order": [11, *TURNED]}, "no gate is called `11`"),
        ({"requested_by": ""}, "needs `requested_by` and `reason`"),
        ({"reason": "TBD"}, "needs `requested_by` and `reason`"),
        ({"reason": ["a"]}, "needs `requested_by`"),
    ],
)
def test_an_order_that_is_none_is_told_and_changes_nothing(changed: dict[str, object], says: str) -> None:
    found = sequenced(**changed)
    assert found.sequence is None
    assert {problem.code for problem in found.problems} == {"bad-sequence"}
    assert any(says in problem.what for problem in found.problems)
    assert all(problem.help for problem in found.problems)


def test_a_misspelt_gate_is_told_with_the_right_name() -> None:
    found = sequenced(order=["Use-Cas", TURNED[0], *TURNED[2:]])
    assert [problem.help for problem in found.problems if "is called" in problem.what] == ["did you mean `use-case`?"]


def test_a_sequence_that_is_not_written_yet_is_no_problem() -> None:
    assert read("sequence: TBD").problems == read("sequence: {}").problems == ()


def test_records_that_state_nothing_are_no_records() -> None:
    found = read("lineage:\n  datasets:\n    - {name: TBD, source: null, version: ''}\n    - {}\n")
    assert found.problems == ()
    assert found.plain["lineage.datasets"].state == "placeholder"
    assert found.records.get("lineage.datasets", ()) == ()


def test_a_record_that_states_nothing_beside_one_that_does_is_unfinished() -> None:
    found = read("bundle:\n  risks:\n    - {risk: a, owner: ana}\n    - {}\n    - TBD\n")
    assert found.problems == ()
    assert [fact.state for fact in found.at("bundle.risks[].owner")].count("missing") >= 1


def test_a_list_that_holds_a_placeholder_counts_as_not_stated() -> None:
    found = read("registry: {promotion: {approvers: [ana, TBD]}}\n")
    assert found.plain["registry.promotion.approvers"].state == "placeholder"
