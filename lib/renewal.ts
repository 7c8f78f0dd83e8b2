/**
 * Keeps the access token fresh without anyone noticing. It lives five minutes in a cookie scripts can't read; what is known here is only when
 * it ends. One renewal at a time for all tabs of a browser: a Web Lock decides who sends it, the others find it done.
 *
 * Other tabs may sign in as somebody else or change the role: every tab says whose page it shows, and one that shows an older session's loads again.
 *
 * Invariants: the refresh operation is never sent twice for one expiry; a tab nobody uses does not keep a session alive;
 * what is typed and not saved is not lost to a session's end without a word.
 */
import { DEFAULT_LOCALE } from "./locales";
import { networkProblem, problemFrom, type Problem } from "./problem";
import { routesOf } from "./routes";
import { anyUnsaved } from "./unsaved";
import type { Me, SignedIn } from "@/shared";

const EXPIRY_KEY = "pec.access-expires-at";
const RENEWED_KEY = "pec.renewed-at";
const MARGIN_MS = 30_000;
/** Someone who has not touched the page for this long is away, and the server's idle limit should count. */
const PRESENT_MS = 4 * 60_000;
/** A wrong clock must not turn every request into a renewal. */
const MIN_GAP_MS = 20_000;

let expiresAtMs = 0;
let renewedAtMs = 0;
let activeAtMs = 0;
let inFlight: Promise<void> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let channel: BroadcastChannel | undefined;
let ending = false;
let shownMe: Identity | undefined;
let interrupted: Interruption | undefined;
const interruptionWatchers = new Set<() => void>();

type Identity = Pick<Me, "id" | "role" | "accessExpiresAt">;
/** Why a page with something unsaved on it can't go on: its session has ended, or another tab's is of somebody else. */
export type Interruption = "ended" | "other";

type Message = { type: "renewed"; accessExpiresAt: string } | { type: "ended" } | { type: "me"; me: Identity };
const tell = (message: Message): void => channel?.postMessage(message);

export const interruption = (): Interruption | undefined => interrupted;
export function watchInterruption(notify: () => void): () => void {
  interruptionWatchers.add(notify);
  return () => interruptionWatchers.delete(notify);
}
function interrupt(why: Interruption | undefined): void {
  interrupted = why;
  interruptionWatchers.forEach((notify) => {
    notify();
  });
}

const same = (one: Identity, other: Identity): boolean => one.id === other.id && one.role === other.role;

/** Told by `me`: whose data this page shows. */
export function noteIdentity({ id, role, accessExpiresAt }: Identity): void {
  noteExpiry(accessExpiresAt);
  const before = shownMe;
  shownMe = { id, role, accessExpiresAt };
  if (!before || !same(before, shownMe)) tell({ type: "me", me: shownMe });
}

/** Another tab shows the data of `me`. The later session is the one whose cookies the browser holds. */
function compare(me: Identity): void {
  if (!shownMe) return;
  if (same(shownMe, me)) {
    if (interrupted === "ended") interrupt(undefined);
  } else if (Date.parse(me.accessExpiresAt) < Date.parse(shownMe.accessExpiresAt)) tell({ type: "me", me: shownMe });
  else if (anyUnsaved()) interrupt("other");
  else location.reload();
}

const stored = (key: string): number => Number(sharedStorage()?.getItem(key) ?? 0);
function sharedStorage(): Storage | undefined {
  try {
    // Shared by the tabs of this browser on purpose: the cookie it describes is shared as well.
    return localStorage;
  } catch {
    return undefined;
  }
}

/** Told by whatever carries `accessExpiresAt`: sign-in, a renewal, `me`. An older value than the known one is ignored. */
export function noteExpiry(instant: string): void {
  const ms = Date.parse(instant);
  if (!Number.isFinite(ms) || ms <= expiresAtMs) return;
  expiresAtMs = ms;
  sharedStorage()?.setItem(EXPIRY_KEY, String(ms));
  schedule();
}

export function accessRunsOut(): boolean {
  const known = Math.max(expiresAtMs, stored(EXPIRY_KEY));
  return known > 0 && known - Date.now() < MARGIN_MS && Date.now() - renewedAtMs > MIN_GAP_MS;
}

