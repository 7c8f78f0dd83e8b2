/**
 * Runs after `next build`: puts the first-data manifest beside the pages the edge loads, and prints what each page makes a browser download
 * before it works. Fails when a page is over its budget.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_KIB = 180;
const NEXT = ".next";

copyFileSync("app/first-data.json", join(NEXT, "first-data.json"));

const sizes = new Map();
function gzipped(file) {
  if (!sizes.has(file)) sizes.set(file, existsSync(file) ? gzipSync(readFileSync(file), { level: 9 }).length : 0);
  return sizes.get(file);
}

function pagesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.endsWith(".segments") ? [] : pagesUnder(path);
    return entry.name.endsWith(".html") ? [path] : [];
  });
}

let over = 0;
const rows = pagesUnder(join(NEXT, "server/app"))
  .sort()
  .map((file) => {
    const html = readFileSync(file, "utf8");
    const pick = (pattern) => [...new Set([...html.matchAll(pattern)].map((match) => match[1]))];
    const weigh = (urls) =>
      urls.reduce((sum, url) => sum + gzipped(join(NEXT, decodeURI(url.split("?")[0]).replace(/^\/_next\//, ""))), 0) / 1024;
    // `noModule` polyfills are never fetched by a browser this product supports.
    const scripts = pick(/<script(?![^>]*nomodule)[^>]*\ssrc="([^"]+\.js[^"]*)"/gi);
    const js = weigh(scripts);
    if (js > BUDGET_KIB) over++;
    const kib = (value) => `${value.toFixed(1)} KiB`;
    return {
      page: file.slice(join(NEXT, "server/app").length, -".html".length),
      js: kib(js) + (js > BUDGET_KIB ? " OVER" : ""),
      css: kib(weigh(pick(/href="(\/_next\/[^"]+\.css[^"]*)"/g))),
      html: kib(gzipSync(html, { level: 9 }).length / 1024),
    };
  });

console.log(`\nFirst load, gzip (budget for scripts: ${String(BUDGET_KIB)} KiB)`);
console.table(Object.fromEntries(rows.map(({ page, ...rest }) => [page, rest])));
if (over > 0) {
  console.error(`${String(over)} page(s) over the script budget.`);
  process.exitCode = 1;
}
