"""Broken packs: each is refused with every problem at once, with file, place, what is wrong and how to mend it."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import random_packs
from gatewright.engine import pack_loader
from gatewright.engine.errors import BadPack, Problem

SHIPPED = Path(__file__).parents[2] / "knowledge" / "mlops"
Said = dict[str, Any]


def simple() -> Said:
    """A small pack of two gates, whole and right."""

    def statement(name: str, *conditions: Said, **more: Any) -> Said:
        return {"id": name, **more, "all": list(conditions)}

    said = {"text": "T", "mend": "M"}
    choice = {"wait": {"choice": "wait", "text": "W"}, "go": {"choice": "go", "text": "G"}}
    return random_packs.base() | {
        "sections": [
            {
                "id": "s",
                "gate": "one",
                "title": "S",
                "facts": {path: {**random_packs.SAID, **fact} for path, fact in random_packs.FACTS.items()},
            }
        ],
        "gates": [
            {
                "id": "one",
                "stage": 1,
                "title": "G",
                "needs": [],
                "entry": {"id": "asked", **said},
                "exit": [statement("first", {"fact": "s.text"}, **said), statement("second", {"criterion": "first"}, **said)],
            },
            {
                "id": "two",
                "stage": 2,
                "title": "G",
                "needs": ["one"],
                "entry": statement("ready", {"criterion": "first"}, **said),
                "exit": [statement("third", {"passes": "list"}, {"free_of": "antipatterns"}, {"follows": "table"}, **said)],
            },
        ],
        "signals": [statement("on", {"fact": "s.choice", "is": "high"}, title="S")],
        "antipatterns": [statement("never", {"fact": "s.owner", "without": "named"}, **said)],
        "checklists": [{"id": "list", "title": "L", "items": [statement("item", {"criterion": "second"}, text="I")]}],
        "tables": [
            {
                "id": "table",
                "title": "T",
                "declared": "s.policy",
                "rationale": "s.reason",
                "priority": ["row"],
                "rows": [
                    {
                        "id": "row",
                        "signal": "S",
                        "when": "on",
                        "default": choice["wait"],
                        "alternative": choice["go"],
                        "tradeoff": "T",
                    }
                ],
            }
        ],
    }


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(BadPack) as raised:
        pack_loader.load(folder)
    return raised.value.problems


def set_at(said: Any, way: str, value: Any) -> None:
    """Set what stands at `gates/0/exit`, say."""
    *above, last = [int(step) if step.isdecimal() else step for step in way.split("/")]
    for step in above:
        said = said[step]
    if isinstance(said, list) and last == len(said):
        said.append(value)
    else:
        said[last] = value


def mentions(found: Problem, file: str, what: str) -> bool:
    return found.file.endswith(file) and what in found.what and found.place is not None and bool(found.help)


def test_the_shipped_pack_is_right():
    assert pack_loader.load(SHIPPED).id == "mlops"


def test_the_small_pack_is_right(tmp_path: Path):
    assert pack_loader.load(random_packs.write(simple(), tmp_path)).order == ("one", "two")


FACT = {"type": "text", "example": "x", **random_packs.SAID}
ALL = "gates/0/exit/0/all"
BROKEN: list[tuple[str, Any, str, str]] = [  # where, what is written there, and the file and the words of the problem
    # names that point nowhere
    (ALL, [{"fact": "s.txt"}], "gates/one.yaml", "no fact is called `s.txt`"),
    (ALL, [{"fact": "s.text", "vibes": True}], "gates/one.yaml", "no operator is called `vibes`"),
    (ALL, [{"signal": "off"}], "gates/one.yaml", "no signal is called `off`"),
    (ALL, [{"criterion": "zeroth"}], "gates/one.yaml", "no criterion is called `zeroth`"),
    (ALL, [{"passes": "lost"}], "gates/one.yaml", "no checklist is called `lost`"),
    (ALL, [{"follows": "chair"}], "gates/one.yaml", "no table is called `chair`"),
    ("antipatterns", [], "gates/two.yaml", "there are no anti-patterns"),
    ("tables/0/rows/0/when", "off", "decisions/table.yaml", "no signal is called `off`"),
    ("tables/0/priority", ["row", "row"], "decisions/table.yaml", "`priority` has to name each row once"),
    ("tables/0/declared", "s.text", "decisions/table.yaml", "the choices of `s.text` are not those of the rows"),
    ("tables/0/rationale", "s.rows[].name", "decisions/table.yaml", "`declared` and `rationale` have to name facts"),
    ("sections/0/gate", "three", "facts.yaml", "no gate is called `three`"),
    (
        "sections/0/facts/s.ref",
        {"type": "reference", "to": "s.lost", "example": "x", **random_packs.SAID},
        "facts.yaml",
        "refers to `s.lost`",
    ),
    ("gates/1/needs", ["two"], "gates/two.yaml", "`two` needs `two`, which is no earlier gate"),
    # names given twice, numbers that do not fit
    ("gates/1/stage", 3, "gates/two.yaml", "says stage 3 and stands at 2"),
    ("gates/1/exit/0/id", "first", "gates/two.yaml", "the criterion `first` is there twice"),
    ("gates/1/entry/id", "first", "gates/two.yaml", "the criterion `first` is there twice"),
    (
        "checklists/0/items/1",
        {"id": "item", "text": "I", "all": [{"fact": "s.text"}]},
        "bundle.yaml",
        "the item `list/item` is there twice",
    ),
    ("signals/1", {"id": "on", "title": "S", "all": [{"fact": "s.text"}]}, "decisions/table.yaml", "signal `on` is there twice"),
    # facts
    ("sections/0/facts/s.text.more", FACT, "facts.yaml", "`s.text.more` lies inside the fact `s.text`"),
    ("sections/0/facts/s.rows.name", FACT, "facts.yaml", "`s.rows.name` lies inside the fact `s.rows`"),
    ("sections/0/facts/t.text", FACT, "facts.yaml", "`t.text` stands in the section `s`"),
    ("sections/0/facts/s.rows[].more", FACT, "facts.yaml", "`s.rows[].more` stands in the section `s`"),
    ("sections/0/facts/s.Text", FACT, "facts.yaml", "String should match pattern"),
    ("sections/0/facts/s.more", FACT | {"path": "s.other"}, "facts.yaml", "a fact does not say its `path`"),
    (
        "sections/1",
        {"id": "assumptions", "gate": "one", "title": "A", "facts": {"assumptions.x": FACT}},
        "facts.yaml",
        "a part of every fact file",
    ),
    (
        "sections/1",
        {"id": "s", "gate": "one", "title": "A", "facts": {"s.text": FACT}},
        "facts.yaml",
        "two facts are called `s.text`",
    ),
    # shapes
    ("gates/0/exit", [], "gates/one.yaml", "at least 1 item"),
    ("gates/0/exit/0/all", [], "gates/one.yaml", "criterion `first` asks nothing"),
    ("gates/0/exit/0/any", [{"fact": "s.text"}], "gates/one.yaml", "`all` or `any`, not both"),
    ("gates/0/exit/0/why", "x", "gates/one.yaml", "nothing reads the key `why`"),
    (ALL, [{"of": 1}], "gates/one.yaml", "a condition has one of: fact"),
    (ALL, [{"fact": "s.text", "named": True, "pinned": True}], "gates/one.yaml", "one condition asks one question"),
    (ALL, [{"fact": "s.choice", "is": ["low"]}], "gates/one.yaml", "it takes one choice"),
    (ALL, 5, "gates/one.yaml", "valid tuple"),
    ("gates/0/title", {}, "gates/one.yaml", "valid string"),
    ("limits/some/value", ".nan", "pack.yaml", "valid number"),
    ("antipatterns", {"a": 1}, "antipatterns.yaml", "valid tuple"),
    ("checklists", "x", "bundle.yaml", "valid tuple"),
    ("sections", 7, "facts.yaml", "valid tuple"),
    ("sections/0/facts", ["x"], "facts.yaml", "valid dictionary"),
    ("sections/0/facts/s.rows/fields", ["x"], "facts.yaml", "valid dictionary"),
    ("signals", {"on": 1}, "decisions/table.yaml", "`signals` has to be a list"),
    # circles
    (
        ALL,
        [{"criterion": "first"}],
        "gates/one.yaml",
        "criterion `first` stands on itself: criterion `first` -> criterion `first`",
    ),
    (ALL, [{"all": [{"any": [{"criterion": "second"}]}]}], "gates/one.yaml", "stands on itself: criterion `"),
    (
        ALL,
        [{"passes": "list"}],
        "gates/one.yaml",
        "stands on itself: criterion `first` -> checklist `list` -> criterion `second` -> criterion `first`",
    ),
    ("antipatterns/0/all", [{"free_of": "antipatterns"}], "antipatterns.yaml", "stands on itself: anti-patterns -> "),
    ("signals/0/all", [{"signal": "on", "is": False}], "decisions/table.yaml", "signal `on` stands on itself"),
    ("signals/0/all", [{"follows": "table"}], "decisions/table.yaml", "stands on itself"),
    # what comes later
    (ALL, [{"criterion": "third"}], "gates/one.yaml", "criterion `first` stands on criterion `third` of the later gate `two`"),
    (
        "gates/0/entry/all",
        [{"criterion": "second"}],
        "gates/one.yaml",
        "entry `asked` stands on criterion `second` of its own gate",
    ),
    # what would let a gate pass by taking a fact away
    (ALL, [{"fact": "s.text", "without": "stated"}], "gates/one.yaml", "only anti-patterns may ask `without`"),
    ("signals/0/all", [{"fact": "s.text", "without": "stated"}], "decisions/table.yaml", "only anti-patterns may ask `without`"),
    (
        "checklists/0/items/0/all",
        [{"any": [{"fact": "s.text", "without": "stated"}]}],
        "bundle.yaml",
        "only anti-patterns may ask `without`",
    ),
    ("signals/0/all", [{"criterion": "third"}], "decisions/table.yaml", "signal `on` stands on `free_of`"),
    (
        "signals/1",
        {"id": "free", "title": "S", "all": [{"free_of": "antipatterns"}]},
        "decisions/table.yaml",
        "signal `free` stands on `free_of`",
    ),
    (
        "signals/1",
        {"id": "free", "title": "S", "all": [{"follows": "table"}]},
        "decisions/table.yaml",
        "signal `free` stands on `follows`",
    ),
    ("antipatterns/0/all", [{"follows": "table"}], "antipatterns.yaml", "anti-pattern `never` stands on `follows`"),
]


@pytest.mark.parametrize(("way", "value", "file", "what"), BROKEN, ids=[f"{way} {what}"[:70] for way, _, _, what in BROKEN])
def test_a_broken_pack_is_told_with_file_place_and_mend(way: str, value: Any, file: str, what: str, tmp_path: Path):
    said = simple()
    set_at(said, way, value)
    found = problems(random_packs.write(said, tmp_path))
    assert [problem for problem in found if mentions(problem, file, what)], [(problem.file, problem.what) for problem in found]


def test_the_place_is_that_of_the_condition(tmp_path: Path):
    said = simple()
    said["gates"][0]["exit"][0]["all"] = [{"fact": "s.text"}, {"any": [{"fact": "s.text"}, {"fact": "s.lost"}]}]
    (found,) = problems(random_packs.write(said, tmp_path))
    assert found.place is not None
    assert "s.lost" in (tmp_path / "gates/one.yaml").read_text().splitlines()[found.place.line - 1]


def test_all_problems_are_told_at_once(tmp_path: Path):
    said = simple()
    for way, value in (
        (ALL, [{"fact": "s.lost"}]),
        ("gates/1/needs", ["zero"]),
        ("tables/0/priority", []),
        ("sections/0/gate", "x"),
    ):
        set_at(said, way, value)
    assert {Path(found.file).name for found in problems(random_packs.write(said, tmp_path))} == {
        "one.yaml",
        "two.yaml",
        "table.yaml",
        "facts.yaml",
    }


def test_the_text_goes_with_the_problems_where_they_are_in_one_file(tmp_path: Path):
    said = simple()
    set_at(said, ALL, [{"fact": "s.lost"}])
    random_packs.write(said, tmp_path)
    with pytest.raises(BadPack) as raised:
        pack_loader.load(tmp_path)
    assert raised.value.text == (tmp_path / "gates/one.yaml").read_text()


# --- files


def edited(tmp_path: Path, name: str, change: Callable[[str], str]) -> Path:
    path = random_packs.write(simple(), tmp_path) / name
    path.write_text(change(path.read_text()))
    return tmp_path


FILES: list[tuple[str, Callable[[str], str], str, str]] = [
    (
        "pack.yaml",
        lambda text: text.replace("- two", "- ../../two"),
        "pack.yaml",
        "`gates` lists names of files, and `../../two` is none",
    ),
    ("pack.yaml", lambda text: text.replace("- two", "- Two"), "pack.yaml", "`Two` is none"),
    ("pack.yaml", lambda text: text.replace("- two", "- zwölf"), "pack.yaml", "is none"),
    ("pack.yaml", lambda text: text.replace("- two", "- two.yaml"), "pack.yaml", "`two.yaml` is none"),
    ("pack.yaml", lambda text: text.replace("- two", "- {a: b}"), "pack.yaml", "`mapping` is none"),
    ("pack.yaml", lambda text: text.replace("- two", "- two\n- two"), "pack.yaml", "`gates` lists `two` twice"),
    ("pack.yaml", lambda text: text.replace("tables:", "table:"), "pack.yaml", "`tables` has to list the names of files"),
    ("pack.yaml", lambda text: text.replace("tables:", "table:"), "pack.yaml", "nothing reads the key `table`"),
    ("pack.yaml", lambda text: text + "digest: x\n", "pack.yaml", "nothing reads the key `digest`"),
    ("pack.yaml", lambda text: text.replace("version:", "vision:"), "pack.yaml", "`version` is missing"),
    ("decisions/table.yaml", lambda text: text.replace("table:", "tabel:", 1), "decisions/table.yaml", "`table` is missing"),
    ("facts.yaml", lambda text: text.replace("sections:", "parts:"), "facts.yaml", "`sections` is missing"),
    ("gates/two.yaml", lambda text: "- a\n", "gates/two.yaml", "a pack file holds a mapping"),
    ("gates/two.yaml", lambda text: text + "stage: 2\n", "gates/two.yaml", "the key `stage` stands twice"),
]


@pytest.mark.parametrize(("name", "change", "file", "what"), FILES, ids=[what for *_, what in FILES])
def test_a_broken_file_is_told_with_place_and_mend(name: str, change: Callable[[str], str], file: str, what: str, tmp_path: Path):
    found = problems(edited(tmp_path, name, change))
    assert [problem for problem in found if mentions(problem, file, what)], [(problem.file, problem.what) for problem in found]


def test_a_missing_file_is_told_beside_what_is_wrong_in_another(tmp_path: Path):
    folder = edited(tmp_path, "facts.yaml", lambda text: text + "\x01")
    (folder / "gates/two.yaml").unlink()
    (folder / "bundle.yaml").unlink()
    (folder / "bundle.yaml").mkdir()
    assert {Path(found.file).name for found in problems(folder)} == {"two.yaml", "facts.yaml", "bundle.yaml"}


@pytest.mark.parametrize("text", ["", "a: [", "a: &x [*x]\nb: !!python/object:os.system x", "\x00", "5"])
def test_a_file_that_cannot_be_read_is_a_bad_pack(text: str, tmp_path: Path):
    assert all(found.file for found in problems(edited(tmp_path, "gates/two.yaml", lambda _: text)))


@pytest.mark.parametrize("folder", ["nowhere", "file", "nul\0byte", "x" * 300])
def test_a_folder_without_a_pack_is_told(folder: str, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    assert problems(tmp_path / folder)[0].code == "no-pack"


# --- whatever is done to the files

JUNK = [
    "5",
    "[]",
    "{}",
    "null",
    "true",
    "x y",
    "'../../etc'",
    "[1, 2]",
    "{a: b}",
    "-1",
    "1e9",
    ".nan",
    '""',
    "[[]]",
    "2026-01-01",
    "without",
    "latest",
    "{without: {without: stated}}",
    "{from: x}",
    "antipatterns",
]


def mutate(lines: list[str], rng: random.Random) -> list[str]:
    number, kind = rng.randrange(len(lines)), rng.randrange(9)
    line = lines[number]
    if kind == 0:
        return lines[:number] + lines[number + 1 :]
    if kind == 1:
        return lines[:number]
    if kind == 2:
        return [*lines[:number], lines[rng.randrange(len(lines))], *lines[number:]]
    words = line.split()
    changed = {
        3: line.replace(":", f": {rng.choice(JUNK)} #", 1),
        4: "  " + line,
        5: line.lstrip(),
        6: line.replace(rng.choice("abceimnost"), rng.choice("abz_.- []{}"), 1),
        7: line.replace(rng.choice(words), rng.choice(JUNK), 1) if words else line,
        8: line.replace(rng.choice(words), rng.choice(rng.choice(lines).split() or ["x"]), 1) if words else line,
    }[kind]
    return [*lines[:number], changed, *lines[number + 1 :]]


def refusal(folder: Path) -> tuple[Problem, ...] | None:
    try:
        pack_loader.load(folder)
    except BadPack as error:
        return error.problems
    return None


def test_whatever_is_changed_in_the_files_the_pack_loads_or_is_refused_in_time(tmp_path: Path):
    files = [path.relative_to(SHIPPED) for path in sorted(SHIPPED.rglob("*.yaml")) if ".cases." not in path.name]
    texts = {path: (SHIPPED / path).read_text() for path in files}
    folder = tmp_path / "pack"
    shutil.copytree(SHIPPED, folder)
    rng = random.Random(11)
    outcomes = {"loaded": 0, "refused": 0}
    for _ in range(90):
        changed = {rng.choice(files) for _ in range(rng.randint(1, 3))}
        for path in changed:
            (folder / path).write_text("\n".join(mutate(texts[path].split("\n"), rng)))
        begun = time.monotonic()
        told = refusal(folder)
        outcomes["loaded" if told is None else "refused"] += 1
        assert told is None or told
        for found in told or ():
            assert all((found.what, found.file, found.help)), found
            assert "\n" not in found.what
        assert time.monotonic() - begun < 2
        for path in changed:
            (folder / path).write_text(texts[path])
    assert min(outcomes.values()) > 3
