"""What changed from one verdict to another, over the example of the shipped pack with facts taken away and replaced."""

from __future__ import annotations

import itertools
import json
from random import Random
from typing import Any

import pytest
import tomli_w
import yaml
from edited_example import PACK, Said, after, at, between, example, judge, put, told
from gatewright.engine import document, evaluate, facts
from gatewright.engine.changes import Changes, compare
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

QUICK = settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
PATHS = sorted(path for section in PACK.sections for path, fact in section.facts.items() if not fact.optional)
FIELDS = sorted(
    f"{path}[].{name}" for path in PATHS if isinstance(PACK.facts[path].sample, list) for name in PACK.facts[path].fields
)
BAD: list[Any] = ["tbd", "everyone", "latest", "good", ["good"], [], 10**9, {"x": 1}, "low", "high"]
HOLD = ("met", "assumed", "waived", "reordered")


@st.composite
def deliveries(draw: st.DrawFn) -> Said:
    """The example with some facts taken away and some replaced."""
    said = PACK.example
    for path in draw(st.lists(st.sampled_from(PATHS + FIELDS), max_size=4)):
        said = put(said, path)
    for path in draw(st.lists(st.sampled_from(PATHS + FIELDS), max_size=3)):
        said = put(said, path, draw(st.sampled_from(BAD)))
    return said


def rewritten(value: Any, random: Random) -> Any:
    """The same content with keys and items in another order, and items repeated."""
    if isinstance(value, dict):
        return {key: rewritten(value[key], random) for key in random.sample(list(value), len(value))}
    if isinstance(value, list):
        items = [rewritten(item, random) for item in value]
        return random.sample(items, len(items)) + random.sample(items, random.randint(0, len(items)))
    return value


# --- nothing


@QUICK
@given(said=deliveries(), random=st.randoms(use_true_random=False), format=st.sampled_from(["yaml", "json", "toml"]))
def test_another_order_repetition_and_another_format_are_no_change(said: Said, random: Random, format: str) -> None:
    writers = {"yaml": yaml.safe_dump, "json": json.dumps, "toml": tomli_w.dumps}
    text = writers[format](rewritten(said, random))
    other = facts.read(document.read(text.encode(), f"other.{format}"), PACK)
    assert compare(judge(said), evaluate.evaluate(other, PACK)).empty


# --- two ways round


def mirrored(changes: Changes) -> object:
    """What the change in the other direction has to say."""
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    return (
        changes.better,
        changes.worse,
        [(g.gate.id, g.new, g.old) for g in changes.gates],
        [(c.criterion.id, c.new, c.old, {(f.path, f.within) for f in c.because}) for c in changes.criteria],
        [(t.table.id, t.new, t.old) for t in changes.tables],
        [(a.found.pattern.id, {"gone": "appeared", "appeared": "gone"}[a.kind]) for a in changes.antipatterns],
        sorted((p.problem.what, {"new": "mended", "mended": "new"}[p.kind]) for p in changes.problems),
        sorted((turned[kind], *rest, new, old) for kind, *rest, old, new in told(changes)),
        changes.got_better,
        changes.got_worse,
    )


def plainly(changes: Changes) -> object:
    return (
        changes.worse,
        changes.better,
        [(g.gate.id, g.old, g.new) for g in changes.gates],
        [(c.criterion.id, c.old, c.new, {(f.path, f.within) for f in c.because}) for c in changes.criteria],
        [(t.table.id, t.old, t.new) for t in changes.tables],
        [(a.found.pattern.id, a.kind) for a in changes.antipatterns],
        sorted((p.problem.what, p.kind) for p in changes.problems),
        sorted(told(changes)),
        changes.got_worse,
        changes.got_better,
    )


@QUICK
@given(one=deliveries(), other=deliveries())
def test_what_is_worse_one_way_is_better_the_other_way_round(one: Said, other: Said) -> None:
    old, new = judge(one), judge(other)
    assert mirrored(compare(old, new)) == plainly(compare(new, old))


@QUICK
@given(one=deliveries(), paths=st.lists(st.sampled_from(PATHS + FIELDS), min_size=2, max_size=6), turn=st.booleans())
def test_a_chain_in_which_no_step_is_worse_is_not_worse_as_a_whole(one: Said, paths: list[str], turn: bool) -> None:
    chain = [one]
    for path in paths:
        chain.append(put(chain[-1], path))
    verdicts = [judge(said) for said in (chain if turn else reversed(chain))]
    steps = set().union(*(compare(a, b).worse for a, b in itertools.pairwise(verdicts)))
    assert set(compare(verdicts[0], verdicts[-1]).worse) <= steps


# --- gates and criteria


@QUICK
@given(said=deliveries())
def test_every_gate_and_criterion_of_another_status_is_told_and_no_other(said: Said) -> None:
    old, new = example(), judge(said)
    changes = compare(old, new)
    assert {(g.gate.id, g.old, g.new) for g in changes.gates} == {
        (b.gate.id, a.status, b.status) for a, b in zip(old.gates, new.gates, strict=True) if a.status != b.status
    }
    criteria = [(c, d) for a, b in zip(old.gates, new.gates, strict=True) for c, d in zip(a.exit, b.exit, strict=True)]
    assert {c.criterion.id for c in changes.criteria} - {"request-stated"} == {
        c.criterion.id for c, d in criteria if c.status != d.status
    }


