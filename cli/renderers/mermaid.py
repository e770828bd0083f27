"""Mermaid: the stage graph and explanations as flowcharts that code hosts draw in Markdown."""

from __future__ import annotations

from typing import Any

from ...engine.steps import Step
from ...engine.verdict import Verdict
from .. import safe
from ..answers import StageGraph
from .picture import TONES, box, numbered

_CLASSES = {
    "passed": "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "blocked": "fill:#ffebe9,stroke:#cf222e,color:#1f2328",
    "waiting": "fill:#f6f8fa,stroke:#59636e,color:#1f2328",
}


def graph(found: StageGraph) -> str:
    """The stage graph; gates carry their status where a fact file was given."""
    lines = ["flowchart TD"]
    for name in found.order:
        gate = found.pack.gates_by_id[name]
        status = found.statuses.get(name, "")
        label = f"{gate.stage}. {gate.title}" + (f" ({status})" if status else "")
        lines.append(f'  g{gate.stage}["{safe.mermaid(label)}"]')
    stage = {gate.id: gate.stage for gate in found.pack.gates}
    turned = {(needed, gate) for gate, needed in found.turned_round}
    lines += [f"  g{stage[needed]} --> g{stage[gate]}" for needed, gate in found.edges if (needed, gate) not in turned]
    lines += [f"  g{stage[needed]} -. turned round .-> g{stage[gate]}" for gate, needed in found.turned_round]
    for status, style in _CLASSES.items():
        named = [f"g{stage[gate]}" for gate in found.order if found.statuses.get(gate) == status]
        if named:
            lines += [f"  classDef {status} {style}", f"  class {','.join(named)} {status}"]
    return "\n".join(lines) + "\n"


def explain(verdict: Verdict, step: Step, *more: Any) -> str:
    """An explanation; an arrow goes from each box to what it stands on."""
    boxes, arrows = numbered(box(step))
    lines = ["flowchart TD"]
    for number, one in enumerate(boxes):
        lines.append(f'  n{number}["{"<br/>".join(map(safe.mermaid, one.lines))}"]')
    lines += [f"  n{above} --> n{below}" for above, below in arrows]
    for tone, (fill, line, text) in TONES.items():
        named = [f"n{number}" for number, one in enumerate(boxes) if one.tone == tone]
        if named:
            style = f"fill:{fill},stroke:{line},color:{text}"
            lines += [f"  classDef {tone} {style}", f"  class {','.join(named)} {tone}"]
    return "\n".join(lines) + "\n"
