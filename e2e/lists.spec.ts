import { readFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import type { Download, Page } from "@playwright/test";
import { read, signInByApi } from "./support/http.ts";
import { records } from "./support/records.ts";
import { changeDocument, dataReady, expect, open, PHONE, test } from "./support/test.ts";

/** RFC 4180, the little of it that a test needs: head and rows. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** The worksheet of a workbook, found through the archive's directory. */
function sheetOf(bytes: Buffer): string {
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  let at = bytes.readUInt32LE(end + 16);
  for (let entry = 0; entry < bytes.readUInt16LE(end + 10); entry++) {
    const [packed, name, extra, note, local] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
      bytes.readUInt32LE(at + 42),
    ];
    if (bytes.toString("utf8", at + 46, at + 46 + name) === "xl/worksheets/sheet1.xml") {
      const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      return inflateRawSync(bytes.subarray(from, from + packed)).toString("utf8");
    }
    at += 46 + name + extra + note;
  }
  throw new Error("no worksheet in the workbook");
}

async function take(page: Page, format: "CSV file" | "Excel workbook (XLSX)"): Promise<{ download: Download; bytes: Buffer }> {
  await page.locator("#main").getByRole("button", { name: "Export" }).click();
  const started = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: format }).click();
  const download = await started;
  await expect(page.getByRole("menu")).toHaveCount(0);
  return { download, bytes: await readFile(await download.path()) };
}

/** What a reader sees of a column: the words for narrow screens are in the document, too. */
const column = (page: Page, table: string, index: number): Promise<string[]> =>
  page
    .getByRole("table", { name: table })
    .locator(`tbody tr > :nth-child(${String(index)})`)
    .allInnerTexts();

const ordered = (values: readonly string[], down: boolean): boolean =>
  values.every((value, index) => {
    const next = values[index + 1];
    if (next === undefined) return true;
    const order = /^[\d.]+$/.test(value + next) ? Number(value) - Number(next) : value.toLowerCase() < next.toLowerCase() ? -1 : 1;
    return value === next || (down ? order > 0 : order < 0);
  });

const TABLES = [
  { role: "student", path: "courses", table: "Courses", heads: ["Code", "Title", "Department", "Credits"] },
  { role: "admin", path: "departments", table: "Departments", heads: ["Code", "Name", "Courses", "Faculty"] },
] as const;

for (const { role, path, table, heads } of TABLES) {
  test(`${path}: each column sorts by keyboard, both ways, and the address keeps it`, async ({ as }) => {
    const page = await as(role);
    await open(page, `/en/${path}`);
    for (const [index, name] of heads.entries()) {
      const head = page.getByRole("table", { name: table }).getByRole("columnheader", { name });
      for (const down of index === 0 ? [true, false] : [false, true]) {
        await head.getByRole("button").focus();
        await page.keyboard.press("Enter");
        await expect(head).toHaveAttribute("aria-sort", down ? "descending" : "ascending");
        await expect(head.getByRole("button")).toBeFocused();
        await expect(async () => {
          const values = await column(page, table, index + 1);
          expect(values.length).toBeGreaterThan(3);
          // A range of credits reads "1–4": its order is that of numbers, which the server's tests hold.
          if (name !== "Credits") expect(ordered(values, down), `${name}: ${values.slice(0, 8).join(", ")}`).toBe(true);
        }).toPass();
      }
      if (index === 0) await expect(page).toHaveURL(new RegExp(`/en/${path}$`));
      else await expect(page).toHaveURL(/\?sort=-\w+$/);
    }
    const last = page.getByRole("table", { name: table }).getByRole("columnheader", { name: heads[3] });
    await page.reload();
    await dataReady(page);
    await expect(last).toHaveAttribute("aria-sort", "descending");
    await page.goBack();
    await expect(last).toHaveAttribute("aria-sort", "ascending");
  });
}

test("people sort by name, number and e-mail", async ({ as }) => {
  const page = await as("admin");
  await open(page, "/en/users?role=student");
  for (const [name, index] of [
    ["Number", 4],
    ["E-mail", 5],
  ] as const) {
    for (const direction of ["ascending", "descending"]) {
      await page.getByRole("columnheader", { name }).getByRole("button").press("Enter");
      await expect(page.getByRole("columnheader", { name })).toHaveAttribute("aria-sort", direction);
      await expect(async () => {
        const values = (await column(page, "Users", index)).map((value) => value.split(" · ")[0] ?? "");
        expect(ordered(values, direction === "descending"), values.slice(0, 5).join(", ")).toBe(true);
      }).toPass();
    }
  }
  await expect(page).toHaveURL(/role=student&sort=-email$/);
});

