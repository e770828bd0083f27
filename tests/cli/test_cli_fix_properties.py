"""Whole deliveries, misspelt at random: `--fix` gives back every byte of what they were."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import tomli_w
import yaml
from gatewright.cli import fixes
from gatewright.cli.inputs import read_pack
from gatewright.engine import document, facts
from gatewright.engine.errors import Place
from gatewright.engine.measures import Flaw, Threshold, mended, threshold
from gatewright.engine.nodes import Node
from gatewright.engine.spelling import meant
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PACK = read_pack("mlops")
WORDS = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}
TURNED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
Slip = tuple[Place, str, str]  # where, what stands there, and what somebody might have written instead


def commented(value: object) -> str:
    """YAML with a comment, an empty line or nothing after each line."""
    lines = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=10_000).splitlines()
    return "".join(f"{line}{('', '   # Owner: High', chr(10) + '# 🎉')[number % 3]}\n" for number, line in enumerate(lines))


@cache
def bases() -> dict[str, str]:
    """The texts: the examples as they stand in the documentation, and the example of the pack in every format."""
    of_this_pack = (path for path in sorted(EXAMPLES.glob("*.yaml")) if path.stem != "bank-credit")
    found = {path.name: path.read_text() for path in of_this_pack}
    assert len(found) >= 4
    return found | {
        "pack.yaml": commented(PACK.example),
        "pack.json": json.dumps(PACK.example, indent=2),
        "packed.json": json.dumps(PACK.example, separators=(",", ":")),
        "pack.toml": tomli_w.dumps(PACK.example),
    }


def misspelt(key: str, names: list[str]) -> Iterator[str]:
    half = len(key) // 2
    for wrong in (
        key.upper(),
        key.replace("_", "-"),
        key.title(),
        key[:half] + key[half] + key[half:],
        key[:half] + key[half + 1 :],
    ):
        if wrong not in names and meant(wrong, names) == key:
            yield wrong


def otherwise(known: str, item: facts.Item) -> Iterator[str]:
    """Other ways to write a value that mean the same."""
    said = item.shown
    if known in ("choice", "choices") or (known == "records" and not isinstance(item.value, Threshold)):
        yield said.upper()
        yield said.replace("-", "_")
    elif known == "date":
        yield said.replace("-", "/")
    elif known == "share":
        yield said.replace("%", " percent")
    elif known == "duration":
        yield said + "."
    elif isinstance(item.value, Threshold) and (match := re.fullmatch(r"(\S+) (>=|<=|>|<) (\S+(?: [%\w]+)?)", said)):
        metric, sign, limit = match.groups()
        yield f"{limit} {TURNED[sign]} {metric}"
        yield f"{metric} {WORDS[sign]} {limit}"
        yield f"{metric} of {WORDS[sign]} {limit}"


def keys(node: Node, level: object) -> Iterator[tuple[Place, str, list[str]]]:
    """The keys of the vocabulary that are written, with their siblings in the vocabulary."""
    for item in node.items:
        yield from keys(item, level)
    for key, entry in node.entries.items():
        if isinstance(level, dict) and key in level:
            yield entry.place, key, sorted(level)
            yield from keys(entry.value, level[key])


@cache
def slips(name: str) -> list[Slip]:
    """Everything in a text that could be misspelt so that one thing alone can have been meant."""
    doc = document.read(bases()[name].encode(), name)
    found = facts.read(doc, PACK)
    assert not found.problems
    lines = doc.text.split("\n")
    tree: dict[str, object] = {}
    for path in PACK.facts:
        level = tree
        for part in path.replace("[]", "").split("."):
            level = level.setdefault(part, {})  # type: ignore[assignment]
    possible = [(place, key, wrong) for place, key, names in keys(doc.root, tree) for wrong in misspelt(key, names)]
    every = [*found.plain.values(), *(fact for rows in found.records.values() for row in rows for fact in row.values())]
    for fact in every:
        for item in fact.items:
            possible += [(item.place, item.shown, wrong) for wrong in otherwise(PACK.facts[fact.path].type, item)]
    kept = []
    for place, right, wrong in possible:
        stands = lines[place.line - 1][place.column - 1 : place.column - 1 + place.length]
        if wrong != right and stands.strip("'\"") == right and sure(right, wrong):
            kept.append((place, stands, stands.replace(right, wrong)))
    return kept


def sure(right: str, wrong: str) -> bool:
    """Whether a notation is one of those that are mended to just this; a name was looked at before."""
    kinds = [kind for kind in ("threshold", "duration", "share", "date") if mended(kind, wrong)]
    return isinstance(threshold(right), Flaw) or any(mended(kind, wrong) == right for kind in kinds)


@st.composite
def deliveries(draw: Callable[..., object]) -> tuple[str, bytes, bytes, int]:
    """A text, and the same with slips in it: its name, the bytes of both, and how many slips."""
    name = str(draw(st.sampled_from(sorted(bases()))))
    found = slips(name)
    picked: dict[Place, Slip] = {slip[0]: slip for slip in draw(st.lists(st.sampled_from(found), min_size=1, max_size=25))}  # type: ignore[attr-defined]
    lines = bases()[name].split("\n")
    for place, stands, wrong in sorted(picked.values(), reverse=True):
        line, start = lines[place.line - 1], place.column - 1
        assert line[start:].startswith(stands)
        lines[place.line - 1] = line[:start] + wrong + line[start + len(stands) :]
    end, mark = draw(st.sampled_from(["\n", "\r\n"])), draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    right, bad = (mark + text.replace("\n", str(end)).encode() for text in (bases()[name], "\n".join(lines)))  # type: ignore[operator]
    return name, right, bad, len(picked)


def test_there_are_slips_of_every_kind_in_every_text() -> None:
    for name in bases():
        assert len(slips(name)) > 40, name
        written = " ".join(wrong for _, _, wrong in slips(name))
        assert "percent" in written or "at least" in written or "<=" in written


@settings(max_examples=60, deadline=None)
@given(deliveries())
def test_what_was_misspelt_is_mended_and_every_other_byte_stays(delivery: tuple[str, bytes, bytes, int]) -> None:
    name, right, bad, _ = delivery
    found = fixes.mend(bad, name, None, PACK)
    assert found.data == right
    assert fixes.mend(right, name, None, PACK).data == right


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(bases())), st.data())
def test_whatever_is_broken_only_lines_with_mends_change_and_a_second_time_nothing(name: str, data: st.DataObject) -> None:
    lines = bases()[name].split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        number = data.draw(st.integers(0, len(lines) - 1))
        line = lines[number]
        at = data.draw(st.integers(0, len(line)))
        lines[number] = line[:at] + data.draw(st.sampled_from(["x", "", "#", " ", "'", "Ä", "0,", "<= "])) + line[at + 1 :]
    bad = "\n".join(lines).encode()
    try:
        before = facts.read(document.read(bad, name), PACK)
    except document.CannotJudge:
        return
    found = fixes.mend(bad, name, None, PACK)
    after = facts.read(document.read(found.data, name), PACK)
    assert fixes.mend(found.data, name, None, PACK).data == found.data
    changed = {number for number, _, _ in found.lines()}
    assert len(changed) <= 8
    gone = {problem.place for problem in before.problems} - {problem.place for problem in after.problems}
    if found.data != bad:
        assert changed
    elif not changed:
        assert not gone
