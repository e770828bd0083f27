"""The standards of a pack: clauses and criteria that their mappings name and that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .. import standards
from ..errors import BadPack
from .subject import Finding, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """What is wrong with the files of standards. They decide no verdict, so that loading a pack does not read them."""
    for name in subject.pack.crosswalk:
        try:
            standards.read(Path(subject.written.folders[0]), name, subject.pack)
        except BadPack as error:
            for problem in error.problems:
                subject.texts.setdefault(problem.file, error.text)
                yield Finding(replace(problem, code="bad-crosswalk"), {})
