"""An explanation as a tree of steps, and what can be asked of one: its faults, a shorter form, what would mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Literal

from .errors import Place

Kind = Literal[
    "gate", "entry", "criterion", "table", "row", "recommendation", "signal", "antipattern", "item", "any", "all", "fact"
]
Key = tuple[str, str, Place | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: what it is about, how it stands, and what it stands on.

    `good` where it is as what stands on it needs it (there a signal may well *not* hold). Where it is not good, all the
    steps below it that are not good have to change, or, with `either`, one of them. `any` and `all` are such groups
    without a name of their own.
    Of a fact, `within` names its record, `value` what is written, `place` where, `limits` what it was measured against,
    `how` how to mend it; `fault` where it has to change, or else the fact `also` that it does not fit.
    `held` counts the steps that `short` has left out because they hold, `cut` the facts that `until` has left out because
    they are too far down.
    """

    kind: Kind
    id: str
    title: str
    status: str
    says: str = ""
    value: str = ""
    within: str = ""
    place: Place | None = None
    how: str = ""
    good: bool = False
    either: bool = False
    fault: bool = False
    also: str = ""
    limits: tuple[str, ...] = ()
    held: int = 0
    cut: int = 0
    children: tuple[Step, ...] = ()


def faults(step: Step) -> Iterator[Step]:
    """The facts below a step that have to change, or of which some have to."""
    if step.fault:
        yield step
    for child in step.children:
        if not child.good:
            yield from faults(child)


def about(fact: str, path: str) -> bool:
    """Whether what is told of `fact` is told of `path`: of the fact itself, a field of its records, or the list it is in."""
    return fact == path or fact.startswith(f"{path}[]") or path.startswith(f"{fact}[]")


def mends(step: Step, facts: Set[Key], trees: Mapping[str, Step]) -> bool:
    """Whether these facts, put right, are all that a step still needs. `trees` explain the criteria that it asks for."""
    if step.kind == "fact":
        return key(step) in facts or (bool(step.also) and any(path == step.also for path, _, _ in facts))
    if step.good:
        return True
    if step.kind == "criterion" and not step.children:
        return step.id in trees and bool(trees[step.id].children) and mends(trees[step.id], facts, trees)
    parts = [child for child in step.children if not child.good and (child.kind != "fact" or child.fault)]
    return bool(parts) and (any if step.either else all)(mends(part, facts, trees) for part in parts)


def short(step: Step) -> Step:
    """The same without what holds, which is only counted; of a gate that passed, its criteria without their facts."""
    if step.good:
        return until(step, 1) if step.kind == "gate" else step
    if step.kind == "recommendation":  # its signal is what it stands on, whichever way that stands
        return step
    kept = [child for child in step.children if not child.good or child.kind == "recommendation"]
    needed = {key(child) for child in kept if child.fault}
    if needed:  # facts that are as they should be explain nothing beside those that are not
        kept = [child for child in kept if child.kind != "fact" or child.fault]
    if needed and not step.either:  # and what these facts mend besides is not told twice
        kept = [child for child in kept if child.good or child.kind == "fact" or not mends(child, needed, {})]
    held = sum(child.good and child.kind not in ("fact", "recommendation") for child in step.children)
    return replace(step, children=tuple(map(short, kept)), held=held)


def until(step: Step, depth: int) -> Step:
    """The same down to `depth` levels below it; the facts further down are only counted."""
    if depth > 0 or not step.children:
        return replace(step, children=tuple(until(child, depth - 1) for child in step.children))
    return replace(step, children=(), cut=sum(one.kind == "fact" for one in walk(step)))


def key(fact: Step) -> Key:
    """What tells one fact from another: path and record. Records without a name are told apart by their place."""
    return fact.id, fact.within, fact.place if "[]" in fact.id and not fact.within else None


def walk(step: Step) -> Iterator[Step]:
    """The step and every step below it."""
    yield step
    for child in step.children:
        yield from walk(child)
