"""What GitHub's files say of owners, stages and cadence, and where rules ask for nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]


def ruleset(enforcement: str = "active", count: int = 1) -> str:
    """A ruleset as GitHub exports it."""
    review = {"required_approving_review_count": count, "require_code_owner_review": True}
    rules = [{"type": "deletion"}, {"type": "pull_request", "parameters": review}]
    return json.dumps({"name": "main", "target": "branch", "enforcement": enforcement, "rules": rules}, indent=2)


def test_the_owners_of_data_and_features_approve_their_changes(project: Project, collected: Collect) -> None:
    owners = "# who\n*  @org/all\n/data/ @org/data  # reviews\n/features/** ana@bank.example @org/data\n/docs/ @org/docs\n"
    found = collected(project({".github/CODEOWNERS": owners, "CODEOWNERS": "/data/ @nobody-asks\n"}))
    assert found.facts == {"lineage.change_approvers": ["@org/data", "ana@bank.example"]}
    assert found.places == {"lineage.change_approvers": {".github/CODEOWNERS:3"}}


def test_the_owners_of_everything_count_only_where_a_rule_asks_for_their_review(project: Project, collected: Collect) -> None:
    owners = {"CODEOWNERS": "* @org/all\n"}
    assert collected(project(owners)).facts == {}  # type: ignore[arg-type]
    assert collected(project({".github/rulesets/main.json": ruleset(enforcement="disabled")})).facts == {}
    assert collected(project({".github/rulesets/main.json": ruleset()})).facts == {"lineage.change_approvers": ["@org/all"]}


def test_a_rule_that_asks_for_no_review_falls_short(project: Project, collected: Collect) -> None:
    found = collected(project({".github/rulesets/main.json": ruleset(count=0)}))
    assert found.shortfalls == [
        ".github/rulesets/main.json:12: `required_approving_review_count` is 0, so nobody has to approve a change"
    ]
    settings = (
        "branches:\n- name: main\n  protection:\n    required_pull_request_reviews:\n      required_approving_review_count: 0\n"
    )
    assert len(collected(project({".github/settings.yml": settings})).shortfalls) == 2


def test_a_ruleset_that_is_not_enforced_falls_short(project: Project, collected: Collect) -> None:
    found = collected(project({".github/rulesets/main.json": ruleset(enforcement="evaluate", count=0)}))
    assert found.shortfalls == [".github/rulesets/main.json:4: the ruleset `main` is not enforced (`evaluate`)"]


def test_data_that_nobody_owns_falls_short(project: Project, collected: Collect) -> None:
    assert collected(project({"CODEOWNERS": "* @a\n/data/\n"})).shortfalls == ["CODEOWNERS:2: nobody owns `/data/`"]


WORKFLOW = """\
name: {name}
on:
  push: {{}}
  schedule:
  - cron: '{cron}'
jobs:
  stage: {{environment: staging, runs-on: ubuntu-latest}}
  release: {{environment: {{name: production, url: "https://x"}}, runs-on: ubuntu-latest}}
  pages: {{environment: github-pages, runs-on: ubuntu-latest}}
  other: {{environment: "${{{{ inputs.where }}}}", runs-on: ubuntu-latest}}
"""


def test_environments_that_workflows_deploy_to_are_stages_and_pages_are_none(project: Project, collected: Collect) -> None:
    found = collected(project({".github/workflows/deploy.yml": WORKFLOW.format(name="deploy", cron="0 3 * * 1")}))
    assert found.facts == {"registry.promotion.stages": [{"name": "staging"}, {"name": "production"}]}
    assert found.places["registry.promotion.stages"] == {f".github/workflows/deploy.yml:{line}" for line in (7, 8)}


@pytest.mark.parametrize(
    ("cron", "often"),
    [
        ("0 3 * * *", "daily"),
        ("0 3 * * 1", "weekly"),
        ("0 3 * * MON", "weekly"),
        ("0 3 1 * *", "monthly"),
        ("0 3 1 */3 *", "quarterly"),
        ("0 3 1 6 *", "yearly"),
        ("*/5 * * * *", None),
        ("0 3 * * 1-5", None),
        ("0 3 1 * 1", None),
        ("soon", None),
    ],
)
def test_a_workflow_that_trains_on_a_schedule_says_how_often(
    cron: str, often: str | None, project: Project, collected: Collect
) -> None:
    facts = collected(project({".github/workflows/x.yml": WORKFLOW.format(name="Retrain the model", cron=cron)})).facts
    assert facts.get("retraining.cadence") == often


def test_another_workflow_says_nothing_of_retraining(project: Project, collected: Collect) -> None:
    found = collected(project({".github/workflows/x.yml": WORKFLOW.format(name="Constraints of trainees", cron="0 3 * * 1")}))
    assert "retraining.cadence" not in found.facts


def test_workflows_in_a_folder_further_down_run_nowhere(project: Project, collected: Collect) -> None:
    workflow = WORKFLOW.format(name="train", cron="0 3 * * 1")
    assert collected(project({"template/.github/workflows/x.yml": workflow})).facts == {}


def test_those_who_have_to_review_a_deployment_approve_a_promotion(project: Project, collected: Collect) -> None:
    who = {"type": "required_reviewers", "reviewers": [{"type": "User", "reviewer": {"login": "ana"}}]}
    every = [{"name": "production", "protection_rules": [who]}, {"name": "staging", "protection_rules": []}]
    found = collected(project({".github/environments.json": json.dumps({"total_count": 2, "environments": every})}))
    assert found.facts["registry.promotion.approvers"] == ["@ana"]
    assert [one["name"] for one in found.facts["registry.promotion.stages"]] == ["production", "staging"]
    every[0]["protection_rules"] = []
    found = collected(project({".github/environments.json": json.dumps({"environments": every})}))
    assert found.shortfalls == [".github/environments.json:1: the environment `production` has no required reviewers"]
