"""The bundle as one HTML page: to be read on a screen or a phone, printed, and signed."""

from __future__ import annotations

from collections.abc import Iterator

from ....engine.bundle import Bundle
from ....engine.verdict import CriterionVerdict, GateVerdict, Verdict
from ...answers import StageGraph
from .. import bundle_words, sentences, stage_svg
from ..page import page, text
from ..text import words
from . import check
from .bundle_sections import heading, inline, section, shown, table
from .parts import badge, listed, prose


def refused(verdict: Verdict, source: str) -> str:
    """Why there is no bundle: the report of `check`, which says so first."""
    note = f'<p class="note">{prose(bundle_words.refusal(verdict))}</p>'
    return check.check(verdict, source, note=note)


def bundle(found: Bundle, graph: StageGraph) -> str:
    """The whole page."""
    draft = ' class="draft-pages"' if found.draft else ""
    body = [
        *_cover(found),
        f"<main{draft}>",
        *_verdict(found, graph),
        *(line for one in found.sections for line in section(found, one)),
        *_evidence(found),
        *_signatures(found),
        "</main>",
        f"<footer>{_foot(found)}</footer>",
    ]
    return page(bundle_words.title(found), "\n".join(body))


def _cover(found: Bundle) -> Iterator[str]:
    verdict = found.verdict
    pack = verdict.pack
    yield '<header class="cover">'
    yield f'<p class="kicker">{text(found.title)}{" " + badge("draft", "DRAFT") if found.draft else ""}</p>'
    yield f"<h1>{text(words.delivery(verdict))}</h1>"
    yield f'<p class="lead">{_standing(verdict)}</p>'
    if found.draft:
        yield f'<p class="note draft">{bundle_words.DRAFT}</p>'
    yield '<dl class="about">'
    for name, value in (
        ("Judged as of", text(bundle_words.day(found))),
        ("States", text(bundle_words.counts(found))),
        ("Fact file", f"{text(verdict.facts.file)}<br>{_digest(verdict.facts.digest)}"),
        ("Judged by", f"{text(pack.title)} ({text(pack.id)} {text(pack.version)})<br>{_digest(pack.digest)}"),
        *([("Waivers", f"{text(verdict.waivers.file)}<br>{_digest(verdict.waivers.digest)}")] if verdict.waivers.file else []),
        ("Derived by", text(bundle_words.engine(found))),
    ):
        yield f"<div><dt>{name}</dt><dd>{value}</dd></div>"
    yield '</dl>\n<nav class="contents" aria-label="Contents">\n<h2>Contents</h2>\n<ul>'
    yield '<li><a href="#verdict">Verdict</a></li>'
    for one in found.sections:
        gaps = sum(not gap.waived for gap in one.gaps)
        more = " " + badge("unmet", words.plural(gaps, "gap")) if gaps else ""
        yield f'<li><a href="#section-{one.number}">{one.number}. {prose(one.title)}</a>{more}</li>'
    if found.backings:
        yield '<li><a href="#evidence">Evidence</a></li>'
    if found.signers:
        yield '<li><a href="#signatures">Signatures</a></li>'
    yield "</ul>\n</nav>\n</header>"


def _standing(verdict: Verdict) -> str:
    return badge("passed" if verdict.passed else "blocked", sentences.standing(verdict))


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
    yield heading(found, 2, "Verdict", "verdict")
    yield f"<p>{text(words.delivery(verdict))}: {_standing(verdict)}</p>"
    if verdict.facts.problems:
        yield "<h3>Problems of the file</h3>"
        yield listed(
            f"{prose(one.what)} {_spot(found, one.place.line) if one.place else ''}{_mend(one.help)}"
            for one in verdict.facts.problems
        )
    if verdict.antipatterns:
        yield "<h3>Anti-patterns that are there</h3>"
        yield listed(f"{prose(one.pattern.text)}. {_mend(one.pattern.mend)}" for one in verdict.antipatterns)
    if verdict.facts.sequence:
        yield f"<h3>Order of the gates</h3>\n<p>{inline(bundle_words.sequence(found))}</p>"
        yield listed(prose(line) for line in bundle_words.turned_round(verdict))
    yield f'<figure class="picture">{stage_svg.draw(graph)}</figure>'
    yield "<h3>Gates and criteria</h3>"
    yield '<div class="scroll"><table class="gates">\n<caption class="unseen">Gates and criteria</caption>'
    yield '<thead><tr><th scope="col">Criterion</th><th scope="col">Status</th></tr></thead>'
    for gate in verdict.gates:
        yield from _gate(gate)
    yield "</table></div>"
    for title, lines in bundle_words.besides(found):
        yield f"<h3>{text(title)}</h3>\n{listed(map(inline, lines))}"
    for one in found.shows:
        yield from shown(found, one)
    yield "</section>"


def _spot(found: Bundle, line: int) -> str:
    return f'<span class="place">({text(bundle_words.file(found))}:{line})</span>'


def _mend(said: str) -> str:
    return f'<br><span class="muted">How to mend: {prose(said)}</span>' if said else ""


def _gate(found: GateVerdict) -> Iterator[str]:
    gate = found.gate
    waits = f" for {', '.join(found.waiting_for)}" if found.waiting_for else ""
    title = f'<th scope="rowgroup">{gate.stage}. {prose(gate.title)}</th>'
    yield f'<tbody>\n<tr class="gate">{title}<td>{badge(found.status)}{text(waits)}</td></tr>'
    yield from (_criterion(one) for one in bundle_words.criteria(found))
    yield "</tbody>"


def _criterion(found: CriterionVerdict) -> str:
    return f'<tr><th scope="row">{prose(found.criterion.text)}</th><td>{badge(found.status)}</td></tr>'


# --- evidence and signatures


def _evidence(found: Bundle) -> Iterator[str]:
    if not found.backings:
        return
    yield "<section>" + heading(found, 2, "Evidence", "evidence")
    rows = [
        (
            f'<span id="evidence-{one.number}">E{one.number}</span>',
            f"<q>{text(one.evidence.url or one.evidence.path)}</q><br>{_digest(one.evidence.digest or 'no digest')}",
            text(one.evidence.date or "no date"),
            f"{text(bundle_words.freshness(one))} {prose(one.why)}",
            text(bundle_words.spot(found, one.evidence.place)),
        )
        for one in found.backings
    ]
    yield table("Evidence", ("No", "Where and digest", "Of", "Counts", "Stated in"), rows, "listed evidence")
    yield "</section>"


def _signatures(found: Bundle) -> Iterator[str]:
    if not found.signers:
        return
    yield '<section class="sheet signatures">' + heading(found, 2, "Signatures", "signatures")
    yield f"<p>For {text(words.delivery(found.verdict))}, facts {_digest(found.verdict.facts.digest)}.</p>"
    for one in found.signers:
        yield (
            '<div class="signature"><p class="line"></p>'
            f"<p><strong>{text(one.name)}</strong><br>"
            f'<span class="muted">{prose(one.fact.means)} '
            f"({text(one.fact.path)}, {text(bundle_words.spot(found, one.place))})</span></p>"
            '<p class="line"></p><p class="muted">Date</p></div>'
        )
    yield "</section>"
