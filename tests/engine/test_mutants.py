"""The mutants of a pack: each kind is made, has a name of its own, and is killed by the case that shows the difference."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from gatewright.engine import case_files, mutants, mutation, pack_loader
from gatewright.engine.mutants import Mutant
from gatewright.engine.vocabulary import Limit

SMALL = Path(__file__).parents[1] / "knowledge" / "defects" / "base"
# of each kind of mutant one, and the case that tells it, which a delivery that passes does not
KILLED = {
    "entry asked: all/1 any_of -> none_of": "expect: {entry asked: met}",
    "entry asked: all/1 any_of without repair": "with: {ship.request: [repair]}, expect: {entry asked: met}",
    "entry asked: drop all/1": "with: {ship.request: [sell]}, expect: {entry asked: unmet}",
    "criterion seaworthy: all -> any": "without: [ship.name], expect: {criterion seaworthy: unknown}",
    "criterion seaworthy: drop all/1": "without: [ship.name], expect: {criterion seaworthy: unknown}",
    "criterion seaworthy: all/3 pinned -> stated": "with: {ship.chart: latest}, expect: {criterion seaworthy: unmet}",
    "criterion seaworthy: all/4 named -> stated": "with: {ship.master: everyone}, expect: {criterion seaworthy: unmet}",
    "criterion seaworthy: all/5 at_least -> at_most": "with: {ship.crew: 3}, expect: {criterion seaworthy: met}",
    "criterion seaworthy: all/6 at_most -> at_least": "with: {ship.crew: 3}, expect: {criterion seaworthy: met}",
    "criterion seaworthy: all/8 measurable -> stated": "with: {ship.stores: [enough]}, expect: {criterion seaworthy: unmet}",
    "criterion equipped: all/1 includes -> any_of": "with: {ship.gear: [flares]}, expect: {criterion equipped: unmet}",
    "criterion equipped: all/1 includes without anchor": "with: {ship.gear: [flares]}, expect: {criterion equipped: unmet}",
    "criterion equipped: all/2 none_of -> any_of": "expect: {criterion equipped: met}",
    "criterion equipped: all/3 some_from -> at_least": (
        "with: {ship.holds: [{name: a, filled: 100%}, {name: b, filled: 5%}]}, expect: {criterion equipped: met}"
    ),
    "criterion planned: all/1 found_in -> apart_from": "expect: {criterion planned: met}",
    "criterion planned: all/2 apart_from -> found_in": "expect: {criterion planned: met}",
    "criterion planned: all/4 any -> all": "expect: {criterion planned: met}",
    "criterion planned: all/4/any/1 is false -> is true": "expect: {criterion planned: met}",
    "criterion complete: drop all/2": ("with: {voyage.ports: [Vigo, Lagos]}, expect: {criterion complete: unmet}"),
    "signal rough: any/1 is rough -> is not rough": "with: {voyage.sea: calm}, expect: {signal rough: no}",
    "signal rough: any/1 is rough -> is calm": "with: {voyage.sea: calm}, expect: {signal rough: no}",
    "signal rough: any/2 count at_least -> at_most": ("with: {voyage.sea: [{hour: a, waves: 1}]}, expect: {signal rough: no}"),
    "antipattern uncharted: all/2 without found_in -> found_in": "expect: {antipattern uncharted: absent}",
    "antipattern uncharted: all/2 without found_in -> without stated": (
        "with: {voyage.ports: [Lagos]}, expect: {antipattern uncharted: present}"
    ),
    "row response/rough: swap default and alternative": (
        "with: {voyage.sea: rough, voyage.plan: wait}, expect: {criterion planned: unknown}"
    ),
    "limit crew-least: 2 -> 3": "with: {ship.crew: 2}, expect: {criterion seaworthy: met}",
    "limit crew-least: 2 -> 1": "with: {ship.crew: 1}, expect: {criterion seaworthy: unmet}",
    "limit check-age: 2592000 -> 2678400": "with: {ship.check: 31 days}, expect: {criterion seaworthy: unmet}",
    "limit once: 1 -> 2": "with: {voyage.sea: [{hour: a, waves: 3}]}, expect: {signal rough: yes}",
    "placeholder tbd: drop": "with: {ship.name: TBD}, expect: {criterion seaworthy: unknown}",
    "nobody everyone: drop": "with: {ship.master: Everyone}, expect: {criterion seaworthy: unmet}",
    "moving latest: drop": "with: {ship.chart: chart@latest}, expect: {criterion seaworthy: unmet}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small pack without any cases."""
    shutil.copytree(SMALL, tmp_path / "harbour", ignore=shutil.ignore_patterns("*.cases.yaml"))
    return tmp_path / "harbour"


PACK = pack_loader.load(SMALL)
MUTANTS = {mutant.name: mutant for mutant in mutants.mutants(PACK)}


def kill(folder: Path, mutant: Mutant, *cases: str) -> str:
    """What becomes of a mutant of the pack in `folder` by some cases."""
    text = "cases:\n" + "".join(f"  - {{name: case {n}, {one}}}\n" for n, one in enumerate(cases))
    (folder / "gates" / "ship.cases.yaml").write_text(text, encoding="utf-8")
    written = pack_loader.examine(folder)
    found = mutation.Cases.of(written.pack, case_files.read(written))
    assert not list(found.failing())
    killed = found.kill(mutant, str(folder / "gates" / "ship.yaml"))
    return killed[0] if killed else "survived"


