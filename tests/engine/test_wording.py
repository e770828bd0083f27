"""What a pack asks, in words: every operator has its own, and every condition is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import pack_loader, wording
from gatewright.engine.conditions import OPERATORS
from gatewright.engine.pack import Pack
from gatewright.engine.pack_conditions import AnyOf, Leaf
from gatewright.engine.pack_walks import below, statements
from gatewright.engine.vocabulary import Limit

LIMITS = {
    "some": Limit(value=0.25, unit="share", means="m", source="s"),
    "quarter": Limit(value=93 * 86_400, unit="seconds (93 days)", means="m", source="s"),
}


@pytest.fixture(scope="module")
def mlops() -> Pack:
    return pack_loader.load(pack_loader.SHIPPED / "mlops")


def told(operator: str, argument: Any = True) -> str:
    return wording.condition(Leaf.model_construct(fact="a.b", operator=operator, argument=argument), LIMITS)


def test_every_operator_that_there_is_is_described():
    assert set(wording.OPERATORS) == set(OPERATORS)


def test_no_two_operators_are_told_alike():
    arguments: dict[str, Any] = {
        "count": {"from": "some", "at_least": "some"},
        "varies": {"by": "a.c", "from": "some", "over": "some"},
        "includes": ("x",),
        "any_of": ("x",),
        "none_of": ("x",),
        "without": "named",
        "cell": "[1..5)",
    }
    said = [told(operator, arguments.get(operator, "some")) for operator in OPERATORS]
    assert len(set(said)) == len(said)
    assert all("`a.b`" in one and "{}" not in one for one in said)


def test_a_limit_is_told_with_its_value_and_seconds_as_what_they_come_to():
    assert told("at_most", "quarter") == "`a.b` is at most `quarter` (93 days)"
    assert told("at_least", "some") == "`a.b` is at least `some` (0.25 share)"


@pytest.mark.parametrize(
    ("seconds", "span"),
    [(86_400, "1 day"), (90_000, "25 hours"), (2_678_400, "31 days"), (120, "2 minutes"), (61, "61 seconds"), (0, "0 seconds")],
)
def test_a_span_follows_from_the_value_and_not_from_the_words_of_the_unit(seconds: int, span: str):
    assert Limit(value=seconds, unit="seconds (93 days)", means="m", source="s").span == span


def test_what_counts_where_it_is_absent_says_so():
    assert told("without", "named") == "it is not known that `a.b` names somebody"
    assert told("without", {"at_most": "some"}) == "it is not known that `a.b` is at most `some` (0.25 share)"


def test_every_condition_of_the_shipped_pack_is_told_on_a_line_of_its_own(mlops: Pack):
    for _, statement in statements(mlops):
        lines = list(wording.lines(statement, mlops.limits))
        inside = [part for part, _ in below(statement)]
        head = isinstance(statement.condition, AnyOf) and len(statement.any) > 1
        assert len(lines) == len(inside) + head
        assert [depth for depth, _ in lines][:1] in ([], [0])


def test_a_pack_that_was_changed_is_told_in_other_words(mlops: Pack, tmp_path: Path):
    criterion = mlops.gates[0].exit[0]
    fewer = criterion.model_copy(update={"all": criterion.all[1:]})
    assert list(wording.lines(criterion, mlops.limits)) != list(wording.lines(fewer, mlops.limits))
