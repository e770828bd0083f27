"""Waivers: which gate or criterion may not hold for a while, why, who approved that, and until when.

They stand in a file of their own, so that a change of a fact file cannot waive itself. One that has expired, or is not as
it has to be, counts for nothing and is told with its place.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from . import measures
from .document import Document
from .errors import Place, Problem, short
from .facts import Facts, named
from .nodes import Node
from .pack import Pack
from .values import Values, kind, some

WAIVERS = "waivers"
_KINDS = ("gate", "criterion")
_NEEDED = ("reason", "approver", "expires")
_KEYS = (*_KINDS, *_NEEDED, "delivery", "pack")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_UNTIL_THEN = "until then it counts for nothing"
_EXAMPLE = "`- criterion: NAME` with `reason`, `approver` and `expires: 2026-12-31`"

State = Literal["counts", "elsewhere", "void"]


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver. `gate` or `criterion` is the id where the pack knows what is named, else as it is written.

    `criteria` are the exit criteria that it may let pass. It `counts`, is for a delivery `elsewhere`, or is `void`: it
    counts for nothing, and `problems` say why.
    """

    gate: str
    criterion: str
    reason: str
    approver: str
    expires: str
    delivery: str
    pack: str
    criteria: tuple[str, ...]
    place: Place
    state: State
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        """What it waives."""
        return self.criterion or self.gate or "?"


@dataclass(frozen=True, slots=True)
class Waivers:
    """All waivers of one file, its text and digest, and what is wrong with the file beside its waivers."""

    file: str
    text: str
    digest: str
    given: tuple[Waiver, ...]
    problems: tuple[Problem, ...]

    @property
    def criteria(self) -> frozenset[str]:
        """The exit criteria that may be let pass."""
        return frozenset(name for one in self.given if one.state == "counts" for name in one.criteria)

    @property
    def every_problem(self) -> tuple[Problem, ...]:
        """What is wrong with the file and with its waivers, from top to bottom."""
        found = dict.fromkeys((*self.problems, *(problem for one in self.given for problem in one.problems)))
        return tuple(sorted(found, key=lambda one: one.place or Place(0, 0)))

    def of(self, criterion: str) -> tuple[Waiver, ...]:
        """The waivers that let an exit criterion pass."""
        return tuple(one for one in self.given if one.state == "counts" and criterion in one.criteria)


NONE = Waivers("", "", "", (), ())


def read(doc: Document | None, facts: Facts, pack: Pack) -> Waivers:
    """The waivers in `doc`, as they count for `facts`, by the day that those are judged by. Nothing is raised."""
    if doc is None:
        return NONE
    found = _Reading(facts, pack)
    given = tuple(found.waivers(doc.root))
    return Waivers(doc.file, doc.text, doc.digest, given, tuple(found.values.problems))


