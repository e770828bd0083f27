"""Markdown for the summary of a job on GitHub, or any page that shows Markdown.

Values stand in code spans and never in tables; of the other texts, every word that could be more than a word does too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ...engine.errors import Problem, short
from ...engine.verdict import GateVerdict, Recommendation, Verdict
from .. import safe
from . import findings, sentences
from .findings import HOLDING, Finding
from .markdown import prose
from .text import words
from .text.problems import where

if TYPE_CHECKING:
    from ..answers import Checked
    from ..fail_on import Ending

_LONGEST = 200_000  # characters; GitHub takes a summary of one MiB from a step, and several may write to one
_MOST = 100  # findings of one kind
_SHORT = 300


def check(verdict: Verdict, source: str, ending: Ending | None = None) -> str:
    """The verdict, the gates as a table, what blocks now and what will, policies, assumptions."""
    found = findings.of_verdict(verdict)
    lines = [
        f"## Gatewright: {'passed' if verdict.passed else 'BLOCKED'}",
        "",
        f"{safe.markdown(short(words.delivery(verdict)))} is **{sentences.standing(verdict)}**.",
        *([ending.says] if ending else []),
        "",
        "| Gate | | Status | |",
        "| ---: | --- | --- | --- |",
        *map(_gate, verdict.gates),
    ]
    waived = [one for one in found if one.waived]
    rest = [one for one in found if not one.waived]
    lines += _findings("What blocks now", [one for one in rest if one.level == "error"])
    void = [one for one in rest if one.level == "warning" and one.rule.startswith("waivers.")]
    lines += _findings("What later gates miss", [one for one in rest if one.level == "warning" and one not in void])
    lines += _section("Recommended policies", _policies(verdict))
    lines += _findings("Waived", waived)
    lines += _findings("Waivers that count for nothing", void)
    lines += _findings("To be known", [one for one in rest if one.level == "note"])
    pack = verdict.pack
    digests = f"facts `{verdict.facts.digest[7:19]}`"
    lines += ["", f"Pack `{pack.id}` {safe.markdown(pack.version)} (`{pack.digest[7:19]}`), {digests}"]
    return _page(lines)


def validate(files: Sequence[Checked], *_: object) -> str:
    """The problems of each file."""
    lines = [f"## Gatewright: {findings.counted(files)}", ""]
    for one in files:
        state = "can't be judged" if one.unreadable else words.plural(len(one.problems), "problem") if one.problems else "valid"
        lines.append(f"- {safe.markdown(one.file)}: {state}")
    for one in files:
        if one.problems:
            lines += _section(safe.markdown(one.file), _problems(one.file, one.problems))
    return _page(lines)


def problems(file: str, text: str, found: Sequence[Problem]) -> str:
    """Why nothing could be judged."""
    about = f"{safe.markdown(file)} can't be judged." if file else "Nothing could be judged."
    return _page(["## Gatewright: could not judge", "", about, "", *_problems(file, found)])


def _gate(found: GateVerdict) -> str:
    holding = sum(one.status in HOLDING for one in found.exit)
    given = [(sum(one.status == status for one in found.exit), status) for status in ("assumed", "waived")]
    told = {
        "blocked": f"{holding} of {words.plural(len(found.exit), 'criterion', 'criteria')} hold",
        "waiting": f"for {', '.join(found.waiting_for)}",
        "passed": ", ".join(f"{count} {status}" for count, status in given if count),
    }[found.status]
    status = "**blocked**" if found.status == "blocked" else found.status
    return f"| {found.gate.stage} | {found.gate.id} | {status} | {told} |"


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", f"### {heading}", "", *found] if found else []


def _findings(heading: str, found: Sequence[Finding]) -> list[str]:
    """The findings below the rules that they break."""
    lines: list[str] = []
    title = mend = ""
    for one in found[:_MOST]:
        if one.title != title:
            title, mend = one.title, ""
            lines.append(f"- {prose(short(title, _SHORT))}")
        lines.append(f"  - {prose(short(one.says, _SHORT))} ({safe.markdown(where(one.file, one.place))})")
        if one.mend and one.mend != mend:
            mend = one.mend
            lines.append(f"    - {prose(short(mend, _SHORT))}")
        if one.waived:
            lines.append(f"    - {prose(short(one.waived, _SHORT))}")
    if len(found) > _MOST:
        lines.append(f"- and {len(found) - _MOST} more")
    return _section(heading, lines)


def _problems(file: str, found: Sequence[Problem]) -> Iterator[str]:
    for one in found[:_MOST]:
        yield f"- {prose(short(one.what, _SHORT))} ({safe.markdown(where(one.file or file, one.place))})"
        if one.help:
            yield f"  - {prose(short(one.help, _SHORT))}"
    if len(found) > _MOST:
        yield f"- and {len(found) - _MOST} more"


def _policies(verdict: Verdict) -> Iterator[str]:
    for table in verdict.pack.tables:
        undecided = [one for one in verdict.undecided if one.table.id == table.id]
        leading = [one for one in verdict.recommendations if one.table.id == table.id][:1]
        for one in undecided:
            yield f"- {table.id}: if {prose(one.row.signal)} holds, {prose(one.row.default.text)}"
        for one in leading:
            yield f"- {table.id}: {'otherwise ' if undecided else ''}{prose(one.row.default.text)}{_because(one)}"
            yield from (f"  - {prose(line.strip())}" for line in words.deviation(one))
        if not leading:
            yield f"- {table.id}: {'otherwise nothing' if undecided else 'nothing, because no row holds'}"


def _because(found: Recommendation) -> str:
    looks = [prose(short(words.look(look), _SHORT)) for look in found.because[:1]]
    more = f" and {words.plural(len(found.because) - 1, 'fact')} more" if len(found.because) > 1 else ""
    return f", because {looks[0]}{more}" if looks else ""


def _page(lines: Sequence[str]) -> str:
    kept: list[str] = []
    left = _LONGEST
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            kept += ["", "The rest is left out; `--format json` gives all of it."]
            break
        kept.append(line)
    return "\n".join(kept) + "\n"
