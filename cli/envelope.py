"""Decision records as files: canonical JSON, or that in a signed DSSE envelope. The only import of securesystemslib."""

from __future__ import annotations

import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from ..engine import record
from ..engine.errors import CannotJudge, Problem
from . import inputs

PAYLOAD = "application/vnd.in-toto+json"
_INSTALL = "install Gatewright with the extra `sign`: pip install 'gatewright[sign]'"
_MAKE_KEY = "make one with `openssl genpkey -algorithm ed25519 -out key.pem`"
_MAKE_PUBLIC = "get it with `openssl pkey -in key.pem -pubout -out key.pub`"


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read: its Statement, whether it is written as it has to be, and the envelope where it has one."""

    statement: dict[str, Any]
    canonical: bool
    envelope: dict[str, Any] | None


def seal(payload: bytes, key: str) -> str:
    """`payload` in an envelope, signed with the Ed25519 key in the PEM file `key`. Raises CannotJudge."""
    dsse, signer = _library()
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        private = load_pem_private_key(inputs.read_bytes(key), password=None)
    except (ValueError, TypeError) as error:
        why = "is protected by a password, which can't be asked for here" if isinstance(error, TypeError) else "is no private key"
        raise _unusable(f"`{key}` {why}", _MAKE_KEY) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise _unusable(f"`{key}` is no Ed25519 key", _MAKE_KEY)
    envelope = dsse.Envelope(payload, PAYLOAD, {})
    envelope.sign(signer.CryptoSigner(private))
    return json.dumps(envelope.to_dict(), sort_keys=True, separators=(",", ":")) + "\n"


def read(name: str) -> Record:
    """The record in a file. Raises CannotJudge."""
    data = inputs.read_bytes(name)
    found = _mapping(data, name)
    if "payload" not in found:
        return Record(_statement(found, name), data in (record.canonical(found), record.canonical(found) + b"\n"), None)
    try:
        payload = binascii.a2b_base64(str(found["payload"]), strict_mode=True)
    except ValueError:
        raise _unusable(f"the payload of `{name}` is no base64", "give a record as `gatewright record` wrote it") from None
    inner = _mapping(payload, name)
    return Record(_statement(inner, name), payload == record.canonical(inner), found)


def signed_by(envelope: dict[str, Any], keys: Sequence[str]) -> str:
    """What is wrong with the signatures of an envelope, of which one of `keys` has to have made one; or nothing."""
    dsse, signer = _library()
    public = [_public(key, signer) for key in keys]
    try:
        read = dsse.Envelope.from_dict(json.loads(json.dumps(envelope)))
        signatures = list(read.signatures.values())
        as_written = read.to_dict() == envelope  # base64 has more than one way to write the same bytes
    except Exception:
        return "the envelope is not as it was written"
    if not as_written:
        return "the envelope is not as it was written"
    if read.payload_type != PAYLOAD:
        return f"the envelope says that it holds `{read.payload_type}`, and a record is `{PAYLOAD}`"
    for known in public:
        for signature in signatures:
            if signature.keyid not in ("", known.keyid):
                continue
            try:
                known.verify_signature(signature, read.pae())
            except Exception:  # noqa: S112 - what can't be verified, for whatever reason, is not verified
                continue
            return ""
    return "no signature in it was made with the key that was given"


def _public(key: str, signer: Any) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        public = load_pem_public_key(inputs.read_bytes(key))
    except ValueError:
        raise _unusable(f"`{key}` is no public key", _MAKE_PUBLIC) from None
    if not isinstance(public, Ed25519PublicKey):
        raise _unusable(f"`{key}` is no Ed25519 key", _MAKE_PUBLIC)
    return signer.SSlibKey.from_crypto(public)


def _mapping(data: bytes, name: str) -> dict[str, Any]:
    try:
        found: Any = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise _unusable(f"`{name}` is no JSON: {why}", "give a record as `gatewright record` wrote it") from None
    if not isinstance(found, dict):
        raise _unusable(f"`{name}` holds no record", "give a record as `gatewright record` wrote it")
    return cast("dict[str, Any]", found)


def _statement(found: dict[str, Any], name: str) -> dict[str, Any]:
    own = found.get("predicate", {}).get(record.OWN) if isinstance(found.get("predicate"), dict) else None
    if found.get("_type") != record.STATEMENT or found.get("predicateType") != record.SUMMARY or not isinstance(own, dict):
        raise _unusable(f"`{name}` is no decision record", "give a record as `gatewright record` wrote it")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one mapping")
    return found


def _refused(name: str) -> None:
    raise ValueError(f"`{name}` is no number of JSON")


def _library() -> tuple[Any, Any]:
    try:
        import cryptography  # noqa: F401  # pyright: ignore[reportUnusedImport]
        from securesystemslib import dsse, signer
    except ImportError:
        raise _unusable("signatures need a library that is not installed", _INSTALL) from None
    return dsse, signer


def _unusable(what: str, help: str) -> CannotJudge:
    return CannotJudge([Problem("usage", what, help=help)])
