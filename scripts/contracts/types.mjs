/** TypeScript types of every schema. An id is branded with its name: a section's id does not fit where a course's is asked for. */
import { HEADER, comment, key, nameOf, nullable } from "./document.mjs";

const BRAND = `declare const brand: unique symbol;

/** A string that names one kind of thing. No plain text passes for one, and one kind never for another. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };
`;

export function typesFile(document) {
  const schemas = Object.entries(document.components.schemas);
  return [HEADER, BRAND, ...schemas.map(([name, schema]) => declaration(name, schema))].join("\n");
}

function declaration(name, schema) {
  const doc = comment(schema.description);
  if (schema["x-brand"]) return `${doc}export type ${name} = Brand<${JSON.stringify(schema["x-brand"])}>;\n`;
  if (schema.type === "object" && schema.properties) return `${doc}export interface ${name} ${fields(schema, "")}\n`;
  return `${doc}export type ${name} = ${type(schema)};\n`;
}

function fields(schema, indent) {
  const inner = `${indent}  `;
  const lines = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const optional = schema.required?.includes(name) ? "" : "?";
    return `${comment(property.description, inner)}${inner}${key(name)}${optional}: ${type(property, inner)};\n`;
  });
  return lines.length === 0 ? "Record<string, never>" : `{\n${lines.join("")}${indent}}`;
}

/** The type expression of a schema. */
export function type(schema, indent = "") {
  const { inner, isNullable } = nullable(schema);
  const plain = plainType(inner, indent);
  return isNullable ? `${plain} | null` : plain;
}

function plainType(schema, indent) {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema["x-brand"]) return `Brand<${JSON.stringify(schema["x-brand"])}>`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((member) => JSON.stringify(member)).join(" | ");
  const members = schema.oneOf ?? schema.anyOf;
  if (members) return members.map((member) => type(member, indent)).join(" | ");
  switch (schema.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array":
      return list(schema, indent);
    case "object":
      return schema.additionalProperties ? record(schema, indent) : fields(schema, indent);
    default:
      throw new Error(`no TypeScript type for ${JSON.stringify(schema)}`);
  }
}

function list(schema, indent) {
  if (!schema.items) throw new Error(`a list of anything: ${JSON.stringify(schema)}`);
  const item = type(schema.items, indent);
  return /[|&]/.test(item) && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
}

function record(schema, indent) {
  if (schema.additionalProperties === true) return "Record<string, unknown>";
  return `Record<string, ${type(schema.additionalProperties, indent)}>`;
}
