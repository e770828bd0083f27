"""Every operator: met, unmet and unknown, what it looked at and where; and that it never answers on what is not known."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import random_packs
from gatewright.engine import conditions, document, facts
from gatewright.engine.conditions import OPERATORS, Answer, answer, variation
from gatewright.engine.pack import Pack
from gatewright.engine.pack_check import argument_problem
from gatewright.engine.pack_conditions import Leaf
from hypothesis import given
from hypothesis import strategies as st

PACK = Pack.model_validate(
    random_packs.base()
    | {
        "gates": [],
        "signals": [],
        "tables": [],
        "antipatterns": [],
        "checklists": [],
        "sections": [
            {
                "id": "s",
                "gate": "g",
                "title": "S",
                "facts": {
                    path: {"path": path, **random_packs.SAID, **fact}
                    | {"fields": {name: inner | {"path": f"{path}[].{name}"} for name, inner in fact.get("fields", {}).items()}}
                    for path, fact in random_packs.FACTS.items()
                },
            }
        ],
    }
)


def ask(condition: dict[str, Any], said: dict[str, Any], *, assumptions: bool = True) -> Answer:
    doc = document.read(json.dumps(said, indent=1).encode(), "delivery.json")
    return answer(Leaf.model_validate(condition), facts.read(doc, PACK, assumptions=assumptions), PACK)


def rows(*values: dict[str, Any]) -> dict[str, Any]:
    return {"s": {"rows": list(values)}}


def windows(*values: Any) -> dict[str, Any]:
    return rows(
        *({"name": f"w{n}", "group": "auc"} | ({} if value is None else {"value": value}) for n, value in enumerate(values))
    )


VALUE = "s.rows[].value"
LEAST, MOST = {"count": {"from": "some", "at_least": "two"}}, {"count": {"from": "some", "at_most": "two"}}
VARIES = {"varies": {"by": "s.rows[].group", "from": "tenth", "over": "three"}}
CASES: list[tuple[dict[str, Any], Any, Any, Any]] = [  # condition, and what is said where it is met, unmet and unknown
    ({"fact": "s.text"}, {"s": {"text": "one"}}, None, {"s": {"text": "tbd"}}),
    (
        {"fact": "s.targets", "measurable": True},
        {"s": {"targets": ["auc >= 0.8"]}},
        {"s": {"targets": ["auc >= 0.8", "good"]}},
        {},
    ),
    ({"fact": "s.owner", "named": True}, {"s": {"owner": "ana"}}, {"s": {"owner": "Everyone."}}, {"s": {"owner": ""}}),
    ({"fact": "s.text", "pinned": True}, {"s": {"text": "v4"}}, {"s": {"text": "model:Latest"}}, {}),
    ({"fact": "s.choice", "is": "high"}, {"s": {"choice": "high"}}, {"s": {"choice": "low"}}, {"s": {"choice": "middling"}}),
    ({"fact": "s.choice", "cell": "high"}, {"s": {"choice": "high"}}, {"s": {"choice": "low"}}, {"s": {"choice": "middling"}}),
    ({"fact": "s.number", "cell": "[1..2)"}, {"s": {"number": 1}}, {"s": {"number": 2}}, {"s": {"number": "tbd"}}),
    ({"fact": "s.number", "at_least": "some"}, {"s": {"number": 1}}, {"s": {"number": 0.99}}, {"s": {"number": "one"}}),
    ({"fact": "s.number", "at_most": "some"}, {"s": {"number": 1}}, {"s": {"number": 1.01}}, {}),
    (
        {"fact": "s.texts", "found_in": "s.rows[].name"},
        {"s": {"texts": ["w0"], "rows": [{"name": "w0"}]}},
        {"s": {"texts": ["w0", "w9"], "rows": [{"name": "w0"}]}},
        {"s": {"texts": ["w9"], "rows": [{"name": "w0"}, {"value": 1}]}},
    ),
    (
        {"fact": "s.texts", "apart_from": "s.text"},
        {"s": {"texts": ["one"], "text": "two"}},
        {"s": {"texts": ["one", "Two"], "text": "two"}},
        {"s": {"texts": ["one"]}},
    ),
    ({"fact": "s.choices", "includes": ["a", "b"]}, {"s": {"choices": ["a", "b", "c"]}}, {"s": {"choices": ["a"]}}, {}),
    ({"fact": "s.choices", "any_of": ["a", "b"]}, {"s": {"choices": ["b", "c"]}}, {"s": {"choices": ["c"]}}, {}),
    ({"fact": "s.choices", "none_of": ["a", "b"]}, {"s": {"choices": ["c"]}}, {"s": {"choices": ["c", "b"]}}, {}),
    ({"fact": VALUE, "some_from": "some"}, windows(0, 1, None), windows(0, 0.5), windows(0, None)),
    ({"fact": VALUE, **LEAST}, windows(1, 2, None), windows(1, 0, 0), windows(1, None)),
    ({"fact": VALUE, **MOST}, windows(1, 2, 0), windows(1, 2, 3, None), windows(1, 1, None)),
    ({"fact": VALUE, **VARIES}, windows(1, 1, 2), windows(1, 1, 1.01), windows(1, 1)),
    ({"fact": "s.owner", "without": "named"}, {}, {"s": {"owner": "ana"}}, None),
]
EVERY = [
    (condition, said, status)
    for condition, *all_said in CASES
    for said, status in zip(all_said, ("met", "unmet", "unknown"), strict=True)
    if said is not None
]


def test_every_operator_has_its_cases():
    assert {next(iter(condition.keys() - {"fact"}), "stated") for condition, *_ in CASES} == set(OPERATORS)


@pytest.mark.parametrize(("condition", "said", "status"), EVERY, ids=lambda value: json.dumps(value)[:60])
def test_the_operator_answers(condition: dict[str, Any], said: dict[str, Any], status: str):
    assert ask(condition, said).status == status


@pytest.mark.parametrize(("condition", "said", "status"), EVERY, ids=lambda value: json.dumps(value)[:60])
def test_an_answer_names_what_it_looked_at_and_where(condition: dict[str, Any], said: dict[str, Any], status: str):
    found = ask(condition, said)
    assert found.looked
    related = {condition["fact"], condition["fact"].partition("[]")[0], "s.text", "s.rows", "s.rows[].name", "s.rows[].group"}
    assert {look.fact for look in found.looked} <= related
    lines = json.dumps(said, indent=1).splitlines()
    for look in found.looked:
        assert 1 <= look.place.line <= len(lines)
        if look.state == "stated" and look.shown and "," not in look.shown:
            below = "\n".join(lines[look.place.line - 1 : look.place.line + 1])
            assert look.shown.casefold() in below.casefold(), look


@pytest.mark.parametrize(
    ("condition", "said", "status"), [case for case in EVERY if "without" not in case[0]], ids=lambda v: json.dumps(v)[:60]
)
def test_unmet_points_at_the_contradiction_and_unknown_at_what_is_not_known(condition: Any, said: Any, status: str):
    found = ask(condition, said)
    if status == "unmet":
        assert [look for look in found.looked if look.against and look.says]
    elif status == "unknown":
        assert [look for look in found.looked if look.state != "stated" and look.says]
        assert not [look for look in found.looked if look.against]


@pytest.mark.parametrize("condition", [condition for condition, *_ in CASES if "without" not in condition], ids=json.dumps)
@pytest.mark.parametrize(
    "said", [{}, {"s": {}}, {"s": {"rows": [], "text": "tbd"}}, {"s": {"rows": "tbd", "number": "tbd"}}], ids=json.dumps
)
def test_where_nothing_is_known_the_answer_is_unknown(condition: dict[str, Any], said: dict[str, Any]):
    assert ask(condition, said).status == "unknown"


@pytest.mark.parametrize("status", ["met", "unmet", "unknown"])
def test_without_is_met_unless_the_inner_question_is(status: str):
    said = {
        "met": {"texts": ["w1"], "rows": [{"name": "w1"}]},
        "unmet": {"texts": ["w9"], "rows": [{"name": "w1"}]},
        "unknown": {},
    }[status]
    inner = {"fact": "s.texts", "found_in": "s.rows[].name"}
    turned = {"fact": "s.texts", "without": {"found_in": "s.rows[].name"}}
    assert ask(inner, {"s": said}).status == status
    assert ask(turned, {"s": said}).status == ("unmet" if status == "met" else "met")


# --- assumptions

ASSUMED = {"assumptions": [{"fact": "s.number", "value": 1, "reason": "as last time", "owner": "ana"}]}


def test_an_assumed_fact_counts_and_the_answer_says_that_it_is_assumed():
    found = ask({"fact": "s.number", "at_least": "some"}, ASSUMED)
    assert (found.status, found.assumed) == ("met", True)


def test_an_assumption_is_unknown_where_assumptions_do_not_count():
    found = ask({"fact": "s.number", "at_least": "some"}, ASSUMED, assumptions=False)
    assert (found.status, found.looked[0].says) == ("unknown", "is an assumption, and assumptions don't count here")


# --- a choice in place of records


@pytest.mark.parametrize(
    "condition",
    [
        {"fact": VALUE, "at_most": "many"},
        {"fact": VALUE, **LEAST},
        {"fact": VALUE, **MOST},
        {"fact": VALUE, **VARIES},
        {"fact": VALUE, "some_from": "some"},
    ],
    ids=json.dumps,
)
def test_a_choice_stated_in_place_of_records_holds_no_number(condition: dict[str, Any]):
    found = ask(condition, {"s": {"rows": "calm"}})
    assert found.status == "unmet"
    assert found.looked[0].fact == "s.rows"


def test_records_in_place_of_a_choice_are_not_that_choice():
    found = ask({"fact": "s.rows", "is": "rough"}, windows(1))
    assert (found.status, found.looked[0].says) == ("unmet", "is measured, not stated")


# --- counts and variation


def test_a_count_without_records_is_unknown_even_where_few_are_enough():
    assert ask({"fact": VALUE, **MOST}, {}).status == "unknown"
    assert ask({"fact": VALUE, **LEAST}, {}).status == "unknown"


def test_records_without_a_label_do_not_shorten_a_count():
    same = {"group": "auc", "value": 1}
    assert ask({"fact": VALUE, **MOST}, rows(*({"name": f"w{n}", **same} for n in range(3)))).status == "unmet"
    assert ask({"fact": VALUE, **MOST}, rows(same, same, same)).status == "unknown"


def test_a_label_that_stands_twice_counts_once():
    assert ask({"fact": VALUE, **LEAST}, rows({"name": "w", "value": 1}, {"name": "w", "value": 2})).status == "unmet"


def test_variation_is_not_judged_while_a_value_of_the_metric_is_unknown():
    calm = [1.0] * 10 + [0.8]
    assert ask({"fact": VALUE, **VARIES}, windows(*calm)).status == "unmet"
    assert ask({"fact": VALUE, **VARIES}, windows(1.0, 1.0, 0.8, *[None] * 8)).status == "unknown"


def test_a_metric_whose_values_are_all_known_decides_though_another_lacks_some():
    rough = [{"name": f"a{n}", "group": "auc", "value": value} for n, value in enumerate([1, 1, 2])]
    assert ask({"fact": VALUE, **VARIES}, rows(*rough, {"name": "r", "group": "recall"})).status == "met"
    assert ask({"fact": VALUE, **VARIES}, rows(*rough, {"name": "r", "value": 1})).status == "unknown"


def test_too_few_runs_say_how_many_are_needed():
    assert ask({"fact": VALUE, **VARIES}, windows(1, 2)).looked[0].says == "`auc` has 2 of the 3 runs that are needed"


@pytest.mark.parametrize(
    ("values", "wanted"), [([1.0, 1.0], 0.0), ([0.0, 0.0], 0.0), ([-1.0, 1.0], float("inf")), ([1.0, 3.0], 2**0.5 / 2)]
)
def test_variation_is_the_sample_deviation_over_the_absolute_mean(values: list[float], wanted: float):
    assert variation(values) == pytest.approx(wanted)


# --- the property: what is not known decides nothing


def cuts(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same with one fact, or one field of a record, taken away."""
    for key, value in said["s"].items():
        less = copy.deepcopy(said)
        del less["s"][key]
        yield less
        if isinstance(value, list):
            for number, row in enumerate(value):
                for field in row if isinstance(row, dict) and len(row) > 1 else ():
                    less = copy.deepcopy(said)
                    del less["s"][key][number][field]
                    yield less


