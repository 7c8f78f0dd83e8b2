/** One small value per operation, typed by its path parts, query, body and answer. An unused one leaves no byte in the browser. */
import { HEADER, answerSchema, bodySchema, comment, key, operations } from "./document.mjs";
import { type } from "./types.mjs";

const RUNTIME = `/** An operation: where it is, and (for the compiler alone) what goes in and comes out. */
export interface Operation<Path, Query, Body, Answer> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The route, with \`{name}\` where a part of the path goes. */
  readonly route: string;
  readonly types?: { path: Path; query: Query; body: Body; answer: Answer };
}

export type Parts<Path, Query> = ([Path] extends [never] ? { path?: undefined } : { path: Path }) & { query?: Query };

/** The address of an operation. What is undefined, null or empty is left out of the query; the rest keeps the order given. */
export function urlOf<Path, Query, Body, Answer>(
  operation: Operation<Path, Query, Body, Answer>,
  { path, query }: Parts<Path, Query>,
): string {
  const parts = (path ?? {}) as Record<string, string>;
  const route = operation.route.replace(/\\{(\\w+)\\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ""));
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const search = given.map(([name, value]) => \`\${name}=\${encodeURIComponent(String(value))}\`).join("&");
  return search ? \`\${route}?\${search}\` : route;
}
`;

export function operationsFile(document) {
  const body = operations(document).map(declaration).join("\n");
  const used = Object.keys(document.components.schemas).filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  const imports = used.length === 0 ? "" : `import type {\n${used.map((name) => `  ${name},\n`).join("")}} from "./types";\n`;
  return [HEADER + imports, RUNTIME, body].join("\n");
}

function declaration(operation) {
  const { operationId, method, path, summary } = operation;
  const types = [
    parameters(operation, "path"),
    parameters(operation, "query"),
    bodyType(operation),
    answerSchema(operation) ? type(answerSchema(operation)) : "undefined",
  ];
  const doc = comment([summary, ...problems(operation)].filter(Boolean).join("\n"));
  return `${doc}export const ${operationId}: Operation<${types.join(", ")}> = { method: "${method}", route: "${path}" };\n`;
}

function bodyType(operation) {
  if (!operation.requestBody) return "never";
  if (!bodySchema(operation)) return "FormData";
  const plain = type(bodySchema(operation));
  return operation.requestBody.required ? plain : `${plain} | undefined`;
}

function parameters(operation, place) {
  const list = (operation.parameters ?? []).filter((parameter) => parameter.in === place);
  if (list.length === 0) return "never";
  const fields = list.map(({ name, required, schema }) => `${key(name)}${required ? "" : "?"}: ${type(schema)}`);
  return `{ ${fields.join("; ")} }`;
}

/** The refusals that are this operation's own, beyond those any operation may answer. */
function problems(operation) {
  const common = new Set(["internal", "busy", "timeout", "unauthenticated", "token-expired", "malformed-query", "malformed-json"]);
  const own = (operation["x-pec-problems"] ?? []).filter((slug) => !common.has(slug));
  return own.length === 0 ? [] : [`Refused as: ${own.join(", ")}.`];
}
