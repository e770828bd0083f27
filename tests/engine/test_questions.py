"""Which question comes first: computed from what the pack asks for and what is open."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from gatewright.cli.inputs import read_pack
from gatewright.engine import document, facts
from gatewright.engine.evaluate import evaluate
from gatewright.engine.questions import assumable, following, places, ranked
from gatewright.engine.verdict import Verdict

PACK = read_pack("mlops")
NEEDED = [path for path, fact in PACK.facts.items() if "[]" not in path and not fact.optional]


def judged(content: Any) -> Verdict:
    doc = document.read(json.dumps(content).encode(), format="json")
    return evaluate(facts.read(doc, PACK), PACK)


def example(*without: str, **other: Any) -> dict[str, Any]:
    """A whole delivery without some facts, and with others set (dots written as `__`)."""
    content = copy.deepcopy(PACK.example)
    for path in without:
        put(content, path, None)
    for path, value in other.items():
        put(content, path.replace("__", "."), value)
    return content


def put(content: Any, path: str, value: Any) -> None:
    *above, last = path.split(".")
    for key in above:
        content = content[key]
    if value is None:
        del content[last]
    else:
        content[last] = value


def test_a_whole_delivery_leaves_nothing_to_ask() -> None:
    assert ranked(judged(example())) == []
    assert following(judged(example())) is None


@pytest.mark.parametrize("path", NEEDED[::6])
def test_the_one_fact_that_lacks_is_asked_for(path: str) -> None:
    found = ranked(judged(example(path)))
    assert [question.fact.path for question in found] == [path]
    assert found[0].places
    assert found[0].places[0].unknown == {path}


def test_every_question_is_about_an_open_fact_that_something_waits_for() -> None:
    verdict = judged({"delivery": {"model": "churn", "version": "TBD"}})
    found = ranked(verdict)
    assert {question.fact.path for question in found} == set(NEEDED) - {"delivery.model"}
    assert all(question.fact.path in place.unknown for question in found for place in question.places)


def test_a_fact_of_an_earlier_gate_comes_first() -> None:
    found = ranked(judged(example("governance.audit.owner", "lineage.evidence", "serving.platform")))
    assert [question.fact.path for question in found] == ["lineage.evidence", "serving.platform", "governance.audit.owner"]


def test_the_last_unknown_fact_of_a_criterion_comes_before_one_of_several() -> None:
    found = ranked(judged(example("use_case.owner", "use_case.users", "use_case.objective", "use_case.business.cost_of_error")))
    assert found[0].fact.path == "use_case.business.cost_of_error"
    assert found[0].places[0].unknown == {"use_case.business.cost_of_error"}
    assert len(found[1].places[0].unknown) == 3


def test_the_unknown_facts_of_a_place_share_one_point() -> None:
    verdict = judged(example("use_case.owner", "use_case.users"))
    for question in ranked(verdict):
        waiting = [place for place in places(verdict) if question.fact.path in place.unknown]
        assert question.points == pytest.approx(sum(1 / len(place.unknown) for place in waiting))
        assert question.points == pytest.approx(0.5 * len(waiting))


def test_of_equal_facts_the_one_that_is_less_work_comes_first() -> None:
    found = ranked(judged(example("registry.tool", "registry.versioning")))
    assert [question.fact.path for question in found] == ["registry.versioning", "registry.tool"]
    assert found[0].points == found[1].points


def test_each_topic_is_asked_about_once_before_any_is_asked_about_again() -> None:
    verdict, asked = judged({}), list[str]()
    for _ in range(8):
        question = following(verdict, asked)
        assert question
        asked.append(question.fact.path)
    sections = [PACK.facts[path].section for path in asked]
    topics = [next(topic.id for topic in PACK.topics if section in topic.sections) for section in sections]
    assert topics[:7] == [topic.id for topic in PACK.topics]
    assert asked[7] == next(question.fact.path for question in ranked(verdict, asked[:7]))


def test_a_topic_with_nothing_open_is_not_asked_about() -> None:
    question = following(judged(example("serving.platform", "governance.audit.trail")))
    assert question
    assert question.topic
    assert question.topic.id == "serving"


def test_what_is_stated_and_contradicts_is_no_question() -> None:
    verdict = judged(example(use_case__success_metrics=["good accuracy"]))
    assert not verdict.passed
    assert ranked(verdict) == []


def test_records_that_are_begun_are_not_asked_for_again() -> None:
    content = example()
    del content["lineage"]["datasets"][0]["owner"]
    assert not judged(content).passed
    assert "lineage.datasets" not in [question.fact.path for question in ranked(judged(content))]


def test_an_assumption_is_no_question_while_it_counts() -> None:
    content = example("serving.platform")
    content["assumptions"] = [{"fact": "serving.platform", "value": "KServe", "reason": "as before", "owner": "ana"}]
    assert ranked(judged(content)) == []


def test_an_optional_fact_is_asked_for_where_a_criterion_needs_it() -> None:
    content = example(retraining__drift__observed="severe-quality-drift")
    assert [question.fact.path for question in ranked(judged(content))] == ["retraining.drift.response"]


def test_an_undecided_row_waits_for_the_facts_of_its_signal() -> None:
    verdict = judged(example("training.evaluation.stability"))
    assert {place.kind for place in places(verdict) if place.unknown == {"training.evaluation.stability"}} >= {"row"}


def test_what_the_table_recommends_is_assumed_for_the_declared_choice() -> None:
    low = judged(example("registry.promotion.policy", use_case__risk__impact="low", use_case__risk__factors=["none"]))
    assumed = assumable(low, "registry.promotion.policy")
    assert assumed
    assert assumed.value == "automated-safeguards"
    nothing = assumable(judged({}), "registry.promotion.policy")
    assert nothing == PACK.facts["registry.promotion.policy"].default


def test_in_another_order_the_gate_that_comes_first_is_asked_for_first() -> None:
    order = ["use-case", "serving-release", *[gate for gate in PACK.order if gate not in ("use-case", "serving-release")]]
    content = example("lineage.evidence", "serving.platform")
    content["sequence"] = {"order": order, "requested_by": "mei", "reason": "the cluster is booked"}
    assert [question.fact.path for question in ranked(judged(content))] == ["serving.platform", "lineage.evidence"]
