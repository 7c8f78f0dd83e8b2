import assert from "node:assert/strict";
import { test } from "node:test";
import { bootFirst, compiledEarly } from "./startup.mjs";

const sheet = '<link rel="stylesheet" href="/a.css" data-precedence="next"/>';
const boot = "<script>(function(){theme()})()</script>";

test("the head's inline script moves above the first sheet, and nothing else moves", () => {
  const html = `<head><meta charSet="utf-8"/>${sheet}<script src="/a.js" async=""></script><title>x</title>${boot}<link rel="icon" href="/i"/></head><body><script>late()</script></body>`;
  const moved = bootFirst(html);
  assert.equal(moved, html.replace(boot, "").replace(sheet, boot + sheet));
  assert.equal(bootFirst(moved), moved);
});

test("a document without a sheet or without such a script stays as it is", () => {
  for (const html of [`<head>${boot}</head><body></body>`, `<head>${sheet}</head><body>${boot}</body>`])
    assert.equal(bootFirst(html), html);
});

test("a script gains its comment once", () => {
  assert.equal(compiledEarly(compiledEarly("a()")), "//# allFunctionsCalledOnLoad\na()");
});
