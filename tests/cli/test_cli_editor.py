"""`gatewright schema` in an editor: the real yaml-language-server completes, explains and marks what is wrong."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli.inputs import read_pack
from gatewright.engine import document
from gatewright.engine.nodes import Node
from language_server import LanguageServer, installed

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="yaml-language-server comes from npm, which is not here")

MODELINE = "# yaml-language-server: $schema=gatewright.schema.json\n"
FACTS = read_pack("mlops").facts


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory, run: Any) -> Iterator[LanguageServer]:
    """An editor with a folder open in which `gatewright schema > gatewright.schema.json` has been run."""
    base = tmp_path_factory.getbasetemp()
    script = installed(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
    folder = tmp_path_factory.mktemp("project")
    (folder / "gatewright.schema.json").write_text(run("schema").out)
    server = LanguageServer(script, folder)
    yield server
    server.stop()


def completed(editor: LanguageServer, text: str, label: str) -> str:
    """The text once a completion is taken, with nothing typed into its places."""
    item = editor.completions(text)[label]
    at = text.index("|")
    text = text[:at] + text[at + 1 :]
    lines = text.split("\n")
    start, end = (
        sum(len(line) + 1 for line in lines[: place["line"]]) + place["character"]
        for place in (item["textEdit"]["range"]["start"], item["textEdit"]["range"]["end"])
    )
    margin = re.match(" *", lines[item["textEdit"]["range"]["start"]["line"]])
    assert margin  # editors give each further line the margin of the line that is completed
    written = re.sub(r"\$\{\d+:([^}]*)\}|\$\d", r"\1", item["textEdit"]["newText"]).replace("\n", "\n" + margin[0])
    return text[:start] + written + text[end:]


# --- nothing is marked where nothing is wrong


@pytest.mark.parametrize("name", ["credit-default", "demand-forecast", "made-with-ml", "ticket-routing"])
def test_nothing_is_marked_in_an_example(name: str, editor: LanguageServer, examples: Path) -> None:
    assert editor.diagnostics(MODELINE + (examples / f"{name}.yaml").read_text("utf-8")) == []


@pytest.mark.parametrize("options", [(), ("--minimal",), ("--gate", "serving-release")], ids=" ".join)
def test_nothing_is_marked_in_what_init_writes(options: tuple[str, ...], editor: LanguageServer, run: Any) -> None:
    text = run("init", "-", *options).out
    assert text.startswith(MODELINE)
    assert editor.diagnostics(text) == []


@pytest.mark.parametrize(
    "placeholder", ["", "TBD", "todo", '"?"', "n/a", "...", "[]", "{}", "null", "<owner>", '"To be decided."']
)
def test_nothing_is_marked_at_a_placeholder(placeholder: str, editor: LanguageServer) -> None:
    plain = "".join(f"  {name}: {placeholder}\n" for name in ("objective", "users", "owner", "success_metrics"))
    text = f"{MODELINE}use_case:\n{plain}  risk:\n    impact: {placeholder}\n    factors: {placeholder}\n"
    assert editor.diagnostics(f"{text}lineage:\n  datasets: {placeholder}\nretraining:\n") == []


def test_a_value_with_its_evidence_is_not_marked(editor: LanguageServer) -> None:
    evidence = "{path: reports/risk.pdf, date: 2026-09-30}"
    text = f"{MODELINE}use_case:\n  risk:\n    impact:\n      value: high\n      evidence: {evidence}\n"
    assert editor.diagnostics(text) == []


# --- what is wrong is marked where it stands

WRONG = {
    "a wrong choice": ("use_case:\n  risk:\n    impact: ¦medium¦\n", '"high", "low"'),
    "a wrong choice in a list": ("use_case:\n  risk:\n    factors: [credit, ¦credi¦]\n", '"credit"'),
    "a wrong choice with records": ("training:\n  evaluation:\n    stability: ¦wobbly¦\n", '"stable", "unstable"'),
    "an unknown key": ("use_case:\n  ¦objektive¦: Sort tickets\n", "objektive is not allowed"),
    "an unknown section": ("delivery:\n  model: a\n¦use_cases¦:\n  owner: ana\n", "use_cases is not allowed"),
    "an unknown key in a record": ("lineage:\n  datasets:\n    - name: a\n      ¦ownr¦: ana\n", "ownr is not allowed"),
    "an unknown key in evidence": (
        "use_case:\n  owner: {value: ana, evidence: {path: a, ¦dte¦: 2026-09-30}}\n",
        "dte is not allowed",
    ),
    "a text for a number": ("training:\n  failure:\n    max_reruns: ¦two¦\n", "write for example `max_reruns: 2`"),
    "a truth value for a text": ("use_case:\n  owner: ¦true¦\n", "write for example `owner: ana.lopez@bank.example`"),
    "a list for a text": ("use_case:\n  owner: ¦[ana, eva]¦\n", "write for example `owner: ana.lopez@bank.example`"),
    "a number for records": ("lineage:\n  datasets: ¦5¦\n", "begin each with `- name: ...`"),
    "a date that is none": ("retraining:\n  rollback:\n    rehearsed: ¦last week¦\n", "write for example `rehearsed: 2026"),
    "a text for a section": ("use_case: ¦later, perhaps¦\n", "object"),
    "a number below its least": ("training:\n  failure:\n    max_reruns: ¦-1¦\n", "0"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_marked_where_it_stands_and_nothing_else(what: str, editor: LanguageServer) -> None:
    marked, says = WRONG[what]
    before, wrong, after = (MODELINE + marked).split("¦")
    [found] = editor.diagnostics(before + wrong + after)
    line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
    assert found["range"]["start"] == {"line": line, "character": column}
    assert found["range"]["end"] == {"line": line, "character": column + len(wrong)}
    assert says in found["message"]
    assert "\n" not in found["message"]


def test_it_is_the_modeline_that_does_it(editor: LanguageServer) -> None:
    assert editor.diagnostics("use_case:\n  objektive: Sort tickets\n") == []


# --- completion


def test_the_sections_are_offered_in_an_empty_file_and_no_more(editor: LanguageServer) -> None:
    sections = {path.partition(".")[0] for path in FACTS}
    assert set(editor.completions(MODELINE + "|\n")) == sections | {"assumptions", "sequence"}


@pytest.mark.parametrize("section", sorted({path.partition(".")[0] for path in FACTS}))
def test_the_keys_of_a_section_are_offered_with_their_questions(section: str, editor: LanguageServer) -> None:
    offered = editor.completions(f"{MODELINE}{section}:\n  |\n")
    assert set(offered) == {path.split(".")[1].removesuffix("[]") for path in FACTS if path.startswith(f"{section}.")}
    for key, item in offered.items():
        known = FACTS.get(f"{section}.{key}")
        assert item["documentation"].startswith(known.ask if known else "")
        assert item["documentation"]


CHOICES = [path for path, known in FACTS.items() if known.choices and "[]" not in path]


@pytest.mark.parametrize("path", CHOICES)
def test_the_choices_of_a_fact_are_offered(path: str, editor: LanguageServer) -> None:
    keys = path.split(".")
    text = "".join(f"{'  ' * depth}{key}:{'' if depth < len(keys) - 1 else ' |'}\n" for depth, key in enumerate(keys))
    offered = editor.completions(MODELINE + text)
    plain = {label for label in offered if not label.startswith(("[", "- ", "Default value"))}  # lists, and a record
    assert plain == {*FACTS[path].choices, "TBD"}


def test_taking_a_key_never_states_the_example(editor: LanguageServer) -> None:
    for label in ("objective", "users", "owner", "success_metrics"):
        assert completed(editor, f"{MODELINE}use_case:\n  |\n", label) == f"{MODELINE}use_case:\n  {label}: \n"


@pytest.mark.parametrize("begun", ["datasets: |", "datasets:\n    - |", "datasets:\n    - name: a\n    - |"])
def test_taking_a_record_writes_all_its_fields_still_open(begun: str, editor: LanguageServer, run: Any, write: Any) -> None:
    text = completed(editor, f"{MODELINE}lineage:\n  {begun}\n", "- name: ...")
    records = document.read(text.encode()).root.plain()["lineage"]["datasets"]  # type: ignore[index, call-overload]
    assert records[-1] == dict.fromkeys(("name", "source", "version", "owner"), "TBD")
    assert run("validate", write("a.yaml", text)).code == 0


# --- hover


def keys(node: Node, path: str = "") -> Iterator[tuple[str, tuple[int, int]]]:
    """Every fact of a file, and the place of its key."""
    for key, entry in node.entries.items():
        here = f"{path}.{key}" if path else key
        if here in FACTS:
            yield here, (entry.place.line, entry.place.column)
        yield from keys(entry.value, here)
        for item in entry.value.items:
            yield from keys(item, here + "[]")


def test_hovering_over_each_key_of_the_starter_file_shows_its_question(editor: LanguageServer, run: Any) -> None:
    text = run("init", "-").out
    found = dict(keys(document.read(text.encode()).root))
    assert set(found) == set(FACTS)
    shown = editor.hovers(text, list(found.values()))
    for path, hover in zip(found, shown, strict=True):
        said = re.sub(r"\\(.)", r"\1", hover)
        assert said.startswith(f"#### {path}\n\n{FACTS[path].ask}"), hover


def test_hovering_over_a_stated_fact_shows_question_choices_and_example_once(editor: LanguageServer) -> None:
    [hover] = editor.hovers(f"{MODELINE}use_case:\n  risk:\n    impact: high\n", [(4, 6)])
    assert hover.partition("Source:")[0] == (
        "#### use\\_case.risk.impact\n\nIs the impact of errors on people high or low?\n\n"
        "How severe the effect of errors on people is.\n\n"
        f"Where nobody knows it may be assumed: \\`high\\`. {FACTS['use_case.risk.impact'].default.because}.\n\n"  # type: ignore[union-attr]
        "Allowed Values:\n\n* `high`\n* `low`\n\nExample:\n\n```yaml\nhigh\n```\n\n"
    )
