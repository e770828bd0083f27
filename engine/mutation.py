"""Mutation testing of a pack: every mutant is judged by the cases until one of them fails.

A mutant that no case kills has to be proved to judge every delivery alike, or explained beside the cases. Whatever is left
over is something that the pack says and nothing proves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from .case_files import Case, Explained
from .compiler import compile_pack
from .errors import EngineFault, Place, Problem
from .lint.alike import Alike
from .lint.subject import Witness
from .mutants import WORDS, Mutant, limits_in
from .nearby import Deliveries
from .nodes import Node
from .pack import Pack
from .pack_cases import Difference, Judged, differences
from .pack_check import wrong
from .pack_conditions import Leaf
from .pack_loader import Written
from .proposals import Proposal, killer
from .table_check import wrong_tables
from .trials import Judge, Trial, asked_by
from .values import Values

Fate = Literal["killed", "refused", "equivalent", "explained", "survived"]
_AS_IT_SHOULD = (
    "met",
    "absent",
    "passed",
    "silent",
)  # most mutants ask less, and are seen where something is not as it should be
_MEND = "add a case that tells, or explain it under `explained` in a file of cases"
_ASKS = {"nobody": "named", "moving": "pinned"}  # the operator that reads each list of words


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant: why in words, and the case that killed it. Of a survivor a case that would kill it, or at
    least facts of a delivery that it judges otherwise, where such was found."""

    mutant: Mutant
    problem: Problem
    fate: Fate
    why: str = ""
    case: Case | None = None
    proposal: Proposal | None = None
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Mutated:
    """What became of all mutants that were run. `stale` are explanations of mutants that need none."""

    outcomes: tuple[Outcome, ...]
    stale: tuple[Problem, ...]

    def count(self, fate: Fate) -> int:
        """How many mutants ended so."""
        return sum(one.fate == fate for one in self.outcomes)

    @property
    def percent(self) -> int:
        """Of all mutants those that did not survive, rounded down, so that 100 is all of them."""
        return 100 * (len(self.outcomes) - self.count("survived")) // len(self.outcomes) if self.outcomes else 100


@dataclass
class Cases:
    """The cases of a pack, read and judged by it once, in the order in which they are tried."""

    pack: Pack
    trials: tuple[Trial, ...]
    judge: Judge
    by_text: dict[str, list[Trial]] = field(default_factory=dict[str, list[Trial]])

    def __post_init__(self) -> None:
        for trial in self.trials:
            for text in trial.texts:
                self.by_text.setdefault(text, []).append(trial)

    @classmethod
    def of(cls, pack: Pack, cases: Iterable[Case]) -> Cases:
        """Read and judge the cases."""
        judge = Judge(pack)
        return cls(pack, tuple(Trial(case, judge) for case in cases), judge)

    @cached_property
    def leaves(self) -> dict[str, Leaf]:
        """Every question of the pack."""
        return compile_pack(self.pack).leaves

    def failing(self) -> Iterator[Difference]:
        """What comes out otherwise than a case expects, with no mutant at all: then nothing can be said of mutants."""
        for trial in self.trials:
            yield from differences(trial.base.judged(trial.case))

    def kill(self, mutant: Mutant, file: str) -> tuple[Fate, str, Case | None] | None:
        """How a mutant of something in `file` is killed; nothing where it survives."""
        pack = mutant.of(self.pack)
        for _, what, _ in (*wrong(pack), *wrong_tables(pack)):
            return "refused", what, None
        judge = Judge(pack)
        kind, _, name = mutant.about.partition(" ")
        reads_anew = kind == "placeholder" or (kind == "limit" and name in _freshness(pack))
        asks_anew = {key for key, leaf in self.leaves.items() if _reads(leaf, kind, name)}
        for trial in self._likeliest(mutant, pack, file):
            other = trial.by(judge, asks_anew, reads_anew)
            if not trial.is_touched(other):
                continue
            try:
                judged = other.judged(trial.case)
            except EngineFault as error:
                return "refused", str(error), trial.case
            for found in differences(_comparable(judged, self.pack)):
                return "killed", f"{found.what} should be {found.expected}, and is {found.found}", trial.case
        return None

    def _likeliest(self, mutant: Mutant, pack: Pack, file: str) -> Sequence[Trial]:
        """The cases that can tell a mutant, first those that expect something of what it touches."""
        kind, _, name = mutant.about.partition(" ")
        trials: Iterable[Trial] = self.trials
        if kind in WORDS:
            word = getattr(self.pack, WORDS[kind])[int(mutant.location[1])]
            trials = self._naming(kind, word, pack)
        elif kind == "limit" and name in _freshness(pack):
            trials = [trial for trial in trials if trial.case.today]
        touches = set(mutant.touches)
        beside = file.removesuffix(".yaml") + ".cases.yaml"

        def unlikely(trial: Trial) -> tuple[bool, bool, bool]:
            expected = [state for target, state in trial.case.expects.items() if target in touches]
            return not expected, all(state in _AS_IT_SHOULD for state in expected), trial.case.file != beside

        return sorted(trials, key=unlikely)

    def _naming(self, kind: str, word: str, pack: Pack) -> Iterable[Trial]:
        """The cases with a text that a word may mean."""
        if kind != "placeholder":
            part = max(word.casefold().split("*"), key=len)
            return [trial for trial in self.trials if any(part in text.casefold() for text in trial.texts)]
        before, after = Values(self.pack), Values(pack)
        texts = [text for text in self.by_text if before.is_placeholder(_text(text)) != after.is_placeholder(_text(text))]
        return dict.fromkeys(trial for text in texts for trial in self.by_text[text])


