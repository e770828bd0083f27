"""Waivers on the command line: wherever a verdict is told, what is waived is told as waived."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DAY = ("--today", "2026-11-28")
GOOD = {
    "criterion": "operational-ownership",
    "reason": "the runbook is written in December",
    "approver": "cro@bank.example",
    "expires": "2026-12-31",
}


@pytest.fixture
def lacking(write: Any, passing: dict[str, Any]) -> str:
    """A delivery that passes but for the runbook of gate 9."""
    del passing["operations"]["runbook"]
    return write("a.json", passing)


@pytest.fixture
def waivers(write: Any) -> str:
    return write("waivers.json", {"waivers": [GOOD]})


COMMANDS = {
    "check": ["check", "a.json"],
    "explain": ["explain", "a.json", "9"],
    "unblock": ["unblock", "a.json", "9"],
    "graph": ["graph", "a.json"],
    "what-if": ["what-if", "a.json", "--set", "delivery.version=9.9"],
    "diff": ["diff", "a.json", "a.json", "--fail-on", "blocked"],
    "record": ["record", "a.json"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_waiver_lets_pass_in_every_command_that_judges(command: str, lacking: str, waivers: str, run: Any) -> None:
    assert run(*COMMANDS[command], *DAY).code == 1
    assert run(*COMMANDS[command], *DAY, "--waivers", waivers).code == 0
    assert run(*COMMANDS[command], "--today", "2027-01-01", "--waivers", waivers).code == 1


@pytest.mark.parametrize("command", ["check", "explain", "unblock", "what-if", "diff"])
def test_text_and_json_of_every_command_tell_that_something_is_waived(command: str, lacking: str, waivers: str, run: Any) -> None:
    assert "Waivers of waivers.json: 1 counts" in run(*COMMANDS[command], *DAY, "--waivers", waivers).out
    answer = run(*COMMANDS[command], *DAY, "--waivers", waivers, "--format", "json").json
    (waiver,) = (answer["changes"] if command == "what-if" else answer)["waivers"]
    assert (waiver["status"], waiver["waives"], waiver["approver"]) == ("counts", ["operational-ownership"], "cro@bank.example")


def test_check_says_what_does_not_hold_who_let_it_pass_until_when_and_why(lacking: str, waivers: str, run: Any) -> None:
    answer = run("check", lacking, *DAY, "--waivers", waivers).out
    assert answer.split("\n")[0].endswith("PASSED, all 10 gates, 1 criterion by waiver alone")
    assert "9  operations-incident         passed   1 waived" in answer
    told = answer.partition("Waived: ")[2]
    assert "Gate 9: Operational ownership is explicit." in told
    assert "`operations.runbook` is not stated" in told
    assert "waived by cro@bank.example until 2026-12-31: the runbook is written in December  (waivers.json:3:3)" in told


def test_explain_says_it_too(lacking: str, waivers: str, run: Any) -> None:
    answer = run("explain", lacking, "9", *DAY, "--waivers", waivers).out
    assert "all 3 exit criteria hold, 1 of them by waiver alone" in answer
    assert "is waived (cro@bank.example until 2026-12-31: the runbook is written in December)" in answer


def test_an_expired_waiver_counts_for_nothing_and_is_told_with_its_place(lacking: str, waivers: str, run: Any) -> None:
    ended = run("check", lacking, "--today", "2027-01-01", "--waivers", waivers)
    assert ended.code == 1
    assert "error[expired-waiver]: this waiver counted up to and including 2026-12-31" in ended.out
    assert "--> waivers.json:7:15" in ended.out


def test_a_waiver_that_nothing_needs_is_told_so_that_it_goes(passing: dict[str, Any], waivers: str, write: Any, run: Any) -> None:
    answer = run("check", write("a.json", passing), *DAY, "--waivers", waivers).out
    assert "Waivers that nothing needs, to be taken out\n\n  operational-ownership  (waivers.json:3:3)" in answer


def test_a_bad_waiver_turns_nothing_red_that_passes_without_it(passing: dict[str, Any], write: Any, run: Any) -> None:
    waivers = write("waivers.json", {"waivers": [GOOD | {"approver": "nobody"}]})
    assert run("check", write("a.json", passing), *DAY, "--waivers", waivers).code == 0


def test_the_fact_file_itself_is_no_waivers_file_under_any_name(lacking: str, run: Any, here: Path) -> None:
    (here / "link.json").symlink_to(lacking)
    (here / "hard.json").hardlink_to(lacking)
    for name in (lacking, "./a.json", "link.json", "hard.json"):
        for command in COMMANDS.values():
            ended = run(*command, "--waivers", name)
            assert (ended.code, "can't waive itself" in ended.err) == (2, True)


def test_standard_input_gives_the_waivers_or_the_facts_and_not_both(lacking: str, waivers: str, run: Any, here: Path) -> None:
    assert run("check", lacking, *DAY, "--waivers", "-", stdin=(here / waivers).read_text()).code == 0
    assert run("check", "-", *DAY, "--waivers", waivers, stdin=(here / lacking).read_text()).code == 0
    assert run("check", "-", "--waivers", "-", stdin=(here / lacking).read_text()).code == 2


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "content", ["", "waivers: [", "waivers: []\nwaivers: []\n", b"\xff", "waivers: [" + "a," * 60_000 + "]"], ids=range(5)
)
def test_a_waivers_file_that_can_not_be_read_is_told_under_its_name_and_nothing_is_judged(
    command: str, content: str | bytes, lacking: str, write: Any, run: Any
) -> None:
    ended = run(*COMMANDS[command], "--waivers", write("waivers.yaml", content))
    assert ended.code == 2
    assert "--> waivers.yaml" in ended.err
    assert "a.json" not in ended.both


def test_a_waivers_file_that_is_not_there_is_told(lacking: str, run: Any) -> None:
    ended = run("check", lacking, "--waivers", "nope.yaml")
    assert (ended.code, "there is no file `nope.yaml`" in ended.err) == (2, True)


def test_a_report_is_not_written_over_the_waivers(lacking: str, waivers: str, run: Any) -> None:
    ended = run("check", lacking, "--waivers", waivers, "--output", waivers)
    assert (ended.code, "would be written over" in ended.err) == (2, True)


def test_a_proof_with_waivers_is_accepted_with_the_same_ones_only(lacking: str, waivers: str, write: Any, run: Any) -> None:
    assert run("check", lacking, *DAY, "--waivers", waivers, "--prove").code == 0
    proof = write("proof.json", run("explain", lacking, "9", *DAY, "--waivers", waivers, "--format", "json").out)
    assert run("prove", proof, lacking, *DAY, "--waivers", waivers).code == 0
    assert run("prove", proof, lacking, *DAY).code == 1
    assert run("prove", proof, lacking, "--today", "2027-01-01", "--waivers", waivers).code == 1


def test_the_same_waivers_in_another_format_and_order_change_only_places(
    lacking: str, waivers: str, write: Any, run: Any
) -> None:
    turned = write("other.yaml", "waivers:\n- " + "\n  ".join(f"{key}: {GOOD[key]}" for key in reversed(GOOD)))
    answers = [run("check", lacking, *DAY, "--waivers", name, "--format", "json").json for name in (waivers, turned)]
    for answer in answers:
        answer["waivers_file"].pop("file")
        for waiver in answer["waivers"]:
            del waiver["line"], waiver["column"]
    assert json.dumps(answers[0]) == json.dumps(answers[1])
