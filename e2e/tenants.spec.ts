import { ACCESS, ask, signInByApi } from "./support/http.ts";
import { origin } from "./support/run.ts";
import { expect, keep, open, test } from "./support/test.ts";

test("a session of one institution is nothing to another", async ({ visitor }) => {
  const session = await signInByApi("admin");
  const page = await visitor({ tenant: "second" });
  await keep(page.context(), session, "second");
  await page.goto("/en/admin");
  await expect(page).toHaveURL(`${origin("second")}/en/sign-in?next=%2Fen%2Fadmin`);
  const answer = await ask("/api/v1/users", { tenant: "second", cookies: { [ACCESS]: session[ACCESS] ?? "" } });
  expect(answer.status).toBe(401);
});

test("each institution has its own name and color", async ({ as }) => {
  const shown = new Map<string, { name: string; color: string }>();
  for (const tenant of ["demo", "second"] as const) {
    const page = await as("student", { tenant });
    await open(page, "/en/student");
    const name = await page.locator(".rail-brand .rail-text").innerText();
    const color = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--accent-hue"));
    expect(color.trim()).not.toBe("");
    shown.set(tenant, { name, color });
  }
  expect(shown.get("demo")?.name).not.toBe(shown.get("second")?.name);
  expect(shown.get("demo")?.color).not.toBe(shown.get("second")?.color);
});
