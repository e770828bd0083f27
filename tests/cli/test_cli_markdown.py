"""The Markdown of `diff` and `what-if`, read back by a parser of GitHub's dialect: no value of a user's is more than text."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from gatewright.cli import safe
from gatewright.cli.inputs import read_pack
from gatewright.cli.renderers.markdown import prose
from gatewright.engine.errors import short
from gatewright.engine.pack_walks import statements
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from test_cli_safe_output import FILE_NAMES, INJECTIONS, as_key, as_value

PARSER = MarkdownIt("gfm-like")  # tables, strikethrough, HTML, and addresses that become links by themselves
OURS = {"heading", "paragraph", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th", "td", "inline"}
INLINE = {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
# What GitHub makes more of than the parser does: mentions, references, commits, emoji, and addresses of every kind.
MORE = re.compile(r"@|#\d|\bGH-\d|\b[0-9a-f]{7,40}\b|:\w+:|://|\bwww\.|[<>&|*_~\[\]\\$]", re.IGNORECASE)
HOSTILE = [
    *INJECTIONS.values(),
    "@octocat and @org/team",
    "#1 owner/repo#2 GH-3 0123456789abcdef",
    "https://evil.example www.evil.example evil@evil.example",
    "a | b | c",
    "| --- | --- |",
    "# heading",
    "1. one",
    "- [x] done",
    "> quoted",
    "---",
    "` `` ``` ````",
    "`",
    "``",
    "a`",
    "\\`",
    "<!-- -->",
    "<details><summary>",
    "[a]: http://evil.example",
    "[^1]",
    ":smile:",
    "$x$ $$y$$",
    "~~a~~",
    "&#64;octocat",
    "\\| \\\\|",
]
MARKUP = ("Markdown", "fence", "HTML", "entity", "comment", "workflow error", "old workflow error", "pipeline variable")
STEERING = ("right-to-left override", "line feed", "carriage return", "colour", "backslashes", "quotes", "shell", "long word")
WHOLE = [*map(INJECTIONS.__getitem__, (*MARKUP, *STEERING)), *HOSTILE[len(INJECTIONS) :]]
some_texts = (
    st.text() | st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4).map(" ".join) | st.text(alphabet="`|:#@_*<a1 ")
)
every = pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
quick = settings(max_examples=100, deadline=None)


def inline(tokens: list[Token]) -> Iterator[Token]:
    return itertools.chain.from_iterable(token.children or () for token in tokens)


def read_back(answer: str) -> list[Token]:
    """The tokens of an answer, which are of our own kinds, with one heading and rows of four cells."""
    tokens = PARSER.parse(answer)
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= OURS
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h3"]
    rows = [0]
    for token in tokens:
        rows += [0] if token.type == "tr_open" else []
        rows[-1] += token.type in ("td_open", "th_open")
    assert set(rows[1:]) <= {4}
    for token in inline(tokens):
        assert token.type in INLINE, token
        assert token.type != "text" or not MORE.search(token.content), token.content
    return tokens


def code(tokens: list[Token]) -> str:
    return "\n".join(token.content for token in inline(tokens) if token.type == "code_inline")


def shown(text: str) -> str:
    return " ".join(safe.terminal(short(" ".join(text.split()))).split())


# --- whole answers


@pytest.mark.parametrize("text", WHOLE, ids=lambda text: text[:20].encode("unicode_escape").decode())
def test_a_value_stays_a_value_and_so_does_what_a_problem_says_of_it(
    text: str, passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any
) -> None:
    other = f"{text} 2"
    old, new = write("old.json", as_value(text, passing)), write("new.json", as_key(other, as_value(other, passing)))
    ended = run("diff", old, new, "-f", "markdown")
    assert ended.code == 1, ended.both
    assert_harmless(ended.out)
    said = code(read_back(ended.out))
    assert shown(text) in said
    assert shown(other) in said
    assert "Problems of the file" in ended.out


@pytest.mark.parametrize("name", [*map(FILE_NAMES.__getitem__, ("Markdown", "HTML", "fence", "colour", "shell")), "`a|b` @c"])
def test_the_name_of_a_file_stays_a_name(name: str, passing: dict[str, Any], write: Any, run: Any) -> None:
    old = write("old.json", passing)
    del passing["serving"]["strategy"], passing["delivery"]["model"], passing["delivery"]["version"]
    ended = run("diff", "-f", "markdown", "--input", "json", "--", old, write(name, json.dumps(passing)))
    assert ended.code == 1, ended.both
    assert safe.terminal(name) in code(read_back(ended.out))


def test_what_if_takes_values_from_its_arguments_and_they_stay_values(passing: dict[str, Any], write: Any, run: Any) -> None:
    argument = f"use_case.objective={json.dumps('@octocat | [a](http://evil.example) <b>')}"
    ended = run("what-if", write("a.json", passing), "--set", argument, "-f", "markdown")
    assert "@octocat | [a](http://evil.example) <b>" in code(read_back(ended.out))


def test_the_table_has_the_gates_that_changed_and_no_other(passing: dict[str, Any], write: Any, run: Any) -> None:
    old = write("old.json", passing)
    del passing["operations"]["runbook"]
    new = write("new.json", passing)
    cells = [token for token in read_back(run("diff", old, new, "-f", "markdown").out) if token.type == "inline"]
    rows = [cells[n].content for n in range(len(cells)) if re.fullmatch(r"\d+ [a-z-]+", cells[n].content)]
    gates = run("diff", old, new, "-f", "json").json["gates"]
    assert rows == [f"{gate['stage']} {gate['id']}" for gate in gates] != []


def test_what_got_worse_stands_first_with_its_reason_and_how_to_mend_it(passing: dict[str, Any], write: Any, run: Any) -> None:
    old = write("old.json", passing)
    del passing["operations"]["runbook"]
    out = run("diff", old, write("new.json", passing), "-f", "markdown").out
    assert out.startswith("### Gatewright: WORSE\n\n`credit-default 2.3.0` is **BLOCKED at gate 9, operations-incident (")
    assert "| 9 operations-incident | passed | **blocked** | worse |\n" in out
    assert "  - `operations.runbook` is gone; it was `wiki/credit-default/runbook` (`old.json:" in out
    assert "  - How to mend: Where is the runbook?" in out
    assert "Next: `gatewright explain new.json operations-incident`" in out


def test_a_comment_is_never_longer_than_github_takes(passing: dict[str, Any], write: Any, run: Any) -> None:
    old = write("old.json", passing)
    wide = "\u202e\U000e0041" * 40
    for part in ("alerts", "responses"):
        passing["monitoring"][part] = [dict.fromkeys(passing["monitoring"][part][0], f"{n}{wide}") for n in range(100)]
    passing |= {f"{wide}{n}": 1 for n in range(100)}
    out = run("diff", old, write("new.json", passing), "-f", "markdown").out
    assert 50_000 < len(out) < 65_536
    assert "The rest is left out" in out
    read_back(out)


# --- the two functions


def one_span(text: str) -> None:
    for before in ("", "- a: ", "**a** ", "a ", "`a` "):
        tokens = [token for token in inline(PARSER.parse(f"{before}{safe.markdown(text)}, and more")) if token.type != "text"]
        assert {token.type for token in tokens} <= {"code_inline", "strong_open", "strong_close"}
        assert tokens[-1].content.strip() == " ".join(safe.terminal(text).split())


def words_alone(text: str) -> None:
    tokens = PARSER.parse(f"- a: {prose(text)}")
    assert [one.type for one in tokens if one.nesting == 1] == ["bullet_list_open", "list_item_open", "paragraph_open"]
    children = list(inline(tokens))
    assert {token.type for token in children} <= {"text", "code_inline"}
    assert not any(MORE.search(token.content) for token in children if token.type == "text")
    said = "".join(token.content for token in children).removeprefix("a:")
    assert letters(said) == letters(safe.terminal(text))


@every
def test_a_hostile_value_is_one_code_span_and_a_hostile_text_nothing_but_words_and_code(text: str) -> None:
    one_span(text)
    words_alone(text)


@quick
@given(text=some_texts)
def test_any_value_is_one_code_span_that_holds_it(text: str) -> None:
    one_span(text)


@quick
@given(text=some_texts)
def test_any_text_keeps_its_words_and_nothing_becomes_more_than_a_word(text: str) -> None:
    words_alone(text)


def letters(text: str) -> str:
    """A text without spaces and backticks; where a part of it began with a CI command, as it was."""
    return "".join(text.replace("`", "").split()).replace(":\\x3a", "::")


def test_the_texts_of_the_pack_read_as_they_are_written() -> None:
    pack = read_pack("mlops")
    texts = [text for _, one in statements(pack) for name in ("text", "mend", "title") if (text := getattr(one, name, ""))]
    texts += [known.ask for known in pack.facts.values()]
    for text in texts:
        said = "".join(token.content for token in inline(PARSER.parse(f"- a: {prose(text)}"))).removeprefix("a: ")
        assert said == text.replace("`", "")
    assert sum(prose(text) == text for text in texts) > len(texts) * 0.8
