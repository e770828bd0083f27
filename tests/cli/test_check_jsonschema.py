"""`gatewright schema` for any tool that checks files: the real command check-jsonschema, which is not ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli.inputs import read_pack
from gatewright.engine.vocabulary import FactDef

CHECK = Path(sys.executable).with_name("check-jsonschema")


@pytest.fixture
def schema(here: Path, run: Any) -> str:
    (here / "gatewright.schema.json").write_text(run("schema").out)
    return "gatewright.schema.json"


def check(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CHECK, *map(str, arguments)], capture_output=True, timeout=60, check=False, text=True)


def test_the_schema_is_one(schema: str) -> None:
    done = check("--check-metaschema", schema)
    assert (done.returncode, done.stdout.strip()) == (0, "ok -- validation done")


def test_the_examples_and_what_init_writes_are_valid(schema: str, examples: Path, run: Any, here: Path) -> None:
    run("init", "delivery.yaml")
    run("init", "minimal.yaml", "--minimal")
    bank = examples / "bank-credit.yaml"  # is for the pack beside it
    files = [file for file in sorted(examples.glob("*.yaml")) if file != bank]
    assert len(files) >= 4
    done = check("--schemafile", schema, "delivery.yaml", "minimal.yaml", *files)
    assert (done.returncode, done.stdout.strip()) == (0, "ok -- validation done")
    (here / "bank.schema.json").write_text(run("schema", "--pack", examples / "bank-pack").out)
    done = check("--schemafile", "bank.schema.json", bank)
    assert (done.returncode, done.stdout.strip()) == (0, "ok -- validation done")


BROKEN = {
    "an unknown key": {"use_case": {"objektive": "Sort tickets"}},
    "an unknown section": {"use_cases": {}},
    "a wrong choice": {"use_case": {"risk": {"impact": "medium"}}},
    "a truth value for a text": {"use_case": {"owner": True}},
    "a text for a number": {"training": {"failure": {"max_reruns": "two"}}},
    "a number below its least": {"training": {"failure": {"max_reruns": -1}}},
    "a text for records": {"lineage": {"datasets": "the warehouse"}},
    "an unknown key in a record": {"lineage": {"datasets": [{"nam": "a"}]}},
    "a date that is none": {"retraining": {"rollback": {"rehearsed": "last week"}}},
    "an assumption without an owner": {"assumptions": [{"fact": "use_case.owner", "value": "ana", "reason": "x"}]},
    "evidence outside of the project": {"use_case": {"owner": {"value": "ana", "evidence": {"path": "../../etc/passwd"}}}},
    "evidence that would run": {"use_case": {"owner": {"value": "ana", "evidence": {"url": "javascript:alert(1)"}}}},
    "another order with a gate twice": {"sequence": {"order": [1, 1], "requested_by": "ana", "reason": "x"}},
}


def test_each_broken_file_is_refused(schema: str, write: Any) -> None:
    files = {what: write(f"{what}.json", content) for what, content in BROKEN.items()}
    done = check("--schemafile", schema, "--output-format", "json", *files.values())
    assert done.returncode == 1
    assert {error["filename"] for error in json.loads(done.stdout)["errors"]} == set(files.values())


def described(level: dict[str, Any], path: str) -> dict[str, Any]:
    """What the schema says of the fact at `path`."""
    for part in path.split("."):
        level = level["properties"][part.removesuffix("[]")]
        if part.endswith("[]"):
            [records] = [shape for shape in level["anyOf"] if "items" in shape]
            [level] = [item for item in records["items"]["anyOf"] if "properties" in item]
    return level


@pytest.mark.parametrize("path", list(read_pack("mlops").facts))
def test_the_schema_tells_of_each_fact_what_the_vocabulary_does(path: str, run: Any) -> None:
    known: FactDef = read_pack("mlops").facts[path]
    found = described(run("schema").json, path)
    assert known.ask in found["description"]
    assert known.means.casefold() in found["description"].casefold()
    assert known.unit in found["description"]
    assert found.get("examples") == (None if known.type == "records" else [known.example])
    assert found.get("default") == (known.default.value if known.default else None)
    enums = [shape["enum"] for shape in found["anyOf"] if "enum" in shape]
    assert enums == ([list(known.choices)] if known.choices else [])
