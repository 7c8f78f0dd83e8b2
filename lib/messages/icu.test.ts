import assert from "node:assert/strict";
import { test } from "node:test";
import { formatMessage, parseMessage } from "./icu";
import { accent } from "./pseudo";

const say = (message: string, args = {}) => formatMessage(parseMessage(message), "en", args);

test("values, numbers, plurals and choices", () => {
  assert.equal(say("Section {name}", { name: "A" }), "Section A");
  assert.equal(say("{n, number} rows", { n: 1870 }), "1,870 rows");
  assert.equal(say("{n, plural, one {# course} other {# courses}}", { n: 1 }), "1 course");
  assert.equal(say("{n, plural, =0 {none} one {# course} other {# courses}}", { n: 0 }), "none");
  assert.equal(say("{n, plural, one {# course} other {# courses}}", { n: 2500 }), "2,500 courses");
  assert.equal(say("{who, select, me {mine} other {{who}’s}}", { who: "Asha" }), "Asha’s");
});

test("an argument that is missing shows, rather than vanishes", () => {
  assert.equal(say("Section {name}"), "Section {name}");
});

test("a value of another direction turns nothing around it", () => {
  assert.equal(say("Section {name}, full", { name: "\u202egnirts" }), "Section \u2068\u202egnirts\u2069, full");
  assert.equal(say("Section {name}", { name: "A" }), "Section A");
});

test("broken messages are refused", () => {
  for (const broken of ["{", "{n, plural, one {x}}", "{n, wat}", "a } b", "{n, plural, one x other {y}}"])
    assert.throws(() => parseMessage(broken), SyntaxError, broken);
});

test("the pseudo-locale accents words and leaves values alone", () => {
  assert.equal(formatMessage(accent(parseMessage("Section {name}")), "en", { name: "Rao" }), "Séçtíóñ ···Rao");
});
