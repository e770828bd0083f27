"""The command `collect`: what is proposed, written, added, and what contradicts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]
Run = Callable[..., Any]
STAGE = "stages:\n  train:\n    cmd: python train.py\n"
FILES: dict[str, str | bytes] = {"dvc.yaml": STAGE, "uv.lock": "[[package]]\n"}


def test_without_a_file_to_write_the_proposal_is_printed_and_nothing_is_written(project: Project, run: Run) -> None:
    folder = project(FILES)
    before = sorted(Path().rglob("*"))
    ended = run("collect", folder)
    assert ended.code == 0
    assert "training.orchestrator: `DVC`  (dvc.yaml:2 stages.train)" in ended.out
    assert "3 facts; nothing is written" in ended.out
    assert sorted(Path().rglob("*")) == before


def test_a_new_file_states_each_fact_with_its_evidence_and_says_where_it_was_found(project: Project, run: Run) -> None:
    folder = project(FILES)
    assert run("collect", folder, "-o", "facts.yaml").code == 0
    text = Path("facts.yaml").read_text()
    digest = f"sha256:{hashlib.sha256(STAGE.encode()).hexdigest()}"
    assert yaml.safe_load(text)["training"]["orchestrator"] == {
        "value": "DVC",
        "evidence": {"path": "dvc.yaml", "digest": digest},
    }
    assert "  # dvc.yaml:2 stages.train\n  orchestrator:" in text
    assert run("validate", "facts.yaml").code == 0
    assert run("collect", folder, "-o", "facts.json").code == 0
    assert run("validate", "facts.json").code == 0


def test_a_file_that_exists_is_not_written_over(project: Project, run: Run) -> None:
    Path("facts.yaml").write_text("mine")
    ended = run("collect", project(FILES), "-o", "facts.yaml")
    assert (ended.code, Path("facts.yaml").read_text()) == (2, "mine")


def test_check_counts_a_collected_fact_until_its_source_changes(project: Project, run: Run) -> None:
    folder = project(FILES)
    run("collect", folder, "-o", "facts.yaml")
    fresh = run("check", "facts.yaml", "--project", folder, "--format", "json").json
    (folder / "dvc.yaml").write_text(STAGE + "# changed\n")
    stale = run("check", "facts.yaml", "--project", folder, "--format", "json").json
    orchestrator = [one["state"] for one in stale["missing"] if one["fact"] == "training.orchestrator"]
    assert orchestrator == ["stale"]
    assert not [one for one in fresh["missing"] if one["fact"] == "training.orchestrator"]


def test_what_a_file_states_stays_to_the_byte_and_what_it_lacks_is_added(project: Project, run: Run) -> None:
    folder = project(FILES)
    mine = "# ours\ndelivery:\n  model: churn   # the name\n\ntraining:\n  orchestrator: Airflow  # since May\n"
    Path("mine.yaml").write_text(mine)
    ended = run("collect", folder, "--into", "mine.yaml")
    after = Path("mine.yaml").read_text()
    assert ended.code == 1, "the file and a source contradict each other"
    assert "`Airflow`  (mine.yaml:6)" in ended.out
    assert "`DVC`  (dvc.yaml:2 stages.train)" in ended.out
    assert all(line in after.splitlines() for line in mine.splitlines())
    assert yaml.safe_load(after)["training"]["stages"]["value"] == [
        {"name": "train", "kind": "training", "runs": "python train.py"}
    ]
    assert run("validate", "mine.yaml").code == 0
    again = run("collect", folder, "--into", "mine.yaml")
    assert "There is nothing to add to mine.yaml." in again.out
    assert Path("mine.yaml").read_text() == after


@pytest.mark.parametrize(
    ("name", "content"),
    [("mine.json", '{"delivery": {"model": "churn"}}\n'), ("mine.toml", '[delivery]\nmodel = "churn"  # ours\n')],
)
def test_facts_are_added_to_json_and_toml_too(name: str, content: str, project: Project, run: Run) -> None:
    Path(name).write_text(content)
    assert run("collect", project(FILES), "--into", name).code == 0
    assert run("validate", name).code == 0
    assert "DVC" in Path(name).read_text()


def test_a_fact_that_was_assumed_is_stated_and_no_longer_assumed(project: Project, run: Run) -> None:
    assumed = "{fact: training.orchestrator, value: cron, reason: as ever, owner: ana}"
    Path("mine.yaml").write_text(f"delivery: {{model: churn}}\nassumptions:\n  - {assumed}\n")
    ended = run("collect", project(FILES), "--into", "mine.yaml")
    assert (ended.code, "assumptions" in yaml.safe_load(Path("mine.yaml").read_text())) == (0, False)
    assert "in place of what was assumed" in ended.out


def test_stale_evidence_is_renewed_where_the_value_is_the_same(project: Project, run: Run) -> None:
    folder = project(FILES)
    run("collect", folder, "-o", "facts.yaml")
    (folder / "dvc.yaml").write_text(STAGE + "# the same stages\n")
    assert run("collect", folder, "--into", "facts.yaml").code == 0
    digest = hashlib.sha256((folder / "dvc.yaml").read_bytes()).hexdigest()
    assert yaml.safe_load(Path("facts.yaml").read_text())["training"]["orchestrator"]["evidence"]["digest"] == f"sha256:{digest}"


def test_sources_that_contradict_each_other_are_told_with_both_places_and_propose_nothing(
    project: Project, collected: Collect
) -> None:
    found = collected(project({"a/README.md": "---\nmodel_name: churn\n---\n", "b/README.md": "---\nmodel_name: fraud\n---\n"}))
    assert found.contradictions == {
        "delivery.model": [("churn", "a/README.md:2 model_name"), ("fraud", "b/README.md:2 model_name")]
    }
    assert (found.facts, found.code) == ({}, 1)


def test_records_of_one_name_from_two_sources_are_one_record(project: Project, collected: Collect, run: Run) -> None:
    card = "---\nlibrary_name: sklearn\ndatasets: [data/raw.csv, bank/other]\n---\n"
    tracked = "outs:\n- {md5: a304afb96060aad90176268345e10355, path: raw.csv}\n"
    folder = project({"README.md": card, "data/raw.csv.dvc": tracked})
    assert collected(folder).facts["lineage.datasets"] == [
        {"name": "data/raw.csv", "version": "md5:a304afb96060aad90176268345e10355"},
        {"name": "bank/other"},
    ]
    written = yaml.safe_load(run("collect", folder, "-o", "-").out)["lineage"]["datasets"]
    assert [one["name"]["evidence"]["path"] for one in written] == ["data/raw.csv.dvc", "README.md"]


def test_records_that_the_file_lists_otherwise_are_told_and_left(project: Project, run: Run) -> None:
    mine = "training:\n  stages:\n    - {name: train, kind: tuning, runs: python train.py}\n"
    Path("mine.yaml").write_text(mine)
    folder = project({"dvc.yaml": STAGE + "  evaluate:\n    cmd: python evaluate.py\n"})
    found = run("collect", folder, "--into", "mine.yaml", "--format", "json").json
    told = {(one["fact"], one["in"]): [side["value"] for side in one["sides"]] for one in found["contradictions"]}
    assert told == {
        ("training.stages[].kind", "train"): ["tuning", "training"],
        ("training.stages", "evaluate"): ["not listed", "evaluate"],
    }
    assert Path("mine.yaml").read_text().startswith(mine)


def test_explain_says_for_each_source_what_was_looked_for_found_and_not_found(project: Project, run: Run) -> None:
    told = run("collect", project(FILES), "--explain", "--only", "dvc,mlflow").out
    assert "looked for dvc.yaml, dvc.lock, *.dvc" in told
    assert "found `dvc.yaml`" in told
    assert "1 x stages -> training.orchestrator" in told
    assert "not found: outs.md5 -> lineage.datasets[].version" in told
    assert "found no such file" in told
    assert "environment:" not in told


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("nowhere",), "there is no folder `nowhere`"),
        ((".", "--only", "dcv"), "did you mean `dvc`?"),
        ((".", "-o", "x.yaml", "--into", "y.yaml"), "can't be used together"),
        ((".", "--into", "missing.yaml"), "there is no file `missing.yaml`"),
        ((".", "-o", "x.toml"), "YAML or JSON"),
    ],
)
def test_what_cannot_be_collected_ends_with_2_and_says_why(args: tuple[str, ...], why: str, here: Path, run: Run) -> None:
    ended = run("collect", *args)
    assert ended.code == 2
    assert why in ended.err
    assert list(here.iterdir()) == []


def test_a_fact_file_that_cannot_be_read_is_not_added_to(project: Project, run: Run) -> None:
    Path("mine.yaml").write_text("delivery: {model: a, model: b}\n")
    ended = run("collect", project(FILES), "--into", "mine.yaml")
    assert (ended.code, Path("mine.yaml").read_text()) == (2, "delivery: {model: a, model: b}\n")
    assert "stands twice" in ended.err


def test_check_finds_missing_what_was_not_collected_as_if_the_rest_had_been_written_by_hand(run: Run, here: Path) -> None:
    churn = Path(__file__).parents[3] / "docs" / "projects" / "churn"
    assert run("collect", churn, "-o", "facts.yaml").code == 0
    collected = run("collect", churn, "--format", "json").json["facts"]
    by_hand: dict[str, Any] = {}
    for one in collected:
        level = by_hand
        *above, last = one["fact"].split(".")
        for part in above:
            level = level.setdefault(part, {})
        level[last] = one["value"]
    Path("by_hand.yaml").write_text(yaml.safe_dump(by_hand))
    checked = run("check", "facts.yaml", "--project", churn, "--format", "json").json["missing"]
    expected = run("check", "by_hand.yaml", "--format", "json").json["missing"]
    missing = {(one["fact"], one["criterion"], one["state"]) for one in checked}
    assert missing == {(one["fact"], one["criterion"], one["state"]) for one in expected}
    assert {"delivery.version", "lineage.features", "serving.platform"} <= {fact for fact, _, _ in missing}
    whole = {one["fact"] for one in collected} - {"lineage.datasets", "training.evaluation.datasets"}  # which lack fields
    assert not whole & {fact for fact, _, _ in missing}
