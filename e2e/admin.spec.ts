import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import { root } from "./support/run.ts";
import { records } from "./support/records.ts";
import { expect, heading, open, test } from "./support/test.ts";

/** Letters no demo department uses, and a new one for each run of a test against the same institution. */
const fresh = (): string => `Z${Date.now().toString(36).slice(-5).toUpperCase()}`;
const inDialog = (page: Page, name: string | RegExp): Locator => page.getByRole("dialog", { name });
const save = (dialog: Locator) => dialog.getByRole("button", { name: "Save" }).click();

async function createDepartment(page: Page): Promise<{ code: string; name: string }> {
  const code = fresh();
  const name = `Department of <b>${code}</b> & "more"`;
  await open(page, "/en/departments");
  await page.getByRole("button", { name: "New department" }).click();
  const dialog = inDialog(page, "New department");
  await dialog.getByLabel("Code").fill(code.toLowerCase());
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "New department" }).click();
  await expect(page).toHaveURL(/\/en\/departments\/[0-9a-f-]{36}$/);
  await expect(heading(page)).toHaveText(name);
  return { code, name };
}

test("an admin creates a department, is told that its code is taken, and renames it", async ({ as, watch }) => {
  watch.announce(/status of 409/);
  const page = await as("admin");
  const { code, name } = await createDepartment(page);
  const address = page.url();
  await open(page, "/en/departments");
  await page.getByRole("button", { name: "New department" }).click();
  const dialog = inDialog(page, "New department");
  await dialog.getByLabel("Code").fill(code);
  await dialog.getByLabel("Name").fill("Another");
  await dialog.getByRole("button", { name: "New department" }).click();
  await expect(dialog.getByLabel("Code")).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByLabel("Code")).toBeFocused();
  await open(page, address);
  await expect(heading(page)).toHaveText(name);
  await page.getByRole("button", { name: "Edit" }).click();
  await inDialog(page, `Edit ${code}`).getByLabel("Name").fill(`${code} renamed`);
  await save(inDialog(page, `Edit ${code}`));
  await expect(page.getByText(`${code} renamed is saved`)).toBeVisible();
  await expect(heading(page)).toHaveText(`${code} renamed`);
  await page.reload();
  await expect(heading(page)).toHaveText(`${code} renamed`);
});

test("an admin creates a course and edits it; students see it", async ({ as }) => {
  const { department } = await records();
  const number = `9${Date.now().toString(36).slice(-4).toUpperCase()}`;
  const page = await as("admin");
  await open(page, "/en/courses");
  await page.getByRole("button", { name: "New course" }).click();
  const dialog = inDialog(page, "New course");
  await dialog.getByRole("combobox", { name: "Department" }).selectOption(department.id);
  await dialog.getByLabel("Number").fill(number);
  await dialog.getByLabel("Title").fill("Knots and Braids");
  await dialog.getByRole("combobox", { name: "Credits are" }).selectOption("range");
  await dialog.getByLabel("From").fill("1");
  await dialog.getByLabel("To", { exact: true }).fill("4");
  await dialog.getByLabel("Description").fill("Tie <script>alert(1)</script> them.");
  await dialog.getByRole("button", { name: "New course" }).click();
  await expect(heading(page)).toHaveText("Knots and Braids");
  await expect(page.getByText("Tie <script>alert(1)</script> them.")).toBeVisible();
  await expect(page.getByText("1 to 4 credits")).toBeVisible();
  await page.getByRole("button", { name: "Edit" }).click();
  const edit = inDialog(page, /^Edit /);
  await edit.getByLabel("Title").fill("Knots, Links and Braids");
  await save(edit);
  await expect(edit).toBeHidden();
  await expect(heading(page)).toHaveText("Knots, Links and Braids");
  const student = await as("student");
  await open(student, new URL(page.url()).pathname);
  await expect(heading(student)).toHaveText("Knots, Links and Braids");
  await expect(student.getByRole("button", { name: "Edit" })).toHaveCount(0);
});

