"""The stage graph on small graphs, and against brute force on random ones."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from gatewright.engine import pack_loader, stages

PACK = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")
Needs = Mapping[str, Sequence[str]]
DIAMOND: Needs = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c", "a"]}


def reach(needs: Needs, gate: str) -> set[str]:
    return set().union(*({needed} | reach(needs, needed) for needed in needs[gate]))


def random_dags(count: int) -> list[Needs]:
    rng = random.Random(7)
    names = "abcdefg"
    return [
        {name: [other for other in names[:number] if rng.random() < rng.random()] for number, name in enumerate(names)}
        for _ in range(count)
    ]


def test_the_graph_of_a_pack_has_an_edge_for_each_need():
    assert set(stages.of_pack(PACK).edges) == {(needed, gate.id) for gate in PACK.gates for needed in gate.needs}


def test_a_gate_that_needs_nothing_is_in_the_graph_too():
    assert set(stages.graph({"a": [], "b": []}).nodes) == {"a", "b"}


def test_the_shipped_pack_has_no_cycle():
    assert stages.cycles(stages.of_pack(PACK)) == []


def test_every_cycle_is_found_once():
    needs = {"a": ["b"], "b": ["a"], "c": ["c"], "d": ["e"], "e": ["f"], "f": ["d"], "g": ["a"]}
    assert stages.cycles(stages.graph(needs)) == [["a", "b"], ["c"], ["d", "e", "f"]]


def test_ancestors_are_what_a_gate_needs_directly_or_through_others():
    assert stages.ancestors(stages.graph(DIAMOND), "d") == {"a", "b", "c"}
    assert stages.ancestors(stages.graph(DIAMOND), "a") == set()


@pytest.mark.parametrize("needs", random_dags(40))
def test_ancestors_are_those_that_brute_force_finds(needs: Needs):
    assert {gate: stages.ancestors(stages.graph(needs), gate) for gate in needs} == {gate: reach(needs, gate) for gate in needs}


def test_the_default_order_turns_nothing_round():
    assert stages.turned_round(stages.of_pack(PACK), PACK.order) == []


def test_each_dependency_that_an_order_turns_round_is_named_even_an_indirect_one():
    assert stages.turned_round(stages.graph({"a": [], "b": ["a"], "c": ["b"]}), ["c", "a", "b"]) == [("c", "a"), ("c", "b")]


@pytest.mark.parametrize("needs", random_dags(40))
def test_an_order_turns_round_what_brute_force_finds(needs: Needs):
    order = random.Random(str(needs)).sample(sorted(needs), len(needs))
    wanted = [
        (gate, needed)
        for gate, needed in itertools.product(order, order)
        if needed in reach(needs, gate) and order.index(needed) > order.index(gate)
    ]
    assert stages.turned_round(stages.graph(needs), order) == wanted


def test_the_picture_leaves_out_what_a_longer_path_says():
    assert stages.shortest(stages.graph(DIAMOND)) == [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]


@pytest.mark.parametrize("needs", random_dags(40))
def test_the_picture_has_the_fewest_edges_that_keep_every_path(needs: Needs):
    edges = stages.shortest(stages.graph(needs))
    drawn = {gate: [needed for needed, other in edges if other == gate] for gate in needs}
    assert all(reach(drawn, gate) == reach(needs, gate) for gate in needs)
    for edge in edges:  # without any one of them a path is lost
        less = {gate: [needed for needed in drawn[gate] if (needed, gate) != edge] for gate in needs}
        assert reach(less, edge[1]) != reach(needs, edge[1])


def test_the_picture_is_in_the_order_of_the_graph():
    edges = stages.shortest(stages.of_pack(PACK))
    order = list(PACK.order)
    assert [order.index(gate) for _, gate in edges] == sorted(order.index(gate) for _, gate in edges)
