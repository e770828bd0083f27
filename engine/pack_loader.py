"""A pack folder -> Pack, with the place of everything that is wrong with it."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from . import document, overlay, rows
from .document import Document
from .errors import BadPack, CannotJudge, Place, Problem
from .nodes import Entry, Node
from .pack import Pack
from .pack_check import one_of, wrong
from .pack_walks import Location
from .table_check import wrong_tables
from .tightening import is_tighter

_PARTS = {"facts.yaml": "sections", "bundle.yaml": "checklists", "antipatterns.yaml": "antipatterns"}
_MAIN = ("id", "version", "title", "source", "gates", "tables", "placeholders", "nobody", "moving", "limits")
_MAY = ("fresh_for", "effort", "topics", "crosswalk")
_FOLDERS = {"gates": "gates", "decisions": "tables"}  # and the key of `pack.yaml` that lists what is in them
SHIPPED = Path(__file__).parents[1] / "knowledge"  # the packs that come with Gatewright
MOST_LAYERS = 8
_GIVEN = ("path", "section", "gate")  # what the loader writes into each fact
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MENDS = {
    "extra_forbidden": "take it out, or correct its name",
    "too_short": "add at least one",
    "no_condition": "begin with one of them",
    "string_pattern_mismatch": "ids hold small letters, digits and hyphens; paths of facts small letters, digits, `_` and dots",
}

Origin = dict[Location, tuple[str, Node]]


@dataclass(frozen=True, slots=True)
class Written:
    """A pack as its files say it: what names and types find wrong, the text of each file, and where everything stands.

    `folders` are its own and those of the packs below, the next one first; `dropped` is what it has not of these.
    """

    pack: Pack
    problems: tuple[Problem, ...]
    texts: dict[str, str]
    origin: Origin
    folders: tuple[str, ...]
    dropped: tuple[str, ...]

    def problem(self, code: str, location: Location, what: str, help: str) -> Problem:
        """A problem at the deepest place along a location."""
        return located(location, what, help, self.origin, code)


def load(folder: Path) -> Pack:
    """Read the pack in `folder`. Raises BadPack with every problem found."""
    written = examine(folder)
    if written.problems:
        raise _refusal(written.problems, written.texts)
    return written.pack


def examine(folder: Path) -> Written:
    """Read the pack in `folder`, which may be wrong in what it says. Raises BadPack where there is nothing to examine."""
    if not os.path.isfile(folder / "pack.yaml"):  # unlike Path.is_file it bears every name
        raise BadPack(
            [
                Problem(
                    "no-pack",
                    f"there is no pack in `{folder}`: it holds no `pack.yaml`",
                    help="give the folder that holds `pack.yaml`",
                )
            ]
        )
    reading = _Reading(folder)
    content, origin = reading.content()
    try:
        pack = rows.spelt_out(Pack.model_validate(content))
    except ValidationError as error:
        reading.problems += [of_error(found, origin) for found in error.errors()]
        raise reading.refusal() from None
    origin |= rows.origins(pack, origin)
    reading.problems += [located(*found, origin) for found in (*wrong(pack), *wrong_tables(pack))]
    reading.problems += [] if reading.problems else _loosened(pack, reading.changed)
    return Written(
        pack, tuple(dict.fromkeys(reading.problems)), reading.texts, origin, tuple(reading.folders), tuple(reading.dropped)
    )


def base_folder(folder: Path, name: str) -> Path:
    """The folder of the pack that one in `folder` extends: a shipped one by name, or a folder from there on."""
    shipped = SHIPPED / name
    return shipped if name.isidentifier() and shipped.is_dir() else folder / name


def _loosened(pack: Pack, changed: Iterable[overlay.Changed]) -> Iterator[Problem]:
    for one in changed:
        after = pack.limits[one.limit].value
        if not is_tighter(pack, one.limit, float(str(one.before)), after):
            what = f"that the limit `{one.limit}` of {after:g} instead of {one.before} makes the pack stricter can't be shown"
            mend = f"say why in `departures`: `{{limit: {one.limit}, value: {after:g}, because: ...}}`"
            yield Problem("bad-pack", what, one.place, mend, file=one.file)


def read_cases(written: Written) -> tuple[dict[str, Document], tuple[Problem, ...]]:
    """The files of cases beside those of a pack, by the name of the file that they prove, and what can't be read of them.

    Of the packs below, a case counts for no more where one above has a case of that name in the file of that name, or
    where it is about something that was dropped.
    """
    reading = _Reading(Path())
    found = {file: reading.read(file.removesuffix(".yaml") + ".cases.yaml", needed=False) for file in written.texts}
    above: dict[str, set[str]] = {}
    for folder in written.folders:
        for file, doc in found.items():
            cases = doc.root.entries.get("cases") if doc and file.startswith(folder + os.sep) else None
            if cases is None:
                continue
            names = above.setdefault(os.path.relpath(file, folder), set())
            if folder != written.folders[0]:
                cases.value.items[:] = [one for one in cases.value.items if not _replaced(one, names, written.dropped)]
            names |= {one.entries["name"].value.raw for one in cases.value.items if "name" in one.entries}
    return {file: doc for file, doc in found.items() if doc}, tuple(reading.problems)


def _replaced(case: Node, names: Collection[str], dropped: Collection[str]) -> bool:
    expected = case.entries["expect"].value.entries if "expect" in case.entries else {}
    return ("name" in case.entries and case.entries["name"].value.raw in names) or any(key in dropped for key in expected)


def _refusal(problems: Iterable[Problem], texts: dict[str, str]) -> BadPack:
    every = list(dict.fromkeys(problems))
    named = {problem.file for problem in every}
    return BadPack(every, texts.get(named.pop(), "") if len(named) == 1 else "")


class _Reading:
    """The files of a pack as one content, and where each part of it stands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}
        self.bases: list[dict[str, str]] = []  # the packs below, the next one first
        self.departures: list[dict[str, str]] = []
        self.changed: list[overlay.Changed] = []
        self.dropped: list[str] = []
        self.folders = [str(folder)]

    def refusal(self) -> BadPack:
        return _refusal(self.problems, self.texts)

    def content(self) -> tuple[dict[str, Any], Origin]:
        files = self.files()
        main = files.get("pack.yaml")
        gates = [f"gates/{name}.yaml" for name in self.names(main, "gates")]
        tables = [f"decisions/{name}.yaml" for name in self.names(main, "tables")]
        for name in [name for name in files if name not in gates]:
            needed = {"pack.yaml": ()}.get(name, (_PARTS.get(name, "table"),))
            self.check_keys(files[name], needed, (*needed, "signals") if name in tables else needed or (*_MAIN, *_MAY))
        if main is None or not {*_PARTS, *gates, *tables} <= set(files) or not gates or not tables:
            raise self.refusal()
        content: dict[str, Any] = {
            key: entry.value.plain() for key, entry in main.root.entries.items() if key in (*_MAIN, *_MAY)
        } | {
            "gates": [files[name].root.plain() for name in gates],
            "tables": [table.plain() for name in tables for table in rows.written(files[name], outputs=False)],
            "output_tables": [table.plain() for name in tables for table in rows.written(files[name], outputs=True)],
            "signals": [signal for name in tables for signal in self.signals(files[name])],
            "digest": self.digest(files),
            "extends": self.bases,
            "departures": self.departures,
        }
        for name, key in _PARTS.items():
            if key in files[name].root.entries:
                content[key] = files[name].root.entries[key].value.plain()
        self.complete(content.get("sections"), files["facts.yaml"])
        return content, _origins(files, gates, tables)

    def digest(self, files: dict[str, Document]) -> str:
        found: dict[str, object] = {name: doc.root.plain() for name, doc in sorted(files.items())}
        return document.digest(found | {"extends": self.bases, "departures": self.departures} if self.bases else found)

    def files(self, above: tuple[str, ...] = ()) -> dict[str, Document]:
        """The files of the pack by name, over those of the pack that it extends; what is wrong with them is noted."""
        main = self.read("pack.yaml")
        if main and "extends" in main.root.entries:
            return self.layered(main, main.root.entries["extends"], (*above, os.path.realpath(self.folder)))
        listed = [f"{folder}/{name}.yaml" for folder, key in _FOLDERS.items() for name in self.names(main, key)]
        read = {"pack.yaml": main} | {name: self.read(name) for name in (*_PARTS, *listed)}
        return {name: doc for name, doc in read.items() if doc}

    def layered(self, main: Document, extends: Entry, above: tuple[str, ...]) -> dict[str, Document]:
        below = _Reading(base_folder(self.folder, extends.value.raw))
        if os.path.realpath(below.folder) in above or len(above) > MOST_LAYERS:
            what = (
                "a pack can't extend itself" if len(above) <= MOST_LAYERS else f"at most {MOST_LAYERS} packs stand on each other"
            )
            self.bad(what, extends.value.place, main.file, "name another pack")
            raise self.refusal()
        if not os.path.isfile(below.folder / "pack.yaml"):
            what = f"there is no pack `{extends.value.raw}`"
            mend = "name a pack that comes with Gatewright, such as `mlops`, or a folder from this one on"
            self.bad(what, extends.value.place, main.file, mend)
            raise self.refusal()
        base = below.files(above)
        self.problems += below.problems
        self.texts |= below.texts
        self.folders += below.folders
        if below.problems or not {"pack.yaml", *_PARTS} <= set(base):
            raise self.refusal()
        found = {"pack.yaml": main}
        listed = {f"{folder}/{name}.yaml" for folder, key in _FOLDERS.items() for name in below.names(base["pack.yaml"], key)}
        added = {
            f"{folder}/{name}.yaml"
            for folder, key in _FOLDERS.items()
            if key in main.root.entries
            for name in self.names(main, key)
        }
        for name in (*_PARTS, *sorted(listed | added)):
            doc = self.read(name, needed=name in added - listed)
            found |= {name: doc} if doc else {}
        self.strays(listed | added, main)
        for key in overlay.OWN:
            if key not in main.root.entries:
                self.bad(f"`{key}` is missing", main.root.place, main.file, f"add `{key}:`")
        over = overlay.Overlay(found)
        merged = over.over(base)
        self.problems += over.problems
        own = {key: entry.value.raw for key, entry in base["pack.yaml"].root.entries.items() if key in ("id", "version")}
        self.bases = [own | {"digest": below.digest(base)}, *below.bases]
        self.departures = [*over.told(), *below.departures]
        self.changed = [*over.changed, *below.changed]
        self.dropped = [*over.dropped, *below.dropped]
        return merged

    def strays(self, known: set[str], main: Document) -> None:
        """Files of gates and tables that nothing reads: of an overlay a name may be meant that the pack below has not."""
        for folder in _FOLDERS:
            for path in sorted((self.folder / folder).glob("*.yaml")):
                name = f"{folder}/{path.name}"
                if not path.name.endswith(".cases.yaml") and name not in known:
                    mend = one_of([one for one in known if one.startswith(folder)], name)
                    self.bad(
                        f"nothing reads `{name}`",
                        main.root.place,
                        main.file,
                        f"list it in `{_FOLDERS[folder]}`, or rename it: {mend}",
                    )

    def read(self, name: str, needed: bool = True) -> Document | None:
        path = str(self.folder / name)
        if not needed and not os.path.isfile(path):
            return None
        try:
            doc = document.read((self.folder / name).read_bytes(), path, "yaml")
        except OSError as error:
            self.problems.append(
                Problem(
                    "no-pack",
                    f"`{path}` can't be read: {error.strerror}",
                    file=path,
                    help="`pack.yaml` lists the files of a pack, beside " + ", ".join(_PARTS),
                )
            )
            return None
        except CannotJudge as error:
            self.texts[path] = error.text
            self.problems += [Problem(p.code, p.what, p.place, p.help, p.also, path) for p in error.problems]
            return None
        self.texts[path] = doc.text
        self.problems += [Problem(p.code, p.what, p.place, p.help, p.also, path) for p in doc.problems]
        if doc.root.kind == "mapping":
            return doc
        self.bad("a pack file holds a mapping", doc.root.place, path, "begin with a key and a colon")
        return None

    def bad(self, what: str, place: Place, file: str, help: str) -> None:
        self.problems.append(Problem("bad-pack", what, place, help, file=file))

    def names(self, doc: Document | None, key: str) -> list[str]:
        """The names of files that `pack.yaml` lists under a key."""
        if doc is None:
            return []
        entry = doc.root.entries.get(key)
        if entry is None or not entry.value.items:
            self.bad(
                f"`{key}` has to list the names of files",
                entry.place if entry else doc.root.place,
                doc.file,
                f"add `{key}:` with a list of names, without folder or ending",
            )
            return []
        found: list[str] = []
        for item in entry.value.items:
            if not _NAME.fullmatch(item.raw):
                self.bad(
                    f"`{key}` lists names of files, and `{item.raw or item.kind}` is none",
                    item.place,
                    doc.file,
                    "small letters, digits and hyphens, without folder or ending",
                )
            elif item.raw in found:
                self.bad(f"`{key}` lists `{item.raw}` twice", item.place, doc.file, "keep one of the two")
            else:
                found.append(item.raw)
        return found

    def check_keys(self, doc: Document, needed: Iterable[str], known: Collection[str]) -> None:
        for key, entry in doc.root.entries.items():
            if key not in known:
                self.bad(f"nothing reads the key `{key}`", entry.place, doc.file, one_of(known, key))
        for key in needed:
            if key not in doc.root.entries:
                self.bad(f"`{key}` is missing", doc.root.place, doc.file, f"add `{key}:`")

    def signals(self, doc: Document) -> list[Any]:
        entry = doc.root.entries.get("signals")
        if entry and entry.value.kind != "list":
            self.bad("`signals` has to be a list", entry.place, doc.file, "begin each signal with `- id: ...`")
        return [item.plain() for item in entry.value.items] if entry else []

    def complete(self, sections: Any, doc: Document) -> None:
        """Write path, section and gate into each fact."""
        for section in _dicts(sections):
            for path, fact in _items(section.get("facts")):
                known = {"section": section.get("id"), "gate": section.get("gate")}
                fields = _items(fact.get("fields"))
                for one in (fact, *(inner for _, inner in fields)):
                    for key in [key for key in _GIVEN if key in one]:
                        self.bad(
                            f"`{path}`: a fact does not say its `{key}`",
                            doc.root.entries["sections"].place,
                            doc.file,
                            "take it out: its section says it",
                        )
                fact |= {"path": path} | known
                for name, inner in fields:
                    inner |= {"path": f"{path}[].{name}"} | known


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [value for value in cast("list[Any]", values) if isinstance(value, dict)] if isinstance(values, list) else []


