"""The YAML cases beside a pack, read strictly and turned into deliveries.

A case file stands beside a gate, a table, the anti-patterns or the bundle and has its stem: `gates/lineage.cases.yaml`.

    cases:
      - name: a sentence that a domain expert would say
        from: examples        # the whole example of the pack; or `nothing`, where only the first fact is stated
        with:                 # fact -> value, set on top; `records[].field` sets the field in every record
          lineage.trace.code: main
        without: [lineage.evidence, "lineage.datasets[].owner"]     # taken away, after `with`; a group of facts may be named
        assume: [{fact: ..., value: ..., reason: ..., owner: ...}]
        order: [lineage, use-case, ...]      # another order of the gates, as if somebody had asked for it
        today: 2026-09-30                    # the day to judge evidence by; without it evidence does not age
        problems: [bad-reference]     # codes of the problems that the fact file is expected to have; none where it is left out
        expect:
          criterion lineage-explicit: unmet          # one of STATES
          rule high-risk-impact/2: fires             # the n-th alternative of the signal
          row promotion-policy/high-risk: leads      # `open` where its signal is, below a row that leads
          row review/large: holds                    # in a table of outputs
          table review: {depth: board, days: 5}      # what it says; a list where it gives one; or one of OUTCOMES
          item completeness/versioning: met
    explained:                # mutants that no case can kill (`pack mutate`), and why that is right
      - {mutant: "gate bundle: drop the need of lineage", because: it is the last gate in every order}
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any, cast

from .document import Document
from .errors import BadPack, Place, Problem
from .facts import ASSUMPTIONS, SEQUENCE
from .hits import COUNTED, is_single
from .measures import Flaw, date
from .nodes import MAX_NODES, Entry, Node
from .pack import Pack
from .pack_check import one_of
from .pack_loader import Written, read_cases
from .rows import rows

KEYS = ("name", "from", "with", "without", "assume", "order", "today", "problems", "expect")
EXPLAINED = ("mutant", "because")
STARTS = ("examples", "nothing")
STATES = {
    "gate": ("passed", "blocked", "waiting"),
    "entry": ("met", "assumed", "reordered", "unmet", "unknown"),
    "criterion": ("met", "assumed", "unmet", "unknown"),
    "signal": ("yes", "no", "unknown"),
    "rule": ("fires", "silent", "unknown"),
    "row": ("leads", "holds", "undecided", "silent", "open"),
    "antipattern": ("present", "absent", "unknown"),
    "item": ("met", "unmet", "unknown"),
}
OUTCOMES = ("nothing", "conflict", "undecided")  # of a table of outputs, where it says no values
OUTPUT_ROW = ("holds", "silent", "open")
_KINDS = {"with": "mapping", "without": "list", "assume": "list", "order": "list", "problems": "list", "expect": "mapping"}


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity, so that a case is a key of a cache
class Case:
    """One case: the delivery that it makes, as plain data, and what it expects, with the place of each expectation.

    `text` is that of its file.
    """

    file: str
    text: str
    place: Place
    name: str
    sets: dict[str, Any]
    delivery: dict[str, Any]
    problems: tuple[str, ...]
    problems_place: Place
    today: datetime.date | None
    expects: dict[tuple[str, str], str]
    places: dict[tuple[str, str], Place]

    @property
    def id(self) -> str:
        """The stem of its file and its name."""
        return f"{PurePath(self.file).name.removesuffix('.cases.yaml')}: {self.name}"


@dataclass(frozen=True, slots=True)
class Explained:
    """A mutant that no case kills, and why that is right."""

    file: str
    place: Place
    mutant: str
    because: str


def read(written: Written) -> tuple[Case, ...]:
    """The cases beside a pack. Raises BadPack with everything that is not written as above."""
    files, unreadable = read_cases(written)
    reading = _Reading(written.pack, list(unreadable), written.folders[0])
    cases = [case for doc in files.values() for case in reading.cases(doc)]
    if not files and not unreadable:
        main = next(iter(written.texts))
        mend = "write `NAME.cases.yaml` beside `NAME.yaml`, for each file of the pack"
        raise BadPack([Problem("no-cases", "there are no cases beside this pack", help=mend, file=main)])
    if reading.problems:
        raise BadPack(reading.problems)
    return tuple(cases)


def explained(written: Written) -> tuple[Explained, ...]:
    """The mutants that are explained beside a pack, of files that `read` has found right."""
    files, _ = read_cases(written)
    return tuple(
        Explained(doc.file, entry.place, node.entries["mutant"].value.raw, node.entries["because"].value.raw)
        for doc in files.values()
        if (entries := doc.root.entries.get("explained"))
        for node in entries.value.items
        for entry in [node.entries["mutant"]]
    )


def names(pack: Pack) -> dict[str, set[str]]:
    """What a case can expect something of, by its kind."""
    return {
        "gate": set(pack.order),
        "entry": {gate.entry.id for gate in pack.gates},
        "criterion": set(pack.criteria),
        "signal": {signal.id for signal in pack.signals},
        "rule": {f"{signal.id}/{number}" for signal in pack.signals for number in range(1, len(signal.any) + 1)},
        "row": {f"{table.id}/{row.id}" for _, table, row in rows(pack)},
        "table": {table.id for table in pack.output_tables},
        "antipattern": {pattern.id for pattern in pack.antipatterns},
        "item": {f"{checklist.id}/{item.id}" for checklist in pack.checklists for item in checklist.items},
    }


def outcome(status: str, outputs: Sequence[Mapping[str, object]], single: bool) -> str:
    """What a table of outputs says, as one text: its values in JSON, or one of OUTCOMES."""
    if status != "decided":
        return "undecided" if status == "conditional" else status
    said = [json.dumps({k: _whole(v) for k, v in sorted(one.items())}, ensure_ascii=False) for one in outputs]
    return said[0] if single else f"[{', '.join(said)}]"


def _whole(value: object) -> object:
    """5 for 5.0, which are one number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def expected_state(pack: Pack, kind: str, name: str, node: Node) -> tuple[str, tuple[str, ...]]:
    """What a case expects of something, as one text that is empty where it can't be; and what it could be."""
    if kind != "table":
        of_outputs = kind == "row" and any(table.id == name.partition("/")[0] for table in pack.output_tables)
        states = OUTPUT_ROW if of_outputs else STATES[kind]
        return (node.raw if node.raw in states else "", states)
    table = next(table for table in pack.output_tables if table.id == name)
    columns = [COUNTED] if table.aggregate == "count" else list(table.outputs)
    example = "{" + ", ".join(f"{column}: ..." for column in columns) + "}"
    single = is_single(table)
    could = (example if single else f"[{example}, ...]", *OUTCOMES)
    if node.kind == "text":
        return (node.raw if node.raw in OUTCOMES else "", could)
    given = [one.plain() for one in node.items] if node.kind == "list" else [node.plain()]
    numbers = {name for name in columns if name == COUNTED or not table.outputs[name].values}
    right = all(
        isinstance(one, dict)
        and set(cast("dict[str, Any]", one)) == set(columns)
        and all(
            isinstance(value, int | float) if key in numbers else value in table.outputs[key].values
            for key, value in cast("dict[str, Any]", one).items()
        )
        for one in given
    )
    right = right and bool(given) and (node.kind == "list") != single
    return (outcome("decided", cast("list[dict[str, object]]", given), single) if right else "", could)


