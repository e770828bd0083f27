"""What `.gitignore` leaves out is what git itself leaves out."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from gatewright.cli.collectors.ignored import Ignored
from gatewright.cli.collectors.tree import Tree

FILES = [
    "a",
    "b.txt",
    "build/a",
    "build/b.txt",
    "src/a",
    "src/build/c.txt",
    "src/deep/x/c.txt",
    "data/raw/a.csv",
    "a b",
    "#x",
    "!x",
]
# Every form that the manual of git names, and some that trip readers up.
FORMS = [
    "a", "/a", "a/", "*.txt", "build/", "/build", "build/*", "build/**", "src/**/c.txt", "**/c.txt", "**/build", "**", "src/*",
    "!a", "!build/", "!*.txt", "!src/build/c.txt", "# a", "\\#x", "\\!x", "a ", "a\\ b", "[ab]", "[!a]*", "[^a]*", "?", "???.txt",
    "deep", "src/deep/", "data/**/*.csv", "d?ta", "", "/", "//", "b.tx", "*/a", "src/*/c.txt", "x/", "[a", "*.t*t",
]  # fmt: skip


def git(folder: Path, *args: str) -> str:
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", *args], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.mark.parametrize("seed", range(12))
def test_the_same_files_are_left_in_as_git_leaves_in(seed: int, project: Callable[[dict[str, str]], Path]) -> None:
    chance = random.Random(seed)
    folder = project(dict.fromkeys(FILES, "x"))
    git(folder, "init", "-q")
    for _ in range(12):
        for name, count in ((".gitignore", 4), ("src/.gitignore", 2)):
            (folder / name).write_text("\n".join(chance.sample(FORMS, count)) + "\n")
        expected = set(git(folder, "ls-files", "-z", "--others", "--exclude-standard").split("\0")) - {""}
        found = set(Tree(str(folder)).named("*"))
        rules = [(folder / name).read_text() for name in (".gitignore", "src/.gitignore")]
        assert found == expected, rules


def test_a_pattern_made_to_take_for_ever_does_not() -> None:
    begin = time.monotonic()
    rules = Ignored("*a" * 60 + "b\n" + "**/" * 40 + "*a*b\n")
    assert rules.says(["a" * 255] * 20, folder=False) is None
    assert time.monotonic() - begin < 1
