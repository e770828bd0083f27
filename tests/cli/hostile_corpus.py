"""Fact files that are broken or made to hurt, each made from a whole delivery by one damage, and what has to be answered.

`¦` in a damage marks the place that has to be told, and `¦¦` the line; they are taken out. Where nobody can say where a
fault begins, nothing is marked. What is answered follows from the code of the problem: a file that can't be read is never judged.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import tomli_w
from gatewright.engine import pack_loader

ROOT = Path(__file__).parents[2]
MARK = "¦"
UNREADABLE = (
    "syntax",
    "encoding",
    "empty",
    "tag",
    "bad-key",
    "bad-alias",
    "bad-text",
    "duplicate-key",
    "many-documents",
    "number-range",
    "too-deep",
    "too-large",
    "too-long",
    "too-many",
)
UNSAID = "-"  # the file is valid, and something that a gate needs is not stated
FINE = ""  # the damage is none: such a file passes


@dataclass(frozen=True)
class Case:
    """A file: the ending of its name, how its bytes are made, and code, line and column (0: any) of its first problem."""

    ending: str
    make: Callable[[], bytes]
    code: str
    place: tuple[int, int] | None = None

    @property
    def check(self) -> int:
        return 0 if self.code == FINE else 2 if self.code in UNREADABLE else 1

    @property
    def validate(self) -> int:
        return 0 if self.code == UNSAID else self.check


@lru_cache
def whole(ending: str) -> str:
    """A delivery that passes all gates: a file as a person writes it, or one as a program does."""
    if ending == "yaml":
        return (ROOT / "docs" / "examples" / "credit-default.yaml").read_text("utf-8")
    example = pack_loader.load(ROOT / "knowledge" / "mlops").example
    return json.dumps(example, indent=1) if ending == "json" else tomli_w.dumps(example)


def swapped(ending: str, old: str, new: str, code: str) -> Case:
    """The whole delivery with `old`, which stands there once, written as `new`."""
    text = whole(ending)
    assert text.count(old) == 1, f"{old} stands {text.count(old)} times"
    return written(ending, text.replace(old, new), code)


def written(ending: str, text: str, code: str) -> Case:
    """A text as it is, its place marked."""
    place = None
    if MARK in text:
        before, _, after = text.partition(MARK)
        place = (before.count("\n") + 1, 0 if after.startswith(MARK) else len(before) - before.rfind("\n"))
        text = before + after.removeprefix(MARK)
    return Case(ending, lambda: text.encode(), code, place)


def raw(ending: str, old: str, new: bytes, code: str = "encoding") -> Case:
    """The whole delivery with bytes in place of `old`, told where they stand."""
    before, found, after = whole(ending).partition(old)
    assert found
    assert old not in after
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    return Case(ending, lambda: before.encode() + new + after.encode(), code, place)


def cut(ending: str, share: float, code: str) -> Case:
    """The beginning of the whole delivery: as far as a disk had room. JSON is told at its end, or where its last text begins."""
    text = whole(ending)[: int(len(whole(ending)) * share)]
    if ending == "json":
        at = text.rindex('"') if text.count('"') % 2 else len(text)
        text = text[:at] + MARK + text[at:]
    return written(ending, text, code)


OWNER = "  owner: Ana Lopez, head of consumer credit\n"
RISK = '"impact": "high"'
TOML_RISK = 'impact = "high"'
LAST = "  severities:\n"

SYNTAX = {
    # YAML
    "a double quote that nothing closes": swapped("yaml", "decision_log: tag approval", 'decision_log: "tag approval', "syntax"),
    "a double quote open to the end": swapped("yaml", "- {action: Rehearse", '- {action: ¦"Rehearse', "syntax"),
    "a single quote open to the end": swapped("yaml", "      - name: sev3", "      - name: ¦'sev3", "syntax"),
    "text after a closing quote": swapped("yaml", "max_reruns: 2", 'max_reruns: "2" ¦times', "syntax"),
    "a bracket that nothing closes": swapped("yaml", "factors: [credit, rights]", "factors: [credit, rights", "syntax"),
    "a brace that nothing closes": swapped("yaml", "impact: high", "impact: {high", "syntax"),
    "a closing bracket too many": swapped("yaml", "factors: [credit, rights]", "factors: [credit, rights]¦]", "syntax"),
    "a bracket closed by a brace": swapped("yaml", "factors: [credit, rights]", "factors: [credit, rights¦}", "syntax"),
    "a comma for nothing": swapped("yaml", "factors: [credit, rights]", "factors: [credit, ¦, rights]", "syntax"),
    "a tab as indentation": swapped("yaml", "    impact: high", "¦\timpact: high", "syntax"),
    "a tab after the indentation": swapped("yaml", "    impact: high", "    ¦\timpact: high", "syntax"),
    "a key one column too far to the right": swapped(
        "yaml", "    impact: high\n    factors:", "    impact: high\n     factors¦:", "syntax"
    ),
    "a key one column too far to the left": swapped("yaml", "    factors: [", "   ¦factors: [", "syntax"),
    "a colon in a plain text": swapped("yaml", "alert: ml-oncall", "alert: on call¦: ml-oncall", "syntax"),
    "a text that begins with @": swapped("yaml", "alert: ml-oncall@bank.example", "alert: ¦@ml-oncall", "syntax"),
    "a text that begins with a backtick": swapped("yaml", "impact: high", "impact: ¦`high`", "syntax"),
    "a text that begins with %": swapped("yaml", "impact: high", "impact: ¦%high", "syntax"),
    "a list in the line of its key": swapped("yaml", "impact: high", "impact: ¦- high", "syntax"),
    "a list among keys": swapped("yaml", "    impact: high", "    impact: high\n    ¦- low", "syntax"),
    "a key without a colon": swapped("yaml", "    impact: high\n    factors:", "    ¦impact high\n    factors:", "syntax"),
    "a key without a space after its colon": swapped("yaml", "    impact: high\n", "    ¦impact:high\n", "syntax"),
    "a bad escape": swapped("yaml", "impact: high", 'impact: "¦\\high"', "syntax"),
    "half a character pair escaped in YAML": swapped("yaml", "impact: high", 'impact: "\\ud800"', "syntax"),
    "an alias of nothing": swapped("yaml", "impact: high", "impact: ¦*high", "bad-alias"),
    "two anchors on one value": swapped("yaml", "impact: high", "impact: &a ¦&b high", "syntax"),
    "merge conflict markers in YAML": swapped(
        "yaml", OWNER, f"¦<<<<<<< HEAD\n{OWNER}=======\n  owner: Eva\n>>>>>>> main\n", "syntax"
    ),
    "a second document": swapped("yaml", LAST, LAST + "¦---\ndelivery: {}\n", "many-documents"),
    "text after the end of the document": swapped("yaml", "# Gate 9:", "...\n¦]\n# Gate 9:", "syntax"),
    "a file of another time": written("yaml", "¦%YAML 3.0\n---\n" + whole("yaml"), "syntax"),
    "YAML cut at a third": cut("yaml", 0.333, UNSAID),
    "YAML cut at the end": cut("yaml", 0.97, UNSAID),
    # JSON
    **{f"JSON cut at {share} of it": cut("json", share, "syntax") for share in (0.1, 0.26, 0.5, 0.75, 0.99)},
    "JSON with a comma before the brace": written("json", '{"delivery": {"model": "a"}¦,}', "syntax"),
    "JSON with a comma for nothing": swapped("json", f"{RISK},", f"{RISK},¦,", "syntax"),
    "JSON without a comma": swapped("json", f'{RISK},\n   "', f'{RISK}\n   ¦"', "syntax"),
    "JSON with single quotes": swapped("json", RISK, "¦'impact': 'high'", "syntax"),
    "JSON with a single-quoted value": swapped("json", RISK, "\"impact\": ¦'high'", "syntax"),
    "JSON with a bare key": swapped("json", RISK, '¦impact: "high"', "syntax"),
    "JSON with a bare value": swapped("json", RISK, '"impact": ¦high', "syntax"),
    "JSON without a colon": swapped("json", RISK, '"impact" ¦"high"', "syntax"),
    "JSON with a comment": swapped("json", RISK, f"¦// severe\n{RISK}", "syntax"),
    "JSON with a hash comment": swapped("json", RISK, f"¦# severe\n{RISK}", "syntax"),
    "JSON with a line break in a text": swapped("json", RISK, '"impact": "hi¦\ngh"', "syntax"),
    "JSON with a tab in a text": swapped("json", RISK, '"impact": "hi¦\tgh"', "syntax"),
    "JSON with an escape that is none": swapped("json", RISK, '"impact": "¦\\high"', "syntax"),
    "JSON with a short escape": swapped("json", RISK, '"impact": "\\u12"', "syntax"),
    "JSON with True": swapped("json", RISK, '"impact": ¦True', "syntax"),
    "JSON with None": swapped("json", RISK, '"impact": ¦None', "syntax"),
    "JSON with undefined": swapped("json", RISK, '"impact": ¦undefined', "syntax"),
    "JSON with a number that begins with 0": swapped("json", RISK, '"impact": 0¦1', "syntax"),
    "JSON with a plus": swapped("json", RISK, '"impact": ¦+1', "syntax"),
    "JSON with a point alone": swapped("json", RISK, '"impact": ¦.5', "syntax"),
    "JSON with a hexadecimal number": swapped("json", RISK, '"impact": 0¦x1F', "syntax"),
    "two values in JSON": written("json", whole("json") + "\n¦{}", "syntax"),
    "JSON lines": written("json", '{"delivery": {}}\n¦{"use_case": {}}\n', "syntax"),
    "merge conflict markers in JSON": swapped("json", RISK, f"¦<<<<<<< HEAD\n{RISK}\n=======", "syntax"),
    "JSON with a brace too many": written("json", whole("json") + "¦}", "syntax"),
    # TOML
    "TOML with a bare text": swapped("toml", TOML_RISK, "impact = ¦high", "syntax"),
    "TOML without a value": swapped("toml", TOML_RISK, "impact =¦", "syntax"),
    "TOML without an equals sign": swapped("toml", TOML_RISK, 'impact ¦"high"', "syntax"),
    "TOML with a quote open": swapped("toml", TOML_RISK, 'impact = "high¦', "syntax"),
    "TOML with a header open": swapped("toml", "[use_case.risk]", "[use_case.risk¦", "syntax"),
    "TOML with an escape that is none": swapped("toml", TOML_RISK, 'impact = "\\high"', "syntax"),
    "TOML with half a character pair escaped": swapped("toml", TOML_RISK, 'impact = "\\ud800"', "syntax"),
    "TOML with a day that no calendar has": swapped("toml", TOML_RISK, "impact = ¦¦2026-13-45", "syntax"),
    "TOML with a number that begins with 0": swapped("toml", TOML_RISK, "impact = 0¦1", "syntax"),
    "TOML with a key twice": swapped("toml", TOML_RISK, f'{TOML_RISK}\n¦impact = "low"', "duplicate-key"),
    "TOML with a table twice": written("toml", whole("toml") + "\n[¦delivery]\n", "duplicate-key"),
    "TOML with a value below a value": swapped("toml", TOML_RISK, f"{TOML_RISK}\nimpact.areas = 1", "syntax"),
    "merge conflict markers in TOML": swapped("toml", TOML_RISK, f"¦<<<<<<< HEAD\n{TOML_RISK}", "syntax"),
    # one format in the clothes of another
    "YAML called JSON": written("json", "¦" + whole("yaml"), "syntax"),
    "YAML called TOML": Case("toml", lambda: whole("yaml").encode(), "syntax"),
    "JSON called TOML": Case("toml", lambda: whole("json").encode(), "syntax"),
    "TOML called YAML": Case("yaml", lambda: whole("toml").encode(), "syntax"),
    "a web page": written("yaml", "¦<!doctype html>\n<p>Not found: sorry</p>\n", "syntax"),
    "an error message": written("json", "¦curl: (6) Could not resolve host\n", "syntax"),
}

ENCODINGS = {
    "UTF-16": Case("yaml", lambda: whole("yaml").encode("utf-16"), "encoding"),
    "UTF-16 of a larger end": Case("json", lambda: b"\xfe\xff" + whole("json").encode("utf-16-be"), "encoding"),
    "UTF-16 without a mark": Case("yaml", lambda: whole("yaml").encode("utf-16-le"), "encoding", (1, 2)),
    "UTF-32": Case("yaml", lambda: whole("yaml").encode("utf-32"), "encoding"),
    "UTF-32 of a larger end": Case("json", lambda: b"\0\0\xfe\xff" + whole("json").encode("utf-32-be"), "encoding"),
    "Latin-1": raw("yaml", "Airflow", "été".encode("latin-1")),
    **{
        f"{what} in {ending}": raw(ending, old, data)
        for ending, old in {"yaml": "Airflow, DAG", "json": "Airflow", "toml": "Airflow"}.items()
        for what, data in {
            "a curly quote of Windows": b"\x93Airflow\x94",
            "an overlong slash": b"\xc0\xaf",
            "an overlong NUL": b"\xc0\x80",
            "half a character pair in bytes": b"\xed\xa0\x80",
            "a character beyond the last": b"\xf4\x90\x80\x80",
            "a sequence of five bytes": b"\xf8\x88\x80\x80\x80",
            "a byte that continues nothing": b"\x80",
            "NUL": b"\0",
            "an escape sequence": b"\x1b[31m",
            "a backspace": b"\x08",
            "an 8-bit control": b"\xc2\x9b31m",
            "what is no character": b"\xef\xbf\xbf",
        }.items()
    },
    "a character cut off at the end": Case("yaml", lambda: b"delivery:\n  model: caf\xc3", "encoding", (2, 13)),
    "a compressed file": Case("yaml", lambda: b"\x1f\x8b\x08\x00" + bytes(range(256)), "encoding", (1, 2)),
    "a PDF": Case("yaml", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "encoding", (2, 2)),
    "a picture": Case("json", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "encoding", (1, 1)),
    "an empty file": Case("yaml", lambda: b"", "empty"),
    "blanks alone": Case("json", lambda: b" \n\t\n ", "empty"),
    "a comment alone": Case("yaml", lambda: b"# later\n", "empty"),
    "a byte order mark alone": Case("toml", lambda: b"\xef\xbb\xbf", "empty"),
    "null alone": Case("json", lambda: b"null", "empty"),
    "half a character pair escaped in JSON": swapped("json", RISK, '"impact": ¦"\\ud800"', "bad-text"),
    "a character pair the wrong way round": swapped("json", RISK, '"impact": ¦"\\udc00\\ud800"', "bad-text"),
    "half a character pair in a key": swapped("json", RISK, f'{RISK}, ¦"\\udfff": 1', "bad-text"),
    "a byte order mark at the beginning": Case("yaml", lambda: b"\xef\xbb\xbf" + whole("yaml").encode(), FINE),
    "line ends of Windows": Case("yaml", lambda: whole("yaml").replace("\n", "\r\n").encode(), FINE),
    "line ends of an old Macintosh": Case("toml", lambda: whole("toml").replace("\n", "\r").encode(), FINE),
    "a character pair escaped": swapped("json", '"strict-approvals"', '"strict-approvals", "rationale": "\\ud83d\\ude00"', FINE),
}

TAGS = {
    **{
        f"the tag {tag}": swapped("yaml", "impact: high", f"impact: ¦{tag}", "tag")
        for tag in (
            "!!python/object/apply:os.system ['touch gone']",
            "!!python/object/new:os.system ['touch gone']",
            "!!python/name:os.system ''",
            "!!python/module:os ''",
            "!!python/tuple [high]",
            "!!binary aGlnaA==",
            "!!str high",
            "!!float .nan",
            "!!timestamp 2026-09-30",
            "!!set {high}",
            "!!omap [high: 1]",
            "!include /etc/passwd",
            "!vault high",
            "!<tag:yaml.org,2002:str> high",
            "! high",
            "!ENV ${HOME}",
        )
    },
    "a tag on a key": swapped("yaml", "    impact: high", "    ¦!!str impact: high", "tag"),
    "a tag on a section": swapped("yaml", "  risk:\n    impact", "  risk: ¦!!map\n    impact", "tag"),
    "a tag that is declared": written("yaml", "¦%TAG !e! tag:example.com,2000:\n---\n" + whole("yaml"), "tag"),
    "a tag that nobody declared": swapped("yaml", "impact: high", "impact: !e!high high", "syntax"),
}

_STEERING = {
    "colour": "\\u001b[31mred\\u001b[0m",
    "clearing the screen": "\\u001b[2J\\u001b[H",
    "a title": "\\u001b]0;owned\\u0007",
    "a line on top": "a\\rPASSED, all 10 gates",
    "a line below": "a\\nPASSED, all 10 gates",
    "text turned round": "\\u202ehgih",
    "a workflow command": "::error file=a::owned",
    "a workflow command in another line": "a\\n::set-output name=a::b",
    "an older workflow command": "##[error]owned",
    "a command of a pipeline": "##vso[task.setvariable variable=a]b",
    "an escaped line break": "a%0A::error::b",
    "HTML": "a <script>alert(1)</script>",
    "markup": "[red]a[/red]",
    "Markdown": "![a](http://evil.example/a.png)",
    "a drawing": "end --> x",
}
INJECTIONS = {
    **{f"{what} in a key": swapped("json", RISK, f'{RISK}, ¦"{text}": 1', "unknown-fact") for what, text in _STEERING.items()},
    **{f"{what} in a value": swapped("json", RISK, f'"impact": ¦"{text}"', "wrong-choice") for what, text in _STEERING.items()},
}
