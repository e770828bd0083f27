"""CycloneDX ML-BOM: each bill of materials that is read here is valid for cyclonedx-python-lib."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

SHA = "c617db2c7470716250f6f001be51304c76bcc8815527ab8bae734bdca0735737"
HASHES = [{"alg": "SHA-256", "content": SHA}]
CARD = {
    "modelParameters": {
        "datasets": [
            {"type": "dataset", "name": "loan_applications", "contents": {"url": "https://data.example/loans"}},
            {"ref": "regions@4"},
            {"type": "dataset", "name": "loans-holdout"},
            {"type": "configuration", "name": "params.yaml"},
        ]
    },
    "quantitativeAnalysis": {
        "performanceMetrics": [
            {"type": "auc", "value": "0.83", "confidenceInterval": {"lowerBound": "0.81", "upperBound": "0.85"}},
            {"type": "recall@5%", "value": "42 %", "slice": "applicants under 25"},
        ]
    },
    "considerations": {
        "users": ["loan officers"],
        "useCases": ["consumer loans up to 50 000 EUR"],
        "technicalLimitations": ["not for business loans"],
        "fairnessAssessments": [{"groupAtRisk": "applicants under 25", "harms": "refused more often"}],
        "ethicalConsiderations": [{"name": "few young applicants in the data", "mitigationStrategy": "review by hand"}],
    },
}
REGIONS = {
    "type": "data",
    "bom-ref": "regions@4",
    "name": "regions",
    "version": "4",
    "data": [
        {
            "type": "dataset",
            "contents": {"url": "https://data.example/regions"},
            "governance": {"owners": [{"contact": {"name": "Geo", "email": "geo@bank.example"}}]},
        }
    ],
}


def _model(name: str = "credit-default", **more: Any) -> dict[str, Any]:
    return {"type": "machine-learning-model", "bom-ref": name, "name": name, **more}


def _bom(*components: Any, version: str = "1.6", described: Any = None) -> str:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    bom: dict[str, Any] = {"bomFormat": "CycloneDX", "specVersion": version, "version": 1, "components": components}
    if described:
        bom["metadata"] = {"component": described}
    written = json.dumps(bom, indent=2)
    wrong = JsonStrictValidator(SchemaVersion.from_version(version)).validate_str(written)
    assert wrong is None, wrong
    return written


@pytest.fixture(autouse=True)
def library() -> None:
    pytest.importorskip("cyclonedx", reason="cyclonedx-python-lib is part of the extra `dev`")


@pytest.mark.parametrize("version", ["1.5", "1.6", "1.7"])
def test_a_bill_of_materials_says_model_datasets_metrics_and_considerations(
    version: str, project: Project, collected: Collect
) -> None:
    model = _model(version="2.3.0", hashes=HASHES, modelCard=CARD)
    found = collected(project({"bom.json": _bom(model, REGIONS, version=version)}))
    assert found.facts == {
        "delivery.model": "credit-default",
        "delivery.version": "2.3.0",
        "use_case.users": ["loan officers"],
        "use_case.in_scope": ["consumer loans up to 50 000 EUR"],
        "use_case.risk.areas": ["applicants under 25"],
        "lineage.datasets": [
            {"name": "loan_applications", "source": "https://data.example/loans"},
            {"name": "regions", "source": "https://data.example/regions", "version": "4", "owner": "geo@bank.example"},
        ],
        "training.evaluation.metrics": ["auc", "recall@5%"],
        "training.checks.artifact_integrity": "sha256",
        "bundle.risks": [{"risk": "few young applicants in the data", "action": "review by hand"}],
    }
    assert not found.shortfalls


def test_a_bill_that_the_library_writes_says_the_same_as_its_own_objects(project: Project, collected: Collect) -> None:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6

    hashed = [HashType(alg=HashAlgorithm.SHA_512, content="ab" * 64)]
    kind = ComponentType.MACHINE_LEARNING_MODEL
    model = Component(name="credit-default", version="2.3.0", type=kind, hashes=hashed)
    bom = Bom(components=[Component(name=f"library-{number}", version="1.0") for number in range(500)])
    bom.metadata.component = model
    bom.register_dependency(model, bom.components)
    found = collected(project({"sbom/model.cdx.json": JsonV1Dot6(bom).output_as_string(indent=1)}), "--only", "cyclonedx")
    assert found.facts == {
        "delivery.model": model.name,
        "delivery.version": model.version,
        "training.checks.artifact_integrity": "sha512",
    }


def test_a_model_among_others_is_not_the_delivered_one_unless_the_bill_says_so(project: Project, collected: Collect) -> None:
    found = collected(project({"bom.json": _bom(_model("a", version="1"), _model("b", version="2"))}))
    assert not found.facts
    assert found.shortfalls == ["bom.json:6: it describes 2 models, and nothing says which is delivered"]
    named = collected(project({"bom.json": _bom(_model("a", version="1"), described=_model("b", version="2", hashes=HASHES))}))
    assert (named.facts["delivery.model"], named.facts["delivery.version"]) == ("b", "2")


def test_bills_of_two_models_contradict_each_other_and_are_not_mixed(project: Project, collected: Collect) -> None:
    bills = {f"{name}.json": _bom(_model(name, hashes=HASHES, modelCard=CARD), REGIONS) for name in ("a", "b")}
    found = collected(project(bills))
    assert set(found.contradictions) == {"delivery.model"}
    assert not found.facts


def test_the_questions_and_words_of_a_template_say_nothing(project: Project, collected: Collect) -> None:
    card = {
        "quantitativeAnalysis": {
            "performanceMetrics": [
                {"type": "The type of performance metric", "value": "0.5"},
                {"type": "auc", "value": "The value of the performance metric"},
            ]
        },
        "considerations": {
            "users": ["Who are the intended users of the model?", "loan officers"],
            "ethicalConsiderations": [
                {"name": "The name of the risk", "mitigationStrategy": "x"},
                {"name": "bias", "mitigationStrategy": "Strategy used to address this risk"},
            ],
        },
    }
    found = collected(project({"bom.json": _bom(_model(hashes=HASHES, modelCard=card))}))
    assert found.facts == {
        "delivery.model": "credit-default",
        "use_case.users": ["loan officers"],
        "training.checks.artifact_integrity": "sha256",
        "bundle.risks": [{"risk": "bias"}],
    }
    assert [one.partition(": ")[2] for one in found.shortfalls] == [
        "the value of the metric `auc` is no number",
        "`users` holds a question of the template and not its answer",
    ]


def test_what_a_bill_lacks_or_gets_wrong_falls_short(project: Project, collected: Collect) -> None:
    interval = {"lowerBound": "0.86", "upperBound": "0.90"}
    card = {
        "modelParameters": {"datasets": [{"ref": "gone"}]},
        "quantitativeAnalysis": {"performanceMetrics": [{"type": "auc", "value": "0.83", "confidenceInterval": interval}]},
    }
    found = collected(project({"bom.json": _bom(_model(modelCard=card))}))
    assert [one.partition(": ")[2] for one in found.shortfalls] == [
        "the model has no SHA-256 or SHA-512 hash, so nobody can tell whether it was changed",
        "the dataset `gone` is described nowhere in the file",
        "the value of `auc`, 0.83, is not within its own confidence interval, 0.86 to 0.90",
    ]


def test_a_bill_without_a_model_is_one_of_software_and_says_nothing(project: Project, collected: Collect) -> None:
    found = collected(
        project({"bom.json": _bom({"type": "library", "name": "numpy", "version": "2.3.1"})}), "--only", "cyclonedx"
    )
    assert not found.facts
    assert not found.shortfalls


@pytest.mark.parametrize("version", ["1.4", "2.0", "latest"])
def test_a_version_in_which_models_are_described_otherwise_is_reported(
    version: str, project: Project, collected: Collect
) -> None:
    written = _bom(_model(hashes=HASHES)).replace('"1.6"', f'"{version}"')
    found = collected(project({"bom.json": written}))
    assert not found.facts
    assert "specVersion" in found.unreadable["bom.json"]


def test_the_examples_of_the_specification_say_what_a_careful_person_finds(real_projects: Path, collected: Collect) -> None:
    found = collected(real_projects / "CycloneDX+specification", "--only", "cyclonedx")
    assert found.facts == {}
    assert {value for value, _ in found.contradictions["delivery.model"]} == {"Llama-2-7b", "stable-diffusion"}


def test_bills_of_two_models_give_no_version_though_only_one_has_it(project: Project, collected: Collect) -> None:
    bills = {"a.json": _bom(_model("a", version="2.3.0", hashes=HASHES)), "b.json": _bom(_model("b", hashes=HASHES))}
    found = collected(project(bills))
    assert set(found.contradictions) == {"delivery.model"}
    assert found.facts == {}


def test_a_bill_of_another_model_than_the_stated_one_adds_nothing_of_it(project: Project, run: Callable[..., Any]) -> None:
    folder = project({"bom.json": _bom(_model("other", version="9", hashes=HASHES, modelCard=CARD), REGIONS)})
    stated = folder / "facts.yaml"
    stated.write_text("delivery:\n  model: ours\n")
    assert run("collect", folder, "--into", stated).code == 1
    assert stated.read_text() == "delivery:\n  model: ours\n"
