"""An explanation as boxes and arrows, for the formats that draw one. Facts of one step share a box, so that it stays narrow."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ...engine.errors import short
from ...engine.steps import Step

Tone = Literal["good", "bad", "open", "plain"]

# Fill, line, text: dark on light, so that they can be read on a dark page too.
TONES: dict[Tone, tuple[str, str, str]] = {
    "good": ("#dafbe1", "#1a7f37", "#1f2328"),
    "bad": ("#ffebe9", "#cf222e", "#1f2328"),
    "open": ("#fff8c5", "#9a6700", "#1f2328"),
    "plain": ("#f6f8fa", "#59636e", "#1f2328"),
}
_WIDEST, _MOST_FACTS, _LONGEST_VALUE = 34, 6, 28
_SAYS = {
    "unmet": "does not hold",
    "unknown": "cannot be judged yet",
    "met": "holds",
    "assumed": "holds by assumption",
    "waived": "holds by waiver",
    "reordered": "set aside",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its lines, its tone, whether it holds facts, and the boxes that it stands on."""

    lines: tuple[str, ...]
    tone: Tone
    facts: bool
    below: tuple[Box, ...]


def box(step: Step) -> Box:
    """The box of a step, and those below it."""
    facts = [child for child in step.children if child.kind == "fact"]
    below = [box(child) for child in step.children if child.kind != "fact"]
    if facts:
        below.insert(0, _facts(facts))
    if step.cut:
        below.append(Box((f"... {step.cut} fact{'s' if step.cut > 1 else ''} below",), "plain", True, ()))
    return Box(tuple(_lines(step)), _tone(step), False, tuple(below))


def numbered(root: Box) -> tuple[list[Box], list[tuple[int, int]]]:
    """Every box, the upper ones first, and the arrows between their numbers."""
    boxes: list[Box] = []
    arrows: list[tuple[int, int]] = []
    todo: list[tuple[int, Box]] = [(-1, root)]
    for above, one in todo:
        arrows += [(above, len(boxes))] if boxes else []
        todo += [(len(boxes), child) for child in one.below]
        boxes.append(one)
    return boxes, arrows


def _tone(step: Step) -> Tone:
    if step.good:
        return "good"
    if step.kind in ("any", "all") or step.status in ("waiting", "stated"):
        return "plain"
    return "open" if step.status in ("unknown", "missing", "placeholder", "invalid", "stale") else "bad"


def _lines(step: Step) -> Iterator[str]:
    if step.kind == "gate":
        yield from (*step.title.split(", "), step.status)
    elif step.kind in ("any", "all"):
        yield "one of these" if step.kind == "any" else "all of these"
    else:
        title = f"{step.title} ({step.value})" if step.value and step.kind == "recommendation" else step.title
        said = step.says if step.kind == "table" and step.says else _SAYS.get(step.status, step.status)
        yield from textwrap.wrap(short(title, 4 * _WIDEST), _WIDEST, break_on_hyphens=False)
        yield from textwrap.wrap(said, _WIDEST)
        if step.either and sum(not child.good for child in step.children) > 1:
            yield "(one of these is enough)"


def _facts(facts: Sequence[Step]) -> Box:
    shown = [line for fact in facts[:_MOST_FACTS] for line in _fact(fact)]
    if len(facts) > _MOST_FACTS:
        shown.append(f"and {len(facts) - _MOST_FACTS} more")
    tones = {_tone(fact) if fact.fault or fact.good else "plain" for fact in facts}
    worst: Tone = next(tone for tone in ("bad", "open", "good", "plain") if tone in tones)
    return Box(tuple(shown), worst, True, ())


def _fact(fact: Step) -> Iterator[str]:
    name = fact.id + (f" of {short(fact.within, _LONGEST_VALUE)}" if fact.within else "")
    yield name
    yield f"   {short(fact.value, _LONGEST_VALUE)}" if fact.value else f"   {fact.says or fact.status}"
