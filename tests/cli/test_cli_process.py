"""The command as a process: what it loads, and streams and locales that are not as one would wish."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LOADED = """
import atexit, sys
atexit.register(lambda: print("\\n".join(sorted(sys.modules)), file=sys.stderr))
from gatewright.cli.main import main
sys.argv = ["gatewright", *sys.argv[1:]]
main()
"""


def loaded(*arguments: object) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *map(str, arguments)], capture_output=True, timeout=30, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return {module.split(".")[0] for module in done.stderr.split("\n")}


@pytest.fixture
def name(passing: dict[str, Any], write: Any) -> str:
    return write("a.json", passing)


@pytest.mark.parametrize("command", [["check"], ["validate"], ["recommend"], ["explain", "10"]], ids=" ".join)
def test_judging_loads_nothing_heavy_that_it_does_not_need(command: list[str], examples: Path) -> None:
    modules = loaded(command[0], examples / "credit-default.yaml", *command[1:])
    assert "typer" in modules  # else the list of modules says nothing
    assert not modules & {"networkx", "rich", "jinja2", "numpy", "pygments", "markdown_it"}


@pytest.mark.parametrize("command", [["--help"], ["--version"], ["check", "--help"], ["explain", "-h"]], ids=" ".join)
def test_help_and_version_load_no_part_of_the_engine(command: list[str]) -> None:
    modules = loaded(*command)
    assert "typer" in modules
    assert not modules & {"yaml", "durable", "durable_rules_engine", "networkx", "rich", "jinja2"}
    if len(command) == 1:  # the options of a command are typed, and typer brings pydantic along for that
        assert not modules & {"pydantic", "pydantic_core"}


def test_an_answer_that_nobody_reads_ends_quietly(name: str, process: Any) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = process("check", name, stdout=writing)
    finally:
        os.close(writing)
    assert ended.err == ""


def test_head_gets_its_line_and_nothing_complains(name: str, process: Any) -> None:
    command = f'"{Path(sys.executable).with_name("gatewright")}" explain {name} 10 | head -1'
    done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=30, check=False, text=True)
    assert done.stdout == "Gate 10, delivery-bundle, passed: its entry criterion and its exit criterion hold.\n"
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["check a.json", "check nowhere.json", "check a.json --format json", "--version", "--help"])
def test_a_full_disk_is_told_in_a_line_and_is_neither_a_pass_nor_a_verdict(command: str, name: str, process: Any) -> None:
    with open("/dev/full", "wb") as full:
        ended = process(*command.split(), stdout=full)
    assert "Traceback" not in ended.err
    assert len(ended.err) < 500
    assert ended.code not in (0, 1) or command in ("--version", "--help")


@pytest.mark.parametrize(("command", "code"), [("check a.json >&-", 0), ("check nowhere.json >&- 2>&-", 2), ("--version >&-", 0)])
def test_closed_streams_leave_the_exit_code_as_it_is_and_show_no_traceback(command: str, code: int, name: str) -> None:
    called = f'"{Path(sys.executable).with_name("gatewright")}" {command}'
    done = subprocess.run(["sh", "-c", called], capture_output=True, timeout=30, check=False, text=True)
    assert done.returncode == code
    assert done.stderr == ""


ASCII_ONLY = [
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii:strict"},
]


@pytest.mark.parametrize("env", ASCII_ONLY, ids=str)
def test_a_terminal_without_unicode_gets_escapes(env: dict[str, str], passing: dict[str, Any], write: Any, process: Any) -> None:
    passing["delivery"]["model"] = "größe 東京 \U0001f600"
    name = write("a.json", passing)
    ended = process("check", name, env=env)
    assert ended.code == 0
    assert ended.err == ""
    assert ended.out.isascii()
    assert "\\u6771\\u4eac \\U0001f600" in ended.out


def test_a_problem_with_unicode_is_told_on_a_terminal_without_it(write: Any, process: Any, is_one_problem: Any) -> None:
    name = write("größe.yaml", "東京: [\n")
    ended = process("check", name, env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert ended.code == 2
    assert is_one_problem(ended.err)
    assert ended.err.isascii()


@pytest.mark.parametrize("command", [["--help"], ["check", "--help"], ["chek"], ["check", "größe.yaml", "東京"]], ids=ascii)
def test_help_and_usage_are_told_on_a_terminal_without_unicode(command: list[str], process: Any) -> None:
    ended = process(*command, env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert ended.code == (0 if "--help" in command else 2)
    assert "Traceback" not in ended.both


def test_text_is_the_same_in_a_narrow_terminal_a_wide_one_and_none(name: str, process: Any) -> None:
    outs = {
        process("check", name, env=env).out
        for env in (
            {},
            {"COLUMNS": "20", "TERM": "dumb"},
            {"COLUMNS": "300", "TERM": "xterm-256color"},
            {"NO_COLOR": "1"},
        )
    }
    assert len(outs) == 1


def test_json_is_the_same_for_a_process_and_for_a_call(name: str, process: Any, run: Any) -> None:
    assert process("check", name, "--format", "json").out == run("check", name, "--format", "json").out


def test_a_file_in_another_folder_is_read_and_named_as_it_was_given(name: str, process: Any, here: Path) -> None:
    (here / "below").mkdir()
    ended = process("check", f"../{name}", "--format", "json", cwd=here / "below")
    assert json.loads(ended.out)["facts"]["file"] == f"../{name}"
