"""What is written down and used by nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ..cells import ANY
from ..pack import Pack
from ..pack_conditions import Decides, Follows, FreeOf, Leaf, Passes, SignalIs
from ..pack_walks import Location, below, placed
from .subject import Finding, Subject
from .values import RELATING, plain


def check(subject: Subject) -> Iterator[Finding]:
    """Facts, limits, signals, checklists, tables and their inputs, and anti-patterns that nothing asks for."""
    pack = subject.pack
    leaves, asked, compared = _asked(pack)
    for location, path in _unread(pack, leaves):
        what = f"no condition reads `{path}`, so what a team states there is never judged"
        yield subject.finding("unused-fact", location, what)
    limits = compared | {name for leaf in leaves for name in _limits(leaf)} | _for_evidence(pack)
    for name in pack.limits:
        if name not in limits:
            yield subject.finding("unused-limit", ("limits", name), f"nothing compares with the limit `{name}`")
    for n, signal in enumerate(pack.signals):
        rows = {f"signal {row.when}" for table in pack.tables for row in table.rows}
        if signal.id not in pack.implied and f"signal {signal.id}" not in asked | rows:
            what = f"no row and no condition asks for the signal `{signal.id}`"
            yield subject.finding("unused-signal", ("signals", n), what)
    for n, checklist in enumerate(pack.checklists):
        if f"passes {checklist.id}" not in asked:
            what = f"no criterion asks for the checklist `{checklist.id}`, so it blocks nothing"
            yield subject.finding(
                "unused-checklist", ("checklists", n), what, help=f"add `passes: {checklist.id}` to a criterion"
            )
    for n, table in enumerate(pack.tables):
        if f"follows {table.id}" not in asked:
            what = f"no criterion asks to follow `{table.id}`, so a choice against it needs no rationale"
            yield subject.finding("unused-table", ("tables", n), what, help=f"add `follows: {table.id}` to a criterion")
    for n, table in enumerate(pack.output_tables):
        if f"table {table.id}" not in asked:
            what = f"no condition asks what `{table.id}` says, so nothing is judged by it"
            mend = f"ask for it in a criterion, as in `{{table: {table.id}, ...}}`"
            yield subject.finding("unused-table", ("output_tables", n), what, help=mend)
    yield from _inputs(subject)
    if pack.antipatterns and "free_of antipatterns" not in asked:
        what = "no criterion asks to be free of anti-patterns, so they block nothing"
        yield subject.finding("unused-antipatterns", ("antipatterns",), what)


def _inputs(subject: Subject) -> Iterator[Finding]:
    """Inputs of tables that no cell asks about."""
    for key, tables in (("tables", subject.pack.tables), ("output_tables", subject.pack.output_tables)):
        for n, table in enumerate(tables):
            asked = {name for row in table.rows for name, cell in row.cells.items() if cell != ANY}
            for name in table.inputs:
                if name not in asked:
                    what = f"no row of `{table.id}` asks about its input `{name}`"
                    yield subject.finding("unused-input", (key, n, "inputs", name), what)


def _asked(pack: Pack) -> tuple[list[Leaf], set[str], set[str]]:
    """The questions about facts, the other things that conditions ask for, and the limits for what tables say."""
    leaves: list[Leaf] = []
    asked: set[str] = set()
    compared: set[str] = set()
    for _, statement, _, location in placed(pack):
        for part, _ in below(statement, location):
            if isinstance(part, Leaf):
                leaves.append(plain(part))
            elif isinstance(part, (SignalIs, Passes, Follows, FreeOf, Decides)):
                kind, name = next(iter(part.model_dump().items()))
                asked.add(f"{kind} {name}")
                compared |= {part.at_least or "", part.at_most or ""} if isinstance(part, Decides) else set()
    return leaves, asked, compared


def _unread(pack: Pack, leaves: list[Leaf]) -> Iterator[tuple[Location, str]]:
    read = {leaf.fact for leaf in leaves}
    read |= {leaf.argument for leaf in leaves if leaf.operator in RELATING}
    read |= {leaf.argument["by"] for leaf in leaves if leaf.operator == "varies"}
    read |= {path for table in pack.tables for path in (table.declared, table.rationale)}
    tables = (*pack.tables, *pack.output_tables)
    read |= {known.fact for table in tables for known in table.inputs.values() if known.fact}  # or the input is told
    read |= {path.partition("[]")[0] for path in read}
    for n, section in enumerate(pack.sections):
        for path, known in section.facts.items():
            here: Location = ("sections", n, "facts", path)
            if path not in read:
                yield here, path
            else:
                for name in known.fields:
                    if name != known.label and f"{path}[].{name}" not in read:
                        yield (*here, "fields", name), f"{path}[].{name}"


def _limits(leaf: Leaf) -> list[str]:
    if leaf.operator == "cell":
        return []
    named = list(leaf.argument.values()) if isinstance(leaf.argument, dict) else [leaf.argument]  # pyright: ignore
    return [name for name in named if isinstance(name, str)] if leaf.operator not in (*RELATING, "is") else []  # pyright: ignore


def _for_evidence(pack: Pack) -> set[str]:
    return {name for name in (pack.fresh_for, *(known.fresh_for for known in pack.facts.values())) if name}
