"""What is told of waivers, in sentences that every format shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...engine.verdict import CriterionVerdict, GateVerdict, Verdict
from ...engine.waivers import Waiver, Waivers
from .. import safe
from .text.problems import where


@dataclass(frozen=True, slots=True)
class Waived:
    """A criterion that holds by waiver alone, and the waivers that let it pass."""

    gate: GateVerdict
    criterion: CriterionVerdict
    by: tuple[Waiver, ...]


def waived(verdict: Verdict) -> Iterator[Waived]:
    """Every criterion that holds by waiver alone."""
    for gate in verdict.gates:
        for one in gate.exit:
            if one.status == "waived":
                yield Waived(gate, one, verdict.waivers.of(one.criterion.id))


def not_needed(verdict: Verdict) -> list[Waiver]:
    """The waivers that count and that nothing needs."""
    return [one for one in verdict.waivers.given if one.state == "counts" and not verdict.waives(one)]


def approved(waivers: Waivers, one: Waiver) -> str:
    """Who let it pass, until when, why, and where that stands."""
    said = f"waived by {safe.terminal(one.approver)} until {one.expires}: {safe.terminal(one.reason)}"
    return f"{said}  ({where(waivers.file, one.place)})"
