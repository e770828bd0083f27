"""Why nothing could be judged, as a page."""

from __future__ import annotations

from collections.abc import Sequence

from ....engine.errors import Problem
from ..page import page, text
from ..text import words
from . import parts
from .parts import badge, section


def problems(file: str, source: str, found: Sequence[Problem]) -> str:
    """Every problem."""
    name = file or "Gatewright"
    body = f"""<header>
<h1>{text(name)} {badge("unknown", "CAN'T BE JUDGED")}</h1>
<p class="lead">There is no verdict: {text(words.plural(len(found), "problem"))} to mend first.</p>
</header>
<main>
{section("Problems", parts.problems(file, source, found))}
</main>"""
    return page(f"{name}: could not be judged", body)
