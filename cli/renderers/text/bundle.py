"""Why there is no bundle, for a terminal or a CI log."""

from __future__ import annotations

from ....engine.verdict import Verdict
from ... import safe
from .. import bundle_words
from . import check


def refused(verdict: Verdict, source: str) -> str:
    """What `check` says, and first that there is no bundle."""
    return f"{safe.terminal(bundle_words.refusal(verdict))}\n\n{check.check(verdict, source)}"
