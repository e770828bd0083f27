"""Whether a decision record is true."""

from __future__ import annotations

from ....engine.record import Difference
from ... import safe
from ...answers import Verified
from ..waived import approved, waived
from . import words

_MOST = 12  # differences that are shown: after them a change of the pack would fill the screen


def verify(found: Verified) -> str:
    """True or not, with the reasons and the verdict that it records."""
    record, file = safe.terminal(found.record), safe.terminal(found.verdict.facts.file)
    if found.true:
        passed = f"{words.delivery(found.verdict)} {'PASSED' if found.verdict.passed else 'is BLOCKED'}"
        lines = [f"TRUE: {record} says what judging {file} again gives", "", f"  {passed}, judged by the day {found.today}"]
        lines += [
            f"  {one.criterion.criterion.text}  {approved(found.verdict.waivers, by)}"
            for one in waived(found.verdict)
            for by in one.by
        ]
        if found.now:
            day = found.now.facts.today.date
            lines.append(f"  and passes by the day {day} too" if found.now.passed else f"  but is BLOCKED by the day {day}")
        lines.append("  signed with the key that was given" if found.signed else "  not signed: anyone could have written it")
    else:
        lines = [f"NOT TRUE: {record} is not what judging {file} gives", ""]
        lines += [f"  {safe.terminal(fault)}" for fault in found.faults]
        told = list(dict.fromkeys(_told(one) for one in found.differences))
        lines += [f"  {one}" for one in told[:_MOST]]
        more = len(told) - _MOST
        lines += [f"  and {words.plural(more, 'difference')} more"] if more > 0 else []
    if found.versions:
        lines += ["", "Judged by other versions then (as recorded, as here):"]
        lines += [f"  {_told(one)}" for one in found.versions]
    return "\n".join([*lines, "", *words.engine(found.verdict)]) + "\n"


def _told(one: Difference) -> str:
    place = safe.terminal(one.path.removeprefix("predicate."))
    if one.path.startswith(("subject.1.digest", "predicate.gatewright.facts.digest")):
        return "it is about another file than this, or the file was changed"
    if one.path.startswith("predicate.gatewright.waivers.digest"):
        return "it was judged with other waivers than these, or the file was changed"
    if one.path.startswith(("predicate.policy.", "predicate.gatewright.pack.")):
        return "it was judged by another pack than this, or the pack was changed"
    return f"{place}: {safe.terminal(one.recorded) or 'nothing'} in the record, {safe.terminal(one.found) or 'nothing'} now"
