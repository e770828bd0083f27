"""What other programs run us by: the hooks of pre-commit, the action of GitHub, the job of GitLab."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


@pytest.mark.parametrize(("file", "schema"), [("action.yml", "github-actions"), ("docs/gitlab-ci.yml", "gitlab-ci")])
def test_it_is_valid_by_the_schema_that_others_wrote(file: str, schema: str) -> None:
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", ROOT / file]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, text=True)
    assert done.returncode == 0, done.stdout


# --- pre-commit


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_a_command_on_fact_files(hook: dict[str, Any], run: Any) -> None:
    program, command = shlex.split(hook["entry"])
    assert program == "gatewright"
    assert run(command, "--help").code == 0
    for name in ("delivery.yaml", "models/churn/delivery.yml", "churn.delivery.json", "a_delivery.toml"):
        assert re.search(hook["files"], name)
    for name in ("docs/examples/deliveries.yaml", "delivery.md", "undelivery.yaml"):
        assert not re.search(hook["files"], name)


# --- the action of GitHub


def test_no_script_of_the_action_has_an_expression_in_it() -> None:
    for step in STEPS:
        assert "${{" not in step["run"]
        assert set(step) <= {"name", "id", "shell", "env", "run"}  # it uses no action of others


def test_every_input_of_the_action_is_used_and_described() -> None:
    used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(STEPS)))
    assert used == set(ACTION["inputs"])
    assert all(one["description"] and "default" in one for one in ACTION["inputs"].values())
    assert set(ACTION["outputs"]) == {"verdict", "exit-code", "sarif"}


@pytest.fixture
def act(here: Path) -> Any:
    """The step that judges, run by bash as a runner would; gives the exit code, the log, the outputs and the summary."""
    (here / "runner").mkdir()
    (here / "runner" / "gatewright").symlink_to(sys.prefix)
    (step,) = (one for one in STEPS if one.get("id") == "check")
    (here / "step.sh").write_text(step["run"])

    def act(**inputs: str) -> tuple[int, str, dict[str, str], str]:
        given = {name: one["default"] for name, one in ACTION["inputs"].items()} | {
            name.replace("_", "-"): value for name, value in inputs.items()
        }
        env = {
            name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: given[match[1]], said)
            for name, said in step["env"].items()
        }
        files = {"GITHUB_OUTPUT": here / "output", "GITHUB_STEP_SUMMARY": here / "summary", "RUNNER_TEMP": here / "runner"}
        for name in ("output", "summary"):
            (here / name).write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "step.sh"],
            env={"PATH": "/usr/bin:/bin", **env, **{name: str(path) for name, path in files.items()}},
            capture_output=True,
            timeout=60,
            check=False,
            text=True,
        )
        outputs = dict(line.split("=", 1) for line in (here / "output").read_text().splitlines())
        return done.returncode, done.stdout + done.stderr, outputs, (here / "summary").read_text()

    return act


def test_the_action_judges_and_writes_log_annotations_outputs_summary_sarif_and_reports(
    act: Any, write: Any, passing: dict[str, Any], here: Path
) -> None:
    del passing["operations"]["runbook"]
    write("delivery.yaml", passing)
    code, log, outputs, summary = act(reports="junit=junit.xml\nhtml=report.html\n")
    assert code == 1
    assert "BLOCKED at gate 9" in log
    assert "::error file=delivery.yaml" in log
    assert outputs == {"exit-code": "1", "verdict": "blocked"}
    assert summary.startswith("## Gatewright: BLOCKED")
    assert json.loads((here / "gatewright.sarif").read_text())["version"] == "2.1.0"
    assert (here / "junit.xml").exists()
    assert (here / "report.html").exists()


def test_the_action_takes_waivers_and_leaves_out_what_is_not_wanted(
    act: Any, write: Any, passing: dict[str, Any], here: Path
) -> None:
    del passing["operations"]["runbook"]
    waiver = {"criterion": "operational-ownership", "reason": "soon", "approver": "cro@bank.example", "expires": "9999-12-31"}
    write("waivers.yaml", {"waivers": [waiver]})
    code, log, outputs, summary = act(
        file=write("a.json", passing), waivers="waivers.yaml", sarif="", summary="false", annotations="false"
    )
    assert (code, outputs, summary) == (0, {"exit-code": "0", "verdict": "passed"}, "")
    assert "::" not in log
    assert not (here / "gatewright.sarif").exists()


def test_the_action_says_that_nothing_could_be_judged(act: Any) -> None:
    code, log, outputs, summary = act(file="nowhere.yaml")
    assert (code, outputs) == (2, {"exit-code": "2", "verdict": ""})
    assert "nowhere.yaml" in log
    assert summary.startswith("## Gatewright: could not judge")


@pytest.mark.parametrize("name", ["file", "pack", "waivers", "fail-on", "project", "format", "sarif", "reports", "annotations"])
def test_no_input_of_the_action_is_run(name: str, act: Any, write: Any, passing: dict[str, Any], here: Path) -> None:
    write("delivery.yaml", passing)
    for said in ('"; touch owned; "', "$(touch owned)", "`touch owned`", "--help", "a\n::error::owned"):
        act(**{name.replace("-", "_"): said})
        assert not (here / "owned").exists()