@QUICK
@given(one=deliveries(), other=deliveries())
def test_a_gate_is_worse_where_it_passes_no_longer_or_one_of_its_criteria_holds_no_longer(one: Said, other: Said) -> None:
    old, new = judge(one), judge(other)
    worse = compare(old, new).worse
    for before, now in zip(old.gates, new.gates, strict=True):
        lost = any(a.status in HOLD and b.status not in HOLD for a, b in zip(before.exit, now.exit, strict=True))
        if before.gate.stage == 1:
            lost = lost or (before.entry.status in HOLD and now.entry.status not in HOLD)
        assert (now.gate.id in worse) == (lost or (before.status == "passed" != now.status))


def test_a_gate_whose_turn_has_come_is_neither_better_nor_worse() -> None:
    old = put(put(PACK.example, "use_case.objective"), "lineage.evidence")
    changes = between(old, put(old, "use_case.objective", "Sort tickets"))
    assert [(g.gate.id, g.old, g.new) for g in changes.gates] == [
        ("use-case", "blocked", "passed"),
        ("lineage", "waiting", "blocked"),
    ]
    assert (changes.better, changes.worse) == (("use-case",), ())


def test_a_gate_that_gains_one_criterion_and_loses_another_is_both() -> None:
    changes = between(put(PACK.example, "use_case.objective"), put(PACK.example, "use_case.risk.impact"))
    assert changes.gates == ()
    assert changes.worse == changes.better == ("use-case",)
    assert changes.got_worse
    assert changes.got_better


def test_a_file_that_gets_a_problem_while_all_gates_pass_is_worse() -> None:
    changes = between(PACK.example, {**PACK.example, "colour": "red"})
    assert changes.gates == ()
    assert changes.got_worse
    assert not changes.got_better


def test_a_criterion_that_no_longer_holds_says_how_to_mend_it_and_one_that_does_says_nothing() -> None:
    (criterion, *_) = after("use_case.objective").criteria
    assert criterion.how
    assert criterion.how[0].startswith(PACK.facts["use_case.objective"].ask)
    back = between(put(PACK.example, "use_case.objective"), PACK.example)
    assert {c.how for c in back.criteria} == {()}


# --- the facts that made the difference


@pytest.mark.parametrize("path", PATHS)
def test_where_one_fact_is_taken_away_it_is_the_reason_for_all_that_changes(path: str) -> None:
    changes = after(path)
    assert changes.criteria
    for change in (*changes.criteria, *changes.tables, *changes.antipatterns):
        assert change.because
        assert {fact.path.partition("[]")[0] for fact in change.because} == {path}


@settings(QUICK, max_examples=25)
@given(said=deliveries())
def test_a_criterion_is_as_it_was_once_the_facts_given_as_reasons_are_as_they_were(said: Said) -> None:
    for change in compare(example(), judge(said)).criteria:
        back = said
        for path in {fact.path.partition("[]")[0] for fact in change.because}:
            back = put(back, path, at(PACK.example, path))
        (status,) = [c.status for g in judge(back).gates for c in (g.entry, *g.exit) if c.criterion.id == change.criterion.id]
        assert status == change.old


def test_of_two_changes_each_criterion_names_the_one_that_made_the_difference_to_it() -> None:
    changes = between(PACK.example, put(put(PACK.example, "serving.strategy"), "serving.rollback.owner", "everyone"))
    own = {c.criterion.id: [f.path for f in c.because] for c in changes.criteria if c.gate.id == "serving-release"}
    assert own == {"architecture-rollout": ["serving.strategy"], "rollback-triggers": ["serving.rollback.owner"]}


def test_a_change_that_makes_no_difference_to_a_criterion_is_no_reason() -> None:
    changes = between(PACK.example, put(put(PACK.example, "use_case.users", ["clerks"]), "use_case.objective"))
    assert [f.path for f in changes.criteria[0].because] == ["use_case.objective"]
    assert [c.path for c in changes.facts] == ["use_case.objective", "use_case.users"]


def test_of_two_records_only_the_one_that_is_at_fault_is_the_reason() -> None:
    alert = PACK.example["monitoring"]["alerts"][0]
    both = put(PACK.example, "monitoring.alerts", [{**alert, "name": "errors"}, alert])
    worse = put(both, "monitoring.alerts", [{**alert, "name": "errors", "owner": "ben"}, {**alert, "owner": "everyone"}])
    for changes in (between(both, worse), between(worse, both)):
        (criterion,) = [one for one in changes.criteria if one.gate.id == "monitoring-drift"]
        assert [fact.within for fact in criterion.because] == ["latency-high"]
        assert [fact.within for fact in changes.facts] == ["errors", "latency-high"]


