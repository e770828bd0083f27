"""The frame of an HTML page: everything in one file, nothing fetched, nothing run. Used by the report and the bundle."""

from __future__ import annotations

from pathlib import Path

from .. import safe

# Should something slip through, the browser still fetches and runs nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def text(value: object) -> str:
    """`value` as text of an element or a quoted attribute; what steers is shown as an escape, as in a terminal."""
    return safe.markup(str(value))


def code(value: object) -> str:
    """`value` as a name or value of a file, letter by letter."""
    return f"<code>{text(value)}</code>"


def page(title: str, body: str) -> str:
    """A whole page; `body` is markup that goes into `<body>`, `title` is plain text.

    A body has `<header>`, `<main>` and `<footer>`; page.css says what classes there are.
    """
    style = Path(__file__).with_name("page.css").read_text("utf-8").strip()
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{text(title)}</title>
<style>
{style}
</style>
</head>
<body>
{body.strip()}
</body>
</html>
"""
