"""Conditions that add nothing: met by every value, implied by the others, or an alternative that is never needed."""

from __future__ import annotations

from collections.abc import Iterator

from ..pack_conditions import Leaf
from .subject import Asked, Finding, Subject, shown


def check(subject: Subject) -> Iterator[Finding]:
    """Conditions without which nothing would be judged otherwise."""
    for kind, parts in subject.groups():
        usable: list[Asked] = []
        for part in parts:
            if subject.is_told(part.location) or not subject.can((part.yes,)) or subject.stands_on_broken(part.condition):
                continue  # there is something else wrong with it
            found = list(_never_unmet(subject, part))
            yield from found
            usable += [] if found else [part]
        if kind == "all" and not subject.can(*((part.yes,) for part in parts)):
            continue  # what can't be met implies everything, and is told already
        left = list(usable)
        for part in reversed(usable):
            others = [one for one in left if one is not part]
            if others and _adds_nothing(subject, kind, part, others):
                left = others
                yield _finding(subject, kind, part, others)


def _never_unmet(subject: Subject, part: Asked) -> Iterator[Finding]:
    condition = part.condition
    if isinstance(condition, Leaf) and condition.operator != "stated" and not subject.can((part.no,)):
        what = f"no value contradicts {shown(condition)}, so it asks no more than that the fact is stated"
        yield subject.finding("never-unmet", part.location, what, _met(subject, part))
    kind, under = subject.parts(condition, part.location)
    if kind == "any" and under and all(subject.can((one.no,)) for one in under) and not subject.can(*((o.no,) for o in under)):
        what = "one of these alternatives always holds, so the `any` asks nothing"
        yield subject.finding("never-unmet", part.location, what, _met(subject, part), "take the `any` out, or an alternative")


def _met(subject: Subject, part: Asked) -> dict[str, object]:
    return dict(subject.witness((part.yes,)) or {})


def _adds_nothing(subject: Subject, kind: str, part: Asked, others: list[Asked]) -> bool:
    """Whether `all` or `any` of the others is answered the same, in every delivery."""
    places = set(subject.solver.places([(part.yes,)]))
    if places.isdisjoint(subject.solver.places([(one.yes,) for one in others])):
        return False
    if kind == "all":
        return not subject.can(part.not_yes, *((one.yes,) for one in others)) and not subject.can(
            (part.no,), *(one.not_no for one in others)
        )
    return not subject.can((part.yes,), *(one.not_yes for one in others)) and not subject.can(
        part.not_no, *((one.no,) for one in others)
    )


def _finding(subject: Subject, kind: str, part: Asked, others: list[Asked]) -> Finding:
    one = next((one for one in others if _adds_nothing(subject, kind, part, [one])), None)
    whose = f"{shown(one.condition)} {subject.at(one.location)}" if one else "the other conditions together"
    if kind == "all":
        what = f"{shown(part.condition)} is implied: it holds wherever {whose} {'does' if one else 'do'}"
        witness = subject.witness((part.yes,), *((other.yes,) for other in ([one] if one else others)))
        return subject.finding("implied-condition", part.location, what, witness)
    what = f"{shown(part.condition)} adds nothing: wherever it holds, {whose} {'does' if one else 'do'} too"
    return subject.finding("idle-alternative", part.location, what, _met(subject, part))
