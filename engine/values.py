"""One value against its definition in the vocabulary: its state, its items, and what is wrong with it."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from . import measures, spelling
from .errors import Place, Problem, short
from .measures import Flaw, Threshold
from .nodes import Node
from .pack import Pack
from .vocabulary import FactDef

State = Literal["stated", "assumed", "placeholder", "missing", "invalid", "stale"]
LISTS = {"texts": "text", "choices": "choice", "owners": "owner", "thresholds": "threshold", "references": "reference"}
# Did-you-mean compares with every name there is: a file with ten thousand unknown keys would take minutes.
_COMPARISONS = 5_000
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a fact. `flaw` says why a threshold is not measurable; `name` is what references compare."""

    value: str | float | Threshold | None
    shown: str
    place: Place
    flaw: str = ""

    @property
    def name(self) -> str:
        """The text that other facts refer to it by; of a threshold, its metric."""
        return self.value.metric if isinstance(self.value, Threshold) else self.shown


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact can be checked: an address or a path in the project, and of which day and content it is."""

    url: str
    path: str
    date: str
    digest: str
    place: Place


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `within` names the record it stands in; `measured` is true where records stand in place of a choice.

    `place` is its own, or, where it is not written, that of the nearest section around it. `note` says why it does
    not count, where its state alone does not say it.
    """

    path: str
    state: State
    place: Place
    items: tuple[Item, ...] = ()
    within: str = ""
    measured: bool = False
    counts: bool = True
    evidence: Evidence | None = None
    note: str = ""

    @property
    def known(self) -> bool:
        """Whether a condition may build on it."""
        return self.counts and self.state in ("stated", "assumed")


