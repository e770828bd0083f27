"""The bundle as Markdown: for a pull request, a wiki, or a repository. Values of the file stand in code spans, and nowhere else.

A fact is an item of a list: what it is, its path and place, and then its values; below it what else is to be known of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...engine.bundle import Bundle, Listing, Policy, Section, Statement
from ...engine.pack import Shown
from ...engine.verdict import Verdict
from .. import safe
from ..answers import StageGraph
from . import bundle_words, mermaid, sentences, summary
from .bundle_words import Inline, Said
from .markdown import prose
from .text import words


def refused(verdict: Verdict, source: str) -> str:
    """Why there is no bundle: the summary of `check`, which says so first."""
    return f"{prose(bundle_words.refusal(verdict))}\n\n{summary.check(verdict, source)}"


def bundle(found: Bundle, graph: StageGraph) -> str:
    """The whole document."""
    lines = [
        *_cover(found),
        *_verdict(found, graph),
        *(line for one in found.sections for line in _section(found, one)),
        *_evidence(found),
        *_signatures(found),
    ]
    return "\n".join(line for at, line in enumerate(lines) if line or lines[at - 1]) + "\n"  # no two empty lines


_code = safe.markdown
_MARKS = re.compile(r"([ (),:.]*)(.*?)([ (),:.]*)", re.DOTALL)


def _inline(said: Inline) -> str:
    return "".join(_code(part.text) if isinstance(part, Said) else _ours(part) for part in said)


def _ours(said: str) -> str:
    """A text of ours, of which the marks at its ends stand as they are."""
    before, inner, after = _MARKS.fullmatch(said).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return f"{before}{prose(inner)}{after}"


def _heading(found: Bundle, level: int, title: str) -> list[str]:
    draft = "DRAFT: " if found.draft and level == 2 else ""
    return ["", f"{'#' * level} {draft}{prose(title)}", ""]


def _cover(found: Bundle) -> Iterator[str]:
    verdict = found.verdict
    pack = verdict.pack
    yield f"# {'DRAFT: ' if found.draft else ''}{prose(found.title)}: {_code(words.delivery(verdict))}"
    yield ""
    yield f"**{sentences.standing(verdict)}**"
    yield ""
    if found.draft:
        yield from (bundle_words.DRAFT, "")
    yield f"- Judged as of: {bundle_words.day(found)}"
    yield f"- States: {bundle_words.counts(found)}"
    yield f"- Fact file: {_code(verdict.facts.file)}, `{verdict.facts.digest}`"
    yield f"- Judged by: {prose(pack.title)}, `{pack.id}` {_code(pack.version)}, `{pack.digest}`"
    if verdict.waivers.file:
        yield f"- Waivers: {_code(verdict.waivers.file)}, `{verdict.waivers.digest}`"
    yield f"- Derived by: {prose(bundle_words.engine(found))}"


# --- the verdict


def _verdict(found: Bundle, graph: StageGraph) -> Iterator[str]:
    verdict = found.verdict
    yield from _heading(found, 2, "Verdict")
    yield f"{_code(words.delivery(verdict))}: **{sentences.standing(verdict)}**"
    if verdict.facts.problems:
        yield from _heading(found, 3, "Problems of the file")
        for one in verdict.facts.problems:
            place = f" ({_code(bundle_words.spot(found, one.place))})" if one.place else ""
            yield f"- {prose(one.what)}{place}" + (f". How to mend: {prose(one.help)}" if one.help else "")
    if verdict.antipatterns:
        yield from _heading(found, 3, "Anti-patterns that are there")
        yield from (f"- {prose(one.pattern.text)}. How to mend: {prose(one.pattern.mend)}" for one in verdict.antipatterns)
    if verdict.facts.sequence:
        yield from _heading(found, 3, "Order of the gates")
        yield from (_inline(bundle_words.sequence(found)), "")
        yield from (f"- {prose(line)}" for line in bundle_words.turned_round(verdict))
    yield from ("", "```mermaid", mermaid.graph(graph).rstrip("\n"), "```")
    yield from _heading(found, 3, "Gates and criteria")
    for gate in verdict.gates:
        waits = f" for {', '.join(gate.waiting_for)}" if gate.waiting_for else ""
        yield f"- **{gate.gate.stage}. {prose(gate.gate.title)}**: {gate.status}{waits}"
        yield from (f"  - **{one.status}** {prose(one.criterion.text)}" for one in bundle_words.criteria(gate))
    for title, lines in bundle_words.besides(found):
        yield from _heading(found, 3, title)
        yield from (f"- {_inline(line)}" for line in lines)
    for one in found.shows:
        yield from _shown(found, one)


# --- a section


def _section(found: Bundle, one: Section) -> Iterator[str]:
    yield from _heading(found, 2, f"{one.number}. {one.title}")
    gaps = sum(not gap.waived for gap in one.gaps)
    if gaps:
        yield from (f"**{words.plural(gaps, 'gap')} in this section**", "")
    for part in one.parts:
        if len(one.parts) > 1:
            yield from _heading(found, 3, part.title)
        for entry in part.entries:
            yield from _statement(found, entry) if isinstance(entry, Statement) else _listing(found, entry)
        if part.unstated:
            named = ", ".join(f"{prose(fact.means)} (`{fact.path}`)" for fact in part.unstated)
            yield from ("", f"Not stated, and not asked for here: {named}.")
    for policy in one.policies:
        yield from _policy(found, policy)
    for each in one.shows:
        yield from _shown(found, each)


def _statement(found: Bundle, one: Statement) -> Iterator[str]:
    values = f": {_values(one.values)}" if one.values else ""
    yield f"- **{prose(_capital(one.fact.means))}** (`{one.fact.path}`, {_code(bundle_words.where(found, one))}){values}"
    yield from _besides(found, one, "  ")


def _values(values: Sequence[str]) -> str:
    return ", ".join(map(_code, values))


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _besides(found: Bundle, one: Statement, indent: str, *, evidence: bool = True) -> Iterator[str]:
    if one.backing and evidence:
        yield f"{indent}- evidence {_inline(bundle_words.evidence(one.backing))}"
    for remark in bundle_words.remarks(found, one):
        yield f"{indent}- **{remark.label}** {_inline(remark.says)}"


def _listing(found: Bundle, listing: Listing) -> Iterator[str]:
    yield from _statement(found, listing.whole)
    for record in listing.records:
        fields = [f"{_field(cell)}: {_values(cell.values)}" for cell in record.cells if cell.values]
        lines = bundle_words.lines(record)
        yield f"  - {'; '.join([*fields, f'line {lines}' if lines.isdigit() else f'lines {lines}'])}"
        for cell in record.cells:
            told = list(_besides(found, cell, "      ", evidence=cell.backing != listing.whole.backing))
            if told:
                yield f"    - {_field(cell)}"
                yield from told


def _field(cell: Statement) -> str:
    return cell.fact.path.rpartition(".")[2].replace("_", " ")


# --- what tables recommend, and what sections list


def _policy(found: Bundle, policy: Policy) -> Iterator[str]:
    yield from _heading(found, 3, f"Recommended: {policy.table.title}")
    for one in policy.undecided:
        yield f"- If it holds that {prose(one.row.signal)}: **{prose(one.row.default.text)}**"
        yield from _advice(one.row.alternative.text, one.row.tradeoff)
    for number, row in enumerate(policy.rows):
        kind = "Also holds, with lower rank: " if number else "Otherwise: " if policy.undecided else ""
        yield f"- {kind}**{prose(row.row.default.text)}**, because: {prose(row.row.signal)}"
        yield from (f"  - {_inline(bundle_words.look(found, one))}" for one in row.because)
        yield from _advice(row.row.alternative.text, row.row.tradeoff)
    if not policy.rows:
        yield f"- {'Otherwise nothing' if policy.undecided else 'Nothing'}: no row holds."
    yield f"- Declared: {_inline(bundle_words.declared(found, policy))}"
    if policy in found.deviations:
        yield f"- **deviation** {_inline(bundle_words.rationale(found, policy))}"


def _advice(alternative: str, tradeoff: str) -> Iterator[str]:
    yield f"  - Alternative: {prose(alternative)}"
    yield f"  - Tradeoff: {prose(tradeoff)}"


def _shown(found: Bundle, one: Shown) -> Iterator[str]:
    yield from _heading(found, 3, _capital(one))
    yield from list(_SHOWN[one](found)) or [f"No {one.removesuffix('s')}."]
    if one == "waivers" and (idle := list(bundle_words.idle_waivers(found))):
        yield from ("", *(f"- {_inline(line)}" for line in idle))


def _assumptions(found: Bundle) -> Iterator[str]:
    for one in found.verdict.assumptions:
        known = found.verdict.pack.facts[one.fact]
        value = bundle_words.listed(found, one) or _code(one.value)
        yield f"- {prose(_capital(known.means))} (`{one.fact}`, {_code(bundle_words.spot(found, one.place))}): {value}"
        yield f"  - assumed by {_code(one.owner)}, because: {_code(one.reason)}"


def _waivers(found: Bundle) -> Iterator[str]:
    for criterion, one in bundle_words.waivers(found):
        place = _code(bundle_words.waiver_spot(found, one))
        yield f"- {prose(criterion)} ({place})"
        yield f"  - waived by {_code(one.approver)} until {_code(one.expires)}, because: {_code(one.reason)}"


def _deviations(found: Bundle) -> Iterator[str]:
    for policy in found.deviations:
        lead = next(row for row in policy.rows if row.deviates)
        yield f"- {prose(policy.table.title)}: {prose(lead.row.default.text)} is recommended"
        yield f"  - declared: {_inline(bundle_words.declared(found, policy))}"
        yield f"  - rationale: {_inline(bundle_words.rationale(found, policy))}"


_SHOWN = {"assumptions": _assumptions, "waivers": _waivers, "deviations": _deviations}


# --- evidence and signatures


def _evidence(found: Bundle) -> Iterator[str]:
    if found.backings:
        yield from _heading(found, 2, "Evidence")
    for one in found.backings:
        why = f": {prose(one.why)}" if one.why else ""
        yield f"- **E{one.number}** {_code(one.evidence.url or one.evidence.path)}: {one.evidence.date or 'no date'}, " + (
            f"{_code(one.evidence.digest) if one.evidence.digest else 'no digest'}, {bundle_words.freshness(one)}{why} "
            f"({_code(bundle_words.spot(found, one.evidence.place))})"
        )


def _signatures(found: Bundle) -> Iterator[str]:
    if not found.signers:
        return
    yield from _heading(found, 2, "Signatures")
    yield from (f"For {_code(words.delivery(found.verdict))}, facts `{found.verdict.facts.digest}`:", "")
    for one in found.signers:
        place = _code(bundle_words.spot(found, one.place))
        yield f"- [ ] {_code(one.name)}, {prose(one.fact.means)} (`{one.fact.path}`, {place}), date:"
