"""Sets values of a fact file, takes them away, and leaves the rest of its text as it is.

YAML and JSON are cut where the value stands (`splice.py`); TOML is written by tomlkit, the extra `edit`. Nothing is
edited that the guarded reader has not read, and each result is read back: it holds what was asked for and nothing
else has changed, or it is refused.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from ..engine import document
from ..engine.errors import CannotJudge, Place
from ..engine.facts import ASSUMPTIONS
from ..engine.nodes import Node
from ..engine.pack import Pack
from ..engine.values import Values
from . import written
from .splice import Path, Splice, refuse, same

BOM = "\ufeff"


class _Text(Protocol):
    """A text in which single values can be changed."""

    def insert(self, path: Path, value: object) -> None: ...
    def replace(self, path: Path, value: object) -> None: ...
    def append(self, path: Path, items: Sequence[object]) -> None: ...
    def remove(self, path: Path, *, comments: bool = False) -> None: ...


def edit(
    text: str,
    format: str,
    sets: Mapping[str, object],
    unsets: Collection[str] = (),
    *,
    append: Mapping[str, Sequence[object]] | None = None,
    drop: Collection[str] = (),
    pack: Pack | None = None,
) -> str:
    """The text of a fact file with other values.

    Takes the text as it stands in the file, with its line ends and a byte order mark, and its format (yaml, json or
    toml). `unsets` and the keys of `sets` and `append` are dotted paths. Values are taken away first, with the
    assumptions about the facts in `drop`; then values are set, then items are added at the end of lists. A value is a
    text, number, boolean, list or mapping. With `pack`, new keys stand in the order of its vocabulary, and a group
    may take the place of one of its placeholders.

    Raises CannotJudge where the text can't be read, or where the change can't be made and all else kept.
    """
    doc = document.read(text.encode("utf-8", "surrogatepass"), format=format)
    if doc.problems:
        raise CannotJudge(doc.problems, doc.text)
    if doc.root.kind != "mapping":
        raise refuse("it is no mapping of sections", "begin with `delivery:`")
    wanted: Any = copy.deepcopy(doc.root.plain())
    mark, body = (BOM, text[1:]) if text.startswith(BOM) else ("", text)
    if format == "toml":
        from .splice_toml import SpliceToml, refusing

        with refusing():
            target: Any = SpliceToml(body)
            _change(target, wanted, sets, unsets, append or {}, drop, _blank(pack))
            edited = mark + target.text
    else:
        target = Splice(body, json=format == "json", rank=partial(_rank, _order(pack)))
        _change(target, wanted, sets, unsets, append or {}, drop, _blank(pack))
        edited = mark + target.text
    _verify(edited, format, wanted)
    return edited


def _change(
    target: _Text,
    wanted: Any,
    sets: Mapping[str, object],
    unsets: Collection[str],
    append: Mapping[str, Sequence[object]],
    drop: Collection[str],
    blank: Callable[[object], bool],
) -> None:
    """Make the changes in the text and in `wanted`, which is what it has to hold then."""
    for path in unsets:
        _unset(target, wanted, tuple(path.split(".")))
    _drop(target, wanted, drop)
    for path, value in sets.items():
        _set(target, wanted, tuple(path.split(".")), value, blank)
    for path, items in append.items():
        keys = tuple(path.split("."))
        present = _get(wanted, keys)
        kept: list[object] = [] if blank(present) else list(present) if written.is_list(present) else [present]
        _set(target, wanted, keys, [*kept, *items], blank)


def _verify(edited: str, format: str, wanted: object) -> None:
    """Read the result back. Raises CannotJudge where it is not what was wanted."""
    why = "the change can't be made without changing something else"
    try:
        after = document.read(edited.encode("utf-8", "surrogatepass"), format=format)
    except CannotJudge as error:
        raise refuse(f"{why} ({error.problems[0].what})") from None
    if after.problems or not same(after.root.plain(), wanted):
        raise refuse(why)


def _order(pack: Pack | None) -> dict[str, int]:
    """The place of every group and fact of the vocabulary, and of the fields of records."""
    order: dict[str, int] = {}
    for path in pack.facts if pack else ():
        parts = path.replace("[]", "").split(".")
        for length in range(1, len(parts) + 1):
            order.setdefault(".".join(parts[:length]), len(order))
    return order


def _rank(order: Mapping[str, int], path: Path) -> int | None:
    return order.get(".".join(part for part in path if isinstance(part, str)))


def _blank(pack: Pack | None) -> Callable[[object], bool]:
    """Whether a value stands for nothing yet, so that a group or list may take its place."""
    values = Values(pack) if pack else None

    def blank(value: object) -> bool:
        if isinstance(value, str) and values is not None:
            return values.is_placeholder(Node("text", Place(1, 1), value))
        return value is None or value in ("", [], {})

    return blank


def _get(plain: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        if not written.is_mapping(plain) or key not in plain:
            return None
        plain = plain[key]
    return plain


def _set(target: _Text, plain: Any, keys: tuple[str, ...], value: object, blank: Callable[[object], bool]) -> None:
    level = plain
    for depth, key in enumerate(keys):
        if written.is_mapping(level) and key in level:
            above, level = level, level[key]
            continue
        nested = value
        for name in reversed(keys[depth + 1 :]):
            nested = {name: nested}
        if written.is_mapping(level) and (level or not depth):
            target.insert(keys[: depth + 1], nested)
            level[key] = nested  # type: ignore[index]
        elif blank(level):
            target.replace(keys[:depth], {key: nested})
            above[keys[depth - 1]] = {key: nested}  # type: ignore[possibly-undefined, index]
        else:
            raise refuse(f"`{'.'.join(keys[:depth])}` holds a value and no facts below it", "write its facts below it by hand")
        return
    _merge(target, keys, level, value)
    above[keys[-1]] = value  # type: ignore[possibly-undefined, index]


def _merge(target: _Text, path: Path, old: Any, new: Any) -> None:
    """Write what differs between the value at `path` and `new`, and no more, so that comments keep their place."""
    if same(old, new):
        return
    if written.is_mapping(old) and written.is_mapping(new) and old and new and any(key in new for key in old):
        for key, value in new.items():
            if key in old:
                _merge(target, (*path, key), old[key], value)
            else:
                target.insert((*path, key), value)
        for key in old:
            if key not in new:
                target.remove((*path, key), comments=True)
    elif written.is_list(old) and written.is_list(new) and old and new and _records(old) == _records(new):
        for number in reversed(range(len(new), len(old))):
            target.remove((*path, number), comments=True)
        for number, (before, after) in enumerate(zip(old, new, strict=False)):
            _merge(target, (*path, number), before, after)
        target.append(path, new[len(old) :])
    else:
        target.replace(path, new)


def _drop(target: _Text, plain: Any, paths: Collection[str]) -> None:
    """Take out the assumptions about some facts; the list goes with the last of them."""
    listed = plain.get(ASSUMPTIONS)
    if not paths or not written.is_list(listed):
        return
    gone = [n for n, one in enumerate(listed) if written.is_mapping(one) and one.get("fact") in paths]
    if gone and len(gone) == len(listed):
        _unset(target, plain, (ASSUMPTIONS,))
        return
    for number in reversed(gone):
        target.remove((ASSUMPTIONS, number))
        del plain[ASSUMPTIONS][number]


def _records(values: Sequence[object]) -> bool:
    return all(map(written.is_mapping, values))


def _unset(target: _Text, plain: Any, keys: tuple[str, ...]) -> None:
    levels = [plain]
    for key in keys:
        if not written.is_mapping(levels[-1]) or key not in levels[-1]:
            return
        levels.append(levels[-1][key])
    target.remove(keys)
    for depth in reversed(range(len(keys))):
        if depth == 0 and len(plain) == 1:
            plain[keys[0]] = {}
            return
        del levels[depth][keys[depth]]
        if levels[depth]:
            return
