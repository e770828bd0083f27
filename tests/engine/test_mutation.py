"""What becomes of the mutants of a pack: equal ones are proved so, explained ones have to be true, survivors get a case."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
import random_packs
from gatewright.engine import case_files, mutants, mutation, pack_cases, pack_loader, proposals, trials
from gatewright.engine.errors import BadPack
from gatewright.engine.lint.alike import Alike
from gatewright.engine.mutation import Mutated, Outcome

SMALL = Path(__file__).parents[1] / "knowledge" / "defects" / "base"
CASES = "cases:\n  - {name: it passes, expect: {gate ship: passed, gate voyage: passed}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small pack with one case."""
    shutil.copytree(SMALL, tmp_path / "harbour", ignore=shutil.ignore_patterns("*.cases.yaml"))
    (tmp_path / "harbour" / "gates" / "ship.cases.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path / "harbour"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(folder: Path, *names: str, every: bool = False) -> Mutated:
    """What becomes of some mutants; with `every` as if they were all there are."""
    written = pack_loader.examine(folder)
    assert not written.problems
    picked, strange = mutants.chosen(mutants.mutants(written.pack), names, lambda one: "")
    assert not strange
    cases = mutation.Cases.of(written.pack, case_files.read(written))
    return mutation.run(written, cases, picked, case_files.explained(written), every=every)


def only(folder: Path, name: str) -> Outcome:
    [found] = run(folder, name).outcomes
    return found


def explain(folder: Path, *names: str) -> None:
    lines = "".join(f'  - {{mutant: "{name}", because: it is right}}\n' for name in names)
    (folder / "gates" / "ship.cases.yaml").write_text(f"{CASES}explained:\n{lines}", encoding="utf-8")


# --- equal mutants


def test_a_condition_that_another_one_implies_can_go_and_that_is_proved(folder: Path) -> None:
    replace(folder / "gates/ship.yaml", "      - {fact: ship.name}\n", "      - {fact: ship.name}\n      - {fact: ship.chart}\n")
    found = only(folder, "criterion seaworthy: drop all/2")
    assert (found.fate, found.why) == ("equivalent", "the solver finds no delivery that it judges otherwise")


def test_two_rows_that_exclude_each_other_may_stand_in_either_order_and_that_is_proved(folder: Path) -> None:
    found = only(folder, "table response: swap the ranks of rough and calm")
    assert (found.fate, found.why) == ("equivalent", "the signals of the two rows exclude each other")


def test_two_rows_of_which_both_may_hold_may_not_stand_in_either_order(folder: Path) -> None:
    replace(folder / "decisions/response.yaml", "{fact: voyage.sea, is: calm}", "{fact: ship.kind, is: ketch}")
    assert only(folder, "table response: swap the ranks of rough and calm").fate == "survived"


def test_a_limit_that_no_value_lies_at_may_move_and_that_is_proved(folder: Path) -> None:
    replace(folder / "facts.yaml", "least: 1, most: 12,", "least: 1, most: 8,")
    assert only(folder, "limit crew-most: 8 -> 9").fate == "equivalent"
    assert only(folder, "limit crew-most: 8 -> 7").fate == "survived"


def test_the_last_gate_is_last_in_every_order_whatever_it_needs(folder: Path) -> None:
    found = only(folder, "gate voyage: drop the need of ship")
    assert (found.fate, found.why) == ("equivalent", "its turn never comes before all other gates have passed")


# --- explained mutants


def test_a_survivor_that_is_explained_has_its_reason(folder: Path) -> None:
    explain(folder, "criterion seaworthy: drop all/1")
    found = run(folder, "criterion seaworthy: drop all/1")
    assert [(one.fate, one.why) for one in found.outcomes] == [("explained", "it is right")]
    assert not found.stale
    assert found.percent == 100


@pytest.mark.parametrize(
    ("mutant", "what"),
    [
        ("entry asked: all/1 any_of -> none_of", "is explained here, and it is killed, by the case: it passes"),
        ("gate voyage: drop the need of ship", "is explained here, and is proved to change nothing"),
        ("criterion seaworthy: drop all/99", "there is no mutant"),
    ],
)
def test_an_explanation_of_a_mutant_that_needs_none_is_stale(mutant: str, what: str, folder: Path) -> None:
    explain(folder, mutant)
    [stale] = run(folder, "entry asked", "gate voyage", every=True).stale
    assert what in stale.what
    assert mutant in stale.what
    assert (stale.code, stale.file, stale.place and stale.place.line) == (
        "stale-explanation",
        str(folder / "gates" / "ship.cases.yaml"),
        4,
    )


def test_a_mutant_that_is_explained_twice_is_told(folder: Path) -> None:
    explain(folder, "criterion seaworthy: drop all/1", "criterion seaworthy: drop all/1")
    [stale] = run(folder, "criterion seaworthy: drop all/1").stale
    assert "explained twice" in stale.what


def test_an_explanation_of_a_mutant_that_is_not_run_is_not_stale(folder: Path) -> None:
    explain(folder, "criterion seaworthy: drop all/99")
    assert not run(folder, "criterion equipped").stale


@pytest.mark.parametrize("entry", ["{mutant: x}", "{because: x}", "{mutant: x, because: ''}", "x", "{mutant: [x], because: x}"])
def test_an_explanation_without_a_mutant_and_a_reason_is_refused(entry: str, folder: Path) -> None:
    (folder / "gates" / "ship.cases.yaml").write_text(f"{CASES}explained:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(BadPack, match="has the name of a `mutant`, and `because`"):
        case_files.read(pack_loader.examine(folder))


# --- survivors


def test_what_is_left_over_is_counted_and_rounded_down(folder: Path) -> None:
    found = run(folder, "criterion seaworthy", "criterion equipped")
    assert found.count("survived") > 0
    assert found.percent == 100 * (len(found.outcomes) - found.count("survived")) // len(found.outcomes)


@pytest.mark.parametrize(
    "name",
    ["criterion seaworthy", "criterion equipped", "criterion planned", "signal rough", "crew-least", "latest", "everyone", "tbd"],
)
def test_the_case_that_is_proposed_for_a_survivor_holds_and_kills_it(name: str, folder: Path) -> None:
    survivors = [one for one in run(folder, name).outcomes if one.fate == "survived"]
    assert survivors
    assert all(one.proposal or one.witness for one in survivors)  # where nothing near the example tells, some delivery does
    proposed = {one.proposal.name: one.proposal for one in survivors if one.proposal}
    (folder / "gates" / "ship.cases.yaml").write_text(proposals.written(CASES, list(proposed.values())), encoding="utf-8")
    written = pack_loader.examine(folder)
    cases = {case.name: mutation.Cases.of(written.pack, [case]) for case in case_files.read(written)}
    for one in survivors:
        if one.proposal:
            alone = cases[one.proposal.name]
            assert not list(alone.failing()), one.proposal.text
            killed = alone.kill(one.mutant, "")
            assert killed, one.proposal.text
            assert killed[0] == "killed"


# --- the cases of a mutant are judged as a pack is


def test_by_the_fixpoint_alone_a_case_comes_out_as_by_both_engines(folder: Path) -> None:
    written = pack_loader.examine(SMALL)
    cases = case_files.read(written)
    for trial in mutation.Cases.of(written.pack, cases).trials:
        assert trial.base.judged(trial.case).held == pack_cases.judge(trial.case, written.pack).held


# --- what is proved


@pytest.mark.parametrize("seed", [1])
def test_what_is_proved_to_change_nothing_changes_nothing_in_random_packs_and_deliveries(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    random_packs.write(random_packs.content(rng, gates=1), tmp_path)
    written = pack_loader.examine(tmp_path)
    alike, base = Alike(written), trials.Judge(written.pack)
    every = [one for one in mutants.mutants(written.pack) if one.about.split()[0] in ("criterion", "signal", "item", "limit")]
    proved = [one for one in rng.sample(every, 16) if alike.proof(one)]
    assert proved
    deliveries = [random_packs.read(random_packs.delivery(rng), written.pack) for _ in range(40)]
    for one in proved:
        judge = trials.Judge(one.of(written.pack))
        for found in deliveries:
            assert _states(base.derive(found)) == _states(judge.derive(found)), one.name


def _states(derived: trials.Derived) -> dict[str, str]:
    """How everything that a case can expect came out."""
    sides = {"no": 0, "yes": 1, "open": 2}  # of a criterion that is contradicted and lacks something the first counts
    found: dict[str, str] = {}
    for head in sorted(derived.heads, key=lambda head: sides.get(head.rpartition(" ")[2], -1)):
        node, _, side = head.rpartition(" ")
        if side in sides and node.split(":")[0] in ("criterion", "entry", "signal", "antipattern", "item", "table"):
            found.setdefault(node, side)
    whole = ("leads", "passed", "blocked", "waiting")
    parts = {n for n in found if n.count("/") > n.startswith("item:")}  # the conditions in them, which have no name of their own
    return {n: s for n, s in found.items() if n not in parts} | {head: "" for head in derived.heads if head.endswith(whole)}
