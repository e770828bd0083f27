"""YAML: the core schema of YAML 1.2, places, and none of the parts that make the language dangerous."""

from __future__ import annotations

import pytest
import yaml
from gatewright.engine import document, read_yaml
from gatewright.engine.errors import CannotJudge, Place, Problem
from gatewright.engine.nodes import Builder, Node
from hypothesis import given
from hypothesis import strategies as st

words = st.text(
    st.characters(codec="utf-8", exclude_characters="\x85\ufeff", exclude_categories=("Cc", "Cs")), max_size=12
).filter(lambda text: not any(char in "\ufffe\uffff" for char in text))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=25,
)


def root(text: str) -> Node:
    return document.read(text.encode(), "a.yaml").root


def refused(text: str) -> Problem:
    with pytest.raises(CannotJudge) as caught:
        document.read(text.encode(), "a.yaml")
    (problem,) = caught.value.problems
    return problem


def place(place: Place) -> tuple[int, int]:
    return place.line, place.column


@given(plain.filter(lambda value: value is not None), st.booleans(), st.booleans(), st.sampled_from([None, '"', "'"]))
def test_what_the_yaml_library_writes_is_read_back_the_same(value: object, flow: bool, unicode: bool, style: str | None) -> None:
    text = yaml.safe_dump(
        value, default_flow_style=flow, allow_unicode=unicode, default_style=style if isinstance(value, str) else None
    )
    assert root(text).plain() == value


@given(plain)
def test_both_parsers_of_the_library_give_the_same_values_and_places(value: object) -> None:
    text = yaml.safe_dump({"a": value}, allow_unicode=True)
    trees: list[Node | None] = []
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        before, builder = read_yaml._LOADER, Builder()
        read_yaml._LOADER = loader
        try:
            read_yaml.read(text, builder)
        finally:
            read_yaml._LOADER = before
        trees.append(builder.root)
    assert flat(trees[0]) == flat(trees[1])


def flat(node: Node | None) -> object:
    assert node is not None
    return (
        node.kind,
        node.plain(),
        place(node.place),
        [(key, place(e.place), flat(e.value)) for key, e in node.entries.items()],
        [flat(item) for item in node.items],
    )


# --- what scalars mean


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "NO",
        "Yes",
        "on",
        "off",
        "y",
        "n",
        "010",
        "0o17",
        "0x1F",
        "0b1",
        "22:30",
        "1:20:30",
        "2026-09-30",
        "2026-09-30T10:00:00Z",
        "1_000",
        "1,200",
        "TrUe",
        "nUll",
        "v1.2",
        "1.2.3",
        "1e",
        "e5",
        "+",
        "-x",
        ".",
        "1.5.0",
        "=",
        "<<",
        "5%",
        "¬",
        "x # y"[:1],
    ],
)
def test_a_text_that_older_yaml_took_for_something_else_stays_text(written: str) -> None:
    assert root(f"a: {written}").plain() == {"a": written}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("NULL", None),
        ("12", 12),
        ("+12", 12),
        ("-0.50", -0.5),
        (".5", 0.5),
        ("5.", 5),
        ("1e3", 1000),
        ("'12'", "12"),
        ('"true"', "true"),
        ("'~'", "~"),
        ("''", ""),
        ("|-\n  12", "12"),
    ],
)
def test_a_scalar_means_what_the_core_schema_says(written: str, value: object) -> None:
    found = root(f"a: {written}\nb: 0").entries["a"].value.plain()
    assert (found, type(found)) == (value if not isinstance(value, float) or value % 1 else int(value), type(found))
    assert isinstance(found, bool) == isinstance(value, bool)


def test_a_number_keeps_the_way_it_was_written() -> None:
    assert root("version: 1.10").entries["version"].value.raw == "1.10"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("1: x", "1"),
        ("1.50: x", "1.50"),
        ("true: x", "true"),
        ("null: x", "null"),
        ("~: x", "~"),
        ("2026-09-30: x", "2026-09-30"),
        ("? \n: x", ""),
        ("'': x", ""),
        ("? a\n: x", "a"),
        ("'a b': x", "a b"),
    ],
)
def test_a_key_is_the_text_it_is_written_as(written: str, key: str) -> None:
    assert root(written).plain() == {key: "x"}


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert root("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2").plain() == {"a": {"x": 1}, "b": {"<<": {"x": 1}, "y": 2}}


