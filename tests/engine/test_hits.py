"""Hit policies against the standard: each by hand where rows match, do not, or are not known, and random ones by trying all."""

from __future__ import annotations

import random
from typing import Any

import pytest
import random_tables
from gatewright.engine import hits, proof_hits
from gatewright.engine.pack_conditions import Decides
from gatewright.engine.pack_tables import OutputTable
from random_tables import KINDS, LIMITS, fits, outcome, questions, worlds

SEEDS = range(60)


def table(hit: str, aggregate: str | None = None, otherwise: dict[str, Any] | None = None) -> OutputTable:
    """Rows a and b say the same, c ranks above them, d is below."""
    depths = {"a": "peer", "b": "peer", "c": "board", "d": "none"}
    days = {"a": 5, "b": 5, "c": 10, "d": -2}
    numbers = aggregate in ("sum", "min", "max")
    outputs = {"days": {"title": "N"}} if numbers else {"depth": {"title": "D", "values": ["board", "peer", "none"]}}
    rows = [{"id": n, "if": {"x": n}, "then": {"days": days[n]} if numbers else {"depth": depths[n]}} for n in depths]
    said = {
        "id": "t",
        "title": "T",
        "source": "S",
        "hit": hit,
        "inputs": {"x": {"fact": "s.x"}},
        "outputs": outputs,
        "rows": rows,
    }
    said |= ({"aggregate": aggregate} if aggregate else {}) | ({"otherwise": otherwise} if otherwise else {})
    return OutputTable.model_validate(said)


def says(of: OutputTable, yes: str = "", open_: str = "") -> tuple[str, list[Any], str]:
    """Status, the values that are said, and the rows that may change it."""
    sides = {row.id: "yes" if row.id in yes else "open" if row.id in open_ else "no" for row in of.rows}
    found = hits.answer(of, sides)  # pyright: ignore[reportArgumentType]
    return found.status, [value for one in found.outputs for value in one.values()], "".join(row.id for row in found.open)


NOTHING = ("nothing", [], "")
OPEN = (("conditional", [], "c"), ("conditional", ["none"], "c"))


@pytest.mark.parametrize(
    ("hit", "aggregate", "none", "several", "unknown", "beside"),
    [
        ("unique", None, NOTHING, ("conflict", [], ""), *OPEN),
        ("any", None, NOTHING, ("conflict", [], ""), *OPEN),
        ("first", None, NOTHING, ("decided", ["peer"], ""), *OPEN),
        ("priority", None, NOTHING, ("decided", ["board"], ""), *OPEN),
        ("rule-order", None, NOTHING, ("decided", ["peer", "board", "none"], ""), *OPEN),
        ("output-order", None, NOTHING, ("decided", ["board", "peer", "none"], ""), *OPEN),
        ("collect", None, NOTHING, ("decided", ["peer", "board", "none"], ""), *OPEN),
        ("collect", "sum", NOTHING, ("decided", [13], ""), ("conditional", [], "c"), ("conditional", [-2], "c")),
        ("collect", "min", NOTHING, ("decided", [-2], ""), ("conditional", [], "c"), ("decided", [-2], "")),
        ("collect", "max", NOTHING, ("decided", [10], ""), ("conditional", [], "c"), ("conditional", [-2], "c")),
        ("collect", "count", ("decided", [0], ""), ("decided", [3], ""), ("conditional", [0], "c"), ("conditional", [1], "c")),
    ],
)  # fmt: skip
def test_each_policy_answers_as_the_standard_says(
    hit: str, aggregate: str | None, none: Any, several: Any, unknown: Any, beside: Any
):
    """No row, several rows, one that is not known alone, and one that is not known beside one that holds."""
    of = table(hit, aggregate)
    assert says(of) == none
    assert says(of, "acd") == several
    assert says(of, "", "c") == unknown
    assert says(of, "d", "c") == beside


def test_rows_that_say_the_same_are_no_conflict_under_any_and_one_under_unique():
    assert says(table("any"), "ab") == ("decided", ["peer"], "")
    assert says(table("unique"), "ab") == ("conflict", [], "")


def test_a_row_that_would_say_the_same_leaves_the_answer_decided():
    assert says(table("first"), "b", "a") == ("decided", ["peer"], "")
    assert says(table("any"), "a", "b") == ("decided", ["peer"], "")
    assert says(table("first", otherwise={"depth": "none"}), "", "d") == ("decided", ["none"], "")


