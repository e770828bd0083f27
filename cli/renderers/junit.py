"""JUnit XML: a suite a gate and a case a criterion, or, of `validate`, a suite a file and a case a problem.

Written for the schema of Jenkins (junit-10.xsd), which others read too. Times are left out: nothing here is timed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ...engine.errors import Problem
from ...engine.verdict import CriterionVerdict, GateVerdict, Verdict
from .. import safe
from . import waived
from .findings import HOLDING
from .text import words
from .text.problems import where

if TYPE_CHECKING:
    from ..answers import Checked
    from ..fail_on import Ending

Outcome = Literal["passed", "failure", "error", "skipped"]


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    outcome: Outcome = "passed"
    type: str = ""
    message: str = ""
    details: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Suite:
    name: str
    cases: Sequence[_Case]
    properties: Sequence[tuple[str, str]] = ()

    def count(self, outcome: Outcome) -> int:
        """How many cases ended like this."""
        return sum(case.outcome == outcome for case in self.cases)


def check(verdict: Verdict, source: str, ending: Ending | None = None) -> str:
    """The file as one suite, and each gate with its criteria."""
    pack, facts = verdict.pack, verdict.facts
    about = [
        ("verdict", "passed" if verdict.passed else "blocked"),
        ("pack", f"{pack.id} {pack.version} {pack.digest}"),
        ("facts", facts.digest),
    ]
    about += [("departure", f"{one.what}, because: {one.because}") for one in pack.departures]
    about += [("fail-on", ending.says)] if ending else []
    file = _Suite(f"file {facts.file}", _problems(facts.file, facts.problems, "failure"), about)
    waivers = [_Suite(f"waivers {verdict.waivers.file}", _waivers(verdict))] if verdict.waivers.file else []
    return _document([file, *waivers, *(_gate(verdict, gate) for gate in verdict.gates)])


def validate(files: Sequence[Checked], *_: object) -> str:
    """Each file as a suite."""
    return _document(
        _Suite(one.file, _problems(one.file, one.problems, "error" if one.unreadable else "failure")) for one in files
    )


def problems(file: str, text: str, found: Sequence[Problem]) -> str:
    """Why nothing could be judged: errors, not failures."""
    return _document([_Suite(file or "gatewright", _problems(file, found, "error"))])


def _problems(file: str, found: Sequence[Problem], outcome: Outcome) -> list[_Case]:
    cases = [
        _Case(
            one.what, outcome, one.code, one.what, [where(one.file or file, one.place), f"help: {one.help}" if one.help else ""]
        )
        for one in found
    ]
    return cases or [_Case("the file has no problems")]


def _waivers(verdict: Verdict) -> list[_Case]:
    """Each waiver as a case; one that counts for nothing is skipped, for it makes nothing red that passes without it."""
    waivers = verdict.waivers
    cases = [
        _Case(one.what, "skipped", one.code, one.what, [where(waivers.file, one.place), one.help]) for one in waivers.problems
    ]
    for one in waivers.given:
        name = f"{one.name} ({where(waivers.file, one.place)})"
        if one.state == "void":
            says = [f"{problem.what}  ({where(waivers.file, problem.place)}); {problem.help}" for problem in one.problems]
            cases.append(_Case(name, "skipped", "void", f"counts for nothing: {one.problems[0].what}", says))
        elif one.state == "elsewhere":
            cases.append(_Case(name, "skipped", "elsewhere", f"is for another delivery: {one.delivery}"))
        else:
            told = "" if verdict.waives(one) else "nothing needs it, so it may be taken out"
            cases.append(_Case(name, details=[waived.approved(waivers, one), told]))
    return cases


def _gate(verdict: Verdict, found: GateVerdict) -> _Suite:
    about = [("stage", str(found.gate.stage)), ("gate", found.gate.id), ("title", found.gate.title), ("status", found.status)]
    about += [("waiting-for", gate) for gate in found.waiting_for]
    cases = [_criterion(verdict, found, one) for one in (found.entry, *found.exit)]
    return _Suite(f"gate {found.gate.stage} {found.gate.id}", cases, about)


def _criterion(verdict: Verdict, gate: GateVerdict, found: CriterionVerdict) -> _Case:
    name = found.criterion.text
    looks = [f"{words.look(look)}  ({words.spot(verdict, look)})" for look in found.because]
    if found.status == "met":
        return _Case(name)
    if found.status in HOLDING:
        by = [waived.approved(verdict.waivers, one) for one in verdict.waivers.of(found.criterion.id) if found.status == "waived"]
        return _Case(name, details=[f"{found.status}, not met: {found.criterion.text}", *looks, *by])
    mends = dict.fromkeys(
        one.how for one in verdict.missing if (one.gate, one.criterion) == (gate.gate.id, found.criterion.id)
    ) or {found.criterion.mend: None}
    details = [*looks, *(f"how to mend: {how}" for how in mends)]
    if gate.status == "waiting":
        return _Case(name, "skipped", found.status, f"waits for {', '.join(gate.waiting_for)}; {found.status} so far", details)
    return _Case(name, "failure", found.status, looks[0] if looks else found.criterion.mend, details)


def _document(suites: Iterable[_Suite]) -> str:
    done = list(suites)
    total = {name: sum(suite.count(name) for suite in done) for name in _COUNTED}
    tests = sum(len(suite.cases) for suite in done)
    counts = f'tests="{tests}" failures="{total["failure"]}" errors="{total["error"]}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="gatewright" {counts}>']
    for suite in done:
        lines += _suite(suite)
    return "\n".join([*lines, "</testsuites>"]) + "\n"


_COUNTED: tuple[Outcome, ...] = ("failure", "error", "skipped")


def _suite(suite: _Suite) -> list[str]:
    counts = f'failures="{suite.count("failure")}" errors="{suite.count("error")}" skipped="{suite.count("skipped")}"'
    lines = [f'  <testsuite name="{_text(suite.name)}" tests="{len(suite.cases)}" {counts}>']
    if suite.properties:
        told = [f'      <property name="{_text(name)}" value="{_text(value)}"/>' for name, value in suite.properties]
        lines += ["    <properties>", *told, "    </properties>"]
    for case in suite.cases:
        lines += _case(suite, case)
    return [*lines, "  </testsuite>"]


def _case(suite: _Suite, case: _Case) -> list[str]:
    begin = f'    <testcase classname="gatewright.{_text(suite.name.replace(".", "_"))}" name="{_text(case.name)}"'
    details = "\n".join(_text(line) for line in case.details if line)
    if case.outcome == "passed" and not details:
        return [f"{begin}/>"]
    if case.outcome == "passed":
        inside = f"<system-out>{details}</system-out>"
    else:
        inside = f'<{case.outcome} type="{_text(case.type)}" message="{_text(case.message)}">{details}</{case.outcome}>'
    return [f"{begin}>", f"      {inside}", "    </testcase>"]


def _text(value: str) -> str:
    return safe.markup(value)
