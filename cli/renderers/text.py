"""Plain text for a terminal or a CI log."""

from __future__ import annotations

from collections.abc import Sequence

from ...engine.conditions import Look
from ...engine.explain import Step
from ...engine.facts import Facts
from ...engine.verdict import CriterionVerdict, GateVerdict, Missing, Recommendation, Verdict
from .. import safe
from ..answers import Checked, StageGraph
from .text_problems import problems, where

_STATES = {
    "stated": "stated",
    "assumed": "assumed",
    "placeholder": "left open with a placeholder",
    "missing": "not written",
    "invalid": "that can't be read",
}
_LONGEST_VALUE = 80  # characters of an assumed value that are shown
_MOST_NAMED = 12  # facts that are listed before the rest is only counted


def _quoted(text: str) -> str:
    return f"`{safe.terminal(text)}`"


def _plural(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


# --- check


def check(verdict: Verdict, source: str) -> str:
    """The gates, what blocks, what is missing, what is recommended, and what to do next."""
    lines = [_headline(verdict), ""]
    lines += _sequence(verdict)
    lines += [_gate_line(verdict, gate) for gate in verdict.gates]
    blocked = next((gate for gate in verdict.gates if gate.status == "blocked"), None)
    if blocked:
        lines += ["", *_blocked(verdict, blocked)]
        lines += _later(verdict, blocked)
    lines += _antipatterns(verdict)
    lines += ["", "Recommended policies", ""]
    for table in verdict.pack.tables:
        lines += _short_table(verdict, table.id)
    lines += _assumptions(verdict)
    if verdict.facts.problems:
        lines += [
            "",
            f"The file has {_plural(len(verdict.facts.problems), 'problem')}:",
            "",
            problems(verdict.facts.file, source, verdict.facts.problems).rstrip("\n"),
        ]
    lines += ["", *_next(verdict, blocked), *_engine(verdict)]
    return "\n".join(lines) + "\n"


def _delivery(verdict: Verdict) -> str:
    """The name of what is delivered: the first two facts of the vocabulary, or the file."""
    first = list(verdict.pack.sections[0].facts)[:2]
    named = [item.shown for path in first for item in verdict.facts.plain[path].items[:1]]
    return safe.terminal(" ".join(named) or verdict.facts.file)


def _headline(verdict: Verdict) -> str:
    passed = sum(gate.status == "passed" for gate in verdict.gates)
    total = len(verdict.gates)
    if verdict.passed:
        return f"{_delivery(verdict)}: PASSED, all {total} gates"
    blocked = next((gate for gate in verdict.gates if gate.status == "blocked"), None)
    if blocked is None:
        return f"{_delivery(verdict)}: BLOCKED, all {total} gates pass but the file has problems"
    return f"{_delivery(verdict)}: BLOCKED at gate {blocked.gate.stage}, {blocked.gate.id} ({passed} of {total} gates passed)"


def _sequence(verdict: Verdict) -> list[str]:
    sequence = verdict.facts.sequence
    if sequence is None:
        return []
    lines = [
        f"Order of the gates as asked for by {safe.terminal(sequence.requested_by)}: {safe.terminal(sequence.reason)} "
        f"({where(verdict.facts.file, sequence.place)})"
    ]
    lines += [f"  {gate} comes before {needed}, which it needs" for gate, needed in verdict.turned_round]
    return [*lines, ""]


def _gate_line(verdict: Verdict, found: GateVerdict) -> str:
    wide = max(len(gate.gate.id) for gate in verdict.gates)
    note = ""
    if found.status == "waiting":
        note = "for " + ", ".join(found.waiting_for)
    elif found.status == "blocked":
        holding = sum(c.status in ("met", "assumed", "waived") for c in found.exit)
        note = f"{holding} of {_plural(len(found.exit), 'criterion', 'criteria')} hold"
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
        lines.append(f"           {_fact(found.fact, found.within, found.shown, found.says)}  ({_spot(verdict, found)})")
        if found.state != "stated" and found.how not in hows:
            lines.append(f"             {safe.terminal(found.how)}")
    return lines + [f"           how to mend: {safe.terminal(how)}" for how in hows]


def _spot(verdict: Verdict, found: Missing | Look) -> str:
    """Where a fact stands, or below which line it belongs."""
    place = where(verdict.facts.file, found.place)
    return f"belongs below {place}" if found.state == "missing" else place


def _elsewhere(criterion: CriterionVerdict, own: Sequence[Missing]) -> list[str]:
    """What an earlier gate has listed already, and a criterion that no fact of its own explains."""
    named = {(found.fact, found.within, found.place) for found in own}
    others = [look for look in criterion.because if (look.fact, look.within, look.place) not in named]
    if others or not own:
        return [f"           {_fact(look.fact, look.within, look.shown, look.says)}" for look in others] + [
            f"           how to mend: {criterion.criterion.mend}"
        ]
    return []


def _fact(path: str, within: str, shown: str, says: str) -> str:
    name = f"`{path}`" + (f" of {_quoted(within)}" if within else "")
    if not shown:
        return f"{name} {says}".rstrip()
    return f"{name} is {_quoted(shown)}" + (f", which {safe.terminal(says)}" if says else "")


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
            f"  `{found.fact}` is {_quoted(value)}  ({where(verdict.facts.file, found.place)})",
            f"    assumed by {safe.terminal(found.owner)}: {safe.terminal(found.reason)}",
        ]
    return lines


