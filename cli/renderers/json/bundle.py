"""The bundle as data."""

from __future__ import annotations

import json
from typing import Any

from ....engine.bundle import Backing, Bundle, Gap, Listing, Policy, Section, Statement
from ....engine.verdict import Verdict
from ...answers import StageGraph
from .. import bundle_words, waived
from . import check, parts


def refused(verdict: Verdict, source: str) -> str:
    """The answer of `check`, and first that there is no bundle."""
    return parts.dump({"bundle": "refused", "why": bundle_words.refusal(verdict), **json.loads(check.check(verdict, source))})


def bundle(found: Bundle, graph: StageGraph) -> str:
    """The whole bundle."""
    verdict = found.verdict
    return parts.dump(
        {
            "bundle": "draft" if found.draft else "final",
            "title": found.title,
            "judged_as_of": verdict.facts.today.date.isoformat() if verdict.facts.today.date else None,
            "verdict": "passed" if verdict.passed else "blocked",
            **parts.about(verdict),
            **parts.file(verdict),
            "gates": [
                {
                    "id": one.gate.id,
                    "stage": one.gate.stage,
                    "title": one.gate.title,
                    "status": one.status,
                    "waiting_for": list(one.waiting_for),
                    "criteria": [
                        {"id": each.criterion.id, "text": each.criterion.text, "status": each.status}
                        for each in (one.entry, *one.exit)
                    ],
                }
                for one in verdict.gates
            ],
            "edges": [list(edge) for edge in graph.edges],
            "antipatterns": [
                {"id": one.pattern.id, "text": one.pattern.text, "mend": one.pattern.mend} for one in verdict.antipatterns
            ],
            "decisions": [parts.decision(one) for one in verdict.decisions],
            "departures": [{"what": one.what, "because": one.because} for one in verdict.pack.departures],
            "sections": [_section(found, one) for one in found.sections],
            **{one: _SHOWN[one](found) for one in found.shows},
            "evidence": [_backing(one) for one in found.backings],
            "signatures": [{"name": one.name, "fact": one.fact.path, **parts.place(one.place)} for one in found.signers],
        }
    )


def _section(found: Bundle, one: Section) -> dict[str, Any]:
    return {
        "number": one.number,
        "id": one.id,
        "title": one.title,
        "draft": found.draft,
        "gaps": sum(not gap.waived for gap in one.gaps),
        "parts": [
            {
                "title": part.title,
                "facts": [_entry(entry) for entry in part.entries],
                "not_stated": [fact.path for fact in part.unstated],
            }
            for part in one.parts
        ],
        "recommendations": [_policy(policy) for policy in one.policies],
        **{each: _SHOWN[each](found) for each in one.shows},
    }


def _entry(entry: Statement | Listing) -> dict[str, Any]:
    if isinstance(entry, Statement):
        return _statement(entry)
    records = [{"lines": list(record.lines), "fields": [_statement(cell) for cell in record.cells]} for record in entry.records]
    return {**_statement(entry.whole), "records": records}


def _statement(one: Statement) -> dict[str, Any]:
    assumed = one.assumption
    return {
        "fact": one.fact.path,
        "means": one.fact.means,
        "state": one.state,
        "counts": one.counts,
        "values": list(one.values),
        "note": one.note or None,
        "evidence": f"E{one.backing.number}" if one.backing else None,
        "assumption": {"owner": assumed.owner, "reason": assumed.reason, **parts.place(assumed.place)} if assumed else None,
        "gaps": [_gap(gap) for gap in one.gaps],
        **parts.place(one.place),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    found = gap.missing
    return {
        "fact": found.fact,
        "in": found.within,
        "gate": found.gate,
        "criterion": found.criterion,
        "state": found.state,
        "says": found.says,
        "how": found.how,
        "waived": gap.waived,
        **parts.place(found.place),
    }


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "table": policy.table.id,
        "title": policy.table.title,
        "declared": [item.shown for item in policy.declared.items],
        "rationale": [item.shown for item in policy.rationale.items],
        "rows": [parts.recommendation(row) for row in policy.rows],
        "undecided": [parts.undecided(row) for row in policy.undecided],
    }


def _backing(one: Backing) -> dict[str, Any]:
    found = one.evidence
    return {
        "id": f"E{one.number}",
        "url": found.url or None,
        "path": found.path or None,
        "date": found.date or None,
        "digest": found.digest or None,
        "status": one.status,
        "until": one.until or None,
        "why": one.why or None,
        **parts.place(found.place),
    }


def _assumptions(found: Bundle) -> list[dict[str, Any]]:
    return [
        {"fact": one.fact, "value": one.value, "owner": one.owner, "reason": one.reason, **parts.place(one.place)}
        for one in found.verdict.assumptions
    ]


def _waivers(found: Bundle) -> list[dict[str, Any]]:
    return [
        {
            "criterion": one.criterion.criterion.id,
            "text": one.criterion.criterion.text,
            "approver": by.approver,
            "expires": by.expires,
            "reason": by.reason,
            **parts.place(by.place),
        }
        for one in waived.waived(found.verdict)
        for by in one.by
    ]


def _deviations(found: Bundle) -> list[dict[str, Any]]:
    return [
        {"table": one.table.id, "recommended": row.row.default.text, "declared": row.declared, "rationale": row.rationale or None}
        for one in found.deviations
        for row in one.rows
        if row.deviates
    ]


_SHOWN = {"assumptions": _assumptions, "waivers": _waivers, "deviations": _deviations}
