"use client";
import { useSyncExternalStore } from "react";

const TICK_MS = 10_000;
const listeners = new Set<() => void>();
let now: Date | undefined;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = new Date();
  listeners.forEach((notify) => {
    notify();
  });
}

function subscribe(notify: () => void): () => void {
  listeners.add(notify);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(notify);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The present, to ten seconds; undefined in a prerendered page, which has none. */
export const useNow = (): Date | undefined =>
  useSyncExternalStore(
    subscribe,
    () => (now ??= new Date()),
    () => undefined,
  );
