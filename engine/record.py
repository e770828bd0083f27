"""Verdict -> decision record: an in-toto Statement that says what was judged, by what, and with which answer.

The predicate is the verification summary of SLSA 1.0 (https://slsa.dev/spec/v1.0/verification_summary). What it has no place
for stands under the key `gatewright`; readers of summaries ignore keys that they do not know.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from .document import digest
from .facts import named
from .pack import Pack
from .verdict import CriterionVerdict, GateVerdict, Verdict

STATEMENT = "https://in-toto.io/Statement/v1"
SUMMARY = "https://slsa.dev/verification_summary/v1"
VERIFIER = "urn:gatewright"
OWN = "gatewright"
# What may differ between two machines that judge alike: it is told, and is no fault of the record.
_OF_THE_MACHINE = ("predicate.verifier.version.", f"predicate.{OWN}.engine.")
_FIRST = (
    "subject.",
    "predicate.policy.",
    f"predicate.{OWN}.pack.",
)  # another file or another pack explains all other differences


@dataclass(frozen=True, slots=True)
class Judged:
    """What a verdict was asked for with: the day, whether assumptions counted, whether evidence was compared with files,
    a digest over the files of the pack, and what the waivers file held, where there was one.
    """

    today: datetime.date
    assumptions: bool
    project: bool
    pack_files: str
    waivers: bytes | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of two records, and what each says there; nothing where it has no such place."""

    path: str
    recorded: str
    found: str


def statement(verdict: Verdict, name: str, data: bytes, judged: Judged, versions: Mapping[str, str]) -> dict[str, Any]:
    """The Statement about a verdict on the fact file `data`, called `name`, by the named `versions` of packages."""
    found: dict[str, Any] = {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": hashlib.sha256(data).hexdigest()}}],
        "predicateType": SUMMARY,
        "predicate": {
            "verifier": {"id": VERIFIER, "version": dict(sorted(versions.items()))},
            "timeVerified": f"{judged.today.isoformat()}T00:00:00Z",
            "resourceUri": _resource(verdict),
            "policy": _policy(verdict.pack),
            "verificationResult": "PASSED" if verdict.passed else "FAILED",
            "verifiedLevels": [_level(verdict.pack, gate) for gate in verdict.gates if gate.status == "passed"],
            OWN: _own(verdict, judged),
        },
    }
    found["predicate"][OWN]["digest"] = digest(found)
    return found


def _resource(verdict: Verdict) -> str:
    names = named(verdict.facts, verdict.pack) or ["unnamed"]
    return "urn:gatewright:delivery:" + ":".join(map(_quoted, names))


def _quoted(text: str) -> str:
    """`text` as a part of a URI: what is no ASCII letter, digit or one of `-._~` as its bytes in percent signs."""
    bare = ((char.isascii() and char.isalnum()) or char in "-._~" for char in text)
    return "".join(
        char if plain else "".join(f"%{byte:02X}" for byte in char.encode()) for char, plain in zip(text, bare, strict=True)
    )


def _policy(pack: Pack) -> dict[str, Any]:
    return {"uri": f"urn:gatewright:pack:{pack.id}:{_quoted(pack.version)}", "digest": _sha256(pack.digest)}


def _sha256(digest: str) -> dict[str, str]:
    return {"sha256": digest.removeprefix("sha256:")}


def _level(pack: Pack, gate: GateVerdict) -> str:
    """A level of the verifier's own, as the summary allows: it may not begin with `SLSA_`."""
    return f"GATEWRIGHT_{pack.id}_{gate.gate.id}".upper().replace("-", "_")


