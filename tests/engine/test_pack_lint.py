"""Lint as a whole: the shipped pack, packs that can't be read, sizes, and that nothing possible is called impossible."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import random_packs
from gatewright.engine import evaluate, pack_lint, pack_loader
from gatewright.engine.errors import BadPack
from gatewright.engine.lint.subject import Subject, read, shown
from test_pack_loader import simple

SHIPPED = Path(__file__).parents[2] / "knowledge" / "mlops"
SMALL = Path(__file__).parents[1] / "knowledge" / "defects" / "base"


def changed(folder: Path, source: Path, *changes: tuple[str, str, str]) -> Path:
    """A copy of a pack with some texts replaced."""
    pack = folder / "pack"
    shutil.copytree(source, pack)
    for file, old, new in changes:
        text = (pack / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (pack / file).write_text(text.replace(old, new), encoding="utf-8")
    return pack


def test_the_shipped_pack_has_no_finding():
    assert pack_lint.lint(SHIPPED).findings == ()


def test_findings_come_in_the_same_order_every_time(tmp_path: Path):
    folder = random_packs.write(random_packs.content(random.Random(5), gates=2), tmp_path)
    first = pack_lint.lint(folder).findings
    assert first
    assert first == pack_lint.lint(folder).findings


# --- what can't be examined


@pytest.mark.parametrize(("file", "text"), [("pack.yaml", "id: [harbour"), ("gates/ship.yaml", "- a list"), ("facts.yaml", "")])
def test_files_that_can_not_be_read_are_no_finding(file: str, text: str, tmp_path: Path):
    pack = changed(tmp_path, SMALL)
    (pack / file).write_text(text, encoding="utf-8")
    if text == "- a list":  # it can be read, and is no gate
        assert [found.code for found in pack_lint.lint(pack).findings] == ["bad-pack"]
        return
    with pytest.raises(BadPack):
        pack_lint.lint(pack)


def test_a_folder_without_a_pack_can_not_be_examined(tmp_path: Path):
    with pytest.raises(BadPack):
        pack_lint.lint(tmp_path)


def test_cases_that_can_not_be_read_are_a_finding(tmp_path: Path):
    pack = changed(tmp_path, SMALL, ("bundle.cases.yaml", "cases:", "cases: ["))
    assert {Path(found.problem.file).name for found in pack_lint.lint(pack).findings} == {"bundle.cases.yaml", "bundle.yaml"}


def test_every_problem_that_loading_tells_is_a_finding_with_the_same_words(tmp_path: Path):
    pack = changed(
        tmp_path,
        SMALL,
        ("gates/ship.yaml", "{fact: ship.name}", "{fact: ship.nam}"),
        ("pack.yaml", "tables:", "tabels: 1\ntables:"),
    )
    with pytest.raises(BadPack) as raised:
        pack_loader.load(pack)
    assert tuple(found.problem for found in pack_lint.lint(pack).findings) == raised.value.problems
    assert len(raised.value.problems) == 2


# --- sizes


def test_statements_that_stand_on_each_other_too_deep_are_a_finding(tmp_path: Path):
    said = simple()
    chain = [{"id": f"level-{n}", "title": "S", "all": [{"signal": f"level-{n - 1}" if n else "on"}]} for n in range(70)]
    said["signals"] += chain
    (found,) = pack_lint.lint(random_packs.write(said, tmp_path)).findings
    assert found.code == "too-deep"
    assert "signal `level-59`" in found.problem.what  # the first that is too deep; those above it are not told


def test_too_many_rules_are_a_finding_and_nothing_else_is_asked(tmp_path: Path):
    said = simple()
    pairs = [{"all": [{"fact": "s.text"}, {"any": [{"fact": "s.owner"}, {"fact": "s.number"}]}]} for _ in range(900)]
    criteria = [{"id": f"c-{n}", "text": "T", "mend": "M", **pair} for n, pair in enumerate(pairs)]
    said["gates"][0]["exit"] += criteria
    (found,) = pack_lint.lint(random_packs.write(said, tmp_path)).findings
    assert found.code == "too-many-rules"


def test_a_long_list_of_conditions_is_no_finding(tmp_path: Path):
    asked = "".join(f"      - {{fact: ship.log{n}}}\n" for n in range(40))
    facts = "".join(f"      ship.log{n}: {{type: text, means: a log, ask: Which log?, example: a}}\n" for n in range(40))
    pack = changed(
        tmp_path,
        SMALL,
        ("gates/ship.yaml", "      - {fact: ship.kind}\n", "      - {fact: ship.kind}\n" + asked),
        ("facts.yaml", "      ship.kind:", facts + "      ship.kind:"),
    )
    assert pack_lint.lint(pack).findings == ()


# --- large packs


def test_in_a_large_pack_two_gates_that_clash_are_found_and_named(tmp_path: Path):
    pack = changed(
        tmp_path,
        SHIPPED,
        ("gates/use-case.yaml", "      - {fact: use_case.risk.impact}\n", "      - {fact: use_case.risk.impact, is: high}\n"),
        (
            "gates/operations-incident.yaml",
            "      - {fact: operations.hours}\n",
            "      - {fact: use_case.risk.impact, is: low}\n",
        ),
    )
    found = {one.code: one.problem.what for one in pack_lint.lint(pack).findings}
    assert set(found) == {"unreachable-gate", "unused-fact"}
    assert "gate `operations-incident` can never pass: `use_case.risk.impact` is `low` contradicts" in found["unreachable-gate"]
    assert "gates/use-case.yaml" in found["unreachable-gate"]


def test_what_can_not_all_be_tried_out_is_never_called_impossible(tmp_path: Path):
    choices = [f"c{n}" for n in range(9)]
    wanted = "".join(f"      - {{fact: ship.many, includes: [{c}, c8]}}\n" for c in choices[:7])
    pack = changed(
        tmp_path,
        SMALL,
        ("gates/ship.yaml", "      - {fact: ship.kind}\n", "      - {fact: ship.kind}\n" + wanted),
        (
            "facts.yaml",
            "      ship.kind:",
            f"      ship.many: {{type: choices, choices: {choices}, means: m, ask: W?, example: {choices}}}\n      ship.kind:",
        ),
    )
    assert pack_lint.lint(pack).findings == ()


# --- what is possible


@pytest.mark.parametrize("seed", range(5))
def test_nothing_that_a_delivery_shows_is_called_impossible(seed: int, tmp_path: Path):
    rng = random.Random(seed)
    pack = random_packs.pack(rng, tmp_path)
    subject = Subject(pack_loader.examine(tmp_path))
    for _ in range(10):
        claims = subject.solver.derived(random_packs.read(random_packs.delivery(rng), pack))
        for _, parts in subject.groups():
            goals = [next((claim,) for claim in (part.yes, part.no, part.open) if claim in claims) for part in parts]
            assert not subject.solver.never(goals), [shown(part.condition) for part in parts]


@pytest.mark.parametrize("seed", range(4))
def test_a_witness_of_a_gap_is_a_delivery_for_which_no_row_holds(seed: int, tmp_path: Path):
    rng = random.Random(seed)
    said = random_packs.content(rng)
    said["signals"] = [
        {"id": f"signal-{n}", "title": "S", "any": [dict(rng.choice(random_packs.LEAVES)) for _ in range(2)]} for n in range(4)
    ]
    pack = pack_loader.load(random_packs.write(said, tmp_path))
    gaps = [found for found in pack_lint.lint(tmp_path).findings if found.code == "table-gap"]
    for found in gaps:
        stated: dict[str, Any] = {path: value for path, value in found.witness.items() if value is not None}
        verdict = evaluate.evaluate(read(pack, stated), pack)
        if found.problem.file.endswith("review.yaml"):
            assert verdict.decisions[0].answer.status == "nothing"
            continue
        assert verdict.recommendations == ()
        assert verdict.undecided == ()
