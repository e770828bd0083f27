"""The YAML cases beside the pack: how they are written, read, turned into a delivery and judged.

A case file stands beside a gate, a table, the anti-patterns or the bundle and has its stem: `gates/lineage.cases.yaml`.

    cases:
      - name: a sentence that a domain expert would say
        from: examples        # the whole example of the pack; or `nothing`, where only the model's name is stated
        with:                 # fact -> value, set on top; `records[].field` sets the field in every record
          lineage.trace.code: main
        without: [lineage.evidence, "lineage.datasets[].owner"]     # taken away, after `with`; a group of facts may be named
        assume: [{fact: ..., value: ..., reason: ..., owner: ...}]
        problems: [bad-reference]     # codes of the problems that the fact file is expected to have; none where it is left out
        expect:
          criterion lineage-explicit: unmet          # met | assumed | unmet | unknown
          gate lineage: blocked                      # passed | blocked | waiting
          entry request-stated: unknown              # met | assumed | unmet | unknown
          signal high-risk-impact: yes               # yes | no | unknown
          rule high-risk-impact/2: fires             # fires | silent | unknown: the n-th alternative of the signal
          row promotion-policy/high-risk: leads      # leads | holds | undecided | silent; open where it is below one that leads
          antipattern drift-without-action: present  # present | absent | unknown
          item completeness/versioning: met          # met | unmet | unknown
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gatewright.engine import document, evaluate, facts, pack_loader
from gatewright.engine.facts import Facts
from gatewright.engine.pack import Leaf, Pack, Signal
from gatewright.engine.verdict import Proof, Verdict

FOLDER = Path(__file__).resolve().parents[2] / "knowledge" / "mlops"
PACK = pack_loader.load(FOLDER)
KEYS = {"name", "from", "with", "without", "assume", "problems", "expect"}
STATES = {
    "criterion": {"met", "assumed", "unmet", "unknown"},
    "gate": {"passed", "blocked", "waiting"},
    "entry": {"met", "assumed", "unmet", "unknown"},
    "signal": {"yes", "no", "unknown"},
    "rule": {"fires", "silent", "unknown"},
    "row": {"leads", "holds", "undecided", "silent", "open"},
    "antipattern": {"present", "absent", "unknown"},
    "item": {"met", "unmet", "unknown"},
}


@dataclass(frozen=True, eq=False)  # compared by identity, so that a case is a key of the cache
class Case:
    """One case, as written."""

    stem: str
    name: str
    whole: bool
    sets: dict[str, Any]
    takes: list[str]
    assumes: list[dict[str, Any]]
    problems: list[str]
    expects: dict[tuple[str, str], str]

    @property
    def id(self) -> str:
        return f"{self.stem}: {self.name}"


@dataclass(frozen=True, eq=False)
class Judged:
    """A case and what became of it."""

    case: Case
    found: Facts
    verdict: Verdict
    held: frozenset[str]

    def says(self, node: str, yes: str = "met", no: str = "unmet", unknown: str = "unknown") -> str:
        """What the rules derived of a node with the claims `yes`, `no` and `open`."""
        for side, word in (("yes", yes), ("no", no), ("open", unknown)):
            if f"{node} {side}" in self.held:
                return word
        raise LookupError(f"nothing was derived of `{node}`; is there one of this name?")


def case_files() -> list[Path]:
    return sorted(FOLDER.glob("**/*.cases.yaml"))


def read_cases(path: Path) -> list[Case]:
    """The cases of one file. Raises ValueError where it is not written as above."""
    doc = document.read(path.read_bytes(), path.name)
    written: Any = doc.root.plain()
    if doc.problems or set(written) != {"cases"}:
        raise ValueError(f"{path.name}: it holds `cases` and nothing else, each key once; {doc.problems}")
    return [_case(path.name.removesuffix(".cases.yaml"), case) for case in written["cases"]]


def _case(stem: str, written: dict[str, Any]) -> Case:
    where = f"{stem}: {written.get('name')}"
    strange = [key for key in written if key not in KEYS]
    if strange or not written.get("name") or not written.get("expect"):
        raise ValueError(f"{where}: a case has a name and something to expect, and no {strange}")
    if written.get("from", "examples") not in ("examples", "nothing"):
        raise ValueError(f"{where}: a case begins with `examples` or with `nothing`")
    expects: dict[tuple[str, str], str] = {}
    for target, state in written["expect"].items():
        kind, _, name = target.partition(" ")
        if state not in STATES.get(kind, ()):
            raise ValueError(f"{where}: `{target}` can't be `{state}`; states of {kind}: {sorted(STATES.get(kind, ()))}")
        expects[kind, name] = state
    return Case(
        stem,
        written["name"],
        written.get("from") != "nothing",
        written.get("with") or {},
        written.get("without") or [],
        written.get("assume") or [],
        written.get("problems") or [],
        expects,
    )


CASES = [case for path in case_files() for case in read_cases(path)]


# --- from a case to a delivery


def delivery(case: Case) -> dict[str, Any]:
    """The fact file of a case, as plain data."""
    built: dict[str, Any] = copy.deepcopy(PACK.example)
    if not case.whole:
        built = {"delivery": {"model": built["delivery"]["model"]}}
    for path, value in case.sets.items():
        if path not in PACK.facts:
            raise LookupError(f"no fact is called `{path}`")
        put(built, path, value)
    for path in case.takes:
        take(built, path)
    if case.assumes:
        built["assumptions"] = case.assumes
    return built


def put(built: dict[str, Any], path: str, value: Any) -> None:
    base, _, field = path.partition("[].")
    *above, last = base.split(".")
    level = built
    for part in above:
        level = level.setdefault(part, {})
    if field:
        for record in level[last]:
            record[field] = copy.deepcopy(value)
    else:
        level[last] = copy.deepcopy(value)


def take(built: dict[str, Any], path: str, *, first_only: bool = False) -> None:
    """Take a fact or a group of facts away. What is not there can't be taken away: that is a KeyError."""
    base, _, field = path.partition("[].")
    *above, last = base.split(".")
    level = built
    for part in above:
        level = level[part]
    if field:
        for record in level[last][: 1 if first_only else None]:
            del record[field]
    else:
        del level[last]


