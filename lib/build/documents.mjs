/** The prerendered documents of a build, and the scripts that each names. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const NEXT = ".next";
const PAGES = join(NEXT, "server/app");

function pagesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.endsWith(".segments") ? [] : pagesUnder(path);
    return entry.name.endsWith(".html") ? [path] : [];
  });
}

/** `page` is the path it is served at, ids as the build knows them. */
export const documents = () =>
  pagesUnder(PAGES)
    .sort()
    .map((file) => ({ file, page: file.slice(PAGES.length, -".html".length), html: readFileSync(file, "utf8") }));

const fileOf = (url) => join(NEXT, decodeURI(url.split("?")[0]).replace(/^\/_next\//, ""));

const named = (html, pattern) => [...new Set([...html.matchAll(pattern)].map((match) => fileOf(match[1])))];

/** `noModule` polyfills are left out: a browser this product supports never fetches them. */
export const scriptsOf = (html) => named(html, /<script(?![^>]*nomodule)[^>]*\ssrc="([^"]+\.js[^"]*)"/gi);

export const sheetsOf = (html) => named(html, /href="(\/_next\/[^"]+\.css[^"]*)"/g);
