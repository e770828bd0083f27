"""Great Expectations: what the last validation of each dataset asked of it, in the forms of 0.x and 1.x.

A suite alone names no data, so that it says nothing; a validation names the asset that it looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ...engine.nodes import Node
from ...engine.sources import Source
from . import json_files
from .found import At, Finding, Says, Shortfall
from .nodes import get, items, text
from .tree import Tree

_WORD = "great_expectations_version"
_MOST_TOLD = 10  # expectations that failed, of one validation
_COLUMN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}.*|\d{8}T\d{6}\.?\d*Z?")
# What is compared with `min_value` and `max_value`, by the expectation; `{}` is the column.
_BETWEEN = {
    "expect_table_row_count_to_be_between": "row_count",
    "expect_table_column_count_to_be_between": "column_count",
    "expect_column_values_to_be_between": "{}",
    "expect_column_min_to_be_between": "{}_min",
    "expect_column_max_to_be_between": "{}_max",
    "expect_column_mean_to_be_between": "{}_mean",
    "expect_column_median_to_be_between": "{}_median",
    "expect_column_stdev_to_be_between": "{}_stdev",
    "expect_column_sum_to_be_between": "{}_sum",
    "expect_column_unique_value_count_to_be_between": "{}_unique_values",
}
# The share of rows that may differ: what `mostly` leaves.
_SHARES = {"expect_column_values_to_not_be_null": "{}_null_rate", "expect_column_values_to_be_unique": "{}_duplicate_rate"}
Read = tuple[str, Node]


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """What the last validation of each suite and asset asked and found; and suites that ask nothing, or of no data here."""
    suites: list[Read] = []
    last: dict[tuple[str, str], Read] = {}
    for file in tree.of(table):
        for root in json_files.read(tree, file, _WORD):
            if get(root, "expectations") is not None:
                suites.append((file, root))
            elif get(root, "results") is not None and get(root, "success") is not None:
                key = (_suite(root), _asset(root))
                if key not in last or _when(root) > _when(last[key][1]):
                    last[key] = file, root
    for file, root in last.values():
        yield from _validation(file, root)
    validated = {suite for suite, _ in last}
    for file, root in suites:
        yield from _lacking(file, root, validated)


def _suite(root: Node) -> str:
    """The name of a suite, or of the suite of a validation."""
    places = (("suite_name",), ("expectation_suite_name",), ("meta", "expectation_suite_name"), ("name",))
    return next((found for keys in places if (found := text(get(root, *keys)))), "")


def _asset(root: Node) -> str:
    """The asset that a validation looked at."""
    for batch in ("active_batch_definition", "batch_kwargs"):
        if found := text(get(root, "meta", batch, "data_asset_name")):
            return found
    return ""


def _when(root: Node) -> str:
    """When it ran, as a text that sorts by time among those of one version; empty where it does not say."""
    said = text(get(root, "meta", "run_id", "run_time")) or text(get(root, "meta", "validation_time"))
    return said if _TIME.fullmatch(said) else ""


def _validation(file: str, root: Node) -> Iterator[Finding]:
    asset, results = _asset(root), items(get(root, "results"))
    if asset and results:
        rules = [rule for one in results for rule in _rules(get(one, "expectation_config"))]
        here = At(file, root.place.line, f"data_asset_name {asset}")
        yield Says(here, {"data_asset_name": asset, "expectation_config": list(dict.fromkeys(rules)) or None})
    of = f" of `{asset}`" if asset else ""
    failed = [one for one in results if _is(get(one, "success"), "false")]
    for one in failed[:_MOST_TOLD]:
        asked = get(one, "expectation_config")
        column = text(get(asked, "kwargs", "column"))
        what = (
            f"`{_type(asked) or 'an expectation'}`{f' for the column `{column}`' if column else ''} failed in the validation{of}"
        )
        yield Shortfall(At(file, one.place.line, "results"), what, "mend the data or the expectation, and validate again")
    if len(failed) > _MOST_TOLD:
        more = f"{len(failed) - _MOST_TOLD} more expectations failed"
        yield Shortfall(At(file, failed[_MOST_TOLD].place.line, "results"), more)
    if not failed and _is(get(root, "success"), "false"):
        yield Shortfall(At(file, root.place.line, "success"), f"the validation{of} failed", "mend the data, and validate again")


def _lacking(file: str, root: Node, validated: set[str]) -> Iterator[Finding]:
    name = _suite(root)
    if not items(get(root, "expectations")):
        what, mend = f"the suite `{name}` expects nothing", "add expectations, or remove the suite"
        yield Shortfall(At(file, root.place.line, "expectations"), what, mend)
    elif name not in validated:
        what = f"no validation by the suite `{name}` is here, so nothing says which data it is for"
        yield Shortfall(
            At(file, root.place.line, "expectations"), what, "`--include` the folder `validations`, if git ignores it"
        )


def _type(asked: Node | None) -> str:
    return text(get(asked, "type")) or text(get(asked, "expectation_type"))


def _is(node: Node | None, value: str) -> bool:
    return node is not None and node.kind not in ("text", "list", "mapping") and node.raw.strip().lower() == value


def _rules(asked: Node | None) -> Iterator[str]:
    """An expectation as thresholds; nothing of those that are no comparison with a number, or hold for some rows only."""
    kwargs, kind = get(asked, "kwargs"), _type(asked)
    column = text(get(kwargs, "column"))
    named = _BETWEEN.get(kind) or _SHARES.get(kind) or ""
    conditional = any(_is_given(get(kwargs, key)) for key in ("row_condition", "condition_parser"))
    if not named or conditional or ("{}" in named and not _COLUMN.fullmatch(column)):
        return
    metric, mostly = named.format(column), get(kwargs, "mostly")
    share = _number(mostly) if _is_given(mostly) else Decimal(1)
    if kind in _SHARES:
        if share is not None and 0 <= share <= 1:
            yield f"{metric} <= {_plain((1 - share) * 100)} %"
    elif share == 1:
        for key, strict, sign in (("min_value", "strict_min", ">"), ("max_value", "strict_max", "<")):
            limit = _number(get(kwargs, key))
            if limit is not None:
                yield f"{metric} {sign}{'' if _is(get(kwargs, strict), 'true') else '='} {_plain(limit)}"


def _is_given(node: Node | None) -> bool:
    return node is not None and not _is(node, "null")


def _number(node: Node | None) -> Decimal | None:
    if node is None or node.kind != "number":
        return None
    found = Decimal(str(node.number))
    return found if found.is_finite() and abs(found) < 10**15 else None


def _plain(number: Decimal) -> str:
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
