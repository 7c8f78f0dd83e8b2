/**
 * The test every journey uses. Each page it opens is watched: a console error or warning, an exception, a failed request or a policy violation
 * that the test did not announce fails the test at its end.
 */
import { test as base, expect, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";
import { ask, cspReports, signInByApi } from "./http.ts";
import { startFront } from "./front.ts";
import { origin, type Role } from "./run.ts";

export { expect };

/** What was noticed, and what the test said would happen. */
export class Watch {
  readonly seen: string[] = [];
  private readonly announced: RegExp[] = [];

  /** From here on such a notice is part of the journey. */
  announce(...patterns: RegExp[]): void {
    this.announced.push(...patterns);
  }

  unexpected(): string[] {
    return this.seen.filter((notice) => !this.announced.some((pattern) => pattern.test(notice)));
  }

  async attach(context: BrowserContext): Promise<void> {
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning")
        this.seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.seen.push(`exception: ${error.error().stack ?? error.error().message}`));
    context.on("requestfailed", (request) => {
      const failure = request.failure()?.errorText ?? "";
      // A navigation gives up what the page before it was still fetching.
      if (failure !== "net::ERR_ABORTED") this.seen.push(`failed request: ${request.method()} ${request.url()} ${failure}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 500) this.seen.push(`server error: ${String(response.status())} ${response.url()}`);
    });
    await context.exposeBinding("pecViolation", (_source, notice: string) => this.seen.push(`policy violation: ${notice}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        (window as unknown as { pecViolation: (notice: string) => void }).pecViolation(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
  }
}

interface Options extends BrowserContextOptions {
  tenant?: "demo" | "second";
}
export const PHONE: Options = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

interface WorkerFixtures {
  /** Whether Next.js stands in front of the server. A project of the configuration sets it. */
  front: boolean;
  /** Where browsers find an institution: at the server, or at what stands in front of it. */
  site: (tenant?: "demo" | "second") => string;
}

export type WorkerOptions = Pick<WorkerFixtures, "front">;

interface Fixtures {
  watch: Watch;
  /** A new browser profile with one page, nobody signed in. */
  visitor: (options?: Options) => Promise<Page>;
  /** A new browser profile that holds the session of a demo person. */
  as: (role: Role, options?: Options) => Promise<Page>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  front: [false, { option: true, scope: "worker" }],
  site: [
    async ({ front }, provide) => {
      if (!front) return provide(origin);
      const started = await startFront();
      await provide((tenant = "demo") => started.origin.replace("//demo.", `//${tenant}.`));
      await started.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  watch: async ({}, provide) => {
    const [watch, before] = [new Watch(), await cspReports()];
    await provide(watch);
    expect(watch.unexpected(), "what the pages complained about").toEqual([]);
    const announced = watch.seen.some((notice) => notice.startsWith("policy violation"));
    if (!announced) expect(await cspReports(), "policy violations the server was told of").toBe(before);
  },
  visitor: async ({ browser, watch, site }, provide) => {
    const contexts: BrowserContext[] = [];
    await provide(async ({ tenant = "demo", ...options } = {}) => {
      const context = await browser.newContext({
        baseURL: site(tenant),
        viewport: { width: 1280, height: 800 },
        colorScheme: "light",
        ...options,
      });
      contexts.push(context);
      await watch.attach(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
  as: async ({ visitor }, provide) => {
    await provide(async (role, options = {}) => {
      const page = await visitor(options);
      await keep(page.context(), await signInByApi(role, options.tenant), options.tenant);
      return page;
    });
  },
});

/** Puts a session's cookies into a browser profile exactly as the server sets them. */
export async function keep(context: BrowserContext, cookies: Record<string, string>, tenant: "demo" | "second" = "demo"): Promise<void> {
  await context.addCookies(
    Object.entries(cookies).map(([name, value]) => ({
      name,
      value,
      url: origin(tenant),
      httpOnly: true,
      secure: true,
      sameSite: "Strict" as const,
    })),
  );
}

/** Opens a page and waits until its first data is on screen. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await dataReady(page);
}

export async function dataReady(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("data-ready").length > 0);
}

/** Serves the document at `path` otherwise than the server wrote it: as if something had gone wrong in it. */
export async function changeDocument(
  page: Page,
  path: string,
  cookies: Record<string, string>,
  change: (html: string) => string,
): Promise<void> {
  const { status, headers, text } = await ask(path, { cookies });
  const changed = change(text);
  expect(changed, "the document holds what is to be changed").not.toBe(text);
  const policy = String(headers["content-security-policy"]);
  await page.route(`**${path}`, (route) =>
    route.fulfill({ status, contentType: "text/html; charset=utf-8", headers: { "content-security-policy": policy }, body: changed }),
  );
}

export const heading = (page: Page) => page.getByRole("heading", { level: 1 });
