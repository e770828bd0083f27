"""`pack lint` as a person and as a program sees it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

SMALL = Path(__file__).parents[1] / "knowledge" / "defects" / "base"


@pytest.fixture
def harbour(here: Path) -> Path:
    """A small pack without findings, as `harbour` in the working directory."""
    shutil.copytree(SMALL, here / "harbour")
    return here / "harbour"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("named", [(), ("mlops",)], ids=" ".join)
def test_the_shipped_pack_has_no_findings_and_ends_with_0(named: tuple[str, ...], run: Any) -> None:
    ended = run("pack", "lint", *named)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("mlops ")
    assert ended.out.endswith(": no findings\n")


@pytest.mark.parametrize("named", [("harbour",), ("--pack", "harbour")], ids=" ".join)
def test_a_folder_is_examined_by_either_name_and_findings_end_with_1(named: tuple[str, ...], harbour: Path, run: Any) -> None:
    replace(harbour / "facts.yaml", "choices: [calm, rough]", "choices: [calm, rough, foggy]")
    ended = run("pack", "lint", *named)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out == (
        "error[table-gap]: no row of `response` holds, and none is undecided, in some deliveries\n"
        " --> harbour/decisions/response.yaml:14:3\n"
        "14 |   id: response\n"
        "   |   ^\n"
        "  witness: voyage.sea: foggy\n"
        "  help: add a row, or say in `gaps:` of the table why no row has to hold there\n"
        "\n"
        "harbour 1: 1 finding\n"
    )


def test_a_fact_that_is_not_stated_in_a_witness_is_said_so(harbour: Path, run: Any) -> None:
    whole = "    all:\n      - {fact: voyage.ports}\n      - {fact: voyage.ports, without: {found_in: voyage.charts}}\n"
    always = "    any:\n      - {fact: voyage.ports}\n      - {fact: voyage.ports, without: stated}\n"
    replace(harbour / "antipatterns.yaml", whole, always)
    out = run("pack", "lint", "harbour").out
    assert "`free_of: antipatterns` can never be met" in out
    assert "  witness: voyage.ports is not stated\n" in out


def test_json_has_place_mend_and_witness(harbour: Path, run: Any) -> None:
    replace(
        harbour / "gates/voyage.yaml",
        "      - {follows: response}\n",
        "      - {follows: response}\n      - {fact: voyage.plan, is: wait}\n",
    )
    replace(harbour / "facts.yaml", "example: leave}", "example: wait}")
    replace(harbour / "facts.yaml", "        example: calm\n", "        example: rough\n")
    replace(
        harbour / "facts.yaml",
        "example: The tide}",
        "example: The tide}\n      voyage.flag: {type: text, means: m, ask: a, example: e}",
    )
    replace(
        harbour / "gates/voyage.yaml",
        "          - {fact: voyage.reason}\n",
        "          - {fact: voyage.reason}\n          - {fact: voyage.plan, is: wait}\n",
    )
    ended = run("pack", "lint", "harbour", "--format", "json")
    assert ended.code == 1
    answer = ended.json
    assert answer["folder"] == "harbour"
    assert answer["pack"]["id"] == "harbour"
    codes = [found["code"] for found in answer["findings"]]
    assert codes == ["implied-condition", "unused-fact"]
    implied, unused = answer["findings"]
    assert implied["witness"] == {"voyage.plan": "wait"} | implied["witness"]
    assert unused["witness"] is None
    for found in answer["findings"]:
        assert found["file"].startswith("harbour/")
        assert found["line"] > 0
        assert found["column"] > 0
        assert found["what"]
        assert found["help"]


def test_json_without_findings_is_an_empty_list(harbour: Path, run: Any) -> None:
    assert run("pack", "lint", "harbour", "--format", "json").json["findings"] == []


def test_names_that_point_nowhere_are_findings(harbour: Path, run: Any) -> None:
    replace(harbour / "gates/ship.yaml", "{fact: ship.name}", "{fact: ship.nam}")
    ended = run("pack", "lint", "harbour")
    assert ended.code == 1
    assert "no fact is called `ship.nam`" in ended.out
    assert "16 |       - {fact: ship.nam}" in ended.out


@pytest.mark.parametrize("folder", ["nowhere", ".", "bad\0name"], ids=["nowhere", "empty", "nul"])
@pytest.mark.parametrize("format", ["text", "json"])
def test_a_folder_without_a_pack_ends_with_2(folder: str, format: str, here: Path, run: Any) -> None:
    ended = run("pack", "lint", folder, "--format", format)
    assert ended.code == 2
    assert "no `pack.yaml`" in ended.both


def test_a_file_that_is_no_yaml_ends_with_2(harbour: Path, run: Any) -> None:
    (harbour / "facts.yaml").write_text("sections: [", encoding="utf-8")
    ended = run("pack", "lint", "harbour")
    assert (ended.code, ended.out) == (2, "")
    assert "harbour/facts.yaml:" in ended.err


def test_nothing_in_a_pack_steers_the_terminal(harbour: Path, run: Any, assert_harmless: Any) -> None:
    replace(harbour / "facts.yaml", "choices: [calm, rough]", 'choices: [calm, rough, "##[error]\u202e"]')
    replace(harbour / "gates/ship.yaml", "mend: State crew, checks and stores.", 'mend: "tbd"\n    \u202e##[error]: 1')
    for kind in ("text", "json"):
        assert_harmless(run("pack", "lint", "harbour", "--format", kind).out)
    replace(harbour / "gates/ship.yaml", "\n    \u202e##[error]: 1", "")
    for kind in ("text", "json"):
        assert_harmless(run("pack", "lint", "harbour", "--format", kind).out)


def test_the_help_of_pack_names_its_commands(run: Any) -> None:
    ended = run("pack", "--help")
    assert ended.code == 0
    assert "lint" in ended.out


@pytest.mark.parametrize("wrong", [("pack",), ("pack", "lnt"), ("pack", "lint", "a", "b"), ("pack", "lint", "--format", "xml")])
def test_a_wrong_use_ends_with_2(wrong: tuple[str, ...], run: Any) -> None:
    assert run(*wrong).code == 2