def _short_table(verdict: Verdict, table: str) -> list[str]:
    rows = [r for r in verdict.recommendations if r.table.id == table]
    undecided = [u for u in verdict.undecided if u.table.id == table]
    lines: list[str] = []
    for found in undecided:
        lines.append(f'  {table}: if "{found.row.signal}" holds, {found.row.default.text}')
    for found in rows[:1]:
        lines.append(f"  {table}: {'otherwise, ' if undecided else ''}{found.row.default.text}" + _because(verdict.facts, found))
        lines += _deviation(found)
    if not rows:
        lines.append(f"  {table}: {'otherwise nothing' if undecided else 'nothing, because no row holds'}")
    return lines


def _because(facts: Facts, found: Recommendation) -> str:
    shown = "".join(f"\n    because {_look(look)}  ({where(facts.file, look.place)})" for look in found.because[:1])
    more = len(found.because) - 1
    return shown + (f" and {_plural(more, 'fact')} more" if more > 0 else "")


def _deviation(found: Recommendation) -> list[str]:
    if not found.deviates:
        return []
    reason = (
        f"with the rationale {_quoted(found.rationale)}" if found.rationale else f"and `{found.table.rationale}` does not say why"
    )
    return [f"    DEVIATION: {_quoted(found.declared)} is declared instead, {reason}"]


def _next(verdict: Verdict, blocked: GateVerdict | None) -> list[str]:
    file = safe.terminal(verdict.facts.file)
    if verdict.passed:
        return []
    if blocked is None:
        return [f"Next: gatewright validate {file}"]
    return [f"Next: gatewright explain {file} {blocked.gate.id}"]


def _engine(verdict: Verdict) -> list[str]:
    pack, engine = verdict.pack, verdict.engine
    checked = f", checked by the {engine.checked_by}" if engine.checked_by else f" ({engine.note})"
    digests = f"Pack {pack.id} {pack.version} ({pack.digest[7:19]}), facts {verdict.facts.digest[7:19]}"
    return [f"{digests}, derived by {engine.name}{checked}"]


# --- validate


def validate(files: Sequence[Checked]) -> str:
    """Every problem of every file, and a line a file in the end."""
    parts: list[str] = []
    for found in files:
        if found.problems:
            parts.append(problems(found.file, found.text, found.problems))
    summary = [_summary(found) for found in files]
    return "\n".join([*parts, *summary]) + "\n"


def _summary(found: Checked) -> str:
    file = safe.terminal(found.file)
    if found.unreadable:
        return f"{file}: can't be judged"
    states = found.states
    shown = [f"{states[state]} {word}" for state, word in _STATES.items() if states.get(state)]
    verdict = f"{_plural(len(found.problems), 'problem')}" if found.problems else "valid"
    return f"{file}: {verdict}; facts: {', '.join(shown)}"


# --- recommend


def recommend(verdict: Verdict, tables: Sequence[str]) -> str:
    """Each table: what it recommends, why, the alternative with its tradeoff, and what would change the answer."""
    lines = [f"{_delivery(verdict)}", ""]
    for table in verdict.pack.tables:
        if table.id in tables:
            lines += [f"{table.title} ({table.id})", *_table(verdict, table.id), ""]
    return "\n".join([*lines, *_engine(verdict)]) + "\n"


