/**
 * A Chromium that has never seen the product: no cache, no storage, only the authority to trust and a session's cookies. It is spoken to over
 * a pair of pipes, so nothing of a testing library runs inside the page that is measured.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-sync",
  "--no-first-run",
  "--no-default-browser-check",
  "--remote-debugging-pipe",
  "--remote-debugging-port=0",
];
const START_MS = 20_000;

/** A home directory whose NSS database names the authority. */
export function makeHome(ca) {
  const home = mkdtempSync(join(tmpdir(), "pec-bench-"));
  const database = join(home, ".pki/nssdb");
  mkdirSync(database, { recursive: true, mode: 0o700 });
  const certutil = (...args) => execFileSync("certutil", ["-d", `sql:${database}`, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  certutil("-N", "--empty-password");
  certutil("-A", "-n", "pec", "-t", "C,,", "-i", ca);
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** The DevTools protocol: messages end with a zero byte. */
function speak(child) {
  const [, , , toBrowser, fromBrowser] = child.stdio;
  const waiting = new Map();
  let last = 0;
  let rest = "";
  fromBrowser.setEncoding("utf8").on("data", (text) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop();
    for (const { id, result, error } of messages.map((message) => JSON.parse(message))) {
      const answer = waiting.get(id);
      waiting.delete(id);
      if (error) answer?.reject(new Error(error.message));
      else answer?.resolve(result);
    }
  });
  child.once("exit", () => waiting.forEach(({ reject }) => reject(new Error("Chromium has ended."))));
  // A browser that is being stopped may close the pipe first.
  toBrowser.on("error", () => undefined);
  return (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      toBrowser.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });
}

async function portOf(profile) {
  const file = join(profile, "DevToolsActivePort");
  for (let waited = 0; waited < START_MS; waited += 50) {
    const port = existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : 0;
    if (port > 0) return port;
    await sleep(50);
  }
  throw new Error("Chromium did not start.");
}

/** Runs `work({ port, send })` in a fresh browser; `send(method, params, sessionId)` speaks the DevTools protocol. */
export async function withBrowser({ chromium, home, origin, cookies }, work) {
  const profile = mkdtempSync(join(home, "profile-"));
  const child = spawn(chromium, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, HOME: home },
    detached: true,
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  try {
    const send = speak(child);
    const port = await portOf(profile);
    const all = cookies.map((cookie) => ({ ...cookie, url: origin, httpOnly: true, secure: true, sameSite: "Strict" }));
    if (all.length > 0) await send("Storage.setCookies", { cookies: all });
    return await work({ port, send });
  } finally {
    // The whole group: helper processes may outlive the first one and go on writing.
    process.kill(-child.pid, "SIGKILL");
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