def evaluated(built: dict[str, Any], pack: Pack = PACK) -> tuple[Facts, Verdict]:
    """A delivery through the whole straight line: as a file, read and judged."""
    found = facts.read(document.read(json.dumps(built).encode(), "delivery.json"), pack)
    return found, evaluate.evaluate(found, pack)


@cache
def judge(case: Case) -> Judged:
    """Judge a case, once."""
    found, verdict = evaluated(delivery(case))
    return Judged(case, found, verdict, frozenset(derivation.head for derivation in verdict.derivations))


# --- from a verdict to the words of the cases


def state(judged: Judged, kind: str, name: str) -> str:
    """The state of one thing, in the words of the cases."""
    verdict = judged.verdict
    if kind == "gate":
        return verdict.gate(name).status
    if kind == "criterion":
        return next(found.status for gate in verdict.gates for found in gate.exit if found.criterion.id == name)
    if kind == "entry":
        return next(gate.entry.status for gate in verdict.gates if gate.entry.criterion.id == name)
    if kind == "row":
        return _row(judged, name)
    if kind == "rule":
        return _rule(judged, name)
    if kind == "signal":
        return judged.says(f"signal:{name}", "yes", "no")
    if kind == "antipattern":
        return judged.says(f"antipattern:{name}", "present", "absent")
    # a checklist item may be contradicted and lack something at once: contradicted is the stronger word
    return judged.says(f"item:{name}")


def signal_rule(name: str) -> tuple[Signal, int]:
    """The signal and the number (from 1) of the alternative that `signal/number` names."""
    signal, _, number = name.partition("/")
    return next(known for known in PACK.signals if known.id == signal), int(number)


def _rule(judged: Judged, name: str) -> str:
    signal, number = signal_rule(name)
    alternative = signal.any[number - 1]
    if isinstance(alternative, Leaf):
        answer = judged.verdict.answers[alternative.key].status
        return {"met": "fires", "unmet": "silent", "unknown": "unknown"}[answer]
    return judged.says(f"signal:{name}", "fires", "silent")


def _row(judged: Judged, name: str) -> str:
    for found in judged.verdict.recommendations:
        if f"{found.table.id}/{found.row.id}" == name:
            return "leads" if found.leads else "holds"
    if any(f"{found.table.id}/{found.row.id}" == name for found in judged.verdict.undecided):
        return "undecided"
    when = next(row.when for table in PACK.tables for row in table.rows if f"{table.id}/{row.id}" == name)
    return "silent" if f"signal:{when} no" in judged.held else "open"


def because(judged: Judged, kind: str, name: str) -> list[str]:
    """The facts below the thing asked for, for a person who has to find out why it is not as expected."""
    if kind == "gate":
        gate = judged.verdict.gate(name)
        return [f"{found.criterion.id} is {found.status}" for found in (gate.entry, *gate.exit)]
    if kind in ("criterion", "entry"):
        criteria = (found for gate in judged.verdict.gates for found in (gate.entry, *gate.exit))
        looks = list(next(found.because for found in criteria if found.criterion.id == name))
    elif kind == "rule":
        signal, number = signal_rule(name)
        looks = [look for leaf in pack_loader.leaves(signal.any[number - 1]) for look in judged.verdict.answers[leaf.key].looked]
    else:
        node = f"{kind}:{name}"
        if kind == "row":
            node = next(f"signal:{row.when}" for table in PACK.tables for row in table.rows if f"{table.id}/{row.id}" == name)
        proof = Proof(judged.verdict.derivations, judged.verdict.answers)
        looks = [look for side in ("yes", "no", "open") for look in proof.looks(f"{node} {side}", ("yes", "no", "open"))]
    return [
        f"{look.fact}{f' ({look.within})' if look.within else ''} = {look.shown or '-'} [{look.state}] {look.says}".rstrip()
        for look in dict.fromkeys(looks)
    ]
