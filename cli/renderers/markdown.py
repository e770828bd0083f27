"""Markdown for a comment on a pull request: what changed between two verdicts.

Values stand in code spans and never in tables; of the other texts, every word that could be more than a word does too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ...engine.errors import short
from .. import safe
from . import sentences
from .sentences import MOST_FACTS, Tell
from .text import words

if TYPE_CHECKING:  # every command loads every renderer, and only two compare
    from ...engine.changes import AntiPatternChange, Changes, CriterionChange, DecisionChange, TableChange
    from ...engine.fact_changes import FactChange

_LONGEST = 60_000  # characters; GitHub takes no comment of more than 65,536
_MOST_PROBLEMS = 20
# A word that no reader of Markdown makes anything else of: no markup, address, mention, reference, emoji or commit.
_PLAIN = re.compile(
    r"""(?!www\.|GH-\d|[0-9a-f]{7,40}\b)[("']{0,3}[^\W_]+(?:[-.,;()'"/%]{1,2}[^\W_]+)*[-.,;()'"?!%]{0,3}:?""", re.IGNORECASE
)


def prose(text: str) -> str:
    """A text of a pack or of our own: words stay words, and all else becomes code."""
    parts = safe.terminal(text).split("`")
    if len(parts) % 2 == 0:
        return safe.markdown(text)
    return "".join(safe.markdown(part) if number % 2 and part.strip() else _words(part) for number, part in enumerate(parts))


def _words(text: str) -> str:
    found: list[tuple[bool, list[str]]] = []
    for word in text.split():
        plain = _PLAIN.fullmatch(word) is not None or word in (",", ".", ";", ":")
        if not found or found[-1][0] != plain:
            found.append((plain, []))
        found[-1][1].append(word)
    shown = " ".join(" ".join(some) if plain else safe.markdown(" ".join(some)) for plain, some in found)
    before, after = (" " if text[at : at + 1 or None].isspace() else "" for at in (0, -1))
    return f"{before}{shown}{after}"


def diff(changes: Changes, source: str) -> str:
    """A headline, the gates that changed, what to do, and the facts that changed."""
    return _answer(changes, (changes.old.facts.file, changes.new.facts.file))


def what_if(changes: Changes, source: str) -> str:
    """The same of a file and its edited text; no places are told, because the edited text stands nowhere."""
    return _answer(changes, None)


def _answer(changes: Changes, files: tuple[str, str] | None) -> str:
    tell = Tell(safe.markdown, prose, lambda place: f" ({safe.markdown(place)})", files)
    lines = [
        f"### Gatewright: {sentences.outcome(changes)}",
        "",
        f"{safe.markdown(short(words.delivery(changes.new)))} is **{sentences.standing(changes.new)}**.",
        f"Before: {sentences.standing(changes.old)}.",
        *_gates(changes),
    ]
    for heading, criteria in sentences.groups(changes):
        lines += _section(heading, (line for found in criteria for line in _criterion(found, tell)))
    lines += _section("Recommended policies", (line for one in changes.tables for line in _table(one, tell)))
    lines += _section("Decision tables", (line for one in changes.decisions for line in _decision(one, tell)))
    lines += _section("Anti-patterns", (line for one in changes.antipatterns for line in _antipattern(one, tell)))
    lines += _section("Assumptions", (f"- {tell.assumption(one)}" for one in changes.assumptions))
    lines += _section("Order of the gates", (f"- {line}" for line in tell.order(changes)))
    lines += _section("Problems of the file", _problems(changes, tell))
    lines += _section(f"Facts: {sentences.count(changes.facts)}", _facts(changes, tell))
    blocked = next((gate.gate.id for gate in changes.new.gates if gate.status == "blocked"), None)
    if files and blocked:
        named = "-" if files[1] == "<stdin>" else files[1]
        lines += ["", f"Next: {safe.markdown(f'gatewright explain {named} {blocked}')}"]
    pack = changes.new.pack
    lines += ["", f"Pack `{pack.id}` {safe.markdown(pack.version)} (`{pack.digest[7:19]}`), facts {_digests(changes)}"]
    return "\n".join(_short_enough(lines)) + "\n"


def _digests(changes: Changes) -> str:
    return " now ".join(dict.fromkeys(f"`{verdict.facts.digest[7:19]}`" for verdict in (changes.old, changes.new)))


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", f"**{heading}**", "", *found] if found else []


def _gates(changes: Changes) -> list[str]:
    if not changes.gates:
        return []
    lines = ["", "| Gate | Before | Now | |", "| --- | --- | --- | --- |"]
    for one in changes.gates:
        old, new = (f"**{status}**" if status == "blocked" else status for status in (one.old, one.new))
        lines.append(f"| {one.gate.stage} {one.gate.id} | {old} | {new} | {sentences.direction(changes, one.gate.id)} |")
    return lines


def _criterion(found: CriterionChange, tell: Tell) -> Iterator[str]:
    yield f"- Gate {found.gate.stage}, {found.gate.id}: {prose(found.criterion.text)} ({found.new}, was {found.old})"
    yield from _because(found.because, tell)
    yield from (f"  - How to mend: {prose(how)}" for how in found.how)


def _because(found: Sequence[FactChange], tell: Tell) -> Iterator[str]:
    return (f"  - {line}" for _, line in tell.because(found))


def _table(found: TableChange, tell: Tell) -> Iterator[str]:
    old, new = tell.advice(found.old), tell.advice(found.new)
    yield f"- {found.table.id}: {new}" + (f"; before: {old}" if old != new else "")
    deviation = tell.deviation(found)
    if deviation:
        yield f"  - {deviation}"
    yield from _because(found.because, tell)


def _decision(found: DecisionChange, tell: Tell) -> Iterator[str]:
    yield f"- {tell.decision(found)}"
    yield from _because(found.because, tell)


def _antipattern(found: AntiPatternChange, tell: Tell) -> Iterator[str]:
    yield f"- {found.kind}: {prose(found.found.pattern.text)}"
    yield from _because(found.because, tell)
    if found.kind == "appeared":
        yield f"  - How to mend: {prose(found.found.pattern.mend)}"


def _problems(changes: Changes, tell: Tell) -> Iterator[str]:
    for one in changes.problems[:_MOST_PROBLEMS]:
        place = one.problem.place and tell.place(one.kind == "new", one.problem.place)
        yield f"- {one.kind}: {prose(short(one.problem.what, 300))}{place or ''}"
    if len(changes.problems) > _MOST_PROBLEMS:
        yield f"- and {len(changes.problems) - _MOST_PROBLEMS} more"


def _facts(changes: Changes, tell: Tell) -> Iterator[str]:
    found = sentences.by_record(changes.facts)
    yield from (f"- {one[0].kind}: {tell.record(one)}" for one in found[:MOST_FACTS])
    if len(found) > MOST_FACTS:
        yield f"- and {len(found) - MOST_FACTS} more"


def _short_enough(lines: Sequence[str]) -> Iterator[str]:
    """As many lines as a comment may have."""
    left = _LONGEST
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            yield from ("", "The rest is left out; `--format json` gives all of it.")
            return
        yield line