def _items(values: Any) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(values, dict):
        return []
    return [(key, value) for key, value in cast("dict[str, Any]", values).items() if isinstance(value, dict)]


# --- where things stand


def _origins(files: dict[str, Document], gates: list[str], tables: list[str]) -> Origin:
    def under(name: str, key: str) -> list[tuple[str, Node]]:
        entry = files[name].root.entries.get(key)
        return [(files[name].file, entry.value)] if entry else []

    both = {
        key: [(files[name].file, node) for name in tables for node in rows.written(files[name], key == "output_tables")]
        for key in ("tables", "output_tables")
    }
    signals = [(file, item) for name in tables for file, node in under(name, "signals") for item in node.items]
    origin: Origin = {(): (files["pack.yaml"].file, files["pack.yaml"].root)}
    origin |= {("gates", index): (files[name].file, files[name].root) for index, name in enumerate(gates)}
    origin |= {(key, index): one for key, found in both.items() for index, one in enumerate(found)}
    origin |= {("signals", index): one for index, one in enumerate(signals)}
    return origin | {(key,): one for name, key in _PARTS.items() for one in under(name, key)}


def located(location: Location, what: str, help: str, origin: Origin, code: str = "bad-pack") -> Problem:
    """A problem at the deepest place along a location, and the way there."""
    cut = next(length for length in range(len(location), -1, -1) if location[:length] in origin)
    file, node = origin[location[:cut]]
    file, place = node.file or file, node.place
    for step in location[cut:]:
        if isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        elif isinstance(step, str) and step in node.entries:
            place, node = node.entries[step].place, node.entries[step].value
        file = node.file or file
    return Problem(code, what, place, help, file=file)


def of_error(error: Any, origin: Origin) -> Problem:
    """What pydantic says, in our words."""
    location: Location = tuple(error["loc"])
    names = [str(step) for before, step in pairwise(("", *location)) if step not in ("[key]", before)]
    kind, last = error["type"], names[-1] if names else "the pack"
    if kind == "missing":
        return located(location, f"`{'.'.join(names)}` is missing", f"add `{last}:`", origin)
    if kind == "extra_forbidden":
        return located(location, f"nothing reads the key `{last}` (`{'.'.join(names)}`)", _MENDS[kind], origin)
    says = str(error["msg"]).removeprefix("Value error, ")
    return located(location, f"`{'.'.join(names)}`: {says}", _MENDS.get(kind, "write it as the other packs do"), origin)


# --- what types can't say
