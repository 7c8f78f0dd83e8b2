"use client";
/**
 * What the screens know of the server: one entry per GET URL, started from the first data inside the document, then fetched and revalidated.
 *
 * Invariants: the server snapshot is always empty, so hydration never differs from the prerendered page; an entry object is replaced, never
 * changed; at most MAX_ENTRIES are kept; a fetch nobody looks at any more is aborted.
 */
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { asProblem, call, isAbort, publicCall } from "./api";
import { noteExpiry } from "./renewal";
import { TEMPLATES } from "./queries";
import type { Me, Page } from "./api-types";
import type { Problem } from "./problem";

interface Entry {
  readonly data?: unknown;
  readonly problem?: Problem;
  readonly pending: boolean;
  readonly atMs: number;
}

export interface Resource<T> {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly pending: boolean;
  readonly reload: () => void;
}

const MAX_ENTRIES = 200;
const FRESH_MS = 15_000;
const EMPTY: Entry = Object.freeze({ pending: true, atMs: 0 });
const PUBLIC_URLS = new Set<string>([TEMPLATES.institution]);

const entries = new Map<string, Entry>();
const watchers = new Map<string, Set<() => void>>();
const fetches = new Map<string, AbortController>();
let seeding: Promise<void> | undefined;
let seeded = false;

function put(url: string, entry: Entry): void {
  entries.delete(url);
  entries.set(url, entry);
  for (const old of entries.keys()) {
    if (entries.size <= MAX_ENTRIES) break;
    if (!watchers.has(old)) entries.delete(old);
  }
  watchers.get(url)?.forEach((notify) => {
    notify();
  });
}

function accept(url: string, data: unknown): void {
  if (url === TEMPLATES.me) noteExpiry((data as Me).accessExpiresAt);
  put(url, { data, pending: false, atMs: Date.now() });
}

function readFirstData(): boolean {
  const block = document.getElementById("first-data");
  if (!block && document.readyState === "loading") return false;
  seeded = true;
  if (!block?.textContent) return true;
  try {
    const first = JSON.parse(block.textContent) as Record<string, unknown>;
    for (const [url, data] of Object.entries(first)) {
      if (entries.has(url)) continue;
      entries.set(url, { data, pending: false, atMs: Date.now() });
      if (url === TEMPLATES.me) noteExpiry((data as Me).accessExpiresAt);
    }
    // This may run while a component renders, when no other may be told to.
    queueMicrotask(() => {
      for (const set of watchers.values())
        set.forEach((notify) => {
          notify();
        });
    });
  } catch {
    // A damaged block costs a round trip, nothing more: every screen fetches what it misses.
  }
  return true;
}

/** The block stands at the end of the document, and scripts may run before the parser has reached it. */
function whenSeeded(): Promise<void> {
  seeding ??= new Promise((resolve) => {
    if (seeded || readFirstData()) resolve();
    else
      document.addEventListener(
        "DOMContentLoaded",
        () => {
          readFirstData();
          resolve();
        },
        { once: true },
      );
  });
  return seeding;
}

function entryOf(url: string | null): Entry {
  if (url === null) return EMPTY;
  if (!seeded) readFirstData();
  return entries.get(url) ?? EMPTY;
}

async function load(url: string): Promise<void> {
  if (fetches.has(url)) return;
  const controller = new AbortController();
  fetches.set(url, controller);
  const known = entries.get(url);
  put(url, { data: known?.data, pending: true, atMs: known?.atMs ?? 0 });
  try {
    const get = PUBLIC_URLS.has(url) ? publicCall : call;
    const data = await get<unknown>("GET", url, { signal: controller.signal });
    if (fetches.get(url) === controller) accept(url, data);
  } catch (error) {
    if (fetches.get(url) !== controller) return;
    if (isAbort(error)) put(url, { data: known?.data, pending: false, atMs: known?.atMs ?? 0 });
    else put(url, { data: known?.data, problem: asProblem(error), pending: false, atMs: Date.now() });
  } finally {
    if (fetches.get(url) === controller) fetches.delete(url);
  }
}

