"""Defects of durable-rules 2.0.28 that the engine keeps clear of, pinned: a version that changes one is noticed here.

Each runs in a process of its own, since some hang and some crash. Where one of these fails, the defect is gone or
has moved: read `inference.py` again before the new version is let in.
"""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

if sys.version_info >= (3, 13):  # before that its absence is a fault, and the tests below say so
    pytest.importorskip("durable", reason="there is no durable-rules to watch on this Python")

PREPARED = """
import threading
from durable import engine

class Host(engine.Host):
    def _run(self): ...

def host(rules):
    made = Host()
    made.register_rulesets({"t": rules})
    return made

def when(*conditions, **more):
    return {"all": [{f"m{n}": condition} for n, condition in enumerate(conditions)], "run": lambda c: fired.append(1)} | more

def attempt(call, *values):
    try:
        call(*values)
    except BaseException as error:
        return type(error).__name__ + " " + str(error)

fired = []
"""


def outcome(code: str, seconds: float = 20) -> tuple[int | str, str]:
    """How a process ended (its code, `hangs`), and what it printed."""
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PREPARED + code], capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as slow:
        printed = slow.stdout or b""
        return "hangs", printed.decode().strip() if isinstance(printed, bytes) else printed.strip()
    return done.returncode, done.stdout.strip()


def test_none_fires_though_the_blocker_is_in_the_same_batch():
    assert outcome("""
h = host({"free": {"all": [{"a": {"k": "a"}}, {"b$not": {"k": "blocker"}}], "run": lambda c: fired.append("free")},
          "seen": {"all": [{"m": {"k": "blocker"}}], "run": lambda c: fired.append("seen")}})
h.assert_facts("t", [{"id": "1", "sid": "s", "k": "a"}, {"id": "2", "sid": "s", "k": "blocker"}])
print(fired)
""") == (0, "['free', 'seen']")


def test_the_default_host_starts_two_threads_that_never_end():
    assert outcome("""
import os, time
engine.Host().register_rulesets({"t": {"r": when({"k": "a"})}})
time.sleep(0.4)
print(threading.active_count(), flush=True)
os._exit(0)
""") == (0, "3")


@pytest.mark.parametrize(
    ("condition", "fact"), [('{"$gt": {"v": 5}}', '"abc"'), ('{"v": "10"}', "10"), ('{"v": True}', '"true"')]
)
def test_values_of_different_types_compare_as_true(condition: str, fact: str):
    code = f'host({{"r": when({condition})}}).assert_fact("t", {{"id": "1", "sid": "s", "v": {fact}}})\nprint(fired)'
    assert outcome(code) == (0, "[1]")


def test_a_number_with_an_exponent_makes_the_rest_of_a_batch_vanish():
    assert outcome("""
h = host({"r": {"all": [{"m": {"k": "a"}}], "run": lambda c: fired.append(c.m.id)}})
print(attempt(h.assert_facts, "t", [{"id": "1", "sid": "s", "k": "a"}, {"id": "2", "sid": "s", "k": "a", "v": 1e-07},
                                    {"id": "3", "sid": "s", "k": "a"}]), fired)
""") == (0, "None ['1']")


def test_an_exception_in_an_action_is_swallowed():
    assert outcome("""
def act(c):
    fired.append(1)
    raise ValueError("no")
h = host({"r": {"all": [{"m": {"k": "a"}}], "run": act}})
print(attempt(h.assert_fact, "t", {"id": "1", "sid": "s", "k": "a"}), fired)
""") == (0, "None [1]")


@pytest.mark.parametrize(
    ("second", "error"),
    [
        ({"id": "1", "sid": "s", "k": "a"}, "MessageObservedException"),
        ({"id": "2", "sid": "s", "k": "b"}, "MessageNotHandledException"),
    ],
)
def test_a_repeated_or_unhandled_fact_in_a_batch_raises_before_any_action(second: dict[str, str], error: str):
    code, printed = outcome(f"""
h = host({{"r": when({{"k": "a"}})}})
print(attempt(h.assert_facts, "t", [{{"id": "1", "sid": "s", "k": "a"}}, {second}]).split()[0], fired)
""")
    assert (code, printed) == (0, f"{error} []")


