"""The notations of the field: what people write, and a clear word on what can't be measured."""

from __future__ import annotations

import sys
import time

import pytest
from gatewright.engine.measures import Flaw, Threshold, date, duration, mended, share, threshold
from hypothesis import given
from hypothesis import strategies as st
from pace import within


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("auc >= 0.85", Threshold("auc", ">=", 0.85)),
        ("recall@5% >= 0.42", Threshold("recall@5%", ">=", 0.42)),
        ("p95_latency <= 120 ms", Threshold("p95_latency", "<=", 120, "ms")),
        ("p95 latency < 200ms", Threshold("p95 latency", "<", 200, "ms")),
        ("error_rate > 2 % over 10 minutes", Threshold("error_rate", ">", 2, "%", "over 10 minutes")),
        ("cost_per_1000_requests <= 0.04 EUR", Threshold("cost_per_1000_requests", "<=", 0.04, "EUR")),
        ("availability >= 99.9 %", Threshold("availability", ">=", 99.9, "%")),
        ("f1 ≥ 0.8", Threshold("f1", ">=", 0.8)),
        ("psi ≤ .2", Threshold("psi", "<=", 0.2)),
        ("null_rate<=0.5%", Threshold("null_rate", "<=", 0.5, "%")),
        ("budget <= $500", Threshold("budget", "<=", 500, "$")),
        ("cost <= €1.50 per day", Threshold("cost", "<=", 1.5, "€", "per day")),
        ("cost <= 50 000 EUR", Threshold("cost", "<=", 50_000, "EUR")),
        ("cost <= 1_000_000 EUR per month", Threshold("cost", "<=", 1_000_000, "EUR", "per month")),
        ("psi > 0.2 for 3 windows", Threshold("psi", ">", 0.2, "", "for 3 windows")),
        ("auc drop <= 0.005", Threshold("auc drop", "<=", 0.005)),
        ("rmse < 1e-3", Threshold("rmse", "<", 0.001)),
        ("accuracy >= .9", Threshold("accuracy", ">=", 0.9)),
        ("bias > -0.5", Threshold("bias", ">", -0.5)),
        ("bias > −0.5", Threshold("bias", ">", -0.5)),
        ("restarts == 0", Threshold("restarts", "==", 0)),
        ("restarts = 0", Threshold("restarts", "==", 0)),
        ("auc => 0.8", Threshold("auc", ">=", 0.8)),
        ("auc > = 0.8", Threshold("auc", ">=", 0.8)),
        ("throughput >= 200 req/s", Threshold("throughput", ">=", 200, "req/s")),
        ("regression <= 2 percentage points", Threshold("regression", "<=", 2, "percentage points")),
        ("recall >= 0.4 at precision >= 0.9", Threshold("recall", ">=", 0.4, "", "at precision >= 0.9")),
        ("auc >= 0.85 (holdout 2026)", Threshold("auc", ">=", 0.85, "", "(holdout 2026)")),
        ("mape <= 12 %, over 4 weeks", Threshold("mape", "<=", 12, "%", "over 4 weeks")),
        ("95th percentile latency <= 200ms", Threshold("95th percentile latency", "<=", 200, "ms")),
        ("5xx_rate < 1%", Threshold("5xx_rate", "<", 1, "%")),
        ("R² >= 0.8", Threshold("R²", ">=", 0.8)),
        ("Δauc <= 0.01", Threshold("Δauc", "<=", 0.01)),
        ("Genauigkeit für Köln >= 0.8", Threshold("Genauigkeit für Köln", ">=", 0.8)),
        ("  auc   >=   0.85  ", Threshold("auc", ">=", 0.85)),
    ],
)
def test_a_threshold_as_people_write_it_is_read(text: str, expected: Threshold) -> None:
    assert threshold(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("good accuracy", "no number"),
        ("auc", "no number"),
        ("auc high", "no number"),
        ("auc >= high", "no number"),
        ("TBD", "no number"),
        ("", "no number"),
        ("auc >=", "no number"),
        ("f1 >= high", "no number after its comparison"),
        ("auc1 >= ?", "no number after"),
        ("auc >= about 0.8", "no number after"),
        ("auc 0.85", "no comparison"),
        ("must be right in 95 of 100 cases", "no comparison"),
        ("auc of at least 0.85", "no comparison"),
        ("x between 0.4 and 0.6", "no comparison"),
        ("0.85", "no comparison"),
        (">= 0.8", "names no metric"),
        ("0.8 >= 0.7", "names no metric"),
        ("% >= 5", "names no metric"),
        ("0.8 <= auc", "begins with the number"),
        ("0.4 <= x <= 0.6", "more than one limit"),
        ("auc >= 0.8 and recall >= 0.4", "more than one limit"),
        ("cost <= 1,200 USD", "comma"),
        ("auc >= 0,85", "comma"),
        ("cost <= $1,200,000", "comma"),
        ("auc >= 0.85 or so", "only perhaps"),
        ("auc >= 0.85 if possible", "only perhaps"),
        ("auc >= 0.85 Ideally", "only perhaps"),
        ("auc >= 0.8.5", "not written as"),
        ("auc >= 1e400", "not written as"),
        ("auc >= 0.85?", "not written as"),
        ("auc >= 12 34", "not written as"),
        ("auc >= 0.85 !!", "not written as"),
        ("a b c d e f g h i j >= 1", "not written as"),
        ("auc " * 60 + ">= 1", "longer than a threshold"),
    ],
)
def test_a_text_that_is_no_threshold_is_told_what_it_lacks(text: str, says: str) -> None:
    found = threshold(text)
    assert isinstance(found, Flaw)
    assert says in found.says


