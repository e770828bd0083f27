"""durable-rules within its safe subset: right answers, flat memory, no threads, and faults that are said, never passed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import random_packs
from gatewright.engine import conditions, evaluate, fixpoint, inference, pack_loader
from gatewright.engine.compiler import Rule, compile_pack, leaf_claims
from gatewright.engine.errors import EngineFault
from gatewright.engine.pack import Pack
from hypothesis import given, settings

PACK = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")
Program = tuple[tuple[Rule, ...], frozenset[str]]


@pytest.fixture(autouse=True)
def _fresh_networks():
    yield
    inference._networks.cache_clear()


def example_claims(pack: Pack = PACK) -> Program:
    program, found = compile_pack(pack), random_packs.read(pack.example, pack)
    claims = {
        claim for key, leaf in program.leaves.items() for claim in leaf_claims(key, conditions.answer(leaf, found, pack).status)
    }
    return program.rules, frozenset(claims)


def run(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False, env=os.environ | env
    )


# --- the two engines agree


@settings(deadline=None)
@given(program=random_packs.programs)
def test_the_engines_agree_on_random_programs(program: Program):
    rules, claims = program
    derivations, engine = inference.derive(rules, claims)
    assert {one.rule for one in derivations} == {rule.id for rule in fixpoint.fired(rules, claims | {"begin"})}
    assert (engine.name, engine.checked_by) == ("durable-rules", "fixpoint")


def test_the_engines_agree_on_thousands_of_seeded_runs():
    for seed in range(150):
        rng = random.Random(seed)
        rules, _ = random_packs.program(rng)
        atoms = sorted({atom for rule in rules for atom in (*rule.body, rule.head)})
        for _ in range(20):
            inference.derive(rules, rng.sample(atoms, rng.randint(0, len(atoms))))  # raises where they differ


def test_each_derivation_stands_on_claims_and_earlier_derivations():
    rules, claims = example_claims()
    known = {*claims, "begin"}
    for derivation in inference.derive(rules, claims)[0]:
        assert known.issuperset(derivation.body)
        known.add(derivation.head)


# --- large programs work

LARGE: dict[str, Program] = {
    "3000 rules on one claim": (
        tuple(Rule(f"r{n}", ("x", f"y{n}"), f"h{n}") for n in range(3000)),
        frozenset({"x"} | {f"y{n}" for n in range(0, 3000, 7)}),
    ),
    "9000 rules on 9000 claims": (
        tuple(Rule(f"r{n}", (f"y{n}",), f"h{n}") for n in range(9000)),
        frozenset(f"y{n}" for n in range(0, 9000, 3)),
    ),
    "a chain across networks": (
        tuple(Rule(f"r{n}", ("x", f"y{n}"), f"y{n + 1}") for n in random.Random(1).sample(range(3000), 3000)),
        frozenset({"x", "y0"}),
    ),
    "600 bodies of 15": (
        tuple(Rule(f"r{n}", tuple(f"y{(n * 7 + m * 31) % 700}" for m in range(15)), f"h{n}") for n in range(600)),
        frozenset(f"y{n}" for n in range(690)),
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_program_beyond_the_limits_of_one_network_is_derived(name: str):
    rules, claims = LARGE[name]
    assert {one.rule for one in inference.derive(rules, claims)[0]} == {rule.id for rule in fixpoint.fired(rules, claims)}


def test_a_pack_of_sixty_gates_with_eight_criteria_of_ten_conditions_is_judged(tmp_path: Path):
    said = random_packs.content(random.Random(2), gates=1)
    facts = {f"s.f{n}": {"type": "text", "example": "one", **random_packs.SAID} for n in range(4800)}
    said["sections"][0]["facts"] |= facts
    paths = iter(facts)
    first = said["gates"][0]
    said["gates"] = [first] + [
        {
            "id": f"big-{g}",
            "stage": g + 2,
            "title": "G",
            "needs": [],
            "entry": {"id": f"e-{g}", "text": "E", "mend": "M"},
            "exit": [
                {"id": f"c-{g}-{c}", "text": "C", "mend": "M", "all": [{"fact": next(paths)} for _ in range(10)]}
                for c in range(8)
            ],
        }
        for g in range(60)
    ]
    pack = pack_loader.load(random_packs.write(said, tmp_path))
    program = compile_pack(pack)
    claims = {claim for key in program.leaves for claim in leaf_claims(key, "met")}
    assert len(program.rules) > 10_000
    assert len(inference.derive(program.rules, claims)[0]) > 500  # both engines agree, or it raises


@pytest.mark.parametrize("body", [(), tuple(f"c{n}" for n in range(16))])
def test_a_body_that_the_engine_does_not_bear_is_refused(body: tuple[str, ...]):
    with pytest.raises(EngineFault, match=f"stands on {len(body)} claims, and 1 to 15 are possible"):
        inference.derive((Rule("r", body, "h"),), body)


def test_a_body_that_names_a_claim_twice_is_the_same_as_once():
    assert [one.rule for one in inference.derive((Rule("r", ("a", "a"), "h"),), ["a"])[0]] == ["r"]


def test_codes_with_equal_hashes_are_not_used():
    taken = {inference._hash("c1")}
    codes = inference._codes("c", taken)
    assert [next(codes), next(codes)] == ["c0", "c2"]
    assert inference._hash("sid") == 3593476751  # as the engine has it


# --- memory and threads stay as they are

FLAT = """
import json, random, sys, threading
sys.path.insert(0, {tests!r})
import random_packs
from pathlib import Path
from gatewright.engine import evaluate, inference, pack_loader
from gatewright.engine.compiler import Rule
def memory(): return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
pack = pack_loader.load(Path({pack!r}))
found = random_packs.read(pack.example, pack)
rules = tuple(Rule(f"r{{n}}", (f"a{{n}}", "b"), f"a{{n + 1}}") for n in range(20))
def evaluations(n): evaluate.evaluate(found, pack)
def silent(n): inference.derive(rules, ["a1"])  # no rule fires
def programs(n): inference.derive(tuple(Rule(r.id, r.body, r.head) for r in rules), ["a0", "b"])
once, early, late = {which}, {early}, {late}
for n in range(late):
    once(n)
    if n == early: before = memory()
