"""Decision records: what stands in one, who signed it, and that judging again gives the same."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import in_toto_attestation.v1.statement as in_toto
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2

DAY = ("--today", "2026-11-24")
Run = Callable[..., Any]


def pem(folder: Path, name: str, key: Any) -> tuple[str, str]:
    """The files of a private key and its public one."""
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / f"{name}.pem").write_bytes(private)
    (folder / f"{name}.pub").write_bytes(public)
    return f"{name}.pem", f"{name}.pub"


@pytest.fixture
def keys(here: Path) -> tuple[str, str]:
    return pem(here, "key", Ed25519PrivateKey.generate())


@pytest.fixture
def delivery(here: Path, examples: Path) -> str:
    shutil.copy(examples / "credit-default.yaml", here / "delivery.yaml")
    return "delivery.yaml"


@pytest.fixture
def blocked(here: Path, examples: Path) -> str:
    shutil.copy(examples / "demand-forecast.yaml", here / "blocked.yaml")
    return "blocked.yaml"


def recorded(run: Run, file: str, *more: str) -> str:
    run("record", file, "-o", "record.json", *DAY, *more)
    return "record.json"


# --- what a record says


def test_a_record_is_a_statement_that_in_toto_accepts(run: Run, delivery: str) -> None:
    text = Path(recorded(run, delivery)).read_text()
    read = json_format.Parse(text, statement_pb2.Statement())
    in_toto.Statement.copy_from_pb(read).validate()
    assert read.predicate_type == "https://slsa.dev/verification_summary/v1"


def test_its_subject_is_the_file_by_the_digest_that_sha256sum_gives(run: Run, delivery: str) -> None:
    import hashlib

    [subject] = json.loads(Path(recorded(run, delivery)).read_text())["subject"]
    assert subject == {"name": delivery, "digest": {"sha256": hashlib.sha256(Path(delivery).read_bytes()).hexdigest()}}


def test_it_says_what_check_says(run: Run, blocked: str) -> None:
    checked = run("check", blocked, "-f", "json", *DAY).json
    found = json.loads(Path(recorded(run, blocked)).read_text())["predicate"]
    assert found["verificationResult"] == "FAILED"
    assert found["policy"]["digest"] == {"sha256": checked["pack"]["digest"].removeprefix("sha256:")}
    assert found["timeVerified"] == "2026-11-24T00:00:00Z"
    for mine, theirs in zip(found["gatewright"]["gates"], checked["gates"], strict=True):
        assert (mine["id"], mine["status"]) == (theirs["id"], theirs["status"])
        assert mine["exit"] == [{"id": one["id"], "status": one["status"]} for one in theirs["exit"]]


def test_the_exit_code_is_that_of_the_verdict_and_the_record_is_written_either_way(run: Run, delivery: str, blocked: str) -> None:
    assert run("record", delivery, "-o", "a.json").code == 0
    assert run("record", blocked, "-o", "b.json").code == 1
    assert Path("b.json").exists()


def test_two_runs_give_the_same_bytes_signed_or_not(run: Run, delivery: str, keys: tuple[str, str]) -> None:
    for more in ((), ("--sign", keys[0])):
        assert run("record", delivery, *DAY, *more).out == run("record", delivery, *DAY, *more).out != ""


def test_a_hostile_name_and_model_steer_nothing_in_a_printed_record(
    run: Run, write: Any, assert_harmless: Callable[[str], None]
) -> None:
    name = write("##[error]\u202ename.yaml", {"delivery": {"model": "::error::\x1b[31m##[group]", "version": "1"}})
    assert_harmless(run("record", name).out)


# --- a record that is true


@pytest.mark.parametrize("signed", [False, True])
def test_a_record_holds_in_another_folder_under_another_name(
    run: Run, delivery: str, keys: tuple[str, str], signed: bool, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(run, delivery, *(("--sign", keys[0]) if signed else ()))
    (here / "elsewhere").mkdir()
    for name in ("record.json", "key.pub"):
        shutil.copy(name, here / "elsewhere" / name)
    shutil.copy(delivery, here / "elsewhere" / "renamed.yaml")
    monkeypatch.chdir(here / "elsewhere")
    found = run("verify", "record.json", "renamed.yaml", *(("--key", "key.pub") if signed else ()))
    assert found.code == 0
    assert found.out.startswith("TRUE: ")
    assert ("signed with the key" in found.out) is signed


def test_a_record_of_standard_input_is_one_of_the_file(run: Run, delivery: str) -> None:
    text = Path(delivery).read_bytes()
    assert run("record", "-", "-o", "record.json", *DAY, stdin=text).code == 0
    assert run("verify", "record.json", delivery).code == 0
    assert run("verify", "record.json", "-", stdin=text).code == 0


def test_a_true_record_of_a_blocked_delivery_is_no_pass(run: Run, blocked: str) -> None:
    recorded(run, blocked)
    found = run("verify", "record.json", blocked)
    assert (found.code, found.out[:5]) == (1, "TRUE:")
    assert run("verify", "record.json", blocked, "--any-verdict").code == 0


def test_a_record_is_judged_by_its_own_day_and_options(run: Run, delivery: str) -> None:
    run("record", delivery, "-o", "record.json", "--today", "2031-01-01", "--no-assumptions")
    assert run("verify", "record.json", delivery, "-f", "json").json["true"] is True


def test_other_versions_are_told_and_no_fault(run: Run, delivery: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from gatewright.cli.commands import record

    recorded(run, delivery)
    monkeypatch.setattr(record, "_versions", lambda: {"gatewright": "9.9.9"})
    found = run("verify", "record.json", delivery)
    assert found.code == 0
    assert 'verifier.version.gatewright: "0.1.0" in the record, "9.9.9" now' in found.out


# --- one that is not


def changed(path: str, seed: int) -> None:
    """Change one byte of a file for another that can be printed."""
    rng, data = random.Random(seed), bytearray(Path(path).read_bytes())
    at = rng.randrange(len(data) - 1)  # the line end after a record is no part of it
    data[at] = rng.choice([byte for byte in range(33, 127) if byte != data[at]])
    Path(path).write_bytes(data)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("what", ["record.json", "delivery.yaml"])
def test_one_other_byte_is_found(run: Run, delivery: str, what: str, seed: int) -> None:
    recorded(run, delivery)
    changed(what, seed)
    assert run("verify", "record.json", delivery).code in (1, 2)


@pytest.mark.parametrize("seed", range(6))
def test_one_other_byte_of_a_signed_record_is_found(run: Run, delivery: str, keys: tuple[str, str], seed: int) -> None:
    recorded(run, delivery, "--sign", keys[0])
    changed("record.json", seed)
    assert run("verify", "record.json", delivery, "--key", keys[1]).code in (1, 2)


def test_another_pack_is_found(run: Run, delivery: str, shipped_pack: Path, here: Path) -> None:
    recorded(run, delivery)
    shutil.copytree(shipped_pack, here / "other")
    gate = here / "other" / "gates" / "lineage.yaml"
    gate.write_text(gate.read_text().replace("mend: ", "mend: Please. ", 1))
    found = run("verify", "record.json", delivery, "--pack", "other")
    assert found.code == 1
    assert "another pack" in found.out


@pytest.mark.parametrize("seed", range(8))
def test_one_other_byte_of_the_pack_is_found_in_a_comment_too(run: Run, tiny: tuple[str, str], here: Path, seed: int) -> None:
    file, pack = tiny
    for path in sorted((here / pack).rglob("*.yaml")):
        path.write_text(f"# {path.name}, as agreed\n{path.read_text()}\n")
    assert run("record", file, "--pack", pack, "-o", "record.json", *DAY).code == 0
    assert run("verify", "record.json", file, "--pack", pack).code == 0
    rng = random.Random(seed)
    path = rng.choice(sorted((here / pack).rglob("*.yaml")))
    data = bytearray(path.read_bytes())
    at = rng.randrange(2, 10) if seed % 2 else rng.randrange(len(data))
    data[at] = ord("\r") if data[at : at + 1] == b"\n" else rng.choice([byte for byte in range(97, 123) if byte != data[at]])
    path.write_bytes(data)
    found = run("verify", "record.json", file, "--pack", pack)
    assert found.code in (1, 2)
    if seed % 2:  # a comment: the pack says the same, and is not the same
        assert "the pack was changed" in found.out


def test_a_record_says_what_the_pack_drops_and_why(run: Run, delivery: str, here: Path) -> None:
    (here / "over").mkdir()
    said = {"id": "over", "version": "1", "title": "T", "source": "S", "extends": "mlops"}
    (here / "over" / "pack.yaml").write_text(json.dumps(said | {"departures": [{"drop": "criterion budgets", "because": "B"}]}))
    own = json.loads(run("record", delivery, "--pack", "over", *DAY).out)["predicate"]["gatewright"]
    assert [(one["because"], "budgets" in one["what"]) for one in own["pack"]["departures"]] == [("B", True)]


def test_a_forged_verdict_with_a_digest_made_anew_is_found_by_judging_again(run: Run, blocked: str) -> None:
    from gatewright.engine import document, record

    said = json.loads(Path(recorded(run, blocked)).read_text())
    said["predicate"]["verificationResult"] = "PASSED"
    del said["predicate"]["gatewright"]["digest"]
    said["predicate"]["gatewright"]["digest"] = document.digest(said)
    Path("record.json").write_bytes(record.canonical(said))
    found = run("verify", "record.json", blocked, "--any-verdict")
    assert found.code == 1
    assert 'verificationResult: "PASSED" in the record, "FAILED" now' in found.out


def test_the_signature_of_somebody_else_is_none(run: Run, delivery: str, keys: tuple[str, str], here: Path) -> None:
    recorded(run, delivery, "--sign", keys[0])
    _, other = pem(here, "other", Ed25519PrivateKey.generate())
    assert run("verify", "record.json", delivery, "--key", other).code == 1
    assert run("verify", "record.json", delivery, "--key", other, "--key", keys[1]).code == 0


def test_where_a_key_is_given_a_record_without_signature_does_not_hold(run: Run, delivery: str, keys: tuple[str, str]) -> None:
    assert run("verify", recorded(run, delivery), delivery, "--key", keys[1]).code == 1


def test_a_signed_record_without_a_key_can_not_be_judged(run: Run, delivery: str, keys: tuple[str, str]) -> None:
    found = run("verify", recorded(run, delivery, "--sign", keys[0]), delivery)
    assert found.code == 2
    assert "--key KEY" in found.err


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"payload": 1}', '{"payload": "e30="}', '{"a": NaN}', '{"a":1,"a":2}', "[" * 100_000, "\xff"],
)
def test_what_is_no_record_is_told_in_one_problem(run: Run, write: Any, delivery: str, text: str) -> None:
    found = run("verify", write("record.json", text.encode("latin-1")), delivery)
    assert found.code == 2
    assert found.both.count("error[") == 1


@pytest.mark.parametrize("kind", ["rsa", "public", "nonsense", "locked"])
def test_a_key_that_can_not_sign_is_told_with_the_way_to_make_one(run: Run, delivery: str, here: Path, kind: str) -> None:
    private, public = pem(here, "key", generate_private_key(65537, 2048) if kind == "rsa" else Ed25519PrivateKey.generate())
    if kind == "nonsense":
        Path(private).write_text("-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n")
    if kind == "locked":
        how = serialization.BestAvailableEncryption(b"secret")
        own = Ed25519PrivateKey.generate()
        Path(private).write_bytes(own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how))
    found = run("record", delivery, "--sign", public if kind == "public" else private)
    assert found.code == 2
    assert "openssl genpkey -algorithm ed25519" in found.err


def test_without_the_library_unsigned_records_work_and_signing_names_the_extra(
    run: Run, delivery: str, keys: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "securesystemslib", None)
    assert run("verify", recorded(run, delivery), delivery).code == 0
    found = run("record", delivery, "--sign", keys[0])
    assert found.code == 2
    assert "gatewright[sign]" in found.err


def test_evidence_that_was_compared_needs_the_project_again(run: Run, delivery: str) -> None:
    run("record", delivery, "-o", "record.json", "--project", ".")
    found = run("verify", "record.json", delivery)
    assert found.code == 2
    assert "--project DIR" in found.err
    assert run("verify", "record.json", delivery, "--project", ".", "-f", "json").json["true"] is True


# --- with waivers


@pytest.fixture
def waived(here: Path, blocked: str) -> tuple[str, ...]:
    """The options that let the blocked delivery pass."""
    said = {"criterion": "retraining-triggers", "reason": "agreed", "approver": "cro@shop.example", "expires": "2026-12-31"}
    (here / "waivers.yaml").write_text(json.dumps({"waivers": [said]}))
    return "--waivers", "waivers.yaml"


def test_a_record_says_what_was_waived_by_whom_and_until_when(run: Run, blocked: str, waived: tuple[str, ...]) -> None:
    import hashlib

    own = json.loads(Path(recorded(run, blocked, *waived)).read_text())["predicate"]["gatewright"]
    assert own["waivers"]["digest"]["sha256"] == hashlib.sha256(Path("waivers.yaml").read_bytes()).hexdigest()
    (given,) = own["waivers"]["given"]
    assert (given["approver"], given["expires"], given["waives"]) == ("cro@shop.example", "2026-12-31", ["retraining-triggers"])
    assert {"id": "retraining-triggers", "status": "waived"} in own["gates"][6]["exit"]


def test_a_record_with_waivers_holds_with_the_same_ones_elsewhere(
    run: Run, blocked: str, waived: tuple[str, ...], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(run, blocked, *waived)
    (here / "elsewhere").mkdir()
    for name, other in (("record.json", "r.json"), (blocked, "b.yaml"), ("waivers.yaml", "w.json")):
        shutil.copy(name, here / "elsewhere" / other)
    monkeypatch.chdir(here / "elsewhere")
    found = run("verify", "r.json", "b.yaml", "--waivers", "w.json")
    assert found.code == 0
    assert "waived by cro@shop.example until 2026-12-31: agreed" in found.out


def test_other_waivers_are_found(run: Run, blocked: str, waived: tuple[str, ...]) -> None:
    recorded(run, blocked, *waived)
    Path("waivers.yaml").write_text(Path("waivers.yaml").read_text() + " ")
    found = run("verify", "record.json", blocked, *waived)
    assert (found.code, "with other waivers than these" in found.out) == (1, True)


@pytest.mark.parametrize("with_them", [True, False])
def test_waivers_that_are_lacking_or_too_many_can_not_be_judged(
    run: Run, blocked: str, waived: tuple[str, ...], with_them: bool
) -> None:
    recorded(run, blocked, *(waived if with_them else ()))
    found = run("verify", "record.json", blocked, *(() if with_them else waived))
    assert (found.code, "--waivers" in found.err) == (2, True)


def test_a_record_stays_true_and_whether_it_still_passes_is_asked_apart(run: Run, blocked: str, waived: tuple[str, ...]) -> None:
    recorded(run, blocked, *waived)
    asked = ("verify", "record.json", blocked, *waived)
    assert run(*asked).code == 0
    found = run(*asked, "--still", "--today", "2026-12-31")
    assert (found.code, "and passes by the day 2026-12-31 too" in found.out) == (0, True)
    found = run(*asked, "--still", "--today", "2027-01-01")
    assert (found.code, found.out[:5], "but is BLOCKED by the day 2027-01-01" in found.out) == (1, "TRUE:", True)
    assert run(*asked, "--still", "--today", "2027-01-01", "-f", "json").json["still"]["verdict"] == "blocked"


def test_another_day_alone_is_told_to_be_none_of_a_record(run: Run, delivery: str) -> None:
    found = run("verify", recorded(run, delivery), delivery, "--today", "2027-01-01")
    assert (found.code, "--still" in found.err) == (2, True)


# --- every byte

SAID = {"means": "m", "ask": "A?"}
POLICY = {"type": "choice", "choices": ["wait", "go"], "example": "wait"}
STATED = {"text": "T", "mend": "M", "all": [{"fact": "s.model"}]}
TABLE = {
    "id": "t",
    "title": "T",
    "declared": "s.policy",
    "rationale": "s.why",
    "priority": ["r"],
    "rows": [
        {
            "id": "r",
            "signal": "S",
            "when": "on",
            "default": {"choice": "wait", "text": "W"},
            "alternative": {"choice": "go", "text": "G"},
            "tradeoff": "T",
        }
    ],
}
TEXT = {"type": "text", "example": "a", **SAID}
TINY: dict[str, Any] = {
    "pack.yaml": {"id": "tiny", "version": "1", "title": "T", "source": "S", "gates": ["one"], "tables": ["t"]}
    | {"placeholders": [], "nobody": [], "moving": [], "limits": {}},
    "facts.yaml": {
        "sections": [
            {"id": "s", "gate": "one", "title": "S", "facts": {"s.model": TEXT, "s.policy": POLICY | SAID, "s.why": TEXT}}
        ]
    },
    "bundle.yaml": {"checklists": []},
    "antipatterns.yaml": {"antipatterns": []},
    "decisions/t.yaml": {"table": TABLE, "signals": [{"id": "on", "title": "S", "all": [{"fact": "s.policy", "is": "go"}]}]},
    "gates/one.yaml": {"id": "one", "stage": 1, "title": "G", "needs": []}
    | {"entry": {"id": "asked"} | STATED, "exit": [{"id": "named"} | STATED]},
}


@pytest.fixture
def tiny(here: Path) -> tuple[str, str]:
    """A pack of one gate, and a delivery that passes it."""
    for name, said in TINY.items():
        (here / "tiny" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "tiny" / name).write_text(json.dumps(said))
    (here / "a.yaml").write_text("s: {model: a}\n")
    return "a.yaml", "tiny"


def other(byte: int) -> bytes:
    """Another byte that may stand in the same place: the next letter or digit, so that as much as can be stays well-formed."""
    return bytes([byte + 1 if chr(byte + 1).isalnum() else ord("0") if byte != ord("0") else ord("1")])


@pytest.mark.parametrize("signed", [False, True], ids=["unsigned", "signed"])
def test_no_byte_of_a_small_record_can_be_another(
    run: Run, tiny: tuple[str, str], keys: tuple[str, str], signed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from functools import cache

    from gatewright.cli.commands import record, verify
    from gatewright.engine.errors import CannotJudge

    file, pack = tiny
    monkeypatch.setattr(record, "judged", cache(record.judged))  # the same file is judged once for each day and option
    assert run("record", file, "--pack", pack, "-o", "r.json", *DAY, *(("--sign", keys[0]) if signed else ())).code == 0
    data, key = Path("r.json").read_bytes(), [keys[1]] if signed else None
    assert verify.run("r.json", file, key, pack=pack)[1] == 0
    accepted: list[int] = []
    for at in range(len(data) - 1):  # the line end after a record is no part of it
        Path("r.json").write_bytes(data[:at] + other(data[at]) + data[at + 1 :])
        try:
            code = verify.run("r.json", file, key, pack=pack)[1]
        except CannotJudge:
            code = 2
        if code == 0:
            accepted.append(at)
    assert [(at, data[at - 30 : at + 10]) for at in accepted] == []