PIECES = [
    "auc",
    "a" * 50,
    " ",
    "\t",
    ">=",
    "<",
    "=",
    "0.8",
    "1 000",
    "1_0",
    "%",
    "€",
    "ms",
    " per ",
    " over ",
    ",",
    ".",
    "(",
    "e9",
    "-",
    "@",
    "é",
    "١",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=200))
def test_any_text_is_a_threshold_or_has_a_reason(text: str) -> None:
    found = threshold(text)
    assert isinstance(found, Threshold) or found.says
    if isinstance(found, Threshold):
        assert found.metric
        assert abs(found.value) < float("inf")
        assert any(char.isdecimal() for char in text)


@pytest.mark.parametrize(
    "piece", [*PIECES, "a ", "a b ", "1 ", "111 111", "a >= 1 ", "a >= 1 b ", ">= ", "over ", " a.", "((", "> ="]
)
@pytest.mark.parametrize("read", [threshold, duration, share, date])
@pytest.mark.parametrize("length", [199, 20_000])
def test_no_text_of_20_000_characters_takes_long_to_read(piece: str, read: object, length: int) -> None:
    assert callable(read)
    begin = time.process_time()
    for text in (
        (piece * length)[:length],
        "a >= 1 " + (piece * length)[: length - 8] + "!",
        (piece * length)[: length - 5] + " >= 1",
    ):
        read(text)
    assert within(time.process_time() - begin, 2 if sys.gettrace() is None else 20)


DAY = 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 days", 30 * DAY),
        ("24h", DAY),
        ("1 h 30 min", 5400),
        ("1h30min", 5400),
        ("1 h, 30 min", 5400),
        ("0.5 hours", 1800),
        ("90 s", 90),
        ("200 ms", 0.2),
        ("2 weeks", 14 * DAY),
        ("1 month", 31 * DAY),
        ("1 quarter", 92 * DAY),
        ("5 years", 5 * 365 * DAY),
        ("1 y", 365 * DAY),
        ("daily", DAY),
        ("Weekly", 7 * DAY),
        ("hourly", 3600),
        ("fortnightly", 14 * DAY),
        ("monthly", 31 * DAY),
        ("quarterly", 92 * DAY),
        ("yearly", 365 * DAY),
        ("every 15 minutes", 900),
        ("every day", DAY),
        ("every hour", 3600),
        ("  every  2  weeks ", 14 * DAY),
        ("PT15M", 900),
        ("P30D", 30 * DAY),
        ("P1Y2M", 427 * DAY),
        ("P2W", 14 * DAY),
        ("PT1H30M", 5400),
        ("P1DT12H", 1.5 * DAY),
        ("pt90s", 90),
    ],
)
def test_a_duration_as_people_write_it_is_read(text: str, seconds: float) -> None:
    assert duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30",
        "often",
        "a while",
        "days",
        "1,5 h",
        "-3 days",
        "3 parsecs",
        "0 days",
        "P",
        "PT",
        "P1DT",
        "P1H",
        "PT0S",
        "every",
        "every often",
        "15 minutes!",
        "1 day ago",
        "1e3 s",
        "٣ days",
        "24x7",
        "continuous",
        "15 minutes or so",
    ],
)
def test_a_text_that_is_no_duration_is_refused(text: str) -> None:
    assert duration(text) == Flaw("is no length of time")


