"""What the JSON answers share. Keys are a contract, see docs/json.md."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ....engine.conditions import Look
from ....engine.errors import Place, Problem
from ....engine.pack import Pack
from ....engine.verdict import Decision, Recommendation, Undecided, Verdict
from ....engine.waivers import Waiver, Waivers


def dump(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"  # ASCII: nothing in it can steer a terminal


def place(place: Place | None) -> dict[str, int | None]:
    return {"line": place.line if place else None, "column": place.column if place else None}


def look(found: Look) -> dict[str, Any]:
    return {
        "fact": found.fact,
        "in": found.within,
        "state": found.state,
        "value": found.shown,
        "says": found.says,
        **place(found.place),
    }


def looks(found: Iterable[Look]) -> list[dict[str, Any]]:
    return [look(one) for one in found]


def problem(found: Problem) -> dict[str, Any]:
    return {
        "code": found.code,
        "what": found.what,
        "help": found.help,
        "file": found.file or None,
        **place(found.place),
    }


def pack(found: Pack) -> dict[str, Any]:
    """Which pack, and what it drops or loosens of those that it extends."""
    return {
        "id": found.id,
        "version": found.version,
        "digest": found.digest,
        "extends": [{"id": base.id, "version": base.version, "digest": base.digest} for base in found.extends],
        "departures": [{"what": one.what, "because": one.because} for one in found.departures],
    }


def about(verdict: Verdict) -> dict[str, Any]:
    return {
        "pack": pack(verdict.pack),
        "facts": {"file": verdict.facts.file, "digest": verdict.facts.digest, "evidence": _evidence(verdict)},
        "engine": asdict(verdict.engine),
        "waivers": [_waiver(verdict, one) for one in verdict.waivers.given],
        "waivers_file": _waivers_file(verdict.waivers),
    }


def _waiver(verdict: Verdict, found: Waiver) -> dict[str, Any]:
    return {
        "gate": found.gate or None,
        "criterion": found.criterion or None,
        "reason": found.reason,
        "approver": found.approver,
        "expires": found.expires or None,
        "delivery": found.delivery or None,
        "pack": found.pack or None,
        "status": found.state,
        "waives": list(verdict.waives(found)),
        "problems": [problem(one) for one in found.problems],
        **place(found.place),
    }


def _waivers_file(found: Waivers) -> dict[str, Any] | None:
    if not found.file:
        return None
    return {"file": found.file, "digest": found.digest, "problems": [problem(one) for one in found.problems]}


def _evidence(verdict: Verdict) -> dict[str, Any] | None:
    """By which day evidence was judged; nothing where there is none, so that the day then changes no byte."""
    backed, today = verdict.facts.backed, verdict.facts.today
    if not backed:
        return None
    as_of = today.date.isoformat() if today.date else None
    return {"facts": len(backed), "as_of": as_of, "files_compared": today.digest_of is not None}


def file(verdict: Verdict) -> dict[str, Any]:
    """What a file says beside its facts: its problems, and another order."""
    sequence = verdict.facts.sequence
    return {
        "problems": [problem(one) for one in verdict.facts.problems],
        "sequence": None
        if sequence is None
        else {
            "order": list(sequence.order),
            "requested_by": sequence.requested_by,
            "reason": sequence.reason,
            "turned_round": [{"gate": gate, "needs": needed} for gate, needed in verdict.turned_round],
            **place(sequence.place),
        },
    }


def row(found: Recommendation | Undecided) -> dict[str, Any]:
    return {
        "table": found.table.id,
        "row": found.row.id,
        "signal": found.row.signal,
        "default": found.row.default.text,
        "alternative": found.row.alternative.text,
        "tradeoff": found.row.tradeoff,
    }


def recommendation(found: Recommendation) -> dict[str, Any]:
    return {
        **row(found),
        "because": looks(found.because),
        "leads": found.leads,
        "declared": found.declared or None,
        "deviates": found.deviates,
        "rationale": found.rationale or None,
    }


def undecided(found: Undecided) -> dict[str, Any]:
    return {**row(found), "if": found.row.signal, "needs": looks(found.needs)}


def decision(found: Decision) -> dict[str, Any]:
    answer = found.answer
    return {
        "table": found.table.id,
        "title": found.table.title,
        "hit": found.table.hit,
        "aggregate": found.table.aggregate,
        "status": answer.status,
        "outputs": [dict(said) for said in answer.outputs],
        "bounds": list(answer.bounds) if answer.bounds else None,
        "rows": [row.id for row in answer.rows],
        "open": [row.id for row in answer.open],
        "because": looks(found.because),
        "needs": looks(found.needs),
    }
