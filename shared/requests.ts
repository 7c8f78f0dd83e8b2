/** What forms check before they send; see `generated/requests.ts`. Apart from `index.ts`, so that pages without forms carry no Zod. */
import { safeParse, type core } from "zod/mini";

import { bodies } from "./generated/requests";
import type { FieldError } from "./generated/types";

export * from "./generated/requests";

/** What the contract says against a body, if anything. */
export function complaintsOf(operation: keyof typeof bodies, body: unknown): FieldError[] {
  const verdict = safeParse(bodies[operation], body);
  return verdict.success ? [] : fieldErrors(verdict.error.issues);
}

/** A schema's complaints in the server's own terms: a JSON pointer and a code per field, the first complaint of each field only. */
export function fieldErrors(issues: readonly core.$ZodIssue[]): FieldError[] {
  const found = new Map<string, FieldError>();
  for (const issue of issues) {
    for (const [pointer, code] of complaints(issue)) {
      if (!found.has(pointer)) found.set(pointer, { pointer, code, detail: "" });
    }
  }
  return [...found.values()];
}

function complaints(issue: core.$ZodIssue): [string, string][] {
  const pointer = issue.path.map(part).join("");
  switch (issue.code) {
    case "invalid_type":
      return [[pointer, issue.input === undefined ? "required" : "wrong-type"]];
    case "invalid_value":
      return [[pointer, issue.input === undefined ? "required" : "not-allowed"]];
    case "unrecognized_keys":
      return issue.keys.map((name) => [pointer + part(name), "unknown-field"]);
    default:
      return [[pointer, issue.message]];
  }
}

const part = (name: PropertyKey): string => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
