import { dataReady, expect, open, PHONE, test } from "./support/test.ts";

test("a chosen theme holds on every page and after a reload, whatever the system wants", async ({ as }) => {
  const page = await as("student", PHONE);
  await open(page, "/en/profile");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.getByRole("radio", { name: "Dark" }).check({ force: true });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.reload();
  await dataReady(page);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await open(page, "/en/courses");
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(dark);
});

test("single-key shortcuts can be turned off, and stay off", async ({ as }) => {
  const page = await as("faculty");
  await open(page, "/en/profile");
  await page.getByRole("checkbox", { name: "Single-key shortcuts" }).uncheck();
  await open(page, "/en/courses");
  await page.keyboard.press("j");
  expect(await page.evaluate(() => document.activeElement?.className)).not.toContain("row-link");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox").first()).not.toBeFocused();
  await expect(page.locator(".single-key").first()).toBeHidden();
  await page.getByRole("searchbox").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.locator("a.row-link").first()).toBeFocused();
});

test("a phone has everything a desk has: the bar below leads everywhere", async ({ as }) => {
  const page = await as("student", PHONE);
  await open(page, "/en/student");
  const bar = page.getByRole("navigation", { name: "Main" }).last();
  for (const [name, path] of [
    ["Courses", "courses"],
    ["Record", "record"],
    ["Today", "student"],
  ] as const) {
    await bar.getByRole("link", { name }).click();
    await expect(page).toHaveURL(new RegExp(`/en/${path}$`));
    await expect(page.getByRole("heading", { level: 1 })).toBeInViewport();
  }
});
