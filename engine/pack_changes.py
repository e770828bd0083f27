"""Two packs -> what was added, dropped and changed, and whether that asks for more or less. Data, no formatting.

Each change is judged by itself: the old pack with that one thing as it is in the new one, compared by `strength`. What is
left out there, what a file may state at all and how long evidence counts, is compared here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from .pack import Gate, Pack
from .pack_conditions import Statement
from .pack_items import Named, items
from .strength import Effect, Strength, World, together, world

S = TypeVar("S", bound=Statement)
What = Literal["added", "dropped", "changed"]
_ALONE = ("signal", "limit", "fact", "table", "checklist", "departure")  # by itself, nothing is asked by one that is new or gone


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as it was, before and after, and what that does to the deliveries that pass.

    `parts` are those of something that is new or gone as a whole.
    """

    what: What
    effect: Effect
    before: Named | None
    after: Named | None
    parts: tuple[Named, ...] = ()

    @property
    def named(self) -> Named:
        """What it is about, as it is now or else as it was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def said(self) -> tuple[tuple[str, str, str], ...]:
        """What it says otherwise than before: label, before, after; nothing where there was or is no such thing."""
        old, new = (
            dict((("title", one.title), ("part of", one.within), *one.says)) if one else {} for one in (self.before, self.after)
        )
        labels = dict.fromkeys((*old, *new))
        return tuple(
            (name, old.get(name, ""), new.get(name, "")) for name in labels if old.get(name) != new.get(name) and name != "number"
        )

    @property
    def asked(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The conditions that are gone, and those that are new."""
        old, new = ([text for _, text in one.asks] if one else [] for one in (self.before, self.after))
        return tuple(one for one in old if one not in new), tuple(one for one in new if one not in old)


@dataclass(frozen=True, slots=True)
class PackChanges:
    """What differs between two packs, in the order of the new one, and what all of it together does."""

    old: Pack
    new: Pack
    changes: tuple[Change, ...]
    effect: Effect


def compare(old: Pack, new: Pack) -> PackChanges:
    """What differs between two packs. The order of names within a pack counts for gates alone."""
    before, after = ({one.key: one for one in items(pack, amounts=False)} for pack in (old, new))
    strength = Strength()
    judging, back = _Judging(old, new, strength), _Judging(new, old, strength)
    changes: list[Change] = []
    for key in dict.fromkeys((*after, *before)):
        was, now = before.get(key), after.get(key)
        if not _differ(was, now) or _told_with_whole(key, before, after):
            continue
        if now is None:  # nothing of the new pack stands on it, so it is judged by what its coming back would do
            effect = _REVERSE[back.effect(before[key], False)]
            changes.append(Change("dropped", effect, was, None, _parts(key, before)))
        else:
            what, parts = ("changed", ()) if was else ("added", _parts(key, after))
            changes.append(Change(what, judging.effect(now, was is not None), was, now, parts))
    return PackChanges(old, new, tuple(changes), judging.whole())


_REVERSE: dict[Effect, Effect] = {"none": "none", "tighter": "looser", "looser": "tighter", "unknown": "unknown"}


def _differ(was: Named | None, now: Named | None) -> bool:
    """The number of a gate does not count: it changes with every gate that comes before."""
    one, other = (replace(x, says=tuple(said for said in x.says if said[0] != "number")) if x else None for x in (was, now))
    return one != other


def _parts(key: str, named: dict[str, Named]) -> tuple[Named, ...]:
    return tuple(one for one in named.values() if one.within == key)


def _told_with_whole(key: str, before: dict[str, Named], after: dict[str, Named]) -> bool:
    """Parts of what is new or gone as a whole are told with it."""
    within = (after.get(key) or before[key]).within
    return bool(within) and (within in before) != (within in after)


