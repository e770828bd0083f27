"""The bundle as data: every fact and every gap of a verdict stands in it once, where it belongs."""

from __future__ import annotations

import copy
import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import bundle, document, evaluate, facts, pack_loader
from gatewright.engine.bundle import Bundle, Listing
from gatewright.engine.facts import Today
from hypothesis import given, settings
from hypothesis import strategies as st
from waiving import waiving

PACK = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")
DAY = Today(datetime.date(2026, 11, 1))


def written(delivery: dict[str, Any], *waived: str, draft: bool = False) -> Bundle:
    found = facts.read(document.read(json.dumps(delivery, indent=1).encode(), "a.json"), PACK, today=DAY)
    return bundle.write(evaluate.evaluate(found, PACK, waiving(*waived)), draft=draft)


def example() -> dict[str, Any]:
    return copy.deepcopy(PACK.example)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to everything in a delivery that can be taken out or left open."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [one for key, below in inner for one in [(*path, key), *places(below, (*path, key))]]


PLACES = places(PACK.example)


def cut(value: Any, holes: set[tuple[Any, ...]], leave_open: bool, path: tuple[Any, ...] = ()) -> Any:
    """The delivery with holes in it: what is there is left out, or still open."""
    if path in holes:
        return "TBD"
    if isinstance(value, dict):
        kept = value if leave_open else {key: one for key, one in value.items() if (*path, key) not in holes}
        return {key: cut(one, holes, leave_open, (*path, key)) for key, one in kept.items()}
    if isinstance(value, list):
        return [cut(one, holes, leave_open, (*path, number)) for number, one in enumerate(value)]
    return value


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(PLACES), max_size=8), st.booleans())
def test_every_value_and_every_gap_stands_in_it_once(holes: set[tuple[Any, ...]], leave_open: bool) -> None:
    found = written(cut(example(), holes, leave_open), draft=True)
    verdict = found.verdict
    statements = [one for section in found.sections for one in section.statements]
    every = [
        *verdict.facts.plain.values(),
        *(cell for rows in verdict.facts.records.values() for row in rows for cell in row.values()),
    ]
    assert Counter((one.fact.path, value) for one in statements for value in one.values) == Counter(
        (fact.path, item.shown) for fact in every for item in fact.items
    )
    told = [gap.missing for section in found.sections for gap in section.gaps]
    assert Counter(told) == Counter(verdict.missing)


def test_what_is_neither_stated_nor_asked_for_is_named_as_such() -> None:
    found = written(example())
    stated = {one.fact.path for section in found.sections for one in section.statements}
    unstated = {fact.path for section in found.sections for part in section.parts for fact in part.unstated}
    plain = {path for section in PACK.sections for path in section.facts}
    assert unstated
    assert unstated == {path for path in plain if PACK.facts[path].optional and path not in stated}
    assert {path.partition("[]")[0] for path in stated} | unstated == plain


def test_a_gap_of_a_record_stands_in_that_record() -> None:
    delivery = example()
    delivery["lineage"]["datasets"] = [
        {"name": name, "source": "warehouse", "version": f"v{name}", "owner": owner}
        for name, owner in (("loan_applications", "ana"), ("b", "everyone"), ("c", "ben"))
    ]
    found = written(delivery, draft=True)
    (listing,) = [
        one
        for section in found.sections
        for part in section.parts
        for one in part.entries
        if isinstance(one, Listing) and one.whole.fact.path == "lineage.datasets"
    ]
    assert [[cell.fact.path for cell in record.cells if cell.gaps] for record in listing.records] == [
        [],
        ["lineage.datasets[].owner"],
        [],
    ]
    assert not listing.whole.gaps
    assert [record.lines[0] for record in listing.records] == sorted(record.lines[0] for record in listing.records)


def evidence(date: str) -> dict[str, str]:
    return {"path": "reports/a.json", "date": date}


