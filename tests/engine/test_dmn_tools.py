"""DMN against tools that are not ours: they open what we write, answer as we do, and what they write is taken."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
import table_packs
from gatewright.engine import dmn_export, dmn_import, pack_loader
from gatewright.engine.pack_tables import OutputTable
from table_packs import POLICIES

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="dmn-moddle and feelin come from npm, which is not here")

PACKAGES = ("dmn-moddle@12.2.1", "feelin@8.2.0")
SHIPPED = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")
MAKE: list[dict[str, Any]] = [
    {
        "name": "How deep?",
        "hit": "PRIORITY",
        "inputs": [
            {"label": "Level", "type": "string", "text": "s.level"},
            {"label": "Score", "type": "number", "text": "s.score"},
        ],
        "outputs": [{"name": "depth", "type": "string", "values": '"board","peer"'}],
        "rules": [[['"low"', ""], ['"peer"']], [['not("low")', "[1..5[, > 7"], ['"board"']], [["-", "< 1"], ['"peer"']]],
    },
    {
        "name": "Days",
        "hit": "COLLECT",
        "aggregation": "SUM",
        "inputs": [{"label": "How old", "type": "number", "text": "age"}],
        "outputs": [{"name": "days", "type": "number"}],
        "rules": [[["<= 30"], ["1"]], [["> 30"], ["2.5"]]],
    },
]


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the tools are installed, once for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "dmn-tools"
    if not folder.exists():
        fresh = Path(tempfile.mkdtemp(dir=shared))
        command = ["npm", "install", "--prefix", str(fresh), "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
        done = subprocess.run([*command, *PACKAGES], capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()
        shutil.copy(Path(__file__).with_name("dmn_tools.mjs"), fresh)
        try:
            fresh.rename(folder)
        except OSError:
            assert folder.exists()  # another process was quicker
    return folder


def contexts(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Facts as FEEL knows them: the age in days, as the column asks for it."""
    return [
        {
            "s": {
                "level": rng.choice(["low", "mid", "high"]),
                "score": rng.choice([0, 0.5, 2, 4.99, 5, 6, 8, 8.5, 9, 10]),
                "age": rng.choice([1, 30, 31.5]),
                "name": "one",
            },
            "old": False,
        }
        for _ in range(count)
    ]


def stated(context: dict[str, Any]) -> dict[str, Any]:
    """The same as a fact file says it."""
    return context["s"] | {"age": f"{context['s']['age']} days"}


@pytest.fixture(scope="module")
def ran(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the tools make of our tables; with it the packs, and what they were asked."""
    rng = random.Random(3)
    packs = {
        f"{hit} {aggregate}": table_packs.load(tmp_path_factory.mktemp("pack"), table_packs.table(hit, aggregate))
        for hit, aggregate in POLICIES
    }
    files = {
        name: {"xml": dmn_export.export(pack, pack.output_tables), "contexts": contexts(rng, 25)} for name, pack in packs.items()
    }
    signals = [
        {table.rows[n].when: n in holding for table in SHIPPED.tables for n in range(len(table.rows))}
        for holding in ((), (0,), (1,), (2,), (0, 2), (1, 2), (0, 1, 2))
    ]
    files["shipped"] = {"xml": dmn_export.export(SHIPPED, SHIPPED.tables), "contexts": signals}
    done = subprocess.run(
        ["node", str(tools / "dmn_tools.mjs")],
        input=json.dumps({"files": files, "make": MAKE}).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout) | {"packs": packs, "asked": files}


def test_they_open_every_table_without_a_warning(ran: Any):
    for name, found in ran["files"].items():
        assert found["warnings"] == [], name
        assert found["shapes"] >= 2
    assert [table["rules"] for table in ran["files"]["shipped"]["tables"]] == [3, 3]
    assert [table["hit"] for table in ran["files"]["shipped"]["tables"]] == ["PRIORITY", "PRIORITY"]


@pytest.mark.parametrize("name", [f"{hit} {aggregate}" for hit, aggregate in POLICIES])
def test_they_answer_as_we_do(name: str, ran: Any):
    pack, seen = ran["packs"][name], set[str]()
    for context, theirs in zip(ran["asked"][name]["contexts"], ran["files"][name]["answers"], strict=True):
        found = table_packs.decided(pack, **stated(context)).answer
        seen.add(found.status)
        assert theirs == (None if found.status == "conflict" else [dict(said) for said in found.outputs]), context
    assert len(seen) > 1 or name == "collect count"


def test_they_choose_the_row_that_leads_in_a_policy_table(ran: Any):
    table = SHIPPED.tables[0]
    for holding, theirs in zip(ran["asked"]["shipped"]["contexts"], ran["files"]["shipped"]["answers"], strict=True):
        leads = next((row for row in table.ranked if holding[row.when]), None)
        assert [one["choice"] for one in theirs] == ([leads.default.choice] if leads else [])


def test_tables_that_they_write_are_taken(ran: Any, tmp_path: Path):
    pack = table_packs.load(tmp_path, table_packs.table("first"))
    depth, days = ran["made"]
    said = dmn_import.imported(depth.encode(), pack, {})
    assert said["inputs"] == {name: {"fact": f"s.{name}", "title": name.title()} for name in ("level", "score")}
    assert (said["hit"], said["outputs"]["depth"]["values"]) == ("priority", ["board", "peer"])
    assert [row.get("if", {}) for row in said["rows"]] == [
        {"level": '"low"'},
        {"level": 'not("low")', "score": "[1..5), > 7"},
        {"score": "< 1"},
    ]
    said = dmn_import.imported(days.encode(), pack, {"How old": "s.age in days"})
    assert (said["hit"], said["aggregate"]) == ("collect", "sum")
    judged = table_packs.load(tmp_path / "days", OutputTable.model_validate(said).model_dump(by_alias=True, exclude_none=True))
    assert table_packs.decided(judged, age="6 weeks").answer.outputs == ({"days": 2.5},)
