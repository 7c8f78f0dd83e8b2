import assert from "node:assert/strict";
import { test } from "node:test";
import manifest from "../app/first-data.json";
import { resolveTemplate } from "./first-data";
import { queries, TEMPLATES } from "./queries";

test("a path placeholder is filled in", () => {
  assert.equal(resolveTemplate("/api/v1/courses/{id}", { id: "a-b" }), "/api/v1/courses/a-b");
});

test("listed parameters keep the template's order, absent and empty ones are left out", () => {
  const template = "/api/v1/courses?limit=50&{q,department,term,credits}";
  assert.equal(resolveTemplate(template, {}), "/api/v1/courses?limit=50");
  assert.equal(resolveTemplate(template, { credits: "3", q: "x", term: "" }), "/api/v1/courses?limit=50&q=x&credits=3");
});

test("nothing is left at the end when no parameter is there", () => {
  assert.equal(resolveTemplate("/api/v1/courses/{id}/sections?{term}", { id: "1" }), "/api/v1/courses/1/sections");
});

test("values are percent-encoded down to the unreserved characters", () => {
  assert.equal(resolveTemplate("/x?{q}", { q: "a b+c&d='(é)*!" }), "/x?q=a%20b%2Bc%26d%3D%27%28%C3%A9%29%2A%21");
  assert.equal(resolveTemplate("/x?{q}", { q: "\ud800" }), "/x?q=%EF%BF%BD");
});

test("a screen asks for exactly what the manifest splices", () => {
  const known = new Set<string>(Object.values(TEMPLATES));
  for (const [route, entry] of Object.entries(manifest))
    for (const template of entry.get) assert.ok(known.has(template), `${route}: no screen asks for ${template}`);
  const spliced = new Set(Object.values(manifest).flatMap((entry) => entry.get));
  for (const template of known) assert.ok(spliced.has(template), `${template} is spliced into no page`);
});

test("the list of users can be asked for with every filter", () => {
  assert.equal(queries.users({ status: "active", q: "rao" }), "/api/v1/users?limit=50&q=rao&status=active");
});
