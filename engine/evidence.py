"""Evidence: where a fact can be checked, and whether it still counts.

Any fact may be written as `{value: ..., evidence: {url|path, date, digest}}`. Evidence is stale where it is older than
the pack lets it be, or where the file that it names is gone or has another digest than the one stated. The date and
the digests come in as arguments: nothing here reads a clock or a file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from . import measures
from .errors import Place, short
from .keys import Keys
from .measures import Flaw
from .nodes import Entry, Node
from .pack import Pack
from .values import Evidence, Values, kind
from .vocabulary import FactDef

_KEYS = ("value", "evidence")
_EVIDENCE_KEYS = ("url", "path", "date", "digest")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_URL = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)
_OUTSIDE = re.compile(r"[A-Za-z]:|[\\/~]|(.*[\\/])?\.\.([\\/]|$)")
_LONGEST = 1_000  # characters of a path or an address
DigestOf = Callable[[str], str | Flaw]


@dataclass(frozen=True, slots=True)
class Today:
    """What the world outside says: the date, and the digest of each file of the project. Either may be unknown."""

    date: datetime.date | None = None
    digest_of: DigestOf | None = None


def unwrap(known: FactDef, entry: Entry, values: Values, keys: Keys, today: Today) -> tuple[Entry | None, Evidence | None]:
    """The value of a fact, and its evidence where it is written with one. The value may be missing."""
    node = entry.value
    if node.kind != "mapping" or not any(key in node.entries for key in _KEYS):
        return entry, None
    if any(key in known.fields for key in node.entries if key not in _KEYS):
        return entry, None  # a record without its dash, one of whose fields has such a name
    keys.check(node, f"`{known.path}` with evidence", known.path, _KEYS)
    value, evidence = node.entries.get("value"), node.entries.get("evidence")
    found = _evidence(known, evidence, values, keys, today) if evidence else None
    return value, found


def _evidence(known: FactDef, entry: Entry, values: Values, keys: Keys, today: Today) -> Evidence | None:
    node = entry.value
    if values.is_placeholder(node):
        return None

    def bad(what: str, place: Place, help: str) -> None:
        values.problem("bad-evidence", f"the evidence for `{known.path}` {what}", place, help)

    if node.kind != "mapping":
        bad(
            f"has a `url` or a `path`, and here is {kind(node)}",
            entry.place,
            "write for example `evidence: {path: reports/eval.json}`",
        )
        return None
    keys.check(node, f"the evidence for `{known.path}`", f"{known.path}.evidence", _EVIDENCE_KEYS)
    for key, inner in node.entries.items():
        if key in _EVIDENCE_KEYS and inner.value.kind != "text" and not values.is_placeholder(inner.value):
            bad(f"has {kind(inner.value)} as its `{key}`", inner.value.place, "write a text, in quotes where it could be misread")
            return None
    said = {key: keys.said(node, key) for key in _EVIDENCE_KEYS}
    place = {key: _place(node, key, entry.place) for key in _EVIDENCE_KEYS}
    if ("url" in node.entries) == ("path" in node.entries):
        how_many = "both a `url` and a `path`" if "url" in node.entries else "neither a `url` nor a `path`"
        bad(f"has {how_many}", entry.place, "say in one of them where it can be checked")
        return None
    where = said["url"] or said["path"]
    if not where:
        return None  # still to be named
    if len(where) > _LONGEST:
        bad(f"is longer than {_LONGEST} characters", place["url" if said["url"] else "path"], "shorten it")
        return None
    if said["url"] and not _URL.fullmatch(where):
        bad(f"has the address `{short(where)}`", place["url"], "write an address that begins with `https://`")
        return None
    if said["path"] and (_OUTSIDE.match(where) or not where.isprintable()):
        bad(
            f"has the path `{short(where)}`, which leads out of the project",
            place["path"],
            "write a path below the project folder, with `/` between its parts, as in `reports/eval.json`",
        )
        return None
    date = _date(said["date"], place["date"], bad, today)
    digest = said["digest"]
    if digest and not _DIGEST.fullmatch(digest):
        bad(f"has the digest `{short(digest)}`", place["digest"], "write `sha256:` and 64 hexadecimal digits in small letters")
        digest = ""
    return Evidence(said["url"], said["path"], date, digest, entry.place)


def _place(node: Node, key: str, otherwise: Place) -> Place:
    entry = node.entries.get(key)
    return entry.value.place if entry else otherwise


def _date(text: str, place: Place, bad: Callable[[str, Place, str], None], today: Today) -> str:
    if not text:
        return ""
    date = measures.date(text)
    if isinstance(date, Flaw):
        bad(f"has the date `{short(text)}`, which {date.says}", place, "write it as in `2026-09-30`")
        return ""
    if today.date and datetime.date.fromisoformat(date) > today.date:
        bad(f"has the date {date}, which lies after today, {today.date.isoformat()}", place, "write the day on which it was made")
    return date


def stale(evidence: Evidence, path: str, pack: Pack, today: Today) -> str:
    """Why evidence for a fact no longer counts, in words that follow `it`; nothing where it does."""
    limit = pack.freshness(path)
    if evidence.date and limit and today.date:
        last = datetime.date.fromisoformat(evidence.date).toordinal() + int(limit.value)
        if today.date.toordinal() > last:
            since = datetime.date.fromordinal(min(last + 1, datetime.date.max.toordinal())).isoformat()
            return f"rests on evidence of {evidence.date} that counts for {limit.value:g} days: stale since {since}"
    if evidence.path and today.digest_of:
        found = today.digest_of(evidence.path)
        if isinstance(found, Flaw):
            return f"rests on evidence in `{short(evidence.path)}`, which {found.says}"
        if evidence.digest and found != evidence.digest:
            return (
                f"rests on evidence in `{short(evidence.path)}`, which has changed since: "
                f"{evidence.digest[:15]}... is stated and {found[:15]}... is there"
            )
    return ""


HOW = "Check the fact again, and give the date and the digest of the evidence that shows it now."
