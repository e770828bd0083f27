"""Where the answers of a command go: standard output and files, each in a format of its own."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

# What is heavier is imported where it is used: the options of commands are made from these formats.
if TYPE_CHECKING:
    from ..engine.errors import CannotJudge

STDOUT = "-"
# What may stand on standard output beside something else: both are read line by line.
_LINES = ("text", "github")


class ReportFormat(StrEnum):
    """How to print a verdict or the problems of files."""

    text = "text"
    json = "json"
    sarif = "sarif"
    junit = "junit"
    github = "github"
    summary = "summary"
    gitlab = "gitlab"
    html = "html"


@dataclass(frozen=True, slots=True)
class Report:
    """A format, and the file that it goes to; `-` is standard output."""

    format: str
    file: str


def wanted(
    format: str,
    output: str | None,
    reports: Sequence[str],
    inputs: Sequence[str] = (),
    formats: Sequence[str] = tuple(ReportFormat),
) -> list[Report]:
    """The answer in `format`, and each `FORMAT=FILE` besides. Raises CannotJudge where they are not right."""
    found = [Report(format, output or STDOUT), *(_report(one, formats) for one in reports)]
    to_stdout = [one.format for one in found if one.file == STDOUT]
    if len(to_stdout) > 1 and not (set(to_stdout) == set(_LINES) and len(to_stdout) == 2):
        raise _usage(
            f"standard output takes one answer, and here are {len(to_stdout)}: {', '.join(to_stdout)}",
            "name a file, as in `--report sarif=gatewright.sarif`; text and github may stand together",
        )
    files = [os.path.realpath(one.file) for one in found if one.file != STDOUT]
    twice = next((name for number, name in enumerate(files) if name in files[:number]), "")
    if twice:
        raise _usage(f"two reports go to `{os.path.basename(twice)}`", "give each a file of its own")
    for one in found:
        if one.file != STDOUT and any(_same(one.file, name) for name in inputs):
            raise _usage(f"`{one.file}` is read, and would be written over", "name another file for the report")
    return found


def format_of(name: str) -> str:
    """The format that the name of a file asks for; text where it asks for none."""
    return {".md": "markdown", ".html": "html", ".json": "json"}.get(os.path.splitext(name)[1].lower(), "text")


def _report(said: str, formats: Sequence[str]) -> Report:
    name, equals, file = said.partition("=")
    if not equals or not file:
        raise _usage(f"`--report {said}` names no file", "write it as in `--report json=FILE`")
    if name not in formats:
        raise _usage(f"no format is called `{name}`", f"choose from: {', '.join(formats)}")
    return Report(name, file)


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False


def _usage(what: str, help: str) -> CannotJudge:
    from ..engine.errors import CannotJudge, Problem

    return CannotJudge([Problem("usage", what, help=help)])


def write(name: str, text: str) -> None:
    """Write a whole file or none, over one that is there. A link stays, and what it leads to is written. Raises CannotJudge."""
    import tempfile

    from ..engine.errors import CannotJudge, Problem

    beside = ""
    data = text.encode("utf-8", "backslashreplace")
    try:
        path = os.path.realpath(name)
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            mode = stat.S_IFREG | 0o666 & ~_umask()
        if not stat.S_ISREG(mode):  # a device or a pipe can't be replaced
            with open(path, "wb") as file:
                file.write(data)
            return
        handle, beside = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".gatewright-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            os.fchmod(handle, stat.S_IMODE(mode))
        os.replace(beside, path)
        beside = ""
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotJudge([Problem("no-file", f"the report can't be written: {why}", file=name)]) from None
    finally:
        if beside:
            with contextlib.suppress(OSError):
                os.unlink(beside)


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now
