"""The JSON Schema of pack files says what the loader says, as far as keys and types go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from gatewright.cli.commands.pack.schema import Kind
from gatewright.engine import case_files, document, pack_loader
from gatewright.engine.errors import BadPack
from gatewright.engine.pack import Pack
from gatewright.engine.pack_schema import KINDS, schema
from test_pack_lint_defects import DEFECTS, FILES, seeded

MLOPS = pack_loader.SHIPPED / "mlops"
BANK = Path(__file__).parents[2] / "docs" / "examples" / "bank-pack"
PLACES = {"gates": "gate", "decisions": "table", "crosswalk": "crosswalk", "sources": "source"}


@pytest.fixture(scope="module")
def mlops() -> Pack:
    return pack_loader.load(MLOPS)


@pytest.fixture(scope="module")
def validators(mlops: Pack) -> dict[tuple[str, bool], Any]:
    return {
        (kind, overlay): jsonschema.Draft202012Validator(schema(mlops, kind, overlay=overlay))
        for kind in ("", *KINDS)
        for overlay in (False, True)
    }


def kind_of(file: Path, folder: Path) -> str:
    if file.name.endswith(".cases.yaml"):
        return "cases"
    return file.stem if file.parent == folder else PLACES[file.parent.name]


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yaml"))


def said(file: Path) -> Any:
    """What a file says, as a reader of YAML for editors has it."""
    return document.read(file.read_bytes(), str(file)).root.plain()


def test_the_kinds_that_can_be_asked_for_are_those_there_are():
    assert list(Kind) == list(KINDS)


def test_each_schema_is_one(validators: dict[tuple[str, bool], Any]):
    for validator in validators.values():
        validator.check_schema(validator.schema)


@pytest.mark.parametrize("folder", [MLOPS, DEFECTS / "base"], ids=["mlops", "small"])
def test_every_file_of_a_pack_is_valid_by_its_kind_and_by_its_keys(folder: Path, validators: dict[tuple[str, bool], Any]):
    for file in files(folder):
        for kind in (kind_of(file, folder), ""):
            assert [error.message for error in validators[kind, False].iter_errors(said(file))] == [], file


@pytest.mark.parametrize("folder", [DEFECTS / "over", BANK], ids=["small", "bank"])
def test_every_file_of_an_overlay_is_valid_by_its_kind_and_by_its_keys(folder: Path, validators: dict[tuple[str, bool], Any]):
    for file in files(folder):
        for kind in (kind_of(file, folder), ""):
            assert [error.message for error in validators[kind, True].iter_errors(said(file))] == [], file


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_the_loader_reads_is_valid(file: Path, tmp_path: Path, validators: dict[tuple[str, bool], Any]):
    """A defect that only reasoning finds is in valid files. The reverse does not hold, for names are the loader's matter."""
    folder = seeded(yaml.safe_load(file.read_text(encoding="utf-8")), tmp_path)
    try:
        case_files.read(pack_loader.examine(folder))
        fine = True
    except BadPack:
        fine = False
    overlay = folder.name == "over"
    wrong = [one for one in files(folder) if not validators[kind_of(one, folder), overlay].is_valid(said(one))]
    assert not (fine and wrong)


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("pack.yaml", {"gaets": ["a"]}),
        ("pack.yaml", {"limits": {"a": {"value": "many", "unit": "u", "means": "m", "source": "s"}}}),
        ("pack.yaml", {"extends": "other"}),
        ("pack.yaml", {"id": "No Name"}),
        ("facts.yaml", {"sections": [{"id": "a", "gate": "b", "title": "c", "facts": {"a.b": {"type": "txt"}}}]}),
        ("facts.yaml", {"sections": [{"id": "a", "gate": "b", "title": "c", "facts": {"a.b": {"type": "choice"}}}]}),
        ("gates/lineage.yaml", {"stage": 0}),
        ("gates/lineage.yaml", {"after": "use-case"}),
        ("gates/lineage.yaml", {"exit": [{"id": "a", "text": "b", "mend": "c", "all": [{"fact": "a.b", "at_laest": "c"}]}]}),
        ("gates/lineage.yaml", {"exit": [{"id": "a", "text": "b", "mend": "c"}]}),
        ("decisions/drift-response.yaml", {"table": {"id": "a"}}),
    ],
)
def test_a_wrong_key_or_type_is_refused_by_both(
    file: str, change: dict[str, Any], tmp_path: Path, validators: dict[tuple[str, bool], Any]
):
    import shutil

    folder = tmp_path / "mlops"
    shutil.copytree(MLOPS, folder, ignore=shutil.ignore_patterns("*.cases.yaml", "sources", "crosswalk"))
    changed = said(folder / file) | change
    (folder / file).write_text(yaml.safe_dump(changed), encoding="utf-8")
    assert not validators[kind_of(folder / file, folder), False].is_valid(changed)
    with pytest.raises(BadPack):
        pack_loader.load(folder)


@pytest.mark.parametrize(
    ("departure", "fine"),
    [
        ({"drop": "criterion budgets", "because": "elsewhere"}, True),
        ({"drop": "criterion budgets"}, False),
        ({"drop": "budgets", "because": "elsewhere"}, False),
        ({"limit": "psi-major", "value": 0.3, "because": "elsewhere"}, True),
        ({"limit": "psi-major", "because": "elsewhere"}, False),
        ({"table": "drift-response", "because": " "}, False),
        ({"choices": "use_case.risk.impact", "because": "elsewhere"}, True),
    ],
)
def test_a_departure_has_what_it_is_about_and_a_reason(
    departure: dict[str, Any], fine: bool, validators: dict[tuple[str, bool], Any]
):
    own = {"id": "own", "version": "1", "title": "Own", "source": "a test", "extends": "mlops", "departures": [departure]}
    assert validators["pack", True].is_valid(own) == fine


def test_names_of_the_pack_are_offered(mlops: Pack):
    offered = schema(mlops, "gate")["$defs"]
    assert "use_case.risk.impact" in offered["leaf"]["properties"]["fact"]["examples"]
    assert "psi-major" in offered["limit"]["examples"]
