/** What the client does when things go otherwise than planned: failures, other tabs, unsaved work, and the way back. */
import { read, signInByApi } from "./support/http.ts";
import { records } from "./support/records.ts";
import { changeDocument, dataReady, expect, heading, keep, open, test } from "./support/test.ts";
import type { Page } from "@playwright/test";

const SEARCH = "Search code or title";

test("a screen that breaks says so, keeps the frame, and recovers", async ({ as, watch }) => {
  watch.announce(/console error/, /exception/);
  const page = await as("student");
  await open(page, "/en/student");
  await page.route("**/api/v1/courses?**", (route) => route.fulfill({ json: { items: 5, next: null } }));
  await page.locator("nav.rail a[href$='/courses']").click();
  await expect(heading(page)).toHaveText("This page broke");
  await expect(heading(page)).toBeFocused();
  await page.unroute("**/api/v1/courses?**");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("a.row-link").first()).toBeVisible();
});

/** Lets the frame be told something no server says, and comes back to the page as somebody does after a while. */
async function breakFrame(page: Page): Promise<void> {
  const me = await read<object>("/api/v1/me", await signInByApi("student"));
  await page.route("**/api/v1/me", (route) => route.fulfill({ json: { ...me, institution: null } }));
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 60_000;
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

for (const [how, blocked] of [
  ["", false],
  [" when nothing more can be fetched", true],
] as const)
  test(`a frame that breaks says so${how}, and is there again after loading`, async ({ as, watch }) => {
    watch.announce(/console error/, /exception/, /failed request: GET \S+\/_next\/static/);
    const page = await as("student");
    await open(page, "/en/student");
    await page.waitForLoadState("networkidle");
    if (blocked) await page.route("**/_next/static/**", (route) => route.abort());
    await breakFrame(page);
    await expect(heading(page)).toHaveText("This page broke");
    await expect(heading(page)).toBeFocused();
    await expect(page.getByRole("alert")).toContainText("nothing you saved is lost");
    const colors = await page.evaluate(() =>
      [document.body, document.querySelector("button")].map((one) => one && getComputedStyle(one).backgroundColor),
    );
    expect(colors[1], "the button stands out").not.toMatch(/rgba\(0, 0, 0, 0\)|transparent/);
    expect(colors[1]).not.toBe(colors[0]);
    await page.unroute("**/api/v1/me");
    if (blocked) await page.unroute("**/_next/static/**");
    await page.getByRole("button", { name: "Load the page again" }).click();
    await dataReady(page);
    await expect(page.locator("nav.rail")).toBeVisible();
  });

test("a page before the sign-in that breaks says so, and recovers", async ({ visitor, watch }) => {
  watch.announce(/console error/, /exception/);
  const page = await visitor();
  await changeDocument(page, "/en/sign-in", {}, (html) => html.replace(/("\/api\/v1\/institution":\{[^}]*?"name":)"[^"]*"/, "$1{}"));
  await page.goto("/en/sign-in");
  await expect(heading(page)).toHaveText("This page broke");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByLabel("E-mail")).toBeVisible();
});

test("a refresh that fails is said, with its number, and what was there stays", async ({ as, watch }) => {
  watch.announce(/status of 503/, /server error: 503/);
  const page = await as("admin");
  const { course } = await records();
  await open(page, `/en/courses/${course.id}`);
  const instance = "0199aaaa-0000-7000-8000-00000000e2e1";
  await page.route(`**/api/v1/courses/${course.id}`, (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      json: { type: "/problems/busy", title: "Busy", status: 503, instance },
    }),
  );
  // Time passes, and somebody comes back to the page.
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 60_000;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect(page.getByText("This page could not be refreshed")).toBeVisible();
  await expect(page.getByText(instance)).toBeVisible();
  await expect(heading(page)).toHaveText(course.title);
  await page.unroute(`**/api/v1/courses/${course.id}`);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("This page could not be refreshed")).toBeHidden();
});

test("after loading more, a row and Back: the same rows at the same place", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/courses");
  const rows = page.locator("a.row-link");
  await page.getByRole("button", { name: "Load more" }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(50);
  const before = await rows.count();
  const wanted = rows.nth(60);
  await wanted.scrollIntoViewIfNeeded();
  const title = await wanted.innerText();
  const at = await page.evaluate(() => scrollY);
  await wanted.click();
  await expect(heading(page)).toHaveText(title);
  await page.goBack();
  await expect(heading(page)).toHaveText("Courses");
  expect(await rows.count()).toBe(before);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(at);
});

