import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const pages = [
  ...["README.md", "CONTRIBUTING.md"],
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.join("docs", file)),
];

/** Where links and pictures of a page lead, without what lies on other sites and inside the page itself. */
const targetsOf = (text: string): string[] =>
  [...text.replace(/```[\s\S]*?```|`[^`\n]*`/g, "").matchAll(/\]\(([^)\s]+)[^)]*\)|(?:src|srcset|href)="([^"]+)"/g)]
    .map((match) => match[1] ?? match[2] ?? "")
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => target.replace(/#.*$/, ""));

test("links are found in Markdown and in HTML, and not in code", () => {
  assert.deepEqual(targetsOf('[a](b.md#c) ![d](e.png "t") <img src="f.png"> [g](https://h) `[i](j)` [k](#l)'), ["b.md", "e.png", "f.png"]);
});

test("every link and picture of the documentation exists", () => {
  const missing = pages.flatMap((page) =>
    targetsOf(readFileSync(page, "utf8"))
      .filter((target) => !existsSync(path.join(path.dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  assert.deepEqual(missing, []);
  assert.ok(pages.length > 10);
});

/** What a page of tables names in code style in its column `column`. */
const namedIn = (text: string, column: string): string[] => {
  let at = -1;
  return text.split("\n").flatMap((line) => {
    // A bar inside a cell is written with a backslash.
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (!line.startsWith("|")) at = -1;
    else if (cells.includes(column)) at = cells.indexOf(column);
    return [...((line.startsWith("|") && at > 0 && cells[at]) || "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
  });
};

/** A test of the server by its name, as against a file, a folder, a command or the title of a front-end test. */
const isRustTest = (name: string): boolean => /^[a-z0-9]+(_[a-z0-9]+)+$/.test(name);

test("names are read off the column they stand in", () => {
  const table = "| # | Built | Test |\n|---|---|---|\n| 1 | `one_two \\| x` | `three_four`, `lib/five_six.ts` |\n\n`seven_eight`";
  assert.deepEqual(namedIn(table, "Test"), ["three_four", "lib/five_six.ts"]);
  assert.deepEqual(namedIn(table, "Test").filter(isRustTest), ["three_four"]);
});

test("every test that the conformance page names exists", () => {
  const sources = ["server/src", "server/tests", "server/crates", "xtask/src"]
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".rs"))
        .map((file) => readFileSync(path.join(folder, file), "utf8")),
    )
    .join("\n");
  const functions = new Set([...sources.matchAll(/\bfn (\w+)/g)].map((match) => match[1]));
  const named = namedIn(readFileSync("docs/conformance.md", "utf8"), "Test").filter(isRustTest);
  assert.deepEqual(
    named.filter((name) => !functions.has(name)),
    [],
  );
  assert.ok(named.length > 50);
});
