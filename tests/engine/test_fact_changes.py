"""Which facts changed from one file to another, and between which of their values and places."""

from __future__ import annotations

from edited_example import PACK, after, at, between, put, told
from gatewright.engine import document, evaluate, facts
from gatewright.engine.changes import compare


def test_another_notation_of_a_number_is_no_change() -> None:
    assert after("training.failure.max_reruns", 2.0).empty
    changed = put(PACK.example, "retraining.drift.observed", [{"window": "w", "psi": 0.1, "quality_drop": "5%"}])
    assert between(changed, put(changed, "retraining.drift.observed[].quality_drop", 0.05)).empty


def test_a_fact_is_added_removed_or_changed_with_its_old_and_new_value_and_its_new_place() -> None:
    path = "serving.strategy"
    without = put(PACK.example, path)
    assert told(after(path)) == [("removed", path, "", "canary", "")]
    assert told(after(path, "shadow")) == [("changed", path, "", "canary", "shadow")]
    assert told(between(without, PACK.example)) == [("added", path, "", "", "canary")]
    old, new = (
        facts.read(document.read(text), PACK) for text in (b"serving:\n  strategy: shadow\n", b"serving: {strategy: canary}")
    )
    (change,) = compare(evaluate.evaluate(old, PACK), evaluate.evaluate(new, PACK)).facts
    assert (change.old.place.line, change.new.place.line, change.new.place.column) == (2, 1, 11)


def test_a_placeholder_in_place_of_a_value_is_a_change() -> None:
    (change,) = after("serving.strategy", "TBD").facts
    assert (change.kind, change.old.state, change.new.state) == ("changed", "stated", "placeholder")


def test_a_record_is_known_by_its_label_and_only_its_changed_fields_are_told() -> None:
    alert = PACK.example["monitoring"]["alerts"][0]
    both = put(PACK.example, "monitoring.alerts", [{**alert, "name": "errors"}, alert])
    changes = between(both, put(both, "monitoring.alerts", [{**alert, "owner": "ben"}, {**alert, "name": "errors"}]))
    assert told(changes) == [("changed", "monitoring.alerts[].owner", "latency-high", "ml-oncall@bank.example", "ben")]


def test_a_record_more_is_told_by_its_fields() -> None:
    alert = {"name": "errors", "owner": "ben"}
    changes = after("monitoring.alerts", [*PACK.example["monitoring"]["alerts"], alert])
    assert told(changes) == [
        ("added", "monitoring.alerts[].name", "errors", "", "errors"),
        ("added", "monitoring.alerts[].owner", "errors", "", "ben"),
    ]
    assert {change.new.place.line for change in changes.facts} == {1}


def test_of_records_with_the_same_label_the_equal_ones_are_no_change() -> None:
    runs = [{"run": "seed-1", "metric": metric, "value": value} for metric, value in (("auc", 0.8), ("recall", 0.4), ("f1", 0.5))]
    old = put(PACK.example, "training.evaluation.stability", runs)
    changes = between(old, put(old, "training.evaluation.stability", [runs[2], {**runs[1], "value": 0.6}, runs[0]]))
    assert told(changes) == [("changed", "training.evaluation.stability[].value", "seed-1", "0.4", "0.6")]


def test_a_choice_that_gives_way_to_measurements_is_a_change_beside_their_fields() -> None:
    changes = after("retraining.drift.observed", [{"window": "w1", "psi": 0.1}])
    assert told(changes) == [
        ("changed", "retraining.drift.observed", "", "none", ""),
        ("added", "retraining.drift.observed[].window", "w1", "", "w1"),
        ("added", "retraining.drift.observed[].psi", "w1", "", "0.1"),
    ]
    assert changes.facts[0].new.measured


def test_other_evidence_for_the_same_value_is_a_change() -> None:
    values = [{"value": "canary", "evidence": {"path": path}} for path in ("a.json", "b.json")]
    changes = between(*(put(PACK.example, "serving.strategy", value) for value in values))
    assert told(changes) == [("changed", "serving.strategy", "", "canary", "canary")]
    assert not changes.changes_verdict


def test_evidence_for_a_whole_list_is_one_change_and_not_one_a_field() -> None:
    alerts = at(PACK.example, "monitoring.alerts")
    changes = after("monitoring.alerts", {"value": alerts, "evidence": {"path": "alerts.yaml"}})
    assert [change.path for change in changes.facts] == ["monitoring.alerts"]
