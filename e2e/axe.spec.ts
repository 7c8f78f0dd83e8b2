import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expectNothingCut } from "./support/layout.ts";
import { pagesOf } from "./support/records.ts";
import { PROTECTED, pathOf } from "./support/routes.ts";
import { ROLES } from "./support/run.ts";
import { expect, open, PHONE, test } from "./support/test.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SCREENS = { desktop: {}, phone: PHONE } as const;

/** Colors on their way from one theme to the other are neither's. */
const settled = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    await Promise.allSettled(
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
        .map((one) => one.finished),
    );
    await new Promise(requestAnimationFrame);
  });

/** What a theme can change; everything else is looked at once. */
const COLOR_RULES = ["color-contrast", "link-in-text-block"];

/** In both themes: the pages follow the system while they are open. */
async function expectClean(page: Page, what: string): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    await settled(page);
    // There are no frames to collect from, which is what the other mode is for.
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    const { violations } = await (theme === "light" ? axe.withTags(TAGS) : axe.withRules(COLOR_RULES)).analyze();
    const found = violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`)
          .join("; ")}`,
    );
    expect.soft(found, `${what}, ${theme}`).toEqual([]);
  }
}

for (const [screen, options] of Object.entries(SCREENS)) {
  for (const role of ROLES) {
    test(`axe finds nothing on the pages of ${role}, ${screen}, both themes`, async ({ as }) => {
      test.setTimeout(180_000);
      const page = await as(role, options);
      for (const path of await pagesOf(role)) {
        await open(page, path);
        await expectClean(page, path);
        await expectNothingCut(page, `${path}, ${screen}`);
      }
    });
  }

  test(`axe finds nothing on the public pages, ${screen}, both themes`, async ({ visitor, watch }) => {
    watch.announce(/status of (401|404)/);
    const page = await visitor(options);
    for (const path of ["/en/sign-in", "/en/set-password", "/en/set-password#AAAA", "/en/no-such-page"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectClean(page, path);
    }
    await page.goto("/en/sign-in");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("Enter your password.")).toBeVisible();
    await expectClean(page, "sign-in refused");
  });
}

test("axe finds nothing on what opens above a page", async ({ as }) => {
  const page = await as("admin");
  await open(page, "/en/courses");
  await page.getByRole("button", { name: "New course" }).click();
  await expect(page.getByRole("dialog", { name: "New course" })).toBeVisible();
  await expectClean(page, "a dialog");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search" }).fill("calc");
  await expect(page.getByRole("dialog", { name: "Search" }).getByRole("option").first()).toBeVisible();
  await expectClean(page, "the palette");
  await page.keyboard.press("Escape");
  await page.locator(".rail button[aria-haspopup=menu]").click();
  await expect(page.getByRole("menu")).toBeVisible();
  await expectClean(page, "the account menu");
});

test("every page of the build is among those looked at", async () => {
  const looked = new Set((await Promise.all(ROLES.map(pagesOf))).flat().map((path) => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "ID")));
  expect(PROTECTED.map((pattern) => pathOf(pattern, "ID")).filter((path) => !looked.has(path))).toEqual([]);
});
