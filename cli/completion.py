"""What a shell offers where somebody presses the tab key: gates, tables, subjects of an explanation, facts and packs.

The names are those of the pack on the command line. Where that can't be read nothing is offered, and the shell offers files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ..engine.pack import Pack

Offered = list[tuple[str, str]]  # each word with what it means


def _of_pack(offer: Callable[[Pack], Iterator[tuple[str, str]]]) -> Callable[[typer.Context, str], Offered]:
    def complete(ctx: typer.Context, incomplete: str) -> Offered:
        from ..engine.errors import CannotJudge
        from . import choice, inputs, safe

        try:
            pack = inputs.read_pack(ctx.params.get("pack") or choice.choice().pack)
        except CannotJudge:
            return []
        return [(word, safe.terminal(means)) for word, means in offer(pack) if word.startswith(incomplete)]

    return complete


@_of_pack
def gates(pack: Pack) -> Iterator[tuple[str, str]]:
    """The gates by name, and all of them."""
    yield from ((gate.id, f"Gate {gate.stage}: {gate.title}") for gate in pack.gates)
    yield "all", "The whole delivery"


@_of_pack
def tables(pack: Pack) -> Iterator[tuple[str, str]]:
    """The decision tables."""
    yield from ((table.id, table.title) for table in (*pack.tables, *pack.output_tables))


@_of_pack
def subjects(pack: Pack) -> Iterator[tuple[str, str]]:
    """Everything that can be explained: gates, criteria, tables, signals, anti-patterns and facts."""
    yield from ((gate.id, f"Gate {gate.stage}: {gate.title}") for gate in pack.gates)
    yield from ((criterion.id, criterion.text) for criterion in pack.criteria.values())
    yield from ((table.id, table.title) for table in pack.tables)
    yield from ((signal.id, signal.title) for signal in pack.signals if signal.id not in pack.implied)
    yield from ((pattern.id, pattern.text) for pattern in pack.antipatterns)
    yield from facts_of(pack)


def facts_of(pack: Pack) -> Iterator[tuple[str, str]]:
    """The facts of the vocabulary that stand outside records."""
    yield from ((path, fact.means) for section in pack.sections for path, fact in section.facts.items())


facts = _of_pack(facts_of)


def packs(incomplete: str) -> list[str]:
    """The packs that are shipped."""
    from . import inputs

    return [name for name in inputs.shipped_packs() if name.startswith(incomplete)]
