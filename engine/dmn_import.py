"""DMN XML -> a decision table as a pack writes it, or everything that keeps it from being one, each with its place.

Read are decision tables whose inputs are plain names and whose cells are values, lists, ranges, comparisons and `not(...)`.
An input is the fact that its expression names, or the fact or signal that the caller gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from . import cells, dmn_xml, rows
from .dmn_export import POLICY_OUTPUTS
from .dmn_xml import Element, refusal
from .errors import CannotJudge, Problem, short
from .pack import Pack
from .pack_check import argument_problem, one_of, wrong
from .pack_conditions import Leaf
from .pack_tables import OutputTable, Table
from .pack_walks import Location
from .spelling import meant
from .table_check import wrong_tables
from .vocabulary import LENGTHS

_HITS = ("unique", "any", "priority", "first", "rule-order", "output-order", "collect")
_NUMBERS = ("number", "integer", "long", "double")
_NAME = re.compile(r"[^\W\d]\w*([-.][^\W\d]\w*|\[\])*")
_LOGIC = ("literalExpression", "context", "invocation", "relation", "list", "functionDefinition", "conditional", "filter")


def imported(data: bytes, pack: Pack, given: Mapping[str, str], decision: str = "", source: str = "DMN") -> dict[str, Any]:
    """The table of a DMN file, as a file of a pack says it.

    `given` says for inputs, by label or expression, which fact (`data.age in days` for a duration) or signal
    (`signal:ID`) each is. `decision` names the decision where the file has several; `source` is where it comes from.
    Raises CannotJudge with every problem.
    """
    root, version = dmn_xml.read(data)
    found = _Importing(pack, given, f"{source} (DMN {version})", root)
    table = found.table(_chosen(root, decision))
    if found.problems:
        raise CannotJudge(sorted(found.problems, key=lambda problem: problem.place or (0, 0)))
    return table


def _chosen(root: Element, name: str) -> Element:
    """The decision that is asked for, which has to be a table."""
    decisions = root.all("decision")
    tables = [one for one in decisions if one.all("decisionTable")]
    if name:
        named = [one for one in decisions if name in (one.attributes.get("id"), one.attributes.get("name"), _id(one))]
        if not named:
            raise refusal("no-table", f"no decision is called `{name}`", help=one_of([*map(_id, tables)], name))
        if not named[0].all("decisionTable"):
            raise refusal("no-table", f"{_logic(named[0])}, and only decision tables are imported", named[0].place, "make it one")
        return named[0]
    if len(tables) == 1:
        return tables[0]
    if tables:
        what = f"the file has {len(tables)} decision tables, and one is imported at a time"
        raise refusal("several-tables", what, tables[1].place, "name one: " + ", ".join(map(_id, tables)))
    said = _logic(decisions[0]) if decisions else "the file has no decision"
    place = (decisions[0] if decisions else root).place
    raise refusal("no-table", f"{said}, and only decision tables are imported", place, "make it a decision table")


def _logic(decision: Element) -> str:
    kind = next((name for name in _LOGIC if decision.all(name)), "")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower() or "something else, or empty"
    return f"the decision `{_id(decision)}` is {words if not kind else 'of the kind ' + words}"


def _id(decision: Element) -> str:
    return decision.ours("table").get("id") or _slug(decision.attributes.get("name") or decision.attributes.get("id") or "table")


def _slug(text: str) -> str:
    """A text as an id of a pack."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold())[:60].strip("-")


