"""The cases beside a pack, judged and held against what they expect; `case_files` says how they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from . import document, evaluate, facts
from .case_files import Case, outcome
from .errors import BadPack, CannotJudge, Place, Problem
from .facts import Facts, Today
from .hits import is_single
from .pack import Pack, Signal
from .pack_conditions import Condition, CriterionHolds, Decides, Follows, FreeOf, Leaf, Passes, SignalIs
from .pack_walks import leaves
from .rows import rows
from .verdict import Proof, Verdict


@dataclass(frozen=True, eq=False)
class Judged:
    """A case and what became of it."""

    case: Case
    found: Facts
    verdict: Verdict

    @cached_property
    def held(self) -> frozenset[str]:
        """Every claim that was derived."""
        return frozenset(derivation.head for derivation in self.verdict.derivations)

    def says(self, node: str) -> str:
        """met, unmet or unknown: what was derived of a node; nothing where its gates alone decide.

        Where it is contradicted and lacks something at once, contradicted is the stronger word.
        """
        return next((word for side, word in _WORDS.items() if f"{node} {side}" in self.held), "")


_WORDS = {"no": "unmet", "yes": "met", "open": "unknown"}
_TURNED = {"met": "unmet", "unmet": "met"}


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a case expects and that is otherwise; `because` names the facts below it."""

    case: Case
    what: str
    place: Place
    expected: str
    found: str
    because: tuple[str, ...]


def judge(case: Case, pack: Pack) -> Judged:
    """Judge a case as a fact file is. Raises BadPack where its delivery is no file that can be read, and EngineFault."""
    try:
        doc = document.read(json.dumps(case.delivery).encode(), "delivery.json")
    except CannotJudge as error:
        what = f"the delivery of this case can't be read: {error.problems[0].what}"
        raise BadPack([Problem("bad-case", what, case.place, error.problems[0].help, file=case.file)]) from None
    found = facts.read(doc, pack, today=Today(case.today))
    return Judged(case, found, evaluate.evaluate(found, pack))


def differences(judged: Judged) -> Iterator[Difference]:
    """What is otherwise than a case expects."""
    case = judged.case
    codes, expected = sorted({problem.code for problem in judged.found.problems}), sorted(set(case.problems))
    if codes != expected:
        why = tuple(problem.what for problem in judged.found.problems)
        yield Difference(case, "problems", case.problems_place, ", ".join(expected) or "none", ", ".join(codes) or "none", why)
    for (kind, name), wanted in case.expects.items():
        found = state(judged, kind, name)
        if found != wanted:
            yield Difference(case, f"{kind} {name}", case.places[kind, name], wanted, found, tuple(because(judged, kind, name)))


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
    if kind == "table":
        found = next(one for one in verdict.decisions if one.table.id == name)
        return outcome(found.answer.status, found.answer.outputs, is_single(found.table))
    if kind == "rule":
        return _in(_rule(judged, name), "fires", "silent")
    if kind == "signal":
        return _in(judged.says(f"signal:{name}"), "yes", "no")
    if kind == "antipattern":
        return _in(judged.says(f"antipattern:{name}"), "present", "absent")
    return judged.says(f"item:{name}")


def answer(judged: Judged, condition: Condition, node: str = "") -> str:
    """met, unmet or unknown: the answer to a condition; `node` is its name among the claims where it is `all` or `any`."""
    if isinstance(condition, Leaf):
        return judged.verdict.answers[condition.key].status
    if isinstance(condition, SignalIs):
        found = judged.says(f"signal:{condition.signal}")
        return found if condition.holds else _TURNED.get(found, found)
    if isinstance(condition, CriterionHolds):
        node = f"criterion:{condition.criterion}"
    elif isinstance(condition, Passes):
        node = f"checklist:{condition.passes}"
    elif isinstance(condition, Follows):
        node = f"table:{condition.follows}"
    elif isinstance(condition, FreeOf):
        node = "antipatterns"
    elif isinstance(condition, Decides):
        node = f"decision:{condition.key}"
    return judged.says(node)


def _in(answered: str, met: str, unmet: str) -> str:
    return {"met": met, "unmet": unmet}.get(answered, answered)


def _signal_rule(pack: Pack, name: str) -> tuple[Signal, int]:
    """The signal and the number (from 1) of the alternative that `signal/number` names."""
    signal, _, number = name.partition("/")
    return next(known for known in pack.signals if known.id == signal), int(number)


def _rule(judged: Judged, name: str) -> str:
    signal, number = _signal_rule(judged.verdict.pack, name)
    return answer(judged, signal.any[number - 1], f"signal:{name}")


def _row(judged: Judged, name: str) -> str:
    verdict = judged.verdict
    if any(table.id == name.partition("/")[0] for table in verdict.pack.output_tables):
        when = _when(verdict.pack, name)  # without cells it always holds
        return _in(judged.says(f"signal:{when}"), "holds", "silent").replace("unknown", "open") if when else "holds"
    for found in verdict.recommendations:
        if f"{found.table.id}/{found.row.id}" == name:
            return "leads" if found.leads else "holds"
    if any(f"{found.table.id}/{found.row.id}" == name for found in verdict.undecided):
        return "undecided"
    return "silent" if judged.says(f"signal:{_when(verdict.pack, name)}") == "unmet" else "open"


def _when(pack: Pack, name: str) -> str:
    return next(row.when for _, table, row in rows(pack) if f"{table.id}/{row.id}" == name)


def because(judged: Judged, kind: str, name: str) -> list[str]:
    """The facts below the thing asked for, for a person who has to find out why it is not as expected."""
    verdict = judged.verdict
    if kind == "gate":
        gate = verdict.gate(name)
        return [f"{found.criterion.id} is {found.status}" for found in (gate.entry, *gate.exit)]
    if kind in ("criterion", "entry"):
        criteria = (found for gate in verdict.gates for found in (gate.entry, *gate.exit))
        looks = list(next(found.because for found in criteria if found.criterion.id == name))
    elif kind == "rule":
        signal, number = _signal_rule(verdict.pack, name)
        looks = [look for leaf in leaves(signal.any[number - 1]) for look in verdict.answers[leaf.key].looked]
    elif kind == "table":
        found = next(one for one in verdict.decisions if one.table.id == name)
        looks = [*found.because, *found.needs]
    else:
        node = f"signal:{_when(verdict.pack, name)}" if kind == "row" else f"{kind}:{name}"
        proof = Proof(verdict.derivations, verdict.answers)
        looks = [look for side in _WORDS for look in proof.looks(f"{node} {side}", tuple(_WORDS))]
    return [
        f"{look.fact}{f' ({look.within})' if look.within else ''} = {look.shown or '-'} [{look.state}] {look.says}".rstrip()
        for look in dict.fromkeys(looks)
    ]
