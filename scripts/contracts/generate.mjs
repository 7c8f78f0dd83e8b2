/**
 * Writes shared/generated/ from shared/openapi.json: types, request schemas (Zod) and operations.
 *
 *   node scripts/contracts/generate.mjs            write
 *   node scripts/contracts/generate.mjs --check    change nothing; exit 1 if something would change
 *   … --document FILE --out DIR                    other places (tests)
 *
 * The document uses a closed subset of JSON Schema (the server's lint enforces it for requests); what lies
 * outside it is an error here, never a guess.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { operationsFile } from "./operations.mjs";
import { requestsFile } from "./requests.mjs";
import { typesFile } from "./types.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

const { values } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    document: { type: "string", default: join(root, "shared/openapi.json") },
    out: { type: "string", default: join(root, "shared/generated") },
  },
});

const document = JSON.parse(readFileSync(values.document, "utf8"));
const files = {
  "types.ts": typesFile(document),
  "requests.ts": requestsFile(document),
  "operations.ts": operationsFile(document),
};

let stale = 0;
mkdirSync(values.out, { recursive: true });
for (const [name, text] of Object.entries(files)) {
  const path = join(values.out, name);
  if (read(path) === text) continue;
  stale += 1;
  if (values.check) console.error(`${path} is not what the document says; run: npm run contracts`);
  else writeFileSync(path, text);
}
if (values.check && stale > 0) process.exit(1);
const lines = Object.values(files).join("").split("\n").length;
console.log(`contracts: ${Object.keys(files).length} files, ${lines} lines, ${stale} ${values.check ? "stale" : "written"}`);

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
