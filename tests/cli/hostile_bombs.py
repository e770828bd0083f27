"""Fact files that are small or large, and made to hang, to crash or to fill memory; and what has to be answered."""

from __future__ import annotations

from collections.abc import Callable

from gatewright.engine.nodes import MAX_BYTES, MAX_DEPTH
from hostile_corpus import FINE, UNSAID, Case, whole, written

Piece = str | Callable[[int], str]


def filled(ending: str, code: str, begin: str, piece: Piece, end: str = "", most: int = MAX_BYTES) -> Case:
    """`begin`, as many pieces as a file may hold, `end`."""

    def make() -> bytes:
        head, tail = begin.encode(), end.encode()
        if isinstance(piece, str):
            part = piece.encode()
            return head + part * ((most - len(head) - len(tail)) // len(part)) + tail
        parts, size, number = [head], len(head) + len(tail), 0
        while size + len(part := piece(number).encode()) <= most:
            parts.append(part)
            size, number = size + len(part), number + 1
        return b"".join([*parts, tail])

    return Case(ending, make, code)


def levels(ending: str, begin: str, opened: str, inner: str, closed: str, count: int, code: str = "too-deep") -> Case:
    """So many levels, each closed again."""
    return Case(ending, lambda: (begin + opened * count + inner + closed * count).encode(), code)


def laughs(leaf: str, begin: str, end: str) -> Case:
    """Each line holds ten of the line before it."""
    lines = [f"a0: &a0 {leaf}"]
    lines += [
        f"a{i}: &a{i} {begin}{', '.join(f'k{n}: *a{i - 1}' if begin == '{' else f'*a{i - 1}' for n in range(10))}{end}"
        for i in range(1, 12)
    ]
    return written("yaml", "\n".join(lines), "too-many")


def indented(count: int) -> bytes:
    """A mapping in a mapping, each one column further to the right."""
    return "\n".join(" " * level + "a:" for level in range(count)).encode()


# In each notation that nests: just beyond the limit, and far beyond what a stack holds.
NOTATIONS = {
    "YAML lists in brackets": ("yaml", "lineage: ", "[", "", "]"),
    "YAML mappings in braces": ("yaml", "lineage: ", "{a: ", "1", "}"),
    "YAML lists of mappings": ("yaml", "lineage: ", "[{a: ", "1", "}]"),
    "YAML lists in a line": ("yaml", "lineage:\n", "- ", "x", ""),
    "YAML keys in keys": ("yaml", "", "? ", "x", ""),
    "JSON lists": ("json", '{"lineage": ', "[", "", "]}"),
    "JSON mappings": ("json", "", '{"a":', "1", "}"),
    "JSON lists of mappings": ("json", "", '[{"a":', "1", "}]"),
    "TOML lists": ("toml", "lineage = ", "[", "", "]"),
    "TOML inline tables": ("toml", "lineage = ", "{a = ", "1", "}"),
    "TOML dotted keys": ("toml", "", "a.", "a = 1", ""),
    "TOML quoted dotted keys": ("toml", "", '"a".', "a = 1", ""),
    "TOML headers": ("toml", "[", "a.", "a", "]"),
    "TOML headers of lists of tables": ("toml", "[[", "a.", "a", "]]"),
}
DEPTHS = (MAX_DEPTH + 2, 100_000)
DEEP = {
    f"{count} levels of {what}": levels(*parts, count, "bad-key" if what == "YAML keys in keys" else "too-deep")
    for what, parts in NOTATIONS.items()
    for count in DEPTHS
} | {
    "levels without an end in YAML": filled("yaml", "too-deep", "a: ", "["),
    "levels without an end in JSON": filled("json", "too-deep", "", '{"a":['),
    "levels without an end in TOML": filled("toml", "too-deep", "a = ", "[{a = "),
    "levels by indentation": Case("yaml", lambda: indented(1_900), "too-deep"),
    "levels beyond the size of a file": levels("json", "", "[", "", "]", MAX_BYTES, "too-large"),
    "levels by aliases of aliases": written(
        "yaml", "\n".join(["a0: &a0 [x]", *(f"a{i}: &a{i} {'[' * 8}*a{i - 1}{']' * 8}" for i in range(1, 200))]), "too-deep"
    ),
}

BOMBS = {
    "a billion laughs": laughs("lol", "[", "]"),
    "a billion laughs in mappings": laughs("lol", "{", "}"),
    "a billion long laughs": laughs(f'"{"ha" * 9_000}"', "[", "]"),
    "a billion laughs of records": laughs("{name: a, source: b}", "[", "]"),
    "one value over and over": filled("yaml", "too-many", f"a: &a [{'x, ' * 400}x]\nb: [", "*a, ", "*a]"),
    "a list that holds itself": written("yaml", "delivery: &a [¦*a]", "bad-alias"),
    "a mapping that holds itself": written("yaml", "delivery: &a\n  model: ¦*a\n", "bad-alias"),
    "as many anchors as fit": filled("yaml", "too-many", "", lambda i: f"k{i}: &a{i} x\n"),
    "as many aliases as fit": filled("yaml", "too-many", "a: &a x\nb: [", "*a, ", "*a]"),
    "as many tag lines as fit": filled("yaml", "tag", "", lambda i: f"%TAG !a{i}! tag:x\n", "--- 1"),
    "as many documents as fit": filled("yaml", "many-documents", "", "--- a\n"),
    "as many ends of documents as fit": filled("yaml", UNSAID, "delivery: TBD\n", "...\n"),
    "as many keys as fit in YAML": filled("yaml", "too-many", "", lambda i: f"k{i}: {i}\n"),
    "as many keys as fit in JSON": filled("json", "too-many", "{", lambda i: f'"k{i}":{i},', '"z":1}'),
    "as many keys as fit in TOML": filled("toml", "too-many", "", lambda i: f"k{i}={i}\n"),
    "as many keys as are read": filled("json", "unknown-fact", "{", lambda i: f'"k{i}":{i},', '"z":1}', most=500_000),
    "the same key over and over in YAML": filled("yaml", "duplicate-key", "", "a: 1\n"),
    "the same key over and over in JSON": filled("json", "duplicate-key", "{", '"a":1,', '"a":1}'),
    "the same key over and over in TOML": filled("toml", "too-many", "", "a=1\n"),
    "as many items as fit": filled("json", "too-many", '{"lineage": [', "1,", "1]}"),
    "as many tables as fit": filled("toml", "too-many", "", lambda i: f"[a{i}]\n"),
    "as many lists of tables as fit": filled("toml", "too-many", "", "[[a.b]]\n"),
    "as many tables below tables as fit": filled("toml", "too-many", "", lambda i: f"[a.b.c.d.e.f.g.h.i.j.k.l.m.t{i}]\n"),
    "as many dotted keys as fit": filled("toml", "too-many", "", lambda i: f"a.b.c.d.e.f.g.h.i.j.k.l.t{i}=1\n"),
    "as many inline tables as fit": filled("toml", "too-many", "a = [", "{b=1},", "{b=1}]"),
    "one text of 2 MB in YAML": filled("yaml", "too-long", "delivery: ", "x"),
    "one quoted text of 2 MB": filled("yaml", "too-long", 'delivery: "', "x", '"'),
    "one text of 2 MB in lines": filled("yaml", "too-long", "delivery: |\n", "  x\n"),
    "one folded text of 2 MB": filled("yaml", "too-long", "delivery: >\n", "  x\n"),
    "one text of 2 MB in JSON": filled("json", "too-long", '{"delivery": "', "x", '"}'),
    "one text of escapes": filled("json", "too-long", '{"delivery": "', "\\u0061", '"}'),
    "one text of 2 MB in TOML": filled("toml", "too-long", "delivery = '''", "x", "'''"),
    "one key of 2 MB": filled("json", "too-long", '{"', "k", '": 1}'),
    "one number of 2 MB in YAML": filled("yaml", "number-range", "delivery: ", "9", most=15_000),
    "one number of 2 MB in JSON": filled("json", "number-range", '{"delivery": ', "9", "}"),
    "one number of 2 MB in TOML": filled("toml", "number-range", "delivery = ", "9"),
    "one hexadecimal number of 2 MB": filled("toml", "number-range", "delivery = 0x", "f"),
    "quotes that nothing closes": filled("yaml", "syntax", "delivery: '", "x\n"),
    "brackets that close nothing": filled("yaml", "syntax", "delivery: ", "]"),
    "commas alone": filled("json", "syntax", "[", ","),
    "backslashes alone": filled("json", "syntax", '{"', "\\"),
    "a file of 3 MB": Case("yaml", lambda: whole("yaml").encode() + b"# x\n" * 750_000, "too-large"),
    "comments up to the limit": Case(
        "yaml", lambda: whole("yaml").encode() + b"#" * (MAX_BYTES - len(whole("yaml").encode()) - 1) + b"\n", FINE
    ),
    "blank lines up to the limit": Case("json", lambda: whole("json").encode().ljust(MAX_BYTES, b"\n"), FINE),
    **{
        f"texts that are slow to match, {what}": Case(
            "json",
            lambda text=text: (
                '{"use_case": {"success_metrics": [' + ",".join([f'"{text}"'] * min(9_000, 1_500_000 // len(text))) + "]}}"
            ).encode(),
            UNSAID,
        )
        for what, text in {
            "of words": "a " * 99,
            "of digits": "a >= " + "1" * 190,
            "of groups of digits": "a >= " + "1 000" * 38 + "x",
            "of comparisons": "a" + ">=" * 90,
            "of signs": "-" * 199,
            "of points": "a >= " + "." * 190,
            "of units": "a >= 1 " + "b/" * 95,
            "of brackets": "<" * 199,
            "of open brackets": "<" * 19_000,
            "of braces": "{{" * 9_000,
            "of blanks": "a" + " " * 198 + ">=",
            "of long blanks": "a" + " " * 18_000 + ">= 1",
            "of placeholders": "tbd" * 60,
            "of points at the end": "tbd" + "." * 19_000 + "x",
        }.items()
    },
    **{
        f"a duration that is slow to match, {what}": Case(
            "json", lambda text=text: ('{"governance": {"audit": {"retention": "' + text + '"}}}').encode(), "wrong-value"
        )
        for what, text in {
            "of numbers": "1 " * 9_000,
            "of digits": "1" * 19_000 + "x",
            "of units": "1 day " * 3_000 + "x",
            "of commas": "1,000" * 3_000,
        }.items()
    },
}
