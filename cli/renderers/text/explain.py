"""Why something stands as it does, in sentences: what to do next first, then the reasons, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ....engine.errors import short
from ....engine.next_step import NextStep
from ....engine.pack import Pack
from ....engine.steps import Step, walk
from ....engine.verdict import Verdict
from ... import safe
from . import words
from .problems import where

_LONGEST_VALUE, _MOST_VALUES = 80, 8
_HOW = {
    "met": "holds",
    "assumed": "holds by assumption",
    "waived": "does not hold and is waived",
    "reordered": "holds",
    "unmet": "does not hold",
    "unknown": "cannot be judged yet",
}
_ANTIPATTERN = {"present": "is there", "absent": "is absent", "unknown": "cannot be judged yet"}
_STATE = {
    "missing": "is not stated",
    "placeholder": "is a placeholder, so it counts as not stated",
    "invalid": "can't be read, see the problems of the file",
    "stale": "rests on evidence that no longer counts",
}
_MEASURING = ("table", "recommendation", "signal")  # kinds where the limits are part of the answer


def explain(verdict: Verdict, step: Step, todo: NextStep | None, left_out: int, whole: bool) -> str:
    """The answer, what to do next, and the reasons; `left_out` counts the facts that hold and are not shown."""
    telling = _Telling(verdict, whole, whole or step.kind in _MEASURING)
    lines = [*words.sequence(verdict), *telling.head(step), ""]
    if todo:
        lines += [f"Do this next: {do(verdict, todo)}.", ""]
    body = telling.body(step)
    lines += [*body, ""] if body else []
    if left_out:
        lines += [_left_out(step, left_out), ""]
    return "\n".join([*lines, *words.engine(verdict)]) + "\n"


def _left_out(step: Step, facts: int) -> str:
    held = sum(one.held for one in walk(step))
    if step.kind == "gate" and step.good:
        return "--all shows the facts that this stands on."
    if step.kind == "gate" and held:
        return f"{words.plural(held, 'criterion', 'criteria')} of this gate {'hold' if held > 1 else 'holds'}; --all shows why."
    return f"{words.plural(facts, 'fact')} more {'hold' if facts > 1 else 'holds'}; --all shows {'them' if facts > 1 else 'it'}."


def do(verdict: Verdict, todo: NextStep) -> str:
    """What to do next, as a sentence without its end."""
    if todo.problem:
        line = f"line {todo.problem.place.line}: " if todo.problem.place else ""
        mend = f" ({safe.terminal(todo.problem.help)})" if todo.problem.help else ""
        return f"mend {line}{safe.terminal(todo.problem.what)}{mend}"
    if todo.fact is None:
        return _begin(todo.how)
    fact, pack = todo.fact, verdict.pack
    name = _name(fact)
    if fact.status == "stale":
        return f"check {name} again: it {safe.terminal(fact.says)}"
    if fact.status != "unmet":
        state = "" if fact.status in ("missing", "placeholder") else f", which {safe.terminal(fact.says)}"
        return f"{'correct' if fact.status == 'invalid' else 'state'} {name}{state} ({pack.facts[fact.id].ask})"
    if todo.how and todo.how not in _general(pack):
        return _begin(todo.how)
    return f"correct {name}: {_value(fact.value)} {safe.terminal(fact.says)}"


def _general(pack: Pack) -> set[str]:
    """What criteria as a whole say about mending them: too much for one step."""
    return {criterion.mend for gate in pack.gates for criterion in (gate.entry, *gate.exit)}


def _begin(sentence: str) -> str:
    """A sentence of the pack as the rest of one of ours."""
    text = safe.terminal(sentence).rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _name(fact: Step) -> str:
    return f"`{fact.id}`" + (f" of {words.quoted(fact.within)}" if fact.within else "")


def _value(text: str) -> str:
    return words.quoted(short(text, _LONGEST_VALUE))


def _text(text: str) -> str:
    return f'"{safe.terminal(text)}"'


class _Telling:
    def __init__(self, verdict: Verdict, whole: bool, limits: bool) -> None:
        self.verdict, self.whole, self.with_limits = verdict, whole, limits
        self.told: set[str] = set()  # limits that have been told already

    # --- the first sentence

    def head(self, step: Step) -> list[str]:
        if step.kind == "gate" and step.status == "waiting":
            root = self.verdict.gate(step.children[0].id if step.children else self.verdict.gate(step.id).waiting_for[0])
            order = [gate.gate for gate in self.verdict.gates]
            ids = [gate.id for gate in order]
            between = [str(gate.stage) for gate in order[ids.index(root.gate.id) + 1 : ids.index(step.id)]]
            also = f" (gate{'s' if len(between) > 1 else ''} {_and(between)} {'wait' if len(between) > 1 else 'waits'} too)"
            return [f"{step.title}, waits for gate {root.gate.stage}, {root.gate.id}{also if between else ''}."]
        if step.kind == "gate":
            return [f"{self.sentence(step)}."]
        if step.kind == "recommendation":
            table = next(table for table in self.verdict.pack.tables if table.id == step.id.partition("/")[0])
            return [f"{safe.terminal(table.title)}: {self.sentence(step)}."]
        return [f"{self.sentence(step)}{self.of_gate(step)}."]

    def of_gate(self, step: Step) -> str:
        """Which gate a criterion belongs to."""
        gate = next(
            (g.gate for g in self.verdict.gates if step.id in (g.entry.criterion.id, *(c.criterion.id for c in g.exit))), None
        )
        if gate is None or step.kind not in ("criterion", "entry"):
            return ""
        return f" (gate {gate.stage}, {gate.id}, {'entry' if step.kind == 'entry' else 'exit'})"

    def body(self, step: Step) -> list[str]:
        if step.kind == "gate" and step.status == "waiting":
            root = step.children[0] if step.children else None
            return [f"{self.sentence(root)}:", "", *self.body(root)] if root else self.cut(step, "")
        if step.kind != "gate":
            return list(self.below(step, "  ", True))
        lines: list[str] = []
        for child in step.children:
            lines += [*([""] if (lines and not step.good) or (self.whole and lines) else []), *self.tell(child, "  ")]
        return lines + self.cut(step, "  ")

    # --- one step, and what is below it

    def tell(self, step: Step, indent: str) -> Iterator[str]:
        if step.kind == "any" and _choices(step) < 2:
            yield from self.below(step, indent, False)
            return
        below = list(self.below(step, indent + "  ", False))
        only = step.children[0] if len(step.children) == 1 and not self.whole else None
        if only is not None and only.kind == "table" and not only.good:
            yield f"{indent}{self.sentence(step)}: {safe.terminal(only.says)}."
            yield from self.below(only, indent + "  ", False)
            return
        one_of = (
            " One of these has to change:" if step.either and step.kind not in ("signal", "any") and _choices(step) > 1 else ""
        )
        end = ":" if below and not one_of else "."
        if step.cut:
            yield f"{indent}{self.mark(step)}{self.sentence(step)}  ... {words.plural(step.cut, 'fact')} below"
            return
        yield f"{indent}{self.mark(step)}{self.sentence(step)}{end}{one_of}"
        yield from below
        if self.whole and step.how:
            yield f"{indent}  How to mend: {safe.terminal(step.how)}"

    def below(self, step: Step, indent: str, root: bool) -> Iterator[str]:
        children: Sequence[Step] = step.children
        if step.kind == "recommendation":  # its sentence tells of the signal already
            children = (*children[:1][0].children, *(children[1:] if root else ())) if children else ()
        yield from self.cut(step, indent)
        for facts, group in groupby(children, lambda child: child.kind == "fact"):
            if facts:
                yield from self.facts(list(group), indent)
            else:
                for child in group:
                    yield from self.tell(child, indent)

    def cut(self, step: Step, indent: str) -> list[str]:
        return [f"{indent}... {words.plural(step.cut, 'fact')} below"] if step.cut else []

    def mark(self, step: Step) -> str:
        if not self.whole:
            return ""
        if step.good or (step.kind == "fact" and not step.fault and step.status in ("met", "assumed", "stated")):
            return "+ "
        return "? " if step.status in ("unknown", "missing", "placeholder", "invalid", "stale", "") else "- "

    def sentence(self, step: Step) -> str:
        """What a step says, without its end."""
        if step.kind == "gate":
            return self.of_a_gate(step)
        if step.kind in ("any", "all"):
            return "one of these is enough" if step.kind == "any" else "all of these together"
        if step.kind == "table":
            return f"{safe.terminal(step.title)}: {safe.terminal(step.says)}"
        if step.kind == "row":
            known = {"unknown": "is not known yet"}.get(step.status, step.status)
            return f"Row {words.quoted(step.id.partition('/')[2])} ({safe.terminal(step.title)}) {known}"
        if step.kind == "recommendation":
            return self.recommendation(step)
        if step.kind == "fact":
            return f"{_name(step)} {_stands(step)}"
        if step.kind == "antipattern":
            return f"The anti-pattern {_text(step.title)} {_ANTIPATTERN[step.status]}"
        if step.kind == "signal":
            known = {"unknown": "is not known yet"}.get(step.status, step.status)
            many = "; any one of these would do" if step.either and _choices(step) > 1 and step.status != "holds" else ""
            return f"{_text(step.title)} {known}{many}"
        said = f" ({safe.terminal(step.says)})" if step.says else ""
        return f"{_text(step.title)} {_HOW[step.status]}{said}"

    def of_a_gate(self, step: Step) -> str:
        if not step.children and not step.cut:
            return f"{step.title} {step.status}" if step.title.islower() else f"{step.title}, is {step.status}"
        found = self.verdict.gate(step.id)
        total = words.plural(len(found.exit), "exit criterion", "exit criteria")
        if step.good:
            every = f"all {total}" if len(found.exit) > 1 else "its exit criterion"
            waived = sum(c.status == "waived" for c in found.exit)
            alone = f", {waived} of them by waiver alone" if waived else ""
            return f"{step.title}, passed: its entry criterion and {every} hold{alone}"
        counts = [(sum(c.status == status for c in found.exit), _HOW[status]) for status in ("unmet", "unknown")]
        failing = [f"{count} {_do(how, count)}" for count, how in counts if count]
        entry = ["its entry criterion " + _HOW[found.entry.status]] if found.entry.status in ("unmet", "unknown") else []
        if failing and len(found.exit) == 1:
            failing = ["its exit criterion " + failing[0].partition(" ")[2]]
        elif failing:
            failing[0] = failing[0].replace(" ", f" of its {total} ", 1)
        return f"{step.title}, is blocked, because {_and([*entry, *failing])}"

    def recommendation(self, step: Step) -> str:
        choice, signal = words.quoted(step.value), _text(step.children[0].title) if step.children else "its signal"
        if step.status == "leads":
            return f"{choice} is recommended, because {signal} holds"
        if step.status == "holds":
            over = step.children[1] if len(step.children) > 1 else None
            but = safe.terminal(step.says) if over is None else f"ranks below {words.quoted(over.value)}"
            if over is not None and over.status != "leads":
                but = f"is recommended only where {words.quoted(over.value)}, which ranks above it, is not"
            return f"{choice} fits, because {signal} holds, but {but}"
        if step.status == "unknown":
            return f"Whether to recommend {choice} is open, because it is not known whether {signal} holds"
        return f"{choice} is not recommended, because {signal} does not hold"

    # --- facts

    def facts(self, facts: Sequence[Step], indent: str) -> Iterator[str]:
        def alike(fact: Step) -> tuple[object, ...]:
            counted = not fact.says or not fact.says[0].isalpha()  # the same is said of all records together
            own = (fact.place, fact.within, fact.value) if not counted or self.whole else ()
            return fact.id, fact.says, fact.status, fact.limits, own

        groups: dict[tuple[object, ...], list[Step]] = {}
        for fact in facts:
            groups.setdefault(alike(fact), []).append(fact)
        for group in groups.values():
            yield from self.alike(group, indent)

    def alike(self, facts: list[Step], indent: str) -> Iterator[str]:
        fact, file = facts[0], self.verdict.facts.file
        place = where(file, fact.place)
        place = f"belongs below {place}" if fact.status == "missing" else place
        place += f" and {len(facts) - 1} more" if len(facts) > 1 else ""
        yield f"{indent}{self.mark(fact)}{self.values(facts)}  ({place})"
        if fact.fault and fact.status != "unmet" and not self.whole:
            return
        if fact.how and self.whole and fact.status != "unmet":
            yield f"{indent}    {safe.terminal(fact.how)}"
        for name in fact.limits if self.with_limits else ():
            if name not in self.told:
                self.told.add(name)
                limit = self.verdict.pack.limits[name]
                amount = limit.span or f"{limit.value:g} {safe.terminal(limit.unit)}"
                yield f"{indent}  limit {name}: {amount}; {safe.terminal(limit.means)}"

    def values(self, facts: list[Step]) -> str:
        fact = facts[0]
        assumed = " (assumed)" if fact.status == "assumed" else ""
        says = safe.terminal(fact.says)
        if len(facts) > 1:
            shown = [f"{_value(one.value)} in {_value(one.within)}" if one.within else _value(one.value) for one in facts]
            more = len(shown) - _MOST_VALUES
            listed = ", ".join(shown[:_MOST_VALUES]) + (f" and {more} more" if more > 0 else "")
            return f"`{fact.id}`: {says}, with {listed}" if says else f"`{fact.id}` is {listed}{assumed}"
        lacks = fact.fault and fact.status in ("missing", "placeholder") and not self.whole
        ask = f": {self.verdict.pack.facts[fact.id].ask}" if lacks else ""
        if not fact.value or fact.value == "(measured)":
            return f"{_name(fact)} {says or _STATE.get(fact.status, 'is stated')}{ask}"
        joined = f", which {says}" if says[:1].isalpha() else f": {says}" if says else ""
        return f"{_name(fact)} is {_value(fact.value)}{assumed}{joined}{ask}"


def _stands(fact: Step) -> str:
    """How a fact stands that is asked about, in all records together."""
    states = {child.status for child in fact.children if child.kind == "fact"}
    if len(states) > 1:
        return "is not stated in every record"
    said = _STATE.get(fact.status, "is assumed" if fact.status == "assumed" else "is stated")
    return said if fact.good or fact.status in _STATE else f"{said}, but does not fit"


def _choices(step: Step) -> int:
    """Of how many parts one would be enough; what is said of all records together is one part."""
    parts = [child for child in step.children if not child.good and (child.kind != "fact" or child.fault)]
    return len({(child.id, child.says) if child.kind == "fact" else (child.kind, child.children) for child in parts})


def _and(parts: Sequence[str]) -> str:
    return ", ".join(parts) if len(parts) < 2 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _do(how: str, count: int) -> str:
    return how.replace("does not", "do not") if count > 1 else how
