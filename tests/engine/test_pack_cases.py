"""The cases beside a pack: how they are read, what is said where one is otherwise, and what they cover."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from gatewright.engine import case_files, pack_cases, pack_coverage, pack_loader
from gatewright.engine.errors import BadPack, Problem
from gatewright.engine.pack_cases import Difference
from gatewright.engine.pack_coverage import Line

SMALL = Path(__file__).parents[1] / "knowledge" / "defects" / "base"
FILES = ("antipatterns", "bundle", "decisions/response", "gates/ship", "gates/voyage")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small pack without any cases."""
    shutil.copytree(SMALL, tmp_path / "harbour")
    for name in FILES:
        (tmp_path / "harbour" / f"{name}.cases.yaml").unlink()
    return tmp_path / "harbour"


def cases(folder: Path, text: str) -> tuple[case_files.Case, ...]:
    (folder / "gates" / "ship.cases.yaml").write_text(text, encoding="utf-8")
    return case_files.read(pack_loader.examine(folder))


def problem(folder: Path, text: str) -> Problem:
    """The only problem of a case file."""
    with pytest.raises(BadPack) as refused:
        cases(folder, text)
    assert len(refused.value.problems) == 1, refused.value.problems
    return refused.value.problems[0]


def wrong(folder: Path, text: str) -> list[Difference]:
    pack = pack_loader.load(folder)
    return [found for case in cases(folder, text) for found in pack_cases.differences(pack_cases.judge(case, pack))]


def coverage(folder: Path, text: str) -> dict[str, Line]:
    found = cases(folder, text)
    written = pack_loader.examine(folder)
    lines = pack_coverage.measure(written, [pack_cases.judge(case, written.pack) for case in found])
    return {line.name: line for line in lines}


def one(case: str) -> str:
    return f"cases:\n  - {case}\n"


# --- reading


@pytest.mark.parametrize(
    ("written", "column", "what", "help"),
    [
        (one("{name: x, expects: {}, expect: {gate ship: passed}}"), 15, "nothing reads the key `expects` of a case", "`expect`"),
        (one("{name: x}"), 5, "a case has to expect something", "add `expect:`"),
        (one("{name: x, expect: }"), 5, "a case has to expect something", "add `expect:`"),
        (one("{expect: {gate ship: passed}}"), 5, "a case needs a name", "one sentence"),
        (one("{name: ' ', expect: {gate ship: passed}}"), 5, "a case needs a name", "one sentence"),
        (one("{name: x, from: nothin, expect: {gate ship: passed}}"), 21, "not with `nothin`", "did you mean `nothing`?"),
        (one("{name: x, with: [], expect: {gate ship: passed}}"), 15, "`with` of a case has to be a mapping", "mapping"),
        (one("{name: x, without: a, expect: {gate ship: passed}}"), 15, "`without` of a case has to be a list", "list"),
        (one("{name: x, without: [[a]], expect: {gate ship: passed}}"), 25, "a list of names holds a list", "write a name"),
        (one("{name: x, with: {ship.crw: 1}, expect: {gate ship: passed}}"), 22, "no fact is called `ship.crw`", "`ship.crew`"),
        (one("{name: x, without: [shp], expect: {gate ship: passed}}"), 25, "group of facts is called `shp`", "`ship`"),
        (
            one("{name: x, without: [ship, ship.crew], expect: {gate ship: passed}}"),
            31,
            "`ship.crew` is not there",
            "take only away",
        ),
        (
            one('{name: x, from: nothing, with: {"ship.holds[].name": a}, expect: {gate ship: passed}}'),
            37,
            "`ship.holds` holds no records",
            "state the records first",
        ),
        (one("{name: x, expect: {gat ship: passed}}"), 24, "can't expect anything of `gat ship`", "`gate`"),
        (one("{name: x, expect: {criterion seworthy: met}}"), 24, "there is no criterion `seworthy`", "`seaworthy`"),
        (one("{name: x, expect: {rule rough/3: fires}}"), 24, "there is no rule `rough/3`", "`rough/"),
        (one("{name: x, expect: {gate ship: pased}}"), 24, "gate `ship` is `pased`", "`passed`"),
        (one("text"), 5, "a case has a name and something to expect", "- name"),
        ("case: []\ncases:\n- {name: x, expect: {gate ship: passed}}\n", 1, "nothing reads the key `case`", "`cases`"),
        ("cases: []\n", 1, "`cases` has to list cases", "- name"),
    ],
)
def test_what_is_not_written_as_a_case_is_a_problem_with_a_place_and_a_mend(
    written: str, column: int, what: str, help: str, folder: Path
) -> None:
    found = problem(folder, written)
    assert (found.code, found.file) == ("bad-case", str(folder / "gates" / "ship.cases.yaml"))
    assert found.place is not None
    assert found.place.column == column
    assert what in found.what
    assert help in found.help


