"""What changed between two verdicts: the answers of `diff` and `what-if`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ... import safe
from .. import sentences
from ..sentences import MOST_FACTS, SIGNS, Tell
from . import words
from .problems import problems

if TYPE_CHECKING:  # every command loads every renderer, and only two compare
    from ....engine.changes import AntiPatternChange, Changes, CriterionChange, DecisionChange, TableChange


def diff(changes: Changes, source: str) -> str:
    """Before and after: gates, criteria with the facts that made the difference, policies, problems, and every fact."""
    files = changes.old.facts.file, changes.new.facts.file
    blocked = next((gate.gate.id for gate in changes.new.gates if gate.status == "blocked"), None)
    named = "-" if files[1] == "<stdin>" else safe.terminal(files[1])
    after = [f"Next: gatewright explain {named} {blocked}"] if blocked else []
    return _answer(changes, source, ("before", "after"), files, after)


def what_if(changes: Changes, source: str) -> str:
    """The same of a file and its edited text. The edited text stands nowhere, so no places are told."""
    return _answer(changes, source, ("as it is", "what if"), None, ["Nothing was written."])


def _answer(changes: Changes, source: str, sides: tuple[str, str], files: tuple[str, str] | None, after: Sequence[str]) -> str:
    tell = Tell(words.quoted, safe.terminal, "  ({})".format, files)
    wide = max(map(len, sides)) + 1
    lines = [f"{words.delivery(changes.new)}: {sentences.outcome(changes)}", ""]
    for side, verdict in zip(sides, (changes.old, changes.new), strict=True):
        lines.append(f"  {side + ':':<{wide}} {sentences.standing(verdict)}")
    if changes.gates:
        lines += ["", *_gates(changes)]
    for heading, criteria in sentences.groups(changes):
        lines += ["", heading, *(line for found in criteria for line in _criterion(found, tell))]
    lines += _section("Recommended policies", (line for one in changes.tables for line in _table(one, tell)))
    lines += _section("Decision tables", (line for one in changes.decisions for line in _decision(one, tell)))
    lines += _section("Anti-patterns", (line for one in changes.antipatterns for line in _antipattern(one, tell)))
    lines += _section("Assumptions", (f"  {tell.assumption(one)}" for one in changes.assumptions))
    lines += _section("Order of the gates", (f"  {line}" for line in tell.order(changes)))
    lines += _problems(changes, source)
    lines += _section(f"Facts: {sentences.count(changes.facts)}", _facts(changes, tell))
    return "\n".join([*lines, "", *after, *words.engine(changes.new)]) + "\n"


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", heading, "", *found] if found else []


def _gates(changes: Changes) -> Iterator[str]:
    wide = max(len(one.gate.id) for one in changes.gates)
    for one in changes.gates:
        old, new = (status.upper() if status == "blocked" else status for status in (one.old, one.new))
        direction = sentences.direction(changes, one.gate.id)
        yield f"{one.gate.stage:>4}  {one.gate.id:<{wide}}  {old:<7} -> {new:<7}  {direction}".rstrip()


def _criterion(found: CriterionChange, tell: Tell) -> Iterator[str]:
    yield ""
    yield f"  gate {found.gate.stage}, {found.gate.id}: {found.criterion.text} ({found.new}, was {found.old})"
    yield from (f"    {sign} {line}" for sign, line in tell.because(found.because))
    yield from (f"    how to mend: {how}" for how in found.how)


def _table(found: TableChange, tell: Tell) -> Iterator[str]:
    old, new = tell.advice(found.old), tell.advice(found.new)
    yield f"  {found.table.id}: {new}" + (f"; before: {old}" if old != new else "")
    deviation = tell.deviation(found)
    if deviation:
        yield f"    {deviation}"
    yield from (f"    {sign} {line}" for sign, line in tell.because(found.because))


def _decision(found: DecisionChange, tell: Tell) -> Iterator[str]:
    yield f"  {tell.decision(found)}"
    yield from (f"    {sign} {line}" for sign, line in tell.because(found.because))


def _antipattern(found: AntiPatternChange, tell: Tell) -> Iterator[str]:
    yield f"  {found.kind}: {found.found.pattern.text}"
    yield from (f"    {sign} {line}" for sign, line in tell.because(found.because))
    if found.kind == "appeared":
        yield f"    how to mend: {found.found.pattern.mend}"


def _problems(changes: Changes, source: str) -> list[str]:
    new = [one.problem for one in changes.problems if one.kind == "new"]
    mended = [one.problem for one in changes.problems if one.kind == "mended"]
    lines = _section("Problems of the file that are mended", (f"  {safe.terminal(one.what)}" for one in mended))
    if new:
        shown = problems(changes.new.facts.file, source, new).rstrip("\n")
        lines += ["", f"The file has {words.plural(len(new), 'new problem')}:", "", shown]
    return lines


def _facts(changes: Changes, tell: Tell) -> Iterator[str]:
    found = sentences.by_record(changes.facts)
    for one in found[:MOST_FACTS]:
        yield f"  {SIGNS[one[0].kind]} {tell.record(one)}"
    if len(found) > MOST_FACTS:
        yield f"  ... and {len(found) - MOST_FACTS} more; --format json gives all of them"
