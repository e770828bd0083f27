"""Mends what can have been meant in one way only: misspelt keys and choices, and notations that are not read.

The text is cut at the place of the problem, and every other character stays. Each mend is verified: the file is read
again, the problem has to be gone, and no other value may have changed; else that mend is not made.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..engine import document, facts, measures
from ..engine.document import Document
from ..engine.errors import CannotJudge, Place, Problem
from ..engine.facts import Facts
from ..engine.nodes import Entry, Node
from ..engine.pack import Pack

_AROUND = 3  # lines around a change that a diff shows
_LINE_END = re.compile("\r\n|\r|\n")
# A key that is mended shows what stands below it, so a file is read more than once. This bounds it, in all.
_MOST_READS, _MOST_CHARACTERS = 400, 10_000_000


@dataclass(frozen=True, slots=True)
class Mended:
    """A file before and after. `data` is what it has to hold; the texts have plain line ends and as many lines."""

    file: str
    data: bytes
    before: str
    after: str

    def lines(self) -> tuple[tuple[int, str, str], ...]:
        """Each line that changes: its number, and how it reads before and after."""
        pairs = zip(self.before.split("\n"), self.after.split("\n"), strict=True)
        return tuple((number, old, new) for number, (old, new) in enumerate(pairs, 1) if old != new)

    def diff(self) -> str:
        """The unified diff; nothing where nothing changes. Lines are only replaced, so no search is needed."""
        changed = {number: new for number, _, new in self.lines()}
        if not changed:
            return ""
        old = self.before.removesuffix("\n").split("\n")
        parts = [f"--- {self.file}", f"+++ {self.file}"]
        hunks: list[list[int]] = []
        for number in changed:
            if hunks and number - hunks[-1][-1] <= 2 * _AROUND:
                hunks[-1].append(number)
            else:
                hunks.append([number])
        for hunk in hunks:
            first, last = max(1, hunk[0] - _AROUND), min(len(old), hunk[-1] + _AROUND)
            count = last - first + 1
            parts.append(f"@@ -{first},{count} +{first},{count} @@")
            number = first
            while number <= last:
                run = number
                while run <= last and run in changed:
                    run += 1
                parts += [f"-{old[n - 1]}" for n in range(number, run)]
                parts += [f"+{changed[n]}" for n in range(number, run)]
                if run <= last:
                    parts.append(f" {old[run - 1]}")
                number = run + 1
        return "\n".join(parts) + "\n"


def mend(data: bytes, file: str, format: str | None, pack: Pack) -> Mended:
    """Mend what is sure. Raises CannotJudge where the file can't be read."""
    return _Mending(data, file, format, pack).run()


@dataclass(frozen=True, order=True, slots=True)
class _Edit:
    """What stands at each of `places` in the file, and what is to stand there; of a value, what it will be then.

    A key stands at several only in TOML, where the headers of tables repeat it.
    """

    places: tuple[Place, ...]
    old: str
    new: str
    value: str
    key: bool


