"""SLSA provenance: from which commit and which data a model was built, as in-toto statements say, in an envelope or not.

No signature is checked here: what a statement says is proposed for a person to accept.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...engine.errors import Place
from ...engine.nodes import Node
from ...engine.sources import Source
from . import json_files
from .found import At, Finding, Says, Shortfall
from .nodes import get, items, pairs, text
from .tree import Tree

_STATEMENTS = ("https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1")
_PREDICATES = ("https://slsa.dev/provenance/v0.1", "https://slsa.dev/provenance/v0.2", "https://slsa.dev/provenance/v1")
_PAYLOAD = "application/vnd.in-toto+json"
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# What is a model, or data, by the ending of its name alone.
_MODELS = (".onnx", ".pt", ".pth", ".pkl", ".joblib", ".safetensors", ".h5", ".keras", ".gguf", ".tflite", ".mlmodel", ".ubj")
_DATA = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".avro", ".arrow", ".feather", ".orc", ".tfrecord")


@dataclass(frozen=True, slots=True)
class _Material:
    """Something that a build used: `digest` by its kind."""

    place: int
    uri: str
    name: str
    digest: dict[str, str]

    @property
    def commit(self) -> str:
        """The commit of a git repository."""
        found = self.digest.get("gitCommit") or (self.digest.get("sha1", "") if "git" in self.uri else "")
        return found if _COMMIT.fullmatch(found) else ""


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """Everything that statements of provenance say."""
    for file in tree.of(table):
        for root in json_files.read(tree, file):
            statement, signed = _statement(tree, file, root)
            if statement is not None and _is_provenance(statement):
                yield from _provenance(file, root.place.line, statement, signed=signed)


def _statement(tree: Tree, file: str, root: Node) -> tuple[Node | None, bool]:
    """The statement and whether anybody signed it: bare, in a DSSE envelope, or in a bundle of Sigstore around that."""
    envelope = get(root, "dsseEnvelope") or root
    if text(get(envelope, "payloadType")) != _PAYLOAD:
        return root, False
    written = get(envelope, "payload")
    said = "".join(written.raw.split()) if written else ""
    try:
        payload = base64.b64decode(said, altchars=b"-_" if "-" in said or "_" in said else None, validate=True)
        decoded = payload.decode("utf-8")
    except (binascii.Error, ValueError):
        tree.note(file, "the payload of its envelope is not the Base64 of a UTF-8 text")
        return None, False
    found = json_files.parse(tree, file, decoded, written.place.line if written else 0)
    signed = any(text(get(one, "sig")) for one in items(get(envelope, "signatures")))
    return (_at_one_line(found[0], root.place.line) if len(found) == 1 else None), signed


def _at_one_line(root: Node, line: int) -> Node:
    """A statement out of an envelope: all that it says stands at the envelope."""
    waiting = [root]
    while waiting:
        one = waiting.pop()
        one.place = Place(line, 1)
        waiting += [*one.items, *(entry.value for entry in one.entries.values())]
    return root


def _is_provenance(statement: Node) -> bool:
    return text(get(statement, "_type")) in _STATEMENTS and text(get(statement, "predicateType")) in _PREDICATES


def _provenance(file: str, line: int, statement: Node, *, signed: bool) -> Iterator[Finding]:
    predicate = get(statement, "predicate")
    subjects = [(one, text(get(one, "name"))) for one in items(get(statement, "subject")) if text(get(one, "name"))]
    builder = text(get(predicate, "builder", "id")) or text(get(predicate, "runDetails", "builder", "id"))
    for one, name in subjects:
        here = At(file, one.place.line, f"subject {name}")
        digest = _digest(get(one, "digest"))
        if not digest:
            yield Shortfall(here, f"`{name}` has no digest, so the statement may be of any file of this name", "add its SHA-256")
            continue
        if builder:
            by = {"subject.name": f"provenance of {name}", "predicate": f"{file} (built by {builder})"}
            yield Says(here, by | {"subject.digest": next((one for one in ("sha256", "sha512") if one in digest), None)})
    here = At(file, line, "predicate")
    if not builder:
        yield Shortfall(here, "the statement does not say who built it", "let the build platform write the provenance")
    if not signed:
        yield Shortfall(here, "nobody has signed the statement, so anybody may have written it", "keep it in its signed envelope")
    if subjects and all(name.lower().endswith(_MODELS) and _digest(get(one, "digest")) for one, name in subjects):
        yield from _model(file, predicate)


def _model(file: str, predicate: Node | None) -> Iterator[Finding]:
    """What a model was built from."""
    materials = list(_materials(predicate))
    commits = {one.commit: one for one in materials if one.commit}
    source = _source(predicate)
    if len(commits) > 1:  # the one that the build was started from
        commits = {commit: one for commit, one in commits.items() if source and _repository(one.uri) == _repository(source)}
    if len(commits) == 1:
        commit, one = commits.popitem()
        yield Says(At(file, one.place, "resolvedDependencies"), {"resolvedDependencies.digest.gitCommit": commit})
    elif not commits:
        here = At(file, predicate.place.line if predicate else 0, "resolvedDependencies")
        yield Shortfall(here, "the statement fixes no commit of the code that the model was built from", "add it with its digest")
    versions: list[str] = []
    data = [one for one in materials if not one.commit and _path(one).lower().endswith(_DATA)]
    for one in data:
        here = At(file, one.place, f"resolvedDependencies {_path(one)}")
        digest = one.digest.get("sha256", "")
        if not _SHA256.fullmatch(digest):
            yield Shortfall(here, f"the data `{_path(one)}` has no SHA-256, so nobody can tell which version was used", "add it")
            continue
        versions.append(f"sha256:{digest}")
        values = {"resolvedDependencies.name": _path(one), "resolvedDependencies.uri": one.uri or None}
        yield Says(here, values | {"resolvedDependencies.digest.sha256": versions[-1]})
    if versions and len(versions) == len(data):
        yield Says(At(file, data[0].place, "resolvedDependencies"), {"resolvedDependencies (data)": sorted(set(versions))})


def _materials(predicate: Node | None) -> Iterator[_Material]:
    """`materials` of 0.1 and 0.2, `resolvedDependencies` of 1, and what 0.2 was started from."""
    listed = items(get(predicate, "materials")) + items(get(predicate, "buildDefinition", "resolvedDependencies"))
    started = get(predicate, "invocation", "configSource")
    for one in [*listed, *([started] if started else [])]:
        yield _Material(one.place.line, text(get(one, "uri")), text(get(one, "name")), _digest(get(one, "digest")))


def _source(predicate: Node | None) -> str:
    """The repository that the build was started from, where the statement says so."""
    parameters = get(predicate, "buildDefinition", "externalParameters")
    places = [
        get(parameters, "workflow", "repository"),
        get(parameters, "source", "uri"),
        get(parameters, "source"),
        get(predicate, "invocation", "configSource", "uri"),
    ]
    return next((found for one in places if (found := text(one))), "")


def _repository(uri: str) -> str:
    return uri.removeprefix("git+").partition("@")[0].removesuffix("/").removesuffix(".git").casefold()


def _digest(found: Node | None) -> dict[str, str]:
    return {kind: text(value).lower() for kind, value, _ in pairs(found) if text(value)}


def _path(one: _Material) -> str:
    """The name of a material, else the last part of its address."""
    return one.name or posixpath.basename(re.split(r"[?#@]", one.uri)[0])
