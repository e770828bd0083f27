"""What turns a build red: `--fail-on`, and the exit code that comes of it. The verdict stays what it is."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..engine.errors import CannotJudge, Problem
from ..engine.pack import Pack
from ..engine.verdict import Verdict

BLOCKED, GATE = "blocked", "gate:"


@dataclass(frozen=True, slots=True)
class Ending:
    """What was asked to turn a build red, and of that what is so."""

    asked: tuple[str, ...]
    red: tuple[str, ...]
    passed: bool

    @property
    def says(self) -> str:
        """Why the command ends as it does, in a sentence."""
        if self.red:
            return f"Exit code 1, by --fail-on: {'; '.join(self.red)}."
        verdict = "." if self.passed else ", and the delivery is BLOCKED all the same."
        return f"Exit code 0: nothing is so of what --fail-on names ({', '.join(self.asked)}){verdict}"


def read(words: Sequence[str], pack: Pack) -> tuple[str, ...]:
    """The words of `--fail-on`, gates by their ids. Raises CannotJudge."""
    return tuple(dict.fromkeys(_word(word, pack) for word in words))


def _word(word: str, pack: Pack) -> str:
    if word in _HOLDS:
        return word
    gate = pack.find_gate(word.removeprefix(GATE)) if word.startswith(GATE) else None
    if gate:
        return f"{GATE}{gate.id}"
    known = [*_HOLDS, *(f"{GATE}{name}" for name in pack.order)]
    close = difflib.get_close_matches(word[:80], known, n=1)
    mend = f"did you mean `{close[0]}`?" if close else f"choose from: {', '.join(_HOLDS)}, gate:NAME"
    raise CannotJudge([Problem("usage", f"`--fail-on {word}` means nothing", help=mend)])


def ending(asked: Sequence[str], verdict: Verdict) -> Ending:
    """Of what was asked, what is so. Without a gate among it, a blocked delivery is always; problems of the file always are."""
    gates = [word for word in asked if word.startswith(GATE)]
    words = asked if gates or BLOCKED in asked else (BLOCKED, *asked)
    return Ending(tuple(asked), tuple(_red(words, verdict)), verdict.passed)


def _red(words: Sequence[str], verdict: Verdict) -> Iterator[str]:
    if verdict.facts.problems and BLOCKED not in words:
        yield "the file has problems"
    for word in words:
        if word.startswith(GATE):
            gate = verdict.gate(word.removeprefix(GATE))
            if gate.status != "passed":
                yield f"gate {gate.gate.stage}, {gate.gate.id}, has not passed"
        elif said := _HOLDS[word](verdict):
            yield said


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def _assumed(verdict: Verdict) -> str:
    count = sum(one.status == "assumed" for gate in verdict.gates for one in (gate.entry, *gate.exit))
    return _many(count, "criterion holds by assumption alone", "criteria hold by assumption alone")


def _waived(verdict: Verdict) -> str:
    return _many(len(verdict.waived), "criterion holds by waiver alone", "criteria hold by waiver alone")


def _void(verdict: Verdict) -> str:
    return _many(len(verdict.waivers.every_problem), "problem with the waivers", "problems with the waivers")


def _deviations(verdict: Verdict) -> str:
    count = sum(one.deviates for one in verdict.recommendations)
    return _many(count, "declared choice is not the recommended one", "declared choices are not the recommended ones")


def _undecided(verdict: Verdict) -> str:
    count = len({one.table.id for one in verdict.undecided})
    count += sum(one.answer.status == "conditional" for one in verdict.decisions)
    return _many(count, "decision table can't be answered yet", "decision tables can't be answered yet")


def _antipatterns(verdict: Verdict) -> str:
    return _many(len(verdict.antipatterns), "anti-pattern is there", "anti-patterns are there")


_HOLDS: dict[str, Callable[[Verdict], str]] = {
    BLOCKED: lambda verdict: "" if verdict.passed else "the delivery is blocked",
    "assumed": _assumed,
    "waived": _waived,
    "void-waiver": _void,
    "deviation": _deviations,
    "undecided": _undecided,
    "antipattern": _antipatterns,
}
