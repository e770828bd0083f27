"""Makes texts of others harmless where we print them. One function a format."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# Categories that steer a terminal or turn text round: control, format (bidi among them), surrogates, line separators.
_STEERING = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
# `##[error]`, `##vso[...]`, `##teamcity[...]`: CI systems read them anywhere in a line.
_COMMAND = re.compile(r"##(?=\w*\[)")


def terminal(text: str) -> str:
    """`text` on one line, with everything that steers written as an escape, and no CI command left in it."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(char if unicodedata.category(char) not in _STEERING else _escape(char) for char in text)
    # GitHub reads `::command::` at the start of a line and `##[command]` anywhere in one.
    if text.lstrip().startswith("::"):
        text = text.replace("::", ":\\x3a", 1)
    return _COMMAND.sub(r"#\\x23", text)


def page(text: str) -> str:
    """A whole answer, each line harmless: what becomes a command only where texts meet, and the texts of a pack."""
    return "\n".join(terminal(line) for line in text.split("\n"))


def json(text: str) -> str:
    """JSON with no CI command in it; it means the same, for `#` stands in texts alone."""
    return _COMMAND.sub(r"#\\u0023", text)


def _escape(char: str) -> str:
    number = ord(char)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def mermaid(text: str) -> str:
    """`text` for a quoted Mermaid label: only letters, digits and a few harmless signs stay, the rest as entities."""
    return "".join(char if char.isalnum() or char in " .,-_/()" else f"#{ord(char)};" for char in text)


def markdown(text: str) -> str:
    """`text` as a code span: no markup, link, mention or reference. Not for table cells, which end at a `|` even there."""
    text = " ".join(terminal(text).split()) or " "
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if "`" in (text[0], text[-1]) else ""
    return f"{fence}{space}{text}{space}{fence}"


def dot(text: str) -> str:
    """`text` for a quoted DOT label, where a backslash and an entity would mean something."""
    return terminal(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


def markup(text: str) -> str:
    """`text` for an element or a quoted attribute of HTML or XML, which have no place for what is no character."""
    import html  # which no text answer needs

    return html.escape("".join(_escape(char) if _is_none(ord(char)) else char for char in terminal(text)))


def _is_none(number: int) -> bool:
    return number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF


def sarif(text: str) -> str:
    """`text` for a message of SARIF, where `[a](b)` would be a link and `{0}` a placeholder."""
    return terminal(text).replace("](", "]\\x28").replace("{", "{{").replace("}", "}}")


def workflow(level: str, message: str, properties: Mapping[str, str | int]) -> str:
    """A workflow command of GitHub. Its runner decodes these escapes, and no others."""
    data = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {told}::{data}"


def _property(value: str) -> str:
    return terminal(value).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def width(text: str) -> int:
    """How many columns a terminal gives `text`."""
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else 0 if unicodedata.category(char) in ("Mn", "Me") else 1
        for char in text
    )
