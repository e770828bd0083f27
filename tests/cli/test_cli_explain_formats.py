"""`explain` for programs and as a picture: JSON has everything, DOT and Mermaid say what the text says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydot
import pytest

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated - use:DeprecationWarning")  # pydot's, when its parser is loaded
SUBJECTS = (
    "3",
    "7",
    "10",
    "promotion-policy",
    "drift-response/temporary-data-shift",
    "unstable-evaluation",
    "retraining-triggers",
)
HOSTILE = ('a"]; x -> y', 'a"; b', "\\", 'a\\"', "a\nb", "<b>&lt;&quot;", "{a|b}", "a --> b", "%%{init}%%", "#quot;", "\x1b[31m")


def steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step
    for below in step.get("because", []):
        yield from steps(below)


def facts(step: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted({(one["id"], one["in"]) for one in steps(step) if one["kind"] == "fact"})


# --- JSON


def test_json_tells_the_waiting_gate_and_the_one_that_truly_blocks(run: Any, examples: Any) -> None:
    tree = run("explain", examples / "demand-forecast.yaml", "10", "--format", "json").json["explanation"]
    gates = [(step["id"], step["status"]) for step in steps(tree) if step["kind"] == "gate"]
    assert gates[:2] == [("delivery-bundle", "waiting"), ("retraining-rollback", "blocked")]


def test_json_is_whole_with_and_without_all(run: Any, examples: Any) -> None:
    file = examples / "demand-forecast.yaml"
    assert run("explain", file, "7", "-f", "json") == run("explain", file, "7", "-f", "json", "--all")
    tree = run("explain", file, "7", "-f", "json").json["explanation"]
    assert ("retraining.rollback.rehearsed", "") in facts(tree)


def test_json_counts_what_a_depth_cuts(run: Any, examples: Any) -> None:
    tree = run("explain", examples / "demand-forecast.yaml", "7", "-f", "json", "--depth", "1").json["explanation"]
    assert {step["id"]: step.get("cut", 0) for step in tree["because"]}["rollback-validation"] == 4
    assert facts(tree) == []


def test_json_says_whether_it_holds_what_is_next_and_the_limits_that_were_measured_against(run: Any, examples: Any) -> None:
    answer = run("explain", examples / "demand-forecast.yaml", "temporary-data-shift", "-f", "json").json
    assert (answer["holds"], answer["next"]) == (False, None)
    limits = {limit["id"]: limit["value"] for step in steps(answer["explanation"]) for limit in step.get("limits", [])}
    assert limits["psi-major"] == 0.25
    gate = run("explain", examples / "demand-forecast.yaml", "9", "-f", "json").json
    assert (gate["holds"], gate["next"]["fact"]) == (False, "retraining.drift.response")


@pytest.mark.parametrize("subject", ["7", "retraining-triggers", "severe-quality-drift", "lineage-without-owners"])
def test_json_carries_the_proof_that_can_be_replayed(subject: str, run: Any, examples: Any) -> None:
    assert run("explain", examples / "demand-forecast.yaml", subject, "-f", "json").json["proof"]["nodes"]


# --- DOT, read by a real parser


def graph(text: str) -> tuple[list[Any], list[tuple[str, str]]]:
    found = pydot.graph_from_dot_data(text)
    assert found is not None
    [one] = found
    nodes = [node for node in one.get_nodes() if node.get_name().startswith("n") and node.get_name() != "node"]
    return nodes, [(edge.get_source(), edge.get_destination()) for edge in one.get_edges()]


def assert_tree(nodes: list[str], edges: list[tuple[str, str]]) -> None:
    """Every box but the first stands below exactly one other."""
    assert sorted(below for _, below in edges) == sorted(set(nodes) - {"n0"})
    assert {above for above, _ in edges} <= set(nodes)


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("more", [(), ("--all",), ("--depth", "1")], ids=" ".join)
def test_dot_is_one_tree_from_the_subject_down(subject: str, more: tuple[str, ...], run: Any, examples: Any) -> None:
    nodes, edges = graph(run("explain", examples / "made-with-ml.yaml", subject, "-f", "dot", *more).out)
    assert_tree([node.get_name() for node in nodes], edges)


def test_dot_names_every_fact_that_has_to_change(run: Any, examples: Any) -> None:
    out = run("explain", examples / "demand-forecast.yaml", "9", "-f", "dot").out
    nodes, _ = graph(out)
    [box] = [node for node in nodes if "retraining.drift.response" in node.get("label")]
    assert "retraining.drift.rationale" in box.get("label")
    assert "monitor-only" in box.get("label")


def test_dot_colours_by_status(run: Any, examples: Any) -> None:
    nodes, _ = graph(run("explain", examples / "made-with-ml.yaml", "3", "-f", "dot").out)
    fill = {node.get("label").split("\\n")[-1].strip('"'): node.get("fillcolor") for node in nodes}
    assert len({fill["does not hold"], fill["cannot be judged yet"]}) == 2


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_value_of_the_file_is_no_part_of_the_drawing(text: str, passing: dict[str, Any], write: Any, run: Any) -> None:
    plain = run("explain", write("a.json", passing), "3", "--all", "-f", "dot").out
    passing["training"]["orchestrator"] = passing["training"]["failure"]["handling"] = text
    name = write("a.json", passing)
    assert graph(run("explain", name, "3", "--all", "-f", "dot").out)[1] == graph(plain)[1]
    lines = run("explain", name, "3", "--all", "-f", "mermaid").out.split("\n")
    assert [line for line in lines if not MERMAID.fullmatch(line)] == []


# --- Mermaid: what is written is a small part of its language, and nothing else


MERMAID = re.compile(
    r'flowchart TD|  n\d+\["(?:[\w .,/()-]|<br/>|#\d+;)+"\]|  n\d+ --> n\d+|  classDef \w+ [\w:#,]+|  class n\d+(?:,n\d+)* \w+|'
)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_mermaid_is_one_tree_from_the_subject_down(subject: str, run: Any, examples: Any) -> None:
    out = run("explain", examples / "made-with-ml.yaml", subject, "-f", "mermaid", "--all").out
    assert [line for line in out.split("\n") if not MERMAID.fullmatch(line)] == []
    nodes = re.findall(r"^  (n\d+)\[", out, re.MULTILINE)
    assert_tree(nodes, re.findall(r"^  (n\d+) --> (n\d+)$", out, re.MULTILINE))


def test_mermaid_and_dot_draw_the_same_boxes(run: Any, examples: Path) -> None:
    file = examples / "demand-forecast.yaml"
    nodes, edges = graph(run("explain", file, "7", "-f", "dot").out)
    out = run("explain", file, "7", "-f", "mermaid").out
    assert len(re.findall(r"^  n\d+\[", out, re.MULTILINE)) == len(nodes)
    assert re.findall(r"^  (n\d+) --> (n\d+)$", out, re.MULTILINE) == edges


@pytest.mark.parametrize("format", ["mermaid", "dot"])
def test_what_can_not_be_judged_is_told_on_standard_error_in_every_format(format: str, write: Any, run: Any) -> None:
    ended = run("explain", write("a.json", '{"delivery": }'), "1", "-f", format)
    assert (ended.code, ended.out) == (2, "")
    assert "error[" in ended.err
