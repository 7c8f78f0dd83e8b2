import { createServer } from "node:http";
import { ACCESS, ask, cookiesOf, ownSite, REFRESH, signInByApi } from "./support/http.ts";
import { origin } from "./support/run.ts";
import { dataReady, expect, heading, open, test } from "./support/test.ts";
import type { Page } from "@playwright/test";

async function chooseFromAccount(page: Page, item: string): Promise<void> {
  await page.locator(".rail button[aria-haspopup=menu]").click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

const REPLAY_WINDOW_MS = 11_000;

const dropAccess = (page: Page) => page.context().clearCookies({ name: ACCESS });

test("a page opened after the access token has run out renews it silently", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/courses");
  const before = await page.context().cookies();
  // What the page fetches ahead never renews a session: it is over before the token goes.
  await page.waitForLoadState("networkidle");
  await dropAccess(page);
  const visited: string[] = [];
  page.on("framenavigated", (frame) => visited.push(new URL(frame.url()).pathname));
  await page.reload();
  await dataReady(page);
  await expect(heading(page)).toHaveText("Courses");
  // (The client router repeats the address it starts from.)
  expect(new Set(visited)).toEqual(new Set(["/en/courses"]));
  const after = await page.context().cookies();
  expect(after.map((cookie) => cookie.name).sort()).toEqual([ACCESS, REFRESH]);
  expect(after.find((cookie) => cookie.name === REFRESH)?.value).not.toBe(before.find((cookie) => cookie.name === REFRESH)?.value);
});

test("a page in use whose access token has run out renews it silently", async ({ as, watch }) => {
  watch.announce(/status of 401/);
  const page = await as("student");
  await open(page, "/en/courses");
  await dropAccess(page);
  await page.getByRole("searchbox", { name: "Search code or title" }).fill("calculus");
  await expect(page.locator("a.row-link").first()).toContainText("Calculus");
  await expect(page).toHaveURL(/q=calculus/);
});

test("two tabs and fifty renewals at once: one successor, nobody is signed out", async ({ as, watch }) => {
  // A tab may find the token gone before it is renewed, and a loaded server may put some of fifty off: neither ends anything.
  watch.announce(/status of 401 .*_rsc=/, /503.*auth\/refresh/);
  const one = await as("student");
  await open(one, "/en/courses");
  const two = await one.context().newPage();
  await open(two, "/en/record");
  await dropAccess(one);
  const renew = (page: Page) =>
    page.evaluate(() =>
      Promise.all(
        Array.from({ length: 25 }, () =>
          fetch("/api/v1/auth/refresh", { method: "POST", headers: { "x-pec-request": "1" } }).then((answer) => answer.status),
        ),
      ),
    );
  const statuses = (await Promise.all([renew(one), renew(two)])).flat();
  expect(statuses).toHaveLength(50);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(statuses).toContain(200);
  for (const page of [one, two]) {
    await dropAccess(page);
    await page.reload();
    await dataReady(page);
    await expect(page).toHaveURL(/\/en\/(courses|record)$/);
  }
});

test("fifty renewals with one refresh token get the same successor; its predecessor replayed later ends the family", async () => {
  const session = await signInByApi("faculty");
  const renew = (refresh: string) => ask("/api/v1/auth/refresh", { method: "POST", headers: ownSite(), cookies: { [REFRESH]: refresh } });
  const first = session[REFRESH] ?? "";
  const answers = await Promise.all(Array.from({ length: 50 }, () => renew(first)));
  // A loaded server may put some off; what it answers is always the same.
  expect(answers.map((answer) => answer.status).filter((status) => status !== 200 && status !== 503)).toEqual([]);
  const successors = new Set(answers.filter((answer) => answer.status === 200).map((answer) => cookiesOf(answer)[REFRESH]));
  expect(successors.size).toBe(1);
  const second = [...successors][0] ?? "";
  const third = cookiesOf(await renew(second));
  expect(third[REFRESH]).toBeTruthy();
  // For ten seconds an answer that got lost may be asked for again. After that, a token whose successor has been used is a copy.
  await new Promise((resolve) => setTimeout(resolve, REPLAY_WINDOW_MS));
  expect((await renew(first)).status).toBe(401);
  expect((await renew(third[REFRESH] ?? "")).status).toBe(401);
  await expect
    .poll(async () => (await ask("/api/v1/me", { cookies: { [ACCESS]: third[ACCESS] ?? "" } })).status, { timeout: 2_000 })
    .toBe(401);
});

test("a link on another site leads to a protected page without a new sign-in", async ({ as }) => {
  const other = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(
      `<!DOCTYPE html><link rel="icon" href="data:,"><title>Elsewhere</title><a href="${origin()}/en/courses?q=calculus">Calculus at demo</a>`,
    );
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  try {
    const address = other.address();
    if (!address || typeof address !== "object") throw new Error("no port");
    const page = await as("student");
    await page.goto(`http://127.0.0.1:${String(address.port)}/`);
    await page.getByRole("link").click();
    await expect(page).toHaveURL(`${origin()}/en/courses?q=calculus`);
    await expect(page.locator("a.row-link").first()).toContainText("Calculus");
  } finally {
    other.closeAllConnections();
    other.close();
  }
});

test("signing out ends the session here, and Back shows nothing", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/student");
  await open(page, "/en/record");
  const kept = Object.fromEntries((await page.context().cookies()).map(({ name, value }) => [name, value]));
  await chooseFromAccount(page, "Sign out");
  await expect(page).toHaveURL(/\/en\/sign-in$/);
  expect(await page.context().cookies()).toEqual([]);
  await page.goBack();
  await expect(page).toHaveURL(/\/en\/sign-in/);
  await expect
    .poll(async () => (await ask("/api/v1/me", { cookies: { [ACCESS]: kept[ACCESS] ?? "" } })).status, { timeout: 2_000 })
    .toBe(401);
  expect(
    (await ask("/api/v1/auth/refresh", { method: "POST", headers: ownSite(), cookies: { [REFRESH]: kept[REFRESH] ?? "" } })).status,
  ).toBe(401);
});

test("signing out everywhere reaches the person's other browser within two seconds, and nobody else", async ({ as, watch }) => {
  watch.announce(/status of 401/);
  const [here, there, somebodyElse] = [await as("faculty"), await as("faculty"), await as("student")];
  await open(here, "/en/faculty");
  await open(there, "/en/courses");
  await open(somebodyElse, "/en/courses");
  await chooseFromAccount(here, "Sign out everywhere");
  await expect(here).toHaveURL(/\/en\/sign-in$/);
  await there.waitForTimeout(2_000);
  await there.getByRole("searchbox", { name: "Search code or title" }).fill("thermo");
  await expect(there).toHaveURL(/\/en\/sign-in\?next=/);
  await somebodyElse.reload();
  await dataReady(somebodyElse);
  await expect(heading(somebodyElse)).toHaveText("Courses");
});

test("signing out in one tab takes the other tabs of this browser along", async ({ as }) => {
  const one = await as("student");
  await open(one, "/en/student");
  const two = await one.context().newPage();
  await open(two, "/en/courses");
  await chooseFromAccount(one, "Sign out");
  await expect(two).toHaveURL(/\/en\/sign-in/);
});
