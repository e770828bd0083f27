"""The page of a report: one file that is whole, runs nothing, fetches nothing, and can be read by everybody."""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from gatewright.cli import safe
from test_cli_safe_output import INJECTIONS, all_at_once, as_key, as_value

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import html5lib

CSS = (Path(__file__).parents[2] / "cli" / "renderers" / "page.css").read_text("utf-8")
ELEMENTS = (
    "html head meta title style body header main footer section h1 h2 h3 h4 p span code pre mark strong br ul li dl dt dd "
    "table caption thead tbody tr th td div details summary figure svg desc g rect path text"
)


def parsed(page: str) -> Element:
    """The tree of a page without a single fault."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    for element in tree.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return tree


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture
def page(run: Any) -> Any:
    def page(*arguments: object, stdin: str | None = None) -> Element:
        return parsed(run(*arguments, "--format", "html", stdin=stdin).out)

    return page


def assert_whole(tree: Element) -> None:
    """Everything stands in the page; nothing is fetched or run, and what could be is forbidden."""
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= set(ELEMENTS.split())
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert name not in ("src", "href", "srcset", "action", "data")
            assert not name.startswith("on")
            assert "url(" not in value
    style = tree.find("head/style")
    assert style is not None
    assert not re.search(r"url\(|@import|expression", style.text or "")
    policy = [element.get("content") for element in tree.iter("meta") if element.get("http-equiv")]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]


def assert_accessible(tree: Element) -> None:
    """Language, title, one main heading, no level left out, and heads for the rows and columns of tables."""
    assert tree.get("lang") == "en"
    assert (tree.findtext("head/title") or "").strip()
    levels = [int(element.tag[1]) for element in tree.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for table in tree.iter("table"):
        assert table.findtext("caption")
        assert {head.get("scope") for head in table.iter("th")} - {"rowgroup"} == {"col", "row"}
    for picture in tree.iter("svg"):
        assert picture.get("role") == "img"
        assert picture.findtext("title")
    assert [element.tag for element in tree.iter() if element.tag == "main"] == ["main"]


@pytest.mark.parametrize("example", ["ticket-routing", "made-with-ml"])
def test_the_page_of_a_verdict_is_whole_and_accessible_and_says_all_of_it(
    example: str, examples: Path, page: Any, run: Any
) -> None:
    file = examples / f"{example}.yaml"
    tree, verdict = page("check", file), run("check", file, "--format", "json").json
    assert_whole(tree)
    assert_accessible(tree)
    told = text(tree)
    assert verdict["verdict"].upper() in text(next(tree.iter("h1")))
    for gate in verdict["gates"]:
        for one in (*gate["entry"], *gate["exit"]):
            assert one["text"].replace("`", "") in told
    for one in (*verdict["missing"], *verdict["assumptions"]):
        assert one["fact"] in told
        assert f"line {one['line']}:{one['column']}" in told
    for one in verdict["recommendations"]:
        assert all(one[key] in told for key in ("default", "alternative", "tradeoff", "signal"))
    assert verdict["facts"]["digest"] in told
    assert verdict["pack"]["digest"] in told


def test_the_page_of_many_files_marks_each_problem_in_its_line(page: Any, write: Any, passing: dict[str, Any]) -> None:
    tree = page("validate", write("a.yaml", "use_case: {objectiv: a}\n"), write("b.json", passing), write("c.yaml", "a: ["))
    assert_whole(tree)
    assert_accessible(tree)
    assert [mark.text for mark in tree.iter("mark")] == ["objectiv"]
    rows = [[text(cell) for cell in row][:2] for row in next(tree.iter("tbody"))]
    assert rows == [["a.yaml", "1 problem"], ["b.json", "valid"], ["c.yaml", "can't be judged"]]


@pytest.mark.parametrize("options", ["-", "no.yaml", "- --pack nope", "- --today x"])
def test_what_cannot_be_judged_is_a_page_too(options: str, page: Any, here: Path) -> None:
    tree = page("check", *options.split(), stdin="a: [")
    assert_whole(tree)
    assert_accessible(tree)
    assert "CAN'T BE JUDGED" in text(next(tree.iter("h1")))


@pytest.mark.parametrize("command", ["check", "validate"])
@pytest.mark.parametrize("place", [as_value, as_key])
def test_hostile_texts_stay_texts(
    place: Any, command: str, passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any
) -> None:
    content = all_at_once(place, passing)
    answer = run(command, write("a.json", content), "--format", "html").out
    assert_harmless(answer)
    tree = parsed(answer)
    assert_whole(tree)
    if command == "check" and place is as_value:
        told = {text(element) for element in tree.iter("code")}
        shown = {
            one: " ".join(html.unescape(safe.markup(" ".join(one.split()))).split())
            for one in INJECTIONS.values()
            if len(one) < 40
        }
        lost = [one for one, as_shown in shown.items() if not any(as_shown in code for code in told)]
        assert not lost


def colours(dark: bool) -> dict[str, str]:
    light, _, rest = CSS.partition("@media (prefers-color-scheme: dark)")
    block = (rest if dark else light).partition("{")[2] if dark else light
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block.partition("}\n}")[0] if dark else block))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pairs() -> Iterator[tuple[str, str]]:
    yield from ((ink, ground) for ink in ("ink", "muted", "link") for ground in ("paper", "panel"))
    yield from ((tone, f"{tone}-soft") for tone in ("good", "bad", "open", "wait", "given"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_has_the_contrast_that_wcag_asks_for(dark: bool) -> None:
    found = colours(dark)
    for ink, ground in pairs():
        lighter, darker = sorted((luminance(found[ink]), luminance(found[ground])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ink, ground)
