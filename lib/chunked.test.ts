import assert from "node:assert/strict";
import { test } from "node:test";
import { chunked, sameItems } from "./chunked";

test("a list is cut into groups, the last one shorter", () => {
  assert.deepEqual(chunked([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
  assert.deepEqual(chunked([], 2), []);
});

test("reading on leaves the groups that were full as they are", () => {
  const rows = Array.from({ length: 120 }, (_, n) => ({ n }));
  const [before, after] = [chunked(rows.slice(0, 100), 50), chunked(rows, 50)];
  assert.deepEqual(
    after.map((group, at) => sameItems(before[at] ?? [], group)),
    [true, true, false],
  );
});

test("a changed, a moved and a missing row are seen", () => {
  const [a, b, c] = [{}, {}, {}];
  assert.equal(sameItems([a, b], [a, b]), true);
  for (const other of [[a, c], [b, a], [a], [a, b, c]]) assert.equal(sameItems([a, b], other), false);
});
