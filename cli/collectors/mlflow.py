"""MLflow: the registered model, the run behind its version, and how metrics vary over runs."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from typing import Any, cast

from ...engine.sources import Source
from . import mlflow_store
from .found import At, Finding, Says, Shortfall
from .mlflow_store import Model, Run, Store, Version
from .nodes import get, text
from .tree import Tree

_SEEDS = frozenset(("seed", "random_seed", "random_state"))
_CANDIDATES = ("candidate", "challenger")  # aliases of a version that is not in service yet
_COMMIT = "mlflow.source.git.commit"
_SYSTEM = "system/"  # metrics of the machine
_APPROVALS = ("approval", "approved_by", "approval_ticket", "promotion_ticket")


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """What MLflow's database, its folder of files and the models beside them say."""
    stores: dict[str, Store] = {}
    for file in tree.named("*mlflow*.db", "*mlflow*.sqlite", "*mlflow*.sqlite3", "mlruns.db"):
        store = mlflow_store.database(tree, file)
        if store is not None:
            stores[file] = store
        wal = tree.real(file + "-wal")
        if store is not None and os.path.isfile(wal) and os.path.getsize(wal):
            what = "a server is writing to it, and what is still in its journal is not read"
            yield Shortfall(At(file), what, "stop the server, and collect again")
    stores |= mlflow_store.folders(tree)
    chosen: set[str] = set()
    for store in stores.values():
        for run in store.runs.values():
            if run.status == "RUNNING":
                what = f"the run `{run.name or run.id}` is still RUNNING, so its values are not final"
                yield Shortfall(_at(run), what, "let it end, and collect again")
        for model in store.models.values():
            yield from _registered(store, model)
        run = _behind(store)
        if run is not None:
            chosen.add(run.id)
            yield from _run(run)
            yield from _stability(store, run)
    yield from _signatures(tree, chosen)


def _at(of: Run | Version | Model, kind: str = "", key: str = "") -> At:
    """Where a thing stands, or one value of a run, which is a file of its own where there are files."""
    if isinstance(of, Run):
        file = f"{of.folder}/{kind}/{key}" if of.folder and key else of.at
        return At(file, 0, f"run {of.id[:8]}" + (f" {kind} {key}" if key else ""))
    return At(of.at, 0, f"version {of.number}" if isinstance(of, Version) else f"model {of.name}")


def _behind(store: Store) -> Run | None:
    """The run behind the version that is to be delivered; without a registry, the one finished run there is."""
    if len(store.models) == 1:
        version = _candidate(next(iter(store.models.values())))
        run = store.runs.get(version.run) if version else None
        return run if run and run.status == "FINISHED" else None
    finished = [run for run in store.runs.values() if run.status == "FINISHED"]
    return finished[0] if len(finished) == 1 and not store.models else None


# --- the registry


def _registered(store: Store, model: Model) -> Iterator[Finding]:
    yield Says(_at(model), {"registered_models.name": model.name, "registered_models": "MLflow"})
    version = _candidate(model)
    if version is not None:
        run, named = store.runs.get(version.run), f"version {version.number} of `{model.name}`"
        yield Says(_at(version), {"model_versions.version": version.number})
        if run is None:
            yield Shortfall(_at(version), f"{named} names no run that is there", "register it from a run")
        elif run.status != "FINISHED":
            yield Shortfall(_at(run), f"the run behind {named} is {run.status}", "register a version of a finished run")
    elif model.versions:
        what = f"`{model.name}` has {len(model.versions)} versions, and nothing says which one is to be delivered"
        yield Shortfall(_at(model), what, "give it the alias `candidate`")
    yield from _recorded(store, model)


def _candidate(model: Model) -> Version | None:
    if len(model.versions) == 1:
        return next(iter(model.versions.values()))
    named = {model.aliases[alias] for alias in _CANDIDATES if alias in model.aliases}
    return model.versions.get(named.pop()) if len(named) == 1 else None


