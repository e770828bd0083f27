"""How an example is written down (order, repetition, file format) changes nothing in its verdict but places."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
import tomli_w
import yaml
from gatewright.cli.renderers.json import check as renderer
from gatewright.engine import document, evaluate, facts, pack_loader
from gatewright.engine.verdict import Verdict
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
PACK = pack_loader.load(ROOT / "knowledge" / "mlops")
EXAMPLES = ["credit-default", "ticket-routing", "made-with-ml", "demand-forecast"]
PLACES = {"place", "file", "line", "column"}
WRITERS: dict[str, Callable[[object], str]] = {
    "yaml": lambda value: yaml.dump(value, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False, width=10_000),
    "json": json.dumps,
    "toml": lambda value: tomli_w.dumps(value),
}
on_each_example = pytest.mark.parametrize("name", EXAMPLES)
few = settings(max_examples=12, deadline=None)
Change = Callable[[list[Any]], list[Any]]
formats = st.sampled_from(sorted(WRITERS))


def without_places(found: object) -> object:
    """An answer without file, line and column, at any depth."""
    if isinstance(found, dict):
        return {key: without_places(value) for key, value in found.items() if key not in PLACES}
    return [without_places(value) for value in found] if isinstance(found, list) else found


def seen(verdict: Verdict) -> object:
    """What is compared: the whole JSON answer, without places."""
    return without_places(json.loads(renderer.check(verdict)))


@cache
def content(name: str) -> dict[str, object]:
    path = ROOT / "docs" / "examples" / f"{name}.yaml"
    plain = document.read(path.read_bytes(), path.name).root.plain()
    assert isinstance(plain, dict)
    return plain


def judge(data: bytes, file: str) -> object:
    found = facts.read(document.read(data, file), PACK)
    assert found.problems == ()
    return seen(evaluate.evaluate(found, PACK))


@cache
def original(name: str) -> object:
    path = ROOT / "docs" / "examples" / f"{name}.yaml"
    return judge(path.read_bytes(), path.name)


def written(value: object, format: str) -> object:
    return judge(WRITERS[format](value).encode(), f"delivery.{format}")


def changed(value: object, of_keys: Change, of_items: Change) -> object:
    if isinstance(value, dict):
        return {key: changed(value[key], of_keys, of_items) for key in of_keys(list(value))}
    if isinstance(value, list):
        return of_items([changed(item, of_keys, of_items) for item in value])
    return value


def same(values: list[Any]) -> list[Any]:
    return values


def shuffled(values: list[Any], random: Random) -> list[Any]:
    return random.sample(values, len(values))


def repeated(values: list[Any], random: Random) -> list[Any]:
    again = [value for value in values for _ in range(random.choice((1, 1, 2, 3)))]
    return [*again, *random.sample(values, random.randint(0, len(values)))]


@on_each_example
@pytest.mark.parametrize("format", sorted(WRITERS))
def test_another_format_changes_nothing_but_places(name: str, format: str) -> None:
    assert written(content(name), format) == original(name)


@on_each_example
@few
@given(random=st.randoms(use_true_random=False), format=formats)
def test_another_order_of_keys_changes_nothing_but_places(name: str, random: Random, format: str) -> None:
    value = changed(content(name), lambda keys: shuffled(keys, random), same)
    assert written(value, format) == original(name)


@on_each_example
@few
@given(random=st.randoms(use_true_random=False), format=formats)
def test_another_order_of_records_and_list_items_changes_nothing_but_places(name: str, random: Random, format: str) -> None:
    value = changed(content(name), same, lambda items: shuffled(items, random))
    assert written(value, format) == original(name)


@on_each_example
@few
@given(random=st.randoms(use_true_random=False), format=formats)
def test_repeating_records_and_list_items_changes_nothing_but_places(name: str, random: Random, format: str) -> None:
    value = changed(content(name), same, lambda items: repeated(items, random))
    assert written(value, format) == original(name)


@on_each_example
def test_another_value_does_change_what_is_compared(name: str) -> None:
    value = content(name) | {"delivery": {"model": "another", "version": "9.9.9", "request": ["serving"]}}
    assert written(value, "json") != original(name)
