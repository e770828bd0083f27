"""Problems are shown with their place, the line, carets below the right columns, and how to mend them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest


def test_a_problem_is_told_as_where_what_why_and_how_to_mend(write: Any, run: Any) -> None:
    source = "registry:\n  promotion:\n    aprovers: [ana]\n"
    out = run("validate", write("delivery.yaml", source)).out
    assert out.startswith(
        "error[unknown-fact]: no fact is called `registry.promotion.aprovers`\n"
        " --> delivery.yaml:3:5\n"
        "3 |     aprovers: [ana]\n"
        "  |     ^^^^^^^^\n"
        "  help: did you mean `approvers`?\n"
    )


# The key `oops` stands on a line after something that is harder to count than plain letters.
BEFORE = {
    "nothing": "{",
    "tabs": '{\t"objective":\t"x",\t\t',
    "wide characters": '{"objective": "東京の需要予測", ',
    "an emoji": '{"objective": "\U0001f600\U0001f680", ',
    "combining characters": '{"objective": "e\u0301a\u0308o\u0302", ',
    "a variation selector": '{"objective": "\u8fbb\U000e0100", ',
    "vowel signs": '{"objective": "\u0915\u0941\u0902", ',
    "direction marks": '{"objective": "\u202eabc\u202c", ',
    "zero-width characters": '{"objective": "a\u200bb\u200d", ',
    "an escape": '{"objective": "\\u001b[31m", ',
    "a CI command": '{"objective": "::error::x ##[error]y ##vso[z]", ',
    "300 characters": '{"objective": "' + "x" * 300 + '", ',
    "15,000 characters": '{"objective": "' + "x" * 15_000 + '", ',
    "900 wide characters": '{"objective": "' + "東" * 900 + '", ',
    "900 tabs": '{"objective": "x",' + "\t" * 900,
}


@pytest.mark.parametrize("before", BEFORE)
def test_the_carets_stand_below_the_word_whatever_stands_before_it(
    before: str,
    write: Any,
    run: Any,
    under_carets: Any,
    assert_harmless: Any,
) -> None:
    source = '{"use_case":\n' + BEFORE[before] + '"oops": 1, "owner": "ana.lopez"}}'
    out = run("validate", write("a.json", source)).out
    assert under_carets(out) == '"oops"'
    assert f"a.json:2:{len(BEFORE[before]) + 1}\n" in out
    assert_harmless(out)
    assert max(map(len, out.split("\n"))) < 400


@pytest.mark.parametrize(
    ("key", "shown"),
    [("größe", '"größe"'), ("東京", '"東京"'), ("\U0001f600", '"\U0001f600"'), ("e\u0301e\u0301", '"e\u0301e\u0301"')],
)
def test_the_carets_are_as_wide_as_the_word(key: str, shown: str, write: Any, run: Any, under_carets: Any) -> None:
    assert under_carets(run("validate", write("a.json", {"use_case": {key: 1}})).out) == shown


def test_the_carets_below_a_word_of_1000_letters_end_with_the_part_that_is_shown(write: Any, run: Any, under_carets: Any) -> None:
    out = run("validate", write("a.json", {"use_case": {"x" * 1000: 1}})).out
    assert re.fullmatch(r'"?x{20,110}', under_carets(out))
    source, carets = (next(line for line in out.split("\n") if sign in line.split("|")[-1]) for sign in ("xxxx", "^^^^"))
    assert len(carets) <= len(source)


SOURCES = {
    "yaml": "use_case:\n  objectiv: a\n  risk:\n    impact: hihg\n    factors: [none]\n"
    "serving: {budgets: {latencyy: 1}}\ncolour: red\n",
    "json": '{"use_case": {"objectiv": "a",\n "risk": {"impact": "hihg", "factors": ["none"]}},\n'
    '"serving": {"budgets": {"latencyy": 1}},\n "colour": "red"}',
    "toml": 'colour = "red"\n[use_case]\nobjectiv = "a"\n[use_case.risk]\nimpact = "hihg"\nfactors = ["none"]\n'
    "[serving.budgets]\nlatencyy = 1\n",
}


@pytest.mark.parametrize("format", SOURCES)
def test_all_problems_are_told_at_once_in_the_order_of_their_places(format: str, write: Any, run: Any) -> None:
    out = run("validate", write(f"a.{format}", SOURCES[format])).out
    places = [(int(line), int(column)) for line, column in re.findall(rf"^ --> a\.{format}:(\d+):(\d+)$", out, re.MULTILINE)]
    assert len(places) == 4
    assert places == sorted(places)
    assert all(word in out for word in ("`use_case.objectiv`", "`hihg`", "`serving.budgets.latencyy`", "`colour`"))


@pytest.mark.parametrize("format", SOURCES)
def test_each_place_points_at_the_word_that_is_wrong(format: str, write: Any, run: Any) -> None:
    source = SOURCES[format].split("\n")
    problems = run("validate", write(f"a.{format}", SOURCES[format]), "--format", "json").json["files"][0]["problems"]
    there = {
        source[problem["line"] - 1][problem["column"] - 1 :].lstrip('"').split('"')[0].split(":")[0].split(" ")[0]
        for problem in problems
    }
    assert there == {"objectiv", "hihg", "latencyy", "colour"}


def test_a_key_that_stands_twice_is_told_among_the_other_problems_in_the_order_of_their_places(write: Any, run: Any) -> None:
    name = write("a.yaml", "use_case:\n  objectiv: a\ndelivery:\n  model: a\n  model: b\n")
    for command in ("validate", "check"):
        both = run(command, name).both
        lines = [int(line) for line in re.findall(r"^ --> a\.yaml:(\d+):", both, re.MULTILINE)]
        assert lines == [2, 5], command


HELPED = {
    "a wrong key": ({"use_case": {"objectiv": "x"}}, "did you mean `objective`?"),
    "a key of another section": ({"use_case": {"on_call": "x"}}, "`operations.on_call`"),
    "a wrong choice": ({"use_case": {"risk": {"impact": "hgih"}}}, "choose from: high, low"),
    "a number for a text": ({"training": {"failure": {"max_reruns": "two"}}}, "max_reruns: 2"),
    "a text for a group": ({"use_case": {"risk": "high"}}, "`impact`"),
    "no duration": ({"monitoring": {"quality": {"cadence": "often"}}}, "cadence: daily"),
    "no date": ({"retraining": {"rollback": {"rehearsed": "in May"}}}, "2026-09-15"),
    "a truth value for a choice": ({"use_case": {"risk": {"factors": [False]}}}, "choose from: none, rights"),
    "a truth value for a text": ({"use_case": {"objective": True}}, "put `true` in quotes"),
}


@pytest.mark.parametrize("what", HELPED)
def test_a_problem_says_how_to_mend_it(what: str, write: Any, run: Any) -> None:
    content, mend = HELPED[what]
    out = run("validate", write("a.json", content)).out
    assert out.count("error[") == 1
    [line] = [line for line in out.split("\n") if line.startswith("  help: ")]
    assert mend in line


def test_a_reference_to_nothing_is_shown_where_it_stands(
    passing: dict[str, Any], write: Any, run: Any, under_carets: Any
) -> None:
    passing["lineage"]["features"][0]["derives_from"] = ["loan_aplications"]
    ended = run("validate", write("a.json", passing))
    assert ended.code == 1
    assert under_carets(ended.out) == '"loan_aplications"'
    assert "did you mean `loan_applications`?" in ended.out


def test_problems_of_two_files_each_name_their_own_file(write: Any, run: Any) -> None:
    out = run("validate", write("a.json", {"colour": 1}), write("b.yaml", "taste: 2\n")).out
    assert re.search(r"`colour`\n --> a\.json:2:2\n", out)
    assert re.search(r"`taste`\n --> b\.yaml:1:1\n", out)


def test_the_line_of_a_valid_file_counts_what_is_stated_and_what_is_not(passing: dict[str, Any], write: Any, run: Any) -> None:
    del passing["operations"]["hours"]
    passing["operations"]["runbook"] = "TBD"
    name = write("a.json", passing)
    before = run("validate", name, "--format", "json").json["files"][0]["facts"]
    assert before["placeholder"] == 1
    assert before["missing"] >= 1
    out = run("validate", name).out
    assert all(str(before[state]) in out for state in ("stated", "placeholder", "missing"))


def test_check_shows_the_problems_of_a_file_that_can_be_judged_all_the_same(
    passing: dict[str, Any], write: Any, run: Any
) -> None:
    ended = run("check", write("a.json", passing | {"colour": "red"}))
    assert ended.code == 1
    assert "PASSED" not in ended.out
    assert "no fact is called `colour`" in ended.out
    assert json.loads(run("check", "a.json", "--format", "json").out)["verdict"] == "blocked"
