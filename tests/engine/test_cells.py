"""Cells of decision tables: what they say, what they hold for, and what is refused."""

from __future__ import annotations

import datetime

import pytest
from gatewright.engine import cells
from gatewright.engine.cells import Cell
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = datetime.date(2026, 9, 30)


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("-", [0, "a", True, DAY], []),
        ("high", ["high"], ["High", "low", 1]),
        ('"high risk", low', ["high risk", "low"], ["high"]),
        (["high", "low"], ["high", "low"], ["medium"]),
        ("not(high, low)", ["medium"], ["high", "low"]),
        ("true", [True], [False, 1, "true"]),
        (True, [True], [False, 1.0]),
        (3, [3, 3.0], [3.1, True, "3"]),
        ("1", [1], [True]),
        ("< 5", [4.99, -1], [5, 6]),
        ("<= 5", [5], [5.01]),
        ("> -0.5", [0], [-0.5]),
        (">= 5", [5, 6], [4.99]),
        ("[1..5)", [1, 4.9], [0.9, 5]),
        ("(1..5]", [1.1, 5], [1, 5.1]),
        ("]1..5[", [1.1, 4.9], [1, 5]),
        ("[1..1]", [1], [0, 2]),
        ("1, [3..4], > 10", [1, 3.5, 11], [2, 10]),
        ("not([1..5])", [0, 6], [1, 3, 5]),
        ('date("2026-09-30")', [DAY], [datetime.date(2026, 9, 29)]),
        ('> date("2026-09-29")', [DAY], [datetime.date(2026, 9, 29)]),
        ('[date("2026-09-01")..date("2026-09-30"))', [datetime.date(2026, 9, 1)], [DAY, "2026-09-01"]),
    ],
)
def test_a_cell_holds_for_the_values_that_it_says_and_no_others(written: object, inside: list[object], outside: list[object]):
    cell = cells.parse(written)
    assert [cell.holds(value) for value in inside] == [True] * len(inside)
    assert [cell.holds(value) for value in outside] == [False] * len(outside)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (" - ", "-"),
        ("high,low , high", '"high", "low"'),
        ("] 1 .. 5.50 [", "(1..5.5)"),
        (1e-05, "0.00001"),
        ("-0", "0"),
        ("not( 1 )", "not(1)"),
        ('"say \\"no\\" \\\\ \\u00e9\\u001b"', '"say \\"no\\" \\\\ é\\u001b"'),
        (["< 3", "> 5", 4], "< 3, > 5, 4"),
    ],
)
def test_equal_cells_have_one_text(written: object, text: str):
    assert cells.parse(written).text == text


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "the cell is empty"),
        ("null", "`null` is no value here"),
        ("high risk", "is not understood at `risk`: a cell is"),
        ("f(x)", "functions are not called"),
        ("today () ", "functions are not called"),
        ("risk.impact", "a name with dots is not read"),
        ("? > 3", "not by `?`"),
        ("1 + 2", "nothing is calculated"),
        ("2-1", "nothing is calculated"),
        ("a - b", "nothing is calculated"),
        ("{a: 1}", "contexts are not read"),
        ("1 // one", "a comment is not read"),
        ("5 days", "is not understood at `days`"),
        ("5d", "a number has no unit"),
        ("1e5", "a number is written in digits"),
        ("1..5", "a range stands in brackets"),
        ("[5..1]", "holds no value"),
        ("[1..1)", "holds no value"),
        ("[1..", "is not understood at its end"),
        ('[1..date("2026-09-30")]', "are of two kinds"),
        ("< high", "has no order"),
        ("[true..false]", "has no order"),
        ("= 3", "write the value alone"),
        ("!= 3", "not(...) around it"),
        ("not 3", "write not(...), once"),
        ("not(not(3))", "write not(...), once"),
        ("not()", "is not understood at `)`"),
        ("not(3", "is never closed"),
        ("not(-)", "is not understood"),
        ("1, -", "is not understood"),
        ("3,", "is not understood at its end"),
        ('"open', "the quote is never closed"),
        ('"\\q"', "has an escape that is not read"),
        ('"\\ud800"', "has an escape that is not read"),
        ("2026-09-30", 'a date is written as in date("2026-09-30")'),
        ('@"2026-09-30"', 'a date is written as in date("2026-09-30")'),
        ('date("2026-02-30")', "is no date"),
        ('time("10:00")', "times and durations are not compared"),
        ("0.12345678901234567890", "has more digits than are compared"),
        ("9" * 41, "is longer than a number can be"),
        (float("nan"), "is no number"),
        (10**400, "is no number"),
        ("x" * 2001, "at most 2000 are read"),
        (",".join(["1"] * 201), "at most 200 tests"),
        ([], "an empty list matches nothing"),
        (["-"], "stand alone"),
        ([["a"]], "is no cell"),
        (None, "is no cell"),
        ({"a": 1}, "is no cell"),
    ],
)
def test_what_is_no_cell_is_refused_with_what_to_write(written: object, says: str):
    with pytest.raises(ValueError) as raised:
        cells.parse(written)
    assert says in str(raised.value)


