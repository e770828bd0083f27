"""`check --format json`: the keys, types and words that programs rely on, and that the bytes are the same every time."""

from __future__ import annotations

import json
from typing import Any

import pytest

NONE = type(None)
LOOK = {"fact": str, "state": {"stated", "assumed", "placeholder", "missing", "invalid"}, "line": int, "column": int}
CRITERION = {"id": str, "text": str, "status": {"met", "assumed", "waived", "unmet", "unknown", "reordered"}, "because": [dict]}
ROW = {"table": {"promotion-policy", "drift-response"}, "row": str, "default": str, "alternative": str, "tradeoff": str}
CHECK = {
    "verdict": {"passed", "blocked"},
    "pack": {"id": {"mlops"}, "version": str, "digest": str},
    "facts": {"file": str, "digest": str},
    "engine": {"name": str, "checked_by": str, "note": str},
    "problems": [{"code": str, "what": str, "help": str, "line": (int, NONE), "column": (int, NONE)}],
    "gates": [
        {
            "id": str,
            "stage": int,
            "title": str,
            "status": {"passed", "blocked", "waiting"},
            "waiting_for": [str],
            "entry": [CRITERION],
            "exit": [CRITERION],
        }
    ],
    "missing": [LOOK | {"gate": str, "criterion": str, "how": str}],
    "recommendations": [ROW | {"because": [LOOK], "deviates": bool}],
    "undecided": [ROW],
    "antipatterns": [{"id": str, "because": [LOOK]}],
    "assumptions": [{"fact": str, "value": str, "reason": str, "owner": str, "line": int, "column": int}],
    "waivers": [
        {
            "gate": (str, NONE),
            "criterion": (str, NONE),
            "reason": str,
            "approver": str,
            "expires": (str, NONE),
            "delivery": (str, NONE),
            "pack": (str, NONE),
            "status": {"counts", "elsewhere", "void"},
            "waives": [str],
            "problems": [dict],
            "line": int,
            "column": int,
        }
    ],
}


