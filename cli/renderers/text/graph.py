"""The stage graph as a list."""

from __future__ import annotations

from ...answers import StageGraph
from . import words


def graph(found: StageGraph) -> str:
    """The gates in order with what each needs."""
    wide = max(len(gate) for gate in found.order)
    lines: list[str] = []
    for name in found.order:
        gate = found.pack.gates_by_id[name]
        needs = [needed for needed, into in found.edges if into == name]
        needs_text = f"needs {', '.join(needs)}" if needs else "begins"
        if len(gate.needs) > len(needs):
            needs_text += f" (and so all {len(gate.needs)} before it)"
        status = found.statuses.get(name, "")
        lines.append(f"{gate.stage:>4}  {name:<{wide}}  {status + '  ' if status else ''}{needs_text}")
    if found.verdict and found.verdict.facts.sequence:
        lines += ["", *words.sequence(found.verdict)[:-1]]
    if found.verdict and found.pack.extends:
        lines += ["", *words.departures(found.pack)]
    return "\n".join(lines) + "\n"
