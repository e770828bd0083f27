"""What a pack compiles to, checked by a second road: a direct recursive evaluator of three-valued logic."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import random_packs
from gatewright.engine import fixpoint, pack_loader
from gatewright.engine.compiler import BEGIN, MOST_IN_BODY, Program, compile_pack, leaf_claims
from gatewright.engine.pack import Pack
from gatewright.engine.pack_conditions import (
    All,
    AnyOf,
    Condition,
    CriterionHolds,
    Decides,
    Follows,
    FreeOf,
    Leaf,
    Passes,
    SignalIs,
    Statement,
)
from hypothesis import HealthCheck, given, settings
from random_tables import fits, outcome, worlds

YES, NO, OPEN = "yes", "no", "open"
REAL = pack_loader.load(Path(__file__).parents[2] / "knowledge" / "mlops")


class Direct:
    """The same questions answered by recursion over the pack, with no rules in between."""

    def __init__(self, pack: Pack, answers: dict[str, str], waived: frozenset[str] = frozenset()) -> None:
        self.pack, self.answers, self.waived = pack, answers, waived

    def all(self, values: list[str]) -> str:
        return NO if NO in values else OPEN if OPEN in values else YES

    def any(self, values: list[str]) -> str:
        return YES if YES in values else OPEN if OPEN in values else NO

    def turned(self, value: str) -> str:
        return {YES: NO, NO: YES, OPEN: OPEN}[value]

    def statement(self, statement: Statement) -> str:
        values = [self.condition(part) for part in statement.all or statement.any]
        return self.all(values) if statement.all else self.any(values)

    def criterion(self, name: str) -> str:
        return YES if name in self.waived else self.statement(self.pack.criteria[name])

    def signal(self, name: str) -> str:
        return self.statement(next(signal for signal in self.pack.signals if signal.id == name))

    def free(self) -> str:
        return self.all([self.turned(self.statement(pattern)) for pattern in self.pack.antipatterns])

    def checklist(self, name: str) -> str:
        items = next(checklist.items for checklist in self.pack.checklists if checklist.id == name)
        return self.all([self.statement(item) for item in items])

    def leaf(self, fact: str, operator: str = "stated", argument: Any = True) -> str:
        return self.answers[Leaf(fact=fact, operator=operator, argument=argument).key]

    def table(self, name: str) -> str:
        table = next(table for table in self.pack.tables if table.id == name)
        agreed = self.all([self.leaf(table.declared), self.leaf(table.rationale)])
        for row in table.ranked:
            signal = self.signal(row.when)
            if signal == YES:
                chosen = self.leaf(table.declared, "is", row.default.choice)
                return YES if agreed == YES else chosen
            if signal == OPEN:
                return agreed
        return YES

    def decides(self, asked: Decides) -> str:
        """By trying every way in which the rows that are not known may turn out."""
        table = next(table for table in self.pack.output_tables if table.id == asked.table)
        sides = {row.id: self.signal(row.when) if row.when else YES for row in table.rows}
        came = {fits(asked, outcome(table, holding), self.pack.limits) for holding in worlds(sides)}
        return OPEN if len(came) == 2 else YES if True in came else NO

    def condition(self, condition: Condition) -> str:
        if isinstance(condition, Leaf):
            return self.answers[condition.key]
        if isinstance(condition, SignalIs):
            value = self.signal(condition.signal)
            return value if condition.holds else self.turned(value)
        if isinstance(condition, CriterionHolds):
            return self.criterion(condition.criterion)
        if isinstance(condition, Passes):
            return self.checklist(condition.passes)
        if isinstance(condition, FreeOf):
            return self.free()
        if isinstance(condition, Follows):
            return self.table(condition.follows)
        if isinstance(condition, Decides):
            return self.decides(condition)
        if isinstance(condition, All):
            return self.all([self.condition(part) for part in condition.all])
        assert isinstance(condition, AnyOf)
        return self.any([self.condition(part) for part in condition.any])

    def gates(self, order: tuple[str, ...]) -> dict[str, str]:
        found: dict[str, str] = {}
        before = "passed"
        for name in order:
            gate = self.pack.gates_by_id[name]
            asked = [self.condition(part) for part in gate.entry.all or gate.entry.any]
            entry = (self.any if gate.entry.any else self.all)(asked)
            holds = self.all([entry, *(self.criterion(criterion.id) for criterion in gate.exit)]) == YES
            before = found[name] = ("passed" if holds else "blocked") if before == "passed" else "waiting"
        return found


def random_answers(program: Program, rng: random.Random, met: float = 0.5) -> dict[str, str]:
    """Random answers, those about a declared choice as they can be: known or not together, and one choice at most."""
    answers = {key: YES if rng.random() < met else rng.choice([NO, OPEN]) for key in program.leaves}
    for key, leaf in program.leaves.items():
        if leaf.fact in ("s.policy", "s.reason") and leaf.operator == "stated":
            answers[key] = rng.choice([YES, OPEN])
    chosen = rng.choice(["wait", "go", None])
    declared = Leaf(fact="s.policy").key
    if declared in answers:
        answers[declared] = YES if chosen else OPEN
    for key, leaf in program.leaves.items():
        if leaf.fact == "s.policy" and leaf.operator == "is":
            answers[key] = OPEN if chosen is None else YES if leaf.argument == chosen else NO
    return answers


def derived(program: Program, answers: dict[str, str]) -> set[str]:
    status = {YES: "met", NO: "unmet", OPEN: "unknown"}
    claims = {claim for key, answer in answers.items() for claim in leaf_claims(key, status[answer])}
    claims |= {BEGIN} | {f"waived:{name}" for name in program.waived}
    return {rule.head for rule in fixpoint.fired(program.rules, claims)}


def sides(held: set[str], node: str) -> list[str]:
    return [side for side in (YES, NO, OPEN) if f"{node} {side}" in held]


def check(pack: Pack, rng: random.Random) -> None:
    order = list(pack.order)
    if rng.random() < 0.3:
        rng.shuffle(order)
    waived = frozenset(rng.sample(sorted(pack.criteria), k=rng.choice([0, 0, 1])))
    program = compile_pack(pack, order, waived)
    answers = random_answers(program, rng, rng.choice([0.4, 0.7, 0.95]))
    held, direct = derived(program, answers), Direct(pack, answers, waived)
    for signal in pack.signals:
        assert sides(held, f"signal:{signal.id}") == [direct.signal(signal.id)]
    for pattern in pack.antipatterns:
        assert sides(held, f"antipattern:{pattern.id}") == [direct.statement(pattern)]
    for table in pack.tables:
        assert sides(held, f"table:{table.id}") == [direct.table(table.id)]
    many = [(f"criterion:{name}", direct.criterion(name)) for name in pack.criteria]
    many += [(f"checklist:{one.id}", direct.checklist(one.id)) for one in pack.checklists]
    many += [(f"item:{one.id}/{item.id}", direct.statement(item)) for one in pack.checklists for item in one.items]
    for node, value in many:  # these say `no` and open side by side, so that every missing item is found; `no` counts first
        found = sides(held, node)
        assert found[0] == value, node
        assert YES not in found or found == [YES], node
    gates = {
        name: [status for status in ("passed", "blocked", "waiting") if f"gate:{name} {status}" in held] for name in pack.order
    }
    assert gates == {name: [status] for name, status in direct.gates(tuple(order)).items()}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rng=random_packs.randoms)
def test_rules_derive_what_three_valued_logic_says(rng: random.Random, tmp_path: Path):
    pack = random_packs.pack(rng, tmp_path)
    for _ in range(5):
        check(pack, rng)


def test_rules_derive_what_three_valued_logic_says_in_many_seeded_packs(tmp_path: Path):
    for seed in range(30):
        rng = random.Random(seed)
        pack = random_packs.pack(rng, tmp_path, gates=rng.randint(1, 6))
        for _ in range(15):
            check(pack, rng)


def test_the_real_pack_derives_what_three_valued_logic_says():
    rng = random.Random(1)
    program = compile_pack(REAL)
    for _ in range(60):
        answers = {key: YES if rng.random() < 0.97 else rng.choice([NO, OPEN]) for key in program.leaves}
        for table in REAL.tables:
            known = rng.random() < 0.8
            answers[Leaf(fact=table.declared).key] = YES if known else OPEN
            answers[Leaf(fact=table.rationale).key] = rng.choice([YES, OPEN])
            chosen = rng.choice(REAL.facts[table.declared].choices)
            for key, leaf in program.leaves.items():
                if leaf.fact == table.declared and leaf.operator == "is":
                    answers[key] = OPEN if not known else YES if leaf.argument == chosen else NO
        held, direct = derived(program, answers), Direct(REAL, answers)
        assert {name: f"gate:{name} passed" in held for name in REAL.order} == {
            name: status == "passed" for name, status in direct.gates(REAL.order).items()
        }
        assert all(sides(held, f"criterion:{name}")[0] == direct.criterion(name) for name in REAL.criteria)


# --- the shape of the rules


def long_pack(conditions: int, tmp_path: Path) -> Pack:
    said = random_packs.content(random.Random(3), gates=1)
    leaves = [{"fact": "s.number", "at_least": f"limit-{number}"} for number in range(conditions)]
    limit = said["limits"]["some"]
    said["limits"] |= {f"limit-{number}": limit for number in range(conditions)}
    criterion = {"id": "long", "text": "C", "mend": "M", "all": leaves}
    said["gates"][0]["exit"] += [criterion, criterion | {"id": "wide", "all": [{"any": leaves}]}]
    return pack_loader.load(random_packs.write(said, tmp_path))


@pytest.mark.parametrize("conditions", [1, 14, 15, 16, 29, 30, 250])
def test_long_bodies_are_chained(conditions: int, tmp_path: Path):
    pack = long_pack(conditions, tmp_path)
    program = compile_pack(pack)
    assert max(len(rule.body) for rule in program.rules) <= MOST_IN_BODY
    keys = [Leaf(fact="s.number", operator="at_least", argument=f"limit-{number}").key for number in range(conditions)]
    for lacking in (None, 0, conditions // 2, conditions - 1):
        answers = dict.fromkeys(program.leaves, YES) | ({keys[lacking]: OPEN} if lacking is not None else {})
        held = derived(program, answers)
        assert sides(held, "criterion:long") == ([YES] if lacking is None else [OPEN])
        assert sides(held, "criterion:wide") == ([YES] if lacking is None or conditions > 1 else [OPEN])
    assert sides(derived(program, dict.fromkeys(program.leaves, NO)), "criterion:wide") == [NO]


def test_the_number_of_rules_grows_with_the_conditions_and_no_faster(tmp_path: Path):
    few, many = (len(compile_pack(long_pack(count, tmp_path)).rules) for count in (100, 400))
    assert many < 4.5 * few


def test_no_two_rules_have_the_same_body_and_head(tmp_path: Path):
    for pack in (REAL, long_pack(40, tmp_path), random_packs.pack(random.Random(9), tmp_path)):
        rules = compile_pack(pack).rules
        assert len({(frozenset(rule.body), rule.head) for rule in rules}) == len(rules) == len({rule.id for rule in rules})
        assert all(len(set(rule.body)) == len(rule.body) >= 1 for rule in rules)


def test_a_pack_without_anti_patterns_has_no_rule_about_them():
    program = compile_pack(REAL.model_copy(update={"antipatterns": ()}))
    assert not [rule for rule in program.rules if rule.head.startswith("antipattern")]


def test_equal_questions_are_asked_once():
    program = compile_pack(REAL)
    assert len(set(program.leaves)) == len({(leaf.fact, leaf.operator, repr(leaf.argument)) for leaf in program.leaves.values()})


def test_a_waived_criterion_holds_and_what_is_wrong_with_it_is_judged_all_the_same():
    program = compile_pack(REAL, waived=["scope-objective"])
    answers = dict.fromkeys(program.leaves, YES) | {Leaf(fact="delivery.model").key: OPEN}
    held = derived(program, answers)
    assert sides(held, "criterion:scope-objective") == [YES]
    assert sides(held, "judged:scope-objective") == [OPEN]


def test_a_dependency_that_another_order_turns_round_is_dropped_and_named():
    first, second, *rest = REAL.order
    program = compile_pack(REAL, [second, first, *rest])
    assert program.dropped[second] == (first,)
    assert not any(program.dropped[gate] for gate in (first, *rest))


@pytest.mark.parametrize(
    ("status", "claims"), [("met", {"yes", "not-no"}), ("unmet", {"no", "not-yes"}), ("unknown", {"open", "not-yes", "not-no"})]
)
def test_an_answer_claims_what_it_is_and_what_it_is_not(status: str, claims: set[str]):
    assert set(leaf_claims("key", status)) == {f"leaf:key {claim}" for claim in claims}
