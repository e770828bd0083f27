"""A document against the vocabulary: states, places, problems, and what does not count."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Iterator

import pytest
import tomli_w
import yaml
from fact_files import ORDER, TURNED, at, holder, only, pack, read, sequenced, whole
from gatewright.engine import document, facts
from gatewright.engine.facts import Facts
from gatewright.engine.measures import Threshold
from hypothesis import given, settings
from hypothesis import strategies as st

# --- states and places


def test_a_stated_fact_has_the_place_of_its_key_and_its_items_their_own() -> None:
    found = read("use_case:\n  users: [loan officers,\n    auditors]\n").plain["use_case.users"]
    assert (found.state, at(found.place), found.known) == ("stated", (2, 3), True)
    assert [(item.shown, at(item.place)) for item in found.items] == [("auditors", (3, 5)), ("loan officers", (2, 11))]


@pytest.mark.parametrize(
    "text",
    [
        "TBD",
        "tbd.",
        "TODO",
        "'todo: ask Ana'",
        "'?'",
        "'???'",
        "n/a",
        "N/A",
        "''",
        "'  '",
        "...",
        "'…'",
        "'-'",
        "to be decided",
        "'<owner>'",
        "'{{ owner }}'",
        "null",
        "~",
        "",
        "{}",
        "[]",
        "Unknown",
        "'TBD!'",
        "'\u200b'",
        "'TBD\u200b'",
        "'\u202eTBD'",
        "'\ufeff'",
    ],
)
def test_what_stands_for_nothing_counts_as_not_stated(text: str) -> None:
    found = read(f"use_case:\n  owner: {text}\n")
    assert found.problems == ()
    assert (found.plain["use_case.owner"].state, at(found.plain["use_case.owner"].place)) == ("placeholder", (2, 3))
    assert not found.plain["use_case.owner"].known


@pytest.mark.parametrize("text", ["[TBD, '']", "[~]", "[[], {}]"])
def test_a_list_of_nothing_but_placeholders_is_one(text: str) -> None:
    assert read(f"use_case:\n  users: {text}\n").plain["use_case.users"].state == "placeholder"
    assert read(f"lineage:\n  datasets: {text}\n").plain["lineage.datasets"].state == "placeholder"


def test_a_list_with_a_placeholder_in_it_is_unfinished_and_counts_as_not_stated() -> None:
    found = read("use_case: {users: [TBD, ana]}").plain["use_case.users"]
    assert (found.state, found.known, found.items) == ("placeholder", False, ())


@pytest.mark.parametrize("unfinished", ["TBD", "", "{}", "{name: TBD}"])
def test_a_record_that_states_nothing_beside_one_that_does_is_unfinished(unfinished: str) -> None:
    found = read(f"lineage:\n  datasets:\n    - {{name: loans}}\n    - {unfinished}\n")
    assert sorted(row["name"].state == "stated" for row in found.records["lineage.datasets"]) == [False, True]
    assert read(f"lineage:\n  datasets:\n    - {unfinished}\n").plain["lineage.datasets"].state == "placeholder"


def test_a_star_in_a_placeholder_is_the_only_character_that_stands_for_others() -> None:
    changed = pack().model_copy(update={"placeholders": ("[*]", "a?c")})
    found = facts.read(document.read(b"use_case: {owner: '[x]', objective: abc, users: [x]}", "a.yaml"), changed)
    assert [found.plain[f"use_case.{name}"].state for name in ("owner", "objective", "users")] == [
        "placeholder",
        "stated",
        "stated",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("delivery: {model: x}\n", (1, 1)),
        ("\nuse_case:\n  owner: x\n", (2, 1)),
        ("use_case:\n  business:\n    targets: []\n", (2, 3)),
        ("use_case:\n  business: TBD\n", (2, 3)),
        ("use_case: TBD\n", (1, 1)),
        ("x: 1\nuse_case:\n", (2, 1)),
    ],
)
def test_a_missing_fact_has_the_place_of_the_nearest_section_that_is_written(text: str, place: tuple[int, int]) -> None:
    found = read(text).plain["use_case.business.cost_of_error"]
    assert (found.state, at(found.place)) == ("missing", place)


def test_a_missing_field_has_the_place_of_its_record_and_its_name() -> None:
    (row,) = read("lineage:\n  datasets:\n    - name: loans\n").records["lineage.datasets"]
    assert (row["owner"].state, at(row["owner"].place), row["owner"].within) == ("missing", (3, 7), "loans")


def test_a_fact_that_cannot_be_read_is_invalid_and_does_not_count() -> None:
    found = read("use_case:\n  risk: {impact: huge}\n").plain["use_case.risk.impact"]
    assert (found.state, found.known, found.items) == ("invalid", False, ())


def test_one_wrong_item_makes_the_whole_list_invalid() -> None:
    assert read("use_case: {risk: {factors: [credit, kredit, rights]}}").plain["use_case.risk.factors"].state == "invalid"


def test_a_single_value_where_a_list_is_meant_is_a_list_of_one() -> None:
    assert [item.shown for item in read("use_case: {users: ana}").plain["use_case.users"].items] == ["ana"]


def test_a_threshold_is_read_and_one_that_is_not_measurable_keeps_its_reason() -> None:
    good, bad = read("use_case: {success_metrics: ['auc >= 0.8', good accuracy]}").plain["use_case.success_metrics"].items
    assert (good.value, good.name, good.flaw) == (Threshold("auc", ">=", 0.8), "auc", "")
    assert (bad.value, bad.name, bad.flaw) == (None, "good accuracy", "has no number")


def test_a_version_written_as_a_number_keeps_its_zeros() -> None:
    for ending, text in (
        ("yaml", "delivery: {version: 1.10}"),
        ("json", '{"delivery": {"version": 1.10}}'),
        ("toml", "delivery.version = 1.10"),
    ):
        assert read(text, ending).plain["delivery.version"].items[0].shown == "1.10"


def test_numbers_durations_and_shares_are_numbers() -> None:
    found = read(
        "training: {failure: {max_reruns: 2.0}}\n"
        "serving:\n  rollback: {within: 15 minutes}\n  rollout:\n    steps: [{name: a, traffic: 5%}]\n"
    )
    assert found.plain["training.failure.max_reruns"].items[0].value == 2.0
    assert found.plain["serving.rollback.within"].items[0].value == 900.0
    assert found.records["serving.rollout.steps"][0]["traffic"].items[0].value == 0.05


# --- keys


@pytest.mark.parametrize(
    ("text", "what", "place", "mend"),
    [
        ("use_cas: {owner: x}", "no fact is called `use_cas`", (1, 1), "did you mean `use_case`?"),
        ("Use-Case: {owner: x}", "no fact is called `Use-Case`", (1, 1), "did you mean `use_case`?"),
        ("USE CASE: {owner: x}", "no fact is called `USE CASE`", (1, 1), "did you mean `use_case`?"),
        ("use_case:\n  busness: {}", "no fact is called `use_case.busness`", (2, 3), "did you mean `business`?"),
        ("use_case:\n  ownr: x", "no fact is called `use_case.ownr`", (2, 3), "did you mean `owner`?"),
        (
            "use_case:\n  business:\n    target: [x]",
            "no fact is called `use_case.business.target`",
            (3, 5),
            "did you mean `targets`?",
        ),
        (
            "lineage:\n  datasets:\n    - name: x\n      ownr: y",
            "a record of `lineage.datasets` has no key `ownr`",
            (4, 7),
            "did you mean `owner`?",
        ),
        (
            "use_case:\n  runbook: x",
            "no fact is called `use_case.runbook`",
            (2, 3),
            "the fact of this name is `operations.runbook`",
        ),
        ("use_case:\n  colour: x", "no fact is called `use_case.colour`", (2, 3), "known here: `objective`, `users`"),
        ("use_case.owner: x", "`use_case.owner` is written as one key", (1, 1), "write it as nested keys: `use_case:` `owner:`"),
        ("use_case:\n  business.targets: x", "`business.targets` is written as one key", (2, 3), "`business:` `targets:`"),
        ("use_case:\n  <<: {}", "no fact is called `use_case.<<`", (2, 3), "merge keys are not read here"),
        ("? \n: x", "no fact is called ``", (1, 2), "known here: `delivery`"),
        ("1: x", "no fact is called `1`", (1, 1), "known here: `delivery`"),
        ("assumption: []", "no fact is called `assumption`", (1, 1), "did you mean `assumptions`?"),
        (
            "assumptions:\n  - {fact: use_case.owner, value: a, reason: b, owner: c, why: d}",
            "an assumption has no key `why`",
            (2, 59),
            "known here: `fact`",
        ),
        (
            "assumptions:\n  - {fact: use_case.owner, value: a, reason: b, owner: c, reasn: d}",
            "an assumption has no key `reasn`",
            (2, 59),
            "mean `reason`?",
        ),
        (
            "sequence:\n  requestedby: x\n  order: []",
            "`sequence` has no key `requestedby`",
            (2, 3),
            "did you mean `requested_by`?",
        ),
    ],
)
def test_an_unknown_key_is_told_at_every_level(text: str, what: str, place: tuple[int, int], mend: str) -> None:
    problem = next(problem for problem in read(text).problems if problem.code == "unknown-fact")
    assert (problem.what, at(problem.place)) == (what, place)
    assert mend in problem.help


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ("[1]", "a fact file is a mapping of sections, and here is a list", (1, 1)),
        ("just words", "a fact file is a mapping of sections, and here is a text", (1, 1)),
        ("5", "a fact file is a mapping of sections, and here is a number", (1, 1)),
        ("use_case: yes please", "`use_case` is a group of facts, and here is a text", (1, 1)),
        ("use_case:\n  risk: high", "`use_case.risk` is a group of facts, and here is a text", (2, 3)),
        ("use_case:\n  risk: [high]", "`use_case.risk` is a group of facts, and here is a list", (2, 3)),
        ("use_case:\n  owner: [a, b]", "`use_case.owner` takes a single value, and here is a list", (2, 3)),
        ("use_case:\n  users: {a: b}", "`use_case.users` takes a list of single values, and here is a mapping", (2, 3)),
        ("use_case:\n  users: [a, [b]]", "`use_case.users` takes a text, and here is a list", (2, 14)),
        ("use_case:\n  owner: false", "`use_case.owner` takes a person or role, and here is `false`", (2, 10)),
        ("lineage:\n  datasets: x", "`lineage.datasets` takes a list of records, and here is a text", (2, 3)),
        ("lineage:\n  datasets: {name: x}", "`lineage.datasets` takes a list of records, and here is a mapping", (2, 3)),
        ("lineage:\n  datasets: [{name: a}, b]", "`lineage.datasets` takes records, and here is a text", (2, 25)),
        (
            "training:\n  failure: {max_reruns: 1.5}",
            "`training.failure.max_reruns` takes a whole number, and here is `1.5`",
            (2, 25),
        ),
        (
            "training:\n  failure: {max_reruns: '2'}",
            "`training.failure.max_reruns` takes a whole number, and here is the text `2`",
            (2, 25),
        ),
        ("serving:\n  rollback: {within: soon}", "`serving.rollback.within` is `soon`, which is no length of time", (2, 22)),
        ("assumptions: none at all", "`assumptions` is a list of records, and here is a text", (1, 1)),
        ("sequence: [1, 2]", "`sequence` takes `order`, `requested_by`, `reason`, and here is a list", (1, 1)),
    ],
)
def test_a_wrong_type_is_told_in_one_sentence(text: str, what: str, place: tuple[int, int]) -> None:
    problem = only(text)
    assert (problem.what, at(problem.place)) == (what, place)
    assert problem.help


def test_a_boolean_that_is_meant_as_text_is_told_to_be_put_in_quotes() -> None:
    assert only("use_case: {owner: true}").help.endswith("put `true` in quotes if it is meant as text")


def test_every_wrong_record_is_told_and_the_fields_of_the_others_too() -> None:
    problems = read("lineage:\n  datasets:\n    - x\n    - {name: a, ownr: b}\n    - 5\n").problems
    assert [at(problem.place) for problem in problems] == [(3, 7), (4, 17), (5, 7)]


# --- a choice, or records in its place


def test_a_stated_choice_stands_in_for_records() -> None:
    found = read("training: {evaluation: {stability: unstable}}\nretraining: {drift: {observed: none}}")
    for path, choice in (("training.evaluation.stability", "unstable"), ("retraining.drift.observed", "none")):
        assert (found.plain[path].state, found.plain[path].measured, found.plain[path].items[0].value) == (
            "stated",
            False,
            choice,
        )
        assert path not in found.records
        assert [fact.path for fact in found.at(path + "[]." + next(iter(pack().facts[path].fields)))] == [path]


def test_records_in_place_of_a_choice_are_measured() -> None:
    found = read("training: {evaluation: {stability: [{run: a, metric: auc, value: 0.8}, {run: b, metric: auc, value: 0.9}]}}")
    fact = found.plain["training.evaluation.stability"]
    assert (fact.state, fact.measured, fact.items) == ("stated", True, ())
    assert [row.items[0].value for row in found.at("training.evaluation.stability[].value")] == [0.8, 0.9]


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("TBD", "placeholder"),
        ("[]", "placeholder"),
        ("[{}]", "placeholder"),
        ("5", "invalid"),
        ("true", "invalid"),
        ("stabel", "invalid"),
        ("[x]", "invalid"),
        ("{run: a}", "invalid"),
    ],
)
def test_what_is_neither_choice_nor_records_is_not_stated(written: str, state: str) -> None:
    found = read(f"training: {{evaluation: {{stability: {written}}}}}")
    assert found.plain["training.evaluation.stability"].state == state
    assert len(found.problems) == (state == "invalid")
    assert "training.evaluation.stability" not in found.records or not found.records["training.evaluation.stability"]


def test_the_choices_are_offered_where_records_are_wrong() -> None:
    assert "stable, unstable" in only("training: {evaluation: {stability: 5}}").help


# --- references

LINEAGE = "lineage:\n  datasets: [{name: loans}, {name: income}]\n  features:\n    - name: ratio\n      derives_from: "


def test_a_reference_to_something_declared_is_no_problem() -> None:
    assert read(LINEAGE + "[loans, income]").problems == ()


def test_a_reference_to_nothing_declared_is_told_at_its_place_with_the_nearest_name() -> None:
    problem = only(LINEAGE + "[loans, incom]")
    assert (problem.code, at(problem.place), problem.help) == ("bad-reference", (5, 29), "did you mean `income`?")
    assert problem.what == "`incom` in `lineage.features[].derives_from` is not declared in `lineage.datasets[].name`"


def test_a_reference_like_no_name_is_told_with_the_names_there_are() -> None:
    assert only(LINEAGE + "zzz").help == "known are: `income`, `loans`"


def test_where_nothing_is_declared_yet_a_reference_is_not_a_problem() -> None:
    assert read("lineage: {features: [{name: a, derives_from: [b]}]}").problems == ()


# --- all problems, in order, and what changes nothing


def test_all_problems_are_told_in_one_run_by_place() -> None:
    text = (
        "sequence: {order: [1]}\nuse_case: {ownr: x, risk: {impact: huge}}\nuse_case: {}\nlineage:\n  datasets: [{name: a}]\n"
        "  features: [{name: f, derives_from: [zz]}]\nserving: {rollback: {within: soon}}\nassumptions: [{fact: x}]\n"
    )
    problems = read(text).problems
    assert [problem.code for problem in problems] == [
        "bad-sequence",
        "unknown-fact",
        "wrong-choice",
        "duplicate-key",
        "bad-reference",
        "wrong-value",
        "bad-assumption",
    ]
    assert [at(problem.place) for problem in problems] == sorted(at(problem.place) for problem in problems)


def test_a_value_that_an_alias_repeats_has_its_problem_once() -> None:
    assert len(read("lineage:\n  datasets:\n    - &a {name: x, ownr: y}\n    - *a\n").problems) == 1


def without_places(found: Facts) -> object:
    """All that a verdict could be built on."""

    def plain(fact: facts.Fact) -> object:
        return (
            fact.path,
            fact.state,
            fact.within,
            fact.measured,
            fact.counts,
            tuple((item.value, item.shown, item.flaw) for item in fact.items),
        )

    return (
        {path: plain(fact) for path, fact in found.plain.items()},
        {path: [{name: plain(fact) for name, fact in row.items()} for row in rows] for path, rows in found.records.items()},
        [(a.fact, a.value, a.reason, a.owner) for a in found.assumptions],
        found.sequence and found.sequence.order,
        sorted((p.code, p.what) for p in found.problems),
    )


def stirred(value: object, chance: random.Random) -> object:
    """The same content in another order, with list items repeated; the order of gates stays."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: value[key] if key == "order" else stirred(value[key], chance) for key in keys}
    if isinstance(value, list):
        items = [stirred(item, chance) for item in value]
        items += chance.sample(items, chance.randint(0, len(items)))
        chance.shuffle(items)
        return items
    return value


