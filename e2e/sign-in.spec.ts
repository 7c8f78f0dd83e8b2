import { account, ROLES } from "./support/run.ts";
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
  await page.keyboard.press("Enter");
  await expect(page.getByText("E-mail and password do not match.")).toBeVisible();
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await expect(page).toHaveURL(/\/en\/sign-in$/);
  await page.getByLabel("Password", { exact: true }).fill(account("student").password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/en\/student$/);
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
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(reached);
  }
});
