"""Every case beside the pack holds; and there are enough of them: whatever lacks a case is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from gatewright.engine.case_files import Case
from gatewright.engine.conditions import variation
from gatewright.engine.pack import Criterion, Pack
from gatewright.engine.pack_cases import Judged, answer, differences
from gatewright.engine.pack_conditions import All, AnyOf, Condition, CriterionHolds, FreeOf, Leaf, Passes
from gatewright.engine.pack_walks import leaves, parts, statements
from knowledge_cases import CASES, FOLDER, PACK, judge

PLACEHOLDERS = ("TBD", "?", "n/a", "...", [])


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case(case: Case) -> None:
    wrong = [
        "\n    because ".join((f"{found.what}: expected {found.expected}, found {found.found}", *found.because))
        for found in differences(judge(case))
    ]
    if wrong:
        pytest.fail(f"{case.id}\n" + "\n".join(wrong), pytrace=False)


# --- the files


def test_every_file_of_the_pack_that_can_be_proved_has_a_case_file_beside_it() -> None:
    parts_of_pack = {path for folder in ("gates", "decisions") for path in (FOLDER / folder).glob("*.yaml")}
    parts_of_pack |= {FOLDER / "antipatterns.yaml", FOLDER / "bundle.yaml", FOLDER / "pack.yaml"}
    wanted = {path.with_suffix("").with_suffix(".cases.yaml") for path in parts_of_pack}
    assert {Path(case.file) for case in CASES} == wanted


# --- what has to have a case


def lacking(wanted: Iterable[tuple[str, str, tuple[str, ...]]]) -> list[str]:
    """Each (kind, name, states) of which no case expects one of the states."""
    expected = {(kind, name, found) for case in CASES for (kind, name), found in case.expects.items()}
    return [
        f"no case expects `{kind} {name}` to be {' or '.join(states)}"
        for kind, name, states in wanted
        if not any((kind, name, found) in expected for found in states)
    ]


def complain(lines: list[str]) -> None:
    if lines:
        pytest.fail("cases are lacking beside the pack:\n" + "\n".join(lines), pytrace=False)


def has_content_check(criterion: Criterion) -> bool:
    return any(is_content_check(part) for part in parts(criterion.condition))


def is_content_check(part: Condition) -> bool:
    if isinstance(part, Leaf):
        return part.operator != "stated"
    return not isinstance(part, (All, AnyOf))


def wanted_of_criteria(pack: Pack) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for criterion in (criterion for gate in pack.gates for criterion in gate.exit):
        yield "criterion", criterion.id, ("met",)
        yield "criterion", criterion.id, ("unknown",)
        if has_content_check(criterion):
            yield "criterion", criterion.id, ("unmet",)


def test_every_exit_criterion_is_once_met_once_unknown_and_once_contradicted() -> None:
    complain(lacking(wanted_of_criteria(PACK)))


def test_a_new_criterion_without_cases_is_named() -> None:
    new = Criterion.model_validate(
        {
            "id": "fairness-explicit",
            "text": "Fairness limits are explicit.",
            "mend": "Give each group a limit.",
            "all": [{"fact": "use_case.success_metrics", "measurable": True}],
        }
    )
    gate = PACK.gates[0].model_copy(update={"exit": (*PACK.gates[0].exit, new)})
    pack = PACK.model_copy(update={"gates": (gate, *PACK.gates[1:])})
    assert lacking(wanted_of_criteria(pack)) == [
        f"no case expects `criterion fairness-explicit` to be {found}" for found in ("met", "unknown", "unmet")
    ]


def test_every_entry_criterion_is_once_met_and_once_not() -> None:
    entries = [gate.entry.id for gate in PACK.gates]
    complain(lacking(("entry", name, states) for name in entries for states in (("met",), ("unmet", "unknown"))))


def test_every_gate_is_once_passed_once_blocked_and_all_but_the_first_wait_once() -> None:
    complain(
        lacking(
            ("gate", gate.id, (found,))
            for gate in PACK.gates
            for found in ("passed", "blocked", "waiting")
            if gate.needs or found != "waiting"
        )
    )


def test_every_content_check_is_once_the_only_contradiction_of_its_criterion() -> None:
    lines: list[str] = []
    for criterion in PACK.criteria.values():
        unmet = [judge(case) for case in CASES if case.expects.get(("criterion", criterion.id)) == "unmet"]
        for number, top in enumerate(criterion.all, 1):
            for part in parts(top):
                if is_content_check(part) and not any(
                    says(judged, part, "") == "no" and contradictions(judged, criterion) <= {number} | not_alone(criterion)
                    for judged in unmet
                ):
                    shown = part.key if isinstance(part, Leaf) else repr(part)
                    lines.append(f"criterion {criterion.id}: no case expects it unmet because of `{shown}` alone")
    complain(lines)


def contradictions(judged: Judged, criterion: Criterion) -> set[int]:
    """The numbers of the conditions of a criterion that are contradicted."""
    return {
        number for number, part in enumerate(criterion.all, 1) if says(judged, part, f"criterion:{criterion.id}/{number}") == "no"
    }


def not_alone(criterion: Criterion) -> set[int]:
    """Conditions that look at other criteria as a whole: what contradicts one of them may contradict others too."""
    return {number for number, part in enumerate(criterion.all, 1) if isinstance(part, (Passes, FreeOf))}


def says(judged: Judged, part: Condition, node: str) -> str:
    """yes, no or unknown: the answer to a condition; `node` is its own name where it is nested."""
    return {"met": "yes", "unmet": "no", "unknown": "unknown"}[answer(judged, part, node)]


def test_every_row_once_leads_and_once_nearly_does() -> None:
    rows = [f"{table.id}/{row.id}" for table in PACK.tables for row in table.rows]
    complain(lacking(("row", row, states) for row in rows for states in (("leads",), ("silent", "holds"))))


# A shift in three or more windows may be chronic, one in at most two may be temporary: measured, they exclude each other.
NEVER_BOTH = {("chronic-drift-stale-features", "temporary-data-shift")}


def test_every_rank_between_two_rows_is_shown_by_a_case_in_which_both_hold() -> None:
    lines: list[str] = []
    for table in PACK.tables:
        for first, second in zip(table.priority, table.priority[1:], strict=False):
            if (first, second) not in NEVER_BOTH and not any(
                case.expects.get(("row", f"{table.id}/{first}")) == "leads"
                and case.expects.get(("row", f"{table.id}/{second}")) == "holds"
                for case in CASES
            ):
                lines.append(f"table {table.id}: no case shows that {first} comes before {second}")
    complain(lines)


def test_every_table_is_once_undecided() -> None:
    undecided = {
        name.partition("/")[0]
        for case in CASES
        for (kind, name), found in case.expects.items()
        if kind == "row" and found == "undecided"
    }
    complain([f"table {table.id}: no case leaves it undecided" for table in PACK.tables if table.id not in undecided])


def test_every_antipattern_is_once_present_and_once_absent() -> None:
    complain(lacking(("antipattern", pattern.id, (found,)) for pattern in PACK.antipatterns for found in ("present", "absent")))


def test_every_choice_within_an_antipattern_is_once_the_only_one_that_makes_it_present() -> None:
    lines: list[str] = []
    for pattern in PACK.antipatterns:
        present = [judge(case) for case in CASES if case.expects.get(("antipattern", pattern.id)) == "present"]
        choices = [leaf for part in pattern.all for leaf in leaves(part) if leaf.operator == "without"]
        for leaf in choices:
            if not any(
                [says(judged, other, "") for other in choices].count("yes") == 1 and says(judged, leaf, "") == "yes"
                for judged in present
            ):
                lines.append(f"antipattern {pattern.id}: no case shows it because of `{leaf.key}` alone")
    complain(lines)


def test_every_alternative_of_a_signal_once_fires_and_once_nearly_does() -> None:
    rules = [f"{signal.id}/{number}" for signal in PACK.signals for number in range(1, len(signal.any) + 1)]
    complain(lacking(("rule", rule, (found,)) for rule in rules for found in ("fires", "silent")))


def test_every_part_of_an_alternative_is_once_the_only_one_that_fails() -> None:
    lines: list[str] = []
    for signal in PACK.signals:
        for number, alternative in enumerate(signal.any, 1):
            if not isinstance(alternative, All):
                continue
            silent = [judge(case) for case in CASES if case.expects.get(("rule", f"{signal.id}/{number}")) == "silent"]
            for part in alternative.all:
                others = [other for other in alternative.all if other is not part]
                if not any(
                    says(judged, part, "") == "no" and all(says(judged, other, "") == "yes" for other in others)
                    for judged in silent
                ):
                    lines.append(f"rule {signal.id}/{number}: no case in which only `{getattr(part, 'key', part)}` fails")
    complain(lines)


def test_every_item_of_every_checklist_is_once_met_and_once_not() -> None:
    items = [f"{checklist.id}/{item.id}" for checklist in PACK.checklists for item in checklist.items]
    complain(lacking(("item", item, states) for item in items for states in (("met",), ("unmet", "unknown"))))


def test_every_part_of_an_item_is_once_the_only_one_that_is_not_met() -> None:
    lines: list[str] = []
    for checklist in PACK.checklists:
        for item in checklist.items:
            # what a criterion of the same item asks too can't fail alone
            asked = {
                leaf.key
                for part in item.all
                if isinstance(part, CriterionHolds)
                for leaf in leaves(PACK.criteria[part.criterion].condition)
            }
            failing = [
                [part for part in item.all if says(judge(case), part, "") != "yes"]
                for case in CASES
                if case.expects.get(("item", f"{checklist.id}/{item.id}")) in ("unmet", "unknown")
            ]
            lines += [
                f"item {checklist.id}/{item.id}: no case in which only `{getattr(part, 'key', part)}` is not met"
                for part in item.all
                if [part] not in failing and getattr(part, "key", "") not in asked
            ]
    complain(lines)


def test_an_assumption_and_every_kind_of_placeholder_has_a_case() -> None:
    lines = [] if any("assumed" in case.expects.values() for case in CASES) else ["no case has an assumed criterion"]
    for mark in PLACEHOLDERS:
        if not any(
            mark in case.sets.values()
            and any(kind == "criterion" and found == "unknown" for (kind, _), found in case.expects.items())
            for case in CASES
        ):
            lines.append(f"no case shows that `{mark}` leaves a criterion unknown")
    complain(lines)


# --- numbers


def test_every_limit_is_met_exactly_by_one_case_and_missed_by_another() -> None:
    lines: list[str] = []
    for kind, statement in statements(PACK):
        for leaf in leaves(statement.condition):
            for name, most, found in measured_by_limits(leaf):
                limit = PACK.limits[name].value
                if limit not in found:
                    lines.append(f"{kind} {statement.id}: `{leaf.key}` has no case exactly at {name} ({limit:g})")
                if not any(value > limit if most else value < limit for value in found):
                    beyond = "above" if most else "below"
                    lines.append(f"{kind} {statement.id}: `{leaf.key}` has no case {beyond} {name} ({limit:g})")
    complain(lines)


def measured_by_limits(leaf: Leaf) -> Iterator[tuple[str, bool, set[float]]]:
    """For each limit that a condition uses: its name, whether it is an upper one, and what the cases have in its place."""
    all_judged = [judge(case) for case in CASES]
    if leaf.operator in ("at_least", "at_most", "some_from"):
        yield leaf.argument, leaf.operator == "at_most", {value for judged in all_judged for value in values(judged, leaf.fact)}
    elif leaf.operator == "count":
        most = "at_most" in leaf.argument
        windows = [found for judged in all_judged if (found := values(judged, leaf.fact))]
        reached = PACK.limits[leaf.argument["from"]].value
        yield leaf.argument["from"], False, {value for found in windows for value in found}
        counts = {float(sum(value >= reached for value in found)) for found in windows}
        yield leaf.argument["at_most" if most else "at_least"], most, counts
    elif leaf.operator == "varies":
        series = [runs for judged in all_judged for runs in metric_runs(judged, leaf)]
        yield leaf.argument["over"], False, {float(len(runs)) for runs in series}
        yield leaf.argument["from"], False, {variation(runs) for runs in series if len(runs) > 1}


def values(judged: Judged, path: str) -> list[float]:
    return [item.value for fact in judged.found.at(path) if fact.known for item in fact.items if isinstance(item.value, float)]


def metric_runs(judged: Judged, leaf: Leaf) -> list[list[float]]:
    series: dict[str, list[float]] = {}
    for row in judged.found.records.get(leaf.fact.partition("[]")[0], ()):
        metric, value = row[leaf.argument["by"].rpartition(".")[2]], row[leaf.fact.rpartition(".")[2]]
        if metric.known and value.known and isinstance(value.items[0].value, float):
            series.setdefault(metric.items[0].name, []).append(value.items[0].value)
    return list(series.values())