test("a filtered, sorted list of courses leaves as CSV and as a workbook", async ({ as }) => {
  const { department } = await records();
  const page = await as("student");
  await open(page, `/en/courses?department=${department.id}&sort=-title`);
  const { items } = await read<{ items: { code: string; title: string }[] }>(
    `/api/v1/courses?department=${department.id}&sort=-title&limit=200`,
    await signInByApi("student"),
  );
  const csv = await take(page, "CSV file");
  expect(csv.download.suggestedFilename()).toMatch(/^courses-\d{4}-\d\d-\d\d\.csv$/);
  const [head, ...rows] = parseCsv(csv.bytes.toString("utf8"));
  expect(head?.slice(0, 2)).toEqual(["Code", "Title"]);
  expect(rows.map(([code]) => code)).toEqual(items.map(({ code }) => code));
  expect(rows.map(([, title]) => title)).toEqual(items.map(({ title }) => title));
  const workbook = await take(page, "Excel workbook (XLSX)");
  expect(workbook.download.suggestedFilename()).toMatch(/^courses-\d{4}-\d\d-\d\d\.xlsx$/);
  const sheet = sheetOf(workbook.bytes);
  expect(sheet.match(/<row /g)?.length).toBe(items.length + 1);
  const codes = [...sheet.matchAll(/<c r="A\d+"[^>]*><is><t>([^<]*)<\/t>/g)].map(([, code]) => code?.replaceAll("&amp;", "&"));
  expect(codes).toEqual(["Code", ...items.map(({ code }) => code)]);
});

test("people, a roster, departments and a record leave as files", async ({ as }) => {
  const { ownSection } = await records();
  for (const [role, path, file] of [
    ["admin", "/en/users?role=faculty&sort=-email", "people"],
    ["admin", "/en/departments", "departments"],
    ["faculty", `/en/sections/${ownSection}?sort=number`, "roster-"],
    ["student", "/en/record?sort=course", "record"],
  ] as const) {
    const page = await as(role);
    await open(page, path);
    const shown = await page.locator("tbody tr").count();
    const { download, bytes } = await take(page, "CSV file");
    expect(download.suggestedFilename()).toContain(file);
    expect(parseCsv(bytes.toString("utf8")).length - 1, path).toBeGreaterThanOrEqual(shown);
    expect(sheetOf((await take(page, "Excel workbook (XLSX)")).bytes), path).toContain("<row ");
    await page.context().close();
  }
});

test("an export that is refused says why, and saves nothing", async ({ as, watch }) => {
  watch.announce(/status of (503|500|401)/, /server error: 50[03]/);
  const page = await as("student");
  await open(page, "/en/courses");
  const downloads: string[] = [];
  page.on("download", (download) => downloads.push(download.suggestedFilename()));
  const instance = "0199aaaa-0000-7000-8000-00000000e2e5";
  for (const [slug, status, words] of [
    ["busy", 503, /^The server is busy\. Nothing was done\./],
    ["internal", 500, new RegExp(`^Something went wrong on our side\\..*${instance}`)],
  ] as const) {
    await page.route("**/courses/export?**", (route) =>
      route.fulfill({
        status,
        contentType: "application/problem+json",
        json: { type: `/problems/${slug}`, title: slug, status, instance },
      }),
    );
    const button = page.locator("#main").getByRole("button", { name: "Export" });
    await button.click();
    await page.getByRole("menuitem", { name: "CSV file" }).click();
    await expect(page.getByRole("status").filter({ hasText: words })).toBeVisible();
    await expect(page.getByRole("menu")).toHaveCount(0);
    await expect(button).toBeFocused();
    await page.unroute("**/courses/export?**");
  }
  const { download } = await take(page, "CSV file");
  expect(downloads).toEqual([download.suggestedFilename()]);
  // A session that is over: its renewal is refused, too.
  await page.context().clearCookies();
  await page.locator("#main").getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "CSV file" }).click();
  await expect(page).toHaveURL(/\/en\/sign-in\?next=%2Fen%2Fcourses$/);
  expect(downloads).toHaveLength(1);
});

test("on a phone one control sorts, and no hidden head holds the focus", async ({ as }) => {
  const page = await as("student", PHONE);
  await open(page, "/en/courses");
  await page.getByRole("combobox", { name: "Sort by" }).selectOption("-title");
  await expect(page).toHaveURL(/\?sort=-title$/);
  await expect(async () => {
    expect(ordered(await page.locator("a.row-link").allTextContents(), true)).toBe(true);
  }).toPass();
  await expect(page.locator("thead button:visible")).toHaveCount(0);
  for (let stops = 0; stops < 25; stops++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("thead") === null)).toBe(true);
  }
  await page.reload();
  await dataReady(page);
  await expect(page.getByRole("combobox", { name: "Sort by" })).toHaveValue("-title");
  expect((await take(page, "CSV file")).bytes.toString("utf8")).toContain('"Code","Title"');
});