def test_two_cases_of_a_file_with_the_same_name_are_a_problem(folder: Path) -> None:
    found = problem(folder, "cases:\n- {name: x, expect: {gate ship: passed}}\n- {name: x, expect: {gate ship: passed}}\n")
    assert "a case of line 2 has the same name" in found.what
    assert found.place is not None
    assert found.place.line == 3


def test_a_key_that_stands_twice_is_a_problem(folder: Path) -> None:
    assert problem(folder, one("{name: x, name: y, expect: {gate ship: passed}}")).code == "duplicate-key"


def test_every_problem_of_every_file_is_told_at_once(folder: Path) -> None:
    (folder / "bundle.cases.yaml").write_text(one("{name: x}"), encoding="utf-8")
    with pytest.raises(BadPack) as refused:
        cases(folder, one("{name: x}"))
    assert len(refused.value.problems) == 2


def test_a_pack_without_cases_is_refused(folder: Path) -> None:
    with pytest.raises(BadPack, match="there are no cases"):
        case_files.read(pack_loader.examine(folder))


def test_a_value_set_in_so_many_records_that_no_file_could_hold_them_is_a_problem(folder: Path) -> None:
    rows = ", ".join(["{name: a}"] * 1000)
    values = ", ".join("a" * 1000)
    edits = f'with: {{ship.holds: [{rows}], "ship.holds[].filled": [{values}]}}'
    found = problem(folder, one(f"{{name: x, {edits}, expect: {{gate ship: passed}}}}"))
    assert "more values than a fact file may" in found.what


def test_a_delivery_that_can_not_be_read_is_a_problem_of_its_case(folder: Path) -> None:
    [case] = cases(folder, one("{name: x, expect: {gate ship: passed}}"))
    case.delivery["ship"]["name"] = "\x00" * 2_000_000
    with pytest.raises(BadPack, match="the delivery of this case can't be read") as refused:
        pack_cases.judge(case, pack_loader.load(folder))
    assert (refused.value.problems[0].file, refused.value.problems[0].place) == (case.file, case.place)


def test_a_day_that_is_none_is_a_problem(folder: Path) -> None:
    found = problem(folder, one("{name: x, today: 2026-13-01, expect: {gate ship: passed}}"))
    assert found.what == "`today` of a case is no date written as year-month-day"


# --- judging


def test_a_case_may_ask_for_another_order_of_the_gates(folder: Path) -> None:
    [found] = wrong(folder, one("{name: x, order: [voyage, ship], expect: {gate ship: passed}}"))
    assert (found.what, found.found) == ("problems", "bad-sequence")  # the last gate stays last
    assert wrong(folder, one("{name: x, order: [ship, voyage], expect: {entry ready: met}}")) == []


def test_evidence_ages_where_a_case_has_a_day_and_there_alone(folder: Path) -> None:
    a_day = "  a-day: {value: 0, unit: days, means: evidence of the same day, source: made up}\nfresh_for: a-day\n"
    with (folder / "pack.yaml").open("a", encoding="utf-8") as pack:  # which ends with its limits
        pack.write(a_day)
    evidence = "with: {ship.name: {value: Alba, evidence: {url: 'https://a.example', date: 2026-01-01}}}, "
    assert wrong(folder, one(f"{{name: x, {evidence}expect: {{criterion seaworthy: met}}}}")) == []
    assert wrong(folder, one(f"{{name: x, {evidence}today: 2026-01-01, expect: {{criterion seaworthy: met}}}}")) == []
    assert wrong(folder, one(f"{{name: x, {evidence}today: 2026-01-02, expect: {{criterion seaworthy: unknown}}}}")) == []


def test_a_case_that_comes_out_as_expected_has_no_differences(folder: Path) -> None:
    assert wrong(folder, one("{name: x, with: {ship.crew: 1}, expect: {criterion seaworthy: unmet, gate ship: blocked}}")) == []


def test_a_difference_names_what_was_expected_what_was_found_where_and_because_of_which_fact(folder: Path) -> None:
    [found] = wrong(folder, one("{name: x, with: {ship.crew: 1}, expect: {gate ship: blocked, criterion seaworthy: met}}"))
    assert (found.case.name, found.what, found.expected, found.found) == ("x", "criterion seaworthy", "met", "unmet")
    assert (found.place.line, found.place.column) == (2, 66)
    assert any(line.startswith("ship.crew = 1 [stated]") for line in found.because)


