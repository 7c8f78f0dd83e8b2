import { ask, signInByApi } from "./support/http.ts";
import { records } from "./support/records.ts";
import { dataReady, expect, heading, open, test } from "./support/test.ts";

test("a person edits their own contact", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/profile");
  const phone = `+91 172 555 ${String(Date.now()).slice(-4)}`;
  await page.getByLabel("Phone").fill(phone);
  await page.getByLabel("Personal e-mail").fill("me@example.org");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Contact saved")).toBeVisible();
  await page.reload();
  await dataReady(page);
  await expect(page.getByLabel("Phone")).toHaveValue(phone);
  await expect(page.getByLabel("Personal e-mail")).toHaveValue("me@example.org");
});

test("what is wrong with a contact stands beside its field", async ({ as, watch }) => {
  watch.announce(/status of 422/);
  const page = await as("faculty");
  await open(page, "/en/profile");
  await page.getByLabel("Personal e-mail").fill("not an address");
  await page.getByRole("button", { name: "Save" }).click();
  const field = page.getByLabel("Personal e-mail");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toBeFocused();
  await expect(field).toHaveAccessibleDescription(/\S/);
  await page.reload();
  await dataReady(page);
  await expect(field).toHaveValue("");
});

test("a lecturer opens the roster of a section they teach, sorts it and finds somebody", async ({ as }) => {
  const page = await as("faculty");
  await open(page, "/en/faculty");
  await page.locator("a.row-link").first().click();
  await expect(page).toHaveURL(/\/en\/sections\/[0-9a-f-]{36}$/);
  const roster = page.getByRole("table", { name: "Roster" });
  const names = roster.locator("tbody tr > :first-child");
  await expect(names.first()).toBeVisible();
  await expect(page.getByText(/^(First )?\d+ students?$/)).toBeVisible();
  // (Rows out of sight are not laid out, so their text is read from the document.)
  const ascending = await names.allTextContents();
  expect(ascending.length).toBeGreaterThan(5);
  const number = roster.getByRole("columnheader", { name: "Student number" });
  await number.getByRole("button").click();
  await expect(page).toHaveURL(/\?sort=number$/);
  await expect(number).toHaveAttribute("aria-sort", "ascending");
  const numbers = roster.locator("tbody tr > :nth-child(2)");
  await expect(async () => {
    const shown = await numbers.allTextContents();
    expect(shown).toEqual(shown.toSorted());
    expect(shown.length).toBe(ascending.length);
  }).toPass();
  const wanted = ascending[3] ?? "";
  await page.getByRole("searchbox", { name: "Find in roster" }).fill(wanted);
  await expect(page).toHaveURL(/\?q=[^&]+&sort=number$/);
  await expect(names.first()).toHaveText(wanted);
  await page.reload();
  await dataReady(page);
  await expect(names.first()).toHaveText(wanted);
});

test("somebody else's roster is refused in words", async ({ as, watch }) => {
  watch.announce(/status of (403|404)/);
  const { otherSection } = await records();
  const page = await as("faculty");
  await page.goto(`/en/sections/${otherSection}`);
  await expect(page.getByText("It does not exist, or it is not yours to see.")).toBeVisible();
  const answer = await ask(`/api/v1/sections/${otherSection}/roster`, { cookies: await signInByApi("faculty") });
  expect(answer.status).toBe(404);
});

test("pages of other roles lead home, and their data is refused", async ({ as }) => {
  const { ownSection, user } = await records();
  const cases = {
    student: [
      ["/en/users", "/api/v1/users"],
      [`/en/users/${user}`, `/api/v1/users/${user}`],
      [`/en/sections/${ownSection}`, `/api/v1/sections/${ownSection}/roster`],
      ["/en/imports/catalog", "/api/v1/overview"],
      ["/en/admin", "/api/v1/overview"],
    ],
    faculty: [
      ["/en/users", "/api/v1/users"],
      ["/en/admin", "/api/v1/overview"],
      ["/en/student", "/api/v1/users"],
    ],
    admin: [
      ["/en/student", undefined],
      ["/en/faculty", undefined],
    ],
  } as const;
  for (const role of ["student", "faculty", "admin"] as const) {
    const page = await as(role);
    const cookies = Object.fromEntries((await page.context().cookies()).map(({ name, value }) => [name, value]));
    for (const [path, data] of cases[role]) {
      await page.goto(path);
      await expect(page, `${role} at ${path}`).toHaveURL(new RegExp(`/en/${role}$`));
      if (data) expect([403, 404], `${role} at ${data}`).toContain((await ask(data, { cookies })).status);
    }
    await expect(heading(page)).toBeVisible();
  }
});

test("no role is offered that a person does not hold", async ({ as }) => {
  const cookies = await signInByApi("student");
  const refused = await ask("/api/v1/auth/switch-role", {
    method: "POST",
    headers: { "x-pec-request": "1", "sec-fetch-site": "same-origin" },
    cookies,
    body: { role: "admin" },
  });
  expect(refused.status).toBe(403);
  const page = await as("student");
  await open(page, "/en/student");
  await page.locator(".rail button[aria-haspopup=menu]").click();
  await expect(page.getByRole("menu")).toBeVisible();
  await expect(page.getByText("Act as")).toHaveCount(0);
});
