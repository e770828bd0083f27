"""The notations of the field, read as data: thresholds, durations, shares, dates.

Each reader returns the value, or a `Flaw` that says what it lacks. `mended` says the same in the notation that is read,
where a text can mean only one thing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from . import spelling


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a text could not be read as what it should be."""

    says: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """`metric comparison value unit`, with what comes after as a qualifier (`over 10 minutes`)."""

    metric: str
    comparison: str
    value: float
    unit: str = ""
    qualifier: str = ""


_COMPARISONS = {">=": ">=", "<=": "<=", ">": ">", "<": "<", "==": "==", "=": "==", "≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}
_SIGN = r"(?:> ?=|< ?=|==|=>|=<|>|<|=|≥|≤)"
_METRIC = r"(?:[^\W\d]|\d{1,3}[^\W\d_]|\|)[\w.@%/()\[\]{}:+*'^|&#-]*(?:\s+[\w.@%/()\[\]{}:+*'^|&#-]+){0,7}?"
_NUMBER = r"[-+−]?(?:\d{1,3}(?:[ _]\d{3})+(?!\d)|\d+)?(?:(?<=\d)(?:\.\d+)?|\.\d+)(?:[eE][-+−]?\d{1,2})?"
# What may come after the number: where, when or against what it holds.
_BEGINS = (
    r"(?:over|for|in|within|per|on|at|against|than|of|vs|during|after|before|across|by|from|to|with|without|compared|"
    r"relative|versus|each|every|when|while|under|until|between|among|averaged|measured)\b"
)
# A limit that only perhaps holds is none.
_HEDGE = r"(?i:or|and|but|if|unless|ideally|preferably|hopefully|maybe|perhaps|approx|approximately|roughly|about|tbd|tbc|todo)\b"
_WORD = rf"(?!{_BEGINS}|{_HEDGE}|[eExX][-+−]?\d)[^\W\d_][\w/%°€$£·^-]*"
_UNIT = rf"(?:%|‰|[€$£¥]|{_WORD}(?:\s+{_WORD})?)"
_THRESHOLD = re.compile(
    rf"(?P<metric>{_METRIC})\s*(?P<comparison>{_SIGN})\s*(?P<currency>[€$£¥])?\s*(?P<value>{_NUMBER})"
    rf"\s*(?P<unit>{_UNIT})?(?:(?:\s+|\s*,\s*)(?P<qualifier>(?:{_BEGINS}|\().*))?"
)
_LONGEST = 200  # characters; a threshold longer than this is prose


def threshold(text: str) -> Threshold | Flaw:
    """Read `auc >= 0.85`, `p95_latency <= 120 ms`, `budget <= $500`, `error_rate > 2 % over 10 minutes`."""
    text = text.strip()
    if len(text) > _LONGEST:
        return Flaw("is longer than a threshold can be; write metric, comparison, number")
    match = _THRESHOLD.fullmatch(text)
    if not match:
        return Flaw(_lacks(text))
    value = match["value"].replace(" ", "").replace("_", "").replace("−", "-")
    unit = " ".join(part for part in (match["currency"], match["unit"]) if part)
    return Threshold(
        " ".join(match["metric"].split()),
        _COMPARISONS[match["comparison"].replace(" ", "")],
        float(value),
        " ".join(unit.split()),
        match["qualifier"] or "",
    )


def _lacks(text: str) -> str:
    """Why a text is no threshold, in words that follow `it`."""
    parts = re.split(_SIGN, text)
    if not any(char.isdecimal() for char in text):
        return "has no number"
    if len(parts) == 1:
        return "has no comparison such as `>=` or `<=`"
    before, after = parts[0].strip(), parts[1].strip()
    if len(parts) > 2:
        return "states more than one limit; write each on its own, as in `x >= 0.4` and `x <= 0.6`"
    if not any(char.isalpha() for char in before):
        if before and any(char.isalpha() for char in after):
            return "begins with the number; write the metric first, as in `auc >= 0.85`"
        return "names no metric"
    if not re.match(r"[€$£¥]?\s*[-+−]?\.?\d", after):
        return "has no number after its comparison"
    if re.match(r"[€$£¥]?\s*[-+−]?\d+,\d", after):
        return "has a comma in its number, which some read as thousands and some as decimals; write `1200` or `1.2`"
    if re.search(rf"\b{_HEDGE}", after):
        return "has a limit that holds only perhaps; write one number"
    return "is not written as metric, comparison, number, unit"


_SECONDS = {
    "ms": 0.001,
    "millisecond": 0.001,
    "milliseconds": 0.001,
    "s": 1,
    "sec": 1,
    "secs": 1,
    "second": 1,
    "seconds": 1,
    "m": 60,
    "min": 60,
    "mins": 60,
    "minute": 60,
    "minutes": 60,
    "h": 3600,
    "hr": 3600,
    "hrs": 3600,
    "hour": 3600,
    "hours": 3600,
    "d": 86400,
    "day": 86400,
    "days": 86400,
    "w": 604800,
    "week": 604800,
    "weeks": 604800,
    "month": 2678400,
    "months": 2678400,  # 31 days: the longest, so that a limit is never passed by rounding
    "quarter": 7948800,
    "quarters": 7948800,  # 92 days
    "year": 31536000,
    "years": 31536000,
    "y": 31536000,
}
_WORDS = {
    "hourly": 3600,
    "daily": 86400,
    "weekly": 604800,
    "biweekly": 1209600,
    "fortnightly": 1209600,
    "monthly": 2678400,
    "quarterly": 7948800,
    "yearly": 31536000,
    "annually": 31536000,
}
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*([a-z]+)[ ,]*")
_ISO = re.compile(
    r"p(?=.)(?:(\d{1,4})y)?(?:(\d{1,4})m)?(?:(\d{1,4})w)?(?:(\d{1,5})d)?"
    r"(?:t(?=.)(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?)?",
    re.ASCII,
)
_ISO_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")


def duration(text: str) -> float | Flaw:
    """Seconds in `15 minutes`, `30 days`, `24h`, `1 h 30 min`, `every 15 minutes`, `every day`, `daily`, `PT15M`."""
    text = text.strip().lower()
    if text in _WORDS:
        return float(_WORDS[text])
    iso = _ISO.fullmatch(text)
    if iso:
        total = float(sum(int(count) * _SECONDS[unit] for count, unit in zip(iso.groups(), _ISO_UNITS, strict=True) if count))
    else:
        total = _spelt(text)
    return total if total > 0 else Flaw("is no length of time")


def _spelt(text: str) -> float:
    """Seconds in numbers with units, one after the other; 0 where the text is anything else."""
    every, _, unit = text.partition(" ")
    if every == "every":
        text = unit.strip()
        if text in _SECONDS:
            return float(_SECONDS[text])
    total, position = 0.0, 0
    while position < len(text):
        match = _DURATION.match(text, position)
        if not match or match[2] not in _SECONDS:
            return 0.0
        total += float(match[1]) * _SECONDS[match[2]]
        position = match.end()
    return total


def share(text: str) -> float | Flaw:
    """The share in `5%` or `0.05`, from 0 to 1."""
    match = re.fullmatch(r"\s*([0-9]{1,9}(?:\.[0-9]{1,15})?|\.[0-9]{1,15})\s*(%?)\s*", text)
    value = float(match[1] + ("e-2" if match[2] else "")) if match else -1.0  # of 0.07 % a quotient would not be 0.0007
    return value if 0 <= value <= 1 else Flaw("is no share from 0 to 1, or from 0 % to 100 %")


def date(text: str) -> str | Flaw:
    """The date in `2026-09-30`, as that text."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
            return datetime.date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        pass
    return Flaw("is no date written as year-month-day")


# --- the same in the notation that is read

# Between a metric and a number. What goes in another direction by the metric (`better`), or may be a span of time
# (`over 10 minutes`), is not among them.
_PHRASES = {
    ">=": ("at least", "no less than", "not less than", "no lower than", "not lower than", "not below", "a minimum of"),
    "<=": ("at most", "no more than", "not more than", "no higher than", "not higher than", "not above", "a maximum of"),
    ">": ("more than", "greater than", "higher than", "larger than", "above"),
    "<": ("less than", "lower than", "smaller than", "below", "under"),
}
_PHRASE_SIGNS = {phrase: sign for sign, phrases in _PHRASES.items() for phrase in phrases}
_LEADING = r"(?:(?:is|are|of|stays?|remains?|(?:must|has to|have to|should)(?: be| stay| remain)?)\s+)?"
_PHRASE = re.compile(
    rf"\s*:?\s+{_LEADING}(?P<phrase>{'|'.join(sorted(_PHRASE_SIGNS, key=len, reverse=True))})\s+(?=[€$£¥]?\s*[-+−]?\.?\d)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?P<metric>.+?)(?:\s*:|\s+(?:is|of|=))?\s+(?P<number>[€$£¥]?\s*[-+−]?\.?\d.*?)\s+or\s+"
    r"(?:(?P<more>more|higher|greater|above)|less|lower|fewer|below)",
    re.IGNORECASE,
)
_TURNED = re.compile(
    rf"(?P<number>[€$£¥]?\s*{_NUMBER}\s*{_UNIT}?)\s*(?P<comparison>>=|<=|==|=>|=<|>|<|=|≥|≤)\s*(?P<metric>[^<>=≥≤]+)"
)
_TURN = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "=="}
# With one of these before or after it, it is not sure what the metric is, or whether the limit holds at all.
_UNSURE = re.compile(
    r"(?:\b(?:no|not|never|nor|neither|either|or|and|but|if|unless|than|least|most|hardly|barely|nearly|almost|usually|"
    r"normally|ideally|preferably|hopefully|maybe|perhaps|approx|approximately|roughly|about|around|circa|tbd|tbc|todo|"
    r"may|might|can|could|will|would|should|the|we|our|want|keep|please|drops|falls|sinks|goes|gets|rises|climbs|grows|"
    r"increases|decreases|changes)|n't)\b",
    re.IGNORECASE,
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH_NAMES = {name: n for n, month in enumerate(_MONTHS, 1) for name in (month, month[:3])} | {"sept": 9}
_LONG_UNITS = tuple(unit for unit in _SECONDS if len(unit) > 3)


def mended(kind: str, text: str) -> str:
    """`text`, which is not read as the `kind` it should be, in the notation that is; nothing where there is a doubt.

    Kinds: threshold, duration, share, date.
    """
    if kind not in _MENDERS or len(text) > _LONGEST:
        return ""
    mender, reader = _MENDERS[kind]
    found = mender(" ".join(text.split()))
    return found if found and not isinstance(reader(found), Flaw) else ""


def _threshold_mended(text: str) -> str:
    text = text.removesuffix(".")
    if re.search(r"\d,\d", text):  # a decimal comma, or one between thousands
        return ""
    if not isinstance(threshold(text), Flaw):  # only the full stop was too much
        return text
    turned = _TURNED.fullmatch(text)
    if turned:
        metric, sign = turned["metric"].strip(), _TURN[_COMPARISONS[turned["comparison"]]]
        lacks_end = re.search(rf"\s{_BEGINS}", metric)  # `over 10 minutes` belongs to the limit, `at 5%` to the metric
        return "" if lacks_end or not _is_metric(metric) else f"{metric} {sign} {turned['number'].strip()}"
    if re.search(_SIGN, text):
        return ""
    after = _AFTER.fullmatch(text)
    if after:
        metric, sign = after["metric"].strip(), ">=" if after["more"] else "<="
        return f"{metric} {sign} {after['number']}" if _is_metric(metric) and not _UNSURE.search(after["number"]) else ""
    phrases = list(_PHRASE.finditer(text))
    if len(phrases) != 1:
        return ""
    metric, rest = text[: phrases[0].start()].strip(), text[phrases[0].end() :]
    sign = _PHRASE_SIGNS[" ".join(phrases[0]["phrase"].lower().split())]
    return f"{metric} {sign} {rest}" if _is_metric(metric) and not _UNSURE.search(rest) else ""


def _is_metric(text: str) -> bool:
    """Whether a text names a metric: few words, and no sentence."""
    return bool(re.fullmatch(_METRIC, text)) and len(text.split()) <= 4 and not _UNSURE.search(text) and text[-1] != ":"


def _duration_mended(text: str) -> str:
    text = re.sub(r"(?<=\d)[-_ ]+(?=[a-z])", " ", text.lower().removesuffix("."))
    text = re.sub(r"^(?:once (?:a|an|per|each|every)|each|per) (?=[a-z]+$)", "every ", text)
    return re.sub(
        r"[a-z]{4,}", lambda word: word[0] if word[0] in _LONG_UNITS else spelling.meant(word[0], _LONG_UNITS) or word[0], text
    )


def _share_mended(text: str) -> str:
    match = re.fullmatch(r"([0-9.]+) ?(?:percent|per cent|pct|％|%)\.?", text, re.IGNORECASE)
    return f"{match[1]}%" if match else ""


def _date_mended(text: str) -> str:
    text = text.lower().removesuffix(".")
    if match := re.fullmatch(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})", text):
        return _day(match[1], match[3], match[4])
    if match := re.fullmatch(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})", text):
        one, other = int(match[1]), int(match[3])
        if one > 12 or one == other:  # else it may be the month, as in 09/10/2026
            return _day(match[4], other, one)
        return _day(match[4], one, other) if other > 12 else ""
    if match := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th|\.)? ([a-z]+)\.?,? ([0-9]{4})", text):
        return _day(match[3], _MONTH_NAMES.get(match[2], 0), match[1])
    if match := re.fullmatch(r"([a-z]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})", text):
        return _day(match[3], _MONTH_NAMES.get(match[1], 0), match[2])
    return ""


def _day(year: str, month: str | int, day: str | int) -> str:
    return f"{year}-{int(month):02}-{int(day):02}"


_MENDERS: dict[str, tuple[Callable[[str], str], Callable[[str], object]]] = {
    "threshold": (_threshold_mended, threshold),
    "duration": (_duration_mended, duration),
    "share": (_share_mended, share),
    "date": (_date_mended, date),
}
