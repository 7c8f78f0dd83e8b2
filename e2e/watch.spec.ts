/** The instruments themselves: what they would catch if it were there. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { chromium } from "@playwright/test";
import { cspReports } from "./support/http.ts";
import { origin, root, runDirectory, site } from "./support/run.ts";
import { makeHome } from "./support/trust.ts";
import { expect, test } from "./support/test.ts";

test("a browser without the local authority refuses the certificate", async ({ launchOptions }) => {
  const home = path.join(runDirectory(), "home-without-authority");
  makeHome(home);
  const browser = await chromium.launch({ ...launchOptions, env: { ...(launchOptions.env ?? {}), HOME: home } });
  try {
    const page = await browser.newPage();
    await expect(page.goto(origin())).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/);
  } finally {
    await browser.close();
  }
});

test("a policy violation, an exception and a console message are noticed", async ({ visitor, watch }) => {
  watch.announce(
    /policy violation: script-src/,
    /violates the following Content Security Policy/,
    /exception: .*thrown by the test/,
    /console warning: said by the test/,
  );
  const before = await cspReports();
  const page = await visitor();
  await page.goto("/en/sign-in");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.head.append(script);
    console.warn("said by the test");
    setTimeout(() => {
      throw new Error("thrown by the test");
    });
  });
  await expect
    .poll(() => watch.seen.map((notice) => notice.replace(/[: ].*/s, "")))
    .toEqual(expect.arrayContaining(["policy", "exception", "console"]));
  expect(await page.evaluate(() => "ran" in window)).toBe(false);
  await expect.poll(cspReports).toBeGreaterThan(before);
  expect(watch.unexpected()).toEqual([]);
});

const processes = (): { pid: number; parent: number; command: string; cwd: string }[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8"))?.[1]);
        return [{ pid: Number(name), parent, command, cwd: readlinkSync(`/proc/${name}/cwd`) }];
      } catch {
        return []; // It ended while we looked, or is not ours to see.
      }
    });

test("no Node.js process stands behind the pages", () => {
  test.skip(!existsSync("/proc/self/stat"), "process tables are read from /proc");
  const all = processes();
  const below = (pid: number): number[] => all.filter((one) => one.parent === pid).flatMap((one) => [one.pid, ...below(one.pid)]);
  const children = all.filter((one) => below(site().pid).includes(one.pid));
  expect(children.length).toBeGreaterThan(0);
  expect(children.filter((one) => !/postgres/.test(one.command))).toEqual([]);
  expect(all.filter((one) => /next-server|next start|next dev/.test(one.command) && one.cwd === root)).toEqual([]);
});