class _Judging:
    """What `old` becomes by single changes on the way to `new`."""

    def __init__(self, old: Pack, new: Pack, strength: Strength) -> None:
        self.old, self.new, self.strength = old, new, strength
        self.after = world(new)
        self.before = replace(world(old), over=self.after)

    def whole(self) -> Effect:
        """The effect of all changes together."""
        paths = [path for path in self.old.facts if path in self.new.facts]
        return together(
            self.strength.effect(world(self.old), self.after),
            *map(self._of_fact, paths),
            *map(self._of_freshness, paths),
            self._of_placeholders(),
        )

    def effect(self, found: Named, was_there: bool) -> Effect:
        """What it does to make that one thing, which the new pack has, what it is there."""
        if found.kind == "departure" or (found.kind in _ALONE and not was_there):
            return "none"
        if found.kind == "fact":
            return together(self._of_fact(found.name), self._of_freshness(found.name), self._by(self._with_fact(found.name)))
        if found.kind == "words" and found.name == "placeholders":
            return self._of_placeholders()
        if found.kind == "gate" and was_there:
            return self._of_needs(found.name)
        by_itself = self._by(self._with(found))
        if found.kind != "limit":
            return by_itself
        fresh = [path for path in self.old.facts if path in self.new.facts and self._limit(self.old, path) == found.name]
        return together(by_itself, *map(self._of_freshness, fresh))

    def _by(self, changed: World) -> Effect:
        return self.strength.effect(self.before, changed)

    def _with(self, found: Named) -> World:
        """The old pack with that one thing as it is in the new one."""
        old, new, name = self.before, self.after, found.name
        if found.kind == "gate":
            gates = {key: gate for key, gate in old.gates.items() if key != name}
            return replace(old, gates=gates | ({name: new.gates[name]} if name in new.gates else {}))
        if found.kind in ("entry", "criterion"):
            gate = found.within.partition(" ")[2]
            return replace(old, gates={**old.gates, gate: _with_criterion(old.gates[gate], new.gates[gate], found)})
        if found.kind == "words":
            return replace(old, **{name: getattr(new, name)})
        if found.kind == "item":
            name, _, item = name.partition("/")
            items = _with_one(old.checklists.get(name, ()), new.checklists[name], item)
            return replace(old, checklists={**old.checklists, name: items})
        kinds = {"signal": "signals", "antipattern": "antipatterns", "limit": "limits"}
        if found.kind in ("table", "row"):
            name = name.partition("/")[0]
            kind = "tables" if name in new.tables else "output_tables"
        else:
            kind = kinds.get(found.kind, "checklists")
        mapping = {key: value for key, value in getattr(old, kind).items() if key != name}
        there = getattr(new, kind)
        return replace(old, **{kind: mapping | ({name: there[name]} if name in there else {})})

    def _with_fact(self, path: str) -> World:
        return replace(self.before, facts={**self.before.facts, path: self.after.facts[path]})

    # --- what a file may state, and for how long evidence counts

    def _of_fact(self, path: str) -> Effect:
        one, other = self.old.facts[path], self.new.facts[path]
        if (one.type, one.to, one.label) != (other.type, other.to, other.label):
            return "unknown"
        return together(
            _set(set(one.choices), set(other.choices)) if one.choices and other.choices else _same(one.choices, other.choices),
            _number(one.least, other.least, 1),
            _number(one.most, other.most, -1),
        )

    def _of_freshness(self, path: str) -> Effect:
        days = [limit.value if limit else None for limit in (pack.freshness(path) for pack in (self.old, self.new))]
        return _number(days[0], days[1], -1)

    def _limit(self, pack: Pack, path: str) -> str | None:
        return pack.facts[path].fresh_for or pack.fresh_for

    def _of_placeholders(self) -> Effect:
        one, other = ({word.casefold() for word in pack.placeholders} for pack in (self.old, self.new))
        return _set(other, one)

    def _of_needs(self, gate: str) -> Effect:
        """Of gates that it needs: a delivery has to pass all gates anyway, so of the whole nothing changes."""
        one, other = (set(found.gates[gate].needs) for found in (self.before, self.after))
        return _set(other, one)


def _with_criterion(old: Gate, new: Gate, found: Named) -> Gate:
    if found.kind == "entry":
        return old.model_copy(update={"entry": new.entry})
    return old.model_copy(update={"exit": _with_one(old.exit, new.exit, found.name)})


def _with_one(old: tuple[S, ...], new: tuple[S, ...], name: str) -> tuple[S, ...]:
    """The statements of the old pack, and the one of that name as it is in the new one."""
    return (*(one for one in old if one.id != name), *(one for one in new if one.id == name))


def _set(one: set[str], other: set[str]) -> Effect:
    """More that may be said lets more pass, and less lets less."""
    return "none" if one == other else "looser" if one < other else "tighter" if other < one else "unknown"


def _same(one: object, other: object) -> Effect:
    return "none" if one == other else "unknown"


def _number(one: float | None, other: float | None, tighter_up: int) -> Effect:
    """A bound that is moved; without one anything goes."""
    if one == other:
        return "none"
    if one is None or other is None:
        return "tighter" if one is None else "looser"
    return "tighter" if (other - one) * tighter_up > 0 else "looser"


def is_words_alone(change: Change) -> bool:
    """Whether only words are other ones: the conditions are the same, and so are the deliveries that pass."""
    return change.what == "changed" and change.effect == "none" and change.asked == ((), ())
