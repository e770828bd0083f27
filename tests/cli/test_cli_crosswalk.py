"""`check --crosswalk`: what a delivery says towards each clause of a standard, beside the verdict and without changing it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

NAMES = ("ml-test-score", "nist-ai-rmf", "eu-ai-act", "iso-42001")
EXAMPLES = (("credit-default", 0), ("demand-forecast", 1))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("example", "code"), EXAMPLES)
def test_the_answer_of_check_stays_as_it_is_and_the_crosswalk_follows_it(
    example: str, code: int, name: str, examples: Path, run: Any
) -> None:
    plain, beside = run("check", examples / f"{example}.yaml"), run("check", examples / f"{example}.yaml", "--crosswalk", name)
    assert (plain.code, beside.code) == (code, code)
    assert beside.out.startswith(f"{plain.out}\nCrosswalk {name}: ")


@pytest.mark.parametrize(("example", "code"), EXAMPLES)
def test_json_has_one_key_more_and_else_the_same(example: str, code: int, examples: Path, run: Any) -> None:
    plain = run("check", examples / f"{example}.yaml", "-f", "json")
    beside = run("check", examples / f"{example}.yaml", "-f", "json", "--crosswalk", "nist-ai-rmf")
    assert beside.code == code
    assert "crosswalk" not in plain.json
    assert {key: value for key, value in beside.json.items() if key != "crosswalk"} == plain.json
    assert beside.json["crosswalk"]["standard"] == "nist-ai-rmf"


def test_json_carries_the_proof_and_the_crosswalk_together(examples: Path, run: Any) -> None:
    found = run("check", examples / "credit-default.yaml", "-f", "json", "--prove", "--crosswalk", "eu-ai-act").json
    assert found["proof"]["checked"] is True
    assert len(found["crosswalk"]["clauses"]) == 23


def test_every_clause_stands_in_the_text_and_one_without_evidence_says_so(examples: Path, run: Any) -> None:
    answer = run("check", examples / "credit-default.yaml", "--crosswalk", "eu-ai-act").out
    lines = answer.splitlines()
    at = lines.index("  no evidence  8     The EU declaration of conformity")
    assert lines[at + 1].strip() == "no criterion of this pack speaks to it"
    assert sum(line.startswith(("  met ", "  no evidence ", "  partly ", "  not met ")) for line in lines) == 23


def test_a_blocked_delivery_shows_which_criterion_leaves_a_clause_partly_met(examples: Path, run: Any) -> None:
    found = run("check", examples / "demand-forecast.yaml", "-f", "json", "--crosswalk", "eu-ai-act").json["crosswalk"]
    clause = next(clause for clause in found["clauses"] if clause["id"] == "6")
    assert clause["status"] == "partly"
    assert clause["criteria"][0] == {
        "id": "retraining-triggers",
        "gate": "retraining-rollback",
        "status": "unmet",
        "confidence": "medium",
        "because": "",
    }
    assert found["counts"] == {
        status: sum(clause["status"] == status for clause in found["clauses"])
        for status in ("met", "partly", "not met", "no evidence")
    }


def test_an_assumption_is_shown_in_the_clause_and_in_the_summary(passing: dict[str, Any], write: Any, run: Any) -> None:
    del passing["serving"]["budgets"]["cost"]
    passing["assumptions"] = [
        {"fact": "serving.budgets.cost", "value": ["cost <= 1 EUR"], "reason": "as last year", "owner": "ana.lopez@bank.example"}
    ]
    answer = run("check", write("a.json", passing), "--crosswalk", "ml-test-score").out
    assert "budgets assumed (medium)" in answer
    assert "(1 by an assumption or a waiver" in answer


def test_a_clause_met_with_low_confidence_alone_says_so(examples: Path, run: Any) -> None:
    answer = run("check", examples / "credit-default.yaml", "--crosswalk", "eu-ai-act").out
    assert "  met (low)    1(h)  Instructions for use for the deployer\n" in answer
    assert "(2 with low confidence alone)" in answer


@pytest.mark.parametrize("name", NAMES)
def test_it_says_that_it_is_a_judgement_and_no_legal_advice(name: str, examples: Path, run: Any) -> None:
    text = run("check", examples / "credit-default.yaml", "--crosswalk", name).out
    found = run("check", examples / "credit-default.yaml", "-f", "json", "--crosswalk", name).json["crosswalk"]
    for said in (" ".join(text.split()), found["judgement"]):
        assert "is a judgement of this pack" in said
        assert "This is no legal advice." in said


def test_the_ml_test_score_is_not_made_up(examples: Path, run: Any) -> None:
    ended = run("check", examples / "credit-default.yaml", "--crosswalk", "ml-test-score")
    assert "No score is given: " in ended.out


@pytest.mark.parametrize(("name", "close"), [("eu-ai-akt", "did you mean `eu-ai-act`? "), ("zzz", "")])
def test_an_unknown_standard_can_not_be_judged_and_the_known_ones_are_listed(
    name: str, close: str, examples: Path, run: Any
) -> None:
    ended = run("check", examples / "credit-default.yaml", "--crosswalk", name)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"error[usage]: no standard is called `{name}`\n  help: {close}the pack `mlops` has: {', '.join(NAMES)}\n"
    )


def test_a_pack_without_a_crosswalk_says_so(shipped_pack: Path, examples: Path, tmp_path: Path, run: Any) -> None:
    folder = tmp_path / "own"
    shutil.copytree(shipped_pack, folder)
    main = folder / "pack.yaml"
    lines = main.read_text(encoding="utf-8").splitlines(keepends=True)
    main.write_text("".join(line for line in lines if not line.startswith("crosswalk:")), encoding="utf-8")
    shutil.rmtree(folder / "crosswalk")
    example = examples / "credit-default.yaml"
    assert run("check", example, "--pack", folder).code == 0
    ended = run("check", example, "--pack", folder, "--crosswalk", "eu-ai-act")
    assert ended.code == 2
    assert "the pack `mlops` has no crosswalk" in ended.err


def test_a_broken_standard_is_shown_with_its_file_and_line(shipped_pack: Path, examples: Path, tmp_path: Path, run: Any) -> None:
    folder = tmp_path / "own"
    shutil.copytree(shipped_pack, folder)
    broken = folder / "crosswalk" / "iso-42001.yaml"
    broken.write_text(
        broken.read_text(encoding="utf-8").replace("high: [A.6.2.2, A.9.4]", "high: [A.6.2.2, A.9.9]"), encoding="utf-8"
    )
    example = examples / "credit-default.yaml"
    assert run("check", example, "--pack", folder).code == 0  # it decides no verdict, and is not read for one
    ended = run("check", example, "--pack", folder, "--crosswalk", "iso-42001")
    assert ended.code == 2
    assert "`scope-objective`: `iso-42001` has no clause `A.9.9`" in ended.err
    assert "did you mean `A.9." in ended.err


@pytest.mark.parametrize("name", ["\x1b[31m", "##[error]x", "../../facts", "", "a" * 5000])
def test_a_hostile_name_of_a_standard_does_no_harm(name: str, examples: Path, run: Any, assert_harmless: Any) -> None:
    ended = run("check", examples / "credit-default.yaml", "--crosswalk", name)
    assert ended.code == 2
    assert_harmless(ended.both)
