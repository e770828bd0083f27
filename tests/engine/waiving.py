"""Waivers for tests of what they do; how they are read is tested in test_waivers.py."""

from __future__ import annotations

from gatewright.engine.errors import Place
from gatewright.engine.waivers import Waiver, Waivers


def waiving(*criteria: str) -> Waivers:
    """Waivers of exit criteria, one each."""
    given = tuple(
        Waiver("", name, "agreed", "cro@bank.example", "2027-01-31", "", "", (name,), Place(2, 5), "counts", ())
        for name in criteria
    )
    return Waivers("waivers.yaml", "", "sha256:" + "0" * 64, given, ())
