"""`pack test` as a person and as a program sees it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "knowledge" / "defects" / "base"


@pytest.fixture
def harbour(here: Path) -> Path:
    """A small pack whose cases are all as expected, as `harbour` in the working directory."""
    shutil.copytree(SMALL, here / "harbour")
    return here / "harbour"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def failing(harbour: Path) -> None:
    replace(harbour / "gates/voyage.cases.yaml", "criterion planned: unmet", "criterion planned: met")


def test_the_cases_of_the_shipped_pack_are_as_expected_and_show_all_sides(run: Any) -> None:
    ended = run("pack", "test", "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    answer = ended.json
    assert answer["pack"]["id"] == "mlops"
    assert answer["cases"] > 300
    assert answer["differences"] == []
    percents = {line["name"]: line["percent"] for line in answer["coverage"]}
    for name in ("criteria", "conditions", "rows", "signals", "anti-patterns", "checklist items"):
        assert percents[name] == 100, name


@pytest.mark.parametrize("named", [("harbour",), ("--pack", "harbour")], ids=" ".join)
def test_a_folder_is_tested_by_either_name(named: tuple[str, ...], harbour: Path, run: Any) -> None:
    ended = run("pack", "test", *named)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(
        "harbour 1: 13 cases, all as expected\n"
        "\n"
        "coverage                  met  unmet  unknown       covered\n"
        "criteria                  6/6    2/5      5/5          81 %\n"
    )
    assert "  harbour/gates/ship.yaml:12:5: in no case is criterion `seaworthy` unmet\n" in ended.out


def test_a_case_that_fails_is_shown_with_its_line_and_the_facts_and_ends_with_1(harbour: Path, run: Any) -> None:
    failing(harbour)
    ended = run("pack", "test", "harbour")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.startswith(
        "error[case-fails]: criterion planned should be met, and is unmet (case: a voyage to a closed port is blocked)\n"
        " --> harbour/gates/voyage.cases.yaml:10:7\n"
        "10 |       criterion planned: met\n"
        "   |       ^^^^^^^^^^^^^^^^^\n"
        "  because voyage.ports = Vigo [stated] "
    )
    assert "\nharbour 1: 13 cases, 1 not as expected\n" in ended.out


def test_json_has_each_difference_and_each_gap_with_its_place(harbour: Path, run: Any) -> None:
    failing(harbour)
    ended = run("pack", "test", "harbour", "--format", "json")
    assert ended.code == 1
    [found] = ended.json["differences"]
    assert found.pop("because")
    assert found == {
        "case": "a voyage to a closed port is blocked",
        "what": "criterion planned",
        "expected": "met",
        "found": "unmet",
        "file": "harbour/gates/voyage.cases.yaml",
        "line": 10,
        "column": 7,
    }
    [line] = [line for line in ended.json["coverage"] if line["name"] == "criteria"]
    assert (line["sides"]["unmet"], line["covered"], line["possible"]) == ({"covered": 2, "possible": 5}, 13, 16)
    assert line["gaps"][0]["file"] == "harbour/gates/ship.yaml"
    assert line["gaps"][0]["line"] == 5


@pytest.mark.parametrize(("percent", "code"), [("44", 0), ("45", 1), ("0", 0), ("100", 1)])
def test_a_line_of_the_coverage_below_the_limit_ends_with_1(percent: str, code: int, harbour: Path, run: Any) -> None:
    ended = run("pack", "test", "harbour", "--fail-under", percent)
    assert ended.code == code
    assert ("below --fail-under" in ended.out) == bool(code)


def test_what_is_below_the_limit_is_named(harbour: Path, run: Any) -> None:
    out = run("pack", "test", "harbour", "--fail-under", "80").out
    assert out.endswith("\nbelow --fail-under 80: conditions that decide 44 %\n")


def test_a_malformed_case_ends_with_2_and_its_place(harbour: Path, run: Any) -> None:
    replace(harbour / "bundle.cases.yaml", "from: nothing", "form: nothing")
    ended = run("pack", "test", "harbour")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "error[bad-case]: nothing reads the key `form` of a case\n"
        " --> harbour/bundle.cases.yaml:5:5\n"
        "  help: did you mean `from`?\n"
    )


def test_an_unknown_name_ends_with_2_and_what_was_meant(harbour: Path, run: Any) -> None:
    replace(harbour / "gates/voyage.cases.yaml", "criterion planned: unmet", "criterion plannd: unmet")
    ended = run("pack", "test", "harbour", "--format", "json")
    assert ended.code == 2
    [found] = ended.json["problems"]
    assert (found["what"], found["help"]) == ("there is no criterion `plannd`", "did you mean `planned`?")
    assert (found["file"], found["line"], found["column"]) == ("harbour/gates/voyage.cases.yaml", 10, 7)


def test_a_case_file_beside_nothing_ends_with_2(harbour: Path, run: Any) -> None:
    shutil.copy(harbour / "gates/ship.cases.yaml", harbour / "gates/shop.cases.yaml")
    ended = run("pack", "test", "harbour")
    assert ended.code == 2
    assert "nothing reads this file of cases\n --> harbour/gates/shop.cases.yaml\n" in ended.err


def test_a_pack_that_is_wrong_ends_with_2(harbour: Path, run: Any) -> None:
    replace(harbour / "gates/ship.yaml", "{fact: ship.name}", "{fact: ship.nam}")
    ended = run("pack", "test", "harbour")
    assert ended.code == 2
    assert "no fact is called `ship.nam`" in ended.err


@pytest.mark.parametrize("folder", ["nowhere", ".", "bad\0name"], ids=["nowhere", "empty", "nul"])
def test_a_folder_without_a_pack_ends_with_2(folder: str, here: Path, run: Any) -> None:
    ended = run("pack", "test", folder)
    assert ended.code == 2
    assert "no `pack.yaml`" in ended.err


@pytest.mark.parametrize("format", ["text", "json"])
def test_nothing_in_a_case_steers_the_terminal(format: str, harbour: Path, run: Any, assert_harmless: Any) -> None:
    failing(harbour)
    replace(harbour / "gates/voyage.cases.yaml", "name: a voyage to a", 'name: "##[error]\\u202e\\e[31m"  # ')
    replace(harbour / "gates/voyage.cases.yaml", "[Vigo]", '[Vigo, "\\e[31m::error::"]')
    ended = run("pack", "test", "harbour", "--format", format)
    assert ended.code == 1
    assert_harmless(ended.out)
    replace(harbour / "gates/voyage.cases.yaml", "criterion planned", '"criterion \\e[31mplanned"')
    ended = run("pack", "test", "harbour", "--format", format)
    assert ended.code == 2
    assert_harmless(ended.both)


def test_the_case_of_the_page_is_a_case_and_comes_out_as_it_says(here: Path, run: Any) -> None:
    page = (ROOT / "docs" / "pack-test.md").read_text(encoding="utf-8")
    written = page.partition("```yaml\n")[2].partition("```")[0]
    shutil.copytree(ROOT / "knowledge" / "mlops", here / "copy")
    for path in (here / "copy").glob("**/*.cases.yaml"):
        path.unlink()
    (here / "copy" / "gates" / "lineage.cases.yaml").write_text(written, encoding="utf-8")
    ended = run("pack", "test", "copy")
    assert (ended.code, ended.err) == (0, "")
    assert "1 case, all as expected" in ended.out


# --- proposals


def test_cases_are_proposed_by_file_and_a_person_is_asked_to_agree(harbour: Path, run: Any) -> None:
    ended = run("pack", "test", "harbour", "--propose")
    assert (ended.code, ended.err) == (0, "")
    assert (
        "# proposed for harbour/gates/ship.cases.yaml\n"
        "  - name: entry asked is unmet where ship.request is sell\n"
        "    with:\n"
        "      ship.request: [sell]\n"
        "    expect: {entry asked: unmet}\n"
    ) in ended.out
    assert "What they expect is what the engine answers: keep a case only if you agree that it is right.\n" in ended.out
    assert run("pack", "test", "harbour").out.startswith("harbour 1: 13 cases")


def test_proposals_are_written_behind_the_cases_that_are_there(harbour: Path, run: Any) -> None:
    before = {path: path.read_text(encoding="utf-8") for path in harbour.glob("**/*.cases.yaml")}
    ended = run("pack", "test", "harbour", "--write", "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    assert set(ended.json["written"]) == {"harbour/gates/ship.cases.yaml", "harbour/gates/voyage.cases.yaml"}
    for path, text in before.items():
        assert path.read_text(encoding="utf-8").startswith(text)
    again = run("pack", "test", "harbour", "--write", "--format", "json").json
    assert again["cases"] == 13 + len(ended.json["proposals"])
    assert again["differences"] == again["proposals"] == again["written"] == []


def test_cases_that_are_not_last_in_their_file_are_not_added_to(harbour: Path, run: Any) -> None:
    file = harbour / "gates" / "ship.cases.yaml"
    text = file.read_text(encoding="utf-8") + '"explained": [{mutant: x, because: y}]\n'
    file.write_text(text, encoding="utf-8")
    ended = run("pack", "test", "harbour", "--write")
    assert ended.code == 2
    assert "cases can't be added at the end of `harbour/gates/ship.cases.yaml`" in ended.err
    assert file.read_text(encoding="utf-8") == text
