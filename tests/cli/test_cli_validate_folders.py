"""`validate` on folders: which files of a folder are fact files, and what is said of the others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli import folders

FACTS = "use_case: {objective: Sort tickets}\n"


@pytest.fixture
def put(here: Path) -> Any:
    def put(name: str, content: str | bytes = FACTS) -> str:
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    return put


def validated(run: Any, *arguments: str) -> list[str]:
    return [found["file"] for found in run("validate", "--format", "json", *arguments).json["files"]]


def test_a_folder_stands_for_the_fact_files_in_it_and_below_in_order(run: Any, put: Any) -> None:
    put("d/b.json", '{"use_case": {"objective": "x"}}')
    put("d/sub/c.toml", '[use_case]\nobjective = "x"\n')
    put("d/a.yml")
    put("d/Z.YAML")
    put("d/notes.txt")
    assert validated(run, "d") == ["d/Z.YAML", "d/a.yml", "d/b.json", "d/sub/c.toml"]
    ended = run("validate", "d")
    assert ended.code == 0
    assert ended.out.startswith("d/Z.YAML: valid")


def test_the_working_folder_needs_no_prefix(run: Any, put: Any) -> None:
    put("a.yaml")
    assert validated(run, ".") == ["a.yaml"]


@pytest.mark.parametrize("folder", [".git", ".hidden", "node_modules", "sub/node_modules", "__pycache__"])
def test_folders_of_tools_are_not_looked_into(run: Any, put: Any, folder: str) -> None:
    put("d/a.yaml")
    put(f"d/{folder}/b.yaml")
    assert validated(run, "d") == ["d/a.yaml"]


def test_a_virtual_environment_is_not_looked_into_whatever_its_name(run: Any, put: Any) -> None:
    put("d/a.yaml")
    put("d/python/pyvenv.cfg", "home = /usr\n")
    put("d/python/b.yaml")
    assert validated(run, "d") == ["d/a.yaml"]


def test_a_link_to_a_folder_is_not_followed(run: Any, put: Any, here: Path) -> None:
    put("d/a.yaml")
    put("elsewhere/b.yaml")
    (here / "d" / "loop").symlink_to(here / "d", target_is_directory=True)
    (here / "d" / "other").symlink_to(here / "elsewhere", target_is_directory=True)
    assert validated(run, "d") == ["d/a.yaml"]


def test_a_file_given_twice_is_validated_once(run: Any, put: Any, here: Path) -> None:
    put("d/a.yaml")
    put("d/b.yaml")
    (here / "link.yaml").symlink_to(here / "d" / "a.yaml")
    assert validated(run, "d/b.yaml", "d", "./d/a.yaml", "d/", "link.yaml") == ["d/b.yaml", "d/a.yaml"]


OTHERS = {
    "ci.yaml": "jobs: {build: {steps: [make]}}\n",
    "values.yaml": "monitoring: {enabled: true}\nserving: {port: 80}\n",
    "params.yaml": "training:\n  epochs: 3\n",
    "list.json": '["use_case", {"objective": 1}]',
    "template.yaml": "kind: {{ .Values.kind }}\nspec:\n  monitoring: 1\n",
    "two.yaml": "kind: a\n---\nkind: b\n",
    "empty.yaml": "",
    "data.json": '{"rows": [1, 2',
    "picture.json": b"\xff\xd8\x00\x01",
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_of_another_kind_in_a_folder_is_skipped_and_named(run: Any, put: Any, name: str) -> None:
    put("d/a.yaml")
    put(f"d/{name}", OTHERS[name])
    ended = run("validate", "d")
    assert ended.code == 0
    assert ended.out.endswith(f"skipped, as it is no fact file: d/{name}\n")
    found = run("validate", "d", "--format", "json").json
    assert found["skipped"] == [f"d/{name}"]
    assert found["valid"]


def test_a_file_that_is_named_is_validated_whatever_it_holds(run: Any, put: Any) -> None:
    put("d/a.yaml")
    put("d/ci.yaml", OTHERS["ci.yaml"])
    assert validated(run, "d/ci.yaml", "d") == ["d/ci.yaml", "d/a.yaml"]
    assert run("validate", "d/ci.yaml").code == 1


def test_of_many_skipped_files_the_first_are_named_and_the_rest_counted(run: Any, put: Any) -> None:
    put("d/a.yaml")
    for number in range(9):
        put(f"d/x{number}.json", "[]")
    assert run("validate", "d").out.endswith("d/x0.json, d/x1.json, d/x2.json, d/x3.json, d/x4.json and 4 more\n")
    assert len(run("validate", "d", "--format", "json").json["skipped"]) == 9


MINE = {
    "capitals and dashes": "Use-Case:\n  objective: x\n",
    "misspelt below": "use_case:\n  objektive: x\n",
    "an assumption alone": "assumptions:\n  - fact: use_case.objective\n",
    "an order alone": "sequence: {order: [], reason: x}\n",
    "placeholders": "delivery:\n  model: TBD\n",
    "evidence": "use_case: {owner: {value: ana, evidence: {url: 'https://a.example'}}}\n",
}


@pytest.mark.parametrize("content", MINE.values(), ids=MINE)
def test_a_fact_file_in_a_folder_is_known_by_a_section_and_a_key_in_it(run: Any, put: Any, content: str) -> None:
    put("d/a.yaml", content)
    assert validated(run, "d") == ["d/a.yaml"]


BROKEN = {
    "a.yaml": "# mine\nuse_case:\n  objective: [x\n",
    "b.yaml": b"\xef\xbb\xbfuse_case:\r\n  objective: 'x\r\n",
    "c.json": '{\n "delivery": {"model": "x",},\n}',
    "d.toml": "[registry.promotion]\npolicy = \n",
    "e.yaml": '{"serving": {"architecture": online}\n',
    "f.yaml": "use_case:\n  objective: x\n".encode("utf-16"),
    "g.yaml": "use_case:\n  objective: x\nnotes: " + "x" * 2_200_000,
    "h.yaml": b"use_case:\n  objective: \xff\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_in_a_folder_that_looks_like_a_fact_file_is_not_passed_over(run: Any, put: Any, name: str) -> None:
    put("d/good.yaml")
    put(f"d/{name}", BROKEN[name])
    ended = run("validate", "d")
    assert ended.code == 2
    assert f"d/{name}: can't be judged" in ended.out


def test_a_file_in_a_folder_that_may_not_be_read_is_not_passed_over(run: Any, put: Any, here: Path) -> None:
    put("d/good.yaml")
    put("d/secret.yaml")
    (here / "d" / "secret.yaml").chmod(0)
    if os.access(here / "d" / "secret.yaml", os.R_OK):  # the superuser reads everything, so nothing is to be said
        assert run("validate", "d").code == 0
    else:
        assert run("validate", "d").code == 2


def test_pipes_and_dangling_links_in_a_folder_are_left_alone(run: Any, put: Any, here: Path) -> None:
    put("d/a.yaml")
    os.mkfifo(here / "d" / "pipe.yaml")
    (here / "d" / "nowhere.yaml").symlink_to(here / "gone.yaml")
    assert validated(run, "d") == ["d/a.yaml"]


def test_a_folder_without_a_fact_file_can_not_be_judged(run: Any, put: Any) -> None:
    put("d/ci.yaml", OTHERS["ci.yaml"])
    put("good/a.yaml")
    ended = run("validate", "good", "d")
    assert ended.code == 2
    assert "error[no-file]: the folder `d` holds no fact file" in ended.out
    assert "good/a.yaml: valid" in ended.out


def test_a_folder_whose_files_were_named_before_holds_a_fact_file(run: Any, put: Any) -> None:
    put("d/a.yaml")
    assert run("validate", "d/a.yaml", "d").code == 0


def test_a_folder_with_too_many_files_is_refused_with_its_limit(run: Any, put: Any) -> None:
    for number in range(folders.MAX_FILES + 1):
        put(f"d/{number}.json", "[]")
    ended = run("validate", "d")
    assert ended.code == 2
    assert f"`d` holds more than {folders.MAX_FILES} YAML, JSON and TOML files" in ended.out
    assert "help: name the folder in which the fact files are" in ended.out


def test_names_in_a_folder_steer_no_terminal(run: Any, put: Any, assert_harmless: Any) -> None:
    put("d/a.yaml")
    put("d/\x1b[31mred\u202e.yaml", "[]")
    put("d/##[error].json", "[]")
    assert_harmless(run("validate", "d").out)
