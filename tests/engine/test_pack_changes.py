"""What differs between two packs, and whether that asks for more or less."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from gatewright.engine import pack_changes, pack_loader
from gatewright.engine.mutants import mutants
from gatewright.engine.pack import Pack
from gatewright.engine.pack_changes import Change, PackChanges
from gatewright.engine.trials import Judge
from overlay_packs import TEXTS, base, gate, overlay
from test_overlay_random import passing


@pytest.fixture
def below(tmp_path: Path) -> Pack:
    return pack_loader.load(base(tmp_path / "base"))


def over(tmp_path: Path, below: Pack, **files: Any) -> PackChanges:
    return pack_changes.compare(below, pack_loader.load(overlay(tmp_path / "own", **files)))


def only(found: PackChanges) -> Change:
    assert len(found.changes) == 1, [change.named.key for change in found.changes]
    return found.changes[0]


def test_a_pack_and_itself_do_not_differ(below: Pack):
    found = pack_changes.compare(below, below)
    assert (found.changes, found.effect) == ((), "none")


def test_what_is_said_of_a_changed_pack_is_so_for_every_delivery_of_a_small_set(below: Pack):
    """A second opinion: single changes of all kinds, judged by trying and not by reasoning."""
    before = passing(Judge(below))
    seen: Counter[str] = Counter()
    for mutant in mutants(below):
        changed = mutant.of(below)
        found = pack_changes.compare(below, changed)
        assert found.changes, mutant.name
        after = passing(Judge(changed))
        more, less = [one for one in after if one not in before], [one for one in before if one not in after]
        for effect in (found.effect, *(change.effect for change in found.changes)):
            seen[effect] += 1
            assert not (effect in ("none", "tighter") and more), mutant.name
            assert not (effect in ("none", "looser") and less), mutant.name
    assert min(seen[effect] for effect in ("none", "tighter", "looser", "unknown")) > 5, seen


def test_back_again_it_is_the_reverse(below: Pack):
    reverse = {"none": "none", "tighter": "looser", "looser": "tighter", "unknown": "unknown"}
    for mutant in mutants(below):
        changed = mutant.of(below)
        there, back = pack_changes.compare(below, changed), pack_changes.compare(changed, below)
        assert back.effect == reverse[there.effect], mutant.name


def test_a_gate_that_is_added_is_told_with_its_criteria_and_the_numbers_of_others_are_not(tmp_path: Path, below: Pack):
    first = below.order[0]
    found = over(tmp_path, below, pack={"gates": ["own"]}, gates_own=gate("own", after=first))
    added = next(change for change in found.changes if change.what == "added")
    assert added.named.key == "gate own"
    assert [part.key for part in added.parts] == ["entry own-entry", "criterion own-done"]
    assert {change.named.key for change in found.changes} <= {"gate own", f"gate {below.order[-1]}"}


def test_a_criterion_that_is_dropped_with_a_reason_is_looser(tmp_path: Path, below: Pack):
    departures = [{"drop": "criterion numbers", "because": "elsewhere"}]
    found = over(tmp_path, below, pack={"departures": departures})
    dropped = next(change for change in found.changes if change.named.key == "criterion numbers")
    assert (dropped.what, dropped.effect, found.effect) == ("dropped", "looser", "looser")
    assert any(change.named.kind == "departure" for change in found.changes)


def test_a_criterion_with_one_more_condition_is_tighter_and_says_which(tmp_path: Path, below: Pack):
    found = only(over(tmp_path, below, gates_one={"exit": [{"id": "numbers", "all": [{"fact": "s.reason"}]}]}))
    assert (found.what, found.effect) == ("changed", "tighter")
    assert found.asked == ((), ("`s.reason` is stated",))


def test_other_words_ask_for_the_same(below: Pack):
    first = below.gates[0]
    criterion = first.exit[0].model_copy(update={"text": "Other words."})
    reworded = first.model_copy(update={"exit": (criterion, *first.exit[1:])})
    found = pack_changes.compare(below, below.model_copy(update={"gates": (reworded, *below.gates[1:])}))
    assert (only(found).effect, found.effect) == ("none", "none")
    assert only(found).said == (("title", first.exit[0].text, "Other words."),)


@pytest.mark.parametrize(
    ("change", "effect"),
    [
        ({"choices": ("low",)}, "tighter"),
        ({"choices": ("low", "high", "none")}, "looser"),
        ({"choices": ("low", "other")}, "unknown"),
        ({"means": "something else"}, "none"),
        ({"type": "choices"}, "unknown"),
    ],
)
def test_what_a_file_may_state_counts_too(below: Pack, change: dict[str, Any], effect: str):
    path = "s.choice"
    old = below.model_copy(update={"sections": tuple(_with(below, path, {"choices": ("low", "high")}))})
    new = below.model_copy(update={"sections": tuple(_with(old, path, change))})
    found = pack_changes.compare(_anew(old), _anew(new))
    assert (only(found).named.key, only(found).effect, found.effect) == (f"fact {path}", effect, effect)


def test_an_anti_pattern_that_is_added_is_tighter(tmp_path: Path, below: Pack):
    pattern = {"id": "added", **TEXTS, "any": [{"fact": "s.choice", "is": "high"}]}
    found = only(over(tmp_path, below, antipatterns={"antipatterns": [pattern]}))
    assert (found.what, found.named.key, found.effect) == ("added", "antipattern added", "tighter")


def _with(pack: Pack, path: str, change: dict[str, Any]) -> list[Any]:
    return [
        section.model_copy(
            update={"facts": {name: one.model_copy(update=change if name == path else {}) for name, one in section.facts.items()}}
        )
        for section in pack.sections
    ]


def _anew(pack: Pack) -> Pack:
    """The pack without what it has worked out of its parts before they were changed."""
    return Pack.model_construct(**{name: getattr(pack, name) for name in Pack.model_fields})
