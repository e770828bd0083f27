"""Random tables of outputs: what lint says of their rows is what trying every delivery says, for every hit policy."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import random_packs
import random_tables
import yaml
from gatewright.engine import compiler, conditions, fixpoint, hits, pack_lint, pack_loader
from gatewright.engine.lint.subject import read
from gatewright.engine.pack import Pack
from gatewright.engine.pack_tables import OutputTable
from test_pack_lint_tables import FACTS, LIMITS, everything

pytestmark = pytest.mark.no_cover  # other tests cover the same, case by case; to be measured takes these twice the time

Sides = dict[str, hits.Side]
INPUTS = {"level": {"fact": "s.level"}, "score": {"fact": "s.score"}, "loud": {"signal": "loud"}}


def written(seed: int, hit: str, aggregate: str | None, folder: Path) -> Path:
    """A pack around a random table of outputs, which stands on a choice, a number and a signal."""
    rng = random.Random(f"{seed} {hit} {aggregate}")
    said = random_packs.content(rng)
    said |= {"antipatterns": [], "checklists": []}
    facts = {path: FACTS[path] for path in ("s.level", "s.score", "s.tags")}
    policy = {path: random_packs.FACTS[path] for path in ("s.policy", "s.reason")}
    said["sections"][0]["facts"] = {path: {**random_packs.SAID, **fact} for path, fact in (facts | policy).items()}
    said["limits"] = {name: {"value": value, "unit": "ones", "means": "M", "source": "S"} for name, value in LIMITS.items()}
    said["signals"] = [
        {"id": "loud", "title": "L", "any": [{"fact": "s.tags", "any_of": ["a"]}, {"fact": "s.level", "is": "high"}]}
    ]
    for row in said["tables"][0]["rows"]:
        row["when"] = "loud"
    said["output_tables"] = [random_tables.said(rng, hit, aggregate, rows=5) | {"inputs": INPUTS}]
    criterion = {"id": "criterion", "text": "C", "mend": "M", "all": [{"follows": "table"}]}
    entry = {"id": "entry", "text": "E", "mend": "M"}
    said["gates"] = [{"id": "gate-0", "stage": 1, "title": "G", "needs": [], "entry": entry, "exit": [criterion]}]
    return random_packs.write(said, folder)


def ways(pack: Pack, table: OutputTable) -> list[Sides]:
    """How the rows turn out in every delivery, each way once."""
    found: dict[tuple[hits.Side, ...], Sides] = {}
    for derived in everything(pack):
        sides: Sides = {}
        for row in table.rows:
            sides[row.id] = (
                next(one for one in ("yes", "no", "open") if f"signal:{row.when} {one}" in derived) if row.when else "yes"
            )
        found.setdefault(tuple(sides.values()), sides)
    return list(found.values())


def says(table: OutputTable, sides: Sides, without: set[str]) -> Any:
    """What a table says without some of its rows."""
    found = hits.answer(table.model_copy(update={"rows": tuple(row for row in table.rows if row.id not in without)}), sides)
    return found.status, found.outputs, found.bounds


def of_table(folder: Path) -> tuple[pack_lint.Finding, ...]:
    """What lint finds in the table of outputs."""
    return tuple(one for one in pack_lint.lint(folder).findings if one.problem.file.endswith("review.yaml"))


def rows_of(found: tuple[pack_lint.Finding, ...], code: str) -> dict[str, pack_lint.Finding]:
    return {one.problem.what.split("`")[1]: one for one in found if one.code == code}


@pytest.mark.parametrize(("hit", "aggregate"), random_tables.KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_what_lint_says_of_rows_is_what_trying_every_delivery_says(seed: int, hit: str, aggregate: str | None, tmp_path: Path):
    folder = written(seed, hit, aggregate, tmp_path)
    pack = pack_loader.load(folder)
    (table,) = pack.output_tables
    tried = ways(pack, table)
    found = of_table(folder)
    never = {row.id for row in table.rows if not any(sides[row.id] == "yes" for sides in tried)}
    rows = {row.id: row for row in table.rows}

    def clashes(one: str, other: str) -> bool:
        both = any(sides[one] == sides[other] == "yes" for sides in tried)
        return both and (hit == "unique" or (hit == "any" and rows[one].then != rows[other].then))

    names = list(rows)
    overlapping = {other for n, other in enumerate(names) if any(clashes(one, other) for one in names[:n])}
    assert set(rows_of(found, "table-overlap")) == overlapping

    order = [row.id for row in hits.ranked(table)]
    single = hit in ("first", "priority")

    def leads(name: str, sides: Sides) -> bool:
        above = [one for one in order[: order.index(name)] if one not in never]
        return sides[name] == "yes" and all(
            sides[one] == "no" or (sides[one] == "open" and rows[one].then == rows[name].then) for one in above
        )

    dead = {name for name in order if single and name not in never and not any(leads(name, sides) for sides in tried)}
    assert set(rows_of(found, "dead-row")) == dead

    # What is dead or subsumed can go without any change, and of what is left no row can but those that clash, that say what
    # `otherwise` does, or that add nothing to a sum. Rows that never hold are told elsewhere, and left out here; and so is what
    # a table would say if its open rows did not hold, which may not be able to come about.
    superfluous = dead | never | set(rows_of(found, "subsumed-row"))
    definite = [(sides, said) for sides in tried if (said := says(table, sides, never))[0] != "conditional"]
    assert all(said == says(table, sides, superfluous) for sides, said in definite)
    for name in set(names) - superfluous:
        if (
            rows[name].then != table.otherwise
            and aggregate != "sum"
            and not any(clashes(name, one) for one in names if one != name)
        ):
            assert any(says(table, sides, superfluous) != says(table, sides, {*superfluous, name}) for sides in tried), name

    nothing = any(all(side == "no" for side in sides.values()) for sides in tried)
    codes = {one.code for one in found}
    if not never and not any(code in codes for code in ("never-unmet", "never-met")):
        needed = table.otherwise is None and hits.is_single(table) and aggregate != "count"
        assert ("table-gap" in codes) == (nothing and needed)
        assert ("idle-otherwise" in codes) == (table.otherwise is not None and not nothing)


@pytest.mark.parametrize(("hit", "aggregate"), random_tables.KINDS)
def test_a_witness_is_a_delivery_that_shows_it(hit: str, aggregate: str | None, tmp_path: Path):
    shows: dict[str, Callable[[OutputTable, str, Sides], bool]] = {
        "table-gap": lambda table, name, sides: set(sides.values()) == {"no"},
        "table-overlap": lambda table, name, sides: hits.answer(table, sides).status == "conflict" and sides[name] == "yes",
        "dead-row": lambda table, name, sides: sides[name] == "yes",
        "subsumed-row": lambda table, name, sides: sides[name] == "yes",
    }
    for seed in range(3):
        folder = written(seed, hit, aggregate, tmp_path / str(seed))
        pack = pack_loader.load(folder)
        (table,) = pack.output_tables
        for one in of_table(folder):
            if one.code in shows:
                stated = {path: value for path, value in one.witness.items() if value is not None}
                (sides,) = ways_of(pack, table, stated)
                assert shows[one.code](table, one.problem.what.split("`")[1], sides), one


def ways_of(pack: Pack, table: OutputTable, stated: dict[str, Any]) -> list[Sides]:
    """How the rows turn out in one delivery."""
    program = compiler.compile_pack(pack)
    facts = read(pack, stated)
    claims = {"begin"}
    for key, leaf in program.leaves.items():
        claims |= set(compiler.leaf_claims(key, conditions.answer(leaf, facts, pack).status))
    derived = claims | {rule.head for rule in fixpoint.fired(program.rules, claims)}
    return [
        {
            row.id: next(s for s in ("yes", "no", "open") if f"signal:{row.when} {s}" in derived) if row.when else "yes"
            for row in table.rows
        }
    ]


def test_a_row_is_not_dead_where_rows_above_say_the_same_and_are_not_known(tmp_path: Path):
    folder = written(0, "first", None, tmp_path)
    text = (folder / "decisions" / "review.yaml").read_text(encoding="utf-8")
    said = yaml.safe_load(text)["table"]
    cells: list[dict[str, str]] = [{"level": "low"}, {"level": "not(low)"}, {"score": "< 1"}]  # the last where no level is stated
    then = said["rows"][0]["then"]
    rows = [{"id": f"r{n}", "if": one, "then": then} for n, one in enumerate(cells)]
    (folder / "decisions" / "review.yaml").write_text(yaml.safe_dump({"table": said | {"rows": rows}, "signals": []}), "utf-8")
    assert not {"dead-row", "subsumed-row"} & {one.code for one in of_table(folder)}
