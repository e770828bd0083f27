"""Croissant: descriptions of datasets as JSON-LD, with the version and the hashes of their files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from . import json_files
from .found import At, Finding, Says, Shortfall
from .nodes import get, items, text
from .tree import Tree

_PREFIXES = ("", "sc:", "schema:", "https://schema.org/", "http://schema.org/", "cr:", "http://mlcommons.org/croissant/")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
# Croissant asks for versions as Semantic Versioning writes them; `v` before them is common.
_SEMANTIC = re.compile(r"v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?")
_MAX_GRAPH = 1_000


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """Everything that the descriptions say of their datasets, and how all of them are versioned, where they agree."""
    ways: list[tuple[At, str]] = []
    for file in tree.of(table):
        for root in json_files.read(tree, file):
            for one in (root, *items(get(root, "@graph"))[:_MAX_GRAPH]):
                if "Dataset" in {kind.removeprefix(prefix) for kind in _all(get(one, "@type")) for prefix in _PREFIXES}:
                    yield from _dataset(file, one, ways)
    if len({way for _, way in ways}) == 1 and ways[0][1]:
        yield Says(ways[0][0], {ways[0][1]: "yes"})


def _dataset(file: str, one: Node, ways: list[tuple[At, str]]) -> Iterator[Finding]:
    name = _said(one, "name")
    if not name:
        return
    version, hashes = _said(one, "version"), _hashes(one)
    live = next((found.boolean for found in _values(one, "isLiveDataset") if found.kind == "boolean"), False)
    single = hashes[0][1] if len(hashes) == 1 and not live else ""
    fixed = version or (f"sha256:{single}" if single else "")
    place = next(iter(_values(one, "name"))).place
    here = At(file, place.line, "name")
    yield Says(
        here,
        {
            "name": name,
            "url": _said(one, "url") or None,
            "version": fixed or None,
            "maintainer": _party(one) or None,
        },
    )
    semantic = "version (semantic)" if _SEMANTIC.fullmatch(version) else ""
    ways.append((here, "distribution.sha256" if fixed and not version else semantic))
    if live:
        what = f"the dataset `{name}` is a live one, so its content changes under the same version"
        yield Shortfall(here, what, "take a snapshot of it, and describe that")
    elif not fixed:
        yield Shortfall(here, f"nothing says which version of the dataset `{name}` this is", "add `version`, as in `1.0.0`")
    for found, digest in hashes:
        if not digest:
            label = _said(found, "name") or _said(found, "@id") or "a file"
            at = At(file, found.place.line, "distribution.sha256")
            what = f"the file `{label}` of the dataset `{name}` has no SHA-256, so nobody can tell whether it was changed"
            yield Shortfall(at, what, "add `sha256`")


def _hashes(one: Node) -> list[tuple[Node, str]]:
    """The files of a dataset, each with its SHA-256; what is contained in another is fixed by that."""
    found: list[tuple[Node, str]] = []
    for entry in _values(one, "distribution"):
        kinds = {kind.rpartition(":")[2].rpartition("/")[2] for kind in _all(get(entry, "@type"))}
        if "FileObject" in kinds and not list(_values(entry, "containedIn")):
            digest = _said(entry, "sha256")
            found.append((entry, digest.lower() if _SHA256.fullmatch(digest) else ""))
    return found


def _party(one: Node) -> str:
    """The one maintainer: the address, else the name. Who made or published a dataset need not answer for it here."""
    found = list(_values(one, "maintainer"))
    return (_said(found[0], "email") or _said(found[0], "name") or text(found[0])) if len(found) == 1 else ""


# --- JSON-LD


def _values(one: Node, name: str) -> Iterator[Node]:
    """The values of a property, by whichever prefix, of a list one by one."""
    for prefix in _PREFIXES:
        found = get(one, prefix + name)
        if found is not None:
            yield from items(found) if found.kind == "list" else (found,)
            return


def _said(one: Node, name: str) -> str:
    """The one text of a property; nothing where there are several."""
    found = list(_values(one, name))
    return (text(found[0]) or text(get(found[0], "@value")) or text(get(found[0], "@id"))) if len(found) == 1 else ""


def _all(found: Node | None) -> list[str]:
    return [text(one) for one in (items(found) if found is not None and found.kind == "list" else [found])]
