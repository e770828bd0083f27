"""`pack dmn`: tables go to modellers and come back, in files and on standard streams."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from gatewright.cli.inputs import read_pack

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DRAWN = (
    f'<definitions xmlns="{DMN}" id="d" name="D" namespace="n"><decision id="x" name="Depth"><decisionTable id="t">\n'
    '<input id="i" label="Impact"><inputExpression id="e"><text>impact</text></inputExpression></input>\n'
    '<output id="o" name="depth"/><rule id="r"><inputEntry id="a"><text>"high"</text></inputEntry>\n'
    '<outputEntry id="b"><text>"board"</text></outputEntry></rule></decisionTable></decision></definitions>\n'
)


def test_a_shipped_table_goes_out_and_comes_back(run: Callable[..., Any], here: Path, shipped_pack: Path):
    for name in ("promotion-policy", "drift-response"):
        ended = run("pack", "dmn", "export", name, "--output", f"{name}.dmn")
        assert (ended.code, ended.out) == (0, f"wrote {name}.dmn: 1 decision table\n")
        back = run("pack", "dmn", "import", f"{name}.dmn")
        assert back.code == 0
        written = yaml.safe_load((shipped_pack / "decisions" / f"{name}.yaml").read_text(encoding="utf-8"))
        assert yaml.safe_load(back.out) == {"table": written["table"]}


def test_all_tables_are_written_and_one_is_taken_by_its_name(run: Callable[..., Any], here: Path):
    text = run("pack", "dmn", "export").out
    assert text.count("<decisionTable ") == len(read_pack("mlops").tables)
    ended = run("pack", "dmn", "import", "-", stdin=text)
    assert ended.code == 2
    assert "name one: promotion-policy, drift-response" in ended.err
    assert yaml.safe_load(run("pack", "dmn", "import", "-", "drift-response", stdin=text).out)["table"]["id"] == "drift-response"


def test_nothing_is_written_over(run: Callable[..., Any], here: Path):
    (here / "kept.dmn").write_text("mine", encoding="utf-8")
    ended = run("pack", "dmn", "export", "--output", "kept.dmn")
    assert ended.code == 2
    assert "nothing is written over it" in ended.err
    assert (here / "kept.dmn").read_text(encoding="utf-8") == "mine"


def test_an_input_that_is_no_fact_is_asked_for_with_its_place_and_taken_by_option(run: Callable[..., Any], write: Any):
    name = write("drawn.dmn", DRAWN)
    ended = run("pack", "dmn", "import", name)
    assert ended.code == 2
    assert "drawn.dmn:2:1" in ended.err
    assert '--input "impact=FACT"' in ended.err
    ended = run("pack", "dmn", "import", name, "--input", "Impact=use_case.risk.impact")
    assert ended.code == 0
    table = yaml.safe_load(ended.out)["table"]
    assert table["inputs"] == {"impact": {"fact": "use_case.risk.impact", "title": "Impact"}}
    assert table["rows"] == [{"id": "row-1", "if": {"impact": "high"}, "then": {"depth": "board"}}]


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("impact", "is no NAME=FACT"),
        ("impact=use_case.risk.impct", "no fact is called"),
        ("impact=signal:risky", "no signal is called `risky`"),
        ("impakt=use_case.risk.impact", "no input is called `impakt`"),
        ("impact=serving.rollback.within in years", "is no unit of time"),
    ],
)
def test_a_wrong_option_is_told_with_a_mend(option: str, says: str, run: Callable[..., Any], write: Any):
    ended = run("pack", "dmn", "import", write("drawn.dmn", DRAWN), "--input", option)
    assert ended.code == 2
    assert says in ended.err
    assert "help: " in ended.err


def test_what_a_stranger_wrote_steers_no_terminal_and_no_log(run: Callable[..., Any], write: Any):
    steering = DRAWN.replace("Impact", "&#x202e;::error::x&#xa;::error::y").replace(">impact<", ">&#x85;::error::z<")
    ended = run("pack", "dmn", "import", write("drawn.dmn", steering))
    assert ended.code == 2
    assert not [line for line in ended.both.splitlines() if line.startswith("::")]
    assert "\u202e" not in ended.both
    assert "\x85" not in ended.both


def test_a_table_that_is_not_there_is_told(run: Callable[..., Any], here: Path):
    ended = run("pack", "dmn", "export", "promotion")
    assert ended.code == 2
    assert "promotion-policy" in ended.err
    assert run("pack", "dmn", "import", "nothing.dmn").code == 2
