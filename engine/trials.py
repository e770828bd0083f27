"""The cases of a pack, judged again and again by packs that differ a little, by the plain fixpoint alone.

What a case states is read once, and each question is answered once, but for what the other pack asks otherwise. The fixpoint
derives what durable-rules derives, in a fraction of the time that it takes to build a network for each pack.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from . import conditions, document, facts, fixpoint, verdict
from .case_files import Case
from .compiler import BEGIN, Program, compile_pack, leaf_claims
from .conditions import Answer
from .document import Document
from .facts import Facts, Today
from .inference import Derivation, Engine
from .pack import Pack
from .pack_cases import Judged
from .pack_conditions import Leaf

_FIXPOINT = Engine("fixpoint", "", "")


class Judge:
    """A pack, compiled once for each order of the gates that is asked for."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._programs: dict[tuple[str, ...], Program] = {}

    def program(self, found: Facts) -> Program:
        """The rules for the order of the gates that a delivery asks for."""
        order = found.sequence.order if found.sequence else self.pack.order
        if order not in self._programs:
            self._programs[order] = compile_pack(self.pack, order)
        return self._programs[order]

    def derive(self, found: Facts, known: dict[str, Answer] | None = None) -> Derived:
        """What follows from the facts of a delivery. `known` holds answers that are right already, by the key of the question."""
        program, known = self.program(found), known or {}
        answers = {
            key: known[key] if key in known else conditions.answer(leaf, found, self.pack) for key, leaf in program.leaves.items()
        }
        claims = {BEGIN, *(claim for key, one in answers.items() for claim in leaf_claims(key, one.status))}
        fired = fixpoint.fired(program.rules, claims)
        return Derived(self.pack, found, program, answers, tuple(Derivation(rule.id, rule.body, rule.head) for rule in fired))


@dataclass(frozen=True)
class Derived:
    """What a pack derives of a delivery."""

    pack: Pack
    found: Facts
    program: Program
    answers: dict[str, Answer]
    derivations: tuple[Derivation, ...]

    @cached_property
    def heads(self) -> frozenset[str]:
        """Every claim that was derived."""
        return frozenset(one.head for one in self.derivations)

    def judged(self, case: Case) -> Judged:
        """The verdict. Raises EngineFault where it is no consistent answer."""
        found = verdict.conclude(self.pack, self.found, self.program, self.answers, self.derivations, _FIXPOINT)
        return Judged(case, self.found, found)


class Trial:
    """One case, and what the pack derives of it; other packs are held against that."""

    def __init__(self, case: Case, judge: Judge) -> None:
        self.case = case
        self.doc: Document = document.read(json.dumps(case.delivery).encode(), "delivery.json")
        self.base = judge.derive(self.read(judge.pack))

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every text that the delivery states."""
        return frozenset(_texts(self.case.delivery))

    def read(self, pack: Pack) -> Facts:
        """The facts of the delivery by the vocabulary and the words of a pack."""
        return facts.read(self.doc, pack, today=Today(self.case.today))

    def by(self, judge: Judge, asks_anew: Collection[str], reads_anew: bool) -> Derived:
        """What another pack derives, which may answer some questions otherwise, or read the delivery otherwise."""
        if reads_anew:
            return judge.derive(self.read(judge.pack))
        answers = self.base.answers
        return judge.derive(
            self.base.found, {key: answers[key] for key in answers if key not in asks_anew} if asks_anew else answers
        )

    def is_touched(self, other: Derived) -> bool:
        """Whether anything that a case can expect may come out otherwise than by the pack itself."""
        by_part = any(kind == "rule" for kind, _ in self.case.expects)  # an alternative may change and its signal not
        assumed = bool(self.base.found.assumptions)  # what holds may rest on an assumption now
        if (
            by_part
            or assumed
            or other.found is not self.base.found
            or other.pack.output_tables is not self.base.pack.output_tables
        ):
            return True
        return other.heads != self.base.heads or other.program.dropped != self.base.program.dropped


def asked_by(leaf: Leaf) -> tuple[str, ...]:
    """The operator of a question, and the one that it turns round."""
    if leaf.operator != "without":
        return (leaf.operator,)
    inner = leaf.argument
    return (leaf.operator, str(next(iter(inner)) if isinstance(inner, dict) else inner))  # pyright: ignore


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        held = cast("dict[str, Any] | list[Any]", value)
        for one in held.values() if isinstance(held, dict) else held:
            yield from _texts(one)
