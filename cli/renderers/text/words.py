"""What the text answers share: names, facts, places and the last line, in the same words everywhere."""

from __future__ import annotations

from ....engine.conditions import Look
from ....engine.verdict import Missing, Recommendation, Verdict
from ... import safe
from .problems import where


def quoted(text: str) -> str:
    return f"`{safe.terminal(text)}`"


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def delivery(verdict: Verdict) -> str:
    """The name of what is delivered: the first two facts of the vocabulary, or the file."""
    first = list(verdict.pack.sections[0].facts)[:2]
    named = [item.shown for path in first for item in verdict.facts.plain[path].items[:1]]
    return safe.terminal(" ".join(named) or verdict.facts.file)


def sequence(verdict: Verdict) -> list[str]:
    sequence = verdict.facts.sequence
    if sequence is None:
        return []
    lines = [
        f"Order of the gates as asked for by {safe.terminal(sequence.requested_by)}: {safe.terminal(sequence.reason)} "
        f"({where(verdict.facts.file, sequence.place)})"
    ]
    lines += [f"  {gate} comes before {needed}, which it needs" for gate, needed in verdict.turned_round]
    return [*lines, ""]


def spot(verdict: Verdict, found: Missing | Look) -> str:
    """Where a fact stands, or below which line it belongs."""
    place = where(verdict.facts.file, found.place)
    return f"belongs below {place}" if found.state == "missing" else place


def fact(path: str, within: str, shown: str, says: str) -> str:
    name = f"`{path}`" + (f" of {quoted(within)}" if within else "")
    if not shown:
        return f"{name} {says}".rstrip()
    return f"{name} is {quoted(shown)}" + (f", which {safe.terminal(says)}" if says else "")


def look(found: Look) -> str:
    return fact(found.fact, found.within, found.shown, found.says) + (" (assumed)" if found.state == "assumed" else "")


def deviation(found: Recommendation) -> list[str]:
    if not found.deviates:
        return []
    reason = (
        f"with the rationale {quoted(found.rationale)}" if found.rationale else f"and `{found.table.rationale}` does not say why"
    )
    return [f"    DEVIATION: {quoted(found.declared)} is declared instead, {reason}"]


def engine(verdict: Verdict) -> list[str]:
    """What the answer stands on: evidence, pack, facts and engines."""
    pack, engine = verdict.pack, verdict.engine
    checked = f", checked by the {engine.checked_by}" if engine.checked_by else f" ({engine.note})"
    digests = f"Pack {pack.id} {pack.version} ({pack.digest[7:19]}), facts {verdict.facts.digest[7:19]}"
    return [*_evidence(verdict), f"{digests}, derived by {engine.name}{checked}"]


def _evidence(verdict: Verdict) -> list[str]:
    backed, today = verdict.facts.backed, verdict.facts.today
    if not backed:
        return []
    line = f"{plural(len(backed), 'fact')} with evidence"
    if today.date:
        line += f", judged as of {today.date.isoformat()}"
    if today.digest_of is None and any(fact.evidence and fact.evidence.path for fact in backed):
        line += "; --project FOLDER compares the files too"
    return [line]
