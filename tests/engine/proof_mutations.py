"""Changes to a proof, in every way that we can think of. A change keeps the rest of the proof as it is, uncopied.

Each mutation takes the generator, the proof (of which the header and the table of nodes are fresh copies) and another
proof to take parts from; it returns False where there is nothing of its kind to change.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

Data = dict[str, Any]
Mutation = Callable[[random.Random, Data, Data], bool]
STATUSES = (
    "yes", "no", "open", "met", "unmet", "unknown", "assumed", "waived", "reordered", "passed", "blocked", "waiting",
    "leads", "holds", "undecided", "silent",
)  # fmt: skip
STATES = ("stated", "assumed", "placeholder", "missing", "invalid", "stale")
OPERATORS = ("stated", "measurable", "named", "pinned", "is", "at_least", "at_most", "found_in", "any_of", "count", "without")
JUNK: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1.5,
    "",
    "yes",
    [],
    {},
    [[]],
    {"a": 1},
    "x" * 300,
    10**30,
    ["gate:x"],
    "\ufffd",
)


def mutated(rng: random.Random, proof: Data, other: Data, kind: str) -> Data | None:
    """The proof with one mutation of a kind; nothing where that kind changed nothing."""
    changed = proof | {"nodes": dict(proof["nodes"])}
    if not MUTATIONS[kind](rng, changed, other) or not differs(proof, changed):
        return None
    return changed


def differs(one: Data, other: Data) -> bool:
    """Whether two proofs are written differently. What neither has copied is the same."""
    if one.keys() != other.keys():
        return True
    if any(dumped(one[key]) != dumped(other[key]) for key in one if key != "nodes"):
        return True
    left, right = one["nodes"], other["nodes"]
    if not isinstance(right, dict) or left.keys() != right.keys():
        return True
    return any(left[name] is not right[name] and dumped(left[name]) != dumped(right[name]) for name in left)


def dumped(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def node(rng: random.Random, proof: Data, wanted: Callable[[Data], bool] = lambda found: True) -> Data | None:
    """A copy of some node, put in its place, to be changed."""
    names = [name for name, found in proof["nodes"].items() if wanted(found)]
    if not names:
        return None
    name = rng.choice(names)
    proof["nodes"][name] = copy.deepcopy(proof["nodes"][name])
    return proof["nodes"][name]


def listed(rng: random.Random, proof: Data, key: str, least: int) -> list[Any] | None:
    """A list in some node, with at least so many entries."""
    found = node(rng, proof, lambda one: len(one.get(key, ())) >= least and key in one)
    return None if found is None else found[key]


def of_node(change: Callable[[random.Random, Data], Any], wanted: Callable[[Data], bool] = lambda found: True) -> Mutation:
    def mutate(rng: random.Random, proof: Data, other: Data) -> bool:
        found = node(rng, proof, wanted)
        if found is None:
            return False
        change(rng, found)
        return True

    return mutate


def of_list(key: str, least: int, change: Callable[[random.Random, list[Any], list[Any]], Any]) -> Mutation:
    """A change to a list of a node; the change also gets entries of the same kind from elsewhere."""

    def mutate(rng: random.Random, proof: Data, other: Data) -> bool:
        found = listed(rng, proof, key, least)
        if found is None:
            return False
        source = rng.choice((proof, other))["nodes"]
        pool: list[Any] = list(source) if key in ("because", "aside") else listed(rng, {"nodes": dict(source)}, key, 1) or []
        if not pool:
            return False
        change(rng, found, pool)
        return True

    return mutate


def of_fact(change: Callable[[random.Random, Data], Any]) -> Mutation:
    return of_list("facts", 1, lambda rng, found, pool: change(rng, rng.choice(found)))


def set_key(found: Data, key: str, value: Any) -> None:
    found[key] = value


def somewhere(rng: random.Random, value: Any) -> Any:
    """The value with something at a random place in it replaced by junk."""
    if rng.random() < 0.3 or not value or not isinstance(value, (dict, list)):
        return copy.deepcopy(rng.choice(JUNK))
    if isinstance(value, list):
        at = rng.randrange(len(value))
        return [somewhere(rng, one) if n == at else one for n, one in enumerate(value)]
    key = rng.choice(sorted(value))
    return {**value, key: somewhere(rng, value[key])}


def any_place(rng: random.Random, proof: Data, other: Data) -> bool:
    name = rng.choice(sorted(proof["nodes"]))
    proof["nodes"][name] = somewhere(rng, proof["nodes"][name])
    return True


def header(rng: random.Random, proof: Data, other: Data) -> bool:
    key = rng.choice([key for key in proof if key != "nodes"])
    proof[key] = somewhere(rng, proof[key])
    return True


def digest(rng: random.Random, proof: Data, other: Data) -> bool:
    key = rng.choice(("pack", "facts"))
    at = rng.randrange(7, len(proof[key]))
    proof[key] = proof[key][:at] + rng.choice("0123456789abcdef") + proof[key][at + 1 :]
    return True


def subject(rng: random.Random, proof: Data, other: Data) -> bool:
    proof["subject"] = rng.choice([*proof["nodes"], *other["nodes"], "gate", "gate:nothing"])
    return True


def order(rng: random.Random, proof: Data, other: Data) -> bool:
    proof["order"] = rng.sample(proof["order"], len(proof["order"]))
    return True


def waived(rng: random.Random, proof: Data, other: Data) -> bool:
    names = [name.partition(":")[2] for name in proof["nodes"] if name.startswith("criterion:") and "/" not in name]
    proof["waived"] = sorted({*proof["waived"], *names[:1]}) if rng.random() < 0.5 else proof["waived"][1:]
    return True


def drop_node(rng: random.Random, proof: Data, other: Data) -> bool:
    del proof["nodes"][rng.choice(sorted(proof["nodes"]))]
    return True


def rename_node(rng: random.Random, proof: Data, other: Data) -> bool:
    """Under another name, in every place that speaks of it."""
    name = rng.choice(sorted(proof["nodes"]))
    new = rng.choice((name + "x", name[:-1], rng.choice(sorted(proof["nodes"])), rng.choice(sorted(other["nodes"]))))
    proof["nodes"][new] = proof["nodes"].pop(name)
    for one, found in list(proof["nodes"].items()):
        if name in found.get("because", ()):
            proof["nodes"][one] = found | {"because": sorted(new if part == name else part for part in found["because"])}
    return True


def move_node(rng: random.Random, proof: Data, other: Data) -> bool:
    one, two = rng.sample(sorted(proof["nodes"]), 2)
    proof["nodes"][one], proof["nodes"][two] = proof["nodes"][two], proof["nodes"][one]
    return True


def graft(rng: random.Random, proof: Data, other: Data) -> bool:
    """A node of another proof, in the place of the one of the same name, or as one more."""
    name = rng.choice(sorted(other["nodes"]))
    proof["nodes"][name] = other["nodes"][name]
    return True


def graft_below(rng: random.Random, proof: Data, other: Data) -> bool:
    """All of another proof below one node."""
    todo = [rng.choice(sorted(other["nodes"]))]
    while todo:
        name = todo.pop()
        if proof["nodes"].get(name) is not other["nodes"][name]:
            proof["nodes"][name] = other["nodes"][name]
            todo += other["nodes"][name].get("because", ())
    return True


def other_facts(rng: random.Random, proof: Data, other: Data) -> bool:
    """Another proof under the digests of this one."""
    proof["nodes"] = dict(other["nodes"])
    return True


def more_key(rng: random.Random, proof: Data, other: Data) -> bool:
    found = rng.choice((proof, node(rng, proof) or proof))
    found[rng.choice(("note", "", "Status", "says", "against", "judged", "deviates", "aside"))] = rng.choice(JUNK)
    return True


def less_key(rng: random.Random, proof: Data, other: Data) -> bool:
    found = rng.choice((proof, node(rng, proof) or proof))
    del found[rng.choice(sorted(found))]
    return True


def has(key: str) -> Callable[[Data], bool]:
    return lambda found: key in found


def change_text(rng: random.Random, text: str) -> str:
    return rng.choice((text + " ", text[1:], text.swapcase(), "tbd", ""))


MUTATIONS: dict[str, Mutation] = {
    "another status": of_node(lambda rng, found: set_key(found, "status", rng.choice(STATUSES))),
    "a reason less": of_list("because", 1, lambda rng, found, pool: found.remove(rng.choice(found))),
    "a reason more": of_list("because", 0, lambda rng, found, pool: (found.append(rng.choice(pool)), found.sort())),
    "another reason": of_list("because", 1, lambda rng, found, pool: (found.pop(), found.append(rng.choice(pool)), found.sort())),
    "a reason twice": of_list("because", 1, lambda rng, found, pool: found.insert(0, found[0])),
    "reasons in another order": of_list("because", 2, lambda rng, found, pool: rng.shuffle(found)),
    "no reasons": of_list("because", 1, lambda rng, found, pool: found.clear()),
    "itself as a reason": of_list("because", 1, lambda rng, found, pool: found.extend(pool[:3])),
    "a node less": drop_node,
    "a node of another name": rename_node,
    "two nodes exchanged": move_node,
    "a node of another proof": graft,
    "a tree of another proof": graft_below,
    "another proof under these digests": other_facts,
    "another fact": of_fact(lambda rng, found: set_key(found, "fact", change_text(rng, found["fact"]))),
    "another record": of_fact(lambda rng, found: set_key(found, "in", change_text(rng, found["in"]))),
    "another state": of_fact(lambda rng, found: set_key(found, "state", rng.choice(STATES))),
    "another value": of_fact(lambda rng, found: set_key(found, "value", change_text(rng, found["value"]))),
    "a fact against it, or no longer": of_fact(
        lambda rng, f: f.pop("against") if "against" in f else set_key(f, "against", True)
    ),
    "a fact less": of_list("facts", 1, lambda rng, found, pool: found.pop(rng.randrange(len(found)))),
    "a fact more": of_list("facts", 0, lambda rng, found, pool: found.append(rng.choice(pool))),
    "a fact twice": of_list("facts", 1, lambda rng, found, pool: found.append(found[0])),
    "facts in another order": of_list("facts", 2, lambda rng, found, pool: rng.shuffle(found)),
    "facts of another leaf": of_list("facts", 1, lambda rng, found, pool: found.__setitem__(slice(None), pool)),
    "another operator": of_node(lambda rng, f: set_key(f["asks"], "operator", rng.choice(OPERATORS)), has("asks")),
    "another argument": of_node(
        lambda rng, f: set_key(f["asks"], "argument", somewhere(rng, f["asks"]["argument"])), has("asks")
    ),
    "another fact asked for": of_node(
        lambda rng, f: set_key(f["asks"], "fact", change_text(rng, f["asks"]["fact"])), has("asks")
    ),
    "follows or deviates": of_node(lambda rng, found: set_key(found, "deviates", not found["deviates"]), has("deviates")),
    "another set of gates aside": of_list("aside", 0, lambda rng, found, pool: found.append("gate:" + rng.choice(pool))),
    "other problems": of_node(lambda rng, found: set_key(found, "problems", found["problems"] + 1), has("problems")),
    "other digests": digest,
    "another subject": subject,
    "another order of gates": order,
    "other waivers": waived,
    "assumptions count, or don't": lambda rng, proof, other: set_key(proof, "assumptions", not proof["assumptions"]) is None,
    "a key more": more_key,
    "a key less": less_key,
    "another type in the header": header,
    "another type in a node": any_place,
}
