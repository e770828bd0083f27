"""The commands. Each reads its input, asks the engine, renders the answer and ends with the exit code."""

from __future__ import annotations

import contextlib
import difflib
import functools
import gc
import os
import sys
from collections.abc import Callable, Generator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

# The engine is imported where a command needs it, so that --help and --version stay quick.
if TYPE_CHECKING:
    from ..engine.errors import Problem
    from ..engine.facts import Facts
    from ..engine.pack import Pack
    from ..engine.verdict import Verdict

HOLDS, HOLDS_NOT, CANNOT_JUDGE, OUR_FAULT = 0, 1, 2, 3


class _Group(TyperGroup):
    """The commands. What it says of a wrong use quotes the arguments, so they are made harmless first."""

    def make_context(self, *args: Any, **options: Any) -> Any:
        with _harmless():
            return super().make_context(*args, **options)

    def invoke(self, ctx: Any) -> Any:
        with _harmless():
            return super().invoke(ctx)


@contextlib.contextmanager
def _harmless() -> Generator[None]:
    try:
        yield
    except _UsageError as error:
        from . import safe

        error.message = safe.terminal(error.message)
        raise


# What every error of usage is, in the click that typer uses: its own in newer versions, the installed one in older ones.
_UsageError: Any = typer.BadParameter.__mro__[1]

app = typer.Typer(
    cls=_Group,
    name="gatewright",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Says whether a machine-learning model may be delivered: ten gates, what blocks, what is missing, which policy fits.",
    epilog="Exit codes: 0 it holds, 1 it does not (blocked, invalid), 2 it could not be judged, 3 our own fault. "
    "Nothing but 0 is a pass.",
)


class Format(StrEnum):
    """How to print an answer."""

    text = "text"
    json = "json"


class GraphFormat(StrEnum):
    """How to print a graph."""

    text = "text"
    json = "json"
    mermaid = "mermaid"


class Syntax(StrEnum):
    """How the input is written."""

    yaml = "yaml"
    json = "json"
    toml = "toml"


File = Annotated[str, typer.Argument(metavar="FILE", help="A fact file (YAML, JSON or TOML), or - for standard input.")]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the answer.")]
PackOption = Annotated[str, typer.Option("--pack", help="The pack to judge by: a shipped one by name, or a folder.")]
SyntaxOption = Annotated[Syntax | None, typer.Option("--input", help="How the input is written, where its name does not say.")]
NoAssumptions = Annotated[bool, typer.Option("--no-assumptions", help="Assumed values don't count.")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"gatewright {version('gatewright')}")
        raise typer.Exit


