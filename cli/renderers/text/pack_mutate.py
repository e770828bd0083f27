"""What became of the mutants of a pack, in plain text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ... import safe
from .pack_lint import witness
from .problems import problems, where
from .words import plural

if TYPE_CHECKING:
    from ....engine.mutation import Mutated, Outcome
    from ....engine.pack_loader import Written

_MOST = 20  # survivors that are shown


def pack_mutate(written: Written, folder: str, found: Mutated, fail_under: int) -> str:
    """Each survivor with its line and a case that would kill it, stale explanations, and the count."""
    survivors = [one for one in found.outcomes if one.fate == "survived"]
    shown = [_survivor(one, written.texts) for one in survivors[:_MOST]]
    if len(survivors) > _MOST:
        shown.append(f"... and {len(survivors) - _MOST} survivors more; --format json names all\n")
    shown += [f"error[{one.code}]: {safe.terminal(one.what)}\n --> {where(one.file, one.place)}\n" for one in found.stale]
    fates = ("killed", "refused", "equivalent", "explained", "survived")
    counts = ", ".join(f"{found.count(fate)} {_SAID[fate]}" for fate in fates if found.count(fate) or fate == "survived")
    pack = written.pack
    total = f"{pack.id} {pack.version}: {plural(len(found.outcomes), 'mutant')}: {counts}\nmutation score {found.percent} %"
    if found.percent < fail_under:
        total += f", and --fail-under asks for {fail_under} %"
    if found.stale:
        total += f"; {plural(len(found.stale), 'explanation')} out of date"
    return "\n".join([*shown, f"{total}\n"])


_SAID = {
    "killed": "killed by a case",
    "refused": "refused by the checks",
    "equivalent": "proved to change nothing",
    "explained": "explained",
    "survived": "survived",
}


def _survivor(one: Outcome, texts: dict[str, str]) -> str:
    problem = one.problem
    told = problems(problem.file, texts.get(problem.file, ""), [replace(problem, file="")])
    if one.proposal:
        told += f"  a case that would kill it, for {safe.terminal(one.proposal.file)}:\n\n"
        told += "".join(f"    {safe.terminal(line)}\n" for line in one.proposal.text.splitlines())
    elif one.witness:
        told += "  a delivery that it judges otherwise:\n" + "".join(f"    {line}\n" for line in witness(one.witness))
    return told
