"""The seeded-defect set: two small packs without a finding, and many packs with one defect each, named after it.

Each file of `tests/knowledge/defects` says what is wrong in its first line, which texts it changes in the small pack, or in
the one that stands over it (`base: over`; `old` stands there once), and the one finding that lint has to make of it: its
code, file, a part of its line and of what it says, and, where the defect decides it, the delivery that shows it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from gatewright.engine import pack_lint
from gatewright.engine.lint.kinds import KINDS

DEFECTS = Path(__file__).parents[1] / "knowledge" / "defects"
FILES = sorted(DEFECTS.glob("*.yaml"))


def seeded(defect: Any, folder: Path) -> Path:
    """The small pack with a defect in it."""
    name = defect.get("base", "base")
    pack = folder / name
    for copied in {"base", name}:  # what stands over the small pack needs it beside itself
        shutil.copytree(DEFECTS / copied, folder / copied)
    for change in defect["change"]:
        path = pack / change["file"]
        if change.get("delete"):
            path.unlink()
            continue
        text = path.read_text(encoding="utf-8")
        assert text.count(change["old"]) == 1, f"{change['old']!r} stands {text.count(change['old'])} times in {change['file']}"
        path.write_text(text.replace(change["old"], change["new"]), encoding="utf-8")
    return pack


@pytest.mark.parametrize("name", ["base", "over"])
def test_the_small_packs_have_no_finding(name: str):
    assert pack_lint.lint(DEFECTS / name).findings == ()


def test_there_are_at_least_forty_defects_and_one_of_each_kind_of_finding():
    assert len(FILES) >= 40
    seen = {yaml.safe_load(file.read_text(encoding="utf-8"))["expect"]["code"] for file in FILES}
    of_size = {"too-deep", "too-many-rules"}  # a pack that is too large is built in its own test
    assert seen | of_size == set(KINDS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_lint_finds_the_defect_and_nothing_else(file: Path, tmp_path: Path):
    defect = yaml.safe_load(file.read_text(encoding="utf-8"))
    pack = seeded(defect, tmp_path)
    (found,) = pack_lint.lint(pack).findings
    expected, problem = defect["expect"], found.problem
    assert problem.code == expected["code"]
    assert Path(problem.file) == pack / expected["file"]
    assert problem.place
    assert expected["line"] in Path(problem.file).read_text(encoding="utf-8").split("\n")[problem.place.line - 1]
    assert expected["says"] in problem.what
    assert problem.help
    if "witness" in expected:
        assert dict(found.witness) == expected["witness"]
