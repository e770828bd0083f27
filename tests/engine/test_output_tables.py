"""Tables of outputs from their file to the verdict: each hit policy, and what it says where inputs are not known or wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import table_packs
from gatewright.engine import proof
from gatewright.engine.errors import BadPack
from table_packs import POLICIES, decided, judged, load, table

# What the table of `table_packs` says, by policy: of high and 6 two rows hold (high, top), of high and 2 two that say
# the same (high, again), of mid and 8.5 two (top, none), of low and 1 no row.
BOARD, PEER, NONE = {"depth": "board"}, {"depth": "peer"}, {"depth": "none"}


def days(number: float) -> list[dict[str, float]]:
    return [{"days": number}]


SAYS: dict[tuple[str, str | None], tuple[Any, ...]] = {  # conflicting rows, agreeing rows, top and none, no row
    ("unique", None): ("conflict", "conflict", "conflict", []),
    ("any", None): ("conflict", [PEER], "conflict", []),
    ("first", None): ([PEER], [PEER], [BOARD], []),
    ("priority", None): ([BOARD], [PEER], [BOARD], []),
    ("rule-order", None): ([PEER, BOARD], [PEER, PEER], [BOARD, NONE], []),
    ("output-order", None): ([BOARD, PEER], [PEER, PEER], [BOARD, NONE], []),
    ("collect", None): ([PEER, BOARD], [PEER, PEER], [BOARD, NONE], []),
    ("collect", "sum"): (days(7.5), days(5), days(4), []),
    ("collect", "min"): (days(2.5), days(2.5), days(-1), []),
    ("collect", "max"): (days(5), days(2.5), days(5), []),
    ("collect", "count"): ([{"count": 2}], [{"count": 2}], [{"count": 2}], [{"count": 0}]),
}
INPUTS: tuple[dict[str, Any], ...] = (
    {"level": "high", "score": 6},
    {"level": "high", "score": 2},
    {"level": "mid", "score": 8.5},
    {"level": "low", "score": 1},
)


@pytest.mark.parametrize(("hit", "aggregate"), POLICIES)
def test_each_policy_says_what_the_standard_says_of_no_row_and_of_several(hit: str, aggregate: str | None, tmp_path: Path):
    pack = load(tmp_path, table(hit, aggregate))
    for said, wanted in zip(INPUTS, SAYS[hit, aggregate], strict=True):
        verdict = judged(pack, **said)
        found = verdict.decisions[0].answer
        assert found.status == ("conflict" if wanted == "conflict" else "decided" if wanted else "nothing"), said
        assert list(found.outputs) == ([] if wanted == "conflict" else wanted), said
        proof.replay(verdict)


# Where the score is not stated, of high the row `high` holds and all others may; of low only `top` may.
UNKNOWN: dict[tuple[str, str | None], tuple[Any, ...]] = {
    ("unique", None): ("conditional", [PEER], ["again", "top", "none"]),
    ("any", None): ("conditional", [PEER], ["top", "none"]),
    ("first", None): ("decided", [PEER], []),
    ("priority", None): ("conditional", [PEER], ["top"]),
    ("rule-order", None): ("conditional", [PEER], ["again", "top", "none"]),
    ("output-order", None): ("conditional", [PEER], ["top", "again", "none"]),
    ("collect", None): ("conditional", [PEER], ["again", "top", "none"]),
    ("collect", "sum"): ("conditional", days(2.5), ["again", "top", "none"]),
    ("collect", "min"): ("conditional", days(2.5), ["again", "top", "none"]),
    ("collect", "max"): ("conditional", days(2.5), ["again", "top", "none"]),
    ("collect", "count"): ("conditional", [{"count": 1}], ["again", "top", "none"]),
}


@pytest.mark.parametrize("score", [None, "tbd", 99, "many"], ids=["null", "placeholder", "out of range", "no number"])
@pytest.mark.parametrize(("hit", "aggregate"), POLICIES)
def test_an_input_that_is_not_known_or_out_of_range_leaves_open_what_it_may_change(
    hit: str, aggregate: str | None, score: Any, tmp_path: Path
):
    pack = load(tmp_path, table(hit, aggregate))
    said = {"level": "high"} | ({} if score is None else {"score": score})
    verdict = judged(pack, **said)
    found = verdict.decisions[0]
    status, outputs, open_rows = UNKNOWN[hit, aggregate]
    assert (found.answer.status, list(found.answer.outputs)) == (status, outputs)
    assert [row.id for row in found.answer.open] == open_rows
    assert {look.fact for look in found.needs} == ({"s.score"} if open_rows else set())
    assert verdict.facts.problems or score in (None, "tbd")
    proof.replay(verdict)


@pytest.mark.parametrize(("hit", "aggregate"), POLICIES)
def test_a_choice_that_is_none_is_no_match_but_unknown(hit: str, aggregate: str | None, tmp_path: Path):
    pack = load(tmp_path, table(hit, aggregate))
    found = decided(pack, level="extreme", score=1)
    assert found.answer.status == "conditional"
    assert {row.id for row in found.answer.open} == {"high", "again"}


@pytest.mark.parametrize(("hit", "aggregate"), [one for one in POLICIES if one[1] != "count"])
def test_what_holds_otherwise_is_said_where_no_row_does(hit: str, aggregate: str | None, tmp_path: Path):
    otherwise = {"days": 30} if aggregate else {"depth": "none"}
    pack = load(tmp_path, table(hit, aggregate, otherwise=otherwise))
    found = decided(pack, level="low", score=1).answer
    assert (found.status, list(found.outputs), found.rows) == ("decided", [otherwise], ())
    assert decided(pack, level="low").answer.status == "conditional"


def test_cells_of_every_kind_are_asked_of_their_facts(tmp_path: Path):
    rows = [
        {"id": "a", "if": {"level": "-", "day": 'date("2026-09-30")'}, "then": {"depth": "board"}},
        {"id": "b", "if": {"age": "(7..14]"}, "then": {"depth": "peer"}},
        {"id": "c", "if": {"old": True}, "then": {"depth": "none"}},
        {"id": "d", "if": {"level": ["low", "mid"], "score": "< 1, > 9"}, "then": {"depth": "none"}},
        {"id": "e", "then": {"depth": "none"}},
    ]
    pack = load(tmp_path, table("rule-order", rows=rows))
    rest = {"level": "high", "score": 5, "day": "2026-01-01", "age": "1 day"}
    for said, hit in [
        ({}, "e"),
        ({"day": "2026-09-30"}, "ae"),
        ({"age": "7 days"}, "e"),
        ({"age": "2 weeks"}, "be"),
        ({"age": "5 weeks"}, "ce"),
        ({"level": "mid", "score": 0.5}, "de"),
    ]:
        assert "".join(row.id for row in decided(pack, **rest | said).answer.rows) == hit


def test_several_columns_are_given_together(tmp_path: Path):
    rows = [
        {"id": "a", "if": {"level": "high"}, "then": {"depth": "peer", "days": 5}},
        {"id": "b", "if": {"score": "> 5"}, "then": {"depth": "peer", "days": 3}},
        {"id": "c", "if": {"score": "> 9"}, "then": {"depth": "board", "days": 1}},
    ]
    outputs = table_packs.DEPTH | table_packs.DAYS
    first, last = {"depth": "peer", "days": 5}, {"depth": "board", "days": 1}
    pack = load(tmp_path / "priority", table("priority", outputs=outputs, rows=rows))
    assert list(decided(pack, level="high", score=7).answer.outputs) == [first]  # numbers don't rank: the earlier row counts
    assert list(decided(pack, level="high", score=9.5).answer.outputs) == [last]
    pack = load(tmp_path / "any", table("any", outputs=outputs, rows=rows))
    assert decided(pack, level="high", score=7).answer.status == "conflict"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"level": "high", "score": 2}, "met"),
        ({"level": "low", "score": 6}, "unmet"),
        ({"level": "low", "score": 1}, "unmet"),
        ({"level": "low"}, "unmet"),  # whatever the score is, the table never says `peer` of low
        ({"level": "high"}, "met"),
        ({"score": 2}, "unknown"),
    ],
)
def test_a_criterion_asks_a_table_and_is_unknown_only_where_the_answer_is_open(said: Any, status: str, tmp_path: Path):
    pack = load(tmp_path, table("first"), [{"table": "review", "any_of": ["peer"]}])
    verdict = judged(pack, **said)
    (found,) = verdict.gates[0].exit
    assert found.status == status
    assert status == "met" or {missing.fact for missing in verdict.missing} <= {"s.level", "s.score"}
    proof.replay(verdict)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"hit": "some"}, "Input should be 'unique'"),
        ({"hit": "priority", "outputs": table_packs.DAYS, "rows": [{"id": "a", "then": {"days": 1}}]}, "no output of `review`"),
        ({"aggregate": "sum"}, "goes with `hit: collect`"),
        ({"hit": "collect", "aggregate": "sum"}, "takes one output, which is a number"),
        ({"hit": "collect", "aggregate": "count", "otherwise": {"depth": "none"}}, "no row counts as 0"),
        ({"rows": [{"id": "a", "if": {"level": "extreme"}, "then": {"depth": "none"}}]}, "extreme is no choice"),
        ({"rows": [{"id": "a", "if": {"score": "high"}, "then": {"depth": "none"}}]}, "holds a text, and the fact is a number"),
        ({"rows": [{"id": "a", "if": {"score": "1 + 1"}, "then": {"depth": "none"}}]}, "nothing is calculated"),
        ({"rows": [{"id": "a", "if": {"old": "high"}, "then": {"depth": "none"}}]}, "is a signal"),
        ({"rows": [{"id": "a", "if": {"sky": "-"}, "then": {"depth": "none"}}]}, "has no input `sky`"),
        ({"rows": [{"id": "a", "then": {"depth": "deep"}}]}, "is no value of `depth`"),
        ({"rows": [{"id": "a", "then": {}}]}, "gives no `depth`"),
        ({"rows": [{"id": "a", "when": "old", "then": {"depth": "none"}}]}, "make the signal an input"),
        ({"inputs": {"age": {"fact": "s.age"}}}, "has to name its unit"),
        ({"inputs": {"level": {"fact": "s.lvl"}}}, "no fact is called `s.lvl`"),
    ],
)
def test_a_table_that_can_not_be_right_is_refused_with_its_place(changes: Any, says: str, tmp_path: Path):
    with pytest.raises(BadPack) as refused:
        load(tmp_path, table("first") | changes)
    problem = next(one for one in refused.value.problems if says in one.what)
    assert problem.place
    assert problem.file.endswith("review.yaml")
    assert problem.help