test("two tabs edit one course: the second is told, loses nothing, overwrites nothing unseen", async ({ as, watch }) => {
  watch.announce(/status of 409/);
  const { course } = await records();
  const one = await as("admin");
  const two = await one.context().newPage();
  for (const page of [one, two]) {
    await open(page, `/en/courses/${course.id}`);
    await page.getByRole("button", { name: "Edit" }).click();
    await expect(inDialog(page, /^Edit /)).toBeVisible();
  }
  const [first, second] = [inDialog(one, /^Edit /), inDialog(two, /^Edit /)];
  const [theirs, mine] = [`Attributes by the first tab ${fresh()}`, `Description by the second tab ${fresh()}`];
  await first.getByLabel("Degree attributes").fill(theirs);
  await save(first);
  await expect(first).toBeHidden();
  await second.getByLabel("Description").fill(mine);
  await save(second);
  await expect(second.getByText("Somebody saved this before you")).toBeVisible();
  await expect(second.getByText(theirs)).toBeVisible();
  await expect(second.getByLabel("Description")).toHaveValue(mine);
  // What is typed while the notice stands there counts as well.
  const title = `Retitled meanwhile ${fresh()}`;
  await second.getByLabel("Title").fill(title);
  await second.getByRole("button", { name: "Continue with my changes" }).click();
  await expect(second.getByLabel("Title")).toHaveValue(title);
  await expect(second.getByLabel("Degree attributes")).toHaveValue(theirs);
  await expect(second.getByLabel("Description")).toHaveValue(mine);
  await save(second);
  await expect(second).toBeHidden();
  await one.reload();
  await expect(one.getByText(theirs)).toBeVisible();
  await expect(one.getByText(mine)).toBeVisible();
  await expect(heading(one)).toHaveText(title);
  await one.getByRole("button", { name: "Edit" }).click();
  await first.getByLabel("Title").fill(course.title);
  await save(first);
  await expect(first).toBeHidden();
});

