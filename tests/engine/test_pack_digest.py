"""The digest of a pack changes with what it says, and with nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from gatewright.engine import document, pack_loader

SHIPPED = Path(__file__).parents[2] / "knowledge" / "mlops"
DIGEST = pack_loader.load(SHIPPED).digest


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "pack", ignore=shutil.ignore_patterns("*.cases.yaml", "*.py")))


def rewritten(folder: Path, write: Callable[[Any], str]) -> str:
    for path in folder.rglob("*.yaml"):
        path.write_text(write(document.read(path.read_bytes(), path.name).root.plain()), encoding="utf-8")
    return pack_loader.load(folder).digest


def upside_down(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: upside_down(inner) for key, inner in reversed(value.items())}
    return [upside_down(inner) for inner in value] if isinstance(value, list) else value


def test_comments_and_blank_lines_do_not_change_it(copy: Path):
    for path in copy.rglob("*.yaml"):
        path.write_text("# a comment\n\n" + path.read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8")
    assert pack_loader.load(copy).digest == DIGEST


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["flow", "block"])
def test_the_layout_of_lines_does_not_change_it(copy: Path, write: Callable[[Any], str]):
    assert rewritten(copy, write) == DIGEST


def test_the_order_of_keys_does_not_change_it(copy: Path):
    assert rewritten(copy, lambda value: yaml.safe_dump(upside_down(value), sort_keys=False)) == DIGEST


def test_the_names_of_files_do_not_change_it(copy: Path):
    (copy / "gates" / "lineage.yaml").rename(copy / "gates" / "data.yaml")
    main = copy / "pack.yaml"
    main.write_text(main.read_text(encoding="utf-8").replace("  - lineage\n", "  - data\n"), encoding="utf-8")
    assert pack_loader.load(copy).digest == DIGEST


def test_where_the_pack_lies_does_not_change_it(copy: Path):
    assert pack_loader.load(copy).digest == DIGEST


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pack.yaml", "version: 0.1.0", "version: 0.1.1"),
        ("pack.yaml", "value: 0.25", "value: 0.26"),
        ("pack.yaml", "source: by definition", "source: by agreement"),
        ("pack.yaml", "xxx, ", ""),
        ("pack.yaml", "fresh_for: evidence-yearly", "fresh_for: evidence-quarterly"),
        ("facts.yaml", "optional: true", "optional: false"),
        ("gates/lineage.yaml", "mend: ", "mend: Please "),
        ("gates/registry-promotion.yaml", "{signal: unstable-evaluation, is: false}", "{signal: unstable-evaluation}"),
        ("gates/registry-promotion.yaml", "pinned: true", "stated: true"),
        ("decisions/promotion-policy.yaml", "[unstable-evaluation, high-risk,", "[high-risk, unstable-evaluation,"),
        ("antipatterns.yaml", "mend: ", "mend: Please "),
        ("bundle.yaml", "title: Readiness gate", "title: Readiness"),
    ],
)
def test_everything_that_is_said_changes_it(copy: Path, file: str, old: str, new: str):
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text, (file, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert pack_loader.examine(copy).pack.digest != DIGEST
