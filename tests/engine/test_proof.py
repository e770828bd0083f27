"""Proofs of genuine verdicts are accepted, and say what the verdict says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import proof_cases
import pytest
from gatewright.engine import proof
from gatewright.engine.evidence import Today
from proof_cases import PACK, Proved, judged, without

SHIPPED = proof_cases.shipped()


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.name)
def test_the_proofs_of_a_verdict_and_of_each_of_its_gates_are_accepted(one: Proved) -> None:
    assert [one.checker.check(written) for written in one.proofs] == [[]] * (1 + len(PACK.order))


def test_the_proof_of_every_single_conclusion_is_accepted() -> None:
    one = SHIPPED[1]
    for name in one.proof()["nodes"]:
        assert one.checker.check(one.proof(name)) == [], name


@pytest.mark.parametrize("path", [path for path in PACK.facts if not PACK.facts[path].optional])
def test_the_proof_of_the_whole_example_without_one_fact_is_accepted(path: str) -> None:
    one = Proved(path, judged(without(path)))
    assert one.checker.check(one.proof()) == []


def test_the_proofs_of_random_deliveries_by_random_packs_are_accepted(tmp_path: Path) -> None:
    for seed in range(10):
        for one in proof_cases.random_ones(seed, tmp_path, 6):
            assert one.checker.check(one.proof()) == [], one.name


def test_the_proof_of_a_delivery_with_stale_evidence_is_accepted_and_shows_it_as_stale() -> None:
    import datetime

    said = json.loads(json.dumps(PACK.example))
    stale = {"value": said["use_case"]["objective"], "evidence": {"url": "https://wiki.example/page", "date": "2020-01-01"}}
    said["use_case"]["objective"] = stale
    one = Proved("stale", judged(said, today=Today(datetime.date(2026, 9, 30))))
    written = one.proof("use-case")
    assert one.checker.check(written) == []
    assert written["nodes"]["leaf:use_case.objective stated True"]["facts"][0]["state"] == "stale"
    assert written["nodes"]["gate:use-case"]["status"] == "blocked"


def test_a_proof_is_only_of_its_own_facts_and_pack(tmp_path: Path) -> None:
    every = [*SHIPPED, *proof_cases.random_ones(3, tmp_path, 2)]
    accepted = {(one.name, two.name) for one in every for two in every if not one.checker.check(two.proof())}
    assert accepted == {(one.name, one.name) for one in every}


def test_a_proof_with_other_waivers_or_without_assumptions_is_another_proof() -> None:
    counted = next(one for one in SHIPPED if one.name == "made-with-ml")
    uncounted = next(one for one in SHIPPED if one.name == "no assumptions")
    assert counted.verdict.facts.digest == uncounted.verdict.facts.digest
    assert "`assumptions`" in counted.checker.check(uncounted.proof())[0]
    plain, waived = Proved("", judged(PACK.example)), Proved("", judged(PACK.example, waived=["budgets"]))
    assert "`waived`" in plain.checker.check(waived.proof())[0]


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.name)
def test_a_proof_says_of_gates_and_criteria_what_the_verdict_says(one: Proved) -> None:
    nodes = one.proof()["nodes"]
    for gate in one.verdict.gates:
        assert nodes[f"gate:{gate.gate.id}"]["status"] == gate.status
        assert nodes[f"entry:{gate.entry.criterion.id}"]["status"] == gate.entry.status
        for found in gate.exit:
            assert nodes[f"criterion:{found.criterion.id}"]["status"] == found.status


def test_a_proof_says_which_row_leads_and_whether_the_choice_deviates() -> None:
    one = next(one for one in SHIPPED if one.name == "demand-forecast")
    nodes = one.proof()["nodes"]
    assert nodes["table:drift-response"]["deviates"] is True
    assert {name: nodes[f"row:drift-response/{name}"]["status"] for name in PACK.tables[1].priority} == {
        "severe-quality-drift": "leads",
        "chronic-drift-stale-features": "holds",
        "temporary-data-shift": "silent",
    }


def test_a_leaf_names_the_facts_that_decide_it_and_no_other() -> None:
    said: dict[str, Any] = json.loads(json.dumps(PACK.example))
    said["lineage"]["datasets"] = [
        {**said["lineage"]["datasets"][0], "name": name, "owner": owner} for name, owner in (("a", "everyone"), ("b", "ana"))
    ]
    found = Proved("", judged(said)).proof()["nodes"]["leaf:lineage.datasets[].owner named True"]
    assert found == {
        "status": "no",
        "asks": {"fact": "lineage.datasets[].owner", "operator": "named", "argument": True},
        "facts": [
            {"fact": "lineage.datasets[].owner", "in": "a", "state": "stated", "value": "everyone", "against": True},
            {"fact": "lineage.datasets[].owner", "in": "b", "state": "stated", "value": "ana"},
        ],
    }


def test_of_what_a_verdict_does_not_say_there_is_no_proof() -> None:
    for subject in ("nothing", "signal:nothing", "leaf:nothing", ":"):
        with pytest.raises(LookupError):
            proof.of(SHIPPED[0].verdict, subject)


def test_the_checker_loads_nothing_of_the_engine_but_the_models_of_the_pack() -> None:
    code = "import sys, gatewright.engine.proof_check; print(*sorted(m for m in sys.modules if m.startswith('gatewright')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30).stdout.split()
    assert {name.removeprefix("gatewright.engine").removeprefix(".") for name in loaded} <= {
        "gatewright",
        "",
        "cells",  # by which the models of the pack read their cells
        "pack",
        "pack_conditions",
        "pack_tables",
        "proof_cells",
        "proof_check",
        "proof_facts",
        "proof_hits",
        "proof_pack",
        "vocabulary",
    }
