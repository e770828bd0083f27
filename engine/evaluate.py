"""The straight line: facts and pack in, verdict out."""

from __future__ import annotations

from functools import lru_cache

from . import conditions, inference, verdict
from .compiler import Program, compile_pack, leaf_claims
from .facts import Facts
from .pack import Pack
from .verdict import Verdict
from .waivers import NONE, Waivers


def evaluate(facts: Facts, pack: Pack, waivers: Waivers = NONE) -> Verdict:
    """Judge `facts` by `pack`; what does not hold and is waived passes all the same. Raises EngineFault."""
    order = facts.sequence.order if facts.sequence else pack.order
    program = _compiled(_ByIdentity(pack), order, waivers.criteria)
    answers = {key: conditions.answer(leaf, facts, pack) for key, leaf in program.leaves.items()}
    claims = {claim for key, found in answers.items() for claim in leaf_claims(key, found.status)}
    claims |= {f"waived:{name}" for name in program.waived}
    derivations, engine = inference.derive(program.rules, claims)
    return verdict.conclude(pack, facts, program, answers, derivations, engine, _turned_round(pack, order), waivers)


def _turned_round(pack: Pack, order: tuple[str, ...]) -> list[tuple[str, str]]:
    if order == pack.order:
        return []
    from . import stages  # networkx is heavy, and only another order needs it

    return stages.turned_round(stages.of_pack(pack), order)


class _ByIdentity:
    """A pack as a key of the cache: hashing a whole pack on every run would cost more than it saves."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.pack is self.pack


@lru_cache(maxsize=64)
def _compiled(pack: _ByIdentity, order: tuple[str, ...], waived: frozenset[str]) -> Program:
    return compile_pack(pack.pack, order, waived)
