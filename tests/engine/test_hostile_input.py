"""Files made to hurt: each ends within two seconds, in one clear problem or in a plain value, never in another exception."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from gatewright.engine import document, facts, nodes, pack_loader
from gatewright.engine.errors import CannotJudge, Problem
from gatewright.engine.pack import Pack
from hypothesis import given
from hypothesis import strategies as st
from pace import within

MOST = nodes.MAX_BYTES
SECONDS = 2 if sys.gettrace() is None else 20  # of processor time; measuring coverage takes several times as long
FORMATS = ("yaml", "json", "toml")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")


def judged(data: bytes, ending: str, pack: Pack | None = None) -> tuple[Problem, ...]:
    """The problems of a file, read to the end; fails where that takes two seconds."""
    begin = time.process_time()
    try:
        doc = document.read(data, f"a.{ending}")
        problems = doc.problems
        if pack:
            problems = facts.read(doc, pack).problems
    except CannotJudge as error:
        problems = error.problems
        assert problems
    assert within(time.process_time() - begin, SECONDS)
    return problems


def filled(begin: str, piece: str | Callable[[int], str], end: str = "", most: int = MOST) -> bytes:
    """`begin`, as many pieces as a file may hold, `end`."""
    head, tail = begin.encode(), end.encode()
    if isinstance(piece, str):
        part = piece.encode()
        return head + part * ((most - len(head) - len(tail)) // len(part)) + tail
    parts, size, number = [head], len(head) + len(tail), 0
    while size + len(part := piece(number).encode()) <= most:
        parts.append(part)
        size, number = size + len(part), number + 1
    return b"".join([*parts, tail])


# --- depth: 100,000 levels in every notation

DEEP = {
    "yaml": ["[", "{a: ", "- ", "? ", "- [", "{? ", "[{a: ", "{", "a: [", "&a [", "!x ["],
    "json": ["[", '{"a":', '[{"a":', "{"],
    "toml": ["a = [", "[", "{a = ", "a.", "[a.", "'a'.", '"a".', "[[a."],
}


@pytest.mark.parametrize(("ending", "piece"), [(ending, piece) for ending, pieces in DEEP.items() for piece in pieces])
@pytest.mark.parametrize("begin", ["", "a: ", "a = ", "[[", '{"a": ', "a = [", "a = {a = "])
def test_100_000_levels_end_in_one_problem(ending: str, piece: str, begin: str) -> None:
    most = min(MOST, len(begin) + 100_000 * len(piece))
    (problem,) = judged(filled(begin, piece, most=most), ending)
    assert problem.code in ("too-deep", "syntax", "tag", "bad-key", "too-long")


@pytest.mark.parametrize(
    ("ending", "data"),
    [
        ("yaml", b"[" * 100_000 + b"]" * 100_000),
        ("yaml", b"- " * 100_000 + b"x"),
        ("yaml", b"a: " + b"{a: " * 100_000),
        ("json", b"[" * 100_000 + b"]" * 100_000),
        ("json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        ("toml", b"a = " + b"[" * 100_000 + b"]" * 100_000),
        ("toml", b"a = " + b"{a = " * 100_000),
        ("toml", b"a." * 100_000 + b"a = 1"),
        ("toml", b"[" + b"a." * 100_000 + b"a]"),
        ("toml", b"[[" + b"a." * 100_000 + b"a]]"),
        ("toml", b"a = {" + b"a." * 100_000 + b"a = 1}"),
    ],
)
def test_depth_is_what_is_told_of_a_deep_file(ending: str, data: bytes) -> None:
    (problem,) = judged(data, ending)
    assert problem.code == "too-deep"
    assert problem.place is not None


def test_levels_stacked_by_aliases_of_aliases_end_in_one_problem(pack: Pack) -> None:
    lines = ["a0: &a0 [x]"] + [f"a{i}: &a{i} {'[' * 8}*a{i - 1}{']' * 8}" for i in range(1, 200)]
    (problem,) = judged("\n".join(lines).encode(), "yaml", pack)
    assert problem.code == "too-deep"


# --- what is told of a file that is no fact file at all


@pytest.mark.parametrize("ending", FORMATS)
def test_a_merge_conflict_is_told_as_one_at_its_first_mark(ending: str) -> None:
    lines = {"yaml": "a: 1\n{}b: 2\n", "json": '{{\n{}"b": 2}}', "toml": "a = 1\n{}b = 2\n"}[ending]
    (problem,) = judged(lines.format("<<<<<<< HEAD\n=======\n>>>>>>> main\n").encode(), ending)
    assert (problem.code, problem.what, problem.place) == ("syntax", "a merge conflict stands here", (2, 1, 7))
    assert "<<<<<<<" in problem.help


def test_marks_of_a_conflict_inside_of_a_text_are_a_text() -> None:
    assert judged(b"a: |\n  <<<<<<< HEAD\n", "yaml") == ()


@pytest.mark.parametrize("name", ["UTF-16", "UTF-32"])
def test_a_file_in_another_encoding_is_told_with_its_name(name: str) -> None:
    (problem,) = judged("delivery: {}".encode(name), "yaml")
    assert (problem.code, problem.what) == ("encoding", f"the file is {name}, and UTF-8 is needed")


@pytest.mark.parametrize(
    ("text", "what", "line", "column"),
    [
        ("a: 1\nb: 'x\nc: 2\n", "the text that begins here has no closing quote", 2, 4),
        ("a: 1\nb 2\nc: 3\n", "this line has no `: ` after its key", 2, 1),
        ("a: 1\nb:2\nc: 3\n", "this line has no `: ` after its key", 2, 1),
        ("a: [1,\n  2\nb: 3\n", "here has to be `,` or `]`, for the `[` of line 1 is still open", 3, 2),
        ("a: {b: 1\nc: 3\n", "here has to be `,` or `}`, for the `{` of line 1 is still open", 2, 2),
        ("a:\n\tb: 1\n", "a tab stands here", 2, 1),
        ("a: @b\n", "no text begins with `@`", 1, 4),
        ("a: `b`\n", "no text begins with a backtick", 1, 4),
        ('a: "b" c\n', "a value ends before this, and nothing may follow it", 1, 8),
        ("a: - b\n", "a list can't begin in the line of its key", 1, 4),
        ("a: b: c\n", "this `:` stands where no key can", 1, 5),
        ('a: "\\q"\n', "no escape is written like this", 1, 5),
        ("a: 1\n  b: 2\n", "this `:` stands where no key can", 2, 4),
    ],
)
def test_a_mistake_in_yaml_is_told_in_plain_words_where_it_is(text: str, what: str, line: int, column: int) -> None:
    (problem,) = judged(text.encode(), "yaml")
    assert problem.what == f"this is not YAML: {what}"
    assert problem.place is not None
    assert problem.place[:2] == (line, column)


# --- bombs


@pytest.mark.parametrize("leaf", ["lol", "[x, y]", "{x: y}", "'" + "x" * 20_000 + "'", "{? '" + "k" * 20_000 + "' : 1}"])
def test_a_billion_laughs_end_in_one_problem(leaf: str, pack: Pack) -> None:
    lines = [f"a0: &a0 {leaf}"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    (problem,) = judged("\n".join(lines).encode(), "yaml", pack)
    assert problem.code == "too-many"


def test_a_value_that_holds_itself_is_refused() -> None:
    for data in (b"&a [*a]", b"a: &a\n  b: *a", b"a: &a {b: [*a]}", b"&a {? *a : 1}"):
        (problem,) = judged(data, "yaml")
        assert problem.code in ("bad-alias", "bad-key")


# --- long runs: nothing is read in quadratic time

RUNS = [
    '"',
    "'",
    " ",
    "#",
    ".",
    "[",
    "]",
    "{",
    "}",
    "\\",
    "\n",
    "\t",
    "a",
    "-",
    "- ",
    "? ",
    ": ",
    ":",
    "a.",
    "a: ",
    "&a ",
    "*a ",
    "!a ",
    "|\n",
    ">\n",
    "---\n",
    "...\n",
    "\r",
    "\r\n",
    "=",
    ",",
    ", ",
    "é",
    "\u2028",
    "\U0001f600",
    '"\\"',
    "a\n",
    "a,",
    "1,",
    "_",
    "0",
    "1e",
    "%",
    "%TAG ! x\n",
    "%YAML 1.1\n",
    "#\n",
    ' "',
    "''",
    '""',
    '"""',
    "'''",
    "\\u0041",
    "[[a]]\n",
    "[a]\n",
    "[[a.b.c]]\n",
    "{},",
    "[],",
    '"a".',
    "a=1\n",
    "a: 1\n",
    '"a":1,',
    "\ufeff",
    "@",
    "`",
    "~\n",
]
BEGINS = {
    "yaml": ["", "a: ", 'a: "', "a: '", "a: [", "a: |\n ", "a: >\n ", "[", "{a: ", "- "],
    "json": ["", '{"a": ', '{"a": "', "[", '["a",', '{"'],
    "toml": ["", "a = ", 'a = "', "a = '", 'a = """', "a = '''", "a = [", "a = {", '"', "["],
}


