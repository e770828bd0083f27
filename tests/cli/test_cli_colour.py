"""Text at a terminal: colour where it is wanted, lines that fit; and everywhere else the text as it always is."""

from __future__ import annotations

import io
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli import safe, terminal
from test_cli_safe_output import all_at_once, as_key, as_value

SGR = re.compile(r"\x1b\[[0-9;]*m")
FIRST_WORDS = re.compile(r" *[0-9]* \| ")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("color", "seated", "environment", "coloured"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),  # it counts where it is not empty, by no-color.org
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"CLICOLOR": "0"}, False),
        ("auto", False, {"CLICOLOR": "1"}, False),
        ("auto", False, {"CLICOLOR_FORCE": "1"}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", True, {"FORCE_COLOR": "0"}, False),
        ("auto", True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_used_where_it_is_wanted(color: str, seated: bool, environment: dict[str, str], coloured: bool) -> None:
    assert terminal.coloured(color, seated, environment) is coloured


def test_a_terminal_in_ci_gets_plain_text() -> None:
    text = f"name: PASSED, all 10 gates\n{'word ' * 60}\n"
    assert terminal.dress(text, Terminal(), "auto", {"CI": "true"}) == text
    assert terminal.dress(text, Terminal(), "auto", {}) != text


def test_colour_is_added_to_the_answer_and_changes_no_letter(examples: Path, run: Any) -> None:
    for arguments in (
        ("check", examples / "made-with-ml.yaml"),
        ("check", examples / "ticket-routing.yaml"),
        ("check", "no.yaml"),
    ):
        plain, coloured = run(*arguments, "--color", "never"), run(*arguments, "--color", "always")
        assert SGR.sub("", coloured.both) == plain.both
        assert "\x1b[" in coloured.both
        assert plain.code == coloured.code


def test_every_style_is_used_by_some_answer(examples: Path, write: Any, run: Any, passing: dict[str, Any]) -> None:
    wrong = write("a.yaml", "use_case: {objectiv: a}\n")
    del passing["operations"]["runbook"]
    answers = [
        run("check", examples / "made-with-ml.yaml").out,
        run("check", examples / "demand-forecast.yaml").out,
        run("check", wrong).out,
        run("validate", wrong, examples / "ticket-routing.yaml", write("c.yaml", "a: [")).out,
    ]
    lines = [line for answer in answers for line in answer.split("\n")]
    unused = [pattern.pattern for pattern, _ in terminal._STYLES if not any(pattern.match(line) for line in lines)]
    assert not unused


@pytest.mark.parametrize("place", [as_value, as_key])
def test_a_hostile_text_gets_no_sequence_through(
    place: Any, write: Any, run: Any, passing: dict[str, Any], assert_harmless: Any
) -> None:
    name = write("a.json", all_at_once(place, passing))
    for command in ("check", "validate"):
        answer = run(command, name, "--color", "always").out
        assert_harmless(SGR.sub("", answer))
        assert set(SGR.findall(answer)) <= {f"\x1b[{style}m" for style in ("0", "1", "2", "31", "32", "33", "36", "1;31", "1;32")}


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_lines_are_broken_at_spaces_and_say_the_same(columns: int, examples: Path, write: Any, run: Any) -> None:
    wide = write("a.yaml", 'use_case: {"' + "東京 " * 60 + '": 1}\n')
    for arguments in (("check", examples / "made-with-ml.yaml"), ("validate", wide)):
        text = run(*arguments).out
        folded = terminal.fold(text, columns)
        assert folded.split() == text.split()
        for line in folded.split("\n"):
            broken = safe.width(line) <= columns or FIRST_WORDS.match(line) or " " not in line.strip()
            assert broken, line


def test_a_line_of_the_file_and_its_carets_stay_whole(write: Any, run: Any) -> None:
    text = run("validate", write("a.yaml", f"use_case: {{objective: {'long ' * 12}, wrongness: 1}}\n")).out
    frame = [line for line in text.split("\n") if FIRST_WORDS.match(line)]
    assert len(frame[0]) > 60
    assert all(line in terminal.fold(text, 60).split("\n") for line in frame)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_the_command_at_a_terminal_is_coloured_and_fits(examples: Path) -> None:
    import fcntl
    import struct
    import sys
    import termios

    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 72, 0, 0))
    plain = {"TERM": "xterm", "PATH": os.environ["PATH"]}
    command = [Path(sys.executable).with_name("gatewright"), "check", examples / "ticket-routing.yaml"]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs, env=plain) as process:
        os.close(theirs)
        answer = b""
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            answer += part
        assert process.wait(timeout=30) == 0
    os.close(ours)
    text = answer.decode().replace("\r\n", "\n")
    assert "\x1b[1;32mPASSED\x1b[0m" in text
    assert all(len(line) <= 72 or "/" in line for line in SGR.sub("", text).split("\n"))


def test_what_is_meant_to_be_copied_has_no_colour(examples: Path, run: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in run("unblock", examples / "demand-forecast.yaml", "9").out
    assert "\x1b" in run("check", examples / "demand-forecast.yaml").out
    assert "\x1b" in run("unblock", "no.yaml", "9").err
