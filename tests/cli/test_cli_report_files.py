"""Answers in files: several formats of one evaluation, whole or not at all, and the exit code that says the same."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli.reports import ReportFormat

FORMATS = [str(one) for one in ReportFormat]
BESIDES = [one for one in FORMATS if one != "text"]


def reports(folder: str) -> list[str]:
    return [part for one in BESIDES for part in ("--report", f"{one}={folder}/r.{one}")]


@pytest.fixture
def blocked(write: Any, passing: dict[str, Any]) -> str:
    del passing["operations"]["runbook"]
    return write("a.json", passing)


@pytest.mark.parametrize("command", ["check", "validate"])
def test_reports_are_what_the_formats_print_and_the_same_in_every_run(command: str, blocked: str, run: Any, here: Path) -> None:
    for folder in ("one", "two"):
        (here / folder).mkdir()
        ended = run(command, blocked, *reports(folder))
        assert ended.out == run(command, blocked).out
    for one in BESIDES:
        alone = run(command, blocked, "--format", one)
        assert alone.code == ended.code
        assert (here / "one" / f"r.{one}").read_text("utf-8") == alone.out
        assert (here / "two" / f"r.{one}").read_text("utf-8") == alone.out


def test_it_is_evaluated_once_however_many_reports_there_are(blocked: str, run: Any, here: Path, monkeypatch: Any) -> None:
    from gatewright.engine import evaluate

    asked: list[object] = []
    original = evaluate.evaluate
    monkeypatch.setattr(evaluate, "evaluate", lambda *args, **more: asked.append(args) or original(*args, **more))
    run("check", blocked, *reports("."))
    assert len(asked) == 1


def test_output_takes_the_answer_from_standard_output(blocked: str, run: Any, here: Path) -> None:
    ended = run("check", blocked, "--format", "json", "--output", "out.json")
    assert (ended.code, ended.both) == (1, "")
    assert json.loads((here / "out.json").read_text())["verdict"] == "blocked"
    assert run("check", blocked, "--output", "-").out == run("check", blocked).out


def test_text_in_a_file_has_no_colour_whatever_is_asked_for(blocked: str, run: Any, here: Path) -> None:
    run("check", blocked, "--color", "always", "--output", "out.txt")
    assert (here / "out.txt").read_text() == run("check", blocked).out


def test_a_file_is_replaced_whole_with_its_mode_and_through_its_link(blocked: str, run: Any, here: Path) -> None:
    real = here / "real.txt"
    real.write_text("of an earlier run" * 10_000)
    real.chmod(0o640)
    (here / "link.txt").symlink_to("real.txt")
    run("check", blocked, "--output", "link.txt")
    assert (here / "link.txt").is_symlink()
    assert real.read_text() == run("check", blocked).out
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(os.listdir(here)) == ["a.json", "link.txt", "real.txt"]


def test_a_device_is_written_to_and_stays_a_device(blocked: str, run: Any) -> None:
    assert run("check", blocked, "--output", "/dev/null").code == 1
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--report", "sarif"], "names no file"),
        (["--report", "sarif="], "names no file"),
        (["--report", "pdf=a.pdf"], "no format is called `pdf`"),
        (["--report", "sarif=-"], "standard output takes one answer"),
        (["--report", "html=x", "--report", "sarif=./x"], "two reports go to `x`"),
        (["--output", "x", "--report", "sarif=x"], "two reports go to `x`"),
        (["--output", "a.json"], "`a.json` is read, and would be written over"),
        (["--report", "json=./a.json"], "`./a.json` is read, and would be written over"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_reports_that_cannot_be_are_a_wrong_use_and_write_nothing(
    options: list[str], says: str, blocked: str, run: Any, here: Path
) -> None:
    before = (here / "a.json").read_bytes()
    for command in ("check", "validate"):
        ended = run(command, blocked, *options)
        assert ended.code == 2
        assert says in ended.err
        assert "error[usage]" in ended.err
    assert os.listdir(here) == ["a.json"]
    assert (here / "a.json").read_bytes() == before


def test_annotations_may_stand_beside_the_text(blocked: str, run: Any) -> None:
    ended = run("check", blocked, "--report", "github=-")
    assert ended.out == run("check", blocked).out + run("check", blocked, "--format", "github").out


@pytest.mark.parametrize("options", [["--fix", "--yes"], ["--watch"]])
def test_validate_writes_no_report_while_it_mends_or_watches(options: list[str], blocked: str, run: Any) -> None:
    ended = run("validate", blocked, *options, "--output", "x")
    assert ended.code == 2
    assert "can't be used with `--fix` or `--watch`" in ended.err


@pytest.mark.parametrize("name", ["no/such/folder/x", ".", "a.json/x"])
def test_a_report_that_cannot_be_written_is_no_pass(name: str, run: Any, write: Any, passing: dict[str, Any]) -> None:
    ended = run("check", write("a.json", passing), "--report", f"sarif={name}")
    assert ended.code == 2
    assert "the report can't be written" in ended.err
    assert "PASSED" not in ended.out


@pytest.mark.parametrize(("name", "options"), [("no.yaml", []), ("a.json", ["--pack", "nope"])])
def test_what_cannot_be_judged_goes_to_every_report_and_to_standard_error(
    name: str, options: list[str], blocked: str, run: Any, here: Path
) -> None:
    ended = run("check", name, *options, *reports("."))
    assert ended.code == 2
    assert ended.err.startswith("error[")
    assert ended.out == ""
    assert sorted(path.name for path in here.glob("r.*")) == sorted(f"r.{one}" for one in BESIDES)
    assert json.loads((here / "r.json").read_text())["verdict"] is None


def test_a_fault_of_ours_leaves_no_report_of_an_earlier_run(blocked: str, run: Any, here: Path, monkeypatch: Any) -> None:
    from gatewright.engine import evaluate
    from gatewright.engine.errors import EngineFault

    def fault(*_: object, **__: object) -> None:
        raise EngineFault("the engines differ")

    (here / "r.junit").write_text("<testsuites/>")
    monkeypatch.setattr(evaluate, "evaluate", fault)
    ended = run("check", blocked, "--report", "junit=r.junit")
    assert ended.code == 3
    assert '<error type="fault"' in (here / "r.junit").read_text()