ASKED = [Leaf.model_validate(condition) for condition in random_packs.LEAVES]
TURNED = [Leaf.model_validate(condition) for condition in random_packs.WITHOUT]


def statuses(leaves: list[Leaf], said: dict[str, Any]) -> list[str]:
    found = random_packs.read(said, PACK)
    return [answer(leaf, found, PACK).status for leaf in leaves]


@given(said=random_packs.deliveries)
def test_taking_a_fact_away_only_turns_an_answer_into_unknown(said: dict[str, Any]):
    before = statuses(ASKED, said)
    for less in cuts(said):
        for leaf, was, now in zip(ASKED, before, statuses(ASKED, less), strict=True):
            assert now in (was, "unknown"), (leaf, less)


def test_taking_facts_away_one_after_the_other_only_turns_answers_into_unknown():
    rng = random.Random(5)
    for _ in range(150):
        said = random_packs.delivery(rng)
        condition = rng.choice([leaf for leaf in random_packs.LEAVES if "count" in leaf or "varies" in leaf])
        status = ask(condition, said).status
        while less := list(cuts(said)):
            said = rng.choice(less)
            now = ask(condition, said).status
            assert now in (status, "unknown")
            status = now


@given(said=random_packs.deliveries)
def test_without_turns_from_met_to_unmet_only_by_stating_something(said: dict[str, Any]):
    before = statuses(TURNED, said)
    for less in cuts(said):
        for leaf, was, now in zip(TURNED, before, statuses(TURNED, less), strict=True):
            assert was == "unmet" or now == "met", (leaf, less)


