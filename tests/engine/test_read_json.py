"""JSON: what the standard library accepts, with places, and a clear word on what it does not."""

from __future__ import annotations

import json
import random

import pytest
from gatewright.engine import document, read_json
from gatewright.engine.document import Document
from gatewright.engine.errors import CannotJudge, Place, Problem
from gatewright.engine.nodes import Builder, Limits, Node
from hypothesis import given
from hypothesis import strategies as st

# why we may refuse what the standard library accepts
OUR_OWN = {"duplicate-key", "number-range", "too-deep", "too-long", "too-many", "bad-text", "empty", "encoding"}

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e15, 1e15)
    | st.text(st.characters(codec="utf-8"), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), inner, max_size=4)
    ),
    max_leaves=25,
)


def root(text: str) -> Node:
    return document.read(text.encode(), "a.json").root


def refused(text: str) -> Problem:
    with pytest.raises(CannotJudge) as caught:
        document.read(text.encode(), "a.json")
    (problem,) = caught.value.problems
    return problem


@given(plain.filter(lambda value: value is not None), st.sampled_from([None, 0, 1, 4, "\t"]), st.booleans())
def test_what_the_standard_library_writes_is_read_back_the_same(
    value: object, indent: int | str | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if any(ord(char) in range(0x7F, 0xA0) or char in "\ufffe\uffff" for char in text):
        return  # raw control characters are refused in every format
    assert root(text).plain() == value


@given(plain, st.sampled_from([None, 2]))
def test_each_value_and_key_stands_where_its_place_says(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    lines = text.split("\n")

    def check(node: Node) -> None:
        at = lines[node.place.line - 1][node.place.column - 1 :]
        if node.kind == "mapping":
            assert at[0] == "{"
        elif node.kind == "list":
            assert at[0] == "["
        else:
            written = at[: node.place.length]
            assert json.loads(written) == node.plain()
        for key, entry in node.entries.items():
            at_key = lines[entry.place.line - 1][entry.place.column - 1 :]
            assert json.loads(at_key[: entry.place.length]) == key
            check(entry.value)
        for item in node.items:
            check(item)

    if value is not None:
        check(root(text))


def test_ten_thousand_damaged_texts_are_judged_as_the_standard_library_judges_them() -> None:
    chance = random.Random(7)
    seeds = [
        '{"a": [1, -2.50e3, "x\\n\\u0041", {"b": null}], "c": true}',
        '[[], {}, "", 0, false]',
        '{"k": {"k": {"k": [1,2,3]}}}',
        '"x"',
        "12",
    ]
    alphabet = "{}[],:\"\\ \n\t0123456789.eE+-truefalsn/#'u\u00e9\U0001f600"
    for _ in range(10_000):
        text = list(chance.choice(seeds))
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(text) + 1)
            text[at : at + chance.randint(0, 2)] = chance.choices(alphabet, k=chance.randint(0, 2))
        written = "".join(text)
        try:
            expected, accepted = json.loads(written), True
        except ValueError:
            expected, accepted = None, False
        found, why = judged(written)
        if found is None:
            assert not accepted or why in OUR_OWN, written
        else:
            assert accepted, written
            assert found.problems or found.root.plain() == expected, written


def judged(text: str) -> tuple[Document | None, str]:
    """The document, or the code of the problem that it ends in."""
    try:
        return document.read(text.encode(), "a.json"), ""
    except CannotJudge as error:
        return None, error.problems[0].code


@pytest.mark.parametrize(
    ("text", "line", "column", "says", "mend"),
    [
        ('{"a": 1,}', 1, 8, "no comma may stand before `}`", "take the comma out"),
        ("[1,\n2,\n]", 2, 2, "no comma may stand before `]`", "take the comma out"),
        ('{"a": 1}\n{"b": 2}', 2, 1, "something follows after the value", "one value"),
        ('{"a": 1\n"b": 2}', 2, 1, "here has to be `,` or `}`", "commas"),
        ("[1 2]", 1, 4, "here has to be `,` or `]`", "commas"),
        ("{a: 1}", 1, 2, "a key stands in double quotes", ""),
        ("{'a': 1}", 1, 2, "a key stands in double quotes", ""),
        ('{"a" 1}', 1, 6, "after a key has to be `:`", ""),
        ('{"a": yes}', 1, 7, "no value begins with `yes`", "double quotes"),
        ("{\"a\": 'x'}", 1, 7, "no value begins with `'`", "double quotes"),
        ('{"a": }', 1, 7, "no value begins with `}`", "brackets"),
        ('{"a": "x}', 1, 7, "has no closing quote", "quotes"),
        ('{"a": "x\ny"}', 1, 9, "a line break or tab stands inside a text", ""),
        ('{"a":\n "x\\qy"}', 2, 4, "no escape is written like this", ""),
        ('{"a": "\\u12"}', 1, 9, "four hexadecimal digits", ""),
        ('{"a": "\\u12g4"}', 1, 9, "four hexadecimal digits", ""),
        ('{"a": 1 // so\n}', 1, 9, "comments are not part of it", "YAML"),
        ('{"a": 1, # so\n}', 1, 10, "comments are not part of it", "YAML"),
        ('{"a": [1, 2', 1, 12, "`]` is still open", ""),
        ('{"a":', 1, 6, "`}` is still open", ""),
        ("{", 1, 2, "`}` is still open", ""),
        ("01", 1, 2, "something follows after the value", ""),
        ("[-]", 1, 2, "no value begins with `-`", ""),
        ("[+1]", 1, 2, "no value begins with `+`", ""),
        ("]", 1, 1, "no value begins with `]`", ""),
    ],
)
def test_a_syntax_error_says_where_and_what(text: str, line: int, column: int, says: str, mend: str) -> None:
    problem = refused(text)
    assert problem.code == "syntax"
    assert problem.what.startswith("this is not JSON: ")
    assert says in problem.what
    assert mend in problem.help
    assert problem.help
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (line, column)


def test_columns_count_characters_and_not_bytes() -> None:
    assert root('{"\U0001f600é": "ü", "b": 1}').entries["b"].place == Place(1, 13, 3)


def test_a_tab_is_one_column() -> None:
    assert root('{\n\t"a":\t1}').entries["a"].value.place == Place(2, 7, 1)


def test_a_number_keeps_the_way_it_was_written() -> None:
    assert root('{"version": 1.10}').entries["version"].value.raw == "1.10"


def test_what_tools_write_and_nobody_can_compare_is_nothing_where_the_limits_say_so() -> None:
    text = '{"a": NaN, "b": [-Infinity, 1e300], "c": "\\ud800", "d": ' + "9" * 50 + ', "e": 2.5}'
    builder = Builder(Limits(lenient=True))
    read_json.read(text, builder)
    assert builder.root is not None
    assert builder.root.plain() == {"a": None, "b": [None, None], "c": None, "d": None, "e": 2.5}
    with pytest.raises(CannotJudge):
        read_json.read(text, Builder())
