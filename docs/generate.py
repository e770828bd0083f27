"""Writes the reference pages from the pack, and the terminal sessions in README and docs from real runs.

`python docs/generate.py` writes them; with `--check` it only says which are not as the code makes them.
A session is a fenced block of the kind `console`: each line that begins with `$ ` is run from the top
folder of the project, and what it prints is put below it. A page with `<!-- set up: COMMAND -->` has a folder
of its own: the command is run there, with the project's top folder as $PROJECT, and then its sessions.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from gatewright.cli import inputs
from gatewright.cli.collectors import COLLECTORS
from gatewright.engine import crosswalk, sources, standards, wording
from gatewright.engine.pack import Pack
from gatewright.engine.pack_conditions import Statement
from gatewright.engine.vocabulary import FactDef

ROOT = Path(__file__).parent.parent
SESSION = re.compile(r"(?m)^```console\n(.*?)^```$", re.DOTALL)
LIMIT = re.compile(r"`([a-z0-9-]+)`")
SET_UP = re.compile(r"<!-- set up: (.*?) -->", re.DOTALL)


def cell(value: object) -> str:
    """A text for a table cell."""
    return str(value).replace("|", "\\|").replace("\n", " ")


def shown(value: object) -> str:
    """An example as code."""
    if isinstance(value, (list, tuple)):
        value = (
            "["
            + ", ".join(
                f"{{{', '.join(f'{k}: {v}' for k, v in one.items())}}}" if isinstance(one, dict) else str(one) for one in value
            )
            + "]"
        )
    return f"`{cell(value)}`"


def facts_page(pack: Pack) -> str:
    """Every fact of the vocabulary."""
    lines = [
        "# Facts",
        "",
        f"The {sum(len(s.facts) for s in pack.sections)} facts of the pack `{pack.id}`, in the order of the "
        "gates. A fact of the type *records* is a list of short records with the fields below it. "
        "Facts marked *optional* are needed only in some situations; each other one is needed by a gate.",
        "",
    ]
    for section in pack.sections:
        lines += [
            f"## {section.title}",
            "",
            f"Section `{section.id}`, gate [{section.gate}](gates.md#{section.gate}).",
            "",
            "| fact | type | what it says | example |",
            "| --- | --- | --- | --- |",
        ]
        for path, fact in section.facts.items():
            lines.append(fact_row(path, fact))
            lines += [fact_row(f"{path}[].{name}", inner) for name, inner in fact.fields.items()]
        lines.append("")
    return "\n".join(lines)


def fact_row(path: str, fact: FactDef) -> str:
    """One fact as a row."""
    kind = fact.type
    if fact.choices:
        kind += ": " + ", ".join(f"`{choice}`" for choice in fact.choices)
    if fact.to:
        kind += f" to `{fact.to}`"
    if fact.unit:
        kind += f" ({fact.unit})"
    if fact.optional:
        kind += ", *optional*"
    example = "" if fact.fields and fact.example is None else shown(fact.example)
    return f"| `{path}` | {cell(kind)} | {cell(fact.means)}. *{cell(fact.ask)}* | {example} |"


def gates_page(pack: Pack) -> str:
    """Every gate with its criteria and what each asks for."""
    lines = [
        "# Gates",
        "",
        f"The {len(pack.gates)} gates of the pack `{pack.id}`, with their {len(pack.criteria)} exit criteria. "
        f"Source: {pack.source}.",
        "",
    ]
    for gate in pack.gates:
        needs = ", ".join(f"[{needed}](#{needed})" for needed in gate.needs) or "nothing before it"
        lines += [f'<a id="{gate.id}"></a>', "", f"## {gate.stage}. {gate.title}", "", f"`{gate.id}` needs {needs}.", ""]
        for kind, criteria in (("Entry", (gate.entry,)), ("Exit", gate.exit)):
            for criterion in criteria:
                lines += [f"### {kind}: {criterion.text}", "", f"`{criterion.id}`. {criterion.mend}", ""]
                asked = conditions(pack, criterion)
                lines += [*asked, ""] if asked else []
    return "\n".join(lines)


def conditions(pack: Pack, asked: Statement) -> list[str]:
    """What a statement asks, as a list in words; limits lead to their line."""
    lines = [f"{'  ' * depth}- {cell(text)}" for depth, text in wording.lines(asked, pack.limits)]
    return [LIMIT.sub(lambda found: linked(found, pack), line) for line in lines]


def linked(found: re.Match[str], pack: Pack) -> str:
    """A name in code, as a link where it is that of a limit."""
    return f"[{found[0]}](tables.md#{found[1]})" if found[1] in pack.limits else found[0]


def tables_page(pack: Pack) -> str:
    """Decision tables, signals, checklists, anti-patterns and limits."""
    lines = ["# Decision tables, signals and limits", ""]
    for table in pack.tables:
        lines += [
            f"## {table.title}",
            "",
            f"`{table.id}`. Declared in `{table.declared}`; a rationale goes into `{table.rationale}`. "
            f"Where more than one row holds, they rank: {', '.join(f'`{row}`' for row in table.priority)}.",
            "",
            "| row | Signal | Default choice | Alternative | Tradeoff focus |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| `{r.id}` | {r.signal} | {r.default.text} (`{r.default.choice}`) | {r.alternative.text} "
            f"(`{r.alternative.choice}`) | {r.tradeoff} |"
            for r in table.rows
        ]
        lines.append("")
    lines += ["## Signals", "", "What the rows of the tables, and some criteria, stand on.", ""]
    for signal in pack.signals:
        lines += [f"### {signal.title}", "", f"`{signal.id}`", "", *conditions(pack, signal), ""]
    lines += [
        "## Limits",
        "",
        "Every number that a condition compares with.",
        "",
        "| limit | value | unit | meaning | source |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f'| <a id="{name}"></a>`{name}` | {wording.number(limit.value)} | {cell(limit.unit)} '
        f"| {cell(limit.means)} | {cell(limit.source)} |"
        for name, limit in pack.limits.items()
    ]
    lines += ["", "## Anti-patterns", "", "Any one of them blocks the last gate.", ""]
    for pattern in pack.antipatterns:
        lines += [f"### {pattern.text}", "", f"`{pattern.id}`. {pattern.mend}", "", *conditions(pack, pattern), ""]
    for checklist in pack.checklists:
        lines += [f"## {checklist.title}", "", f"`{checklist.id}`: every item has to hold.", ""]
        for number, item in enumerate(checklist.items, 1):
            asked = conditions(pack, item)
            asked += [f"- it states {', '.join(f'`{one}`' for one in item.facts)}"] if item.facts else []
            lines.append(f"{number}. **{item.text}** (`{item.id}`)")
            lines += [f"{' ' * len(f'{number}. ')}{line}" for line in asked]
        lines.append("")
    return "\n".join(lines) + "\n"


CROSSWALK = """\
# Crosswalk to other standards

