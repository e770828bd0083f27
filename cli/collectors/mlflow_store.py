"""What MLflow keeps, from its database or its folder of files: runs, registered models and their versions.

The database is opened read-only and as it lies there: nothing is written beside it, nothing in it is run but what we ask,
and a query that takes too long is stopped.
"""

from __future__ import annotations

import contextlib
import math
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from .nodes import get, text
from .tree import Tree

MAX_SECONDS = 5.0  # for all questions to one database
MAX_ROWS = 100_000  # of one question
_MAX_TEXT = 1 << 20  # bytes of one value
MAX_RUNS = 200  # that are read from files, of which each run has some twenty
_STATUS = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}
_STEPS = 10_000  # of the database's machine, after which the time is looked at
Tags = dict[str, str]


@dataclass(slots=True)
class Dataset:
    """A dataset that a run used; `context` is what for, as in `training`."""

    name: str
    digest: str
    context: str


@dataclass(slots=True)
class Run:
    """One run. `metrics` are the last values, and none that is no number."""

    id: str
    name: str
    status: str
    experiment: str
    at: str
    folder: str = ""  # where its values are files
    metrics: dict[str, float] = field(default_factory=dict[str, float])
    params: Tags = field(default_factory=Tags)
    tags: Tags = field(default_factory=Tags)
    datasets: list[Dataset] = field(default_factory=list[Dataset])


@dataclass(slots=True)
class Version:
    """One version of a registered model."""

    number: str
    run: str
    stage: str
    at: str
    tags: Tags = field(default_factory=Tags)


@dataclass(slots=True)
class Model:
    """A registered model. `aliases` name versions."""

    name: str
    at: str
    versions: dict[str, Version] = field(default_factory=dict[str, Version])
    aliases: Tags = field(default_factory=Tags)


@dataclass(slots=True)
class Store:
    """All of one store; what is deleted in it is not there. `at` of each thing in it is the file that says it."""

    runs: dict[str, Run] = field(default_factory=dict[str, Run])
    models: dict[str, Model] = field(default_factory=dict[str, Model])


# --- the database


def database(tree: Tree, file: str) -> Store | None:
    """What an MLflow database holds; nothing where it is none, or can't be read, which is noted."""
    end = time.monotonic() + MAX_SECONDS
    try:
        with contextlib.closing(sqlite3.connect(f"file:{quote(tree.real(file))}?mode=ro&immutable=1", uri=True)) as connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_TEXT)
            connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
            connection.text_factory = _decode
            for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
                connection.execute(f"PRAGMA {pragma}")
            return _read(_Database(connection), file)
    except (sqlite3.Error, OverflowError, MemoryError) as error:
        slow = isinstance(error, sqlite3.OperationalError) and "interrupted" in str(error)
        tree.note(file, f"its answers take longer than {MAX_SECONDS:g} seconds" if slow else f"it can't be read: {error}")
        return None


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")


