"""Model cards: of Hugging Face (front matter, `model-index`, headings), and in plain Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from .found import At, Finding, Says, Shortfall
from .nodes import get, items, text, texts
from .tree import Tree

_MOST = 400  # characters of a statement; longer text is no statement but an essay, and is left for a person to read
# A front matter with one of these is of a model; those of datasets and spaces have others.
_OF_A_MODEL = ("model-index", "model_name", "library_name", "pipeline_tag", "base_model")
_OF_DATA = ("dataset_info", "task_categories", "size_categories", "sdk")
_CARDS = (
    "model-card.md",
    "model_card.md",
    "modelcard.md",
    "model-card-*.md",
    "model_card_*.md",
    "*-model-card.md",
    "*_model_card.md",
)
_HEADING = re.compile(r"(#{1,6})[ \t]+([^\n]{1,200}?)[ \t]*#*[ \t]*")
_ITEM = re.compile(r"[ \t]{0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+(\S.*)")
_TITLE = re.compile(r"model card(?: for |: | - )(.+)", re.IGNORECASE)
# Sentences that say it as plainly as a heading would.
_SENTENCES = {
    "primary intended users": re.compile(
        r"\bprimary intended users? of (?:this|these|the) models? (?:is|are) ([^.;\n]{3,300})", re.I
    ),
    "intended to": re.compile(r"\b(?:this|these|the) models? (?:is|are) intended (?:to|for) ([^.,;\n]{3,300})", re.I),
    "recommend against use in": re.compile(r"\brecommend against (?:the )?use (?:in|for) ([^.,;\n]{3,300})", re.I),
}
Lines = list[tuple[int, str]]


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """What model cards say."""
    headings = {one.field.removeprefix("# ") for one in table.fields if one.field.startswith("# ")}
    for file in tree.named("README.md", *_CARDS):
        source = tree.text(file)
        if source is not None:
            yield from _markdown(tree, file, source, headings)


# --- Markdown


def _markdown(tree: Tree, file: str, source: str, headings: set[str]) -> Iterator[Finding]:
    front, begin = _front_matter(source)
    card = tree.parse(file, front, "yaml") if front else None
    if card is not None and any(key in card.entries for key in _OF_DATA):
        return
    body = _body(source, begin)
    titles = [
        (number, found[1]) for number, line in body if (heading := _heading(line)) and (found := _TITLE.fullmatch(heading[1]))
    ]
    is_named_so = not file.rpartition("/")[2].lower().startswith("readme")
    if not (is_named_so or titles or (card is not None and any(key in card.entries for key in _OF_A_MODEL))):
        return
    named = False
    if card is not None:
        yield from _front(file, card)
        named = bool(_names(card))
    if titles and not named:
        number, name = titles[0]
        yield Says(At(file, number, "title"), {"title": _plain(name)})
    yield from _sections(file, body, headings)
    for number, line in body:
        for field, sentence in _SENTENCES.items():
            found = sentence.search(line)
            if found:
                yield Says(At(file, number, field), {field: [_plain(found[1])]})


def _front_matter(source: str) -> tuple[str, int]:
    """The YAML before a card, with the lines before it left empty, and the line in which the rest begins."""
    if not source.startswith("---\n"):
        return "", 1
    end = source.find("\n---", 3)
    if end < 0 or source[end + 4 : end + 5] not in ("", "\n"):
        return "", 1
    return "\n" + source[4 : end + 1], source.count("\n", 0, end + 1) + 2


def _body(source: str, begin: int) -> Lines:
    """The lines of a card, numbered; without front matter, blocks of code and comments."""
    lines: Lines = []
    fence, comment = "", False
    for number, line in enumerate(source.split("\n"), 1):
        if number < begin:
            continue
        if not comment and line.lstrip()[:3] in ("```", "~~~"):
            fence = "" if fence == line.lstrip()[:3] else fence or line.lstrip()[:3]
            continue
        if fence:
            continue
        kept, comment = _without_comments(line, comment)
        lines.append((number, kept))
    return lines


def _without_comments(line: str, inside: bool) -> tuple[str, bool]:
    kept: list[str] = []
    while line:
        before, mark, line = line.partition("-->" if inside else "<!--")
        kept += [] if inside else [before]
        inside = inside != bool(mark)
    return "".join(kept), inside


def _heading(line: str) -> tuple[int, str] | None:
    found = _HEADING.fullmatch(line)
    return (len(found[1]), _plain(found[2])) if found else None


def _plain(markdown: str) -> str:
    """Markdown without its marks: the text of links, no emphasis."""
    shown = re.sub(r"!?\[([^\[\]]*)\]\([^()]*\)", r"\1", markdown[: 4 * _MOST])
    return " ".join(re.sub(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)", "", shown).split())


def _sections(file: str, body: Lines, headings: set[str]) -> Iterator[Finding]:
    """The sections whose heading the mapping table names: their items, or their one short paragraph."""
    place, name, inside = 0, "", Lines()
    for number, line in [*body, (0, "# ")]:
        heading = _heading(line) or (("", "") if not number else None)
        if heading is None:
            inside.append((number, line))
            continue
        said = _statements(inside) if name else []
        if said:
            yield Says(At(file, place, f"# {name}"), {f"# {name}": said})
        wanted = str(heading[1]).casefold().replace("[optional]", "").rstrip(": ").strip()
        place, name, inside = number, wanted if wanted in headings else "", []


def _statements(inside: Lines) -> list[str]:
    found = [_plain(item[1]) for _, line in inside if (item := _ITEM.fullmatch(line))]
    if not found:
        paragraphs = [
            _plain(one.replace("\n", " ")) for one in "\n".join(line for _, line in inside).split("\n\n") if one.strip()
        ]
        found = paragraphs if len(paragraphs) == 1 else []
    return found if all(0 < len(one) <= _MOST and "{{" not in one and "|" not in one for one in found) else []


def _names(card: Node) -> list[str]:
    names = [text(get(one, "name")) for one in items(get(card, "model-index"))] or [text(get(card, "model_name"))]
    return [name for name in names if name]


def _front(file: str, card: Node) -> Iterator[Finding]:
    """The front matter of Hugging Face."""
    index = get(card, "model-index")
    for one in items(index):
        yield Says(At(file, one.place.line, "model-index.name"), {"model-index.name": text(get(one, "name")) or None})
        for result in items(get(one, "results")):
            here = At(file, result.place.line, "model-index.results")
            dataset = get(result, "dataset")
            revision = text(get(dataset, "revision"))
            name = text(get(dataset, "name")) or text(get(dataset, "type"))
            yield Says(
                here, {"model-index.results.dataset.name": name or None, "model-index.results.dataset.revision": revision or None}
            )
            if name and not revision:
                yield Shortfall(
                    here, f"the evaluation dataset `{name}` has no revision, so it may change", "add `revision:` with its commit"
                )
            metrics = [text(get(metric, "type")) for metric in items(get(result, "metrics"))]
            yield Says(here, {"model-index.results.metrics.type": [metric for metric in metrics if metric] or None})
    if index is None:
        place = card.entries["model_name"].place.line if "model_name" in card.entries else 1
        yield Says(At(file, place, "model_name"), {"model_name": text(get(card, "model_name")) or None})
    for field in ("datasets", "metrics"):
        entry = card.entries.get(field)
        for one in texts(entry.value) if entry else ():
            yield Says(At(file, entry.place.line if entry else 1, field), {field: [one] if field == "metrics" else one})
