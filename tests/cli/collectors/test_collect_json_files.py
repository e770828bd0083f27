"""What all collectors of JSON files share: they read what tools write, and nothing in a file can stop or lead them astray."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gatewright.cli.collectors import COLLECTORS, found_by
from gatewright.cli.collectors.json_files import MAX_VALUES
from gatewright.cli.collectors.tree import Tree
from gatewright.engine import sources
from gatewright.engine.pack_loader import SHIPPED, load

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

SHA = "c617db2c7470716250f6f001be51304c76bcc8815527ab8bae734bdca0735737"
BOM: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "version": 1,
    "metadata": {"component": {"type": "machine-learning-model", "bom-ref": "m", "name": "credit", "version": "2.3.0"}},
    "components": [
        {
            "type": "data",
            "bom-ref": "d",
            "name": "loans",
            "version": "2026-09-30",
            "hashes": [{"alg": "SHA-256", "content": SHA}],
            "data": [{"type": "dataset", "contents": {"url": "https://data.example/loans"}, "governance": {"owners": []}}],
        }
    ],
}
BOM["metadata"]["component"] |= {
    "hashes": [{"alg": "SHA-256", "content": SHA}],
    "modelCard": {
        "modelParameters": {"datasets": [{"ref": "d"}, {"type": "dataset", "name": "regions"}]},
        "quantitativeAnalysis": {
            "performanceMetrics": [
                {"type": "auc", "value": "0.83", "confidenceInterval": {"lowerBound": "0.81", "upperBound": "0.85"}}
            ]
        },
        "considerations": {
            "users": ["loan officers"],
            "useCases": ["consumer loans"],
            "fairnessAssessments": [{"groupAtRisk": "applicants under 25"}],
            "ethicalConsiderations": [{"name": "few young applicants", "mitigationStrategy": "review by hand"}],
        },
    },
}
DATASET: dict[str, Any] = {
    "@context": {"cr": "http://mlcommons.org/croissant/"},
    "@type": "sc:Dataset",
    "name": "loans",
    "url": "https://data.example/loans",
    "isLiveDataset": False,
    "maintainer": {"@type": "Person", "name": "Ana", "email": "ana@bank.example"},
    "distribution": [{"@type": "cr:FileObject", "@id": "loans.csv", "sha256": SHA}],
}
EVENT: dict[str, Any] = {
    "eventType": "COMPLETE",
    "eventTime": "2026-09-30T10:00:00Z",
    "run": {"runId": "5f24c93c-2ce9-49dc-82e7-95ab4915242f"},
    "job": {
        "namespace": "bank",
        "name": "credit.train",
        "facets": {"sourceCodeLocation": {"type": "git", "url": "https://git.example/credit", "version": "4f1c2ab"}},
    },
    "inputs": [
        {
            "namespace": "warehouse",
            "name": "loans",
            "facets": {
                "version": {"datasetVersion": "7"},
                "dataSource": {"name": "warehouse", "uri": "postgres://warehouse"},
                "ownership": {"owners": [{"name": "team:data", "type": "MAINTAINER"}, {"name": "team:bi", "type": "USER"}]},
            },
            "inputFacets": {
                "dataQualityAssertions": {"assertions": [{"assertion": "not_null", "success": False, "column": "id"}]}
            },
        }
    ],
    "outputs": [{"namespace": "registry", "name": "credit"}],
}
STATEMENT: dict[str, Any] = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "credit.onnx", "digest": {"sha256": SHA}}],
    "predicateType": "https://slsa.dev/provenance/v1",
    "predicate": {
        "buildDefinition": {
            "externalParameters": {"workflow": {"repository": "https://git.example/credit"}},
            "resolvedDependencies": [
                {"uri": "git+https://git.example/credit@refs/heads/main", "digest": {"gitCommit": "a" * 40}},
                {"name": "loans.csv", "uri": "https://data.example/loans.csv", "digest": {"sha256": SHA}},
            ],
        },
        "runDetails": {"builder": {"id": "https://builder.example/1"}},
    },
}
ENVELOPE: dict[str, Any] = {
    "payloadType": "application/vnd.in-toto+json",
    "payload": base64.b64encode(json.dumps(STATEMENT).encode()).decode(),
    "signatures": [{"keyid": "", "sig": "c2ln"}],
}
OLD_REPORT: dict[str, Any] = {
    "version": "0.4.40",
    "timestamp": "2026-11-28 04:50:40.282071",
    "metrics": [
        {"metric": "DatasetDriftMetric", "result": {"drift_share": 0.5, "share_of_drifted_columns": 0.5, "dataset_drift": True}},
        {
            "metric": "DataDriftTable",
            "result": {
                "drift_by_columns": {
                    "age": {"stattest_name": "PSI", "stattest_threshold": 0.1, "drift_score": 0.3, "drift_detected": True}
                }
            },
        },
    ],
    "tests": [{"name": "Drift per Column", "status": "FAIL", "group": "data_drift", "parameters": {"column_name": "age"}}],
}
NEW_REPORT: dict[str, Any] = {
    "metrics": [
        {
            "metric_name": "DriftedColumnsCount(drift_share=0.5)",
            "config": {"type": "evidently:metric_v2:DriftedColumnsCount", "drift_share": 0.5},
            "value": {"count": 2.0, "share": 0.6},
        },
        {
            "config": {"type": "evidently:metric_v2:ValueDrift", "column": "age", "method": "K-S p_value", "threshold": 0.05},
            "value": 0.02,
        },
    ],
    "tests": [],
}
EARLY_REPORT: dict[str, Any] = {
    "metrics": [
        {"metric_id": "DriftedColumnsCount(drift_share=0.5)", "value": {"count": 2.0, "share": 0.6}},
        {"metric_id": "ValueDrift(column=a,b,method=psi,threshold=0.2)", "value": 0.3},
    ],
    "tests": [],
}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "cyclonedx": BOM,
    "croissant": DATASET,
    "openlineage": EVENT,
    "slsa": STATEMENT,
    "slsa envelope": ENVELOPE,
    "evidently": OLD_REPORT,
    "evidently 0.7.23": NEW_REPORT,
    "evidently 0.7.0": EARLY_REPORT,
}
OTHERS: list[Any] = [
    None,
    True,
    0,
    -1.5,
    1e300,
    float("nan"),
    "",
    "\ud800",
    "x\x1b[31m\n",
    [],
    [None],
    [[]],
    {},
    {"": {}},
    ["a", {}],
]


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _paths(inner, (*above, key))


def _changed(document: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    changed = copy.deepcopy(document)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = other
    return changed


def _table(name: str) -> sources.Source:
    return sources.read(SHIPPED / "mlops", load(SHIPPED / "mlops"), [name])[name]


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_with_any_value_of_another_type_is_read_or_skipped_and_never_stops_the_reading(
    kind: str, project: Project
) -> None:
    name = kind.split()[0]
    paths = list(_paths(DOCUMENTS[kind]))
    lines = [json.dumps(_changed(DOCUMENTS[kind], path, other)) for path in paths for other in OTHERS]
    files: dict[str, str | bytes] = {f"{number:03}.json": "\n".join(lines[number::20]) for number in range(20)}
    tree = Tree(str(project(files)))
    found = found_by(COLLECTORS[name], tree, _table(name))
    assert found  # what was not changed is still said
    assert not [why for file, why in tree.unreadable.items() if "at most" in why or "more than" in why]


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_what_changed_documents_say_can_be_written_to_a_fact_file(kind: str, project: Project, collected: Collect) -> None:
    paths = list(_paths(DOCUMENTS[kind]))[:: max(1, len(list(_paths(DOCUMENTS[kind]))) // 6)]
    files: dict[str, str | bytes] = {
        f"{at:02}-{number:02}.json": json.dumps(_changed(DOCUMENTS[kind], path, other))
        for at, path in enumerate(paths)
        for number, other in enumerate(OTHERS)
    }
    collected(project(files), "--only", kind.split()[0])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('{"bomFormat": "CycloneDX", "machine-learning-model": ' + "[" * 5_000, "nested deeper"),
        ('{"bomFormat": "CycloneDX", "machine-learning-model": [' + "0," * MAX_VALUES + "0]}", "holds at most"),
        ('{"bomFormat": "CycloneDX", "type": "machine-learning-model",', "this is not JSON"),
        (b'{"bomFormat": "CycloneDX", "type": "machine-learning-model", "name": "\xff"}', "not UTF-8"),
        ('{"bomFormat": "CycloneDX", "name": "machine-learning-model", "name": "b"}', "stands twice"),
        ('{"bomFormat": "CycloneDX"}\n' + " " * (9 << 20) + '"machine-learning-model"', "bytes"),
    ],
)
def test_hostile_files_are_reported_and_skipped(content: str | bytes, why: str, project: Project) -> None:
    tree = Tree(str(project({"bad.json": content, "good.json": json.dumps(BOM)})))
    found = found_by(COLLECTORS["cyclonedx"], tree, _table("cyclonedx"))
    assert why in tree.unreadable["bad.json"]
    assert {one.at.file for one in found} == {"good.json"}


def test_json_of_other_kinds_is_not_reported_however_broken(project: Project, collected: Collect) -> None:
    folder = project({"broken.json": '{"metric": [', "data.jsonl": "not json", "metrics.json": '{"tests": [1, 2,'})
    found = collected(folder, "--only", "cyclonedx,croissant,evidently,openlineage,slsa")
    assert not found.facts
    assert not found.unreadable


def test_explain_lists_only_the_files_that_hold_the_words_of_a_source(project: Project, run: Callable[..., Any]) -> None:
    folder = project({"bom.json": json.dumps(BOM), "events.jsonl": json.dumps(EVENT), "other.json": "{}"})
    told = run("collect", folder, "--explain", "--format", "json", "--only", "cyclonedx,openlineage,slsa").json["sources"]
    assert {one["source"]: one["files"] for one in told} == {
        "cyclonedx": ["bom.json"],
        "openlineage": ["events.jsonl"],
        "slsa": [],
    }


def test_places_are_those_of_the_lines_of_a_file_and_of_events_one_a_line(project: Project, collected: Collect) -> None:
    lines = [
        json.dumps(EVENT | {"run": {"runId": name}, "job": {"namespace": "bank", "name": name}, "inputs": [], "outputs": []})
        for name in ("load", "train")
    ]
    found = collected(project({"bom.json": json.dumps(BOM, indent=1), "events.ndjson": "\n".join(lines)}))
    line = json.dumps(BOM, indent=1).split("\n").index('   "name": "credit",') + 1
    assert found.places["delivery.model"] == {f"bom.json:{line}"}
    assert found.places["training.stages"] == {"events.ndjson:2"}
