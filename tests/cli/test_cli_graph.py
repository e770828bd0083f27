"""`graph`: the stages and how they depend on each other, as text, JSON and Mermaid."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def half(passing: dict[str, Any], write: Any) -> str:
    del passing["training"]["failure"]["alert"]
    return write("half.json", passing)


def test_the_text_shows_every_gate_in_order_with_what_it_needs(run: Any, gates: Any) -> None:
    lines = run("graph").out.rstrip("\n").split("\n")
    assert [line.split()[:2] for line in lines] == [[str(number), gate] for number, gate in enumerate(gates, 1)]
    for gate, line in zip(gates, lines[1:], strict=False):
        assert f"needs {gate}" in line


def test_with_a_fact_file_the_text_shows_the_status_of_every_gate(half: str, run: Any) -> None:
    lines = run("graph", half).out.rstrip("\n").split("\n")
    assert [line.split()[2].lower() for line in lines[:10]] == ["passed"] * 2 + ["blocked"] + ["waiting"] * 7


def test_the_text_tells_that_a_file_has_problems_where_all_its_gates_pass(passing: dict[str, Any], write: Any, run: Any) -> None:
    ended = run("graph", write("a.json", passing | {"colour": "red"}))
    assert ended.code == 1
    assert "colour" in ended.out


def test_the_json_says_what_each_gate_needs_and_how_it_stands(half: str, run: Any, gates: Any) -> None:
    bare, judged = run("graph", "--format", "json").json, run("graph", half, "--format", "json").json
    assert bare["order"] == judged["order"] == list(gates)
    assert [gate["needs"] for gate in bare["gates"]] == [[], *([gate] for gate in gates[:8]), list(gates[:9])]
    assert [gate["status"] for gate in bare["gates"]] == [None] * 10
    assert [gate["status"] for gate in judged["gates"]] == ["passed"] * 2 + ["blocked"] + ["waiting"] * 7


class Flowchart:
    """A reader of Mermaid's flowcharts that knows nodes, edges and classes, and refuses every other line."""

    LINES = {
        "head": re.compile(r"flowchart (?:TD|TB|LR)"),
        "node": re.compile(r'\s+(?P<id>\w+)\["(?P<label>[^"\[\]{}<>|`]*)"\]'),
        "edge": re.compile(r"\s+(?P<a>\w+) (?P<arrow>-->|-\.->|-\. [\w ]+ \.->) (?P<b>\w+)"),
        "style": re.compile(r"\s+classDef (?P<id>\w+) (?P<style>[\w:#,.-]+)"),
        "class": re.compile(r"\s+class (?P<ids>\w+(?:,\w+)*) (?P<id>\w+)"),
        "comment": re.compile(r"\s*%%[^\n{}]*"),
    }

    def __init__(self, text: str) -> None:
        assert text.endswith("\n")
        self.labels: dict[str, str] = {}
        self.solid: set[tuple[str, str]] = set()
        self.dotted: set[tuple[str, str]] = set()
        self.classes: dict[str, str] = {}
        styles: set[str] = set()
        for number, line in enumerate(text.rstrip("\n").split("\n")):
            found = {kind: match for kind, pattern in self.LINES.items() if (match := pattern.fullmatch(line))}
            assert len(found) == 1, line
            [(kind, match)] = found.items()
            assert (kind == "head") == (number == 0)
            if kind == "node":
                assert match["id"] not in self.labels
                self.labels[match["id"]] = re.sub(r"#(\d+);", lambda m: chr(int(m[1])), match["label"])
            elif kind == "edge":
                assert {match["a"], match["b"]} <= set(self.labels)
                (self.solid if match["arrow"] == "-->" else self.dotted).add((match["a"], match["b"]))
            elif kind == "style":
                styles.add(match["id"])
            elif kind == "class":
                assert match["id"] in styles
                for node in match["ids"].split(","):
                    assert node in self.labels
                    assert node not in self.classes
                    self.classes[node] = match["id"]

    def node(self, words: str) -> str:
        [found] = [name for name, label in self.labels.items() if words in label]
        return found


def test_the_reader_of_flowcharts_refuses_what_it_does_not_know() -> None:
    for bad in ('flowchart TD\n  a["x"y"]\n', "flowchart TD\n  a --> b\n", 'flowchart TD\n  click a "x"\n', "graph TD;\n"):
        with pytest.raises(AssertionError):
            Flowchart(bad)


def test_the_mermaid_flowchart_holds_ten_gates_in_one_line_of_needs(run: Any) -> None:
    chart = Flowchart(run("graph", "--format", "mermaid").out)
    assert len(chart.labels) == 10
    assert len(chart.solid) == 9
    assert chart.dotted == set()
    assert chart.classes == {}


def test_the_mermaid_flowchart_of_a_fact_file_marks_every_gate_with_its_status(half: str, run: Any) -> None:
    ended = run("graph", half, "--format", "mermaid")
    assert ended.code == 1
    chart = Flowchart(ended.out)
    assert list(chart.classes.values()) == ["passed"] * 2 + ["blocked"] + ["waiting"] * 7
    assert all(f"({status})" in chart.labels[node] for node, status in chart.classes.items())


@pytest.mark.parametrize(
    "title",
    [
        'a"]; click g1 "javascript:alert(1)"',
        "end %% subgraph",
        "<img src=x onerror=alert(1)>",
        "`**a**` #35; {b} (c) [d] | --> e",
        "東京",
    ],
)
def test_a_title_of_a_pack_is_no_part_of_the_mermaid_flowchart(title: str, run: Any, here: Path, shipped_pack: Path) -> None:
    shutil.copytree(shipped_pack, here / "house")
    gate = here / "house" / "gates" / "lineage.yaml"
    gate.write_text(re.sub("^title: .*$", lambda _: f"title: {json.dumps(title)}", gate.read_text(), flags=re.MULTILINE))
    chart = Flowchart(run("graph", "--format", "mermaid", "--pack", here / "house").out)
    assert title in chart.labels["g2"]
    assert len(chart.solid) == 9


WORDS = {
    "serving-release": "Serving Strategy",
    "training-evaluation": "Training and Evaluation",
    "registry-promotion": "Model Registry",
}


def test_the_mermaid_flowchart_draws_a_dependency_that_is_turned_round_dotted(
    reordered: dict[str, Any],
    write: Any,
    run: Any,
    turned_round: Any,
) -> None:
    chart = Flowchart(run("graph", write("a.json", reordered), "--format", "mermaid").out)
    for gate, needed in turned_round:
        edge = (chart.node(WORDS[needed]), chart.node(WORDS[gate]))
        assert edge in chart.dotted
        assert edge not in chart.solid


def test_a_gate_keeps_its_stage_number_in_another_order_whatever_the_format(
    reordered: dict[str, Any], write: Any, run: Any
) -> None:
    name = write("a.json", reordered)
    chart = Flowchart(run("graph", name, "--format", "mermaid").out)
    assert chart.labels[chart.node("Serving Strategy")].startswith("5")
    assert re.search(r"^ *5 +serving-release", run("graph", name).out, re.MULTILINE)