def test_a_problem_of_the_fact_file_that_is_not_expected_is_a_difference(folder: Path) -> None:
    [found] = wrong(folder, one("{name: x, with: {ship.kind: barque}, expect: {gate ship: blocked}}"))
    assert (found.what, found.expected, found.found) == ("problems", "none", "wrong-choice")


def test_a_problem_that_is_expected_and_does_not_come_is_a_difference(folder: Path) -> None:
    [found] = wrong(folder, one("{name: x, problems: [wrong-choice], expect: {gate ship: passed}}"))
    assert (found.what, found.expected, found.found) == ("problems", "wrong-choice", "none")


def test_from_nothing_only_the_first_fact_is_stated(folder: Path) -> None:
    [case] = cases(folder, one("{name: x, from: nothing, expect: {gate ship: blocked}}"))
    assert case.delivery == {"ship": {"name": "Alba"}}


def test_a_field_is_set_and_taken_away_in_every_record(folder: Path) -> None:
    holds = "[{name: a, filled: 0.5}, {name: b, filled: 0.5}]"
    edits = f'with: {{ship.holds: {holds}, "ship.holds[].filled": 1}}, without: ["ship.holds[].name"]'
    [case] = cases(folder, one(f"{{name: x, {edits}, expect: {{gate ship: passed}}}}"))
    assert case.delivery["ship"]["holds"] == [{"filled": 1}, {"filled": 1}]


# --- coverage


def test_a_side_that_no_case_shows_is_named_with_its_place_and_a_case_to_add(folder: Path) -> None:
    line = coverage(folder, one("{name: x, expect: {gate ship: passed}}"))["signals"]
    assert line.sides == {"met": (1, 2), "unmet": (1, 2), "unknown": (0, 2)}
    assert (line.covered, line.possible, line.percent) == (2, 6, 33)
    assert [gap.what for gap in line.gaps] == [
        "in no case is signal `rough` yes",
        "in no case is signal `rough` unknown",
        "in no case is signal `calm` no",
        "in no case is signal `calm` unknown",
    ]
    gap = line.gaps[0]
    assert gap.file == str(folder / "decisions" / "response.yaml")
    assert gap.place is not None
    assert gap.place.line == 2
    assert gap.help == "add a case that expects `signal rough: yes`"


def test_a_side_counts_where_a_case_comes_out_so_without_expecting_it(folder: Path) -> None:
    rough = one("{name: x, with: {voyage.sea: rough}, expect: {gate ship: passed}}")
    assert "in no case is signal `rough` yes" not in [gap.what for gap in coverage(folder, rough)["signals"].gaps]


def test_that_a_fact_is_stated_can_not_be_contradicted_and_is_not_counted_so(folder: Path) -> None:
    line = coverage(folder, one("{name: x, expect: {gate ship: passed}}"))["conditions"]
    assert not [gap for gap in line.gaps if "stated" in gap.what and gap.what.endswith("unmet")]
    assert [gap for gap in line.gaps if "at_least" in gap.what and gap.what.endswith("unmet")]


def test_what_asks_that_a_signal_does_not_hold_has_the_sides_of_the_signal_turned_round(folder: Path) -> None:
    table = folder / "decisions" / "response.yaml"
    stated = table.read_text(encoding="utf-8").replace("{fact: voyage.sea, is: rough}", "{fact: voyage.reason}")
    count = '      - {fact: "voyage.sea[].waves", count: {from: high-waves, at_least: once}}\n'
    assert count in stated
    table.write_text(stated.replace(count, ""), encoding="utf-8")  # so that a rough sea is stated or unknown
    with (folder / "antipatterns.yaml").open("a", encoding="utf-8") as patterns:
        patterns.write("  - {id: calm, text: a calm sea, mend: Wait., all: [{signal: rough, is: false}]}\n")
    line = coverage(folder, one("{name: x, expect: {gate ship: passed}}"))["anti-patterns"]
    assert {side: possible for side, (_, possible) in line.sides.items()} == {"met": 1, "unmet": 2, "unknown": 2}


def undecided(folder: Path, *deliveries: str) -> set[str]:
    """The conditions of the criterion `seaworthy` that no two of the cases show to decide."""
    written = "".join(f"- {{name: case {n}, {one} expect: {{gate ship: blocked}}}}\n" for n, one in enumerate(deliveries))
    gaps = coverage(folder, "cases:\n" + written)["conditions that decide"].gaps
    return {gap.what.split("that ")[1].split(" alone")[0] for gap in gaps if gap.what.endswith("criterion `seaworthy`")}


