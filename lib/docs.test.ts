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
