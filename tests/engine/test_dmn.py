"""DMN XML: every table comes back as it went out, tables of other tools are taken or refused, and nothing in a file does harm."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import random_packs
import random_tables
import table_packs
from gatewright.engine import dmn_export, dmn_import, pack_loader
from gatewright.engine.cells import ANY
from gatewright.engine.errors import CannotJudge, Problem
from gatewright.engine.nodes import MAX_BYTES
from gatewright.engine.pack import Pack
from gatewright.engine.pack_tables import OutputTable, Table

SHIPPED = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")


def plain(table: Table | OutputTable) -> dict[str, Any]:
    """What a table says; a cell `-` is one that is left out, and the signals of cells are the loader's."""
    said = table.model_dump(by_alias=True, exclude_none=True)
    for row in said["rows"]:
        row["if"] = {name: cell for name, cell in row["if"].items() if cell != ANY}
        if row["if"] or "then" in row:
            row["when"] = ""
    return said


def again(table: Table | OutputTable, pack: Pack) -> dict[str, Any]:
    """What is read of the XML of a table."""
    text = dmn_export.export(pack, [table])
    said = dmn_import.imported(text.encode(), pack, {})
    return plain((OutputTable if isinstance(table, OutputTable) else Table).model_validate(said))


@pytest.mark.parametrize("table", SHIPPED.tables, ids=lambda table: table.id)
def test_the_shipped_tables_come_back_as_they_went_out(table: Table):
    assert again(table, SHIPPED) == plain(table)


@pytest.mark.parametrize(("hit", "aggregate"), table_packs.POLICIES)
def test_a_table_of_each_hit_policy_comes_back_as_it_went_out(hit: str, aggregate: str | None, tmp_path: Path):
    more = (
        {"otherwise": {"days": 0.1} if aggregate else {"depth": "none"}} if aggregate != "count" else {"gaps": "all\nis <well>"}
    )
    pack = table_packs.load(tmp_path, table_packs.table(hit, aggregate, **more))
    assert again(pack.output_tables[0], pack) == plain(pack.output_tables[0])


@pytest.mark.parametrize(("hit", "aggregate"), random_tables.KINDS)
def test_random_tables_come_back_as_they_went_out(hit: str, aggregate: str | None, tmp_path: Path):
    pack = random_packs.pack(random.Random(1), tmp_path)
    for seed in range(15):
        table = OutputTable.model_validate(random_tables.said(random.Random(seed), hit, aggregate))
        assert again(table, pack) == plain(table)


def test_a_policy_table_with_cells_comes_back_as_it_went_out():
    table, other = SHIPPED.tables
    said = plain(table) | {"inputs": {"impact": {"fact": "use_case.risk.impact"}}, "gaps": "none"}
    first, *rest = said["rows"]
    said["rows"] = [first | {"when": "", "if": {"impact": "high"}}, *rest]
    mixed = Table.model_validate(said)
    assert again(mixed, SHIPPED.model_copy(update={"tables": (mixed, other)})) == plain(mixed)


def test_texts_that_xml_and_feel_write_in_another_way_come_back():
    said = table_packs.table(
        "first", title='A "title" <&> é', outputs={"depth": {"title": "D", "values": ['say "no" \\ <&>', "\u2028"]}}
    )
    said["rows"] = [
        {"id": "a", "if": {"name": '"a \\"b\\" <&> \\u001b", "é"'}, "then": {"depth": 'say "no" \\ <&>'}, "note": "< & >"}
    ]
    said["inputs"] = {"name": {"fact": "use_case.objective", "title": "<Name>"}}
    table = OutputTable.model_validate(said)
    assert again(table, SHIPPED) == plain(table)


# --- tables of other tools

FACTS = {
    "impact": "use_case.risk.impact",
    "rollback time": "serving.rollback.within in minutes",
    "risky": "signal:high-risk-impact",
}


