"""What the tests of the command line share: the command in this process, the real command, and files to give it."""

from __future__ import annotations

import copy
import json
import os
import re
import resource
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
from gatewright.cli.inputs import read_pack
from gatewright.cli.main import app
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("gatewright")
GATES = (
    "use-case",
    "lineage",
    "training-evaluation",
    "registry-promotion",
    "serving-release",
    "monitoring-drift",
    "retraining-rollback",
    "reproducibility-governance",
    "operations-incident",
    "delivery-bundle",
)
# Serving before training: gate 5 comes before gates 3 and 4, which it needs.
ANOTHER_ORDER = ("use-case", "lineage", "serving-release", "training-evaluation", "registry-promotion", *GATES[5:])
TURNED_ROUND = (("serving-release", "training-evaluation"), ("serving-release", "registry-promotion"))


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, standard output, standard error, and the processor time of a real process."""

    code: int
    out: str
    err: str
    seconds: float = 0.0

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def both(self) -> str:
        return self.out + self.err


@pytest.fixture(scope="session")
def gates() -> tuple[str, ...]:
    return GATES


@pytest.fixture(scope="session")
def examples() -> Path:
    return ROOT / "docs" / "examples"


@pytest.fixture(scope="session")
def shipped_pack() -> Path:
    return ROOT / "knowledge" / "mlops"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory, so that file names in answers are short."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GATEWRIGHT_DEBUG", raising=False)
    return tmp_path


@pytest.fixture
def write(here: Path) -> Callable[[str, object], str]:
    """Write bytes, text, or anything else as JSON; returns the name."""

    def write(name: str, content: object) -> str:
        if not isinstance(content, (str, bytes)):
            text = json.dumps(content, indent=1, ensure_ascii=False)  # all stands as itself but what no text file may hold
            content = "".join(
                char if char == "\n" or unicodedata.category(char) not in ("Cc", "Cn") else json.dumps(char)[1:-1]
                for char in text
            )
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        (here / name).write_bytes(data)
        return name

    return write


@pytest.fixture
def passing() -> dict[str, Any]:
    """A whole delivery that passes all ten gates, free to be changed."""
    return copy.deepcopy(read_pack("mlops").example)


@pytest.fixture
def reordered(passing: dict[str, Any]) -> dict[str, Any]:
    """The same, with another order asked for: serving before training."""
    return passing | {"sequence": {"order": list(ANOTHER_ORDER), "requested_by": "mei.tanaka", "reason": "the cluster is booked"}}


@pytest.fixture(scope="session")
def turned_round() -> tuple[tuple[str, str], ...]:
    return TURNED_ROUND


@pytest.fixture(scope="session")
def run() -> Callable[..., Ended]:
    """The command in this process. Its tree of commands is made once: typer's own `invoke` makes it anew each time."""
    runner, command = CliRunner(), typer.main.get_command(app)

    def run(*args: object, stdin: bytes | str | None = None) -> Ended:
        with runner.isolation(input=stdin) as (out, err, _):
            code: Any = 0
            try:
                command.main([str(arg) for arg in args], prog_name="gatewright")
            except SystemExit as ended:
                code = ended.code or 0
            sys.stdout.flush()
            sys.stderr.flush()
            return Ended(code, out.getvalue().decode(), err.getvalue().decode())

    return run


@pytest.fixture(scope="session")
def process() -> Callable[..., Ended]:
    """The command as a process of its own. It has to end; how much processor time it took is noted."""

    def process(*args: object, stdin: Any = b"", env: dict[str, str] | None = None, **more: Any) -> Ended:
        given = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | given | more
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        outcome = subprocess.run(
            [COMMAND, *(arg if isinstance(arg, bytes) else str(arg) for arg in args)],
            timeout=30,
            env=os.environ | (env or {}),
            check=False,
            **streams,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Ended(outcome.returncode, (outcome.stdout or b"").decode(), (outcome.stderr or b"").decode(), spent)

    return process


# One problem, as the design shows it: what, where, the line with carets, how to mend.
PROBLEM = re.compile(r"error\[[a-z-]+\]: [^\n]+\n(?: --> [^\n]+\n)?(?:(\d+) \| [^\n]*\n +\| *\^+\n)?(?:  help: [^\n]+\n)?")


@pytest.fixture(scope="session")
def is_one_problem() -> Callable[[str], bool]:
    return lambda text: PROBLEM.fullmatch(text) is not None


def columns(char: str) -> int:
    """The columns that a terminal gives a character, as wcwidth has it."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


@pytest.fixture(scope="session")
def under_carets() -> Callable[[str], str]:
    """The part of the source line that stands over the carets of the first problem of an answer."""

    def under_carets(answer: str) -> str:
        lines = answer.split("\n")
        number = next(n for n, line in enumerate(lines) if re.fullmatch(r" *\| *\^+", line))
        source, carets = lines[number - 1], lines[number]
        found, column = "", 0
        for char in source:
            if carets[column : column + 1] == "^":
                found += char
            column += columns(char)
        return found

    return under_carets


CI_COMMANDS = re.compile(r"##\w*\[")  # `##[error]`, `##vso[...]`, `##teamcity[...]`: read anywhere in a line


@pytest.fixture(scope="session")
def assert_harmless() -> Callable[[str], None]:
    """Nothing in an answer steers a terminal or a CI job."""

    def assert_harmless(answer: str) -> None:
        steering = {f"U+{ord(c):04X}" for c in answer if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert not steering
        for line in answer.split("\n"):
            assert not line.lstrip().startswith("::")
            assert not CI_COMMANDS.search(line)

    return assert_harmless


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage is of the engine, whose own tests reach nearly all of it; measured here too it would double the time."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.no_cover)
