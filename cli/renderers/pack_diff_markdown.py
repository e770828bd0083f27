"""What differs between two packs, as Markdown for a comment on a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .markdown import prose
from .text.pack_diff import details, headline, mark, title

if TYPE_CHECKING:
    from ...engine.pack_changes import PackChanges

_LONGEST = 60_000  # characters; GitHub takes no comment of more than 65,536


def pack_diff(found: PackChanges) -> str:
    """A headline, and a list of the changes."""
    lines = [f"### {prose(headline(found))}", ""]
    left = _LONGEST - len(lines[0])
    for number, change in enumerate(found.changes):
        own = [f"- **{mark(change)}** {prose(title(change))}", *map(_nested, details(change))]
        left -= sum(len(line) + 1 for line in own)
        if left < 0:
            lines.append(f"- and {len(found.changes) - number} more, which would make this comment too long")
            break
        lines += own
    return "\n".join(lines).rstrip("\n") + "\n"


def _nested(line: str) -> str:
    text = line.lstrip()
    return f"  {line[: len(line) - len(text)]}- {prose(text)}"