@app.callback()
def gatewright(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """The options that stand before a command."""


def _answering(command: Callable[..., tuple[str, int]]) -> Callable[..., None]:
    """Print what the command answers and end with its code; what goes wrong becomes a message and a code, never a traceback."""

    @functools.wraps(command)
    def run(**options: Any) -> None:
        from ..engine.errors import BadPack, CannotJudge, EngineFault

        chosen = str(options.get("format", "text"))
        try:
            text, code = command(**options)
        except CannotJudge as error:
            about_facts = not isinstance(error, BadPack) and error.problems[0].code != "usage"
            named = str(options.get("file") or "") if about_facts else ""  # nothing is wrong with the fact file
            _say_why_not(chosen, "<stdin>" if named == "-" else named, error.text, error.problems)
            raise typer.Exit(CANNOT_JUDGE) from None
        except EngineFault as error:
            sys.stderr.write(
                f"gatewright: a fault of our own, so nothing is judged: {error}\n"
                "Please report it with the fact file, as far as you can share it.\n"
            )
            raise typer.Exit(OUR_FAULT) from None
        except Exception as error:
            if os.environ.get("GATEWRIGHT_DEBUG"):
                raise
            from . import safe

            sys.stderr.write(
                f"gatewright: a fault of our own, so nothing is judged: {type(error).__name__}: "
                f"{safe.terminal(str(error))[:300]}\nSet GATEWRIGHT_DEBUG=1 for the details, and please report it.\n"
            )
            raise typer.Exit(OUR_FAULT) from None
        _write(sys.stdout, text)
        raise typer.Exit(code)

    return run


def _write(stream: Any, text: str) -> None:
    """Write text in UTF-8 where the stream can, with escapes where it can't."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def _say_why_not(format: str, file: str, source: str, problems: tuple[Problem, ...]) -> None:
    from .renderers import render

    # A program that asked for JSON reads it from standard output; a person looks at standard error.
    _write(sys.stdout if format == "json" else sys.stderr, render("problems", format, file, source, problems))


def _read(file: str, pack: str, syntax: Syntax | None, no_assumptions: bool) -> tuple[Facts, str, Pack]:
    from . import inputs

    chosen = inputs.read_pack(pack)
    doc = inputs.read_file(file, str(syntax) if syntax else None)
    return inputs.read_facts(doc, chosen, assumptions=not no_assumptions), doc.text, chosen


def _judge(file: str, pack: str, syntax: Syntax | None, no_assumptions: bool) -> tuple[Verdict, str]:
    from ..engine.evaluate import evaluate

    found, source, chosen = _read(file, pack, syntax, no_assumptions)
    return evaluate(found, chosen), source


def _one_of(kind: str, name: str, names: list[str]) -> None:
    """End with a usage error where `name` is none of `names`."""
    if name not in names:
        from ..engine.errors import CannotJudge, Problem

        close = difflib.get_close_matches(name, names, n=1)
        mend = f"did you mean `{close[0]}`?" if close else f"choose from: {', '.join(names)}"
        raise CannotJudge([Problem("usage", f"no {kind} is called `{name}`", help=mend)])


def _gate(pack: Pack, name: str) -> str:
    """The id of the gate with this id or number."""
    found = pack.find_gate(name)
    _one_of("gate", found.id if found else name, list(pack.order))
    return found.id if found else name


@app.command(short_help="Write a fact file to begin with.")
@_answering
def init(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="The file to write; it must not exist yet. - prints it.")
    ] = "delivery.yaml",
    gate: Annotated[str | None, typer.Option("--gate", help="Only the facts of one gate, by name or number.")] = None,
    minimal: Annotated[bool, typer.Option("--minimal", help="Without questions and examples.")] = False,
    old: Annotated[str | None, typer.Option("--from", help="Take over what this fact file states.")] = None,
    pack: PackOption = "mlops",
) -> tuple[str, int]:
    """Write a fact file to begin with: every fact with its question, its choices and an example, to be filled in."""
    from . import inputs
    from .starter import SCHEMA, starter

    chosen = inputs.read_pack(pack)
    only = "" if gate is None else _gate(chosen, gate)
    text = starter(chosen, minimal=minimal, gate=only, old=inputs.read_file(old).root if old else None)
    if file == "-":
        return text, HOLDS
    inputs.write_new(file, text)
    return (
        f"Wrote {file}. Fill it in, then run: gatewright check {file}\n"
        f"For completion in your editor: gatewright schema > {SCHEMA}\n"
    ), HOLDS


@app.command(short_help="Print the JSON Schema of fact files, for editors.")
@_answering
def schema(pack: PackOption = "mlops") -> tuple[str, int]:
    """Print the JSON Schema (2020-12) of fact files: completion, hover and checks in an editor."""
    import json

    from ..engine.fact_schema import schema as schema_of
    from . import inputs

    return json.dumps(schema_of(inputs.read_pack(pack)), indent=2) + "\n", HOLDS


@app.command(short_help="Judge a delivery against the ten gates.")
@_answering
def check(
    file: File,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
) -> tuple[str, int]:
    """Judge a delivery: which gates pass, what blocks the next one, what is missing, which policies are recommended."""
    verdict, source = _judge(file, pack, input, no_assumptions)
    from .renderers import render

    return render("check", str(format), verdict, source), HOLDS if verdict.passed else HOLDS_NOT


@app.command(short_help="Find everything that is wrong with fact files.")
@_answering
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Fact files, or - for standard input.")],
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
) -> tuple[str, int]:
    """Find everything that is wrong with fact files: unknown keys, wrong types and choices, references to nothing."""
    from ..engine import facts
    from ..engine.errors import CannotJudge
    from . import inputs
    from .answers import Checked, count_states
    from .renderers import render

    chosen = inputs.read_pack(pack)
    found: list[Checked] = []
    for file in files:
        name = "<stdin>" if file == "-" else file
        try:
            doc = inputs.read_file(file, str(input) if input else None)
        except CannotJudge as error:
            found.append(Checked(name, error.text, error.problems, True, {}))
            continue
        read = facts.read(doc, chosen)
        found.append(Checked(name, doc.text, read.problems, bool(doc.problems), count_states(read)))
    code = HOLDS_NOT if any(one.problems for one in found) else HOLDS
    if any(one.unreadable for one in found):
        code = CANNOT_JUDGE
    return render("validate", str(format), found), code


@app.command(short_help="Ask the decision tables which policy fits.")
@_answering
def recommend(
    file: File,
    table: Annotated[str | None, typer.Argument(metavar="[TABLE]", help="One decision table; without it, all.")] = None,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
) -> tuple[str, int]:
    """Ask the decision tables: which policy fits, why, what the alternative costs.

    Ends with 1 where the file has problems or a declared choice differs from the recommended one without a rationale.
    """
    verdict, source = _judge(file, pack, input, no_assumptions)
    tables = [known.id for known in verdict.pack.tables]
    if table is not None:
        _one_of("decision table", table, tables)
        tables = [table]
    from .renderers import render

    unreasoned = any(r.deviates and not r.rationale for r in verdict.recommendations if r.table.id in tables)
    text = render("recommend", str(format), verdict, tables)
    return _with_problems(text, str(format), verdict, source), HOLDS_NOT if unreasoned or verdict.facts.problems else HOLDS


@app.command(short_help="Tell why a gate is blocked, waits or passed.")
@_answering
def explain(
    file: File,
    gate: Annotated[str, typer.Argument(metavar="GATE", help="A gate by name or number.")],
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
) -> tuple[str, int]:
    """Tell why a gate is blocked, waits or passed: criteria, facts with their places, what is missing and how to mend it.

    Ends with 0 where the gate passed, and with 1 where it did not.
    """
    from ..engine.explain import explain_gate
    from . import inputs
    from .renderers import render

    name = _gate(inputs.read_pack(pack), gate)
    verdict, source = _judge(file, pack, input, no_assumptions)
    text = render("explain", str(format), verdict, explain_gate(verdict, name))
    passed = verdict.gate(name).status == "passed" and not verdict.facts.problems
    return _with_problems(text, str(format), verdict, source), HOLDS if passed else HOLDS_NOT


def _with_problems(text: str, format: str, verdict: Verdict, source: str) -> str:
    """Text answers carry the problems of the file behind them; JSON answers have them inside."""
    problems = verdict.facts.problems
    if format != "text" or not problems:
        return text
    from .renderers import render

    return f"{text}\n{render('problems', 'text', verdict.facts.file, source, problems)}"


@app.command(short_help="Show how the stages depend on each other.")
@_answering
def graph(
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="A fact file, to show the status of each gate.")] = None,
    format: Annotated[GraphFormat, typer.Option("--format", "-f", help="How to print the graph.")] = GraphFormat.text,
    pack: PackOption = "mlops",
    input: SyntaxOption = None,
    no_assumptions: NoAssumptions = False,
) -> tuple[str, int]:
    """Show how the stages depend on each other, and with a fact file where it stands."""
    from ..engine import stages
    from . import inputs
    from .answers import StageGraph
    from .renderers import render

    chosen = inputs.read_pack(pack)
    edges = tuple(stages.shortest(stages.of_pack(chosen)))
    if file is not None:
        verdict, source = _judge(file, pack, input, no_assumptions)
        answer = StageGraph(chosen, edges, verdict)
        text = _with_problems(render("graph", str(format), answer), str(format), verdict, source)
        return text, HOLDS if verdict.passed else HOLDS_NOT
    return render("graph", str(format), StageGraph(chosen, edges, None)), HOLDS


def main() -> None:
    """The command `gatewright`."""
    gc.disable()  # the process ends before collecting cycles would pay: it costs a fifth of the time of `check`
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else pydantic searches every installed package for them
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller, who wants the exit code alone
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
    try:
        app()
    except OSError as error:  # a full disk, say; else Python would try again on its way out, and complain
        sys.stderr.write(f"gatewright: the answer can't be written: {error.strerror}\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(CANNOT_JUDGE)
