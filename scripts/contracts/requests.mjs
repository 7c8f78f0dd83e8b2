/**
 * Zod schemas of everything a JSON body may be, for forms to check before they send. They give the same verdict as the server on every
 * JSON value; a test compares the two. Lengths count code points, unknown fields are refused, patterns run in Unicode mode.
 * Issues carry the server's words ("too-long", "wrong-form") as their message.
 */
import { HEADER, jsonSchema, comment, key, nameOf, nullable, operations } from "./document.mjs";

const KNOWN = new Set([
  ...["$ref", "additionalProperties", "anyOf", "default", "description", "enum", "examples", "format", "items", "maxItems"],
  ...["maxLength", "maximum", "minItems", "minLength", "minimum", "multipleOf", "pattern", "properties", "required", "title"],
  ...["type", "x-brand"],
]);

const PREAMBLE = `import * as z from "zod/mini";

// The page's policy forbids eval; Zod must not even probe for it.
z.config({ jitless: true });
`;

/** What the schemas are made of; only what they use is written. */
const HELPERS = {
  codePoints: `const codePoints = (text: string): number => Array.from(text).length;`,
  atLeast: `const atLeast = (min: number) => z.refine<string>((text) => codePoints(text) >= min, "too-short");`,
  atMost: `const atMost = (max: number) => z.refine<string>((text) => codePoints(text) <= max, "too-long");`,
  form: `const form = (pattern: RegExp) => z.refine<string>((text) => pattern.test(text), "wrong-form");`,
  whole: `// Half a character can't be sent as JSON.
const whole = z.refine<string>((text) => !/\\p{Surrogate}/u.test(text), "wrong-form");`,
  day: `// The pattern says what a date looks like; this, which days there are.
const day = z.refine<string>((text) => {
  const at = new Date(\`\${text}T00:00:00Z\`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}, "wrong-form");`,
};

export function requestsFile(document) {
  const schemas = document.components.schemas;
  const bodies = operations(document).filter(jsonSchema);
  const order = [];
  for (const operation of bodies) collect(jsonSchema(operation), schemas, order);
  const declarations = order.map((name) => {
    return `${comment(schemas[name].description)}export const ${name} = ${zod(schemas[name])};\n`;
  });
  const table = bodies.map((operation) => `  ${key(operation.operationId)}: ${zod(jsonSchema(operation))},\n`).join("");
  const last = `/** The body of each operation that takes one; of a form, its JSON part. */\nexport const bodies = {\n${table}};\n`;
  const text = [...declarations, last].join("\n");
  return [HEADER + PREAMBLE, helpers(text), text].filter(Boolean).join("\n");
}

/** The helpers that the text uses, and those that these use. */
function helpers(text) {
  const used = [];
  for (const [name, source] of Object.entries(HELPERS).reverse()) {
    if (new RegExp(`\\b${name}\\b`).test(text + used.join("\n"))) used.unshift(source);
  }
  return used.length === 0 ? "" : `${used.join("\n")}\n`;
}

/** Lists the components a schema needs, each after those it needs itself. */
function collect(schema, schemas, order, open = []) {
  if (schema.$ref) {
    const name = nameOf(schema.$ref);
    if (open.includes(name)) throw new Error(`${name} contains itself: requests are finite`);
    if (order.includes(name)) return;
    collect(schemas[name], schemas, order, [...open, name]);
    order.push(name);
  }
  for (const part of [...Object.values(schema.properties ?? {}), ...(schema.anyOf ?? []), schema.items]) {
    if (part) collect(part, schemas, order, open);
  }
}

function zod(schema, indent = "") {
  const unknown = Object.keys(schema).find((keyword) => !KNOWN.has(keyword));
  if (unknown) throw new Error(`requests may not use ${unknown}: ${JSON.stringify(schema)}`);
  const { inner, isNullable } = nullable(schema);
  const plain = plainZod(inner, indent);
  return isNullable ? `z.nullable(${plain})` : plain;
}

function plainZod(schema, indent) {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.enum) return `z.enum(${JSON.stringify(schema.enum)})`;
  if (schema.anyOf) return `z.union([${schema.anyOf.map((member) => zod(member, indent)).join(", ")}])`;
  switch (schema.type) {
    case "string":
      return text(schema);
    case "integer":
      return number("z.int()", schema);
    case "number":
      return number("z.number()", schema);
    case "boolean":
      return "z.boolean()";
    case "array":
      return array(schema, indent);
    case "object":
      return object(schema, indent);
    default:
      throw new Error(`no Zod schema for ${JSON.stringify(schema)}`);
  }
}

function checked(base, checks) {
  const used = checks.filter(Boolean);
  return used.length === 0 ? base : `${base}.check(${used.join(", ")})`;
}

function text(schema) {
  if (schema.format !== undefined && schema.format !== "date") throw new Error(`format ${schema.format} has no common meaning`);
  return checked("z.string()", [
    schema.minLength && `atLeast(${schema.minLength})`,
    schema.maxLength !== undefined && `atMost(${schema.maxLength})`,
    schema.pattern !== undefined && `form(${literal(schema.pattern)})`,
    schema.format === "date" && "day",
    "whole",
  ]);
}

/** The pattern as a literal; a pattern that Unicode mode does not take is an error here. */
function literal(pattern) {
  return String(new RegExp(pattern, "u"));
}

function number(base, schema) {
  return checked(base, [
    schema.minimum !== undefined && `z.gte(${schema.minimum}, "too-small")`,
    schema.maximum !== undefined && `z.lte(${schema.maximum}, "too-large")`,
    schema.multipleOf !== undefined && `z.multipleOf(${schema.multipleOf}, "wrong-form")`,
  ]);
}

function array(schema, indent) {
  return checked(`z.array(${zod(schema.items, indent)})`, [
    schema.minItems && `z.minLength(${schema.minItems}, "too-short")`,
    schema.maxItems !== undefined && `z.maxLength(${schema.maxItems}, "too-long")`,
  ]);
}

function object(schema, indent) {
  if (schema.additionalProperties !== false) throw new Error(`an open object in a request: ${JSON.stringify(schema)}`);
  const inner = `${indent}  `;
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const value = zod(property, inner);
    const required = schema.required?.includes(name);
    return `${inner}${key(name)}: ${required ? value : `z.optional(${value})`},\n`;
  });
  return `z.strictObject({\n${fields.join("")}${indent}})`;
}
