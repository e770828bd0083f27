"""Collectors: facts read from where they already live. One file a source.

A **collector** is a plain function that gets a safe view of a folder (`Tree`) and its mapping table (`Source`), and yields
findings, in the order of the files:

    def collect(tree: Tree, table: Source) -> Iterator[Finding]:
        for file in tree.named("dvc.yaml"):
            root = tree.mapping(file)               # nothing where it can't be read: `tree` has noted why
            for name, stage, place in pairs(get(root, "stages")):
                here = At(file, place.line, f"stages.{name}")
                yield Says(here, {"stages.*": name, "stages.*.cmd": text(get(stage, "cmd")) or None})

**What it yields.** `Says`: the source says so plainly. Its keys are fields of the mapping table, never facts; a value is
a text, a number or a list of texts, and `None` where the field is not there. Fields that the table gives to the same list of
records make one record (a record without its label is dropped), so yield one `Says` a record; records of the same name from
other files or collectors are put together. `Shortfall`: something is there and falls short (an image tag in place of a
digest): what, and how to mend it. A shortfall is never a fact as well. *When in doubt, don't say it*: a false fact is
worse than a missing one. A template (`{{ }}`, `${ }`) says nothing.

**What it must not do.** Run, import, unpickle or unpack anything; open a file by another way than `tree` (a database is the
exception: take `tree.real(file)` and mind what is in `mlflow.py`); read a clock or the network; follow a path that a file
names, except to one that `tree.named` lists. Values go on as they are: what does not fit the vocabulary, placeholders
such as `TBD`, contradictions and the digests of evidence are seen to in `collecting.py`, what steers a terminal in `safe.py`.

**Reading.** `tree.named(patterns)` lists the files that `.gitignore` leaves in. `tree.documents(file)` reads YAML (several
documents too), JSON and TOML under the guards of fact files, with places; `tree.mapping(file)` where there is to be one
mapping; `tree.plain_json(file)` a JSON file of up to 8 MB without places; `tree.text(file)`, `tree.read(file)`;
`tree.parse(file, text, "yaml")` a part of a file. `json_files.read(tree, file)` reads what a tool wrote as JSON or as JSON
lines, with places, NaN and all. Where names don't tell the files apart (`*.yaml` that may be Kubernetes),
take `tree.holding("kind:", "*.yaml", "*.yml")`, which looks at the beginning and end of each file once for all, so that a big
repository stays quick and files of others are not reported as unreadable. What a collector itself finds
unreadable it notes with `tree.note(file, why)`. `nodes.py` has small questions to values: `get`, `pairs`, `text`.

**The mapping table** is data: `knowledge/mlops/sources/NAME.yaml` (see `engine/sources.py`): `looks_for`, `holding` for words
that files hold where names don't tell them apart (`tree.of(table)` lists the files of both), and for each field of the source
the fact that it says, with `values` where words become choices and `value` where it is enough that the field is there. A
field may say several facts. `keys` tells records apart where their label does not. It is checked against the vocabulary, and
`docs/reference/sources.md` is made from it.

**To add one**: the module here, its table there, a line in `COLLECTORS`, and `tests/cli/collectors/test_collect_NAME.py`.
**Tests**: artefacts that the real tool wrote wherever it can be installed (the group `collect-test`), compared with what the
tool's own API says of them; small files written in the test for shortfalls, templates and what must not become a fact.
`collected(folder)` in `tests/cli/collectors/conftest.py` gives the answer of the command, and checks on the way that the
file it would write passes `validate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from ...engine.sources import Source
from . import (
    argo,
    backstage,
    croissant,
    cyclonedx,
    dvc,
    environment,
    evidently,
    feast,
    github,
    gx,
    kserve,
    kubernetes,
    mct,
    mlflow,
    modelcard,
    openlineage,
    prometheus,
    slsa,
)
from .found import Finding
from .tree import Tree

Collector = Callable[[Tree, Source], Iterator[Finding]]
COLLECTORS: dict[str, Collector] = {
    "dvc": dvc.collect,
    "environment": environment.collect,
    "github": github.collect,
    "mlflow": mlflow.collect,
    "modelcard": modelcard.collect,
    "mct": mct.collect,
    "cyclonedx": cyclonedx.collect,
    "evidently": evidently.collect,
    "croissant": croissant.collect,
    "openlineage": openlineage.collect,
    "slsa": slsa.collect,
    "prometheus": prometheus.collect,
    "kserve": kserve.collect,
    "argo": argo.collect,
    "kubernetes": kubernetes.collect,
    "backstage": backstage.collect,
    "feast": feast.collect,
    "gx": gx.collect,
}

MAX_FINDINGS = 20_000  # of one collector


def found_by(collector: Collector, tree: Tree, table: Source) -> list[Finding]:
    """What a collector finds in a folder, in its order."""
    found = list(islice(collector(tree, table), MAX_FINDINGS + 1))
    if len(found) > MAX_FINDINGS:
        tree.note(".", f"{table.title} says more than {MAX_FINDINGS} things, and the others were not looked at")
    return found[:MAX_FINDINGS]
