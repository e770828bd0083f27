"""What `what-if` is asked to suppose: the arguments of --set and --unset, read like a file, and the text edited by them.

`PATH=VALUE` states a fact, `PATH[LABEL].FIELD=VALUE` a field of the record with that label, `PATH[LABEL]=VALUE` the whole
record, and `PATH[]=VALUE` adds one. Stating a fact, or taking it away, takes it out of the assumptions too.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ..engine import document, facts
from ..engine.document import Document
from ..engine.errors import CannotJudge, Place, Problem, short
from ..engine.facts import ASSUMPTIONS, Today
from ..engine.nodes import Entry, Node
from ..engine.pack import Pack
from ..engine.values import some
from .editing import edit

_ARGUMENT = re.compile(r"(?P<path>[^\[\]=]+)(?:\[(?P<label>.*?)\](?:\.(?P<field>[^\[\]=]+))?)?(?:=(?P<value>.*))?", re.DOTALL)
_NUMBERS = ("integer", "number", "share")


class BadArgument(CannotJudge):
    """An argument can't be read; `name` is that of its option, and `text` has one argument a line."""

    def __init__(self, name: str, problems: Sequence[Problem], text: str) -> None:
        super().__init__(tuple(problems), text)
        self.name = name


@dataclass(frozen=True, slots=True)
class _Argument:
    """One argument. `label` is None for a whole fact and empty for one more; `value` is None where it is taken away."""

    path: str
    label: str | None
    field: str
    value: Node | None
    place: Place
    label_place: Place


def supposed(doc: Document, format: str | None, pack: Pack, sets: Sequence[str], unsets: Sequence[str], today: Today) -> Document:
    """`doc` with some facts taken away and some stated. Raises CannotJudge, of which BadArgument is about an argument."""
    if not sets and not unsets:
        raise CannotJudge([Problem("usage", "nothing is said to be other", help="say what, as in `--set PATH=VALUE`")])
    edits = _Edits(doc.text, _format(doc, format), pack)
    for name, texts in (("--unset", unsets), ("--set", sets)):
        for argument in _Arguments(name, texts, pack, today).read():
            try:
                edits.add(argument)
            except _NoRecord as error:
                raise BadArgument(name, error.problems, "\n".join(texts)) from None
    return document.read(edits.done().encode("utf-8", "surrogatepass"), doc.file, edits.format)


def _format(doc: Document, given: str | None) -> str:
    ending = document.ENDINGS.get("." + doc.file.rpartition(".")[2].lower()) if "." in doc.file else None
    return given or ending or ("json" if doc.text.lstrip().startswith("{") else "yaml")


class _Arguments:
    """The arguments of one option; the problems of all of them are told at once."""

    def __init__(self, name: str, texts: Sequence[str], pack: Pack, today: Today) -> None:
        self.name, self.texts, self.pack, self.today = name, texts, pack, today

    def read(self) -> list[_Argument]:
        found: list[_Argument] = []
        problems: list[Problem] = []
        line = 1
        for text in self.texts:
            try:
                argument = self._one(text, line)
                problems += self._checked(argument)
                found.append(argument)
            except CannotJudge as error:
                problems += error.problems
            line += text.count("\n") + 1
        if problems:
            raise BadArgument(self.name, problems, "\n".join(self.texts))
        return found

    def _one(self, text: str, line: int) -> _Argument:
        match = _ARGUMENT.fullmatch(text)
        value = match["value"] if match else None
        if match is None or (value is None) == (self.name == "--set"):
            how = "PATH=VALUE, as in `serving.strategy=canary`" if self.name == "--set" else "PATH, as in `serving.strategy`"
            wrong = (
                "names no fact" if match is None else "has no value" if value is None else "has a value, and only a path is asked"
            )
            raise CannotJudge(
                [Problem("bad-argument", f"`{short(text)}` {wrong}", Place(line, 1, len(text) or 1), f"write {how}")]
            )
        node = None
        if value is not None:
            node = _value(value, match.start("value"), line)
        place = Place(line, 1, len(match["path"]))
        label_place = Place(line, match.start("label") + 1, max(1, len(match["label"] or "")))
        return _Argument(match["path"], match["label"], match["field"] or "", node, place, label_place)

    def _checked(self, argument: _Argument) -> tuple[Problem, ...]:
        """What would be wrong with it in a file."""
        line = argument.place.line
        node = argument.value or Node("null", argument.place)
        if argument.field:
            place = Place(line, argument.label_place.column + len(argument.label or "") + 2, len(argument.field))
            node = Node("mapping", place, entries={argument.field: Entry(argument.field, place, node)})
        if argument.label is not None:
            node = Node("list", argument.place, items=[node])
        column = argument.place.length + 1
        for key in reversed(argument.path.split(".")):
            column -= len(key)
            place = Place(line, column, max(1, len(key)))
            node = Node("mapping", place, entries={key: Entry(key, place, node)})
            column -= 1
        return facts.read(Document(self.name, "", node, ()), self.pack, today=self.today).problems


