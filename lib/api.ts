/**
 * The only door to the API. Requests carry the session's HttpOnly cookies; nothing here ever sees a token. An operation comes from the generated
 * contract and says what goes in and comes out. An access token that has run out is renewed on the way (see renewal.ts); a session that has
 * ended leads to the sign-in page.
 */
import { urlOf, type Operation, type Parts } from "@/shared";
import { networkProblem, Problem, problemFrom } from "./problem";
import { accessRunsOut, endSession, renewAccess } from "./renewal";
import { upload as sendForm } from "./upload";
import type { Get } from "./queries";

interface Common {
  /** One user intent, one key: a repeat of the same request with the same key is answered, not done twice. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Of a form with a file: the part that was sent, from 0 to 1. */
  onSent?: (part: number) => void;
}

/** A file as the server names it. */
export interface File {
  readonly name: string;
  readonly content: Blob;
}

export type Sending<Path, Query, Body> = Common & Parts<Path, Query> & ([Body] extends [never] ? { body?: undefined } : { body: Body });

/** Needed where the operation has a path or a body; otherwise it may be left out. */
type Given<Path, Query, Body> =
  object extends Sending<Path, Query, Body> ? [sending?: Sending<Path, Query, Body>] : [sending: Sending<Path, Query, Body>];

type Method = Operation<never, never, never, never>["method"];
type Request = Common & { body?: unknown; file?: boolean };

const TIMEOUT_MS = 20_000;
/** Files, on their way here or there. */
const FILE_TIMEOUT_MS = 180_000;

async function send(method: Method, url: string, { body, file, idempotencyKey, signal, onSent }: Request): Promise<Response> {
  const headers = new Headers({ accept: file ? "*/*" : "application/json" });
  const upload = body instanceof FormData ? body : undefined;
  if (method !== "GET") headers.set("x-pec-request", "1");
  if (idempotencyKey) headers.set("idempotency-key", idempotencyKey);
  if (body !== undefined && !upload) headers.set("content-type", "application/json");
  const limit = AbortSignal.timeout(upload || file ? FILE_TIMEOUT_MS : TIMEOUT_MS);
  try {
    if (upload && onSent && method === "POST") return await sendForm(url, headers, upload, { timeoutMs: FILE_TIMEOUT_MS, signal, onSent });
    return await fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...(body === undefined ? {} : { body: upload ?? JSON.stringify(body) }),
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

async function requestPublic<T>(method: Method, url: string, request: Request): Promise<T> {
  const response = await send(method, url, request);
  if (!response.ok) throw await problemFrom(response);
  return answer<T>(response);
}

/** An answer that is no refusal. */
async function answered(method: Method, url: string, request: Request): Promise<Response> {
  if (accessRunsOut()) await renewAccess().catch(() => undefined);
  const sentAtMs = Date.now();
  let response = await send(method, url, request);
  // Refused before anything was done: the token has run out, or its cookie has (a browser drops it at the same moment).
  if (response.status === 401) {
    await renewAccess(sentAtMs);
    response = await send(method, url, request);
  }
  if (response.status === 401) endSession();
  if (!response.ok) throw await problemFrom(response);
  return response;
}

const requestSigned = async <T>(method: Method, url: string, request: Request): Promise<T> =>
  answer<T>(await answered(method, url, request));

/** A list as a file. Read here in full, so that a refusal, or an answer that breaks off, is known to the page. */
export async function readFile(url: string): Promise<File> {
  const response = await answered("GET", url, { file: true });
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "";
  const content = await response.blob().catch(() => {
    throw networkProblem();
  });
  return { name, content };
}

/** For the operations that need no session: sign-in, set-password. Throws a `Problem` on every refusal. */
export function publicCall<Path, Query, Body, Answer>(
  operation: Operation<Path, Query, Body, Answer>,
  ...[sending]: Given<Path, Query, Body>
): Promise<Answer> {
  return requestPublic(operation.method, urlOf(operation, (sending ?? {}) as Parts<Path, Query>), sending ?? {});
}

/** Throws a `Problem` on every refusal, and an AbortError when the caller's signal fired. */
export function call<Path, Query, Body, Answer>(
  operation: Operation<Path, Query, Body, Answer>,
  ...[sending]: Given<Path, Query, Body>
): Promise<Answer> {
  return requestSigned(operation.method, urlOf(operation, (sending ?? {}) as Parts<Path, Query>), sending ?? {});
}

/** What a query of `queries` answers. */
export const read = <Answer>(url: Get<Answer>, signal?: AbortSignal): Promise<Answer> =>
  requestSigned("GET", url, signal ? { signal } : {});

export const readPublic = <Answer>(url: Get<Answer>, signal?: AbortSignal): Promise<Answer> =>
  requestPublic("GET", url, signal ? { signal } : {});

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem("client", 0, "", error instanceof Error ? error.message : String(error), undefined);
