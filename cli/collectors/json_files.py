"""JSON files that tools write, read with places and under limits of their own; their names say little of what they are."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine import read_json
from ...engine.errors import CannotJudge
from ...engine.nodes import Builder, Limits, Node
from .tree import MAX_JSON, Tree

MAX_VALUES = 50_000  # in one file, or in one of its lines
MAX_ALL_VALUES = 400_000  # in all files of a folder
_LIMITS = Limits(depth=100, nodes=MAX_VALUES, scalar=MAX_JSON, lenient=True)


def read(tree: Tree, file: str, *words: str) -> list[Node]:
    """The value in a JSON file, or those in its lines, with places; none where it can't be read, which is noted.

    With `words`, a file that holds none of them is of something else, and nothing of it is read or noted.
    What can't be compared (`NaN`, half of a character pair) is nothing, for tools write it.
    """
    data = tree.read(file, MAX_JSON)
    try:
        text = data.decode("utf-8-sig") if data else ""
    except UnicodeDecodeError:
        tree.note(file, "it is not UTF-8 text")
        return []
    ours = not words or any(word in text for word in words)
    return parse(tree, file, text) if ours and text.strip() else []


def parse(tree: Tree, file: str, text: str, line: int = 0) -> list[Node]:
    """As `read`, of a text; `line` is where it stands, where it is the value of a field."""
    found: list[Node] = []
    try:
        for number, part in _values(text):
            if len(part) > 1 and tree.values >= MAX_ALL_VALUES:
                tree.note(file, f"at most {MAX_ALL_VALUES} values are read from JSON files, and it holds more")
                return []
            builder = Builder(_LIMITS)
            try:
                read_json.read(part, builder, number)
            finally:
                tree.values += builder.count
            if builder.problems:
                raise CannotJudge(builder.problems)
            found += [builder.root] if builder.root else []
    except CannotJudge as error:
        problem = error.problems[0]
        where = line or (problem.place.line if problem.place else 0)
        tree.note(file, f"{problem.what} (line {where})" if where else problem.what)
        return []
    return found


def _values(text: str) -> Iterator[tuple[int, str]]:
    """The text as one value, or each line where each holds one; with the line in which it begins."""
    lines = text.strip().split("\n")
    whole = [line.strip() for line in lines if line.strip()]
    if len(whole) > 1 and all(line[0] == "{" and line[-1] == "}" for line in whole):
        before = text[: len(text) - len(text.lstrip())].count("\n")
        yield from ((before + number, line) for number, line in enumerate(lines, 1) if line.strip())
    else:
        yield 1, text
