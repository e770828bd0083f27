"""Speed, as whole processes beside a bare Python, and of one warm evaluation. Run it with `make bench`.

Figures of one machine say little; the ratio to the bare interpreter, run in turn with it, says more.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gatewright.cli import inputs
from gatewright.engine.evaluate import evaluate

ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "docs" / "examples" / "credit-default.yaml")
BLOCKED = str(ROOT / "docs" / "examples" / "demand-forecast.yaml")
COMMAND = str(Path(sys.executable).with_name("gatewright"))
RUNS = 15


def process(*command: str) -> Callable[[], None]:
    """A run of a command as a whole process. It has to end with an answer, good or bad."""

    def run() -> None:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        assert done.returncode in (0, 1), (command, done.returncode)

    return run


def many_lines(folder: Path) -> str:
    """A fact file of 20,000 lines: datasets, four lines each."""
    record = "    - name: dataset {n}\n      source: warehouse\n      version: 2026-09-30.{n}\n      owner: ana.lopez\n"
    file = folder / "long.yaml"
    file.write_text("lineage:\n  datasets:\n" + "".join(record.format(n=n) for n in range(5000)), encoding="utf-8")
    return str(file)


def many_files(folder: Path) -> str:
    """A repository of 20,000 files in 1,000 folders, most of code, and among them what collectors read."""
    project = folder / "project"
    shutil.copytree(ROOT / "docs" / "projects" / "churn", project)
    (project / ".gitignore").write_text("*.pyc\n/build/\n.cache/\n!keep.pyc\n", encoding="utf-8")
    endings = ("py", "py", "py", "md", "png", "ipynb", "txt", "json", "yaml", "csv")
    for number in range(1000):
        inner = project / "src" / f"part{number % 40}" / f"module{number}"
        inner.mkdir(parents=True)
        for each in range(20):
            (inner / f"file{each}.{endings[each % 10]}").write_text("a: 1\n", encoding="utf-8")
    return str(project)


def milliseconds(run: Callable[[], None]) -> float:
    """How long one run takes, in ms."""
    begin = time.perf_counter()
    run()
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    """Print a table: median, least and most, and the ratio to the bare interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder))


def measure(folder: Path) -> None:
    """Run everything in turn."""
    empty = folder / "empty.yaml"
    empty.write_text("delivery:\n  model: churn\n", encoding="utf-8")
    bare = process(sys.executable, "-c", "pass")
    rows = {
        "python -c pass": bare,
        "gatewright --version": process(COMMAND, "--version"),
        "gatewright --help": process(COMMAND, "--help"),
        "gatewright check (cold)": process(COMMAND, "check", EXAMPLE),
        "gatewright check --format json (cold)": process(COMMAND, "check", "--format", "json", EXAMPLE),
        "gatewright explain (cold)": process(COMMAND, "explain", EXAMPLE, "10"),
        "gatewright graph (cold)": process(COMMAND, "graph"),
        "gatewright check --prove": process(COMMAND, "check", "--prove", EXAMPLE),
        "gatewright what-if": process(COMMAND, "what-if", EXAMPLE, "--unset", "serving.budgets.cost"),
        "gatewright diff": process(COMMAND, "diff", EXAMPLE, BLOCKED),
        "gatewright unblock, one gate": process(COMMAND, "unblock", BLOCKED, "7"),
        "gatewright unblock all, nothing stated": process(COMMAND, "unblock", str(empty), "all"),
        "gatewright validate, 20,000 lines": process(COMMAND, "validate", many_lines(folder)),
        "gatewright pack lint": process(COMMAND, "pack", "lint"),
        "gatewright collect, 20,000 files": process(COMMAND, "collect", many_files(folder)),
    }
    for run in rows.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(RUNS):  # in turn, so that a slow minute of the machine is shared by all
        for name, run in rows.items():
            times[name].append(milliseconds(run))
    pack = inputs.read_pack("mlops")
    found = inputs.read_facts(inputs.read_file(EXAMPLE), pack)
    evaluate(found, pack)
    times["one warm evaluation, in process"] = [milliseconds(lambda: evaluate(found, pack) and None) for _ in range(200)]
    base = statistics.median(times["python -c pass"])
    print(f"{'':40} {'median ms':>10} {'least':>8} {'most':>8} {'x bare':>8}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:40} {median:10.1f} {min(values):8.1f} {max(values):8.1f} {median / base:8.1f}")


if __name__ == "__main__":
    main()
