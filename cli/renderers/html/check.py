"""The whole verdict as a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ....engine.next_step import next_step
from ....engine.verdict import CriterionVerdict, GateVerdict, Recommendation, Verdict
from ...answers import StageGraph
from .. import sentences, waived
from ..findings import HOLDING
from ..page import code, page, text
from ..text import words
from ..text.problems import where
from ..waived import Waived
from . import parts
from .parts import badge, folded, listed, prose, section, spot, table

if TYPE_CHECKING:
    from ...fail_on import Ending


def check(verdict: Verdict, source: str, ending: Ending | None = None, note: str = "") -> str:
    """The verdict, what to do next, the gates with their picture, what blocks, and everything that was looked at.

    `note` is markup that is to be read first.
    """
    name = words.delivery(verdict)
    status = "passed" if verdict.passed else "blocked"
    body = f"""<header>
<p class="muted">Delivery report of {code(verdict.facts.file)}</p>
<h1>{text(name)} {badge(status, status.upper())}</h1>
<p class="lead">{text(_standing(verdict))}</p>
{f"<p>{text(ending.says)}</p>{chr(10)}" if ending else ""}{note}</header>
<main>
{_sections(verdict, source)}
</main>
<footer>
{_footer(verdict)}
</footer>"""
    return page(f"{name}: {status}", body)


def _standing(verdict: Verdict) -> str:
    said = sentences.standing(verdict)
    return said.replace("BLOCKED", "Blocked", 1).replace("PASSED", "Passed", 1) + "."


def _sections(verdict: Verdict, source: str) -> str:
    file = verdict.facts.file
    blocked = [gate for gate in verdict.gates if gate.status == "blocked"]
    waiting = [gate for gate in verdict.gates if gate.status == "waiting"]
    found = verdict.facts.problems
    count = words.plural(len(found), "problem")
    return "\n".join(
        filter(
            None,
            [
                _next(verdict),
                section("Gates", _gates(verdict), _order(verdict)),
                section(f"The file has {count}", parts.problems(file, source, found)) if found else "",
                section("What blocks now", *(_blocked(verdict, gate) for gate in blocked)),
                section("What later gates miss", *(_later(verdict, gate) for gate in waiting)),
                section("Waived", *(_waived(verdict, one) for one in waived.waived(verdict)), _not_needed(verdict)),
                section("Waivers that count for nothing", _void(verdict)),
                section("Anti-patterns", *_antipatterns(verdict)),
                section("Recommended policies", *_policies(verdict)),
                section("Assumptions", _assumptions(verdict)),
                section("Where the pack asks for less than the one it extends", _departures(verdict)),
                section("Every criterion", *(_criteria(verdict, gate) for gate in verdict.gates)),
            ],
        )
    )


def _next(verdict: Verdict) -> str:
    todo = next_step(verdict)
    if todo is None:
        return ""
    at = todo.fact.place if todo.fact else todo.problem.place if todo.problem else None
    where = f" {spot(at)}" if at else ""
    subject = f"{code(todo.fact.id)}: " if todo.fact and f"`{todo.fact.id}`" not in todo.how else ""
    return section("What to do next", f"<p>{subject}{prose(todo.how)}{where}</p>")


def _gates(verdict: Verdict) -> str:
    from ....engine import stages  # networkx is heavy, and only pictures need it
    from ..stage_svg import draw

    picture = draw(StageGraph(verdict.pack, tuple(stages.shortest(stages.of_pack(verdict.pack))), verdict))
    rows = [(f"{gate.gate.stage}", text(gate.gate.title), badge(gate.status), text(_note(gate))) for gate in verdict.gates]
    gates = table("The gates in the order they are judged in.", ("Stage", "Gate", "Status", "Note"), rows)
    return f"{gates}\n{folded('The gates as a picture', f'<figure>{picture}</figure>')}"


def _note(gate: GateVerdict) -> str:
    if gate.status == "waiting":
        return f"waits for {', '.join(gate.waiting_for)}"
    holding = sum(one.status in HOLDING for one in gate.exit)
    if gate.status == "blocked":
        return f"{holding} of {words.plural(len(gate.exit), 'criterion', 'criteria')} hold"
    counts = [(sum(one.status == status for one in gate.exit), status) for status in ("assumed", "waived")]
    return ", ".join(f"{count} {status}" for count, status in counts if count)


def _order(verdict: Verdict) -> str:
    sequence = verdict.facts.sequence
    if sequence is None:
        return ""
    turned = listed(f"{text(gate)} comes before {text(needed)}, which it needs" for gate, needed in verdict.turned_round)
    return (
        f'<div class="note"><p>The order was asked for by {code(sequence.requested_by)}: {text(sequence.reason)} '
        f"{spot(sequence.place)}</p>{turned}</div>"
    )


def _blocked(verdict: Verdict, gate: GateVerdict) -> str:
    return f"<h3>Gate {gate.gate.stage}: {text(gate.gate.title)}</h3>\n{_faults(verdict, gate, 4)}"


def _later(verdict: Verdict, gate: GateVerdict) -> str:
    count = sum(one.gate == gate.gate.id for one in verdict.missing)
    if not count:
        return ""
    summary = f"Gate {gate.gate.stage}: {text(gate.gate.title)} ({words.plural(count, 'fact')})"
    return folded(summary, _faults(verdict, gate, 3))


def _faults(verdict: Verdict, gate: GateVerdict, level: int) -> str:
    """The criteria of a gate that do not hold, each with what is missing or contradicts it, and how to mend that."""
    return "\n".join(_fault(verdict, gate, one, level) for one in (gate.entry, *gate.exit) if one.status not in HOLDING)


def _fault(verdict: Verdict, gate: GateVerdict, found: CriterionVerdict, level: int) -> str:
    own = [one for one in verdict.missing if (one.gate, one.criterion) == (gate.gate.id, found.criterion.id)]
    named = {(one.fact, one.within, one.place) for one in own}
    hows = dict.fromkeys(one.how for one in own if one.state == "stated")
    items: list[str] = []
    for one in own:
        asked = f'<br><span class="muted">{prose(one.how)}</span>' if one.state != "stated" and one.how not in hows else ""
        items.append(f"{parts.fact(one.fact, one.within, one.shown, one.says)} {parts.place(one)}{asked}")
    others = parts.looks(one for one in found.because if (one.fact, one.within, one.place) not in named)
    if others or not own:
        hows |= {found.criterion.mend: None}
    told = "".join(f"<p>How to mend: {prose(how)}</p>" for how in hows)
    return (
        f'<div class="card {found.status}">\n<h{level}>{prose(found.criterion.text)} {badge(found.status)}</h{level}>\n'
        f"{listed(items)}{others}\n{told}\n</div>"
    )


def _waived(verdict: Verdict, found: Waived) -> str:
    """A criterion that holds by waiver alone, with what it lacks and who let it pass."""
    by = "\n".join(
        f"<p>Waived by {text(one.approver)} until {text(one.expires)}: {text(one.reason)} "
        f'<span class="place">{text(where(verdict.waivers.file, one.place))}</span></p>'
        for one in found.by
    )
    title = f"Gate {found.gate.gate.stage}: {prose(found.criterion.criterion.text)} {badge('waived')}"
    return f'<div class="card waived">\n<h3>{title}</h3>\n{parts.looks(found.criterion.because)}\n{by}\n</div>'


def _not_needed(verdict: Verdict) -> str:
    found = waived.not_needed(verdict)
    told = listed(f'{code(one.name)} <span class="place">{text(where(verdict.waivers.file, one.place))}</span>' for one in found)
    return f"<p>Nothing needs these waivers, so they may be taken out:</p>\n{told}" if found else ""


def _void(verdict: Verdict) -> str:
    waivers = verdict.waivers
    return parts.problems(waivers.file, waivers.text, waivers.every_problem) if waivers.every_problem else ""


def _departures(verdict: Verdict) -> str:
    return listed(f"{prose(one.what)}, because: {text(one.because)}" for one in verdict.pack.departures)


def _antipatterns(verdict: Verdict) -> Iterator[str]:
    for found in verdict.antipatterns:
        looks = parts.looks(found.because)
        yield (
            f'<div class="card unmet">\n<h3>{prose(found.pattern.text)}</h3>\n{looks}\n'
            f"<p>How to mend: {prose(found.pattern.mend)}</p>\n</div>"
        )


def _policies(verdict: Verdict) -> Iterator[str]:
    for one in verdict.pack.tables:
        undecided = [found for found in verdict.undecided if found.table.id == one.id]
        rows = [found for found in verdict.recommendations if found.table.id == one.id]
        lines = [f"<h3>{text(one.title)}</h3>"]
        for found in undecided:
            needs = parts.looks(found.needs)
            lines.append(
                f"<p>If it is so that “{text(found.row.signal)}”: <strong>{text(found.row.default.text)}</strong></p>{needs}"
            )
        for number, found in enumerate(rows):
            before = "Also holds, with lower rank: " if number else "Otherwise: " if undecided else ""
            lines.append(f"<p>{before}<strong>{text(found.row.default.text)}</strong></p>")
            lines.append(_policy(verdict, found))
        if not rows:
            lines.append(f"<p>{'Otherwise nothing' if undecided else 'Nothing'}: no row holds.</p>")
        yield f'<div class="card">\n{"".join(lines)}\n</div>'


def _policy(verdict: Verdict, found: Recommendation) -> str:
    looks = parts.looks(found.because)
    deviation = "".join(f"<dt>Deviation</dt><dd>{prose(line.strip().partition(': ')[2])}</dd>" for line in words.deviation(found))
    return (
        f'<dl class="pairs"><dt>Because</dt><dd>{text(found.row.signal)}{looks}</dd>'
        f"<dt>Alternative</dt><dd>{text(found.row.alternative.text)}</dd>"
        f"<dt>Tradeoff</dt><dd>{text(found.row.tradeoff)}</dd>{deviation}</dl>"
    )


def _assumptions(verdict: Verdict) -> str:
    if not verdict.assumptions:
        return ""
    rows = [
        (f"{code(one.fact)}<br>{spot(one.place)}", code(one.value), text(one.owner), text(one.reason))
        for one in verdict.assumptions
    ]
    return table(
        "Each counts, and is to be confirmed or corrected.", ("Fact", "Value", "Assumed by", "Because"), rows, "wide-first"
    )


def _criteria(verdict: Verdict, gate: GateVerdict) -> str:
    rows = [
        (
            f"{prose(one.criterion.text)}<br>{badge(one.status)}",
            parts.looks(one.because)
            or ", ".join(f"{text(name)} {'passed' if passed else 'not passed'}" for name, passed in one.gates),
        )
        for one in (gate.entry, *gate.exit)
    ]
    inside = table("Entry criterion first.", ("Criterion", "What it stands on"), rows, "wide-first")
    return folded(f"Gate {gate.gate.stage}: {text(gate.gate.title)} {badge(gate.status)}", inside)


def _footer(verdict: Verdict) -> str:
    pack, facts = verdict.pack, verdict.facts
    lines = [text(line) for line in words.engine(verdict)]
    lines += [f"Facts from {code(facts.file)}, {code(facts.digest)}", f"Pack {text(pack.title)}, {code(pack.digest)}"]
    return "\n".join(f"<p>{line}</p>" for line in lines)
