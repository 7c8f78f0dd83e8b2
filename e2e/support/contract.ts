/** What `shared/openapi.json` promises, for tests that hold answers to it. Stricter than JSON Schema: a field it does not name is an error. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./run.ts";

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}
interface Media {
  readonly schema: Schema;
}
export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
  readonly "x-pec-problems": readonly string[];
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, "method" | "path">>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const document = JSON.parse(readFileSync(path.join(root, "shared/openapi.json"), "utf8")) as Document;

export const operations: readonly Operation[] = Object.entries(document.paths).flatMap(([route, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path: route })),
);

/** What is wrong with an answer of this operation; undefined: nothing. */
export function complaint(operation: Operation, status: number, type: string | undefined, text: string): string | undefined {
  const response = operation.responses[String(status)];
  if (!response) return `status ${String(status)} is not documented`;
  const documented = response.content ?? {};
  if (Object.keys(documented).length === 0) return text === "" ? undefined : "a body where none is documented";
  const media = type?.split(";", 1)[0] ?? "";
  const schema = documented[media]?.schema;
  if (!schema) return `${String(type)} instead of ${Object.keys(documented).join(" or ")}`;
  // A file has no shape that the document tells.
  if (!media.endsWith("json")) return text === "" ? "an empty file" : undefined;
  const value = JSON.parse(text) as unknown;
  const wrong = mismatch(schema, value, "");
  if (wrong !== undefined || media !== "application/problem+json") return wrong;
  const slug = (value as { type: string }).type.replace("/problems/", "");
  return operation["x-pec-problems"].includes(slug) ? undefined : `problem ${slug} is not documented`;
}

function mismatch(schema: Schema, value: unknown, at: string): string | undefined {
  const not = (what: string) => `${at || "/"}: ${what}, not ${JSON.stringify(value)}`;
  if (schema.$ref) {
    const target = document.components.schemas[schema.$ref.replace("#/components/schemas/", "")];
    return target ? mismatch(target, value, at) : not(`nothing called ${schema.$ref}`);
  }
  const members = schema.anyOf ?? schema.oneOf;
  if (members) return members.some((member) => mismatch(member, value, at) === undefined) ? undefined : not("one of the alternatives");
  if (schema.enum) return schema.enum.includes(value) ? undefined : not(`one of ${schema.enum.join(", ")}`);
  if ("const" in schema) return schema.const === value ? undefined : not(String(schema.const));
  const kinds = [schema.type ?? []].flat();
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  if (!kinds.includes(kind) && !(kinds.includes("integer") && Number.isInteger(value))) return not(kinds.join(" or "));
  if (typeof value === "number" && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)))
    return not("a number within bounds");
  if (typeof value === "string" && schema.pattern && !new RegExp(schema.pattern, "u").test(value)) return not(schema.pattern);
  if (Array.isArray(value)) return first(value, (item, index) => mismatch(schema.items ?? {}, item, `${at}/${String(index)}`));
  return kind === "object" ? fields(schema, value as Record<string, unknown>, at) : undefined;
}

function fields(schema: Schema, value: Record<string, unknown>, at: string): string | undefined {
  const missing = schema.required?.find((name) => !(name in value));
  if (missing !== undefined) return `${at}: no ${missing}`;
  return first(Object.entries(value), ([name, field]) => {
    const open = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
    const known = schema.properties?.[name] ?? open;
    return known ? mismatch(known, field, `${at}/${name}`) : `${at}/${name}: not in the document`;
  });
}

function first<T>(all: readonly T[], complain: (one: T, index: number) => string | undefined): string | undefined {
  for (const [index, one] of all.entries()) {
    const found = complain(one, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
