"""OpenLineage events, as the client of OpenLineage writes them to files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

COMMIT = "4f1c2ab" + "0" * 33
GIT = {"sourceCodeLocation": {"type": "git", "url": "https://git.example/credit", "version": COMMIT}}


def _event(job: str = "credit.train", state: str = "COMPLETE", **more: Any) -> dict[str, Any]:
    """An event of the run `job`, unless it names another one."""
    return {
        "eventType": state,
        "eventTime": "2026-09-30T10:00:00Z",
        "run": {"runId": job},
        "job": {"namespace": "bank", "name": job, "facets": GIT},
        "producer": "https://git.example/producer",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    } | more


def _dataset(name: str = "loans", version: str = "7", **facets: Any) -> dict[str, Any]:
    said = ({"version": {"datasetVersion": version}} if version else {}) | facets
    return {"namespace": "warehouse", "name": name, "facets": said}


def _lines(*events: dict[str, Any]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


def test_events_that_the_client_writes_say_what_its_objects_say(project: Project, collected: Collect) -> None:
    pytest.importorskip("openlineage.client", reason="openlineage-python is part of the extra `dev`")
    from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
    from openlineage.client.facet_v2 import (
        data_quality_assertions_dataset,
        dataset_version_dataset,
        datasource_dataset,
        ownership_dataset,
        source_code_location_job,
    )
    from openlineage.client.transport.file import FileConfig, FileTransport

    assertion = data_quality_assertions_dataset.Assertion(assertion="not_null", success=True, column="income")
    owner = ownership_dataset.Owner(name="team:data", type="MAINTAINER")
    loans = InputDataset(
        "warehouse",
        "loans",
        facets={
            "version": dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion="7"),
            "dataSource": datasource_dataset.DatasourceDatasetFacet(name="warehouse", uri="postgres://warehouse"),
            "ownership": ownership_dataset.OwnershipDatasetFacet(owners=[owner]),
        },
        inputFacets={
            "dataQualityAssertions": data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(assertions=[assertion])
        },
    )
    code = source_code_location_job.SourceCodeLocationJobFacet(type="git", url="https://git.example", version=COMMIT)
    run = Run("0199b7f0-0000-7000-8000-000000000001")
    job = Job("bank", "credit.train", facets={"sourceCodeLocation": code})
    folder = project({})
    transport = FileTransport(FileConfig(log_file_path=str(folder / "events.ndjson"), append=True))
    for state, time in ((RunState.START, "2026-09-30T10:00:00Z"), (RunState.COMPLETE, "2026-09-30T11:00:00Z")):
        made = OutputDataset("registry", "credit")
        transport.emit(RunEvent(eventTime=time, run=run, job=job, eventType=state, inputs=[loans], outputs=[made]))
    found = collected(folder)
    assert found.facts == {
        "lineage.datasets": [{"name": "loans", "source": "postgres://warehouse", "version": "7", "owner": owner.name}],
        "lineage.trace.data": ["7"],
        "lineage.trace.code": code.version,
        "lineage.quality_checks": [{"boundary": "loans to credit.train"}],
        "training.stages": [{"name": "credit.train", "kind": "training"}],
        "governance.reproducibility.code": code.version,
        "governance.reproducibility.data": ["7"],
    }
    assert not found.shortfalls


def test_what_a_job_makes_is_no_source_and_the_trace_goes_back_through_it(project: Project, collected: Collect) -> None:
    load = _event("load", inputs=[_dataset("raw", "3")], outputs=[_dataset("table", "")])
    train = _event(inputs=[_dataset("table", "9"), _dataset("regions", "4")])
    other = _event("report", inputs=[_dataset("visits", "1")])
    found = collected(project({"e.jsonl": _lines(load, train, other)}))
    assert list(found.rows("lineage.datasets")) == ["raw", "regions"]  # and not what only a report reads
    assert found.facts["lineage.trace.data"] == ["3", "4"]
    assert [row["name"] for row in found.facts["training.stages"]] == ["credit.train"]


def test_a_source_without_a_version_leaves_the_trace_open(project: Project, collected: Collect) -> None:
    found = collected(project({"e.jsonl": _lines(_event(inputs=[_dataset(), _dataset("regions", "")]))}))
    assert "lineage.trace.data" not in found.facts
    assert found.facts["lineage.trace.code"] == COMMIT


@pytest.mark.parametrize("state", ["START", "RUNNING", "OTHER"])
def test_a_run_without_an_end_says_what_it_reads_and_neither_version_nor_code(
    state: str, project: Project, collected: Collect
) -> None:
    found = collected(project({"e.json": json.dumps(_event(state=state, inputs=[_dataset()]))}))
    assert found.facts == {"lineage.datasets": [{"name": "loans", "source": "warehouse"}]}
    assert [one.partition(": ")[2][:40] for one in found.shortfalls] == ["no event says that the last run of `cred"]


@pytest.mark.parametrize("state", ["FAIL", "ABORT"])
def test_nothing_is_taken_from_a_run_that_failed_and_an_earlier_one_still_counts(
    state: str, project: Project, collected: Collect
) -> None:
    failed = _event(state=state, eventTime="2026-10-01T10:00:00Z", run={"runId": "2"}, inputs=[_dataset(version="8")])
    assert not collected(project({"e.json": json.dumps(failed)})).facts
    found = collected(project({"e.json": json.dumps([failed, _event(inputs=[_dataset()])])}))
    assert found.rows("lineage.datasets")["loans"]["version"] == "7"
    assert [one.partition(": ")[2][:45] for one in found.shortfalls] == ["the last run of `credit.train` did not succee"]


def test_of_several_runs_of_a_job_the_last_one_counts_whatever_the_order(project: Project, collected: Collect) -> None:
    later = _event(eventTime="2026-10-01T10:00:00Z", run={"runId": "2"}, inputs=[_dataset(version="8")])
    found = collected(project({"e.jsonl": _lines(later, _event(inputs=[_dataset()]))}))
    assert found.rows("lineage.datasets")["loans"]["version"] == "8"
    assert not found.contradictions


def test_an_assertion_that_did_not_hold_falls_short(project: Project, collected: Collect) -> None:
    wrong = {
        "assertions": [{"assertion": "unique", "success": False, "column": "id"}, {"assertion": "not_null", "success": True}]
    }
    read = _dataset() | {"inputFacets": {"dataQualityAssertions": wrong}}
    found = collected(project({"e.json": json.dumps(_event(inputs=[read]))}))
    assert found.shortfalls == ["e.json:1: `unique` of the column `id` did not hold for `loans`"]


def test_datasets_of_one_name_in_two_places_are_told_apart_and_of_several_owners_one_is_chosen_by_its_kind(
    project: Project, collected: Collect
) -> None:
    owners = {"owners": [{"name": "team:bi", "type": "USER"}, {"name": "team:data", "type": "DATA_OWNER"}]}
    nobody = {"owners": [{"name": "team:bi"}, {"name": "team:ml"}]}
    other = _dataset(ownership=nobody) | {"namespace": "lake"}
    found = collected(project({"e.json": json.dumps(_event(inputs=[_dataset(ownership=owners), other]))}))
    assert found.rows("lineage.datasets")["warehouse/loans"]["owner"] == "team:data"
    assert "owner" not in found.rows("lineage.datasets")["lake/loans"]


def test_what_is_no_commit_of_git_is_no_version_of_the_code(project: Project, collected: Collect) -> None:
    for version, kind in (("v1", "git"), (COMMIT, "svn")):
        job = {"namespace": "bank", "name": "train", "facets": {"sourceCodeLocation": {"type": kind, "version": version}}}
        assert "lineage.trace.code" not in collected(project({"e.json": json.dumps(_event(job=job))})).facts


def test_an_event_about_a_dataset_alone_adds_to_what_a_job_reads(project: Project, collected: Collect) -> None:
    owned = _dataset(version="", ownership={"owners": [{"name": "team:data"}]})
    alone = {"eventTime": "2026-09-30T10:00:00Z", "dataset": owned}
    assert not collected(project({"e.jsonl": _lines(alone)})).facts
    found = collected(project({"e.jsonl": _lines(alone, _event(inputs=[_dataset()]))}))
    assert found.rows("lineage.datasets")["loans"]["owner"] == "team:data"


def test_the_event_of_the_specification_says_what_a_careful_person_finds(real_projects: Path, collected: Collect) -> None:
    found = collected(real_projects / "OpenLineage+OpenLineage", "--only", "openlineage")
    assert found.facts == {"lineage.datasets": [{"name": "input", "source": "ins"}]}
    assert len(found.shortfalls) == 1
