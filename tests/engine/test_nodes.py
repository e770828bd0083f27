"""The limits of the builder, the same for every format."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gatewright.engine import document, nodes
from gatewright.engine.errors import CannotJudge, Problem

Nest = Callable[[int], bytes]
NESTS: dict[str, tuple[str, Nest]] = {
    "yaml flow list": ("a.yaml", lambda n: b"[" * n + b"]" * n),
    "yaml flow mapping": ("a.yaml", lambda n: b"{a: " * n + b"1" + b"}" * n),
    "yaml dashes": ("a.yaml", lambda n: b"- " * n + b"1"),
    "yaml indented keys": ("a.yaml", lambda n: b"".join(b" " * i + b"a:\n" for i in range(n))),
    "json list": ("a.json", lambda n: b"[" * n + b"]" * n),
    "json mapping": ("a.json", lambda n: b'{"a":' * n + b"1" + b"}" * n),
    "toml array": ("a.toml", lambda n: b"a = " + b"[" * (n - 1) + b"]" * (n - 1)),
    "toml inline table": ("a.toml", lambda n: b"a = " + b"{a = " * (n - 1) + b"1" + b"}" * (n - 1)),
    "toml dotted key": ("a.toml", lambda n: b".".join([b"a"] * n) + b" = 1"),
    "toml header": ("a.toml", lambda n: b"[" + b".".join([b"a"] * (n - 1)) + b"]\nb = 1"),
}


def problems_of(data: bytes, file: str) -> tuple[Problem, ...]:
    try:
        return document.read(data, file).problems
    except CannotJudge as error:
        return error.problems


@pytest.mark.parametrize("name", NESTS)
def test_32_levels_are_read_and_a_33rd_is_refused_in_every_notation(name: str) -> None:
    file, nest = NESTS[name]
    assert problems_of(nest(32), file) == ()
    (problem,) = problems_of(nest(33), file)
    assert problem.code == "too-deep"
    assert problem.place is not None
    assert problem.help == "flatten the file"


def test_levels_that_an_alias_repeats_count_like_levels_that_are_written() -> None:
    deep = "[" * 20 + "]" * 20
    assert problems_of(f"a: &a {deep}\nb: [[[[*a]]]]".encode(), "a.yaml") == ()
    (problem,) = problems_of(f"a: &a {deep}\nb: &b {'[' * 12}*a{']' * 12}".encode(), "a.yaml")
    assert (problem.code, problem.place and problem.place.line) == ("too-deep", 2)


def test_a_file_holds_no_more_values_than_allowed() -> None:
    most = nodes.MAX_NODES
    for file, begin, item, end in (("a.yaml", "[", "1,", "]"), ("a.json", "[", "1,", "1]"), ("a.toml", "a = [", "1,", "]")):
        few, many = ((begin + item * count + end).encode() for count in (most - 3, most + 1))
        assert problems_of(few, file) == ()
        assert [problem.code for problem in problems_of(many, file)] == ["too-many"]


def test_a_toml_file_of_nothing_but_headers_has_a_limit_too() -> None:
    headers = "\n".join(f"[t{number}.a.b.c]" for number in range(nodes.MAX_NODES)).encode()
    assert [problem.code for problem in problems_of(headers, "a.toml")] == ["too-many"]


def test_a_long_text_repeated_by_alias_counts_with_its_length() -> None:
    text = "x" * 10_000
    data = f"a: &a {text}\nb: [{', '.join(['*a'] * 5_000)}]"
    assert [problem.code for problem in problems_of(data.encode(), "a.yaml")] == ["too-many"]


def test_long_keys_repeated_by_alias_count_with_their_length() -> None:
    data = f'a: &a {{? "{"x" * 10_000}" : 1}}\nb: [{", ".join(["*a"] * 5_000)}]'
    assert [problem.code for problem in problems_of(data.encode(), "a.yaml")] == ["too-many"]


@pytest.mark.parametrize(
    ("file", "form"),
    [
        ("a.yaml", "a: {}"),
        ("a.json", '{{"a": "{}"}}'),
        ("a.toml", "a = '{}'"),
        ("a.yaml", "? {} \n: 1"),
        ("a.json", '{{"{}": 1}}'),
        ("a.toml", "'{}' = 1"),
    ],
)
def test_a_text_or_key_of_20_000_characters_is_read_and_a_longer_one_refused(file: str, form: str) -> None:
    assert problems_of(form.format("x" * 20_000).encode(), file) == ()
    assert [problem.code for problem in problems_of(form.format("x" * 20_001).encode(), file)] == ["too-long"]


@pytest.mark.parametrize(("file", "form"), [("a.yaml", 'a: "{}"'), ("a.json", '{{"a": "{}"}}'), ("a.json", '{{"{}": 1}}')])
def test_half_a_surrogate_pair_is_refused_and_a_whole_character_is_not(file: str, form: str) -> None:
    assert problems_of(form.format("\U0001f600").encode(), file) == ()
    (problem,) = problems_of(form.format("\\ud800").encode(), file)
    assert problem.code in ("bad-text", "syntax")  # libyaml knows it for wrong by itself
    assert problem.place is not None


def test_a_surrogate_pair_written_as_two_escapes_is_one_character() -> None:
    assert document.read(b'{"a": "\\ud83d\\ude00"}', "a.json").root.plain() == {"a": "\U0001f600"}


# --- numbers


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("1", 1),
        ("-1.5", -1.5),
        ("1.0", 1),
        ("1e3", 1000),
        ("1E-3", 0.001),
        ("999999999999999", 999999999999999),
        ("1e15", 10**15),
        ("-1e15", -(10**15)),
        ("1e-400", 0),
        ("0.1", 0.1),
    ],
)
@pytest.mark.parametrize("file", ["a.yaml", "a.json", "a.toml"])
def test_a_number_means_the_same_in_every_format(written: str, value: float, file: str) -> None:
    data = {"a.yaml": f"a: {written}", "a.json": f'{{"a": {written}}}', "a.toml": f"a = {written}"}[file]
    found = document.read(data.encode(), file).root.entries["a"].value
    assert (found.kind, found.number) == ("number", value)
    assert type(found.number) is type(value)


@pytest.mark.parametrize(
    "written", ["1.0e400", "-1e400", "1.5e16", "1000000000000001", "1" * 41, "1" * 5000, "-" + "9" * 5000, "0." + "1" * 5000]
)
@pytest.mark.parametrize("file", ["a.yaml", "a.json", "a.toml"])
def test_a_number_too_large_or_too_long_is_refused_at_its_place(written: str, file: str) -> None:
    data = {"a.yaml": f"a: {written}", "a.json": f'{{"a":{written}}}', "a.toml": f"a= {written}"}[file]
    (problem,) = problems_of(data.encode(), file)
    column = {"a.yaml": 4, "a.json": 6, "a.toml": 4}[file]
    assert (problem.code, problem.place and (problem.place.line, problem.place.column)) == ("number-range", (1, column))
    assert problem.help


@pytest.mark.parametrize("written", ["91e4502", "1e400", "1e16", "00e1234"])
def test_digits_that_only_a_commit_can_be_are_text_in_yaml_and_refused_where_quotes_are_needed_for_text(written: str) -> None:
    assert document.read(f"a: {written}".encode(), "a.yaml").root.plain() == {"a": written}
    for file, data in (("a.json", f'{{"a": {written}}}'), ("a.toml", f"a = {written}")):
        (problem,) = problems_of(data.encode(), file)
        assert problem.code in ("number-range", "syntax")
        assert "quotes" in problem.help


@pytest.mark.parametrize(
    ("file", "written"),
    [
        *(("a.yaml", text) for text in (".nan", ".NaN", ".NAN", ".inf", "-.inf", "+.Inf", ".INF")),
        *(("a.json", text) for text in ("NaN", "Infinity", "-Infinity")),
        *(("a.toml", text) for text in ("nan", "+nan", "-nan", "inf", "+inf", "-inf")),
    ],
)
def test_not_a_number_and_infinity_are_refused_at_their_place(file: str, written: str) -> None:
    data = {"a.yaml": f"a: {written}", "a.json": f'{{"a":{written}}}', "a.toml": f"a= {written}"}[file]
    (problem,) = problems_of(data.encode(), file)
    assert problem.code == "number-range"
    assert problem.place is not None
    assert problem.place.column == {"a.yaml": 4, "a.json": 6, "a.toml": 4}[file]
    assert "compared" in problem.what


@pytest.mark.parametrize("written", [".nan", "NaN", "inf", "Infinity", "nan"])
def test_these_words_in_quotes_are_text(written: str) -> None:
    assert document.read(f"a: '{written}'".encode(), "a.yaml").root.plain() == {"a": written}


# --- keys given twice


@pytest.mark.parametrize(
    ("file", "data", "lines"),
    [
        ("a.yaml", "a: 1\nb: 2\na: 3\nb: 4\na: 5\n", [(3, 1), (4, 2), (5, 1)]),
        ("a.yaml", "a: {x: 1,\n x: 2}\n'a': 1\n", [(2, 1), (3, 1)]),
        ("a.json", '{"a": 1,\n"b": 2,\n"a": 3,\n"\\u0061": 4}', [(3, 1), (4, 1)]),
        ("a.toml", "a = 1\nb = 2\na = 3\nb = 4\n'a' = 5\n", [(3, 1), (4, 2), (5, 1)]),
        ("a.toml", "[a]\nx = 1\n[b]\n[a]\nx = 2\n[b]\n", [(4, 1), (5, 2), (6, 3)]),
        ("a.toml", "a.b = 1\na.b = 2\n", [(2, 1)]),
        ("a.toml", "a = {b = 1, b = 2}\n[a]\n", [(1, 1), (2, 1)]),
        ("a.toml", "a = 1\n[[a]]\n[[a]]\n", None),
    ],
)
def test_every_key_given_twice_is_told_with_both_lines(file: str, data: str, lines: list[tuple[int, int]] | None) -> None:
    problems = problems_of(data.encode(), file)
    assert problems
    if lines is not None:
        assert [problem.code for problem in problems] == ["duplicate-key"] * len(lines)
        assert [(p.place.line, p.also.line) for p in problems if p.place and p.also] == lines
        assert all(f"line {p.also.line}" in p.help for p in problems if p.also)


def test_the_first_of_two_equal_keys_is_the_one_that_is_read() -> None:
    assert document.read(b"a: 1\na: 2", "a.yaml").root.plain() == {"a": 1}


def test_two_arrays_of_tables_under_one_name_are_one_list_and_no_key_given_twice() -> None:
    assert problems_of(b"[[a]]\nb = 1\n[[a]]\nb = 2\n", "a.toml") == ()


def test_a_key_of_two_different_records_is_not_given_twice() -> None:
    for file, data in (("a.yaml", b"- a: 1\n- a: 2"), ("a.json", b'[{"a": 1}, {"a": 2}]'), ("a.toml", b"a = [{b = 1}, {b = 2}]")):
        assert problems_of(data, file) == ()
