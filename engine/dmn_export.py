"""Decision tables -> DMN 1.3 XML, which modellers open and other engines run.

Source: OMG DMN 1.3 (formal/2021-02-01), chapters 8 and 13, and its DMN13.xsd for the order of the elements. What DMN has
no place for (the fact behind an input, what a policy table declares) stands in extension elements of our own.

A policy table is a table of the hit policy priority: its first output is the row, whose values are ranked as the pack ranks
the rows. The others are what the row recommends.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from .cells import literal
from .dmn_xml import OWN
from .pack import Pack
from .pack_tables import Input, OutputRow, OutputTable, Row, Table, Value

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_DI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
_DC = "http://www.omg.org/spec/DMN/20180521/DC/"
_LINES = "http://www.omg.org/spec/DMN/20180521/DI/"
_NUMERIC = ("integer", "number", "share", "duration")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 can't hold
POLICY_OUTPUTS = ("row", "choice", "recommendation", "alternative-choice", "alternative", "tradeoff")
for _prefix, _name in (("", MODEL), ("dmndi", _DI), ("dc", _DC), ("di", _LINES), ("gatewright", OWN)):
    ET.register_namespace(_prefix, _name)


def export(pack: Pack, tables: Iterable[Table | OutputTable]) -> str:
    """The XML of some tables of a pack, one decision each, with a diagram of what they need."""
    return _Writing(pack).document(tuple(tables))


class _Writing:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.data: dict[str, str] = {}  # the ids of inputs of the diagram by their names

    def document(self, tables: tuple[Table | OutputTable, ...]) -> str:
        root = ET.Element(
            f"{{{MODEL}}}definitions",
            {
                "id": f"pack-{self.pack.id}",
                "name": _legal(self.pack.title),
                "namespace": f"urn:gatewright:pack:{self.pack.id}",
                "exporter": "Gatewright",
            },
        )
        needs = [self.decision(root, table) for table in tables]
        for name, key in self.data.items():
            data = _add(root, "inputData", id=key, name=name)
            _add(data, "variable", id=f"{key}.variable", name=name)
        self.diagram(root, tables, needs)
        ET.indent(root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"

    def decision(self, root: ET.Element, table: Table | OutputTable) -> list[str]:
        decision = _add(root, "decision", id=f"decision-{table.id}", name=table.title)
        inputs = _inputs(table)
        policy = isinstance(table, Table)
        if policy:
            _ours(decision, "table", id=table.id, declared=table.declared, rationale=table.rationale, gaps=table.gaps)
        else:
            _ours(decision, "table", id=table.id, source=table.source, gaps=table.gaps)
        _add(decision, "variable", id=f"variable-{table.id}", name=table.title)
        needs = [self.need((one.fact or one.signal or "").partition(".")[0].partition("[")[0]) for one in inputs.values()]
        for key in dict.fromkeys(needs):
            requirement = _add(decision, "informationRequirement", id=f"need-{table.id}.{key}")
            _add(requirement, "requiredInput", href=f"#{key}")
        written = _add(decision, "decisionTable", id=f"table-{table.id}", label=table.title)
        hit = "priority" if policy else table.hit
        written.set("hitPolicy", hit.replace("-", " ").upper())
        if not policy and table.aggregate:
            written.set("aggregation", table.aggregate.upper())
        for name, known in inputs.items():
            self.input(written, table, name, known)
        self.policy_outputs(written, table) if policy else self.outputs(written, table)
        for row in table.rows:
            rule = _add(written, "rule", id=f"rule-{table.id}.{row.id}")
            note = row.signal if isinstance(row, Row) else row.note
            if note:
                _add(rule, "description").text = _legal(note)
            _ours(rule, "row", id=row.id)
            cells = {f"when-{row.when}": "true"} if isinstance(row, Row) and not row.cells else row.cells
            for name in inputs:
                _text(_add(rule, "inputEntry", id=f"cell-{table.id}.{row.id}.{name}"), cells.get(name, "-"))
            for name, value in _values(row).items():
                _text(_add(rule, "outputEntry", id=f"value-{table.id}.{row.id}.{name}"), literal(value))
        return list(dict.fromkeys(needs))

    def need(self, name: str) -> str:
        return self.data.setdefault(name, f"input-{name}")

    def input(self, written: ET.Element, table: Table | OutputTable, name: str, known: Input) -> None:
        clause = _add(written, "input", id=f"column-{table.id}.{name}", label=known.title or self.title(known) or name)
        when = "true" if name.startswith("when-") and name not in table.inputs else None
        _ours(clause, "input", id=name, fact=known.fact, signal=known.signal, unit=known.unit, title=known.title, when=when)
        fact = self.pack.facts[known.fact] if known.fact else None
        kind = "boolean" if fact is None else "number" if fact.type in _NUMERIC else "date" if fact.type == "date" else "string"
        expression = _add(clause, "inputExpression", id=f"expression-{table.id}.{name}", typeRef=kind)
        _text(expression, (known.fact or known.signal or "").replace("[]", ""))
        if fact and fact.choices:
            _text(_add(clause, "inputValues", id=f"choices-{table.id}.{name}"), ", ".join(map(literal, fact.choices)))

    def title(self, known: Input) -> str:
        return next((signal.title for signal in self.pack.signals if signal.id == known.signal), "")

    def outputs(self, written: ET.Element, table: OutputTable) -> None:
        for name, known in table.outputs.items():
            kind = "string" if known.values else "number"
            clause = _add(written, "output", id=f"output-{table.id}.{name}", label=known.title, name=name, typeRef=kind)
            _ours(clause, "output", unit=known.unit)
            if known.values:
                _text(_add(clause, "outputValues", id=f"values-{table.id}.{name}"), ", ".join(map(literal, known.values)))
            if table.otherwise is not None:
                _text(
                    _add(clause, "defaultOutputEntry", id=f"otherwise-{table.id}.{name}", typeRef=kind),
                    literal(table.otherwise[name]),
                )

    def policy_outputs(self, written: ET.Element, table: Table) -> None:
        for name in POLICY_OUTPUTS:
            clause = _add(written, "output", id=f"output-{table.id}.{name}", label=name, name=name, typeRef="string")
            if name == "row":
                _text(_add(clause, "outputValues", id=f"values-{table.id}.row"), ", ".join(map(literal, table.priority)))

    def diagram(self, root: ET.Element, tables: tuple[Table | OutputTable, ...], needs: list[list[str]]) -> None:
        """Decisions above, what they need below, and a line for each need."""
        diagram = ET.SubElement(ET.SubElement(root, f"{{{_DI}}}DMNDI"), f"{{{_DI}}}DMNDiagram", id="diagram")
        spots = {f"decision-{table.id}": (100 + 240 * n, 80, 180, 80) for n, table in enumerate(tables)}
        spots |= {key: (100 + 180 * n, 280, 125, 45) for n, key in enumerate(self.data.values())}
        for key, (x, y, width, height) in spots.items():
            shape = ET.SubElement(diagram, f"{{{_DI}}}DMNShape", id=f"shape-{key}", dmnElementRef=key)
            ET.SubElement(shape, f"{{{_DC}}}Bounds", x=str(x), y=str(y), width=str(width), height=str(height))
        for table, keys in zip(tables, needs, strict=True):
            for key in keys:
                name = f"need-{table.id}.{key}"
                edge = ET.SubElement(diagram, f"{{{_DI}}}DMNEdge", id=f"edge-{name}", dmnElementRef=name)
                for at, below in ((key, 0), (f"decision-{table.id}", 1)):
                    x, y, width, height = spots[at]
                    ET.SubElement(edge, f"{{{_LINES}}}waypoint", x=str(x + width // 2), y=str(y + height * below))


def _inputs(table: Table | OutputTable) -> dict[str, Input]:
    """The columns of a table; of rows that name a signal, one for each signal."""
    asked = [row.when for row in table.rows if isinstance(row, Row) and not row.cells]
    return {**table.inputs, **{f"when-{name}": Input.model_construct(signal=name) for name in asked}}


def _values(row: Row | OutputRow) -> dict[str, Value]:
    if isinstance(row, Row):
        said = (row.id, row.default.choice, row.default.text, row.alternative.choice, row.alternative.text, row.tradeoff)
        return dict(zip(POLICY_OUTPUTS, said, strict=True))
    return row.then


def _add(parent: ET.Element, tag: str, /, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{MODEL}}}{tag}", {key: _legal(value) for key, value in attributes.items()})


def _text(parent: ET.Element, text: str) -> None:
    _add(parent, "text").text = _legal(text)


def _ours(parent: ET.Element, tag: str, /, **said: str | None) -> None:
    """What DMN has no place for."""
    known = {key: _legal(value) for key, value in said.items() if value}
    if known:
        ET.SubElement(_add(parent, "extensionElements"), f"{{{OWN}}}{tag}", known)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
