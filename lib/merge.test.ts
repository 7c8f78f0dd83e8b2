import assert from "node:assert/strict";
import { test } from "node:test";
import { merged } from "../components/form/merge";

test("typed changes stay, untouched fields take the newer value", () => {
  const before = { title: "A", credits: { min: 3 }, note: "" };
  assert.deepEqual(merged(before, { title: "B", credits: { min: 3 }, note: "" }, { title: "C", credits: { min: 4 }, note: "x" }), {
    title: "B",
    credits: { min: 4 },
    note: "x",
  });
});