def test_equal_evidence_has_one_number_and_the_last_day_on_which_it_counts() -> None:
    delivery = example()
    delivery["use_case"]["owner"] = {"value": "ana", "evidence": evidence("2026-10-01")}
    delivery["operations"]["runbook"] = {"value": "wiki", "evidence": {"url": "https://wiki.example/runbook"}}
    delivery["operations"]["owner"] = {"value": "ben", "evidence": evidence("2025-10-01")}
    found = written(delivery, draft=True)
    limit = PACK.freshness("use_case.owner")
    assert limit is not None
    last = (datetime.date(2026, 10, 1) + datetime.timedelta(days=int(limit.value))).isoformat()
    assert [(one.number, one.status) for one in found.backings] == [(1, "fresh"), (2, "stale"), (3, "undated")]
    assert found.backings[0].until == last
    assert "stale since" in found.backings[1].why
    assert found.backings[2].until == ""


def test_a_list_with_evidence_shares_it_with_its_records() -> None:
    delivery = example()
    delivery["lineage"]["datasets"] = {"value": delivery["lineage"]["datasets"], "evidence": evidence("2026-10-01")}
    assert len(written(delivery).backings) == 1


def test_a_deviation_and_an_assumption_are_told_where_they_belong() -> None:
    delivery = example()
    delivery["registry"]["promotion"] |= {"policy": "auto-promote", "rationale": "asked for by the board"}
    runbook = delivery["operations"].pop("runbook")
    delivery["assumptions"] = [{"fact": "operations.runbook", "value": runbook, "reason": "so it was", "owner": "ben"}]
    found = written(delivery)
    assert [one.table.id for one in found.deviations] == ["promotion-policy"]
    assert [one.table.id for one in found.policies] == ["promotion-policy", "drift-response"]
    (assumed,) = [one for section in found.sections for one in section.statements if one.assumption]
    assert (assumed.fact.path, assumed.state, assumed.values) == ("operations.runbook", "assumed", (runbook,))


def test_a_gap_that_is_waived_says_so() -> None:
    delivery = example()
    del delivery["operations"]["runbook"]
    gaps = [gap for section in written(delivery, "operational-ownership").sections for gap in section.gaps]
    assert [(gap.missing.fact, gap.waived) for gap in gaps] == [("operations.runbook", True)]
    assert written(delivery, "operational-ownership").verdict.passed


def test_who_signs_is_named_once() -> None:
    delivery = example()
    delivery["registry"]["promotion"]["approvers"] = ["ana", "ben", "ana"]
    assert [one.name for one in written(delivery).signers] == ["ana", "ben"]


@pytest.mark.parametrize("shown", ["assumptions", "waivers", "deviations"])
def test_what_no_section_shows_stands_beside_the_verdict(shown: str) -> None:
    listed = [
        one.model_copy(
            update={
                "items": tuple(
                    item.model_copy(update={"shows": tuple(name for name in item.shows if name != shown)}) for item in one.items
                )
            }
        )
        for one in PACK.checklists
    ]
    pack = PACK.model_copy(update={"checklists": tuple(listed)})
    found = facts.read(document.read(json.dumps(PACK.example).encode(), "a.json"), pack)
    assert bundle.write(evaluate.evaluate(found, pack)).shows == (shown,)


def test_a_pack_without_sections_of_a_bundle_has_those_of_its_vocabulary() -> None:
    listed = [
        one.model_copy(
            update={"signed_by": (), "items": tuple(item.model_copy(update={"facts": (), "shows": ()}) for item in one.items)}
        )
        for one in PACK.checklists
    ]
    pack = PACK.model_copy(update={"checklists": tuple(listed)})
    found = facts.read(document.read(json.dumps(PACK.example).encode(), "a.json"), pack)
    written_ = bundle.write(evaluate.evaluate(found, pack))
    assert [one.id for one in written_.sections] == [one.id for one in PACK.sections]
    assert written_.shows == ("assumptions", "waivers", "deviations")
    assert written_.signers == ()