test("a search starts with the best match and can be sorted; nothing found leads back", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/courses?q=introduction");
  const title = page.getByRole("columnheader", { name: "Title" });
  await expect(title).toHaveAttribute("aria-sort", "none");
  await title.getByRole("button").click();
  await expect(page).toHaveURL(/q=introduction&sort=title$/);
  await page.goto("/en/courses?q=zzqxv&sort=title");
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await expect(page).toHaveURL(/\/en\/courses\?sort=title$/);
  await expect(page.locator("a.row-link").first()).toBeVisible();
});

test("a record is grouped by term, or one list in another order", async ({ as }) => {
  const page = await as("student");
  await open(page, "/en/record");
  const terms = await page.getByRole("table").count();
  expect(terms).toBeGreaterThan(1);
  await page.getByRole("combobox", { name: "Sort by" }).selectOption("course");
  await expect(page.getByRole("table")).toHaveCount(1);
  const head = page.getByRole("columnheader", { name: "Course" });
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  await head.getByRole("button").press("Enter");
  await expect(page).toHaveURL(/sort=-course$/);
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole("table")).toHaveCount(terms);
  await open(page, "/en/record?sort=-term");
  await expect(page.getByRole("table")).toHaveCount(terms);
});

test("a record of several pages is read to its end before its credits are added up", async ({ as }) => {
  const { items } = await read<{ items: { credits: number }[] }>("/api/v1/me/results?limit=200", await signInByApi("student"));
  const earned = items.reduce((sum, { credits }) => sum + credits, 0);
  expect(items.length).toBeGreaterThan(6);
  const page = await as("student");
  // As if a page held three: the document comes without its first data, and the list in pages of that size.
  await changeDocument(page, "/en/record", await signInByApi("student"), (html) =>
    html.replace(/<script[^>]*id="first-data">.*?<\/script>/s, ""),
  );
  let asked = 0;
  await page.route("**/api/v1/me/results?**", (route) => {
    asked += 1;
    return route.continue({ url: route.request().url().replace("limit=200", "limit=3") });
  });
  await open(page, "/en/record");
  expect(asked).toBe(Math.ceil(items.length / 3));
  await expect(page.getByText(new RegExp(`^${String(earned)} credits`)).first()).toBeVisible();
  await expect(page.locator("tbody tr")).toHaveCount(items.length);
});

test("sections of a course are a table, stepped through with J and K", async ({ as }) => {
  const { course } = await records();
  const page = await as("student");
  await open(page, `/en/courses/${course.id}`);
  const table = page.getByRole("table", { name: /sections?/ });
  await expect(table.getByRole("columnheader")).toHaveText(["Section", "Type", "When", "Where", "Who", "Seats"]);
  await expect(table.getByRole("rowheader").first()).toContainText("Section");
  await page.keyboard.press("j");
  const rows = table.locator("[data-row]");
  await expect(rows.first()).toBeFocused();
  if ((await rows.count()) > 1) {
    await page.keyboard.press("j");
    await expect(rows.nth(1)).toBeFocused();
    await page.keyboard.press("k");
  }
  await expect(rows.first()).toBeFocused();
});

test("an administrator opens a section's page with J and Enter", async ({ as }) => {
  const { course } = await records();
  const page = await as("admin");
  await open(page, `/en/courses/${course.id}`);
  await expect(page.locator("[data-row]").first()).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/en\/sections\/[0-9a-f-]{36}$/);
});

test("a long list stays in the document: found in page, read and stepped through", async ({ as }) => {
  const page = await as("admin");
  await open(page, "/en/users");
  const rows = page.locator("tbody tr");
  for (let pages = 2; pages <= 5; pages++) {
    await page.getByRole("button", { name: "Load more" }).click();
    await expect(rows).toHaveCount(pages * 50);
  }
  const groups = await page.locator("tbody").evaluateAll((all) => all.map((one) => getComputedStyle(one).contentVisibility));
  expect(groups).toEqual(["visible", "auto", "auto", "auto", "auto"]);
  const last = (await rows.last().locator("a").textContent()) ?? "";
  expect(await page.evaluate((name) => (window as unknown as { find: (text: string) => boolean }).find(name), last)).toBe(true);
  await expect(page.getByRole("link", { name: last, exact: true }).last()).toBeAttached();
  await rows.nth(239).locator("a").focus();
  await page.keyboard.press("j");
  await expect(rows.nth(240).locator("a")).toBeFocused();
  await expect(rows.nth(240).locator("a")).toBeInViewport();
});
