"""What a shell offers on the tab key: asked as the scripts of the shells ask, and once by bash itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli.inputs import read_pack

COMMAND = Path(sys.executable).with_name("gatewright")
GATES = read_pack("mlops").order


@pytest.fixture
def offered(process: Any) -> Any:
    """The words that are offered for the last one of a line."""

    def offered(line: str) -> list[str]:
        env = {"_GATEWRIGHT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        ended = process(env=env)
        assert (ended.code, ended.err) == (0, "")
        return ended.out.split()

    return offered


def test_gates_are_offered_where_a_gate_is_named(offered: Any) -> None:
    assert offered("gatewright unblock delivery.yaml ") == [*GATES, "all"]
    assert offered("gatewright unblock delivery.yaml re") == [
        "registry-promotion", "retraining-rollback", "reproducibility-governance",
    ]  # fmt: skip


def test_tables_subjects_facts_packs_and_formats_are_offered(offered: Any) -> None:
    assert offered("gatewright recommend delivery.yaml ") == ["promotion-policy", "drift-response"]
    assert offered("gatewright explain delivery.yaml rollback") == ["rollback-triggers", "rollback-validation"]
    assert "use_case.risk.impact" in offered("gatewright explain delivery.yaml use_case.")
    assert offered("gatewright what-if delivery.yaml --unset operations.run") == ["operations.runbook"]
    assert offered("gatewright check delivery.yaml --pack ml") == ["mlops"]
    assert offered("gatewright bundle delivery.yaml --format ht") == ["html"]


def test_names_are_those_of_the_pack_on_the_command_line(offered: Any, tmp_path: Path, shipped_pack: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(shipped_pack, folder, ignore=shutil.ignore_patterns("*.cases.yaml", "__pycache__"))
    table = folder / "decisions" / "drift-response.yaml"
    table.write_text(table.read_text().replace("title: Drift Response", "title: '$(touch owned)'"))
    assert offered(f"gatewright recommend --pack {folder} delivery.yaml d") == ["drift-response"]
    assert offered(f"gatewright recommend --pack {tmp_path} delivery.yaml ") == []


def test_files_are_offered_by_bash_where_there_is_no_name(here: Path) -> None:
    (here / "delivery.yaml").touch()
    script = f"""
        PATH={COMMAND.parent}:$PATH
        source <(_GATEWRIGHT_COMPLETE=source_bash gatewright)
        complete -p gatewright
        COMP_WORDS=(gatewright unblock delivery.yaml ser); COMP_CWORD=3
        _gatewright_completion gatewright; echo "${{COMPREPLY[@]}}"
        COMP_WORDS=(gatewright check del); COMP_CWORD=2
        _gatewright_completion gatewright; echo "nothing: ${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=60, check=False, text=True)
    assert done.stdout.splitlines() == [
        "complete -o default -F _gatewright_completion gatewright",
        "serving-release",
        "nothing: ",
    ], done.stderr
