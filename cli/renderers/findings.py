"""What a code scanner would report: each thing to look at once, with its rule, level, place and words.

SARIF, GitHub, GitLab and the job summary are written from these. The sentences are those of the text answers.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ...engine.errors import Place, Problem
from ...engine.verdict import CriterionVerdict, GateVerdict, Missing, Verdict
from .. import safe
from . import sentences, waived
from .text import words

if TYPE_CHECKING:
    from ..answers import Checked

Level = Literal["error", "warning", "note"]  # blocks now; blocks later; is to be known
HOLDING = ("met", "assumed", "waived", "reordered")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `rule` is what it breaks, `title` the rule in words, `says` what is so, `mend` what to do.

    `identity` stays the same when lines move and values change, and no two findings of a report share one.
    `waived` says who let it pass, until when and why, and `waivers` at which places of the waivers file.
    """

    rule: str
    title: str
    level: Level
    says: str
    mend: str
    file: str
    place: Place | None
    identity: str = ""
    waived: str = ""
    waivers: tuple[Place, ...] = ()


def of_verdict(verdict: Verdict) -> list[Finding]:
    """Everything that keeps a delivery from passing, now or later, and what is assumed, waived, departed from or turned round."""
    file = verdict.facts.file
    waiting = any(gate.status == "waiting" for gate in verdict.gates)
    found = [*_problems(file, verdict.facts.problems), *_waivers(verdict), *_gates(verdict)]
    for present in verdict.antipatterns:
        pattern = present.pattern
        place = next((look.place for look in present.because), None)
        level: Level = "warning" if waiting else "error"
        says = f"An anti-pattern is there: {safe.terminal(pattern.text)}"
        found.append(_finding(f"antipattern.{pattern.id}", pattern.text, level, says, pattern.mend, file, place))
    for one in verdict.assumptions:
        says = (
            f"`{one.fact}` is assumed to be {words.quoted(one.value)} by {words.quoted(one.owner)}: {safe.terminal(one.reason)}"
        )
        mend = "Confirm it by stating the fact, or correct it."
        found.append(
            _finding("delivery.assumption", "An assumption, to be confirmed", "note", says, mend, file, one.place, one.fact)
        )
    sequence = verdict.facts.sequence
    for gate, needed in verdict.turned_round if sequence else ():
        says = f"{gate} comes before {needed}, which it needs"
        mend = "Leave `sequence` out to have the gates in their own order."
        place = sequence.place if sequence else None
        found.append(_finding("delivery.sequence", "Another order of the gates", "note", says, mend, file, place, gate, needed))
    for one in verdict.pack.departures:
        says = f"The pack asks for less than the one it extends: {one.what}, because: {one.because}"
        found.append(_finding("pack.departure", "A departure of the pack", "note", says, "", file, None, one.what))
    return _identified(found)


def of_files(files: Iterable[Checked]) -> list[Finding]:
    """Every problem of every file."""
    return _identified(problem for one in files for problem in _problems(one.file, one.problems))


def of_problems(file: str, problems: Sequence[Problem]) -> list[Finding]:
    """Why nothing could be judged, as far as it is about a file."""
    return _identified(one for one in _problems(file, problems) if one.file)


def _problems(file: str, problems: Iterable[Problem]) -> Iterator[Finding]:
    for one in problems:
        title = f"A problem of the file: {one.code}"
        mend = one.help[:1].upper() + one.help[1:]
        yield _finding(f"file.{one.code}", title, "error", one.what, mend, one.file or file, one.place, one.what)


def _waivers(verdict: Verdict) -> Iterator[Finding]:
    """What is wrong with the waivers, and those that nothing needs."""
    waivers, title = verdict.waivers, "A waiver that counts for nothing"
    for one in waivers.every_problem:
        mend = one.help[:1].upper() + one.help[1:]
        yield _finding(f"waivers.{one.code}", title, "warning", one.what, mend, waivers.file, one.place, one.what)
    for one in waived.not_needed(verdict):
        says = f"The waiver of {words.quoted(one.name)} is not needed: nothing has to be waived"
        yield _finding(
            "waivers.not-needed", "A waiver that nothing needs", "note", says, "Take it out.", waivers.file, one.place, one.name
        )