class Values:
    """Reads values, and collects every problem found on the way."""

    def __init__(self, pack: Pack) -> None:
        self.problems: list[Problem] = []
        self._placeholders = frozenset(text.casefold() for text in pack.placeholders if "*" not in text)
        patterns = (".*".join(map(re.escape, text.casefold().split("*"))) for text in pack.placeholders if "*" in text)
        self._patterns = tuple(re.compile(pattern, re.DOTALL) for pattern in patterns)
        self._nobody = frozenset(text.casefold() for text in pack.nobody)
        self._comparisons = _COMPARISONS

    def problem(self, code: str, what: str, place: Place, help: str, fix: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(code, what, place, help, fix=fix))

    def close(self, word: str, names: Sequence[str]) -> str:
        """The one of `names` that `word` most likely means, or nothing."""
        if len(word) > _LONGEST_NAME or len(names) > self._comparisons:
            return ""
        self._comparisons -= len(names)
        found = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
        return found[0] if found else ""

    def value(self, known: FactDef, node: Node, key_place: Place, within: str = "") -> Fact:
        """The fact that `node` states."""
        many = known.type in LISTS
        if node.kind == "list" and many:
            nodes = node.items
        elif node.kind in ("list", "mapping") and not self.is_placeholder(node):
            wanted = "a list of single values" if many else "a single value"
            self.problem("wrong-type", f"`{known.path}` takes {wanted}, and here is {kind(node)}", key_place, write(known))
            return Fact(known.path, "invalid", key_place, within=within)
        else:
            nodes = [node]
        items: list[Item] = []
        bad = unfinished = False
        for one in nodes:
            if self.is_placeholder(one):
                unfinished = True
                continue
            item = self._item(known, one)
            if item is None:
                bad = True
            else:
                items.append(item)
        if bad:
            return Fact(known.path, "invalid", key_place, within=within)
        unique = {(item.shown, repr(item.value)): item for item in reversed(items)}
        ordered = tuple(unique[key] for key in sorted(unique))
        if unfinished or not ordered:  # `[ana, TBD]` says that somebody is still to be named
            return Fact(known.path, "placeholder", key_place, within=within)
        return Fact(known.path, "stated", key_place, ordered, within)

    def _item(self, known: FactDef, node: Node) -> Item | None:
        wanted = LISTS.get(known.type, "choice" if known.type == "records" else known.type)
        if node.kind in ("list", "mapping", "boolean"):
            is_text = node.kind == "boolean" and wanted in ("text", "owner", "reference", "threshold")
            hint = f", and put `{node.raw}` in quotes if it is meant as text" if is_text else ""
            mend = f"choose from: {', '.join(known.choices)}" if wanted == "choice" else write(known) + hint
            self.problem("wrong-type", f"`{known.path}` takes {_WANTED[wanted]}, and here is {kind(node)}", node.place, mend)
            return None
        shown = " ".join(node.raw.split())
        if wanted == "choice":
            return self._choice(known, node, shown)
        if wanted in ("integer", "number"):
            return self._number(known, node, wanted)
        value: str | float | Flaw = shown
        if wanted == "threshold":
            read = measures.threshold(shown)
            if isinstance(read, Flaw):
                return Item(None, shown, node.place, read.says)
            return Item(read, shown, node.place)
        if wanted == "share":
            value = measures.share(shown)
        elif wanted == "duration":
            value = measures.duration(shown)
        elif wanted == "date":
            value = measures.date(shown)
        if isinstance(value, Flaw):
            what = f"`{known.path}` is `{short(shown)}`, which {value.says}"
            self.problem("wrong-value", what, node.place, write(known), measures.mended(wanted, shown))
            return None
        return Item(value, shown, node.place)

    def _choice(self, known: FactDef, node: Node, shown: str) -> Item | None:
        if shown in known.choices:
            return Item(shown, shown, node.place)
        close = self.close(shown.lower().replace(" ", "-").replace("_", "-"), known.choices)
        hint = f"did you mean `{close}`? " if close else ""
        self.problem(
            "wrong-choice",
            f"`{short(shown)}` is not among the choices of `{known.path}`",
            node.place,
            f"{hint}choose from: {', '.join(known.choices)}",
            spelling.meant(shown, known.choices),
        )
        return None

    def _number(self, known: FactDef, node: Node, wanted: str) -> Item | None:
        if node.kind != "number" or (wanted == "integer" and not isinstance(node.number, int)):
            here = f"`{node.raw}`" if node.kind == "number" else f"the text `{short(node.raw)}`" if node.raw else kind(node)
            self.problem("wrong-type", f"`{known.path}` takes {_WANTED[wanted]}, and here is {here}", node.place, write(known))
            return None
        low, high, shown = known.least, known.most, f"{node.number:.15g}"
        if (low is not None and node.number < low) or (high is not None and node.number > high):
            span = f"at least {low:g}" if low is not None and node.number < low else f"at most {high:g}"
            self.problem("wrong-value", f"`{known.path}` is {shown}, and it has to be {span}", node.place, write(known))
            return None
        return Item(float(node.number), shown, node.place)

    def is_placeholder(self, node: Node) -> bool:
        """Whether `node` stands for nothing yet: nothing, an empty list or mapping, or a text such as `TBD`."""
        if node.kind == "null":
            return True
        if node.kind == "list":
            return not node.items
        if node.kind == "mapping":
            return not node.entries
        return node.kind == "text" and self._stands_for_nothing(node.raw)

    def _stands_for_nothing(self, text: str) -> bool:
        if not text.isascii():  # a text of nothing but invisible characters says nothing
            text = "".join(char for char in text if unicodedata.category(char) != "Cf")
        text = text.strip().casefold()
        return (
            text in self._placeholders
            or text.rstrip(".!") in self._placeholders
            or any(pattern.fullmatch(text) for pattern in self._patterns)
        )

    def is_nobody(self, owner: str) -> bool:
        """Whether an owner is nobody who could be called."""
        return owner.casefold().rstrip(".") in self._nobody


_WANTED = {
    "text": "a text",
    "choice": "one of its choices",
    "integer": "a whole number",
    "number": "a number",
    "share": "a share such as `5%`",
    "duration": "a duration such as `30 days`",
    "date": "a date such as `2026-09-30`",
    "owner": "a person or role",
    "threshold": "a threshold such as `auc >= 0.85`",
    "reference": "a name declared elsewhere",
}


def write(known: FactDef) -> str:
    """How to write a fact, from its example."""
    name, example = known.path.rsplit(".", 1)[-1], known.example
    return f"write for example `{name}: {json.dumps(example, ensure_ascii=False) if isinstance(example, list) else example}`"


def some(names: Iterable[str]) -> str:
    """The first names of many, for a message."""
    every = list(names)
    shown = [f"`{short(name)}`" for name in every[:12]]
    return ", ".join(shown) + (f" and {len(every) - 12} more" if len(every) > 12 else "")


def kind(node: Node) -> str:
    """What a node is, for a message."""
    return {
        "mapping": "a mapping",
        "list": "a list",
        "text": "a text",
        "number": "a number",
        "boolean": f"`{node.raw}`",
        "null": "nothing",
    }[node.kind]
