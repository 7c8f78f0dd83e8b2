/**
 * The other order: `next start` in front, `pec` behind it on plain HTTP, and a small TLS server before both, since session cookies exist only
 * over HTTPS. The pages are those of the one build; only the list of rewrites, which Next fixes at build time, is made as a build with PEC_URL
 * would make it.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, openSync, closeSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import { createRequire } from "node:module";
import path from "node:path";
import { root, runDirectory, site } from "./run.ts";
import { freePort, tailOf } from "./server.ts";

export interface Front {
  readonly origin: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

interface Rewrite {
  source: string;
  destination: string;
}
interface RoutesManifest {
  rewrites: { beforeFiles: unknown[] };
}
type BuildCustomRoute = (type: "rewrite", route: Rewrite) => unknown;

const START_MS = 60_000;

/** A copy of the build whose page paths lead to `pec`. */
async function buildFor(pecUrl: string): Promise<string> {
  const directory = mkdtempSync(path.join(runDirectory(), "front-"));
  cpSync(path.join(root, ".next"), path.join(directory, ".next"), {
    recursive: true,
    filter: (source) => !/\.next\/(cache|dev|trace)/.test(source),
  });
  for (const name of ["node_modules", "package.json", "next.config.ts", "tsconfig.json", "public", "lib"])
    symlinkSync(path.join(root, name), path.join(directory, name));
  process.env.PEC_URL = pecUrl;
  const { default: config } = (await import(path.join(root, "next.config.ts"))) as {
    default: { rewrites: () => Promise<{ beforeFiles: Rewrite[] }> };
  };
  delete process.env.PEC_URL;
  const { beforeFiles } = await config.rewrites();
  const { buildCustomRoute } = createRequire(path.join(root, "package.json"))("next/dist/lib/build-custom-route") as {
    buildCustomRoute: BuildCustomRoute;
  };
  const file = path.join(directory, ".next/routes-manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as RoutesManifest;
  manifest.rewrites.beforeFiles = beforeFiles.map((route) => buildCustomRoute("rewrite", route));
  if (manifest.rewrites.beforeFiles.length === 0) throw new Error("next.config.ts rewrites nothing");
  writeFileSync(file, JSON.stringify(manifest));
  return directory;
}

export async function startFront(): Promise<Front> {
  const [pecUrl, nextPort, port] = [`http://127.0.0.1:${String(site().plainPort)}`, await freePort(), await freePort()];
  const directory = await buildFor(pecUrl);
  const log = path.join(runDirectory(), "next.log");
  const output = openSync(log, "w");
  const next = spawn(
    process.execPath,
    [path.join(root, "node_modules/next/dist/bin/next"), "start", directory, "--port", String(nextPort), "--hostname", "127.0.0.1"],
    {
      stdio: ["ignore", output, output],
      env: { ...process.env, PEC_URL: pecUrl, PEC_FRONT_PROXY: "1", NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    },
  );
  closeSync(output);
  const door = openDoor(nextPort);
  await new Promise<void>((resolve) => door.listen(port, "127.0.0.1", resolve));
  const stop = async () => {
    door.closeAllConnections();
    door.close();
    const ended = new Promise((resolve) => next.once("exit", resolve));
    if (next.exitCode === null) {
      next.kill("SIGTERM");
      await ended;
    }
  };
  const until = Date.now() + START_MS;
  while (!readFileSync(log, "utf8").includes("Ready in")) {
    if (next.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`next start did not get ready:\n${tailOf(log)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { origin: `https://demo.localhost:${String(port)}`, pid: next.pid ?? 0, stop };
}

/** Ends TLS with the server's own certificate and passes everything on, as a proxy before Next does. */
function openDoor(nextPort: number) {
  const pem = readFileSync(path.join(site().data, "tls/server.pem"));
  return createServer({ key: pem, cert: pem }, (incoming, outgoing) => {
    const headers = {
      ...incoming.headers,
      "x-forwarded-host": incoming.headers.host,
      "x-forwarded-proto": "https",
      "x-forwarded-for": "192.0.2.7",
    };
    const onward = request({ host: "127.0.0.1", port: nextPort, method: incoming.method, path: incoming.url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on("error", () => {
      outgoing.destroy();
    });
    outgoing.on("close", () => {
      onward.destroy();
    });
    incoming.pipe(onward);
  });
}
