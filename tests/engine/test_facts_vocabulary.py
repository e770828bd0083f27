"""Every fact of the vocabulary, with one fault at a time: the right line and column, and how to mend it."""

from __future__ import annotations

import json
import re

import pytest
from fact_files import holder, pack, read, under, whole, with_fault
from gatewright.cli.renderers import render
from gatewright.engine import document, facts
from gatewright.engine.errors import Problem
from gatewright.engine.vocabulary import FactDef

SCALARS = [path for path, known in pack().facts.items() if known.type != "records"]
RECORDS = [path for path, known in pack().facts.items() if known.type == "records"]
CHOICES = [path for path, known in pack().facts.items() if known.choices]


def test_a_delivery_with_every_fact_of_the_vocabulary_has_no_problem() -> None:
    found = read(json.dumps(whole()), "json")
    assert found.problems == ()
    assert {fact.state for fact in found.plain.values()} == {"stated"}
    assert {fact.state for path in found.records for row in found.records[path] for fact in row.values()} == {"stated"}


@pytest.mark.parametrize("path", [path for path, known in pack().facts.items() if "[]" not in path or known])
def test_each_fact_of_a_wrong_type_is_told_with_place_and_mend(path: str) -> None:
    known = pack().facts[path]
    text, problem = with_fault(path, [True] if known.type in facts.LISTS else True)
    assert problem.code == "wrong-type"
    assert f"`{path}` takes" in problem.what
    name = path.rsplit(".", 1)[-1]
    assert under(text, problem.place) == (f'"{name}"' if known.type == "records" else "true")
    mend = f"choose from: {known.choices[0]}" if known.choices and known.type != "records" else "write for example `"
    assert problem.help.startswith("begin each record with `- " if known.type == "records" else mend)


@pytest.mark.parametrize("path", SCALARS)
def test_each_fact_given_a_mapping_is_told_at_its_key(path: str) -> None:
    text, problem = with_fault(path, {"zz": 1})
    assert problem.code == "wrong-type"
    assert under(text, problem.place) == f'"{path.rsplit(".", 1)[-1]}"'
    assert "here is a mapping" in problem.what


@pytest.mark.parametrize("path", list(pack().facts))
def test_each_key_without_one_of_its_letters_is_told_with_the_right_one(path: str) -> None:
    content = whole()
    mapping, key = holder(content, path)
    wrong = key[: len(key) // 2] + key[len(key) // 2 + 1 :]
    mapping[wrong] = mapping.pop(key)
    text = json.dumps(content, indent=1)
    unknown = [problem for problem in read(text, "json").problems if problem.code == "unknown-fact"]
    assert len(unknown) == 1
    assert under(text, unknown[0].place) == f'"{wrong}"'
    assert f"{wrong}`" in unknown[0].what
    assert unknown[0].help == f"did you mean `{key}`?"


@pytest.mark.parametrize("path", CHOICES)
def test_each_wrong_choice_is_told_with_the_choices(path: str) -> None:
    text, problem = with_fault(path, "zz zz")
    assert problem.code == "wrong-choice"
    assert under(text, problem.place) == '"zz zz"'
    assert all(choice in problem.help for choice in pack().facts[path].choices)


@pytest.mark.parametrize(
    ("path", "choice"), [(path, choice) for path in CHOICES for choice in pack().facts[path].choices if len(choice) > 3]
)
def test_each_choice_with_a_letter_too_many_is_told_with_the_right_one(path: str, choice: str) -> None:
    _, problem = with_fault(path, choice.replace("-", "_").upper() + "X")
    assert problem.help.startswith(f"did you mean `{choice}`? ")


# --- as it is printed

PRINTED = re.compile(
    r"error\[(?P<code>[a-z-]+)\]: (?P<what>[^\n]+)\n --> delivery\.json:(?P<line>\d+):(?P<column>\d+)\n"
    r"(?P=line) \| (?P<source>[^\n]+)\n +\| (?P<carets> *\^+)\n  help: (?P<help>[^\n]+)\n"
)


def assert_printed_with_carets_under(wrong: str, text: str, problem: Problem) -> None:
    """The message has line, column, source, mend, and carets below `wrong` and nothing else."""
    printed = PRINTED.fullmatch(render("problems", "text", "delivery.json", text, [problem]))
    assert printed
    whole_line, source, carets = text.split("\n")[int(printed["line"]) - 1], printed["source"], printed["carets"]
    assert source in whole_line
    assert whole_line[int(printed["column"]) - 1 :].startswith(wrong[:20])
    start = len(carets) - len(carets.lstrip())
    assert wrong.startswith(source[start : len(carets)])
    assert len(carets.strip()) == min(len(wrong), len(source) - start)
    assert max(map(len, printed[0].split("\n"))) < 400


@pytest.mark.parametrize("path", list(pack().facts))
def test_a_wrong_type_of_each_fact_is_printed_with_line_column_carets_and_mend(path: str) -> None:
    known = pack().facts[path]
    text, problem = with_fault(path, [True] if known.type in facts.LISTS else True)
    name = path.rsplit(".", 1)[-1]
    assert_printed_with_carets_under(f'"{name}"' if known.type == "records" else "true", text, problem)


@pytest.mark.parametrize("path", CHOICES)
def test_a_wrong_choice_of_each_fact_is_printed_with_line_column_carets_and_mend(path: str) -> None:
    text, problem = with_fault(path, "zz zz")
    assert_printed_with_carets_under('"zz zz"', text, problem)


@pytest.mark.parametrize("path", list(pack().facts))
def test_a_misspelt_key_of_each_fact_is_printed_with_line_column_carets_and_mend(path: str) -> None:
    content = whole()
    mapping, key = holder(content, path)
    wrong = key[: len(key) // 2] + key[len(key) // 2 + 1 :]
    mapping[wrong] = mapping.pop(key)
    text = json.dumps(content, indent=1)
    [problem] = [problem for problem in read(text, "json").problems if problem.code == "unknown-fact"]
    assert_printed_with_carets_under(f'"{wrong}"', text, problem)


WRONG: dict[str, list[object]] = {
    "duration": ["soon", "30", 30],
    "date": ["soon", "30.09.2026", 2026],
    "share": ["a lot", 5, "101%"],
    "integer": [1.5, "2", "two"],
    "number": ["0.5", "high"],
}


@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path in SCALARS for value in WRONG.get(pack().facts[path].type, [])]
)
def test_each_value_that_its_fact_cannot_have_is_told_with_place_and_example(path: str, value: object) -> None:
    text, problem = with_fault(path, value)
    assert problem.code in ("wrong-value", "wrong-type")
    assert under(text, problem.place) == json.dumps(value)
    assert problem.help.startswith(f"write for example `{path.rsplit('.', 1)[-1]}: ")


@pytest.mark.parametrize("path", [path for path, known in pack().facts.items() if known.least is not None])
def test_each_number_below_its_least_is_told(path: str) -> None:
    _, problem = with_fault(path, -1)
    assert problem.code == "wrong-value"
    assert "is -1, and it has to be at least 0" in problem.what


def test_a_number_above_its_most_is_told() -> None:
    known = FactDef(path="a.b", type="number", means="x", ask="x", example=1, most=10)
    section = pack().sections[0].model_copy(update={"id": "a", "facts": {"a.b": known}})
    small = pack().model_copy(update={"sections": (section,)})
    small.__dict__.pop("facts", None)
    (problem,) = facts.read(document.read(b"a: {b: 11.5}", "a.yaml"), small).problems
    assert problem.what == "`a.b` is 11.5, and it has to be at most 10"
