"""What the pages share: sentences with their values as code, badges, places and problems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from ....engine.conditions import Look
from ....engine.errors import Place, Problem, short
from ....engine.verdict import Missing
from ..page import code, text
from ..text.problems import where

_MOST_PROBLEMS = 200
_LONGEST = 600  # characters of a value; the fact file has the rest
_AROUND = 60  # characters of a line that are shown before and after a place


def prose(said: str) -> str:
    """A sentence, in which what stands between backticks becomes code."""
    pieces = said.split("`")
    if len(pieces) % 2 == 0:  # a value has one of its own, so nobody knows where code begins
        return text(said)
    return "".join(code(piece) if number % 2 else text(piece) for number, piece in enumerate(pieces))


def fact(path: str, within: str, shown: str, says: str) -> str:
    """What is so about a fact, in the words of the text answers."""
    name = code(path) + (f" of {code(short(within))}" if within else "")
    if not shown:
        return f"{name} {prose(says)}".rstrip()
    return f"{name} is {code(short(shown, _LONGEST))}" + (f", which {prose(says)}" if says else "")


def looks(found: Iterable[Look]) -> str:
    """The facts that were looked at as a list, each with its place; the same fact of many records in one line."""
    lines: list[str] = []
    for path, same in groupby(found, lambda one: one.fact):
        group = list(same)
        if len(group) > 1 and all(one.within and one.shown and not one.says for one in group):
            each = (
                f"{code(short(one.shown, _LONGEST))} in {code(short(one.within))} {_assumed(one)}{place(one)}" for one in group
            )
            lines.append(f"{code(path)} is {', '.join(each)}")
        else:
            lines += [f"{fact(one.fact, one.within, one.shown, one.says)} {_assumed(one)}{place(one)}" for one in group]
    return listed(lines)


def _assumed(found: Look) -> str:
    return "(assumed) " if found.state == "assumed" else ""


def place(found: Missing | Look) -> str:
    """The line and column where a fact stands, or below which it belongs; the head of the page names the file."""
    below = "belongs below " if found.state == "missing" else ""
    return spot(found.place, below)


def spot(at: Place | None, before: str = "") -> str:
    """A line and column."""
    return f'<span class="place">{before}line {at.line}:{at.column}</span>' if at else ""


def badge(status: str, shown: str = "") -> str:
    """A status, told in a word and in colour."""
    return f'<span class="badge {text(status)}">{text(shown or status)}</span>'


def section(title: str, *content: str) -> str:
    """A part of the page with its heading, or nothing where there is nothing in it."""
    inside = "\n".join(filter(None, content))
    return f"<section>\n<h2>{text(title)}</h2>\n{inside}\n</section>" if inside else ""


def listed(items: Iterable[str]) -> str:
    """A list, or nothing where there is nothing in it."""
    found = "\n".join(f"<li>{item}</li>" for item in items)
    return f"<ul>\n{found}\n</ul>" if found else ""


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table with heads for its columns; the first cell of a row is the head of the row. `kind` is a class of page.css."""
    kind = f' class="{kind}"' if kind else ""
    head = "".join(f'<th scope="col">{text(one)}</th>' for one in heads)
    body = "\n".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>' for first, *rest in rows
    )
    return (
        f'<div class="scroll">\n<table{kind}>\n<caption>{text(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def folded(summary: str, content: str) -> str:
    """What is shown on request, and in print."""
    return f"<details>\n<summary>{summary}</summary>\n{content}\n</details>"


def problems(file: str, source: str, found: Sequence[Problem]) -> str:
    """Each problem with the line that it is about, the part in question marked."""
    lines = source.split("\n")
    shown = [_problem(file, lines, one) for one in found[:_MOST_PROBLEMS]]
    if len(found) > _MOST_PROBLEMS:
        shown.append(f"<p>and {len(found) - _MOST_PROBLEMS} problems more; <code>--format json</code> gives all of them</p>")
    return "\n".join(shown)


def _problem(file: str, lines: Sequence[str], one: Problem) -> str:
    name, at = one.file or file, one.place
    frame = ""
    if at and not one.file and 0 < at.line <= len(lines) and lines[at.line - 1].strip():
        frame = _frame(lines[at.line - 1], at)
    where_ = f'<p class="place">{text(where(name, at))}</p>' if name else ""
    mend = f"<p>How to mend: {prose(one.help)}</p>" if one.help else ""
    return (
        f'<div class="card unmet">\n<h3>{prose(short(one.what, _LONGEST))} {badge("unmet", one.code)}</h3>\n'
        f"{where_}{frame}{mend}\n</div>"
    )


def _frame(line: str, at: Place) -> str:
    """The part of a line around a place, which is marked."""
    start = max(0, at.column - 1 - _AROUND)
    before, rest = line[start : at.column - 1], line[at.column - 1 :]
    marked, after = rest[: max(1, at.length)][: 2 * _AROUND], rest[max(1, at.length) :][:_AROUND]
    inside = f"{text(before)}<mark>{text(marked)}</mark>{text(after)}"
    return f'<pre><span class="muted">{at.line}</span>  {inside}</pre>'
