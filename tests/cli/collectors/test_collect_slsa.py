"""SLSA provenance: statements that in-toto's library writes, in envelopes that securesystemslib signs."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner

Project = Callable[[dict[str, str | bytes]], Path]
Collect = Callable[..., Any]

SHA = "c617db2c7470716250f6f001be51304c76bcc8815527ab8bae734bdca0735737"
COMMIT = "4f1c2ab" + "0" * 33
REPOSITORY = "https://git.example/credit"
BUILDER = "https://builder.example/1"
CODE = {"uri": f"git+{REPOSITORY}@refs/heads/main", "digest": {"gitCommit": COMMIT}}
LOANS = {"name": "loans.csv", "uri": "https://data.example/loans.csv", "digest": {"sha256": SHA}}
CONTROL = {"name": "provenance of credit.onnx", "evidence": f"p.json (built by {BUILDER})"}


def _statement(*dependencies: Any, subject: str = "credit.onnx", builder: str = BUILDER) -> dict[str, Any]:
    definition = {
        "buildType": "https://builder.example/train",
        "externalParameters": {"workflow": {"repository": REPOSITORY, "path": "train.yml"}},
        "resolvedDependencies": list(dependencies),
    }
    predicate = {"buildDefinition": definition, "runDetails": {"builder": {"id": builder}}}
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": subject, "digest": {"sha256": SHA}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": predicate,
    }


def _signed(statement: dict[str, Any]) -> dict[str, Any]:
    envelope = Envelope(json.dumps(statement).encode(), "application/vnd.in-toto+json", {})
    envelope.sign(CryptoSigner.generate_ed25519())
    return envelope.to_dict()


def test_provenance_that_the_libraries_write_and_sign_says_what_their_objects_say(project: Project, collected: Collect) -> None:
    message = ParseDict(_statement(CODE, LOANS)["predicate"], provenance_pb2.Provenance())
    model = ResourceDescriptor(name="credit.onnx", digest={"sha256": SHA})
    statement = Statement([model.pb], "https://slsa.dev/provenance/v1", MessageToDict(message))
    statement.validate()
    found = collected(project({"p.json": json.dumps(_signed(MessageToDict(statement.pb)))}))
    code, loans = message.build_definition.resolved_dependencies
    version = f"sha256:{loans.digest['sha256']}"
    assert found.facts == {
        "lineage.datasets": [{"name": loans.name, "source": loans.uri, "version": version}],
        "lineage.trace.data": [version],
        "lineage.trace.code": code.digest["gitCommit"],
        "training.checks.artifact_integrity": "sha256",
        "governance.reproducibility.code": code.digest["gitCommit"],
        "governance.reproducibility.data": [version],
        "governance.controls": [CONTROL],
    }
    assert not found.shortfalls


def test_a_bundle_of_sigstore_and_lines_of_envelopes_say_the_same(project: Project, collected: Collect) -> None:
    bundle = {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": _signed(_statement(CODE, LOANS))}
    other = _signed(_statement(CODE, subject="credit-1.0.tar.gz"))
    found = collected(project({"p.json": json.dumps(bundle) + "\n" + json.dumps(other)}))
    assert found.facts["lineage.trace.code"] == COMMIT
    assert list(found.rows("governance.controls")) == ["provenance of credit.onnx", "provenance of credit-1.0.tar.gz"]
    assert found.places["lineage.trace.code"] == {"p.json:1"}


@pytest.mark.parametrize("kind", ["https://slsa.dev/provenance/v0.1", "https://slsa.dev/provenance/v0.2"])
def test_earlier_versions_name_their_materials(kind: str, project: Project, collected: Collect) -> None:
    code = {"uri": f"git+{REPOSITORY}@refs/heads/main", "digest": {"sha1": COMMIT}}
    predicate = {"builder": {"id": BUILDER}, "materials": [code, LOANS], "invocation": {"configSource": code}}
    head = {"_type": "https://in-toto.io/Statement/v0.1", "predicateType": kind, "predicate": predicate}
    found = collected(project({"p.json": json.dumps(_signed(_statement() | head))}))
    assert (found.facts["lineage.trace.code"], found.facts["lineage.trace.data"]) == (COMMIT, [f"sha256:{SHA}"])
    assert found.facts["governance.controls"] == [CONTROL]


def test_of_several_repositories_the_one_that_the_build_was_started_from_counts(project: Project, collected: Collect) -> None:
    actions = {"uri": "git+https://git.example/actions@v4", "digest": {"gitCommit": "b" * 40}}
    found = collected(project({"p.json": json.dumps(_signed(_statement(actions, CODE)))}))
    assert found.facts["lineage.trace.code"] == COMMIT
    unclear = _statement(actions, CODE)
    unclear["predicate"]["buildDefinition"]["externalParameters"] = {}
    found = collected(project({"p.json": json.dumps(_signed(unclear))}))
    assert "lineage.trace.code" not in found.facts
    assert len(found.shortfalls) == 1


@pytest.mark.parametrize("subject", ["credit-1.0-py3-none-any.whl", "registry.example/credit"])
def test_what_is_built_beside_the_model_says_nothing_of_the_code_that_trained_it(
    subject: str, project: Project, collected: Collect
) -> None:
    found = collected(project({"p.json": json.dumps(_signed(_statement(CODE, LOANS, subject=subject)))}))
    assert set(found.facts) == {"governance.controls", "training.checks.artifact_integrity"}
    assert not found.shortfalls


def test_what_a_statement_lacks_falls_short(project: Project, collected: Collect) -> None:
    statement = _statement({"name": "loans.csv", "uri": "https://data.example/loans.csv"}, builder="")
    statement["subject"].append({"name": "other.onnx"})
    found = collected(project({"p.json": json.dumps(statement)}))
    assert not found.facts
    assert [one.partition(": ")[2] for one in found.shortfalls] == [
        "`other.onnx` has no digest, so the statement may be of any file of this name",
        "the statement does not say who built it",
        "nobody has signed the statement, so anybody may have written it",
    ]
    del statement["subject"][1]
    found = collected(project({"p.json": json.dumps(_signed(statement))}))
    assert [one.partition(": ")[2] for one in found.shortfalls] == [
        "the statement does not say who built it",
        "the statement fixes no commit of the code that the model was built from",
        "the data `loans.csv` has no SHA-256, so nobody can tell which version was used",
    ]


def test_other_statements_of_in_toto_say_nothing_here(project: Project, collected: Collect) -> None:
    other = _statement(CODE) | {"predicateType": "https://cyclonedx.org/bom"}
    assert not collected(project({"p.json": json.dumps(_signed(other))})).facts


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ("not base64!", "not the Base64"),
        (base64.b64encode(b"\xff\xfe").decode(), "not the Base64 of a UTF-8 text"),
        (base64.b64encode(b'{"_type": ').decode(), "this is not JSON"),
        (base64.b64encode(b"[" * 5_000).decode(), "nested deeper"),
    ],
)
def test_an_envelope_around_something_else_is_reported(payload: str, why: str, project: Project, collected: Collect) -> None:
    envelope = {"payloadType": "application/vnd.in-toto+json", "payload": payload, "signatures": []}
    found = collected(project({"p.json": json.dumps(envelope)}))
    assert why in found.unreadable["p.json"]
    assert not found.facts
