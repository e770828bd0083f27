"""The command `pack mutate`."""

from __future__ import annotations

from typing import Annotated

import typer

from ...app import HOLDS, HOLDS_NOT, Format, FormatOption, PackOption

SHORT = "Change a pack in small ways, and see that its cases notice."
_MOST = 20_000  # mutants of one run


def run(
    folder: Annotated[
        str | None, typer.Argument(metavar="DIR", help="The folder of a pack, or the name of a shipped one.")
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Only these: files of the pack (gates/lineage), statements, limits, mutants."),
    ] = None,
    fail_under: Annotated[
        int,
        typer.Option(
            "--fail-under", min=0, max=100, metavar="PERCENT", help="Fail where fewer are killed, proved equal or explained."
        ),
    ] = 100,
    format: FormatOption = Format.text,
    pack: PackOption = "mlops",
) -> tuple[str, int]:
    """Mutation testing of a pack: change one thing at a time (an operator, a limit by one step, a condition, a word, the rank
    of a row) and run the cases. A mutant has to be noticed by a case, refused by the pack's checks, proved to change nothing,
    or explained beside the cases; what survives is told with its place and a case that would kill it. Of a pack that extends
    another one its own parts are changed, and others where they are named.
    """
    from ....engine import case_files, mutation, pack_loader
    from ....engine.errors import BadPack, CannotJudge, Problem
    from ....engine.mutants import Mutant, chosen, mutants
    from ... import inputs
    from ...renderers import render

    place = inputs.pack_folder(folder or pack)
    written = pack_loader.examine(place)
    if written.problems:
        raise BadPack(written.problems)

    def file_of(mutant: Mutant) -> str:
        return written.problem("", mutant.location, "", "").file

    found = mutants(written.pack)
    if not names:  # what packs below say is for their own cases to prove
        found = (one for one in found if written.is_own(file_of(one)))
    picked, strange = chosen(found, names or (), file_of)
    if strange:
        mend = "name a file without its ending (gates/NAME), a statement, a limit or a mutant as `pack mutate` shows it"
        raise CannotJudge([Problem("usage", f"nothing that can be mutated is called `{name}`", help=mend) for name in strange])
    if len(picked) > _MOST:
        what = f"the pack has {len(picked)} mutants, and at most {_MOST} are run at once"
        raise CannotJudge([Problem("usage", what, help="name the files or statements to be mutated")])
    cases = mutation.Cases.of(written.pack, case_files.read(written))
    failing = [
        Problem("case-fails", f"{one.what} should be {one.expected}, and is {one.found}", one.place, file=one.case.file)
        for one in cases.failing()
    ]
    if failing:  # a mutant can't be told by a case that fails without it
        mend = "mend it first: `gatewright pack test` says why"
        raise BadPack([Problem(one.code, one.what, one.place, mend, file=one.file) for one in failing])
    explained = [one for one in case_files.explained(written) if names or written.is_own(one.file)]
    mutated = mutation.run(written, cases, picked, explained, every=not names)
    text = render("pack-mutate", str(format), written, str(place), mutated, fail_under)
    return text, HOLDS_NOT if mutated.percent < fail_under or mutated.stale else HOLDS
