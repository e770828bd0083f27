"""The example of an organisation's pack does what its first lines and docs/overlays.md say."""

from __future__ import annotations

from pathlib import Path

import pytest
from gatewright.cli.main import app
from gatewright.engine import document, evaluate, facts, pack_loader
from gatewright.engine.verdict import Verdict
from typer.testing import CliRunner

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PACK = pack_loader.load(EXAMPLES / "bank-pack")


def verdict_on(name: str) -> Verdict:
    text = (EXAMPLES / f"{name}.yaml").read_bytes()
    return evaluate.evaluate(facts.read(document.read(text, "delivery.yaml"), PACK), PACK)


def statuses(verdict: Verdict) -> list[str]:
    return [gate.status for gate in verdict.gates]


@pytest.mark.parametrize("command", ["lint", "test", "mutate"])
def test_the_pack_of_the_bank_is_lint_clean_its_cases_pass_and_tell_every_mutant(command: str):
    result = CliRunner().invoke(app, ["pack", command, str(EXAMPLES / "bank-pack")])
    assert result.exit_code == 0, result.output


def test_its_gate_stands_between_evaluation_and_promotion():
    position = PACK.order.index("model-validation")
    assert PACK.order[position - 1 : position + 2] == ("training-evaluation", "model-validation", "registry-promotion")


def test_a_delivery_that_passes_the_pack_below_is_blocked_at_the_gate_of_the_bank():
    assert statuses(verdict_on("credit-default")) == ["passed"] * 3 + ["blocked"] + ["waiting"] * 7


def test_the_delivery_of_the_bank_passes_all_eleven_gates():
    assert statuses(verdict_on("bank-credit")) == ["passed"] * 11


def test_its_departure_has_a_reason():
    (departure,) = PACK.departures
    assert departure.because


def test_its_departure_is_told_wherever_the_verdict_is():
    reason, file, pack = PACK.departures[0].because, str(EXAMPLES / "bank-credit.yaml"), str(EXAMPLES / "bank-pack")
    reports = ("text", "json", "sarif", "junit", "github", "summary", "gitlab", "html")
    asked = [
        *(("check", file, "--format", name) for name in reports),
        *(("bundle", file, "--format", name) for name in ("markdown", "html", "json")),
        ("explain", file, "1"),
        ("recommend", file),
        ("unblock", file, "1"),
        ("what-if", file, "--unset", "use_case.owner"),
        ("diff", file, file),
        ("graph", file),
        ("record", file),
    ]
    silent = [args for args in asked if reason not in CliRunner().invoke(app, [*args, "--pack", pack]).stdout]
    assert silent == []
