/** A home directory whose browser trusts one authority and no other of ours: an NSS database, which Chromium reads. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";

/** Without `ca` the database is empty: a browser as it comes. */
export function makeHome(home: string, ca?: string): void {
  const database = path.join(home, ".pki/nssdb");
  mkdirSync(database, { recursive: true, mode: 0o700 });
  const certutil = (...args: string[]) => {
    try {
      execFileSync("certutil", args, { stdio: ["ignore", "ignore", "pipe"] });
    } catch (error) {
      throw new Error("certutil did not work (Debian package libnss3-tools)", { cause: error });
    }
  };
  certutil("-d", `sql:${database}`, "-N", "--empty-password");
  if (ca) certutil("-d", `sql:${database}`, "-A", "-n", "pec", "-t", "C,,", "-i", ca);
}
