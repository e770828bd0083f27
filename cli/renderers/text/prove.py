"""Whether a proof was accepted, and if not why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ....engine.facts import Facts
from ....engine.pack import Pack
from ... import safe
from . import words


def prove(name: str, proof: Mapping[str, Any], faults: Sequence[str], facts: Facts, pack: Pack) -> str:
    """Accepted with what it proves, or rejected with the reasons."""
    file, explanation = safe.terminal(facts.file), safe.terminal(name)
    if faults:
        lines = [f"REJECTED: {explanation} does not follow from {file} and the pack", ""]
        lines += [f"  {safe.terminal(fault)}" for fault in faults]
    else:
        subject = str(proof["subject"])
        status = proof["nodes"][subject]["status"]
        lines = [f"ACCEPTED: {explanation} follows from {file} and the pack", ""]
        lines += [f"  `{subject}` is {status}, by {words.plural(len(proof['nodes']), 'step')}"]
    digests = f"Pack {pack.id} {pack.version} ({pack.digest[7:19]}), facts {facts.digest[7:19]}"
    return "\n".join([*lines, "", f"{digests}, replayed without the rules engine"]) + "\n"
