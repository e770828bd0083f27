"""Which pack is judged by: the option, the variable, the pyproject.toml, or the one that comes with Gatewright."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

OWN = {"version": "1", "title": "T", "source": "a test", "extends": "mlops"}


def pack(folder: Path, name: str, **more: Any) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(yaml.safe_dump({"id": name, **OWN, **more}), encoding="utf-8")
    return str(folder)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of which `sub` is the working folder, with two packs and an empty fact file."""
    (tmp_path / ".git").mkdir()
    sub = tmp_path / "sub"
    sub.mkdir()
    pack(tmp_path / "one", "one")
    pack(tmp_path / "two", "two")
    (sub / "a.yaml").write_text("delivery: {model: m}\n", encoding="utf-8")
    monkeypatch.chdir(sub)
    monkeypatch.delenv("GATEWRIGHT_PACK", raising=False)
    return tmp_path


def project(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


def used(run: Any, *more: str) -> str:
    return run("check", "a.yaml", "--format", "json", *more).json["pack"]["id"]


def test_without_a_choice_the_shipped_pack_judges_and_nothing_is_said(place: Path, run: Any) -> None:
    assert used(run) == "mlops"
    assert "chosen" not in run("check", "a.yaml").out


def test_a_pyproject_above_the_working_folder_chooses_from_its_own_folder_on(place: Path, run: Any) -> None:
    project(place, '[tool.gatewright]\npack = "one"\n')
    assert used(run) == "one"
    assert run("check", "a.yaml").out.endswith("The pack ../one was chosen in ../pyproject.toml\n")


def test_a_pyproject_may_name_a_shipped_pack(place: Path, run: Any) -> None:
    project(place, '[tool]\ngatewright = {pack = "mlops"}\n')
    assert "The pack mlops was chosen in ../pyproject.toml" in run("check", "a.yaml").out


def test_the_variable_goes_before_the_file_and_the_option_before_both(
    place: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(place, '[tool.gatewright]\npack = "one"\n')
    monkeypatch.setenv("GATEWRIGHT_PACK", "../two")
    assert used(run) == "two"
    assert "The pack ../two was chosen by the variable GATEWRIGHT_PACK" in run("check", "a.yaml").out
    assert used(run, "--pack", "../one") == "one"
    assert used(run, "--pack", "mlops") == "mlops"
    assert "chosen" not in run("check", "a.yaml", "--pack", "mlops").out


def test_the_nearest_file_with_a_section_of_ours_counts(place: Path, run: Any) -> None:
    project(place, '[tool.gatewright]\npack = "one"\n')
    project(place / "sub", '[project]\nname = "x"\ndependencies = ["gatewright"]\n')
    assert used(run) == "one"
    project(place / "sub", '[tool.gatewright]\npack = "../two"\n')
    assert used(run) == "two"


def test_above_the_top_of_the_repository_nothing_is_looked_for(place: Path, run: Any) -> None:
    (place / "sub" / ".git").mkdir()
    project(place, '[tool.gatewright]\npack = "one"\n')
    assert used(run) == "mlops"


@pytest.mark.parametrize(
    "command", [["validate", "a.yaml"], ["explain", "a.yaml", "1"], ["recommend", "a.yaml"], ["pack", "lint"]]
)
def test_every_command_follows_the_choice_and_says_so(place: Path, run: Any, command: list[str]) -> None:
    project(place, '[tool.gatewright]\npack = "one"\n')
    assert run(*command).out.endswith("The pack ../one was chosen in ../pyproject.toml\n")


def test_what_is_meant_to_be_copied_says_nothing_of_the_choice(place: Path, run: Any) -> None:
    project(place, '[tool.gatewright]\npack = "one"\n')
    assert run("schema").json["title"]
    assert "was chosen" not in run("init", "-").out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[tool.gatewright]\npakc = "one"\n', "nothing reads `pakc`"),
        ("[tool.gatewright]\n", "names no pack"),
        ("[tool.gatewright]\npack = 1\n", "has to be a text"),
        ('[tool.gatewright]\npack = ""\n', "has to be a text"),
        ('[tool.gatewright]\npack = "nowhere"\n', "names `nowhere`, and there is no pack"),
        ("[tool.gatewright]\npack = \n", "can't be read"),
        ('[tool.gatewright]\npack = "\\u001b[31m"\n', "there is no pack"),
    ],
)
def test_a_choice_that_is_none_judges_nothing(place: Path, run: Any, text: str, says: str) -> None:
    project(place, text)
    ended = run("check", "a.yaml")
    assert ended.code == 2
    assert says in ended.err
    assert "pyproject.toml" in ended.err
    assert "\x1b" not in ended.both
    assert used(run, "--pack", "../one") == "one"


def test_a_variable_that_names_no_pack_judges_nothing(place: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWRIGHT_PACK", "nowhere")
    ended = run("check", "a.yaml")
    assert ended.code == 2
    assert "the variable GATEWRIGHT_PACK names `nowhere`" in ended.err
    assert "a.yaml" not in ended.err


def test_an_empty_variable_chooses_nothing(place: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWRIGHT_PACK", "")
    assert used(run) == "mlops"


def test_an_empty_option_is_no_choice_of_the_default(place: Path, run: Any) -> None:
    assert run("check", "a.yaml", "--pack", "").code == 2


def test_departures_are_shown_wherever_the_verdict_is(place: Path, run: Any) -> None:
    departures = [{"drop": "criterion budgets", "because": "no budgets in a pilot"}]
    loose = pack(place / "loose", "loose", departures=departures)
    for command in (["check", "a.yaml"], ["explain", "a.yaml", "1"], ["recommend", "a.yaml"], ["unblock", "a.yaml", "1"]):
        out = run(*command, "--pack", loose).out
        assert "DEPARTURES" in out, command
        assert "criterion budgets is dropped, because: no budgets in a pilot" in out, command
        told = run(*command, "--pack", loose, "--format", "json").json["pack"]
        assert told["departures"] == [{"what": "criterion budgets is dropped", "because": "no budgets in a pilot"}]
        assert [base["id"] for base in told["extends"]] == ["mlops"]


def test_an_overlay_without_departures_says_that_it_has_none(place: Path, run: Any) -> None:
    assert "and drops and loosens nothing of it" in run("check", "a.yaml", "--pack", "../two").out
