"""SARIF 2.1.0, for code scanning: one result for each thing to look at, and the pack's criteria as rules.

Gates are a taxonomy that the rules belong to; how each gate stands is among the properties of the run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ...engine.errors import Place, Problem
from ...engine.pack import Gate, Pack
from ...engine.verdict import Verdict
from .. import safe
from . import findings, markdown
from .findings import Finding
from .json import parts

if TYPE_CHECKING:
    from ..answers import Checked
    from ..fail_on import Ending

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"  # where relative names begin; GitHub takes it for the repository

Rule = dict[str, Any]


def check(verdict: Verdict, source: str, ending: Ending | None = None) -> str:
    """The findings of a delivery; passed, blocked and waiting gates as properties."""
    pack = verdict.pack
    waivers = {verdict.waivers.file: verdict.waivers.text} if verdict.waivers.file else {}
    sources = {verdict.facts.file: source, **waivers}
    run = _run(findings.of_verdict(verdict), list(sources), sources, _of_pack(pack), verdict.waivers.file)
    run["tool"]["driver"]["supportedTaxonomies"] = [{"name": pack.id, "index": 0}]
    run["taxonomies"] = [
        {
            "name": pack.id,
            "version": pack.version,
            "shortDescription": _message(pack.title),
            "isComprehensive": True,
            "taxa": [
                {"id": gate.id, "name": gate.id, "shortDescription": _message(f"Gate {gate.stage}: {gate.title}")}
                for gate in pack.gates
            ],
        }
    ]
    run["properties"] = {
        "verdict": "passed" if verdict.passed else "blocked",
        **parts.about(verdict),
        **({"failOn": {"asked": list(ending.asked), "red": list(ending.red)}} if ending else {}),
        "gates": [
            {"id": one.gate.id, "stage": one.gate.stage, "status": one.status, "waitingFor": list(one.waiting_for)}
            for one in verdict.gates
        ],
    }
    return _log(run)


def validate(files: Sequence[Checked], *_: object) -> str:
    """The problems of all files in one run; what can't be judged is told of the run too."""
    run = _run(findings.of_files(files), [one.file for one in files], {one.file: one.text for one in files}, {})
    unreadable = [one for one in files if one.unreadable]
    _failed(run, [(f"{one.file} can't be judged", one.file) for one in unreadable])
    return _log(run)


def problems(file: str, text: str, found: Sequence[Problem]) -> str:
    """Why nothing could be judged: told of the run, and as results as far as it is about a file."""
    run = _run(findings.of_problems(file, found), [file] if file else [], {file: text}, {})
    _failed(run, [(f"{one.what}{f': {one.help}' if one.help else ''}", one.file or file) for one in found])
    return _log(run)