@dataclass
class _Reading:
    """Reads case files and notes what is wrong with them."""

    pack: Pack
    problems: list[Problem]
    folder: str  # of the pack itself; files elsewhere are those of packs below
    file: str = ""
    text: str = ""

    @cached_property
    def example(self) -> str:
        """The whole example, as text of which every case gets a copy."""
        return json.dumps(self.pack.example)

    @cached_property
    def names(self) -> dict[str, set[str]]:
        """What there is of each kind."""
        return names(self.pack)

    @cached_property
    def groups(self) -> set[str]:
        """What may be taken away: facts, fields of records, and whole groups of facts."""
        every = {path.rsplit(".", n)[0] for path in self.pack.facts if "[" not in path for n in range(path.count(".") + 1)}
        return every | set(self.pack.facts)

    def bad(self, what: str, place: Place, help: str) -> None:
        self.problems.append(Problem("bad-case", what, place, help, file=self.file))

    def cases(self, doc: Document) -> Iterator[Case]:
        self.file, self.text = doc.file, doc.text
        for key, entry in doc.root.entries.items():
            if key not in ("cases", "explained"):
                self.bad(f"nothing reads the key `{key}`", entry.place, one_of(["cases", "explained"], key))
        self.check_explained(doc.root.entries.get("explained"))
        cases = doc.root.entries.get("cases")
        if cases is None or not cases.value.items:
            place = cases.place if cases else doc.root.place
            self.bad("`cases` has to list cases", place, "begin each case with `- name: ...`")
            return
        seen: dict[str, Place] = {}
        for node in cases.value.items:
            case = self.case(node)
            if case is None:
                continue
            if case.name in seen:
                self.bad(
                    f"a case of line {seen[case.name].line} has the same name", case.place, "give each case a name of its own"
                )
            seen.setdefault(case.name, case.place)
            yield case

    def check_explained(self, entry: Entry | None) -> None:
        for node in entry.value.items if entry else ():
            texts = {key: one.value.raw.strip() for key, one in node.entries.items() if one.value.kind == "text"}
            if set(node.entries) != set(EXPLAINED) or not all(texts.get(key) for key in EXPLAINED):
                what = "what is explained has the name of a `mutant`, and `because`"
                self.bad(what, node.place, "write `{mutant: NAME, because: REASON}`, with the name that `pack mutate` shows")
        if entry and not entry.value.items:
            self.bad("`explained` has to list mutants", entry.place, "write `- {mutant: NAME, because: REASON}`, or take it out")

    def case(self, node: Node) -> Case | None:
        """A case; of one that is not written as a case the problems are noted."""
        before = len(self.problems)
        if node.kind != "mapping":
            self.bad("a case has a name and something to expect", node.place, "begin it with `- name: ...`")
            return None
        parts = {key: entry.value for key, entry in node.entries.items()}
        for key, entry in node.entries.items():
            if key not in KEYS:
                self.bad(f"nothing reads the key `{key}` of a case", entry.place, one_of(KEYS, key))
            elif key in _KINDS and entry.value.kind not in (_KINDS[key], "null"):
                self.bad(f"`{key}` of a case has to be a {_KINDS[key]}", entry.place, f"write a {_KINDS[key]}, or take it out")
        name, start = parts.get("name"), parts.get("from")
        if name is None or not name.raw.strip():
            self.bad("a case needs a name", node.place, "say in `name:` what it shows, in one sentence")
        if start is not None and start.raw not in STARTS:
            self.bad(
                f"a case begins with `examples` or with `nothing`, not with `{start.raw}`", start.place, one_of(STARTS, start.raw)
            )
        expect = parts.get("expect")
        if expect is None or not (expect.entries or expect.kind not in ("mapping", "null")):
            self.bad("a case has to expect something", node.place, "add `expect:` with a line such as `gate NAME: passed`")
        for item in (item for key in ("without", "order", "problems") for item in (parts[key].items if key in parts else ())):
            if item.kind != "text":
                self.bad(f"a list of names holds a {item.kind}", item.place, "write a name")
        day = date(parts["today"].raw) if "today" in parts else None
        if isinstance(day, Flaw):
            self.bad(f"`today` of a case {day.says}", parts["today"].place, "write it as in `2026-09-30`")
        if len(self.problems) > before or name is None or expect is None or isinstance(day, Flaw):
            return None
        delivery = self.delivery(parts)
        expects = {target: (state, place) for target, state, place in self.expected(expect)}
        problems = parts.get("problems")
        return Case(
            self.file,
            self.text,
            name.place,
            name.raw,
            {key: entry.value.plain() for key, entry in _entries(parts.get("with"))},
            delivery,
            tuple(item.raw for item in problems.items) if problems else (),
            node.entries["problems"].place if problems else name.place,
            datetime.date.fromisoformat(day) if day else None,
            {target: state for target, (state, _) in expects.items()},
            {target: place for target, (_, place) in expects.items()},
        )

    def delivery(self, parts: dict[str, Node]) -> dict[str, Any]:
        """The fact file of a case, as plain data."""
        built: dict[str, Any] = json.loads(self.example)
        if "from" in parts and parts["from"].raw == "nothing":
            first = next(iter(self.pack.sections[0].facts.values()))
            built = {}
            put(built, first.path, first.sample)
        size = 0
        for path, entry in _entries(parts.get("with")):
            if path not in self.pack.facts:
                self.bad(f"no fact is called `{path}`", entry.place, one_of(self.pack.facts, path))
                continue
            try:
                size += entry.value.size * put(built, path, entry.value.plain())
            except LookupError as error:
                self.bad(str(error.args[0]), entry.place, "state the records first, with `with`")
        if size > MAX_NODES:  # not built: a long list in each of many records would fill the memory
            self.bad("this case states more values than a fact file may", parts["with"].place, "set shorter values, or fewer")
            return {}
        for item in parts["without"].items if "without" in parts else ():
            if item.raw not in self.groups:
                self.bad(f"no fact or group of facts is called `{item.raw}`", item.place, one_of(self.groups, item.raw))
                continue
            try:
                take(built, item.raw)
            except LookupError as error:
                self.bad(str(error.args[0]), item.place, "take only away what the case states till then")
        if "assume" in parts and parts["assume"].items:
            built[ASSUMPTIONS] = parts["assume"].plain()
        if "order" in parts and parts["order"].items:
            built[SEQUENCE] = {"order": self.order(parts["order"]), "requested_by": "the case", "reason": parts["name"].raw}
        return built

    def order(self, said: Node) -> list[str]:
        """The order that a case asks for. A case of a pack below knows nothing of the gates above: they come before the last."""
        order = [item.raw for item in said.items]
        added = [] if PurePath(self.file).is_relative_to(self.folder) else [one for one in self.pack.order if one not in order]
        return [*order[:-1], *added, *order[-1:]]

    def expected(self, expect: Node) -> Iterator[tuple[tuple[str, str], str, Place]]:
        """What is expected of what, and where; names and states that there are not are noted."""
        for key, entry in expect.entries.items():
            kind, _, name = key.partition(" ")
            if kind not in self.names:
                self.bad(f"a case can't expect anything of `{key}`", entry.place, one_of(self.names, kind))
                continue
            if name not in self.names[kind]:
                self.bad(f"there is no {kind} `{name}`", entry.place, one_of(self.names[kind], name))
                continue
            state, could = expected_state(self.pack, kind, name, entry.value)
            if not state:
                what = f"a case can't expect that {kind} `{name}` is `{entry.value.raw or entry.value.kind}`"
                self.bad(what, entry.place, one_of(could, entry.value.raw) if kind != "table" else "write " + ", or ".join(could))
                continue
            yield (kind, name), state, entry.place


