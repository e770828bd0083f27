"""The reference page of the findings is the table of their kinds.

Write it anew with `GATEWRIGHT_RENEW=1 python -m pytest tests/engine/test_pack_lint_page.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

from gatewright.engine.lint.kinds import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "pack-lint.md"
BEGIN = "<!-- one section a finding, from the table in engine/lint/kinds.py -->\n"


def page() -> str:
    sections: list[str] = []
    for code, kind in KINDS.items():
        example = ["```yaml", kind.example, "```", ""] if kind.example else []
        sections += [
            f"## {code}",
            "",
            kind.what,
            "",
            f"*Why it matters.* {kind.why}",
            "",
            f"*How to mend.* {kind.mend[0].upper()}{kind.mend[1:]}.",
            "",
            *example,
        ]
    return "\n".join(sections)


def test_the_page_has_a_section_for_each_kind_of_finding():
    written = PAGE.read_text(encoding="utf-8")
    head, begin, _ = written.partition(BEGIN)
    assert begin
    whole = f"{head}{BEGIN}\n{page()}"
    if os.environ.get("GATEWRIGHT_RENEW"):
        PAGE.write_text(whole, encoding="utf-8")
        written = whole
    assert written == whole
