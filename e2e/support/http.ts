/** The server without a browser: exact headers, no cookie jar, certificates checked against the local authority. */
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { request, Agent } from "node:https";
import { account, origin, site, type Role } from "./run.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}
interface Asking {
  tenant?: "demo" | "second";
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  cookies?: Record<string, string>;
}

let agent: Agent | undefined;

export function ask(path: string, { tenant = "demo", method = "GET", headers = {}, body, cookies }: Asking = {}): Promise<Answer> {
  const { port, ca } = site();
  agent ??= new Agent({ keepAlive: true, maxSockets: 64, ca: readFileSync(ca) });
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const all: Record<string, string> = { host: `${tenant}.localhost:${String(port)}`, ...headers };
  if (sent !== undefined) all["content-type"] = "application/json";
  if (cookies)
    all.cookie = Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join("; ");
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, servername: `${tenant}.localhost`, path, method, headers: all, agent, timeout: 30_000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() });
        });
        response.on("error", reject);
      },
    );
    asked.on("error", reject);
    asked.on("timeout", () => asked.destroy(new Error(`${method} ${path} took too long`)));
    asked.end(sent);
  });
}

/** What a browser's own script sends along with a change. */
export const ownSite = (tenant: "demo" | "second" = "demo"): Record<string, string> => ({
  "x-pec-request": "1",
  origin: origin(tenant),
  "sec-fetch-site": "same-origin",
});

export const ACCESS = "__Host-pec_at";
export const REFRESH = "__Host-pec_rt";

export function cookiesOf(answer: Answer): Record<string, string> {
  const pairs = (answer.headers["set-cookie"] ?? [])
    .map((line) => line.split(";", 1)[0] ?? "")
    .map((pair): [string, string] => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);
  return Object.fromEntries(pairs);
}

/** Signs in as a script would; returns the session's two cookies. */
export async function signInByApi(role: Role, tenant: "demo" | "second" = "demo"): Promise<Record<string, string>> {
  const { email, password } = account(role, tenant);
  const answer = await ask("/api/v1/auth/sign-in", { tenant, method: "POST", headers: ownSite(tenant), body: { email, password } });
  if (answer.status !== 200) throw new Error(`${role} of ${tenant} can't sign in: ${String(answer.status)} ${answer.text}`);
  return cookiesOf(answer);
}

/** Reads as somebody who is signed in. */
export async function read<T>(path: string, cookies: Record<string, string>): Promise<T> {
  const answer = await ask(path, { cookies });
  if (answer.status !== 200) throw new Error(`GET ${path}: ${String(answer.status)} ${answer.text}`);
  return JSON.parse(answer.text) as T;
}

/** How many policy violations browsers have reported to the server. */
export async function cspReports(): Promise<number> {
  const { text } = await ask("/metrics");
  return Number(/^pec_csp_reports_total(?:\{\})? (\d+)/m.exec(text)?.[1] ?? 0);
}
