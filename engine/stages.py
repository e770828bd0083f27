"""The stage graph: order, cycles, ancestors. The only import of networkx, and so loaded only where it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import networkx as nx

from .pack import Pack


def graph(needs: Mapping[str, Sequence[str]]) -> nx.DiGraph[str]:
    """The graph with an edge from each needed gate to the gate that needs it."""
    found: nx.DiGraph[str] = nx.DiGraph()
    found.add_nodes_from(needs)
    found.add_edges_from((needed, gate) for gate, wanted in needs.items() for needed in wanted)
    return found


def of_pack(pack: Pack) -> nx.DiGraph[str]:
    """The stage graph of a pack."""
    return graph({gate.id: gate.needs for gate in pack.gates})


def cycles(found: nx.DiGraph[str]) -> list[list[str]]:
    """Every circle of gates that need each other."""
    return sorted(sorted(circle) for circle in nx.simple_cycles(found))


def ancestors(found: nx.DiGraph[str], gate: str) -> set[str]:
    """Every gate that `gate` needs, directly or through others."""
    return set(nx.ancestors(found, gate))  # pyright: ignore[reportUnknownMemberType]


def turned_round(found: nx.DiGraph[str], order: Sequence[str]) -> list[tuple[str, str]]:
    """Each (gate, needed gate) where the order puts the gate first."""
    position = {gate: number for number, gate in enumerate(order)}
    return [
        (gate, needed)
        for gate in order
        for needed in sorted(ancestors(found, gate), key=position.__getitem__)
        if position[needed] > position[gate]
    ]


def shortest(found: nx.DiGraph[str]) -> list[tuple[str, str]]:
    """The edges that a picture needs, (needed, gate): those that no longer path already says."""
    position = {gate: number for number, gate in enumerate(nx.lexicographical_topological_sort(found))}
    return sorted(nx.transitive_reduction(found).edges, key=lambda edge: (position[edge[1]], position[edge[0]]))
