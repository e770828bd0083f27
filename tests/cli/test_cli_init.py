"""`init` writes a fact file to begin with; `schema` prints what editors need for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gatewright.cli import inputs
from gatewright.cli.editing import edit
from gatewright.engine import document, facts

PACK = inputs.read_pack("mlops")
TOP = {path: fact for section in PACK.sections for path, fact in section.facts.items()}
EXAMPLES = ["credit-default.yaml", "ticket-routing.yaml", "demand-forecast.yaml", "made-with-ml.yaml"]


@pytest.mark.parametrize("options", [(), ("--minimal",), ("--gate", "lineage"), ("--gate", "10")])
def test_a_starter_file_is_valid_and_states_nothing(options: tuple[str, ...], here: Path, run: Any) -> None:
    assert run("init", "new.yaml", *options).code == 0
    found = run("validate", "new.yaml", "--format", "json")
    assert found.code == 0
    assert found.json["files"][0]["facts"]["stated"] == 0


def test_a_starter_file_names_every_fact_with_its_question(run: Any) -> None:
    text = " ".join(run("init", "-").out.replace("#", " ").split())
    for path, fact in PACK.facts.items():
        assert f" {path.rsplit('.', 1)[-1]}: " in text, path
        if "[]" not in path:
            assert fact.ask in text, path


def test_a_starter_file_of_one_gate_has_the_sections_of_that_gate_alone(run: Any) -> None:
    keys = [line.partition(":")[0] for line in run("init", "-", "--gate", "4").out.split("\n") if line[:1].isalpha()]
    assert keys == ["registry"]


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("options", [(), ("--minimal",)])
def test_a_starter_made_from_a_file_is_judged_as_that_file(
    name: str, options: tuple[str, ...], here: Path, examples: Path, run: Any
) -> None:
    assert run("init", "new.yaml", "--from", examples / name, *options).code == 0
    old, new = (run("check", file, "--format", "json").json for file in (examples / name, "new.yaml"))
    assert new["problems"] == []
    assert judged(new) == judged(old)


def judged(answer: Any) -> Any:
    """What was concluded; places differ, and what was missing is a placeholder now."""
    gates = [(gate["id"], gate["status"], [one["status"] for one in (*gate["entry"], *gate["exit"])]) for gate in answer["gates"]]
    rows = [(row["table"], row["row"], row["leads"], row["deviates"]) for row in answer["recommendations"]]
    return (
        answer["verdict"],
        gates,
        rows,
        [row["row"] for row in answer["undecided"]],
        [pattern["id"] for pattern in answer["antipatterns"]],
        answer["sequence"],
    )


def test_nothing_is_written_over_a_file_that_exists(here: Path, run: Any) -> None:
    (here / "mine.yaml").write_text("delivery: {model: mine}\n")
    ended = run("init", "mine.yaml")
    assert ended.code == 2
    assert "exists" in ended.err
    assert (here / "mine.yaml").read_text() == "delivery: {model: mine}\n"


@pytest.mark.parametrize("name", ["mine.toml", "mine.JSON"])
def test_a_name_that_is_not_read_as_yaml_is_refused(name: str, here: Path, run: Any) -> None:
    ended = run("init", name)
    assert (ended.code, (here / name).exists()) == (2, False)
    assert f"gatewright interview {name}" in ended.err


@pytest.mark.parametrize("text", ["a: [", "delivery: {model: a, model: b}\n"])
def test_a_file_to_take_over_that_cannot_be_judged_is_named_and_nothing_is_written(
    text: str, write: Any, here: Path, run: Any
) -> None:
    ended = run("init", "new.yaml", "--from", write("old.yaml", text))
    assert (ended.code, (here / "new.yaml").exists()) == (2, False)
    assert "--> old.yaml:" in ended.err


def test_it_is_said_that_not_all_of_a_file_with_problems_may_be_taken_over(write: Any, run: Any) -> None:
    assert "old.yaml" in run("init", "new.yaml", "--from", write("old.yaml", "delivery: {modle: a}\n")).err
    assert run("init", "newer.yaml", "--from", write("good.yaml", "delivery: {model: a}\n")).err == ""


def test_a_gate_that_is_none_is_refused(run: Any) -> None:
    ended = run("init", "-", "--gate", "lineag")
    assert ended.code == 2
    assert "did you mean `lineage`?" in ended.err


def test_the_schema_is_json_schema_and_names_every_section(run: Any) -> None:
    ended = run("schema")
    assert ended.code == 0
    assert ended.json["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(ended.json["properties"]) == {s.id for s in PACK.sections} | {"assumptions", "sequence"}


def test_a_version_that_looks_like_a_number_keeps_its_digits(write: Any, run: Any) -> None:
    write("old.yaml", "delivery: {model: churn, version: 1.10}\nlineage: {datasets: [{name: a, version: 2.50}]}\n")
    for name, more in (("new.yaml", ()), ("all.yaml", ("--one-shot",))):
        run("init", name, "--from", "old.yaml", *more)
        found = read(name)
        assert found.plain["delivery.version"].items[0].shown == "1.10"
        assert found.records["lineage.datasets"][0]["version"].items[0].shown == "2.50"


# --- one shot: everything that is not stated is an assumption


def read(name: str) -> facts.Facts:
    found = facts.read(document.read(Path(name).read_bytes(), name), PACK)
    assert found.problems == ()
    return found


def written(name: str) -> tuple[list[str], dict[str, Any]]:
    """The facts that stand in the sections of a file, and its assumptions by fact."""
    content: Any = document.read(Path(name).read_bytes(), name).root.plain()
    assumed = content.pop("assumptions", None) or []
    stated = []
    for path in TOP:
        level: Any = content
        for key in path.split("."):
            level = level.get(key) if isinstance(level, dict) else None
        if level is not None:
            stated.append(path)
    assert len({one["fact"] for one in assumed}) == len(assumed)
    return stated, {one["fact"]: one for one in assumed}


@pytest.mark.parametrize("old", [None, *EXAMPLES])
@pytest.mark.parametrize("more", [(), ("--minimal",)])
def test_one_shot_writes_every_fact_once_as_a_fact_or_as_an_assumption(
    old: str | None, more: tuple[str, ...], here: Path, examples: Path, run: Any
) -> None:
    source = () if old is None else ("--from", examples / old)
    assert run("init", "new.yaml", "--one-shot", "--owner", "Mei Tanaka", *source, *more).code == 0
    stated, assumed = written("new.yaml")
    assert sorted([*stated, *assumed]) == sorted(TOP)
    read("new.yaml")


def test_one_shot_assumes_the_defaults_of_the_pack_with_their_reasons(here: Path, run: Any) -> None:
    run("init", "new.yaml", "--one-shot", "--owner", "Mei Tanaka")
    _, assumed = written("new.yaml")
    for path, fact in TOP.items():
        assert assumed[path]["owner"] == "Mei Tanaka"
        if fact.default:
            assert (assumed[path]["value"], assumed[path]["reason"]) == (fact.default.value, fact.default.because)
        else:
            assert assumed[path]["value"] == "TBD"
    states = {path: fact.state for path, fact in read("new.yaml").plain.items()}
    assert states == {path: "assumed" if fact.default else "placeholder" for path, fact in TOP.items()}


def test_one_shot_asks_in_a_comment_what_only_the_team_can_know(here: Path, run: Any) -> None:
    run("init", "new.yaml", "--one-shot")
    text = " ".join(Path("new.yaml").read_text().replace("#", " ").split())
    for path, fact in TOP.items():
        before, after = text.split(f"- fact: {path} ", 1)
        assert before.count(fact.ask)
        if not fact.default:
            assert after.startswith("value: TBD reason: Only the team can know this")


def test_one_shot_marks_assumptions_at_the_top_and_above_the_list(here: Path, run: Any) -> None:
    run("init", "new.yaml", "--one-shot")
    lines = Path("new.yaml").read_text().splitlines()
    assert "ASSUMED, NOT STATED" in "".join(lines[:4])
    assert "None of these is stated" in lines[lines.index("assumptions:") - 1]


def test_one_shot_without_an_owner_assumes_nothing_that_counts(here: Path, run: Any) -> None:
    run("init", "new.yaml", "--one-shot")
    assert {fact.state for fact in read("new.yaml").plain.values()} == {"placeholder"}


def test_check_of_a_one_shot_file_names_gate_by_gate_what_only_the_team_can_state(here: Path, run: Any) -> None:
    run("init", "new.yaml", "--one-shot", "--owner", "Mei Tanaka")
    answer = run("check", "new.yaml", "--format", "json")
    assert answer.code == 1
    missing = {one["fact"].partition("[]")[0]: one["gate"] for one in answer.json["missing"]}
    needed = {path: fact for path, fact in TOP.items() if not fact.default and not fact.optional}
    assert set(missing) & set(needed) == set(needed)
    assert not [path for path in missing if TOP[path].default]
    assert list(dict.fromkeys(missing.values())) == [gate for gate in PACK.order if gate in missing.values()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_one_shot_keeps_what_a_file_states_as_stated(name: str, here: Path, examples: Path, run: Any) -> None:
    run("init", "new.yaml", "--one-shot", "--owner", "Mei Tanaka", "--from", examples / name)
    old = facts.read(document.read((examples / name).read_bytes(), name), PACK)
    new = read("new.yaml")
    for path, fact in old.plain.items():
        if fact.state in ("stated", "assumed"):
            assert new.plain[path].state == fact.state
            assert [item.shown for item in new.plain[path].items] == [item.shown for item in fact.items]
    kept = [(one.fact, one.value, one.owner) for one in old.assumptions]
    assert [one for one in kept if one in [(a.fact, a.value, a.owner) for a in new.assumptions]] == kept


def test_one_shot_assumes_the_policy_that_fits_what_is_stated(write: Any, run: Any) -> None:
    write("old.yaml", "use_case: {risk: {impact: low, factors: [none]}}\ntraining: {evaluation: {stability: stable}}\n")
    run("init", "new.yaml", "--one-shot", "--owner", "Mei Tanaka", "--from", "old.yaml")
    assert written("new.yaml")[1]["registry.promotion.policy"]["value"] == "automated-safeguards"


def test_one_shot_keeps_what_is_begun_and_assumes_what_is_a_placeholder(write: Any, run: Any) -> None:
    write("old.yaml", "lineage:\n  change_approvers: [ana, TBD]\n  datasets: [{name: TBD}]\n  evidence: n/a\n")
    run("init", "new.yaml", "--one-shot", "--from", "old.yaml")
    stated, assumed = written("new.yaml")
    assert stated == ["lineage.change_approvers"]
    assert {"lineage.datasets", "lineage.evidence"} <= set(assumed)


def test_one_shot_of_one_gate_has_the_facts_of_that_gate_alone(here: Path, run: Any) -> None:
    run("init", "new.yaml", "--one-shot", "--gate", "serving-release")
    assert {PACK.facts[path].gate for path in written("new.yaml")[1]} == {"serving-release"}


def test_a_one_shot_file_can_be_edited(here: Path, run: Any) -> None:
    run("init", "new.yaml", "--one-shot", "--owner", "Mei Tanaka")
    text = Path("new.yaml").read_text()
    Path("new.yaml").write_text(edit(text, "yaml", {"delivery.model": "churn"}, drop=["delivery.model"], pack=PACK))
    assert read("new.yaml").plain["delivery.model"].state == "stated"
    stated, assumed = written("new.yaml")
    assert sorted([*stated, *assumed]) == sorted(TOP)
    gone = "# What is the model called?"
    assert gone in text
    assert gone not in Path("new.yaml").read_text()


@pytest.mark.parametrize("more", [("--owner", "Mei"), ("--one-shot", "--owner", "the team"), ("--one-shot", "--owner", " ")])
def test_an_owner_is_somebody_and_belongs_to_one_shot(more: tuple[str, ...], here: Path, run: Any) -> None:
    ended = run("init", "new.yaml", *more)
    assert ended.code == 2
    assert "error[usage]" in ended.err
    assert not Path("new.yaml").exists()