FULL = whole() | {
    "assumptions": [
        {"fact": "bundle.context", "value": "x y", "reason": "r", "owner": "o"},
        {"fact": "delivery.model", "value": "m", "reason": "r", "owner": "o"},
    ],
    "sequence": {"order": TURNED, "requested_by": "ana", "reason": "audit first"},
    "colour": ["b", "a", 1, True],
}
del FULL["bundle"]["context"], FULL["delivery"]["model"]
FULL["training"]["stages"] = pack().facts["training.stages"].sample  # several records


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_order_repetition_and_format_change_nothing_but_places(seed: int) -> None:
    chance = random.Random(seed)
    expected = read(json.dumps(FULL), "json")
    content = stirred(FULL, chance)
    texts = {
        "json": json.dumps(content, indent=chance.choice([None, 1, 4])),
        "toml": tomli_w.dumps(content),
        "yaml": yaml.safe_dump(
            content, sort_keys=False, default_flow_style=chance.choice([True, False]), allow_unicode=True, width=60
        ),
    }
    for ending, text in texts.items():
        found = read(text, ending)
        assert found.digest == expected.digest
        assert without_places(found) == without_places(expected)


def test_white_space_and_the_notation_of_a_number_do_not_change_the_digest() -> None:
    one = "use_case: {objective: 'a b'}\ntraining: {failure: {max_reruns: 2}}\nserving: {rollout: {steps: [{traffic: 0.50}]}}"
    other = (
        "use_case:\n  objective: |\n    a\n    b\n"
        "training: {failure: {max_reruns: 2.0}}\nserving: {rollout: {steps: [{traffic: 5e-1}]}}"
    )
    assert read(one).digest == read(other).digest
    assumed = "assumptions: [{fact: training.failure.max_reruns, value: %s}]"
    assert read(assumed % "2").digest == read(assumed % "2.0").digest


