/**
 * What the screens know of the server: one entry per GET address. Knows nothing of React, of the document, or of how an address is read.
 *
 * Invariants: an entry is replaced, never changed; at most MAX_ENTRIES are kept; an answer that was asked for before a change is never taken for
 * the state after it; a read nobody looks at any more is aborted, and what it would have refreshed counts as stale.
 */
import { asProblem, isAbort } from "./api";
import type { Problem } from "./problem";

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** What was read of a list beyond its first page. */
interface More {
  readonly items: readonly unknown[];
  readonly next: string | null;
  readonly pages: number;
  readonly pending: boolean;
  readonly problem?: Problem | undefined;
}

export interface Entry {
  readonly data?: unknown;
  readonly more?: More | undefined;
  readonly problem?: Problem | undefined;
  readonly pending: boolean;
  /** When it was known to be so; 0 is stale. */
  readonly atMs: number;
}

export interface Options {
  read: (url: string, signal: AbortSignal) => Promise<unknown>;
  /** Told of every answer before it is shown. */
  onAnswer?: (url: string, data: unknown) => void;
  now?: () => number;
}

const MAX_ENTRIES = 200;
const MAX_PAGES = 50;
export const FRESH_MS = 15_000;
export const REVALIDATE_MS = 30_000;
export const EMPTY: Entry = Object.freeze({ pending: true, atMs: 0 });

/** Seeing it is no longer allowed, or it is gone: what is on screen must go as well. */
const GONE = new Set([403, 404, 410]);

