"""`pack show` and `pack diff` as a person or a program asks for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import markdown_it
import pytest

GATE = """\
id: {name}
after: training-evaluation
needs: [training-evaluation]
title: {title}
entry: {{id: {name}-entry, text: The model is trained., mend: Train it.}}
exit:
  - {{id: {name}-done, text: {title}, mend: Say so., all: [{{fact: use_case.owner, named: true}}]}}
"""


@pytest.fixture
def own(here: Path) -> Any:
    """An overlay of the shipped pack with a gate of its own."""

    def own(title: str = "Checked.", departures: str = "", folder: str = "own") -> str:
        (here / folder / "gates").mkdir(parents=True)
        said = "id: own\nversion: '1'\ntitle: Own\nsource: a test\nextends: mlops\ngates: [checked]\n"
        (here / folder / "pack.yaml").write_text(said + departures)
        (here / folder / "gates" / "checked.yaml").write_text(GATE.format(name="checked", title=title))
        return folder

    return own


def test_an_overview_names_every_gate_criterion_table_and_row(run: Any, gates: list[str]):
    ended = run("pack", "show")
    assert ended.code == 0
    assert all(f", {gate}: " in ended.out for gate in gates)
    named = {one["name"] for one in run("pack", "show", "--format", "json").json["items"] if one["kind"] in ("criterion", "row")}
    assert len(named) == 27 + 6
    assert all(f"  {name.rpartition('/')[2]}: " in ended.out for name in named)


def test_one_thing_is_asked_for_by_name_kind_or_number(run: Any):
    assert run("pack", "show", "limit psi-major").out == run("pack", "show", "psi-major").out
    assert run("pack", "show", "2").out == run("pack", "show", "gate lineage").out
    assert "Exit criterion `lineage-explicit` of gate lineage" in run("pack", "show", "lineage").out


def test_conditions_are_told_in_words_with_the_value_of_their_limits(run: Any):
    assert (
        "`monitoring.quality.cadence` is at most `monitoring-cadence` (93 days)" in run("pack", "show", "monitoring-cadence").out
    )


def test_a_name_that_is_none_is_met_with_the_nearest(run: Any):
    ended = run("pack", "show", "psi-majr")
    assert ended.code == 2
    assert "did you mean `psi-major`?" in ended.err


def test_an_overlay_shows_what_it_departs_from(run: Any, own: Any):
    own(folder="loose", departures="departures:\n  - {drop: criterion budgets, because: the platform team sets them}\n")
    assert "criterion budgets is dropped, because: the platform team sets them" in run("pack", "show", "--pack", "loose").out


def test_diff_ends_with_one_where_less_may_be_asked_and_not_where_more_is(run: Any, own: Any):
    own(folder="loose", departures="departures:\n  - {drop: criterion budgets, because: the platform team sets them}\n")
    looser = run("pack", "diff", "mlops", "loose")
    assert looser.code == 1
    assert "LOOSER   dropped: exit criterion `budgets`" in looser.out
    assert run("pack", "diff", "loose", "mlops").code == 0


def test_diff_fails_on_any_change_where_that_is_asked(run: Any, own: Any):
    own()
    assert run("pack", "diff", "mlops", "own").code == 0
    assert run("pack", "diff", "mlops", "own", "--fail-on", "changed").code == 1
    assert run("pack", "diff", "own", "own", "--fail-on", "changed").code == 0


def test_a_pack_that_is_none_is_not_compared(run: Any):
    assert run("pack", "diff", "mlops", "nowhere").code == 2


def test_texts_of_a_pack_stay_text(run: Any, own: Any):
    hostile = '"\\e[31m<script>alert(1)</script> [a](http://b) | `c`"'
    own(title=hostile, folder="hostile")
    for args in (("show", "--all", "--pack", "hostile"), ("diff", "mlops", "hostile")):
        assert "\x1b" not in run("pack", *args).out
    marked = markdown_it.MarkdownIt("commonmark").parse(run("pack", "diff", "mlops", "hostile", "--format", "markdown").out)
    kinds = {inner.type for token in marked for inner in (token, *(token.children or ()))}
    assert not kinds & {"html_block", "html_inline", "link_open", "image"}