# --- arguments


@pytest.mark.parametrize("condition", [*random_packs.LEAVES, *random_packs.WITHOUT], ids=json.dumps)
def test_a_right_argument_is_no_problem(condition: dict[str, Any]):
    leaf = Leaf.model_validate(condition)
    assert argument_problem(leaf, PACK.facts[leaf.fact], PACK) == ""


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"fact": "s.text", "stated": False}, "it takes `true`"),
    ({"fact": "s.text", "measurable": True}, "of the type thresholds"),
    ({"fact": "s.choice", "is": ["low"]}, "it takes one choice"),
    ({"fact": "s.choice", "is": "medium"}, "medium is no choice"),
    ({"fact": "s.choices", "includes": "a"}, "it takes a list"),
    ({"fact": "s.choices", "any_of": []}, "it takes a list"),
    ({"fact": "s.choices", "none_of": ["a", {"b": 1}]}, "is no choice"),
    ({"fact": "s.texts", "found_in": ["s.text"]}, "no fact is called"),
    ({"fact": "s.texts", "apart_from": "s.texts"}, "with itself"),
    ({"fact": "s.text", "at_least": "some"}, "has to be a number"),
    ({"fact": "s.number", "at_most": ["some"]}, "no limit is called"),
    ({"fact": "s.number", "some_from": 5}, "no limit is called"),
    ({"fact": "s.number", **LEAST}, "a field of records"),
    ({"fact": VALUE, "count": {"from": "some"}}, "it takes `at_least` and `from`, or `at_most` and `from`"),
    ({"fact": VALUE, "count": {"from": "some", "at_least": []}}, "`at_least` names no limit"),
    ({"fact": VALUE, "varies": {"by": "s.text", "from": "some", "over": "two"}}, "no field of the same records"),
    ({"fact": VALUE, "varies": {"by": {}, "from": "some", "over": "two"}}, "no field of the same records"),
    ({"fact": "s.number", "cell": "high"}, "holds a text, and the fact is a number"),
    ({"fact": "s.choice", "cell": "medium"}, "medium is no choice of the fact"),
    ({"fact": "s.targets", "cell": "high"}, "of the type thresholds are not compared"),
    ({"fact": "s.age", "cell": "> 30"}, 'compared as in `{test: "> 30", in: days}`'),
    ({"fact": "s.number", "cell": {"test": "> 30", "in": "days"}}, "only a duration has `in`"),
    ({"fact": "s.text", "without": "without"}, "no operator is called `without`"),
    ({"fact": "s.text", "without": []}, "no operator is called"),
    ({"fact": "s.text", "without": {}}, "it takes one operator"),
    ({"fact": "s.text", "without": {"is": "x", "named": True}}, "it takes one operator"),
    ({"fact": "s.choice", "without": {"is": "x"}}, "x is no choice"),
    ({"fact": "s.text", "vibes": True}, "no operator is called `vibes`"),
]


