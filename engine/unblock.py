"""The least that has to be stated or changed so that a gate passes: every way, the easiest first.

A gate passes where each claim that its proof can't do without is derived. Claims that share no fact are apart from each
other, so each such part is solved alone: its ways are alternatives, and one way of each part makes a whole answer.
Every way is then made in the document, and judged as any file is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .compiler import leaf_claims
from .cone import Cone
from .document import Document
from .edits import Edit, apply
from .errors import EngineFault, Problem
from .evaluate import evaluate
from .facts import Facts
from .verdict import Verdict
from .ways import Change, Otherwise, Piece, Way

__all__ = ["Change", "Otherwise", "Part", "Unblock", "Way", "unblock"]
Read = Callable[[Document], Facts]


@dataclass(frozen=True, slots=True)
class Part:
    """The ways to one part of what lacks, the easiest first; any one does. `more` where there are more than these."""

    ways: tuple[Way, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Unblock:
    """What makes a gate pass: one way of each part. No parts where it passes as it is, or, `impossible`, where no way was found.

    `least` is the smallest number of facts that do; `proven` where it is certain that there is nothing smaller and easier.
    `left` are the problems of the file that stay when the best way of each part is taken.
    """

    gate: str
    parts: tuple[Part, ...]
    least: int
    proven: bool
    impossible: bool
    left: tuple[Problem, ...]

    @property
    def best(self) -> tuple[Change, ...]:
        """The easiest way of each part, together."""
        return tuple(change for part in self.parts for change in part.ways[0].changes)


def unblock(doc: Document, verdict: Verdict, gate: str, read: Read, *, most: int = 5) -> Unblock:
    """What makes `gate` pass; of the last gate, the whole delivery. `read` reads a document as `doc` was read, and `most`
    is the number of ways that are told of each part.

    Raises CannotJudge where the solver is not installed, and EngineFault where search and engine differ.
    """
    if verdict.gate(gate).status == "passed":
        return Unblock(gate, (), 0, True, False, verdict.facts.problems)
    return _Unblocking(doc, verdict, gate, read, most).answer()


class _Unblocking:
    def __init__(self, doc: Document, verdict: Verdict, gate: str, read: Read, most: int) -> None:
        self.doc, self.verdict, self.gate, self.read, self.most = doc, verdict, gate, read, most
        self.cone = Cone(verdict.program, f"gate:{gate} passed")
        self.rank = {path: number for number, path in enumerate(verdict.pack.facts)}
        claims = {claim for key, answer in verdict.answers.items() for claim in leaf_claims(key, answer.status)}
        self.now = claims | self.cone.given | {derivation.head for derivation in verdict.derivations}

    def answer(self) -> Unblock:
        pieces: list[Piece] = []
        for goals, bases in self._components():
            piece = Piece(self.verdict, self.cone, goals, bases)
            piece.search_ways(self.most)
            if not piece.picks:
                return Unblock(self.gate, (), 0, piece.proven, True, self.verdict.facts.problems)
            pieces.append(piece)
        parts = tuple(Part(tuple(piece.ways), piece.more) for piece in pieces)
        left = self._judged(pieces)
        return Unblock(self.gate, parts, sum(p.least for p in pieces), all(p.proven for p in pieces), False, left)

    def _components(self) -> list[tuple[list[str], list[str]]]:
        """The claims that are lacking, in parts that share no fact, with the facts that they stand on."""
        group: dict[str, str] = {}

        def find(base: str) -> str:
            while group.setdefault(base, base) != base:
                base = group[base]
            return base

        goals = {claim: self.cone.bases(claim) for claim in self.cone.necessary()}
        for bases in goals.values():
            for base in bases:
                group[find(base)] = find(min(bases))
        for path, known in self.verdict.pack.facts.items():
            if known.to:
                group[find(path.partition("[]")[0])] = find(known.to.partition("[]")[0])
        found: dict[str, tuple[list[str], set[str]]] = {}
        for claim, bases in goals.items():
            here = found.setdefault(find(min(bases)) if bases else "", ([], set()))
            here[0].append(claim)
            here[1].update(bases)
        lacking = [part for part in found.values() if not all(claim in self.now for claim in part[0])]
        ordered = [(goals, sorted(bases, key=self.rank.__getitem__)) for goals, bases in lacking]
        return sorted(ordered, key=lambda part: self.rank[part[1][0]] if part[1] else -1)

    def _judged(self, pieces: Sequence[Piece]) -> tuple[Problem, ...]:
        """Every way made in the document and judged, with the best ways of the other parts. What problems the best leaves."""
        best = [piece.edits(piece.picks[0]) for piece in pieces]
        left = self._judge([edit for edits in best for edit in edits])
        for number, piece in enumerate(pieces):
            others = [edit for n, edits in enumerate(best) if n != number for edit in edits]
            for picks in piece.picks[1:]:
                self._judge([*others, *piece.edits(picks)])
        return left

    def _judge(self, edits: Iterable[Edit]) -> tuple[Problem, ...]:
        found = self.read(apply(self.doc, self.verdict.facts, edits))
        verdict = evaluate(found, self.verdict.pack, self.verdict.waivers)
        before = {problem.what for problem in self.verdict.facts.problems}
        if verdict.gate(self.gate).status != "passed" or any(problem.what not in before for problem in found.problems):
            raise EngineFault(f"what the search found does not make the gate `{self.gate}` pass")
        return found.problems