async function postRefresh(): Promise<void> {
  let response: Response;
  try {
    response = await fetch("/api/v1/auth/refresh", {
      method: "POST",
      headers: { accept: "application/json", "x-pec-request": "1" },
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(15_000),
    });
  } catch {
    throw networkProblem();
  }
  if (!response.ok) throw await problemFrom(response);
  const signedIn = (await response.json()) as SignedIn;
  renewedAtMs = Date.now();
  sharedStorage()?.setItem(RENEWED_KEY, String(renewedAtMs));
  noteExpiry(signedIn.accessExpiresAt);
  tell({ type: "renewed", accessExpiresAt: signedIn.accessExpiresAt });
}

async function renewOnce(refusedAtMs: number | undefined): Promise<void> {
  const turn = async () => {
    // While this tab waited for its turn, another one may have renewed. After a refusal only a renewal that is later than
    // the refused request counts: the server has spoken, whatever the clocks say.
    const done = refusedAtMs === undefined ? !accessRunsOut() : stored(RENEWED_KEY) > refusedAtMs;
    if (!done) return postRefresh();
    expiresAtMs = Math.max(expiresAtMs, stored(EXPIRY_KEY));
    schedule();
  };
  try {
    await ("locks" in navigator ? navigator.locks.request("pec-renewal", turn) : turn());
  } catch (error) {
    const status = (error as Problem).status;
    if (status === 401 || status === 403) endSession();
    throw error;
  }
}

/** `refusedAtMs`: when the request was sent that the server refused for want of a valid token. */
export function renewAccess(refusedAtMs?: number): Promise<void> {
  inFlight ??= renewOnce(refusedAtMs).finally(() => {
    inFlight = undefined;
  });
  return inFlight;
}

/** Leaves for the sign-in page, and comes back here after it; with something unsaved on the page, says so instead. */
export function endSession({ tellOthers = false } = {}): void {
  if (!tellOthers && anyUnsaved()) interrupt("ended");
  else leaveSession({ tellOthers });
}

export function leaveSession({ tellOthers = false } = {}): void {
  if (ending) return;
  ending = true;
  if (timer) clearTimeout(timer);
  sharedStorage()?.removeItem(EXPIRY_KEY);
  sharedStorage()?.removeItem(RENEWED_KEY);
  if (tellOthers) tell({ type: "ended" });
  const locale = location.pathname.split("/")[1] || DEFAULT_LOCALE;
  location.assign(routesOf(locale).signIn(tellOthers ? undefined : location.pathname + location.search));
}

function schedule(): void {
  if (timer) clearTimeout(timer);
  if (expiresAtMs === 0) return;
  // Spread over ten seconds, so that the tabs of one browser don't queue for the lock at the same instant.
  const wait = expiresAtMs - Date.now() - MARGIN_MS - Math.random() * 10_000;
  timer = setTimeout(renewIfPresent, Math.max(1_000, wait));
}

function renewIfPresent(): void {
  if (document.visibilityState === "visible" && Date.now() - activeAtMs < PRESENT_MS && accessRunsOut())
    renewAccess().catch(() => undefined);
}

/** Starts watching; returns how to stop. */
export function watchSession(): () => void {
  const seen = () => {
    activeAtMs = Date.now();
  };
  const restored = (event: PageTransitionEvent) => {
    // A page brought back from the back-forward cache may belong to a session that has ended since.
    if (event.persisted) location.reload();
  };
  const returned = () => {
    if (document.visibilityState !== "visible") return;
    seen();
    renewIfPresent();
  };
  seen();
  channel = "BroadcastChannel" in window ? new BroadcastChannel("pec-session") : undefined;
  channel?.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (data.type === "renewed") noteExpiry(data.accessExpiresAt);
    else if (data.type === "me") compare(data.me);
    else endSession();
  });
  if (shownMe) tell({ type: "me", me: shownMe });
  window.addEventListener("pointerdown", seen, { passive: true });
  window.addEventListener("keydown", seen, { passive: true });
  document.addEventListener("visibilitychange", returned);
  window.addEventListener("pageshow", restored);
  schedule();
  return () => {
    window.removeEventListener("pageshow", restored);
    if (timer) clearTimeout(timer);
    channel?.close();
    channel = undefined;
    window.removeEventListener("pointerdown", seen);
    window.removeEventListener("keydown", seen);
    document.removeEventListener("visibilitychange", returned);
  };
}
