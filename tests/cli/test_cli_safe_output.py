"""No value of a user's steers what reads our output: a terminal, a CI job, a Markdown page, a Mermaid drawing."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
import yaml

INJECTIONS = {
    "colour": "\x1b[31mred\x1b[0m",
    "clear the screen": "\x1b[2J\x1b[H",
    "terminal title": "\x1b]0;owned\x07",
    "terminal link": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "device control": "\x1bP+q544e\x1b\\",
    "cursor up": "\x1b[1A\x1b[2K10 of 10",
    "report": "\x1b[6n",
    "8-bit control": "\x9b31mred\x9d0;t\x9c",
    "carriage return": "blocked\rPASSED",
    "line feed": "blocked\nPASSED, all 10 gates",
    "vertical tab": "a\x0bb",
    "form feed": "a\x0cb",
    "next line": "a\x85b",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "backspace": "no\b\byes",
    "delete": "no\x7fyes",
    "bell": "a\x07b",
    "NUL": "a\x00b",
    "shift out": "a\x0eb\x0f",
    "tab": "a\tb",
    "unit separator": "a\x1fb\x1cc",
    "right-to-left override": "\u202egnp.exe",
    "left-to-right override": "\u202dabc",
    "isolates": "\u2066a\u2067b\u2068c\u2069",
    "embedding": "\u202aa\u202bb\u202c",
    "direction marks": "\u200ea\u200fb\u061cc",
    "zero width": "o\u200bw\u200cn\u200de\u2060r",
    "byte order mark": "\ufeffa",
    "soft hyphen": "pass\u00aded",
    "annotation": "\ufff9a\ufffab\ufffb",
    "tags": "a\U000e0041\U000e0042b",
    "workflow error": "::error file=a,line=1::owned",
    "workflow output": "::set-output name=a::b",
    "workflow stop": "::stop-commands::x",
    "workflow mask on a new line": "x\n::add-mask::a",
    "workflow with blanks": "   ::error::owned",
    "one colon": ":",
    "two colons": "::",
    "five": ":::::",
    "old workflow error": "##[error]owned",
    "old workflow group": "a##[group]b",
    "pipeline variable": "##vso[task.setvariable variable=a]b",
    "build status": "##teamcity[buildStatus status='SUCCESS']",
    "percent line feed": "a%0A::error::b%0D",
    "section": "section_start:1:a\r\x1b[0K",
    "Markdown": "[a](javascript:alert(1)) ![b](http://evil.example/b.png) **c** `d` | e |",
    "fence": "```\n# heading\n```",
    "HTML": "a <script>alert(1)</script><img src=x onerror=alert(1)>",
    "entity": "&lt;b&gt;&#27;[31m",
    "comment": "--> <!-- -->",
    "rich markup": "[red]a[/red] [bold]b[/] [link=http://evil.example]c[/link]",
    "rich escape": "\\[red]",
    "format": "{0} {a.__class__} %s %(a)s $a ${a}",
    "template": "{{ 7*7 }} {% raw %}",
    "Mermaid": 'a"]; click g1 "javascript:alert(1)"; b["c',
    "Mermaid end": "end %% --> subgraph",
    "shell": "$(reboot) `reboot` ; reboot | reboot & reboot",
    "spreadsheet": "=cmd|' /C calc'!A0",
    "backslashes": "\\x1b[31m \\u202e \\n",
    "quotes": "'\"`' \"",
    "combining": "e" + "\u0301" * 300,
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \u2764\ufe0f",
    "wide": "東京" * 50,
    "long": "long " * 3000,
    "long word": "x" * 15_000,
    "private": "\ue000\U000f0000",
    "not a character": "\ufffe\U0010ffff",
    "lookalikes": "раssed ΡASSED",
    "traceback": 'Traceback (most recent call last):\n  File "a"',
}
COMMANDS = [("check",), ("validate",), ("recommend",), ("explain", "1"), ("explain", "5"), ("explain", "7"), ("graph",)]
by_injection = pytest.mark.parametrize("text", INJECTIONS.values(), ids=INJECTIONS)


def as_value(text: str, delivery: dict[str, Any]) -> dict[str, Any]:
    """The text wherever a fact file takes free text, in a file that can be judged."""
    found = copy.deepcopy(delivery)
    found["delivery"]["model"] = text
    found["use_case"]["objective"] = text
    found["use_case"]["users"] = [text, "a" + text]
    found["use_case"]["success_metrics"] = [text]
    found["lineage"]["datasets"][0]["source"] = text
    found["serving"]["rollout"]["steps"][0]["name"] = text
    found["serving"]["rollback"]["to"] = text
    found["registry"]["promotion"] |= {"policy": "auto-promote", "rationale": text}
    found["retraining"]["drift"]["observed"] = [{"window": text, "quality_drop": "30%", "psi": 0.3, "feature_age": "1 day"}]
    found["retraining"]["validation"]["datasets"] = [text]
    del found["operations"]["runbook"]
    found["assumptions"] = [{"fact": "operations.runbook", "value": text, "reason": text, "owner": text}]
    order = [*delivery_order[:2], delivery_order[4], *delivery_order[2:4], *delivery_order[5:]]
    return found | {"sequence": {"order": order, "requested_by": text, "reason": text}}


delivery_order = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]


def as_key(text: str, delivery: dict[str, Any]) -> dict[str, Any]:
    """The text as a key, as a wrong choice, number, duration, reference, gate and owner: everything here is a problem."""
    found = copy.deepcopy(delivery)
    found |= {text: 1, "use_case": found["use_case"] | {text: text, "risk": {"impact": text, "factors": [text]}}}
    found["lineage"]["datasets"][0][text] = 1
    found["lineage"]["features"][0]["derives_from"] = [text]
    found["training"]["failure"]["max_reruns"] = text
    found["monitoring"]["quality"]["cadence"] = text
    found["retraining"]["rollback"]["rehearsed"] = text
    return found | {
        "assumptions": [{"fact": text, "value": 1, "reason": 1, "owner": "all", text: 1}],
        "sequence": {"order": [text], text: 1},
    }


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


@by_injection
def test_a_text_as_a_value_steers_nothing(text: str, passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any) -> None:
    ended = run("check", write("a.json", as_value(text, passing)))
    assert ended.code in (0, 1), ended.both
    assert_harmless(ended.both)


@by_injection
def test_a_text_as_a_key_and_as_a_wrong_value_steers_nothing(
    text: str,
    passing: dict[str, Any],
    write: Any,
    run: Any,
    assert_harmless: Any,
) -> None:
    ended = run("validate", write("a.json", as_key(text, passing)))
    assert ended.code == 1
    assert ended.out.count("error[") >= 8
    assert_harmless(ended.both)


@by_injection
def test_json_gives_a_text_back_as_it_was_but_for_its_spaces_and_steers_nothing(
    text: str,
    passing: dict[str, Any],
    write: Any,
    run: Any,
    assert_harmless: Any,
) -> None:
    ended = run("check", write("a.json", as_value(text, passing)), "--format", "json")
    assert ended.out.isascii()
    assert_harmless(ended.both)
    assert " ".join(text.split()) in set(texts(ended.json))


def all_at_once(place: Any, delivery: dict[str, Any]) -> dict[str, Any]:
    """Every text in one file: those that a list, a record or a mapping takes many of."""
    found = place(INJECTIONS["colour"], delivery)
    found["use_case"]["users"] = list(INJECTIONS.values())
    found["lineage"]["features"][0]["derives_from"] = list(INJECTIONS.values())
    found["serving"]["rollout"]["steps"] = [
        {"name": text, "traffic": "5%", "hold": "1 day", "continue_if": [text]} for text in INJECTIONS.values()
    ]
    found["retraining"]["drift"]["observed"] = [
        {"window": text, "quality_drop": "30%", "psi": 0.3, "feature_age": "90 days"} for text in INJECTIONS.values()
    ]
    return found | ({} if place is as_value else dict.fromkeys(INJECTIONS.values(), 1))


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("place", [as_value, as_key])
def test_all_texts_at_once_steer_nothing_in_any_answer(
    place: Any,
    command: tuple[str, ...],
    format: str,
    passing: dict[str, Any],
    write: Any,
    run: Any,
    assert_harmless: Any,
) -> None:
    ended = run(command[0], write("a.json", all_at_once(place, passing)), *command[1:], "--format", format)
    assert ended.code in (0, 1), ended.both
    assert_harmless(ended.both)


@pytest.mark.parametrize("command", [("check",), ("validate",), ("explain", "7")], ids=" ".join)
@pytest.mark.parametrize("format", ["yaml", "toml"])
def test_all_texts_at_once_steer_nothing_from_yaml_and_toml(
    format: str,
    command: tuple[str, ...],
    passing: dict[str, Any],
    write: Any,
    run: Any,
    assert_harmless: Any,
) -> None:
    source = {"yaml": yaml.safe_dump, "toml": tomli_w.dumps}[format](all_at_once(as_key, passing))
    written = re.sub(
        r"[\x80-\x9f\ufffe\U0010ffff]", lambda sign: f"\\U{ord(sign[0]):08x}", source
    )  # tomli_w leaves them as they are
    ended = run(command[0], write(f"a.{format}", written), *command[1:])
    assert ended.code == 1, ended.both
    assert_harmless(ended.both)


FILE_NAMES = {name: text.replace("/", "_")[:60] for name, text in INJECTIONS.items() if "\0" not in text}


@pytest.mark.parametrize("text", FILE_NAMES.values(), ids=FILE_NAMES)
def test_the_name_of_a_file_steers_nothing(
    text: str, passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any
) -> None:
    del passing["retraining"]["rollback"]["when"]
    del passing["delivery"]["model"], passing["delivery"]["version"]
    passing["colour"] = "red"
    while len(text.encode()) > 200:
        text = text[:-5]
    name = write(text, json.dumps(passing))
    for command in ("check", "validate"):
        ended = run(command, "--input", "json", "--", name)
        assert ended.code == 1, ended.both
        assert_harmless(ended.both)
    missing = run("validate", "--", f"{name}2")
    assert missing.code == 2
    assert_harmless(missing.both)
    assert run("validate", "--input", "json", "--format", "json", "--", name).json["files"][0]["file"] == name


ARGUMENTS = {name: text for name, text in INJECTIONS.items() if "\0" not in text and len(text) < 1000}


@pytest.mark.parametrize("text", ARGUMENTS.values(), ids=ARGUMENTS)
def test_an_argument_steers_nothing(text: str, passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any) -> None:
    name = write("a.json", passing)
    for arguments in (
        ("explain", "--", name, text),
        ("explain", "--format", "json", "--", name, text),
        ("recommend", "--", name, text),
        ("check", "--pack", text, name),
    ):
        ended = run(*arguments)
        assert ended.code == 2
        assert_harmless(ended.both)


@pytest.mark.parametrize("text", ARGUMENTS.values(), ids=ARGUMENTS)
def test_a_command_that_is_used_wrongly_steers_nothing(text: str, run: Any, assert_harmless: Any) -> None:
    for arguments in (
        ("--", text),
        ("check", "a.json", text),
        ("check", "a.json", "--format", text),
        ("check", "a.json", f"--{text}"),
    ):
        ended = run(*arguments)
        assert ended.code == 2
        assert_harmless(ended.both)


def test_a_source_line_that_is_cut_at_a_caret_holds_no_command_at_the_cut(write: Any, run: Any, assert_harmless: Any) -> None:
    ended = run("check", write("a.yaml", "users: [a##[error]owned]\n"))
    assert ended.code == 2
    assert_harmless(ended.err)


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\n::error::b", "##[error]a", "\u202eabc", "a\u200bb"], ids=ascii)
def test_the_texts_of_a_pack_steer_nothing(
    text: str,
    passing: dict[str, Any],
    write: Any,
    run: Any,
    here: Path,
    shipped_pack: Path,
    assert_harmless: Any,
) -> None:
    shutil.copytree(shipped_pack, here / "house")
    gate = yaml.safe_load((here / "house" / "gates" / "use-case.yaml").read_text())
    gate["title"] = text
    gate["entry"] |= {"text": text, "mend": text}
    for criterion in gate["exit"]:
        criterion |= {"text": text, "mend": text}
    (here / "house" / "gates" / "use-case.yaml").write_text(json.dumps(gate))
    del passing["use_case"]["objective"]
    name = write("a.json", passing)
    for command in (("check", name), ("explain", name, "1"), ("graph", name), ("graph", "--format", "mermaid")):
        ended = run(*command, "--pack", here / "house")
        assert ended.code in (0, 1, 2)
        assert_harmless(ended.both)
