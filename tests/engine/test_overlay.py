"""What an overlay adds, tightens, drops and loosens, and that it loosens nothing without saying so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import random_packs
from gatewright.engine import pack_loader
from gatewright.engine.errors import BadPack, Problem
from gatewright.engine.evaluate import evaluate
from gatewright.engine.pack import Pack
from overlay_packs import TEXTS, base, choices, gate, overlay, row

ASKS = {"fact": "s.choice", "is": "low"}


@pytest.fixture
def below(tmp_path: Path) -> Pack:
    return pack_loader.load(base(tmp_path / "base"))


def loaded(tmp_path: Path, **files: Any) -> Pack:
    return pack_loader.load(overlay(tmp_path / "own", **files))


def refused(tmp_path: Path, **files: Any) -> tuple[Problem, ...]:
    with pytest.raises(BadPack) as raised:
        loaded(tmp_path, **files)
    assert all(problem.place and problem.help for problem in raised.value.problems)
    return raised.value.problems


def said(tmp_path: Path, **files: Any) -> str:
    """The one thing that is wrong."""
    found = refused(tmp_path, **files)
    assert len(found) == 1, found
    return found[0].what


def exits(pack: Pack, name: str) -> list[str]:
    return [criterion.id for criterion in pack.gates_by_id[name].exit]


# --- what it adds


def test_an_overlay_that_says_nothing_judges_as_the_pack_below(tmp_path: Path, below: Pack):
    own = loaded(tmp_path)
    assert own.model_copy(update={"id": "", "title": "", "digest": "", "extends": ()}) == below.model_copy(
        update={"id": "", "title": "", "digest": "", "extends": ()}
    )


def test_an_overlay_names_the_pack_below_with_version_and_digest(tmp_path: Path, below: Pack):
    (found,) = loaded(tmp_path).extends
    assert (found.id, found.version, found.digest) == ("random", "1", below.digest)


def test_an_overlay_over_an_overlay_names_both(tmp_path: Path, below: Pack):
    middle = pack_loader.load(overlay(tmp_path / "middle", pack={"id": "middle"}))
    own = loaded(tmp_path, extends="../middle")
    assert [(one.id, one.digest) for one in own.extends] == [("middle", middle.digest), ("random", below.digest)]


def test_a_shipped_pack_is_extended_by_name(tmp_path: Path):
    assert loaded(tmp_path, extends="mlops").extends[0].id == "mlops"


def test_an_added_gate_stands_behind_the_one_it_names_and_the_last_gate_needs_it(tmp_path: Path, below: Pack):
    own = loaded(tmp_path, pack={"gates": ["extra"]}, gates_extra=gate("extra", after="one", needs=["one"]))
    assert own.order == ("one", "extra", "two")
    assert [g.stage for g in own.gates] == [1, 2, 3]
    assert own.gates_by_id["two"].needs == ("one", "extra")


def test_the_last_gate_needs_an_added_gate_by_its_id_whatever_its_file_is_called(tmp_path: Path, below: Pack):
    own = loaded(tmp_path, pack={"gates": ["file-name"]}, **{"gates_file-name": gate("other-name", after="one")})
    assert own.gates_by_id["two"].needs == ("one", "other-name")


def test_the_last_gate_stays_the_last(tmp_path: Path, below: Pack):
    assert "the last gate stays the last" in said(tmp_path, pack={"gates": ["extra"]}, gates_extra=gate("extra", after="two"))


@pytest.mark.parametrize("after", [{}, {"after": "nowhere"}])
def test_an_added_gate_says_where_it_stands(tmp_path: Path, below: Pack, after: dict[str, str]):
    assert "`after` which gate" in refused(tmp_path, pack={"gates": ["extra"]}, gates_extra=gate("extra", **after))[0].what


def test_a_gate_gets_a_criterion_and_a_criterion_a_condition(tmp_path: Path, below: Pack):
    added = {"id": "new", **TEXTS, "all": [ASKS]}
    own = loaded(tmp_path, gates_one={"exit": [added, {"id": "first", "all": [ASKS]}]})
    assert exits(own, "one") == [*exits(below, "one"), "new"]
    assert [leaf.fact for leaf in own.criteria["first"].all] == ["s.text", "s.choice"]  # type: ignore[union-attr]


def test_facts_sections_and_fields_are_added(tmp_path: Path, below: Pack):
    fact = {"type": "text", "example": "x", **random_packs.SAID}
    section = {"id": "more", "gate": "one", "title": "More", "facts": {"more.text": fact}}
    records = {"s.rows": {"fields": {"added": fact}}, "s.added": fact}
    own = loaded(tmp_path, facts={"sections": [{"id": "s", "facts": records}, section]})
    assert {"s.added", "s.rows[].added", "more.text"} == set(own.facts) - set(below.facts)


def test_a_row_below_the_others_and_one_with_a_choice_of_its_own_above_them_are_added(tmp_path: Path, below: Pack):
    rows = [row("lowest", "always", "go"), row("highest", "always", "stop")]
    table = {"table": {"id": "table", "rows": rows, "priority": ["highest", "row", "lowest"]}}
    own = loaded(tmp_path, decisions_table=table, facts=choices("stop"))
    assert own.tables[0].priority == ("highest", "row", "lowest")


def test_antipatterns_checklists_and_items_grow(tmp_path: Path, below: Pack):
    item = {"id": "added", "text": "I", "all": [ASKS]}
    own = loaded(
        tmp_path,
        antipatterns={"antipatterns": [{"id": "also", **TEXTS, "all": [ASKS]}]},
        bundle={"checklists": [{"id": "list", "items": [item, {"id": "item", "all": [ASKS]}]}]},
    )
    assert [pattern.id for pattern in own.antipatterns] == ["never", "also"]
    assert [len(item.all) for item in own.checklists[0].items] == [2, 1]


# --- what it tightens


@pytest.mark.parametrize(("name", "value"), [("some", 5), ("many", 1)])
def test_a_limit_that_asks_for_more_is_taken(tmp_path: Path, below: Pack, name: str, value: float):
    own = loaded(tmp_path, pack={"limits": {name: {"value": value, "source": "house rule"}}})
    assert (own.limits[name].value, own.limits[name].source) == (value, "house rule")
    assert own.limits[name].unit == below.limits[name].unit


@pytest.mark.parametrize(("key", "added"), [("placeholders", "later"), ("nobody", "the model")])
def test_lists_of_words_grow(tmp_path: Path, below: Pack, key: str, added: str):
    assert getattr(loaded(tmp_path, pack={key: [added]}), key) == (*getattr(below, key), added)


# --- what it may not do without a reason


def test_more_versions_that_move_are_refused_where_a_signal_that_must_not_hold_asks_for_others(tmp_path: Path, below: Pack):
    assert "more texts in `moving`" in said(tmp_path, pack={"moving": ["newest"]})


@pytest.mark.parametrize(("name", "value"), [("some", 0.5), ("many", 100)])
def test_a_limit_that_asks_for_less_is_refused(tmp_path: Path, below: Pack, name: str, value: float):
    what = said(tmp_path, pack={"limits": {name: {"value": value}}})
    assert f"the limit `{name}` of {value:g} instead of {below.limits[name].value:g}" in what


def test_a_limit_of_which_it_can_not_be_told_is_refused(tmp_path: Path, below: Pack):
    """`two` makes the signal `shaky` hold less often, on which a criterion stands that asks for its absence."""
    assert "the limit `two`" in said(tmp_path, pack={"limits": {"two": {"value": 9}}})


def test_a_lower_limit_that_some_value_has_to_reach_is_refused(tmp_path: Path, below: Pack):
    pack = tmp_path / "middle"
    reached = {"id": "reached", **TEXTS, "all": [{"fact": "s.rows[].value", "some_from": "full"}]}
    full = {"value": 1, "unit": "ones", "means": "M", "source": "S"}
    overlay(pack, pack={"id": "middle", "limits": {"full": full}}, gates_one={"exit": [reached]})
    assert "the limit `full` of 0.5 instead of 1" in said(
        tmp_path, extends="../middle", pack={"limits": {"full": {"value": 0.5}}}
    )


def test_evidence_may_not_count_longer(tmp_path: Path, below: Pack):
    pack = tmp_path / "middle"
    age = {"value": 30, "unit": "days", "means": "M", "source": "S"}
    fact = {"type": "text", "example": "x", "fresh_for": "age", "optional": True, **random_packs.SAID}
    overlay(pack, pack={"id": "middle", "limits": {"age": age}}, facts={"sections": [{"id": "s", "facts": {"s.aged": fact}}]})
    assert "the limit `age` of 31" in said(tmp_path, extends="../middle", pack={"limits": {"age": {"value": 31}}})
    assert loaded(tmp_path, extends="../middle", pack={"limits": {"age": {"value": 29}}}).limits["age"].value == 29


@pytest.mark.parametrize("key", ["unit", "means"])
def test_a_limit_keeps_its_unit_and_meaning(tmp_path: Path, below: Pack, key: str):
    assert "changes its `value`" in said(tmp_path, pack={"limits": {"some": {"value": 5, key: "other"}}})


@pytest.mark.parametrize("key", ["text", "mend", "any"])
def test_a_criterion_is_not_replaced(tmp_path: Path, below: Pack, key: str):
    change = {"id": "first", key: [ASKS] if key == "any" else "other"}
    assert f"can't change `{key}` of `first`" in said(tmp_path, gates_one={"exit": [change]})


def test_an_alternative_is_not_added_to_a_criterion(tmp_path: Path, below: Pack):
    assert "`either` of the pack below has no `all` that could grow" in said(
        tmp_path, gates_one={"exit": [{"id": "either", "all": [ASKS]}]}
    )


def test_a_criterion_of_that_name_in_another_gate_is_refused(tmp_path: Path, below: Pack):
    found = refused(tmp_path, gates_two={"exit": [{"id": "first", **TEXTS, "all": [ASKS]}]})
    assert "the criterion `first` is there twice" in [problem.what for problem in found]


def test_a_criterion_that_a_signal_stands_on_is_not_tightened(tmp_path: Path, below: Pack):
    """`checked` less often met makes `shaky` hold less often, and `calm` asks that it does not."""
    assert "that `calm` asks for no less" in said(tmp_path, gates_one={"exit": [{"id": "checked", "all": [ASKS]}]})


@pytest.mark.parametrize("change", [{"type": "texts"}, {"optional": True}, {"example": "y"}, {"means": "other"}])
def test_a_fact_is_not_changed(tmp_path: Path, below: Pack, change: dict[str, Any]):
    assert "of a fact of the pack below" in said(tmp_path, facts={"sections": [{"id": "s", "facts": {"s.text": change}}]})


@pytest.mark.parametrize(("fact", "choice"), [("s.choice", "middling"), ("s.rows", "fine"), ("s.choices", "d")])
def test_a_choice_that_no_criterion_knows_is_refused(tmp_path: Path, below: Pack, fact: str, choice: str):
    what = said(tmp_path, facts={"sections": [{"id": "s", "facts": {fact: {"choices": [choice]}}}]})
    assert f"`{fact}` has the choice `{choice}`" in what


def test_a_choice_is_not_brought_in_by_a_table_of_the_overlay_either(tmp_path: Path, below: Pack):
    rows = [row("a", "always", "low") | {"alternative": {"choice": "high", "text": "H"}}, row("b", "on", "middling")]
    rows[1]["alternative"] = {"choice": "mid", "text": "M"}
    table = {"id": "more", "title": "M", "declared": "s.choice", "rationale": "s.reason", "priority": ["a", "b"], "rows": rows}
    facts = {"sections": [{"id": "s", "facts": {"s.choice": {"choices": ["middling"]}}}]}
    what = said(tmp_path, pack={"tables": ["more"]}, decisions_more={"table": table, "signals": []}, facts=facts)
    assert "`s.choice` has the choice `middling`" in what


def test_a_field_of_records_is_not_changed(tmp_path: Path, below: Pack):
    field = {"type": "text", "example": "x", **random_packs.SAID}
    facts = {"sections": [{"id": "s", "facts": {"s.rows": {"fields": {"name": field}}}}]}
    assert "`name` is there already" in said(tmp_path, facts=facts)


def test_a_row_above_others_that_recommends_one_of_their_choices_is_refused(tmp_path: Path, below: Pack):
    table = {"table": {"id": "table", "rows": [row("mine", "always", "go")], "priority": ["mine", "row"]}}
    assert "the table `table` recommends nothing laxer" in said(tmp_path, decisions_table=table)


def test_rows_are_not_ranked_anew(tmp_path: Path, below: Pack):
    middle = {"table": {"id": "table", "rows": [row("mine", "always", "go")], "priority": ["row", "mine"]}}
    overlay(tmp_path / "middle", pack={"id": "middle"}, decisions_table=middle)
    again = {"table": {"id": "table", "priority": ["mine", "row"]}}
    assert "the table `table` recommends nothing laxer" in said(tmp_path, extends="../middle", decisions_table=again)


@pytest.mark.parametrize("change", [{"rows": [row("row", "always", "go")]}, {"declared": "s.choice"}, {"rationale": "s.text"}])
def test_a_table_and_its_rows_are_not_changed(tmp_path: Path, below: Pack, change: dict[str, Any]):
    assert "can't" in said(tmp_path, decisions_table={"table": {"id": "table", **change}})


def test_a_signal_is_not_changed(tmp_path: Path, below: Pack):
    signal = {"id": "on", "title": "S", "any": [ASKS]}
    assert "a signal of the pack below can't be changed" in said(tmp_path, decisions_table={"signals": [signal]})


def test_an_antipattern_does_not_ask_for_more_at_once(tmp_path: Path, below: Pack):
    assert "can't change `all` of `never`" in said(tmp_path, antipatterns={"antipatterns": [{"id": "never", "all": [ASKS]}]})


@pytest.mark.parametrize("key", ["fresh_for", "effort"])
def test_other_keys_of_the_pack_below_are_not_changed(tmp_path: Path, below: Pack, key: str):
    assert f"can't change `{key}`" in said(tmp_path, pack={key: {"text": 1} if key == "effort" else "some"})


@pytest.mark.parametrize(
    "files",
    [
        {"pack": {"nobody": "the model"}},
        {"pack": {"limits": ["some"]}},
        {"gates_one": {"exit": {"first": {"all": [ASKS]}}}},
        {"gates_one": {"exit": ["first"]}},
        {"facts": {"sections": {"s": {}}}},
        {"facts": {"sections": [{"id": "s", "facts": ["s.text"]}]}},
        {"decisions_table": {"table": ["rows"]}},
        {"decisions_table": {"signals": {"on": {}}}},
        {"bundle": {"checklists": [{"id": "list", "items": {"item": {}}}]}},
    ],
)
def test_what_is_written_in_another_form_is_not_passed_over(tmp_path: Path, below: Pack, files: dict[str, Any]):
    assert refused(tmp_path, **files)


def test_a_file_that_amends_nothing_is_told(tmp_path: Path, below: Pack):
    assert "nothing reads `gates/ones.yaml`" in said(tmp_path, gates_ones={"exit": []})


def test_an_id_that_is_another_in_the_file_of_a_gate_is_told(tmp_path: Path, below: Pack):
    assert "`one` of the pack below is amended, and not `two`" in said(tmp_path, gates_one={"id": "two"})


def test_an_overlay_has_a_name_of_its_own(tmp_path: Path, below: Pack):
    assert "could not be told" in said(tmp_path, pack={"id": "random"})


def test_an_overlay_does_not_extend_itself_or_what_is_not_there(tmp_path: Path, below: Pack):
    assert "can't extend itself" in said(tmp_path, extends=".")
    assert "there is no pack `../nowhere`" in said(tmp_path, extends="../nowhere")


def test_packs_that_extend_each_other_are_told(tmp_path: Path, below: Pack):
    overlay(tmp_path / "base", extends="../own")
    assert "can't extend itself" in said(tmp_path)


def test_packs_stand_on_each_other_only_so_high(tmp_path: Path, below: Pack):
    last = "base"
    for number in range(pack_loader.MOST_LAYERS):
        overlay(tmp_path / f"p{number}", pack={"id": f"p{number}"}, extends=f"../{last}")
        last = f"p{number}"
    assert len(pack_loader.load(tmp_path / last).extends) == pack_loader.MOST_LAYERS
    assert "packs stand on each other" in said(tmp_path, extends=f"../{last}")


def test_what_is_wrong_with_the_pack_below_is_told_in_its_file(tmp_path: Path, below: Pack):
    (tmp_path / "base" / "gates" / "one.yaml").write_text("id: one\n", encoding="utf-8")
    assert {Path(problem.file).name for problem in refused(tmp_path)} == {"one.yaml"}


def test_a_problem_is_told_in_the_file_of_the_layer_that_wrote_it(tmp_path: Path, below: Pack):
    (found,) = refused(tmp_path, gates_one={"exit": [{"id": "first", "all": [{"fact": "s.txt"}]}]})
    assert found.file.endswith("own/gates/one.yaml")
    assert "no fact is called `s.txt`" in found.what


# --- departures


def departed(tmp_path: Path, *departures: dict[str, Any], **files: Any) -> Pack:
    main = {**files.pop("pack", {}), "departures": [{"because": "the board said so", **one} for one in departures]}
    return loaded(tmp_path, pack=main, **files)


def told(pack: Pack) -> list[tuple[str, str]]:
    return [(one.what, one.because) for one in pack.departures]


def test_a_criterion_that_is_dropped_is_told_and_asked_for_nowhere(tmp_path: Path, below: Pack):
    own = departed(tmp_path, {"drop": "criterion owned"})
    assert "owned" not in own.criteria
    assert told(own) == [("criterion owned is dropped", "the board said so")]


def test_a_checklist_does_not_ask_for_a_dropped_criterion(tmp_path: Path, below: Pack):
    overlay(
        tmp_path / "middle",
        pack={"id": "middle"},
        bundle={"checklists": [{"id": "list", "items": [{"id": "its", "text": "I", "all": [{"criterion": "owned"}]}]}]},
    )
    own = departed(tmp_path, {"drop": "criterion owned"}, extends="../middle")
    assert [item.id for item in own.checklists[0].items] == ["item"]


@pytest.mark.parametrize("what", ["antipattern never", "item list/extra", "row table/lowest", "signal always"])
def test_other_parts_can_be_dropped_too(tmp_path: Path, below: Pack, what: str):
    table = {"table": {"id": "table", "rows": [row("lowest", "on", "go")], "priority": ["row", "lowest"]}}
    item = {"id": "extra", "text": "I", "all": [ASKS]}
    overlay(
        tmp_path / "middle",
        pack={"id": "middle"},
        antipatterns={"antipatterns": [{"id": "also", **TEXTS, "all": [ASKS]}]},
        bundle={"checklists": [{"id": "list", "items": [item]}]},
        decisions_table=table,
    )
    assert told(departed(tmp_path, {"drop": what}, extends="../middle")) == [(f"{what} is dropped", "the board said so")]


def test_a_limit_is_loosened_with_a_reason(tmp_path: Path, below: Pack):
    own = departed(tmp_path, {"limit": "many", "value": 100})
    assert own.limits["many"].value == 100
    assert told(own) == [(f"limit many is 100, not {below.limits['many'].value:g}", "the board said so")]


def test_a_table_decides_otherwise_with_a_reason(tmp_path: Path, below: Pack):
    table = {"table": {"id": "table", "rows": [row("mine", "always", "go")], "priority": ["mine", "row"]}}
    own = departed(tmp_path, {"table": "table"}, decisions_table=table)
    assert own.tables[0].priority == ("mine", "row")
    assert told(own) == [("table table decides otherwise", "the board said so")]


def test_choices_are_added_with_a_reason(tmp_path: Path, below: Pack):
    facts = {"sections": [{"id": "s", "facts": {"s.choice": {"choices": ["middling"]}}}]}
    own = departed(tmp_path, {"choices": "s.choice"}, facts=facts)
    assert own.facts["s.choice"].choices == (*below.facts["s.choice"].choices, "middling")
    assert told(own) == [("s.choice has more choices", "the board said so")]


def test_a_reason_for_one_thing_is_none_for_another(tmp_path: Path, below: Pack):
    with pytest.raises(BadPack, match="the limit `some`"):
        departed(
            tmp_path, {"drop": "criterion owned"}, {"limit": "many", "value": 100}, pack={"limits": {"some": {"value": 0.5}}}
        )


def test_what_a_dropped_criterion_asked_for_may_be_asked_for_in_another_way(tmp_path: Path, below: Pack):
    """Replacing is dropping and adding, and it is told as dropping."""
    own = departed(tmp_path, {"drop": "criterion owned"}, gates_one={"exit": [{"id": "owned", **TEXTS, "all": [ASKS]}]})
    assert "owned" in own.criteria
    assert told(own) == [("criterion owned is dropped", "the board said so")]


def test_an_overlay_above_shows_the_departures_of_the_one_below(tmp_path: Path, below: Pack):
    overlay(tmp_path / "middle", pack={"id": "middle", "departures": [{"drop": "criterion owned", "because": "first"}]})
    own = departed(tmp_path, {"limit": "many", "value": 100}, extends="../middle")
    assert [because for _, because in told(own)] == ["the board said so", "first"]


@pytest.mark.parametrize(
    "departure",
    [
        {"drop": "criterion owned"},
        {"drop": "criterion owned", "because": ""},
        {"drop": "criterion owned", "because": " "},
        {"drop": "criterion owned", "because": None},
        {"limit": "many", "because": "B"},
        {"limit": "many", "value": 100, "drop": "criterion owned", "because": "B"},
        {"drop": "criterion owned", "because": "B", "until": "tomorrow"},
        {"because": "B"},
        "criterion owned",
    ],
)
def test_a_departure_says_one_thing_and_why(tmp_path: Path, below: Pack, departure: Any):
    assert "a departure says" in said(tmp_path, pack={"departures": [departure]})


@pytest.mark.parametrize(
    "departure",
    [
        {"drop": "criterion zeroth"},
        {"drop": "gate one"},
        {"drop": "owned"},
        {"limit": "most", "value": 1},
        {"limit": "many", "value": 3},
        {"table": "chair"},
        {"table": "table"},
        {"choices": "s.lost"},
        {"choices": "s.choice"},
    ],
)
def test_a_departure_from_nothing_is_told(tmp_path: Path, below: Pack, departure: Any):
    if departure.get("limit") == "many":
        departure = departure | {"value": below.limits["many"].value}
    assert said(tmp_path, pack={"departures": [{**departure, "because": "B"}]})


def test_departures_that_are_no_list_are_told(tmp_path: Path, below: Pack):
    assert "`departures` has to list" in said(tmp_path, pack={"departures": "none"})


def test_departures_of_a_pack_that_extends_none_are_refused(tmp_path: Path, below: Pack):
    main = tmp_path / "base" / "pack.yaml"
    main.write_text(main.read_text(encoding="utf-8") + "departures: []\n", encoding="utf-8")
    with pytest.raises(BadPack, match="nothing reads the key `departures`"):
        pack_loader.load(tmp_path / "base")


# --- the digest


def test_the_digest_of_an_overlay_is_over_all_that_it_says(tmp_path: Path, below: Pack):
    plain = loaded(tmp_path).digest
    assert plain == loaded(tmp_path).digest
    others = [
        departed(tmp_path, {"drop": "criterion owned"}).digest,
        departed(tmp_path, {"drop": "criterion owned", "because": "another"}).digest,
        loaded(tmp_path, pack={"limits": {"some": {"value": 5}}}).digest,
    ]
    main = tmp_path / "base" / "pack.yaml"
    main.write_text(main.read_text(encoding="utf-8").replace("a test", "another test"), encoding="utf-8")
    others.append(loaded(tmp_path).digest)
    assert len({plain, *others}) == 5


# --- the verdict


def test_what_the_overlay_asks_for_blocks_and_what_it_drops_does_not(tmp_path: Path, below: Pack):
    delivery = {"s": {"text": "one", "texts": ["w1"], "owner": "everyone", "number": 1, "choice": "high"}}

    def status(pack: Pack, gate: str, criterion: str) -> str:
        found = evaluate(random_packs.read(delivery, pack), pack)
        return {one.criterion.id: one.status for one in found.gate(gate).exit}.get(criterion, "none")

    assert (status(below, "one", "first"), status(below, "one", "owned")) == ("met", "unmet")
    own = departed(tmp_path, {"drop": "criterion owned"}, gates_one={"exit": [{"id": "first", "all": [ASKS]}]})
    assert (status(own, "one", "first"), status(own, "one", "owned")) == ("unmet", "none")
