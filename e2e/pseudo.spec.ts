/**
 * The pages in a language nobody speaks: every message of the catalog is accented and a third longer. Text that stays plain does not come from
 * the catalog; what no longer fits would not fit in other languages. The catalog is exchanged on its way to the browser, so that the pages
 * looked at are the ones that are shipped: React then draws them anew, which it reports as a difference from the prerendered text.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { parseMessage, type Part } from "../lib/messages/icu.ts";
import { accent } from "../lib/messages/pseudo.ts";
import { expectNothingCut } from "./support/layout.ts";
import { pagesOf } from "./support/records.ts";
import { ROLES, root } from "./support/run.ts";
import { expect, open, PHONE, test } from "./support/test.ts";

/** A message as its source again. */
const print = (parts: readonly Part[]): string =>
  parts
    .map((part) => {
      if (typeof part === "string") return part;
      if (part.type === "value") return `{${part.name}${part.number ? ", number" : ""}}`;
      const options = Object.entries(part.options).map(([key, inner]) => `${key} {${print(inner)}}`);
      return `{${part.name}, ${part.plural ? "plural" : "select"}, ${options.join(" ")}}`;
    })
    .join("");

/** How Turbopack writes a JSON file into a script. */
const CATALOG = /JSON\.parse\('(\{"account\.[^']*?(?:\\'[^']*?)*\})'\)/;

function accented(script: string): string {
  return script.replace(CATALOG, (_, text: string) => {
    const catalog = JSON.parse(text.replace(/\\(['\\])/g, "$1")) as Record<string, string>;
    const other = Object.fromEntries(Object.entries(catalog).map(([key, message]) => [key, print(accent(parseMessage(message)))]));
    return `JSON.parse(${JSON.stringify(JSON.stringify(other))})`;
  });
}

/** Words the pages may say in plain letters: data, and what `Intl` says of dates and amounts. */
class Plain {
  private readonly words = new Set<string>();

  constructor() {
    for (const locale of ["en", "en-GB", "en-US"]) {
      for (let day = 0; day < 366; day += 1)
        for (const style of ["long", "short"] as const)
          this.add(
            new Intl.DateTimeFormat(locale, { weekday: style, day: "numeric", month: style, hour: "numeric", minute: "2-digit" }).format(
              new Date(Date.UTC(2026, 0, 1 + day, day % 24)),
            ),
          );
      for (const unit of ["minute", "hour", "day"])
        for (const amount of [1, 2]) this.add(new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(amount));
    }
  }

  add(value: unknown): void {
    if (typeof value === "string") for (const word of value.match(/\p{L}+/gu) ?? []) this.words.add(word.toLowerCase());
    else if (value && typeof value === "object") Object.values(value).forEach((inner) => this.add(inner));
  }

  /** Of texts, the words nobody gave us; short ones are codes and keys. */
  strangers(texts: readonly string[]): string[] {
    return texts.flatMap((text) =>
      (text.match(/[\p{L}]+/gu) ?? [])
        .filter((word) => word.length > 2 && /^[a-z]+$/i.test(word) && !this.words.has(word.toLowerCase()))
        .map((word) => `${word} in “${text}”`),
    );
  }
}

const texts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const parent = walk.currentNode.parentElement;
      if (parent && !parent.closest("script, style, next-route-announcer, .code") && parent.checkVisibility())
        found.push(walk.currentNode.nodeValue ?? "");
    }
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
      for (const name of ["aria-label", "title", "placeholder"]) found.push(element.getAttribute(name) ?? "");
    return found.map((text) => text.trim()).filter(Boolean);
  });

async function expectForeign(page: Page, plain: Plain, where: string): Promise<void> {
  const all = await texts(page);
  expect(all.filter((text) => /[áçéíñóŕúý]/i.test(text)).length, `${where} speaks the other language`).toBeGreaterThan(2);
  expect.soft(plain.strangers(all), `${where} says words that are not in the catalog`).toEqual([]);
}

/** The built scripts that hold the catalog, by the name they are asked for. */
const scripts = new Map(
  readdirSync(path.join(root, ".next/static/chunks"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .map((file) => [file, readFileSync(path.join(root, ".next/static/chunks", file), "utf8")] as const)
    .filter(([, script]) => CATALOG.test(script)),
);

async function foreign(page: Page, plain: Plain): Promise<void> {
  expect(scripts.size, "scripts with the catalog in the build").toBeGreaterThan(0);
  for (const [file, script] of scripts)
    await page.route(`**/_next/static/chunks/${file}*`, (route) =>
      route.fulfill({ contentType: "application/javascript; charset=utf-8", body: accented(script) }),
    );
  page.on("response", (answer) => {
    if (new URL(answer.url()).pathname.startsWith("/api/"))
      void answer.json().then(
        (data) => {
          plain.add(data);
        },
        () => undefined,
      );
  });
}

const firstData = (page: Page): Promise<unknown> =>
  page.evaluate(() => JSON.parse(document.getElementById("first-data")?.textContent ?? "{}") as unknown);

async function walk(page: Page, plain: Plain, paths: readonly string[], screen: string): Promise<void> {
  await foreign(page, plain);
  for (const address of paths) {
    await open(page, address);
    await page.waitForLoadState("networkidle");
    plain.add(await firstData(page));
    await expectForeign(page, plain, `${address}, ${screen}`);
    await expectNothingCut(page, `${address} in longer words, ${screen}`);
  }
}

const SCREENS = { desktop: {}, phone: PHONE } as const;
const REDRAWN = /Minified React error #418|hydrat/i;

for (const [screen, options] of Object.entries(SCREENS)) {
  for (const role of ROLES) {
    test(`the pages of ${role} speak the catalog's language alone and fit longer words, ${screen}`, async ({ as, watch }) => {
      test.setTimeout(120_000);
      watch.announce(REDRAWN);
      await walk(await as(role, options), new Plain(), await pagesOf(role), screen);
    });
  }

  test(`so do the public pages, ${screen}`, async ({ visitor, watch }) => {
    watch.announce(REDRAWN);
    await walk(await visitor(options), new Plain(), ["/en/sign-in", "/en/set-password"], screen);
  });
}

test("plain words would be noticed", () => {
  const plain = new Plain();
  plain.add({ items: [{ title: "Operating Systems" }] });
  expect(plain.strangers(["Ópéŕátíñg", "Operating Systems", "Monday 23 November", "CS"])).toEqual([]);
  expect(plain.strangers(["Nothing here"])).toHaveLength(2);
});
