"""`what-if`: a real evaluation of edited facts, and what is said of arguments that can't be taken."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import tomli_w
import yaml
from gatewright.cli.inputs import read_pack
from gatewright.cli.supposed import supposed
from gatewright.engine import document
from gatewright.engine.facts import Today
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from test_cli_safe_output import INJECTIONS

PACK = read_pack("mlops")
PATHS = sorted(path for section in PACK.sections for path in section.facts)
EXAMPLES = ("credit-default", "demand-forecast", "made-with-ml", "ticket-routing")
QUICK = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
BESIDES = {"line", "column", "file", "digest"}  # an edit takes a group with it that it leaves empty


def value(path: str) -> Any:
    """A value that a fact may have."""
    return PACK.facts[path].sample


@st.composite
def edits(draw: st.DrawFn) -> tuple[dict[str, Any], list[str]]:
    """Facts to state, with their values, and facts to take away."""
    sets = {path: value(path) for path in draw(st.lists(st.sampled_from(PATHS), max_size=3, unique=True))}
    return sets, draw(st.lists(st.sampled_from([path for path in PATHS if path not in sets]), max_size=3, unique=True))


def arguments(sets: dict[str, Any], unsets: list[str]) -> list[str]:
    shown = [("--set", f"{path}={json.dumps(wanted)}") for path, wanted in sets.items()]
    return [word for pair in [*shown, *(("--unset", path) for path in unsets)] for word in pair]


def edited(said: dict[str, Any], sets: dict[str, Any], unsets: list[str]) -> dict[str, Any]:
    """The same edit, made on values."""
    found = copy.deepcopy(said)
    for path in (*unsets, *sets):
        level = found
        *above, last = path.split(".")
        for part in above:
            level = level.setdefault(part, {})
        level.pop(last, None)
        if path in sets:
            level[last] = sets[path]
    kept = [one for one in found.get("assumptions", []) if one["fact"] not in (*sets, *unsets)]
    return found | {"assumptions": kept}


def but_for_places(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: but_for_places(inner) for key, inner in found.items() if key not in BESIDES}
    return [but_for_places(inner) for inner in found] if isinstance(found, list) else found


def in_any_order(verdict: dict[str, Any]) -> Any:
    """A verdict whatever the order of the file, by which its problems are sorted and the next step is chosen."""
    problems = sorted((problem["code"], problem["what"]) for problem in verdict["problems"])
    return {**but_for_places(verdict), "problems": problems, "next": None}


# --- it is what `check` says


@pytest.mark.parametrize("name", EXAMPLES)
@QUICK
@given(edit=edits())
def test_the_verdict_is_byte_for_byte_that_of_check_on_the_edited_file(
    name: str, edit: tuple[dict[str, Any], list[str]], examples: Path, write: Any, run: Any
) -> None:
    sets, unsets = edit
    text = (examples / f"{name}.yaml").read_text()
    told = run("what-if", write("a.yaml", text), *arguments(sets, unsets), "-f", "json") if sets or unsets else None
    if told is None:
        return
    shown = [f"{path}={json.dumps(wanted)}" for path, wanted in sets.items()]
    after = supposed(document.read(text.encode(), "a.yaml"), None, PACK, shown, unsets, Today())
    checked = run("check", write("a.yaml", after.text), "-f", "json")
    assert json.dumps(told.json["verdict"], indent=2) + "\n" == checked.out
    assert told.code == checked.code
    by_values = run("check", write("b.json", edited(document.read(text.encode()).root.plain(), sets, unsets)), "-f", "json").json
    assert in_any_order(told.json["verdict"]) == in_any_order(by_values)


@pytest.mark.parametrize("format", ["yaml", "json", "toml"])
def test_it_is_the_same_for_every_format_of_the_file(format: str, passing: dict[str, Any], write: Any, run: Any) -> None:
    text = {"yaml": yaml.safe_dump, "json": json.dumps, "toml": tomli_w.dumps}[format](passing)
    ended = run("what-if", write(f"a.{format}", text), "--unset", "serving.strategy", "-f", "json")
    assert (ended.code, ended.json["changes"]["new"]["gate"]) == (1, "serving-release")


def test_the_changes_are_those_of_diff_between_the_file_and_the_edited_one(examples: Path, write: Any, run: Any) -> None:
    text = (examples / "demand-forecast.yaml").read_text()
    argument = "retraining.drift.response=retrain-with-rollout-controls"
    told = run("what-if", write("a.yaml", text), "--set", argument, "-f", "json").json["changes"]
    new = write("b.yaml", text.replace("response: monitor-only", "response: retrain-with-rollout-controls"))
    assert but_for_places(told) == but_for_places(run("diff", "a.yaml", new, "-f", "json").json)


def test_nothing_is_written(examples: Path, write: Any, run: Any, here: Path) -> None:
    text = (examples / "demand-forecast.yaml").read_text()
    ended = run("what-if", write("a.yaml", text), "--unset", "delivery.model")
    assert "\nNothing was written.\n" in ended.out
    assert [file.name for file in here.iterdir()] == ["a.yaml"]
    assert (here / "a.yaml").read_text() == text


# --- how it ends


def test_it_ends_with_0_where_the_edited_delivery_passes_and_with_1_where_it_does_not(
    passing: dict[str, Any], write: Any, run: Any
) -> None:
    name = write("a.json", passing)
    assert run("what-if", name, "--set", "serving.strategy=shadow").code == 0
    assert run("what-if", name, "--unset", "serving.strategy").code == 1
    del passing["serving"]["strategy"]
    assert run("what-if", write("b.json", passing), "--set", "serving.strategy=canary").code == 0


def test_a_fact_that_refers_to_nothing_is_a_problem_of_the_edited_file(passing: dict[str, Any], write: Any, run: Any) -> None:
    ended = run("what-if", write("a.json", passing), "--set", "retraining.validation.datasets=[nowhere]")
    assert ended.code == 1
    assert "error[bad-reference]" in ended.out


def test_without_anything_to_be_other_it_is_a_wrong_use(passing: dict[str, Any], write: Any, run: Any) -> None:
    ended = run("what-if", write("a.json", passing))
    assert ended.code == 2
    assert "--set PATH=VALUE" in ended.err


# --- what can be said


def facts_of(ended: Any) -> list[tuple[str, str, str, str, str]]:
    return [(f["change"], f["fact"], f["in"], f["old"]["value"], f["new"]["value"]) for f in ended.json["changes"]["facts"]]


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("serving.strategy=shadow", ("changed", "serving.strategy", "", "canary", "shadow")),
        ('use_case.users=["a, b", c]', ("changed", "use_case.users", "", "loan officers", "a, b, c")),
        ("delivery.version=1.10", ("changed", "delivery.version", "", "2.3.0", "1.10")),
        ("training.failure.max_reruns=3", ("changed", "training.failure.max_reruns", "", "2", "3")),
        (
            "training.evaluation.metrics[]=f1",
            ("changed", "training.evaluation.metrics", "", "auc, recall@5%", "auc, f1, recall@5%"),
        ),
        (
            "training.evaluation.metrics[auc]=f1",
            ("changed", "training.evaluation.metrics", "", "auc, recall@5%", "f1, recall@5%"),
        ),
        (
            "monitoring.alerts[latency-high].owner=ana",
            ("changed", "monitoring.alerts[].owner", "latency-high", "ml-oncall@bank.example", "ana"),
        ),
        (
            "serving.rollout.steps[everyone]={name: everyone, traffic: 50%, hold: 7 days, continue_if: [error_rate <= 0.5 %]}",
            ("changed", "serving.rollout.steps[].traffic", "everyone", "100%", "50%"),
        ),
    ],
)
def test_a_fact_a_field_a_record_or_an_item_can_be_other(
    argument: str, told: tuple[str, ...], passing: dict[str, Any], write: Any, run: Any
) -> None:
    ended = run("what-if", write("a.json", passing), "--set", argument, "-f", "json")
    assert ended.both.startswith("{"), ended.err
    assert facts_of(ended) == [told]


def test_a_record_can_be_added(passing: dict[str, Any], write: Any, run: Any) -> None:
    argument = "monitoring.responses[]={name: stop, does: Go back, owner: ana}"
    found = facts_of(run("what-if", write("a.json", passing), "--set", argument, "-f", "json"))
    assert [(kind, path.rpartition(".")[2], within, new) for kind, path, within, _, new in found] == [
        ("added", "name", "stop", "stop"),
        ("added", "does", "stop", "Go back"),
        ("added", "owner", "stop", "ana"),
    ]


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("serving.strategy", {"serving.strategy"}),
        ("serving.rollout.steps[everyone].hold", {"serving.rollout.steps[].hold"}),
        (
            "serving.rollout.steps[everyone]",
            {f"serving.rollout.steps[].{field}" for field in ("name", "traffic", "hold", "continue_if")},
        ),
        ("serving.budgets", {"serving.budgets.latency", "serving.budgets.cost", "serving.budgets.reliability"}),
    ],
)
def test_a_fact_a_field_a_record_or_a_group_can_be_taken_away(
    argument: str, told: set[str], passing: dict[str, Any], write: Any, run: Any
) -> None:
    found = facts_of(run("what-if", write("a.json", passing), "--unset", argument, "-f", "json"))
    assert {(kind, path) for kind, path, *_ in found} == {("removed", path) for path in told}


def test_versions_that_look_like_numbers_stay_as_they_are_beside_a_record_that_is_taken_away(
    passing: dict[str, Any], write: Any, run: Any
) -> None:
    passing["lineage"]["datasets"] += [{"name": "b", "source": "s", "version": "1.10", "owner": "ana"}]
    text = yaml.safe_dump(passing).replace("'1.10'", "1.10")
    ended = run("what-if", write("a.yaml", text), "--unset", "lineage.datasets[loan_applications]", "-f", "json")
    assert {kind for kind, *_ in facts_of(ended)} == {"removed"}


def test_several_edits_of_one_list_all_count(passing: dict[str, Any], write: Any, run: Any) -> None:
    sets = ("serving.rollout.steps[everyone].hold=9 days", "serving.rollout.steps[canary-5].hold=2 days")
    ended = run("what-if", write("a.json", passing), "--set", sets[0], "--set", sets[1], "-f", "json")
    assert {(within, new) for _, _, within, _, new in facts_of(ended)} == {("everyone", "9 days"), ("canary-5", "2 days")}


def test_a_label_may_hold_signs_of_our_own(passing: dict[str, Any], write: Any, run: Any) -> None:
    passing["monitoring"]["alerts"][0]["name"] = "a=b [x].y"
    ended = run("what-if", write("a.json", passing), "--set", "monitoring.alerts[a=b [x].y].owner=ana", "-f", "json")
    assert [told[4] for told in facts_of(ended)] == ["ana"]


def test_a_fact_that_is_assumed_is_stated_or_gone_and_no_longer_assumed(examples: Path, run: Any) -> None:
    name = examples / "ticket-routing.yaml"
    stated = run("what-if", name, "--set", 'serving.budgets.cost=["cost_per_1000_tickets <= 0.40 EUR"]', "-f", "json")
    gone = run("what-if", name, "--unset", "serving.budgets.cost", "-f", "json")
    for ended, code, kind in ((stated, 0, "corrected"), (gone, 1, "gone")):
        assert ended.code == code
        assert ended.json["verdict"]["problems"] == []
        assert [one["change"] for one in ended.json["changes"]["assumptions"]] == [kind]


def test_evidence_for_a_list_stays_beside_the_record_that_is_other(passing: dict[str, Any], write: Any, run: Any) -> None:
    passing["monitoring"]["alerts"] = {"value": passing["monitoring"]["alerts"], "evidence": {"path": "alerts.yaml"}}
    ended = run("what-if", write("a.json", passing), "--set", "monitoring.alerts[latency-high].owner=ana", "-f", "json")
    assert [told[1] for told in facts_of(ended)] == ["monitoring.alerts[].owner"]


# --- arguments that can't be taken


@pytest.mark.parametrize(
    ("option", "argument", "code", "marked"),
    [
        ("--set", "serving.strategi=canary", "unknown-fact", "strategi"),
        ("--set", "servin.strategy=canary", "unknown-fact", "servin"),
        ("--set", "serving.strategy=cannary", "wrong-choice", "cannary"),
        ("--set", "training.failure.max_reruns=many", "wrong-type", "many"),
        ("--set", "training.evaluation.max_regression=[{a: b}]", "wrong-type", "{"),
        ("--set", "monitoring.quality.cadence=often", "wrong-value", "often"),
        ("--set", "monitoring.alerts[latency-high].ovner=ana", "unknown-fact", "ovner"),
        ("--set", "monitoring.alerts[latency-low].owner=ana", "no-record", "latency-low"),
        ("--set", "monitoring.alerts=[{name: a, ovner: b}]", "unknown-fact", "ovner"),
        ("--set", "serving.rollback.owner=@team", "syntax", "@"),
        ("--set", "serving.rollback.owner=!!python/object:os.system x", "tag", "!!python/object:os.system x"),
        ("--set", "serving.rollback.owner", "bad-argument", "serving.rollback.owner"),
        ("--set", "serving.rollback.owner=", "bad-argument", "="),
        ("--set", "=x", "bad-argument", "=x"),
        ("--set", "[a].b=x", "bad-argument", "[a].b=x"),
        ("--unset", "serving.strategi", "unknown-fact", "strategi"),
        ("--unset", "serving.strategy=canary", "bad-argument", "serving.strategy=canary"),
        ("--unset", "monitoring.alerts[x]", "no-record", "x"),
        ("--unset", "serving.strategy[x]", "wrong-type", "strategy"),
    ],
)
def test_what_is_wrong_with_an_argument_is_told_with_a_caret_in_it(
    option: str,
    argument: str,
    code: str,
    marked: str,
    passing: dict[str, Any],
    write: Any,
    run: Any,
    under_carets: Any,
    is_one_problem: Any,
) -> None:
    name = write("a.json", passing)
    ended = run("what-if", name, option, argument)
    assert (ended.code, ended.out) == (2, "")
    assert is_one_problem(ended.err), ended.err
    assert f"error[{code}]" in ended.err
    assert f"\n --> {option}:1:" in ended.err
    assert under_carets(ended.err) == marked
    told = run("what-if", name, option, argument, "-f", "json")
    assert (told.code, told.json["file"], told.json["problems"][0]["code"]) == (2, option, code)


def test_of_several_arguments_all_problems_are_told_each_in_its_line(passing: dict[str, Any], write: Any, run: Any) -> None:
    wrong = ["serving.strategi=a", "serving.strategy=canary", "serving.strategy=b", "x"]
    ended = run("what-if", write("a.json", passing), *(word for one in wrong for word in ("--set", one)))
    assert [line for line in ended.err.split("\n") if line.startswith(" -->")] == [
        " --> --set:1:9",
        " --> --set:3:18",
        " --> --set:4:1",
    ]


def test_two_records_of_one_name_are_not_guessed_between(passing: dict[str, Any], write: Any, run: Any) -> None:
    passing["training"]["evaluation"]["stability"] = [{"run": "a", "metric": "auc", "value": n} for n in (0.8, 0.9, 0.7)]
    ended = run("what-if", write("a.json", passing), "--set", "training.evaluation.stability[a].value=0.5")
    assert ended.code == 2
    assert "3 records of `training.evaluation.stability` are called `a`" in ended.err


def test_a_file_that_cannot_be_read_is_told_by_its_own_name(write: Any, run: Any) -> None:
    ended = run("what-if", write("a.yaml", "a: ["), "--set", "serving.strategy=canary")
    assert ended.code == 2
    assert " --> a.yaml:" in ended.err


def test_a_value_with_an_odd_byte_or_a_huge_number_is_refused_and_nothing_else_happens(
    passing: dict[str, Any], write: Any, process: Any
) -> None:
    name = write("a.json", passing)
    for argument in (b"delivery.model=a\xffb", b"training.failure.max_reruns=1e999", b"delivery.model=" + b"[" * 1000):
        ended = process("what-if", name, "--set", argument)
        assert (ended.code, ended.out) == (2, ""), ended.both
        assert ended.err.startswith("error[")


def test_no_argument_steers_what_reads_the_answer(passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any) -> None:
    name = write("a.json", passing)
    texts = [text for text in INJECTIONS.values() if "\0" not in text]
    for option, end in (("--set", ""), ("--unset", "=")):
        wrong = run("what-if", name, *(word for text in texts for word in (option, f"{text}{end}")))
        assert wrong.code == 2
        assert wrong.err.count("error[") >= len(texts)
        assert_harmless(wrong.both)
    values = [text for text in texts if text.strip() and text.isprintable() and len(text) < 1000]
    sets = [f"use_case.users[]={json.dumps(text, ensure_ascii=False)}" for text in values]
    ended = run("what-if", name, *(word for one in sets for word in ("--set", one)))
    assert ended.code == 0, ended.both
    assert_harmless(ended.both)
