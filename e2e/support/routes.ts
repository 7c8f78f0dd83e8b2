/** The pages there are, as the build says: never a list kept by hand. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./run.ts";

const manifest = JSON.parse(readFileSync(path.join(root, ".next/app-path-routes-manifest.json"), "utf8")) as Record<string, string>;

const patterns = (group: string): string[] =>
  Object.entries(manifest)
    .filter(([file]) => file.startsWith(`/(${group})/`) && file.endsWith("/page"))
    .map(([, route]) => route)
    .sort();

/** Route patterns such as `/[locale]/courses/[id]`. */
export const PROTECTED = patterns("protected");
export const PUBLIC = patterns("public");

export const pathOf = (pattern: string, id = "0199aaaa-0000-7000-8000-00000000e2e0"): string =>
  pattern.replace("[locale]", "en").replace("[id]", id);
