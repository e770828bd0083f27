"""The engine is broken on purpose, in each of its parts, and the proof checker notices.

The second engine does not: it gets the same answers and the same rules.
"""

from __future__ import annotations

import copy
import dataclasses
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import proof_cases
import pytest
from gatewright.engine import conditions, evaluate, fixpoint, proof, rows, verdict
from gatewright.engine.compiler import BEGIN, Rule, leaf_claims
from gatewright.engine.conditions import OPERATORS, Answer
from gatewright.engine.errors import EngineFault
from gatewright.engine.inference import Derivation
from gatewright.engine.pack_tables import OutputTable
from gatewright.engine.verdict import Verdict

TURNED = {"met": "unmet", "unmet": "unknown", "unknown": "met"}
REVIEW = {
    "id": "review",
    "title": "Review",
    "source": "a test",
    "hit": "first",
    "inputs": {"impact": {"fact": "use_case.risk.impact"}, "rollback": {"fact": "serving.rollback.within", "in": "minutes"}},
    "outputs": {"depth": {"title": "Depth", "values": ["board", "peer"]}},
    "rows": [
        {"id": "stale", "if": {"impact": "high", "rollback": "> 10"}, "then": {"depth": "board"}},
        {"id": "any", "if": {"impact": "low, high"}, "then": {"depth": "peer"}},
    ],
}
# The shipped pack has no cells, so a table that has some is added.
PACK = rows.spelt_out(proof_cases.PACK.model_copy(update={"output_tables": (OutputTable.model_validate(REVIEW),)}))
judged = partial(proof_cases.judged, pack=PACK)
BLOCKED = evaluate.evaluate(proof_cases.example(proof_cases.ROOT / "docs" / "examples" / "demand-forecast.yaml").facts, PACK)


def noticed(made: Callable[[], Verdict]) -> bool:
    """Whether the checker rejects the verdict, if there is one at all."""
    try:
        proof.replay(made())
    except EngineFault:
        return True
    return False


