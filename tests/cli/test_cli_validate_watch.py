"""`validate --watch`, with a real process and real changes of files."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

GOOD, BAD = "use_case: {objective: x}\n", "use_case: {objective: x, colour: red}\n"
PATIENCE = 15  # seconds until a test fails; none of them waits that long where all is well


class Watching:
    """The command as a process, and the summary lines that it prints."""

    def __init__(self, *arguments: str, cwd: Path) -> None:
        command = Path(sys.executable).with_name("gatewright")
        self.process = subprocess.Popen(
            [command, "validate", "--watch", *arguments], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, wanted: str) -> str:
        """Wait for a line that begins with `wanted`; all lines up to it."""
        found = ""
        while True:
            line = self._lines.get(timeout=PATIENCE)
            found += line
            if line.startswith(wanted):
                return found

    def stop(self) -> tuple[int, str]:
        """Ctrl-C: the exit code, and what is on standard error."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stderr
        return code, self.process.stderr.read()


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Any]:
    started: list[Watching] = []

    def watching(*arguments: str) -> Watching:
        started.append(Watching(*arguments, cwd=tmp_path))
        return started[-1]

    yield watching
    for one in started:
        one.process.kill()
        one.process.wait(PATIENCE)
        for stream in (one.process.stdout, one.process.stderr):
            if stream:
                stream.close()


def test_a_changed_file_is_validated_again_and_ctrl_c_ends_with_the_last_code(watching: Any, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    found = watching("a.yaml")
    found.until("a.yaml: valid")
    (tmp_path / "a.yaml").write_text(BAD)
    assert "error[unknown-fact]" in found.until("a.yaml: 1 problem")
    assert found.stop() == (1, "Watching; Ctrl-C ends.\n")


def test_a_file_that_an_editor_replaces_is_still_watched(watching: Any, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BAD)
    found = watching("a.yaml")
    found.until("a.yaml: 1 problem")
    for content, says in ((GOOD, "a.yaml: valid"), (BAD, "a.yaml: 1 problem"), (GOOD, "a.yaml: valid")):
        (tmp_path / "a.yaml.swp").write_text(content)
        (tmp_path / "a.yaml.swp").replace(tmp_path / "a.yaml")
        found.until(says)
    assert found.stop()[0] == 0


def test_new_files_and_new_folders_of_a_folder_are_seen(watching: Any, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.yaml").write_text(GOOD)
    found = watching("d")
    found.until("d/a.yaml: valid")
    (tmp_path / "d" / "b.yaml").write_text(GOOD)
    found.until("d/b.yaml: valid")
    (tmp_path / "d" / "sub").mkdir()
    (tmp_path / "d" / "sub" / "c.yaml").write_text(BAD)
    found.until("d/sub/c.yaml: 1 problem")
    (tmp_path / "d" / "sub" / "c.yaml").unlink()
    assert "c.yaml" not in found.until("d/b.yaml: valid")
    assert found.stop()[0] == 0


def test_a_file_that_is_not_there_yet_is_waited_for(watching: Any, tmp_path: Path) -> None:
    found = watching("a.yaml")
    found.until("a.yaml: can't be judged")
    (tmp_path / "a.yaml").write_text(GOOD)
    found.until("a.yaml: valid")
    assert found.stop()[0] == 0


def test_a_folder_that_is_not_there_leaves_nothing_to_watch(watching: Any) -> None:
    found = watching("nowhere/a.yaml")
    assert found.process.wait(PATIENCE) == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--watch", "-"), "standard input can't be watched"),
        (("--watch", "--fix", "a.yaml"), "`--fix` and `--watch` can't be used together"),
    ],
)
def test_what_can_not_be_watched_is_a_wrong_use(run: Any, here: Path, arguments: tuple[str, ...], says: str) -> None:
    ended = run("validate", *arguments)
    assert ended.code == 2
    assert says in ended.err


def test_without_the_library_that_watches_the_message_says_how_to_get_it(tmp_path: Path) -> None:
    program = "import sys; sys.modules['watchfiles'] = None\nfrom gatewright.cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", program, "validate", "--watch", "a.yaml"],
        cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "pip install 'gatewright[watch]'" in ended.stderr
