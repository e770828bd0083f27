"""TOML: the standard library's values, with a place for each, found by our own scan."""

from __future__ import annotations

import datetime
import random
import tomllib

import pytest
import tomli_w
from gatewright.engine import document, read_toml
from gatewright.engine.document import Document
from gatewright.engine.errors import CannotJudge, Place, Problem
from gatewright.engine.nodes import Node
from hypothesis import example, given
from hypothesis import strategies as st

OUR_OWN = {"number-range", "too-deep", "too-long", "too-many", "bad-text", "empty", "encoding"}
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\ufffe\uffff\r"), max_size=10).map(
    lambda text: "".join(char for char in text if not 0x7F <= ord(char) <= 0x9F)
)
keys = words | st.sampled_from(["a", "b", "#key", "a.b", "a b", "'", '"', "\\", "1", "", "é"])
plain = st.recursive(
    st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15) | words | st.dates() | st.times() | st.datetimes(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(keys, inner, max_size=4)
        | st.lists(st.dictionaries(keys, inner, max_size=3), max_size=3)
    ),
    max_leaves=25,
)
tables = st.dictionaries(keys, plain, min_size=1, max_size=5)


def root(text: str) -> Node:
    return document.read(text.encode(), "a.toml").root


def refused(text: str) -> Problem:
    with pytest.raises(CannotJudge) as caught:
        document.read(text.encode(), "a.toml")
    (problem,) = caught.value.problems
    return problem


