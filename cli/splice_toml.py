"""Changes single values in the text of a TOML file, by tomlkit. It has the calls of `splice.Splice`."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence
from typing import Any

from ..engine.errors import CannotJudge, Problem
from . import written
from .splice import Path, refuse


@contextlib.contextmanager
def refusing() -> Generator[None]:
    """Tables can be laid out in more ways than tomlkit can edit; where it fails, the file is refused."""
    try:
        yield
    except CannotJudge:
        raise
    except Exception as error:
        raise refuse("its tables are laid out in a way that can't be edited here") from error


class SpliceToml:
    """The text of one TOML file, and the changes to it."""

    def __init__(self, text: str) -> None:
        try:
            import tomlkit
        except ImportError:
            raise CannotJudge(
                [
                    Problem(
                        "no-extra",
                        "editing TOML needs tomlkit, which is not installed",
                        help="run `pip install 'gatewright[edit]'`, or write the file as YAML",
                    )
                ]
            ) from None
        self._kit: Any = tomlkit
        self._document: Any = tomlkit.parse(text)

    @property
    def text(self) -> str:
        """The text as it is now."""
        return str(self._document.as_string())

    def _at(self, path: Path) -> Any:
        found = self._document
        for key in path:
            found = found[key]
        return found

    def insert(self, path: Path, value: object) -> None:
        """A new key with its value."""
        around = self._at(path[:-1])
        in_line = isinstance(around, self._kit.items.InlineTable)
        if written.is_mapping(value) and not in_line:
            made = self._table(value)
        elif len(path) == 1 and written.is_list(value) and all(map(written.is_mapping, value)):
            made = self._kit.aot()
            for record in value:
                made.append(self._table(record))
        else:
            made = self._value(value)
        if hasattr(around, "append"):
            around.append(path[-1], made)
        else:  # a table whose parts stand apart, with others between them
            around[path[-1]] = made

    def replace(self, path: Path, value: object) -> None:
        """Another value in place of the one at `path`."""
        self._at(path[:-1])[path[-1]] = self._value(value)

    def append(self, path: Path, items: Sequence[object]) -> None:
        """More items for the list at `path`."""
        around = self._at(path)
        for value in items:
            tables = isinstance(around, self._kit.items.AoT) and written.is_mapping(value)
            around.append(self._table(value) if tables else self._value(value))

    def remove(self, path: Path, *, comments: bool = False) -> None:
        """Take an entry or item out; a group that holds nothing more goes too, but for the last section."""
        depth = len(path) - 1
        while len(self._at(path[:depth])) == 1 and depth and isinstance(path[depth - 1], str) and not comments:
            depth -= 1
        around = self._at(path[:depth])
        if not depth and len(around) == 1:
            around[path[0]] = self._kit.table()
        else:
            del around[path[depth]]

    def _table(self, value: Any) -> Any:
        """A table with a header, and tables for the groups in it."""
        made = self._kit.table()
        for key, inner in value.items():
            made.append(key, self._table(inner) if written.is_mapping(inner) else self._value(inner))
        return made

    def _value(self, value: Any) -> Any:
        """A value after an equals sign. A list of records takes a line for each."""
        if written.is_mapping(value):
            made = self._kit.inline_table()
            for key, inner in value.items():
                made.append(key, self._value(inner))
            return made
        if written.is_list(value):
            lines = any(written.is_mapping(one) for one in value)
            made = self._kit.array().multiline(lines)
            for inner in value:
                made.append(self._value(inner))
            return made
        if isinstance(value, str):
            return self._kit.value(written.quoted(value, pairs=False))
        if value is None:
            raise CannotJudge([Problem("cannot-edit", "TOML has no way to write nothing", help="give a value")])
        return self._kit.item(value)