def test_a_reason_that_lies_in_another_list_is_found() -> None:
    """A drift signal still names its action, and the response of that name is gone."""
    other = [{"name": "wait", "does": "Nothing", "owner": "ana"}]
    changes = after("monitoring.responses", other)
    assert changes.got_worse
    (pattern,) = changes.antipatterns
    assert (pattern.kind, pattern.found.pattern.id) == ("appeared", "drift-without-action")
    assert {f.path for f in pattern.because} == {"monitoring.responses[].name"}


# --- tables, anti-patterns, assumptions, problems, order


def test_another_row_that_leads_is_told_with_the_facts_that_made_it_lead() -> None:
    impact, factors = "use_case.risk.impact", "use_case.risk.factors"
    low = put(put(PACK.example, impact, "low"), factors, ["none"])
    (change,) = between(PACK.example, low).tables
    rows = [advice.row.id if advice.row else None for advice in (change.old, change.new)]
    assert (change.table.id, *rows) == ("promotion-policy", "high-risk", "low-risk")
    assert {fact.path for fact in change.because} == {impact, factors}
    assert change.new.deviates


def test_a_row_that_is_no_longer_decided_is_told() -> None:
    (change,) = [one for one in after("training.evaluation.stability").tables if one.table.id == "promotion-policy"]
    assert change.new.row is None
    assert [row.id for row in change.new.undecided] == ["unstable-evaluation"]


def test_a_deviation_that_appears_gets_its_rationale_and_vanishes_is_told_each_time() -> None:
    declared, rationale = "registry.promotion.policy", "registry.promotion.rationale"
    deviating = put(PACK.example, declared, "auto-promote")
    reasoned = put(deviating, rationale, "The committee meets too seldom")
    steps = [PACK.example, deviating, reasoned, PACK.example]
    found = [between(old, new).tables for old, new in itertools.pairwise(steps)]
    assert [len(tables) for tables in found] == [1, 1, 1]
    assert [tables[0].new.deviates for tables in found] == [True, True, False]
    assert [bool(tables[0].new.rationale) for tables in found] == [False, True, False]


def test_an_anti_pattern_that_appears_or_is_gone_is_told_with_its_reason() -> None:
    path = "retraining.rollback.checks"
    for old, new, kind in ((PACK.example, put(PACK.example, path), "appeared"), (put(PACK.example, path), PACK.example, "gone")):
        (change,) = between(old, new).antipatterns
        assert (change.kind, change.found.pattern.id) == (kind, "retraining-without-rollback-validation")
        assert [fact.path for fact in change.because] == [path]


def test_an_assumption_is_new_changed_confirmed_corrected_or_gone() -> None:
    path = "serving.strategy"
    nothing = put(PACK.example, path)
    one = {"fact": path, "value": "canary", "reason": "as last time", "owner": "ana"}
    assumed, other = ({**nothing, "assumptions": [{**one, "owner": owner}]} for owner in ("ana", "ben"))
    steps = [
        (nothing, assumed, "new"),
        (assumed, other, "changed"),
        (assumed, PACK.example, "confirmed"),
        (assumed, put(PACK.example, path, "rolling"), "corrected"),
        (assumed, nothing, "gone"),
    ]
    for old, new, kind in steps:
        changes = between(old, new)
        assert [(c.kind, c.fact) for c in changes.assumptions] == [(kind, path)]
    assert [(c.old, c.new) for c in between(assumed, PACK.example).criteria if c.gate.id == "serving-release"] == [
        ("assumed", "met")
    ]


def test_problems_are_new_or_mended_and_one_that_moved_is_neither() -> None:
    old = {"colour": "red", "use_case": {"risk": {"impact": "hihg"}}}
    new = {"delivery": {}, "use_case": {"risk": {"impact": "hihg"}}, "shape": "round"}
    found = between({**PACK.example, **old}, {**PACK.example, **new}).problems
    assert [(p.kind, p.problem.what) for p in found] == [
        ("new", "no fact is called `shape`"),
        ("mended", "no fact is called `colour`"),
    ]


def test_a_problem_that_names_the_line_of_another_is_the_same_in_another_line() -> None:
    one = {"fact": "serving.strategy", "value": "canary", "reason": "as last time", "owner": "ana"}
    said = {**PACK.example, "assumptions": [one]}
    texts = [json.dumps(said), json.dumps(said, indent=1)]
    old, new = (evaluate.evaluate(facts.read(document.read(text.encode()), PACK), PACK) for text in texts)
    assert old.facts.problems
    assert compare(old, new).empty


def test_another_order_that_is_asked_for_is_told() -> None:
    second, first, *rest = PACK.order
    asked = {"sequence": {"order": [first, second, *rest], "requested_by": "ana", "reason": "a pilot"}}
    changes = between(PACK.example, {**PACK.example, **asked})
    assert changes.sequence is not None
    before, now = changes.sequence
    assert before is None
    assert now is not None
    assert now.requested_by == "ana"
    assert not changes.empty
    assert not changes.got_worse