def _value(text: str, start: int, line: int) -> Node:
    """A value in the flow syntax of YAML, with its places in the argument that it ends."""
    if not text.strip():
        what, mend = "there is no value", "write one, or take the fact away with --unset"
        raise CannotJudge([Problem("bad-argument", what, Place(line, max(1, start)), mend)])
    try:
        # behind as many spaces as there are characters before it, so that each column is that of the argument
        doc = document.read((" " * start + text).encode("utf-8", "surrogateescape"), format="yaml")
        problems = doc.problems
    except CannotJudge as error:
        doc, problems = None, error.problems
    if doc is None or problems:
        raise CannotJudge([replace(one, place=one.place and _below(one.place, line)) for one in problems])
    return _moved(doc.root, line)


def _below(place: Place, line: int) -> Place:
    return place._replace(line=place.line + line - 1)


def _moved(node: Node, line: int) -> Node:
    entries = {key: Entry(key, _below(entry.place, line), _moved(entry.value, line)) for key, entry in node.entries.items()}
    return replace(node, place=_below(node.place, line), entries=entries, items=[_moved(item, line) for item in node.items])


# --- editing


class _NoRecord(CannotJudge):
    """An argument names a record that is not there."""


class _Edits:
    """The edits of one text, in their order; those of whole facts are made together."""

    def __init__(self, text: str, format: str, pack: Pack) -> None:
        self.text, self.format, self.pack = text, format, pack
        self.sets: dict[str, object] = {}
        self.unsets: list[str] = []

    def add(self, argument: _Argument) -> None:
        """Make an edit, or keep it for later."""
        value = None if argument.value is None else _plain(argument.value, _inside(argument), self.pack)
        if argument.label is not None:
            self.done()
            self._within(argument, value)
        elif value is None:
            self.unsets.append(argument.path)
        else:
            self.sets[argument.path] = value

    def done(self) -> str:
        """The text with all edits made."""
        if self.sets or self.unsets:
            self._edit(self.sets, self.unsets)
            self._not_assumed({*self.sets, *self.unsets})
            self.sets, self.unsets = {}, []
        return self.text

    def _edit(self, sets: Mapping[str, object], unsets: Collection[str] = ()) -> None:
        self.text = edit(self.text, self.format, sets, unsets, pack=self.pack)

    def _root(self) -> Node:
        return document.read(self.text.encode("utf-8", "surrogatepass"), format=self.format).root

    def _within(self, argument: _Argument, value: object) -> None:
        """Edit one record or item of a list, or add one."""
        root, path = self._root(), argument.path
        node = _at(root, path)
        if node is not None and node.kind == "mapping" and "value" in node.entries:  # a list with evidence
            node, path = node.entries["value"].value, f"{path}.value"
        if argument.label == "" and value is not None and (node is not None or not _assumed(root, {path})):
            self.text = edit(self.text, self.format, {}, append={path: [value]}, pack=self.pack)
            return
        number = _record(argument, node, self.pack)
        assert node is not None
        items = [_plain(item, f"{argument.path}[]", self.pack) for item in node.items]
        if argument.field:
            record = node.items[number]
            kept = {key: _plain(one.value, f"{argument.path}[].{key}", self.pack) for key, one in record.entries.items()}
            kept.pop(argument.field, None)
            items[number] = kept if value is None else {**kept, argument.field: value}
        elif value is None:
            del items[number]
        else:
            items[number] = value
        self._edit({path: items})

    def _not_assumed(self, paths: Collection[str]) -> None:
        """Take the assumptions about facts out that are stated or taken away now, one by one or as a group."""
        if ASSUMPTIONS not in self.text:
            return
        root = self._root()
        gone = _assumed(root, paths)
        if gone:
            items = root.entries[ASSUMPTIONS].value.items
            kept = [_plain(item, f"{ASSUMPTIONS}[]", self.pack) for number, item in enumerate(items) if number not in gone]
            self._edit({ASSUMPTIONS: kept} if kept else {}, () if kept else (ASSUMPTIONS,))


