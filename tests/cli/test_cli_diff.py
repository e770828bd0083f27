"""`diff`: what a change of a fact file does to the verdict, and how it ends."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from gatewright.cli.inputs import read_pack
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from test_cli_safe_output import all_at_once, as_key, as_value

PACK = read_pack("mlops")
PATHS = sorted(path for section in PACK.sections for path, fact in section.facts.items() if not fact.optional)
EXAMPLES = ("credit-default", "demand-forecast", "made-with-ml", "ticket-routing")
QUICK = settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def without(said: dict[str, Any], *paths: str) -> dict[str, Any]:
    found = copy.deepcopy(said)
    for path in paths:
        level = found
        *above, last = path.split(".")
        for part in above:
            level = level[part]
        level.pop(last, None)
    return found


@pytest.fixture
def pair(write: Any, passing: dict[str, Any]) -> tuple[str, str]:
    """A delivery that passes, and the same without its serving strategy."""
    return write("old.json", passing), write("new.json", without(passing, "serving.strategy"))


# --- how it ends


def test_it_ends_with_1_where_a_gate_got_worse_and_with_0_where_one_got_better(pair: tuple[str, str], run: Any) -> None:
    old, new = pair
    assert [run("diff", *files).code for files in ((old, new), (new, old), (new, new), (old, old))] == [1, 0, 0, 0]


def test_with_fail_on_blocked_it_ends_with_1_wherever_the_new_file_is_blocked(pair: tuple[str, str], run: Any) -> None:
    old, new = pair
    files = ((old, new), (new, new), (new, old), (old, old))
    assert [run("diff", "--fail-on", "blocked", *names).code for names in files] == [1, 1, 0, 0]


def test_a_new_problem_of_a_file_that_passed_ends_with_1(write: Any, run: Any, passing: dict[str, Any]) -> None:
    ended = run("diff", write("old.json", passing), write("new.json", {**passing, "colour": "red"}))
    assert ended.code == 1
    assert "The file has 1 new problem:\n\nerror[unknown-fact]: no fact is called `colour`\n --> new.json:" in ended.out


@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_the_exit_code_is_the_same_for_every_format(format: str, pair: tuple[str, str], run: Any) -> None:
    assert [run("diff", *files, "-f", format).code for files in (pair, pair[::-1])] == [1, 0]


# --- its input


@pytest.mark.parametrize("side", [0, 1])
def test_one_of_the_two_can_come_from_standard_input(side: int, pair: tuple[str, str], run: Any, here: Path) -> None:
    names: list[str] = list(pair)
    text = (here / names[side]).read_bytes()
    names[side] = "-"
    ended = run("diff", *names, stdin=text)
    assert ended.code == 1
    assert "serving-release" in ended.out


@pytest.mark.parametrize("format", ["text", "markdown"])
def test_what_to_run_next_names_standard_input_as_a_shell_takes_it(
    format: str, pair: tuple[str, str], run: Any, here: Path
) -> None:
    ended = run("diff", pair[0], "-", "-f", format, stdin=(here / pair[1]).read_bytes())
    assert "gatewright explain - serving-release" in ended.out


def test_both_from_standard_input_is_a_wrong_use(run: Any) -> None:
    ended = run("diff", "-", "-", stdin=b"{}")
    assert ended.code == 2
    assert "only one of the two files can come from standard input" in ended.err


def test_standard_input_is_read_as_the_other_file_is_written(write: Any, run: Any, passing: dict[str, Any]) -> None:
    text = tomli_w.dumps(passing)
    assert run("diff", "-", write("new.toml", text), stdin=text).code == 0


def test_the_given_syntax_is_that_of_the_file_whose_name_does_not_say(write: Any, run: Any, passing: dict[str, Any]) -> None:
    new = write("new.json", passing)
    ended = run("diff", "--input", "toml", "-", new, stdin=tomli_w.dumps(passing))
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("side", [0, 1])
def test_a_file_that_cannot_be_judged_is_told_by_its_name(side: int, write: Any, run: Any, passing: dict[str, Any]) -> None:
    names = [write("old.json", passing), write("new.json", passing)]
    names[side] = write("broken.yaml", "delivery:\n  model: a\n  model: b\n")
    ended = run("diff", *names)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error[duplicate-key]: the key `model` stands twice\n --> broken.yaml:3:3\n3 |   model: b\n")
    told = run("diff", *names, "-f", "json")
    assert told.code == 2
    assert (told.json["verdict"], told.json["file"]) == (None, "broken.yaml")


def test_where_nothing_can_be_judged_a_comment_stays_empty(write: Any, run: Any) -> None:
    ended = run("diff", write("a.yaml", "a: ["), write("b.yaml", "{}"), "-f", "markdown")
    assert (ended.code, ended.out) == (2, "")
    assert "error[syntax]" in ended.err


def test_a_pack_that_is_not_there_is_no_fault_of_a_file(pair: tuple[str, str], run: Any) -> None:
    ended = run("diff", *pair, "--pack", "nowhere")
    assert ended.code == 2
    assert "old.json" not in ended.err


# --- what it says


@QUICK
@given(old=st.sets(st.sampled_from(PATHS), max_size=4), new=st.sets(st.sampled_from(PATHS), max_size=4))
def test_it_tells_every_gate_whose_status_differs_between_two_checks_and_no_other(
    old: set[str], new: set[str], write: Any, run: Any
) -> None:
    files = [write(name, without(PACK.example, *paths)) for name, paths in (("a.json", old), ("b.json", new))]
    before, after = ({gate["id"]: gate["status"] for gate in run("check", file, "-f", "json").json["gates"]} for file in files)
    told = {gate["id"]: (gate["old"], gate["new"]) for gate in run("diff", *files, "-f", "json").json["gates"]}
    assert told == {gate: (status, after[gate]) for gate, status in before.items() if status != after[gate]}


@pytest.mark.parametrize(("old", "new"), list(itertools.permutations(EXAMPLES, 2)))
def test_every_two_examples_can_be_compared_in_every_format(
    old: str, new: str, run: Any, examples: Path, assert_harmless: Any
) -> None:
    files = [examples / f"{name}.yaml" for name in (old, new)]
    answers = [run("diff", *files, "-f", name) for name in ("text", "json", "markdown")]
    assert len({answer.code for answer in answers}) == 1
    assert answers[0].code == bool(answers[1].json["worse"])
    for answer in answers:
        assert answer.err == ""
        assert_harmless(answer.out)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("format", ["text", "markdown"])
def test_a_file_and_itself_are_the_same_in_one_line(name: str, format: str, run: Any, examples: Path) -> None:
    file = examples / f"{name}.yaml"
    ended = run("diff", file, file, "-f", format)
    assert ended.code == 0
    assert ended.out.split("\n")[0].endswith(": nothing changed")
    assert "Facts:" not in ended.out


def test_a_gate_that_got_worse_is_told_with_the_criterion_the_fact_its_place_and_how_to_mend_it(
    examples: Path, here: Path, run: Any
) -> None:
    text = (examples / "ticket-routing.yaml").read_text()
    (here / "old.yaml").write_text(text)
    (here / "new.yaml").write_text(text.replace("  strategy: blue-green", "  strategy: TBD"))
    ended = run("diff", "old.yaml", "new.yaml")
    line = text.split("\n").index("  strategy: blue-green") + 1
    assert "\n   5  serving-release             passed  -> BLOCKED  worse\n" in ended.out
    assert (
        "  gate 5, serving-release: Serving architecture and rollout path are explicit. (unknown, was met)\n"
        f"    ~ `serving.strategy` is a placeholder; it was `blue-green`  (new.yaml:{line}:3)\n"
        "    how to mend: Which deployment strategy? For example `strategy: canary`.\n"
    ) in ended.out
    assert "\nNext: gatewright explain new.yaml serving-release\n" in ended.out


def test_what_is_gone_is_told_with_the_place_that_it_had(pair: tuple[str, str], run: Any) -> None:
    assert "- `serving.strategy` is gone; it was `canary`  (old.json:" in run("diff", *pair).out


def test_the_record_that_came_is_one_line(write: Any, run: Any, passing: dict[str, Any]) -> None:
    old = write("old.json", passing)
    passing["monitoring"]["alerts"].append({"name": "errors", "when": ["error_rate > 1 %"], "owner": "ben"})
    out = run("diff", old, write("new.json", passing)).out
    line = "+ `monitoring.alerts[]` of `errors` is new: name `errors`, when `error_rate > 1 %`, owner `ben`"
    assert out.count(line) == 1


def test_a_choice_that_deviates_now_is_told(write: Any, run: Any, passing: dict[str, Any]) -> None:
    old = write("old.json", passing)
    passing["registry"]["promotion"]["policy"] = "auto-promote"
    ended = run("diff", old, write("new.json", passing))
    assert "DEVIATION: `auto-promote` is declared instead, and `registry.promotion.rationale` does not say why" in ended.out
    (table,) = ended_json(run, old, "new.json")["recommendations"]
    assert (table["old"]["deviates"], table["new"]["deviates"]) == (False, True)


def ended_json(run: Any, *files: str) -> Any:
    return run("diff", *files, "-f", "json").json


def test_many_changed_facts_are_counted_and_only_the_first_are_listed(write: Any, run: Any, passing: dict[str, Any]) -> None:
    out = run("diff", write("old.json", {"delivery": {"model": "a"}}), write("new.json", passing)).out
    assert "\n  ... and " in out
    assert len(out.split("\n")) < 300


def test_with_no_assumptions_an_assumption_counts_in_neither_file(write: Any, run: Any, passing: dict[str, Any]) -> None:
    old = write("old.json", passing)
    one = {"fact": "serving.strategy", "value": "canary", "reason": "as last time", "owner": "ana"}
    new = write("new.json", {**without(passing, "serving.strategy"), "assumptions": [one]})
    assert run("diff", old, new).code == 0
    assert "new: `serving.strategy` is assumed to be `canary` by `ana`, because: `as last time`" in run("diff", old, new).out
    assert run("diff", old, new, "--no-assumptions").code == 1


def test_evidence_that_is_stale_by_the_given_day_makes_a_gate_no_worse_than_it_was(
    write: Any, run: Any, passing: dict[str, Any]
) -> None:
    passing["serving"]["strategy"] = {"value": "canary", "evidence": {"path": "a.json", "date": "2020-01-01"}}
    name = write("a.json", passing)
    assert run("diff", name, name, "--today", "2030-01-01").code == 0


def test_json_gives_the_same_bytes_each_time_and_all_its_keys(pair: tuple[str, str], run: Any) -> None:
    first, again = (run("diff", *pair, "-f", "json").out for _ in range(2))
    assert first == again
    assert list(json.loads(first)) == [
        *("pack", "engine", "waivers", "waivers_file", "old", "new", "worse", "better", "gates", "criteria", "recommendations"),
        *("decisions", "antipatterns", "assumptions", "problems", "sequence", "facts"),
    ]


@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_no_value_of_either_file_steers_what_reads_the_answer(
    format: str, passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any
) -> None:
    files = write("old.json", all_at_once(as_value, passing)), write("new.json", all_at_once(as_key, passing))
    for names in (files, files[::-1]):
        ended = run("diff", *names, "-f", format)
        assert ended.code in (0, 1), ended.both
        assert_harmless(ended.both)