def _entries(node: Node | None) -> Iterable[tuple[str, Entry]]:
    return node.entries.items() if node else ()


# --- edits of plain data


def put(built: dict[str, Any], path: str, value: Any) -> int:
    """State a fact, or a field of every record, and say how often that was. Raises LookupError where there are no records."""
    holders = _holders(built, path, make=True)
    for holder, key in holders:
        holder[key] = value
    return len(holders)


def take(built: dict[str, Any], path: str) -> None:
    """Take a fact, a group of facts, or a field of every record away. Raises LookupError where it is not there."""
    for holder, key in _holders(built, path, make=False):
        if key not in holder:
            raise LookupError(f"`{path}` is not there to be taken away")
        del holder[key]


def _holders(built: dict[str, Any], path: str, *, make: bool) -> list[tuple[dict[str, Any], str]]:
    """What holds a fact, and its key there; of a field, every record."""
    base, _, inner = path.partition("[].")
    *above, last = base.split(".")
    level = built
    for part in above:
        below: Any = level.setdefault(part, {}) if make else level.get(part)
        if not isinstance(below, dict):
            raise LookupError(f"`{path}` is not there: `{part}` holds no facts")
        level = cast("dict[str, Any]", below)
    if not inner:
        return [(level, last)]
    rows: Any = level.get(last)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in cast("list[Any]", rows)):
        raise LookupError(f"`{base}` holds no records here")
    return [(row, inner) for row in cast("list[dict[str, Any]]", rows)]