def _inside(argument: _Argument) -> str:
    """The path of the value in the vocabulary."""
    path = argument.path if argument.label is None else f"{argument.path}[]"
    return f"{path}.{argument.field}" if argument.field else path


def _plain(node: Node, path: str, pack: Pack) -> object:
    """A value as data. A number that is no number in the vocabulary stays as it is written: `1.10` is a version."""
    if node.kind == "mapping":
        with_evidence = path in pack.facts and "value" in node.entries
        return {
            key: _plain(entry.value, path if with_evidence and key == "value" else f"{path}.{key}", pack)
            for key, entry in node.entries.items()
        }
    if node.kind == "list":
        return [_plain(item, path if path.endswith("[]") else f"{path}[]", pack) for item in node.items]
    known = pack.facts.get(path.removesuffix("[]"))
    return node.raw if node.kind == "number" and known and known.type not in _NUMBERS else node.plain()


def _at(node: Node, path: str) -> Node | None:
    for key in path.split("."):
        entry = node.entries.get(key)
        if entry is None:
            return None
        node = entry.value
    return node


def _record(argument: _Argument, node: Node | None, pack: Pack) -> int:
    """Which of the records (or items) is meant."""
    path, label = argument.path, argument.label or ""
    if node is None or not node.items:
        what, mend = f"`{path}` is no list here in which something could be other", f"set `{path}` as a whole"
        raise _NoRecord([Problem("no-record", what, argument.place, mend)])
    known = pack.facts.get(path)
    names = [_label(item, known.label if known else "") for item in node.items]
    found = [number for number, name in enumerate(names) if name == " ".join(label.split())]
    if len(found) == 1:
        return found[0]
    if found:
        what, mend = f"{len(found)} records of `{path}` are called `{short(label)}`", f"set `{path}` as a whole"
    else:
        close = difflib.get_close_matches(label[:80], [name[:80] for name in names[:1000]], n=1)
        what = f"nothing in `{path}` is called `{short(label)}`"
        mend = f"did you mean `{short(close[0])}`?" if close else f"there are: {some(name for name in names if name)}"
    raise _NoRecord([Problem("no-record", what, argument.label_place, mend)])


def _label(item: Node, name: str) -> str:
    if item.kind == "mapping":
        entry = item.entries.get(name) or item.entries.get("value")
        return _label(entry.value, "value") if entry else ""
    return " ".join(item.raw.split())


def _assumed(root: Node, paths: Collection[str]) -> set[int]:
    """The numbers of the assumptions about these facts, or about those below these groups."""
    entry = root.entries.get(ASSUMPTIONS)
    found: set[int] = set()
    for number, item in enumerate(entry.value.items if entry else ()):
        fact = item.entries["fact"].value.raw.strip() if "fact" in item.entries else ""
        if any(fact == path or fact.startswith(f"{path}.") for path in paths):
            found.add(number)
    return found
