import type { Page } from "@playwright/test";
import { account } from "./support/run.ts";
import { records } from "./support/records.ts";
import { dataReady, expect, heading, open, test } from "./support/test.ts";

interface Focus {
  readonly lost: boolean;
  readonly visible: boolean;
  readonly name: string;
}

/** Where the focus is, and whether a person would see it. */
const focus = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return { lost: true, visible: false, name: "" };
    const box = element.getBoundingClientRect();
    const marks = (one: Element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    };
    // A row's link marks the whole row.
    const row = element.matches(".row-link") ? element.closest("tr, li") : null;
    const shown = marks(element) || (row !== null && marks(row));
    return {
      lost: false,
      visible: shown && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
      name: (element.ariaLabel ?? element.innerText) || element.getAttribute("name") || element.tagName,
    };
  });

/** Presses Tab until that element has the focus; on the way every stop must be seen. */
async function tabTo(page: Page, selector: string, most = 40): Promise<void> {
  for (let stops = 0; stops < most; stops++) {
    await page.keyboard.press("Tab");
    const at = await focus(page);
    expect(at.lost, "the focus is somewhere").toBe(false);
    expect(at.visible, `the focus on “${at.name}” can be seen`).toBe(true);
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`${selector} is not among the first ${String(most)} stops`);
}

test("from signing in to a course page without a mouse", async ({ visitor }) => {
  const { email, password } = account("student");
  const page = await visitor();
  await page.goto("/en/sign-in");
  await expect(heading(page)).toBeVisible();
  await tabTo(page, "[name=email]");
  await page.keyboard.type(email);
  await tabTo(page, "[name=password]");
  await page.keyboard.type(password);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/en\/student$/);
  await dataReady(page);
  await tabTo(page, "nav.rail a[href$='/courses']");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/en\/courses$/);
  await expect(heading(page)).toBeFocused();
  await expect(page.locator("a.row-link").first()).toBeVisible();
  await tabTo(page, "a.row-link");
  const title = (await focus(page)).name;
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/en\/courses\/[0-9a-f-]{36}$/);
  await expect(heading(page)).toHaveText(title);
  await expect(heading(page)).toBeFocused();
  expect((await focus(page)).visible, "the focus on the new page's heading can be seen").toBe(true);
});

test("where the system chooses the colors, the row in hand is outlined", async ({ as }) => {
  const page = await as("student");
  await page.emulateMedia({ forcedColors: "active" });
  await open(page, "/en/courses");
  await page.keyboard.press("j");
  await expect(page.locator("a.row-link").first()).toBeFocused();
  const outline = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body, "::after");
    return { outlineStyle, outlineWidth };
  });
  expect(outline).toEqual({ outlineStyle: "solid", outlineWidth: "2px" });
});

test("the first stop skips to the content", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/courses");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
});

test("J, K and the slash move in a list", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/courses");
  const rows = page.locator("a.row-link");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(rows.nth(1)).toBeFocused();
  expect((await focus(page)).visible).toBe(true);
  await page.keyboard.press("k");
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search code or title" })).toBeFocused();
});

for (const chord of ["Control+k", "Meta+k"]) {
  test(`${chord} opens the palette, which finds a course and gives the focus back`, async ({ as }) => {
    const { course } = await records();
    const page = await as("student");
    await open(page, "/en/student");
    const opener = page.locator("header.topbar button").first();
    await opener.focus();
    await page.keyboard.press(chord);
    const palette = page.getByRole("dialog", { name: "Search" });
    const box = palette.getByRole("combobox");
    await expect(box).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(palette).toBeHidden();
    await expect(opener).toBeFocused();
    await page.keyboard.press(chord);
    await box.fill("calclus");
    const option = palette.getByRole("option", { name: course.code });
    await expect(option).toBeVisible();
    for (let steps = 0; steps < 10 && (await option.getAttribute("aria-selected")) !== "true"; steps++)
      await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/en/courses/${course.id}$`));
    await expect(heading(page)).toHaveText(course.title);
  });
}

test("a dialog keeps the focus inside and gives it back", async ({ as }) => {
  const page = await as("admin");
  await open(page, "/en/departments");
  const opener = page.getByRole("button", { name: "New department" });
  await opener.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "New department" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByLabel("Code")).toBeFocused();
  for (let stops = 0; stops < 8; stops++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement?.closest("dialog")))).toBe(
      true,
    );
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
});