def test_each_unit_of_time_is_longer_than_the_one_before() -> None:
    found = [duration(f"1 {unit}") for unit in ("ms", "second", "minute", "hour", "day", "week", "month", "quarter", "year")]
    numbers = [value for value in found if isinstance(value, float)]
    assert len(numbers) == len(found)
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5%", 0.05),
        ("5 %", 0.05),
        ("0.05", 0.05),
        (".05", 0.05),
        ("0", 0),
        ("1", 1),
        ("100 %", 1),
        ("0.5 %", 0.005),
        ("33.333333333%", 0.33333333333),
    ],
)
def test_a_share_is_read_with_and_without_percent(text: str, value: float) -> None:
    assert share(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "5", "101%", "-1%", "1.01", "a lot", "5 percent", "5%%", "0,05", "1/20", "٥%", "5.%", "."])
def test_a_text_that_is_no_share_is_refused(text: str) -> None:
    found = share(text)
    assert isinstance(found, Flaw)
    assert "share" in found.says


@pytest.mark.parametrize("text", ["2026-09-30", " 2024-02-29 ", "0001-01-01", "9999-12-31"])
def test_a_date_is_read_as_year_month_day(text: str) -> None:
    assert date(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "2025-02-29",
        "30.09.2026",
        "09/30/2026",
        "2026-9-30",
        "20260930",
        "2026-09",
        "0000-01-01",
        "soon",
        "2026-09-30T10:00:00",
        "２０２６-09-30",
        "2026-W40",
        "2026-13-01",
    ],
)
def test_a_text_that_is_no_date_is_refused(text: str) -> None:
    found = date(text)
    assert isinstance(found, Flaw)
    assert "date" in found.says


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("0.85 <= auc", "auc >= 0.85"),
        ("120 ms > p95_latency", "p95_latency < 120 ms"),
        ("1 200 ≥ requests", "requests <= 1 200"),
        ("auc at least 0.85", "auc >= 0.85"),
        ("auc of at least 0.85", "auc >= 0.85"),
        ("AUC must be At Least .85", "AUC >= .85"),
        ("auc: at least 0.85", "auc >= 0.85"),
        ("auc not below 0.85", "auc >= 0.85"),
        ("p95_latency under 120 ms", "p95_latency < 120 ms"),
        ("cost no more than $500", "cost <= $500"),
        ("false positive rate is above 2 %", "false positive rate > 2 %"),
        ("error_rate more than 2 % over 10 minutes", "error_rate > 2 % over 10 minutes"),
        ("auc: 0.85 or more", "auc >= 0.85"),
        ("p95_latency: 120 ms or less", "p95_latency <= 120 ms"),
        ("auc >= 0.85.", "auc >= 0.85"),
    ],
)
def test_a_limit_in_words_or_turned_round_is_mended(text: str, right: str) -> None:
    assert isinstance(threshold(text), Flaw)
    assert mended("threshold", text) == right