def foreign(
    rows: str = "",
    inputs: str = "",
    *,
    version: str = "https://www.omg.org/spec/DMN/20191111/MODEL/",
    table: str = 'hitPolicy="FIRST"',
    outputs: str = '<output id="o" name="Review Depth" typeRef="string" />',
    before: str = "",
    beside: str = "",
) -> bytes:
    """A file as modellers write it: ids of their own, labels, text elements, attributes of their own namespace."""
    inputs = inputs or (
        '<input id="i1" label="Impact" camunda:inputVariable="x"><inputExpression id="e1" typeRef="string">'
        '<text>impact</text></inputExpression><inputValues id="v1"><text>"high","low"</text></inputValues></input>'
        '<input id="i2" label="Rollback"><inputExpression id="e2" typeRef="integer">'
        "<text>rollback time</text></inputExpression></input>"
    )
    rows = rows or (
        '<rule id="DecisionRule_1"><description>a note</description><inputEntry id="u1"><text>"high"</text></inputEntry>'
        '<inputEntry id="u2"><text></text></inputEntry><outputEntry id="l1"><text>"board"</text></outputEntry></rule>'
        '<rule id="DecisionRule_2"><inputEntry id="u3"><text>not("high")</text></inputEntry>'
        '<inputEntry id="u4"><text>[5..30[, &gt;= 60</text></inputEntry>'
        '<outputEntry id="l2"><text>"peer"</text></outputEntry></rule>'
    )
    return (
        f'{before}<definitions xmlns="{version}" xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="d" name="D" namespace="n">'
        f'<decision id="Decision_0ab" name="How deep?"><extensionElements><camunda:x><rule/></camunda:x></extensionElements>'
        f'{beside}<decisionTable id="t" {table}>{inputs}{outputs}{rows}</decisionTable></decision></definitions>'
    ).encode()


def problems(data: bytes, given: dict[str, str] | None = None, decision: str = "") -> list[Problem]:
    with pytest.raises(CannotJudge) as refused:
        dmn_import.imported(data, SHIPPED, FACTS if given is None else given, decision)
    return list(refused.value.problems)


GIVEN = {"impact": FACTS["impact"], "rollback time": FACTS["rollback time"]}


@pytest.mark.parametrize("version", dmn_import.dmn_xml.NAMESPACES)
def test_a_table_of_another_tool_is_taken_in_each_version_of_dmn(version: str):
    assert dmn_import.imported(foreign(version=version), SHIPPED, GIVEN, source="x.dmn") == {
        "id": "how-deep",
        "title": "How deep?",
        "source": f"x.dmn (DMN {dmn_import.dmn_xml.NAMESPACES[version]})",
        "hit": "first",
        "inputs": {
            "impact": {"fact": "use_case.risk.impact", "title": "Impact"},
            "rollback-time": {"fact": "serving.rollback.within", "in": "minutes", "title": "Rollback"},
        },
        "outputs": {"review-depth": {"title": "Review Depth", "values": ["board", "peer"]}},
        "rows": [
            {"id": "row-1", "if": {"impact": '"high"'}, "then": {"review-depth": "board"}, "note": "a note"},
            {"id": "row-2", "if": {"impact": 'not("high")', "rollback-time": "[5..30), >= 60"}, "then": {"review-depth": "peer"}},
        ],
    }


def one_input(text: str) -> str:
    return f'<input id="i"><inputExpression id="e"><text>{text}</text></inputExpression></input>'


def row(cell: str, value: str = '"a"') -> str:
    entries = f"<inputEntry><text>{cell}</text></inputEntry><outputEntry><text>{value}</text></outputEntry>"
    return f"<rule>{entries}</rule>"


def test_an_expression_that_is_a_fact_or_a_signal_needs_no_option():
    for text, found in [
        ("use_case.risk.impact", {"fact": "use_case.risk.impact"}),
        ("retraining.drift.observed.psi", {"fact": "retraining.drift.observed[].psi"}),
        ("high-risk-impact", {"signal": "high-risk-impact"}),
    ]:
        cell = {"fact": "-", "signal": "true"}[next(iter(found))]
        said = dmn_import.imported(foreign(row(cell), one_input(text)), SHIPPED, {})
        assert next(iter(said["inputs"].values())) == found


def test_outputs_may_be_numbers_or_truth_values_with_a_default():
    impact, days = one_input("use_case.risk.impact"), "<defaultOutputEntry><text>7</text></defaultOutputEntry>"
    outputs = f'<output name="days" typeRef="integer">{days}</output>'
    said = dmn_import.imported(foreign(row('"low"', "2.5"), impact, outputs=outputs), SHIPPED, {})
    assert (said["outputs"], said["otherwise"], said["rows"][0]["then"]) == (
        {"days": {"title": "days"}},
        {"days": 7},
        {"days": 2.5},
    )
    said = dmn_import.imported(foreign(row('"low"', "true"), impact, outputs='<output name="ok"/>'), SHIPPED, {})
    assert (said["outputs"], said["rows"][0]["then"]) == ({"ok": {"title": "ok", "values": ["true"]}}, {"ok": "true"})


