import { claimsOf, expired, resigned, tampered } from "./support/forge.ts";
import { ACCESS, ask, REFRESH, signInByApi, type Answer } from "./support/http.ts";
import { PROTECTED, pathOf, PUBLIC } from "./support/routes.ts";
import { expect, test } from "./support/test.ts";

const NAVIGATION = { "sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", accept: "text/html" };
const ROUTER = { rsc: "1", "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };
const PREFETCH = { ...ROUTER, "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree" };

/** Not one byte of a page: no markup, no payload, no asset's name. */
function expectNothing(answer: Answer, what: string): void {
  expect(answer.text, what).toBe("");
  expect(answer.headers["set-cookie"]?.filter((line) => !/Max-Age=0/.test(line)) ?? [], what).toEqual([]);
}

test("the build names the protected pages", () => {
  expect(PROTECTED).toContain("/[locale]/courses/[id]");
  expect(PROTECTED.length).toBeGreaterThanOrEqual(13);
  expect(PUBLIC).toEqual(["/[locale]/set-password", "/[locale]/sign-in"]);
});

test("without a valid token every protected page answers 303 to sign-in, and no shell", async () => {
  const { [ACCESS]: token = "" } = await signInByApi("student");
  const [head = "", body = ""] = token.split(".");
  const cases: Record<string, Record<string, string> | undefined> = {
    anonymous: undefined,
    garbage: { [ACCESS]: "garbage" },
    "no signature": { [ACCESS]: `${head}.${body}.` },
    "claims changed": { [ACCESS]: tampered(token) },
    expired: { [ACCESS]: expired(token) },
    "of another institution": { [ACCESS]: (await signInByApi("admin", "second"))[ACCESS] ?? "" },
    "a forged refresh token": { [REFRESH]: `pecr_${"A".repeat(43)}` },
  };
  for (const pattern of PROTECTED) {
    const path = pathOf(pattern);
    for (const [name, cookies] of Object.entries(cases)) {
      const what = `${path}, ${name}`;
      const page = await ask(path, { headers: NAVIGATION, ...(cookies ? { cookies } : {}) });
      expect(page.status, what).toBe(303);
      expect(page.headers.location, what).toBe(`/en/sign-in?next=${encodeURIComponent(path)}`);
      expectNothing(page, what);
      const payload = await ask(path, { headers: ROUTER, ...(cookies ? { cookies } : {}) });
      expect([303, 401], `${what}, payload`).toContain(payload.status);
      expectNothing(payload, `${what}, payload`);
      const prefetch = await ask(path, { headers: PREFETCH, ...(cookies ? { cookies } : {}) });
      expect(prefetch.status, `${what}, prefetch`).toBe(401);
      expectNothing(prefetch, `${what}, prefetch`);
    }
  }
});

test("a valid token opens them, and one signed like it does too: the refusals above are about what they say", async () => {
  const { [ACCESS]: token = "" } = await signInByApi("admin");
  const { exp } = claimsOf(token);
  for (const cookie of [token, resigned(token, { exp: exp - 10 })]) {
    const page = await ask("/en/courses", { headers: NAVIGATION, cookies: { [ACCESS]: cookie } });
    expect(page.status).toBe(200);
    expect(page.text).toContain("<script");
  }
});

test("the API refuses the same tokens before it does anything", async () => {
  const { [ACCESS]: token = "", [REFRESH]: refresh = "" } = await signInByApi("student");
  for (const bad of ["garbage", tampered(token), expired(token), refresh]) {
    const answer = await ask("/api/v1/me", { cookies: { [ACCESS]: bad } });
    expect(answer.status).toBe(401);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
  }
});

test("sign-in and set-password are open to everybody", async () => {
  for (const pattern of PUBLIC) expect((await ask(pathOf(pattern), { headers: NAVIGATION })).status).toBe(200);
});
