"""The whole verdict for a terminal or a CI log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ....engine.facts import Facts
from ....engine.next_step import next_step
from ....engine.verdict import CriterionVerdict, GateVerdict, Missing, Recommendation, Verdict
from ... import safe
from .. import waived
from . import words
from .decisions import decisions
from .explain import do
from .problems import problems, where

if TYPE_CHECKING:
    from ...fail_on import Ending

_LONGEST_VALUE = 80  # characters of an assumed value that are shown


def check(verdict: Verdict, source: str, ending: Ending | None = None) -> str:
    """The gates, what blocks, what is missing, what is recommended, and what to do next."""
    lines = [_headline(verdict), ""]
    lines += words.sequence(verdict)
    lines += [_gate_line(verdict, gate) for gate in verdict.gates]
    blocked = next((gate for gate in verdict.gates if gate.status == "blocked"), None)
    if blocked:
        lines += ["", *_blocked(verdict, blocked)]
        lines += _later(verdict, blocked)
    lines += _antipatterns(verdict)
    lines += ["", "Recommended policies", ""] if verdict.pack.tables else []
    for table in verdict.pack.tables:
        lines += _short_table(verdict, table.id)
    lines += decisions(verdict)
    lines += _assumptions(verdict)
    lines += _waived(verdict)
    if verdict.facts.problems:
        lines += [
            "",
            f"The file has {words.plural(len(verdict.facts.problems), 'problem')}:",
            "",
            problems(verdict.facts.file, source, verdict.facts.problems).rstrip("\n"),
        ]
    lines += ["", *_next(verdict, blocked), *([ending.says] if ending else []), *words.engine(verdict)]
    return "\n".join(lines) + "\n"


def _headline(verdict: Verdict) -> str:
    passed = sum(gate.status == "passed" for gate in verdict.gates)
    total = len(verdict.gates)
    if verdict.passed:
        return f"{words.delivery(verdict)}: PASSED, all {total} gates{words.by_waiver(verdict)}"
    blocked = next((gate for gate in verdict.gates if gate.status == "blocked"), None)
    if blocked is None:
        return f"{words.delivery(verdict)}: BLOCKED, all {total} gates pass but the file has problems"
    return (
        f"{words.delivery(verdict)}: BLOCKED at gate {blocked.gate.stage}, {blocked.gate.id} ({passed} of {total} gates passed)"
    )


def _gate_line(verdict: Verdict, found: GateVerdict) -> str:
    wide = max(len(gate.gate.id) for gate in verdict.gates)
    note = ""
    if found.status == "waiting":
        note = "for " + ", ".join(found.waiting_for)
    elif found.status == "blocked":
        holding = sum(c.status in ("met", "assumed", "waived") for c in found.exit)
        note = f"{holding} of {words.plural(len(found.exit), 'criterion', 'criteria')} hold"
    else:
        counts = [(sum(c.status == s for c in found.exit), s) for s in ("assumed", "waived")]
        note = ", ".join(f"{count} {status}" for count, status in counts if count)
    status = "BLOCKED" if found.status == "blocked" else found.status
    return f"{found.gate.stage:>4}  {found.gate.id:<{wide}}  {status:<7}  {note}".rstrip()


def _blocked(verdict: Verdict, found: GateVerdict) -> list[str]:
    lines = [f"Gate {found.gate.stage}, {found.gate.title}, is blocked:"]
    for criterion in (found.entry, *found.exit):
        if criterion.status not in ("met", "assumed", "waived", "reordered"):
            lines += ["", f"  {criterion.status:<8} {criterion.criterion.text}"]
            own = [m for m in verdict.missing if m.criterion == criterion.criterion.id]
            lines += _faults(verdict, own)
            lines += _elsewhere(criterion, own)
    return lines


def _faults(verdict: Verdict, missing: Sequence[Missing]) -> list[str]:
    lines: list[str] = []
    hows = dict.fromkeys(found.how for found in missing if found.state == "stated")
    for found in missing:
        lines.append(
            f"           {words.fact(found.fact, found.within, found.shown, found.says)}  ({words.spot(verdict, found)})"
        )
        if found.state != "stated" and found.how not in hows:
            lines.append(f"             {safe.terminal(found.how)}")
    return lines + [f"           how to mend: {safe.terminal(how)}" for how in hows]


def _elsewhere(criterion: CriterionVerdict, own: Sequence[Missing]) -> list[str]:
    """What an earlier gate has listed already, and a criterion that no fact of its own explains."""
    named = {(found.fact, found.within, found.place) for found in own}
    others = [look for look in criterion.because if (look.fact, look.within, look.place) not in named]
    if others or not own:
        return [f"           {words.fact(look.fact, look.within, look.shown, look.says)}" for look in others] + [
            f"           how to mend: {criterion.criterion.mend}"
        ]
    return []


def _later(verdict: Verdict, blocked: GateVerdict) -> list[str]:
    later = [found for found in verdict.missing if found.gate != blocked.gate.id]
    if not later:
        return []
    counts = {gate.gate.id: sum(found.gate == gate.gate.id for found in later) for gate in verdict.gates}
    shown = ", ".join(f"{gate} {count}" for gate, count in counts.items() if count)
    return ["", f"Missing or contradicted in the gates after it: {shown}"]


def _antipatterns(verdict: Verdict) -> list[str]:
    if not verdict.antipatterns:
        return []
    lines = ["", "Anti-patterns that are there (any one of them blocks the last gate)", ""]
    for found in verdict.antipatterns:
        lines += [f"  {found.pattern.text}", f"    how to mend: {found.pattern.mend}"]
    return lines


def _assumptions(verdict: Verdict) -> list[str]:
    if not verdict.assumptions:
        return []
    lines = ["", "Assumptions, each to be confirmed or corrected", ""]
    for found in verdict.assumptions:
        value = found.value if len(found.value) <= _LONGEST_VALUE else found.value[:_LONGEST_VALUE] + "..."
        lines += [
            f"  `{found.fact}` is {words.quoted(value)}  ({where(verdict.facts.file, found.place)})",
            f"    assumed by {safe.terminal(found.owner)}: {safe.terminal(found.reason)}",
        ]
    return lines


def _waived(verdict: Verdict) -> list[str]:
    """What holds by waiver alone, the waivers that nothing needs, and what is wrong with the others."""
    waivers, lines = verdict.waivers, list[str]()
    for one in waived.waived(verdict):
        lines += ["", f"  Gate {one.gate.gate.stage}: {one.criterion.criterion.text}"]
        lines += [f"    {words.look(look)}  ({words.spot(verdict, look)})" for look in one.criterion.because]
        lines += [f"    {waived.approved(waivers, by)}" for by in one.by]
    if lines:
        lines = ["", "Waived: this does not hold, and passes until the waiver expires", *lines]
    if unneeded := waived.not_needed(verdict):
        told = [f"  {safe.terminal(one.name)}  ({where(waivers.file, one.place)})" for one in unneeded]
        lines += ["", "Waivers that nothing needs, to be taken out", "", *told]
    if wrong := waivers.every_problem:
        lines += ["", "Waivers that count for nothing", "", problems(waivers.file, waivers.text, wrong).rstrip("\n")]
    return lines


def _short_table(verdict: Verdict, table: str) -> list[str]:
    rows = [r for r in verdict.recommendations if r.table.id == table]
    undecided = [u for u in verdict.undecided if u.table.id == table]
    lines: list[str] = []
    for found in undecided:
        lines.append(f'  {table}: if "{found.row.signal}" holds, {found.row.default.text}')
    for found in rows[:1]:
        lines.append(f"  {table}: {'otherwise, ' if undecided else ''}{found.row.default.text}" + _because(verdict.facts, found))
        lines += words.deviation(found)
    if not rows:
        lines.append(f"  {table}: {'otherwise nothing' if undecided else 'nothing, because no row holds'}")
    return lines


def _because(facts: Facts, found: Recommendation) -> str:
    shown = "".join(f"\n    because {words.look(look)}  ({where(facts.file, look.place)})" for look in found.because[:1])
    more = len(found.because) - 1
    return shown + (f" and {words.plural(more, 'fact')} more" if more > 0 else "")


def _next(verdict: Verdict, blocked: GateVerdict | None) -> list[str]:
    todo = next_step(verdict)
    if todo is None:
        return []
    said = "-" if verdict.facts.file == "<stdin>" else safe.terminal(verdict.facts.file)
    if todo.problem or blocked is None:
        return [f"Next: {do(verdict, todo)}", f"      gatewright validate {said}"]
    asking = [f'"{safe.terminal(criterion.text)}"' for criterion in (todo.criteria or todo.others)[:1]]
    more = len(todo.criteria) - 1
    and_more = f" and {words.plural(more, 'criterion', 'criteria')} more" if more > 0 else ""
    still = f"{asking[0]}{and_more} still need{'' if and_more else 's'}" if asking else ""
    why = f"it is all that {still}" if todo.criteria else f"{still} it, among other things"
    why = f"; {why}" if todo.fact else ""
    return [f"Next: {do(verdict, todo)}{why}", f"      gatewright explain {said} {blocked.gate.id}"]
