"""The examples and defaults of the vocabulary: each is a value of its fact, and together they pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conditions import answer
from ..pack_conditions import Condition
from ..pack_walks import Location, leaves
from ..vocabulary import FactDef
from .subject import Finding, Subject, read
from .values import Reader


def check(subject: Subject) -> Iterator[Finding]:
    """Examples that can't be stated, and the gate at which the examples put together are blocked."""
    found = list(_bad(subject))
    yield from found
    if not found:
        yield from _blocked(subject)


def _bad(subject: Subject) -> Iterator[Finding]:
    placed = {
        path: (("sections", n, "facts", path), known)
        for n, section in enumerate(subject.pack.sections)
        for path, known in section.facts.items()
    }
    for key in ("example", "default"):
        stated = {path: value for path, (_, known) in placed.items() if (value := _said(known, key)) is not None}
        facts = read(subject.pack, stated)
        paths = list(stated)
        for problem in facts.problems:
            if problem.code == "bad-reference" and key == "default":
                continue  # what it refers to has no default
            path = paths[problem.place.line - 1] if problem.place else paths[0]
            yield subject.finding(f"bad-{key}", (*placed[path][0], key), f"the {key} is wrong: {problem.what}", help=problem.help)
        for path in stated:
            if facts.plain[path].state == "placeholder":
                what = f"the {key} of `{path}` is a placeholder, which counts as not stated"
                yield subject.finding(f"bad-{key}", (*placed[path][0], key), what)
    for path, (here, known) in placed.items():
        for name, inner in known.fields.items():
            if known.example is not None and Reader(subject.pack).read(inner, inner.example) is None:
                where: Location = (*here, "fields", name, "example")
                what = f"the example of `{path}[].{name}` is no value of it"
                yield subject.finding("bad-example", where, what)


def _said(known: FactDef, key: str) -> Any:
    if key == "example":
        return known.sample
    return known.default.value if known.default else None


def _blocked(subject: Subject) -> Iterator[Finding]:
    """The first gate at which the examples are blocked, unless no delivery could pass it."""
    claims = subject.example_claims
    for n, gate in enumerate(subject.pack.gates):
        placed = [(gate.entry, ("gates", n, "entry")), *((one, ("gates", n, "exit", m)) for m, one in enumerate(gate.exit))]
        if f"gate:{gate.id} passed" in claims:
            continue
        if id(gate) in subject.broken:
            return
        for statement, location in placed:
            for part in subject.parts(statement, location)[1] if id(statement) not in subject.broken else ():
                if part.yes in claims or subject.stands_on_broken(part.condition):
                    continue
                if not subject.is_told(part.location):
                    yield _finding(subject, gate.id, statement.id, part.condition, part.location)
                return
        return


def _finding(subject: Subject, gate: str, criterion: str, part: Condition, where: Location) -> Finding:
    asked = next(leaves(part), None)
    looks = answer(asked, subject.example, subject.pack).looked if asked else ()
    look = next((look for look in looks if look.says), None)
    why = f"`{look.fact}` {f'is `{look.shown}`, which ' if look.shown else ''}{look.says}" if look else "they do not meet it"
    return subject.finding(
        "blocked-example",
        where,
        f"the examples of the vocabulary put together are blocked at gate `{gate}`, criterion `{criterion}`: {why}",
        {look.fact: look.shown or None} if look else None,
    )
