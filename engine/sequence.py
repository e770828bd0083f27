"""Another order of the gates, where a fact file asks for one by name."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import Place, short
from .keys import Keys
from .nodes import Entry
from .pack import Pack
from .values import Values, kind, some

SEQUENCE = "sequence"
_KEYS = ("order", "requested_by", "reason")


@dataclass(frozen=True, slots=True)
class Sequence:
    """Another order of the gates, asked for by name."""

    order: tuple[str, ...]
    requested_by: str
    reason: str
    place: Place


def read(entry: Entry | None, pack: Pack, values: Values, keys: Keys) -> Sequence | None:
    """The order asked for; nothing where there is none or one that can't be taken, which is noted as a problem."""
    if entry is None or values.is_placeholder(entry.value):
        return None
    node, kept = entry.value, "until then the gates stay in their order"
    if node.kind != "mapping":
        values.problem(
            "wrong-type",
            f"`{SEQUENCE}` takes {some(_KEYS)}, and here is {kind(node)}",
            entry.place,
            f"write them below it; {kept}",
        )
        return None
    keys.check(node, f"`{SEQUENCE}`", SEQUENCE, _KEYS)
    order = node.entries.get("order")
    by, reason = keys.said(node, "requested_by"), keys.said(node, "reason")
    gates: list[str] = []
    default = pack.order
    for item in order.value.items if order else ():
        gate = pack.find_gate(item.raw)
        gates.append(gate.id if gate else "")
        if gate is None:
            close = values.close(item.raw.lower(), default)
            values.problem(
                "bad-sequence",
                f"no gate is called `{short(item.raw)}`",
                item.place,
                f"did you mean `{close}`?" if close else f"the gates are: {', '.join(default)}",
            )
    if sorted(gates) != sorted(default) or gates[-1] != default[-1]:
        lacking = [gate for gate in default if gate not in gates]
        twice = sorted({gate for gate in gates if gate and gates.count(gate) > 1}) if len(gates) <= 2 * len(default) else []
        here = (f"; missing: {', '.join(lacking)}" if lacking else "") + (f"; twice: {', '.join(twice)}" if twice else "")
        values.problem(
            "bad-sequence",
            f"another order names every gate once, and `{default[-1]}` stays last{here}",
            order.place if order else entry.place,
            f"the gates are: {', '.join(default)}; {kept}",
        )
    elif not by or not reason:
        values.problem(
            "bad-sequence",
            "another order needs `requested_by` and `reason`",
            entry.place,
            f"say who asked for it and why; {kept}",
        )
    else:
        return Sequence(tuple(gates), by, reason, entry.place)
    return None