def test_an_alias_repeats_the_value_and_keeps_the_place_where_it_is_written() -> None:
    found = root("a: &a\n  x: 1\nb: *a\nc: [*a, &s text, *s]")
    assert found.plain() == {"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}, "text", "text"]}
    assert found.entries["b"].place == Place(3, 1, 1)
    assert found.entries["b"].value.entries["x"].place == Place(2, 3, 1)


def test_an_anchor_given_again_means_the_newer_value() -> None:
    assert root("a: &x 1\nb: &x 2\nc: *x").plain() == {"a": 1, "b": 2, "c": 2}


# --- places


@pytest.mark.parametrize(
    ("text", "key", "key_at", "value_at", "length"),
    [
        ("a: 1", "a", (1, 1), (1, 4), 1),
        ("  \n\n  a:   word  # so\n", "a", (3, 3), (3, 8), 4),
        ("a: {b: 1, c: [x, y]}\n", "a", (1, 1), (1, 4), 1),
        ("'a': \"x\\ty\"", "a", (1, 1), (1, 6), 6),
        ("é: 'ü'", "é", (1, 1), (1, 4), 3),
        ("\U0001f600: \U0001f600\U0001f600", "\U0001f600", (1, 1), (1, 4), 2),
        ("a:\n  b: 1", "a", (1, 1), (2, 3), 1),
        ("a:\n- 1", "a", (1, 1), (2, 1), 1),
        ("a: |\n  x\n  y\n", "a", (1, 1), (1, 4), 1),
        ("a: >-\n  x\n  y\n", "a", (1, 1), (1, 4), 1),
        ("a: x\n  y\n", "a", (1, 1), (1, 4), 1),
        ('a: "x\n  y"\n', "a", (1, 1), (1, 4), 1),
        ("a:\t1", "a", (1, 1), (1, 4), 1),
        ("%YAML 1.2\n---\na: 1", "a", (3, 1), (3, 4), 1),
        ("--- # so\na: 1\n...\n", "a", (2, 1), (2, 4), 1),
        ("? a\n: 1", "a", (1, 3), (2, 3), 1),
        ("\ufeffa: 1", "a", (1, 1), (1, 4), 1),
        ("x: 'y\u2028z'\na: 1", "a", (2, 1), (2, 4), 1),
        ("x: 'y\u2028z\u2029'\nb: 0\n  \na: word", "a", (4, 1), (4, 4), 4),
    ],
)
def test_keys_and_values_stand_where_an_editor_shows_them(
    text: str,
    key: str,
    key_at: tuple[int, int],
    value_at: tuple[int, int],
    length: int,
) -> None:
    entry = root(text).entries[key]
    assert place(entry.place) == key_at
    assert place(entry.value.place) == value_at
    assert entry.value.place.length == length


def test_items_of_lists_have_their_own_places() -> None:
    found = root("a:\n  - x\n  - [p, 'q']\n  -\n    b: 1\n")
    first, second, third = found.entries["a"].value.items
    assert [place(first.place), place(second.place), place(third.place)] == [(2, 5), (3, 5), (5, 5)]
    assert [place(item.place) for item in second.items] == [(3, 6), (3, 9)]
    assert place(third.entries["b"].place) == (5, 5)


@given(plain, st.booleans())
def test_every_plain_text_stands_where_its_place_says(value: object, flow: bool) -> None:
    lines = (text := yaml.safe_dump({"a": value}, allow_unicode=True, default_flow_style=flow, width=10_000)).split("\n")

    def check(node: Node) -> None:
        at = lines[node.place.line - 1][node.place.column - 1 :]
        if node.kind in ("number", "boolean"):
            assert at[: node.place.length] == node.raw
        elif node.kind == "text" and at[:1] not in ("'", '"', "|", ">", "?"):
            assert at.startswith(node.raw[:1])
        for key, entry in node.entries.items():
            at_key = lines[entry.place.line - 1][entry.place.column - 1 :]
            assert at_key[:1] in ("'", '"', "|", ">") or at_key.startswith(key)
            check(entry.value)
        for item in node.items:
            check(item)

    check(root(text))


# --- what is refused


@pytest.mark.parametrize(
    "tagged",
    [
        "!!python/object/apply:os.system ['true']",
        "!!python/name:os.system x",
        "!!str 5",
        "!!int '5'",
        "!mine x",
        "! x",
        "!<tag:yaml.org,2002:str> x",
        "!!map {b: 1}",
        "!!seq [1]",
        "!!set {x}",
        "!!binary aGk=",
        "&a !!str x",
        "[!!str x]",
        "{!!str x: 1}",
    ],
)
def test_a_tag_is_refused_whatever_it_says(tagged: str) -> None:
    problem = refused(f"b: 1\na: {tagged}")
    assert problem.code == "tag"
    assert problem.place is not None
    assert problem.place.line == 2
    assert problem.help == "write the plain value"


def test_a_tag_directive_is_refused_at_its_line() -> None:
    problem = refused("# so\n%TAG ! tag:x,2000:\n---\na: 1")
    assert (problem.code, problem.place) == ("tag", Place(2, 1))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a: &a [*a]", (1, 8)),
        ("a: &a {b: *a}", (1, 11)),
        ("a: *b", (1, 4)),
        ("a: &x 1\nb: &x [*x]", (2, 8)),
        ("a: *b\nb: &b 1", (1, 4)),
        ("&k a: 1\nb: *k", (2, 4)),
    ],
)
def test_an_alias_of_nothing_that_stands_complete_before_it_is_refused(text: str, at: tuple[int, int]) -> None:
    problem = refused(text)
    assert problem.code == "bad-alias"
    assert problem.place is not None
    assert place(problem.place) == at


