"""The problems of fact files as a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .. import findings
from ..page import code, page, text
from ..text import words
from . import parts
from .parts import badge, section, table

if TYPE_CHECKING:
    from ...answers import Checked
    from ...fixes import Mended


def validate(files: Sequence[Checked], skipped: Sequence[str] = (), mended: Sequence[Mended] = (), written: bool = False) -> str:
    """A table of the files, and the problems of each."""
    good = not any(one.problems for one in files)
    told = "<p>Skipped, as no fact files: " + ", ".join(map(code, skipped)) + "</p>" if skipped else ""
    lists = [
        section(f"{one.file}: {words.plural(len(one.problems), 'problem')}", parts.problems(one.file, one.text, one.problems))
        for one in files
        if one.problems
    ]
    body = f"""<header>
<p class="muted">Validation report</p>
<h1>{text(words.plural(len(files), "fact file"))} {badge("passed" if good else "blocked", "VALID" if good else "PROBLEMS")}</h1>
<p class="lead">{text(findings.counted(files))}.</p>
</header>
<main>
{section("Files", table("Each file with its problems and its facts.", ("File", "Result", "Facts"), map(_row, files)), told)}
{"".join(lists)}
</main>"""
    return page(f"Fact files: {'valid' if good else 'with problems'}", body)


def _row(one: Checked) -> tuple[str, str, str]:
    if one.unreadable:
        return code(one.file), badge("unmet", "can't be judged"), ""
    facts = ", ".join(f"{count} {state}" for state, count in one.states.items() if count)
    state = badge("unmet", words.plural(len(one.problems), "problem")) if one.problems else badge("met", "valid")
    return code(one.file), state, text(facts)
