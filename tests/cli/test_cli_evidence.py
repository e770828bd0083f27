"""Evidence on the command line: the day it is judged by, and the files that it names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PLAIN = "serving.budgets.latency"


@pytest.fixture
def backed(passing: dict[str, Any], write: Callable[[str, object], str], here: Path) -> Callable[..., str]:
    """A delivery that passes, with evidence for its latency budget in reports/load.json."""
    (here / "reports").mkdir()
    (here / "reports" / "load.json").write_text('{"p95": 101}')

    def backed(**evidence: str) -> str:
        digest = "sha256:" + hashlib.sha256(b'{"p95": 101}').hexdigest()
        budgets = passing["serving"]["budgets"]
        budgets["latency"] = {
            "value": ["p95_latency <= 120 ms"],
            "evidence": {"path": "reports/load.json", "date": "2026-09-30", "digest": digest} | evidence,
        }
        return write("delivery.json", passing)

    return backed


def says(ended: Any) -> str:
    """What is wrong with the one fact that has evidence."""
    (found,) = [missing for missing in ended.json["missing"] if missing["fact"] == PLAIN]
    assert found["state"] == "stale"
    return found["says"]


def test_a_fact_with_fresh_evidence_counts(run: Callable[..., Any], backed: Callable[..., str]) -> None:
    ended = run("check", backed(), "--project", ".", "--today", "2026-10-01", "-f", "json")
    assert (ended.code, ended.json["verdict"]) == (0, "passed")
    assert ended.json["facts"]["evidence"] == {"facts": 1, "as_of": "2026-10-01", "files_compared": True}


def test_evidence_older_than_the_pack_lets_it_be_blocks_and_says_since_when(
    run: Callable[..., Any], backed: Callable[..., str]
) -> None:
    ended = run("check", backed(), "--today", "2027-10-02", "-f", "json")
    assert ended.code == 1
    assert says(ended) == "rests on evidence of 2026-09-30 that counts for 366 days: stale since 2027-10-02"


def test_without_a_day_the_clock_decides(run: Callable[..., Any], backed: Callable[..., str]) -> None:
    ended = run("check", backed(date="2020-01-01"), "-f", "json")
    assert (ended.code, says(ended)[-16:]) == (1, "since 2021-01-02")


def test_a_changed_file_blocks_where_the_project_is_given(
    run: Callable[..., Any], backed: Callable[..., str], here: Path
) -> None:
    file = backed()
    (here / "reports" / "load.json").write_text('{"p95": 180}')
    assert run("check", file, "--today", "2026-10-01").code == 0
    ended = run("check", file, "--project", ".", "--today", "2026-10-01", "-f", "json")
    assert (ended.code, "has changed since" in says(ended)) == (1, True)


def test_a_text_answer_says_that_files_were_not_compared(run: Callable[..., Any], backed: Callable[..., str]) -> None:
    file = backed()
    line = "1 fact with evidence, judged as of 2026-10-01"
    assert f"{line}; --project FOLDER compares the files too\n" in run("check", file, "--today", "2026-10-01").out
    assert f"{line}\n" in run("check", file, "--today", "2026-10-01", "--project", ".").out


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "link outside", "link in a circle", "through a link outside"])
def test_only_a_regular_file_inside_the_project_is_ever_read(
    run: Callable[..., Any], backed: Callable[..., str], here: Path, tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "load.json").write_text('{"p95": 101}')  # the digest would be right
    file = backed(path="reports/other.json" if kind != "through a link outside" else "link/load.json")
    other = here / "reports" / "other.json"
    if kind == "folder":
        other.mkdir()
    elif kind == "fifo":
        os.mkfifo(other)
    elif kind == "link outside":
        other.symlink_to(outside / "load.json")
    elif kind == "link in a circle":
        other.symlink_to(other)
    elif kind == "through a link outside":
        (here / "link").symlink_to(outside)
    ended = run("check", file, "--project", ".", "--today", "2026-10-01", "-f", "json")
    expected = {"folder": "is no regular file", "fifo": "is no regular file"}
    assert says(ended).endswith(
        expected.get(kind, "leads out of the project folder" if "outside" in kind else "is not in the project folder")
    )


def test_a_link_inside_the_project_is_followed(run: Callable[..., Any], backed: Callable[..., str], here: Path) -> None:
    file = backed(path="reports/newest.json")
    (here / "reports" / "newest.json").symlink_to("load.json")
    assert run("check", file, "--project", ".", "--today", "2026-10-01").code == 0


def test_files_beyond_the_limit_are_not_read(run: Callable[..., Any], backed: Callable[..., str], here: Path) -> None:
    file = backed(path="reports/huge.bin")
    with open(here / "reports" / "huge.bin", "wb") as huge:
        huge.truncate((1 << 30) + 1)  # a sparse file: it has the size and no content
    assert "too large to be compared" in says(run("check", file, "--project", ".", "--today", "2026-10-01", "-f", "json"))


@pytest.mark.parametrize("day", ["yesterday", "2026-1-1", "2026-02-30", "", "01.10.2026", "\x1b[31m"])
def test_a_day_that_is_none_is_a_usage_error(
    run: Callable[..., Any], backed: Callable[..., str], assert_harmless: Callable[[str], None], day: str
) -> None:
    ended = run("check", backed(), "--today", day)
    assert (ended.code, "error[usage]: `--today" in ended.err) == (2, True)
    assert_harmless(ended.err)


@pytest.mark.parametrize("project", ["nowhere", "delivery.json", ""])
def test_a_project_that_is_no_folder_is_a_usage_error(run: Callable[..., Any], backed: Callable[..., str], project: str) -> None:
    ended = run("check", backed(), "--project", project)
    assert (ended.code, "there is no folder" in ended.err) == (2, True)


@pytest.mark.parametrize("command", [("check",), ("recommend",), ("explain",), ("graph",), ("validate",)])
def test_every_command_that_judges_takes_the_day(
    run: Callable[..., Any], backed: Callable[..., str], command: tuple[str, ...]
) -> None:
    file = backed(date="2026-12-24")
    more = ("5",) if command == ("explain",) else ()
    assert "2026-12-24" in run(*command, file, *more, "--today", "2026-12-01", "-f", "json").out
    assert "lies after today" not in run(*command, file, *more, "--today", "2026-12-24", "-f", "json").out


def test_without_evidence_the_day_changes_no_byte(
    run: Callable[..., Any], passing: dict[str, Any], write: Callable[[str, object], str]
) -> None:
    file = write("plain.json", passing)
    assert run("check", file, "-f", "json", "--today", "2020-01-01").out == run("check", file, "-f", "json").out
