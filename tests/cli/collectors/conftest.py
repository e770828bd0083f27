"""What the tests of collectors share: a project folder to fill, and what `collect` says of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


class Collected:
    """The answer of `collect`, in a shape that tests can ask."""

    def __init__(self, answer: dict[str, Any], code: int) -> None:
        self.answer, self.code = answer, code
        self.facts: dict[str, Any] = {one["fact"]: one["value"] for one in answer["facts"]}
        self.places: dict[str, set[str]] = {
            one["fact"]: {f"{s['file']}:{s['line']}" for s in one["sources"]} for one in answer["facts"]
        }
        self.shortfalls: list[str] = [f"{one['file']}:{one['line']}: {one['what']}" for one in answer["shortfalls"]]
        self.unreadable: dict[str, str] = {one["file"]: one["why"] for one in answer["unreadable"]}
        self.contradictions: dict[str, list[tuple[str, str]]] = {
            one["fact"]: [(side["value"], side["place"]) for side in one["sides"]] for one in answer["contradictions"]
        }

    def rows(self, fact: str) -> dict[str, dict[str, Any]]:
        """The records of a fact by their first field."""
        return {str(next(iter(row.values()))): row for row in self.facts.get(fact, [])}


@pytest.fixture
def project(here: Path) -> Callable[[dict[str, str | bytes]], Path]:
    """Write files, by their paths below a project folder; returns the folder."""

    def project(files: dict[str, str | bytes]) -> Path:
        folder = here / "project"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        folder.mkdir(exist_ok=True)
        return folder

    return project


@pytest.fixture
def collected(run: Callable[..., Any], tmp_path: Path, assert_harmless: Callable[[str], None]) -> Callable[..., Collected]:
    """Run `collect` on a folder. The file that it would write has to pass `validate`, and its text has to be harmless."""

    def collected(folder: Path, *args: object) -> Collected:
        ended = run("collect", folder, "--format", "json", *args)
        assert ended.code in (0, 1), ended.both
        written = tmp_path / "written.yaml"
        written.write_text(run("collect", folder, "-o", "-", *args).out)
        valid = run("validate", written)
        assert valid.code == 0 or not ended.json["facts"], valid.both + written.read_text()
        assert_harmless(run("collect", folder, "--explain", *args).both)
        return Collected(ended.json, ended.code)

    return collected


@pytest.fixture(scope="session")
def real_projects() -> Path:
    """The folder of files from real projects, where there is one beside this project."""
    default = Path(__file__).parents[3] / ".." / "shared" / "realdata"
    found = Path(os.environ.get("GATEWRIGHT_REAL_PROJECTS", default))
    if not found.is_dir():
        pytest.skip("there are no real projects here; GATEWRIGHT_REAL_PROJECTS names the folder that holds them")
    return found
