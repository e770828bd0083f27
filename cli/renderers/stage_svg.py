"""The stage graph as a picture: SVG for an HTML page, which gives it its colours; alone it is drawn light.

Each gate has a row, in the order that gates are judged in. An arrow to the next row goes straight, a longer one
passes on the right, and what another order turns round goes up on the left, dashed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from ...engine.errors import short
from .. import safe
from ..answers import StageGraph
from .page import text

_BOX, _LINE, _PAD, _GAP, _LANE, _EDGE = 520, 20, 9, 18, 16, 3  # pixels of the viewBox
_TITLE, _MOST = 50, 120  # columns of a line of a title, and characters of the whole
# The colours of a status: line and ground, as page.css names them, with those of a light page behind.
_TONES = {
    "passed": ("var(--good,#14693a)", "var(--good-soft,#e3f4e9)"),
    "blocked": ("var(--bad,#a8201a)", "var(--bad-soft,#fdeceb)"),
    "waived": ("var(--given,#5b3b9e)", "var(--given-soft,#f1ebfb)"),
}
_PLAIN = ("var(--wait,#4c5666)", "var(--wait-soft,#eceef2)")
_INK, _LINES = "var(--ink,#1b1f26)", "var(--muted,#566070)"
_FONT = 'font-family="system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Liberation Sans,sans-serif" font-size="14"'

Arrow = tuple[int, int]  # the rows that it leaves and reaches


def draw(found: StageGraph) -> str:
    """The stage graph as one `<svg>` element, with a title and a description for those who don't see it."""
    row = {gate: number for number, gate in enumerate(found.order)}
    turned = [(row[needed], row[gate]) for gate, needed in found.turned_round]
    arrows = [one for needed, gate in found.edges if (one := (row[needed], row[gate])) not in turned]
    passing = _lanes(arrow for arrow in arrows if arrow[1] != arrow[0] + 1)
    back = _lanes(turned)
    left = _EDGE + _LANE * (max(back.values(), default=-1) + 1)
    right = left + _BOX
    boxes: list[str] = []
    rows: list[tuple[int, int]] = []
    top = _EDGE
    for gate in found.order:
        height, drawn = _box(found, gate, left, top)
        boxes.append(drawn)
        rows.append((top, top + height))
        top += height + _GAP
    lines = [_straight(rows[start][1], rows[end][0], left + 24) for start, end in arrows if end == start + 1]
    lines += [_round(rows, arrow, right, right + _LANE * (lane + 1)) for arrow, lane in passing.items()]
    lines += [_round(rows, arrow, left, left - _LANE * (lane + 1), dashed=True) for arrow, lane in back.items()]
    width = right + _EDGE + _LANE * (max(passing.values(), default=-1) + 1)
    height = top - _GAP + _EDGE
    return "\n".join(
        [
            f'<svg class="stages" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" {_FONT}>',
            f"<title>The stages of {text(found.pack.title)}</title>",
            f"<desc>{text(' '.join(told(found)))}</desc>",
            *lines,
            *boxes,
            "</svg>",
        ]
    )


def told(found: StageGraph) -> Iterable[str]:
    """The picture in sentences: each gate with its status and the gates whose arrows reach it."""
    stage = {gate.id: gate.stage for gate in found.pack.gates}
    turned = {(needed, gate) for gate, needed in found.turned_round}
    for name in found.order:
        gate = found.pack.gates_by_id[name]
        status = f", {found.statuses[name]}" if name in found.statuses else ""
        after = [str(stage[needed]) for needed, reached in found.edges if reached == name and (needed, reached) not in turned]
        before = [str(stage[needed]) for other, needed in found.turned_round if other == name]
        yield (
            f"Gate {gate.stage}: {short(gate.title, _MOST)}{status}"
            + (f", after gate {' and '.join(after)}" if after else "")
            + (f", before gate {' and '.join(before)}, which it needs" if before else "")
            + "."
        )


def _box(found: StageGraph, name: str, left: int, top: int) -> tuple[int, str]:
    """The height of the box of a gate, and the box."""
    gate = found.pack.gates_by_id[name]
    status = found.statuses.get(name, "")
    line, ground = _TONES.get(status, _PLAIN)
    titles = _wrapped(gate.title)
    height = _LINE * len(titles) + 2 * _PAD
    middle = top + height // 2 + 5
    drawn = [
        f'<g><rect x="{left}" y="{top}" width="{_BOX}" height="{height}" rx="6" style="fill:{ground};stroke:{line}"/>',
        f'<text x="{left + 24}" y="{middle}" text-anchor="middle" font-weight="700" style="fill:{line}">{gate.stage}</text>',
    ]
    first = top + _PAD + 15
    drawn += [
        f'<text x="{left + 46}" y="{first + _LINE * number}" style="fill:{_INK}">{text(title)}</text>'
        for number, title in enumerate(titles)
    ]
    if status:
        end = left + _BOX - 14
        drawn.append(
            f'<text x="{end}" y="{middle}" text-anchor="end" font-weight="600" style="fill:{line}">{text(status)}</text>'
        )
    return height, "".join(drawn) + "</g>"


def _wrapped(title: str) -> list[str]:
    title = short(safe.terminal(title), _MOST)
    # a letter of an East Asian script takes two columns
    return textwrap.wrap(title, _TITLE * len(title) // max(safe.width(title), 1)) or [""]


def _lanes(arrows: Iterable[Arrow]) -> dict[Arrow, int]:
    """A lane for each arrow, so that no two in one lane pass the same row; short ones keep close to the boxes."""
    found: dict[Arrow, int] = {}
    for arrow in sorted(arrows, key=lambda one: (abs(one[1] - one[0]), one)):
        taken = {lane for other, lane in found.items() if min(other) < max(arrow) and min(arrow) < max(other)}
        found[arrow] = next(lane for lane in range(len(found) + 1) if lane not in taken)
    return found


def _straight(start: int, end: int, x: int) -> str:
    return (
        f'<path d="M{x} {start}V{end - 6}" fill="none" stroke-width="1.5" style="stroke:{_LINES}"/>'
        f'<path d="M{x} {end}l-4 -7h8z" style="fill:{_LINES}"/>'
    )


def _round(rows: Sequence[tuple[int, int]], arrow: Arrow, side: int, lane: int, *, dashed: bool = False) -> str:
    """An arrow that leaves a box at its side, and reaches the other at the same side."""
    start, end = (sum(rows[number]) // 2 + shift for number, shift in zip(arrow, (5, -5), strict=True))
    out = 7 if lane > side else -7
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<path d="M{side} {start}H{lane}V{end}H{side + out}" fill="none" stroke-width="1.5" stroke-linejoin="round"{dash} '
        f'style="stroke:{_LINES}"/><path d="M{side} {end}l{out} -4v8z" style="fill:{_LINES}"/>'
    )
