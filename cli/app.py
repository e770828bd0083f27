"""What all commands share: the application, their options, how input is read, and how an answer or a fault ends."""

from __future__ import annotations

import contextlib
import difflib
import functools
import os
import sys
from collections.abc import Callable, Generator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from . import completion
from .reports import STDOUT, Report, ReportFormat

# The engine is imported where a command needs it, so that --help and --version stay quick.
if TYPE_CHECKING:
    from ..engine.errors import Problem
    from ..engine.facts import Facts
    from ..engine.pack import Pack
    from ..engine.verdict import Verdict
    from ..engine.waivers import Waivers

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

        if not (error.ctx and error.message == error.ctx.get_help()):  # where nothing is asked for, the help is the message
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


class BundleFormat(StrEnum):
    """How to write the delivery bundle."""

    markdown = "markdown"
    html = "html"
    json = "json"
    text = "text"


class Color(StrEnum):
    """Whether text is coloured."""

    auto = "auto"
    always = "always"
    never = "never"


class Syntax(StrEnum):
    """How the input is written."""

    yaml = "yaml"
    json = "json"
    toml = "toml"


File = Annotated[str, typer.Argument(metavar="FILE", help="A fact file (YAML, JSON or TOML), or - for standard input.")]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the answer.")]
ReportFormatOption = Annotated[ReportFormat, typer.Option("--format", "-f", help="How to print the answer.")]
OutputOption = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the answer to a file instead; - prints it.")
]
ReportsOption = Annotated[
    list[str] | None,
    typer.Option("--report", metavar="FORMAT=FILE", help="Write the answer in this format to this file too; as often as wanted."),
]
ColorOption = Annotated[Color, typer.Option("--color", help="Colour in text; auto: on a terminal, or as NO_COLOR and such say.")]


class _ByDefault(str):
    """The pack where no option names one: it may be chosen elsewhere."""

    __slots__ = ()


def _pack(ctx: typer.Context, param: typer.CallbackParam, name: str) -> str:
    source = ctx.get_parameter_source(str(param.name))
    return _ByDefault(name) if source is not None and source.name == "DEFAULT" else name


PackOption = Annotated[
    str,
    typer.Option(
        "--pack",
        metavar="NAME|DIR",
        callback=_pack,
        show_default="that of GATEWRIGHT_PACK or pyproject.toml, else mlops",
        help="The pack to judge by: a shipped one by name, or a folder.",
        autocompletion=completion.packs,
    ),
]
SyntaxOption = Annotated[Syntax | None, typer.Option("--input", help="How the input is written, where its name does not say.")]
NoAssumptions = Annotated[bool, typer.Option("--no-assumptions", help="Assumed values don't count.")]
TodayOption = Annotated[
    str | None, typer.Option("--today", metavar="DATE", help="The day that evidence and waivers are judged by; else today (UTC).")
]
ProjectOption = Annotated[
    str | None,
    typer.Option("--project", metavar="DIR", help="Compare the files named as evidence, in this folder, with their digests."),
]
WaiversOption = Annotated[
    str | None,
    typer.Option("--waivers", metavar="FILE", help="What may fail for a while, why, by whose approval and until when."),
]


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


Answer = str | Callable[[str], str]  # a text, or what gives it in each format


def answering(command: Callable[..., tuple[Answer, int]]) -> Callable[..., None]:
    """Print what the command answers and end with its code; what goes wrong becomes a message and a code, never a traceback.

    `--output`, `--report` and `--color`, where a command has them, are seen to here: the command answers once, and its
    answer is written in each format that is wanted.
    """

    @functools.wraps(command)
    def run(**options: Any) -> None:
        from ..engine.errors import BadPack, CannotJudge, EngineFault

        chosen, color = _format(options), str(options.get("color", "auto"))
        wanted = [Report(chosen, STDOUT)]
        try:
            if "report" in options:
                wanted = _wanted(chosen, options)
            chosen_in = _choose(options)
            answer, code = command(**options)
            texts = [(one, answer if isinstance(answer, str) else answer(one.format)) for one in wanted]
            if chosen_in and "format" in options:
                texts = [(one, text + chosen_in if one.format == "text" else text) for one, text in texts]
        except CannotJudge as error:
            about_facts = not isinstance(error, BadPack) and error.problems[0].code != "usage"
            named = str(options.get("file") or "") if about_facts else ""  # nothing is wrong with the fact file
            named = error.file or named
            _say_why_not(wanted, "<stdin>" if named == "-" else named, error.text, error.problems, color)
            raise typer.Exit(CANNOT_JUDGE) from None
        except EngineFault as error:
            from . import safe

            sys.stderr.write(
                f"gatewright: a fault of our own, so nothing is judged: {safe.terminal(str(error))}\n"
                "Please report it with the fact file, as far as you can share it.\n"
            )
            _tell_files_of_fault(wanted)
            raise typer.Exit(OUR_FAULT) from None
        except Exception as error:
            if os.environ.get("GATEWRIGHT_DEBUG"):
                raise
            from . import safe

            sys.stderr.write(
                f"gatewright: a fault of our own, so nothing is judged: {type(error).__name__}: "
                f"{safe.terminal(str(error))[:300]}\nSet GATEWRIGHT_DEBUG=1 for the details, and please report it.\n"
            )
            _tell_files_of_fault(wanted)
            raise typer.Exit(OUR_FAULT) from None
        if not _write(texts):
            raise typer.Exit(CANNOT_JUDGE)
        for one, text in texts:
            if one.file == STDOUT and "color" in options:
                present(sys.stdout, text, one.format, color)
            elif one.file == STDOUT:  # what others print may be meant to be copied
                show(sys.stdout, text)
        raise typer.Exit(code)

    return run


