"""The plain fixpoint, against the most naive reading there is: fire what can fire until nothing new comes."""

from __future__ import annotations

import random

import random_packs
from gatewright.engine.compiler import Rule
from gatewright.engine.fixpoint import fired
from hypothesis import given

Program = tuple[tuple[Rule, ...], frozenset[str]]


def naive(rules: tuple[Rule, ...], claims: frozenset[str]) -> set[str]:
    known, before = set(claims), -1
    while len(known) != before:
        before = len(known)
        known |= {rule.head for rule in rules if known.issuperset(rule.body)}
    return {rule.id for rule in rules if known.issuperset(rule.body)}


@given(program=random_packs.programs)
def test_it_fires_what_the_naive_reading_fires(program: Program):
    assert {rule.id for rule in fired(*program)} == naive(*program)


@given(program=random_packs.programs)
def test_each_rule_fires_once_and_after_what_it_stands_on(program: Program):
    rules, claims = program
    known = set(claims)
    found = fired(rules, claims)
    assert len(set(found)) == len(found)
    for rule in found:
        assert known.issuperset(rule.body)
        known.add(rule.head)


@given(program=random_packs.programs)
def test_the_order_of_claims_changes_nothing(program: Program):
    rules, claims = program
    shuffled = random.Random(1).sample(sorted(claims), len(claims))
    assert fired(rules, shuffled + shuffled) == fired(rules, sorted(claims))


@given(program=random_packs.programs)
def test_more_claims_never_fire_fewer_rules(program: Program):
    rules, claims = program
    fewer = frozenset(sorted(claims)[::2])
    assert {rule.id for rule in fired(rules, fewer)} <= {rule.id for rule in fired(rules, claims)}


def test_rules_in_a_circle_fire_only_where_something_from_outside_starts_them():
    rules = (Rule("1", ("a",), "b"), Rule("2", ("b",), "a"))
    assert fired(rules, []) == ()
    assert fired(rules, ["b"]) == (rules[1], rules[0])


def test_a_claim_that_stands_twice_in_a_body_counts_once():
    rules = (Rule("1", ("a", "a"), "b"),)
    assert fired(rules, ["a"]) == rules