def _log(run: dict[str, Any]) -> str:
    return parts.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _run(
    found: Sequence[Finding], files: Sequence[str], sources: Mapping[str, str], known: Mapping[str, Rule], waivers: str = ""
) -> dict[str, Any]:
    from importlib.metadata import version

    rules = dict(known)
    for one in found:
        rules.setdefault(one.rule, _rule(one.rule, one.title, "", ()))
    index = {name: number for number, name in enumerate(rules)}
    return {
        "tool": {"driver": {"name": "Gatewright", "version": version("gatewright"), "rules": list(rules.values())}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that the command was run in."}}},
        "invocations": [{"executionSuccessful": True}],
        "artifacts": [{"location": _artifact(file), "roles": ["analysisTarget"]} for file in dict.fromkeys(files)],
        "results": [
            _result(one, index[one.rule], sources.get(one.file, "").split("\n")) | _suppressed(one, waivers, sources)
            for one in found
        ],
    }


def _failed(run: dict[str, Any], why: Iterable[tuple[str, str]]) -> None:
    told = [
        {"level": "error", "message": _message(text), **({"locations": [_location(file, None, [])]} if file else {})}
        for text, file in why
    ]
    if told:
        run["invocations"] = [{"executionSuccessful": False, "toolExecutionNotifications": told}]


def _result(one: Finding, rule: int, lines: Sequence[str]) -> dict[str, Any]:
    said = one.says if one.says.endswith((".", "?", "!")) else f"{one.says}."
    return {
        "ruleId": one.rule,
        "ruleIndex": rule,
        "level": one.level,
        "message": _message(f"{said} {one.mend}".rstrip()),
        "locations": [_location(one.file, one.place, lines)],
        # Of all names GitHub reads this one alone, and would else take the content of the line, in which much may be missing.
        "partialFingerprints": {"primaryLocationLineHash": one.identity, "gatewright/v1": one.identity},
    }


def _suppressed(one: Finding, waivers: str, sources: Mapping[str, str]) -> dict[str, Any]:
    """The waivers that let a finding pass."""
    lines = sources.get(waivers, "").split("\n")
    told = [
        {
            "kind": "external",
            "status": "accepted",
            "justification": safe.terminal(one.waived),
            "location": _location(waivers, place, lines),
        }
        for place in one.waivers
    ]
    return {"suppressions": told} if told else {}


def _location(file: str, place: Place | None, lines: Sequence[str]) -> dict[str, Any]:
    region = {"region": _region(place, lines)} if place else {}
    return {"physicalLocation": {"artifactLocation": _artifact(file), **region}}


def _region(place: Place, lines: Sequence[str]) -> dict[str, int]:
    """Line and columns, no further than the line goes; the end column is that after the last character."""
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    end = max(place.column, min(place.column + place.length, len(line) + 1) if line else place.column + place.length)
    return {"startLine": place.line, "startColumn": place.column, "endLine": place.line, "endColumn": end}


def _artifact(file: str) -> dict[str, str]:
    name = findings.path(file)
    if name.startswith("/"):
        return {"uri": "file://" + quote(os.fsencode(name))}
    return {"uri": quote(os.fsencode(name)), "uriBaseId": _ROOT}


def _message(text: str) -> dict[str, str]:
    return {"text": safe.sarif(text)}


def _of_pack(pack: Pack) -> dict[str, Rule]:
    """Every criterion and anti-pattern as a rule, whether broken or not."""
    rules: dict[str, Rule] = {}
    for number, gate in enumerate(pack.gates):
        for criterion in (gate.entry, *gate.exit):
            name = f"{gate.id}.{criterion.id}"
            rules[name] = _rule(name, criterion.text, criterion.mend, (gate.id,), _of_gate(pack, gate, number), gate.title)
    for pattern in pack.antipatterns:
        name = f"antipattern.{pattern.id}"
        rules[name] = _rule(name, f"Anti-pattern: {pattern.text}", pattern.mend, ("antipattern",))
    return rules


def _of_gate(pack: Pack, gate: Gate, number: int) -> Rule:
    target = {"id": gate.id, "index": number, "toolComponent": {"name": pack.id, "index": 0}}
    return {"relationships": [{"target": target, "kinds": ["relevant"]}]}


def _rule(name: str, text: str, mend: str, tags: Sequence[str], more: Rule | None = None, about: str = "") -> Rule:
    """A rule with its help, plain and as Markdown."""
    told = f"{about}: {text}" if about else text
    how = f"How to mend: {mend}" if mend else "The message says how to mend it."
    shown = "\n\n".join(markdown.prose(one) for one in (told, how))
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in name.rpartition(".")[2].split("-")),
        "shortDescription": _message(text),
        "fullDescription": _message(told),
        "help": {**_message(f"{told} {how}"), "markdown": shown.replace("{", "{{").replace("}", "}}")},
        "defaultConfiguration": {"level": "note" if name.startswith(("delivery.", "pack.", "waivers.")) else "error"},
        "properties": {"tags": list(tags)},
        **(more or {}),
    }
