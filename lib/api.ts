/**
 * The only door to the API. Requests carry the session's HttpOnly cookies; nothing here ever sees a token.
 * An access token that has run out is renewed on the way (see renewal.ts); a session that has ended leads to the sign-in page.
 */
import { networkProblem, Problem, problemFrom } from "./problem";
import { accessRunsOut, endSession, renewAccess } from "./renewal";
import { upload } from "./upload";

export interface Sending {
  body?: unknown;
  /** One user intent, one key: a repeat of the same request with the same key is answered, not done twice. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Of a form with a file: the part that was sent, from 0 to 1. */
  onSent?: (part: number) => void;
}

type Method = "GET" | "POST" | "PUT" | "PATCH";

const TIMEOUT_MS = 20_000;
const UPLOAD_TIMEOUT_MS = 180_000;

async function send(method: Method, url: string, { body, idempotencyKey, signal, onSent }: Sending): Promise<Response> {
  const headers = new Headers({ accept: "application/json" });
  const form = body instanceof FormData ? body : undefined;
  if (method !== "GET") headers.set("x-pec-request", "1");
  if (idempotencyKey) headers.set("idempotency-key", idempotencyKey);
  if (body !== undefined && !form) headers.set("content-type", "application/json");
  const limit = AbortSignal.timeout(form ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS);
  try {
    if (form && onSent && method === "POST") return await upload(url, headers, form, { timeoutMs: UPLOAD_TIMEOUT_MS, signal, onSent });
    return await fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...(body === undefined ? {} : { body: form ?? JSON.stringify(body) }),
    });
  } catch {
    if (signal?.aborted) throw new DOMException("aborted", "AbortError");
    throw networkProblem();
  }
}

async function answer<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw networkProblem();
  }
}

/** For the operations that need no session: sign-in, set-password, institution. */
export async function publicCall<T>(method: Method, url: string, sending: Sending = {}): Promise<T> {
  const response = await send(method, url, sending);
  if (!response.ok) throw await problemFrom(response);
  return answer<T>(response);
}

/** Throws a `Problem` on every refusal, and an AbortError when the caller's signal fired. */
export async function call<T>(method: Method, url: string, sending: Sending = {}): Promise<T> {
  if (accessRunsOut()) await renewAccess().catch(() => undefined);
  const sentAtMs = Date.now();
  let response = await send(method, url, sending);
  // Refused before anything was done: the token has run out, or its cookie has (a browser drops it at the same moment).
  if (response.status === 401) {
    await renewAccess(sentAtMs);
    response = await send(method, url, sending);
  }
  if (response.status === 401) endSession();
  if (!response.ok) throw await problemFrom(response);
  return answer<T>(response);
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem("client", 0, "", error instanceof Error ? error.message : String(error), undefined);
