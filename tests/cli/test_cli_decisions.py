"""Tables of outputs as users are told of them: `check`, `recommend` and `explain`, in text and JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
import table_packs

SAID = {
    "none": "s: {name: one, level: low, score: 1}",
    "two": "s: {name: one, level: high, score: 6}",
    "open": "s: {name: one, level: low}",
}


@pytest.fixture
def asked(tmp_path: Path):
    """A fact file and a pack by which it is judged."""

    def made(said: str, hit: str, aggregate: str | None = None, ask: str = "") -> list[str]:
        asks = [{"table": "review", "any_of": [ask]}] if ask else None
        pack = table_packs.write(
            tmp_path / "-".join(filter(None, (said, hit, aggregate, ask))), table_packs.table(hit, aggregate), asks
        )
        (tmp_path / "facts.yaml").write_text(SAID[said], encoding="utf-8")
        return [str(tmp_path / "facts.yaml"), "--pack", str(pack)]

    return made


@pytest.mark.parametrize(
    ("said", "hit", "aggregate", "says"),
    [
        ("two", "first", None, "review: Depth: peer"),
        ("two", "output-order", None, "review: Depth: board; Depth: peer"),
        ("two", "unique", None, "a conflict: rows `high` and `top` hold together, and `unique` allows one row at a time"),
        ("none", "first", None, "review: nothing, because no row holds"),
        ("two", "collect", "sum", "review: Days: 7.5 days"),
        ("two", "collect", "count", "review: 2 rows"),
        ("open", "first", None, "review: not decided yet, it depends on row `top`"),
        ("open", "collect", "sum", "review: not decided yet, Days: 5 days, or nothing"),
    ],
)
def test_check_tells_what_each_table_says(said: str, hit: str, aggregate: str | None, says: str, asked: Any, run: Any):
    found = run("check", *asked(said, hit, aggregate))
    assert says in found.out


def test_recommend_tells_by_which_rows_and_what_would_settle_it(asked: Any, run: Any):
    found = run("recommend", *asked("open", "first"), "review")
    assert "If row `top` holds (score is [5..9]): Depth: board" in found.out
    assert "Otherwise: nothing, because no row holds" in found.out
    assert "To decide it, state:\n    `s.score` is not stated" in found.out
    found = run("recommend", *asked("two", "first"))
    assert "because row `high` holds: level is high" in found.out


def test_json_has_the_decision_with_rows_outputs_and_facts(asked: Any, run: Any):
    arguments = asked("two", "collect", "sum")
    for command in ("check", "recommend"):
        (found,) = json.loads(run(command, *arguments, "--format", "json").out)["decisions"]
        assert (found["table"], found["hit"], found["aggregate"], found["status"]) == ("review", "collect", "sum", "decided")
        assert (found["outputs"], found["bounds"], found["rows"], found["open"]) == ([{"days": 7.5}], None, ["high", "top"], [])
        assert [look["fact"] for look in found["because"]] == ["s.level", "s.score"]
    (found,) = json.loads(run("check", *asked("open", "collect", "sum"), "--format", "json").out)["decisions"]
    assert (found["status"], found["bounds"], found["open"]) == ("conditional", [5.0, 5.0], ["top"])
    assert [look["fact"] for look in found["needs"]] == ["s.score"]


def test_explain_tells_how_each_row_stands_and_ends_with_1_where_nothing_is_decided(asked: Any, run: Any):
    found = run("explain", *asked("two", "first")[:1], "review", *asked("two", "first")[1:])
    assert found.code == 0
    assert "Row `high` (Depth: peer) holds:\n    `s.level` is `high`" in found.out
    facts, *pack = asked("none", "first")
    found = run("explain", facts, "review", *pack)
    assert found.code == 1
    assert "Row `top` (Depth: board) does not hold:\n    `s.score` is `1`, which is not in [5..9]" in found.out


def test_explain_tells_why_a_criterion_that_asks_a_table_does_not_hold(asked: Any, run: Any):
    facts, *pack = asked("two", "first", None, "board")
    found = run("explain", facts, "asked", *pack)
    assert '"C" does not hold' in found.out
    assert "`review` says Depth: peer; asked for is `board`" in found.out
    assert "Row `high` (Depth: peer) holds" in found.out
    facts, *pack = asked("open", "first", None, "board")
    found = run("explain", facts, "asked", *pack)
    assert "it is not known yet whether `review` says `board`" in found.out
    assert "Do this next: state `s.score`" in found.out


def test_diff_and_what_if_tell_what_a_table_says_now_and_why(asked: Any, run: Any, tmp_path: Path):
    facts, *pack = asked("two", "first")
    (tmp_path / "new.yaml").write_text(SAID["open"], encoding="utf-8")
    found = run("diff", facts, tmp_path / "new.yaml", *pack)
    assert "Decision tables\n\n  review: not decided yet, it depends on row `top`; before: Depth: peer" in found.out
    assert "~ `s.level` is `low`; it was `high`" in found.out
    assert "review" in run("diff", facts, tmp_path / "new.yaml", *pack, "--format", "markdown").out
    (change,) = json.loads(run("diff", facts, tmp_path / "new.yaml", *pack, "--format", "json").out)["decisions"]
    assert (change["old"]["outputs"], change["new"]["status"]) == ([{"depth": "peer"}], "conditional")
    found = run("what-if", facts, "--set", "s.level=low", *pack)
    assert "review: Depth: board; before: Depth: peer" in found.out
    assert "Decision tables" not in run("diff", facts, facts, *pack).out
