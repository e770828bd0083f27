"""What the criteria say towards each clause of a standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import words

if TYPE_CHECKING:  # only who asks for a crosswalk pays for it
    from ....engine.crosswalk import Clause, Coverage, Spoken

_WIDE = 110


def crosswalk(found: Coverage) -> str:
    """Each clause with its criteria, their status and the confidence of the mapping; how many are met; and what that is not."""
    standard = found.standard
    wide = max(len(clause.id) for clause in found.clauses)
    lines = [f"Crosswalk {standard.id}: {standard.title} ({standard.version})", ""]
    for clause in found.clauses:
        status = f"{clause.status} (low)" if clause.weak else clause.status
        lines += [f"  {status:<11}  {clause.id:<{wide}}  {clause.name}", *_criteria(clause, wide)]
    lines += ["", *_folded(_summary(found))]
    if standard.note:
        lines += _folded(standard.note)
    return "\n".join([*lines, *_folded(found.judgement), f"Source: {standard.source} ({standard.digest[7:19]})"]) + "\n"


def _folded(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, _WIDE, break_long_words=False, break_on_hyphens=False)


def _criteria(clause: Clause, wide: int) -> list[str]:
    """The criteria side by side, each whole on one line."""
    indent = " " * (wide + 17)
    lines: list[str] = []
    for said in map(_spoken, clause.criteria):
        if lines and len(lines[-1]) + len(said) + 2 <= _WIDE:
            lines[-1] += f", {said}"
        else:
            lines.append(indent + said)
    return lines or [f"{indent}no criterion of this pack speaks to it"]


def _spoken(one: Spoken) -> str:
    return f"{one.found.criterion.id} {one.found.status} ({one.confidence})"


def _summary(found: Coverage) -> str:
    counts = found.counts
    given, weak = sum(clause.given for clause in found.clauses), sum(clause.weak for clause in found.clauses)
    also = [f"{given} by an assumption or a waiver"] * bool(given) + [f"{weak} with low confidence alone"] * bool(weak)
    met = f"{counts['met']} of {words.plural(len(found.clauses), 'clause')}: every mapped criterion holds"
    met += f" ({', '.join(also)})" * bool(also)
    return f"{met}; {counts['partly']} partly, {counts['not met']} not met, {counts['no evidence']} without evidence."
