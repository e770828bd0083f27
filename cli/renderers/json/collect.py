"""What was collected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import parts

if TYPE_CHECKING:
    from ...collected import Answer
    from ...collecting import Claim, Proposed


def collect(answer: Answer, explain: bool) -> str:
    """The whole answer; `explain` adds what was looked for."""
    collection, tree = answer.collection, answer.tree
    pack = answer.pack
    told: dict[str, Any] = {
        "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest},
        "folder": answer.folder,
        "file": answer.file or None,
        "facts": [_proposed(one, answer) for one in answer.added],
        "agree": list(answer.agree),
        "contradictions": [
            {"fact": one.fact, "in": one.within, "sides": [{"value": value, "place": place} for value, place in one.sides]}
            for one in collection.contradictions
        ],
        "shortfalls": [
            {"file": one.at.file, "line": one.at.line or None, "field": one.at.field, "what": one.what, "how": one.help}
            for one in collection.shortfalls
        ],
        "unreadable": [{"file": file, "why": why} for file, why in sorted(tree.unreadable.items())],
    }
    if explain:
        told["sources"] = [
            {
                "source": name,
                "title": table.title,
                "looks_for": list(table.looks_for),
                "holding": [list(words) for words in table.holding],
                "files": tree.of(table),
                "fields": [
                    {"field": one.field, "fact": one.fact, "found": collection.found[name].get((one.field, one.fact), 0)}
                    for one in table.fields
                ],
            }
            for name, table in answer.tables.items()
        ]
        told["ignored"] = list(tree.ignored)
    return parts.dump(told)


def _proposed(one: Proposed, answer: Answer) -> dict[str, Any]:
    return {
        "fact": one.fact,
        "value": one.value,
        "assumed": one.assumed,
        "sources": [_claim(claim, answer) for claim in one.claims],
    }


def _claim(claim: Claim, answer: Answer) -> dict[str, Any]:
    return {
        "source": claim.source,
        "says": claim.fact.path,
        "file": claim.at.file,
        "line": claim.at.line or None,
        "field": claim.at.field,
        "digest": answer.tree.digest(claim.at.file) or None,
    }
