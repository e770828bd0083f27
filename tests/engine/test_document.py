"""Bytes become text here, and nothing that is not plain text gets past."""

from __future__ import annotations

import json

import pytest
from gatewright.engine import document, nodes
from gatewright.engine.errors import CannotJudge, EngineFault, Place, Problem, short


def refused(data: bytes, file: str = "delivery.yaml") -> Problem:
    with pytest.raises(CannotJudge) as caught:
        document.read(data, file)
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


# --- which format


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("a.yaml", b"a: 1"),
        ("a.yml", b"a: 1"),
        ("A.YAML", b"a: 1"),
        ("a.json", b'{"a": 1}'),
        ("a.toml", b"a = 1"),
        ("a.facts.toml", b"a = 1"),
        ("-", b"a: 1"),
        ("-", b' {"a": 1}'),
        ("<input>", b"a: 1"),
        ("facts", b"a: 1"),
        ("a.txt", b"a: 1"),
    ],
)
def test_the_ending_of_the_name_decides_on_the_format_and_without_one_the_first_character(file: str, data: bytes) -> None:
    assert document.read(data, file).root.plain() == {"a": 1}


def test_a_format_that_is_given_decides_against_the_ending() -> None:
    assert document.read(b"a = 1", "a.yaml", format="toml").root.plain() == {"a": 1}


# --- text


def test_a_byte_order_mark_does_not_count_as_a_column() -> None:
    for file, data in (("a.yaml", b"a: 1"), ("a.json", b'{"a": 1}'), ("a.toml", b"a = 1")):
        with_mark = document.read(b"\xef\xbb\xbf" + data, file)
        assert with_mark.root.entries["a"].place == document.read(data, file).root.entries["a"].place


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(
    ("file", "data"), [("a.yaml", b"a: 1\nb: 2"), ("a.json", b'{"a": 1,\n"b": 2}'), ("a.toml", b"a = 1\nb = 2")]
)
def test_any_kind_of_line_end_gives_the_same_lines(end: bytes, file: str, data: bytes) -> None:
    read = document.read(data.replace(b"\n", end), file)
    assert (read.root.entries["b"].place.line, read.root.entries["b"].place.column) == (2, 1)


@pytest.mark.parametrize("data", [b"", b" ", b"\n\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
@pytest.mark.parametrize("file", ["a.yaml", "a.json", "a.toml"])
def test_an_empty_file_is_told_how_to_begin(data: bytes, file: str) -> None:
    problem = refused(data, file)
    assert (problem.code, problem.help) == ("empty", "begin with `delivery:`")


@pytest.mark.parametrize(
    ("data", "file"),
    [(b"# nothing\n# yet\n", "a.yaml"), (b"---\n", "a.yaml"), (b"# nothing\n", "a.toml"), (b"null", "a.json"), (b"~", "a.yaml")],
)
def test_a_file_without_a_value_is_empty_too(data: bytes, file: str) -> None:
    assert refused(data, file).code == "empty"


@pytest.mark.parametrize("mark", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("file", ["a.yaml", "a.json", "a.toml"])
def test_text_in_another_unicode_encoding_is_named_as_such(mark: str, file: str) -> None:
    problem = refused('{"a": 1}'.encode(mark), file)
    assert problem.code == "encoding"
    assert "UTF-8" in problem.help


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"\xff", 1, 1),
        (b"a: \xe9", 1, 4),
        (b"a: 1\nb: \xc3", 2, 4),
        (b"a: 1\r\nb: \xc3\x28", 2, 4),
        (b"\xef\xbb\xbfa: \xff", 1, 4),
        ("é: ".encode() + b"\xed\xa0\x80", 1, 4),
    ],
)
def test_bytes_that_are_no_utf_8_are_told_with_line_and_column(data: bytes, line: int, column: int) -> None:
    problem = refused(data)
    assert problem.code == "encoding"
    assert problem.place == Place(line, column)
    assert problem.help == "save it as UTF-8"


@pytest.mark.parametrize(
    "char", ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x80", "\x85", "\x9b", "\ufffe", "\uffff"]
)
@pytest.mark.parametrize("file", ["a.yaml", "a.json", "a.toml"])
def test_a_control_character_is_refused_at_its_place_in_every_format(char: str, file: str) -> None:
    problem = refused(f"\n  {char}".encode(), file)
    assert problem.code == "encoding"
    assert problem.place == Place(2, 3)
    assert f"U+{ord(char):04X}" in problem.what


def test_a_picture_is_no_text_file() -> None:
    assert refused(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR").code == "encoding"


@pytest.mark.parametrize("file", ["a.yaml", "a.json", "a.toml"])
def test_a_file_of_30_megabytes_is_refused_before_it_is_read(file: str) -> None:
    problem = refused(b"a" * 30_000_000, file)
    assert problem.code == "too-large"
    assert "30000000" in problem.what


def test_a_file_just_as_large_as_allowed_is_read() -> None:
    data = b"a: 1\n"
    assert document.read(data + b"#" * (nodes.MAX_BYTES - len(data)), "a.yaml").root.plain() == {"a": 1}


def test_a_refusal_carries_the_text_so_that_the_line_can_be_shown() -> None:
    with pytest.raises(CannotJudge) as caught:
        document.read(b"\xef\xbb\xbfa: [1\r\n", "a.yaml")
    assert caught.value.text == "a: [1\n"


def test_keys_given_twice_are_told_beside_a_syntax_error_further_down() -> None:
    with pytest.raises(CannotJudge) as caught:
        document.read(b'{"a": 1, "a": 2, "b" 3}', "a.json")
    assert [problem.code for problem in caught.value.problems] == ["duplicate-key", "syntax"]


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("a.yaml", "a: 'x\u202ey\u200dz'"),
        ("a.json", '{"a": "x\u202ey\u200dz"}'),
        ("a.toml", "a = 'x\u202ey\u200dz'"),
    ],
)
def test_invisible_and_right_to_left_characters_are_text_like_any_other(file: str, data: str) -> None:
    assert document.read(data.encode(), file).root.plain() == {"a": "x\u202ey\u200dz"}


# --- digests


def test_the_order_of_keys_does_not_change_a_digest() -> None:
    assert document.read(b"a: 1\nb: 2", "a.yaml").digest == document.read(b'{"b": 2, "a": 1}', "b.json").digest


def test_another_value_changes_the_digest() -> None:
    assert document.read(b"a: 1", "a.yaml").digest != document.read(b"a: '1'", "a.yaml").digest


def test_a_digest_is_sha_256_of_sorted_compact_json() -> None:
    import hashlib

    expected = hashlib.sha256(json.dumps({"ä": [1, None]}, separators=(",", ":")).encode()).hexdigest()
    assert document.digest({"ä": [1, None]}) == f"sha256:{expected}"


# --- how problems are told


def test_a_long_name_is_cut_in_a_message_and_kept_on_one_line() -> None:
    assert short("a\nb  c") == "a b c"
    assert len(short("x" * 5000)) == 81


def test_our_own_fault_is_not_mistaken_for_a_file_that_cannot_be_judged() -> None:
    assert not issubclass(EngineFault, CannotJudge)
    assert str(CannotJudge([Problem("a", "one"), Problem("b", "two")])) == "one; two"