export const cursorUrl = (url: string, cursor: string): string =>
  `${url}${url.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;

/** The address itself, and what stands below it or asks it in another way. */
const isBelow = (url: string, route: string): boolean => url === route || url.startsWith(`${route}/`) || url.startsWith(`${route}?`);

const keyOf = (item: unknown): unknown =>
  typeof item === "object" && item !== null
    ? ((item as { id?: unknown; studentId?: unknown }).id ?? (item as { studentId?: unknown }).studentId)
    : undefined;

/** Rows that moved between two reads stand where they were read first. */
function appended(before: readonly unknown[], items: readonly unknown[]): unknown[] {
  const seen = new Set(before.map(keyOf));
  return [...before, ...items.filter((item) => keyOf(item) === undefined || !seen.has(keyOf(item)))];
}

interface State extends Required<Options> {
  readonly entries: Map<string, Entry>;
  readonly watchers: Map<string, Set<() => void>>;
  readonly reads: Map<string, AbortController>;
  readonly furtherReads: Map<string, AbortController>;
  readonly anyWatchers: Set<() => void>;
  revalidatedAtMs: number;
}

function tell(set: Iterable<() => void> | undefined): void {
  for (const notify of [...(set ?? [])]) notify();
}

function put({ entries, watchers, anyWatchers }: State, url: string, entry: Entry): void {
  entries.delete(url);
  entries.set(url, entry);
  for (const old of entries.keys()) {
    if (entries.size <= MAX_ENTRIES) break;
    if (!watchers.has(old)) entries.delete(old);
  }
  tell(watchers.get(url));
  tell(anyWatchers);
}

function stop(of: Map<string, AbortController>, url: string): boolean {
  of.get(url)?.abort();
  return of.delete(url);
}

/** A list that was read further is read again as far as it is shown, so that no row is lost between two pages. */
async function readAgain({ read }: State, url: string, pages: number, signal: AbortSignal): Promise<{ data: unknown; more?: More }> {
  const data = await read(url, signal);
  if (pages === 0) return { data };
  let { items, next } = { items: [] as unknown[], next: (data as Page<unknown>).next };
  const first = (data as Page<unknown>).items;
  let count = 0;
  for (; count < Math.min(pages, MAX_PAGES) && next !== null; count++) {
    const page = (await read(cursorUrl(url, next), signal)) as Page<unknown>;
    items = appended([...first, ...items], page.items).slice(first.length);
    next = page.next;
  }
  return { data, more: { items, next, pages: count, pending: false } };
}

async function load(state: State, url: string): Promise<void> {
  const { entries, reads, furtherReads, onAnswer, now } = state;
  if (reads.has(url)) return;
  const controller = new AbortController();
  reads.set(url, controller);
  const known = entries.get(url);
  put(state, url, { ...known, pending: true, atMs: known?.atMs ?? 0 });
  try {
    const { data, more } = await readAgain(state, url, known?.more?.pages ?? 0, controller.signal);
    if (reads.get(url) !== controller) return;
    reads.delete(url);
    stop(furtherReads, url);
    onAnswer(url, data);
    put(state, url, { data, more, pending: false, atMs: now() });
  } catch (error) {
    if (reads.get(url) !== controller) return;
    reads.delete(url);
    const latest = entries.get(url);
    const problem = isAbort(error) ? undefined : asProblem(error);
    if (problem && GONE.has(problem.status)) put(state, url, { problem, pending: false, atMs: now() });
    else put(state, url, { data: latest?.data, more: latest?.more, problem, pending: false, atMs: problem ? now() : 0 });
  }
}

/** Gives up what is under way for an address; what is known stays, as stale. */
function abandon(state: State, url: string): void {
  const { entries, reads, furtherReads } = state;
  const further = stop(furtherReads, url);
  if (!stop(reads, url) && !further) return;
  const known = entries.get(url);
  if (known?.data === undefined) entries.delete(url);
  else put(state, url, { ...known, more: known.more && { ...known.more, pending: false }, pending: false, atMs: 0 });
}

async function loadMore(state: State, url: string): Promise<void> {
  const { entries, reads, furtherReads, read } = state;
  const known = entries.get(url);
  const first = known?.data as Page<unknown> | undefined;
  if (!known || !first || known.more?.pending) return;
  const before = known.more ?? { items: [], next: first.next, pages: 0 };
  if (before.next === null) return;
  const controller = new AbortController();
  furtherReads.set(url, controller);
  // A refresh under way would end with fewer pages than are shown; it is made up for when the list is next looked at.
  const refreshing = stop(reads, url);
  put(state, url, { ...known, ...(refreshing ? { pending: false, atMs: 0 } : {}), more: { ...before, pending: true, problem: undefined } });
  const still = () => furtherReads.get(url) === controller;
  try {
    const page = (await read(cursorUrl(url, before.next), controller.signal)) as Page<unknown>;
    if (!still()) return;
    furtherReads.delete(url);
    const items = appended([...first.items, ...before.items], page.items).slice(first.items.length);
    put(state, url, { ...(entries.get(url) ?? known), more: { items, next: page.next, pages: before.pages + 1, pending: false } });
  } catch (error) {
    if (!still()) return;
    furtherReads.delete(url);
    put(state, url, {
      ...(entries.get(url) ?? known),
      more: { ...before, pending: false, problem: isAbort(error) ? undefined : asProblem(error) },
    });
  }
}

/** For those who look at entries. */
function watching(state: State) {
  const { watchers, anyWatchers, entries, now } = state;
  return {
    loadIfStale: (url: string): void => {
      const known = entries.get(url);
      if (known?.data === undefined || now() - known.atMs > FRESH_MS) void load(state, url);
    },

    watch: (url: string, notify: () => void): (() => void) => {
      const set = watchers.get(url) ?? new Set();
      watchers.set(url, set.add(notify));
      return () => {
        set.delete(notify);
        if (set.size > 0) return;
        if (watchers.get(url) === set) watchers.delete(url);
        // React re-subscribes within the same task; only an address that stays unwatched is given up.
        setTimeout(() => {
          if (!watchers.has(url)) abandon(state, url);
          tell(anyWatchers);
        }, 0);
      };
    },

    /** Tells of every change of any entry. */
    watchAll: (notify: () => void): (() => void) => {
      anyWatchers.add(notify);
      return () => anyWatchers.delete(notify);
    },

    notifyAll: (): void => {
      for (const set of watchers.values()) tell(set);
    },
  };
}

/** For what is known otherwise than by reading, and for what a change made old. */
function changing(state: State) {
  const { entries, watchers, reads, furtherReads, onAnswer, now } = state;
  return {
    /** Puts in what came with the document. What is known already is newer. */
    seed: (first: Readonly<Record<string, unknown>>): void => {
      for (const [url, data] of Object.entries(first)) {
        if (entries.has(url)) continue;
        entries.set(url, { data, pending: false, atMs: now() });
        onAnswer(url, data);
      }
    },

    /** After a change: an answer that is under way may be older than it, so it is not waited for but asked for again. */
    invalidate: (...routes: string[]): void => {
      for (const url of [...entries.keys()]) {
        if (!routes.some((route) => isBelow(url, route))) continue;
        abandon(state, url);
        if (watchers.has(url)) void load(state, url);
        else entries.delete(url);
      }
    },

    /** The server's answer to a change is the record's new state. */
    remember: (url: string, data: unknown): void => {
      stop(reads, url);
      stop(furtherReads, url);
      onAnswer(url, data);
      put(state, url, { data, pending: false, atMs: now() });
    },
  };
}

/** For what is on screen and has become old, or could not be read again. */
function rereading(state: State) {
  const { entries, watchers, now } = state;
  return {
    /** What is on screen is read again when it has become old; not more often than twice a minute. */
    revalidate: (): void => {
      if (now() - state.revalidatedAtMs < REVALIDATE_MS) return;
      state.revalidatedAtMs = now();
      for (const url of watchers.keys()) {
        const known = entries.get(url);
        if (known && (known.problem ?? now() - known.atMs > FRESH_MS)) void load(state, url);
      }
    },

    /** The first address on screen whose data could not be read again. */
    staleUrl: (): string | undefined => {
      for (const url of watchers.keys()) {
        const known = entries.get(url);
        if (known?.problem && known.data !== undefined) return url;
      }
      return undefined;
    },

    /** Reads again whatever could not be. */
    retryStale: (): void => {
      for (const url of watchers.keys()) if (entries.get(url)?.problem) void load(state, url);
    },
  };
}

export type Store = ReturnType<typeof createStore>;

export function createStore({ read, onAnswer = () => undefined, now = () => Date.now() }: Options) {
  const state: State = {
    read,
    onAnswer,
    now,
    entries: new Map(),
    watchers: new Map(),
    reads: new Map(),
    furtherReads: new Map(),
    anyWatchers: new Set(),
    revalidatedAtMs: 0,
  };
  return {
    entryOf: (url: string): Entry => state.entries.get(url) ?? EMPTY,
    load: (url: string): Promise<void> => load(state, url),
    loadMore: (url: string): Promise<void> => loadMore(state, url),
    ...watching(state),
    ...changing(state),
    ...rereading(state),
  };
}
