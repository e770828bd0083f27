"""OpenLineage events: which job read which dataset, of which version and owner, and what was checked on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...engine.nodes import Node
from ...engine.sources import Source
from . import json_files
from .found import At, Finding, Says, Shortfall
from .nodes import get, items, text
from .tree import Tree

_COMMIT = re.compile(r"[0-9a-f]{7,40}")
_LAST = re.compile(r"[./:]")
_OWNERS = ("owner", "maintainer", "steward")
_PLACE = ("inputFacets", "facets", "outputFacets")
_ENDED = {"COMPLETE": "complete", "FAIL": "failed", "ABORT": "failed"}
_MOST_TOLD = 10  # assertions that failed, of one dataset
Key = tuple[str, str]  # namespace and name


@dataclass(slots=True)
class _Run:
    """What the events of one run say together; a run without events of its own is the plain statement of a job."""

    job: Key
    at: At
    state: str = "open"
    when: str = ""
    facets: list[Node] = field(default_factory=list[Node])
    inputs: dict[Key, list[tuple[At, Node]]] = field(default_factory=dict[Key, list[tuple[At, Node]]])
    outputs: dict[Key, list[tuple[At, Node]]] = field(default_factory=dict[Key, list[tuple[At, Node]]])


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """Everything that the events say of jobs and of the datasets that no job makes."""
    runs: dict[str, _Run] = {}
    described: dict[Key, list[Node]] = {}
    for file in tree.of(table):
        for root in json_files.read(tree, file, '"inputs"', '"dataset"'):
            for event in items(root) if root.kind == "list" else [root]:
                _take_in(file, event, runs, described)
    yield from _told(list(runs.values()), described, table)


def _take_in(file: str, event: Node, runs: dict[str, _Run], described: dict[Key, list[Node]]) -> None:
    job, dataset, when = _key(get(event, "job")), get(event, "dataset"), text(get(event, "eventTime"))
    if not when:
        return
    if dataset is not None and job is None:  # of a dataset by itself
        key = _key(dataset)
        if key:
            described.setdefault(key, []).append(dataset)
    elif job is not None:
        at = At(file, event.place.line, f"job {job[1]}")
        number = text(get(event, "run", "runId"))
        run = runs.setdefault(number or f"job {job}", _Run(job, at, state="open" if number else "stated"))
        state = _ENDED.get(text(get(event, "eventType")).upper())
        run.state, run.when = state or run.state, max(run.when, when)
        run.facets += [facets] if (facets := get(event, "job", "facets")) else []
        for name, listed in (("inputs", run.inputs), ("outputs", run.outputs)):
            for one in items(get(event, name)):
                key = _key(one)
                if key:
                    listed.setdefault(key, []).append((At(file, one.place.line, f"{name} {key[1]}"), one))


def _key(one: Node | None) -> Key | None:
    name = text(get(one, "name"))
    return (text(get(one, "namespace")), name) if name else None


# --- what they say together


def _told(runs: list[_Run], described: dict[Key, list[Node]], table: Source) -> Iterator[Finding]:
    for run in _last(runs).values():
        if run.state == "open":
            what = f"no event says that the last run of `{run.job[1]}` has ended, so the versions that it read say nothing"
            yield Shortfall(run.at, what, "add the event that the run ended with")
        elif run.state == "failed":
            what = f"the last run of `{run.job[1]}` did not succeed, so nothing is taken from it"
            yield Shortfall(run.at, what, "run it again")
    whole = [run for run in runs if run.state != "failed"]
    made = {key for run in whole for key in run.outputs}
    used = list(_last([run for run in whole if run.state == "complete"]).values())
    used += [run for job, run in _last(whole).items() if all(job != one.job for one in used)]
    trains = [run for run in used if _kind(run, table) == "training"]
    behind = [_behind(run, used) for run in trains] or [set(run.inputs) for run in used]
    names = _names(set[Key]().union(*behind) - made)
    versions: dict[Key, str] = {}
    for run in used:
        for key, read in run.inputs.items():
            facets = [one for _, one in reversed(read)] + described.get(key, [])
            if key in names:
                version = _facet(facets, "version", "datasetVersion") if run.state != "open" else ""
                versions[key] = version
                yield _dataset(read[0][0], names[key], key, version, facets)
            yield from _checks(read, names.get(key, key[1]), run.job[1])
    for run in used:
        yield from _job(run, table, used, versions) if run.state == "complete" else ()


def _last(runs: list[_Run]) -> dict[Key, _Run]:
    """The last run of each job."""
    return {run.job: run for run in sorted(runs, key=lambda one: one.when)}


def _names(keys: set[Key]) -> dict[Key, str]:
    """What datasets are called: by their name, with the namespace where two are called the same."""
    names = [name for _, name in keys]
    return {key: key[1] if names.count(key[1]) == 1 else f"{key[0]}/{key[1]}" for key in keys}


def _dataset(at: At, name: str, key: Key, version: str, facets: list[Node]) -> Finding:
    return Says(
        at,
        {
            "inputs.name": name,
            "inputs.dataSource": _facet(facets, "dataSource", "uri") or key[0] or None,
            "inputs.version": version or None,
            "inputs.ownership": _owner([get(one, "facets", "ownership") for one in facets]) or None,
        },
    )


def _facet(found: list[Node], name: str, key: str) -> str:
    """What a facet of a dataset says, in the events or where the dataset is described."""
    return next((said for one in found if (said := text(get(one, "facets", name, key)))), "")


def _owner(facets: Sequence[Node | None]) -> str:
    """The one owner, or the one of those that is called so."""
    for facet in facets:
        owners = [one for one in items(get(facet, "owners")) if text(get(one, "name"))]
        for kind in _OWNERS if len(owners) > 1 else ():
            owners = [one for one in owners if kind in text(get(one, "type")).casefold()] or owners
        if len(owners) == 1:
            return text(get(owners[0], "name"))
    return ""


def _checks(read: list[tuple[At, Node]], name: str, job: str) -> Iterator[Finding]:
    """The assertions on a dataset as a run read it."""
    for at, one in read:
        listed = [found for place in _PLACE for found in items(get(one, place, "dataQualityAssertions", "assertions"))]
        listed = [found for found in listed if text(get(found, "assertion"))]
        if not listed:
            continue
        here = At(at.file, listed[0].place.line, f"dataQualityAssertions of {name}")
        yield Says(here, {"dataQualityAssertions": f"{name} to {job}"})
        failed = [found for found in listed if (said := get(found, "success")) and said.kind == "boolean" and not said.boolean]
        for found in failed[:_MOST_TOLD]:
            of = f" of the column `{column}`" if (column := text(get(found, "column"))) else ""
            what = f"`{text(get(found, 'assertion'))}`{of} did not hold for `{name}`"
            yield Shortfall(At(at.file, found.place.line, here.field), what, "look into it before a model is made from it")
        return


def _job(run: _Run, table: Source, used: list[_Run], versions: dict[Key, str]) -> Iterator[Finding]:
    """A job whose name says which step of a pipeline it is."""
    name = run.job[1]
    kind = _kind(run, table)
    if kind is None:
        return
    yield Says(run.at, {"job.name": name, "job.kind": _LAST.split(name)[-1]})
    if kind != "training":
        return
    for one in run.facets:
        commit = text(get(one, "sourceCodeLocation", "version"))
        if text(get(one, "sourceCodeLocation", "type")) == "git" and _COMMIT.fullmatch(commit):
            yield Says(At(run.at.file, one.place.line, "sourceCodeLocation"), {"sourceCodeLocation.version": commit})
            break
    sources = _behind(run, used)
    if sources and all(versions.get(key) for key in sources):
        yield Says(run.at, {"inputs.version (training)": sorted({versions[key] for key in sources})})


def _kind(run: _Run, table: Source) -> object:
    """Which step of a pipeline a job is, by the last part of its name; nothing where that does not say it."""
    return next((one.says(_LAST.split(run.job[1])[-1]) for one in table.of("job.kind")), None)


def _behind(run: _Run, used: list[_Run]) -> set[Key]:
    """The datasets that no job makes and that a run read, or that those read who made what it read."""
    by_output = {key: one for one in used for key in one.outputs}
    found: set[Key] = set()
    waiting = list(run.inputs)
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        waiting += by_output[key].inputs if key in by_output else ()
    return found - set(by_output)