def _text(text: str) -> Node:
    return Node("text", Place(1, 1), text)


def run(
    written: Written, cases: Cases, mutants: Sequence[Mutant], explained: Sequence[Explained], *, every: bool = True
) -> Mutated:
    """What becomes of each mutant. Explanations of other mutants count as stale only where `mutants` are all there are."""
    reasons = {one.mutant: one for one in explained}
    alike, deliveries = Alike(written), Deliveries(written.pack)
    outcomes: list[Outcome] = []
    for mutant in mutants:
        where = written.problem("survivor", mutant.location, f"no case fails on the mutant `{mutant.name}`", _MEND)
        early = alike.proof(mutant) if mutant.about.startswith("gate ") else ""  # quicker than all cases
        killed = None if early else cases.kill(mutant, where.file)
        if killed:
            fate, why, case = killed
            outcomes.append(Outcome(mutant, where, fate, why, case))
        elif proof := early or alike.proof(mutant):
            outcomes.append(Outcome(mutant, where, "equivalent", proof))
        elif mutant.name in reasons:
            outcomes.append(Outcome(mutant, where, "explained", reasons[mutant.name].because))
        else:
            file = where.file.removesuffix(".yaml") + ".cases.yaml"
            proposal = killer(written.pack, mutant, file, deliveries)
            witness = alike.witness(mutant) if proposal is None else None
            outcomes.append(Outcome(mutant, where, "survived", proposal=proposal, witness=witness))
    return Mutated(tuple(outcomes), tuple(_stale(explained, outcomes, every)))


def _stale(explained: Iterable[Explained], outcomes: Iterable[Outcome], every: bool) -> Iterator[Problem]:
    by_name = {one.mutant.name: one for one in outcomes}
    seen: set[str] = set()
    for one in explained:
        found = by_name.get(one.mutant)
        if one.mutant in seen:
            what = f"the mutant `{one.mutant}` is explained twice"
        elif found is None and every:
            what = f"there is no mutant `{one.mutant}`, which is explained here"
        elif found and found.fate in ("killed", "refused"):
            by = f", by the case: {found.case.name}" if found.case and found.fate == "killed" else ""
            what = f"the mutant `{one.mutant}` is explained here, and it is {found.fate}{by}"
        elif found and found.fate == "equivalent":
            what = f"the mutant `{one.mutant}` is explained here, and is proved to change nothing"
        else:
            what = ""
        seen.add(one.mutant)
        if what:
            yield Problem("stale-explanation", what, one.place, "take the explanation out", file=one.file)


def _reads(leaf: Leaf, kind: str, name: str) -> bool:
    """Whether the answer to a question rests on a limit or list of words."""
    return (kind == "limit" and name in limits_in(leaf)) or _ASKS.get(kind) in asked_by(leaf)


def _freshness(pack: Pack) -> set[str]:
    """The limits after which evidence is stale."""
    return {name for name in (pack.fresh_for, *(known.fresh_for for known in pack.facts.values())) if name}


def _comparable(judged: Judged, pack: Pack) -> Judged:
    """The same without expectations of alternatives whose number another alternative has in the mutant."""
    case = judged.case
    now = {signal.id: len(signal.any) for signal in judged.verdict.pack.signals}
    moved = {signal.id for signal in pack.signals if now.get(signal.id) != len(signal.any)}
    lost = [target for target in case.expects if target[0] == "rule" and target[1].partition("/")[0] in moved]
    if not lost:
        return judged
    kept = {target: state for target, state in case.expects.items() if target not in lost}
    return Judged(replace(case, expects=kept), judged.found, judged.verdict)