@pytest.mark.parametrize(("ending", "begin"), [(ending, begin) for ending, begins in BEGINS.items() for begin in begins])
def test_a_file_of_one_thing_over_and_over_is_read_in_time(ending: str, begin: str) -> None:
    for run in RUNS:
        judged(filled(begin, run, most=MOST // 32), ending)


MANY: dict[str, tuple[str, str, str | Callable[[int], str], str]] = {
    "yaml keys": ("yaml", "", lambda i: f"k{i}: {i}\n", ""),
    "yaml equal keys": ("yaml", "", "a: 1\n", ""),
    "yaml items": ("yaml", "", "- 1\n", ""),
    "yaml flow line": ("yaml", "[", "1,", "]"),
    "yaml flow pairs": ("yaml", "{", lambda i: f"k{i}: 1, ", "}"),
    "yaml anchors": ("yaml", "", lambda i: f"k{i}: &a{i} x\n", ""),
    "yaml aliases": ("yaml", "a: &a x\nb:\n", "- *a\n", ""),
    "yaml tag lines": ("yaml", "", lambda i: f"%TAG !a{i}! tag:x\n", "--- 1"),
    "yaml tag lines after a document": ("yaml", "a: 1\n...\n", lambda i: f"%TAG !a{i}! tag:x\n", "--- 1"),
    "yaml documents": ("yaml", "", "--- a\n", ""),
    "yaml long key": ("yaml", "? ", "a b ", ": 1"),
    "json keys": ("json", "{", lambda i: f'"k{i}":{i},', '"z":1}'),
    "json equal keys": ("json", "{", '"a":1,', '"z":1}'),
    "json items": ("json", "[", "1,", "1]"),
    "json one text": ("json", '["', "x", '"]'),
    "json one number": ("json", "[", "1", "]"),
    "toml keys": ("toml", "", lambda i: f"k{i} = {i}\n", ""),
    "toml quoted keys": ("toml", "", lambda i: f'"\\u0041{i}" = {i}\n', ""),
    "toml equal keys": ("toml", "", "a = 1\n", ""),
    "toml tables": ("toml", "", lambda i: f"[t{i}]\n", ""),
    "toml equal tables": ("toml", "", "[a]\n", ""),
    "toml arrays of tables": ("toml", "", "[[a]]\nb=1\n", ""),
    "toml nested arrays of tables": ("toml", "", "[[a]]\n[[a.b]]\n", ""),
    "toml deep tables": ("toml", "", lambda i: f"[a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.t{i}]\n", ""),
    "toml deep keys": ("toml", "", lambda i: f"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.t{i}=1\n", ""),
    "toml inline tables": ("toml", "a = [", "{b=1},", "]"),
    "toml floats": ("toml", "a = [", "1.5,", "]"),
    "toml texts": ("toml", "a = [", '"x",', "]"),
    "toml long number": ("toml", "a = ", "1", ""),
    "toml long number with marks": ("toml", "a = ", "1_", "1"),
    "toml long hexadecimal number": ("toml", "a = 0x", "f", ""),
    "toml comments": ("toml", "", "# x\n", "a = 1"),
    "toml blanks": ("toml", "", " \n", "a = 1"),
}


@pytest.mark.parametrize("name", MANY)
def test_a_file_with_as_many_things_as_fit_is_judged_in_time(name: str, pack: Pack) -> None:
    ending, begin, piece, end = MANY[name]
    judged(filled(begin, piece, end), ending, pack)


@pytest.mark.parametrize("cut", [20_000])
def test_a_file_of_many_mistakes_is_judged_in_time(cut: int, pack: Pack) -> None:
    count = range(cut)
    few = range(cut // 8)
    for content in (
        {f"k{i}": i for i in count},
        {"use_case": {f"objectiv{i}": i for i in count}},
        {"use_case": {"risk": {"factors": [f"credi{i}" for i in count]}}},
        {
            "lineage": {
                "datasets": [{"name": f"n{i}"} for i in few],
                "features": [{"name": f"f{i}", "derives_from": [f"n{i}x"]} for i in few],
            }
        },
        {"assumptions": [{"fact": f"use_case.ownr{i}", "value": 1, "reason": "x", "owner": "y"} for i in few]},
        {"sequence": {"order": [f"servin{i}" for i in count]}},
        {"sequence": {"order": ["serving-release"] * cut}},
        {"use_case": {"users": ["<" * 1000 + str(i) for i in range(cut // 40)]}},
        {"lineage": {"datasets": list(count)}},
        {"training": {"resource_limits": [f"a {i} >= 0.1 ms x y" for i in few]}},
    ):
        assert judged(json.dumps(content).encode(), "json", pack) or "users" in str(content) or "resource_limits" in str(content)


def test_a_fact_file_of_20_000_lines_is_read_whole_and_in_time(pack: Pack) -> None:
    lines = ["lineage:", "  datasets:"]
    for number in range(4_000):
        lines += [
            f"    - name: dataset_{number}_with_a_name_of_some_length",
            f"      source: 'warehouse/schema_{number}/table'",
            "      version: 2026-09-30",
            f"      owner: team-{number}@bank.example",
            "",
        ]
    assert judged("\n".join(lines).encode(), "yaml", pack) == ()


def test_names_of_20_000_characters_are_not_compared_letter_by_letter(pack: Pack) -> None:
    name = "".join(chr(0x4E00 + number * 7919 % 103) for number in range(19_000))
    features = [{"name": f"f{i}", "derives_from": [name[i + 1 :] + name[:i]]} for i in range(20)]
    content = {"lineage": {"datasets": [{"name": name}], "features": features}}
    problems = judged(json.dumps(content, ensure_ascii=False).encode(), "json", pack)
    assert [problem.code for problem in problems] == ["bad-reference"] * 20
    assert all(len(problem.what + problem.help) < 400 for problem in problems)


# --- any bytes at all


@pytest.mark.parametrize("ending", FORMATS)
def test_a_key_of_20_000_characters_is_cut_in_the_message(ending: str, pack: Pack) -> None:
    key = "k" * 20_000
    text = {"yaml": f"? {key}\n: 1", "json": f'{{"{key}": 1}}', "toml": f"{key} = 1"}[ending]
    (problem,) = judged(text.encode(), ending, pack)
    assert len(problem.what) < 200


@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(FORMATS),
)
def test_any_bytes_end_in_a_tree_or_in_problems(data: bytes, ending: str) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        document.read(data, f"a.{ending}").root.plain()
    except CannotJudge as error:
        problems = error.problems or (Problem("", ""),)
    assert all(problem.code and problem.what for problem in problems)


def test_three_thousand_damaged_fact_files_end_in_facts_or_in_problems(pack: Pack) -> None:
    seeds = {"json": json.dumps(pack.example, indent=1)[:3_000] + '"}}', "yaml": "", "toml": ""}
    seeds["yaml"] = (Path(__file__).parents[2] / "knowledge" / "mlops" / "bundle.yaml").read_text("utf-8")[:1_500]
    seeds["toml"] = (
        "[use_case]\nowner = 'ana'\nusers = ['x', \"y\"]\n"
        "[[lineage.datasets]]\nname = 'd'\n[sequence]\norder = [1, 2]\n[[assumptions]]\nfact = 'x'\n"
    )
    chance = random.Random(3)
    alphabet = "[]{}.,=\"'#\\ \n\t&*!|>-?:%@abu0129_+é\u2028\x00"
    for number in range(3_000):
        ending = FORMATS[number % 3]
        text = list(seeds[ending])
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(text) + 1)
            text[at : at + chance.randint(0, 9)] = chance.choices(alphabet, k=chance.randint(0, 3))
        judged("".join(text).encode(), ending, pack)
