"""DOT, for graphviz: an explanation as boxes, the subject on top."""

from __future__ import annotations

from typing import Any

from ...engine.steps import Step
from ...engine.verdict import Verdict
from .. import safe
from .picture import TONES, Box, box, numbered

_HEAD = """digraph explanation {
  graph [bgcolor="transparent", rankdir="TB", nodesep="0.25", ranksep="0.35"]
  node [shape="box", style="rounded,filled", fontname="Helvetica,Arial,sans-serif", fontsize="11", margin="0.15,0.08"]
  edge [color="#848d97", arrowsize="0.7"]"""


def explain(verdict: Verdict, step: Step, *more: Any) -> str:
    """The explanation as a graph; an arrow goes from each box to what it stands on."""
    boxes, arrows = numbered(box(step))
    lines = [_HEAD]
    for number, one in enumerate(boxes):
        fill, line, text = TONES[one.tone]
        lines.append(f'  n{number} [label="{_label(one)}", fillcolor="{fill}", color="{line}", fontcolor="{text}"]')
    lines += [f"  n{above} -> n{below}" for above, below in arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _label(one: Box) -> str:
    end = r"\l" if one.facts else r"\n"  # facts begin at the left, all else is centred
    return end.join(map(safe.dot, one.lines)) + (end if one.facts else "")
