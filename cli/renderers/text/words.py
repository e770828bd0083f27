"""What the text answers share: names, facts, places and the last line, in the same words everywhere."""

from __future__ import annotations

from ....engine.conditions import Look
from ....engine.facts import named
from ....engine.pack import Pack
from ....engine.verdict import Missing, Recommendation, Verdict
from ... import safe
from .problems import where


def quoted(text: str) -> str:
    return f"`{safe.terminal(text)}`"


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def delivery(verdict: Verdict) -> str:
    """The name of what is delivered: the first two facts of the vocabulary, or the file."""
    return safe.terminal(" ".join(named(verdict.facts, verdict.pack)) or verdict.facts.file)


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
    return [*_evidence(verdict), *_waivers(verdict), f"{digests}, derived by {engine.name}{checked}", *departures(pack)]


def departures(pack: Pack) -> list[str]:
    """The packs below, and what of them is dropped or loosened."""
    if not pack.extends:
        return []
    below = ", which extends ".join(f"{base.id} {base.version} ({base.digest[7:19]})" for base in pack.extends)
    if not pack.departures:
        return [f"It extends {below}, and drops and loosens nothing of it"]
    told = [f"  {safe.terminal(one.what)}, because: {safe.terminal(one.because)}" for one in pack.departures]
    return [f"It extends {below}. DEPARTURES from it:", *told]


def by_waiver(verdict: Verdict) -> str:
    """What a sentence that says `passed` has to add where something holds by waiver alone."""
    count = len(verdict.waived)
    return f", {plural(count, 'criterion', 'criteria')} by waiver alone" if count else ""


def _waivers(verdict: Verdict) -> list[str]:
    """What became of the waivers that were given."""
    waivers = verdict.waivers
    if not waivers.file:
        return []
    needed = [one for one in waivers.given if verdict.waives(one)]
    states = [one.state for one in waivers.given]
    counts = [
        (len(needed), "counts", "count"),
        (states.count("counts") - len(needed), "is not needed", "are not needed"),
        (states.count("elsewhere"), "is for another delivery", "are for other deliveries"),
        (states.count("void"), "counts for nothing", "count for nothing"),
    ]
    told = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    wrong = [plural(len(waivers.problems), "problem")] if waivers.problems else []
    return [f"Waivers of {safe.terminal(waivers.file)}: {', '.join(told + wrong) or 'none'}"]


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
