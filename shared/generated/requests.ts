// Generated from shared/openapi.json by `npm run contracts`. Never edited by hand.
import * as z from "zod/mini";

// The page's policy forbids eval; Zod must not even probe for it.
z.config({ jitless: true });

const codePoints = (text: string): number => Array.from(text).length;
const atLeast = (min: number) => z.refine<string>((text) => codePoints(text) >= min, "too-short");
const atMost = (max: number) => z.refine<string>((text) => codePoints(text) <= max, "too-long");
const form = (pattern: RegExp) => z.refine<string>((text) => pattern.test(text), "wrong-form");
// Half a character can't be sent as JSON.
const whole = z.refine<string>((text) => !/\p{Surrogate}/u.test(text), "wrong-form");
// The pattern says what a date looks like; this, which days there are.
const day = z.refine<string>((text) => {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}, "wrong-form");

export const CreateDepartment = z.strictObject({
  code: z.string().check(atMost(8), form(/^[A-Z][A-Z0-9&]{0,7}$/u), whole),
  name: z.string().check(atLeast(1), atMost(120), form(/^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$/u), whole),
});

export const EditDepartment = z.strictObject({
  name: z.string().check(atLeast(1), atMost(120), form(/^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$/u), whole),
  version: z.int().check(z.gte(1, "too-small"), z.lte(2147483647, "too-large")),
});

/** The body of each operation that takes one. */
export const bodies = {
  createDepartment: CreateDepartment,
  editDepartment: EditDepartment,
};
