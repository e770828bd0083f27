"""`pack mutate` as a person and as a program sees it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

SMALL = Path(__file__).parents[2] / "tests" / "knowledge" / "defects" / "base"
KILLED = "criterion equipped: all/2 none_of -> any_of"


@pytest.fixture
def harbour(here: Path) -> Path:
    """A small pack whose cases are all as expected, as `harbour` in the working directory."""
    shutil.copytree(SMALL, here / "harbour")
    return here / "harbour"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_survivor_is_told_with_its_line_and_a_case_that_would_kill_it_and_ends_with_1(harbour: Path, run: Any) -> None:
    ended = run("pack", "mutate", "harbour", "criterion seaworthy: drop all/1")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out == (
        "error[survivor]: no case fails on the mutant `criterion seaworthy: drop all/1`\n"
        " --> harbour/gates/ship.yaml:16:9\n"
        "16 |       - {fact: ship.name}\n"
        "   |         ^\n"
        "  help: add a case that tells, or explain it under `explained` in a file of cases\n"
        "  a case that would kill it, for harbour/gates/ship.cases.yaml:\n"
        "\n"
        "    - name: criterion seaworthy is unknown where no ship.name is stated\n"
        "      without: [ship.name]\n"
        "      expect: {criterion seaworthy: unknown}\n"
        "\n"
        "harbour 1: 1 mutant: 1 survived\n"
        "mutation score 0 %, and --fail-under asks for 100 %\n"
    )


def test_where_nothing_survives_it_ends_with_0(harbour: Path, run: Any) -> None:
    ended = run("pack", "mutate", "harbour", KILLED, "table response")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "harbour 1: 2 mutants: 1 killed by a case, 1 proved to change nothing, 0 survived\nmutation score 100 %\n"
    )


def test_survivors_are_borne_down_to_the_percentage_that_is_asked_for(harbour: Path, run: Any) -> None:
    assert run("pack", "mutate", "harbour", "rough", "--fail-under", "60").code == 0
    assert run("pack", "mutate", "harbour", "rough", "--fail-under", "100").code == 1


def test_json_has_every_mutant_with_what_became_of_it(harbour: Path, run: Any) -> None:
    ended = run("pack", "mutate", "harbour", "equipped", "--format", "json")
    assert ended.code == 1
    answer = ended.json
    by_name = {one["mutant"]: one for one in answer["mutants"]}
    assert len(by_name) == answer["killed"] + answer["survived"]
    assert by_name["criterion equipped: all/2 none_of -> any_of"]["fate"] == "killed"
    assert by_name["criterion equipped: all/2 none_of -> any_of"]["case"]
    survivor = by_name["criterion equipped: all/1 includes without anchor"]
    assert (survivor["file"], survivor["line"], survivor["column"]) == ("harbour/gates/ship.yaml", 28, 9)
    assert survivor["proposal"]["file"] == "harbour/gates/ship.cases.yaml"
    assert "expect: {criterion equipped: unmet}" in survivor["proposal"]["case"]


def test_an_explanation_out_of_date_ends_with_1(harbour: Path, run: Any) -> None:
    with (harbour / "gates" / "ship.cases.yaml").open("a", encoding="utf-8") as cases:
        cases.write('explained:\n  - {mutant: "criterion equipped: all/2 none_of -> any_of", because: I say so}\n')
    ended = run("pack", "mutate", "harbour", KILLED)
    assert ended.code == 1
    assert "error[stale-explanation]: the mutant `criterion equipped: all/2 none_of -> any_of` is explained" in ended.out
    assert " --> harbour/gates/ship.cases.yaml:16:6\n" in ended.out
    assert ended.out.endswith("mutation score 100 %; 1 explanation out of date\n")


def test_a_name_that_means_nothing_is_a_usage_error(harbour: Path, run: Any) -> None:
    ended = run("pack", "mutate", "harbour", "seaworthi")
    assert ended.code == 2
    assert "nothing that can be mutated is called `seaworthi`" in ended.err


def test_where_a_case_fails_without_any_mutant_nothing_is_said_of_mutants(harbour: Path, run: Any) -> None:
    replace(harbour / "gates/voyage.cases.yaml", "criterion planned: unmet", "criterion planned: met")
    ended = run("pack", "mutate", "harbour", "rough")
    assert ended.code == 2
    assert "criterion planned should be met, and is unmet" in ended.err
    assert "pack test" in ended.err


def test_what_a_pack_says_reaches_the_terminal_harmless(harbour: Path, run: Any) -> None:
    replace(harbour / "pack.yaml", "nobody: [everyone]", 'nobody: [everyone, "\\e[31m::set-output name=x::y"]')
    ended = run("pack", "mutate", "harbour", "harbour/pack")
    assert ended.code == 1
    assert "\x1b" not in ended.out
    assert "\\x1b[31m" in ended.out


def test_of_an_overlay_only_its_own_parts_are_changed_unless_others_are_named(here: Path, run: Any) -> None:
    for name in ("base", "over"):
        shutil.copytree(SMALL.parent / name, here / name)
    own = run("pack", "mutate", "over", "--format", "json").json
    assert own["mutants"]
    assert {Path(one["file"]).parts[0] for one in own["mutants"]} == {"over"}
    named = run("pack", "mutate", "over", "criterion equipped", "--format", "json").json
    assert {Path(one["file"]).parts[-3] for one in named["mutants"]} == {"base"}
