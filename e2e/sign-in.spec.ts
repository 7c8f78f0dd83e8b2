import { account, ROLES, site } from "./support/run.ts";
import { FIRST_ADMIN, newPasswordLink } from "./support/server.ts";
import { dataReady, expect, heading, test } from "./support/test.ts";

const HOME_HEADINGS = { student: /Today|\w+day/, faculty: /Today|\w+day/, admin: /decisions? waits?|Nothing waits/ };

for (const role of ROLES) {
  test(`a ${role} signs in and stands on their own home`, async ({ visitor }) => {
    const page = await visitor();
    const { email, password, name } = account(role);
    await page.goto("/");
    await expect(page).toHaveURL(/\/en\/sign-in$/);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(new RegExp(`/en/${role}$`));
    await dataReady(page);
    await expect(heading(page)).toHaveText(HOME_HEADINGS[role]);
    await expect(page.getByRole("navigation", { name: "Main" }).first()).toContainText(name);
    const cookies = await page.context().cookies();
    expect(
      cookies.map((cookie) => [cookie.name, cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.domain, cookie.path]).sort(),
    ).toEqual([
      ["__Host-pec_at", true, true, "Strict", "demo.localhost", "/"],
      ["__Host-pec_rt", true, true, "Strict", "demo.localhost", "/"],
    ]);
  });
}

test("a wrong password is told in words, beside the form, and the password can be typed again", async ({ visitor, watch }) => {
  watch.announce(/status of 401.*auth\/sign-in/);
  const page = await visitor();
  await page.goto("/en/sign-in");
  await page.getByLabel("E-mail").fill(account("student").email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  await page.keyboard.press("Enter");
  await expect(page.getByText("E-mail and password do not match.")).toBeVisible();
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await expect(page).toHaveURL(/\/en\/sign-in$/);
  await page.getByLabel("Password", { exact: true }).fill(account("student").password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/en\/student$/);
});

test("before the scripts have run, Enter puts no password into the address", async ({ visitor, watch }) => {
  watch.announce(/ERR_FAILED/, /ERR_HTTP_RESPONSE_CODE_FAILURE/, /form-action/, /status of 405/);
  const page = await visitor();
  await page.route("**/_next/static/**/*.js*", (route) => route.abort());
  const documents: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) documents.push(`${request.method()} ${request.url()}`);
  });
  await page.goto("/en/sign-in");
  const button = page.getByRole("button", { name: "Sign in" });
  await expect(button).toBeDisabled();
  expect(await button.evaluate((element) => getComputedStyle(element).opacity)).toBe("1");
  await page.getByLabel("E-mail").fill("somebody@demo.example");
  await page.getByLabel("Password", { exact: true }).fill("a secret of theirs");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(500);
  expect(documents).toHaveLength(1);
  // Even a button that would send it: not in the address.
  await button.evaluate((element: HTMLButtonElement) => {
    element.disabled = false;
    element.click();
  });
  await page.waitForTimeout(500);
  expect([page.url(), ...documents].filter((url) => /secret|password=|\?/.test(url))).toEqual([]);
});

test("an address nobody has is refused in the same words", async ({ visitor, watch }) => {
  watch.announce(/status of 401.*auth\/sign-in/);
  const page = await visitor();
  await page.goto("/en/sign-in");
  await page.getByLabel("E-mail").fill("nobody@demo.example");
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("E-mail and password do not match.")).toBeVisible();
});

test("empty fields are named and the first takes the focus", async ({ visitor }) => {
  const page = await visitor();
  await page.goto("/en/sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Enter your e-mail address.")).toBeVisible();
  await expect(page.getByText("Enter your password.")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toBeFocused();
});

test("who was headed somewhere gets there after signing in, and nowhere else", async ({ visitor }) => {
  const { email, password } = account("student");
  for (const [asked, reached] of [
    ["/en/courses?q=calculus", /\/en\/courses\?q=calculus$/],
    ["/en/sign-in?next=%2F%2Fexample.com%2F", /\/en\/student$/],
  ] as const) {
    const page = await visitor();
    await page.goto(asked);
    await expect(page).toHaveURL(/\/en\/sign-in\?next=/);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(reached);
  }
});

test("a link sets a password once, survives a reload until then, and is refused afterwards", async ({ visitor, watch, front }) => {
  watch.announce(/status of 410/);
  // The first link is used up by the time these journeys run again with Next.js in front.
  const printed = new URL(front ? newPasswordLink() : site().passwordLink);
  const link = `https://${printed.hostname}:${String(site().port)}${printed.pathname}${printed.hash}`;
  const page = await visitor();
  await page.goto(link);
  await expect(page).toHaveURL(/\/en\/set-password$/);
  await page.reload();
  const password = "seven unrelated words for one door";
  await page.getByLabel("New password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText("Use at least 8 characters.")).toBeVisible();
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(heading(page)).toHaveText("Password set");
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("E-mail").fill(FIRST_ADMIN);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/en\/admin$/);
  const again = await visitor();
  await again.goto(link);
  await again.getByLabel("New password", { exact: true }).fill(password);
  await again.getByRole("button", { name: "Set password" }).click();
  await expect(again.getByText("This link has been used or is too old.")).toBeVisible();
});
