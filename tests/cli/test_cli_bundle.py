"""The delivery bundle: whole, in order, nothing added, refused while gates are blocked, and a draft on request."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import bundles
import pytest
from gatewright.cli import safe
from gatewright.cli.inputs import read_pack
from test_cli_html import assert_accessible
from test_cli_safe_output import INJECTIONS, all_at_once, as_key, as_value

PASSING = ("credit-default", "ticket-routing")
FORMATS = ("markdown", "html", "json")
SECTIONS = (
    "Model goals, scope and constraints",
    "Assumptions and context",
    "Data/feature lineage and versioning model",
    "Training and evaluation pipeline design",
    "Registry and promotion governance",
    "Serving rollout and rollback policy",
    "Drift monitoring and retraining strategy",
    "Reproducibility and governance controls",
    "Operations ownership and incident readiness",
    "Residual risks and follow-up actions",
)
DAY = ("--today", "2026-11-01")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("example", PASSING)
def test_it_states_every_fact_of_the_file_and_nothing_else(example: str, format: str, examples: Path, run: Any) -> None:
    file = examples / f"{example}.yaml"
    ended = run("bundle", file, "--format", format, *DAY)
    assert ended.code == 0
    assert bundles.READ[format](ended.out) == bundles.of_file(file.read_text("utf-8"))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("example", ["made-with-ml", "demand-forecast"])
def test_a_draft_states_every_fact_too(example: str, format: str, examples: Path, run: Any) -> None:
    file = examples / f"{example}.yaml"
    ended = run("bundle", file, "--draft", "--format", format, *DAY)
    assert ended.code == 1
    assert bundles.READ[format](ended.out) == bundles.of_file(file.read_text("utf-8"))


def quoted(format: str, answer: str) -> set[str]:
    """Everything that a document gives as a text of the file, of a pack, or as a name."""
    if format == "markdown":
        return {one.content for one in bundles.markdown(answer).walk() if one.type == "code_inline"}
    return {"".join(one.itertext()) for one in bundles.page(answer).iter() if one.tag in ("q", "code")}


@pytest.mark.parametrize("format", ["markdown", "html"])
@pytest.mark.parametrize("example", PASSING)
def test_what_it_quotes_stands_in_the_file_or_in_the_pack(example: str, format: str, examples: Path, run: Any) -> None:
    file = examples / f"{example}.yaml"
    pack = read_pack("mlops")
    words = " ".join(json.dumps(pack.model_dump(), default=str).split())
    stated = {value for _, value in bundles.of_file(file.read_text("utf-8"))}
    source = " ".join(file.read_text("utf-8").split())
    answer = run("bundle", file, "--format", format, *DAY).out
    named = re.compile(rf"{example}\.yaml:\d+|sha256:[0-9a-f]{{64}}|{re.escape(str(file))}|{example} [\d.]+")
    strange = {
        one for one in quoted(format, answer) if not (one in stated or one in source or one in words or named.fullmatch(one))
    }
    assert not strange - set(pack.facts)


def headings(format: str, answer: str) -> list[str]:
    if format == "json":
        return [f"{one['number']}. {one['title']}" for one in json.loads(answer)["sections"]]
    if format == "html":
        return ["".join(one.itertext()) for one in bundles.page(answer).iter("h2")]
    return re.findall("^## (.+)$", answer, re.MULTILINE)


@pytest.mark.parametrize("format", FORMATS)
def test_its_ten_sections_stand_in_their_order(format: str, examples: Path, run: Any) -> None:
    found = headings(format, run("bundle", examples / "ticket-routing.yaml", "--format", format).out)
    assert [one for one in found if one[0].isdigit()] == [f"{number}. {title}" for number, title in enumerate(SECTIONS, 1)]


@pytest.mark.parametrize("format", FORMATS)
def test_it_gives_the_digests_the_verdict_the_assumption_and_who_signs(format: str, examples: Path, run: Any) -> None:
    file = examples / "ticket-routing.yaml"
    verdict = run("check", file, "--format", "json").json
    answer = run("bundle", file, "--format", format).out
    assert verdict["facts"]["digest"] in answer
    assert verdict["pack"]["digest"] in answer
    assert "passed" in answer.lower()
    (assumption,) = verdict["assumptions"]
    assert all(
        assumption[key].replace("<=", "&lt;=" if format == "html" else "<=") in answer for key in ("value", "owner", "reason")
    )
    assert "ml@shop.example" in answer[answer.lower().rindex("signatures") :]


@pytest.mark.parametrize("format", FORMATS)
def test_a_deviation_is_told_with_its_rationale_and_what_else_could_be_chosen(
    format: str, passing: dict[str, Any], write: Any, run: Any
) -> None:
    passing["registry"]["promotion"] |= {"policy": "auto-promote", "rationale": "asked for by the board"}
    ended = run("bundle", write("a.json", passing), "--format", format)
    assert ended.code == 0
    row = next(table for table in read_pack("mlops").tables if table.id == "promotion-policy").ranked
    leading = next(one for one in row if one.id == "high-risk")
    told = html.unescape(re.sub("<[^>]*>", "", ended.out)) if format == "html" else ended.out
    for said in ("asked for by the board", "auto-promote", leading.default.text, leading.alternative.text, leading.tradeoff):
        assert said in told
    assert "1 deviation" in told or json.loads(ended.out)["sections"][-1]["deviations"]


@pytest.mark.parametrize("format", FORMATS)
def test_evidence_stands_beside_its_fact_with_the_day_on_which_it_ends(
    format: str, passing: dict[str, Any], write: Any, run: Any
) -> None:
    shown = {"path": "reports/risk.json", "date": "2026-10-01", "digest": "sha256:" + "a" * 64}
    passing["use_case"]["risk"]["impact"] = {"value": "high", "evidence": shown}
    ended = run("bundle", write("a.json", passing), "--format", format, *DAY)
    assert ended.code == 0
    for said in (*shown.values(), "E1", "2027-10-02"):
        assert said in ended.out
    stale = run("bundle", "a.json", "--format", format, "--draft", "--today", "2028-01-01")
    assert stale.code == 1
    assert "stale since 2027-10-03" in stale.out


# --- refused, and as a draft


@pytest.mark.parametrize("format", [*FORMATS, "text"])
@pytest.mark.parametrize(
    "lacking", ["serving.budgets.cost", "bundle.risks"], ids=["gate 5 is blocked", "only the checks of the last gate fail"]
)
def test_it_is_refused_with_the_reasons_while_anything_fails(
    lacking: str, format: str, passing: dict[str, Any], write: Any, run: Any
) -> None:
    *above, last = lacking.split(".")
    level = passing
    for part in above:
        level = level[part]
    del level[last]
    ended = run("bundle", write("a.json", passing), "--format", format)
    assert ended.code == 1
    assert "No bundle" in ended.out
    assert lacking in ended.out
    assert "--draft" in ended.out
    if format == "json":
        assert ended.json["bundle"] == "refused"
        assert "sections" not in ended.json
    else:
        assert SECTIONS[0] not in ended.out


def test_it_is_refused_while_the_file_has_problems(passing: dict[str, Any], write: Any, run: Any) -> None:
    ended = run("bundle", write("a.json", passing | {"colour": "red"}))
    assert (ended.code, "no fact is called" in ended.out) == (1, True)


def test_it_is_refused_where_assumptions_do_not_count(examples: Path, run: Any) -> None:
    file = examples / "ticket-routing.yaml"
    assert run("bundle", file).code == 0
    assert run("bundle", file, "--no-assumptions").code == 1


def test_a_refusal_goes_into_the_file_and_is_told_on_the_screen(
    passing: dict[str, Any], write: Any, run: Any, here: Path
) -> None:
    del passing["operations"]["runbook"]
    (here / "bundle.html").write_text("the bundle of an earlier run")
    ended = run("bundle", write("a.json", passing), "--format", "html", "--output", "bundle.html")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("No bundle")
    page = (here / "bundle.html").read_text()
    assert "No bundle" in page
    assert_accessible(bundles.page(page))


@pytest.mark.parametrize("format", FORMATS)
def test_a_draft_marks_each_section_and_each_gap(format: str, examples: Path, run: Any) -> None:
    file = examples / "made-with-ml.yaml"
    missing = run("check", file, "--format", "json").json["missing"]
    ended = run("bundle", file, "--draft", "--format", format)
    assert ended.code == 1
    if format == "json":
        sections = ended.json["sections"]
        assert all(one["draft"] for one in sections)
        facts = [fact for one in sections for part in one["parts"] for fact in part["facts"]]
        every = [*facts, *(cell for fact in facts for record in fact.get("records", ()) for cell in record["fields"])]
        gaps = [(gap["fact"], gap["criterion"], gap["line"]) for fact in every for gap in fact["gaps"]]
        assert sorted(gaps) == sorted((one["fact"], one["criterion"], one["line"]) for one in missing)
    else:
        assert all("DRAFT" in one for one in headings(format, ended.out) if one[0].isdigit() or one.startswith("DRAFT"))
        assert sum(title in one for one in headings(format, ended.out) for title in SECTIONS) == len(SECTIONS)
        assert len(re.findall(r"\*\*GAP\*\*|>GAP</span>", ended.out)) == len(missing)


@pytest.mark.parametrize("format", FORMATS)
def test_no_bundle_that_is_final_says_draft(format: str, examples: Path, run: Any) -> None:
    answer = run("bundle", examples / "credit-default.yaml", "--format", format).out
    assert "DRAFT" not in answer.replace('content: "DRAFT"', "")
    assert '"draft": true' not in answer


def test_a_draft_of_what_passes_is_a_draft_all_the_same(examples: Path, run: Any) -> None:
    ended = run("bundle", examples / "credit-default.yaml", "--draft")
    assert ended.code == 0
    assert ended.out.count("DRAFT: ") == len(headings("markdown", ended.out)) + 1


# --- formats and files


@pytest.mark.parametrize("format", FORMATS)
def test_two_runs_give_the_same_bytes(format: str, examples: Path, run: Any) -> None:
    file = examples / "credit-default.yaml"
    assert run("bundle", file, "--format", format, *DAY).out == run("bundle", file, "--format", format, *DAY).out


def test_all_formats_are_written_in_one_run(passing: dict[str, Any], write: Any, run: Any, here: Path) -> None:
    file = write("a.json", passing)
    ended = run(
        "bundle", file, *DAY, "--format", "markdown", "--output", "b.md", "--report", "html=b.html", "--report", "json=b.json"
    )
    assert (ended.code, ended.both) == (0, "")
    for name, one in (("b.md", "markdown"), ("b.html", "html"), ("b.json", "json")):
        assert (here / name).read_text("utf-8") == run("bundle", file, *DAY, "--format", one).out
    assert run("bundle", file, *DAY, "--format", "text").out == (here / "b.md").read_text("utf-8")


@pytest.mark.parametrize(("name", "format"), [("b.md", "markdown"), ("b.HTML", "html"), ("b.json", "json"), ("b", "text")])
def test_the_name_of_the_file_chooses_the_format(
    name: str, format: str, passing: dict[str, Any], write: Any, run: Any, here: Path
) -> None:
    file = write("a.json", passing)
    assert run("bundle", file, *DAY, "--output", name).code == 0
    assert (here / name).read_text("utf-8") == run("bundle", file, *DAY, "--format", format).out


def test_a_format_that_there_is_none_of_is_told(passing: dict[str, Any], write: Any, run: Any) -> None:
    ended = run("bundle", write("a.json", passing), "--report", "sarif=b.sarif")
    assert ended.code == 2
    assert "markdown, html, json, text" in ended.err


def test_the_page_fetches_and_runs_nothing_and_its_links_lead_into_itself(examples: Path, run: Any) -> None:
    tree = bundles.page(run("bundle", examples / "credit-default.yaml", "--format", "html").out)
    assert_accessible(tree)
    ids = {one.get("id") for one in tree.iter()}
    for element in tree.iter():
        assert element.tag not in ("script", "link", "img", "iframe", "object", "base", "form")
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in ("src", "srcset", "action", "data")
            assert name != "href" or value.removeprefix("#") in ids


# --- hostile texts


def as_shown(text: str, format: str) -> str:
    """A text of a file as a document shows it: what steers, and what is no character, is written as an escape."""
    text = " ".join(text.split())
    if format == "json":
        return text
    return html.unescape(safe.markup(text)) if format == "html" else " ".join(safe.terminal(text).split())


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_values_stay_texts_in_every_section(
    format: str, passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any
) -> None:
    ended = run("bundle", write("a.json", all_at_once(as_value, passing)), "--draft", "--format", format)
    assert ended.code == 1
    assert_harmless(ended.out)
    stated = bundles.READ[format](ended.out)
    for path in ("use_case.users", "serving.rollout.steps[].name", "retraining.drift.observed[].window"):
        told = {value for name, value in stated if name == path}
        assert told == {as_shown(text, format) for text in INJECTIONS.values()}


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_keys_and_wrong_values_steer_nothing(
    format: str, passing: dict[str, Any], write: Any, run: Any, assert_harmless: Any
) -> None:
    ended = run("bundle", write("a.json", all_at_once(as_key, passing)), "--draft", "--format", format)
    assert ended.code == 1
    assert_harmless(ended.out)
    if format == "html":
        tags = {one.tag for one in bundles.page(ended.out).iter()}
        assert not tags & {"script", "img", "iframe"}
    if format == "markdown":
        kinds = {one.type for one in bundles.markdown(ended.out).walk()}
        assert not kinds & {"link", "image", "html_inline", "html_block", "table"}


# --- waivers


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_waived_is_shown_as_waived_with_who_why_and_until_when(
    format: str, passing: dict[str, Any], write: Any, run: Any
) -> None:
    del passing["operations"]["runbook"]
    good = {"criterion": "operational-ownership", "reason": "written in May", "approver": "cro@bank.example"}
    late = good | {"reason": "is over", "expires": "2026-10-31"}
    waivers = write("waivers.json", {"waivers": [good | {"expires": "2026-12-31"}, late]})
    file = write("a.json", passing)
    assert run("bundle", file, *DAY).code == 1
    ended = run("bundle", file, *DAY, "--waivers", waivers, "--format", format)
    assert ended.code == 0
    for said in ("cro@bank.example", "written in May", "2026-12-31", "waivers.json"):
        assert said in ended.out
    assert "by waiver alone" in ended.out or ended.json["sections"][-1]["waivers"][0]["criterion"] == "operational-ownership"
    assert "counts for nothing" in ended.out or ended.json["waivers"][1]["status"] == "void"
    assert run("bundle", file, "--today", "2027-01-01", "--waivers", waivers, "--format", format).code == 1


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_waivers_and_packs_stay_texts(
    format: str, passing: dict[str, Any], write: Any, run: Any, here: Path, assert_harmless: Any
) -> None:
    del passing["operations"]["runbook"]
    texts = [text for text in INJECTIONS.values() if text.isprintable() and len(text) < 200]
    given = {"criterion": "operational-ownership", "expires": "2026-12-31"}
    waivers = write("waivers.json", {"waivers": [given | {"reason": text, "approver": f"cro {text}"} for text in texts]})
    (here / "own").mkdir()
    departure = {"drop": "criterion rollback-triggers", "because": " and ".join(texts)}
    pack = {"id": "own", "version": "1", "title": "Own", "source": "us", "extends": "mlops", "departures": [departure]}
    (here / "own" / "pack.yaml").write_text(json.dumps(pack))
    ended = run("bundle", write("a.json", passing), *DAY, "--waivers", waivers, "--pack", "own", "--format", format)
    assert ended.code == 0, ended.both
    assert "criterion rollback-triggers is dropped" in html.unescape(ended.out.replace("`", ""))
    assert_harmless(ended.out)
    if format == "json":
        assert [one["reason"] for one in ended.json["sections"][-1]["waivers"]] == [" ".join(one.split()) for one in texts]
    elif format == "html":
        shown = {"".join(one.itertext()) for one in bundles.page(ended.out).iter("td")}
        assert {as_shown(text, format) for text in texts} <= shown
    else:
        tree = bundles.markdown(ended.out)
        assert not {one.type for one in tree.walk()} & {"link", "image", "html_inline", "html_block", "table"}
        assert {as_shown(text, format) for text in texts} <= {one.content for one in tree.walk() if one.type == "code_inline"}


# --- another pack


@pytest.mark.parametrize("format", FORMATS)
def test_a_pack_of_other_gates_has_its_facts_and_what_its_tables_say_in_the_bundle(format: str, write: Any, run: Any) -> None:
    pack = Path(__file__).parents[1] / "knowledge" / "defects" / "over"
    delivery = {"customs": {"cargo": "wine", "hours": 12, "sealed": "2026-05-01", "officer": "rui"}}
    ended = run("bundle", write("a.json", delivery), "--pack", pack, "--draft", "--format", format)
    assert ended.code == 1
    assert bundles.READ[format](ended.out) == bundles.of_file(json.dumps(delivery))
    assert "Who looks at the cargo" in ended.out
