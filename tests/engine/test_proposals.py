"""Cases that are proposed for what is not covered: they show it, and nothing that was written is changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from gatewright.engine import case_files, nearby, pack_cases, pack_coverage, pack_loader, proposals
from gatewright.engine.pack_coverage import Line
from gatewright.engine.proposals import ASKS_TO_AGREE, Proposal

SMALL = Path(__file__).parents[1] / "knowledge" / "defects" / "base"
CASES = "cases:\n  - {name: it passes, expect: {gate ship: passed, gate voyage: passed}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small pack with one case."""
    shutil.copytree(SMALL, tmp_path / "harbour", ignore=shutil.ignore_patterns("*.cases.yaml"))
    (tmp_path / "harbour" / "gates" / "ship.cases.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path / "harbour"


def propose(folder: Path) -> tuple[dict[str, Line], tuple[Proposal, ...]]:
    """The coverage of a pack, and what is proposed; every case is as expected."""
    written = pack_loader.examine(folder)
    judged = [pack_cases.judge(case, written.pack) for case in case_files.read(written)]
    assert not [found for one in judged for found in pack_cases.differences(one)]
    lines = pack_coverage.measure(written, judged)
    return {line.name: line for line in lines}, proposals.propose(written.pack, lines, judged)[0]


def write(folder: Path, found: tuple[Proposal, ...]) -> None:
    for file in {one.file for one in found}:
        old = Path(file).read_text(encoding="utf-8") if Path(file).exists() else ""
        Path(file).write_text(proposals.written(old, [one for one in found if one.file == file]), encoding="utf-8")


def test_what_is_proposed_comes_out_as_it_expects_and_covers_every_side(folder: Path) -> None:
    before, found = propose(folder)
    assert before["criteria"].percent < 100
    write(folder, found)
    after, _ = propose(folder)
    for name in ("criteria", "conditions", "signals", "rows", "anti-patterns", "checklist items"):
        assert after[name].percent == 100, [gap.what for gap in after[name].gaps]
    assert after["conditions that decide"].percent > before["conditions that decide"].percent


def test_what_is_covered_is_proposed_no_more(folder: Path) -> None:
    _, found = propose(folder)
    write(folder, found)
    assert propose(folder)[1] == ()


def test_each_proposal_stands_in_the_file_beside_what_it_is_about_and_asks_to_be_agreed_with(folder: Path) -> None:
    _, found = propose(folder)
    about = {next(iter(one.expects))[0]: Path(one.file).name for one in found}
    assert about["criterion seaworthy"] == "ship.cases.yaml"
    assert about["criterion planned"] == "voyage.cases.yaml"
    assert about["signal rough"] == "response.cases.yaml"
    write(folder, found)
    text = (folder / "gates" / "voyage.cases.yaml").read_text(encoding="utf-8")
    assert text.count(f"  # {ASKS_TO_AGREE}\n") == sum(one.file.endswith("voyage.cases.yaml") for one in found)


def test_the_example_is_changed_as_little_as_possible(folder: Path) -> None:
    _, found = propose(folder)
    assert max(len(one.changes) for one in found) <= 2
    assert [one.text for one in found if "no ship.name is stated" in one.name] == [
        "- name: criterion seaworthy is unknown where no ship.name is stated\n"
        "  without: [ship.name]\n"
        "  expect: {criterion seaworthy: unknown}\n"
    ]


ONE = Proposal("x.cases.yaml", "new", (nearby.Change("", takes=("ship.name",)),), (("criterion seaworthy", "unknown"),))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cases:\n- {name: a, expect: {gate ship: passed}}",
        "cases:\n    - name: a\n      expect: {gate ship: passed}   # so it is\n\n\n",
        "# first\r\ncases:\r\n  - {name: a, expect: {gate ship: passed}}\r\n",
        "cases:\n  - {name: a, expect: {gate ship: passed}}\n\nexplained:\n  - {mutant: x, because: y}\n",
    ],
    ids=["new", "no line end", "wide", "windows", "explained"],
)
def test_a_proposal_is_added_behind_the_cases_and_every_line_that_was_there_stays(text: str, folder: Path) -> None:
    found = proposals.written(text, [ONE])
    kept = iter(found.splitlines(keepends=True))
    assert all(line in kept for line in text.splitlines(keepends=True) if line.endswith("\n"))
    (folder / "gates" / "ship.cases.yaml").write_bytes(found.encode())
    names = [case.name for case in case_files.read(pack_loader.examine(folder))]
    assert names == (["a", "new"] if text else ["new"])
    assert ("\r\n" in found) == ("\r\n" in text)
    assert found.replace("\r\n", "").count("\n") == 0 or "\r\n" not in text