@pytest.mark.parametrize(
    "text",
    [
        "good accuracy",
        "auc ≥ 0,85",
        "auc at least 0,85",
        "requests at least 1,000",
        "auc about 0.85",
        "auc at least about 0.85",
        "auc not at least 0.85",
        "auc at least 0.85 or 0.8 on small",
        "auc at least 0.85 and recall at least 0.4",
        "auc at least at most 0.3",
        "at least 0.85",
        "at least 0.85 auc",
        "0.85 or more",
        "0.4 <= x <= 0.6",
        "3 < 5",
        "error_rate over 10 minutes",
        "2 % < error_rate over 10 minutes",
        "auc drops below 0.8",
        "the model should be better than 0.8",
        "we want auc at least 0.9 please",
        "auc may go above 0.9",
        "a b c d e at least 0.9",
        "auc at least " + "9" * 300,
    ],
)
def test_a_limit_that_may_mean_something_else_is_not_mended(text: str) -> None:
    assert mended("threshold", text) == ""


@pytest.mark.parametrize(
    ("kind", "text", "right"),
    [
        ("duration", "15 minutes.", "15 minutes"),
        ("duration", "15 minuts", "15 minutes"),
        ("duration", "every 2 Weaks", "every 2 weeks"),
        ("duration", "24-hours", "24 hours"),
        ("duration", "once a week", "every week"),
        ("duration", "each month", "every month"),
        ("share", "5 percent", "5%"),
        ("share", "12.5 Pct.", "12.5%"),
        ("share", "5 per cent", "5%"),
        ("date", "2026/09/30", "2026-09-30"),
        ("date", "2026.09.30", "2026-09-30"),
        ("date", "2026-9-3", "2026-09-03"),
        ("date", "30.09.2026", "2026-09-30"),
        ("date", "09/30/2026", "2026-09-30"),
        ("date", "05/05/2026", "2026-05-05"),
        ("date", "30 September 2026", "2026-09-30"),
        ("date", "Sept. 30th, 2026", "2026-09-30"),
    ],
)
def test_a_notation_that_means_one_thing_is_mended(kind: str, text: str, right: str) -> None:
    assert mended(kind, text) == right


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("duration", "30 dys"),
        ("duration", "soon"),
        ("duration", "1,5 hours"),
        ("duration", "about 15 minutes"),
        ("duration", "15 minutes or less"),
        ("duration", "5 business days"),
        ("duration", "twice a week"),
        ("share", "5"),
        ("share", "105 percent"),
        ("share", "5 percent or more"),
        ("share", "0,5 percent"),
        ("date", "05.06.2026"),
        ("date", "31.02.2026"),
        ("date", "2026/30/09"),
        ("date", "30-09/2026"),
        ("date", "September 2026"),
        ("date", "1 Mayo 2026"),
        ("date", "99999999999999/1/1"),
        ("text", "anything"),
    ],
)
def test_a_notation_that_may_mean_another_thing_is_not_mended(kind: str, text: str) -> None:
    assert mended(kind, text) == ""


READERS = {"threshold": threshold, "duration": duration, "share": share, "date": date}
WORDS = st.sampled_from(
    (
        "auc",
        "at",
        "least",
        "at most",
        "0.85",
        "120 ms",
        "<=",
        ">",
        "or more",
        "30.09.2026",
        "5 percent",
        "minuts",
        ".",
        ":",
        "under",
    )
)


@given(st.sampled_from(sorted(READERS)), st.one_of(st.text(max_size=30), st.lists(WORDS, max_size=8).map(" ".join)))
def test_what_is_mended_is_read_and_needs_no_mending_again(kind: str, text: str) -> None:
    right = mended(kind, text)
    if right:
        assert not isinstance(READERS[kind](right), Flaw)
        assert READERS[kind](mended(kind, right)) == READERS[kind](right)


@pytest.mark.parametrize("kind", sorted(READERS))
@pytest.mark.parametrize("part", ["a ", "0.5 ", "at least ", "auc: 0.8 or ", "x <= ", "1 day "])
def test_no_text_makes_the_mending_hang(kind: str, part: str) -> None:
    begun = time.process_time()
    for text in (part * 2000, part * (200 // len(part)), "a" * 190 + part):
        mended(kind, text)
    assert within(time.process_time() - begun, 2)
