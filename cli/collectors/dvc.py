"""DVC: the stages of a pipeline, what its last run used and made, and data under version control."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from .found import At, Finding, Says, Shortfall
from .nodes import get, items, leaves, pairs, text, texts
from .tree import Tree

# What is data by its name alone; a file of another kind may be a model, code or a picture.
_DATA = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".avro", ".arrow", ".feather", ".orc", ".tfrecord")
_DATA_FOLDERS = frozenset(("data", "dataset", "datasets"))
_SEEDS = frozenset(("seed", "random_seed", "random_state"))
_REPRODUCE = "run `dvc repro`, and commit `dvc.lock`"
Outs = list[tuple[str, str]]  # path and version


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """Everything that DVC's files say."""
    locks = set(tree.named("dvc.lock"))
    for file in tree.named("dvc.yaml"):
        root = tree.mapping(file)
        lock = posixpath.join(posixpath.dirname(file), "dvc.lock")
        locked = tree.mapping(lock) if lock in locks else None
        if root is not None:
            yield from _pipeline(file, root, lock, locked)
            metrics = _metric_files(file, root)
            yield from _metrics(tree, metrics)
            if locked is not None:
                yield from _last_run(lock, locked, metrics, whole=_is_whole(root, locked))
    for file in tree.named("*.dvc"):
        root = tree.mapping(file, "yaml")
        if root is not None:
            yield from _tracked(file, root)


# --- dvc.yaml


def _pipeline(file: str, root: Node, lock: str, locked: Node | None) -> Iterator[Finding]:
    stages = get(root, "stages")
    for name, stage, place in pairs(stages):
        here = At(file, place.line, f"stages.{name}")
        each = "foreach" in stage.entries or "matrix" in stage.entries
        runs = _command(get(stage, "do") or stage)
        filled_in = each or "${" in runs
        yield Says(here, {"stages": "DVC", "stages.*": name, "stages.*.cmd": None if filled_in else runs})
        if not each:
            yield from _in_lock(name, "" if filled_in else runs, here, lock, locked)
    for name, artifact, place in pairs(get(root, "artifacts")):
        if text(get(artifact, "type")) == "model":
            yield Says(At(file, place.line, f"artifacts.{name}"), {"artifacts.*": name})


def _command(stage: Node) -> str:
    return " && ".join(texts(get(stage, "cmd")))


def _in_lock(name: str, runs: str, here: At, lock: str, locked: Node | None) -> Iterator[Finding]:
    stage = get(locked, "stages", name)
    if locked is None:
        yield Shortfall(here, f"the stage `{name}` is not locked, for there is no `{lock}`", _REPRODUCE)
    elif stage is None:
        yield Shortfall(here, f"the stage `{name}` is not in `{lock}`, so nothing says what it used and made", _REPRODUCE)
    elif runs and runs != _command(stage):
        yield Shortfall(here, f"the stage `{name}` runs another command than the one in `{lock}`", _REPRODUCE)


def _metric_files(file: str, root: Node) -> list[str]:
    """The files of metrics that the pipeline or its stages name, below the project folder."""
    listed = [*items(get(root, "metrics"))]
    for _, stage, _ in pairs(get(root, "stages")):
        if not text(get(stage, "wdir")):
            listed += items(get(stage, "metrics"))
    names = [text(one) or next(iter(one.entries), "") for one in listed]
    return list(dict.fromkeys(_below(file, name) for name in names if name and "${" not in name))


def _below(file: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), path))


def _metrics(tree: Tree, files: list[str]) -> Iterator[Finding]:
    there = set(tree.named("*.json", "*.yaml", "*.yml", "*.toml")) if files else set[str]()
    for file in files:
        root = tree.mapping(file) if file in there else None
        names = [path for path, value in leaves(root) if value.kind == "number"]
        if names:
            yield Says(At(file, 1), {"metrics": names})


# --- dvc.lock


def _is_whole(root: Node, locked: Node) -> bool:
    """Whether every stage is in the lock; one of a template is there under other names."""
    wanted = [
        name for name, stage, _ in pairs(get(root, "stages")) if not ("foreach" in stage.entries or "matrix" in stage.entries)
    ]
    there = [name for name, _, _ in pairs(get(locked, "stages"))]
    return all(name in there for name in wanted)


def _last_run(lock: str, locked: Node, metrics: list[str], *, whole: bool) -> Iterator[Finding]:
    stages = get(locked, "stages")
    made = {path for _, stage, _ in pairs(stages) for path, _ in _outs(lock, get(stage, "outs"))}
    used: dict[str, str] = {}
    reports: list[tuple[At, str]] = []
    for name, stage, place in pairs(stages):
        here = At(lock, place.line, f"stages.{name}")
        for path, version in _outs(lock, get(stage, "deps")):
            if path not in made and _is_data(path):
                used[path] = version
                yield Says(here, {"stages.*.deps.path": path, "stages.*.deps.md5": version})
        reports += [(here, f"{path}@{version}") for path, version in _outs(lock, get(stage, "outs")) if path in metrics]
        for file, params, _ in pairs(get(stage, "params")):
            seeds = [path for path, value in leaves(params) if path.rpartition(".")[2] in _SEEDS and value.kind == "number"]
            if seeds:
                yield Says(At(lock, place.line, f"stages.{name}.params.{file}.{seeds[0]}"), {"stages.*.params seed": seeds[0]})
    if used and whole:
        yield Says(At(lock, 1, "stages.*.deps"), {"stages.*.deps": sorted(used.values())})
    if len(reports) == 1 and whole:
        yield Says(reports[0][0], {"stages.*.outs (metrics)": reports[0][1]})


def _outs(file: str, listed: Node | None) -> Outs:
    """The paths of dependencies or outputs with their hashes, where they have one."""
    found: Outs = []
    for one in items(listed):
        path = text(get(one, "path"))
        kind = next((name for name in ("md5", "etag", "checksum", "version_id") if text(get(one, name))), "")
        if path and kind:
            found.append((_below(file, path) if "://" not in path else path, f"{kind}:{text(get(one, kind))}"))
    return found


def _is_data(path: str) -> bool:
    *folders, name = path.lower().split("/")
    return name.endswith(_DATA) or (not posixpath.splitext(name)[1] and bool(_DATA_FOLDERS & {*folders, name}))


# --- files under version control


def _tracked(file: str, root: Node) -> Iterator[Finding]:
    source = get(root, "deps")
    origin = next((_origin(one) for one in items(source)), "")
    for one in items(get(root, "outs")):
        path = text(get(one, "path"))
        if not path:
            continue
        here = At(file, one.place.line, f"outs.{path}")
        versions = [version for found, version in _outs(file, root.entries["outs"].value) if found == _below(file, path)]
        if not versions:
            yield Shortfall(here, f"`{path}` is under version control without a hash", "run `dvc commit`")
        elif _is_data(_below(file, path)):
            yield Says(here, {"outs.path": _below(file, path), "outs.md5": versions[0], "deps": origin or None})


def _origin(one: Node) -> str:
    """Where an imported file comes from, as `dvc import` and `dvc import-url` write it."""
    url, path = text(get(one, "repo", "url")), text(get(one, "path"))
    return f"{url} {path}".strip() if url else path
