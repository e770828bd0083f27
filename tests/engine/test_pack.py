"""What a pack says, as models: closed, frozen, and walked in one way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import pack_loader
from gatewright.engine.pack_conditions import Condition, Leaf, Statement
from gatewright.engine.pack_walks import below, leaves, parts, statements
from gatewright.engine.vocabulary import FactDef, Limit
from pydantic import TypeAdapter, ValidationError

PACK = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")
READ: TypeAdapter[Any] = TypeAdapter(Condition)
SAID = {"means": "M", "ask": "A"}


def errors(model: Any, value: Any) -> list[str]:
    with pytest.raises(ValidationError) as raised:
        (model.validate_python if isinstance(model, TypeAdapter) else model.model_validate)(value)
    return [error["msg"] for error in raised.value.errors()]


def test_the_operator_of_a_condition_is_the_key_of_its_argument():
    leaf = READ.validate_python({"fact": "a.b", "at_most": "limit", "mend": "do it"})
    assert leaf == Leaf(fact="a.b", operator="at_most", argument="limit", mend="do it")


def test_a_leaf_that_is_no_mapping_is_refused():
    assert errors(Leaf, "a.b")


def test_a_condition_that_names_a_fact_alone_asks_whether_it_is_stated():
    assert READ.validate_python({"fact": "a.b"}) == Leaf(fact="a.b", operator="stated", argument=True)


@pytest.mark.parametrize("value", [{"fact": "a.b", "named": True, "pinned": True}, {"fact": "a.b", "x": 1, "y": 2}])
def test_a_condition_asks_one_question(value: dict[str, Any]):
    assert "one condition asks one question; here are 2" in errors(READ, value)[0]


@pytest.mark.parametrize("value", [{}, {"x": 1}, 5, None, "fact", [], {"all": [{"any": [{"x": 1}]}]}])
def test_what_is_no_condition_is_told_the_kinds_there_are(value: Any):
    assert errors(READ, value)[0].startswith("a condition has one of: fact, signal, criterion")


def test_a_fault_deep_in_a_condition_is_told_with_its_way():
    with pytest.raises(ValidationError) as raised:
        READ.validate_python({"all": [{"fact": "a.b"}, {"any": [{"fact": "A B"}]}]})
    assert [step for step in raised.value.errors()[0]["loc"] if isinstance(step, int)] == [1, 0]


def test_equal_questions_have_equal_keys_and_different_ones_do_not():
    one, same, other = (Leaf(fact="a.b", operator="is", argument=value) for value in ("x", "x", "y"))
    assert one.key == same.key != other.key


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"type": "records", **SAID}, "`fields` belongs to the type `records`"),
        ({"type": "text", "fields": {"a": {"type": "text", "example": "x", **SAID}}, **SAID}, "`fields` belongs"),
        (
            {"type": "records", "label": "b", "fields": {"a": {"type": "text", "example": "x", **SAID}}, **SAID},
            "`label` has to name",
        ),
        ({"type": "choice", "example": "x", **SAID}, "the type `choice` needs `choices`"),
        ({"type": "references", "example": ["x"], **SAID}, "needs `to`"),
        ({"type": "text", **SAID}, "an example is missing"),
        (
            {
                "type": "records",
                "label": "a",
                "fields": {
                    "a": {"type": "records", "label": "b", "fields": {"b": {"type": "text", "example": "x", **SAID}}, **SAID}
                },
                **SAID,
            },
            "a record holds single facts, and `a`",
        ),
    ],
)
def test_a_fact_that_does_not_fit_its_type_is_refused(value: dict[str, Any], says: str):
    assert says in errors(FactDef, value)[0]


@pytest.mark.parametrize("value", ["nan", float("inf")])
def test_a_limit_is_a_finite_number(value: Any):
    assert errors(Limit, {"value": value, "unit": "U", "means": "M", "source": "S"})


def test_a_statement_has_all_or_any_and_not_both():
    leaf = {"fact": "a.b"}
    assert "`all` or `any`, not both" in errors(Statement, {"id": "x", "all": [leaf], "any": [leaf]})[0]


def test_the_example_has_every_fact_that_is_not_optional():
    def at(path: str) -> Any:
        value: Any = PACK.example
        for part in path.split("."):
            value = value.get(part, None) if isinstance(value, dict) else None
        return value

    for section in PACK.sections:
        assert all((at(path) is None) == fact.optional for path, fact in section.facts.items())


def test_a_gate_is_found_by_id_and_by_number():
    assert PACK.find_gate("4") is PACK.find_gate("registry-promotion") is PACK.gates[3]
    assert PACK.find_gate("11") is None


def test_rows_are_ranked_by_priority():
    for table in PACK.tables:
        assert tuple(row.id for row in table.ranked) == table.priority


def test_a_walk_visits_every_condition_once_with_its_place():
    condition = READ.validate_python({"all": [{"fact": "a.b"}, {"any": [{"fact": "a.c"}, {"signal": "s"}]}]})
    assert [where for _, where in below(condition, ("x",))] == [
        ("x", "all", 0),
        ("x", "all", 1),
        ("x", "all", 1, "any", 0),
        ("x", "all", 1, "any", 1),
    ]
    assert next(parts(condition)) is condition
    assert len(list(parts(condition))) == 5
    assert [leaf.fact for leaf in leaves(condition)] == ["a.b", "a.c"]
    assert list(parts(None)) == []


def test_statements_are_all_there_with_their_kinds():
    kinds = [kind for kind, _ in statements(PACK)]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "entry": 10,
        "criterion": 27,
        "signal": len(PACK.signals),
        "antipattern": 7,
        "item": sum(len(c.items) for c in PACK.checklists),
    }


def test_the_condition_of_a_statement_is_one_condition_or_none():
    assert all(statement.condition is not None for kind, statement in statements(PACK) if kind != "entry")
    assert PACK.gates[-1].entry.condition is None
