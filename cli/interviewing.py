"""The guided mode: asks for the facts that unblock most, and writes each answer into the file at once."""

from __future__ import annotations

import contextlib
import os
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from ..engine import document, facts
from ..engine.assumptions import ASSUMPTIONS
from ..engine.document import Document
from ..engine.errors import CannotJudge, Place, Problem
from ..engine.evaluate import evaluate
from ..engine.evidence import Today
from ..engine.nodes import Node
from ..engine.pack import Pack
from ..engine.questions import Question, following
from ..engine.values import Values, write
from ..engine.verdict import Missing, Verdict
from ..engine.vocabulary import FactDef
from . import asking, fixes, inputs, written
from .asking import Ended, ask, say
from .editing import edit
from .starter import starter

_OPEN = "TBD"
_STATES = ("stated", "assumed", "open")


class Interview:
    """One interview about one file. Raises CannotJudge where it can't be held: no such pack, or a file that can't be edited."""

    def __init__(self, file: str, pack: Pack, today: Today) -> None:
        if file == "-":
            what = "an interview needs a file to write the answers into, and `-` is none"
            raise CannotJudge([Problem("usage", what, help="name the fact file, for example `delivery.yaml`")])
        self.file, self.pack, self.values, self.today = file, pack, Values(pack), today
        self.format = document.ENDINGS.get(os.path.splitext(file)[1].lower(), "yaml")
        self.new = not os.path.lexists(file)
        folder = os.path.dirname(file) or "."
        if self.new and not os.path.isdir(folder):
            raise CannotJudge([Problem("no-file", f"there is no folder `{folder}` to write the file into", help="make it first")])
        self.data = self._begun() if self.new else self._on_disk()
        self.verdict = self._judge(self.data)
        edit(self._text(self.data), self.format, {}, pack=pack)  # what can't be edited is said before anything is asked
        self.owner = self._owner_so_far()
        self.asked: list[str] = []
        self.outcomes: list[str] = []
        self.unwritten: dict[str, Any] = {}

    def hold(self, most: int) -> str:
        """Ask up to `most` questions; what to say at the end."""
        with contextlib.suppress(Ended, KeyboardInterrupt):
            for number in range(1, most + 1):
                question = following(self.verdict, self.asked)
                if question is None:
                    break
                if number == 1:
                    say("Enter declines a question, ? explains it, q ends. What has been answered is kept.")
                self.asked.append(question.fact.path)
                self._ask(question, f"Question {number} of at most {most}")
        return self._end()

    # --- the file

    def _begun(self) -> bytes:
        begun = {"json": "{}\n", "toml": "[delivery]\n"}.get(self.format) or starter(self.pack, minimal=True)
        return begun.encode()

    def _on_disk(self) -> bytes:
        inputs.read_file(self.file)  # with every guard
        with open(self.file, "rb") as file:
            return file.read()

    def _text(self, data: bytes) -> str:
        return data.decode("utf-8")

    def _document(self, data: bytes) -> Document:
        return document.read(data, self.file, self.format)

    def _judge(self, data: bytes) -> Verdict:
        return evaluate(inputs.read_facts(self._document(data), self.pack, today=self.today), self.pack)

    def _edited(self, sets: Mapping[str, object], unsets: Sequence[str] = (), assume: Sequence[object] = ()) -> bytes:
        """The file as it would be. Raises CannotJudge."""
        append = {ASSUMPTIONS: assume} if assume else None
        text = edit(self._text(self.data), self.format, sets, unsets, append=append, drop=[*sets, *unsets], pack=self.pack)
        return text.encode("utf-8", "surrogatepass")

    def _save(self, data: bytes) -> None:
        """Write the file, all or nothing. Raises CannotJudge."""
        if self.new:
            inputs.write_new(self.file, self._text(data))
            self.new = False
        else:
            fixes.write(self.file, self.data, data)
        self.data, self.verdict = data, self._judge(data)

    def _refresh(self) -> None:
        """Somebody else may have written the file meanwhile; their text is the one to go on with."""
        with contextlib.suppress(CannotJudge, OSError):
            data = self.data if self.new else self._on_disk()
            if data != self.data:
                self.verdict, self.data = self._judge(data), data

    # --- one question

    def _ask(self, question: Question, headline: str) -> None:
        fact = question.fact
        say()
        say(f"{headline}: {question.topic.title if question.topic else fact.section}")
        say()
        say(f"  {fact.ask}")
        say(f"    why       {self._why(question)}")
        choices = asking.choices_of(fact, self._declared(fact))
        if choices:
            numbered = [f"{number}\u00a0{name}" for number, name in enumerate(choices, 1)]
            lines = textwrap.wrap(", ".join(numbered), written.WIDE, break_long_words=False, break_on_hyphens=False)
            say(
                "\n".join(
                    ("              " if n else "    choices   ") + line.replace("\u00a0", " ") for n, line in enumerate(lines)
                )
            )
        if fact.fields and fact.choices:
            say("              or `list`, to give one record after another")
        if fact.unit:
            say(f"    unit      {fact.unit}")
        if not fact.choices and not fact.fields:
            say(f"    example   {asking.shown(fact.example)}")
        if fact.type in asking.LISTS:
            say("    several   with ; between them")
        say(f"    declined  {self._declined(question)}")
        said: object = None
        while True:
            if fact.fields and not fact.choices:
                value = self._records(question)
            else:
                typed = ask("  > ")
                if typed == "?":
                    self._explain(question)
                    continue
                if typed == "list" and fact.fields:
                    value = self._records(question)
                else:
                    value = None if self._is_blank(typed) else asking.value_of(fact, typed, choices)
            if value is None or value == []:
                self._decline(question)
                return
            if self._keep(fact, value, insists=value == said):
                return
            said = value

    def _why(self, question: Question) -> str:
        place = question.places[0]
        gate = self.pack.gates_by_id.get(place.gate)
        waits = f"gate {gate.stage}, {gate.id}," if gate else "the delivery"
        count = len(place.unknown)
        share = "nothing else is open there" if count == 1 else f"one of {count} facts that are open there"
        return f"{waits} waits for it: {place.text.rstrip('.')} ({share})"

    def _declined(self, question: Question) -> str:
        if question.assumed is None:
            return "it stays open, for only the team can know it"
        value = question.assumed.value
        if written.is_list(value) and any(map(written.is_mapping, value)):
            names = [str(one.get(question.fact.label)) for one in value]
            return f"assumed: {', '.join(names)}. {question.assumed.because}"
        return f"assumed: {asking.shown(value)}. {question.assumed.because}"

    def _explain(self, question: Question) -> None:
        fact = question.fact
        say(f"    `{fact.path}`: {fact.means}")
        say(f"    {write(fact) if not fact.fields else 'its fields: ' + ', '.join(fact.fields)}")
        if question.assumed is not None and fact.fields:
            for one in question.assumed.value if written.is_list(question.assumed.value) else ():
                say(f"    assumed   {written.flow(one)}")
        for place in question.places[:6]:
            gate = self.pack.gates_by_id.get(place.gate)
            named = f"gate {gate.stage}, {gate.id}" if gate else {"row": "decision table"}.get(place.kind, "checklist")
            say(f"    {named}: {place.text.rstrip('.')}")

    def _declared(self, fact: FactDef) -> list[str]:
        if not fact.to:
            return []
        return sorted({item.name for one in self.verdict.facts.at(fact.to) for item in one.items})

    def _is_blank(self, typed: str) -> bool:
        return self.values.is_placeholder(Node("text", Place(1, 1), typed))

    # --- records

    def _records(self, question: Question) -> list[dict[str, Any]] | None:
        """One record after another, field by field; nothing where the first is declined."""
        fact, found = question.fact, list[dict[str, Any]]()
        say(f"    {', '.join(fact.fields)}: one after the other; Enter leaves a field open")
        try:
            while True:
                record: dict[str, Any] = {}
                found.append(record)
                for name, field in fact.fields.items():
                    value = self._field(question, found, name, field)
                    if value is None and name == fact.label:
                        break
                    record[name] = _OPEN if value is None else value
                if not record:
                    found.pop()
                    return found or None
                if ask("  another? [y/N] ").lower() not in ("y", "yes"):
                    return found
        except Ended:
            for record in found:
                for name in fact.fields:
                    record.setdefault(name, _OPEN)
            kept = [record for record in found if record[fact.label] != _OPEN]
            if kept:
                self._keep(fact, kept, insists=True)
            raise

    def _field(self, question: Question, found: list[dict[str, Any]], name: str, field: FactDef) -> Any:
        choices = asking.choices_of(field, self._declared(field))
        hint = ", ".join(f"{n} {one}" for n, one in enumerate(choices, 1)) if choices else f"e.g. {asking.shown(field.example)}"
        said: object = None
        while True:
            typed = ask(f"  {name}: {field.ask} ({hint}) > ")
            if typed == "?":
                say(f"    {field.means}")
                self._explain(question)
                continue
            if self._is_blank(typed):
                return None
            value = asking.value_of(field, typed, choices)
            tried = [*found[:-1], found[-1] | {name: value}]
            if value == said or not self._wrong(question.fact, tried, str(tried[-1].get(question.fact.label, ""))):
                return value
            said = value

    # --- answers

    def _wrong(self, fact: FactDef, value: Any, within: str | None = None) -> bool:
        """Whether an answer can't stand; if so, what is wrong and how to mend it has been said."""
        try:
            data = self._edited({fact.path: value})
            after = facts.read(self._document(data), self.pack, today=self.today)
        except CannotJudge as error:
            if error.problems[0].code == "cannot-edit":
                return False  # the answer may well be right; it is kept, and shown at the end
            self._tell(error.problems)
            return True
        before = {(problem.code, problem.what) for problem in self.verdict.facts.problems}
        problems = [problem for problem in after.problems if (problem.code, problem.what) not in before]
        if problems:
            self._tell(problems)
            return True
        against = [one for one in self._against(evaluate(after, self.pack), fact) if within is None or one.within == within]
        for one in against[:3]:
            say(f"  `{one.shown}` {one.says}")
            say(f"    {one.how}")
        if against:
            say("    Type it again as it is if you mean it.")
        return bool(against)

    def _tell(self, problems: Sequence[Problem]) -> None:
        for problem in problems[:3]:
            say(f"  error[{problem.code}]: {problem.what}")
            if problem.help:
                say(f"    help: {problem.help}")

    def _against(self, verdict: Verdict, fact: FactDef) -> list[Missing]:
        """What an answer would contradict."""
        mine = [one for one in verdict.missing if one.fact.partition("[]")[0] == fact.path and one.state == "stated"]
        return list({(one.shown, one.says): one for one in mine}.values())

    def _keep(self, fact: FactDef, value: Any, *, insists: bool = False) -> bool:
        """Write an answer; whether it could stand."""
        self._refresh()
        if not insists and self._wrong(fact, value):
            return False
        try:
            self._save(self._edited({fact.path: value}))
        except CannotJudge as error:
            if error.problems[0].code in ("cannot-edit", "no-file", "changed", "file-exists"):
                say(f"  This answer could not be written: {error.problems[0].what}. It is shown at the end.")
                self.unwritten[fact.path] = value
                return True
            self._tell(error.problems)
            return False
        self.outcomes.append("answered")
        return True

    def _decline(self, question: Question) -> None:
        """Assume what can be assumed, in the name of somebody."""
        path, default = question.fact.path, question.assumed
        if default is None:
            self.outcomes.append("open")
            say(f"  `{path}` stays open.")
            return
        owner = self._ask_owner()
        assumption = {"fact": path, "value": default.value, "reason": default.because, "owner": owner}
        self._refresh()
        try:
            data = self._edited({}, [path], [assumption])
            after = facts.read(self._document(data), self.pack, today=self.today)
            if len(after.problems) > len(self.verdict.facts.problems):
                raise CannotJudge(after.problems[-1:])
            self._save(data)
        except CannotJudge as error:
            say(f"  `{path}` stays open: what could be assumed does not fit ({error.problems[0].what}).")
            self.outcomes.append("open")
            return
        self.outcomes.append("assumed")
        counts = "" if owner != _OPEN else ", and does not count until somebody answers for it"
        say(f"  Assumed in the name of {owner}{counts}.")

    def _ask_owner(self) -> str:
        """Who answers for what is assumed; asked for once."""
        while not self.owner:
            typed = ask("  Who answers for what is assumed? (a person or role) > ")
            if self.values.is_nobody(typed):
                say(f"  `{typed}` is nobody who could be called.")
                continue
            self.owner = _OPEN if self._is_blank(typed) else typed
        return self.owner

    def _owner_so_far(self) -> str:
        """The owner of the assumptions in the file, where they all have the same one."""
        entry = self._document(self.data).root.entries.get(ASSUMPTIONS)
        said = {node.entries["owner"].value.raw for node in (entry.value.items if entry else ()) if "owner" in node.entries}
        named = {owner for owner in said if not self._is_blank(owner) and not self.values.is_nobody(owner)}
        return named.pop() if len(named) == 1 else ""

    # --- the end

    def _end(self) -> str:
        lines = [""]
        if self.unwritten:
            lines += ["These answers could not be written. Add them by hand:", ""]
            for path, value in self.unwritten.items():
                *above, last = path.split(".")
                lines += ["  " * (depth + 1) + f"{name}:" for depth, name in enumerate(above)]
                indent = 2 * (len(above) + 1)
                first, *rest = written.entry(last, value, indent)
                lines += [" " * indent + first, *rest]
            lines.append("")
        if self.new:
            return _page([*lines, "Nothing was answered, and nothing is written."])
        if not self.asked:
            blocked = any(gate.status == "blocked" for gate in self.verdict.gates)
            answered = "Nothing is left to ask: what blocks is an answer that does not hold, or evidence that no longer counts."
            lines += [answered if blocked else "No question is open that an answer could settle.", ""]
        return _page([*lines, *self._standing()])

    def _standing(self) -> list[str]:
        verdict = self.verdict
        passed = sum(gate.status == "passed" for gate in verdict.gates)
        blocked = next((gate for gate in verdict.gates if gate.status == "blocked"), None)
        where = f"blocked at gate {blocked.gate.stage}, {blocked.gate.id}" if blocked else "nothing blocks"
        if not blocked and not verdict.passed:
            where = "the file has problems"
        lines = [f"{self.file}: {passed} of {len(verdict.gates)} gates passed, {where}."]
        plain = [one for path, one in verdict.facts.plain.items() if not self.pack.facts[path].optional or one.known]
        counts = {state: sum(one.state == state for one in plain) for state in ("stated", "assumed")}
        counts["open"] = len(plain) - sum(counts.values())
        lines.append("Facts: " + ", ".join(f"{counts[state]} {state}" for state in _STATES) + ".")
        if blocked:
            open_ = dict.fromkeys(one.fact for one in verdict.missing if one.gate == blocked.gate.id)
            few = ", ".join(f"`{path}`" for path in list(open_)[:5])
            more = f" and {len(open_) - 5} more" if len(open_) > 5 else ""
            lines.append(f"Gate {blocked.gate.stage} still waits for {few}{more}." if open_ else "")
        going_on = [f"Next: gatewright check {self.file}"]
        if following(verdict, ()):
            going_on.append(f"More questions: gatewright interview {self.file}")
        return [line for line in lines if line] + ["", *going_on]


def _page(lines: list[str]) -> str:
    from . import safe

    return safe.page("\n".join(lines)) + "\n"