def _own(verdict: Verdict, judged: Judged) -> dict[str, Any]:
    return {
        "verdict": "passed" if verdict.passed else "blocked",
        "today": judged.today.isoformat(),
        "assumptions_count": judged.assumptions,
        "evidence_compared": judged.project,
        "facts": {"digest": _sha256(verdict.facts.digest)},
        "pack": {
            "files": _sha256(judged.pack_files),
            "departures": [{"what": one.what, "because": one.because} for one in verdict.pack.departures],
        },
        "engine": asdict(verdict.engine),
        "gates": [_gate(found) for found in verdict.gates],
        "recommendations": [
            {"table": found.table.id, "row": found.row.id, "leads": found.leads, "deviates": found.deviates}
            for found in verdict.recommendations
        ],
        "undecided": [{"table": found.table.id, "row": found.row.id} for found in verdict.undecided],
        "antipatterns": [found.pattern.id for found in verdict.antipatterns],
        "assumptions": [found.fact for found in verdict.assumptions],
        "waivers": None if judged.waivers is None else _waivers(verdict, judged.waivers),
        "problems": [found.code for found in verdict.facts.problems],
        "turned_round": [list(pair) for pair in verdict.turned_round],
    }


def _waivers(verdict: Verdict, data: bytes) -> dict[str, Any]:
    """The waivers file by the digest of its bytes, and each waiver with what it lets pass."""
    given = [
        {
            "gate": one.gate,
            "criterion": one.criterion,
            "reason": one.reason,
            "approver": one.approver,
            "expires": one.expires,
            "delivery": one.delivery,
            "pack": one.pack,
            "status": one.state,
            "waives": list(verdict.waives(one)),
        }
        for one in verdict.waivers.given
    ]
    return {"digest": {"sha256": hashlib.sha256(data).hexdigest()}, "given": given}


def _gate(found: GateVerdict) -> dict[str, Any]:
    return {
        "id": found.gate.id,
        "status": found.status,
        "entry": _criterion(found.entry),
        "exit": [_criterion(criterion) for criterion in found.exit],
    }


def _criterion(found: CriterionVerdict) -> dict[str, str]:
    return {"id": found.criterion.id, "status": found.status}


def canonical(statement: Mapping[str, Any]) -> bytes:
    """A Statement in its one form: JSON with sorted keys and no spaces, everything but plain ASCII as an escape.

    So is `#`: with it a text of the file could become a command where a CI job prints the record.
    """
    found = json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return found.replace("#", "\\u0023").encode("ascii")


def is_whole(statement: Mapping[str, Any]) -> bool:
    """Whether the digest in a Statement is that of the rest of it."""
    predicate = statement.get("predicate")
    own: Any = cast("dict[str, Any]", predicate).get(OWN) if isinstance(predicate, dict) else None
    if not isinstance(own, dict):
        return False
    rest = {key: value for key, value in cast("dict[str, Any]", own).items() if key != "digest"}
    whole = {**statement, "predicate": {**cast("dict[str, Any]", predicate), OWN: rest}}
    return digest(whole) == cast("dict[str, Any]", own).get("digest")


def differences(recorded: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[list[Difference], list[Difference]]:
    """Where two Statements differ: in what was judged and answered, and in the versions of what judged.

    The name of the subject is not compared, for a file may be called otherwise elsewhere, and neither is the digest of the
    record itself.
    """
    before, after = (dict(_places(one)) for one in (recorded, found))
    every = [
        Difference(path, before.get(path, ""), after.get(path, ""))
        for path in dict.fromkeys((*before, *after))
        if before.get(path) != after.get(path) and path not in ("subject.1.name", f"predicate.{OWN}.digest")
    ]
    every.sort(key=lambda one: not one.path.startswith(_FIRST))
    of_machine = [one for one in every if one.path.startswith(_OF_THE_MACHINE)]
    return [one for one in every if one not in of_machine], of_machine


def _places(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every single value below one, with the way there; members of lists by their `id`, else by their number."""
    if isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            yield from _places(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for number, inner in enumerate(cast("list[object]", value), 1):
            members = cast("dict[str, object]", inner if isinstance(inner, dict) else {})
            yield from _places(cast("object", inner), f"{path}.{members.get('id', number)}")
    else:
        yield path, json.dumps(value, ensure_ascii=True)