def _format(options: dict[str, Any]) -> str:
    """The format asked for, or that of the file that the answer goes to."""
    from . import reports

    return str(options.get("format", "text") or reports.format_of(options.get("output") or ""))


def _choose(options: dict[str, Any]) -> str:
    """Put in place of the default the pack that is chosen elsewhere; where that was, in a line."""
    if not isinstance(options.get("pack"), _ByDefault):
        return ""
    from . import choice, safe

    found = choice.choice()
    options["pack"] = found.pack
    return f"The pack {safe.terminal(found.pack)} was chosen {safe.terminal(found.where)}\n" if found.where else ""


def _wanted(format: str, options: dict[str, Any]) -> list[Report]:
    from . import reports

    inputs = [*options.get("files", ()), options.get("file"), options.get("waivers")]
    chosen: StrEnum = options["format"] or BundleFormat(format)
    names = [name for name in inputs if name]
    return reports.wanted(format, options.get("output"), options["report"] or (), names, [str(one) for one in type(chosen)])


def _write(texts: Sequence[tuple[Report, str]]) -> bool:
    """Write the files, and say which can't be."""
    from ..engine.errors import CannotJudge
    from . import reports

    try:
        for one, text in texts:
            if one.file != STDOUT:
                reports.write(one.file, text)
    except CannotJudge as error:
        _say_why_not([], "", "", error.problems, "auto")
        return False
    return True


def show(stream: Any, text: str) -> None:
    """Write text in UTF-8 where the stream can, with escapes where it can't."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def present(stream: Any, text: str, format: str, color: str) -> None:
    """Write an answer; text as a person at a terminal reads it best."""
    if format == "text" and (color != "auto" or stream.isatty() or _FORCED & os.environ.keys()):
        from . import terminal

        text = terminal.dress(text, stream, color)
    show(stream, text)


_FORCED = {"FORCE_COLOR", "CLICOLOR_FORCE"}


def _say_why_not(wanted: Sequence[Report], file: str, source: str, problems: tuple[Problem, ...], color: str) -> None:
    from .renderers import render

    texts = [(one, render("problems", one.format, file, source, problems)) for one in wanted]
    printed = {one.format: text for one, text in texts if one.file == STDOUT}
    # A program that asked for a format reads it from standard output; a person looks at standard error.
    for_programs = [printed[name] for name in ReportFormat if name in printed and name != "text"]
    for text in for_programs:
        show(sys.stdout, text)
    if "text" in printed or not for_programs:
        present(sys.stderr, render("problems", "text", file, source, problems), "text", color)
    _write(texts)


def _tell_files_of_fault(wanted: Sequence[Report]) -> None:
    """No report of an earlier run is to be taken for one of this."""
    from ..engine.errors import Problem
    from .renderers import render

    fault = Problem("fault", "a fault of Gatewright's own, so nothing is judged", help="see standard error, and report it")
    with contextlib.suppress(Exception):
        _write([(one, render("problems", one.format, "", "", (fault,))) for one in wanted if one.file != STDOUT])


def read(
    file: str, pack: str, syntax: Syntax | None, no_assumptions: bool, today: str | None = None, project: str | None = None
) -> tuple[Facts, str, Pack]:
    """The facts of a file, its text, and the pack. Raises CannotJudge."""
    from . import inputs

    chosen, day = inputs.read_pack(pack), inputs.today(today, project)
    doc = inputs.read_file(file, str(syntax) if syntax else None)
    return inputs.read_facts(doc, chosen, assumptions=not no_assumptions, today=day), doc.text, chosen


def judge(
    file: str,
    pack: str,
    syntax: Syntax | None,
    no_assumptions: bool,
    today: str | None = None,
    project: str | None = None,
    waivers: str | None = None,
) -> tuple[Verdict, str]:
    """The verdict on a file, and its text. Raises CannotJudge and EngineFault."""
    from ..engine.evaluate import evaluate

    found, source, chosen = read(file, pack, syntax, no_assumptions, today, project)
    return evaluate(found, chosen, read_waivers(waivers, file, found, chosen)), source


def read_waivers(name: str | None, file: str, facts: Facts, pack: Pack) -> Waivers:
    """The waivers in a file, as they count for `facts` of the fact file `file`. Raises CannotJudge."""
    from ..engine import waivers
    from . import inputs

    return waivers.read(inputs.read_waivers(name, file), facts, pack)


def one_of(kind: str, name: str, names: list[str]) -> None:
    """End with a usage error where `name` is none of `names`."""
    if name not in names:
        from ..engine.errors import CannotJudge, Problem

        close = difflib.get_close_matches(name, names, n=1)
        mend = f"did you mean `{close[0]}`?" if close else f"choose from: {', '.join(names)}"
        raise CannotJudge([Problem("usage", f"no {kind} is called `{name}`", help=mend)])


def gate_named(pack: Pack, name: str) -> str:
    """The id of the gate with this id or number."""
    found = pack.find_gate(name)
    one_of("gate", found.id if found else name, list(pack.order))
    return found.id if found else name


def with_problems(text: str, format: str, verdict: Verdict, source: str) -> str:
    """Text answers carry the problems of the file behind them; JSON answers have them inside."""
    problems = verdict.facts.problems
    if format != "text" or not problems:
        return text
    from .renderers import render

    return f"{text}\n{render('problems', 'text', verdict.facts.file, source, problems)}"