@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_that_answers_wrongly_is_noticed(operator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = OPERATORS[operator]

    def wrong(*args: Any) -> Answer:
        found = right(*args)
        return dataclasses.replace(found, status=TURNED[found.status])

    said = copy.deepcopy(PACK.example)
    said["training"]["evaluation"]["stability"] = [
        {"run": str(n), "metric": "auc", "value": value} for n, value in enumerate((0.7, 0.8, 0.9))
    ]
    assert not noticed(lambda: judged(said))
    monkeypatch.setitem(OPERATORS, operator, wrong)
    assert noticed(lambda: judged(said))


@pytest.mark.parametrize("operator", sorted(set(OPERATORS) - {"without"}))
def test_an_operator_that_names_other_facts_is_noticed(operator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = OPERATORS[operator]

    def wrong(*args: Any) -> Answer:
        found = right(*args)
        return dataclasses.replace(found, looked=found.looked[1:])

    monkeypatch.setitem(OPERATORS, operator, wrong)
    assert noticed(lambda: evaluate.evaluate(BLOCKED.facts, PACK))


def _more_than(item: Any, argument: Any, context: Any) -> str:
    return "" if isinstance(item.value, float) and item.value > context.pack.limits[argument].value else "is less"


def rederived(genuine: Verdict, rules: tuple[Rule, ...]) -> Verdict:
    """The verdict that other rules give on the same answers; both engines would agree on it."""
    claims = {claim for key, found in genuine.answers.items() for claim in leaf_claims(key, found.status)}
    claims |= {BEGIN} | {f"waived:{name}" for name in genuine.program.waived}
    derivations = tuple(Derivation(rule.id, rule.body, rule.head) for rule in fixpoint.fired(rules, claims))
    program = dataclasses.replace(genuine.program, rules=rules)
    return verdict.conclude(PACK, genuine.facts, program, genuine.answers, derivations, genuine.engine)


def test_each_fired_rule_that_is_taken_away_is_noticed_or_changes_no_conclusion() -> None:
    fired = {derivation.rule for derivation in BLOCKED.derivations}
    rules = BLOCKED.program.rules
    genuine, silent = proof.of(BLOCKED), 0
    lost = [rule for rule in rules if rule.id in fired]
    for rule in lost:
        made = partial(rederived, BLOCKED, tuple(one for one in rules if one is not rule))
        if not noticed(made):
            silent += 1
            assert proof.of(made()) == genuine, rule
    assert silent < len(lost) / 2  # most of what is silent are claims that only help


def test_a_rule_that_concludes_from_less_is_noticed() -> None:
    rules = BLOCKED.program.rules
    wrong = [rule for rule in rules if len(rule.body) > 1 and rule.head.endswith((" yes", " passed"))]
    assert wrong
    unnoticed: list[str] = []
    for rule in random.Random(8).sample(wrong, 25):
        for lost in rule.body:
            shorter = Rule(rule.id, tuple(part for part in rule.body if part != lost), rule.head)
            made = partial(rederived, BLOCKED, tuple(shorter if one is rule else one for one in rules))
            if not noticed(made) and proof.of(made()) != proof.of(BLOCKED):
                unnoticed.append(f"{rule.id} without {lost}")
    assert unnoticed == []


@pytest.mark.parametrize("claim", ["criterion:retraining-triggers yes", "signal:temporary-data-shift yes", "antipatterns open"])
def test_a_rule_that_concludes_from_nothing_is_noticed(claim: str) -> None:
    assert noticed(lambda: rederived(BLOCKED, (*BLOCKED.program.rules, Rule("by hand", (BEGIN,), claim))))


def _gate(found: Verdict, **changes: Any) -> Verdict:
    return dataclasses.replace(found, gates=(dataclasses.replace(found.gates[0], **changes), *found.gates[1:]))


def _decision(found: Verdict, **changes: Any) -> Verdict:
    one = found.decisions[0]
    return dataclasses.replace(found, decisions=(dataclasses.replace(one, answer=dataclasses.replace(one.answer, **changes)),))


WRONG: dict[str, Callable[[Verdict], Verdict]] = {
    "passed where a gate is blocked": lambda v: dataclasses.replace(v, passed=True),
    "a gate that waits though it passed": lambda v: _gate(v, status="waiting"),
    "a criterion of another status": lambda v: _gate(v, exit=(dataclasses.replace(v.gates[0].exit[0], status="waived"),)),
    "an entry of another status": lambda v: _gate(v, entry=dataclasses.replace(v.gates[0].entry, status="assumed")),
    "a row that holds and does not lead": lambda v: dataclasses.replace(
        v, recommendations=tuple(dataclasses.replace(one, leads=False) for one in v.recommendations)
    ),
    "no recommendation": lambda v: dataclasses.replace(v, recommendations=()),
    "another row of a table": lambda v: _decision(v, rows=v.decisions[0].table.rows[:1]),
    "another output of a table": lambda v: _decision(v, outputs=({"depth": "board"},)),
    "a table that is not sure": lambda v: _decision(v, status="conditional"),
    "a table that says nothing": lambda v: dataclasses.replace(v, decisions=()),
    "a gate left out": lambda v: dataclasses.replace(v, gates=v.gates[:-1]),
    "no answers": lambda v: dataclasses.replace(v, answers={}),
    "no derivations": lambda v: dataclasses.replace(v, derivations=()),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_verdict_that_says_something_else_than_was_derived_is_noticed(kind: str) -> None:
    assert not noticed(lambda: BLOCKED)
    assert noticed(lambda: WRONG[kind](BLOCKED))


def test_a_limit_that_has_to_be_passed_instead_of_reached_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    path, limit = next(
        (leaf.fact, leaf.argument)
        for leaf in BLOCKED.program.leaves.values()
        if leaf.operator == "at_least" and "[]" not in leaf.fact
    )
    said = copy.deepcopy(PACK.example)
    *above, last = path.split(".")
    level = said
    for part in above:
        level = level[part]
    level[last] = f"{PACK.limits[limit].value:.0f} seconds"
    assert not noticed(lambda: judged(said))
    monkeypatch.setitem(OPERATORS, "at_least", conditions._each(_more_than))
    assert noticed(lambda: judged(said))