def test_a_condition_decides_where_two_cases_differ_in_it_alone(folder: Path) -> None:
    least = "`ship.crew` at_least `crew-least`"
    assert least in undecided(folder, "")
    assert least not in undecided(folder, "", "with: {ship.crew: 1},")


def test_a_condition_does_not_decide_where_another_one_differs_too(folder: Path) -> None:
    both = undecided(folder, "", "with: {ship.crew: 1, ship.chart: latest},")
    assert {"`ship.crew` at_least `crew-least`", "`ship.chart` pinned"} <= both


def test_a_condition_does_not_decide_where_the_statement_is_answered_alike(folder: Path) -> None:
    latest = "ship.chart: latest"
    same = undecided(folder, f"with: {{{latest}}},", f"with: {{ship.crew: 1, {latest}}},")
    assert "`ship.crew` at_least `crew-least`" in same


def test_a_percentage_is_rounded_down(folder: Path) -> None:
    assert Line("x", {}, 199, 200, ()).percent == 99
    assert Line("x", {}, 0, 0, ()).percent == 100


# --- tables of outputs


@pytest.fixture
def customs(tmp_path: Path) -> Path:
    """A pack with a table of outputs, and no cases for it."""
    for name in ("base", "over"):
        shutil.copytree(SMALL.parent / name, tmp_path / name)
    (tmp_path / "over" / "decisions" / "inspection.cases.yaml").unlink()
    return tmp_path / "over"


def of_table(customs: Path, case: str) -> tuple[case_files.Case, ...]:
    (customs / "decisions" / "inspection.cases.yaml").write_text(one(case), encoding="utf-8")
    found = case_files.read(pack_loader.examine(customs))
    return tuple(case for case in found if "inspection" in case.file)


@pytest.mark.parametrize(
    ("case", "wrong"),
    [
        ("{name: a, expect: {row inspection/near: holds, row inspection/far: silent, table inspection: {by: nobody}}}", []),
        ("{name: a, with: {customs.cargo: powder}, expect: {table inspection: {by: officer}}}", []),
        ("{name: a, without: [customs.cargo], expect: {table inspection: undecided, row inspection/near: open}}", []),
        ("{name: a, expect: {table inspection: {by: officer}}}", [('{"by": "officer"}', '{"by": "nobody"}')]),
        ("{name: a, expect: {row inspection/near: silent}}", [("silent", "holds")]),
        ("{name: a, expect: {table inspection: nothing}}", [("nothing", '{"by": "nobody"}')]),
    ],
)
def test_a_case_expects_what_a_table_of_outputs_says_and_which_rows_hold(
    case: str, wrong: list[tuple[str, str]], customs: Path
) -> None:
    pack = pack_loader.load(customs)
    (found,) = of_table(customs, case)
    differing = list(pack_cases.differences(pack_cases.judge(found, pack)))
    assert [(each.expected, each.found) for each in differing] == wrong
    assert all(each.because for each in differing)


@pytest.mark.parametrize(
    "state", ["perhaps", "{by: admiral}", "{by: officer, at: 3}", "{}", "[{by: officer}]", "3", "[]", "{by: {a: b}}"]
)
def test_what_a_table_of_outputs_can_not_say_is_a_problem(state: str, customs: Path) -> None:
    with pytest.raises(BadPack) as refused:
        of_table(customs, f"{{name: a, expect: {{table inspection: {state}}}}}")
    (problem,) = refused.value.problems
    assert "a case can't expect that table `inspection` is" in problem.what
    assert "{by: ...}" in problem.help


def test_rows_of_outputs_are_covered_by_side_and_their_cells_are_named_by_their_row(customs: Path) -> None:
    of_table(customs, "{name: a, expect: {table inspection: {by: nobody}}}")
    written = pack_loader.examine(customs)
    judged = [pack_cases.judge(case, written.pack) for case in case_files.read(written)]
    lines = {line.name: line for line in pack_coverage.measure(written, judged)}
    rows = {(gap.name, gap.side) for gap in lines["rows"].lacking}
    assert ("inspection/far", "holds") in rows
    assert ("inspection/near", "holds") not in rows
    assert not [gap for line in lines.values() for gap in line.lacking if gap.kind == "signal" and "inspection" in gap.name]
    assert any("(row `inspection/far`)" in gap.problem.what for gap in lines["conditions"].lacking)