function watch(url: string | null, notify: () => void): () => void {
  if (url === null) return () => undefined;
  const set = watchers.get(url) ?? new Set();
  watchers.set(url, set.add(notify));
  return () => {
    set.delete(notify);
    if (set.size > 0) return;
    watchers.delete(url);
    // React re-subscribes within the same task; only a URL that stays unwatched is given up.
    setTimeout(() => {
      if (watchers.has(url)) return;
      fetches.get(url)?.abort();
      fetches.delete(url);
    }, 0);
  };
}

/** Starts a GET before the screen that needs it is there: on intent, such as a pointer resting on a link. */
export function prefetch(url: string): void {
  const known = entryOf(url);
  if (known.data === undefined || Date.now() - known.atMs > FRESH_MS) void load(url);
}

/** Marks what a change made stale: watched URLs are fetched again now, the rest when they are next shown. */
export function invalidate(...prefixes: string[]): void {
  for (const url of [...entries.keys()]) {
    if (!prefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`) || url.startsWith(`${prefix}?`))) continue;
    if (watchers.has(url)) void load(url);
    else entries.delete(url);
  }
}

/** The server's answer to a change is the record's new state. */
export function remember(url: string, data: unknown): void {
  fetches.get(url)?.abort();
  fetches.delete(url);
  accept(url, data);
}

export function useGet<T>(url: string | null): Resource<T> {
  const subscribe = useCallback((notify: () => void) => watch(url, notify), [url]);
  const entry = useSyncExternalStore(
    subscribe,
    () => entryOf(url),
    () => EMPTY,
  );
  useEffect(() => {
    if (url === null) return;
    let gone = false;
    void whenSeeded().then(() => {
      const known = entries.get(url);
      if (!gone && (known?.data === undefined || Date.now() - known.atMs > FRESH_MS)) void load(url);
    });
    return () => {
      gone = true;
    };
  }, [url]);
  const reload = useCallback(() => {
    if (url !== null) void load(url);
  }, [url]);
  return { data: entry.data as T | undefined, problem: entry.problem, pending: entry.pending, reload };
}

export interface Pages<T> extends Omit<Resource<Page<T>>, "data"> {
  readonly items: T[] | undefined;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  readonly moreProblem: Problem | undefined;
  readonly loadMore: () => void;
}

/** A list still being asked for: what a prerendered page shows. */
export const NO_PAGES: Pages<never> = {
  items: undefined,
  problem: undefined,
  pending: true,
  reload: () => undefined,
  hasMore: false,
  loadingMore: false,
  moreProblem: undefined,
  loadMore: () => undefined,
};

interface More<T> {
  base: Page<T> | undefined;
  items: T[];
  next: string | null;
  pending: boolean;
  problem?: Problem;
}

/** A list read page by page. What was loaded beyond the first page is dropped when the first page changes. */
export function usePages<T>(url: string | null): Pages<T> {
  const first = useGet<Page<T>>(url);
  const [more, setMore] = useState<More<T>>({ base: undefined, items: [], next: null, pending: false });
  const own = more.base !== undefined && more.base === first.data;
  const cursor = own ? more.next : (first.data?.next ?? null);
  const loadMore = useCallback(() => {
    const base = first.data;
    if (!base || cursor === null || url === null || (own && more.pending)) return;
    const kept = own ? more.items : [];
    setMore({ base, items: kept, next: cursor, pending: true });
    const pageUrl = `${url}${url.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
    call<Page<T>>("GET", pageUrl).then(
      (page) => {
        setMore((now) => (now.base === base ? { base, items: [...kept, ...page.items], next: page.next, pending: false } : now));
      },
      (error: unknown) => {
        setMore((now) => (now.base === base ? { ...now, pending: false, problem: asProblem(error) } : now));
      },
    );
  }, [url, first.data, cursor, own, more]);
  const items = useMemo(() => (first.data ? [...first.data.items, ...(own ? more.items : [])] : undefined), [first.data, own, more.items]);
  return {
    items,
    problem: first.problem,
    pending: first.pending,
    reload: first.reload,
    hasMore: cursor !== null,
    loadingMore: own && more.pending,
    moreProblem: own ? more.problem : undefined,
    loadMore,
  };
}

/** Marks the moment the page's first data is on screen; measured by the budgets. */
export function useDataReady(ready: boolean): void {
  useEffect(() => {
    if (!ready || performance.getEntriesByName("data-ready").length > 0) return;
    const frame = requestAnimationFrame(() => performance.mark("data-ready"));
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [ready]);
}
