import assert from "node:assert/strict";
import { test } from "node:test";
import { translator } from "@/lib/messages";
import { complaint } from "./complaint";

const t = translator("en");
const said = (code: string, ...rest: [Parameters<typeof complaint>[2]?, Parameters<typeof complaint>[3]?]) =>
  complaint(t, { code, detail: "must have at least 3" }, ...rest);

test("a code speaks in the catalog's words and with the field's limits, never in the server's", () => {
  assert.equal(said("too-short", {}, { minLength: 8 }), "Use at least 8 characters.");
  assert.equal(said("too-long", {}, { maxLength: 120 }), "Use at most 120 characters.");
  assert.equal(said("too-small", {}, { min: 0 }), "Use at least 0.");
  assert.equal(said("too-large", {}, { max: 100 }), "Use at most 100.");
  assert.equal(said("too-large"), "This is too large.");
  assert.equal(said("wrong-form"), "This is not in the right form.");
});

test("what is too short to be there at all is missing", () => {
  assert.equal(said("too-short"), "Fill this in.");
});

test("a field's own words come first", () => {
  assert.equal(said("too-short", { "too-short": "invalid.email" }, { minLength: 3 }), "This is not a complete e-mail address.");
});

test("a code nobody has words for falls back to what the server said", () => {
  assert.equal(said("brand-new"), "must have at least 3");
  assert.equal(complaint(t, { code: "brand-new", detail: "" }), "This is not in the right form.");
});