@pytest.mark.parametrize(("count", "ends"), [(16, "None [1]"), (17, "error Could not assert facts, error code: 304 []")])
def test_sixteen_antecedents_work_and_seventeen_fail(count: int, ends: str):
    assert outcome(f"""
h = host({{"r": when(*({{"k": f"a{{n}}"}} for n in range({count})))}})
print(attempt(h.assert_facts, "t", [{{"id": str(n), "sid": "s", "k": f"a{{n}}"}} for n in range({count})]), fired)
""") == (0, ends)


@pytest.mark.parametrize(("count", "ends"), [(511, (0, "built\n[1]")), (512, ("hangs", "built")), (513, ("hangs", ""))])
def test_from_512_siblings_under_one_node_it_hangs(count: int, ends: tuple[int | str, str]):
    assert (
        outcome(
            f"""
h = host({{f"r{{n}}": when({{"k": f"a{{n}}"}}) for n in range({count})}})
print("built", flush=True)
h.assert_fact("t", {{"id": "1", "sid": "s", "k": "a3"}})
print(fired)
""",
            seconds=20 if count < 512 else 2,
        )
        == ends
    )


@pytest.mark.parametrize(
    ("count", "ends"),
    [(255, (0, "255")), (256, (-signal.SIGSEGV, "")), (257, (0, "error Could not create ruleset, error code: 108"))],
)
def test_from_256_rules_on_one_condition_it_crashes_or_refuses(count: int, ends: tuple[int, str]):
    code, printed = outcome(f"""
h = []
problem = attempt(lambda: h.append(host({{f"r{{n}}": when({{"k": "a"}}) for n in range({count})}})))
if not problem:
    h[0].assert_fact("t", {{"id": "1", "sid": "s", "k": "a"}})
print(problem or len(fired))
""")
    assert (code, printed) == ends


@pytest.mark.parametrize(("count", "ends"), [(4096, "None"), (4097, "error Could not create ruleset, error code: 106")])
def test_a_ruleset_takes_4096_rules(count: int, ends: str):
    assert outcome(f"""
print(attempt(host, {{f"r{{n}}": when({{"$and": [{{f"g{{n // 100}}": 1}}, {{f"c{{n}}": 1}}]}}) for n in range({count})}}))
""") == (0, ends)


def test_a_catch_all_beside_another_rule_loops_for_ever():
    assert (
        outcome(
            """
h = host({"r": when({"k": "a"}), "all": when({"$ex": {"sid": 1}})})
h.assert_fact("t", {"id": "1", "sid": "s", "k": "a"})
""",
            seconds=2,
        )[0]
        == "hangs"
    )


def test_after_1024_live_sessions_there_is_no_other():
    assert outcome("""
h = host({"r": when({"k": "a"})})
found = [attempt(h.assert_fact, "t", {"id": "1", "sid": f"s{n}", "k": "a"}) for n in range(1025)]
print(found.index("MemoryError "))
""") == (0, "1024")


def test_deleting_a_session_in_which_no_action_has_run_crashes():
    assert outcome("""
h = host({"r": when({"k": "a"}, {"k": "b"})})
h.assert_fact("t", {"id": "1", "sid": "s", "k": "a"})
h.delete_state("t", "s")
print("deleted")
""") == (-signal.SIGSEGV, "")


def test_the_memory_of_a_ruleset_is_never_given_back_by_itself():
    code, printed = outcome("""
import gc
from pathlib import Path
def memory(): return int(Path("/proc/self/statm").read_text().split()[1]) * 4
host({"r": when({"k": "a"})})
before = memory()
for _ in range(300):
    host({f"r{n}": when({"$and": [{f"g{n // 20}": 1}, {f"c{n}": 1}]}) for n in range(60)})
    gc.collect()
print((memory() - before) // 300)
""")
    assert code == 0
    assert int(printed) > 50  # kilobytes a ruleset
