"""Croissant: descriptions of datasets in the form that mlcroissant reads and writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

SHA = "c617db2c7470716250f6f001be51304c76bcc8815527ab8bae734bdca0735737"
FILE = {"@type": "cr:FileObject", "@id": "loans.csv", "name": "loans.csv", "contentUrl": "loans.csv", "sha256": SHA}
ARCHIVED = {"@type": "cr:FileObject", "@id": "a.csv", "name": "a.csv", "containedIn": {"@id": "loans.csv"}}
SOURCE = "https://data.example/loans"


def _described(**more: Any) -> str:
    context = {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "sc": "https://schema.org/"}
    begin = {"@context": context, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0"}
    return json.dumps(begin | {"name": "loans", "url": SOURCE, "distribution": [FILE, ARCHIVED]} | more, indent=1)


def test_a_description_says_name_source_version_and_who_maintains_it(project: Project, collected: Collect) -> None:
    people = {"maintainer": {"@type": "Person", "name": "Ana", "email": "ana@bank.example"}, "creator": {"name": "Kim"}}
    found = collected(project({"data/metadata.json": _described(version="1.0.0", **people)}))
    row = {"name": "loans", "source": SOURCE, "version": "1.0.0", "owner": "ana@bank.example"}
    assert found.facts == {"lineage.datasets": [row], "lineage.versioning.datasets": "semantic-version"}
    assert not found.shortfalls


def test_who_made_or_published_a_dataset_is_not_its_owner_here(project: Project, collected: Collect) -> None:
    found = collected(project({"metadata.json": _described(creator={"name": "Kim"}, publisher={"name": "Kaggle"})}))
    assert "owner" not in found.rows("lineage.datasets")["loans"]


def test_without_a_version_the_hash_of_its_one_file_fixes_a_dataset(project: Project, collected: Collect) -> None:
    found = collected(project({"metadata.json": _described()}))
    assert found.rows("lineage.datasets")["loans"]["version"] == f"sha256:{SHA}"
    assert found.facts["lineage.versioning.datasets"] == "content-hash"


def test_without_a_version_several_files_fix_none(project: Project, collected: Collect) -> None:
    found = collected(project({"metadata.json": _described(distribution=[FILE, FILE | {"@id": "b", "name": "b"}])}))
    assert found.facts == {"lineage.datasets": [{"name": "loans", "source": SOURCE}]}
    assert [one.partition(": ")[2] for one in found.shortfalls] == ["nothing says which version of the dataset `loans` this is"]


def test_a_hash_that_is_none_and_a_live_dataset_fall_short(project: Project, collected: Collect) -> None:
    left = FILE | {"sha256": "https://github.com/mlcommons/croissant/issues/80"}
    found = collected(project({"metadata.json": _described(distribution=[left], isLiveDataset=True)}))
    assert found.facts == {"lineage.datasets": [{"name": "loans", "source": SOURCE}]}
    assert [one.partition(": ")[2][:46] for one in found.shortfalls] == [
        "the dataset `loans` is a live one, so its cont"[:46],
        "the file `loans.csv` of the dataset `loans` ha"[:46],
    ]


def test_the_hash_of_a_live_dataset_fixes_no_version(project: Project, collected: Collect) -> None:
    found = collected(project({"metadata.json": _described(isLiveDataset=True)}))
    assert found.facts == {"lineage.datasets": [{"name": "loans", "source": SOURCE}]}


def test_datasets_that_are_versioned_in_different_ways_say_no_way_for_all(project: Project, collected: Collect) -> None:
    found = collected(project({"a.json": _described(version="1.0.0"), "b.json": _described(name="regions", version="spring")}))
    assert set(found.facts) == {"lineage.datasets"}
    assert {name: row["version"] for name, row in found.rows("lineage.datasets").items()} == {
        "loans": "1.0.0",
        "regions": "spring",
    }


@pytest.mark.parametrize("prefix", ["sc:", "https://schema.org/", "schema:"])
def test_prefixes_lists_and_graphs_of_json_ld_say_the_same(prefix: str, project: Project, collected: Collect) -> None:
    one = {"@type": [f"{prefix}Dataset"], f"{prefix}name": {"@value": "loans"}, f"{prefix}url": [{"@id": SOURCE}]}
    graph = {"@context": {"cr": "http://mlcommons.org/croissant/"}, "@graph": [one]}
    found = collected(project({"a.jsonld": json.dumps(graph)}))
    assert found.facts == {"lineage.datasets": [{"name": "loans", "source": SOURCE}]}


def test_several_names_are_none(project: Project, collected: Collect) -> None:
    assert not collected(project({"a.json": _described(name=["loans", "credits"])})).facts


def test_the_datasets_of_mlcommons_say_what_a_careful_person_finds(real_projects: Path, collected: Collect) -> None:
    found = collected(real_projects / "mlcommons+croissant", "--only", "croissant")
    assert found.facts == {
        "lineage.datasets": [
            {"name": "gpt-3", "source": "https://github.com/openai/gpt-3"},
            {"name": "Titanic", "source": "https://www.openml.org/d/40945", "version": "1.0.0"},
            {
                "name": "WikiText-103",
                "source": "https://blog.salesforceairesearch.com/the-wikitext-long-term-dependency-language-modeling-dataset/",
            },
        ]
    }
    assert [one.partition(": ")[0] for one in found.shortfalls] == [
        "datasets/1.0/gpt-3/metadata.json:48",
        "datasets/1.0/gpt-3/metadata.json:55",
        "datasets/1.0/wiki-text/metadata.json:49",
    ]
