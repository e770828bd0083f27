"""What the formats of the bundle share: the same remarks in the same words. Nothing here escapes; each format does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...engine.bundle import Backing, Bundle, Gap, Policy, Record, Statement
from ...engine.conditions import Look
from ...engine.errors import Place
from ...engine.facts import Assumption
from ...engine.verdict import CriterionVerdict, Decision, GateVerdict, Verdict
from ...engine.waivers import Waiver
from . import sentences, waived
from .text import decisions, words


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the fact file, which stays as it is; all other text is ours or the pack's, and `...` in it is code."""

    text: str


Inline = tuple[str | Said, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be known of a statement besides its value: a label, its tone (a class of page.css), and a sentence."""

    label: str
    tone: str
    says: Inline


# Types whose values are prose or names; those of all others are notation, and shown as code.
PROSE = frozenset(("text", "texts", "owner", "owners"))


DRAFT = "This is a draft. It must not be taken for the bundle of a delivery that may go out."


def refusal(verdict: Verdict) -> str:
    """Why there is no bundle, and how to get a draft of it."""
    named = "-" if verdict.facts.file == "<stdin>" else verdict.facts.file
    return (
        f"No bundle: {words.delivery(verdict)} is {sentences.standing(verdict)}. It is written once every gate passes; until "
        f"then `gatewright bundle {named} --draft` writes a draft with every gap marked."
    )


def title(bundle: Bundle) -> str:
    """The title of the document."""
    return f"{words.delivery(bundle.verdict)}: {bundle.title}{' (DRAFT)' if bundle.draft else ''}"


def file(bundle: Bundle) -> str:
    """The name of the fact file without its folders, for the many places; the cover has the whole."""
    return _last(bundle.verdict.facts.file)


def _last(name: str) -> str:
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2]


def spot(bundle: Bundle, place: Place) -> str:
    """File and line."""
    return f"{file(bundle)}:{place.line}"


def at(bundle: Bundle, place: Place) -> Inline:
    """A place behind a sentence."""
    return (" (", Said(spot(bundle, place)), ")")


def where(bundle: Bundle, statement: Statement) -> str:
    """File and line of a statement, or where it belongs while it is not stated."""
    below = "belongs below " if statement.state == "missing" else ""
    return f"{below}{spot(bundle, statement.place)}"


def lines(record: Record) -> str:
    """The lines of a record."""
    first, last = record.lines
    return str(first) if first == last else f"{first}-{last}"


def remarks(bundle: Bundle, statement: Statement) -> Iterator[Remark]:
    """What has to be told of a statement, its gaps last."""
    if statement.assumption:
        found = statement.assumption
        counts = "" if statement.counts else ", and does not count here"
        yield Remark(
            "assumed", "assumed", ("by ", Said(found.owner), *at(bundle, found.place), f"{counts}: ", Said(found.reason))
        )
    if statement.state == "invalid" and not statement.gaps:
        yield Remark("not readable", "unmet", ("see the problems of the file",))
    if statement.state == "stale" and not statement.gaps:
        yield Remark("stale", "unknown", (f"it {statement.note}",))
    for gap in statement.gaps:
        yield remark(bundle, gap)


def remark(bundle: Bundle, gap: Gap) -> Remark:
    """A gap: what is wrong, which criterion asks, and how to mend it."""
    found = gap.missing
    asked = next(gate.gate for gate in bundle.verdict.gates if gate.gate.id == found.gate)
    says = f"{lacks(gap)}. Gate {asked.stage} asks for it. "
    return Remark("waived", "waived", (says,)) if gap.waived else Remark("GAP", "unmet", (says, found.how))


def lacks(gap: Gap) -> str:
    """What is missing, or what is wrong with what is there."""
    found = gap.missing
    return f"`{found.fact}` {found.says or ('does not hold' if found.shown else 'is not stated')}"


def look(bundle: Bundle, found: Look) -> Inline:
    """A fact that something stands on."""
    within = (" of ", Said(found.within)) if found.within else ()
    assumed = ", assumed" if found.state == "assumed" else ""
    return (f"`{found.fact}`", *within, " is ", Said(found.shown), *at(bundle, found.place), assumed)


def listed(bundle: Bundle, found: Assumption) -> str:
    """Where the records of an assumed list stand; nothing for a value that stands in the assumption itself."""
    count = len(bundle.verdict.facts.records.get(found.fact, ()))
    section = next((one for one in bundle.sections if any(each.fact.path == found.fact for each in one.statements)), None)
    return f"{words.plural(count, 'record')}, in section {section.number}" if count and section else ""


def evidence(found: Backing) -> Inline:
    """Evidence in short: its number in the list of evidence, where it is, of which day, and whether it counts."""
    where = found.evidence.url or found.evidence.path
    of = f" of {found.evidence.date}" if found.evidence.date else ""
    digest = f", {found.evidence.digest[:19]}" if found.evidence.digest else ""
    return (f"E{found.number} ", Said(where), f"{of}{digest}, {freshness(found)}")


def freshness(found: Backing) -> str:
    """Whether evidence counts, and how long."""
    if found.status == "undated":
        return "no date"
    if found.status == "stale":
        return "stale"
    return f"fresh until {found.until}" if found.until else "fresh"


def day(bundle: Bundle) -> str:
    """The day by which evidence is judged."""
    date = bundle.verdict.facts.today.date
    return date.isoformat() if date else "no day given"


def counts(bundle: Bundle) -> str:
    """How much there is of what a reader looks for first."""
    verdict = bundle.verdict
    stated = [one for section in bundle.sections for one in section.statements if one.values]
    gaps = sum(not gap.waived for section in bundle.sections for gap in section.gaps)
    stale = sum(found.status == "stale" for found in bundle.backings)
    found = [
        words.plural(len(stated), "statement"),
        words.plural(len(verdict.assumptions), "assumption"),
        words.plural(len(bundle.deviations), "deviation"),
        words.plural(sum(bool(verdict.waives(one)) for one in verdict.waivers.given), "waiver"),
        f"{words.plural(len(bundle.backings), 'piece')} of evidence" + (f" ({stale} stale)" if stale else ""),
    ]
    if gaps:
        found.insert(0, words.plural(gaps, "gap"))
    return ", ".join(found)


def waivers(bundle: Bundle) -> Iterator[tuple[str, Waiver]]:
    """The text of each criterion that holds by waiver alone, with each waiver that lets it pass."""
    return ((one.criterion.criterion.text, by) for one in waived.waived(bundle.verdict) for by in one.by)


def waiver_spot(bundle: Bundle, found: Waiver) -> str:
    """Where a waiver stands."""
    return f"{_last(bundle.verdict.waivers.file)}:{found.place.line}"


def idle_waivers(bundle: Bundle) -> Iterator[Inline]:
    """The waivers that let nothing pass here, and why."""
    for found in bundle.verdict.waivers.given:
        at_ = (" (", Said(waiver_spot(bundle, found)), ")")
        if found.state == "void":
            yield ("The waiver of ", Said(found.name), *at_, " counts for nothing: ", Said(found.problems[0].what))
        elif found.state == "elsewhere":
            yield ("The waiver of ", Said(found.name), *at_, " is for another delivery: ", Said(found.delivery))
        elif not bundle.verdict.waives(found):
            yield ("The waiver of ", Said(found.name), *at_, " is not needed")


def engine(bundle: Bundle) -> str:
    """What derived the verdict, and what checked it."""
    found = bundle.verdict.engine
    return f"{found.name}, " + (f"checked by the {found.checked_by}" if found.checked_by else found.note)


def criteria(found: GateVerdict) -> tuple[CriterionVerdict, ...]:
    """The criteria of a gate that a reader has to see: all exit criteria, and the entry where it is anything but met."""
    return found.exit if found.entry.status == "met" else (found.entry, *found.exit)


def sequence(bundle: Bundle) -> Inline:
    """Who asked for another order of the gates, and why."""
    found = bundle.verdict.facts.sequence
    if found is None:
        return ()
    asked = ("Another order was asked for by ", Said(found.requested_by))
    return (*asked, *at(bundle, found.place), ", because: ", Said(found.reason))


def turned_round(verdict: Verdict) -> Iterator[str]:
    """What another order puts the wrong way round."""
    return (f"`{gate}` comes before `{needed}`, which it needs." for gate, needed in verdict.turned_round)


def besides(bundle: Bundle) -> Iterator[tuple[str, list[Inline]]]:
    """What else belongs to the verdict, each with a heading: what tables with outputs say, and where the pack departs."""
    verdict = bundle.verdict
    if verdict.decisions:
        yield "What the decision tables say", [tuple(_decision(bundle, found)) for found in verdict.decisions]
    if verdict.pack.departures:
        below = " and ".join(f"{one.id} {one.version}" for one in verdict.pack.extends)
        told: list[Inline] = [(f"{one.what}, because: {one.because}",) for one in verdict.pack.departures]
        yield f"Where the pack departs from {below}", told


def _decision(bundle: Bundle, found: Decision) -> Iterator[str | Said]:
    yield f"{found.table.title}: {decisions.short(found)}"
    for number, one in enumerate(dict.fromkeys(found.because)):
        yield ", and " if number else ", because "
        yield from look(bundle, one)


def declared(bundle: Bundle, policy: Policy) -> Inline:
    """What the delivery declares towards a table, and whether it follows it."""
    chosen = ", ".join(item.shown for item in policy.declared.items)
    if not chosen:
        return (f"`{policy.declared.path}` is not stated",)
    said = (f"`{policy.declared.path}` is ", Said(chosen), *at(bundle, policy.declared.place))
    if not policy.rows or policy.undecided:
        return said
    return (*said, ", which deviates" if any(row.deviates for row in policy.rows) else ", as recommended")


def rationale(bundle: Bundle, policy: Policy) -> Inline:
    """Why another choice than the recommended one is declared."""
    found = policy.rationale
    why = ", ".join(item.shown for item in found.items)
    return (Said(why), *at(bundle, found.place)) if why else (f"GAP: `{found.path}` does not say why",)