test("credits left empty are asked for, never saved as zero", async ({ as }) => {
  const { course } = await records();
  const page = await as("admin");
  await open(page, `/en/courses/${course.id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = inDialog(page, /^Edit /);
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.method()));
  await dialog.getByLabel("Credits", { exact: true }).fill("");
  await save(dialog);
  await expect(dialog.getByText("Enter a number.")).toBeVisible();
  await expect(dialog.getByLabel("Credits", { exact: true })).toBeFocused();
  expect(sent).not.toContain("PATCH");
});

test("the queues on the admin's home lead to their rows", async ({ as }) => {
  const page = await as("admin");
  await open(page, "/en/admin");
  const examples = page.getByRole("main").locator("a[href^='/en/sections/'], a[href^='/en/courses/'], a[href^='/en/users/']");
  await expect(examples.first()).toBeVisible();
  const href = await examples.first().getAttribute("href");
  await examples.first().click();
  await expect(page).toHaveURL(new RegExp(`${href ?? "none"}$`));
  await expect(heading(page)).not.toBeEmpty();
});

test("a queue is read to its end at its own address, by keyboard too", async ({ as }) => {
  const page = await as("admin");
  await open(page, "/en/admin");
  const tab = page.getByRole("link", { name: /^Full \d/ });
  const count = Number((await tab.innerText()).replace(/\D/g, ""));
  expect(count).toBeGreaterThan(50);
  await page.getByRole("link", { name: `and ${String(count - 5)} more` }).click();
  await expect(page).toHaveURL(/\/en\/admin\?queue=sections-full$/);
  await expect(tab).toHaveAttribute("aria-current", "true");
  await expect(page.getByText("First 50")).toBeVisible();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(page.getByText(/^First 100$|^\d+ wait$/)).toBeVisible();
  await page.reload();
  await expect(tab).toHaveAttribute("aria-current", "true");
  await expect(page.getByText("First 50")).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const row = page.getByRole("row").filter({ has: page.locator("a:focus") });
  const code = await row.locator(".code").innerText();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/en\/sections\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("main")).toContainText(code.replace(/ \S+$/, ""));
  await page.goBack();
  await expect(page).toHaveURL(/queue=sections-full$/);
  await page.getByRole("link", { name: /^All \d/ }).click();
  await expect(page).toHaveURL(/\/en\/admin$/);
});

test("every figure leads to its rows", async ({ as }) => {
  const page = await as("admin");
  await open(page, "/en/admin");
  const figures = page.getByRole("region", { name: "Figures" });
  const links = await figures.getByRole("link").count();
  expect(links).toBeGreaterThan(3);
  expect(await figures.locator("> :not(a)").count(), "figures without rows").toBe(0);
  await figures.getByRole("link", { name: /Faculty/ }).click();
  await expect(page).toHaveURL(/\/en\/users\?role=faculty$/);
});

test("an admin finds a person and opens their page", async ({ as }) => {
  const page = await as("admin");
  await open(page, "/en/users?role=student");
  const row = page.locator("a.row-link").first();
  const name = await row.innerText();
  await row.click();
  await expect(page).toHaveURL(/\/en\/users\/[0-9a-f-]{36}$/);
  await expect(heading(page)).toHaveText(name);
});

const testdata = (file: string): string => path.join(root, "server/testdata", file);

async function fillImport(page: Page, file: string): Promise<void> {
  await open(page, "/en/imports/catalog");
  await page.getByLabel("Catalog file").setInputFiles(testdata(file));
  await page.getByLabel("Term", { exact: true }).fill("Autumn 2031");
  await page.getByLabel("First day").fill("2031-08-25");
  await page.getByLabel("Last day").fill("2031-12-12");
  for (const [index, [code, from]] of (
    [
      ["1", "2031-08-25"],
      ["S2", "2031-10-20"],
    ] as const
  ).entries()) {
    await page.getByRole("button", { name: "Add a part" }).click();
    await page.getByLabel("Code").nth(index).fill(code);
    await page.getByLabel("From").nth(index).fill(from);
    await page.getByLabel("To", { exact: true }).nth(index).fill("2031-12-12");
  }
}

const check = (page: Page) => page.getByRole("button", { name: "Check the file" }).click();

test("a broken file is refused whole, with its rows and fields named", async ({ as, watch }) => {
  watch.announce(/status of 422/);
  const page = await as("admin");
  await fillImport(page, "catalog-broken.csv");
  await check(page);
  await expect(page.getByText(/The file is refused/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Nothing was changed. Correct the rows below and check the file again.")).toBeVisible();
  const rows = page.getByRole("table", { name: "Rows to correct" }).getByRole("row");
  const cells = (await rows.allInnerTexts()).slice(1).map((text) => text.split(/\s*\n\s*|\t/));
  expect([...new Set(cells.map((row) => Number(row[0])))].sort((a, b) => a - b)).toEqual([3, 5, 6, 8, 9]);
  expect(cells.filter((row) => !row[1])).toEqual([]);
  await expect(page.getByRole("button", { name: "Apply these changes" })).toHaveCount(0);
});

test("a catalog is checked, shown, applied, and then there is nothing left to do", async ({ as }) => {
  const page = await as("admin");
  await fillImport(page, "catalog-small.csv");
  await check(page);
  await expect(page.getByText(/\d+ changes? to make/)).toBeVisible({ timeout: 30_000 });
  const changes = page.getByRole("table", { name: "Changes" });
  await expect(changes.getByText("ALG 220").first()).toBeVisible();
  const announced = Number(/(\d+) change/.exec(await page.getByText(/\d+ changes? to make/).innerText())?.[1]);
  const other = await page.context().newPage();
  await open(other, "/en/courses?q=ALG 220");
  await expect(other.getByRole("paragraph").filter({ hasText: "No course matches" })).toBeVisible();
  await page.getByRole("button", { name: "Apply these changes" }).click();
  await expect(page.getByText(`${String(announced)} changes are saved`)).toBeVisible({ timeout: 30_000 });
  await other.reload();
  await other.getByRole("link", { name: "Linear Maps & Matrices" }).click();
  await expect(heading(other)).toHaveText("Linear Maps & Matrices");
  await fillImport(page, "catalog-small.csv");
  await check(page);
  await expect(page.getByText("The catalog already says all of this")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: "Apply these changes" })).toBeDisabled();
  await expect(page.getByRole("table", { name: "Changes" })).toHaveCount(0);
});
