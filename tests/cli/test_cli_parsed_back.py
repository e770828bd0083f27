"""Answers with injections in them, read back by what will read them: a terminal, and parsers of JSON, Markdown and DOT."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import pydot
import pyte
import pytest
from gatewright.cli import safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from test_cli_safe_output import INJECTIONS, all_at_once, as_key, as_value, by_injection, texts

# Every command that answers about a fact file, in all its formats.
TEXT = [
    ("check", "a.json"),
    ("validate", "a.json"),
    ("recommend", "a.json"),
    ("graph", "a.json"),
    ("explain", "a.json", "1"),
    ("explain", "a.json", "10", "--all"),
    ("explain", "a.json", "use_case.users", "--all"),
    ("explain", "a.json", "promotion-policy", "--all"),
    ("explain", "a.json", "severe-quality-drift", "--all"),
    ("explain", "a.json", "7", "--all", "--format", "mermaid"),
    ("explain", "a.json", "7", "--all", "--format", "dot"),
    ("unblock", "a.json", "all"),
    ("what-if", "a.json", "--unset", "use_case.users"),
    ("what-if", "a.json", "--unset", "use_case.users", "--format", "markdown"),
    ("diff", "plain.json", "a.json"),
    ("diff", "a.json", "plain.json"),
    ("diff", "plain.json", "a.json", "--format", "markdown"),
]
JSON = [command for command in TEXT if "--format" not in command]


@pytest.fixture
def files(passing: dict[str, Any], write: Any) -> Any:
    """Writes the files that the commands above name."""

    def files(content: dict[str, Any]) -> None:
        write("plain.json", passing)
        write("a.json", content)

    return files


def shown(answer: str) -> list[str]:
    """What a terminal shows of an answer; no cell of it has a colour or a style, and no line is written over."""
    lines = answer.split("\n")
    screen = pyte.Screen(max(map(len, lines)) * 2 + 1, len(lines) + 1)
    screen.set_mode(pyte.modes.LNM)  # a line feed begins a line, as terminals are set up
    pyte.Stream(screen).feed(answer)
    assert screen.cursor.y == len(lines) - 1
    assert not screen.title
    plain = screen.default_char._replace(data="")
    assert {cell._replace(data="") for row in screen.buffer.values() for cell in row.values()} <= {plain}
    found: list[str] = []
    for number in range(len(lines)):
        row = screen.buffer[number]
        found.append("".join(row[column].data for column in range(max(row, default=-1) + 1)))
    return found


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).rstrip()


def drawn(answer: str) -> str:
    """An answer without the marks that have no width and combine with nothing: pyte drops all that follows them."""
    return "".join(c for c in answer if unicodedata.category(c) not in ("Mn", "Me") or unicodedata.combining(c))


@pytest.mark.parametrize("command", TEXT, ids=" ".join)
@pytest.mark.parametrize("place", [as_value, as_key])
def test_a_terminal_shows_the_answer_as_it_is_and_nothing_else(
    place: Any, command: tuple[str, ...], passing: dict[str, Any], files: Any, run: Any, assert_harmless: Any
) -> None:
    content = place(INJECTIONS["colour"], passing)
    some = [text for name, text in INJECTIONS.items() if not name.startswith("long")]
    content["use_case"]["users"] = some
    content["lineage"]["features"][0]["derives_from"] = some
    files(content | ({} if place is as_value else dict.fromkeys(some, 1)))
    ended = run(*command)
    assert ended.code in (0, 1), ended.both
    assert_harmless(ended.both)
    answer = drawn(ended.out)
    assert [composed(line) for line in shown(answer)] == [composed(line) for line in answer.split("\n")]


@pytest.mark.parametrize("command", JSON, ids=" ".join)
@pytest.mark.parametrize("place", [as_value, as_key])
def test_json_of_every_command_is_ascii_and_can_be_read_back(
    place: Any, command: tuple[str, ...], passing: dict[str, Any], files: Any, run: Any, assert_harmless: Any
) -> None:
    files(all_at_once(place, passing))
    ended = run(*command, "--format", "json")
    assert ended.code in (0, 1), ended.both
    assert ended.out.isascii()
    assert_harmless(ended.both)
    assert ended.json


# --- Markdown

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
STRUCTURE = {"heading", "paragraph", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th", "td", "inline"}
WORDS = {"text", "code_inline", "strong", "softbreak"}
# What GitHub makes of plain text beside the standard: addresses, mentions, issues, emoji.
AUTOLINKS = re.compile(r"https?://|www\.|[\w.]+@\w|(?<!\w)[@#]\w|:\w+:|<|>")


def parts(tokens: list[Token]) -> list[Token]:
    return [part for token in tokens for part in (token, *parts(token.children or []))]


@by_injection
def test_markdown_gives_a_text_back_inside_of_code_and_makes_nothing_of_it(
    text: str, passing: dict[str, Any], files: Any, run: Any, assert_harmless: Any
) -> None:
    files(as_value(text, passing))
    ended = run("diff", "plain.json", "a.json", "--format", "markdown")
    assert ended.code in (0, 1), ended.both
    assert_harmless(ended.both)
    found = parts(MARKDOWN.parse(ended.out))
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in found} <= STRUCTURE | WORDS
    for token in found:
        if token.type == "text":
            assert not AUTOLINKS.search(token.content), token.content
    if len(text) < 40:  # a longer one is cut
        said = " ".join(safe.terminal(" ".join(text.split())).split())
        assert any(said in token.content for token in found if token.type == "code_inline")


@by_injection
def test_markdown_of_a_file_with_problems_makes_nothing_of_its_keys(
    text: str, passing: dict[str, Any], files: Any, run: Any
) -> None:
    files(as_key(text, passing))
    found = parts(MARKDOWN.parse(run("diff", "plain.json", "a.json", "--format", "markdown").out))
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in found} <= STRUCTURE | WORDS
    for token in found:
        if token.type == "text":
            assert not AUTOLINKS.search(token.content), token.content


# --- DOT and Mermaid


def with_word(word: str, passing: dict[str, Any]) -> dict[str, Any]:
    return passing | {"use_case": passing["use_case"] | {"objective": word, "constraints": [word]}}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pydot uses names of pyparsing that are going away
def test_dot_with_all_injections_is_one_graph_of_as_many_boxes_and_arrows_as_with_words(
    passing: dict[str, Any], write: Any, run: Any
) -> None:
    def picture(words: list[str]) -> tuple[set[str], set[tuple[str, str]]]:
        content = with_word(words[0], passing)
        content["use_case"] |= {"constraints": words, "users": words, "owner": words[0]}
        ended = run("explain", write("a.json", content), "1", "--all", "--format", "dot")
        [graph] = pydot.graph_from_dot_data(ended.out) or []
        assert graph.get_name() == "explanation"
        boxes = [node for node in graph.get_nodes() if re.fullmatch(r"n\d+", node.get_name())]
        assert all(set(box.get_attributes()) == {"label", "fillcolor", "color", "fontcolor"} for box in boxes)
        assert not graph.get_subgraphs()
        return {box.get_name() for box in boxes}, {(edge.get_source(), edge.get_destination()) for edge in graph.get_edges()}

    assert picture(list(INJECTIONS.values())) == picture(["a word"])


@by_injection
def test_mermaid_has_as_many_boxes_and_arrows_for_an_injection_as_for_a_word_and_nothing_but_entities_for_its_signs(
    text: str, passing: dict[str, Any], write: Any, run: Any
) -> None:
    def picture(word: str) -> list[str]:
        ended = run("explain", write("a.json", with_word(word, passing)), "1", "--all", "--format", "mermaid")
        for line in ended.out.split("\n"):
            if '"' in line:
                assert re.fullmatch(r' *n\d+\["[^"\[\]{}<>`\\|]*"\]', line.replace("<br/>", "")), line
        return [re.sub(r'"[^"]*"', '""', line) for line in ended.out.split("\n")]

    assert picture(text) == picture("a word")


def test_the_injections_are_as_many_as_asked_for() -> None:
    assert len(INJECTIONS) >= 57
    assert len(set(texts(json.loads(json.dumps(INJECTIONS))))) == len(INJECTIONS)
