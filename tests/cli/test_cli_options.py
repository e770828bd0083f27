"""Options, standard input, packs, and what is said of a command that is used wrongly."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import tomli_w
import yaml

COMMANDS = ("check", "validate", "recommend", "explain", "graph")
WRITERS = {"json": json.dumps, "yaml": yaml.safe_dump, "toml": tomli_w.dumps}
PLACES = re.compile(r'"(line|column)": \d+|"file": "[^"]*"')


@pytest.mark.parametrize("format", WRITERS)
def test_standard_input_is_judged_like_a_file_in_every_format(
    format: str,
    passing: dict[str, Any],
    write: Any,
    run: Any,
) -> None:
    of_file = run("check", write("a.json", passing), "--format", "json")
    of_stdin = run("check", "-", "--input", format, "--format", "json", stdin=WRITERS[format](passing))
    assert of_stdin.code == 0
    assert PLACES.sub("", of_stdin.out) == PLACES.sub("", of_file.out)


def test_standard_input_is_called_stdin_in_every_place(write: Any, run: Any) -> None:
    ended = run("check", "-", stdin="delivery: {modle: x}\n")
    assert "<stdin>:1:12" in ended.out
    assert run("check", "-", stdin="a: [").err.count("<stdin>:") == 1


@pytest.mark.parametrize(
    "command", [["check", "-"], ["validate", "-"], ["recommend", "-"], ["explain", "-", "1"], ["graph", "-"]], ids=" ".join
)
def test_every_command_reads_standard_input(command: list[str], passing: dict[str, Any], run: Any) -> None:
    ended = run(*command, stdin=json.dumps(passing))
    assert ended.code == 0, ended.both


def test_the_input_option_is_stronger_than_the_ending_of_the_name(passing: dict[str, Any], write: Any, run: Any) -> None:
    name = write("a.json", yaml.safe_dump(passing))
    assert run("check", name).code == 2
    assert run("check", name, "--input", "yaml").code == 0


def test_a_pack_folder_is_judged_by_what_it_says(
    passing: dict[str, Any],
    write: Any,
    run: Any,
    here: Path,
    shipped_pack: Path,
) -> None:
    name = write("a.json", passing)
    shutil.copytree(shipped_pack, here / "house")
    same = run("check", name, "--pack", f"{here}/./house", "--format", "json")  # packs are cached by name
    assert same.out == run("check", name, "--format", "json").out
    main = here / "house" / "pack.yaml"
    text = main.read_text()
    assert text.count("value: 8035200") == 1
    main.write_text(text.replace("value: 8035200", "value: 60"))  # monitoring at least every minute; the example says daily
    changed = run("check", name, "--pack", here / "house", "--format", "json")
    assert changed.code == 1
    assert {row["fact"] for row in changed.json["missing"]} == {"monitoring.quality.cadence"}
    assert changed.json["pack"]["digest"] != same.json["pack"]["digest"]


BAD_PACKS = {
    "a syntax error": ("gates/lineage.yaml", lambda text: text + "\n]\n", "gates/lineage.yaml:"),
    "a key that nothing reads": ("gates/lineage.yaml", lambda text: text + "\ncolour: red\n", "gates/lineage.yaml:"),
    "a key that stands twice": ("pack.yaml", lambda text: text + "\nid: mlops\n", "pack.yaml:"),
    "a fact that is not in the vocabulary": (
        "gates/lineage.yaml",
        lambda text: text.replace("fact: lineage.evidence", "fact: lineage.evidnce"),
        "gates/lineage.yaml:",
    ),
    "a limit that is no number": ("pack.yaml", lambda text: text.replace("value: 8035200", "value: a quarter"), "pack.yaml:"),
}


@pytest.mark.parametrize("fault", BAD_PACKS)
def test_a_bad_pack_ends_with_2_and_names_file_and_line(
    fault: str,
    passing: dict[str, Any],
    write: Any,
    run: Any,
    here: Path,
    shipped_pack: Path,
) -> None:
    file, change, expected = BAD_PACKS[fault]
    name = write("delivery.json", passing)
    shutil.copytree(shipped_pack, here / "house")
    text = (here / "house" / file).read_text()
    assert change(text) != text
    (here / "house" / file).write_text(change(text))
    ended = run("check", name, "--pack", here / "house")  # a whole path: packs are cached by name
    assert ended.code == 2
    assert re.search(rf"house/{re.escape(expected)}\d+:\d+", ended.err), ended.err
    assert "delivery.json" not in ended.err  # nothing is wrong with the fact file


def test_a_pack_that_lacks_one_of_its_files_ends_with_2_and_names_the_file(
    passing: dict[str, Any],
    write: Any,
    run: Any,
    here: Path,
    shipped_pack: Path,
) -> None:
    shutil.copytree(shipped_pack, here / "house")
    (here / "house" / "gates" / "lineage.yaml").unlink()
    ended = run("check", write("delivery.json", passing), "--pack", here / "house")
    assert ended.code == 2
    assert "house/gates/lineage.yaml" in ended.err
    assert "delivery.json" not in ended.err


@pytest.mark.parametrize("pack", ["nowhere", "empty", "a.json", "../.."])
def test_a_folder_without_a_pack_is_named_and_the_fact_file_is_not(
    pack: str,
    passing: dict[str, Any],
    write: Any,
    run: Any,
    here: Path,
) -> None:
    (here / "empty").mkdir()
    ended = run("check", write("a.json", passing), "--pack", pack)
    assert ended.code == 2
    assert f"`{pack}`" in ended.err
    assert pack == "a.json" or "a.json" not in ended.err


def test_assumed_values_count_unless_they_are_ruled_out(examples: Path, run: Any) -> None:
    name = examples / "ticket-routing.yaml"
    with_them, without = (run(*command, name, "--format", "json") for command in (["check"], ["check", "--no-assumptions"]))
    assert (with_them.code, without.code) == (0, 1)
    assert [a["fact"] for a in with_them.json["assumptions"]] == ["serving.budgets.cost"]
    assert {row["fact"] for row in without.json["missing"]} == {"serving.budgets.cost"}
    assert run("explain", name, "5", "--no-assumptions").code == 1
    assert run("recommend", name, "--no-assumptions").code == 0


def test_assumptions_are_shown_as_such_with_reason_owner_and_place(examples: Path, run: Any) -> None:
    out = run("check", examples / "ticket-routing.yaml").out
    lines = out.split("\n")
    [number] = [number for number, line in enumerate(lines) if "serving.budgets.cost" in line]
    assert re.search(r"ticket-routing\.yaml:\d+:\d+", lines[number])
    assert "assumed by head of support: The price of the new cluster is settled in January" in lines[number + 1]


def test_the_version_is_one_line(run: Any) -> None:
    ended = run("--version")
    assert ended.code == 0
    assert re.fullmatch(r"gatewright \d+\.\d+\.\d+\S*\n", ended.out)


@pytest.mark.parametrize("flag", ["--help", "-h"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_its_usage_and_options(command: str, flag: str, run: Any) -> None:
    ended = run(command, flag)
    assert ended.code == 0
    assert f"Usage: gatewright {command}" in ended.out
    assert {"--format", "--pack", "--input"} <= set(re.findall(r"--[a-z-]+", ended.out))


def test_the_help_names_every_command_and_every_exit_code(run: Any) -> None:
    ended = run("--help")
    assert ended.code == 0
    assert set(COMMANDS) <= set(re.findall(r"^  (\w+)  ", ended.out, re.MULTILINE))
    assert all(f"{code} " in ended.out.split("Exit codes:")[1] for code in "0123")


@pytest.mark.parametrize("group", [(), ("pack",), ("pack", "dmn")], ids=" ".join)
def test_without_arguments_the_help_is_shown_and_the_code_is_that_of_wrong_usage(group: tuple[str, ...], run: Any) -> None:
    ended = run(*group)
    assert ended.code == 2
    assert ended.both == run(*group, "--help").out


WRONG = {
    ("frobnicate",): "frobnicate",
    ("chek", "a.json"): "check",
    ("check", "a.json", "--formt", "json"): "--format",
    ("check", "a.json", "--format", "jsn"): "'json'",
    ("graph", "--format", "mermiad"): "'mermaid'",
    ("explain", "a.json", "servng-release"): "did you mean `serving-release`?",
    ("explain", "a.json", "11"): "no gate is called `11`",
    ("explain", "a.json", ""): "no gate is called ``",
    ("recommend", "a.json", "promotion"): "promotion-policy",
    ("recommend", "a.json", "drift-respons"): "did you mean `drift-response`?",
    ("recommend", "a.json", "xyz"): "promotion-policy, drift-response",
}


@pytest.mark.parametrize("command", WRONG, ids=" ".join)
def test_a_wrong_name_is_answered_with_the_right_one(
    command: tuple[str, ...], passing: dict[str, Any], write: Any, run: Any
) -> None:
    write("a.json", passing)
    ended = run(*command)
    assert ended.code == 2
    assert WRONG[command] in ended.err
    assert ended.out == ""


@pytest.mark.parametrize("command", [["explain", "a.json", "nothing"], ["recommend", "a.json", "nothing"]], ids=" ".join)
def test_a_wrong_name_in_a_command_is_not_blamed_on_the_fact_file(
    command: list[str],
    passing: dict[str, Any],
    write: Any,
    run: Any,
) -> None:
    write("a.json", passing)
    assert "a.json" not in run(*command).err


def test_a_wrong_name_is_told_before_the_file_is_read(write: Any, run: Any) -> None:
    assert "no gate is called" in run("explain", "nowhere.json", "nothing").err