class _Reading:
    """`values.problems` are those of the file as a whole; each waiver keeps its own."""

    def __init__(self, facts: Facts, pack: Pack) -> None:
        self.facts, self.pack, self.values = facts, pack, Values(pack)
        self.delivery = named(facts, pack)
        self.entries = {gate.entry.id for gate in pack.gates}
        self.by_text = {_bare(one.text): one.id for gate in pack.gates for one in (gate.entry, *gate.exit)}

    def waivers(self, root: Node) -> Iterator[Waiver]:
        if root.kind != "mapping":
            what = f"a waivers file is a mapping with the key `{WAIVERS}`, and here is {kind(root)}"
            self.values.problem("bad-waiver", what, root.place, f"begin with `{WAIVERS}:`, and below it {_EXAMPLE}")
            return
        for key, entry in root.entries.items():
            if key != WAIVERS:
                what = f"a waivers file has no key `{short(key)}`"
                self.values.problem("unknown-key", what, entry.place, f"all of it stands below `{WAIVERS}:`")
            elif entry.value.kind == "list":
                yield from map(self.waiver, entry.value.items)
            elif not self.values.is_placeholder(entry.value):
                what = f"`{WAIVERS}` is a list, and here is {kind(entry.value)}"
                self.values.problem("bad-waiver", what, entry.place, f"begin each with {_EXAMPLE}")

    def waiver(self, node: Node) -> Waiver:
        wrong: list[Problem] = []
        said = {key: self._said(node, key, wrong) for key in _KEYS}
        place = {key: node.entries[key].value.place if key in node.entries else node.place for key in _KEYS}
        if node.kind != "mapping":
            wrong.append(_bad(f"a waiver is a mapping, and here is {kind(node)}", node.place, f"write {_EXAMPLE}"))
        else:
            wrong += self._shape(node)
        gate, criterion, criteria = self._named(said, place, wrong)
        wrong += self._approved(said, place)
        wrong += self._expired(said["expires"], place["expires"])
        wrong += self._of_pack(said["pack"], place["pack"])
        here = said["delivery"] in ("", *self.delivery[:1], " ".join(self.delivery))
        state: State = "void" if wrong else "counts" if here else "elsewhere"
        more = {key: said[key] for key in (*_NEEDED, "delivery", "pack")}
        return Waiver(gate, criterion, **more, criteria=criteria, place=node.place, state=state, problems=tuple(wrong))

    def _said(self, node: Node, key: str, wrong: list[Problem]) -> str:
        """The text under a key, on one line."""
        entry = node.entries.get(key)
        if entry is None or self.values.is_placeholder(entry.value):
            return ""
        if entry.value.kind not in ("text", "number"):
            wrong.append(_bad(f"`{key}` of a waiver is a text, and here is {kind(entry.value)}", entry.place, "write a text"))
            return ""
        return " ".join(entry.value.raw.split())

    def _shape(self, node: Node) -> Iterator[Problem]:
        for key, entry in node.entries.items():
            if key not in _KEYS:  # it may have been meant to narrow the waiver
                close = self.values.close(key.lower(), _KEYS)
                mend = f"did you mean `{close}`?" if close else f"known here: {some(_KEYS)}"
                yield Problem("unknown-key", f"a waiver has no key `{short(key)}`, so it counts for nothing", entry.place, mend)
        lacking = [key for key in _NEEDED if key not in node.entries]
        if not any(key in node.entries for key in _KINDS):
            lacking.insert(0, "gate or criterion")
        if lacking:
            what = f"a waiver says what it waives, why, who approved it and until when; this one lacks: {', '.join(lacking)}"
            yield _bad(what, node.place, f"fill it in; {_UNTIL_THEN}")
        for key, entry in node.entries.items():
            if key in _KEYS and self.values.is_placeholder(entry.value):
                yield _bad(f"`{key}` of this waiver is a placeholder", entry.value.place, f"fill it in; {_UNTIL_THEN}")

    def _named(self, said: dict[str, str], place: dict[str, Place], wrong: list[Problem]) -> tuple[str, str, tuple[str, ...]]:
        """The gate or criterion that is waived, and which exit criteria that are."""
        gate, criterion = said["gate"], self.by_text.get(_bare(said["criterion"]), said["criterion"])
        if gate and criterion:
            wrong.append(_bad("a waiver names a gate or a criterion, and this one both", place["gate"], "make two waivers of it"))
        elif gate:
            known = self.pack.find_gate(gate)
            if known:
                return known.id, "", tuple(one.id for one in known.exit)
            wrong.append(self._unknown("gate", gate, place["gate"], list(self.pack.order)))
        elif criterion in self.entries:
            what = f"`{criterion}` is an entry criterion, and those keep the gates in their order: no waiver lets one pass"
            wrong.append(_bad(what, place["criterion"], "waive what does not hold in the gates before it"))
        elif criterion and criterion in self.pack.criteria:
            return "", criterion, (criterion,)
        elif criterion:
            wrong.append(self._unknown("exit criterion", criterion, place["criterion"], list(self.pack.criteria)))
        return gate, criterion, ()

    def _unknown(self, what: str, name: str, place: Place, names: list[str]) -> Problem:
        close = self.values.close(name.lower(), names)
        mend = f"did you mean `{close}`?" if close else f"known here: {some(names)}"
        return _bad(f"no {what} is called `{short(name)}`", place, mend)

    def _approved(self, said: dict[str, str], place: dict[str, Place]) -> Iterator[Problem]:
        approver = said["approver"]
        if approver and self.values.is_nobody(approver):
            what = f"a waiver is approved by a person or a role, and `{short(approver)}` is neither"
            yield _bad(what, place["approver"], f"name who answers for it; {_UNTIL_THEN}")

    def _expired(self, said: str, place: Place) -> Iterator[Problem]:
        if not said:
            return
        read, today = measures.date(said), self.facts.today.date
        if isinstance(read, measures.Flaw):
            yield _bad(f"a waiver expires on `{short(said)}`, which {read.says}", place, "write it as in `expires: 2026-12-31`")
        elif today is None:
            yield _bad("without a day nobody can say whether a waiver has expired", place, "judge by a day")
        elif today > datetime.date.fromisoformat(read):
            what = f"this waiver counted up to and including {read}, and the day is {today.isoformat()}"
            yield Problem("expired-waiver", what, place, "have it approved again, with another date, or take it out")

    def _of_pack(self, said: str, place: Place) -> Iterator[Problem]:
        if not said:
            return
        if not _DIGEST.fullmatch(said):
            yield _bad(
                f"a waiver is for the pack `{short(said)}`, which is no digest",
                place,
                "write `sha256:` and 64 hexadecimal digits in small letters, or leave it out",
            )
        elif said != self.pack.digest:
            what = f"this waiver is for another state of the pack; the one judged by is {self.pack.digest}"
            yield Problem("other-pack", what, place, "have it approved again for this one, or take it out")


def _bare(text: str) -> str:
    """A criterion in the words of the answers, from which it may be copied."""
    return " ".join(text.casefold().split()).rstrip(".")


def _bad(what: str, place: Place, help: str) -> Problem:
    return Problem("bad-waiver", what, place, help)
