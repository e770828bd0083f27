"""What makes a gate pass, for a terminal: the best way first, and YAML to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ... import safe
from ...snippet import snippet
from . import words
from .problems import problems, where

if TYPE_CHECKING:
    from ....engine.unblock import Change, Part, Unblock, Way
    from ....engine.verdict import Verdict


def unblock(verdict: Verdict, found: Unblock, source: str, whole: bool) -> str:
    """The ways, each with its questions and YAML; what there is no choice in comes as one piece of YAML.

    `whole` where the whole delivery was asked about.
    """
    lines = [*words.sequence(verdict), _headline(verdict, found, whole)]
    single = [part for part in found.parts if len(part.ways) == 1 and not part.more]
    choices = [part for part in found.parts if part not in single]
    forced = [change for part in single for change in part.ways[0].changes]
    if len(forced) == 1:
        from ....engine.unblock import Way  # with what it needs, so that other commands need not load it

        lines += ["", *_way(verdict, Way(tuple(forced)), "")]
    elif forced:
        said = f"These {len(forced)} facts are needed in any case:" if choices else "Fill in:"
        lines += ["", said, "", *_indented(snippet(forced, verdict.facts, verdict.pack, questions=True))]
        notes = [note for part in single for note in _notes(part.ways[0])]
        lines += ["", *notes] if notes else []
    if len(choices) == 1 and not forced:
        lines[-1] += f" {_count(choices[0])}"
        lines += _ways(verdict, choices[0])
    else:
        for part in choices:
            lines += ["", f"For the rest {_count(part)[0].lower()}{_count(part)[1:]}", *_ways(verdict, part)]
    lines += _left(verdict, found, source)
    return "\n".join([*lines, "", *words.engine(verdict)]) + "\n"


def _headline(verdict: Verdict, found: Unblock, whole: bool) -> str:
    gate = verdict.gate(found.gate)
    name = "The delivery" if whole else f"Gate {gate.gate.stage}, {gate.gate.id},"
    if found.impossible:
        return f"{name} can't pass by what is stated: no facts were found that make it pass."
    if not found.parts:
        return f"{name} passes as it is: nothing is to be stated."
    count = len(found.best)
    before = ", the gates before it included" if gate.status == "waiting" and not whole else ""
    fewer = (
        f" {words.plural(found.least, 'fact')} would do, with more work or by correcting what is stated."
        if found.least < count
        else ""
    )
    stopped = "" if found.proven else " There may be a smaller answer: the search was stopped."
    return f"{name} passes with {words.plural(count, 'fact')}{before}.{fewer}{stopped}"


def _count(part: Part) -> str:
    if part.more:
        these = "this, which is the easiest" if len(part.ways) == 1 else f"these {len(part.ways)}, which are the easiest"
        return f"There are more ways than {these} (--most N tells more):"
    return f"There are {len(part.ways)} ways, the easiest first:"


def _ways(verdict: Verdict, part: Part) -> Iterator[str]:
    for number, way in enumerate(part.ways, 1):
        yield ""
        yield from _way(verdict, way, f"{number}. ")


def _way(verdict: Verdict, way: Way, lead: str) -> Iterator[str]:
    space = " " * len(lead)
    said: dict[str, int] = {}
    for change in way.changes:
        said[_sentence(verdict, change)] = said.get(_sentence(verdict, change), 0) + 1
    questions = {_sentence(verdict, change): change for change in way.changes}
    for sentence, count in said.items():
        change = questions[sentence]
        yield lead + (sentence if count == 1 else sentence.replace("a record", f"{count} records", 1))
        if change.now.note:
            yield f"{space}It {safe.terminal(change.now.note)}."
        yield f"{space}{safe.terminal(change.known.ask)}{_choices(change)}"
        lead = space
    yield from (f"{space}{line}" for line in _notes(way))
    yield ""
    yield from (f"{space}  {line}" for line in snippet(way.changes, verdict.facts, verdict.pack).split("\n"))


def _sentence(verdict: Verdict, change: Change) -> str:
    now = change.now
    name = f"`{change.known.path}`" + (f" of {words.quoted(now.within)}" if now.within else "")
    to = " or ".join(f"`{choice}`" for choice in change.may)
    spot = f"  ({'belongs below ' if now.state == 'missing' else ''}{where(verdict.facts.file, change.place)})"
    if change.corrects:
        return f"Correct {name}{f' to {to}' if to else ''}, but only if what it says is wrong{spot}"
    if change.does == "add":
        return f"Add a record to {name}{spot}"
    if change.does == "confirm":
        return f"Check {name} again, and state it{f' as {to}' if to else ''}{spot}"
    if change.does == "change":
        return f"Change {name}{f' to {to}' if to else ''}{spot}"
    return f"State {name}{f' as {to}' if to else ''}{spot}"


def _choices(change: Change) -> str:
    if not change.known.choices or change.may or len(change.known.choices) > 8:
        return ""
    return f" ({', '.join(change.known.choices)})"


def _notes(way: Way) -> Iterator[str]:
    """What else is needed where a situation is another than the way takes it to be."""
    for other in way.otherwise:
        where_ = " and ".join(f"`{path}` is {_listed(values)}" for path, values in other.where)
        said = ", and ".join(f"`{one.known.path}` has to be {_listed(one.may) if one.may else 'stated'}" for one in other.changes)
        yield f"If {where_}: {said}."


def _listed(values: Sequence[str]) -> str:
    return f"one of {len(values)} choices" if len(values) > 4 else " or ".join(f"`{value}`" for value in values)


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.split("\n")]


def _left(verdict: Verdict, found: Unblock, source: str) -> list[str]:
    if not found.left:
        return []
    besides = " besides" if found.parts else ""
    said = f"The file has {words.plural(len(found.left), 'problem')}{besides}, and a file with problems never passes:"
    return ["", said, "", problems(verdict.facts.file, source, found.left).rstrip("\n")]