def test_a_truth_value_and_a_number_are_not_one_cell():
    assert cells.parse("true") != cells.parse("1")


def test_the_answer_changes_at_the_cuts_alone():
    cell = cells.parse("1, [3..4), > 10")
    assert cell.cuts() == (1.0, 3.0, 4.0, 10.0)
    for low, high in [(-5, 0.9), (1.1, 2.9), (3.1, 3.9), (4, 10), (10.1, 99)]:
        assert cell.holds(low) == cell.holds(high)


def test_a_cell_tells_the_kinds_and_texts_that_it_speaks_of():
    cell = cells.parse("not(high, low)")
    assert (cell.kinds, cell.texts) == ({"text"}, ("high", "low"))
    assert cells.parse("-").kinds == set()


@pytest.mark.parametrize(("written", "value"), [("board", "board"), ('"a b"', "a b"), (5, 5.0), ("true", True)])
def test_an_output_is_one_value(written: object, value: object):
    assert cells.parse_value(written) == value


@pytest.mark.parametrize("written", ["-", "< 3", "1, 2", "not(1)", "[1..2]"])
def test_more_or_less_than_one_value_is_no_output(written: str):
    with pytest.raises(ValueError, match="is no single value"):
        cells.parse_value(written)


numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3) + 0.0)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
values = numbers | texts | st.booleans() | st.dates(datetime.date(1900, 1, 1))


@st.composite
def some_test(draw: st.DrawFn) -> cells.Test:
    if draw(st.booleans()):
        value = draw(values)
        return cells.Test(cells.kind_of(value), value, value)
    low, high = sorted(draw(st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1])))
    closed = draw(st.tuples(st.booleans(), st.booleans()))
    side = draw(st.sampled_from(["low", "high", "both"]))
    if side == "low":
        return cells.Test("number", low, None, low_closed=closed[0])
    return cells.Test("number", None, high, high_closed=closed[1]) if side == "high" else cells.Test("number", low, high, *closed)


@settings(max_examples=60)
@given(st.lists(some_test(), max_size=4), st.booleans(), values)
def test_what_a_cell_says_of_itself_reads_back_as_the_cell(found: list[cells.Test], negated: bool, value: cells.Value):
    cell = Cell(tuple(dict.fromkeys(found)), negated and bool(found))
    again = cells.parse(cell.text)
    assert again == cell
    assert again.holds(value) == cell.holds(value)


@settings(max_examples=60)
@given(st.text(alphabet='[]().,<>=- "ab1not\\@{', max_size=30))
def test_any_text_is_a_cell_or_is_refused(text: str):
    try:
        cell = cells.parse(text)
    except ValueError:
        return
    assert cells.parse(cell.text) == cell
