"""Evidently's JSON reports: from which value drift counts, and what was found, in the forms of its versions.

0.2 to 0.6 write `metric` and `result`, and `tests` with `parameters`; 0.7 writes `config` and `value`, and its first versions
`metric_id` in place of `config`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...engine.nodes import Node
from ...engine.sources import Source
from . import json_files
from .found import At, Finding, Said, Says, Shortfall
from .nodes import get, items, pairs, text
from .tree import Tree

# Evidently's methods by their names and titles. Of a test, a small p-value is drift; of a distance, a large one.
_TESTS = frozenset(
    (
        *("anderson", "anderson-darling", "chisquare", "chi-square p_value", "cramer_von_mises", "cramer-von mises", "es"),
        *("epps-singleton", "fisher_exact", "fisher's exact test", "g_test", "ks", "k-s p_value", "mannw"),
        *("mann-whitney u-rank test", "empirical_mmd", "t_test", "tvd", "total-variation-distance", "z", "z-test p_value"),
    )
)
_DISTANCES = frozenset(
    (
        *("ed", "energy-distance", "hellinger", "hellinger distance", "jensenshannon", "jensen-shannon distance", "kl_div"),
        *("kullback-leibler divergence", "psi", "wasserstein", "wasserstein distance (normed)"),
    )
)
# What a report of drift holds.
_WHOLE = ("DriftedColumnsCount", "ValueDrift", "DatasetDriftMetric", "DataDriftTable", "ColumnDriftMetric", '"data_drift"')
_NO_FEATURES = frozenset(("target", "prediction"))  # as Evidently names these columns itself
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})")
# How the first versions of 0.7 name what they measure.
_DRIFT = re.compile(r"ValueDrift\(column=(.{1,200}),method=([^,=]{1,60}),threshold=(\d[\d.e-]{0,20})\)")
_COUNT = re.compile(r"DriftedColumnsCount\(drift_share=(\d[\d.]{0,20})[,)]")
_SHARE = "share_of_drifted_columns"
_MOST_TOLD = 10  # tests that failed, of one report


@dataclass(frozen=True, slots=True)
class _Column:
    """How the drift of a column was measured; `score` is nothing where it is no number."""

    line: int
    name: str
    method: str
    threshold: str
    score: float | None


@dataclass(frozen=True, slots=True)
class _Dataset:
    """From which share of columns on drift counts as that of the dataset, and how many there were."""

    line: int
    limit: str
    share: float | None
    drifted: float | None


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """Everything that reports of drift say."""
    for file in tree.of(table):
        for root in json_files.read(tree, file, *_WHOLE):
            yield from _report(file, root)


def _report(file: str, root: Node) -> Iterator[Finding]:
    columns = list(_columns(root))
    yield from _signals(file, columns)
    for whole in dict.fromkeys(_datasets(root)):
        here, threshold = At(file, whole.line, _SHARE), f"{_SHARE} >= {whole.limit}"
        yield Says(
            here,
            {"drift_share": f"dataset drift ({threshold})", "drift_share.watches": "data", "drift_share.threshold": threshold},
        )
        if whole.share is not None and whole.share >= float(whole.limit):
            count = "" if whole.drifted is None else f" ({whole.drifted:g} of them)"
            what = f"drift is found in a share of {whole.share:.3g} of the columns{count}, and from {whole.limit} on it counts"
            yield Shortfall(here, what, "look into it, and write down the response that was chosen")
    when = _TIME.match(text(get(root, "timestamp")))
    psi = [one for one in columns if one.method == "psi" and one.score is not None and one.name not in _NO_FEATURES]
    if when and psi:
        most = max(psi, key=lambda one: one.score or 0)
        values: dict[str, Said | None] = {"timestamp": f"{when[1]} {when[2]}", "drift_score (psi)": most.score}
        yield Says(At(file, most.line, f"drift_score of {most.name}"), values)
    yield from _failed(file, root)


def _signals(file: str, columns: list[_Column]) -> Iterator[Finding]:
    """One signal for each method and threshold."""
    groups: dict[tuple[str, str], list[_Column]] = {}
    for one in columns:
        groups.setdefault((one.method, one.threshold), []).append(one)
    for (method, threshold), group in groups.items():
        comparison = _comparison(method)
        if not comparison:
            continue
        features = any(one.name not in _NO_FEATURES for one in group)
        yield Says(
            At(file, group[0].line, f"threshold of {group[0].name}"),
            {
                "method": f"column drift ({method} {comparison} {threshold})",
                "method.watches": "feature" if features else None,
                "threshold": f"{method} {comparison} {threshold}",
            },
        )


def _comparison(method: str) -> str:
    name = method.casefold()
    return "<" if name in _TESTS else ">=" if name in _DISTANCES else ""


# --- the forms of the versions


def _columns(root: Node) -> Iterator[_Column]:
    for one in items(get(root, "metrics")):
        result, config = get(one, "result"), get(one, "config")
        if text(get(config, "type")).endswith(":ValueDrift"):
            yield from _column(config, get(one, "value"), text(get(config, "column")))
        elif named := _DRIFT.fullmatch(text(get(one, "metric_id"))):
            yield from _measured(one.place.line, named[1], named[2], _read(named[3]), get(one, "value"))
        elif text(get(one, "metric")) == "ColumnDriftMetric":
            yield from _column(result, get(result, "drift_score"), text(get(result, "column_name")))
        elif text(get(one, "metric")) == "DataDriftTable":
            for name, column, _ in pairs(get(result, "drift_by_columns")):
                yield from _column(column, get(column, "drift_score"), name)
    for one in items(get(root, "tests")):
        found = get(one, "parameters")
        yield from _column(found, get(found, "score"), text(get(found, "column_name")))
        for name, column, _ in pairs(get(found, "features")):
            yield from _column(column, get(column, "score"), name)


def _column(said: Node | None, score: Node | None, name: str) -> Iterator[_Column]:
    method = next((found for key in ("method", "stattest_name", "stattest") if (found := text(get(said, key)))), "")
    limits = [_number(get(said, key)) for key in ("threshold", "stattest_threshold")]
    threshold = next((limit for limit in limits if limit is not None), None)
    if said is not None:
        yield from _measured(said.place.line, name, method, threshold, score)


def _measured(line: int, name: str, method: str, threshold: float | None, score: Node | None) -> Iterator[_Column]:
    if name and method and threshold is not None:
        method = "psi" if method.casefold() == "psi" else method
        yield _Column(line, name, method, f"{threshold:g}", _number(score))


def _datasets(root: Node) -> Iterator[_Dataset]:
    for one in items(get(root, "metrics")):
        result, config, value = get(one, "result"), get(one, "config"), get(one, "value")
        if text(get(config, "type")).endswith(":DriftedColumnsCount"):
            yield from _whole(one, _number(get(config, "drift_share")), get(value, "share"), get(value, "count"))
        elif named := _COUNT.match(text(get(one, "metric_id"))):
            yield from _whole(one, _read(named[1]), get(value, "share"), get(value, "count"))
        elif text(get(one, "metric")) == "DatasetDriftMetric":
            share, drifted = get(result, _SHARE), get(result, "number_of_drifted_columns")
            yield from _whole(one, _number(get(result, "drift_share")), share, drifted)


def _whole(one: Node, least: float | None, share: Node | None, drifted: Node | None) -> Iterator[_Dataset]:
    if least is not None and 0 < least <= 1:
        yield _Dataset(one.place.line, f"{least:g}", _number(share), _number(drifted))


def _read(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None


def _number(node: Node | None) -> float | None:
    return float(node.number) if node is not None and node.kind == "number" and math.isfinite(node.number) else None


def _failed(file: str, root: Node) -> Iterator[Finding]:
    """The tests of a suite that failed."""
    failed = [one for one in items(get(root, "tests")) if text(get(one, "status")) in ("FAIL", "ERROR")]
    for one in failed[:_MOST_TOLD]:
        name = text(get(one, "name")) or "a test"
        of = text(get(one, "parameters", "column_name"))
        what = f"the test `{name}`{f' of `{of}`' if of else ''} failed"
        yield Shortfall(At(file, one.place.line, "tests"), what, text(get(one, "description")))
    if len(failed) > _MOST_TOLD:
        more = f"{len(failed) - _MOST_TOLD} more tests failed"
        yield Shortfall(At(file, failed[_MOST_TOLD].place.line, "tests"), more)
