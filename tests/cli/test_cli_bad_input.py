"""Bad input, given to the real command: one clear problem, exit code 2, nothing else, and it never hangs."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pace import within

DEEP = 100_000
BOMB = b"a: &a [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n".encode()
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


def folder(here: Path) -> None:
    (here / "folder").mkdir()


def fifo(here: Path) -> None:
    os.mkfifo(here / "pipe.yaml")


def loop(here: Path) -> None:
    (here / "a.yaml").symlink_to("b.yaml")
    (here / "b.yaml").symlink_to("a.yaml")


def holding(name: str, data: bytes) -> Callable[[Path], None]:
    def make(here: Path) -> None:
        (here / name).write_bytes(data)

    return make


def nothing(here: Path) -> None:
    pass


# What is given, the code of the problem, and a word that the message has to hold.
BAD: dict[str, tuple[str | bytes, Callable[[Path], None], str, str]] = {
    "no such file": ("nowhere.yaml", nothing, "no-file", "nowhere.yaml"),
    "a file below a file": ("a.yaml/b.yaml", holding("a.yaml", b"x: 1"), "no-file", "a.yaml/b.yaml"),
    "a name that is too long": ("x" * 300, nothing, "no-file", "xxx"),
    "a name that is not UTF-8": (b"\xff\xfe.yaml", nothing, "no-file", "yaml"),
    "an empty name": ("", nothing, "no-file", "no file"),
    "a folder": ("folder", folder, "no-file", "folder"),
    "a pipe that nobody writes to": ("pipe.yaml", fifo, "no-file", "regular file"),
    "a device that never ends": ("/dev/zero", nothing, "no-file", "regular file"),
    "links in a circle": ("a.yaml", loop, "no-file", "symbolic links"),
    "an empty file": ("a.yaml", holding("a.yaml", b""), "empty", "empty"),
    "spaces alone": ("a.yaml", holding("a.yaml", b" \n\n  \n"), "empty", "empty"),
    "a comment alone": ("a.yaml", holding("a.yaml", b"# later\n"), "empty", "no value"),
    "a byte order mark alone": ("a.yaml", holding("a.yaml", b"\xef\xbb\xbf"), "empty", "empty"),
    "a compressed file": ("a.yaml", holding("a.yaml", gzip.compress(b"delivery: {}")), "encoding", "UTF-8"),
    "control characters": ("a.yaml", holding("a.yaml", b"delivery:\n  model: \x1b[31mred\n"), "encoding", "control character"),
    "NUL": ("a.json", holding("a.json", b'{"delivery": "\x00"}'), "encoding", "control character"),
    "bytes that are no UTF-8": ("a.yaml", holding("a.yaml", b"delivery:\n  model: caf\xe9\n"), "encoding", "UTF-8"),
    "half a character pair in bytes": ("a.yaml", holding("a.yaml", b"delivery: \xed\xa0\x80\n"), "encoding", "UTF-8"),
    "UTF-16": ("a.yaml", holding("a.yaml", "delivery: {}".encode("utf-16")), "encoding", "UTF-16"),
    "30 MB": ("a.yaml", holding("a.yaml", b"a: " + b"x" * 30_000_000), "too-large", "bytes"),
    "YAML that is too deep": ("a.yaml", holding("a.yaml", b"[" * DEEP), "too-deep", "32"),
    "YAML blocks that are too deep": ("a.yaml", holding("a.yaml", b"- " * DEEP + b"x"), "too-deep", "32"),
    "JSON that is too deep": ("a.json", holding("a.json", b'{"a":' * DEEP), "too-deep", "32"),
    "TOML that is too deep": ("a.toml", holding("a.toml", b"a = " + b"[" * DEEP), "too-deep", "32"),
    "TOML with a key of too many parts": ("a.toml", holding("a.toml", b"a." * DEEP + b"a = 1"), "too-deep", "32"),
    "TOML with a table of too many parts": ("a.toml", holding("a.toml", b"[" + b"a." * DEEP + b"a]"), "too-deep", "32"),
    "an alias bomb": ("a.yaml", holding("a.yaml", BOMB), "too-many", "alias"),
    "an alias of nothing": ("a.yaml", holding("a.yaml", b"a: *b\n"), "", "alias"),
    "an alias of itself": ("a.yaml", holding("a.yaml", b"a: &a [*a]\n"), "bad-alias", "alias"),
    "a Python object": ("a.yaml", holding("a.yaml", b"a: !!python/object/apply:os.system ['echo gone > gone']\n"), "tag", "tags"),
    "a tag of another kind": ("a.yaml", holding("a.yaml", b"a: !include /etc/passwd\n"), "tag", "tags"),
    "two documents": ("a.yaml", holding("a.yaml", b"a: 1\n---\na: 2\n"), "many-documents", "one document"),
    "a key twice in YAML": ("a.yaml", holding("a.yaml", b"delivery:\n  model: a\n  model: b\n"), "duplicate-key", "model"),
    "a key twice in JSON": (
        "a.json",
        holding("a.json", b'{"delivery": {"model": "a",\n"model": "b"}}'),
        "duplicate-key",
        "model",
    ),
    "a key twice in TOML": ("a.toml", holding("a.toml", b'[delivery]\nmodel = "a"\nmodel = "b"\n'), "", ""),
    "not a number in YAML": ("a.yaml", holding("a.yaml", b"delivery: {model: .nan}"), "number-range", ".nan"),
    "not a number in JSON": ("a.json", holding("a.json", b'{"delivery": NaN}'), "number-range", "NaN"),
    "not a number in TOML": ("a.toml", holding("a.toml", b"delivery = nan"), "number-range", "nan"),
    "infinity": ("a.json", holding("a.json", b'{"delivery": -Infinity}'), "number-range", "Infinity"),
    "a number beyond all numbers": ("a.json", holding("a.json", b'{"delivery": 1e999}'), "number-range", "number"),
    "a number of 5,000 digits": ("a.toml", holding("a.toml", b"a = " + b"9" * 5000), "number-range", "number"),
    "half a character pair in JSON": ("a.json", holding("a.json", b'{"delivery": "\\ud800"}'), "bad-text", "surrogate"),
    "half a character pair in a key": ("a.json", holding("a.json", b'{"\\udfff": 1}'), "bad-text", "surrogate"),
    "half a character pair in YAML": ("a.yaml", holding("a.yaml", b'delivery: "\\ud800"'), "", ""),
    "half a character pair in TOML": ("a.toml", holding("a.toml", b'delivery = "\\ud800"'), "", ""),
    "JSON in a .toml file": ("a.toml", holding("a.toml", b'{"delivery": {"model": "a"}}'), "syntax", "TOML"),
    "YAML in a .json file": ("a.json", holding("a.json", b"delivery:\n  model: a\n"), "syntax", "JSON"),
    "TOML in a .yaml file": ("a.yaml", holding("a.yaml", b'[delivery]\nmodel = "a"\n'), "syntax", "YAML"),
    "a tab for a space in YAML": ("a.yaml", holding("a.yaml", b"delivery:\n\tmodel: a\n"), "syntax", "YAML"),
    "JSON that ends too early": ("a.json", holding("a.json", b'{"delivery": {'), "syntax", "ends too early"),
    "a text too long": ("a.yaml", holding("a.yaml", b"delivery: " + b"x" * 30_000), "too-long", "20000"),
}


# What could hang, crash or swallow memory is given to a process of its own; all else is quicker in this one.
HARD = (
    "no such file",
    "a name that is not UTF-8",
    "a folder",
    "a pipe that nobody writes to",
    "a device that never ends",
    "links in a circle",
    "an empty file",
    "a compressed file",
    "30 MB",
    "YAML that is too deep",
    "YAML blocks that are too deep",
    "JSON that is too deep",
    "TOML that is too deep",
    "TOML with a key of too many parts",
    "TOML with a table of too many parts",
    "an alias bomb",
    "a Python object",
    "a key twice in YAML",
    "not a number in JSON",
    "a number of 5,000 digits",
    "half a character pair in JSON",
)


@pytest.mark.parametrize("what", HARD)
def test_bad_input_ends_the_real_command_quickly_with_one_clear_problem(
    what: str,
    here: Path,
    process: Any,
    is_one_problem: Any,
    assert_harmless: Any,
) -> None:
    name, make, _, _ = BAD[what]
    make(here)
    ended = process("check", name)
    assert ended.code == 2
    assert ended.out == ""
    assert is_one_problem(ended.err), ended.err[:2000]
    assert_harmless(ended.err)
    assert not (here / "gone").exists()
    assert within(ended.seconds, 2)


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_one_clear_problem(what: str, here: Path, run: Any, is_one_problem: Any, assert_harmless: Any) -> None:
    name, make, code, word = BAD[what]
    make(here)
    ended = run("check", os.fsdecode(name))
    assert ended.code == 2
    assert ended.out == ""
    assert is_one_problem(ended.err), ended.err[:2000]
    assert code in ended.err.split("]")[0]
    assert word.lower() in ended.err.lower()
    assert max(map(len, ended.err.split("\n"))) < 600
    assert_harmless(ended.err)


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_one_clear_problem_in_json_too(what: str, here: Path, run: Any) -> None:
    name, make, code, word = BAD[what]
    make(here)
    ended = run("validate", os.fsdecode(name), "--format", "json")
    assert ended.code == 2
    [file] = ended.json["files"]
    assert (file["readable"], file["valid"]) == (False, False)
    [problem] = file["problems"]
    assert code in problem["code"]
    assert word.lower() in (problem["what"] + problem["help"]).lower()


@pytest.mark.parametrize("what", ["30 MB", "JSON that is too deep", "an alias bomb", "an empty file"])
def test_bad_input_on_standard_input_is_one_clear_problem(
    what: str,
    here: Path,
    process: Any,
    is_one_problem: Any,
) -> None:
    name, make, code, _ = BAD[what]
    make(here)
    ended = process("check", "-", "--input", str(name).rsplit(".", 1)[1], stdin=(here / str(name)).read_bytes())
    assert ended.code == 2
    assert ended.out == ""
    assert is_one_problem(ended.err)
    assert code in ended.err
    assert "<stdin>" in ended.err
    assert within(ended.seconds, 2)


def test_standard_input_that_never_ends_is_refused(process: Any, is_one_problem: Any) -> None:
    with open("/dev/zero", "rb") as endless:
        ended = process("check", "-", stdin=endless)
    assert ended.code == 2
    assert is_one_problem(ended.err)


@pytest.mark.parametrize(
    ("file", "line", "column"),
    [
        ("YAML in a .json file", 1, 1),
        ("JSON that ends too early", 1, 15),
        ("a key twice in JSON", 2, 1),
        ("control characters", 2, 10),
        ("not a number in YAML", 1, 19),
        ("half a character pair in JSON", 1, 14),
    ],
)
def test_the_place_of_bad_input_is_told(file: str, line: int, column: int, here: Path, run: Any) -> None:
    name, make, _, _ = BAD[file]
    make(here)
    assert re.search(rf"^ --> {name}:{line}:{column}$", run("check", name).err, re.MULTILINE)


def test_every_readable_file_is_judged_beside_those_that_are_not(passing: Any, write: Any, here: Path, run: Any) -> None:
    (here / "broken.yaml").write_bytes(b"[")
    ended = run(
        "validate", "broken.yaml", write("good.json", passing), "nowhere.yaml", write("bad.json", passing | {"colour": 1})
    )
    assert ended.code == 2
    assert "good.json: valid" in ended.out
    assert "bad.json: 1 problem" in ended.out
    assert "no fact is called `colour`" in ended.out
    assert "there is no file `nowhere.yaml`" in ended.out
    assert ended.out.count("error[") == 3