class _Mending:
    def __init__(self, data: bytes, file: str, format: str | None, pack: Pack) -> None:
        self.text = data.decode("utf-8", "surrogateescape")  # with its line ends and byte order mark
        self.file, self.format, self.pack = file, format, pack
        self.toml = format == "toml" or (format is None and file.lower().endswith(".toml"))
        self._last: tuple[str, Document, Facts] | None = None
        self.left = min(_MOST_READS, _MOST_CHARACTERS // max(1, len(self.text)) + 1)

    def run(self) -> Mended:
        doc, found = self._read(self.text)
        before = doc
        while edits := self._verified(list(self._wanted(doc, found)), doc, found):
            self.text, _ = self._edited(edits)
            doc, found = self._read(self.text)
        return Mended(self.file, self.text.encode("utf-8", "surrogateescape"), before.text, doc.text)

    def _read(self, text: str) -> tuple[Document, Facts]:
        if self._last is None or self._last[0] != text:
            self.left -= 1
            doc = document.read(text.encode("utf-8", "surrogateescape"), self.file, self.format)
            self._last = (text, doc, facts.read(doc, self.pack))
        return self._last[1:]

    # --- what could be mended

    def _wanted(self, doc: Document, found: Facts) -> Iterator[_Edit]:
        fixes = {problem.place: problem.fix for problem in found.problems if problem.place and problem.fix}
        fixes |= {place: fix for place, shown in _flawed(found) if (fix := measures.mended("threshold", shown))}
        if not fixes:
            return
        lines = doc.text.split("\n")
        written = _written(doc.root)
        targets = Counter((id(within), fixes[place]) for place, (_, within) in written.items() if place in fixes)
        for place, fix in fixes.items():
            text, within = written.get(place, ("", None))
            if within is not None:
                # two keys that would become one: only tables of TOML may be written in several parts
                parted = self.toml and _is_table(within.entries[text].value)
                if (fix in within.entries or targets[id(within), fix] > 1) and not parted:
                    continue
            stands = _at(place, lines)
            new = _in_quotes(stands, text, fix)
            places = {place}
            if within is not None and self.toml:
                places |= {one for one in _mentions(within.entries[text], lines) if _at(one, lines) == stands}
            if new and new != stands:
                yield _Edit(tuple(places), stands, new, fix, within is not None)

    # --- what may be mended

    def _verified(self, edits: list[_Edit], doc: Document, found: Facts) -> list[_Edit]:
        """Those of `edits` that do what they should, and nothing else."""
        while edits:
            if self.left <= 1:
                return []
            wrong = self._wrong(edits, doc, found)
            if wrong is None:
                break
            if not wrong:
                return edits
            edits = [edit for edit in edits if edit not in wrong]
        if len(edits) < 2:
            return []
        half = len(edits) // 2
        one = self._verified(edits[:half], doc, found)
        other = self._verified(edits[half:], doc, found)
        if not one or not other:
            return one or other
        return one + other if self.left > 1 and self._wrong(one + other, doc, found) == [] else one

    def _wrong(self, edits: list[_Edit], doc: Document, found: Facts) -> list[_Edit] | None:
        """The edits that leave a problem where they were made; None where something else goes wrong."""
        text, places = self._edited(edits)
        try:
            new_doc, new = self._read(text)
        except CannotJudge:
            return None
        changes = {edit.places[0]: edit.value for edit in edits if not edit.key}
        if (
            len(new_doc.problems) > len(doc.problems)
            or _contradictions(new) > _contradictions(found)
            or _values(new_doc.root, {}) != _values(doc.root, changes)
        ):
            return None
        bad = {(p.place.line, p.place.column) for p in new.problems if p.place}
        bad |= {(place.line, place.column) for place, _ in _flawed(new)}
        return [edit for edit in edits if not bad.isdisjoint(places[edit])]

    def _edited(self, edits: Sequence[_Edit]) -> tuple[str, dict[_Edit, list[tuple[int, int]]]]:
        """The text of the file with the edits in it, and the lines and columns where each of them stands then."""
        starts = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        mark = 1 if self.text.startswith("\ufeff") else 0
        parts: list[str] = []
        stands: dict[_Edit, list[tuple[int, int]]] = {edit: [] for edit in edits}
        position = line = shift = 0
        for place, edit in sorted((place, one) for one in edits for place in one.places):
            shift = shift if place.line == line else 0
            line = place.line
            start = starts[line - 1] + place.column - 1 + (mark if line == 1 else 0)
            end = start + len(edit.old)
            assert self.text[start:end] == edit.old
            parts += [self.text[position:start], edit.new]
            position = end
            stands[edit].append((line, place.column + shift))
            shift += len(edit.new) - len(edit.old)
        return "".join((*parts, self.text[position:])), stands


def _is_table(node: Node) -> bool:
    return node.kind == "mapping" or (node.kind == "list" and all(item.kind == "mapping" for item in node.items))


def _at(place: Place, lines: Sequence[str]) -> str:
    """What stands at a place."""
    return lines[place.line - 1][place.column - 1 : place.column - 1 + place.length]


def _mentions(entry: Entry, lines: Sequence[str]) -> set[Place]:
    """Where a key of TOML stands, in every header and dotted key: at the places of its records, and before what is below it."""
    own, found = _at(entry.place, lines), {entry.place}
    node = entry.value
    found |= {item.place for item in node.items if item.kind == "mapping"}
    for table in (node, *node.items):
        for below in table.entries.values():
            for place in _mentions(below, lines):
                before = lines[place.line - 1][: place.column - 1].rstrip(" \t")
                before = before.removesuffix(".").rstrip(" \t") if before.endswith(".") else ""
                if before.endswith(own):
                    found.add(Place(place.line, len(before) - len(own) + 1, len(own)))
    return found


def _flawed(found: Facts) -> Iterator[tuple[Place, str]]:
    """Every threshold that is not measurable: where it stands and how it reads."""
    rows = (fact for records in found.records.values() for row in records for fact in row.values())
    for fact in (*found.plain.values(), *rows):
        yield from ((item.place, item.shown) for item in fact.items if item.flaw)


def _contradictions(found: Facts) -> int:
    return sum(problem.code == "stated-and-assumed" for problem in found.problems)


def _nodes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack += node.items
        stack += (entry.value for entry in node.entries.values())


def _written(root: Node) -> dict[Place, tuple[str, Node | None]]:
    """By place, each key with the mapping that it is in, and each text; without those that an alias repeats."""
    found: dict[Place, tuple[str, Node | None]] = {}
    repeated: set[Place] = set()
    for node in _nodes(root):
        here = [(entry.place, (key, node)) for key, entry in node.entries.items()]
        for place, what in [(node.place, (node.raw, None)), *here] if node.kind in ("text", "number") else here:
            if place in found:
                repeated.add(place)
            found[place] = what
    return {place: what for place, what in found.items() if place not in repeated}


def _values(root: Node, changes: dict[Place, str]) -> Counter[tuple[str, str]]:
    """Every single value with how often it stands there, those at the places of `changes` as they are to be."""
    single = (node for node in _nodes(root) if node.kind not in ("mapping", "list"))
    return Counter(("text", changes[node.place]) if node.place in changes else (node.kind, node.raw) for node in single)


def _in_quotes(stands: str, text: str, new: str) -> str:
    """`new` in the quotes in which `text` stands there; nothing where something else stands there, such as an escape."""
    for quote in ('"', "'", ""):
        if stands == f"{quote}{text}{quote}":
            return f"{quote}{new}{quote}" if not quote or (quote not in new and "\\" not in new) else ""
    return ""


# --- files


def write(name: str, old: bytes, new: bytes) -> None:
    """Put `new` in the place of `old`, all or nothing. A link stays, and what it leads to is written. Raises CannotJudge."""
    beside = ""
    try:
        path = os.path.realpath(name)
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise CannotJudge([Problem("no-file", f"`{name}` is no regular file, and is not written")])
        with open(path, "rb") as file:
            if file.read(len(old) + 1) != old:
                raise CannotJudge(
                    [Problem("changed", f"`{name}` has changed meanwhile, and is not written", help="run it again")]
                )
        handle, beside = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".gatewright-")
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(handle)
            with contextlib.suppress(OSError):  # only the superuser may give a file to somebody else
                os.fchown(handle, found.st_uid, found.st_gid)
            os.fchmod(handle, stat.S_IMODE(found.st_mode))
        os.replace(beside, path)
        beside = ""
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotJudge([Problem("no-file", f"`{name}` can't be written: {why}")]) from None
    finally:
        if beside:
            with contextlib.suppress(OSError):
                os.unlink(beside)
