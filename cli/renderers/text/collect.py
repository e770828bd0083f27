"""What was collected, for a terminal: facts with their places, then what contradicts, falls short and can't be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ....engine.errors import short
from ... import safe
from . import words

if TYPE_CHECKING:
    from ...collected import Answer
    from ...collecting import Claim, Proposed

_MOST = 50  # lines of one kind, before the rest is only counted
_MOST_SHORT = 60  # characters of a value


def collect(answer: Answer, explain: bool) -> str:
    """The whole answer; `explain` adds what was looked for."""
    collection, tree = answer.collection, answer.tree
    count = words.plural(tree.entries, "file or folder", "files and folders")
    lines = [f"Looked through {count} in `{safe.terminal(answer.folder)}`."]
    if explain:
        lines += ["", *_explained(answer)]
    heading = f"Facts to add to {safe.terminal(answer.file)}" if answer.agree or answer.file else "Facts found"
    lines += _section(f"{heading}:", [line for one in answer.added for line in _proposed(one)], most=len(answer.added) * 9)
    if answer.agree:
        lines += _section("Stated already, and the sources agree:", [f"`{path}`" for path in answer.agree])
    lines += _section(
        "Contradictions; none of these is taken over:",
        [line for one in collection.contradictions for line in _contradiction(one.fact, one.within, one.sides)],
    )
    lines += _section("Falls short:", [line for one in collection.shortfalls for line in _short(str(one.at), one.what, one.help)])
    lines += _section(
        "Can't be read, and is passed over:",
        [f"{safe.terminal(f)}: {safe.terminal(w)}" for f, w in sorted(tree.unreadable.items())],
    )
    return "\n".join([*lines, "", *_next(answer)]) + "\n"


def _section(heading: str, body: list[str], most: int = _MOST) -> list[str]:
    if not body:
        return []
    more = [f"  ... and {len(body) - most} lines more; --format json has them all"] if len(body) > most else []
    return ["", heading, "", *(f"  {line}" for line in body[:most]), *more]


def _proposed(one: Proposed) -> Iterator[str]:
    instead = ", in place of what was assumed" if one.assumed else ""
    if one.claim:
        yield f"{one.fact}: {_shown(_plain(one.claim))}{instead}  ({safe.terminal(str(one.claim.at))})"
        return
    yield f"{one.fact}: {words.plural(len(one.rows), 'record')}{instead}"
    for row in one.rows[:_MOST]:
        first = next(iter(row.values()))
        fields = ", ".join(f"{name} {_shown(_plain(claim))}" for name, claim in list(row.items())[1:])
        yield f"  {_shown(_plain(first))}{': ' if fields else ''}{fields}  ({safe.terminal(str(first.at))})"


def _plain(claim: Claim) -> str:
    return ", ".join(item.shown for item in claim.fact.items)


def _shown(text: str) -> str:
    return f"`{safe.terminal(short(text, _MOST_SHORT))}`"


def _contradiction(fact: str, within: str, sides: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield f"{fact}" + (f" of {_shown(within)}" if within else "")
    for value, place in sides[:_MOST]:
        yield f"  {_shown(value)}  ({safe.terminal(place)})"


def _short(at: str, what: str, help: str) -> Iterator[str]:
    yield f"{safe.terminal(at)}: {safe.terminal(short(what, 300))}"
    if help:
        yield f"  help: {safe.terminal(short(help, 300))}"


def _explained(answer: Answer) -> Iterator[str]:
    for name, table in answer.tables.items():
        files = answer.tree.of(table)
        found = answer.collection.found[name]
        yield f"{name}: {table.title}"
        yield f"  looked for {', '.join(table.looks_for)}{f' with {table.words}' if table.holding else ''}"
        yield f"  {'found ' + ', '.join(map(_shown, files[:5])) if files else 'found no such file'}" + (
            f" and {len(files) - 5} more" if len(files) > 5 else ""
        )
        for one in table.fields if files else ():
            count = found.get((one.field, one.fact), 0)
            yield f"    {f'{count} x' if count else 'not found:'} {one.field} -> {one.fact}"
    left = answer.tree.ignored
    if left:
        shown = ", ".join(map(_shown, left[:5])) + (f" and {len(left) - 5} more" if len(left) > 5 else "")
        yield f"left out by .gitignore: {shown}; --include PATH looks there too"


def _next(answer: Answer) -> Iterator[str]:
    count = words.plural(len(answer.added), "fact")
    folder = safe.terminal(answer.folder)
    if answer.file and answer.added:
        yield f"Wrote {count} to {safe.terminal(answer.file)}, each with its evidence."
        yield f"Then: gatewright check --project {folder} {safe.terminal(answer.file)}"
    elif answer.file:
        yield f"There is nothing to add to {safe.terminal(answer.file)}."
    elif answer.added:
        yield f"{count}; nothing is written. To write them: gatewright collect {folder} -o delivery.yaml"
    else:
        yield "No facts were found; --explain says what was looked for."
