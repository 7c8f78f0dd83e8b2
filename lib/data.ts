"use client";
/**
 * The store as the screens see it: started from the first data inside the document, then fetched, kept fresh while somebody looks, and shared by
 * all of them. The server snapshot is always empty, so hydration never differs from the prerendered page.
 */
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { read, readPublic } from "./api";
import { noteIdentity } from "./renewal";
import { queries, TEMPLATES, type Get } from "./queries";
import { createStore, cursorUrl, EMPTY, type Entry, type Page } from "./store";
import type { Me, Operation } from "@/shared";
import type { Problem } from "./problem";

export type { Page } from "./store";

export interface Resource<T> {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly pending: boolean;
  readonly reload: () => void;
}

const PUBLIC_URLS = new Set<string>([TEMPLATES.institution]);
/** Read to their end: a choice that lacks some of what there is would be a wrong one. */
const WHOLE_URLS = new Set<string>([queries.allDepartments(), queries.terms()]);
const MAX_WHOLE_PAGES = 50;

async function readWhole(url: string, signal: AbortSignal): Promise<Page<unknown>> {
  const items: unknown[] = [];
  let next: string | null = null;
  for (let pages = 0; pages < MAX_WHOLE_PAGES; pages++) {
    const page: Page<unknown> = await read((next === null ? url : cursorUrl(url, next)) as Get<Page<unknown>>, signal);
    items.push(...page.items);
    next = page.next;
    if (next === null) break;
  }
  return { items, next };
}

const store = createStore({
  read: (url, signal) =>
    WHOLE_URLS.has(url) ? readWhole(url, signal) : (PUBLIC_URLS.has(url) ? readPublic : read)(url as Get<unknown>, signal),
  onAnswer: (url, data) => {
    if (url === TEMPLATES.me) noteIdentity(data as Me);
  },
});

let seeding: Promise<void> | undefined;
let seeded = false;

function readFirstData(): boolean {
  const block = document.getElementById("first-data");
  if (!block && document.readyState === "loading") return false;
  seeded = true;
  if (!block?.textContent) return true;
  try {
    store.seed(JSON.parse(block.textContent) as Record<string, unknown>);
    // This may run while a component renders, when no other may be told to.
    queueMicrotask(store.notifyAll);
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
  return store.entryOf(url);
}

/** Starts a GET before the screen that needs it is there: on intent, such as a pointer resting on a link. */
export function prefetch(url: string): void {
  if (!seeded) readFirstData();
  store.loadIfStale(url);
}

/** Marks what a change made stale, by the operations that read it: what is on screen is fetched again now, the rest when it is next shown. */
export function invalidate(...operations: Pick<Operation<never, never, never, never>, "route">[]): void {
  // Up to the record: a change of one may show in any other, and in every list.
  store.invalidate(...operations.map(({ route }) => route.split("/{", 1)[0] ?? route));
}

/** After a screen broke: what it was shown may be why. */
export function forgetAll(): void {
  store.invalidate("");
}

/** The server's answer to a change is the record's new state. */
export function remember<T>(url: Get<T>, data: T): void {
  store.remember(url, data);
}

const nothing = () => () => undefined;

function useEntry(url: string | null): Entry {
  const subscribe = useCallback((notify: () => void) => (url === null ? nothing() : store.watch(url, notify)), [url]);
  const entry = useSyncExternalStore(
    subscribe,
    () => entryOf(url),
    () => EMPTY,
  );
  useEffect(() => {
    if (url === null) return;
    let gone = false;
    void whenSeeded().then(() => {
      if (!gone) store.loadIfStale(url);
    });
    return () => {
      gone = true;
    };
  }, [url]);
  return entry;
}

export function useGet<T>(url: Get<T> | null): Resource<T> {
  const entry = useEntry(url);
  const reload = useCallback(() => {
    if (url !== null) void store.load(url);
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

interface Shown<T> {
  readonly route: string;
  readonly items: T[];
}

/**
 * A list read page by page; what was read further stays with its address, so that Back finds it. While the same list is asked for with other
 * filters, what was found before stays (`pending` says so): typing must not make the rows flicker.
 */
export function usePages<T>(url: Get<Page<T>> | null): Pages<T> {
  const { data, more, problem, pending } = useEntry(url);
  const first = data as Page<T> | undefined;
  const items = useMemo(() => (first ? [...first.items, ...((more?.items ?? []) as T[])] : undefined), [first, more?.items]);
  const route = url?.split("?", 1)[0] ?? "";
  const [shown, setShown] = useState<Shown<T>>();
  if (items ? shown?.items !== items : shown && shown.route !== route) setShown(items ? { route, items } : undefined);
  const held = items === undefined && problem === undefined && shown?.route === route ? shown.items : undefined;
  const reload = useCallback(() => {
    if (url !== null) void store.load(url);
  }, [url]);
  const loadMore = useCallback(() => {
    if (url !== null) void store.loadMore(url);
  }, [url]);
  return {
    items: items ?? held,
    problem,
    pending,
    reload,
    hasMore: first !== undefined && (more ? more.next : first.next) !== null,
    loadingMore: more?.pending ?? false,
    moreProblem: more?.problem,
    loadMore,
  };
}

/** A list read to its end, page after page: for sums, which a part would get wrong. Without `items` until all of it is here. */
export function useWhole<T>(url: Get<Page<T>> | null): Pages<T> {
  const pages = usePages(url);
  const { hasMore, loadingMore, moreProblem, loadMore } = pages;
  useEffect(() => {
    if (hasMore && !loadingMore && !moreProblem) loadMore();
  }, [hasMore, loadingMore, moreProblem, loadMore]);
  return hasMore ? { ...pages, items: undefined } : pages;
}

export interface Stale {
  readonly problem: Problem;
  readonly retrying: boolean;
}

/** Data on screen that could not be read again: no screen hides that. */
export function useStale(): Stale | undefined {
  const url = useSyncExternalStore(store.watchAll, store.staleUrl, () => undefined);
  const { problem, pending } = useEntryQuietly(url);
  return problem ? { problem, retrying: pending } : undefined;
}

/** Looks at an entry without asking for it: it is somebody else's. */
const useEntryQuietly = (url: string | undefined): Entry =>
  useSyncExternalStore(
    store.watchAll,
    () => (url === undefined ? EMPTY : store.entryOf(url)),
    () => EMPTY,
  );

export const retryStale = store.retryStale;

/** Reads again what has grown old on screen, when somebody comes back to it. Returns how to stop. */
export function watchFreshness(): () => void {
  const back = () => {
    if (document.visibilityState === "visible") store.revalidate();
  };
  document.addEventListener("visibilitychange", back);
  window.addEventListener("online", back);
  return () => {
    document.removeEventListener("visibilitychange", back);
    window.removeEventListener("online", back);
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