class _Database:
    """Questions to a database, each with an end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT ?", (MAX_ROWS,)).fetchall()
        self.tables = {str(name) for (name,) in found}

    def rows(self, table: str, columns: str, where: str = "1") -> Iterator[tuple[str, ...]]:
        """Columns of a table as texts; an empty text where there is nothing. `table`, `columns` and `where` are ours."""
        if table not in self.tables:
            return
        question = f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {columns} LIMIT {MAX_ROWS + 1}"  # noqa: S608
        for number, row in enumerate(self._connection.execute(question)):
            if number == MAX_ROWS:
                raise sqlite3.DataError(f"its table `{table}` has more than {MAX_ROWS} rows")
            yield tuple("" if value is None or isinstance(value, bytes) else str(value) for value in row)


def _read(db: _Database, file: str) -> Store | None:
    if not {"experiments", "runs", "latest_metrics", "params", "tags"} <= db.tables:
        return None
    store = Store()
    alive = "lifecycle_stage = 'active'"
    experiments = {experiment for (experiment,) in db.rows("experiments", "experiment_id", alive)}
    for experiment, run, name, status in db.rows("runs", "experiment_id, run_uuid, name, status", alive):
        if experiment in experiments:
            store.runs[run] = Run(run, name, status, experiment, file)
    for run, key, value in db.rows("latest_metrics", "run_uuid, key, value", "NOT is_nan"):
        if run in store.runs:
            with contextlib.suppress(ValueError):  # a database may hold a text there all the same
                store.runs[run].metrics[key] = float(value)
    for table in ("params", "tags"):
        for run, key, value in db.rows(table, "run_uuid, key, value"):
            if run in store.runs:
                getattr(store.runs[run], table)[key] = value
    _read_datasets(db, store)
    _read_models(db, store, file)
    return store


def _read_datasets(db: _Database, store: Store) -> None:
    known = {dataset: (name, digest) for dataset, name, digest in db.rows("datasets", "dataset_uuid, name, digest")}
    contexts = {used: value for used, value in db.rows("input_tags", "input_uuid, value", "name = 'mlflow.data.context'")}  # noqa: C416
    kind = "source_type = 'DATASET' AND destination_type = 'RUN'"
    for run, dataset, used in db.rows("inputs", "destination_id, source_id, input_uuid", kind):
        if run in store.runs and dataset in known:
            store.runs[run].datasets.append(Dataset(*known[dataset], contexts.get(used, "")))


def _read_models(db: _Database, store: Store, file: str) -> None:
    for (name,) in db.rows("registered_models", "name"):
        store.models[name] = Model(name, file)
    ready = "current_stage <> 'Deleted_Internal'"
    for name, number, run, stage in db.rows("model_versions", "name, version, run_id, current_stage", ready):
        if name in store.models:
            store.models[name].versions[number] = Version(number, run, stage, file)
    for name, alias, number in db.rows("registered_model_aliases", "name, alias, version"):
        if name in store.models:
            store.models[name].aliases[alias] = number
    for name, number, key, value in db.rows("model_version_tags", "name, version, key, value"):
        if name in store.models and number in store.models[name].versions:
            store.models[name].versions[number].tags[key] = value


# --- the folder of files


def folders(tree: Tree) -> dict[str, Store]:
    """What the folders `mlruns` hold. Each run, model and version has a `meta.yaml` there, and each value a file."""
    below: dict[str, list[list[str]]] = {}
    for file in tree.named("mlruns/*"):
        before, _, inner = file.partition("mlruns/") if file.startswith("mlruns/") else file.partition("/mlruns/")
        below.setdefault(f"{before}/mlruns".lstrip("/"), []).append(inner.split("/"))
    return {root: _folder(tree, root, inner) for root, inner in below.items()}


def _folder(tree: Tree, root: str, inner: list[list[str]]) -> Store:
    store = Store()
    runs = {parts[1]: parts[0] for parts in inner if len(parts) == 3 and parts[2] == "meta.yaml" and parts[0] != "models"}
    runs = {run: experiment for run, experiment in runs.items() if run not in ("models", "datasets") and experiment != ".trash"}
    if len(runs) > MAX_RUNS:
        tree.note(root, f"it holds {len(runs)} runs, and at most {MAX_RUNS} are read from files")
        runs = {}
    for run, experiment in runs.items():
        _file_run(tree, store, run, f"{root}/{experiment}/{run}/meta.yaml")
    for parts in inner:
        if parts[0] == "models" and parts[-1] == "meta.yaml":
            _file_model(tree, store, parts, "/".join((root, *parts)))
    for parts in inner:
        _file_value(tree, store, parts, "/".join((root, *parts)))
    return store


def _file_run(tree: Tree, store: Store, run: str, file: str) -> None:
    root = tree.mapping(file)
    if text(get(root, "lifecycle_stage")) == "active":
        status = text(get(root, "status"))
        name = text(get(root, "run_name"))
        store.runs[run] = Run(
            run, name, _STATUS.get(status, status), text(get(root, "experiment_id")), file, file.removesuffix("/meta.yaml")
        )


def _file_model(tree: Tree, store: Store, parts: list[str], file: str) -> None:
    name, root = parts[1], tree.mapping(file)
    model = store.models.setdefault(name, Model(name, file))
    if len(parts) == 4 and parts[2].startswith("version-"):
        number = parts[2].removeprefix("version-")
        stage, run = text(get(root, "current_stage")), text(get(root, "run_id"))
        if stage != "Deleted_Internal":
            model.versions.setdefault(number, Version(number, "", "", file)).run = run
            model.versions[number].stage = stage


def _file_value(tree: Tree, store: Store, parts: list[str], file: str) -> None:
    """One value of a run or a model. Keys may hold a slash, and are folders then."""
    if parts[0] == "models" and len(parts) == 4 and parts[2] == "aliases" and parts[1] in store.models:
        store.models[parts[1]].aliases[parts[3]] = (tree.text(file) or "").strip()
    elif parts[0] == "models" and len(parts) > 4 and parts[3] == "tags" and parts[1] in store.models:
        version = store.models[parts[1]].versions.get(parts[2].removeprefix("version-"))
        if version:
            version.tags["/".join(parts[4:])] = (tree.text(file) or "").strip()
    elif len(parts) > 3 and parts[1] in store.runs:
        run, kind, key = store.runs[parts[1]], parts[2], "/".join(parts[3:])
        if kind in ("params", "tags"):
            getattr(run, kind)[key] = (tree.text(file) or "").strip()
        elif kind == "metrics":
            value = _last(tree.text(file) or "")
            if value is not None:
                run.metrics[key] = value
        elif kind == "inputs" and parts[-1] == "meta.yaml":
            _file_dataset(tree, run, file)


def _last(text: str) -> float | None:
    """The last value of a metric: `time value step` in each line, the highest step and then the latest time; no NaN."""
    found: list[tuple[int, int, float]] = []
    for line in text.splitlines():
        parts = line.split()
        with contextlib.suppress(ValueError, IndexError):
            found.append((int(parts[2]) if len(parts) > 2 else 0, int(parts[0]), float(parts[1])))
    last = max(found, default=None)
    return last[2] if last and math.isfinite(last[2]) else None


def _file_dataset(tree: Tree, run: Run, file: str) -> None:
    root = tree.mapping(file)
    used, experiment = text(get(root, "source_id")), file.rsplit("/", 4)[0]
    known = f"{experiment}/datasets/{used}/meta.yaml"
    if text(get(root, "source_type")) == "DATASET" and known in tree.named("datasets/*/meta.yaml"):
        dataset = tree.mapping(known)
        name, digest = text(get(dataset, "name")), text(get(dataset, "digest"))
        run.datasets.append(Dataset(name, digest, text(get(root, "tags", "mlflow.data.context"))))
