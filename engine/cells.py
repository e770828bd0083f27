"""The cells of a decision table: DMN's unary tests, as far as they are values, lists, ranges, comparisons and `not(...)`.

Source: OMG DMN 1.3, clause 10.3.1.2, grammar rules 7 to 15 (unary tests, intervals, end points).
"""

from __future__ import annotations

import datetime
import json
import math
import re
import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias, cast

Value: TypeAlias = float | str | bool | datetime.date
Kind = Literal["number", "text", "boolean", "date"]

ANY = "-"
LONGEST = 2000  # characters of one cell
MOST_TESTS = 200
_LONGEST_NUMBER = 40  # characters
_UNSHOWN = re.compile("[\x7f-\x9f\ufffe\uffff]")  # neither XML nor a terminal takes them
_UNDERSTOOD = (
    "a cell is `-`, a value, a list as in `a, b`, a comparison as in `< 5`, a range as in `[1..5)`, or `not(...)` around them; "
    'a value is a number, a "text", a name, true, false, or date("2026-09-30")'
)
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<date>date\s*\(\s*"(?P<day>[^"]*)"\s*\))
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>-?(?:\d++(?:\.\d++)?+|\.\d++)(?![-\w"]|\.\d))
    | (?P<name>[^\W\d]\w*+(?:-\w++)*+(?!-|\.(?!\.)|"|\s*\())
    | (?P<not>not)\s*(?=\()
    | (?P<sign><=|>=|<|>)
    | (?P<dots>\.\.)
    | (?P<mark>[][(),])
    | (?P<any>-)(?=\s*$)
    )""",
    re.VERBOSE | re.DOTALL,
)
# What full FEEL would allow, by what it begins with: the reason is told, not only the place.
_OUTSIDE = (
    (re.compile(r"null\b"), "`null` is no value here: what is not stated makes a cell unknown by itself"),
    (re.compile(r"//|/\*"), "a comment is not read"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T"), "times are not compared"),
    (re.compile(r"\d{4}-\d{2}-\d{2}\b"), 'a date is written as in date("2026-09-30")'),
    (re.compile(r"\d[\d_]*,?\d*[eE][-+]?\d"), "a number is written in digits, as in 0.001"),
    (re.compile(r"-?[\d.]+\s*[^\W\d]"), "a number has no unit"),
    (re.compile(r"-?[\d.]+\s*[-+*/]"), "nothing is calculated"),
    (re.compile(r"\.\."), "a range stands in brackets, as in [1..5]"),
    (re.compile(r"not\b"), "write not(...), once, around the whole cell"),
    (re.compile(r"@"), 'a date is written as in date("2026-09-30")'),
    (re.compile(r"(?:time|date and time|duration|years and months duration)\s*\("), "times and durations are not compared"),
    (re.compile(r"date\s*\("), 'a date is written as in date("2026-09-30")'),
    (re.compile(r"[^\W\d][\w-]*\s*\("), "functions are not called"),
    (re.compile(r"[^\W\d][\w-]*\."), "a name with dots is not read; a text is quoted"),
    (re.compile(r"\?"), "the input is compared by its place, not by `?`"),
    (re.compile(r"\{"), "contexts are not read"),
    (re.compile(r"!=|=="), "write the value alone, or not(...) around it"),
    (re.compile(r"="), "write the value alone"),
    (re.compile(r"[-+*/]"), "nothing is calculated"),
    (re.compile(r'"'), "the quote is never closed"),
)


@dataclass(frozen=True, slots=True)
class Test:
    """One test: a value (then both ends are it), or a range, open where an end is None."""

    kind: Kind
    low: Value | None
    high: Value | None
    low_closed: bool = True
    high_closed: bool = True

    def holds(self, value: Value) -> bool:
        """Whether a known value passes; one of another kind does not."""
        if kind_of(value) != self.kind:
            return False
        if self.low == self.high:
            return value == self.low
        # both ends are of the value's kind, which is what the parser makes sure of
        known: Any = value
        above = self.low is None or (known >= self.low if self.low_closed else known > self.low)
        below = self.high is None or (known <= self.high if self.high_closed else known < self.high)
        return above and below

    @property
    def text(self) -> str:
        """The test as FEEL writes it."""
        if self.low == self.high:
            return literal(cast("Value", self.low))
        if self.low is None:
            return f"{'<=' if self.high_closed else '<'} {literal(cast('Value', self.high))}"
        if self.high is None:
            return f"{'>=' if self.low_closed else '>'} {literal(self.low)}"
        left, right = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"{left}{literal(self.low)}..{literal(self.high)}{right}"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row asks of one input: any of its tests, or (negated) none of them. Without tests it holds for every value."""

    tests: tuple[Test, ...] = ()
    negated: bool = False

    def holds(self, value: Value) -> bool:
        """Whether a known value is in the cell. Numbers are int or float, dates `datetime.date`."""
        return not self.tests or any(test.holds(value) for test in self.tests) != self.negated

    @property
    def text(self) -> str:
        """The cell as FEEL writes it; `parse` reads it back to an equal cell."""
        if not self.tests:
            return ANY
        tests = ", ".join(test.text for test in self.tests)
        return f"not({tests})" if self.negated else tests

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of value that it speaks of; empty for `-`."""
        return frozenset(test.kind for test in self.tests)

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that it names."""
        return tuple(str(test.low) for test in self.tests if test.kind == "text")

    def cuts(self) -> tuple[float | datetime.date, ...]:
        """The numbers and dates at which its answer can change, each kind in order; between two of them it is the same."""
        ends = {end for test in self.tests for end in (test.low, test.high) if test.kind in ("number", "date")}
        numbers = sorted(end for end in ends if isinstance(end, float))
        return (*numbers, *sorted(end for end in ends if isinstance(end, datetime.date)))


def kind_of(value: Value) -> Kind:
    """The kind of a value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "date"


def literal(value: Value) -> str:
    """A value as FEEL writes it: `5`, `"high"`, `true`, `date("2026-09-30")`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _digits(value)
    if isinstance(value, str):
        return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
    return f'date("{value.isoformat()}")'


def parse(written: object, *, names: bool = True) -> Cell:
    """The cell that a text says, or that a plain number, truth value or list of such means.

    Without `names`, as in FEEL, a text has to be quoted: there a bare name is a variable.
    Raises ValueError with a message that says what was found and how to write it.
    """
    if isinstance(written, list | tuple):
        listed = cast("list[object]", written)
        if not listed:
            raise ValueError("an empty list matches nothing; write `-` for any value")
        if len(listed) > MOST_TESTS:
            raise ValueError(f"one cell has at most {MOST_TESTS} tests")
        cells = [_single(each) for each in listed]
        if any(cell.negated or not cell.tests for cell in cells):
            raise ValueError('`-` and `not(...)` stand alone, not in a list; write "not(a, b)"')
        return _checked(Cell(tuple(test for cell in cells for test in cell.tests)))
    return _single(written, names)


def parse_value(written: object, *, names: bool = True) -> Value:
    """One value, as the output of a row has it. Raises ValueError."""
    cell = parse(written, names=names)
    if cell.negated or len(cell.tests) != 1 or cell.tests[0].low is None or cell.tests[0].low != cell.tests[0].high:
        raise ValueError(f"{_quoted(written)} is no single value: write a number, a name, a quoted text, true or false")
    return cell.tests[0].low


def asked(argument: Any) -> tuple[str, Any]:
    """The text of the cell that a condition asks about, and the unit of time that it names, if any."""
    given = cast("dict[str, Any]", argument if isinstance(argument, dict) else {"test": argument})
    return given["test"], given.get("in")


def _single(written: object, names: bool = True) -> Cell:
    if isinstance(written, bool):
        return Cell((Test("boolean", written, written),))
    if isinstance(written, int | float):
        number = _number(_digits(written))
        return Cell((Test("number", number, number),))
    if isinstance(written, datetime.date) and not isinstance(written, datetime.datetime):
        return Cell((Test("date", written, written),))
    if isinstance(written, str):
        return _checked(_Reading(written, names).cell())
    raise ValueError(f"{_quoted(written)} is no cell; {_UNDERSTOOD}")


def _checked(cell: Cell) -> Cell:
    """The cell without a test said twice."""
    return Cell(tuple(dict.fromkeys(cell.tests)), cell.negated)


def _quoted(written: object) -> str:
    text = " ".join(str(written)[:200].split())
    return f"`{text if len(text) <= 60 else text[:60] + '…'}`"


def _digits(value: float) -> str:
    if abs(value) > sys.float_info.max or math.isnan(value):
        raise ValueError(f"{_quoted(value)} is no number that can be compared")
    return format(Decimal(str(value)).normalize() + 0, "f")


def _number(text: str) -> float:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"{_quoted(text)} is longer than a number can be ({_LONGEST_NUMBER} characters)")
    number = float(text)
    if Decimal(str(number)) != Decimal(text):
        raise ValueError(f"{_quoted(text)} has more digits than are compared; write it with at most 15")
    return number + 0.0  # -0.0 and 0.0 are one number, and one text


class _Reading:
    """A text read token by token; every token is looked at once."""

    def __init__(self, text: str, names: bool) -> None:
        if len(text) > LONGEST:
            raise ValueError(f"the cell has {len(text)} characters, and at most {LONGEST} are read")
        self._whole = text
        self._names = names
        self._text = text.rstrip()
        self._at: int = 0
        self._kind = ""
        self._token: re.Match[str] | None = None
        self._advance()

    def cell(self) -> Cell:
        """The cell that the text says."""
        if self._kind == "any":
            self._advance()
            cell = Cell()
        elif self._kind == "not":
            self._advance()
            self._advance()  # its bracket, which the token has seen
            cell = Cell(self._tests(), negated=True)
            if not self._is_mark(")"):
                self._refuse("the bracket of `not(` is never closed" if self._token is None else "")
            self._advance()
        else:
            cell = Cell(self._tests())
        if self._token is not None:
            self._refuse()
        return cell

    def _tests(self) -> tuple[Test, ...]:
        found = [self._test()]
        while self._is_mark(","):
            self._advance()
            found.append(self._test())
            if len(found) > MOST_TESTS:
                raise ValueError(f"one cell has at most {MOST_TESTS} tests")
        return tuple(found)

    def _test(self) -> Test:
        if self._kind == "sign":
            sign = self._said()
            end = self._end()
            closed = sign.endswith("=")
            if sign.startswith("<"):
                return Test(kind_of(end), None, end, high_closed=closed)
            return Test(kind_of(end), end, None, low_closed=closed)
        if self._is_mark("[", "]", "("):
            return self._range()
        value = self._value()
        return Test(kind_of(value), value, value)

    def _range(self) -> Test:
        begin = self._at_token()
        low_closed = self._said() == "["
        low = self._end()
        if self._kind != "dots":
            self._refuse("a range has two dots between its ends")
        self._advance()
        high = self._end()
        if not self._is_mark("]", ")", "["):
            self._refuse("a range ends with `]` or `)`")
        high_closed = self._said() == "]"
        told = _quoted(self._text[begin : self._at_token()])
        if kind_of(low) != kind_of(high):
            raise ValueError(f"the ends of the range {told} are of two kinds; write two numbers, or two dates")
        ends: Any = (low, high)
        if ends[0] > ends[1] or (low == high and not (low_closed and high_closed)):
            raise ValueError(f"the range {told} holds no value; write the lower end first")
        return Test(kind_of(low), low, high, low_closed, high_closed)

    def _end(self) -> Value:
        value = self._value()
        if not isinstance(value, float | datetime.date):
            raise ValueError(f"{_quoted(literal(value))} has no order; only numbers and dates stand in ranges and comparisons")
        return value

    def _value(self) -> Value:
        token, kind = self._token, self._kind
        if token is None or kind not in ("number", "text", "name", "date") or token["name"] in ("null", "not"):
            self._refuse()
        assert token is not None
        if kind == "name" and not self._names and token["name"] not in ("true", "false"):
            self._refuse('a bare name is a variable in FEEL; a text is quoted, as in "high"')
        self._advance()
        if kind == "number":
            return _number(token["number"])
        if kind == "date":
            return _day(token["day"])
        if kind == "text":
            return _unescaped(token["text"])
        name = token["name"]
        return name == "true" if name in ("true", "false") else name

    def _is_mark(self, *marks: str) -> bool:
        return self._kind == "mark" and self._token is not None and self._token["mark"] in marks

    def _said(self) -> str:
        """What the token is, and on to the next."""
        assert self._token is not None
        said = self._token[self._kind]
        self._advance()
        return said

    def _at_token(self) -> int:
        return self._at if self._token is None else self._token.start(self._kind)

    def _advance(self) -> None:
        if self._at >= len(self._text):
            self._token, self._kind = None, ""
            return
        self._token = _TOKEN.match(self._text, self._at)
        if self._token is None:
            self._refuse()
        assert self._token is not None
        found = self._token.lastgroup or ""
        self._kind = "date" if found == "day" else found
        self._at = self._token.end()

    def _refuse(self, why: str = "") -> None:
        rest = self._text[self._at_token() :].lstrip()
        if not self._text.strip():
            raise ValueError(f"the cell is empty; {_UNDERSTOOD}")
        reason = why or next((says for begins, says in _OUTSIDE if begins.match(rest)), _UNDERSTOOD)
        where = f"at {_quoted(rest)}" if rest else "at its end"
        raise ValueError(f"{_quoted(self._whole)} is not understood {where}: {reason}")


def _day(text: str) -> datetime.date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            pass
    raise ValueError(f'{_quoted(text)} is no date; write it as in date("2026-09-30")')


def _unescaped(quoted: str) -> str:
    try:
        text = str(json.loads(quoted.replace("\\'", "'"), strict=False))
        text.encode()
    except ValueError:
        raise ValueError(f'{_quoted(quoted)} has an escape that is not read; write `\\"` for a quote, `\\\\` for `\\`') from None
    return text
