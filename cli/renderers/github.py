"""Workflow commands of GitHub: what there is to look at becomes annotations of the lines that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...engine.errors import Problem, short
from ...engine.verdict import Verdict
from .. import safe
from . import findings
from .findings import Finding
from .text import words

if TYPE_CHECKING:
    from ..answers import Checked
    from ..fail_on import Ending

_MOST = 10  # annotations of a level that GitHub shows of a step; it drops the rest without a word
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_LONGEST = 1_000  # characters of a message; GitHub cuts what is much longer


def check(verdict: Verdict, source: str, ending: Ending | None = None) -> str:
    """The verdict as a line of the log, and the findings as annotations."""
    headline = f"{findings.headline(verdict)}{f'. {ending.says}' if ending else ''}"
    return _answer(headline, findings.of_verdict(verdict))


def validate(files: Sequence[Checked], *_: object) -> str:
    """The problems of all files."""
    return _answer(findings.counted(files), findings.of_files(files))


def problems(file: str, text: str, found: Sequence[Problem]) -> str:
    """Why nothing could be judged."""
    about = findings.of_problems(file, found)
    rest = [one for one in found if not (one.file or file)]
    said = [safe.workflow("error", safe.terminal(_told(one.what, one.help)), {"title": "Gatewright"}) for one in rest[:_MOST]]
    return _answer("Nothing could be judged", about) + "".join(f"{line}\n" for line in said)


def _answer(headline: str, found: Sequence[Finding]) -> str:
    lines = [safe.terminal(f"Gatewright: {headline}")]
    for level, command in _COMMANDS.items():
        lines += _level(command, [one for one in found if one.level == level])
    return "\n".join(lines) + "\n"


def _level(command: str, found: Sequence[Finding]) -> Iterator[str]:
    shown = found if len(found) <= _MOST else found[: _MOST - 1]
    yield from (_annotation(command, one) for one in shown)
    if len(found) > len(shown):
        rest = words.plural(len(found) - len(shown), "finding")
        files = ", ".join(dict.fromkeys(findings.path(one.file) for one in found[len(shown) :]))
        said = f"{rest} more than GitHub shows of one step, in {short(files, 200)}. --format text or html tells all of them."
        yield safe.workflow(command, safe.terminal(said), {"title": f"Gatewright: {rest} more"})


def _annotation(command: str, one: Finding) -> str:
    properties: dict[str, str | int] = {} if one.file == "<stdin>" else {"file": findings.path(one.file)}
    if one.place:
        properties["line"] = properties["endLine"] = one.place.line
        properties["col"], properties["endColumn"] = one.place.column, one.place.column + one.place.length
    title = f"{'Waived: ' if one.waived else ''}{one.title}"
    message = _told(one.says, one.mend, one.waived)
    return safe.workflow(command, message, properties | {"title": short(title, 200)})


def _told(*parts: str) -> str:
    return "\n".join(safe.terminal(short(part, _LONGEST)) for part in parts if part)