def test_everything_that_is_outside_is_told_at_once_with_its_place():
    rows = row("today()") + row("high") + row('"low"', "a + b") + row('"extreme"') + "<rule><inputEntry/></rule>"
    data = foreign(rows.replace("<rule>", "\n<rule>"), one_input("use_case.risk.impact"))
    found = problems(data, {"nothing": "use_case.risk.impact"})
    assert [(one.code, one.place.line if one.place else 0) for one in found] == [
        ("usage", 0),
        ("outside", 2),
        ("outside", 3),
        ("outside", 4),
        ("bad-dmn", 6),
    ]
    assert "a bare name is a variable in FEEL" in found[2].what
    assert all(one.help for one in found)
    (found,) = problems(foreign("\n" + row('"extreme"'), one_input("use_case.risk.impact")), {})
    assert "extreme is no choice of the fact" in found.what
    assert found.place
    assert found.place.line == 2


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (foreign(), "unknown-input", "`impact` is no fact and no signal"),
        (foreign(row("-"), one_input("age(person)")), "outside", "is calculated"),
        (foreign(row("-"), one_input("")), "outside", "no expression"),
        (foreign(row("-"), one_input("serving.rollback.within")), "unknown-input", "is a duration"),
        (foreign(table='hitPolicy="BEST"'), "outside", "no hit policy is called"),
        (foreign(table='hitPolicy="PRIORITY"'), "bad-dmn", "ranks rows by them"),
        (foreign(table='hitPolicy="UNIQUE" aggregation="SUM"'), "bad-dmn", "goes with `hit: collect`"),
        (foreign(beside='<knowledgeRequirement id="k"/>'), "outside", "business knowledge model"),
        (foreign(table='expressionLanguage="juel"'), "outside", "in the language `juel`"),
        (foreign(row("-", 'date("2026-01-01")'), one_input("use_case.risk.impact")), "outside", "is a date"),
        (foreign(row("-", ""), one_input("use_case.risk.impact")), "outside", "the cell is empty"),
        (foreign(row('> 5'.replace(">", "&gt;")), one_input("use_case.risk.impact")), "bad-dmn", "holds a number"),
    ],
)  # fmt: skip
def test_what_can_not_be_taken_is_refused_with_the_reason(data: bytes, code: str, says: str):
    given = {} if b"impact</text>" not in data or code == "unknown-input" else GIVEN if b"rollback time" in data else {}
    found = problems(data, given)
    assert [one for one in found if one.code == code and says in one.what and one.place and one.help], found


def test_of_several_decisions_one_has_to_be_named_and_it_has_to_be_a_table():
    head, _, tail = foreign().decode().partition('<decision id="Decision_0ab"')
    other = '<decision id="sum" name="Sum"><literalExpression><text>1 + 1</text></literalExpression></decision>'
    third = f'<decision id="third"{tail.removesuffix("</definitions>")}'.replace("How deep?", "Third")
    data = f'{head}{other}{third}<decision id="Decision_0ab"{tail}'.encode()
    (found,) = problems(data)
    assert (found.code, found.help) == ("several-tables", "name one: third, how-deep")
    assert dmn_import.imported(data, SHIPPED, GIVEN, "third")["id"] == "third"
    assert dmn_import.imported(data, SHIPPED, GIVEN, "Decision_0ab")["id"] == "how-deep"
    (found,) = problems(data, decision="Sum")
    assert "is of the kind literal expression" in found.what
    (found,) = problems(data, decision="fourth")
    assert found.code == "no-table"


# --- files from strangers

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 99}">' for n in range(10))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (foreign(before=f"<!DOCTYPE d [{BOMB}]>").replace(b"a note", b"&e9;"), "unsafe-xml"),
        (foreign(before='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace(b"a note", b"&x;"), "unsafe-xml"),
        (foreign(before='<!DOCTYPE d SYSTEM "http://localhost:1/d.dtd">'), "unsafe-xml"),
        (foreign(before='<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'), "unsafe-xml"),
        (foreign().replace(b"a note", b"&undefined;"), "no-xml"),
        (foreign()[:-5], "no-xml"),
        (b"", "no-xml"),
        (b"\xff\xfe\x00", "no-xml"),
        (b'<?xml version="1.0" encoding="utf-99"?><definitions/>', "no-xml"),
        (b"<html/>", "no-dmn"),
        (b'<definitions xmlns="urn:other"/>', "no-dmn"),
        (foreign().replace(b"<rule ", b"<rule>" * 50 + b"<rule ", 1), "too-large"),
        (foreign(row("-") * 20_000), "too-large"),
        (foreign() + b" " * MAX_BYTES, "too-large"),
        (foreign(outputs="<output/>" * 3), "bad-dmn"),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_file_is_refused(data: bytes, code: str):
    assert {one.code for one in problems(data, GIVEN)} >= {code}