@pytest.mark.parametrize(("condition", "says"), WRONG, ids=lambda value: json.dumps(value)[:50])
def test_a_wrong_argument_is_named(condition: dict[str, Any], says: str):
    leaf = Leaf.model_validate(condition)
    assert says in argument_problem(leaf, PACK.facts[leaf.fact], PACK)


@given(
    argument=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["some", "s.text", "a"]),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["from", "by", "at_least", "over", "is"]), inner)
        ),
    ),
    operator=st.sampled_from(sorted(OPERATORS)),
    fact=st.sampled_from(sorted(PACK.facts)),
)
def test_an_argument_that_is_no_problem_can_be_asked(argument: Any, operator: str, fact: str):
    leaf = Leaf(fact=fact, operator=operator, argument=argument)
    if not argument_problem(leaf, PACK.facts[fact], PACK):
        for seed in range(3):
            said = random_packs.delivery(random.Random(seed))
            assert answer(leaf, random_packs.read(said, PACK), PACK).status in ("met", "unmet", "unknown")


@pytest.mark.parametrize("said", ["1.1 days", "26.4 hours", "1 day 144 minutes"])
def test_a_duration_is_compared_as_it_is_written_in_whichever_unit(said: str):
    for test, status in [("1.1", "met"), ("<= 1.1", "met"), ("> 1.1", "unmet"), ("[1.1..2]", "met"), ("< 1.1", "unmet")]:
        assert ask({"fact": "s.age", "cell": {"test": test, "in": "days"}}, {"s": {"age": said}}).status == status


@pytest.mark.parametrize("argument", [None, 1, [], "", "1..2", {}, {"test": 1}, {"test": "1", "in": "years"}, {"in": "days"}])
def test_what_is_no_cell_is_a_problem_and_never_asked(argument: Any):
    leaf = Leaf(fact="s.age", operator="cell", argument=argument)
    assert argument_problem(leaf, PACK.facts["s.age"], PACK)


def test_a_limit_in_seconds_is_said_in_words(tmp_path: Path):
    said = random_packs.base()["limits"]["some"] | {"value": 86400, "unit": "seconds (1 day)"}
    pack = PACK.model_copy(update={"limits": PACK.limits | {"some": type(PACK.limits["some"]).model_validate(said)}})
    found = random_packs.read({"s": {"number": 1}}, pack)
    assert (
        conditions.answer(Leaf(fact="s.number", operator="at_least", argument="some"), found, pack).looked[0].says
        == "is less than 1 day"
    )
