// DMN read, run and written by tools that are not ours: dmn-moddle (the reader of dmn-js and the Camunda Modeler) for the XML,
// feelin (the FEEL interpreter of bpmn.io) for expressions and cells. Reads {files: {name: {xml, contexts}}, make: [...]}
// from standard input, and writes what each file is, what its first table answers, and the XML of the tables to be made.
import { readFileSync } from "node:fs";
import { DmnModdle } from "dmn-moddle";
import { evaluate, unaryTest } from "feelin";

const asked = JSON.parse(readFileSync(0, "utf8"));
const moddle = new DmnModdle();

function rows(table, context) {
  const values = table.input.map((input) => evaluate(input.inputExpression.text, context).value);
  const holds = (rule) => rule.inputEntry.every((cell, n) => unaryTest(cell.text, { ...context, "?": values[n] }).value === true);
  return table.rule.filter(holds);
}

// The hit policies as chapter 8.2.8 of DMN 1.3 says them; undefined where the table contradicts itself.
function answer(table, found) {
  const said = (rule) => Object.fromEntries(table.output.map((o, n) => [o.name, evaluate(rule.outputEntry[n].text).value]));
  const first = table.output.find((output) => output.outputValues);
  const ranked = first ? evaluate(`[${first.outputValues.text}]`).value : [];
  const sorted = () => found.map(said).sort((a, b) => ranked.indexOf(a[first.name]) - ranked.indexOf(b[first.name]));
  const all = found.map(said);
  const numbers = all.map((one) => Object.values(one)[0]);
  const one = table.output[0].name;
  if (!found.length && table.aggregation !== "COUNT") return [];
  switch (table.hitPolicy) {
    case "UNIQUE": return all.length > 1 ? null : all;
    case "ANY": return new Set(all.map((each) => JSON.stringify(each))).size > 1 ? null : all.slice(0, 1);
    case "FIRST": return all.slice(0, 1);
    case "PRIORITY": return sorted().slice(0, 1);
    case "OUTPUT ORDER": return sorted();
    case "RULE ORDER": return all;
  }
  switch (table.aggregation) {
    case "SUM": return [{ [one]: numbers.reduce((a, b) => a + b, 0) }];
    case "MIN": return [{ [one]: Math.min(...numbers) }];
    case "MAX": return [{ [one]: Math.max(...numbers) }];
    case "COUNT": return [{ count: all.length }];
  }
  return all;
}

const files = {};
for (const [name, { xml, contexts }] of Object.entries(asked.files)) {
  const { rootElement, warnings } = await moddle.fromXML(xml, "dmn:Definitions");
  const tables = rootElement.drgElement.filter((one) => one.decisionLogic).map((one) => one.decisionLogic);
  files[name] = {
    warnings: warnings.map((one) => one.message),
    shapes: rootElement.dmnDI.diagrams[0].diagramElements.filter((one) => one.dmnElementRef).length,
    tables: tables.map((one) => ({ hit: one.hitPolicy, rules: one.rule.length, inputs: one.input.length })),
    answers: contexts.map((context) => answer(tables[0], rows(tables[0], context))),
  };
}

const made = [];
for (const { name, hit, aggregation, inputs, outputs, rules } of asked.make) {
  const text = (type, said) => moddle.create(type, { text: said });
  const table = moddle.create("dmn:DecisionTable", {
    hitPolicy: hit,
    aggregation,
    input: inputs.map((said, n) =>
      moddle.create("dmn:InputClause", { id: `i${n}`, label: said.label, inputExpression: moddle.create("dmn:LiteralExpression", { typeRef: said.type, text: said.text }) }),
    ),
    output: outputs.map((said, n) =>
      moddle.create("dmn:OutputClause", { id: `o${n}`, name: said.name, typeRef: said.type, ...(said.values && { outputValues: text("dmn:UnaryTests", said.values) }) }),
    ),
    rule: rules.map(([cells, values], n) =>
      moddle.create("dmn:DecisionRule", {
        id: `r${n}`,
        inputEntry: cells.map((cell) => text("dmn:UnaryTests", cell)),
        outputEntry: values.map((value) => text("dmn:LiteralExpression", value)),
      }),
    ),
  });
  const decision = moddle.create("dmn:Decision", { id: "made", name, decisionLogic: table });
  const definitions = moddle.create("dmn:Definitions", { id: "all", name: "All", namespace: "urn:test", drgElement: [decision] });
  made.push((await moddle.toXML(definitions, { format: true })).xml);
}
process.stdout.write(JSON.stringify({ files, made }));
