"""The sections of the bundle as HTML: what each states, what its tables recommend, and what else it lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ....engine.bundle import Bundle, Listing, Part, Policy, Section, Statement
from ....engine.pack import Shown
from ....engine.vocabulary import FactDef
from .. import bundle_words
from ..bundle_words import PROSE, Inline, Remark, Said
from ..page import code, text
from ..text import words
from .parts import badge, listed, prose

_LONGEST_WORD = 36  # letters; a longer one may be broken anywhere
_SHORTEST_LINE = 24  # letters; a shorter value of notation, such as a date, is never broken


def inline(said: Inline) -> str:
    """Texts of the file as they are; in ours, what stands between backticks is code."""
    return "".join(f"<q>{text(part.text)}</q>" if isinstance(part, Said) else prose(part) for part in said)


def heading(found: Bundle, level: int, title: str, id: str = "") -> str:
    """A heading, which says on a draft that it is one."""
    named = f' id="{text(id)}"' if id else ""
    return f"<h{level}{named}>{prose(title)}{' ' + badge('draft', 'DRAFT') if found.draft and level == 2 else ''}</h{level}>"


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], kind: str) -> str:
    """A table; the first cell of a row is the head of the row. Its caption is for those who don't see it."""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "\n".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>' for first, *rest in rows
    )
    return (
        f'<div class="scroll"><table class="{kind}">\n<caption class="unseen">{prose(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def section(found: Bundle, one: Section) -> Iterator[str]:
    """A whole section: its gaps, the facts that it states, recommendations, and lists of assumptions and the like."""
    yield '<section class="sheet">' if one.number == 1 else "<section>"
    yield heading(found, 2, f"{one.number}. {one.title}", f"section-{one.number}")
    gaps = [gap for gap in one.gaps if not gap.waived]
    if gaps:
        yield f'<div class="card unmet"><h3>{words.plural(len(gaps), "gap")} in this section</h3>\n<ul>'
        yield from (f"<li>{prose(bundle_words.lacks(gap))}</li>" for gap in gaps)
        yield "</ul></div>"
    for part in one.parts:
        yield from _part(found, one, part)
    for policy in one.policies:
        yield from _policy(found, policy)
    for each in one.shows:
        yield from shown(found, each)
    yield "</section>"


def _part(found: Bundle, section: Section, part: Part) -> Iterator[str]:
    if len(section.parts) > 1:
        yield heading(found, 3, part.title)
    run: list[Statement] = []
    for entry in part.entries:
        if isinstance(entry, Statement):
            run.append(entry)
            continue
        yield from _statements(found, part, run)
        run = []
        yield from _listing(found, entry)
    yield from _statements(found, part, run)
    if part.unstated:
        named = ", ".join(f"{prose(fact.means)} ({code(fact.path)})" for fact in part.unstated)
        yield f'<p class="muted">Not stated, and not asked for here: {named}.</p>'


def _statements(found: Bundle, part: Part, run: Sequence[Statement]) -> Iterator[str]:
    if run:
        caption = f"Facts: {part.title}"
        rows = ((_named(found, one), f"{_stated(one)}{_besides(found, one)}") for one in run)
        yield table(caption, ("What", "Stated"), rows, "facts")


def _named(found: Bundle, one: Statement) -> str:
    place = f'<span class="place">{text(bundle_words.where(found, one))}</span>'
    return f'{prose(capital(one.fact.means))}<br><span class="path">{text(one.fact.path)}</span> {place}'


def capital(said: str) -> str:
    """A text as it begins a line."""
    return said[:1].upper() + said[1:]


def _stated(one: Statement) -> str:
    """The values, and nothing else; each `data-fact` is one value of the file."""
    found = [_value(one.fact, value) for value in one.values]
    if len(found) > 1:
        return f'<ul class="values">{"".join(f"<li>{value}</li>" for value in found)}</ul>'
    return "".join(found)


def _value(fact: FactDef, value: str) -> str:
    longest = max(map(len, value.split()), default=0)
    kind = "long" if longest > _LONGEST_WORD else "short" if fact.type not in PROSE and len(value) < _SHORTEST_LINE else ""
    named = f' class="{kind}"' if kind else ""
    return f'<span data-fact="{text(fact.path)}"{named}>{text(value) if fact.type in PROSE else code(value)}</span>'


def _besides(found: Bundle, one: Statement, *, evidence: bool = True) -> str:
    notes = [_remark(remark) for remark in bundle_words.remarks(found, one)]
    if one.backing and evidence:
        notes.insert(0, f'<a href="#evidence-{one.backing.number}">evidence</a> {inline(bundle_words.evidence(one.backing))}')
    return "".join(f'<div class="beside">{note}</div>' for note in notes)


def _remark(remark: Remark) -> str:
    return f"{badge(remark.tone, remark.label)} {inline(remark.says)}"


def _listing(found: Bundle, listing: Listing) -> Iterator[str]:
    whole = listing.whole
    heads = [*(text(capital(name.replace("_", " "))) for name in whole.fact.fields), "Line"]
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    besides = _besides(found, whole)
    yield f'<div class="scroll"><table class="records">\n<caption>{_named(found, whole)}{besides}</caption>'
    yield f"<thead><tr>{head}</tr></thead>\n<tbody>"
    for record in listing.records:
        first, *rest = (
            f"{_stated(cell)}{_besides(found, cell, evidence=cell.backing != whole.backing)}" for cell in record.cells
        )
        cells = "".join(f"<td>{cell}</td>" for cell in rest)
        yield f'<tr><th scope="row">{first}</th>{cells}<td class="place">{bundle_words.lines(record)}</td></tr>'
    yield "</tbody>\n</table></div>"


# --- what tables recommend, and what sections list


def _policy(found: Bundle, policy: Policy) -> Iterator[str]:
    yield f'<div class="card policy"><h3>Recommended: {prose(policy.table.title)}</h3>'
    for one in policy.undecided:
        yield f"<h4>If it holds: {prose(one.row.signal)}</h4>"
        yield _advice(one.row.default.text, one.row.alternative.text, one.row.tradeoff, "")
    for number, row in enumerate(policy.rows):
        kind = "Also holds, with lower rank: " if number else "Otherwise: " if policy.undecided else ""
        because = "".join(f"<li>{inline(bundle_words.look(found, one))}</li>" for one in row.because)
        yield f"<h4>{kind}{prose(row.row.default.text)}</h4>"
        yield _advice("", row.row.alternative.text, row.row.tradeoff, f"{prose(row.row.signal)}<ul>{because}</ul>")
    if not policy.rows:
        yield f"<p>{'Otherwise nothing' if policy.undecided else 'Nothing'}: no row holds.</p>"
    yield f"<p>{inline(bundle_words.declared(found, policy))}</p>"
    if policy in found.deviations:
        yield f"<p>{badge('unknown', 'deviation')} {inline(bundle_words.rationale(found, policy))}</p>"
    yield "</div>"


def _advice(choice: str, alternative: str, tradeoff: str, because: str) -> str:
    named = (("Choose", prose(choice)), ("Because", because), ("Alternative", prose(alternative)), ("Tradeoff", prose(tradeoff)))
    return (
        '<dl class="about">' + "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in named if value) + "</dl>"
    )


def shown(found: Bundle, one: Shown) -> Iterator[str]:
    """The assumptions, waivers or deviations, or that there are none."""
    yield heading(found, 3, capital(one))
    rows = list(_ROWS[one](found))
    yield table(capital(one), _HEADS[one], rows, "listed") if rows else f"<p>No {one.removesuffix('s')}.</p>"
    if one == "waivers":
        yield listed(inline(line) for line in bundle_words.idle_waivers(found))


def _assumptions(found: Bundle) -> Iterator[Sequence[str]]:
    for one in found.verdict.assumptions:
        known = found.verdict.pack.facts[one.fact]
        place = f'<span class="place">{text(bundle_words.spot(found, one.place))}</span>'
        told = bundle_words.listed(found, one)
        yield (
            f'{prose(capital(known.means))}<br><span class="path">{text(one.fact)}</span> {place}',
            text(told) if told else _assumed(known, one.value),
            text(one.owner),
            text(one.reason),
        )


def _assumed(known: FactDef, value: str) -> str:
    return text(value) if known.type in PROSE else code(value)


def _waivers(found: Bundle) -> Iterator[Sequence[str]]:
    for criterion, one in bundle_words.waivers(found):
        place = f'<br><span class="place">{text(bundle_words.waiver_spot(found, one))}</span>'
        yield (f"{prose(criterion)}{place}", text(one.approver), text(one.expires), text(one.reason))


def _deviations(found: Bundle) -> Iterator[Sequence[str]]:
    for policy in found.deviations:
        lead = next(row for row in policy.rows if row.deviates)
        yield (
            prose(policy.table.title),
            prose(lead.row.default.text),
            inline(bundle_words.declared(found, policy)[1:2]),
            inline(bundle_words.rationale(found, policy)),
        )


_ROWS = {"assumptions": _assumptions, "waivers": _waivers, "deviations": _deviations}
_HEADS: dict[str, Sequence[str]] = {
    "assumptions": ("What", "Assumed value", "Owner", "Reason"),
    "waivers": ("Criterion", "Approver", "Until", "Reason"),
    "deviations": ("Policy", "Recommended", "Declared", "Rationale"),
}
