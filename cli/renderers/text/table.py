"""A decision table as the file of a pack, in YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from ....engine import cells

_AS_IS = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")  # a text that a cell names without quotes
_WORDS = ("true", "false", "null", "not", "yes", "no", "on", "off", "y", "n")  # but these are none in FEEL or YAML


class _Written(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def table(said: dict[str, Any]) -> str:
    """The file `decisions/NAME.yaml` that says a table."""
    return yaml.dump(
        {"table": as_written(said)}, Dumper=_Written, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None
    )


def as_written(said: dict[str, Any]) -> dict[str, Any]:
    """A table with cells and numbers as a person writes them: `high` for `"high"`, 5 for 5.0."""

    def cell(text: str) -> Any:
        parsed = cells.parse(text)
        found = [test.low for test in parsed.tests if test.low == test.high]
        if parsed.negated or len(found) < len(parsed.tests) or not all(map(_bare, found)):
            return text
        plain = [_plain(value) for value in found]
        return plain[0] if len(plain) == 1 else plain

    made = dict(said)
    made["rows"] = [
        {
            key: {name: cell(text) for name, text in value.items()} if key == "if" else _values(value) if key == "then" else value
            for key, value in row.items()
        }
        for row in said["rows"]
    ]
    return made | ({"otherwise": _values(said["otherwise"])} if "otherwise" in said else {})


def _bare(value: Any) -> bool:
    return isinstance(value, bool | float) or (isinstance(value, str) and bool(_AS_IS.fullmatch(value)) and value not in _WORDS)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _values(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in said.items()}
