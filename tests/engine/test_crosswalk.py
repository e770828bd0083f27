"""A verdict beside a standard, and broken standards: refused with file, place, what is wrong and how to mend it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import crosswalk, document, evaluate, facts, pack_loader, standards
from gatewright.engine.crosswalk import Clause, Coverage
from gatewright.engine.errors import BadPack, CannotJudge, Problem
from gatewright.engine.verdict import Verdict
from waiving import waiving

PACK = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops").model_copy(update={"crosswalk": ("house",)})
# `scope-objective` and `success-impact` stand in the first gate, `budgets` in the fifth.
SPOKEN: dict[str, Any] = {
    "budgets": {"high": ["both"], "because": "B"},
    "scope-objective": {"medium": ["one", "both"]},
    "success-impact": {"low": ["weak"]},
}


def written(**changes: Any) -> dict[str, Any]:
    """A standard of four clauses, one of which nothing speaks to."""
    said = {
        "id": "house",
        "title": "House rules",
        "version": "1",
        "source": "S",
        "clauses": {"one": "O", "both": "B", "weak": "W", "silent": "S"},
        "criteria": {name: {"none": f"{name} says nothing"} for name in PACK.criteria} | copy.deepcopy(SPOKEN),
    }
    return said | changes


def read(folder: Path, said: object) -> standards.Standard:
    (folder / "crosswalk").mkdir(exist_ok=True)
    text = said if isinstance(said, str) else json.dumps(said, indent=1)
    (folder / "crosswalk" / "house.yaml").write_text(text, encoding="utf-8")
    return standards.read(folder, "house", PACK)


def problem(folder: Path, said: object) -> Problem:
    with pytest.raises(BadPack) as refused:
        read(folder, said)
    (found,) = refused.value.problems
    return found


def judged(*without: str, waived: tuple[str, ...] = (), assume: dict[str, Any] | None = None, cost: str = "") -> Verdict:
    delivery = copy.deepcopy(PACK.example)
    if cost:
        delivery["serving"]["budgets"]["cost"] = [cost]
    for path in without:
        *above, last = path.split(".")
        level = delivery
        for part in above:
            level = level[part]
        del level[last]
    if assume:
        delivery["assumptions"] = [assume | {"reason": "not yet confirmed", "owner": "ana.lopez@bank.example"}]
    found = facts.read(document.read(json.dumps(delivery).encode(), "a.json"), PACK)
    return evaluate.evaluate(found, PACK, waiving(*waived))


def covered(folder: Path, verdict: Verdict) -> dict[str, Clause]:
    return {clause.id: clause for clause in crosswalk.coverage(verdict, read(folder, written())).clauses}


# --- coverage


def test_a_clause_is_met_where_every_criterion_that_speaks_to_it_holds(tmp_path: Path) -> None:
    found = covered(tmp_path, judged())
    assert [clause.status for clause in found.values()] == ["met", "met", "met", "no evidence"]
    assert not any(clause.given for clause in found.values())


def test_a_clause_is_partly_met_where_some_of_its_criteria_hold(tmp_path: Path) -> None:
    found = covered(tmp_path, judged("serving.budgets.cost"))
    assert [clause.status for clause in found.values()] == ["met", "partly", "met", "no evidence"]


def test_a_clause_has_no_evidence_where_none_of_its_criteria_holds_for_what_they_ask_is_not_stated(tmp_path: Path) -> None:
    found = covered(tmp_path, judged("use_case.objective", "serving.budgets.cost"))
    assert [clause.status for clause in found.values()] == ["no evidence", "no evidence", "met", "no evidence"]


def test_a_clause_is_not_met_where_none_of_its_criteria_holds_and_one_is_contradicted(tmp_path: Path) -> None:
    found = covered(tmp_path, judged("use_case.objective", cost="cheap"))
    assert [clause.status for clause in found.values()] == ["no evidence", "not met", "met", "no evidence"]


def test_what_holds_by_waiver_is_met_and_said_to_be_given(tmp_path: Path) -> None:
    found = covered(tmp_path, judged("serving.budgets.cost", waived=("budgets",)))["both"]
    assert (found.status, found.given) == ("met", True)
    assert [one.found.status for one in found.criteria] == ["met", "waived"]


def test_what_holds_by_assumption_is_met_and_said_to_be_given(tmp_path: Path) -> None:
    assumed = {"fact": "serving.budgets.cost", "value": ["cost <= 1 EUR"]}
    found = covered(tmp_path, judged("serving.budgets.cost", assume=assumed))["both"]
    assert (found.status, found.given) == ("met", True)
    assert [one.found.status for one in found.criteria] == ["met", "assumed"]


def test_a_clause_met_with_low_confidence_alone_is_weak(tmp_path: Path) -> None:
    assert [clause.id for clause in covered(tmp_path, judged()).values() if clause.weak] == ["weak"]


def test_a_criterion_counts_by_its_own_status_while_its_gate_waits(tmp_path: Path) -> None:
    verdict = judged("use_case.business.cost_of_error")
    assert verdict.gate("serving-release").status == "waiting"
    assert covered(tmp_path, verdict)["both"].status == "met"


def test_criteria_stand_in_the_order_of_the_gates_with_their_confidence(tmp_path: Path) -> None:
    found = covered(tmp_path, judged())["both"].criteria
    assert [(one.gate, one.found.criterion.id, one.confidence, one.because) for one in found] == [
        ("use-case", "scope-objective", "medium", ""),
        ("serving-release", "budgets", "high", "B"),
    ]


def test_criteria_that_say_nothing_are_told_with_their_reason(tmp_path: Path) -> None:
    found: Coverage = crosswalk.coverage(judged(), read(tmp_path, written()))
    assert len(found.silent) == len(PACK.criteria) - len(SPOKEN)
    assert ("bundle-complete", "bundle-complete says nothing") in found.silent


def test_every_clause_is_counted_once(tmp_path: Path) -> None:
    found = crosswalk.coverage(judged("serving.budgets.cost"), read(tmp_path, written()))
    assert found.counts == {"met": 2, "partly": 1, "not met": 0, "no evidence": 1}


# --- standards that are refused


@pytest.mark.parametrize(
    ("criterion", "mapping", "what", "help"),
    [
        ("budgets", {"high": ["bot"]}, "`budgets`: `house` has no clause `bot`", "did you mean `both`?"),
        ("budgets", {"high": ["one", "one"]}, "`budgets` speaks to `one` twice", "keep one of the two"),
        ("budgets", {"high": ["one"], "low": ["one"]}, "`budgets` speaks to `one` twice", "keep one of the two"),
        ("budget", {"high": ["one"]}, "no exit criterion is called `budget`", "did you mean `budgets`?"),
    ],
    ids=["no such clause", "twice in a list", "twice with another confidence", "no such criterion"],
)
def test_a_mapping_that_can_not_be_is_refused_with_its_mend(
    criterion: str, mapping: Any, what: str, help: str, tmp_path: Path
) -> None:
    found = problem(tmp_path, written(criteria=written()["criteria"] | {criterion: mapping}))
    assert (found.code, found.what, found.help) == ("bad-pack", what, help)
    assert found.file.endswith("house.yaml")


def test_a_mapping_to_no_clause_is_shown_where_it_stands(tmp_path: Path) -> None:
    text = json.dumps(written(criteria=written()["criteria"] | {"budgets": {"high": ["one", "bot"]}}), indent=1)
    found = problem(tmp_path, text)
    line = next(n for n, line in enumerate(text.split("\n"), 1) if '"bot"' in line)
    assert found.place is not None
    assert (found.place.line, found.place.column) == (line, 5)


def test_a_criterion_left_out_is_told(tmp_path: Path) -> None:
    criteria = written()["criteria"]
    del criteria["budgets"]
    assert problem(tmp_path, written(criteria=criteria)).what == "the exit criterion `budgets` is not there"


@pytest.mark.parametrize(
    "mapping", [{}, {"none": "N", "high": ["one"]}, {"because": "B"}], ids=["neither", "both", "a reason alone"]
)
def test_a_criterion_says_clauses_or_why_there_are_none(mapping: Any, tmp_path: Path) -> None:
    found = problem(tmp_path, written(criteria=written()["criteria"] | {"budgets": mapping}))
    assert "or in `none` why there are none" in found.what


def test_a_confidence_of_another_name_is_refused(tmp_path: Path) -> None:
    found = problem(tmp_path, written(criteria=written()["criteria"] | {"budgets": {"high": ["one"], "sure": ["both"]}}))
    assert found.what == "nothing reads the key `sure` (`criteria.budgets.sure`)"


def test_a_clause_listed_twice_is_refused(tmp_path: Path) -> None:
    text = json.dumps(written()).replace('"one": "O"', '"one": "O", "one": "P"')
    assert problem(tmp_path, text).code == "duplicate-key"


def test_a_standard_in_the_file_of_another_is_refused(tmp_path: Path) -> None:
    assert problem(tmp_path, written(id="home")).what == "the standard `home` is in the file of `house`"


def test_a_standard_whose_file_is_not_there_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match=r"house\.yaml` can't be read: No such file"):
        standards.read(tmp_path, "house", PACK)


def test_a_standard_that_the_pack_does_not_list_is_never_read(tmp_path: Path) -> None:
    with pytest.raises(CannotJudge) as refused:
        standards.read(tmp_path, "../../etc/passwd", PACK)
    assert refused.value.problems[0].code == "usage"


def test_the_digest_of_a_standard_changes_with_what_it_says(tmp_path: Path) -> None:
    before = read(tmp_path, written()).digest
    assert read(tmp_path, json.dumps(written(), indent=4)).digest == before
    assert read(tmp_path, written(title="House rules, revised")).digest != before