def _gates(verdict: Verdict) -> Iterator[Finding]:
    for gate in verdict.gates:
        level: Level = "error" if gate.status == "blocked" else "warning"
        for criterion in (gate.entry, *gate.exit):
            own = [one for one in verdict.missing if (one.gate, one.criterion) == (gate.gate.id, criterion.criterion.id)]
            passes = criterion.status == "waived"
            for one in own:
                yield _missing(verdict, gate, criterion, one, "note" if passes else level)
            # Its facts may all be listed by an earlier gate; what blocks now is told nonetheless.
            if passes and not own:
                yield _criterion(verdict, gate, criterion, "note")
            elif criterion.status not in HOLDING and gate.status == "blocked" and not own:
                yield _criterion(verdict, gate, criterion, "error")


def _missing(verdict: Verdict, gate: GateVerdict, criterion: CriterionVerdict, one: Missing, level: Level) -> Finding:
    says = words.fact(one.fact, one.within, one.shown, one.says)
    found = _finding(*_rule(gate, criterion), level, says, one.how, verdict.facts.file, one.place, one.fact, one.within)
    return _let_pass(verdict, criterion, found)


def _criterion(verdict: Verdict, gate: GateVerdict, criterion: CriterionVerdict, level: Level) -> Finding:
    looks = criterion.because
    said = "; ".join(words.fact(look.fact, look.within, look.shown, look.says) for look in looks[:3])
    more = f" and {words.plural(len(looks) - 3, 'fact')} more" if len(looks) > 3 else ""
    says = f"{safe.terminal(criterion.criterion.text)} ({criterion.status})" + (f": {said}{more}" if said else "")
    place = looks[0].place if looks else None
    found = _finding(*_rule(gate, criterion), level, says, criterion.criterion.mend, verdict.facts.file, place)
    return _let_pass(verdict, criterion, found)


def _let_pass(verdict: Verdict, criterion: CriterionVerdict, found: Finding) -> Finding:
    """What is found with a criterion, and by whom it was let pass."""
    by = verdict.waivers.of(criterion.criterion.id) if criterion.status == "waived" else ()
    told = [waived.approved(verdict.waivers, one) for one in by]
    return replace(found, waived="; ".join(told)[:1].upper() + "; ".join(told)[1:], waivers=tuple(one.place for one in by))


def _rule(gate: GateVerdict, criterion: CriterionVerdict) -> tuple[str, str]:
    return f"{gate.gate.id}.{criterion.criterion.id}", f"Gate {gate.gate.stage}, {gate.gate.id}: {criterion.criterion.text}"


def _finding(
    rule: str, title: str, level: Level, says: str, mend: str, file: str, place: Place | None, *identity: str
) -> Finding:
    key = json.dumps([rule, path(file), *identity])
    return Finding(rule, safe.terminal(title), level, safe.terminal(says), safe.terminal(mend), file, place, key)


def _identified(found: Iterable[Finding]) -> list[Finding]:
    """The findings with digests for identities; of equal ones, which differ by their place alone, each with its number."""
    seen: Counter[str] = Counter()
    done: list[Finding] = []
    for one in found:
        seen[one.identity] += 1
        text = f"{one.identity} {seen[one.identity]}"
        done.append(replace(one, identity=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]))
    return done


def path(file: str) -> str:
    """The name of a file as other programs look for it: from the working directory where it lies below, with `/`."""
    if file == "<stdin>":
        return file
    name = os.path.normpath(file)
    if os.path.isabs(name) and not os.path.relpath(name).startswith(".."):
        name = os.path.relpath(name)
    return name.replace(os.sep, "/")


def headline(verdict: Verdict) -> str:
    """The verdict in one line."""
    return f"{words.delivery(verdict)}: {sentences.standing(verdict)}"


def counted(files: Sequence[Checked]) -> str:
    """What `validate` found, in one line."""
    unreadable, wrong = sum(one.unreadable for one in files), sum(bool(one.problems) for one in files)
    problems = sum(len(one.problems) for one in files)
    if not wrong:
        return f"{words.plural(len(files), 'fact file')}: valid"
    judged = f", {unreadable} of them can't be judged" if unreadable else ""
    return f"{wrong} of {words.plural(len(files), 'fact file')} with problems: {words.plural(problems, 'problem')}{judged}"
