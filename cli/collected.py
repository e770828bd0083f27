"""Collected facts as a fact file, each with its evidence: a new file, or added to one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..engine.document import ENDINGS, Document
from ..engine.pack import Pack
from ..engine.sources import Source
from . import editing, safe, written
from .collecting import Collection, Proposed
from .collectors.found import At
from .collectors.tree import Tree
from .starter import SCHEMA

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What `collect` answers: what was collected where, what of it goes into the file, and what the file says already."""

    pack: Pack
    folder: str
    tree: Tree
    tables: Mapping[str, Source]
    collection: Collection
    added: Sequence[Proposed]
    agree: Sequence[str]
    file: str


def new_file(pack: Pack, tree: Tree, proposed: Sequence[Proposed], format: str = "yaml") -> str:
    """The text of a fact file that states what is proposed. In YAML, a comment says where each fact was found."""
    if format == "json":
        content: Content = {}
        for one in proposed:
            *above, last = one.fact.split(".")
            level = content
            for part in above:
                level = level.setdefault(part, {})
            level[last] = with_evidence(one, tree)
        return written.as_json(content, "  ") + "\n"
    head = [
        f"# yaml-language-server: $schema={SCHEMA}",
        f"# Facts of one delivery that `gatewright collect` found. Pack: {pack.id} {pack.version}.",
        "# Read each one before you build on it; what nobody has written down anywhere is still to be stated.",
    ]
    lines = list(_lines(proposed, tree)) or ["{}"]
    return "\n".join([*head, *lines]) + "\n"


def _lines(proposed: Sequence[Proposed], tree: Tree) -> Iterator[str]:
    stack: list[str] = []
    for one in proposed:
        *above, last = one.fact.split(".")
        shared = 0
        while shared < len(above) and shared < len(stack) and above[shared] == stack[shared]:
            shared += 1
        for depth in range(shared, len(above)):
            if depth == 0:
                yield ""
            yield "  " * depth + f"{above[depth]}:"
        stack = above
        indent = "  " * len(above)
        for at in places(one):
            yield f"{indent}# {safe.terminal(str(at))}"
        first, *rest = written.entry(last, with_evidence(one, tree), len(indent))
        yield indent + first
        yield from rest


def places(one: Proposed) -> list[At]:
    """Where a fact was found: one place of each file."""
    return list({claim.at.file: claim.at for claim in reversed(one.claims)}.values())[::-1]


def added_to(doc: Document, data: bytes, pack: Pack, tree: Tree, proposed: Sequence[Proposed]) -> bytes:
    """The content of a fact file with what is proposed, and everything else as it is. Raises CannotJudge."""
    ending = os.path.splitext(doc.file)[1].lower()
    chosen = ENDINGS.get(ending) or ("json" if doc.text.lstrip()[:1] == "{" else "yaml")
    sets = {one.fact: with_evidence(one, tree) for one in proposed}
    text = editing.edit(data.decode("utf-8"), chosen, sets, pack=pack, drop=frozenset(sets))
    return text.encode("utf-8")


def with_evidence(one: Proposed, tree: Tree) -> Content | list[Content]:
    """The value with its evidence: that of the whole where it comes from one file, else of each field of a record."""
    if one.claim:
        return {"value": one.claim.value, "evidence": _evidence(one.claim.at.file, tree)}
    files = {claim.at.file for claim in one.claims}
    if len(files) == 1:
        return {"value": one.value, "evidence": _evidence(files.pop(), tree)}
    return [
        {name: {"value": claim.value, "evidence": _evidence(claim.at.file, tree)} for name, claim in row.items()}
        for row in one.rows
    ]


def _evidence(file: str, tree: Tree) -> Content:
    digest = tree.digest(file)
    return {"path": file} | ({"digest": digest} if digest else {})
