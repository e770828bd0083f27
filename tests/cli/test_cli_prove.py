"""`check --prove` and `prove`: a verdict and an explanation replayed by a program that shares nothing with the engine."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import conditions

EXAMPLES = ("credit-default", "demand-forecast", "made-with-ml", "ticket-routing")


@pytest.mark.parametrize("name", EXAMPLES)
def test_check_with_prove_says_last_that_the_proof_was_replayed_and_else_the_same(name: str, examples: Path, run: Any) -> None:
    plain, proved = run("check", examples / f"{name}.yaml"), run("check", examples / f"{name}.yaml", "--prove")
    assert proved.code == plain.code
    *lines, last = proved.out.splitlines()
    assert "\n".join([*lines, last.rpartition(", proof of ")[0]]) + "\n" == plain.out
    assert last.endswith(" steps replayed")


@pytest.mark.parametrize("name", EXAMPLES)
def test_check_with_prove_adds_one_key_to_json_and_nothing_else(name: str, examples: Path, run: Any) -> None:
    plain = run("check", examples / f"{name}.yaml", "--format", "json")
    proved = run("check", examples / f"{name}.yaml", "--format", "json", "--prove")
    assert proved.out.startswith(plain.out.removesuffix("\n}\n") + ",\n")
    nodes = proved.json["proof"].pop("nodes")
    assert proved.json | {"proof": {"checked": True, "nodes": nodes}} == plain.json | proved.json
    assert nodes > 200
    assert "proof" not in plain.json


def test_a_rejected_proof_is_our_own_fault_and_never_a_pass(examples: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    right = conditions.OPERATORS["named"]

    def wrong(*args: Any) -> conditions.Answer:
        return dataclasses.replace(right(*args), status="unknown")

    assert run("check", examples / "credit-default.yaml", "--prove").code == 0
    monkeypatch.setitem(conditions.OPERATORS, "named", wrong)
    ended = run("check", examples / "credit-default.yaml", "--prove")
    assert (ended.code, ended.out) == (3, "")
    assert "the proof checker rejects the verdict" in ended.err


@pytest.fixture
def explanation(here: Path, examples: Path, run: Any) -> Path:
    path = here / "explanation.json"
    path.write_text(run("explain", examples / "demand-forecast.yaml", "7", "--format", "json").out)
    return path


def test_an_explanation_is_accepted_with_what_it_proves(explanation: Path, examples: Path, run: Any) -> None:
    ended = run("prove", explanation.name, examples / "demand-forecast.yaml")
    assert ended.code == 0
    assert ended.out.startswith("ACCEPTED: explanation.json follows from ")
    assert "`gate:retraining-rollback` is blocked, by " in ended.out
    assert run("prove", "-", examples / "demand-forecast.yaml", stdin=explanation.read_text()).code == 0


def test_a_proof_that_stands_alone_is_accepted_too(explanation: Path, examples: Path, run: Any) -> None:
    explanation.write_text(json.dumps(json.loads(explanation.read_text())["proof"]))
    answer = run("prove", explanation.name, examples / "demand-forecast.yaml", "--format", "json")
    assert answer.code == 0
    assert answer.json["accepted"] is True
    assert answer.json["reasons"] == []


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_changed_explanation_is_rejected_with_the_reason(format: str, explanation: Path, examples: Path, run: Any) -> None:
    told = json.loads(explanation.read_text())
    told["proof"]["nodes"]["gate:retraining-rollback"]["status"] = "passed"
    explanation.write_text(json.dumps(told))
    ended = run("prove", explanation.name, examples / "demand-forecast.yaml", "--format", format)
    assert ended.code == 1
    assert "the `status` of `gate:retraining-rollback` is `passed`, and it has to be `blocked`" in ended.out


def test_an_explanation_of_other_facts_is_rejected(explanation: Path, examples: Path, run: Any) -> None:
    ended = run("prove", explanation.name, examples / "credit-default.yaml")
    assert ended.code == 1
    assert "`facts` is `sha256:" in ended.out


def test_texts_of_an_explanation_can_not_steer_a_terminal(
    explanation: Path, examples: Path, run: Any, assert_harmless: Any
) -> None:
    told = json.loads(explanation.read_text())
    told["proof"]["nodes"] |= {"::error::\x1b[31m": {}, "##[error]\n::warning::": {}, "\ud800\u202e": {}}
    told["proof"]["\x1b]0;x\x07"] = 1
    explanation.write_text(json.dumps(told))
    ended = run("prove", explanation.name, examples / "demand-forecast.yaml")
    assert ended.code == 1
    assert_harmless(ended.out)


BAD = {
    "no JSON": "verdict: passed",
    "empty": "",
    "a list": "[]",
    "no proof": '{"explanation": {}}',
    "no proof in it": '{"proof": null}',
    "a key twice": '{"nodes": {}, "nodes": {}}',
    "no number": '{"nodes": NaN}',
    "too deep": "[" * 200_000,
    "a number too long": '{"nodes": ' + "9" * 10_000 + "}",
    "no text": "\udcff",
}


@pytest.mark.parametrize("kind", BAD)
def test_what_holds_no_proof_can_not_be_judged(kind: str, here: Path, examples: Path, run: Any) -> None:
    (here / "bad.json").write_bytes(BAD[kind].encode("utf-8", "surrogateescape"))
    ended = run("prove", "bad.json", examples / "demand-forecast.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error[usage]: `bad.json` ")
    assert "gatewright explain --format json" in ended.err


def test_only_a_regular_file_is_read(here: Path, examples: Path, run: Any) -> None:
    os.mkfifo(here / "pipe")
    for name in ("pipe", ".", "nothing.json", "/dev/zero", "a\0b"):
        ended = run("prove", name, examples / "demand-forecast.yaml")
        assert (ended.code, ended.out) == (2, "")


def test_explanation_and_facts_are_not_both_standard_input(run: Any) -> None:
    assert run("prove", "-", "-", stdin="{}").code == 2
