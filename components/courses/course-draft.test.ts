import assert from "node:assert/strict";
import { test } from "node:test";
import { complaintsOf } from "@/shared/requests";
import { draftFrom } from "./course-draft";

function filled(values: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ title: "Knots", description: "", attributes: "", kind: "fixed", min: "3", ...values }))
    form.set(name, value);
  return form;
}

const complaints = (form: FormData) =>
  complaintsOf("editCourse", { ...draftFrom(form), version: 1 }).map(({ pointer, code }) => [pointer, code]);

test("credits that are not filled in are missing, not zero", () => {
  assert.deepEqual(draftFrom(filled({ min: "" })).credits, { kind: "fixed", min: undefined, max: 0 });
  assert.deepEqual(complaints(filled({ min: " " })), [["/credits/min", "required"]]);
  assert.deepEqual(complaints(filled({ kind: "range", min: "1", max: "" })), [["/credits/max", "required"]]);
});

test("zero credits that were typed are zero", () => {
  assert.deepEqual(draftFrom(filled({ min: "0" })).credits, { kind: "fixed", min: 0, max: 0 });
  assert.deepEqual(complaints(filled({ min: "0" })), []);
});
