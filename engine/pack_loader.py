"""A pack folder -> Pack, with the place of everything that is wrong with it."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from . import document, overlay, rows
from .document import Document
from .errors import BadPack, CannotJudge, Place, Problem
from .loosening import loosened
from .nodes import Entry, Node
from .pack import Pack
from .pack_check import one_of, wrong
from .pack_places import PARTS, Origin, located, of_error, origins
from .pack_walks import Location
from .table_check import wrong_tables

_MAIN = ("id", "version", "title", "source", "gates", "tables", "placeholders", "nobody", "moving", "limits")
_MAY = ("fresh_for", "effort", "topics", "crosswalk")
_FOLDERS = {"gates": "gates", "decisions": "tables"}  # and the key of `pack.yaml` that lists what is in them
SHIPPED = Path(__file__).parents[1] / "knowledge"  # the packs that come with Gatewright
MOST_LAYERS = 8
_GIVEN = ("path", "section", "gate")  # what the loader writes into each fact
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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

    def is_own(self, file: str) -> bool:
        """Whether a file is one of the pack itself, and not of a pack below."""
        return _layer(file, self.folders) == self.folders[0]

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
    pack, origin, _ = reading.whole()
    reading.problems += [located(*found, origin) for found in (*wrong(pack), *wrong_tables(pack))]
    if not reading.problems:
        reading.problems += reading.loosened()
    return Written(
        pack, tuple(dict.fromkeys(reading.problems)), reading.texts, origin, tuple(reading.folders), tuple(reading.dropped)
    )


def shipped(name: str) -> Path | None:
    """The folder of the pack of this name that comes with Gatewright."""
    folder = SHIPPED / name
    return folder if name.isidentifier() and folder.is_dir() else None


def base_folder(folder: Path, name: str) -> Path:
    """The folder of the pack that one in `folder` extends: a shipped one by name, or a folder from there on."""
    return shipped(name) or Path(os.path.normpath(folder / name))


def file_of(folder: Path, name: str) -> Path:
    """Where the file `name` of the pack in `folder` is: there, or in the nearest of the packs below that has it."""
    here = folder
    for _ in range(MOST_LAYERS):
        if os.path.isfile(here / name):
            return here / name
        try:
            root = document.read((here / "pack.yaml").read_bytes(), format="yaml").root
        except (OSError, CannotJudge):
            break
        if "extends" not in root.entries:
            break
        here = base_folder(here, root.entries["extends"].value.raw)
    return folder / name


def digest(pack: Pack) -> str:
    """SHA-256 over what a pack says: not over comments, the order of keys, or how files and lines are laid out."""
    said = pack.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"digest"})
    return document.digest(said)


def read_cases(written: Written) -> tuple[dict[str, Document], tuple[Problem, ...]]:
    """The files of cases beside those of a pack, by the name of the file that they prove, and what can't be read of them.

    Of the packs below, a case counts for no more where one above has a case of that name in the file of that name, or
    where it is about something that was dropped.
    """
    reading = _Reading(Path())
    names = dict.fromkeys(os.path.relpath(file, _layer(file, written.folders)) for file in written.texts)
    found: dict[str, Document | None] = {}
    for name in names:
        above: set[str] = set()
        for folder in written.folders:  # also where only a pack below has the file that the cases are about
            file = os.path.join(folder, name)
            found[file] = doc = reading.read(file.removesuffix(".yaml") + ".cases.yaml", needed=False)
            cases = doc.root.entries.get("cases") if doc else None
            if cases is None:
                continue
            if folder != written.folders[0]:
                cases.value.items[:] = [one for one in cases.value.items if not _replaced(one, above, written.dropped)]
            above |= {one.entries["name"].value.raw for one in cases.value.items if "name" in one.entries}
    return {file: doc for file, doc in found.items() if doc}, tuple(reading.problems)


def _layer(file: str, folders: Iterable[str]) -> str:
    """The folder of the pack that a file belongs to; one pack may lie inside another."""
    return max((folder for folder in folders if file.startswith(folder + os.sep)), key=len, default="")


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
        self.layers: list[tuple[overlay.Overlay, Pack, Pack]] = []  # each with what is left of the pack below, and over that
        self.dropped: list[str] = []
        self.folders = [str(folder)]

    def refusal(self) -> BadPack:
        return _refusal(self.problems, self.texts)

    def whole(self, above: tuple[str, ...] = ()) -> tuple[Pack, Origin, dict[str, Document]]:
        """The pack, where everything in it stands, and its files, over those of the packs below."""
        main = self.read("pack.yaml")
        if main and "extends" in main.root.entries:
            return self.layered(main, main.root.entries["extends"], (*above, os.path.realpath(self.folder)))
        listed = [f"{folder}/{name}.yaml" for folder, key in _FOLDERS.items() for name in self.names(main, key)]
        read = {"pack.yaml": main} | {name: self.read(name) for name in (*PARTS, *listed)}
        files = {name: doc for name, doc in read.items() if doc}
        return *self.pack(files), files

    def pack(self, files: dict[str, Document]) -> tuple[Pack, Origin]:
        """The pack that is in files."""
        content, origin = self.content(files)
        try:
            plain = Pack.model_validate(content)
        except ValidationError as error:
            self.problems += [of_error(found, origin) for found in error.errors()]
            raise self.refusal() from None
        pack = rows.spelt_out(plain).model_copy(update={"digest": digest(plain)})
        return pack, origin | rows.origins(pack, origin)

    def content(self, files: dict[str, Document]) -> tuple[dict[str, Any], Origin]:
        main = files.get("pack.yaml")
        gates = [f"gates/{name}.yaml" for name in self.names(main, "gates")]
        tables = [f"decisions/{name}.yaml" for name in self.names(main, "tables")]
        for name in [name for name in files if name not in gates]:
            needed = {"pack.yaml": ()}.get(name, (PARTS.get(name, "table"),))
            self.check_keys(files[name], needed, (*needed, "signals") if name in tables else needed or (*_MAIN, *_MAY))
        if main is None or not {*PARTS, *gates, *tables} <= set(files) or not gates or not tables:
            raise self.refusal()
        content: dict[str, Any] = {
            key: entry.value.plain() for key, entry in main.root.entries.items() if key in (*_MAIN, *_MAY)
        } | {
            "gates": [files[name].root.plain() for name in gates],
            "tables": [table.plain() for name in tables for table in rows.written(files[name], outputs=False)],
            "output_tables": [table.plain() for name in tables for table in rows.written(files[name], outputs=True)],
            "signals": [signal for name in tables for signal in self.signals(files[name])],
            "extends": self.bases,
            "departures": self.departures,
        }
        for name, key in PARTS.items():
            if key in files[name].root.entries:
                content[key] = files[name].root.entries[key].value.plain()
        self.complete(content.get("sections"), files["facts.yaml"])
        return content, origins(files, gates, tables)

    def layered(self, main: Document, extends: Entry, above: tuple[str, ...]) -> tuple[Pack, Origin, dict[str, Document]]:
        below = _Reading(base_folder(self.folder, extends.value.raw))
        if os.path.realpath(below.folder) in above or len(above) > MOST_LAYERS:
            circle = len(above) <= MOST_LAYERS
            what = "a pack can't extend itself" if circle else f"at most {MOST_LAYERS} packs stand on each other"
            self.bad(what, extends.value.place, main.file, "name another pack")
            raise self.refusal()
        if not os.path.isfile(below.folder / "pack.yaml"):
            what = f"there is no pack `{extends.value.raw}`"
            mend = "name a pack that comes with Gatewright, such as `mlops`, or a folder from this one on"
            self.bad(what, extends.value.place, main.file, mend)
            raise self.refusal()
        base, _, files = below.whole(above)
        self.problems += below.problems
        self.texts |= below.texts
        self.folders += below.folders
        if below.problems:
            raise self.refusal()
        over = overlay.Overlay(self.own(main, below, files))
        left = over.left(files)
        merged = over.over(left)
        self.problems += over.problems
        if self.problems:
            raise self.refusal()
        rest = below.pack(left)[0] if over.departures.nodes else base
        self.bases = [{"id": base.id, "version": base.version, "digest": base.digest}, *below.bases]
        self.departures = [*over.departures.told(), *below.departures]
        self.dropped = [*over.departures.named("drop"), *below.dropped]
        pack, origin = self.pack(merged)
        self.layers = [(over, rest, pack), *below.layers]
        return pack, origin, merged

    def own(self, main: Document, below: _Reading, files: dict[str, Document]) -> dict[str, Document]:
        """The files of an overlay itself: those that it lists, and any that amend a file of the pack below."""
        found = {"pack.yaml": main}
        known = {f"{folder}/{name}.yaml" for folder, key in _FOLDERS.items() for name in below.names(files["pack.yaml"], key)}
        listed = [(folder, key) for folder, key in _FOLDERS.items() if key in main.root.entries]
        added = {f"{folder}/{name}.yaml" for folder, key in listed for name in self.names(main, key)}
        for name in (*PARTS, *sorted(known | added)):
            doc = self.read(name, needed=name in added - known)
            found |= {name: doc} if doc else {}
        self.strays(known | added, main)
        for key in overlay.OWN:
            if key not in main.root.entries:
                self.bad(f"`{key}` is missing", main.root.place, main.file, f"add `{key}:`")
        if self.problems:
            raise self.refusal()
        return found

    def loosened(self) -> Iterator[Problem]:
        """What each overlay loosens of the pack below it, and does not say."""
        for over, left, pack in self.layers:
            yield from loosened(over, left, pack)
            yield from over.problems

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
                    help="`pack.yaml` lists the files of a pack, beside " + ", ".join(PARTS),
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
