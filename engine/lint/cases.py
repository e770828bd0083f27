"""The cases beside a pack: what they never show in one of its two states, and what they name that is not there.

Only names are looked at here; whether a case comes out as it says is another question.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..case_files import expected_state
from ..case_files import names as every_name
from ..document import Document
from ..errors import Problem
from ..pack_check import one_of
from ..pack_loader import read_cases
from ..pack_walks import Location
from ..rows import rows
from .subject import Finding, Subject

_MET = ({"met", "assumed"}, {"unmet", "unknown"})
SIDES: dict[str, tuple[set[str], set[str]]] = {  # of each kind, the states on one side and on the other
    "gate": ({"passed"}, {"blocked"}),
    "entry": _MET,
    "criterion": _MET,
    "signal": ({"yes"}, {"no", "unknown"}),
    "rule": ({"fires"}, {"silent", "unknown"}),
    "row": ({"leads"}, {"holds", "silent", "undecided", "open"}),
    "antipattern": ({"present"}, {"absent", "unknown"}),
    "item": ({"met"}, {"unmet", "unknown"}),
}


_OUTPUT_ROW = ({"holds"}, {"silent", "open"})


class _Thing(NamedTuple):
    kind: str
    name: str
    location: Location
    sides: tuple[set[str], ...]


def check(subject: Subject) -> Iterator[Finding]:
    """Things of the pack that no case shows on both sides, and cases about nothing."""
    files, unreadable = read_cases(subject.written)
    yield from (Finding(problem, {}) for problem in unreadable)
    things = list(_things(subject))
    shown: dict[tuple[str, str], set[str]] = {}
    for doc in files.values():
        yield from _read(doc, subject, shown)
    bare: dict[str, list[_Thing]] = {}
    for thing in things:
        file = subject.written.problem("", thing.location, "", "").file
        if file not in files:
            bare.setdefault(file, []).append(thing)
            continue
        for states in thing.sides:
            if not states & shown.get((thing.kind, thing.name), set()):
                says = " or ".join(f"`{state}`" for state in sorted(states))
                what = f"no case expects that {thing.kind} `{thing.name}` is {says}"
                mend = f"add a case that expects `{thing.kind} {thing.name}: {sorted(states)[0]}`"
                yield subject.finding("missing-case", thing.location, what, help=mend)
    for file, found in bare.items():
        name = file.removesuffix(".yaml") + ".cases.yaml"
        what = f"there is no `{name}`, so nothing shows that {found[0].kind} `{found[0].name}` works" + (
            f", nor {len(found) - 1} more" if len(found) > 1 else ""
        )
        yield subject.finding("no-cases", found[0].location, what, help=f"write `{name}` with a case for each side")


def _things(subject: Subject) -> Iterator[_Thing]:
    pack = subject.pack
    for n, gate in enumerate(pack.gates):
        yield _Thing("gate", gate.id, ("gates", n, "id"), SIDES["gate"])
    for kind, statement, _, location in subject.placed:
        if kind == "item":
            checklist = pack.checklists[int(location[1])]
            yield _Thing("item", f"{checklist.id}/{statement.id}", location, SIDES["item"])
        elif (statement.all or statement.any) and statement.id not in pack.implied:
            yield _Thing(kind, statement.id, location, SIDES[kind])
    for location, table, row in rows(pack):
        sides = SIDES["row"] if location[0] == "tables" else _OUTPUT_ROW if row.when else _OUTPUT_ROW[:1]
        yield _Thing("row", f"{table.id}/{row.id}", location, sides)
    for n, signal in enumerate(pack.signals):
        for m in range(len(signal.any)):
            yield _Thing("rule", f"{signal.id}/{m + 1}", ("signals", n, "any", m), SIDES["rule"])


def _read(doc: Document, subject: Subject, shown: dict[tuple[str, str], set[str]]) -> Iterator[Finding]:
    """Note what the cases of a file expect; what they can't expect is a finding."""
    names = every_name(subject.pack)
    cases = doc.root.entries.get("cases")
    for case in cases.value.items if cases else ():
        expect = case.entries.get("expect")
        for key, entry in expect.value.entries.items() if expect else ():
            kind, _, name = key.partition(" ")
            if kind not in names:
                what, mend = f"a case expects something of `{key}`, and there are {', '.join(names)}", one_of(names, kind)
            elif name not in names[kind]:
                what, mend = f"a case expects something of {kind} `{name}`, which is not there", one_of(names[kind], name)
            else:
                state, could = expected_state(subject.pack, kind, name, entry.value)
                if state:
                    shown.setdefault((kind, name), set()).add(state)
                    continue
                said = entry.value.raw or f"a {entry.value.kind}"
                what, mend = f"a case expects that {kind} `{name}` is `{said}`", f"it can be {', '.join(could)}"
            yield Finding(Problem("stray-case", what, entry.place, mend, file=doc.file), {})
