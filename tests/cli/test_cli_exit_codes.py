"""Exit codes: 0 it holds, 1 it does not, 2 it could not be judged, 3 our own fault. The same for every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import fixpoint

FORMATS = ("text", "json")


@pytest.fixture
def files(here: Path, write: Any, passing: dict[str, Any]) -> Path:
    """One file of each sort."""

    def changed(**parts: Any) -> str:
        copy = json.loads(json.dumps(passing))
        for path, value in parts.items():
            *above, last = path.split("__")
            level = copy
            for part in above:
                level = level[part]
            if value is None:
                del level[last]
            else:
                level[last] = value
        return json.dumps(copy)

    write("passing.json", passing)
    write("blocked.json", changed(retraining__rollback=None))
    write("invalid.json", changed(colour="red"))
    write("deviating.json", changed(registry__promotion__policy="auto-promote"))
    write(
        "reasoned.json",
        changed(registry__promotion__policy="auto-promote", registry__promotion__rationale="asked for by the board"),
    )
    write("undecided.json", changed(training__evaluation__stability=None))
    write("broken.json", '{"delivery": ')
    write("twice.yaml", "delivery:\n  model: a\n  model: b\n")
    (here / "bad-pack").mkdir()
    return here


CASES = {
    "check passing.json": 0,
    "check blocked.json": 1,
    "check invalid.json": 1,
    "check deviating.json": 1,
    "check reasoned.json": 0,
    "check broken.json": 2,
    "check twice.yaml": 2,
    "check nowhere.json": 2,
    "check bad-pack": 2,
    "check --pack bad-pack passing.json": 2,
    "check --pack nowhere passing.json": 2,
    "check --input toml passing.json": 2,
    "check --no-assumptions passing.json": 0,
    "validate passing.json": 0,
    "validate blocked.json": 0,
    "validate invalid.json": 1,
    "validate broken.json": 2,
    "validate twice.yaml": 2,
    "validate passing.json invalid.json": 1,
    "validate invalid.json broken.json passing.json": 2,
    "validate broken.json invalid.json": 2,
    "validate passing.json nowhere.json": 2,
    "validate --pack bad-pack passing.json": 2,
    "recommend passing.json": 0,
    "recommend blocked.json": 0,
    "recommend undecided.json": 0,
    "recommend reasoned.json": 0,
    "recommend deviating.json": 1,
    "recommend deviating.json promotion-policy": 1,
    "recommend deviating.json drift-response": 0,
    "recommend invalid.json": 1,
    "recommend passing.json nothing": 2,
    "recommend broken.json": 2,
    "explain passing.json 10": 0,
    "explain blocked.json 6": 0,
    "explain blocked.json 7": 1,
    "explain blocked.json 8": 1,
    "explain invalid.json 1": 1,
    "explain passing.json 11": 2,
    "explain passing.json 0": 2,
    "explain broken.json 1": 2,
    "graph": 0,
    "graph passing.json": 0,
    "graph blocked.json": 1,
    "graph invalid.json": 1,
    "graph broken.json": 2,
    "graph --pack bad-pack": 2,
}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("command", CASES)
def test_a_command_ends_with_the_code_of_its_answer_whatever_the_format(command: str, format: str, files: Path, run: Any) -> None:
    ended = run(*command.split(), "--format", format)
    assert ended.code == CASES[command], ended.both


@pytest.mark.parametrize("command", [command for command, code in CASES.items() if code == 2])
def test_what_could_not_be_judged_shows_no_verdict_and_no_empty_answer(command: str, files: Path, run: Any) -> None:
    text, asked_for_json = run(*command.split()), run(*command.split(), "--format", "json")
    assert "PASSED" not in text.both
    assert "BLOCKED" not in text.both
    assert text.both.strip()
    assert asked_for_json.json.get("verdict") is None
    assert asked_for_json.err == ""


@pytest.mark.parametrize(
    "command", [command for command, code in CASES.items() if code == 2 and not command.startswith("validate")]
)
def test_a_message_goes_to_standard_error_and_leaves_standard_output_empty(command: str, files: Path, run: Any) -> None:
    ended = run(*command.split())
    assert ended.out == ""
    assert ended.err.startswith("error[")


@pytest.mark.parametrize("command", [command for command, code in CASES.items() if code < 2])
def test_an_answer_goes_to_standard_output_and_leaves_standard_error_empty(command: str, files: Path, run: Any) -> None:
    ended = run(*command.split())
    assert ended.out
    assert ended.err == ""


@pytest.mark.parametrize(("command", "code"), [("check passing.json", 0), ("check blocked.json", 1), ("check broken.json", 2)])
def test_the_real_process_ends_with_the_same_code(command: str, code: int, files: Path, process: Any) -> None:
    assert process(*command.split()).code == code


USAGE = [
    "",
    "check",
    "validate",
    "recommend",
    "explain passing.json",
    "check passing.json another.json",
    "check --nope passing.json",
    "check --format xml passing.json",
    "check --input ini passing.json",
    "graph --format svg",
    "frobnicate",
]


@pytest.mark.parametrize("command", USAGE)
def test_a_command_that_is_used_wrongly_ends_with_2(command: str, files: Path, run: Any) -> None:
    assert run(*command.split()).code == 2


JUDGING = ("check passing.json", "recommend passing.json", "explain passing.json 1", "graph passing.json")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("command", JUDGING)
def test_engines_that_disagree_end_with_3_and_give_no_verdict(
    command: str,
    format: str,
    files: Path,
    run: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest = fixpoint.fired
    monkeypatch.setattr(fixpoint, "fired", lambda rules, claims: honest(rules, claims)[:-1])
    ended = run(*command.split(), "--format", format)
    assert ended.code == 3
    assert ended.out == ""
    assert "nothing is judged" in ended.err
    assert "PASSED" not in ended.err  # it may name the rules that differ, and those speak of gates
    assert "BLOCKED" not in ended.err


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("command", JUDGING)
def test_a_fault_of_ours_ends_with_3_and_a_short_message(
    command: str,
    format: str,
    files: Path,
    run: Any,
    monkeypatch: pytest.MonkeyPatch,
    assert_harmless: Any,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the lamp \x1b[31mwent out\n::error::" + "x" * 5000)

    monkeypatch.setattr("gatewright.engine.evaluate.evaluate", fail)
    ended = run(*command.split(), "--format", format)
    assert ended.code == 3
    assert ended.out == ""
    assert "the lamp" in ended.err
    assert "Traceback" not in ended.err
    assert len(ended.err) < 800
    assert_harmless(ended.err)


def test_the_details_of_a_fault_of_ours_are_shown_where_they_are_asked_for(
    files: Path,
    run: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the lamp went out")

    monkeypatch.setattr("gatewright.engine.evaluate.evaluate", fail)
    monkeypatch.setenv("GATEWRIGHT_DEBUG", "1")
    with pytest.raises(RuntimeError, match="the lamp went out"):
        run("check", "passing.json")
