"""What a fact file states, read without the engine; and what a bundle states, read back by parsers of its formats."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import yaml
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import html5lib

Stated = list[tuple[str, str]]  # each value with the path of its fact; of a field of records as `path[].field`


def of_file(text: str) -> Stated:
    """Every value of a fact file in YAML or JSON, letter by letter but for white space: assumed ones too, placeholders not."""
    root = yaml.load(text, yaml.BaseLoader)  # which reads every value as a text
    assumed = root.pop("assumptions", [])
    root.pop("sequence", None)
    return sorted([*_values("", root), *(pair for one in assumed for pair in _values(one["fact"], one["value"]))])


def _values(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and "value" in value and value.keys() <= {"value", "evidence"}:
        yield from _values(path, value["value"])
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(f"{path}.{key}".lstrip("."), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(f"{path}[]" if isinstance(inner, dict) else path, inner)
    elif value != "TBD":
        yield path, " ".join(value.split())


def of_json(answer: str) -> Stated:
    """Every value that a bundle in JSON states."""
    sections = json.loads(answer)["sections"]
    facts = [fact for section in sections for part in section["parts"] for fact in part["facts"]]
    cells = [cell for fact in facts for record in fact.get("records", ()) for cell in record["fields"]]
    return sorted((fact["fact"], value) for fact in [*facts, *cells] for value in fact["values"])


def of_html(answer: str) -> Stated:
    """Every value that a bundle in HTML states."""
    return sorted((one.attrib["data-fact"], "".join(one.itertext())) for one in page(answer).iter() if "data-fact" in one.attrib)


def page(answer: str) -> Element:
    """The tree of a page without a single fault."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer)
    for element in tree.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return tree


def of_markdown(answer: str) -> Stated:
    """Every value that a bundle in Markdown states: behind the path and the place of a fact, and in the records below it."""
    found: Stated = []
    for item in (one for one in markdown(answer).walk() if one.type == "list_item"):
        name, *rest = _inline(item)
        if name.type != "strong" or not rest or rest[0].content != " (":
            continue
        path, _, *values = (one.content for one in rest if one.type == "code_inline")
        found += [(path, value) for value in values]
        for below in (one for listed in item.children[1:] for one in listed.children):
            found += [(f"{path}[].{field}", value) for field, value in _fields(_inline(below))]
    return sorted(found)


def _inline(item: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return [one for one in item.children[0].children[0].children if one.type != "text" or one.content]


def _fields(inline: list[SyntaxTreeNode]) -> Iterator[tuple[str, str]]:
    field = ""
    for one in inline:
        if one.type == "text" and one.content != ", ":
            named = re.search(r"(?:^|; )([a-z0-9 ]+): $", one.content)
            field = named[1].replace(" ", "_") if named else ""
        elif one.type == "code_inline" and field:
            yield field, one.content


def markdown(answer: str) -> SyntaxTreeNode:
    """The tree of a Markdown page, read with everything that makes words into links."""
    return SyntaxTreeNode(MarkdownIt("gfm-like").parse(answer))


READ = {"json": of_json, "html": of_html, "markdown": of_markdown}