test("typing in a search keeps the rows until the answer is there", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/courses");
  const gate: { open?: () => void } = {};
  const held = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  await page.route("**/api/v1/courses?*q=calculus*", async (route) => {
    await held;
    await route.continue();
  });
  const first = await page.locator("a.row-link").first().innerText();
  await page.getByRole("searchbox", { name: SEARCH }).fill("calculus");
  await expect(page.getByRole("table", { name: "Courses" })).toHaveAttribute("aria-busy", "true");
  await expect(page.locator("a.row-link").first()).toHaveText(first);
  await expect(page.locator(".skeleton")).toHaveCount(0);
  gate.open?.();
  await expect(page.locator("a.row-link").first()).toContainText("Calculus");
  await expect(page.getByRole("status").filter({ hasText: /^\d+ courses?$/ })).toHaveCount(1);
  await page.getByRole("searchbox", { name: SEARCH }).fill("zzzzqqqq");
  await expect(page.getByRole("status").filter({ hasText: "No course matches" })).toHaveCount(1);
});

test("somebody else signs in in another tab: this one shows their page, not the old one", async ({ as, watch }) => {
  // The admin's links stand there until the answer says who it is now; what is fetched ahead of them is refused.
  watch.announce(/status of 401.*\?_rsc=/);
  const one = await as("admin");
  await open(one, "/en/courses");
  await expect(one.getByRole("button", { name: "New course" })).toBeVisible();
  await keep(one.context(), await signInByApi("student"));
  const two = await one.context().newPage();
  await open(two, "/en/student");
  await expect(one.getByRole("button", { name: "New course" })).toHaveCount(0);
  await expect(one.locator("a.row-link").first()).toBeVisible();
});

test("what is typed is not thrown away without a question", async ({ as }) => {
  const { course } = await records();
  const page = await as("admin");
  await open(page, `/en/courses/${course.id}`);
  const questions: string[] = [];
  let answer = false;
  page.on("dialog", (dialog) => {
    questions.push(dialog.message());
    void (answer ? dialog.accept() : dialog.dismiss());
  });
  const dialog = page.getByRole("dialog", { name: /^Edit / });
  const edit = page.getByRole("button", { name: "Edit" });
  await edit.click();
  await expect(dialog.getByLabel("Title")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(questions).toEqual([]);
  await edit.click();
  await dialog.getByLabel("Title").fill("Typed, not saved");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog.getByLabel("Title")).toHaveValue("Typed, not saved");
  expect(questions).toHaveLength(3);
  answer = true;
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
  answer = false;
  await open(page, "/en/profile");
  await page.getByLabel("Phone").fill("+91 172 555 0000");
  questions.length = 0;
  await page.locator("nav.rail a[href$='/courses']").click();
  expect(questions).toHaveLength(1);
  await expect(page).toHaveURL(/\/en\/profile$/);
  answer = true;
  await page.locator("nav.rail a[href$='/courses']").click();
  await expect(page).toHaveURL(/\/en\/courses$/);
});

test("a session that ends takes nothing typed along, and the form is saved after signing in again", async ({ as, watch }) => {
  watch.announce(/status of 401/);
  const page = await as("faculty");
  await open(page, "/en/profile");
  const phone = `+91 172 555 ${String(Date.now()).slice(-4)}`;
  await page.getByLabel("Phone").fill(phone);
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Your session has ended").first()).toBeVisible();
  await expect(page).toHaveURL(/\/en\/profile$/);
  await expect(page.getByLabel("Phone")).toHaveValue(phone);
  await keep(page.context(), await signInByApi("faculty"));
  const other = await page.context().newPage();
  await open(other, "/en/faculty");
  await expect(page.getByRole("link", { name: "Sign in in another tab" })).toHaveCount(0);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Contact saved")).toBeVisible();
});

test("the palette acts, says that a search failed, and waits for what Enter meant", async ({ as, watch }) => {
  watch.announce(/status of 503/, /server error: 503/);
  const page = await as("admin");
  const { course } = await records();
  await open(page, "/en/admin");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search" });
  const box = palette.getByRole("combobox");
  await box.fill("new dep");
  await expect(palette.getByRole("option", { name: "New department" })).toBeVisible();
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog", { name: "New department" });
  await expect(form.getByLabel("Code")).toBeVisible();
  await form.getByRole("button", { name: "Close" }).click();
  await page.route("**/api/v1/courses?**", (route) =>
    route.fulfill({ status: 503, contentType: "application/problem+json", json: { type: "/problems/busy", title: "Busy", status: 503 } }),
  );
  await page.keyboard.press("Control+k");
  await box.fill("calculus");
  await expect(palette.getByText("The server is busy. Nothing was done.")).toBeVisible();
  await expect(palette.getByText(/Nothing matches/)).toHaveCount(0);
  await page.unroute("**/api/v1/courses?**");
  await palette.getByRole("button", { name: "Try again" }).click();
  await expect(palette.getByRole("option", { name: course.code })).toBeVisible();
  await box.fill(course.code);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/en/courses/${course.id}$`));
});
