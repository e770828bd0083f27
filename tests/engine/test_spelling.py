"""Which misspelt names are sure enough to be written into a file."""

from __future__ import annotations

import pytest
from gatewright.engine.spelling import meant
from hypothesis import given
from hypothesis import strategies as st

NAMES = ("objective", "users", "in_scope", "out_of_scope", "success_metrics", "owner")


@pytest.mark.parametrize("word", ["Success_Metrics", "success-metrics", "success metrics", "SuccessMetrics", "SUCCESS.METRICS"])
def test_capitals_and_separators_do_not_hide_a_name(word: str) -> None:
    assert meant(word, NAMES) == "success_metrics"


@pytest.mark.parametrize("word", ["objektive", "objetive", "objecttive", "obejctive", "objectives"])
def test_one_slip_does_not_hide_a_name(word: str) -> None:
    assert meant(word, NAMES) == "objective"


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("unstable", ("stable",)),
        ("stables-not", ("stable",)),
        ("approved", ("approver",)),
        ("generated_at", ("generated_by",)),
        ("date", ("data",)),
        ("async", ("sync",)),
        ("sha512", ("sha212",)),
        ("step-11x", ("step-12x",)),
        ("objktve", ("objective",)),
        ("bjective", ("objective",)),
        ("", ("objective",)),
        ("x" * 1000, ("x" * 1000,)),
    ],
)
def test_what_may_be_another_word_is_not_taken_for_a_name(word: str, names: tuple[str, ...]) -> None:
    assert meant(word, names) == ""


@pytest.mark.parametrize(
    ("word", "names"), [("chacks", ("checks", "chucks")), ("ab_cd", ("ab-cd", "abcd")), ("metricss", ("metrics", "metricsss"))]
)
def test_a_word_that_may_mean_two_names_means_none(word: str, names: tuple[str, ...]) -> None:
    assert meant(word, names) == ""


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=5))
def test_any_word_means_one_of_the_names_or_nothing(word: str, names: list[str]) -> None:
    assert meant(word, names) in ("", *names)
