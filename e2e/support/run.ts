/** What one run of the suite shares: its directory, and in it what the server said about itself. Written once by the global setup. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

export const ROLES = ["student", "faculty", "admin"] as const;
export type Role = (typeof ROLES)[number];

export interface SignIn {
  readonly role: Role;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export interface Site {
  /** The process of the server under test. */
  readonly pid: number;
  readonly port: number;
  /** Plain HTTP on this machine, for a front end that ends TLS itself. */
  readonly plainPort: number;
  readonly data: string;
  /** The local authority's certificate (PEM file). */
  readonly ca: string;
  /** What `pec tenant create` printed for a third institution: a link with which its first admin sets a password, once. */
  readonly passwordLink: string;
  readonly signIns: Readonly<Record<"demo" | "second", readonly SignIn[]>>;
}

export const root = path.resolve(import.meta.dirname, "../..");

export function runDirectory(): string {
  const directory = process.env.PEC_E2E_RUN;
  if (!directory) throw new Error("PEC_E2E_RUN is set by playwright.config.ts");
  return directory;
}

const noteFile = () => path.join(runDirectory(), "site.json");

export const noteSite = (site: Site): void => {
  writeFileSync(noteFile(), JSON.stringify(site), { mode: 0o600 });
};

let known: Site | undefined;
export const site = (): Site => (known ??= JSON.parse(readFileSync(noteFile(), "utf8")) as Site);

export const origin = (tenant: "demo" | "second" = "demo"): string => `https://${tenant}.localhost:${String(site().port)}`;

export function account(role: Role, tenant: "demo" | "second" = "demo"): SignIn {
  const found = site().signIns[tenant].find((one) => one.role === role);
  if (!found) throw new Error(`the server printed no sign-in for ${tenant} ${role}`);
  return found;
}
