"""Changes single values in the text of a YAML or JSON file. Every character that is not about them stays.

A whole round trip through a library would join wrapped lines, move indentation and lose comments; so the text is cut
where the value stands, and nowhere else. A comment inside what is cut out stays too, above the line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ..engine.document import digest
from ..engine.errors import CannotJudge, Problem
from . import spans, written
from .spans import Span

Path = tuple[str | int, ...]
_BREAK = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\r\n]*")


def _ends_with_break(text: str, end: int) -> str:
    return "\r\n" if text[:end].endswith("\r\n") else "\n"


def same(one: object, other: object) -> bool:
    """Whether two values are the same content; the text `1` is not the number."""
    return digest(_counted(one)) == digest(_counted(other))


def _counted(value: Any) -> object:
    if written.is_mapping(value):
        return {key: _counted(inner) for key, inner in value.items()}
    if written.is_list(value):
        return [_counted(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def refuse(what: str, help: str = "change it by hand") -> CannotJudge:
    """The exception for a file that can't be edited."""
    return CannotJudge([Problem("cannot-edit", f"this file can't be edited: {what}", help=help)])


class Splice:
    """The text of one file, and the changes to it. `rank` gives the place of a path in the vocabulary, if it has one."""

    def __init__(self, text: str, *, json: bool, rank: Callable[[Path], int | None]) -> None:
        self.text, self.json, self.rank = text, json, rank
        found = _BREAK.search(text)
        self.newline = found[0] if found else "\n"

    # --- what stands where

    def _around(self, path: Path) -> tuple[list[Span], Span]:
        """The spans on the way to `path`, the outermost first, and its own."""
        span = spans.of_json(self.text) if self.json else spans.of_yaml(self.text)
        way: list[Span] = []
        for key in path:
            number = span.find(key)
            if number is None:
                shared = span.kind == "alias"
                raise refuse("a value is repeated by an alias" if shared else f"`{'.'.join(map(str, path))}` has no place in it")
            way.append(span)
            span = span.values[number]
        return way, span

    def _line(self, position: int) -> int:
        """Where the line of a position begins."""
        return max(self.text.rfind("\n", 0, position), self.text.rfind("\r", 0, position)) + 1

    def _line_end(self, position: int) -> int:
        found = _BREAK.search(self.text, position)
        return found.start() if found else len(self.text)

    def _next_line(self, position: int) -> int:
        found = _BREAK.search(self.text, position)
        return found.end() if found else len(self.text)

    def _column(self, position: int) -> int:
        return position - self._line(position)

    def _indentation(self, position: int) -> str:
        line = self._line(position)
        text = self.text[line : self._line_end(line)]
        return text[: len(text) - len(text.lstrip())]

    def _begins_line(self, position: int) -> bool:
        return not self.text[self._line(position) : position].strip()

    def _after(self, end: int, column: int) -> int:
        """The end of the lines that belong to what ends at `end`: its own, and comments below it that are indented more."""
        end = self._line_end(end)
        while True:
            begin = self._next_line(end)
            line = self.text[begin : self._line_end(begin)]
            if begin == end or not line.lstrip().startswith("#") or len(line) - len(line.lstrip()) <= column:
                return end
            end = self._line_end(begin)

    def _own_comments(self, key: int) -> int:
        """Where the comment lines begin that stand right above a key, or its own line where there are none.

        The comment that a file begins with speaks of the file.
        """
        line, column = self._line(key), self._column(key)
        begin = line
        while begin > 0:
            above = self._line(begin - len(_ends_with_break(self.text, begin)))
            if not self.text[above:begin].startswith(" " * column + "#"):
                return begin
            begin = above
        return line

    def _comments(self, start: int, end: int, root: Span) -> list[tuple[int, str]]:
        """The comments in a stretch, and where each stands. What is no key and no value is a sign, a space or a comment."""
        found: list[tuple[int, str]] = []
        at = start
        for span in (*root.texts(), Span("scalar", end, end)):
            if span.end <= at and span.start < end:
                continue
            begin = self._line_end(span.start) if span.header else span.start
            if begin > at:
                found += [(match.start(), match[0]) for match in _COMMENT.finditer(self.text, at, min(begin, end))]
            at = max(at, span.end)
            if at >= end:
                break
        return found

    # --- cutting

    def _cut(self, start: int, end: int, text: str, root: Span, own: Sequence[tuple[int, int]] = ()) -> None:
        """Put `text` in place of a stretch. Comments in it stay, in lines of their own above, but for those in `own`."""
        lost: list[str] = []
        if not self.json:
            lost = [said for at, said in self._comments(start, end, root) if not any(low <= at < high for low, high in own)]
        line, space = self._line(start), self._indentation(start)
        kept = "".join(space + said + self.newline for said in lost)
        self.text = self.text[:line] + kept + self.text[line:start] + text + self.text[end:]

    def replace(self, path: Path, value: object) -> None:
        """Another value in place of the one at `path`."""
        way, old = self._around(path)
        around = way[-1]
        if self.json or around.flow:
            text = self._as_json(value, self._step(around), self._indentation(old.start)) if self.json else written.flow(value)
            self._cut(old.start, old.end, ("" if old.end > old.start else " ") + text, way[0])
            return
        number = around.find(path[-1])
        assert number is not None
        if around.kind == "mapping":
            name, begin, end = around.keys[number]
            sign = self.text.index(":", end) + 1
            first, *rest = written.entry(name, value, self._column(begin))
            first = first[len(written.scalar(name)) + 1 :]
        else:
            sign = self._dash(old) + 1
            first, *rest = written.item(value, self._column(sign - 1))
            first = first[1:]
        end = max(sign, old.end)
        line_end = self._line_end(end)
        self.text = self.text[:line_end] + "".join(self.newline + line for line in rest) + self.text[line_end:]
        self._cut(sign, end, first, way[0])

    def remove(self, path: Path, *, comments: bool = False) -> None:
        """Take an entry or item out, and the comments right above it and behind it; with `comments` these stay.

        A group that holds nothing more goes too; the last section of all stays, empty.
        """
        way, old = self._around(path)
        own: list[tuple[int, int]] = []
        begin = self._begin(way[-1], path[-1], old)
        if not comments:
            own = [(self._own_comments(begin), self._line_end(old.end))]
            while len(way[-1].values) == 1 and len(way) > 1 and isinstance(path[-2], str):
                path, old = path[:-1], way.pop()
        around = way[-1]
        if len(around.values) == 1:
            self.replace(path, {}) if len(way) == 1 else self._cut(around.start, around.end, "{}", way[0], own)
            return
        number = around.find(path[-1])
        assert number is not None
        begin = self._begin(around, path[-1], old)
        if self.json or around.flow or not self._begins_line(begin):
            if number + 1 < len(around.values):
                end = around.keys[number + 1][1] if around.keys else around.values[number + 1].start
            else:
                begin, end = around.values[number - 1].end, old.end
        else:
            line = self._line(begin)
            begin = min(line, own[0][0]) if own else line
            end = self._next_line(old.end)
        self._cut(begin, end, "", way[0], own)

    def _begin(self, around: Span, key: str | int, value: Span) -> int:
        number = around.find(key)
        assert number is not None
        if around.kind == "mapping":
            return around.keys[number][1]
        return value.start if self.json or around.flow else self._dash(value)

    def _dash(self, item: Span) -> int:
        return self.text.rindex("-", 0, item.start + (item.end == item.start))

    # --- entries and items

    def insert(self, path: Path, value: object) -> None:
        """A new key with its value, where the order of the vocabulary wants it, else after the others."""
        way, around = self._around(path[:-1])
        key = str(path[-1])
        if around.kind != "mapping" or not around.keys:  # `{}`, a placeholder, or nothing
            if way:
                self.replace(path[:-1], {key: value})
            else:
                text = self._as_json({key: value}, "  ") if self.json else written.flow({key: value})
                self._cut(around.start, around.end, text, around)
            return
        rank, last = self.rank(path), len(around.keys) - 1
        if rank is not None:
            ranks = [self.rank((*path[:-1], name)) for name, _, _ in around.keys]
            last = max((n for n, other in enumerate(ranks) if other is not None and other < rank), default=-1)
        if self.json or around.flow:
            self._insert_flow(around, last, self._pair(key, value, around))
            return
        column = self._column(around.keys[0][1])
        if last < 0 and not self._begins_line(around.keys[0][1]):
            last = 0  # before the first stands the dash of its list
        lines = written.entry(key, value, column)
        lines[0] = " " * column + lines[0]
        gap = [""] if len(path) == 1 and self._spaced(around) else []
        if last < 0:
            begin = self._own_comments(around.keys[0][1])
            self._insert_lines(begin, [*lines, *gap], before=True)
        else:
            self._insert_lines(self._after(around.values[last].end, column), [*gap, *lines])

    def append(self, path: Path, items: Sequence[object]) -> None:
        """More items for the list at `path`, which is there and not empty."""
        for value in items:
            _, around = self._around(path)
            last = around.values[-1]
            if self.json or around.flow:
                step = self._step(around) if self.json else ""
                text = self._as_json(value, step, self._indentation(last.start)) if self.json else written.flow(value)
                self._insert_flow(around, len(around.values) - 1, text)
                continue
            column = self._column(around.start)
            narrow = last.kind == "mapping" and not last.flow
            lines = written.item(value, column, narrow=narrow)
            self._insert_lines(self._after(last.end, column), [" " * column + lines[0], *lines[1:]])

    def _insert_lines(self, position: int, lines: Sequence[str], *, before: bool = False) -> None:
        text = self.newline.join(lines)
        text = text + self.newline if before else self.newline + text
        self.text = self.text[:position] + text + self.text[position:]

    def _pair(self, key: str, value: object, around: Span) -> str:
        if not self.json:
            return f"{written.scalar(key)}: {written.flow(value)}"
        space = self._indentation(around.keys[0][1]) if around.keys else self._indentation(around.start)
        return f"{written.quoted(key, pairs=True)}: {self._as_json(value, self._step(around), space)}"

    def _as_json(self, value: object, step: str, indent: str = "") -> str:
        """A value in JSON, with the line ends of the file; those in texts are escaped."""
        return written.as_json(value, step, indent).replace("\n", self.newline)

    def _step(self, around: Span) -> str:
        """How far JSON is indented from level to level; nothing where it stands on one line."""
        first = around.keys[0][1] if around.keys else around.values[0].start if around.values else 0
        if around.values and not re.search(r"[\r\n]", self.text[around.start : first]):
            return ""
        inside = self.text.lstrip()[1:]
        return _BREAK.split(inside[: len(inside) - len(inside.lstrip())])[-1] or "  "

    def _spaced(self, root: Span) -> bool:
        """Whether empty lines stand between the sections."""
        between = (self.text[value.end : start] for value, (_, start, _) in zip(root.values, root.keys[1:], strict=False))
        return any(re.search(r"(\r\n|\r|\n)[ \t]*\1", text) for text in between)

    def _insert_flow(self, around: Span, last: int, text: str) -> None:
        """An entry or item more between the brackets, set apart from its neighbour as the others are."""
        starts = [start for _, start, _ in around.keys] or [value.start for value in around.values]
        here = max(last, 0)
        before = around.values[here - 1].end + 1 if here else around.start + 1
        gap = self.text[before : starts[here]]
        if gap.strip():  # a comment
            gap = " "
        if "\n" not in gap and "\r" not in gap:
            gap = " "
        if last < 0:
            self.text = self.text[: starts[0]] + text + "," + gap + self.text[starts[0] :]
        else:
            end = around.values[last].end
            self.text = self.text[:end] + "," + gap + text + self.text[end:]