class _Importing:
    def __init__(self, pack: Pack, given: Mapping[str, str], source: str, root: Element) -> None:
        self.pack, self.given, self.source, self.root = pack, given, source, root
        self.problems: list[Problem] = []
        self.used: set[str] = set()
        self.places: dict[Location, Element] = {}

    def bad(self, code: str, what: str, at: Element | None, help: str) -> None:
        self.problems.append(Problem(code, what, at.place if at else None, help))

    def table(self, decision: Element) -> dict[str, Any]:
        written = decision.all("decisionTable")[0]
        own = decision.ours("table")
        self.places[()] = written
        for need in decision.all("knowledgeRequirement"):
            self.bad("outside", "the decision needs a function of a business knowledge model", need, "write its result as rows")
        for one in (self.root, *written.walk()):
            language = one.attributes.get("expressionLanguage", "feel")
            if "feel" not in language.casefold():
                self.bad("outside", f"an expression is in the language `{short(language, 60)}`", one, "write it in FEEL")
        clauses, outputs = written.all("input"), written.all("output")
        inputs = dict(map(self.input, clauses, self.unique(clauses, "input")))
        self.unused(clauses)
        names = self.unique(outputs, "output")
        rules = list(self.rules(written, list(inputs), names))
        title = written.attributes.get("label") or decision.attributes.get("name") or _id(decision)
        said: dict[str, Any] = {"id": _id(decision), "title": title}
        if "declared" in own:
            said |= self.policy(own, inputs, outputs, names, rules)
        else:
            said |= self.plain(own, written, inputs, outputs, names, rules)
        if not self.problems:
            self.check(said, "tables" if "declared" in own else "output_tables")
        return said

    def unique(self, clauses: Sequence[Element], kind: str) -> list[str]:
        """An id for each column: what we called it, else its name or label."""
        found: list[str] = []
        for clause in clauses:
            said = clause.attributes
            text = clause.said("inputExpression", "text")
            words = (
                (said.get("name"), text.rpartition(".")[2], said.get("label"))
                if kind == "input"
                else (said.get("name"), said.get("label"))
            )
            name = clause.ours(kind).get("id") or next((slug for word in words if word and (slug := _slug(word))), kind)
            found.append(name if name not in found else f"{name}-{len(found) + 1}")
        return found

    # --- inputs

    def input(self, clause: Element, name: str) -> tuple[str, dict[str, Any]]:
        own, text = clause.ours("input"), clause.said("inputExpression", "text")
        label = clause.attributes.get("label", "").strip()
        self.places["inputs", name] = clause.one("inputExpression") or clause
        found: dict[str, Any] = {}
        key = next((key for key in (text, label, name) if key and key in self.given), None)
        if key is not None:
            self.used.add(key)
            found = self.of_option(key, self.given[key])
        elif own.get("fact") in self.pack.facts or any(signal.id == own.get("signal") for signal in self.pack.signals):
            found = {key: own[key] for key in ("fact", "signal") if key in own} | ({"in": own["unit"]} if "unit" in own else {})
        elif not _NAME.fullmatch(text):
            what = (
                f"the input `{short(text, 60)}` is calculated, and an input is a plain name"
                if text
                else "an input has no expression"
            )
            self.bad("outside", what, self.places["inputs", name], f'say what it is: --input "{label or text or name}=FACT"')
        else:
            found = self.by_name(text, clause)
        title = own.get("title") or ("" if own else label)
        return name, found | ({"title": title} if title and title != name else {}) | ({"when": True} if "when" in own else {})

    def by_name(self, text: str, clause: Element) -> dict[str, Any]:
        """The fact or signal that an expression names; a field of records may be written without its brackets."""
        paths = [path for path in self.pack.facts if text in (path, path.replace("[]", ""))]
        signals = [signal.id for signal in self.pack.signals if signal.id == text and signal.id not in self.pack.implied]
        if len(paths) + len(signals) == 1:
            known = self.pack.facts[paths[0]] if paths else None
            if known and known.type == "duration":
                self.bad(
                    "unknown-input",
                    f"`{text}` is a duration, and its cells are numbers in some unit",
                    clause,
                    f'say which: --input "{text}={paths[0]} in days"',
                )
            return {"fact": paths[0]} if paths else {"signal": signals[0]}
        close = meant(text, list(self.pack.facts))
        what = f"the input `{short(text, 60)}` is no fact and no signal of the pack"
        mend = f'say what it is: --input "{short(text, 60)}={close or "FACT"}"' + (
            "" if close else "; `gatewright schema` lists the facts"
        )
        self.bad("unknown-input", what, clause, mend)
        return {}

    def of_option(self, key: str, said: str) -> dict[str, Any]:
        target, _, unit = said.partition(" in ")
        if target.startswith("signal:"):
            return {"signal": target.removeprefix("signal:")}
        if unit and unit not in LENGTHS:
            self.bad("usage", f"`{short(unit, 40)}` is no unit of time (--input {key})", None, one_of(LENGTHS, unit))
        if target not in self.pack.facts:
            self.bad("usage", f"no fact is called `{short(target, 80)}` (--input {key})", None, one_of(self.pack.facts, target))
        return {"fact": target} | ({"in": unit} if unit else {})

    def unused(self, clauses: Sequence[Element]) -> None:
        known = [clause.said("inputExpression", "text") or clause.attributes.get("label", "") for clause in clauses]
        for key in self.given.keys() - self.used:
            self.bad("usage", f"no input is called `{short(key, 60)}`", None, one_of(known, key))

    # --- rules

    def rules(self, written: Element, inputs: list[str], outputs: list[str]) -> Iterator[dict[str, Any]]:
        for number, rule in enumerate(written.all("rule"), 1):
            entries, values = rule.all("inputEntry"), rule.all("outputEntry")
            if len(entries) != len(inputs) or len(values) != len(outputs):
                has = f"{len(entries)} input and {len(values)} output entries"
                what = f"rule {number} has {has}, and the table {len(inputs)} inputs and {len(outputs)} outputs"
                self.bad("bad-dmn", what, rule, "give it one entry for each column")
                continue
            said = {name: self.cell(entry, f"rule {number}, `{name}`") for name, entry in zip(inputs, entries, strict=True)}
            then = {name: self.value(entry, f"rule {number}, `{name}`") for name, entry in zip(outputs, values, strict=True)}
            row = rule.ours("row").get("id") or f"row-{number}"
            for name, entry in zip(inputs, entries, strict=True):
                self.places["rows", number - 1, "if", name] = entry
            for name, entry in zip(outputs, values, strict=True):
                self.places["rows", number - 1, "then", name] = entry
            self.places["rows", number - 1] = rule
            notes = [rule.said("description"), *(one.said("text") for one in rule.all("annotationEntry"))]
            cells_said = {name: cell.text for name, cell in said.items() if cell.tests}
            yield {"id": row, "if": cells_said, "then": then, "note": "; ".join(filter(None, notes))}

    def cell(self, entry: Element, where: str) -> cells.Cell:
        text = entry.said("text")
        if not text:
            return cells.Cell()
        try:
            return cells.parse(text, names=False)
        except ValueError as error:
            self.bad("outside", f"{where}: {error}", entry.one("text") or entry, "write it as such a cell")
            return cells.Cell()

    def value(self, entry: Element, where: str) -> str | float:
        text = entry.said("text")
        try:
            value = cells.parse_value(text, names=False)
        except ValueError as error:
            self.bad("outside", f"{where}: {error}", entry.one("text") or entry, "write one value")
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | float):
            return value
        self.bad("outside", f"{where}: {text} is a date, and an output is a text or a number", entry, "write it as a text")
        return ""

    def listed(self, clause: Element, tag: str) -> list[Any]:
        """The values that a column lists."""
        found = clause.one(tag)
        text = found.said("text") if found else ""
        try:
            cell = cells.parse(text, names=False) if text and text != "-" else cells.Cell()
        except ValueError as error:
            self.bad("outside", f"the values of a column: {error}", found, 'list them as in "a", "b"')
            return []
        values = [test.low for test in cell.tests if test.low == test.high]
        return [str(value).lower() if isinstance(value, bool) else value for value in values]

    # --- a table of outputs

    def plain(
        self,
        own: dict[str, str],
        written: Element,
        inputs: dict[str, dict[str, Any]],
        outputs: Sequence[Element],
        names: list[str],
        rules: list[dict[str, Any]],
    ) -> dict[str, Any]:
        hit = written.attributes.get("hitPolicy", "UNIQUE").strip().casefold().replace(" ", "-").replace("_", "-")
        if hit not in _HITS:
            self.bad("outside", f"no hit policy is called `{short(hit, 40)}`", written, one_of(_HITS, hit))
        found: dict[str, Any] = {"source": own.get("source") or self.source, "hit": hit}
        if "aggregation" in written.attributes:
            found["aggregate"] = written.attributes["aggregation"].casefold()
        found["inputs"] = {name: {key: value for key, value in known.items() if key != "when"} for name, known in inputs.items()}
        found["outputs"] = {name: self.output(clause, name, hit, rules) for clause, name in zip(outputs, names, strict=True)}
        found["rows"] = [{key: value for key, value in rule.items() if value} for rule in rules]
        otherwise = {
            name: self.value(entry, f"the default of `{name}`")
            for clause, name in zip(outputs, names, strict=True)
            if (entry := clause.one("defaultOutputEntry"))
        }
        return found | ({"otherwise": otherwise} if otherwise else {}) | ({"gaps": own["gaps"]} if "gaps" in own else {})

    def output(self, clause: Element, name: str, hit: str, rules: list[dict[str, Any]]) -> dict[str, Any]:
        self.places["outputs", name] = clause
        said = [rule["then"][name] for rule in rules]
        values = [value for value in self.listed(clause, "outputValues") if isinstance(value, str)]
        if not values and any(isinstance(value, str) for value in said):
            if hit in ("priority", "output-order"):
                self.bad(
                    "bad-dmn",
                    f"`{name}` lists no values, and `{hit}` ranks rows by them",
                    clause,
                    "list its values, the highest priority first",
                )
            values = [str(value) for value in dict.fromkeys(said) if isinstance(value, str)]
        unit = clause.ours("output").get("unit")
        title = clause.attributes.get("label") or clause.attributes.get("name") or name
        return {"title": title} | ({"values": values} if values else {}) | ({"unit": unit} if unit else {})

    # --- a policy table

    def policy(
        self,
        own: dict[str, str],
        inputs: dict[str, dict[str, Any]],
        outputs: Sequence[Element],
        names: list[str],
        rules: list[dict[str, Any]],
    ) -> dict[str, Any]:
        """A policy table that was written by us: see `dmn_export`."""
        found: dict[str, Any] = {key: own.get(key, "") for key in ("declared", "rationale")}
        if tuple(names) != POLICY_OUTPUTS:
            self.bad("bad-dmn", "a policy table has the outputs " + ", ".join(POLICY_OUTPUTS), self.places[()], "put them back")
            return found
        found["priority"] = self.listed(outputs[0], "outputValues")
        found |= {"gaps": own["gaps"]} if "gaps" in own else {}
        when = {f"{name}": known.get("signal", "") for name, known in inputs.items() if known.get("when")}
        made = [self.policy_row(rule, when) for rule in rules]
        asked = {name for row in made for name in row.get("if", {})}
        kept = {
            name: {key: value for key, value in known.items() if key != "when"}
            for name, known in inputs.items()
            if name in asked or name not in when
        }
        return found | ({"inputs": kept} if kept else {}) | {"rows": made}

    def policy_row(self, rule: dict[str, Any], when: Mapping[str, str]) -> dict[str, Any]:
        asked, then = rule["if"], rule["then"]
        (only, said) = next(iter(asked.items())) if len(asked) == 1 else ("", "")
        asks = {"when": when[only]} if only in when and said == "true" else {"if": asked}
        return {
            "id": str(then["row"]),
            "signal": rule["note"],
            **asks,
            "default": {"choice": then["choice"], "text": then["recommendation"]},
            "alternative": {"choice": then["alternative-choice"], "text": then["alternative"]},
            "tradeoff": then["tradeoff"],
        }

    # --- what it says against the pack

    def check(self, said: dict[str, Any], kind: str) -> None:
        """The same that is checked of a table in a pack."""
        try:
            table = (Table if kind == "tables" else OutputTable).model_validate(said)
        except ValidationError as error:
            for one in error.errors():
                self.problem(one["loc"], str(one["msg"]), "correct it in the modeller")
            return
        others = {"tables": (), "output_tables": ()} | {kind: (table,)}
        pack = rows.spelt_out(self.pack.model_copy(update=others))
        for location, what, mend in (*wrong(pack), *wrong_tables(pack)):
            if location[0] == kind:
                self.problem(location[2:], what, mend)
        for number, row in enumerate(table.rows):
            for name, text in row.cells.items():
                known = table.inputs.get(name)
                if known and known.fact in self.pack.facts and text != cells.ANY:
                    argument = {"test": text, "in": known.unit} if known.unit else text
                    leaf = Leaf.model_construct(fact=known.fact, operator="cell", argument=argument)
                    what = argument_problem(leaf, self.pack.facts[str(known.fact)], self.pack)
                    if what:
                        self.problem(("rows", number, "if", name), what, "write a cell that fits the fact, or map another")

    def problem(self, location: tuple[Any, ...], what: str, help: str) -> None:
        depth = next(n for n in range(len(location), -1, -1) if location[:n] in self.places)
        problem = Problem("bad-dmn", what, self.places[location[:depth]].place, help)
        if problem not in self.problems:
            self.problems.append(problem)