@pytest.mark.parametrize(
    "other",
    [
        "delivery: {version: 1.1}",
        "delivery: {version: 1.10, model: x}",
        "delivery: {model: 1.10}",
        "delivery: {version: true}",
        "delivery: {version: }",
    ],
)
def test_another_content_has_another_digest(other: str) -> None:
    assert read("delivery: {version: 1.10}").digest != read(other).digest


def test_the_order_of_the_gates_asked_for_does_change_the_digest() -> None:
    assert sequenced().digest != sequenced(order=ORDER).digest


# --- nothing in the world makes it raise


def levels(paths: list[str]) -> Iterator[str]:
    for path in paths:
        yield from path.replace("[]", "").split(".")


NAMES = sorted({*levels(list(pack().facts)), "assumptions", "sequence", "fact", "value", "reason", "order", "requested_by", "zz"})
LEAVES = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        -1,
        1.5,
        10**15,
        "",
        "TBD",
        "x",
        "auc >= 0.8",
        "soon",
        "5%",
        "30 days",
        "2026-09-30",
        "high",
        "none",
        "everyone",
        "use_case.owner",
        "lineage.datasets",
        "use_case",
        "1",
        "delivery-bundle",
        "\u200b",
        "\x00",
    ]
) | st.text(max_size=5)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5), max_leaves=30
)


@st.composite
def deliveries(draw: st.DrawFn) -> dict[str, object]:
    """Whole deliveries with some facts replaced by anything at all."""
    content = whole()
    for path in draw(st.lists(st.sampled_from(sorted(pack().facts)), max_size=6)):
        mapping, key = content, path
        with contextlib.suppress(KeyError, TypeError, IndexError):  # what it stood in may have been replaced before
            mapping, key = holder(content, path)
        if isinstance(mapping, dict):
            mapping[key] = draw(TREES)
    return content | draw(st.fixed_dictionaries({}, optional={"assumptions": TREES, "sequence": TREES, "use_case": TREES}))


@given(deliveries() | TREES, st.booleans())
@settings(deadline=None)
def test_any_tree_gives_facts_and_problems_and_never_an_exception(content: object, assumptions: bool) -> None:
    if content is None:
        return
    found = facts.read(document.read(json.dumps(content).encode(), "a.json"), pack(), assumptions=assumptions)
    assert set(found.plain) == {path for path in pack().facts if "[]" not in path}
    for problem in found.problems:
        assert problem.code
        assert problem.what
        assert problem.help
        assert problem.place
    for path in pack().facts:
        assert found.at(path)