def test_a_row_below_the_one_that_holds_is_not_asked_for():
    assert says(table("first"), "b", "cd") == ("decided", ["peer"], "")
    assert says(table("priority"), "b", "cd") == ("conditional", ["peer"], "c")


def test_what_holds_otherwise_is_said_only_where_no_row_can_hold():
    of = table("unique", otherwise={"depth": "board"})
    assert says(of) == ("decided", ["board"], "")
    assert says(of, "", "d") == ("conditional", ["board"], "d")
    assert says(of, "d") == ("decided", ["none"], "")


def test_an_aggregate_that_is_open_has_bounds():
    of = table("collect", "sum")
    found = hits.answer(of, {"a": "yes", "b": "no", "c": "open", "d": "open"})
    assert (found.outputs, found.bounds) == (({"days": 5.0},), (3.0, 15.0))


def test_sums_do_not_depend_on_the_order_of_rows_or_on_binary_fractions():
    of = table("collect", "sum")
    rows = tuple(row.model_copy(update={"then": {"days": 0.1}}) for row in of.rows[:3])
    found = hits.answer(of.model_copy(update={"rows": rows}), dict.fromkeys("abc", "yes"))
    assert found.outputs == ({"days": 0.3},)


@pytest.mark.parametrize(("hit", "aggregate"), KINDS)
def test_random_tables_say_what_every_way_of_their_open_rows_agrees_on(hit: str, aggregate: str | None):
    for seed in SEEDS:
        rng = random.Random(seed)
        of = random_tables.table(rng, hit, aggregate)
        sides: Any = random_tables.sides(rng, of)
        came = [outcome(of, holding) for holding in worlds(sides)]
        found = hits.answer(of, sides)
        said: Any = list(found.outputs) if not hits.is_single(of) else found.outputs[0] if found.outputs else None
        if aggregate and said is not None:
            (said,) = said.values()
        if all(one == came[0] for one in came):
            assert found.status == ("nothing" if came[0] is None else "conflict" if came[0] == "conflict" else "decided")
            assert (said or None) == (None if came[0] in (None, "conflict") else came[0] or None)
            assert not found.open
            assert found.bounds is None
        else:
            assert found.status == "conditional"
            assert found.open
            numbers = [one for one in came if one is not None]
            assert found.bounds == ((min(numbers), max(numbers)) if aggregate else None)
        node = proof_hits.decision(of, sides)
        assert node == {
            "status": found.status,
            "rows": [row.id for row in found.rows],
            "open": [row.id for row in found.open],
            "outputs": [dict(one) for one in found.outputs],
        } | ({"bounds": list(found.bounds)} if found.bounds else {})


@pytest.mark.parametrize(("hit", "aggregate"), KINDS)
def test_a_question_is_answered_where_every_way_of_the_open_rows_agrees(hit: str, aggregate: str | None):
    for seed in SEEDS:
        rng = random.Random(seed)
        of = random_tables.table(rng, hit, aggregate)
        sides: Any = random_tables.sides(rng, of)
        for asked in questions(of):
            came = {fits(asked, outcome(of, holding)) for holding in worlds(sides)}
            expected = "open" if len(came) == 2 else "yes" if True in came else "no"
            assert proof_hits.question(of, asked, _Pack, sides) == expected  # pyright: ignore[reportArgumentType]
            for holding in worlds(sides):
                assert _follow(of, asked, holding) == fits(asked, outcome(of, holding))


class _Pack:
    limits = LIMITS


def _follow(of: OutputTable, asked: Decides, holding: list[str]) -> bool:
    """The way through the diagram of a question."""
    diagram = hits.diagram(of, asked, LIMITS)
    assert diagram is not None
    here = diagram.root
    seen: list[str] = []
    while not isinstance(here, bool):
        row, hit, miss = diagram.steps[here]
        assert row.id not in seen
        seen.append(row.id)
        here = hit if row.id in holding else miss
    return here


def test_a_sum_with_too_many_ways_to_come_out_has_no_diagram():
    of = table("collect", "sum")
    rows = tuple(of.rows[0].model_copy(update={"id": f"r{n}", "when": f"r{n}", "then": {"days": float(2**n)}}) for n in range(30))
    asked = Decides(table="t", output="days", at_most="one")
    assert hits.diagram(of.model_copy(update={"rows": rows}), asked, LIMITS) is None
