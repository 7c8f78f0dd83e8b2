import { records } from "./support/records.ts";
import { origin } from "./support/run.ts";
import { dataReady, expect, heading, open, PHONE, test } from "./support/test.ts";

test("a search with a typing error finds Calculus", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/courses");
  await page.getByRole("searchbox", { name: "Search code or title" }).fill("calclus");
  await expect(page).toHaveURL(/\?q=calclus$/);
  await expect(page.locator("a.row-link").first()).toContainText("Calculus");
  await page.reload();
  await dataReady(page);
  await expect(page.getByRole("searchbox", { name: "Search code or title" })).toHaveValue("calclus");
  await expect(page.locator("a.row-link").first()).toContainText("Calculus");
});

test("a course opens by click and by its address; Back and Forward return", async ({ as }) => {
  const { course } = await records();
  const page = await as("student");
  await open(page, "/en/courses?q=calculus");
  await page.evaluate(() => {
    (window as unknown as { sameDocument: boolean }).sameDocument = true;
  });
  await page.getByRole("link", { name: course.title, exact: true }).first().click();
  await expect(heading(page)).toHaveText(course.title);
  await expect(page).toHaveURL(new RegExp(`/en/courses/${course.id}$`));
  await expect(page).toHaveTitle(new RegExp(course.code));
  await expect(page.getByText(/\d+ sections?/).first()).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/en\/courses\?q=calculus$/);
  await expect(page).toHaveTitle(/^Courses/);
  await expect(page.locator("a.row-link").first()).toContainText("Calculus");
  await page.goForward();
  await expect(heading(page)).toHaveText(course.title);
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
  await open(page, `/en/courses/${course.id}`);
  await expect(heading(page)).toHaveText(course.title);
});

test("one course after another shows each one's own data", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/courses?q=calculus");
  const titles = (await page.locator("a.row-link").allInnerTexts()).slice(0, 2);
  for (const title of titles) {
    await page.getByRole("link", { name: title, exact: true }).first().click();
    await expect(heading(page)).toHaveText(title);
    await page.goBack();
    await expect(heading(page)).toHaveText("Courses");
  }
  expect(titles.length).toBe(2);
});

test("filters stand in the address", async ({ as }) => {
  const { department } = await records();
  const page = await as("student");
  await open(page, "/en/courses");
  await page.getByRole("combobox", { name: "Department" }).selectOption(department.id);
  await expect(page).toHaveURL(new RegExp(`department=${department.id}`));
  await expect(page.locator("a.row-link").first()).toBeVisible();
  const cells = page.getByRole("table", { name: "Courses" }).locator("td.code");
  // The rows before the filter stay until its answer is there.
  await expect.poll(async () => (await cells.allTextContents()).filter((code) => !code.startsWith(department.code))).toEqual([]);
  expect(await cells.count()).toBeGreaterThan(3);
  await page.goBack();
  await expect(page).toHaveURL(/\/en\/courses$/);
});

test("the chosen theme outlives a reload and a new page", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/student");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.locator(".rail button[aria-haspopup=menu]").click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await open(page, "/en/profile");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
});

test("on a phone the bottom bar leads to the pages", async ({ as }) => {
  const page = await as("student", PHONE);
  await open(page, "/en/student");
  const dock = page.locator("nav.dock");
  await expect(dock).toBeVisible();
  await expect(page.locator("nav.rail")).toBeHidden();
  await dock.getByRole("link", { name: "Courses" }).tap();
  await expect(heading(page)).toHaveText("Courses");
  await expect(dock.getByRole("link", { name: "Courses" })).toHaveAttribute("aria-current", "page");
  await page.locator("a.row-link").first().tap();
  await expect(page).toHaveURL(/\/en\/courses\/[0-9a-f-]{36}$/);
  await expect(heading(page)).toBeInViewport();
});

test("an id that is none, and one nobody has, say so", async ({ as, watch }) => {
  watch.announce(/status of 404/);
  const page = await as("student");
  const answer = await page.goto("/en/courses/not-an-id");
  expect(answer?.status()).toBe(404);
  await expect(heading(page)).toHaveText("No such page");
  await page.goto("/en/courses/0199aaaa-0000-7000-8000-00000000e2e0");
  await expect(heading(page)).toHaveText("No such course");
  await expect(page.getByText("It does not exist, or it is not yours to see.")).toBeVisible();
});

test("a bare localhost leads to the demo institution", async ({ visitor }) => {
  const page = await visitor();
  await page.goto(origin().replace("demo.localhost", "localhost"));
  await expect(page).toHaveURL(`${origin()}/en/sign-in`);
});
