"""The summary of a job, read back by a parser of Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gatewright.cli import safe
from test_cli_parsed_back import AUTOLINKS, MARKDOWN, STRUCTURE, WORDS, parts
from test_cli_safe_output import INJECTIONS, all_at_once, as_key, as_value


def cells(answer: str) -> list[str]:
    found = parts(MARKDOWN.parse(answer))
    return [found[number + 1].content for number, token in enumerate(found) if token.type == "td_open"]


def test_the_verdict_leads_and_every_gate_has_a_row(examples: Path, run: Any, gates: Any) -> None:
    ended = run("check", examples / "demand-forecast.yaml", "--format", "summary")
    assert ended.code == 1
    assert ended.out.startswith("## Gatewright: BLOCKED\n")
    found = cells(ended.out)
    assert found[1::4] == list(gates)
    assert found[2::4] == ["passed"] * 6 + ["**blocked**"] + ["waiting"] * 3
    assert found[6 * 4 + 3] == "2 of 3 criteria hold"


def test_what_blocks_what_is_recommended_and_what_is_assumed_are_told(examples: Path, run: Any) -> None:
    answer = run("check", examples / "made-with-ml.yaml", "--format", "summary").out
    for told in (
        "### What blocks now",
        "### What later gates miss",
        "- promotion-policy: if Unstable eval performance holds, Hold promotion and investigate",
        "### To be known",
        "`training.failure.handling` is not stated",
        "What happens when a step fails?",
    ):
        assert told in answer


def test_the_problems_of_each_file_are_told(write: Any, run: Any, passing: dict[str, Any]) -> None:
    files = write("a.yaml", "use_case: {objectiv: a}\n"), write("b.json", passing), write("c.yaml", "a: [")
    ended = run("validate", *files, "--format", "summary")
    assert ended.code == 2
    for told in ("- `a.yaml`: 1 problem\n", "- `b.json`: valid\n", "- `c.yaml`: can't be judged\n", "(`a.yaml:1:12`)"):
        assert told in ended.out


@pytest.mark.parametrize("options", ["-", "no.yaml", "- --pack nope", "- --today x"])
def test_what_cannot_be_judged_is_said_to_be_so(options: str, run: Any, here: Path) -> None:
    ended = run("check", *options.split(), "--format", "summary", stdin="a: [")
    assert ended.code == 2
    assert ended.out.startswith("## Gatewright: could not judge\n")


def test_a_summary_stays_within_what_github_takes(write: Any, run: Any, passing: dict[str, Any]) -> None:
    passing["use_case"]["owner"] = "everyone"
    content = passing | {f"{'wrong' * 20}{number}": 1 for number in range(5_000)}
    assert len(run("check", write("a.json", content), "--format", "summary").out.encode()) < 1 << 20


@pytest.mark.parametrize("command", ["check", "validate"])
@pytest.mark.parametrize("place", [as_value, as_key])
def test_hostile_texts_stay_texts(
    place: Any, command: str, passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any
) -> None:
    answer = run(command, write("a.json", all_at_once(place, passing)), "--format", "summary").out
    assert_harmless(answer)
    found = parts(MARKDOWN.parse(answer))
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in found} <= STRUCTURE | WORDS
    for token in found:
        if token.type == "text":
            assert not AUTOLINKS.search(token.content), token.content
    if (place, command) == (as_value, "check"):
        codes = " ".join(token.content for token in found if token.type == "code_inline")
        shown = " ".join(safe.terminal(" ".join(INJECTIONS["template"].split())).split())
        assert shown in codes