What the exit criteria of the pack `{pack}` say towards the clauses of {count} standards of others. `gatewright check FILE
--crosswalk STANDARD` shows it beside a verdict, which it never changes.

{judgement}

Each clause is *met* where every criterion that speaks to it holds, *partly* where some do, *not met* where none does and one is
contradicted by what is stated. It has *no evidence* where what these criteria ask for is not stated, or no criterion of this pack
speaks to it. *met (low)* is met by criteria of low confidence alone.

| confidence | what it says |
| --- | --- |
| high | what the criterion asks for is most of what the clause asks for |
| medium | it is a part of it |
| low | it helps, and the clause asks for something else as well |

A standard is a file in the folder `crosswalk` of a pack, listed under `crosswalk` in `pack.yaml`. It lists every clause in the
pack's own words, and for every exit criterion the clauses that it speaks to by confidence, with `because` where that needs a
reason; or, in `none`, why there are none:

```yaml
id: house-rules
title: House rules for models
version: "2026"
source: where its text is
clauses:
  H1: A model has an owner
  H2: A model can be rolled back
criteria:
  scope-objective: {{high: [H1]}}
  rollback-triggers: {{medium: [H2], because: "it says when; how is asked elsewhere"}}
  budgets: {{none: the house rules do not speak of budgets}}
  # ... and so on, for every exit criterion of the pack
```

