"""The bundle as one HTML page: to be read on a screen or a phone, printed, and signed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ...engine.bundle import Bundle, Listing, Part, Policy, Section, Statement
from ...engine.pack import FactDef, Shown
from ...engine.verdict import CriterionVerdict, GateVerdict
from ..answers import StageGraph
from . import bundle_words, sentences, stage_svg
from .bundle_words import PROSE, Inline, Remark, Said
from .page import code, page, text
from .text import words

_LONGEST_WORD = 36  # letters
_DRAFT = '<span class="badge draft">DRAFT</span>'


def bundle(found: Bundle, graph: StageGraph) -> str:
    """The whole page."""
    draft = ' class="draft-pages"' if found.draft else ""
    body = [
        *_cover(found),
        f"<main{draft}>",
        *_verdict(found, graph),
        *(line for section in found.sections for line in _section(found, section)),
        *_evidence(found),
        *_signatures(found),
        "</main>",
        f"<footer>{_foot(found)}</footer>",
    ]
    return page(f"{words.delivery(found.verdict)}: {found.title}{' (DRAFT)' if found.draft else ''}", "\n".join(body))


def _inline(parts: Inline) -> str:
    """Texts of the file as they are; in ours, what stands between backticks is code."""
    return "".join(f"<q>{text(part.text)}</q>" if isinstance(part, Said) else _ours(part) for part in parts)


def _ours(said: str) -> str:
    pieces = re.split(r"`([^`]*)`", said)
    return "".join(code(piece) if number % 2 else text(piece) for number, piece in enumerate(pieces))


def _badge(status: str, label: str = "") -> str:
    return f'<span class="badge {text(status)}">{text(label or status)}</span>'


def _heading(found: Bundle, level: int, title: str, id: str = "") -> str:
    named = f' id="{text(id)}"' if id else ""
    return f"<h{level}{named}>{text(title)}{' ' + _DRAFT if found.draft and level == 2 else ''}</h{level}>"


# --- the cover


def _cover(found: Bundle) -> Iterator[str]:
    verdict = found.verdict
    pack = verdict.pack
    yield '<header class="cover">'
    yield f'<p class="kicker">{text(found.title)}{" " + _DRAFT if found.draft else ""}</p>'
    yield f"<h1>{text(words.delivery(verdict))}</h1>"
    yield f'<p class="lead">{_badge("passed" if verdict.passed else "blocked", sentences.standing(verdict))}</p>'
    if found.draft:
        yield '<p class="note draft">This is a draft. It must not be taken for the bundle of a delivery that may go out.</p>'
    yield '<dl class="about">'
    for name, value in (
        ("Judged as of", text(bundle_words.day(found))),
        ("States", text(bundle_words.counts(found))),
        ("Fact file", f"{text(verdict.facts.file)}<br>{_digest(verdict.facts.digest)}"),
        ("Judged by", f"{text(pack.title)} ({text(pack.id)} {text(pack.version)})<br>{_digest(pack.digest)}"),
        ("Derived by", text(bundle_words.engine(found))),
    ):
        yield f"<div><dt>{name}</dt><dd>{value}</dd></div>"
    yield '</dl>\n<nav class="contents" aria-label="Contents">\n<h2>Contents</h2>\n<ul>'
    yield '<li><a href="#verdict">Verdict</a></li>'
    for section in found.sections:
        gaps = sum(not gap.waived for gap in section.gaps)
        more = " " + _badge("unmet", words.plural(gaps, "gap")) if gaps else ""
        yield f'<li><a href="#section-{section.number}">{section.number}. {text(section.title)}</a>{more}</li>'
    if found.backings:
        yield '<li><a href="#evidence">Evidence</a></li>'
    if found.signers:
        yield '<li><a href="#signatures">Signatures</a></li>'
    yield "</ul>\n</nav>\n</header>"


def _digest(digest: str) -> str:
    return f'<span class="digest">{text(digest)}</span>'


def _foot(found: Bundle) -> str:
    verdict = found.verdict
    return (
        f"{text(words.delivery(verdict))}, judged as of {text(bundle_words.day(found))}. Facts {_digest(verdict.facts.digest)}, "
        f"pack {text(verdict.pack.id)} {text(verdict.pack.version)} {_digest(verdict.pack.digest)}."
    )


# --- the verdict


def _verdict(found: Bundle, graph: StageGraph) -> Iterator[str]:
    verdict = found.verdict
    yield '<section class="sheet">'
    yield _heading(found, 2, "Verdict", "verdict")
    badge = _badge("passed" if verdict.passed else "blocked", sentences.standing(verdict))
    yield f"<p>{text(words.delivery(verdict))} is {badge}</p>"
    if verdict.facts.problems:
        yield "<h3>Problems of the file</h3>"
        rows = [
            (
                text(bundle_words.spot(found, one.place)) if one.place else "",
                f"{_ours(one.what)} {_remark_text('How to mend', one.help)}",
            )
            for one in verdict.facts.problems
        ]
        yield _table(("Where", "What"), rows, "place-first")
    if verdict.antipatterns:
        yield "<h3>Anti-patterns that are there</h3>\n<ul>"
        yield from (
            f"<li>{text(one.pattern.text)}. {_remark_text('How to mend', one.pattern.mend)}</li>" for one in verdict.antipatterns
        )
        yield "</ul>"
    sequence = verdict.facts.sequence
    if sequence:
        yield "<h3>Order of the gates</h3>"
        yield (
            f"<p>Another order was asked for by <q>{text(sequence.requested_by)}</q> "
            f"({text(bundle_words.spot(found, sequence.place))}), because: <q>{text(sequence.reason)}</q></p>\n<ul>"
        )
        yield from (
            f"<li>{code(gate)} comes before {code(needed)}, which it needs.</li>" for gate, needed in verdict.turned_round
        )
        yield "</ul>"
    yield f'<figure class="picture">{stage_svg.draw(graph)}</figure>'
    yield "<h3>Gates and criteria</h3>"
    yield '<div class="scroll"><table class="gates">\n<thead><tr><th>Criterion</th><th>Status</th></tr></thead>'
    for gate in verdict.gates:
        yield from _gate(gate)
    yield "</table></div>"
    for shown in found.shows:
        yield from _shown(found, shown)
    yield "</section>"


def _remark_text(label: str, said: str) -> str:
    return f'<span class="muted">{label}: {_ours(said)}</span>' if said else ""


def _gate(found: GateVerdict) -> Iterator[str]:
    gate = found.gate
    waits = f" for {', '.join(found.waiting_for)}" if found.waiting_for else ""
    title = f'<th scope="rowgroup">{gate.stage}. {text(gate.title)}</th>'
    yield f'<tbody>\n<tr class="gate">{title}<td>{_badge(found.status)}{text(waits)}</td></tr>'
    yield from (_criterion(one) for one in bundle_words.criteria(found))
    yield "</tbody>"


def _criterion(found: CriterionVerdict) -> str:
    return f"<tr><td>{_ours(found.criterion.text)}</td><td>{_badge(found.status)}</td></tr>"


# --- a section


def _section(found: Bundle, section: Section) -> Iterator[str]:
    yield '<section class="sheet">' if section.number == 1 else "<section>"
    yield _heading(found, 2, f"{section.number}. {section.title}", f"section-{section.number}")
    gaps = [bundle_words.remark(found, gap) for gap in section.gaps if not gap.waived]
    if gaps:
        yield f'<div class="card unmet"><h3>{words.plural(len(gaps), "gap")} in this section</h3>\n<ul>'
        yield from (f"<li>{_inline(gap.says)}</li>" for gap in gaps)
        yield "</ul></div>"
    for part in section.parts:
        yield from _part(found, section, part)
    for policy in section.policies:
        yield from _policy(found, policy)
    for shown in section.shows:
        yield from _shown(found, shown)
    yield "</section>"


def _part(found: Bundle, section: Section, part: Part) -> Iterator[str]:
    if len(section.parts) > 1:
        yield _heading(found, 3, part.title)
    run: list[Statement] = []
    for entry in part.entries:
        if isinstance(entry, Statement):
            run.append(entry)
            continue
        yield from _statements(found, run)
        run = []
        yield from _listing(found, entry)
    yield from _statements(found, run)
    if part.unstated:
        named = ", ".join(f"{text(fact.means)} ({code(fact.path)})" for fact in part.unstated)
        yield f'<p class="muted">Not stated, and not asked for here: {named}.</p>'


def _statements(found: Bundle, run: Sequence[Statement]) -> Iterator[str]:
    if not run:
        return
    yield '<table class="facts">\n<thead><tr><th>What</th><th>Stated</th></tr></thead>\n<tbody>'
    for one in run:
        yield (
            f'<tr><th scope="row">{_named(one.fact)}<span class="place">{text(bundle_words.spot(found, one.place))}</span></th>'
            f"<td>{_stated(one)}{_besides(found, one)}</td></tr>"
        )
    yield "</tbody>\n</table>"


def _named(fact: FactDef) -> str:
    return f'{text(_capital(fact.means))}<br><span class="path">{text(fact.path)}</span> '


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _stated(one: Statement) -> str:
    """The values, and nothing else; each `data-fact` is one value of the file."""
    shown = [
        f'<span data-fact="{text(one.fact.path)}"{_long(value)}>{text(value) if one.fact.type in PROSE else code(value)}</span>'
        for value in one.values
    ]
    return (
        shown[0]
        if len(shown) == 1
        else f'<ul class="values">{"".join(f"<li>{value}</li>" for value in shown)}</ul>'
        if shown
        else ""
    )


def _long(value: str) -> str:
    """A word that is longer than a column may be broken anywhere; all others stay whole."""
    return ' class="long"' if max(map(len, value.split()), default=0) > _LONGEST_WORD else ""


def _besides(found: Bundle, one: Statement, *, evidence: bool = True) -> str:
    notes = [_remark(remark) for remark in bundle_words.remarks(found, one)]
    if one.backing and evidence:
        notes.insert(0, f'<a href="#evidence-{one.backing.number}">evidence</a> {_inline(bundle_words.evidence(one.backing))}')
    return "".join(f'<div class="beside">{note}</div>' for note in notes)


def _remark(remark: Remark) -> str:
    return f"{_badge(remark.tone, remark.label)} {_inline(remark.says)}"


def _listing(found: Bundle, listing: Listing) -> Iterator[str]:
    whole = listing.whole
    fields = list(whole.fact.fields)
    yield f'<h4>{_named(whole.fact)}<span class="place">{text(bundle_words.spot(found, whole.place))}</span></h4>'
    yield _besides(found, whole)
    yield '<div class="scroll"><table class="records">'
    yield "<thead><tr>" + "".join(f"<th>{text(_title(name))}</th>" for name in fields) + "<th>Line</th></tr></thead>\n<tbody>"
    for record in listing.records:
        cells = "".join(
            f"<td>{_stated(cell)}{_besides(found, cell, evidence=cell.backing != whole.backing)}</td>" for cell in record.cells
        )
        yield f'<tr>{cells}<td class="place">{bundle_words.lines(record)}</td></tr>'
    yield "</tbody>\n</table></div>"


def _title(field: str) -> str:
    return _capital(field.replace("_", " "))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], kind: str) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="scroll"><table class="{kind}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'
    )


# --- what tables recommend, and what sections list


def _policy(found: Bundle, policy: Policy) -> Iterator[str]:
    yield f'<div class="card policy"><h3>Recommended: {text(policy.table.title)}</h3>'
    for one in policy.undecided:
        yield f"<h4>If it holds: {text(one.row.signal)}</h4>"
        yield _advice(one.row.default.text, one.row.alternative.text, one.row.tradeoff, "")
    for number, row in enumerate(policy.rows):
        kind = "Also holds, with lower rank: " if number else "Otherwise: " if policy.undecided else ""
        because = "".join(
            f"<li>{_ours(words.fact(look.fact, '', '', ''))}"
            + (f" of <q>{text(look.within)}</q>" if look.within else "")
            + f" is <q>{text(look.shown)}</q> ({text(bundle_words.spot(found, look.place))})"
            + (" (assumed)" if look.state == "assumed" else "")
            + "</li>"
            for look in row.because
        )
        yield f"<h4>{kind}{text(row.row.default.text)}</h4>"
        yield _advice("", row.row.alternative.text, row.row.tradeoff, f"{text(row.row.signal)}<ul>{because}</ul>")
    if not policy.rows:
        yield f"<p>{'Otherwise nothing' if policy.undecided else 'Nothing'}: no row holds.</p>"
    yield f"<p>{_inline(bundle_words.declared(found, policy))}</p>"
    if policy in found.deviations:
        yield f"<p>{_badge('unknown', 'deviation')} {_inline(bundle_words.rationale(found, policy))}</p>"
    yield "</div>"


def _advice(choice: str, alternative: str, tradeoff: str, because: str) -> str:
    named = (("Choose", text(choice)), ("Because", because), ("Alternative", text(alternative)), ("Tradeoff", text(tradeoff)))
    return (
        '<dl class="about">' + "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in named if value) + "</dl>"
    )


def _shown(found: Bundle, shown: Shown) -> Iterator[str]:
    yield _heading(found, 3, _capital(shown))
    rows = list(_ROWS[shown](found))
    yield _table(_HEADS[shown], rows, "listed") if rows else f"<p>No {shown.removesuffix('s')}.</p>"


def _assumptions(found: Bundle) -> Iterator[Sequence[str]]:
    for one in found.verdict.assumptions:
        known = found.verdict.pack.facts[one.fact]
        yield (
            f'{_named(known)}<span class="place">{text(bundle_words.spot(found, one.place))}</span>',
            code(one.value) if known.type not in PROSE else text(one.value),
            text(one.owner),
            text(one.reason),
        )


def _waivers(found: Bundle) -> Iterator[Sequence[str]]:
    for name in sorted(found.verdict.program.waived):
        yield (text(found.verdict.pack.criteria[name].text), "", "", "")


def _deviations(found: Bundle) -> Iterator[Sequence[str]]:
    for policy in found.deviations:
        lead = next(row for row in policy.rows if row.deviates)
        yield (
            text(policy.table.title),
            text(lead.row.default.text),
            _inline(bundle_words.declared(found, policy)[1:2]),
            _inline(bundle_words.rationale(found, policy)),
        )


_ROWS = {"assumptions": _assumptions, "waivers": _waivers, "deviations": _deviations}
_HEADS: dict[str, Sequence[str]] = {
    "assumptions": ("What", "Assumed value", "Owner", "Reason"),
    "waivers": ("Waived", "Reason", "Approver", "Until"),
    "deviations": ("Policy", "Recommended", "Declared", "Rationale"),
}


# --- evidence and signatures


def _evidence(found: Bundle) -> Iterator[str]:
    if not found.backings:
        return
    yield "<section>" + _heading(found, 2, "Evidence", "evidence")
    rows = [
        (
            f'<span id="evidence-{one.number}">E{one.number}</span>',
            f"<q>{text(one.evidence.url or one.evidence.path)}</q><br>{_digest(one.evidence.digest or 'no digest')}",
            text(one.evidence.date or "no date"),
            f"{text(bundle_words.freshness(one))} {_ours(one.why)}",
            text(bundle_words.spot(found, one.evidence.place)),
        )
        for one in found.backings
    ]
    yield _table(("No", "Where and digest", "Of", "Counts", "Stated in"), rows, "listed")
    yield "</section>"


def _signatures(found: Bundle) -> Iterator[str]:
    if not found.signers:
        return
    yield '<section class="sheet signatures">' + _heading(found, 2, "Signatures", "signatures")
    yield f"<p>For {text(words.delivery(found.verdict))}, facts {_digest(found.verdict.facts.digest)}.</p>"
    for one in found.signers:
        yield (
            '<div class="signature"><p class="line"></p>'
            f"<p><strong>{text(one.name)}</strong><br>"
            f'<span class="muted">{text(one.fact.means)} '
            f"({text(one.fact.path)}, {text(bundle_words.spot(found, one.place))})</span></p>"
            '<p class="line"></p><p class="muted">Date</p></div>'
        )
    yield "</section>"
