"""`validate --fix`: what it shows, when it writes, and that it touches nothing else."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest
from pace import within

WRONG = """\
# Tickets
use-case:
  objektive: Sort tickets   # for the help desk
  risk: {impact: High}
"""
RIGHT = WRONG.replace("use-case", "use_case").replace("objektive", "objective").replace("High", "high")
DIFF = """\
--- a.yaml
+++ a.yaml
@@ -1,4 +1,4 @@
 # Tickets
-use-case:
-  objektive: Sort tickets   # for the help desk
-  risk: {impact: High}
+use_case:
+  objective: Sort tickets   # for the help desk
+  risk: {impact: high}

"""


def fixed(run: Any, write: Any, content: str | bytes, name: str = "a.yaml") -> bytes:
    write(name, content)
    run("validate", "--fix", "--yes", name)
    return Path(name).read_bytes()


# --- showing and writing


def test_without_a_terminal_the_diff_is_shown_and_nothing_written(run: Any, write: Any, here: Path) -> None:
    ended = run("validate", "--fix", write("a.yaml", WRONG))
    assert ended.code == 1
    assert ended.out.startswith(DIFF)
    assert ended.out.endswith("nothing is written; to mend 3 lines as shown, run it again with --yes\n")
    assert (here / "a.yaml").read_text() == WRONG


def test_with_yes_the_diff_is_shown_and_the_file_written_and_validated(run: Any, write: Any, here: Path) -> None:
    ended = run("validate", "--fix", "--yes", write("a.yaml", WRONG))
    assert ended.code == 0
    assert ended.out == f"{DIFF}a.yaml: valid; facts: 2 stated, 111 not written\nmended: 3 lines\n"
    assert (here / "a.yaml").read_text() == RIGHT


def test_what_is_not_mended_is_told_as_ever(run: Any, write: Any) -> None:
    ended = run("validate", "--fix", "--yes", write("a.yaml", WRONG + "  colour: red\n"))
    assert ended.code == 1
    assert "no fact is called `use_case.colour`" in ended.out
    assert "a.yaml: 1 problem" in ended.out


def test_where_there_is_nothing_to_mend_the_answer_is_that_of_validate(run: Any, write: Any, here: Path) -> None:
    before = (here / write("a.yaml", RIGHT)).stat()
    assert run("validate", "--fix", "--yes", "a.yaml") == run("validate", "a.yaml")
    assert (here / "a.yaml").stat() == before or (here / "a.yaml").stat().st_mtime_ns == before.st_mtime_ns


def test_a_threshold_that_is_not_measurable_is_mended_though_it_is_no_problem(run: Any, write: Any) -> None:
    content = "use_case: {success_metrics: ['0.8 <= auc', good accuracy]}\n"
    ended = run("validate", "--fix", write("a.yaml", content))
    assert ended.code == 1
    assert "+use_case: {success_metrics: ['auc >= 0.8', good accuracy]}\n" in ended.out


def test_in_json_the_diff_and_the_lines_are_part_of_the_answer(run: Any, write: Any, here: Path) -> None:
    found = run("validate", "--fix", write("a.yaml", WRONG), "--format", "json")
    assert found.code == 1
    (mended,) = found.json["mended"]
    assert not mended["written"]
    assert mended["diff"] == DIFF.removesuffix("\n")
    assert mended["lines"][0] == {"line": 2, "before": "use-case:", "after": "use_case:"}
    assert run("validate", "--fix", "--yes", "a.yaml", "--format", "json").json["mended"][0]["written"]
    assert run("validate", "--fix", "--yes", "a.yaml", "--format", "json").json["mended"] == []
    assert (here / "a.yaml").read_text() == RIGHT


def test_several_files_and_folders_are_mended_together(run: Any, write: Any, here: Path) -> None:
    (here / "d").mkdir()
    write("d/a.yaml", WRONG)
    write("d/ci.yaml", "Jobs: 1\n")
    write("b.json", '{"use_case": {"owmer": "ana", "onwer": "x", "risk": {"impact": "LOW"}}}')
    ended = run("validate", "--fix", "--yes", "d", "b.json")
    assert ended.code == 1
    assert (here / "d/a.yaml").read_text() == RIGHT
    assert (here / "b.json").read_text() == '{"use_case": {"owmer": "ana", "onwer": "x", "risk": {"impact": "low"}}}'


def test_a_file_that_can_not_be_read_is_left_alone_and_the_others_mended(run: Any, write: Any, here: Path) -> None:
    write("broken.yaml", "use-case: [")
    write("a.yaml", WRONG)
    assert run("validate", "--fix", "--yes", "broken.yaml", "a.yaml").code == 2
    assert (here / "a.yaml").read_text() == RIGHT
    assert (here / "broken.yaml").read_text() == "use-case: ["


def test_standard_input_is_mended_to_standard_output_byte_by_byte(process: Any) -> None:
    content = b"\xef\xbb\xbf" + WRONG.replace("\n", "\r\n").encode()
    command = Path(sys.executable).with_name("gatewright")
    ended = subprocess.run([command, "validate", "--fix", "-"], input=content, capture_output=True, timeout=30, check=False)
    assert ended.returncode == 0
    assert ended.stdout == b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode()
    assert b"-use-case:" in ended.stderr
    assert b"<stdin>: valid" in ended.stderr


def test_what_can_not_be_read_from_standard_input_does_not_come_out_again(run: Any) -> None:
    ended = run("validate", "--fix", "-", stdin="use-case: [")
    assert ended.code == 2
    assert ended.out == ""
    assert "<stdin>: can't be judged" in ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--yes", "a.yaml"), "`--yes` belongs to `--fix`"),
        (("--fix", "-", "a.yaml"), "`-` stands alone"),
        (("--fix", "-", "--format", "json"), "no JSON"),
    ],
)
def test_options_that_do_not_go_together_are_a_wrong_use(run: Any, here: Path, arguments: tuple[str, ...], says: str) -> None:
    ended = run("validate", *arguments)
    assert ended.code == 2
    assert says in ended.both


def on_a_terminal(here: Path, answer: bytes) -> tuple[int, str]:
    """`validate --fix a.yaml` as somebody at a terminal sees it, who types `answer`."""
    ours, theirs = pty.openpty()
    command = Path(sys.executable).with_name("gatewright")
    process = subprocess.Popen(
        [command, "validate", "--fix", "a.yaml"],
        cwd=here,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(theirs, termios.TIOCSCTTY, 0),  # so that Ctrl-C comes from it
    )
    os.close(theirs)
    seen = b""
    try:
        while select.select([ours], [], [], 60)[0] and (part := os.read(ours, 10_000)):
            seen += part
            if b"[y/N]" in seen and answer:
                os.write(ours, answer)
                answer = b""
    except OSError:  # the other side has closed it
        pass
    os.close(ours)
    return process.wait(30), seen.decode().replace("\r\n", "\n")


def test_on_a_terminal_the_diff_is_shown_and_then_asked(here: Path, write: Any) -> None:
    write("a.yaml", WRONG)
    code, seen = on_a_terminal(here, b"y\n")
    assert code == 0
    assert seen.startswith(f"{DIFF}Apply? [y/N]")
    assert seen.endswith("mended: 3 lines\n")
    assert (here / "a.yaml").read_text() == RIGHT


@pytest.mark.parametrize("answer", [b"n\n", b"\n", b"\x04", b"\x03"], ids=["no", "nothing", "end of input", "ctrl-c"])
def test_on_a_terminal_nothing_but_yes_writes(here: Path, write: Any, answer: bytes) -> None:
    write("a.yaml", WRONG)
    code, seen = on_a_terminal(here, answer)
    assert code == 1
    assert "nothing is written" in seen
    assert (here / "a.yaml").read_text() == WRONG


# --- files


def test_the_mode_of_a_file_stays(run: Any, write: Any, here: Path) -> None:
    (here / write("a.yaml", WRONG)).chmod(0o640)
    run("validate", "--fix", "--yes", "a.yaml")
    assert (here / "a.yaml").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_and_what_it_leads_to_is_written(run: Any, write: Any, here: Path) -> None:
    (here / "d").mkdir()
    write("d/real.yaml", WRONG)
    (here / "a.yaml").symlink_to("d/real.yaml")
    run("validate", "--fix", "--yes", "a.yaml")
    assert (here / "a.yaml").is_symlink()
    assert (here / "d/real.yaml").read_text() == RIGHT


def test_nothing_is_left_beside_the_file(run: Any, write: Any, here: Path) -> None:
    run("validate", "--fix", "--yes", write("a.yaml", WRONG))
    assert os.listdir(here) == ["a.yaml"]


def test_a_file_that_changed_meanwhile_is_not_written(here: Path) -> None:
    from gatewright.cli import fixes
    from gatewright.engine.errors import CannotJudge

    (here / "a.yaml").write_text("newer")
    with pytest.raises(CannotJudge, match="has changed meanwhile"):
        fixes.write("a.yaml", WRONG.encode(), RIGHT.encode())
    assert (here / "a.yaml").read_text() == "newer"


@pytest.mark.parametrize("name", ["/dev/null", "nowhere.yaml", "."])
def test_what_is_no_regular_file_is_not_written(here: Path, name: str) -> None:
    from gatewright.cli import fixes
    from gatewright.engine.errors import CannotJudge

    with pytest.raises(CannotJudge):
        fixes.write(name, b"", b"x")


# --- what stays as it is


@pytest.mark.parametrize(
    ("name", "content", "right"),
    [
        ("a.yaml", "use_case:\n  'Objective' : x # Objective\n", "use_case:\n  'objective' : x # Objective\n"),
        ("a.yaml", 'use_case: {risk: {impact: "High"}}', 'use_case: {risk: {impact: "high"}}'),
        ("a.yaml", "? use-case\n: objective: 🎉 x\n  🎉: 1\n", "? use_case\n: objective: 🎉 x\n  🎉: 1\n"),
        ("a.yaml", "use_case: {objective: 🎉漢, Users: [x], OWNER: y}\n", "use_case: {objective: 🎉漢, users: [x], owner: y}\n"),
        ("a.yaml", "use-case:\r\n  Owner: x\r  users: [y]\n", "use_case:\r\n  owner: x\r  users: [y]\n"),
        ("a.yaml", "\ufeffuse-case: {ownner: x}\n", "\ufeffuse_case: {owner: x}\n"),
        ("a.json", '{"Use Case":{"Owner":"Owner"}}', '{"use_case":{"owner":"Owner"}}'),
        ("a.toml", 'Use-Case.Owner = "x" # Owner\n', 'use_case.owner = "x" # Owner\n'),
        ("a.toml", "[regsitry.rejection]\n[regsitry . promotion]\n'Policy' = 'x'\n",
                   "[registry.rejection]\n[registry . promotion]\n'policy' = 'x'\n"),
        ("a.toml", "[[linage.datasets]]\nNAME='a'\n[[linage.datasets]]\nname='b'\n",
                   "[[lineage.datasets]]\nname='a'\n[[lineage.datasets]]\nname='b'\n"),
        ("a.toml", "[registry]\ntool='x'\n[regsitry.promotion]\n", "[registry]\ntool='x'\n[registry.promotion]\n"),
        ("a.yaml", "assumptions: [{fact: use-case.objective, value: x, reason: y, owner: z}]",
                   "assumptions: [{fact: use_case.objective, value: x, reason: y, owner: z}]"),
    ],
)  # fmt: skip
def test_only_what_is_mended_changes(run: Any, write: Any, name: str, content: str, right: str) -> None:
    assert fixed(run, write, content, name) == right.encode()
    assert fixed(run, write, right, name) == right.encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "use_case: {owner: x, Owner: y}\n"),
        ("a.yaml", "use_case: {onwer: x, ownner: y}\n"),
        ("a.json", '{"use-case": {"owner": "x"}, "Use_Case": {"users": ["y"]}}'),
        ("a.toml", "[use_case]\nowner = 'x'\nOwner = 'y'\n"),
        ("a.toml", "[use_case]\nusers = ['x']\nUsers = ['y']\n"),
        ("a.yaml", "use_case: {objektive: [a, b]}\n"),
        ("a.yaml", 'use_case: {"object\\x69ve_": x, risk: {impact: "H\\x69gh"}}\n'),
        ("a.yaml", "use_case:\n  risk:\n    impact: >\n      High\n"),
        ("a.yaml", "use_case: {objective: &x High, risk: {impact: *x}}\n"),
        ("a.yaml", "use_case: {risk: {areas: &x [Credit], factors: *x}}\n"),
        ("a.yaml", "use_case: {success_metrics: [0.1 <= |bias|]}\n"),
        ("a.yaml", "use_case: {success_metrics: ['auc >= 0,8', 'at least 0.8']}\n"),
        ("a.yaml", "use_case: {objectiv: x, usrx: y, date: z}\n"),
        ("a.yaml", "use_case: {owner: x}\nassumptions: [{fact: use_case.objective, value: x, reason: y, owner: z}]\n"
                   "Use_Case: {objective: x}\n"),
        ("a.yaml", "use_case: {objektive: x}\nassumptions: [{fact: use_case.objective, value: x, reason: y, owner: z}]\n"),
    ],
)  # fmt: skip
def test_what_is_not_sure_stays(run: Any, write: Any, name: str, content: str) -> None:
    assert fixed(run, write, content, name) == content.encode()


def test_a_mend_that_can_not_be_made_does_not_stop_the_others(run: Any, write: Any) -> None:
    content = "use_case: {ownner: x, objektive: [a, b], success_metrics: [0.1 <= |bias|, 0.8 <= auc], colour: y}\n"
    right = content.replace("0.8 <= auc", "auc >= 0.8").replace("ownner", "owner")
    assert fixed(run, write, content) == right.encode()


def test_a_key_that_stands_twice_does_not_stop_the_others(run: Any, write: Any) -> None:
    content = "use_case: {owner: x, owner: y, Users: [z]}\n"
    assert fixed(run, write, content) == content.replace("Users", "users").encode()


def test_a_name_that_many_headers_of_toml_repeat_is_mended_in_all_of_them(run: Any, write: Any) -> None:
    content = "".join(f"[[linage.datasets]]\nname = 'd{number}'\n" for number in range(600))
    assert fixed(run, write, content, "a.toml") == content.replace("linage", "lineage").encode()


def test_a_diff_steers_no_terminal(run: Any, write: Any, assert_harmless: Any) -> None:
    content = "use_case:\n  Owner: x\n  # ::error::\u202e ##[error] \u2028\n  ##[group]\n"
    assert_harmless(run("validate", "--fix", write("a.yaml", content)).out)


def test_a_file_full_of_mends_that_can_not_be_made_does_not_hang(process: Any, write: Any) -> None:
    metrics = "".join(f"    - 0.{number} <= |m{number}|\n" for number in range(1, 4000))
    ended = process("validate", "--fix", write("a.yaml", f"use_case:\n  Owner: x\n  success_metrics:\n{metrics}"))
    assert ended.code == 1
    assert within(ended.seconds, 25)
