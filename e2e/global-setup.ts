import { rmSync } from "node:fs";
import path from "node:path";
import { ask } from "./support/http.ts";
import { noteSite, runDirectory } from "./support/run.ts";
import { startServer, tailOf } from "./support/server.ts";
import { makeHome } from "./support/trust.ts";

/** Returns how everything is ended again. */
export default async function setUp(): Promise<() => Promise<void>> {
  const directory = runDirectory();
  const { site, stop } = await startServer(directory);
  try {
    noteSite(site);
    makeHome(path.join(directory, "home"), site.ca);
    const health = await ask("/readyz");
    if (health.status !== 200) throw new Error(`/readyz says ${String(health.status)}\n${tailOf(path.join(directory, "server.log"))}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return async () => {
    await stop();
    if (!process.env.PEC_E2E_KEEP) rmSync(directory, { recursive: true, force: true });
  };
}
