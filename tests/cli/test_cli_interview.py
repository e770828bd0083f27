"""`interview` asks what unblocks most, checks each answer at once, and writes it into the file."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli.inputs import read_pack
from gatewright.engine import document, facts

PACK = read_pack("mlops")
COMMAND = Path(sys.executable).with_name("gatewright")
# What a new file is asked about first, one question from each topic.
FIRST = [
    "use_case.risk.impact",
    "lineage.datasets",
    "training.evaluation.thresholds",
    "registry.versioning",
    "serving.budgets.latency",
    "monitoring.alerts",
    "governance.controls",
]


def read(name: str) -> Any:
    found = facts.read(document.read(Path(name).read_bytes(), name), PACK)
    assert found.problems == ()
    return found


def answers(*lines: str) -> str:
    return "".join(line + "\n" for line in lines)


def without(passing: dict[str, Any], *paths: str) -> dict[str, Any]:
    for path in paths:
        level = passing
        *above, last = path.split(".")
        for key in above:
            level = level[key]
        del level[last]
    return passing


# --- answers


def test_a_new_file_is_begun_and_asked_about_each_topic_once(here: Path, run: Any) -> None:
    ended = run("interview", "new.yaml", stdin=answers("low", "", "auc >= 0.8", "", "", "", ""))
    assert ended.code == 0
    assert [re.sub(r".*: ", "", line) for line in ended.out.splitlines() if line.startswith("Question ")] == [
        topic.title for topic in PACK.topics
    ]
    found = read("new.yaml")
    assert [found.plain[path].items[0].shown for path in (FIRST[0], FIRST[2])] == ["low", "auc >= 0.8"]
    assert "Facts: 2 stated" in ended.out
    assert ended.out.endswith("Next: gatewright check new.yaml\nMore questions: gatewright interview new.yaml\n")


def test_each_question_says_why_what_can_be_answered_and_what_is_assumed(here: Path, run: Any) -> None:
    out = run("interview", "new.yaml", stdin="").out
    assert "Is the impact of errors on people high or low?" in out
    assert "why       gate 1, use-case, waits for it: Success metrics and business impact are explicit" in out
    assert "choices   1 high, 2 low" in out
    default = PACK.facts[FIRST[0]].default
    assert default
    assert f"declined  assumed: high. {default.because}" in out


def test_comments_and_order_of_the_file_stay(here: Path, examples: Path, run: Any) -> None:
    before = (examples / "made-with-ml.yaml").read_text()
    Path("mine.yaml").write_text(before)
    ended = run("interview", "mine.yaml", stdin=answers("f1 >= 0.8 # all classes", "2", "", "", "", "", ""))
    assert ended.code == 0
    after = Path("mine.yaml").read_text()
    kept = iter(after.splitlines())
    assert all(line in kept for line in before.splitlines() if line.lstrip().startswith("#"))
    assert document.read(after.encode()).root.plain() != document.read(before.encode()).root.plain()


def test_a_choice_can_be_answered_by_its_number(here: Path, run: Any) -> None:
    run("interview", "new.yaml", stdin=answers("2", "q"))
    assert read("new.yaml").plain[FIRST[0]].items[0].shown == "low"


def test_several_choices_can_be_answered_by_numbers_and_names(write: Any, passing: Any, run: Any) -> None:
    name = write("mine.json", without(passing, "monitoring.performance.tracks"))
    assert run("interview", name, stdin=answers("1, error-rate; 3")).code == 0
    found = {item.shown for item in read(name).plain["monitoring.performance.tracks"].items}
    assert found == {"latency", "error-rate", "resource-use"}


def test_a_number_is_written_as_a_number(write: Any, passing: Any, run: Any) -> None:
    name = write("mine.json", without(passing, "training.failure.max_reruns"))
    out = run("interview", name, stdin=answers("many", "3")).out
    assert "unit      runs" in out
    assert "error[wrong-type]" in out
    assert read(name).plain["training.failure.max_reruns"].items[0].value == 3


def test_a_wrong_answer_is_told_with_its_mend_and_asked_for_again(here: Path, run: Any) -> None:
    out = run("interview", "new.yaml", stdin=answers("hihg", "high", "q")).out
    assert "error[wrong-choice]: `hihg` is not among the choices of `use_case.risk.impact`" in out
    assert "help: did you mean `high`?" in out
    assert read("new.yaml").plain[FIRST[0]].items[0].shown == "high"


def test_what_is_not_measurable_is_told_and_kept_only_where_it_is_meant(here: Path, run: Any) -> None:
    out = run("interview", "new.yaml", stdin=answers("high", "", "good accuracy", "good accuracy", "q")).out
    assert out.count("`good accuracy` is not measurable: it has no number") == 1
    assert read("new.yaml").plain[FIRST[2]].items[0].shown == "good accuracy"
    out = run("interview", "other.yaml", stdin=answers("high", "", "good accuracy", "auc >= 0.8", "q")).out
    assert read("other.yaml").plain[FIRST[2]].items[0].shown == "auc >= 0.8"


@pytest.mark.parametrize("answer", ['say "hi": # no', "- a", "*x", "{}", "ünïcødé 日本", "22:30", "no", "010"])
def test_any_text_is_kept_as_it_was_typed(answer: str, write: Any, passing: Any, run: Any) -> None:
    import yaml

    without(passing, "bundle.context")
    name = write("mine.yaml", yaml.safe_dump(passing, sort_keys=False))
    assert run("interview", name, stdin=answers(answer)).code == 0
    assert read(name).plain["bundle.context"].items[0].shown == answer


# --- records


def test_records_are_asked_for_field_by_field(here: Path, run: Any) -> None:
    lines = ["high", "sales", "tills", "latest", "2026-09-30", "the team", "", "y", "weather", "", "v2", "ana", "n", "q"]
    out = run("interview", "new.yaml", stdin=answers(*lines)).out
    assert "`latest` moves: tomorrow it is another version" in out
    assert "`the team` names nobody who could be called" in out
    plain = document.read(Path("new.yaml").read_bytes()).root.plain()
    assert plain["lineage"]["datasets"] == [  # type: ignore[index, call-overload]
        {"name": "sales", "source": "tills", "version": "2026-09-30", "owner": "TBD"},
        {"name": "weather", "source": "TBD", "version": "v2", "owner": "ana"},
    ]


def test_a_fact_that_is_stated_or_measured_takes_a_choice_or_records(write: Any, passing: Any, run: Any) -> None:
    name = write("mine.json", without(passing, "training.evaluation.stability"))
    shutil.copy(name, "other.json")
    run("interview", name, stdin=answers("stable"))
    assert read(name).plain["training.evaluation.stability"].items[0].shown == "stable"
    runs = [line for n in range(3) for line in (f"seed-{n}", "auc", f"0.8{n}", "y" if n < 2 else "n")]
    run("interview", "other.json", stdin=answers("list", *runs))
    assert [row["value"].items[0].value for row in read("other.json").records["training.evaluation.stability"]] == [
        0.8,
        0.81,
        0.82,
    ]


def test_a_reference_to_nothing_is_told_with_what_is_declared(write: Any, passing: Any, run: Any) -> None:
    name = write("mine.json", without(passing, "retraining.validation.datasets"))
    out = run("interview", name, stdin=answers("holdout", "1")).out
    assert "choices   1 holdout_2026q3" in out
    assert "error[bad-reference]" in out
    assert "did you mean `holdout_2026q3`?" in out
    assert read(name).plain["retraining.validation.datasets"].items[0].shown == "holdout_2026q3"


def test_a_record_that_is_broken_off_is_kept_as_far_as_it_goes(here: Path, run: Any) -> None:
    run("interview", "new.yaml", stdin=answers("high", "sales", "tills"))
    plain = document.read(Path("new.yaml").read_bytes()).root.plain()
    assert plain["lineage"]["datasets"] == [  # type: ignore[index, call-overload]
        {"name": "sales", "source": "tills", "version": "TBD", "owner": "TBD"}
    ]


# --- declined


@pytest.mark.parametrize("declined", ["", "TBD", "n/a", "unknown", "<fill in>"])
def test_what_is_declined_is_assumed_with_the_default_of_the_pack(declined: str, here: Path, run: Any) -> None:
    run("interview", "new.yaml", stdin=answers(declined, "Mei Tanaka", "q"))
    (assumption,) = read("new.yaml").assumptions
    default = PACK.facts[FIRST[0]].default
    assert default
    assert (assumption.fact, assumption.value, assumption.reason, assumption.owner) == (
        FIRST[0],
        default.value,
        default.because,
        "Mei Tanaka",
    )


def test_the_owner_of_assumptions_is_asked_for_once(here: Path, run: Any) -> None:
    out = run("interview", "new.yaml", stdin=answers("", "everyone", "Mei Tanaka", "", "", "", "", "", "")).out
    assert out.count("Who answers for what is assumed?") == 2
    assert "`everyone` is nobody who could be called" in out
    assert {one.owner for one in read("new.yaml").assumptions} == {"Mei Tanaka"}
    assert [one.fact for one in read("new.yaml").assumptions] == [FIRST[0], FIRST[3]]
    again = run("interview", "new.yaml", stdin=answers("", "", "", "", "", "", "")).out
    assert "Who answers" not in again


def test_an_assumption_without_an_owner_does_not_count(here: Path, run: Any) -> None:
    out = run("interview", "new.yaml", stdin=answers("", "", "", "", "", "", "", "")).out
    assert "does not count until somebody answers for it" in out
    assert read("new.yaml").plain[FIRST[0]].state == "placeholder"
    assert "Facts: 0 stated, 0 assumed, 110 open." in out


def test_what_is_declined_and_cannot_be_assumed_stays_open(here: Path, run: Any) -> None:
    out = run("interview", "new.yaml", stdin=answers("high", "", "", "q")).out
    assert "declined  it stays open, for only the team can know it" in out
    assert "`training.evaluation.thresholds` stays open." in out
    assert read("new.yaml").plain[FIRST[2]].state == "placeholder"


def test_a_default_that_does_not_fit_the_file_is_not_assumed(write: Any, passing: Any, run: Any) -> None:
    """The signals of the pack lead to responses that this file does not have."""
    name = write("mine.json", without(passing, "monitoring.drift.signals"))
    out = run("interview", name, stdin=answers("", "Mei")).out
    assert "stays open: what could be assumed does not fit" in out
    assert read(name).assumptions == ()


def test_an_answer_takes_the_place_of_an_assumption_that_is_open(here: Path, run: Any) -> None:
    assert run("init", "new.yaml", "--one-shot", "--owner", "Mei Tanaka").code == 0
    run("interview", "new.yaml", stdin=answers("2.0.0", "q"))
    found = read("new.yaml")
    assert found.plain["delivery.version"].state == "stated"
    assert "fact: delivery.version" not in Path("new.yaml").read_text()
    assert "fact: delivery.model" in Path("new.yaml").read_text()


# --- help, and the end


def test_a_question_mark_explains_and_asks_again(here: Path, run: Any) -> None:
    out = run("interview", "new.yaml", stdin=answers("?", "low", "q")).out
    assert f"`use_case.risk.impact`: {PACK.facts[FIRST[0]].means}" in out
    assert "decision table: " in out
    assert read("new.yaml").plain[FIRST[0]].items[0].shown == "low"


@pytest.mark.parametrize("end", ["q\n", ""])
def test_what_has_been_answered_is_kept_when_it_ends_early(end: str, here: Path, process: Any) -> None:
    ended = process("interview", "new.yaml", stdin=b"low\n" + end.encode())
    assert (ended.code, ended.err) == (0, "")
    assert "1 stated" in ended.out
    assert read("new.yaml").plain[FIRST[0]].items[0].shown == "low"


def test_nothing_is_written_where_nothing_is_answered(here: Path, run: Any) -> None:
    ended = run("interview", "new.yaml", stdin=answers("q"))
    assert ended.code == 0
    assert ended.out.endswith("Nothing was answered, and nothing is written.\n")
    assert not Path("new.yaml").exists()


def test_where_nothing_is_open_nothing_is_asked(write: Any, passing: Any, run: Any) -> None:
    ended = run("interview", write("mine.json", passing), stdin="")
    assert ended.code == 0
    assert "No question is open that an answer could settle." in ended.out
    assert "10 of 10 gates passed" in ended.out


def test_where_an_answer_does_not_hold_nothing_is_asked_and_that_is_said(write: Any, passing: Any, run: Any) -> None:
    passing["serving"]["rollback"]["within"] = {
        "value": passing["serving"]["rollback"]["within"],
        "evidence": {"url": "https://x.example", "date": "2026-01-01"},
    }
    name = write("mine.json", passing)
    said = "Nothing is left to ask: what blocks is an answer that does not hold, or evidence that no longer counts."
    assert said in run("interview", name, "--today", "2028-01-01", stdin="").out
    assert "10 of 10 gates passed" in run("interview", name, "--today", "2026-01-02", stdin="").out


def test_fewer_open_facts_are_fewer_questions(write: Any, passing: Any, run: Any) -> None:
    name = write("mine.json", without(passing, "serving.platform", "bundle.context"))
    ended = run("interview", name, stdin=answers("KServe", "Replaces the scorecard"))
    assert ended.out.count("Question ") == 2
    assert "10 of 10 gates passed" in ended.out


@pytest.mark.parametrize("count", ["4", "8"])
def test_the_number_of_questions_can_be_set(count: str, here: Path, run: Any) -> None:
    ended = run("interview", "new.yaml", "--questions", count, stdin=answers(*["low"], *[""] * 12))
    assert ended.out.count("Question ") == int(count)


@pytest.mark.parametrize("count", ["3", "9", "x"])
def test_fewer_than_four_and_more_than_eight_questions_are_refused(count: str, here: Path, run: Any) -> None:
    assert run("interview", "new.yaml", "--questions", count, stdin="").code == 2


# --- files


@pytest.mark.parametrize(("name", "begun"), [("new.json", "{"), ("new.toml", "[delivery]")])
def test_other_formats_are_begun_and_written_too(name: str, begun: str, here: Path, run: Any) -> None:
    assert run("interview", name, stdin=answers("low", "sales", "tills", "v1", "ana", "n", "auc >= 0.8", "q")).code == 0
    assert Path(name).read_text().startswith(begun)
    found = read(name)
    assert found.plain["training.evaluation.thresholds"].items[0].shown == "auc >= 0.8"
    assert found.records["lineage.datasets"][0]["owner"].items[0].shown == "ana"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("-", None),
        ("folder", None),
        ("bad.yaml", "a: [\n"),
        ("twice.yaml", "a: 1\na: 2\n"),
        ("list.yaml", "- a\n"),
        ("no/new.yaml", None),
    ],
)
def test_an_interview_that_cannot_be_held_ends_with_2(name: str, content: str | None, here: Path, run: Any) -> None:
    (here / "folder").mkdir()
    if content:
        (here / name).write_text(content)
    ended = run("interview", name, stdin=answers("low", "q"))
    assert ended.code == 2
    assert "error[" in ended.err
    assert "Question" not in ended.out


def test_toml_without_its_library_is_said_before_anything_is_asked(here: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tomlkit", None)
    ended = run("interview", "new.toml", stdin=answers("low"))
    assert ended.code == 2
    assert "pip install 'gatewright[edit]'" in ended.err
    assert "Question" not in ended.out


def test_an_answer_that_cannot_be_written_is_not_lost(write: Any, run: Any) -> None:
    name = write("mine.yaml", "use_case: &u\n  risk: {factors: [none]}\nlineage: *u\n")
    before = Path(name).read_text()
    ended = run("interview", name, stdin=answers("low", "q"))
    assert ended.code == 0
    assert "This answer could not be written" in ended.out
    assert "These answers could not be written. Add them by hand:\n\n  use_case:\n    risk:\n      impact: low\n" in ended.out
    assert Path(name).read_text() == before


def test_what_somebody_else_writes_meanwhile_stays(here: Path, write: Any) -> None:
    write("mine.yaml", "delivery: {model: churn}\n")
    talk = subprocess.Popen([COMMAND, "interview", "mine.yaml"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert talk.stdin
    assert talk.stdout
    try:
        wait_for(talk.stdout.fileno(), "  > ")
        Path("mine.yaml").write_text("# theirs\ndelivery: {model: churn, version: 1.0.0}\n")
        talk.stdin.write(b"low\nq\n")
        talk.stdin.close()
        assert talk.wait(timeout=30) == 0
    finally:
        talk.kill()
        talk.stdout.close()
    assert Path("mine.yaml").read_text().startswith("# theirs\ndelivery: {model: churn, version: 1.0.0}\n")
    assert read("mine.yaml").plain[FIRST[0]].items[0].shown == "low"


def wait_for(descriptor: int, text: str, nudge: Callable[[], None] | None = None) -> str:
    """Read what is printed until `text` comes. `nudge` is called at once, and again after each 5 seconds of silence."""
    found, end, heard = "", time.monotonic() + 60, float("-inf")
    while text not in found:
        assert time.monotonic() < end, found
        if nudge and time.monotonic() - heard > 5:
            nudge()
            heard = time.monotonic()
        if select.select([descriptor], [], [], 1)[0]:
            found += os.read(descriptor, 65536).decode()
            heard = time.monotonic()
    return found


def test_texts_of_the_file_steer_no_terminal(write: Any, run: Any, assert_harmless: Callable[[str], None]) -> None:
    name = write(
        "mine.yaml",
        'delivery: {model: "\\e[31mred\\e]0;x\\a"}\ntraining: {evaluation: {datasets: [{name: "\\e[2J::error::x"}]}}\n'
        'assumptions: [{fact: serving.platform, value: x, reason: y, owner: "\\e[31m##[error]"}]\n',
    )
    ended = run("interview", name, stdin=answers("", "", "::error::\x1b[31m", "?", "", "", "", "", "", ""))
    assert ended.code == 0
    assert_harmless(ended.out)


# --- in a terminal


def test_in_a_terminal_what_is_typed_stands_there_once_and_ctrl_c_ends_in_order(here: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(COMMAND, [str(COMMAND), "interview", "new.yaml"])
    try:
        wait_for(terminal, "  > ")
        os.write(terminal, b"low\n")
        shown = wait_for(terminal, "name: What is the dataset called?")
        assert shown.count("low") == 1
        # as a person does who sees nothing happen: Python misses a signal that comes just before it waits for input
        wait_for(terminal, "Next: gatewright check new.yaml", nudge=lambda: os.kill(pid, signal.SIGINT))
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0
    finally:
        os.close(terminal)
    assert read("new.yaml").plain[FIRST[0]].items[0].shown == "low"