def _recorded(store: Store, model: Model) -> Iterator[Finding]:
    """What is recorded with every version of a model, and the stages that versions are in."""
    versions = list(model.versions.values())
    if not versions:
        return
    runs = [store.runs.get(version.run) for version in versions]
    has = {
        "lineage": all(run and run.tags.get(_COMMIT) for run in runs),
        "evaluation": all(run and run.metrics for run in runs),
        "approval": all(any(tag in version.tags for tag in _APPROVALS) for version in versions),
        "owner": all("owner" in version.tags for version in versions),
    }
    recorded = [name for name, so in has.items() if so]
    ticket = next((tag for tag in _APPROVALS if all(version.tags.get(tag) for version in versions)), "")
    yield Says(
        _at(model),
        {"model_versions (each)": recorded or None, "model_version_tags (each)": f"registry tag {ticket}" if ticket else None},
    )
    for version in versions:
        if version.stage not in ("", "None", "Archived"):
            yield Says(_at(version), {"model_versions.current_stage": version.stage})


# --- runs


def _run(run: Run) -> Iterator[Finding]:
    here = _at(run)
    metrics = sorted(name for name in run.metrics if not name.startswith(_SYSTEM))
    if metrics:
        yield Says(here, {"latest_metrics.key": metrics, "runs.run_uuid": f"MLflow run {run.id}"})
    seed = next((key for key in run.params if key.rpartition(".")[2] in _SEEDS), "")
    if seed:
        yield Says(_at(run, "params", seed), {"params seed": seed})
    if run.tags.get(_COMMIT):
        yield Says(_at(run, "tags", _COMMIT), {"tags.mlflow.source.git.commit": run.tags[_COMMIT]})
    else:
        what = f"the run `{run.name or run.id}` has no commit, so nothing says which code made the model"
        yield Shortfall(here, what, "run it from a git working tree")
    for dataset in run.datasets:
        if dataset.context in ("train", "training"):
            yield Says(here, {"datasets.name (training)": dataset.name, "datasets.digest (training)": dataset.digest})
        elif dataset.context in ("eval", "evaluation", "test", "testing", "validation"):
            yield Says(here, {"datasets.name (evaluation)": dataset.name, "datasets.digest (evaluation)": dataset.digest})
    used = sorted({dataset.digest for dataset in run.datasets if dataset.context in ("train", "training")})
    yield Says(here, {"inputs (training)": used or None})


def _stability(store: Store, chosen: Run) -> Iterator[Finding]:
    """The metrics of runs that differ from the chosen one in their seed alone: how far results vary of themselves."""
    alike = [
        run
        for run in store.runs.values()
        if run.experiment == chosen.experiment
        and run.status == "FINISHED"
        and run.metrics
        and _settings(run) == _settings(chosen)
    ]
    if len(alike) < 2 or not chosen.params:
        return
    names = [run.name for run in alike]
    for run in alike:
        label = run.name if run.name and names.count(run.name) == 1 else run.id
        for metric, value in sorted(run.metrics.items()):
            if not metric.startswith(_SYSTEM) and math.isfinite(value):
                yield Says(
                    _at(run, "metrics", metric),
                    {"runs.name": label, "latest_metrics.key (each)": metric, "latest_metrics.value": value},
                )


def _settings(run: Run) -> dict[str, str]:
    return {key: value for key, value in run.params.items() if key.rpartition(".")[2] not in _SEEDS}


# --- models beside a run


def _signatures(tree: Tree, chosen: set[str]) -> Iterator[Finding]:
    """The inputs of a model, by its signature: of the one model there is, or of the one that the chosen run made."""
    found = {file: tree.mapping(file, "yaml") for file in tree.named("MLmodel")}
    files = [file for file, root in found.items() if text(get(root, "run_id")) in chosen] or list(found)
    if len(files) != 1:
        return
    inputs = get(found[files[0]], "signature", "inputs")
    try:
        columns: Any = json.loads(text(inputs)) if inputs else []
    except (ValueError, RecursionError):
        tree.note(files[0], "the inputs of its signature are no JSON")
        return
    for column in cast("list[Any]", columns) if isinstance(columns, list) else ():
        name = cast("dict[str, Any]", column).get("name") if isinstance(column, dict) else None
        if isinstance(name, str) and inputs:
            yield Says(At(files[0], inputs.place.line, "signature.inputs"), {"signature.inputs.name": name})
