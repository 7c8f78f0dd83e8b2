/**
 * Judges JSON values by the generated Zod schemas: the other side of the server's differential test.
 *
 *   node scripts/contracts/verdicts.mjs shared/generated/requests.ts
 *
 * Reads lines `operationId<TAB>json` and answers each with "1" (accepted) or "0"; "?" is an operation without a schema.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

import typescript from "typescript";

const bodies = await load(process.argv[2]);

let answers = [];
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const tab = line.indexOf("\t");
  const schema = bodies[line.slice(0, tab)];
  answers.push(schema ? Number(schema.safeParse(JSON.parse(line.slice(tab + 1))).success) : "?");
  if (answers.length === 4096) flush();
}
flush();

function flush() {
  process.stdout.write(answers.join(""));
  answers = [];
}

/** Strips the types and imports what is left from a folder that finds Zod. */
async function load(path) {
  const { ESNext } = typescript.ModuleKind;
  const options = { module: ESNext, target: typescript.ScriptTarget.ES2022 };
  const { outputText } = typescript.transpileModule(readFileSync(path, "utf8"), { compilerOptions: options });
  const zod = pathToFileURL(createRequire(import.meta.url).resolve("zod/mini").replace(/index\.cjs$/, "index.js")).href;
  const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), "../../target/contracts-"));
  try {
    const file = join(folder, "requests.mjs");
    writeFileSync(file, outputText.replace('"zod/mini"', JSON.stringify(zod)));
    return (await import(pathToFileURL(file).href)).bodies;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
