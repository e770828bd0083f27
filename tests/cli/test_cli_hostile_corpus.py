"""The corpus of broken and hostile fact files: each gets its answer, in time and in little memory, and none ends the process."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hostile_bombs
import hostile_corpus
import hostile_values
import pytest
from forked import Finished, Forks
from hostile_corpus import Case
from pace import within

KINDS = {
    "syntax": hostile_corpus.SYNTAX,
    "types": hostile_values.TYPES,
    "keys": hostile_values.KEYS,
    "numbers": hostile_values.NUMBERS,
    "encodings": hostile_corpus.ENCODINGS,
    "tags": hostile_corpus.TAGS,
    "injections": hostile_corpus.INJECTIONS,
    "depth": hostile_bombs.DEEP,
    "bombs": hostile_bombs.BOMBS,
}
CASES = {f"{kind}: {name}": case for kind, cases in KINDS.items() for name, case in cases.items()}
COMMAND = Path(sys.executable).with_name("gatewright")
SECONDS, MEGABYTES = 2, 500
# What could crash a parser is given to the real command too, loading and all; the rest only to processes forked from one.
ANEW = [name for name in CASES if name.startswith(("depth: 100000 levels", "bombs: a billion", "tags: the tag !!python"))]
SMALL_STACK = 400_000


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    started = Forks(COMMAND, tmp_path_factory.mktemp("hostile"))
    yield started
    started.stop()


def put(forks: Forks, case: Case) -> str:
    """The file of a case, in the folder that the processes run in."""
    name = f"hostile.{case.ending}"
    (forks.folder / name).write_bytes(case.make())
    return name


def assert_decent(found: Finished) -> None:
    """It ended by itself, in time, in little memory, with a message and no traceback."""
    assert found.code in (0, 1, 2), found.err[:3000]
    assert "Traceback" not in found.out + found.err
    assert within(found.seconds, SECONDS)
    assert found.megabytes < MEGABYTES


def assert_told(case: Case, code: str, line: int | None, column: int | None) -> None:
    assert code == case.code
    if case.place:
        assert line == case.place[0]
        assert column == (case.place[1] or column)


@pytest.mark.parametrize("name", CASES)
def test_validate_answers_a_hostile_file_with_the_right_problem_at_the_right_place(name: str, forks: Forks) -> None:
    case = CASES[name]
    found = forks.run("validate", put(forks, case), "--format", "json")
    assert_decent(found)
    assert found.code == case.validate
    [file] = json.loads(found.out)["files"]
    assert (file["valid"], file["readable"]) == (case.validate == 0, case.validate != 2)
    if case.validate:
        problem = file["problems"][0]
        assert_told(case, problem["code"], problem["line"], problem["column"])
        assert problem["what"]


@pytest.mark.parametrize("name", CASES)
def test_check_lets_no_hostile_file_pass_and_tells_of_it_without_steering_anything(
    name: str, forks: Forks, assert_harmless: Callable[[str], None]
) -> None:
    case = CASES[name]
    found = forks.run("check", put(forks, case))
    assert_decent(found)
    assert found.code == case.check
    assert ("PASSED" in found.out.split("\n")[0]) == (case.check == 0)
    assert (found.out == "") == (case.check == 2)
    assert_harmless(found.out + found.err)
    if case.validate:
        told = re.search(r"^error\[([a-z-]+)\]: .+\n(?: --> [^\n]*?(?::(\d+):(\d+))?\n)?", found.out + found.err, re.MULTILINE)
        assert told
        assert_told(case, told[1], *((int(told[2]), int(told[3])) if told[2] else (None, None)))
        assert len(found.err) < 60_000
    assert not (forks.folder / "gone").exists()


@pytest.mark.parametrize("name", ANEW)
def test_what_could_crash_a_parser_ends_the_real_command_with_a_message(name: str, forks: Forks) -> None:
    case = CASES[name]
    found = forks.run("check", put(forks, case), anew=True)
    assert_decent(found)
    assert found.code == case.check


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("depth: ")])
def test_depth_takes_no_stack(name: str, forks: Forks) -> None:
    case = CASES[name]
    found = forks.run("check", put(forks, case), stack=SMALL_STACK)
    assert_decent(found)
    assert found.code == case.check


# --- files that are none


def fifo(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")


def folder(folder: Path) -> None:
    (folder / "folder.yaml").mkdir()


def loop(folder: Path) -> None:
    (folder / "a.yaml").symlink_to("b.yaml")
    (folder / "b.yaml").symlink_to("a.yaml")


def lost(folder: Path) -> None:
    (folder / "lost.yaml").symlink_to("nowhere.yaml")


def to_a_device(folder: Path) -> None:
    (folder / "device.yaml").symlink_to("/dev/zero")


def listening(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as found:
        found.bind(os.path.relpath(folder / "socket.yaml"))


def nothing(folder: Path) -> None:
    pass


PATHS = {
    "a pipe that nobody writes to": ("pipe.yaml", fifo),
    "a folder": ("folder.yaml", folder),
    "links in a circle": ("a.yaml", loop),
    "a link to nothing": ("lost.yaml", lost),
    "a link to a device": ("device.yaml", to_a_device),
    "a socket": ("socket.yaml", listening),
    "zeroes without end": ("/dev/zero", nothing),
    "chance without end": ("/dev/urandom", nothing),
    "a terminal": ("/dev/tty", nothing),
    "what the system has to say, whenever it has": ("/proc/kmsg", nothing),
    "what the system says of the process": ("/proc/self/status", nothing),
    "the memory of the process": ("/proc/self/mem", nothing),
    "a stream that is closed": ("/dev/fd/99", nothing),
    "no file": ("nowhere.yaml", nothing),
    "no name": ("", nothing),
    "a name with a line break": ("a\nPASSED.yaml", nothing),
    "a name that is a workflow command": ("::error::owned.yaml", nothing),
    "a name in colour": ("\x1b[31mred.yaml", nothing),
    "a name that runs to the left": ("\u202elmay.yaml", nothing),
    "a name of 300 letters": ("x" * 300, nothing),
    "a name of 100,000 letters": ("x/" * 50_000, nothing),
    "a file above": ("../" * 40 + "nowhere/at/all.yaml", nothing),
}


@pytest.mark.parametrize("command", ["check", "validate"])
@pytest.mark.parametrize("what", PATHS)
def test_what_is_no_file_ends_at_once_in_one_problem(
    what: str,
    command: str,
    tmp_path_factory: pytest.TempPathFactory,
    forks: Forks,
    assert_harmless: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, make = PATHS[what]
    forks.folder = tmp_path_factory.mktemp("paths")
    monkeypatch.chdir(forks.folder)
    make(forks.folder)
    found = forks.run(command, "--", name, anew=command == "check" and name.startswith(("/", "pipe")))
    assert_decent(found)
    assert found.code == 2
    code = "(no-file|empty)" if name.startswith("/proc") else "no-file"  # what has no size holds nothing to read
    assert len(re.findall(rf"error\[{code}\]: ", found.out + found.err)) == 1
    assert_harmless(found.out + found.err)


# --- the instruments


def test_a_crash_is_told_from_an_answer(forks: Forks) -> None:
    assert forks.run(instead="import ctypes; ctypes.string_at(0)").code == -11


def test_a_hang_is_told_from_an_answer(forks: Forks) -> None:
    assert forks.run(instead="import time; time.sleep(60)", seconds=1).code == -14


def test_memory_and_time_are_measured(forks: Forks) -> None:
    found = forks.run(instead="a = b'x' * 600_000_000\nfor i in range(3_000_000): pass")
    assert found.megabytes > 600
    assert found.seconds > 0.05


def test_a_parser_that_recurses_would_crash_on_depth(forks: Forks) -> None:
    recursing = "import yaml; yaml.load('[' * 100_000 + ']' * 100_000, yaml.CSafeLoader)"
    assert forks.run(instead=recursing, stack=SMALL_STACK).code not in (0, 2)


def test_the_corpus_is_as_large_as_it_says_and_every_kind_of_answer_is_in_it() -> None:
    assert len([case for case in CASES.values() if case.code]) + len(PATHS) >= 350
    codes = {case.code for case in CASES.values()}
    assert codes >= set(hostile_corpus.UNREADABLE) | {
        "unknown-fact",
        "wrong-type",
        "wrong-choice",
        "wrong-value",
        "bad-reference",
    }
    assert {case.ending for case in CASES.values()} == {"yaml", "json", "toml"}
