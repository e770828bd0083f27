"""What an overlay loosens without saying so: all that can't be shown to ask for at least as much as the pack below.

The pack below is taken without what `departures` drop or loosen. Most of what an overlay may do is stricter by how packs are
built; limits, lists of names, rows and choices can be either, and so can a criterion that a signal stands on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .departures import Departures
from .errors import Place, Problem
from .overlay import Overlay
from .pack import Pack
from .strength import Strength, World, world

_SHOWN = ("none", "tighter")


def loosened(overlay: Overlay, before: Pack, after: Pack) -> Iterator[Problem]:
    """What the overlay loosens by making `after` of the pack `before`, which is what `departures` leave; each with a place."""
    yield from _own_name(overlay, after)
    _stale(overlay.departures, before, after)
    yield from _choices(overlay, before, after)
    named = overlay.departures.named("table")
    new = world(after)
    tables, outputs = (
        {name: found.get(name, table) if name in named else table for name, table in old.items()}
        for old, found in ((world(before).tables, new.tables), (world(before).output_tables, new.output_tables))
    )
    old = replace(world(before), tables=tables, output_tables=outputs, over=new)
    yield from _fresh(overlay, before, after)
    strength = Strength()
    if strength.effect(old, new) not in _SHOWN:
        found = [
            *_limits(overlay, strength, old, new),
            *_lists(overlay, strength, old, new),
            *_tables(overlay, strength, old, new),
        ]
        yield from found or [_as_a_whole(overlay, strength, old, new)]


def _problem(what: str, at: tuple[str, Place], help: str) -> Problem:
    return Problem("bad-pack", what, at[1], help, file=at[0])


def _at(overlay: Overlay, key: str) -> tuple[str, Place]:
    main = overlay.files["pack.yaml"]
    return main.file, main.root.entries[key].place if key in main.root.entries else main.root.place


def _own_name(overlay: Overlay, after: Pack) -> Iterator[Problem]:
    if any(after.id == base.id for base in after.extends):
        what = f"a pack below is called `{after.id}` too, and a verdict could not be told from one by that"
        yield _problem(what, _at(overlay, "id"), "give the pack an id of its own")


def _stale(departures: Departures, before: Pack, after: Pack) -> None:
    """Departures from nothing: a reason that is shown has to be one for something."""
    old = {
        "table": {one.id: one for one in (*before.tables, *before.output_tables)},
        "choices": {path: frozenset(fact.choices) for path, fact in before.facts.items() if fact.choices},
    }
    now = {
        "table": {one.id: one for one in (*after.tables, *after.output_tables)},
        "choices": {path: frozenset(fact.choices) for path, fact in after.facts.items()},
    }
    for kind, known in old.items():
        for name, node in departures.named(kind).items():
            told = f"table `{name}`" if kind == "table" else f"fact `{name}` with choices"
            if name not in known:
                departures.bad(f"the pack below has no {told}", node, "name one that it has")
            elif now[kind].get(name) == known[name]:
                departures.bad(f"nothing of the {told} is changed", node, "take the departure out")


def _choices(overlay: Overlay, before: Pack, after: Pack) -> Iterator[Problem]:
    """A new choice can lead past every question about the old ones, so only a row of its own may bring one."""
    declared = {table.declared for table in before.tables}
    said = overlay.departures.named("choices")
    for path, at in overlay.choices.items():
        added = [choice for choice in after.facts[path].choices if choice not in before.facts[path].choices]
        if added and path not in said and path not in declared:
            what = f"`{path}` has the choice `{added[0]}` here, which the criteria of the pack below don't know"
            yield _problem(what, at, f"say why in `departures`: `{{choices: {path}, because: ...}}`")


def _fresh(overlay: Overlay, before: Pack, after: Pack) -> Iterator[Problem]:
    for name, at in overlay.limits.items():
        used = any((fact.fresh_for or before.fresh_for) == name for fact in before.facts.values())
        if used and after.limits[name].value > before.limits[name].value:
            yield _limit(name, before.limits[name].value, after.limits[name].value, at)


def _limit(name: str, before: float, after: float, at: tuple[str, Place]) -> Problem:
    what = f"that the limit `{name}` of {after:.15g} instead of {before:.15g} makes the pack stricter can't be shown"
    return _problem(what, at, f"say why in `departures`: `{{limit: {name}, value: {after:.15g}, because: ...}}`")


def _limits(overlay: Overlay, strength: Strength, old: World, new: World) -> Iterator[Problem]:
    for name, at in overlay.limits.items():
        without = replace(new, limits={**new.limits, name: old.limits[name]})
        if strength.effect(without, new) not in _SHOWN:
            yield _limit(name, old.limits[name], new.limits[name], at)


def _lists(overlay: Overlay, strength: Strength, old: World, new: World) -> Iterator[Problem]:
    for name, without in (("nobody", replace(new, nobody=old.nobody)), ("moving", replace(new, moving=old.moving))):
        if name in overlay.lists and strength.effect(without, new) not in _SHOWN:
            what = f"that more texts in `{name}` make the pack stricter can't be shown"
            yield _problem(what, overlay.lists[name], "take them out, and ask for more in a criterion of your own")


def _tables(overlay: Overlay, strength: Strength, old: World, new: World) -> Iterator[Problem]:
    for name, at in overlay.tables.items():
        kind = "tables" if name in old.tables else "output_tables"
        before, after = getattr(old, kind), getattr(new, kind)
        without = replace(new, **{kind: {**after, name: before[name]}})
        if strength.effect(without, new) not in _SHOWN:
            what = f"that the table `{name}` recommends nothing laxer than before can't be shown"
            mend = "rank rows of your own below the others, or give them a choice of their own; else say why in `departures`: "
            yield _problem(what, at, f"{mend}`{{table: {name}, because: ...}}`")


def _as_a_whole(overlay: Overlay, strength: Strength, old: World, new: World) -> Problem:
    names = strength.not_asked(old, new)
    told = ", ".join(f"`{name}`" for name in names) or "the pack"
    mend = "where a signal or an anti-pattern stands on a criterion, leave that as it is, and ask for more in one of your own"
    return _problem(f"that {told} asks for no less than in the pack below can't be shown", _at(overlay, "extends"), mend)
