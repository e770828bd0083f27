"""The stopwatch session in docs/first-file.md: what the page shows is what the program prints, and its times are honest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "first-file.md").read_text()
ANSWERS = (DOCS / "first-file.answers").read_text()
BLOCKS = re.findall(r"(?m)^```console\n(\$ .*)\n((?:(?!```).*\n)*)```$", PAGE)
COMMANDS = [re.sub(r" < answers| \| head -\d+", "", command.removeprefix("$ ")) for command, _ in BLOCKS]
TYPING, READING = 200, 240  # characters typed and words read in a minute


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each command of the page prints when it is run again, one after the other."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "answers").write_text(ANSWERS)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return [
        subprocess.run(
            ["sh", "-c", command.removeprefix("$ ")],
            cwd=folder,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        for command, _ in BLOCKS
    ]


def test_the_page_has_the_three_commands_in_their_order() -> None:
    assert [command.split()[1] for command in COMMANDS] == ["init", "interview", "check"]


@pytest.mark.parametrize("number", range(3))
def test_the_page_shows_what_the_program_prints(number: int, printed: list[str]) -> None:
    """Where the pack or a command has changed, `make docs` writes the page anew; its numbers are for a person to mend."""
    assert [line.rstrip() for line in printed[number].splitlines()] == BLOCKS[number][1].splitlines()


def test_the_page_shows_every_answer_that_is_typed() -> None:
    shown = BLOCKS[1][1]
    for answer in ANSWERS.splitlines():
        assert re.search(rf"(> |\[y/N\] ){re.escape(answer)}$", shown, re.MULTILINE), answer


def minutes(text: str) -> float:
    found = re.search(r"(\d+) minutes? (\d+) seconds", text)
    assert found
    return int(found[1]) + int(found[2]) / 60


def test_the_times_are_those_of_what_is_typed_and_printed(printed: list[str]) -> None:
    typed = sum(len(line) + 1 for line in (*COMMANDS, *ANSWERS.splitlines()))
    words = len(printed[1].split())
    rows = {name.strip(): said for name, said in re.findall(r"^\| ([^|]+)\| ([^|]+)\|$", PAGE, re.MULTILINE)}
    assert f"{len(ANSWERS.splitlines())} answers" in rows["typed"]
    claimed = re.search(r"(\d+) characters", rows["typed"])
    assert claimed
    assert int(claimed[1]) == pytest.approx(typed, rel=0.05)
    typing = next(said for name, said in rows.items() if name.startswith("typing"))
    reading = next((name, said) for name, said in rows.items() if name.startswith("reading"))
    assert minutes(typing) == pytest.approx(typed / TYPING, abs=0.25)
    assert int(re.search(r"(\d+) words", reading[0])[1]) == pytest.approx(words, rel=0.1)  # type: ignore[index]
    assert minutes(reading[1]) == pytest.approx(words / READING, abs=0.3)
    assert minutes(typing) < 5


def test_the_verdict_of_the_page_says_what_only_the_team_can_state(printed: list[str]) -> None:
    assert "BLOCKED at gate 1" in printed[2]
    lines = printed[2].splitlines()
    open_ = [line for line in lines if "still to be named" in line]
    assert len(open_) == 11
    assert all(re.search(r"\(delivery\.yaml:\d+:\d+\)$", line) for line in open_)