def _table(verdict: Verdict, table: str) -> list[str]:
    file = verdict.facts.file
    undecided = [u for u in verdict.undecided if u.table.id == table]
    rows = [r for r in verdict.recommendations if r.table.id == table]
    lines: list[str] = []
    for found in undecided:
        lines += [
            "",
            f'  If "{found.row.signal}" holds: {found.row.default.text}',
            *_choice(found.row.alternative.text, found.row.tradeoff),
        ]
    for number, found in enumerate(rows):
        if number:
            head = f"  Also holds, with lower rank: {found.row.default.text}"
        else:
            head = f"  {'Otherwise: ' if undecided else ''}{found.row.default.text}"
        lines += [
            "",
            head,
            f"    because: {found.row.signal}",
            *(f"      {_look(look)}  ({where(file, look.place)})" for look in found.because[:_MOST_NAMED]),
            *_choice(found.row.alternative.text, found.row.tradeoff),
        ]
        lines += _deviation(found)
    if not rows:
        lines += ["", f"  {'Otherwise nothing' if undecided else 'Nothing'}: no row holds."]
    if undecided:
        lines += ["", "  To decide it, state:"]
    for look in dict.fromkeys(look for found in undecided for look in found.needs):
        lines += [
            f"    {_fact(look.fact, look.within, look.shown, look.says)}  ({where(file, look.place)})",
            f"      {verdict.pack.facts[look.fact].ask}",
        ]
    return lines


def _look(look: Look) -> str:
    return _fact(look.fact, look.within, look.shown, look.says) + (" (assumed)" if look.state == "assumed" else "")


def _choice(alternative: str, tradeoff: str) -> list[str]:
    return [f"    alternative: {alternative}", f"    tradeoff: {tradeoff}"]


# --- explain


def explain(verdict: Verdict, step: Step) -> str:
    """The tree: gate, criteria, facts with place and value, what is missing and how to mend it."""
    lines = _sequence(verdict)
    _tree(step, verdict.facts.file, "", lines)
    return "\n".join([*lines, "", *_engine(verdict)]) + "\n"


def _tree(step: Step, file: str, indent: str, lines: list[str]) -> None:
    if step.kind == "fact":
        lines.append(
            f"{indent}{_mark(step)} {_fact(step.title, step.within, step.value, step.says)}"
            + (" (assumed)" if step.status == "assumed" else "")
            + f"  ({'belongs below ' if step.status == 'missing' else ''}{where(file, step.place)})"
        )
        if step.how and step.status != "unmet":
            lines.append(f"{indent}    {safe.terminal(step.how)}")
        return
    if step.kind == "gate" and not step.children:
        lines.append(f"{indent}{_mark(step)} {step.title} {step.status}")
        return
    if step.kind == "gate":
        status = "BLOCKED" if step.status == "blocked" else step.status
        lines.append(f"{indent}{step.title}: {status} {step.says}".rstrip())
    else:
        name = {"entry": "entry criterion", "criterion": "exit criterion"}.get(step.kind, step.kind)
        lines.append(
            f"{indent}{_mark(step)} {step.status}, {name} {step.id}: {step.title}" + (f" ({step.says})" if step.says else "")
        )
    for child in step.children:
        if step.kind == "gate" and child.kind != "gate":
            lines.append("")
        _tree(child, file, indent + "    ", lines)
    if step.how:
        lines.append(f"{indent}    how to mend: {step.how}")


def _mark(step: Step) -> str:
    if step.good or step.status in ("met", "assumed", "waived", "absent", "holds", "reordered", "passed"):
        return "+"
    return "-" if step.status in ("unmet", "present", "not passed", "invalid", "does not hold") else "?"


# --- graph


def graph(found: StageGraph) -> str:
    """The gates in order with what each needs."""
    wide = max(len(gate) for gate in found.order)
    lines: list[str] = []
    for name in found.order:
        gate = found.pack.gates_by_id[name]
        needs = [needed for needed, into in found.edges if into == name]
        needs_text = f"needs {', '.join(needs)}" if needs else "begins"
        if len(gate.needs) > len(needs):
            needs_text += f" (and so all {len(gate.needs)} before it)"
        status = found.statuses.get(name, "")
        lines.append(f"{gate.stage:>4}  {name:<{wide}}  {status + '  ' if status else ''}{needs_text}")
    if found.verdict and found.verdict.facts.sequence:
        lines += ["", *_sequence(found.verdict)[:-1]]
    return "\n".join(lines) + "\n"
