"""Mermaid: the stage graph as a flowchart that code hosts draw in Markdown."""

from __future__ import annotations

from .. import safe
from ..answers import StageGraph

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
