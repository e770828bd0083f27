"""Mutants of cells and of tables of outputs, and the cases that kill them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from gatewright.engine import case_files, cells, mutants, mutation, pack_loader
from gatewright.engine.table_mutants import of_cell

SMALL = Path(__file__).parents[1] / "knowledge" / "defects" / "base"
TABLE = """\
table:
  id: watch
  title: How the voyage is watched
  source: made up
  hit: HIT
  inputs:
    crew: {fact: ship.crew}
    check: {fact: ship.check, in: days}
  outputs:
    how: {title: How, values: [radio, flag, none]}
  rows:
    - {id: few, if: {crew: "< 4"}, then: {how: radio}}
    - {id: old, if: {crew: "[3..6]", check: "> 7"}, then: {how: flag}}
  otherwise: {how: none}
"""
CRITERION = """\
  - id: watched
    text: The voyage is watched as the table says.
    mend: Watch it.
    all:
      - {table: watch, output: how, any_of: [radio]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small pack with a table of outputs and a criterion that asks for it, and no cases."""
    made = tmp_path / "harbour"
    shutil.copytree(SMALL, made, ignore=shutil.ignore_patterns("*.cases.yaml"))
    text = (made / "pack.yaml").read_text(encoding="utf-8")
    (made / "pack.yaml").write_text(text.replace("tables: [response]", "tables: [response, watch]"), encoding="utf-8")
    with (made / "gates" / "voyage.yaml").open("a", encoding="utf-8") as gate:
        gate.write(CRITERION)
    return made


def fate(folder: Path, hit: str, name: str, case: str) -> str:
    """What becomes of a mutant by one case."""
    (folder / "decisions" / "watch.yaml").write_text(TABLE.replace("HIT", hit), encoding="utf-8")
    (folder / "gates" / "ship.cases.yaml").write_text(f"cases:\n  - {{name: x, {case}}}\n", encoding="utf-8")
    written = pack_loader.examine(folder)
    assert not written.problems, written.problems
    cases = mutation.Cases.of(written.pack, case_files.read(written))
    assert not list(cases.failing())
    [mutant] = [one for one in mutants.mutants(written.pack) if one.name == name]
    killed = cases.kill(mutant, str(folder / "decisions" / "watch.yaml"))
    return killed[0] if killed else "survived"


FOUR = "with: {ship.crew: 4}, expect: {criterion watched: unmet}"
THREE = "with: {ship.crew: 3}, expect: {criterion watched: met}"
BOTH = "with: {ship.crew: 3, ship.check: 8 days}, expect: {criterion watched: met}"
TEN = "with: {ship.crew: 8}, expect: {criterion watched: unmet}"


@pytest.mark.parametrize(
    ("hit", "name", "killer", "other"),
    [
        ("first", "row watch/few: if/crew cell < 4 -> < 5", FOUR, THREE),
        ("first", "row watch/few: if/crew cell < 4 -> <= 4", FOUR, THREE),
        ("first", "row watch/few: if/crew cell < 4 -> < 3", THREE, FOUR),
        ("first", "row watch/few: if/crew cell < 4 -> not(< 4)", THREE, "expect: {criterion equipped: met}"),
        ("first", "table watch: swap the rows few and old", BOTH, FOUR),
        ("first", "table watch: hit first -> unique", BOTH, THREE),
        ("priority", "table watch: swap the ranks of how radio and flag", BOTH, THREE),
        ("first", "row watch/few: how radio -> flag", THREE, TEN),
        ("first", "table watch: otherwise how none -> radio", TEN, THREE),
    ],
)
def test_a_mutant_of_a_table_is_killed_by_the_case_that_shows_the_difference(
    hit: str, name: str, killer: str, other: str, folder: Path
) -> None:
    assert fate(folder, hit, name, other) == "survived"
    assert fate(folder, hit, name, killer) == "killed"


@pytest.mark.parametrize(
    ("cell", "others"),
    [
        ("> 30", ["not(> 30)", "> 31", "> 29", ">= 30"]),
        ("<= 0.1", ["not(<= 0.1)", "<= 0.11", "<= 0.09", "< 0.1"]),
        ("[1..2)", ["not([1..2))", "[0..2)", "(1..2)", "[1..3)", "[1..2]"]),
        ("5", ["not(5)", "6", "4"]),
        ("high, low", ['not("high", "low")', '"low"', '"high"']),
        ("not(high)", ['"high"']),
        ("true", ["not(true)"]),
        ('date("2026-01-01")', ['not(date("2026-01-01"))', 'date("2026-01-02")', 'date("2025-12-31")']),
        ("-", []),
    ],
)
def test_the_mutants_of_a_cell(cell: str, others: list[str]) -> None:
    found = [argument for _, argument in of_cell(cells.parse(cell).text)]
    assert found == others
    assert all(cells.parse(one).text == one for one in found)


def test_the_unit_of_a_cell_stays() -> None:
    assert {argument["in"] for _, argument in of_cell({"test": "> 30", "in": "days"})} == {"days"}