def misfits(value: Any, shape: Any, path: str = "answer") -> list[str]:
    """Where `value` differs from `shape`: a dict names keys, a list one item for all, a set words, a type itself."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{path} is no mapping"]
        lacking = [f"{path}.{key} is lacking" for key in shape if key not in value]
        return lacking + [bad for key in shape if key in value for bad in misfits(value[key], shape[key], f"{path}.{key}")]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [bad for number, item in enumerate(value) for bad in misfits(item, shape[0], f"{path}[{number}]")]
    if isinstance(shape, set):
        return [] if value in shape else [f"{path} is {value!r}"]
    kinds = shape if isinstance(shape, tuple) else (shape,)
    good = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
    return [] if good else [f"{path} is {value!r}"]


def test_the_check_of_the_shape_sees_a_lacking_key_a_wrong_type_and_an_unknown_word() -> None:
    assert misfits({"a": [{"b": 1}]}, {"a": [{"b": str, "c": int}]}) == ["answer.a[0].c is lacking", "answer.a[0].b is 1"]
    assert misfits({"a": True}, {"a": int}) == ["answer.a is True"]
    assert misfits({"a": "x"}, {"a": {"y"}}) == ["answer.a is 'x'"]


@pytest.fixture
def half(passing: dict[str, Any], write: Any) -> str:
    """Blocked at gate 6, with an assumption, an undecided table, an anti-pattern, and unknown keys."""
    del passing["monitoring"]["alerts"]
    del passing["monitoring"]["quality"]
    del passing["retraining"]["drift"]
    passing["bundle"]["risks"][0]["owner"] = "everyone"
    del passing["operations"]["hours"]
    passing["assumptions"] = [
        {"fact": "operations.hours", "value": "24x7", "reason": "as for the other models", "owner": "ana.lopez"}
    ]
    passing["colour"] = "red"
    return write("half.json", passing)


@pytest.mark.parametrize("example", ["credit-default", "ticket-routing", "demand-forecast", "made-with-ml"])
def test_every_example_answers_with_the_keys_and_types_of_the_contract(example: str, examples: Any, run: Any) -> None:
    assert misfits(run("check", examples / f"{example}.yaml", "--format", "json").json, CHECK) == []


def test_an_answer_with_something_in_every_part_has_the_keys_and_types_of_the_contract(half: str, run: Any, write: Any) -> None:
    waiver = {"criterion": "operational-ownership", "reason": "r", "approver": "ana", "expires": "2099-12-31"}
    waivers = write("waivers.json", {"waivers": [waiver, waiver | {"reason": "TBD"}, {}]})
    answer = run("check", half, "--format", "json", "--waivers", waivers).json
    assert [part for part in CHECK if answer[part] == []] == []
    assert misfits(answer, CHECK) == []


def test_the_gates_stand_in_their_order_with_one_entry_and_27_exit_criteria(half: str, run: Any, gates: Any) -> None:
    found = run("check", half, "--format", "json").json["gates"]
    assert [gate["id"] for gate in found] == list(gates)
    assert [gate["stage"] for gate in found] == list(range(1, 11))
    assert [len(gate["entry"]) for gate in found] == [1] * 10
    assert [len(gate["exit"]) for gate in found] == [2, 3, 3, 3, 3, 3, 3, 3, 3, 1]


def test_gates_before_the_blocked_one_pass_and_gates_after_it_name_what_they_wait_for(half: str, run: Any) -> None:
    found = run("check", half, "--format", "json").json["gates"]
    assert [gate["status"] for gate in found] == ["passed"] * 5 + ["blocked"] + ["waiting"] * 4
    assert [gate["waiting_for"] for gate in found] == [[]] * 6 + [["monitoring-drift"]] * 4


def test_a_passing_delivery_lacks_nothing_and_waits_for_nothing(passing: dict[str, Any], write: Any, run: Any) -> None:
    answer = run("check", write("a.json", passing), "--format", "json").json
    assert answer["verdict"] == "passed"
    assert answer["missing"] == answer["problems"] == []
    assert all(gate["status"] == "passed" and gate["waiting_for"] == [] for gate in answer["gates"])


def test_a_missing_fact_names_gate_criterion_state_mend_and_the_section_that_lacks_it(
    passing: dict[str, Any],
    write: Any,
    here: Any,
    run: Any,
) -> None:
    del passing["retraining"]["rollback"]["when"]
    name = write("a.json", passing)
    source = (here / name).read_text().split("\n")
    row = next(row for row in run("check", name, "--format", "json").json["missing"] if row["fact"] == "retraining.rollback.when")
    assert (row["gate"], row["criterion"], row["state"]) == ("retraining-rollback", "rollback-validation", "missing")
    assert "when" in row["how"]
    assert source[row["line"] - 1][row["column"] - 1 :].startswith('"rollback"')
    assert '"when": [' not in source[row["line"]]


def test_a_contradicting_fact_is_missing_with_its_value_and_its_own_place(
    passing: dict[str, Any],
    write: Any,
    here: Any,
    run: Any,
) -> None:
    passing["retraining"]["rollback"]["when"] = ["when it feels worse"]
    name = write("a.json", passing)
    source = (here / name).read_text().split("\n")
    row = next(row for row in run("check", name, "--format", "json").json["missing"] if row["fact"] == "retraining.rollback.when")
    assert row["state"] == "stated"
    assert row["value"] == "when it feels worse"
    assert source[row["line"] - 1][row["column"] - 1 :].startswith('"when it feels worse"')


def test_a_placeholder_is_missing_as_a_placeholder(passing: dict[str, Any], write: Any, run: Any) -> None:
    passing["retraining"]["rollback"]["when"] = "TBD"
    rows = run("check", write("a.json", passing), "--format", "json").json["missing"]
    assert {row["state"] for row in rows if row["fact"] == "retraining.rollback.when"} == {"placeholder"}


def test_another_order_is_told_with_who_asked_why_and_every_dependency_turned_round(
    reordered: dict[str, Any],
    write: Any,
    run: Any,
    turned_round: Any,
) -> None:
    answer = run("check", write("a.json", reordered), "--format", "json").json
    assert [gate["id"] for gate in answer["gates"]] == reordered["sequence"]["order"]
    told = json.dumps(answer["sequence"])
    assert "mei.tanaka" in told
    assert "the cluster is booked" in told
    assert [(turned["gate"], turned["needs"]) for turned in answer["sequence"]["turned_round"]] == list(turned_round)


COMMANDS = [("check",), ("validate",), ("recommend",), ("explain", "10"), ("graph",)]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_json_is_ascii_and_ends_with_one_line_end(
    command: tuple[str, ...], passing: dict[str, Any], write: Any, run: Any
) -> None:
    passing["use_case"]["objective"] = "Vorhersage für 東京 \U0001f600"
    name = write("größe.json", passing)
    out = run(command[0], name, *command[1:], "--format", "json").out
    assert out.isascii()
    assert out.endswith("}\n")
    json.loads(out)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("format", ["text", "json"])
def test_the_same_file_gives_the_same_bytes_on_the_second_run(command: tuple[str, ...], format: str, half: str, run: Any) -> None:
    first, second = (run(command[0], half, *command[1:], "--format", format) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("command", [("check",), ("explain", "6")], ids=" ".join)
def test_the_same_file_gives_the_same_bytes_whatever_the_hash_seed(command: tuple[str, ...], half: str, process: Any) -> None:
    outs = {
        process(command[0], half, *command[1:], "--format", "json", env={"PYTHONHASHSEED": seed}).out for seed in ("1", "4242")
    }
    assert len(outs) == 1


@pytest.mark.parametrize("command", [("check",), ("recommend",), ("explain", "10"), ("graph",)], ids=" ".join)
def test_the_json_of_an_answer_that_does_not_hold_because_of_problems_names_them(
    command: tuple[str, ...],
    passing: dict[str, Any],
    write: Any,
    run: Any,
) -> None:
    passing["colour"] = "red"
    ended = run(command[0], write("a.json", passing), *command[1:], "--format", "json")
    assert ended.code == 1
    assert "colour" in json.dumps(ended.json.get("problems"))


def test_the_problems_of_an_unreadable_file_are_told_in_json_with_their_place(write: Any, run: Any) -> None:
    ended = run("check", write("a.json", '{"delivery": }'), "--format", "json")
    assert ended.json["verdict"] is None
    assert ended.json["file"] == "a.json"
    [problem] = ended.json["problems"]
    assert (problem["line"], problem["column"]) == (1, 14)
    assert problem["code"]
    assert problem["what"]
