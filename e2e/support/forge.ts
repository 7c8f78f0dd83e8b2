/**
 * Access tokens the server would never issue, signed with its own key: only so can the refusal of a token that is perfect but for its age be
 * told from the refusal of a bad signature. The derivation is the server's (`auth/keys.rs`); a test signs a good token first, to know it still is.
 */
import { createHmac, hkdfSync } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { site } from "./run.ts";

type Claims = Record<string, unknown> & { iat: number; exp: number };

const b64 = (value: string | Buffer): string => Buffer.from(value).toString("base64url");

function signingKey(): Buffer {
  const rootKey = readFileSync(path.join(site().data, "root.key"));
  const info = Buffer.concat([Buffer.from("access-token-signing"), Buffer.from([0, 1])]);
  return Buffer.from(hkdfSync("sha256", rootKey, Buffer.alloc(0), info, 32));
}

export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
}

/** The same token with other claims, and a signature that holds. */
export function resigned(token: string, change: Partial<Claims>): string {
  const unsigned = `${token.split(".")[0] ?? ""}.${b64(JSON.stringify({ ...claimsOf(token), ...change }))}`;
  return `${unsigned}.${b64(createHmac("sha256", signingKey()).update(unsigned).digest())}`;
}

export function expired(token: string): string {
  const { iat, exp } = claimsOf(token);
  return resigned(token, { iat: iat - 3600, exp: exp - 3600 });
}

/** The same token with one claim changed and the signature it had. */
export function tampered(token: string): string {
  const [head = "", , signature = ""] = token.split(".");
  return `${head}.${b64(JSON.stringify({ ...claimsOf(token), role: "admin", roles: ["admin"] }))}.${signature}`;
}