@pytest.mark.parametrize("name", KILLED)
def test_a_mutant_survives_a_case_about_something_else_and_is_killed_by_the_case_that_shows_the_difference(
    name: str, folder: Path
) -> None:
    elsewhere = "from: nothing, expect: {item papers/holds: unknown}"
    assert kill(folder, MUTANTS[name], elsewhere) == "survived"
    assert kill(folder, MUTANTS[name], elsewhere, KILLED[name]) == "killed"


def test_names_are_the_same_in_every_run_and_no_two_are_alike() -> None:
    names = [mutant.name for mutant in mutants.mutants(pack_loader.load(SMALL))]
    assert names == list(MUTANTS)
    assert len(set(names)) == len(names)


def test_a_mutant_differs_from_its_pack_in_one_place_and_leaves_the_pack_as_it_is() -> None:
    before = PACK.model_dump_json()
    for mutant in MUTANTS.values():
        assert mutant.of(PACK).model_dump_json() != before, mutant.name
    assert PACK.model_dump_json() == before


def test_what_a_pack_has_worked_out_is_worked_out_anew_in_a_mutant() -> None:
    assert "seaworthy" in PACK.criteria
    fewer = MUTANTS["criterion seaworthy: drop all/1"].of(PACK)
    assert len(fewer.criteria["seaworthy"].all) == len(PACK.criteria["seaworthy"].all) - 1
    swapped = MUTANTS["table response: swap the ranks of rough and calm"].of(PACK)
    assert [row.id for row in PACK.tables[0].ranked] == ["rough", "calm"]
    assert [row.id for row in swapped.tables[0].ranked] == ["calm", "rough"]


def moved(value: float, *, limit: str = "high-waves") -> list[str]:
    """Where a limit of the pack is moved to."""
    limits = {**PACK.limits, limit: Limit(value=value, unit="x", means="x", source="x")}
    found = mutants.mutants(mutants.changed(PACK, limits=limits))
    return [mutant.does.partition(" -> ")[2] for mutant in found if mutant.about == f"limit {limit}"]


@pytest.mark.parametrize(
    ("limit", "value", "up", "down"),
    [
        ("high-waves", 0.25, "0.26", "0.24"),  # the last digit that is written
        ("high-waves", 0.1, "0.11", "0.09"),  # of one digit a tenth
        ("high-waves", 40, "41", "39"),
        ("whole", 1, "1.01", "0.99"),  # a share by a percent
        ("whole", 0.005, "0.0051", "0.0049"),
        ("once", 10, "11", "9"),  # so many records
        ("crew-least", 10, "11", "9"),  # whole numbers
        ("check-age", 86400, "90000", "82800"),  # a day by an hour
        ("check-age", 7200, "10800", "3600"),
        ("check-age", 45, "46", "44"),
    ],
)
def test_a_limit_is_moved_by_one_step_of_what_it_measures(limit: str, value: float, up: str, down: str) -> None:
    assert moved(value, limit=limit) == [up, down]


def test_a_need_is_told_by_another_order_of_the_gates(folder: Path) -> None:
    text = (folder / "pack.yaml").read_text(encoding="utf-8").replace("[ship, voyage]", "[ship, voyage, end]")
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    (folder / "gates" / "end.yaml").write_text(
        "{id: end, stage: 3, title: The end, needs: [ship, voyage], entry: {id: over, text: x, mend: x},"
        " exit: [{id: named, text: x, mend: x, all: [{fact: ship.name}]}]}\n",
        encoding="utf-8",
    )
    found = {mutant.name: mutant for mutant in mutants.mutants(pack_loader.load(folder))}
    mutant = found["gate voyage: drop the need of ship"]
    assert kill(folder, mutant, "expect: {entry ready: met, gate end: passed}") == "survived"
    assert kill(folder, mutant, "order: [voyage, ship, end], expect: {entry ready: reordered}") == "killed"


def test_a_mutant_that_the_checks_of_a_pack_refuse_is_refused(folder: Path) -> None:
    nothing_asked = Mutant("criterion equipped", "ask nothing", (), ("gates", 0, "exit", 1, "all"), (), ())
    assert kill(folder, nothing_asked, "expect: {gate ship: passed}") == "refused"


def test_names_choose_files_statements_and_single_mutants() -> None:
    files = {"gates": "packs/harbour/gates/voyage.yaml", "limits": "packs/harbour/pack.yaml"}

    def chosen(*names: str) -> tuple[set[str], list[str]]:
        kept, strange = mutants.chosen(MUTANTS.values(), names, lambda one: files.get(str(one.location[0]), "x.yaml"))
        return {mutant.about for mutant in kept}, strange

    assert chosen("criterion equipped") == ({"criterion equipped"}, [])
    assert chosen("equipped", "once") == ({"criterion equipped", "limit once"}, [])
    assert chosen("limit once: 1 -> 2") == ({"limit once"}, [])
    assert "criterion planned" in chosen("gates/voyage")[0]
    assert chosen("voyage.yaml")[0] == chosen("gates/voyage.yaml")[0]
    assert chosen("oyage") == (set(), ["oyage"])
