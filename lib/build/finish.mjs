/**
 * Runs after `next build`: puts the first-data manifest beside the pages the edge loads, readies the pages for their first load, and prints what
 * each makes a browser download before it works. Fails when a page is over its budget.
 */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { documents, NEXT, scriptsOf, sheetsOf } from "./documents.mjs";
import { speedUp } from "./startup.mjs";

const BUDGET_KIB = 180;

copyFileSync("app/first-data.json", join(NEXT, "first-data.json"));
speedUp();

const sizes = new Map();
function gzipped(file) {
  if (!sizes.has(file)) sizes.set(file, existsSync(file) ? gzipSync(readFileSync(file), { level: 9 }).length : 0);
  return sizes.get(file);
}

const weigh = (files) => files.reduce((sum, file) => sum + gzipped(file), 0) / 1024;
const kib = (value) => `${value.toFixed(1)} KiB`;

let over = 0;
const rows = documents().map(({ page, html }) => {
  const js = weigh(scriptsOf(html));
  if (js > BUDGET_KIB) over++;
  return [
    page,
    {
      js: kib(js) + (js > BUDGET_KIB ? " OVER" : ""),
      css: kib(weigh(sheetsOf(html))),
      html: kib(gzipSync(html, { level: 9 }).length / 1024),
    },
  ];
});

console.log(`\nFirst load, gzip (budget for scripts: ${String(BUDGET_KIB)} KiB)`);
console.table(Object.fromEntries(rows));
if (over > 0) {
  console.error(`${String(over)} page(s) over the script budget.`);
  process.exitCode = 1;
}
