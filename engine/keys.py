"""Keys that nothing reads, told with what was most likely meant."""

from __future__ import annotations

from functools import lru_cache

from . import spelling
from .errors import Place, short
from .nodes import Node
from .pack import Pack
from .values import Values, some


@lru_cache(maxsize=8)
def _by_last_name(paths: tuple[str, ...]) -> dict[str, list[str]]:
    """Where a name stands in the vocabulary: for a key that is right, and in the wrong place."""
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(path.rsplit(".", 1)[-1], []).append(path)
    return found


class Keys:
    """Judges the keys of a fact file by the vocabulary of `pack`; problems go to `values`."""

    def __init__(self, pack: Pack, values: Values) -> None:
        self._facts = pack.facts
        self._values = values

    def unknown(self, key: str, path: str, place: Place, siblings: list[str], what: str = "") -> None:
        """Note that nothing reads `key` at `path`; `siblings` are the keys that are read there."""
        close = self._values.close(key.lower().replace("-", "_").replace(" ", "_"), siblings)
        elsewhere = _by_last_name(tuple(self._facts)).get(key, [])[:3]
        fix = ""
        if path in self._facts and "." in key:
            what = f"`{short(key)}` is written as one key"
            mend = "write it as nested keys: " + " ".join(f"`{part}:`" for part in key.split("."))
        elif path == "waivers":
            mend = "waivers stand in a file of their own, so that a change can't waive itself; give it with `--waivers FILE`"
        elif key == "<<":
            mend = "merge keys are not read here; write the keys out"
        elif key.strip() in siblings:
            mend, fix = f"take the blanks out of the key: `{key.strip()}`", key.strip()
        elif close:
            mend, fix = f"did you mean `{close}`?", spelling.meant(key, siblings)
        elif elsewhere:
            mend = "the fact of this name is " + " or ".join(f"`{p}`" for p in elsewhere)
            if key == "evidence":
                mend += "; evidence for a fact stands around its value: `{value: ..., evidence: {path: ...}}`"
        else:
            mend = "known here: " + some(siblings)
        self._values.problem("unknown-fact", what or f"no fact is called `{short(path)}`", place, mend, fix)

    def check(self, node: Node, owner: str, path: str, known: tuple[str, ...]) -> None:
        """Note each key of `node` that is none of `known`; `owner` says in the message what the node is."""
        for key, entry in node.entries.items():
            if key not in known:
                self.unknown(key, f"{path}.{key}", entry.place, list(known), f"{owner} has no key `{short(key)}`")

    def said(self, node: Node, key: str) -> str:
        """The text under `key`, on one line; nothing where there is none or a placeholder."""
        entry = node.entries.get(key)
        if entry is None or self._values.is_placeholder(entry.value):
            return ""
        return " ".join(entry.value.raw.split())
