"""Runs the command in processes forked from one that has loaded it: quick, and a crash, a hang or a bomb takes no test with it.

As a program it reads one request a line on standard input and answers each with one line, both JSON.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_MEMORY = 2_000_000_000  # bytes of address space: a guard for the machine; the tests measure and ask for less


@dataclass(frozen=True)
class Finished:
    """How a process finished. A negative code is the signal that ended it."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


class Forks:
    """The process that forks. `command` is the real command, for what is to be run anew."""

    def __init__(self, command: Path, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, *arguments: str, anew: bool = False, instead: str = "", stack: int = 0, seconds: int = 20) -> Finished:
        """The command with these arguments, or `instead` as Python; `anew` runs the real command, loading included.

        It is killed after `seconds`; `stack` bounds the bytes of its stack.
        """
        request = {"arguments": arguments, "anew": anew, "instead": instead, "stack": stack, "seconds": seconds}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request | {"folder": str(self.folder)}) + "\n")
        self._process.stdin.flush()
        found = json.loads(self._process.stdout.readline())
        streams = [(self.folder / name).read_text("utf-8") for name in ("stdout", "stderr")]
        return Finished(found["code"], *streams, found["seconds"], found["megabytes"])

    def stop(self) -> None:
        self._process.communicate()


def serve(command: str) -> None:
    from gatewright.cli.main import app, main
    from typer.testing import CliRunner

    # Once here, so that the processes forked from this one find all loaded that it loads, the pack too.
    for name in ("check", "validate"):
        for form in ("text", "json"):
            assert CliRunner().invoke(app, [name, "-", "-f", form], input="delivery: {mod: a}").exit_code == 1
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _prepare(request)
            if request["anew"]:
                os.execv(command, ["gatewright", *request["arguments"]])
            if request["instead"]:
                exec(request["instead"], {})
                os._exit(0)
            sys.argv = ["gatewright", *request["arguments"]]
            try:
                main()
            except SystemExit as end:  # any other exception leaves its traceback, and the tests see it
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(int(end.code or 0))  # to take the interpreter down in order would take longer than the command
        _, status, used = os.wait4(child, 0)
        code, seconds = os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
        print(json.dumps({"code": code, "seconds": seconds, "megabytes": used.ru_maxrss / 1000}), flush=True)


def _prepare(request: Any) -> None:
    signal.alarm(request["seconds"])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    if request["stack"]:
        resource.setrlimit(resource.RLIMIT_STACK, (request["stack"], request["stack"]))
    os.chdir(request["folder"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in enumerate(("stdout", "stderr"), 1):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)


if __name__ == "__main__":
    serve(sys.argv[1])
