"""What may be assumed where nobody states a fact: values that read as facts, and none that only a team can know."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from gatewright.engine import document, facts
from gatewright.engine.evaluate import evaluate
from gatewright.engine.facts import Facts
from knowledge_cases import PACK, put

DEFAULTS = {path: fact.default for section in PACK.sections for path, fact in section.facts.items() if fact.default}
# People, names, aims, places, commits, and metrics of the use case: whoever guessed them would be lying.
ONLY_THE_TEAM = [
    path
    for path, fact in PACK.facts.items()
    if "[]" not in path
    and (
        fact.type in ("owner", "owners", "reference", "references", "date")
        or path.rsplit(".", 1)[-1] in ("model", "version", "to", "code", "config", "evaluation", "objective", "users", "runbook")
    )
]


def read(content: Any) -> Facts:
    return facts.read(document.read(json.dumps(content).encode(), format="json"), PACK)


def with_defaults(content: dict[str, Any]) -> dict[str, Any]:
    content = copy.deepcopy(content)
    for path, default in DEFAULTS.items():
        assert default
        put(content, path, default.value)
    return content


@pytest.mark.parametrize("path", DEFAULTS)
def test_a_default_reads_as_a_stated_fact(path: str) -> None:
    content: dict[str, Any] = {}
    put(content, path, DEFAULTS[path].value)  # type: ignore[union-attr]
    found = read(content)
    assert found.problems == ()
    assert found.plain[path].state == "stated"
    assert all(fact.state == "stated" for row in found.records.get(path, ()) for fact in row.values())


@pytest.mark.parametrize("path", DEFAULTS)
def test_a_default_names_nobody_who_could_not_be_called(path: str) -> None:
    content: dict[str, Any] = {}
    put(content, path, DEFAULTS[path].value)  # type: ignore[union-attr]
    found = read(content)
    owners = [
        item.shown
        for row in (found.records.get(path) or ({path: found.plain[path]},))
        for fact in row.values()
        if PACK.facts[fact.path].type in ("owner", "owners")
        for item in fact.items
    ]
    assert not {owner.casefold() for owner in owners} & {name.casefold() for name in PACK.nobody}


@pytest.mark.parametrize("path", DEFAULTS)
def test_the_reason_of_a_default_is_one_short_sentence(path: str) -> None:
    because = DEFAULTS[path].because  # type: ignore[union-attr]
    assert 10 < len(because) <= 130
    assert because[0].isupper()
    assert not because.endswith(".")
    assert ". " not in because


def test_defaults_fit_each_other_and_the_gates() -> None:
    """References are met, limits reached, and no criterion is contradicted: a whole delivery still passes with them."""
    found = read(with_defaults(PACK.example))
    assert found.problems == ()
    assert evaluate(found, PACK).passed


def test_defaults_alone_pass_no_gate() -> None:
    found = read(with_defaults({}))
    assert found.problems == ()
    assert {gate.status for gate in evaluate(found, PACK).gates} == {"blocked", "waiting"}
    assert evaluate(found, PACK).gates[0].status == "blocked"


def test_no_gate_holds_by_defaults_alone_even_where_all_before_it_passed() -> None:
    """Each gate asks for something that only the team can state."""
    for gate in PACK.gates[:-1]:
        theirs = {section.id for section in PACK.sections if section.gate == gate.id}
        content = with_defaults({key: value for key, value in PACK.example.items() if key not in theirs})
        assert evaluate(read(content), PACK).gate(gate.id).status != "passed", gate.id


@pytest.mark.parametrize("path", ONLY_THE_TEAM)
def test_what_only_the_team_can_know_has_no_default(path: str) -> None:
    assert path not in DEFAULTS


def test_what_the_companion_guides_assume_has_a_default() -> None:
    """Versioned data and features, explicit approvals, progressive rollout with rollback triggers, drift tied to retraining."""
    assert {
        "lineage.versioning.datasets",
        "lineage.versioning.features",
        "registry.versioning",
        "registry.promotion.policy",
        "serving.strategy",
        "serving.rollout.steps",
        "serving.rollback.triggers",
        "monitoring.drift.signals",
        "retraining.triggers",
    } <= set(DEFAULTS)
