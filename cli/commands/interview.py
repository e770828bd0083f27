"""The command `interview`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..app import HOLDS, PackOption, TodayOption

SHORT = "Answer the questions that unblock most."


def run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The fact file to go on with; it is begun if there is none.")],
    questions: Annotated[int, typer.Option("--questions", min=4, max=8, help="How many questions at the most.")] = 7,
    pack: PackOption = "mlops",
    today: TodayOption = None,
) -> tuple[str, int]:
    """Answer the questions that unblock most, one from each topic, and have the answers written into the fact file.

    Enter declines a question: what can be assumed is then written as an assumption. ? explains more, q ends; what has been
    answered is kept. Comments and the order of the file stay. Answers can be piped in, one a line.
    """
    from .. import inputs
    from ..interviewing import Interview

    return Interview(file, inputs.read_pack(pack), inputs.today(today, None)).hold(questions), HOLDS
