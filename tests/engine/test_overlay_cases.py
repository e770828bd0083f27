"""Cases, findings and mutants of a pack that extends another one: what is below is proved below."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import case_files, pack_cases, pack_lint, pack_loader

DEFECTS = Path(__file__).parents[1] / "knowledge" / "defects"
SEAWORTHY = "a ship that states everything passes"


@pytest.fixture
def over(tmp_path: Path) -> Path:
    """The small overlay beside the small pack that it stands on."""
    for name in ("base", "over"):
        shutil.copytree(DEFECTS / name, tmp_path / name)
    return tmp_path / "over"


def read(over: Path) -> dict[str, case_files.Case]:
    return {case.id: case for case in case_files.read(pack_loader.examine(over))}


def fails(over: Path) -> list[str]:
    pack = pack_loader.load(over)
    return [case.id for case in read(over).values() if list(pack_cases.differences(pack_cases.judge(case, pack)))]


def depart(over: Path, *lines: str) -> None:
    with (over / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("\n".join(["departures:", *lines]) + "\n")


def test_the_cases_of_the_pack_below_are_run_on_the_overlay(over: Path):
    ids = set(read(over))
    assert f"ship: {SEAWORTHY}" in ids
    assert "customs: wine on a short voyage may go" in ids
    assert fails(over) == []


def test_a_case_of_the_same_name_takes_the_place_of_one_below_though_the_overlay_has_no_file_of_that_name(over: Path):
    text = f"cases:\n  - name: {SEAWORTHY}\n    without: [ship.name]\n    expect: {{criterion seaworthy: unknown}}\n"
    (over / "gates" / "ship.cases.yaml").write_text(text, encoding="utf-8")
    found = [case for case in case_files.read(pack_loader.examine(over)) if case.name == SEAWORTHY]
    assert [Path(case.file).parent.parent for case in found] == [over]
    assert fails(over) == []


def test_a_case_of_another_name_is_run_beside_those_below(over: Path):
    text = "cases:\n  - name: by night too\n    expect: {criterion seaworthy: met}\n"
    (over / "gates" / "ship.cases.yaml").write_text(text, encoding="utf-8")
    assert {"ship: by night too", f"ship: {SEAWORTHY}"} <= set(read(over))


def test_a_case_about_what_is_dropped_counts_no_more(over: Path):
    before = {case.id for case in read(over).values() if ("criterion", "complete") in case.expects}
    assert before
    depart(over, '  - {drop: "criterion complete", because: the papers are kept elsewhere}')
    assert not before & set(read(over))


def test_an_order_of_a_case_below_takes_in_the_gates_above(over: Path):
    text = "cases:\n  - name: the other way round\n    order: [voyage, ship]\n    expect: {gate ship: blocked}\n"
    (over.parent / "base" / "gates" / "ship.cases.yaml").write_text(text, encoding="utf-8")
    asked: Any = read(over)["ship: the other way round"].delivery["sequence"]
    assert asked["order"] == ["voyage", "customs", "ship"]


def test_lint_does_not_tell_what_a_departure_leaves_unused_below(over: Path):
    depart(over, '  - {drop: "criterion complete", because: the papers are kept elsewhere}')
    house = over / "crosswalk" / "house.yaml"
    kept = [line for line in house.read_text(encoding="utf-8").splitlines() if not line.startswith("  complete:")]
    house.write_text("\n".join(kept), encoding="utf-8")
    assert "complete" not in pack_loader.load(over).criteria
    assert [one.problem.code for one in pack_lint.lint(over).findings] == []


def test_lint_tells_what_the_overlay_itself_leaves_unused(over: Path):
    facts = over / "facts.yaml"
    more = "      customs.flag: {type: text, means: the flag, ask: Which flag does it fly?, example: ES}\n"
    facts.write_text(facts.read_text(encoding="utf-8").rstrip() + "\n" + more, encoding="utf-8")
    (found,) = pack_lint.lint(over).findings
    assert (found.problem.code, Path(found.problem.file)) == ("unused-fact", facts)
