import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "@playwright/test";
import type { WorkerOptions } from "./e2e/support/test.ts";

// One place for a whole run, named before the server and the workers start: they find it in the environment.
const run = (process.env.PEC_E2E_RUN ??= path.join(tmpdir(), `pec-e2e-${String(process.pid)}`));

export default defineConfig<object, WorkerOptions>({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  globalSetup: "./e2e/global-setup.ts",
  // One worker: the journeys share one institution, and two busy cores are enough for one browser and one server.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  globalTimeout: 30 * 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      // Chromium reads the authorities it trusts from `$HOME/.pki/nssdb`.
      env: { ...(process.env as Record<string, string>), HOME: path.join(run, "home") },
      args: [
        "--no-sandbox",
        "--use-gl=angle",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
    screenshot: "only-on-failure",
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
  },
  projects: [
    { name: "journeys", testIgnore: "next-*.spec.ts" },
    // The core journeys once more with Next.js in front of the server instead of behind it.
    {
      name: "next-in-front",
      testMatch: ["next-*.spec.ts", "sign-in.spec.ts", "catalog.spec.ts", "keyboard.spec.ts", "appearance.spec.ts"],
      use: { front: true },
      dependencies: ["journeys"],
    },
    {
      name: "next-in-front-axe",
      testMatch: "axe.spec.ts",
      grep: /student, phone|public pages, desktop/,
      use: { front: true },
      dependencies: ["journeys"],
    },
  ],
});
