"""The notations of the field, read as data: thresholds, durations, shares, dates.

Each reader returns the value, or a `Flaw` that says what it lacks.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass


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
_METRIC = r"[^\W\d][\w.@%/()\[\]{}:+*'-]*(?:\s+[\w.@%/()\[\]{}:+*'-]+){0,7}?"
_NUMBER = r"[-+]?(?:\d{1,3}(?:[ _]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,2})?"
_UNIT = r"(?:%|‰|[^\W\d_][\w/%°€$£·^-]*|[€$£])"
_QUALIFIER = r"(?:over|for|in|within|per|on|at|against|than|of|vs)\b.*"
_THRESHOLD = re.compile(
    rf"(?P<metric>{_METRIC})\s*(?P<comparison>>=|<=|==|=>|=<|>|<|=|≥|≤)\s*(?P<value>{_NUMBER})"
    rf"\s*(?P<unit>(?!(?:over|for|in|within|per|on|at|against|than|of|vs)\b){_UNIT})?(?:\s+(?P<qualifier>{_QUALIFIER}))?"
)
_LONGEST = 200  # characters; a threshold longer than this is prose


def threshold(text: str) -> Threshold | Flaw:
    """Read `auc >= 0.85`, `p95_latency <= 120 ms`, `error_rate > 2 % over 10 minutes`."""
    text = text.strip()
    if len(text) > _LONGEST:
        return Flaw("is longer than a threshold can be")
    match = _THRESHOLD.fullmatch(text)
    if match:
        return Threshold(
            " ".join(match["metric"].split()), _COMPARISONS[match["comparison"]],
            float(match["value"].replace(" ", "").replace("_", "")), match["unit"] or "", match["qualifier"] or "",
        )
    if not any(char.isdigit() for char in text):
        return Flaw("has no number")
    if not any(sign in text for sign in "<>=≥≤"):
        return Flaw("has no comparison such as `>=` or `<=`")
    return Flaw("is not written as metric, comparison, number")


_SECONDS = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400,
    "w": 604800, "week": 604800, "weeks": 604800,
    "month": 2678400, "months": 2678400,  # 31 days: the longest, so that a limit is never passed by rounding
    "quarter": 7948800, "quarters": 7948800,  # 92 days
    "year": 31536000, "years": 31536000, "y": 31536000,
}
_WORDS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "biweekly": 1209600, "fortnightly": 1209600,
          "monthly": 2678400, "quarterly": 7948800, "yearly": 31536000, "annually": 31536000}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+)")


def duration(text: str) -> float | Flaw:
    """Seconds in `15 minutes`, `30 days`, `24h`, `1 h 30 min`, `daily`, `quarterly`."""
    text = text.strip().lower()
    if text in _WORDS:
        return float(_WORDS[text])
    total, position = 0.0, 0
    while position < len(text):
        match = _DURATION.match(text, position)
        if not match or match[2] not in _SECONDS:
            return Flaw("is no duration; write `15 minutes`, `30 days` or `weekly`")
        total += float(match[1]) * _SECONDS[match[2]]
        position = match.end()
        while position < len(text) and text[position] in " ,":
            position += 1
    return total if total > 0 else Flaw("is no duration; write `15 minutes`, `30 days` or `weekly`")


def share(text: str) -> float | Flaw:
    """The share in `5%` or `0.05`, from 0 to 1."""
    match = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*(%?)\s*", text)
    value = float(match[1]) / (100 if match[2] else 1) if match else -1.0
    if not 0 <= value <= 1:
        return Flaw("is no share; write `5%` or `0.05`, from 0 to 1")
    return value


def date(text: str) -> str | Flaw:
    """The date in `2026-09-30`, as that text."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
            return datetime.date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        pass
    return Flaw("is no date; write year-month-day, as in `2026-09-30`")
