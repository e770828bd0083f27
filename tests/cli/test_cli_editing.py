"""Values are set and taken away in a fact file, and everything else in it stays as it was written."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from gatewright.cli.editing import edit
from gatewright.cli.inputs import read_pack
from gatewright.cli.starter import starter
from gatewright.engine import document
from gatewright.engine.errors import CannotJudge
from hypothesis import given, settings
from hypothesis import strategies as st

PACK = read_pack("mlops")
EXAMPLES = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*.yaml"))
FILES = {path.stem: path.read_text() for path in EXAMPLES} | {
    "starter": starter(PACK),
    "minimal": starter(PACK, minimal=True),
    "lineage": starter(PACK, gate="lineage"),
}
PLAIN = [path for path in PACK.facts if "[]" not in path]


def plain(text: str, format: str = "yaml") -> Any:
    return document.read(text.encode(), format=format).root.plain()


def at(content: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(content, dict) or key not in content:
            return None
        content = content[key]
    return content


# --- what a person sees


def test_a_value_is_replaced_and_the_rest_of_its_line_stays() -> None:
    before = "training:\n  failure: {max_reruns:   2,  alert: ana}   # by hand\n  orchestrator:   Airflow  # for now\n"
    after = edit(before, "yaml", {"training.failure.max_reruns": 3, "training.orchestrator": "Dagster"})
    assert after == "training:\n  failure: {max_reruns:   3,  alert: ana}   # by hand\n  orchestrator: Dagster  # for now\n"


def test_a_placeholder_is_replaced_in_place_and_its_comments_stay() -> None:
    before = "delivery:\n  # What is the model called?\n  model: TBD  # as in the registry\n  version: 1.0.0\n"
    assert edit(before, "yaml", {"delivery.model": "churn"}, pack=PACK) == before.replace("TBD", "churn")


def test_records_are_filled_in_where_the_starter_file_has_an_empty_one() -> None:
    before = starter(PACK, gate="monitoring-drift")
    after = edit(
        before,
        "yaml",
        {"monitoring.responses": [{"name": "look", "does": "Look", "owner": "ana"}, {"name": "roll-back", "does": "Act"}]},
        pack=PACK,
    )
    record = after[after.index("  responses:") :].split("\n")[:7]
    assert record == [
        "  responses:",
        "    - name: look  # the name of the response, e.g. investigate",
        "      does: Look  # what is done, e.g. Compare segments and decide within two days",
        "      owner: ana  # who does it, e.g. risk-modelling@bank.example",
        "    - name: roll-back",
        "      does: Act",
        "  quality:",
    ]


def test_a_new_fact_stands_where_the_order_of_the_vocabulary_wants_it() -> None:
    before = "delivery: {model: churn, request: [serving]}\nlineage:\n  evidence: s3://x\nregistry:\n  tool: MLflow\n"
    after = edit(
        before,
        "yaml",
        {
            "delivery.version": "1.0.0",
            "use_case.risk.impact": "low",
            "training.orchestrator": "Airflow",
            "lineage.trace.code": "4f1c",
        },
        pack=PACK,
    )
    assert after == (
        "delivery: {model: churn, version: 1.0.0, request: [serving]}\nuse_case:\n  risk:\n    impact: low\n"
        "lineage:\n  trace:\n    code: 4f1c\n  evidence: s3://x\ntraining:\n  orchestrator: Airflow\nregistry:\n  tool: MLflow\n"
    )


def test_sections_that_are_set_apart_stay_set_apart() -> None:
    before = "delivery: {model: churn}\n\n# the data\nlineage: {evidence: x}\n"
    after = edit(before, "yaml", {"use_case.objective": "Keep customers", "bundle.context": "none"}, pack=PACK)
    assert after == (
        "delivery: {model: churn}\n\nuse_case:\n  objective: Keep customers\n\n# the data\nlineage: {evidence: x}\n\n"
        "bundle:\n  context: none\n"
    )


def test_taking_a_fact_away_takes_its_comments_and_the_groups_it_leaves_empty() -> None:
    before = (
        "# mine\n\na:\n  # about b\n  b: 1  # one\n\n  # about c\n  c:\n    # about d\n    d: [1,  # first\n        2]\ne: 5\n"
    )
    assert edit(before, "yaml", {}, ["a.b"]) == before.replace("  # about b\n  b: 1  # one\n", "")
    assert edit(before, "yaml", {}, ["a.b", "a.c.d"]) == "# mine\n\n# about c\ne: 5\n"


def test_an_assumption_is_added_below_the_others() -> None:
    one = {"fact": "use_case.users", "value": ["clerks"], "reason": "who else", "owner": "ana"}
    two = {"fact": "lineage.datasets", "value": [{"name": "a"}, {"name": "b"}], "reason": "both", "owner": "ana"}
    first = edit("delivery: {model: churn}\nassumptions: TBD  # none yet\n", "yaml", {}, append={"assumptions": [one]}, pack=PACK)
    both = edit(first + "# the end\n", "yaml", {}, append={"assumptions": [two]}, pack=PACK)
    assert both == (
        "delivery: {model: churn}\nassumptions:  # none yet\n  - fact: use_case.users\n    value: [clerks]\n"
        "    reason: who else\n    owner: ana\n  - fact: lineage.datasets\n    value:\n      - {name: a}\n      - {name: b}\n"
        "    reason: both\n    owner: ana\n# the end\n"
    )


def test_the_assumption_about_a_fact_is_taken_out_with_its_comment() -> None:
    one = "  # of x\n  - fact: x\n    value: 1\n"
    two = "  # of w\n  - {fact: w, value: 2}  # two\n\n"
    three = "  # of z\n  - {fact: z}\n"
    before = f"a: 1\nassumptions:\n{one}{two}{three}"
    assert edit(before, "yaml", {"w": 3}, drop=["w"]) == f"a: 1\nassumptions:\n{one}\n{three}w: 3\n"
    assert edit(before, "yaml", {}, drop=["x", "z"]) == f"a: 1\nassumptions:\n{two}"
    assert edit("a: 1\nassumptions: [{fact: x}]\n", "yaml", {}, drop=["x", "other"]) == "a: 1\n"


def test_a_record_of_a_list_is_changed_alone() -> None:
    before = "x:\n- {name: a, n: 1}   # the first\n# between\n- name: b   # the second\n  n:   2\n- {name: c,\n   n: 3}\n"
    after = edit(before, "yaml", {"x": [{"name": "a", "n": 1}, {"name": "b", "n": 20}, {"name": "c", "n": 3}, {"name": "d"}]})
    assert after == before.replace("n:   2", "n: 20") + "- {name: d}\n"
    assert (
        edit(before, "yaml", {"x": [{"name": "a", "n": 1}]}) == "x:\n- {name: a, n: 1}   # the first\n# between\n# the second\n"
    )


@pytest.mark.parametrize("name", FILES)
def test_setting_what_is_there_changes_no_byte(name: str) -> None:
    text = FILES[name]
    there = {path: at(plain(text), path) for path in PLAIN}
    assert edit(text, "yaml", {path: value for path, value in there.items() if value is not None}, pack=PACK) == text


# --- line ends, marks, indentation


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_are_kept(newline: str, mark: str) -> None:
    text = FILES["demand-forecast"]
    change: Any = ({"lineage.evidence": "x", "operations.incidents.severities": [{"name": "1"}]}, ["use_case.users"])
    more: Any = {"append": {"assumptions": [{"fact": "use_case.users", "value": ["x"]}]}, "pack": PACK}
    turned = mark + text.replace("\n", newline)
    assert edit(turned, "yaml", *change, **more) == mark + edit(text, "yaml", *change, **more).replace("\n", newline)


def test_lines_with_different_ends_keep_their_own() -> None:
    assert edit("a: 1\r\nb: 2\nc: 3\r\n", "yaml", {"b": 5}) == "a: 1\r\nb: 5\nc: 3\r\n"


def test_a_file_without_a_line_end_can_be_continued() -> None:
    assert edit("a: 1", "yaml", {"b": 2}) == "a: 1\nb: 2"
    assert edit("a:", "yaml", {"a.b": 2}) == "a:\n  b: 2"


# --- text of any kind


@pytest.mark.parametrize("format", ["yaml", "json", "toml"])
@pytest.mark.parametrize("around", ["a: {b: [1, x], c: 1}", "a:\n  b: [1]\n  c: 1"])
@given(value=st.text(max_size=40))
@settings(max_examples=30, deadline=None)
def test_any_text_comes_back_as_it_was(format: str, around: str, value: str) -> None:
    before = around if format == "yaml" else json.dumps(plain(around)) if format == "json" else tomli_w.dumps(plain(around))
    after = plain(edit(before, format, {"a.b": [value], "a.c": value, "a.d.e": value}), format)
    assert after == {"a": {"b": [value], "c": value, "d": {"e": value}}}


@pytest.mark.parametrize(
    "value",
    [
        "no",
        "010",
        "22:30",
        "2026-09-30",
        "1.10",
        "true",
        "null",
        "~",
        "1e3",
        "- x",
        "a: b",
        "x #y",
        " x ",
        "0x1f",
        "91e4502",
        "0o7",
        "1_000",
        "2026-09-30T10:00",
        "12:30:45",
        "1.",
    ],
)
def test_text_that_yaml_could_misread_is_quoted(value: str) -> None:
    assert edit("a: b\n", "yaml", {"a": value}) == f'a: "{value}"\n'
    assert plain(edit("a: b\n", "yaml", {"a": value})) == {"a": value}


def test_values_that_others_wrote_stay_as_they_are_written() -> None:
    before = "a: no\nb: 010\nc: 22:30\nd: 2026-09-30\ne: 1.10\nf: 'x'\ng: \"y\"\nh: >-\n  long\n  text\nz: 1\n"
    assert edit(before, "yaml", {"z": 2}) == before.replace("z: 1", "z: 2")


@pytest.mark.parametrize("value", [True, False, 0, -3, 2.5, 1e-7, 123456789012])
@pytest.mark.parametrize("format", ["yaml", "json", "toml"])
def test_numbers_and_booleans_come_back_as_they_were(value: Any, format: str) -> None:
    before = {"yaml": "a: b\n", "json": '{"a": "b"}', "toml": 'a = "b"\n'}[format]
    after = plain(edit(before, format, {"a": value}), format)["a"]
    assert after == value
    assert isinstance(after, bool) == isinstance(value, bool)


# --- the property: comments and the order of keys stay

WORDS = st.text(
    st.characters(codec="ascii", categories=("L", "N", "P", "Z", "S"), exclude_characters="#"), min_size=1, max_size=20
)
RECORD = st.dictionaries(st.sampled_from(["name", "owner", "when", "x y"]), WORDS | st.lists(WORDS, max_size=2), min_size=1)
VALUE = WORDS | st.integers(0, 99) | st.lists(WORDS, max_size=4) | st.lists(RECORD, max_size=3)
CHANGES = st.tuples(
    st.dictionaries(st.sampled_from(PLAIN), VALUE, max_size=6),
    st.lists(st.sampled_from(PLAIN), max_size=6),
    st.lists(RECORD, max_size=2),
)


def comments(lines: list[str]) -> Counter[str]:
    """Every comment; no text in the files that are edited, nor any that is set, holds a `#`."""
    return Counter(match[0] for line in lines for match in re.finditer(r"#.*", line))


def belonging(text: str, path: str) -> Counter[str]:
    """The comments of one fact: those in the lines right above it, in its own lines, and behind it."""
    root, lines = document.read(text.encode()).root, text.split("\n")
    entry = None
    entries = root.entries
    for key in path.split("."):
        if key not in entries:
            return Counter()
        entry = entries[key]
        entries = entry.value.entries
    assert entry
    first = last = entry.place.line - 1
    space = " " * (entry.place.column - 1)
    inner = re.compile(rf"{space} +\S|{space}- |{space} *#|\s*$")
    if lines[first].startswith(space + path.rsplit(".", 1)[-1]):
        while first and re.match(rf"{space}#", lines[first - 1]):
            first -= 1
        while last + 1 < len(lines) and inner.match(lines[last + 1]):
            last += 1
    return comments(lines[first : last + 1])


def paths_of(content: Any, above: str = "") -> list[str]:
    if not isinstance(content, dict):
        return []
    return [path for key, inner in content.items() for path in (above + key, *paths_of(inner, f"{above}{key}."))]


@pytest.mark.parametrize("name", FILES)
@given(changes=CHANGES)
@settings(max_examples=15, deadline=None)
def test_every_comment_and_the_order_of_keys_stay(name: str, changes: Any) -> None:
    text = FILES[name]
    sets, unsets, assumed = changes
    after = edit(text, "yaml", sets, unsets, append={"assumptions": assumed} if assumed else None, pack=PACK)
    lost = comments(text.split("\n")) - comments(after.split("\n"))
    allowed: Counter[str] = Counter()
    for path in set(unsets):
        allowed += belonging(text, path)
    assert not lost - allowed, lost - allowed
    content = plain(after)
    before_keys, after_keys = paths_of(plain(text)), paths_of(content)
    both = set(before_keys) & set(after_keys)
    untouched = [path for path in before_keys if path in both]
    if not set(unsets) & set(sets):  # a fact that is taken away and set again is a new one
        assert [path for path in after_keys if path in both] == untouched
    for path, value in sets.items():
        assert at(content, path) == value
    for path in set(unsets) - set(sets):
        assert at(content, path) in (None, {})
    assert (content.get("assumptions") or [])[len(plain(text).get("assumptions") or []) :] == assumed


@pytest.mark.parametrize("name", FILES)
@given(sets=st.dictionaries(st.sampled_from(PLAIN), WORDS, max_size=4))
@settings(max_examples=15, deadline=None)
def test_lines_that_hold_nothing_of_what_is_set_stay_as_they_are(name: str, sets: dict[str, str]) -> None:
    text = FILES[name]
    there = {path: value for path, value in sets.items() if isinstance(at(plain(text), path), str)}
    before, after = text.split("\n"), edit(text, "yaml", there, pack=PACK).split("\n")
    assert len(before) == len(after)
    assert sum(one != other for one, other in zip(before, after, strict=True)) <= len(there)


@pytest.mark.parametrize("format", ["json", "toml"])
@given(changes=CHANGES)
@settings(max_examples=8, deadline=None)
def test_the_other_formats_take_the_same_changes(format: str, changes: Any) -> None:
    content = plain(FILES["credit-default"])
    text = json.dumps(content, indent=4) if format == "json" else tomli_w.dumps(content)
    sets, unsets, assumed = changes
    more: Any = {"append": {"assumptions": assumed} if assumed else None, "pack": PACK}
    after = edit(text, format, sets, unsets, **more)
    assert plain(after, format) == plain(edit(FILES["credit-default"], "yaml", sets, unsets, **more))


def test_json_keeps_its_indentation_and_the_notation_of_its_numbers() -> None:
    before = '{\n\t"a": {\n\t\t"b": 1.50,\n\t\t"c": "x"\n\t}\n}\n'
    after = edit(before, "json", {"a.c": "y", "a.d.e": [{"f": [1, 2]}]})
    added = ',\n\t\t"d": {\n\t\t\t"e": [\n\t\t\t\t{\n\t\t\t\t\t"f": [1, 2]\n\t\t\t\t}\n\t\t\t]\n\t\t}'
    assert after == before.replace('"x"', '"y"' + added)


def test_toml_keeps_its_comments_and_tables() -> None:
    before = '# mine\n[a]\nb = 1 # one\n\n[a.c] # group\nd = "x"\n'
    assert edit(before, "toml", {"a.b": 2, "a.c.d": "y"}) == before.replace("1 #", "2 #").replace('"x"', '"y"')


def test_json_keeps_the_line_ends_of_the_file_in_what_is_added() -> None:
    before = '{\r\n  "a": {\r\n    "b": 1\r\n  }\r\n}\r\n'
    after = edit(before, "json", {"a.c": {"d": "x\ny"}})
    assert re.findall(r"(?<!\r)\n", after) == []
    assert plain(after, "json") == {"a": {"b": 1, "c": {"d": "x\ny"}}}


def test_a_toml_table_whose_parts_stand_apart_can_be_continued() -> None:
    before = "[a]\nb = 1\n[x]\ny = 2\n[a.c]\nd = 3\n"
    after = edit(before, "toml", {"a.e": "new"})
    assert plain(after, "toml") == {"a": {"b": 1, "c": {"d": 3}, "e": "new"}, "x": {"y": 2}}
    assert all(line in after for line in before.splitlines())


# --- refusals


@pytest.mark.parametrize(
    ("text", "sets", "says"),
    [
        ("a: {b: 1}\nc: [x\n", {"a.b": 2}, "this is not YAML"),
        ("a: 1\na: 2\n", {"a": 3}, "stands twice"),
        ("- a\n", {"a": 3}, "no mapping of sections"),
        ("a: &x {b: 1}\nc: *x\n", {"c.b": 2}, "repeated by an alias"),
        ("a: &x {b: 1}\nc: *x\n", {"a": 2}, "changing something else"),
        ("a: [&x 1]\nc: *x\n", {"a": [2]}, "changing something else"),
        ("a: some words\n", {"a.b": 2}, "holds a value and no facts below it"),
        ("a: 1\n", {"a": float("inf")}, "changing something else"),
        ("a: 1\n", {"a": "\ud800"}, "changing something else"),
        ("a: 1\n", {"a": "x" * 30_000}, "at most 20000 characters"),
        ("a: 1\n", {".".join("x" * 40): 1}, "deeper than 32 levels"),
    ],
)
def test_what_cannot_be_edited_is_refused_with_the_reason(text: str, sets: dict[str, Any], says: str) -> None:
    with pytest.raises(CannotJudge) as refused:
        edit(text, "yaml", sets, pack=PACK)
    assert says in refused.value.problems[0].what


def test_toml_that_its_library_cannot_edit_is_refused() -> None:
    with pytest.raises(CannotJudge) as refused:
        edit("[[a.b]]\nc = 1\n[[d.e]]\nf = 1\n[a.b.g]\n", "toml", {}, ["a.b"])
    assert "can't be edited" in refused.value.problems[0].what


def test_what_is_no_placeholder_of_the_pack_is_not_replaced_by_a_group() -> None:
    assert plain(edit("lineage: TBD\n", "yaml", {"lineage.evidence": "x"}, pack=PACK)) == {"lineage": {"evidence": "x"}}
    with pytest.raises(CannotJudge):
        edit("lineage: we have some\n", "yaml", {"lineage.evidence": "x"}, pack=PACK)


def test_toml_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tomlkit", None)
    with pytest.raises(CannotJudge) as refused:
        edit("a = 1\n", "toml", {"a": 2})
    assert "pip install 'gatewright[edit]'" in refused.value.problems[0].help
