"""Cases that are proposed for what the cases of a pack do not show, as YAML that a person can agree with.

What a proposal expects is what the engine answers: that the pack says so, and not that it is right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from .case_files import Case, names
from .errors import Place
from .mutants import WORDS, Mutant, statement_name
from .nearby import Change, Changes, Deliveries
from .pack import Pack
from .pack_cases import Judged, answer, state
from .pack_conditions import Leaf, Statement
from .pack_coverage import Gap, Line, Ways, question
from .pack_walks import below, placed
from .rows import rows
from .trials import Judge, asked_by

ASKS_TO_AGREE = "proposed: what it expects is what the engine answers; keep it if you agree, and give it a better name"
_NOWHERE = Place(1, 1)
_WIDE = 1_000_000  # no line is broken


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case that would show something: the file it belongs to, its name, what it changes in the example, what it expects."""

    file: str
    name: str
    changes: Changes
    expects: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The case as one item of a list in YAML, without indentation."""
        case: dict[str, Any] = {"name": self.name}
        sets = {path: value for change in self.changes for path, value in change.sets}
        takes = [path for change in self.changes for path in change.takes]
        case |= ({"with": sets} if sets else {}) | ({"without": takes} if takes else {})
        expects = {key: json.loads(state) if state[:1] in ("{", "[") else state for key, state in self.expects}
        return _yaml([case | {"expect": expects}])


class _Plain(yaml.SafeDumper):
    """Mappings and lists of single values on one line, no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(value: Any) -> str:
    return yaml.dump(value, Dumper=_Plain, sort_keys=False, allow_unicode=True, default_flow_style=None, width=_WIDE)


def propose(pack: Pack, lines: Iterable[Line], judged: Sequence[Judged]) -> tuple[tuple[Proposal, ...], tuple[Gap, ...]]:
    """Cases near the example by which gaps are filled, and the gaps for which none was found."""
    proposing = _Proposing(pack, judged)
    unfilled = tuple(gap for line in lines for gap in line.lacking if not proposing.fill(gap))
    return tuple(proposing.found), unfilled


def killer(pack: Pack, mutant: Mutant, file: str, deliveries: Deliveries) -> Proposal | None:
    """A case that would kill a mutant; nothing where no near example does."""
    mutated = mutant.of(pack)
    judge = Judge(mutated)
    targets = [one for one in mutant.touches if one[0] != "gate"]
    if mutant.about.startswith("gate "):
        return None  # only another order of the gates tells
    for changes in _tried(pack, mutated, mutant, deliveries):
        for made, before in deliveries.tries(changes):
            after = judge.derive(deliveries.read(made, mutated) if mutant.about.split()[0] in WORDS else before.found)
            one, other = before.judged(_case(made)), after.judged(_case(made))
            seen = targets or [(k, n) for k, n, _ in _statements(pack)]
            differing = [target for target in seen if _exists(mutated, target) and state(one, *target) != state(other, *target)]
            if differing:
                return _proposal(file, made, one, differing[0])
    return None


def _exists(pack: Pack, target: tuple[str, str]) -> bool:
    return target[1] in names(pack).get(target[0], ())


def _tried(pack: Pack, mutated: Pack, mutant: Mutant, deliveries: Deliveries) -> Iterator[list[Change]]:
    """The changes that may tell a mutant, statement by statement."""
    kind = mutant.about.partition(" ")[0]
    if kind in WORDS:
        word = getattr(pack, WORDS[kind])[int(mutant.location[1])].replace("*", "1")
        operator = {"nobody": "named", "moving": "pinned"}.get(kind, "stated")
        asked = [p for _, _, one in _statements(pack) for p, _ in below(one) if isinstance(p, Leaf) and operator in asked_by(p)]
        plain = [leaf.fact for leaf in asked if "[" not in leaf.fact and pack.facts[leaf.fact].type in ("text", "owner")]
        yield [Change(f"{path} is {word or 'empty'}", sets=((path, word),)) for path in plain[:1]]
        return
    for one in (pack, mutated):
        wanted = [statement for k, n, statement in _statements(one) if (k, n) in mutant.touches]
        for statement in wanted:
            yield deliveries.changes(statement, one)


def _statements(pack: Pack) -> Iterator[tuple[str, str, Statement]]:
    return ((kind, statement_name(pack, kind, one, where), one) for kind, one, _, where in placed(pack))


class _Proposing:
    def __init__(self, pack: Pack, judged: Sequence[Judged]) -> None:
        self.pack, self.judged = pack, list(judged)
        self.deliveries = Deliveries(pack)
        self.statements = {(kind, name): one for kind, name, one in _statements(pack)}
        self.rows = {f"{table.id}/{row.id}": row.when for _, table, row in rows(pack)}
        self.found: list[Proposal] = []

    def fill(self, gap: Gap) -> bool:
        """Propose the simplest case that fills a gap, where none proposed before does; whether it is filled."""
        target = (gap.kind, gap.name)
        around = ("signal", self.rows[gap.name]) if gap.kind == "row" else target
        statement = self.statements[around]
        shows = self._shows(gap, target, around, statement)
        if any(map(shows, self.judged[len(self.judged) - len(self.found) :])):
            return True
        for made, derived in self.deliveries.tries(self.deliveries.changes(statement, self.pack)):
            one = derived.judged(_case(made))
            if shows(one):
                file = gap.problem.file.removesuffix(".yaml") + ".cases.yaml"
                self.found.append(_proposal(file, made, one, target))
                self.judged.append(one)
                return True
        return False

    def _shows(
        self, gap: Gap, target: tuple[str, str], around: tuple[str, str], statement: Statement
    ) -> Callable[[Judged], bool]:
        condition = gap.condition
        if condition is None:
            return lambda one: state(one, *target) == gap.side
        if gap.side:
            return lambda one: answer(one, condition) == gap.side
        ways = Ways(":".join(around), statement, self.judged)
        key = question(condition)

        def decides(one: Judged) -> bool:
            way = ways.way(one)
            return bool(way[1]) and ways.decides(key, (way,))

        return decides


def _proposal(file: str, made: Changes, one: Judged, target: tuple[str, str]) -> Proposal:
    found = state(one, *target)
    words = " and ".join(change.words for change in made) or "everything is as in the examples"
    kind, name = target
    return Proposal(file, f"{kind} {name} is {found} where {words}", made, ((f"{kind} {name}", found),))


def _case(made: Changes) -> Case:
    """A case that expects nothing yet."""
    return Case("", "", _NOWHERE, "", {}, {}, (), _NOWHERE, None, {}, {})


def written(text: str, proposals: Sequence[Proposal]) -> str:
    """The text of a case file with proposals at the end of its cases, and nothing else in it changed; of no text, a new file."""
    text = text or "cases:\n"
    end = "\r\n" if "\r\n" in text else "\n"
    later = re.search(r"(?m)^explained:", text)
    head, tail = (text[: later.start()], text[later.start() :]) if later else (text, "")
    first = re.search(r"(?m)^( *)- ", head)
    indent = first[1] if first else "  "
    head += "" if head.endswith("\n") else end
    blank = not first or not head.splitlines()[-1].strip()
    blocks = [[f"# {ASKS_TO_AGREE}", *one.text.splitlines()] for one in proposals]
    added = f"{end}{end}".join(end.join(f"{indent}{line}" for line in block) for block in blocks)
    return f"{head}{'' if blank else end}{added}{end}{end if tail else ''}{tail}"
