/** Lets Node run this project's TypeScript as it is: strips the types, resolves `@/` and missing extensions. For tests and scripts only. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { isMainThread } from "node:worker_threads";
import ts from "typescript";

const root = pathToFileURL(`${process.cwd()}/`);
const ENDINGS = ["", ".ts", ".tsx", "/index.ts"];

export async function resolve(specifier, context, next) {
  const local = specifier.startsWith("@/")
    ? new URL(specifier.slice(2), root)
    : /^\.{1,2}\//.test(specifier) && context.parentURL
      ? new URL(specifier, context.parentURL)
      : undefined;
  const ending = local && ENDINGS.find((one) => /\.\w+$/.test(local.pathname + one) && existsSync(new URL(local.href + one)));
  return ending === undefined ? next(specifier, context) : { url: local.href + ending, shortCircuit: true };
}

export async function load(url, context, next) {
  if (url.endsWith(".json"))
    return { format: "module", shortCircuit: true, source: `export default ${await readFile(new URL(url), "utf8")}` };
  if (!/\.tsx?$/.test(url)) return next(url, context);
  const { outputText } = ts.transpileModule(await readFile(new URL(url), "utf8"), {
    fileName: url,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, jsx: ts.JsxEmit.ReactJSX, verbatimModuleSyntax: true },
  });
  return { format: "module", shortCircuit: true, source: outputText };
}

if (isMainThread && process.execArgv.some((flag) => flag.includes("ts-loader"))) register(import.meta.url);
