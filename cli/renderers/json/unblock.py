"""What makes a gate pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....engine.edits import MORE
from ...snippet import snippet
from . import parts

if TYPE_CHECKING:
    from ....engine.unblock import Change, Part, Unblock, Way
    from ....engine.verdict import Verdict


def _change(change: Change) -> dict[str, Any]:
    known = change.known
    return {
        "do": change.does,
        "fact": known.path + ("[]" if change.edit.row == MORE else ""),
        "in": change.now.within,
        "gate": known.gate,
        "question": known.ask,
        "choices": list(known.choices),
        "has_to_be": list(change.may),
        "unit": known.unit,
        "example": change.edit.value,
        "corrects": change.corrects,
        "effort": change.effort,
        "state": change.now.state,
        "value": ", ".join(item.shown for item in change.now.items),
        **parts.place(change.place),
    }


def _way(verdict: Verdict, way: Way) -> dict[str, Any]:
    return {
        "effort": way.effort,
        "corrects": way.corrects,
        "changes": [_change(change) for change in way.changes],
        "snippet": snippet(way.changes, verdict.facts, verdict.pack) + "\n",
        "otherwise": [
            {
                "where": [{"fact": path, "values": list(values)} for path, values in other.where],
                "changes": [_change(change) for change in other.changes],
            }
            for other in way.otherwise
        ],
    }


def _part(verdict: Verdict, part: Part) -> dict[str, Any]:
    return {"ways": [_way(verdict, way) for way in part.ways], "more": part.more}


def unblock(verdict: Verdict, found: Unblock, source: str = "", whole: bool = False) -> str:
    """What makes a gate pass: one way of each part."""
    return parts.dump(
        {
            "gate": found.gate,
            "status": verdict.gate(found.gate).status,
            "possible": not found.impossible,
            "facts_needed": len(found.best),
            "least": found.least,
            "proven": found.proven,
            **parts.about(verdict),
            **parts.file(verdict),
            "parts": [_part(verdict, part) for part in found.parts],
            "snippet": snippet(found.best, verdict.facts, verdict.pack) + "\n" if found.parts else "",
            "problems_left": [parts.problem(one) for one in found.left],
        }
    )
