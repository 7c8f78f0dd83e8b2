/**
 * Holds the catalog and the code together: every key used exists, every key that exists is used, every message parses, and each literal call
 * of `t(…)` names exactly the message's placeholders. Part of `npm run lint` and of `npm run build`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { register } from "node:module";
import ts from "typescript";

register("../build/ts-loader.mjs", import.meta.url);
const { parseMessage } = await import("./icu.ts");

const FOLDERS = ["app", "components", "lib"];
const catalog = JSON.parse(readFileSync("lib/messages/en.json", "utf8"));
const problems = [];

const placeholders = (parts) =>
  new Set(
    parts.flatMap((part) =>
      typeof part === "string"
        ? []
        : [part.name, ...(part.type === "choice" ? Object.values(part.options).flatMap((inner) => [...placeholders(inner)]) : [])],
    ),
  );

const expected = new Map();
for (const [key, message] of Object.entries(catalog)) {
  try {
    expected.set(key, placeholders(parseMessage(message)));
  } catch (error) {
    problems.push(`${key}: ${error.message}`);
  }
}
const sorted = Object.keys(catalog).toSorted();
if (sorted.some((key, index) => key !== Object.keys(catalog)[index])) problems.push("lib/messages/en.json is not sorted by key");

const sources = FOLDERS.flatMap(function walk(path) {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(path, entry.name)) : /\.tsx?$/.test(entry.name) ? [join(path, entry.name)] : [],
  );
});

const used = new Set();

/** The keys an argument can be: a literal, or a choice between literals. */
function keysOf(node) {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...keysOf(node.whenTrue), ...keysOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return keysOf(node.expression);
  return [];
}

function checkCall(node, where) {
  const [first, second] = node.arguments;
  if (!first) return;
  const given =
    second && ts.isObjectLiteralExpression(second)
      ? new Set(second.properties.map((property) => property.name?.getText()))
      : second
        ? undefined
        : new Set();
  for (const key of keysOf(first)) {
    const wanted = expected.get(key);
    if (!wanted) problems.push(`${where}: no message "${key}"`);
    else if (given) for (const name of wanted) if (!given.has(name)) problems.push(`${where}: "${key}" needs {${name}}`);
  }
}

for (const file of sources) {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, "utf8"),
    ts.ScriptTarget.Latest,
    true,
    file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  (function visit(node) {
    if (ts.isStringLiteralLike(node) && expected.has(node.text)) used.add(node.text);
    const callee = ts.isCallExpression(node) ? node.expression : undefined;
    const translates =
      callee &&
      ((ts.isIdentifier(callee) && callee.text === "t") || (ts.isCallExpression(callee) && callee.expression.getText() === "translator"));
    if (translates) checkCall(node, `${file}:${String(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)}`);
    ts.forEachChild(node, visit);
  })(source);
}
for (const key of expected.keys()) if (!used.has(key)) problems.push(`lib/messages/en.json: "${key}" is never used`);

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
} else console.log(`${String(expected.size)} messages, all used, none missing`);
