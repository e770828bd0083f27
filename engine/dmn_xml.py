"""DMN's XML, read as a tree with places. A file comes from a stranger: no document types, no entities, nothing outside of it.

The parser is expat, as it comes with Python. A document type declaration ends the reading before anything in it is
looked at, so no entity is ever defined, expanded or fetched; size, depth and number of elements have a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from .errors import CannotJudge, Place, Problem
from .nodes import MAX_BYTES, MAX_NODES

NAMESPACES = {  # the models of DMN by version
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
OWN = "urn:gatewright:dmn:1"  # what DMN has no place for
MAX_DEPTH = 40
_MOST_PROBLEM_TEXT = 100


@dataclass(slots=True)
class Element:
    """An element of DMN or of ours (`own`); those of other namespaces are left out with all that is in them."""

    name: str
    own: bool
    place: Place
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list["Element"])
    text: str = ""

    def all(self, name: str) -> list[Element]:
        """The DMN elements of this name right below."""
        return [child for child in self.children if child.name == name and not child.own]

    def one(self, *path: str) -> Element | None:
        """The first DMN element along a path of names."""
        here: Element | None = self
        for name in path:
            here = next(iter(here.all(name)), None) if here else None
        return here

    def said(self, *path: str) -> str:
        """The text along a path, without space around it; empty where there is none."""
        found = self.one(*path)
        return found.text.strip() if found else ""

    def ours(self, name: str) -> dict[str, str]:
        """What we wrote beside it under `name`."""
        beside = self.one("extensionElements")
        found = [child.attributes for child in beside.children if child.own and child.name == name] if beside else []
        return found[0] if found else {}

    def walk(self) -> Iterator[Element]:
        """This element and all below."""
        yield self
        for child in self.children:
            yield from child.walk()


def read(data: bytes) -> tuple[Element, str]:
    """The tree of a DMN file, and its version of DMN. Raises CannotJudge."""
    if len(data) > MAX_BYTES:
        raise refusal("too-large", f"the file has {len(data)} bytes, and at most {MAX_BYTES} are read", help="split the file")
    return _Reading(data).tree()


def refusal(code: str, what: str, place: Place | None = None, help: str = "") -> CannotJudge:
    """One reason not to read on."""
    return CannotJudge([Problem(code, what, place, help)])


class _Reading:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.stack: list[Element | None] = []
        self.root: Element | None = None
        self.version = ""
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    @property
    def here(self) -> Place:
        return Place(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def tree(self) -> tuple[Element, str]:
        try:
            self.parser.Parse(self.data, True)
        except expat.ExpatError as error:
            place = Place(error.lineno, error.offset + 1)
            raise refusal("no-xml", f"the file is no XML: {expat.ErrorString(error.code)}", place, "export it anew") from None
        except (LookupError, ValueError) as error:
            raise refusal("no-xml", f"the file is no XML: {str(error)[:_MOST_PROBLEM_TEXT]}", help="export it as UTF-8") from None
        assert self.root
        return self.root, self.version

    def doctype(self, *_: object) -> None:
        what = "the file has a document type declaration, and none is read: it could define entities or point elsewhere"
        raise refusal("unsafe-xml", what, self.here, "take `<!DOCTYPE ...>` out; no DMN tool needs it")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self.count += 1
        if self.count > MAX_NODES or len(self.stack) >= MAX_DEPTH:
            limit = f"{MAX_NODES} elements" if self.count > MAX_NODES else f"{MAX_DEPTH} levels"
            raise refusal("too-large", f"the file has more than {limit}", self.here, "export one decision table alone")
        if not self.stack:
            self.version = NAMESPACES.get(namespace, "")
            if local != "definitions" or not self.version:
                known = ", ".join(NAMESPACES.values())
                what = f"the file begins with `{local[:60]}`, and a DMN model with `definitions`, in a version of {known}"
                raise refusal("no-dmn", what, self.here, "export it as DMN XML")
        own = namespace == OWN
        parent = self.stack[-1] if self.stack else None
        if self.stack and (parent is None or not (own or NAMESPACES.get(namespace))):
            self.stack.append(None)
            return
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items() if " " not in key}
        element = Element(local, own, self.here, plain)
        if parent:
            parent.children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def end(self, _: str) -> None:
        self.stack.pop()

    def text(self, text: str) -> None:
        if self.stack and self.stack[-1]:
            self.stack[-1].text += text