def as_read(value: object) -> object:
    """What a value of the library is to us: dates are ISO text."""
    if isinstance(value, dict):
        return {key: as_read(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_read(inner) for inner in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value


def check_places(text: str) -> None:
    """Every key and value has a place of its own, and the text there begins with it."""
    lines = text.split("\n")
    scan = read_toml._Scan(text)
    scan.run()

    def at(place: Place) -> str:
        return lines[place.line - 1][place.column - 1 :]

    def check(value: object, path: tuple[str | int, ...]) -> None:
        if path:
            written = at(scan.values[path])[: scan.values[path].length]
            if isinstance(value, str):
                assert written[0] in "\"'"
                if len(written) > 1 and not written.startswith(('"""', "'''")):
                    assert tomllib.loads(f"k = {written}")["k"] == value
            elif isinstance(value, (dict, list)) and written != ("[" if isinstance(value, list) else "{"):
                # a table that is named, and not written in brackets: its place is the name
                name = next(part for part in reversed(path) if isinstance(part, str))
                assert key_of(written) == name
            elif not isinstance(value, (dict, list)):
                assert tomllib.loads(f"k = {written}")["k"] == value
        if isinstance(value, dict):
            for key, inner in value.items():
                below = (*path, key)
                assert key_of(at(scan.keys[below])[: scan.keys[below].length]) == key
                check(inner, below)
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                check(inner, (*path, index))

    check(tomllib.loads(text), ())


def key_of(written: str) -> str:
    (key,) = tomllib.loads(f"{written} = 1")
    return key


@given(tables, st.booleans())
@example({"a": {"b": [{"c": [{"d": 1}]}]}, "#key": {"#key": 1}}, False)
def test_what_a_toml_library_writes_is_read_back_the_same(value: dict[str, object], multiline: bool) -> None:
    text = tomli_w.dumps(value, multiline_strings=multiline)
    assert root(text).plain() == as_read(tomllib.loads(text))


@given(tables, st.booleans())
@example({"a": {"#key": 1}, "#key": 2}, False)
def test_every_key_and_value_that_a_toml_library_writes_has_its_place(value: dict[str, object], multiline: bool) -> None:
    check_places(tomli_w.dumps(value, multiline_strings=multiline))


HAND_MADE = [
    "a = 1\n",
    "a.b.c = 1\na.b.d = 2\na . 'x y' . \"z\\u0041\" = 3\n",
    "[a]\nb = 1\n[a.c]\nd = 2\n[e.f.g]\nh = 3\n",
    "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n[[a.e]]\nf = 4\n[[a.e]]\nf = 5\n[a.e.g]\nh = 6\n[[a]]\n[[a.e]]\nf = 7\n",
    "a = {b = 1, c = {d = [1, {e = 2}]}, f.g = 3}\n",
    "a = [\n  1, # one\n  [2, 3],\n  'x', # 'y'\n  {b = \"#\"},\n]\n",
    'a = """\nx\n"y" \\\n  z"""\nb = 1\n',
    "a = '''\nx'y''z\n'''\nb = 1\n",
    'a = """x"""""\nb = """"x"""\nc = """\\""""\nd = 1\n',
    "a = ''''x'''''\nb = 1\n",
    "a = \"\"\nb = ''\nc = \"\"\"\"\"\"\nd = ''''''\ne = 1\n",
    "  a=1#x\n\n\t[b] # y\n  c\t=\t2\n",
    "a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00\nc = 07:32:00\nd = 1979-05-27\n",
    "a = 0x1F\nb = 0o17\nc = 0b1\nd = 1_000\ne = +5\nf = 6.5e-3\n",
    '"a.b" = 1\n"" = 2\n["c d".e]\n\'f"\' = 3\n',
    "[ a . b ]\nc = 1\n[[ d . e ]]\nf = 1\n",
    "a = true\nb = false\n",
    "é = 'ü'\n".replace("é", '"é"') + '"\U0001f600" = "\U0001f600"\nb = 1\n',
    "a = [[[]], {}]\nb = []\nc = {}\n",
    "[a]\n[b]\n[[c]]\n[[c]]\n",
    "[a.b]\nx = 1\n[a]\ny = 2\n",
    "a = [1,2\n,3\n\n]\nb = 2\n",
]


@pytest.mark.parametrize("text", HAND_MADE)
def test_every_notation_of_toml_has_its_places_and_its_values(text: str) -> None:
    check_places(text)
    assert root(text).plain() == as_read(tomllib.loads(text))


@pytest.mark.parametrize(
    ("text", "path", "key_at", "value_at"),
    [
        ("[a]\nb = 1", "a.b", (2, 1), (2, 5)),
        ("[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\n  c  =  2", "a.0.b.1.c", (5, 3), (5, 9)),
        ("[[a]]\nx = 1\n[[a]]\nx = 2", "a.1.x", (4, 1), (4, 5)),
        ("a = [1,\n  {b = 'x', c.d = 2}]", "a.1.c.d", (2, 15), (2, 19)),
        ("[a.b]\n", "a.b", (1, 4), (1, 4)),
        ("a.b = 1", "a", (1, 1), (1, 1)),
        ("'a b'.c = 1\n", "a b.c", (1, 7), (1, 11)),
        ('x = """\n\n"""\na = """y\nz"""', "a", (4, 1), (4, 5)),
        ("x = 'é\U0001f600'\r\na = 1\r\n", "a", (2, 1), (2, 5)),
        ("\ufeffa = 1\n", "a", (1, 1), (1, 5)),
        ("\ta\t=\t1\n", "a", (1, 2), (1, 6)),
    ],
)
def test_keys_and_values_stand_where_an_editor_shows_them(
    text: str, path: str, key_at: tuple[int, int], value_at: tuple[int, int]
) -> None:
    node, place = root(text), Place(0, 0)
    for part in path.split("."):
        if part.isdigit():
            node = node.items[int(part)]
        else:
            place, node = node.entries[part].place, node.entries[part].value
    assert (place.line, place.column) == key_at
    assert (node.place.line, node.place.column) == value_at


def test_the_elements_of_an_array_of_tables_stand_at_their_headers() -> None:
    first, second = root("[[a]]\nb = 1\n\n[[a]]\nb = 2").entries["a"].value.items
    assert ((first.place.line, first.place.column), (second.place.line, second.place.column)) == ((1, 3), (4, 3))


def test_dates_and_times_become_text_as_iso_8601_writes_it() -> None:
    text = "a = 2026-09-30\nb = 07:32:00\nc = 2026-09-30 07:32:00\nd = 2026-09-30T07:32:00Z\n"
    assert root(text).plain() == {
        "a": "2026-09-30",
        "b": "07:32:00",
        "c": "2026-09-30T07:32:00",
        "d": "2026-09-30T07:32:00+00:00",
    }


def test_a_number_keeps_the_way_it_was_written() -> None:
    assert root("version = 1.10").entries["version"].value.raw == "1.10"


def test_five_thousand_damaged_texts_are_judged_as_the_standard_library_judges_them() -> None:
    chance = random.Random(11)
    alphabet = "[]{}.,=\"'#\\ \n\tabu0123456789_-+eTZ:é"
    for _ in range(5_000):
        text = list(chance.choice(HAND_MADE))
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(text) + 1)
            text[at : at + chance.randint(0, 2)] = chance.choices(alphabet, k=chance.randint(0, 2))
        written = "".join(text)
        try:
            expected, accepted = tomllib.loads(written), True
        except ValueError:
            expected, accepted = {}, False
        found, why = judged(written)
        if found is None:
            assert not accepted or why in OUR_OWN, written
        else:
            assert accepted, written
            assert found.root.plain() == as_read(expected), written
            check_places(written)


def judged(text: str) -> tuple[Document | None, str]:
    """The document, or the code of the problem that it ends in."""
    try:
        return document.read(text.encode(), "a.toml"), ""
    except CannotJudge as error:
        return None, error.problems[0].code


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("a = ", 1, 5, "invalid value"),
        ("a", 1, 2, "expected '='"),
        ("a = 1 b = 2", 1, 7, "newline"),
        ("[a", 1, 3, "']'"),
        ("[a\n[b]\n", 1, 3, "']'"),
        ("[[a]\n", 1, 4, "']]'"),
        ("a = [1", 1, 7, "unclosed array"),
        ("a = {b = 1", 1, 11, "unclosed inline table"),
        ("a = 'x", 1, 7, ""),
        ('a = """x', 1, 9, ""),
        ("\n= 1", 2, 1, "invalid statement"),
        ("a = yes", 1, 5, "invalid value"),
        ("a: 1", 1, 2, "expected '='"),
        ('"a\\q" = 1', 1, 5, ""),
        ("a = 2026-02-31", 1, 5, ""),
        ("[]", 1, 2, "invalid initial character"),
        ("a = {b = 1}\na.c = 2", 2, None, "given a value or closed before"),
        ("[a.b]\nc = 1\n[a]\nb = 2\n", 4, None, ""),
        ("a = 1\n[a.b]\n", 2, None, "given a value or closed before"),
        ("'a\n' = 1", 1, None, ""),
        ("a..b = 1", 1, 3, ""),
        ("a = {b 1}", 1, 8, "expected '='"),
        ("a = [1 2]", 1, 8, "unclosed array"),
        ("a = [,]", 1, 6, "invalid value"),
    ],
)
def test_a_syntax_error_says_where_and_what(text: str, line: int, column: int | None, says: str) -> None:
    problem = refused(text)
    assert problem.code in ("syntax", "duplicate-key")
    assert says in problem.what
    assert problem.help
    assert problem.place is not None
    assert problem.place.line == line
    assert column is None or problem.place.column == column


def test_a_syntax_error_before_a_key_given_twice_does_not_hide_it() -> None:
    with pytest.raises(CannotJudge) as caught:
        document.read(b"a = 2026-02-31\nb = 1\nb = 2\n", "a.toml")
    assert sorted(problem.code for problem in caught.value.problems) == ["duplicate-key", "syntax"]
