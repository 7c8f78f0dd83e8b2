/** The pages where there is little room, with names nobody expected, and under a keyboard that wanders through all of them. */
import { ask, ownSite, signInByApi } from "./support/http.ts";
import { coveredStops, expectNothingCut, whatIsCut } from "./support/layout.ts";
import { pagesOf, records } from "./support/records.ts";
import { ROLES } from "./support/run.ts";
import { expect, heading, open, PHONE, test } from "./support/test.ts";

const NARROW = {
  "320 pixels": { ...PHONE, viewport: { width: 320, height: 640 } },
  "a zoom of 200 %": { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
  "a small tablet": { viewport: { width: 768, height: 1024 }, hasTouch: true, isMobile: true },
} as const;

for (const [what, options] of Object.entries(NARROW)) {
  test(`nothing is lost at ${what}`, async ({ as }) => {
    test.setTimeout(120_000);
    for (const role of ROLES) {
      const page = await as(role, options);
      for (const path of await pagesOf(role)) {
        await open(page, path);
        await expectNothingCut(page, `${path} at ${what}`);
        await expect(heading(page)).toBeInViewport();
      }
    }
  });
}

test("what is cut would be noticed", async ({ visitor }) => {
  const page = await visitor(NARROW["320 pixels"]);
  await page.goto("/en/sign-in");
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", "<p>wide</p><p>clipped words</p>");
    const [wide, clipped] = [...document.querySelectorAll<HTMLElement>("body > p")].slice(-2);
    wide?.style.setProperty("width", "400px");
    clipped?.style.setProperty("width", "40px");
    clipped?.style.setProperty("overflow", "hidden");
    clipped?.style.setProperty("white-space", "nowrap");
  });
  const found = (await whatIsCut(page)).join("\n");
  expect(found).toContain("the page is 400 wide");
  expect(found).toContain("clipped words");
});

test("a name of 200 letters and one that turns its letters around stay in their places", async ({ as }) => {
  const { department } = await records();
  const admin = await signInByApi("admin");
  const stamp = String(Date.now()).slice(-6);
  const made: { id: string; title: string }[] = [];
  for (const [index, title] of [`W${"w".repeat(199)}`, `Turned \u202eabc fed`].entries()) {
    const answer = await ask("/api/v1/courses", {
      method: "POST",
      cookies: admin,
      headers: { ...ownSite(), "idempotency-key": crypto.randomUUID() },
      body: {
        departmentId: department.id,
        number: `${String(index)}${stamp}`,
        title,
        description: "d".repeat(300),
        credits: { kind: "fixed", min: 3, max: 3 },
        attributes: "",
      },
    });
    // A title that turns its surroundings may also be refused: then it can't do harm.
    if (answer.status === 201) made.push({ id: (JSON.parse(answer.text) as { id: string }).id, title });
    else expect([answer.status, index]).toEqual([422, 1]);
  }
  for (const options of [NARROW["320 pixels"], {}]) {
    const page = await as("student", options);
    for (const { id, title } of made) {
      for (const path of [`/en/courses/${id}`, `/en/courses?q=${encodeURIComponent(title.slice(0, 60))}`]) {
        await open(page, path);
        await expectNothingCut(page, path);
      }
      await open(page, `/en/courses/${id}`);
      expect(
        await heading(page)
          .locator("bdi")
          .evaluate((name) => getComputedStyle(name).unicodeBidi),
      ).toBe("isolate");
    }
  }
});

test("no bar lies over what has the focus", async ({ as }) => {
  test.setTimeout(120_000);
  const sizes = [PHONE, { viewport: { width: 1280, height: 480 } }];
  for (const options of sizes) {
    const page = await as("admin", options);
    for (const path of ["/en/admin", "/en/courses", "/en/imports/catalog"]) {
      await open(page, path);
      expect.soft(await coveredStops(page), path).toEqual([]);
    }
  }
});

test("fingers find targets of 44 pixels on a tablet too", async ({ as }) => {
  const page = await as("admin", NARROW["a small tablet"]);
  for (const path of ["/en/admin", "/en/courses", "/en/profile"]) {
    await open(page, path);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("button, select, input:not([type=radio], [type=checkbox]), a.row-link, nav a")]
        .map((element) => ({
          element,
          box: (element.matches(".row-link") ? (element.closest("tr, li") ?? element) : element).getBoundingClientRect(),
        }))
        .filter(({ element, box }) => box.width > 0 && box.height < 43.5 && !element.closest(".sr-only") && !element.closest("th"))
        .map(({ element, box }) => `${element.innerText.slice(0, 30)} ${String(Math.round(box.height))}`),
    );
    expect.soft(small, path).toEqual([]);
  }
});
