"""Model cards: front matter and headings as huggingface_hub writes them, plain Markdown, the Model Card Toolkit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]
FRONT = """\
---
library_name: sklearn
language: no
datasets: [bank/loans]
metrics: [accuracy]
model-index:
- name: churn-model
  results:
  - task: {type: tabular-classification}
    dataset: {name: Loans, type: bank/loans, split: test, revision: 5503434ddd753f426f4b38109466949a1217c2bb}
    metrics:
    - {type: accuracy, value: 0.91}
    - {type: f1, value: 0.87}
---
"""
BODY = """
# Model Card for Something Else

<!-- This model is intended to be a comment. -->

### Direct Use

<!-- Where it is used
as it is -->

- **Ranking** customers for [retention calls](https://wiki/retention)
- Planning

### Out-of-Scope Use

Pricing of single customers.

### Downstream Use [optional]

[More Information Needed]

```
### Out-of-Scope Use
- code, and no heading
```
"""


def test_a_card_says_the_model_its_data_its_metrics_and_its_uses(project: Project, collected: Collect) -> None:
    found = collected(project({"README.md": FRONT + BODY}))
    assert found.facts == {
        "delivery.model": "churn-model",
        "use_case.in_scope": ["Ranking customers for retention calls", "Planning"],
        "use_case.out_of_scope": ["Pricing of single customers."],
        "lineage.datasets": [{"name": "bank/loans"}],
        "training.evaluation.datasets": [{"name": "Loans", "version": "5503434ddd753f426f4b38109466949a1217c2bb"}],
        "training.evaluation.metrics": ["accuracy", "f1"],
    }
    assert found.places["use_case.out_of_scope"] == {"README.md:28"}
    assert found.places["delivery.model"] == {"README.md:7"}
    assert not found.shortfalls


def test_without_a_name_in_front_the_title_says_it(project: Project, collected: Collect) -> None:
    assert collected(project({"model-card.md": "# Model Card: Whisper\n"})).facts == {"delivery.model": "Whisper"}


def test_an_evaluation_dataset_without_a_revision_falls_short(project: Project, collected: Collect) -> None:
    moving = FRONT.replace(", revision: 5503434ddd753f426f4b38109466949a1217c2bb", "")
    found = collected(project({"README.md": moving}))
    assert [one.partition(": ")[2][:42] for one in found.shortfalls] == ["the evaluation dataset `Loans` has no revi"[:42]]
    assert found.facts["training.evaluation.datasets"] == [{"name": "Loans"}]


@pytest.mark.parametrize(
    "card",
    [
        "# My project\n\n## Direct Use\n\nRun it.\n",
        "---\ntitle: A blog\n---\n## Direct Use\n\nRead it.\n",
        "---\nlibrary_name: x\ndataset_info: {features: []}\n---\n## Direct Use\n\nTrain on it.\n",
        "---\nlibrary_name: datasets\nsdk: gradio\n---\n## Direct Use\n\nLook at it.\n",
    ],
    ids=["a readme", "a page", "a dataset card", "a space"],
)
def test_what_is_no_model_card_says_nothing(card: str, project: Project, collected: Collect) -> None:
    assert collected(project({"README.md": card})).facts == {}


def test_placeholders_essays_and_templates_say_nothing(project: Project, collected: Collect) -> None:
    card = f"""\
# Model Card for [More Information Needed]

## Direct Use

[More Information Needed]

## Out-of-Scope Use

{"It should not be used for many things. " * 20}

## Intended users

{{{{ users | default("TBD") }}}}
"""
    assert collected(project({"model-card.md": card})).facts == {}


def test_front_matter_with_templates_is_reported_and_the_rest_is_read(project: Project, collected: Collect) -> None:
    found = collected(project({"model-card.md": "---\n{{ card_data }}\n---\n# Model Card for churn\n"}))
    assert "model-card.md" in found.unreadable
    assert found.facts == {"delivery.model": "churn"}


def test_sentences_that_say_it_plainly_count_as_headings_do(project: Project, collected: Collect) -> None:
    card = """\
# Model Card: Ears

The primary intended users of this model are phoneticians. The model is intended to find vowels, and nothing else.
The model is not intended to identify people. We recommend against use in courts, where errors cost much.
"""
    assert collected(project({"model-card.md": card})).facts == {
        "delivery.model": "Ears",
        "use_case.users": ["phoneticians"],
        "use_case.in_scope": ["find vowels"],
        "use_case.out_of_scope": ["courts"],
    }


def test_a_card_of_the_model_card_toolkit_says_model_version_uses_and_risks(project: Project, collected: Collect) -> None:
    card = """\
{"model_details": {"name": "cats", "version": {"name": "v1.0", "date": "08/28/2020"}},
 "quantitative_analysis": {"performance_metrics": [{"type": "accuracy", "value": 0.97}, {"type": "accuracy", "slice": "cat"}]},
 "considerations": {"users": [{"description": "Fans"}], "use_cases": ["Sorting pictures"],
  "ethical_considerations": [{"name": "People may be taken for cats", "mitigation_strategy": "Only pictures of animals"}]}}
"""
    assert collected(
        project({"card.json": card, "schema.json": '{"properties": {"model_details": {"type": "object"}}}'})
    ).facts == {
        "delivery.model": "cats",
        "delivery.version": "v1.0",
        "use_case.users": ["Fans"],
        "use_case.in_scope": ["Sorting pictures"],
        "training.evaluation.metrics": ["accuracy"],
        "bundle.risks": [{"risk": "People may be taken for cats", "action": "Only pictures of animals"}],
    }


def test_what_huggingface_hub_writes_is_read_as_it_reads_it_itself(project: Project, collected: Collect) -> None:
    hub = pytest.importorskip("huggingface_hub")
    pytest.importorskip("jinja2")
    result = hub.EvalResult("tabular", "bank/loans", "Loans", "accuracy", 0.91, dataset_revision="0" * 40)
    data = hub.ModelCardData(model_name="churn", datasets=["bank/loans"], metrics=["f1"], eval_results=[result], license="mit")
    card = hub.ModelCard.from_template(data, model_id="churn", direct_use="Ranking customers.", out_of_scope_use="Pricing.")
    folder = project({})
    card.save(folder / "README.md")
    facts = collected(folder).facts
    again = hub.ModelCard.load(folder / "README.md").data
    assert facts["delivery.model"] == again.model_name == "churn"
    assert [one["name"] for one in facts["lineage.datasets"]] == again.datasets
    assert sorted(facts["training.evaluation.metrics"]) == sorted([*again.metrics, again.eval_results[0].metric_type])
    assert facts["training.evaluation.datasets"] == [
        {"name": again.eval_results[0].dataset_name, "version": again.eval_results[0].dataset_revision}
    ]
    assert (facts["use_case.in_scope"], facts["use_case.out_of_scope"]) == (["Ranking customers."], ["Pricing."])