@pytest.mark.parametrize(
    "text", ["? [a]\n: 1", "? {a: 1}\n: 1", "? - a\n: 1", "{[a]: 1}", "a: &a x\n*a : 1", "? |\n x\n: 1\n? ? a\n: 1"]
)
def test_a_key_that_is_no_single_text_is_refused(text: str) -> None:
    problem = refused(text)
    assert problem.code == "bad-key"
    assert problem.place is not None


@pytest.mark.parametrize("text", ["a: 1\n---\nb: 2", "a: 1\n...\n---\nb: 2", "---\n---\na: 1"])
def test_a_second_document_is_refused_where_it_begins(text: str) -> None:
    problem = refused(text)
    assert problem.code == "many-documents"
    assert problem.place is not None
    assert text.split("\n")[problem.place.line - 1] == "---"


@pytest.mark.parametrize(
    ("text", "line", "mend"),
    [
        ("a:\n\tb: 1", 2, "indent with spaces"),
        ("a: 1\n\tb: 1", 2, "indent with spaces"),
        ("a: @b", 1, "quotes"),
        ("a: `b`", 1, "quotes"),
        ("a: %b", 1, "quotes"),
        ("a: b: c", 1, "`: `"),
        ("a: [1", 2, "brackets"),
        ("a: 'x", 2, "quotes"),
        ("a: 1\n b: 2", 2, "indent"),
        ("a: }", 1, "brackets"),
        ('a: "\\q"', 1, "quotes"),
        ("- a\nb: 1", 2, "indentation"),
        ("a: |x\n b", 1, "look at"),
        ("%FOO\n--- 1", 1, "quotes"),
        ("a: 'x\u2028'\nb: [", 3, "brackets"),
    ],
)
def test_a_syntax_error_says_where_and_how_to_mend(text: str, line: int, mend: str) -> None:
    problem = refused(text)
    assert problem.code == "syntax"
    assert problem.what.startswith("this is not YAML: ")
    assert mend in problem.help
    assert problem.place is not None
    assert abs(problem.place.line - line) <= 1