A clause or criterion that is not there, is there twice or is left out is refused, with its place.
"""


def crosswalk_page(pack: Pack) -> str:
    """Every standard with its clauses and the criteria that speak to each."""
    text = CROSSWALK.format(pack=pack.id, count=len(pack.crosswalk), judgement=crosswalk.JUDGEMENT)
    return "\n".join([text, *(line for name in pack.crosswalk for line in standard_lines(pack, name))])


def standard_lines(pack: Pack, name: str) -> list[str]:
    """One standard as a section."""
    standard = standards.read(inputs.pack_folder(pack.id), name, pack)
    gates = {criterion.id: gate.id for gate in pack.gates for criterion in gate.exit}
    spoken: dict[str, list[str]] = {clause: [] for clause in standard.clauses}
    for criterion in pack.criteria:
        for level, _, clause in standard.criteria[criterion].clauses:
            spoken[clause].append(f"[`{criterion}`](gates.md#{gates[criterion]}) ({level})")
    lines = [f"## {standard.title}", "", f"`{name}`, version: {standard.version}. Source: {standard.source}.", ""]
    lines += [standard.note, ""] if standard.note else []
    lines += ["| clause | in short | exit criteria |", "| --- | --- | --- |"]
    lines += [
        f"| {clause} | {cell(says)} | {', '.join(spoken[clause]) or '*no evidence*'} |"
        for clause, says in standard.clauses.items()
    ]
    why = [(criterion, standard.criteria[criterion].because or standard.criteria[criterion].none) for criterion in pack.criteria]
    return [*lines, "", *(f"- `{criterion}`: {reason}" for criterion, reason in why if reason), ""]


def sources_page(pack: Pack) -> str:
    """Every source that is collected from: its files, and which field says which fact."""
    tables = sources.read(inputs.pack_folder(pack.id), pack, COLLECTORS)
    lines = [
        "# Sources",
        "",
        f"What [`gatewright collect`](../collect.md) reads, and which fact of the pack `{pack.id}` each field says. What is "
        "not in these tables says nothing. They are data, in the folder `sources` of the pack.",
        "",
        "| source | what it is | facts |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| [`{name}`](#{name}) | {cell(table.title)} | {len({one.fact for one in table.fields})} |"
        for name, table in tables.items()
    ]
    for name, table in tables.items():
        lines += ["", f'<a id="{name}"></a>', "", f"## {table.title}", ""]
        words = f" that hold {table.words}" if table.holding else ""
        lines += [f"`{name}` looks for {', '.join(f'`{one}`' for one in table.looks_for)}{words}.", ""]
        lines += ["| field | says | how |", "| --- | --- | --- |"]
        for one in table.fields:
            how = [f"`{one.value}`"] if one.value else []
            how += (
                ["by these words: " + ", ".join(f"`{key}` as `{value}`" for key, value in one.values.items())]
                if one.values
                else []
            )
            how += [f"only where the sources agree on `{one.hangs_on}`"] if one.hangs_on else []
            how += [one.note] if one.note else []
            lines.append(f"| `{cell(one.field)}` | `{one.fact}` | {cell('; '.join(how))} |")
        if table.falls_short:
            lines += ["", "Told as falling short, and never as a fact:", "", *(f"- {one}" for one in table.falls_short)]
    return "\n".join(lines) + "\n"


def sessions(text: str) -> str:
    """`text` with the output of every session as it is now."""
    set_up = SET_UP.search(text)
    if not set_up:
        return SESSION.sub(lambda match: f"```console\n{session(match[1], ROOT)}```", text)
    with tempfile.TemporaryDirectory() as folder:
        run(set_up[1], Path(folder), check=True)
        return SESSION.sub(lambda match: f"```console\n{session(match[1], Path(folder))}```", text)


def session(block: str, folder: Path) -> str:
    """A session run anew."""
    lines: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            lines += [line, *run(line[2:], folder).splitlines()]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def run(command: str, folder: Path, *, check: bool = False) -> str:
    """What a command of one of the project's own pages prints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "LC_ALL": "C.UTF-8", "COLUMNS": "100", "PROJECT": str(ROOT)}
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=check
    )
    return done.stdout + done.stderr


def main() -> int:
    """Write the pages, or with --check compare them."""
    pack = inputs.read_pack("mlops")
    note = "<!-- Generated by docs/generate.py; change the pack, then run `make docs`. -->\n\n"
    pages = {
        ROOT / "docs" / "reference" / f"{name}.md": note + page(pack).rstrip("\n") + "\n"
        for name, page in (
            ("facts", facts_page),
            ("gates", gates_page),
            ("tables", tables_page),
            ("crosswalk", crosswalk_page),
            ("sources", sources_page),
        )
    }
    for file in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]:
        old = file.read_text(encoding="utf-8")
        if SESSION.search(old):
            pages[file] = sessions(old)
    stale = 0
    for file, new in pages.items():
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        if old != new:
            stale += 1
            if "--check" in sys.argv:
                name = str(file.relative_to(ROOT))
                sys.stdout.writelines(
                    difflib.unified_diff(old.splitlines(True), new.splitlines(True), name, f"{name} (as it should be)")
                )
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(new, encoding="utf-8")
                print(f"wrote {file.relative_to(ROOT)}")
    if stale and "--check" in sys.argv:
        print(f"\n{stale} pages are not as the code makes them; run `make docs`")
        return 1
    print(f"{len(pages)} pages checked")
    return 0


if __name__ == "__main__":
    sys.exit(main())
