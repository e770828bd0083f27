"""The mapping tables: checked against the vocabulary, and one for every collector."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli.collectors import COLLECTORS
from gatewright.cli.inputs import read_pack
from gatewright.engine import sources


def test_there_is_a_table_for_every_collector_and_a_collector_for_every_table(shipped_pack: Path) -> None:
    tables = sources.read(shipped_pack, read_pack("mlops"), COLLECTORS)
    assert {path.stem for path in (shipped_pack / "sources").glob("*.yaml")} == set(COLLECTORS) == set(tables)


def test_every_field_that_a_collector_speaks_of_is_in_its_table_and_the_other_way_round(shipped_pack: Path) -> None:
    tables = sources.read(shipped_pack, read_pack("mlops"), COLLECTORS)
    for name, table in tables.items():
        code = (Path(__file__).parents[3] / "cli" / "collectors" / f"{name}.py").read_text()
        spoken = [one.field for one in table.fields if not one.field.startswith("# ")]
        last = [field.rpartition(".")[2] for field in spoken]
        assert all(
            f'"{field}"' in code or f'.{end}"' in code or f'"{end}"' in code for field, end in zip(spoken, last, strict=True)
        ), name


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("fact: training.orchestrator", "fact: training.orchestrater", "no fact is called `training.orchestrater`"),
        ("prepare: data-preparation", "prepare: cooking", "`cooking` is no choice of `training.stages[].kind`"),
        ("      prepare:", "      Prepare:", "is never found"),
        ("id: dvc", "id: dvd", "the source `dvd` is in the file of `dvc`"),
        ("value: DVC,", "value: DVC, values: {a: b},", "has both `value` and `values`"),
        ("title: DVC", "titel: DVC", "nothing reads the key `titel`"),
        ('{field: "stages.*.cmd", fact: "training.stages[].runs"', '{field: "stages.*", fact: "training.stages[].name"', "twice"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_place(
    old: str, new: str, says: str, shipped_pack: Path, here: Path, run: Callable[..., Any]
) -> None:
    shutil.copytree(shipped_pack, here / "pack")
    table = here / "pack" / "sources" / "dvc.yaml"
    assert old in table.read_text()
    table.write_text(table.read_text().replace(old, new, 1))
    ended = run("collect", here, "--pack", here / "pack", "--only", "dvc")
    assert ended.code == 2
    assert says in ended.err
    assert "dvc.yaml:" in ended.err


def test_a_pack_without_tables_takes_the_shipped_ones_for_the_facts_that_it_has(
    shipped_pack: Path, here: Path, run: Callable[..., Any]
) -> None:
    shutil.copytree(shipped_pack, here / "pack")
    shutil.rmtree(here / "pack" / "sources")
    (here / "dvc.yaml").write_text("stages:\n  train:\n    cmd: python train.py\n")
    assert "training.orchestrator: `DVC`" in run("collect", here, "--pack", here / "pack").out