print((memory() - before) // 1024, threading.active_count())
"""


@pytest.mark.parametrize(("which", "early", "late"), [("evaluations", 500, 2000), ("silent", 500, 3000), ("programs", 300, 1500)])
def test_memory_stays_flat_and_no_thread_is_started(which: str, early: int, late: int):
    code = FLAT.format(
        tests=str(Path(__file__).parent),
        pack=str(Path(__file__).parents[2] / "knowledge" / "mlops"),
        which=which,
        early=early,
        late=late,
    )
    done = run(code)
    assert done.returncode == 0, done.stderr
    grown, threads = map(int, done.stdout.split())
    assert grown < 4096
    assert threads == 1


def test_threads_that_evaluate_at_once_get_the_right_answers():
    rng = random.Random(4)
    programs = [random_packs.program(rng) for _ in range(8)]
    wanted = [{rule.id for rule in fixpoint.fired(rules, claims | {"begin"})} for rules, claims in programs]

    def work(seed: int) -> bool:
        turn = random.Random(seed)
        for _ in range(60):
            number = turn.randrange(len(programs))
            if {one.rule for one in inference.derive(*programs[number])[0]} != wanted[number]:
                return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))
    assert threading.active_count() <= 5


# --- faults


def test_a_disagreement_of_the_engines_is_our_fault_and_never_a_pass(monkeypatch: pytest.MonkeyPatch):
    found, real = random_packs.read(PACK.example, PACK), fixpoint.fired
    assert evaluate.evaluate(found, PACK).passed

    def one_less(rules: tuple[Rule, ...], claims: frozenset[str]) -> tuple[Rule, ...]:
        return real(rules, claims)[:-1]

    def one_more(rules: tuple[Rule, ...], claims: frozenset[str]) -> tuple[Rule, ...]:
        right = real(rules, claims)
        return (*right, next(rule for rule in rules if rule not in right))

    for spoiled in (one_less, one_more):
        monkeypatch.setattr(inference.fixpoint, "fired", spoiled)
        less = {key: value for key, value in PACK.example.items() if key != "use_case"}
        for facts in (found, random_packs.read(less, PACK)):
            with pytest.raises(EngineFault, match="durable-rules and the fixpoint differ on 1 of the rules"):
                evaluate.evaluate(facts, PACK)


def test_what_goes_wrong_in_an_action_is_our_fault_and_the_next_run_is_right(monkeypatch: pytest.MonkeyPatch):
    rules, claims = example_claims()
    right = inference.derive(rules, claims)
    real = inference._Network._fact

    def spoiled(self: Any, claim: str) -> dict[str, Any]:
        if claim == "gate:lineage passed":
            raise ValueError("spoiled")
        return real(self, claim)

    with monkeypatch.context() as patch:
        patch.setattr(inference._Network, "_fact", spoiled)
        with pytest.raises(EngineFault, match="failed in an action: spoiled"):
            inference.derive(rules, claims)
    assert inference.derive(rules, claims) == right


def test_an_interrupt_in_an_action_stays_an_interrupt(monkeypatch: pytest.MonkeyPatch):
    def interrupted(self: Any, claim: str) -> dict[str, Any]:
        if claim == "b":
            raise KeyboardInterrupt
        return real(self, claim)

    real = inference._Network._fact
    monkeypatch.setattr(inference._Network, "_fact", interrupted)
    with pytest.raises(KeyboardInterrupt):
        inference.derive((Rule("1", ("a",), "b"), Rule("2", ("b",), "c")), ["a"])


def test_a_fact_that_the_engine_refuses_is_our_fault_and_the_next_run_is_right(monkeypatch: pytest.MonkeyPatch):
    rules = (Rule("1", ("a",), "b"), Rule("2", ("b", "c"), "d"))
    real = inference._Network._fact
    with monkeypatch.context() as patch:
        patch.setattr(inference._Network, "_fact", lambda self, claim: real(self, claim) | {"id": "same"})
        with pytest.raises(EngineFault, match=r"durable-rules failed: Message has already been observed"):
            inference.derive(rules, ["a", "c"])
    assert len(inference.derive(rules, ["a", "c"])[0]) == 2


def test_an_engine_that_refuses_even_the_first_fact_is_our_fault_and_the_next_run_is_right(monkeypatch: pytest.MonkeyPatch):
    rules = (Rule("1", ("a",), "b"),)
    inference.derive(rules, ["a"])

    def refuses(*_: object) -> None:
        raise OSError("full")

    with monkeypatch.context() as patch:
        patch.setattr(inference._networks(rules)._parts[0]._host, "assert_facts", refuses)
        with pytest.raises(EngineFault, match="durable-rules failed: full"):
            inference.derive(rules, ["a"])
    assert len(inference.derive(rules, ["a"])[0]) == 1


def test_a_rule_that_fires_twice_is_our_fault(monkeypatch: pytest.MonkeyPatch):
    real = inference._Network.end
    monkeypatch.setattr(inference._Network, "end", lambda self: real(self) * 2)
    with pytest.raises(EngineFault, match="fired a rule twice"):
        inference.derive((Rule("1", ("a",), "b"),), ["a"])


def test_a_session_that_cannot_be_ended_is_our_fault(monkeypatch: pytest.MonkeyPatch):
    rules = (Rule("1", ("a",), "b"),)
    inference.derive(rules, ["a"])
    host = inference._networks(rules)._parts[0]._host

    def stuck(*_: object) -> None:
        raise OSError("stuck")

    monkeypatch.setattr(host, "delete_state", stuck)
    with pytest.raises(EngineFault, match="can't end a session: stuck"):
        inference.derive(rules, ["a"])


# --- without durable-rules


def test_without_durable_rules_the_fixpoint_derives_alone_and_says_so(tmp_path: Path):
    broken = tmp_path / "durable"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('undefined symbol: PyEval_CallObject')\n")
    done = run(f"""
import sys
sys.path[:0] = [{str(tmp_path)!r}, {str(Path(__file__).parent)!r}]
import random_packs
from pathlib import Path
from gatewright.engine import evaluate, pack_loader
pack = pack_loader.load(Path({str(Path(__file__).parents[2] / "knowledge" / "mlops")!r}))
verdict = evaluate.evaluate(random_packs.read(pack.example, pack), pack)
print(verdict.passed, verdict.engine.name, repr(verdict.engine.checked_by), verdict.engine.note)
""")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("True fixpoint '' durable-rules can't be imported")
    assert "without a second opinion" in done.stdout
