"""What the formats of the bundle share: the same remarks in the same words. Nothing here escapes; each format does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...engine.bundle import Backing, Bundle, Gap, Policy, Record, Statement
from ...engine.errors import Place
from ...engine.verdict import CriterionVerdict, GateVerdict
from .text import words


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


def file(bundle: Bundle) -> str:
    """The name of the fact file without its folders, for the many places; the cover has the whole."""
    return bundle.verdict.facts.file.replace("\\", "/").rstrip("/").rpartition("/")[2]


def spot(bundle: Bundle, place: Place) -> str:
    """File and line."""
    return f"{file(bundle)}:{place.line}"


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
            "assumed", "assumed", ("by ", Said(found.owner), f" ({spot(bundle, found.place)}){counts}: ", Said(found.reason))
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
    says = (f"`{found.fact}` {found.says or 'is not stated'}. " if found.says or not found.shown else f"`{found.fact}`. ",)
    asks = f"Gate {asked.stage} asks for it. "
    return Remark("waived", "waived", (*says, asks)) if gap.waived else Remark("GAP", "unmet", (*says, asks, found.how))


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
        words.plural(len(verdict.program.waived), "waiver"),
        f"{words.plural(len(bundle.backings), 'piece')} of evidence" + (f" ({stale} stale)" if stale else ""),
    ]
    if gaps:
        found.insert(0, words.plural(gaps, "gap"))
    return ", ".join(found)


def engine(bundle: Bundle) -> str:
    """What derived the verdict, and what checked it."""
    found = bundle.verdict.engine
    return f"{found.name}, " + (f"checked by the {found.checked_by}" if found.checked_by else found.note)


def criteria(found: GateVerdict) -> tuple[CriterionVerdict, ...]:
    """The criteria of a gate that a reader has to see: all exit criteria, and the entry where it is anything but met."""
    return found.exit if found.entry.status == "met" else (found.entry, *found.exit)


def declared(bundle: Bundle, policy: Policy) -> Inline:
    """What the delivery declares towards a table, and whether it follows it."""
    chosen = ", ".join(item.shown for item in policy.declared.items)
    if not chosen:
        return (f"`{policy.declared.path}` is not stated",)
    said = (f"`{policy.declared.path}` is ", Said(chosen), f" ({spot(bundle, policy.declared.place)})")
    if not policy.rows or policy.undecided:
        return said
    return (*said, ", which deviates" if any(row.deviates for row in policy.rows) else ", as recommended")


def rationale(bundle: Bundle, policy: Policy) -> Inline:
    """Why another choice than the recommended one is declared."""
    found = policy.rationale
    why = ", ".join(item.shown for item in found.items)
    return (Said(why), f" ({spot(bundle, found.place)})") if why else (f"GAP: `{found.path}` does not say why",)
