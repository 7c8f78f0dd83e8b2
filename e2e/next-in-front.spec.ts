/** What only holds, or only could fail, with Next.js in front of the server. The journeys run there too: see `playwright.config.ts`. */
import { account, site as server, type Role } from "./support/run.ts";
import { dataReady, expect, heading, test } from "./support/test.ts";
import type { Page } from "@playwright/test";

async function signIn(page: Page, role: Role): Promise<void> {
  const { email, password } = account(role);
  await page.goto("/en/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/en/${role}$`));
  await dataReady(page);
}

test("signing in, home, a search and a course touch one host alone", async ({ visitor, site }) => {
  const page = await visitor();
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await page.goto("/en/student");
  await expect(page).toHaveURL(`${site()}/en/sign-in?next=%2Fen%2Fstudent`);
  await signIn(page, "student");
  expect(await page.locator("#first-data").count()).toBe(1);
  await page.getByRole("link", { name: "Courses", exact: true }).first().click();
  await page.getByRole("searchbox", { name: "Search code or title" }).fill("calclus");
  const course = page.locator("a.row-link").first();
  await expect(course).toContainText("Calculus");
  const title = await course.innerText();
  await course.click();
  await expect(heading(page)).toHaveText(title);
  await page.reload();
  await dataReady(page);
  await expect(heading(page)).toHaveText(title);
  expect([...hosts]).toEqual([new URL(site()).host]);
  expect(new URL(site()).port).not.toBe(String(server().port));
});

test("without a token a protected page is not served", async ({ visitor, site }) => {
  const page = await visitor();
  const answer = await page.request.fetch(`http://127.0.0.1:${String(server().plainPort)}/en/courses`, {
    headers: { "x-forwarded-host": new URL(site()).host },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
  await page.goto("/en/courses");
  await expect(page).toHaveURL(`${site()}/en/sign-in?next=%2Fen%2Fcourses`);
});

test("an admin edits a course", async ({ visitor }) => {
  const page = await visitor();
  await signIn(page, "admin");
  await page.goto("/en/courses?q=algebra");
  await page.locator("a.row-link").first().click();
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog", { name: /^Edit / });
  const words = `Saved through Next.js ${String(Date.now())}`;
  await dialog.getByLabel("Degree attributes").fill(words);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await page.reload();
  await dataReady(page);
  await expect(page.getByText(words)).toBeVisible();
});
